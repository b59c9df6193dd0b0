//! The words of a text to be, as a row of pieces that rules may take out, replace and move.

use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense, VerbForm};
use crate::domain::text::{Token, TokenKind};

/// One piece of the text to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) lower: String,
    /// Whether it stands right behind the piece before.
    glued: bool,
    /// Whether it belongs to the name of a technology, which no rule takes for a plain word.
    pub(super) is_name: bool,
    /// Whether it belongs to a number with its unit.
    pub(super) is_number: bool,
}

impl Piece {
    pub(super) fn of(lexicon: &Lexicon, reading: &Reading, at: usize, token: &Token, glued: bool) -> Self {
        // `dockerizing` is a verb, although it names Docker.
        let is_deed = token.lower.ends_with("ing") || token.lower.ends_with("ed");
        // `Rate limiting` is a practice; `SAML` is written like a name anyway.
        let plain = |id: &str| lexicon.is_generic(id) && token.text.chars().skip(1).all(|c| !c.is_uppercase());
        let is_name = token.is_verbatim() || !is_deed && reading.technology_at(at).is_some_and(|known| !plain(&known.id));
        let is_number = reading.quantity_at(token).is_some();
        Self { text: token.text.clone(), lower: token.lower.clone(), glued: glued && token.kind != TokenKind::Slot, is_name, is_number }
    }

    /// A word of ours.
    pub(super) fn word(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { lower: text.to_lowercase(), glued: text == ",", text, is_name: false, is_number: false }
    }

    /// Whether it is a mark and no word.
    pub(super) fn is_mark(&self) -> bool {
        !self.text.contains(|c: char| c.is_alphanumeric() || c == '_' || c == '[')
    }

    /// Lets it stand right behind the piece before.
    pub(super) const fn glue(&mut self) {
        self.glued = true;
    }

    /// Lets a space stand before it.
    pub(super) const fn apart(&mut self) {
        self.glued = false;
    }

    fn in_lower_case(&mut self) {
        let capitals = self.text.chars().filter(|c| c.is_uppercase()).count();
        if !self.is_name && capitals == 1 && self.text.chars().count() > 1 {
            self.text = self.text.to_lowercase();
        }
    }
}

/// A row of pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words(pub(super) Vec<Piece>);

impl Words {
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// The piece at a place in lower case; nothing beyond the ends.
    pub(super) fn lower(&self, at: usize) -> &str {
        self.0.get(at).map_or("", |piece| piece.lower.as_str())
    }

    /// The piece before a place in lower case.
    pub(super) fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |before| self.lower(before))
    }

    /// Whether the piece at a place is one of these.
    pub(super) fn is_one_of(&self, at: usize, words: &[&str]) -> bool {
        words.contains(&self.lower(at))
    }

    /// Whether these words stand at a place, one after the other.
    pub(super) fn says(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(step, word)| self.lower(at + step) == *word)
    }

    /// The first place from `from` on where these words stand.
    pub(super) fn find(&self, from: usize, words: &[&str]) -> Option<usize> {
        (from..self.len()).find(|at| self.says(*at, words))
    }

    /// Whether a plain word stands at a place: no mark, and inside the text.
    pub(super) fn is_word(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|piece| !piece.is_mark())
    }

    /// Whether the word at a place belongs to the name of a technology.
    pub(super) fn is_name(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|piece| piece.is_name)
    }

    /// Whether the word at a place is written like a name: `ExecutorService`, `LDAP`.
    pub(super) fn is_proper(&self, at: usize) -> bool {
        self.is_name(at) || self.0.get(at).is_some_and(|piece| piece.text.chars().skip(1).any(char::is_uppercase))
    }

    /// Whether the word at a place belongs to a number.
    pub(super) fn is_number(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|piece| piece.is_number)
    }

    /// The verb at a place; a technology is none.
    pub(super) fn verb<'a>(&self, lexicon: &'a Lexicon, at: usize) -> Option<VerbForm<'a>> {
        let piece = self.0.get(at).filter(|piece| !piece.is_name)?;
        lexicon.verb(&piece.lower)
    }

    /// The verb at a place when it stands in this tense.
    pub(super) fn verb_in<'a>(&self, lexicon: &'a Lexicon, at: usize, tense: Tense) -> Option<VerbForm<'a>> {
        self.verb(lexicon, at).filter(|form| form.tense == tense)
    }

    /// Puts words in the place of a range; an empty text takes the range out.
    pub(super) fn replace(&mut self, range: std::ops::Range<usize>, words: &str) {
        let end = range.end.min(self.len());
        let start = range.start.min(end);
        self.0.splice(start..end, words.split(' ').filter(|word| !word.is_empty()).map(Piece::word));
    }

    /// Takes a range out and gives it back.
    pub(super) fn take(&mut self, range: std::ops::Range<usize>) -> Vec<Piece> {
        let end = range.end.min(self.len());
        let start = range.start.min(end);
        self.0.drain(start..end).collect()
    }

    /// Puts pieces in at a place.
    pub(super) fn put(&mut self, at: usize, pieces: Vec<Piece>) {
        let at = at.min(self.len());
        self.0.splice(at..at, pieces);
    }

    /// The beginning of a sentence that is none any more loses its capital.
    pub(super) fn lower_first(&mut self, at: usize) {
        if let Some(piece) = self.0.get_mut(at) {
            piece.in_lower_case();
        }
    }

    /// One past the last word of the stretch that begins at `from` and holds no mark and none of these words.
    pub(super) fn until(&self, from: usize, words: &[&str]) -> usize {
        (from..self.len()).find(|at| !self.is_word(*at) || words.contains(&self.lower(*at))).unwrap_or(self.len())
    }

    /// The pieces as one text.
    pub(super) fn joined(&self) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            if !piece.glued && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&piece.text);
        }
        text
    }

    /// Number of its words.
    pub(super) fn count(&self) -> usize {
        self.0.iter().filter(|piece| !piece.is_mark()).count()
    }
}

/// Prepositions: what stands behind one is no subject and no object of the verb before it.
pub(super) const PREPOSITIONS: [&str; 30] = [
    "of", "in", "on", "at", "to", "for", "from", "by", "with", "within", "into", "onto", "via", "per", "through", "using", "across",
    "under", "over", "between", "among", "after", "before", "during", "against", "towards", "inside", "behind", "without", "about",
];

/// What a noun with its words before it cannot reach over.
pub(super) fn ends_phrase(word: &str) -> bool {
    PREPOSITIONS.contains(&word)
        || matches!(
            word,
            "every"
                | "each"
                | "including"
                | "instead"
                | "and"
                | "or"
                | "but"
                | "so"
                | "that"
                | "which"
                | "who"
                | "because"
                | "when"
                | "while"
                | "where"
                | "as"
                | "like"
                | "such"
                | "if"
                | "than"
                | "then"
        )
}
