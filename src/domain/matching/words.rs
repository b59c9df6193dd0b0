//! A bullet cut into the words that matching compares: lower case, without endings, each with the mark that stands before it.
//!
//! Endings go by a few plain rules (`caching`, `cached`, `caches` are one word), the same for a guide's spellings and for a bullet's words,
//! so that one look-up a word is enough. It is no linguist's stemmer: it only has to treat both sides alike.

use std::collections::HashMap;

use crate::domain::text::{Folded, Span, tokenize};

/// A word's number in the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct WordId(pub(super) u32);

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// A space, a hyphen or an apostrophe.
    Space,
    /// A slash or an ampersand: another item.
    Slash,
    /// A comma: another item, or another clause.
    Comma,
    /// A semicolon, colon, bracket, dash between spaces, or the end of a sentence.
    Stop,
}

/// How a word ends, for telling verbs from names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// `-ed`: most often a deed that is done.
    Ed,
    /// `-ing`: a deed that goes on, or what came of one.
    Ing,
    /// Anything else.
    Plain,
}

/// One word of a bullet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// Its number; `None` when the guide never uses it.
    pub(super) id: Option<WordId>,
    /// The mark before it.
    pub(super) before: Mark,
    /// How it ends.
    pub(super) ending: Ending,
    /// Where it stands in the text as sent.
    pub(super) span: Span,
}

/// Every word that a guide uses, numbered.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    ids: HashMap<String, WordId>,
}

impl Vocabulary {
    /// The words of a spelling, numbered; new ones are taken in.
    pub(super) fn learn(&mut self, spelling: &str) -> Vec<WordId> {
        let mut learned = Vec::new();
        each_word(spelling, &mut |word, _, _| {
            let next = WordId(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
            learned.push(*self.ids.entry(without_ending(word).to_owned()).or_insert(next));
        });
        learned
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Cuts a text into words.
    pub(super) fn cut(&self, text: &str) -> Vec<Word> {
        let mut words = Vec::with_capacity(text.len() / 5);
        each_word(text, &mut |word, before, span| {
            words.push(Word { ending: ending(word), id: self.ids.get(without_ending(word)).copied(), before, span });
        });
        words
    }
}

/// Calls `found` with every word in lower case, the mark before it and its place.
fn each_word(text: &str, found: &mut dyn FnMut(&mut String, Mark, Span)) {
    let mut cutter = Cutter { word: String::with_capacity(24), start: 0, before: Mark::Stop, found };
    if text.is_ascii() {
        let mut spaced = true;
        for (at, byte) in text.bytes().enumerate() {
            cutter.take(char::from(byte.to_ascii_lowercase()), Span::new(at, at), spaced);
            spaced = byte == b' ';
        }
        cutter.end_word(text.len());
    } else {
        // Rare enough to go the long way: the folding of `text` knows every look-alike letter, accent and invisible character.
        let mut before = 0;
        for token in tokenize(&Folded::new(text)) {
            let spaced = token.start > before;
            if spaced {
                cutter.take(' ', token.span, false);
            }
            for c in token.lower.chars() {
                cutter.take(c, token.span, spaced);
            }
            cutter.end_word(token.span.end);
            before = token.end;
        }
    }
}

struct Cutter<'a> {
    word: String,
    start: usize,
    before: Mark,
    found: &'a mut dyn FnMut(&mut String, Mark, Span),
}

impl Cutter<'_> {
    /// Takes the next character. A word that it begins starts where `place` does, and a word that it ends has ended where `place` does:
    /// the parts of one token (`R&D`) all stand where the token stands, because folding may have changed how many characters it has.
    fn take(&mut self, c: char, place: Span, spaced: bool) {
        let inside = c.is_alphanumeric() || (matches!(c, '+' | '#') && !self.word.is_empty());
        if inside {
            if self.word.is_empty() {
                self.start = place.start;
            }
            self.word.push(c);
            return;
        }
        self.end_word(place.end);
        let mark = match c {
            ',' => Mark::Comma,
            '/' | '&' => Mark::Slash,
            ';' | ':' | '(' | ')' | '!' | '?' | '|' | '[' | ']' | '\u{2022}' | '\n' => Mark::Stop,
            // A dash between spaces parts clauses; a hyphen joins words.
            '-' if spaced => Mark::Stop,
            _ => Mark::Space,
        };
        self.before = self.before.max(mark);
    }

    fn end_word(&mut self, end: usize) {
        if self.word.is_empty() {
            return;
        }
        (self.found)(&mut self.word, self.before, Span::new(self.start, end));
        self.word.clear();
        self.before = Mark::Space;
    }
}

fn ending(word: &str) -> Ending {
    // `spring` and `string` are no deeds: what stands before the ending has to be a word.
    let is_deed = |ending: &str| word.strip_suffix(ending).is_some_and(|stem| stem.len() > 1 && stem.bytes().any(is_vowel));
    if is_deed("ing") {
        Ending::Ing
    } else if is_deed("ed") {
        Ending::Ed
    } else {
        Ending::Plain
    }
}

