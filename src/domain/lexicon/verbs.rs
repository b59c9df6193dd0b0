//! Verbs of resumes: their forms, how much ownership they claim, and which may stand for which.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::words::stem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    tiers: Vec<Tier>,
    groups: Vec<GroupRow>,
    verbs: Vec<Verb>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRow {
    id: String,
    #[serde(rename = "name")]
    _name: String,
}

/// How far the work was the writer's own; rising.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Stood by.
    Assisted,
    /// Was one of several.
    Contributed,
    /// Did it.
    Did,
    /// Decided how.
    Owned,
    /// Led people.
    Led,
}

impl Tier {
    /// The published word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assisted => "assisted",
            Self::Contributed => "contributed",
            Self::Did => "did",
            Self::Owned => "owned",
            Self::Led => "led",
        }
    }
}

/// How a verb reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Says what was done.
    Strong,
    /// Fine, but says little.
    Plain,
    /// Overused or inflated.
    Soft,
}

/// One verb.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verb {
    /// `build`.
    pub base: String,
    /// `built`.
    pub past: String,
    /// `building`.
    pub ing: String,
    /// `builds`.
    pub third: String,
    /// `written`, where it differs from the past.
    #[serde(default)]
    pub participle: Option<String>,
    /// How much it claims.
    pub tier: Tier,
    /// How it reads.
    pub strength: Strength,
    /// The groups within which it may be exchanged.
    pub groups: Vec<String>,
    /// The stem of its base.
    #[serde(skip)]
    pub stem: String,
}

/// The form in which a verb stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// `build`.
    Base,
    /// `built`.
    Past,
    /// `building`.
    Ing,
    /// `builds`.
    Third,
}

/// A verb in one of its forms.
#[derive(Debug, Clone, Copy)]
pub struct VerbForm<'a> {
    /// The verb.
    pub verb: &'a Verb,
    /// The form.
    pub tense: Tense,
}

/// All verbs.
#[derive(Debug)]
pub(super) struct Verbs {
    verbs: Vec<Verb>,
    forms: FxHashMap<String, (usize, Tense)>,
}

impl Verbs {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let File { tiers, groups, mut verbs } = toml::from_str(text).map_err(|error| error.to_string())?;
        if !tiers.is_sorted() {
            return Err("the tiers are not in rising order".to_owned());
        }
        for verb in &mut verbs {
            verb.stem = stem(&verb.base);
        }
        let mut forms = FxHashMap::default();
        for (at, verb) in verbs.iter().enumerate() {
            if let Some(group) = verb.groups.iter().find(|group| groups.iter().all(|row| row.id != **group)) {
                return Err(format!("`{}` is in the unknown group `{group}`", verb.base));
            }
            let spelled = [(&verb.past, Tense::Past), (&verb.base, Tense::Base), (&verb.ing, Tense::Ing), (&verb.third, Tense::Third)];
            for (form, tense) in spelled.into_iter().chain(verb.participle.as_ref().map(|form| (form, Tense::Past))) {
                // The first form wins: `cut` is read as a past, which is how it opens a bullet.
                forms.entry(form.clone()).or_insert((at, tense));
            }
        }
        Ok(Self { verbs, forms })
    }

    pub(super) fn root(&self, word: &str) -> String {
        self.form(word).map_or_else(|| stem(word), |form| form.verb.stem.clone())
    }

    pub(super) fn form(&self, word: &str) -> Option<VerbForm<'_>> {
        let (at, tense) = self.forms.get(word)?;
        self.verbs.get(*at).map(|verb| VerbForm { verb, tense: *tense })
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::lexicon::{Lexicon, Tier};

    #[test]
    fn a_verb_stands_for_another_only_when_it_claims_no_more() {
        let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
        let verb = |word: &str| lexicon.verb(word).expect("listed").verb;
        assert!(lexicon.may_stand_for(verb("implemented"), verb("added")));
        assert!(!lexicon.may_stand_for(verb("led"), verb("built")));
        assert!(!lexicon.may_stand_for(verb("built"), verb("helped")));
        assert!(verb("helped").tier < verb("contributed").tier && verb("contributed").tier < verb("built").tier);
        assert_eq!(verb("led").tier, Tier::Led);
    }
}
