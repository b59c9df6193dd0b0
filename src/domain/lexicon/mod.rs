//! What the words of the trade mean: technologies and what they are a kind of, verbs and how much they claim, phrases.
//!
//! The lists are data files, baked in and checked when they are loaded. Saying the more general word is honest, the narrower is not:
//! every `is_a` points up.

mod phrase_set;
mod phrases;
mod technologies;
mod verbs;
mod words;

pub use phrase_set::PhraseSet;
pub use phrases::{Opener, Phrases};
pub use technologies::TechnologyHit;
pub use verbs::{Strength, Tense, Tier, Verb, VerbForm};
pub use words::{singular, stem};

use sha2::{Digest, Sha256};

use super::english::Dictionary;
use super::request::hex;
use super::text::Token;
use super::wording::Wording;
use technologies::Technologies;
use verbs::Verbs;

const TECHNOLOGIES: &str = include_str!("technologies.toml");
const VERBS: &str = include_str!("verbs.toml");
const PHRASES: &str = include_str!("phrases.toml");

/// The word lists.
#[derive(Debug)]
pub struct Lexicon {
    technologies: Technologies,
    verbs: Verbs,
    phrases: Phrases,
    dictionary: Dictionary,
    wording: Wording,
    version: String,
}

/// A word list that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the word list {file} cannot be used: {reason}")]
pub struct LexiconError {
    /// The file.
    pub file: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

impl Lexicon {
    /// The word lists that are baked in.
    pub fn embedded() -> Result<Self, LexiconError> {
        let fail = |file| move |reason| LexiconError { file, reason };
        let mut digest = Sha256::new();
        for text in [TECHNOLOGIES, VERBS, PHRASES].into_iter().chain(Wording::TEXTS) {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        let verbs = Verbs::parse(VERBS).map_err(fail("verbs.toml"))?;
        Ok(Self {
            technologies: Technologies::parse(TECHNOLOGIES).map_err(fail("technologies.toml"))?,
            phrases: Phrases::parse(PHRASES, |word| verbs.root(word)).map_err(fail("phrases.toml"))?,
            verbs,
            wording: Wording::embedded().map_err(fail("the wording"))?,
            dictionary: Dictionary::embedded().map_err(fail("the dictionary"))?,
            version: hex(digest.finalize().as_slice()).chars().take(8).collect(),
        })
    }

    /// Eight hex digits that stand for the three lists.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The named technologies of a text, longest name first, in order.
    pub fn technologies_in(&self, tokens: &[Token]) -> Vec<TechnologyHit<'_>> {
        self.technologies.find(tokens)
    }

    /// The generic words of a text that stand for a class of technologies: `cache`, `message queue`.
    pub fn classes_in(&self, tokens: &[Token]) -> Vec<TechnologyHit<'_>> {
        self.technologies.find_classes(tokens)
    }

    /// Whether `special` is `general` or a kind of it.
    pub fn is_kind_of(&self, special: &str, general: &str) -> bool {
        self.technologies.is_kind_of(special, general)
    }

    /// Whether the technology is a common practice or format rather than a product.
    pub fn is_generic(&self, id: &str) -> bool {
        ["technique", "protocol", "api-style", "api"].iter().any(|class| self.technologies.is_kind_of(id, class))
    }

    /// Whether a name is an everyday word as well, so that it names the technology in its own case only.
    pub fn is_everyday_word(&self, lower: &str) -> bool {
        technologies::EVERYDAY.contains(&lower)
    }

    /// Whether a word by itself names a common practice: `idempotent`.
    pub fn is_generic_word(&self, lower: &str) -> bool {
        self.technologies.id_of(lower).is_some_and(|id| self.is_generic(id))
    }

    /// How a technology is written.
    pub fn display<'a>(&'a self, id: &'a str) -> &'a str {
        self.technologies.display(id)
    }

    /// Whether there is such a class of technologies.
    pub fn knows_class(&self, id: &str) -> bool {
        id == "any" || self.technologies.knows_class(id)
    }

    /// The stem of a word; every form of a listed verb has the stem of its base: `built` that of `build`.
    pub fn root(&self, word: &str) -> String {
        self.verbs.root(word)
    }

    /// The verb of which this lower-case word is a form.
    pub fn verb(&self, word: &str) -> Option<VerbForm<'_>> {
        self.verbs.form(word)
    }

    /// Whether one verb may stand for the other: they share a group, and no more is claimed.
    pub fn may_stand_for(&self, said: &Verb, meant: &Verb) -> bool {
        said.tier <= meant.tier && (said.base == meant.base || said.groups.iter().any(|group| meant.groups.contains(group)))
    }

    /// What widens a claim, and what limits one.
    pub const fn wording(&self) -> &Wording {
        &self.wording
    }

    /// The words of English.
    pub const fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// Openers, fillers, banned words and the rest of the phrase lists.
    pub const fn phrases(&self) -> &Phrases {
        &self.phrases
    }
}
