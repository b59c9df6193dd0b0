//! The words of English as `WordNet` 3.0 knows them: what a form is a form of, which words share a meaning, and which are derived from which.
//!
//! `build.rs` lays the tables out, so that nothing is parsed when the program starts; a form is looked up once, with all its readings.
//! A word that is not listed has a lemma too: its own letters.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

const FORMS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/forms.fst"));
const READINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/readings.bin"));
const LEMMAS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lemmas.bin"));

/// Set in the number of a lemma that the dictionary does not list.
const UNLISTED: u32 = 0x8000_0000;

/// The word that a form is a form of: `write` of `wrote`. Two forms with one lemma are the same word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lemma(u32);

/// What kind of form a form can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormKind {
    /// `service`.
    Singular,
    /// `services`.
    Plural,
    /// `write`.
    Base,
    /// `writes`.
    Third,
    /// `wrote`.
    Past,
    /// `written`.
    Participle,
    /// `writing`.
    Gerund,
    /// `large`.
    Adjective,
    /// `larger`.
    Graded,
    /// `largely`.
    Adverb,
}

/// One reading of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormReading {
    /// The kind of form.
    pub kind: FormKind,
    /// How often `WordNet`'s texts use the word in that part of speech; 255 stands for more, too.
    pub count: u8,
    /// The word it is a form of.
    pub lemma: Lemma,
}

/// The dictionary that is baked in.
#[derive(Debug)]
pub struct Dictionary {
    forms: fst::Map<&'static [u8]>,
}

impl Dictionary {
    /// The dictionary of this build.
    pub fn embedded() -> Result<Self, String> {
        fst::Map::new(FORMS).map(|forms| Self { forms }).map_err(|error| error.to_string())
    }

    /// All readings of a form in lower case, the most frequent first; none for an unlisted word.
    pub fn readings(&self, form: &str) -> impl Iterator<Item = FormReading> + use<> {
        let place = self.forms.get(form).and_then(|place| usize::try_from(place).ok());
        let count = place.and_then(|place| READINGS.get(place)).copied().unwrap_or(0);
        let bytes = place.and_then(|place| READINGS.get(place + 1..place + 1 + usize::from(count) * 5)).unwrap_or_default();
        bytes.chunks_exact(5).filter_map(reading)
    }

    /// Whether a form in lower case is listed.
    pub fn knows(&self, form: &str) -> bool {
        self.forms.contains_key(form)
    }

    /// The lemma of a word that is not listed.
    pub fn unlisted(word: &str) -> Lemma {
        let mut hasher = FxHasher::default();
        word.hash(&mut hasher);
        let folded = hasher.finish();
        let [a, b, c, d, ..] = folded.to_be_bytes();
        Lemma(u32::from_be_bytes([a, b, c, d]) | UNLISTED)
    }

    /// The lemma of a form, read as the most frequent of what it may be.
    pub fn lemma(&self, form: &str) -> Lemma {
        self.readings(form).next().map_or_else(|| Self::unlisted(form), |reading| reading.lemma)
    }

    /// Whether two words share a meaning: they stand in one set of synonyms.
    pub fn are_synonyms(&self, one: Lemma, other: Lemma) -> bool {
        let synsets = |lemma| record(lemma).map_or(&[][..], |record| record.synsets);
        share(synsets(one), synsets(other))
    }

    /// Whether one word says the same as the other, only less exactly: `staff` for `nurses`.
    pub fn is_wider(&self, wide: Lemma, narrow: Lemma) -> bool {
        let (Some(wide), Some(narrow)) = (record(wide), record(narrow)) else { return false };
        share(wide.synsets, narrow.wider)
    }

    /// Whether one word is derived from the other, or both from the same: `deploy` and `deployment`.
    pub fn are_related(&self, one: Lemma, other: Lemma) -> bool {
        let derived = |lemma| record(lemma).map_or(&[][..], |record| record.derived);
        let holds = |list: &[u8], lemma: Lemma| list.chunks_exact(4).any(|number| number == lemma.0.to_le_bytes());
        // `experimentally` and `experiment`: over one word between them.
        let meet = || derived(one).chunks_exact(4).any(|number| derived(other).chunks_exact(4).any(|known| known == number));
        holds(derived(one), other) || holds(derived(other), one) || meet()
    }
}

