//! Phrases that are found token by token: a text is looked up by the first word of each, and the longest that fits is taken.

use rustc_hash::FxHashMap;

use crate::domain::text::{Folded, Token, tokenize};

/// Phrases, each with what it stands for.
#[derive(Debug)]
pub(super) struct PhraseMap<T> {
    /// By first word, the longest first.
    by_first: FxHashMap<String, Vec<(Vec<String>, T)>>,
}

impl<T> PhraseMap<T> {
    pub(super) fn new<'a>(phrases: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let mut by_first: FxHashMap<String, Vec<(Vec<String>, T)>> = FxHashMap::default();
        for (phrase, meaning) in phrases {
            let words = words_of(phrase);
            if let Some(first) = words.first() {
                by_first.entry(first.clone()).or_default().push((words, meaning));
            }
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self { by_first }
    }

    /// What the longest phrase stands for that words begin with, told by their place; and its length.
    pub(super) fn longest_of<'a>(&self, word: impl Fn(usize) -> Option<&'a str>) -> Option<(&T, usize)> {
        let candidates = self.by_first.get(word(0)?)?;
        candidates.iter().find_map(|(words, meaning)| {
            words.iter().enumerate().all(|(at, known)| word(at) == Some(known.as_str())).then_some((meaning, words.len()))
        })
    }

    /// What the longest phrase that begins at `at` stands for, and one past its last token.
    pub(super) fn longest_at(&self, tokens: &[Token], at: usize) -> Option<(&T, usize)> {
        let candidates = self.by_first.get(&tokens.get(at)?.lower)?;
        candidates.iter().find_map(|(words, meaning)| {
            let end = at + words.len();
            tokens.get(at..end)?.iter().zip(words).all(|(token, word)| token.lower == *word).then_some((meaning, end))
        })
    }
}

/// Phrases of one list.
#[derive(Debug)]
pub struct PhraseSet {
    phrases: PhraseMap<()>,
}

impl PhraseSet {
    pub(super) fn new(phrases: &[String]) -> Self {
        Self { phrases: PhraseMap::new(phrases.iter().map(|phrase| (phrase.as_str(), ()))) }
    }

    /// One past the last token of the longest phrase that begins at `at`.
    pub fn end_at(&self, tokens: &[Token], at: usize) -> Option<usize> {
        self.phrases.longest_at(tokens, at).map(|((), end)| end)
    }

    /// Every phrase of a text, as ranges of tokens.
    pub fn find(&self, tokens: &[Token]) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match self.end_at(tokens, at) {
                Some(end) => {
                    found.push((at, end));
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }

    /// Whether this one lower-case word is a phrase of the list.
    pub fn has_word(&self, lower: &str) -> bool {
        let shortest = self.phrases.by_first.get(lower).and_then(|list| list.last());
        shortest.is_some_and(|(words, ())| words.len() == 1)
    }
}

/// The words of a phrase, in lower case, as the tokenizer cuts it.
pub(super) fn words_of(phrase: &str) -> Vec<String> {
    tokenize(&Folded::new(phrase)).into_iter().map(|token| token.lower).collect()
}
