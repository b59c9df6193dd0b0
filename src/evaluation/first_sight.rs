//! What each set gave when nobody who writes the code had read it.
//!
//! A set forecasts once. After that it may be read, and its figures only tell whether something got worse; so a set is entered here once, and neither its
//! name nor its text is taken a second time.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::measure::Measure;
use crate::domain::request::hex;

/// All first sights, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FirstSights {
    /// One entry a set.
    pub sets: Vec<FirstSight>,
}

/// The figures of one set at first sight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstSight {
    /// The set, such as `check/editor-1`; for rewriting with the writer behind it.
    pub set: String,
    /// The day of the commit that was measured.
    pub date: String,
    /// The commit that was measured.
    pub commit: String,
    /// The SHA-256 of the set's text.
    pub sha256: String,
    /// The figures.
    pub measures: Vec<Measure>,
}

/// A set that was entered before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{set} was measured at first sight on {date}, as {seen}; a set forecasts once, so write a new one")]
pub struct AlreadySeen {
    /// The set.
    pub set: String,
    /// The name it was entered by.
    pub seen: String,
    /// When.
    pub date: String,
}

/// A day and a commit, as `git show -s --format='%cs %h'` prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The day, as `2026-11-30`.
    pub date: String,
    /// The commit, in hex digits.
    pub commit: String,
}

impl FirstSights {
    /// Whether a set may still be measured at first sight; neither its name nor its text may have been entered.
    pub fn unseen(&self, set: &str, sha256: &str) -> Result<(), AlreadySeen> {
        // A rewriting set is entered once a writer.
        let same_name = |seen: &&FirstSight| seen.set == set || seen.set.strip_prefix(set).is_some_and(|rest| rest.starts_with('/'));
        match self.sets.iter().find(|seen| seen.sha256 == sha256 || same_name(seen)) {
            None => Ok(()),
            Some(seen) => Err(AlreadySeen { set: set.to_owned(), seen: seen.set.clone(), date: seen.date.clone() }),
        }
    }
}

impl FromStr for At {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_day = |text: &str| {
            text.len() == 10 && text.char_indices().all(|(at, c)| if matches!(at, 4 | 7) { c == '-' } else { c.is_ascii_digit() })
        };
        let is_commit = |text: &str| (7..=40).contains(&text.len()) && text.chars().all(|c| c.is_ascii_hexdigit());
        match text.split_once(' ') {
            Some((date, commit)) if is_day(date) && is_commit(commit) => Ok(Self { date: date.to_owned(), commit: commit.to_owned() }),
            _ => Err("write a day and a commit, as `git show -s --format='%cs %h'` prints them".to_owned()),
        }
    }
}

/// The SHA-256 of a set's text, by which it is known again under another name.
pub fn fingerprint(text: &str) -> String {
    hex(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_entered_once_by_name_and_by_text() {
        let seen = |set: &str, text: &str| FirstSight {
            set: set.to_owned(),
            date: "2026-11-30".to_owned(),
            commit: "dff5d84".to_owned(),
            sha256: fingerprint(text),
            measures: vec![],
        };
        let sights = FirstSights { sets: vec![seen("check/a", "one"), seen("rewrite/r/rules", "two")] };
        assert!(sights.unseen("check/b", &fingerprint("three")).is_ok());
        assert!(sights.unseen("check/a", &fingerprint("three")).is_err());
        assert!(sights.unseen("rewrite/r", &fingerprint("three")).is_err());
        let renamed = sights.unseen("check/b", &fingerprint("one")).expect_err("the same text");
        assert_eq!(
            renamed.to_string(),
            "check/b was measured at first sight on 2026-11-30, as check/a; a set forecasts once, so write a new one"
        );
    }

    #[test]
    fn a_day_and_a_commit_are_read_as_git_prints_them() {
        assert_eq!("2026-11-30 dff5d84".parse(), Ok(At { date: "2026-11-30".to_owned(), commit: "dff5d84".to_owned() }));
        for text in ["", "2026-11-30", "dff5d84 2026-11-30", "30.11.2026 dff5d84", "2026-11-30 main", "2026-11-30 dff5d84 x"] {
            assert!(text.parse::<At>().is_err(), "{text}");
        }
    }
}