fn reading(bytes: &[u8]) -> Option<FormReading> {
    let [kind, count, low, middle, high] = bytes else { return None };
    let kind = match kind {
        0 => FormKind::Singular,
        1 => FormKind::Plural,
        2 => FormKind::Base,
        3 => FormKind::Third,
        4 => FormKind::Past,
        5 => FormKind::Participle,
        6 => FormKind::Gerund,
        7 => FormKind::Adjective,
        8 => FormKind::Graded,
        _ => FormKind::Adverb,
    };
    Some(FormReading { kind, count: *count, lemma: Lemma(u32::from_le_bytes([*low, *middle, *high, 0])) })
}

/// Whether two lists of sets, two bytes each, hold a set in common.
fn share(one: &[u8], other: &[u8]) -> bool {
    one.chunks_exact(2).any(|id| other.chunks_exact(2).any(|known| known == id))
}

/// What is known of a lemma.
struct Record {
    /// Its sets of synonyms, two bytes each.
    synsets: &'static [u8],
    /// The wider sets, two bytes each.
    wider: &'static [u8],
    /// The lemmas related to it, four bytes each.
    derived: &'static [u8],
}

fn record(lemma: Lemma) -> Option<Record> {
    if lemma.0 & UNLISTED != 0 {
        return None;
    }
    let at = usize::try_from(lemma.0).ok()? * 4;
    let [a, b, c, d] = *LEMMAS.get(at..at + 4)?.first_chunk()?;
    let place = usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?;
    let list = |at: usize, size: usize| {
        let end = at + 1 + usize::from(*LEMMAS.get(at)?) * size;
        Some((LEMMAS.get(at + 1..end)?, end))
    };
    let (synsets, wider_at) = list(place, 2)?;
    let (wider, derived_at) = list(wider_at, 2)?;
    let (derived, _) = list(derived_at, 4)?;
    Some(Record { synsets, wider, derived })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary() -> Dictionary {
        Dictionary::embedded().expect("the dictionary of this build is sound")
    }

    #[test]
    fn every_form_leads_to_its_word() {
        let dictionary = dictionary();
        for (form, kind, base) in [
            ("wrote", FormKind::Past, "write"),
            ("written", FormKind::Participle, "write"),
            ("began", FormKind::Past, "begin"),
            ("cut", FormKind::Past, "cut"),
            ("planned", FormKind::Participle, "plan"),
            ("queries", FormKind::Plural, "query"),
            ("indices", FormKind::Plural, "index"),
            ("deploying", FormKind::Gerund, "deploy"),
            ("has", FormKind::Third, "have"),
            ("faster", FormKind::Graded, "fast"),
        ] {
            let lemma = dictionary.readings(base).next().map(|reading| reading.lemma);
            let found = dictionary.readings(form).any(|reading| reading.kind == kind && Some(reading.lemma) == lemma);
            assert!(found, "{form} as {kind:?} of {base}: {:?}", dictionary.readings(form).collect::<Vec<_>>());
        }
        assert!(!dictionary.knows("plannned") && !dictionary.knows("cutted"));
    }

    #[test]
    fn synonyms_and_derivations_are_those_of_wordnet() {
        let dictionary = dictionary();
        let lemma = |word: &str| dictionary.lemma(word);
        assert!(dictionary.are_synonyms(lemma("about"), lemma("roughly")));
        assert!(dictionary.are_related(lemma("deploy"), lemma("deployment")));
        assert!(dictionary.is_wider(lemma("vessel"), lemma("ferry")) || dictionary.is_wider(lemma("boat"), lemma("ferry")));
        assert!(!dictionary.is_wider(lemma("ferry"), lemma("boat")), "what is narrower says more");
        assert!(!dictionary.are_synonyms(lemma("build"), lemma("lead")));
        assert!(!dictionary.are_synonyms(lemma("kubernetes"), lemma("kubernetes")), "what is not listed has no synonyms");
        assert_eq!(lemma("kubernetes"), Dictionary::unlisted("kubernetes"));
    }
}