/// Endings that stand for another ending of the same word.
const NOUNS: &[(&str, &str)] = &[("isation", "iz"), ("ization", "iz"), ("ation", "at"), ("ction", "ct"), ("ption", "pt")];

/// A word of lower-case letters without its ending; names with digits and short words stay as they are.
fn without_ending(word: &mut String) -> &str {
    if word.len() <= 3 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word;
    }
    singular(word);
    for (noun, stem) in NOUNS {
        if word.len() > noun.len() + 1 && word.ends_with(noun) {
            word.truncate(word.len() - noun.len());
            word.push_str(stem);
            return word;
        }
    }
    for deed in ["ing", "ed"] {
        let left = word.len().saturating_sub(deed.len());
        if left >= 3 && word.ends_with(deed) && word.bytes().take(left).any(is_vowel) {
            word.truncate(left);
            let doubled = word.bytes().rev().take(2).collect::<Vec<_>>();
            if let [last, other] = doubled.as_slice()
                && last == other
                && !matches!(last, b'l' | b's' | b'z' | b'e' | b'o')
            {
                word.pop();
            }
            break;
        }
    }
    if word.len() > 3 && word.ends_with('e') {
        word.pop();
    }
    if word.len() > 6 && word.ends_with("is") {
        word.truncate(word.len() - 1);
        word.push('z');
    }
    word
}

fn singular(word: &mut String) {
    let cut = if word.len() > 4 && word.ends_with("ies") {
        word.truncate(word.len() - 3);
        word.push('y');
        0
    } else if ["sses", "xes", "ches", "shes"].iter().any(|plural| word.ends_with(plural)) {
        2
    } else if word == "apis" {
        1
    } else {
        usize::from(word.ends_with('s') && !["ss", "us", "is"].iter().any(|kept| word.ends_with(kept)))
    };
    word.truncate(word.len() - cut);
}

const fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(word: &str) -> String {
        without_ending(&mut word.to_owned()).to_owned()
    }

    #[test]
    fn all_forms_of_a_word_are_one_word() {
        for forms in [
            &["cache", "caches", "cached", "caching"][..],
            &["queue", "queues", "queued", "queueing"],
            &["index", "indexes", "indexed", "indexing"],
            &["authenticate", "authenticated", "authentication", "authenticating"],
            &["migrate", "migrating", "migration", "migrations"],
            &["normalize", "normalized", "normalise", "normalised", "normalisation", "normalization"],
            &["log", "logs", "logged", "logging"],
            &["inject", "injection", "injected"],
            &["query", "queries"],
            &["api", "apis"],
            &["process", "processes", "processed", "processing"],
        ] {
            for form in forms {
                assert_eq!(stem(form), stem(forms[0]), "{form}");
            }
        }
    }

    #[test]
    fn names_and_short_words_are_left_alone() {
        for name in ["aws", "sqs", "spring", "redis", "string", "p99", "k8s", "express"] {
            assert_eq!(stem(name), name);
        }
    }

    #[test]
    fn words_know_their_place_and_the_mark_before_them() {
        let mut vocabulary = Vocabulary::default();
        let known = vocabulary.learn("Node.js event-loop");
        assert_eq!(known.len(), 4);
        let cut = vocabulary.cut("Used Node.js, C++ / Event-Loops (fast)");
        let seen: Vec<_> = cut.iter().map(|word| (word.span, word.before, word.id.is_some())).collect();
        assert_eq!(
            seen,
            [
                (Span::new(0, 4), Mark::Stop, false),
                (Span::new(5, 9), Mark::Space, true),
                (Span::new(10, 12), Mark::Space, true),
                (Span::new(14, 17), Mark::Comma, false),
                (Span::new(20, 25), Mark::Slash, true),
                (Span::new(26, 31), Mark::Space, true),
                (Span::new(33, 37), Mark::Stop, false),
            ]
        );
    }

    #[test]
    fn the_parts_of_a_folded_token_stand_where_the_token_stands() {
        let vocabulary = Vocabulary::default();
        let places: Vec<_> = vocabulary.cut("in \u{c9}&D ml").iter().map(|word| word.span).collect();
        assert_eq!(places, [Span::new(0, 2), Span::new(3, 6), Span::new(3, 6), Span::new(7, 9)]);
    }

    #[test]
    fn look_alike_letters_and_invisible_characters_do_not_hide_a_word() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.learn("kafka");
        for hidden in ["K\u{430}fka", "Kaf\u{200b}ka", "\u{ff2b}afka"] {
            assert!(vocabulary.cut(hidden).iter().all(|word| word.id.is_some()), "{hidden:?}");
        }
    }
}
