//! Listed ways to say the same: `without downtime` and `zero downtime`; and of the wider word in place of the narrower.

use rustc_hash::FxHashMap;

use super::phrase_set::words_of;

/// A phrase of a set of phrases that mean the same, found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Which set.
    pub set: usize,
    /// Whether it is the narrower word of a pair, for which the wider may stand and not the reverse.
    pub narrow: bool,
    /// First of its tokens.
    pub first: usize,
    /// One past the last of its tokens.
    pub end: usize,
}

impl Listed {
    /// Whether this phrase may stand for the other.
    pub const fn may_stand_for(self, other: Self) -> bool {
        self.set == other.set && (other.narrow || !self.narrow)
    }
}

/// A phrase of a set, as stems.
#[derive(Debug)]
struct Twin {
    set: usize,
    narrow: bool,
    stems: Vec<String>,
}

/// Sets of phrases that say the same, found by the first stem of a phrase; the longest first.
#[derive(Debug)]
pub(super) struct Paraphrases {
    by_first: FxHashMap<String, Vec<Twin>>,
}

impl Paraphrases {
    pub(super) fn new(sets: &[Vec<String>], upward: &[(String, String)], stem: impl Fn(&str) -> String) -> Self {
        let mut by_first: FxHashMap<String, Vec<Twin>> = FxHashMap::default();
        let mut add = |set: usize, narrow: bool, phrase: &str| {
            let stems: Vec<String> = words_of(phrase).iter().map(|word| stem(word)).collect();
            if let Some(first) = stems.first() {
                by_first.entry(first.clone()).or_default().push(Twin { set, narrow, stems });
            }
        };
        for (set, phrases) in sets.iter().enumerate() {
            for phrase in phrases {
                add(set, false, phrase);
            }
        }
        for (at, (narrow, wide)) in upward.iter().enumerate() {
            add(sets.len() + at, true, narrow);
            add(sets.len() + at, false, wide);
        }
        for twins in by_first.values_mut() {
            twins.sort_by_key(|twin| std::cmp::Reverse(twin.stems.len()));
        }
        Self { by_first }
    }

    pub(super) fn listed(&self, stems: &[String]) -> Vec<Listed> {
        let mut found = Vec::new();
        for (first, stem) in stems.iter().enumerate() {
            for twin in self.by_first.get(stem).into_iter().flatten() {
                let end = first + twin.stems.len();
                if stems.get(first..end).is_some_and(|window| window == twin.stems.as_slice()) {
                    found.push(Listed { set: twin.set, narrow: twin.narrow, first, end });
                }
            }
        }
        found
    }
}
