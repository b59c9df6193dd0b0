//! One reading of an English text: the lemma and the part of speech of each word, noun phrases, and verbs with who did them to what.
//!
//! A line of a resume is telegraphic: its subject, the writer, is left out. That is the first thing this reading knows.

mod dictionary;
mod part;
mod phrases;
mod tagging;
mod verbs;

use super::text::Token;

pub use dictionary::{Dictionary, FormKind, FormReading, Lemma};
pub use part::{Auxiliary, Part, Person, VerbForm, denies};
pub use phrases::NounPhrase;
pub use verbs::{Complement, Governor, Subject, VerbPhrase, Voice};

/// A half-open range of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Its first token.
    pub first: usize,
    /// One past its last.
    pub end: usize,
}

impl Stretch {
    /// Whether a token stands in it.
    pub const fn holds(self, at: usize) -> bool {
        self.first <= at && at < self.end
    }
}

/// What a token is in its sentence, and the word it is a form of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The part of speech.
    pub part: Part,
    /// The word.
    pub lemma: Lemma,
    /// Whether the form can be a participle: `built`, `asked`, and not `wrote`.
    pub participle: bool,
}

/// A text, read as English.
#[derive(Debug, Clone, Default)]
pub struct Sentence {
    /// One for each token.
    pub words: Vec<Word>,
    /// The noun phrases, in order.
    pub things: Vec<NounPhrase>,
    /// The verbs, in order.
    pub verbs: Vec<VerbPhrase>,
}

impl Sentence {
    /// Reads the tokens of a text; `names` are the stretches of named things, `numbers` those of quantities, both in order.
    pub fn read(dictionary: &Dictionary, tokens: &[Token], names: &[Stretch], numbers: &[Stretch]) -> Self {
        let words = tagging::tag(dictionary, tokens, names, numbers);
        let things = phrases::things(tokens, &words);
        let verbs = verbs::verbs(tokens, &words, &things);
        Self { words, things, verbs }
    }

    /// The part of a token; a mark behind the end.
    pub fn part(&self, at: usize) -> Part {
        self.words.get(at).map_or(Part::Mark, |word| word.part)
    }

    /// The lemma of a token.
    pub fn lemma(&self, at: usize) -> Option<Lemma> {
        self.words.get(at).map(|word| word.lemma)
    }

    /// The noun phrase that holds a token.
    pub fn thing_at(&self, at: usize) -> Option<&NounPhrase> {
        let first = self.things.partition_point(|thing| thing.stretch.end <= at);
        self.things.get(first).filter(|thing| thing.stretch.holds(at))
    }
}
