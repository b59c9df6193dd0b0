//! Closed lists of English as data: words that widen a claim, words that limit one, short forms, and verbs that say no more than what stands beside them.
//!
//! A row is a kind of words that may stand for each other. Each has a sentence that it must find something in and one in which it must not, and both
//! are tried when the rows are loaded; a phrase that stands in two rows of a list is a contradiction and is refused.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::text::{Folded, Token, tokenize};

const SCOPE: &str = include_str!("scope.toml");
const LIMITS: &str = include_str!("limits.toml");
const CHANGE: &str = include_str!("change.toml");
const SHORT: &str = include_str!("short.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rows: Vec<Row>,
}

/// One kind of words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What the words say, for messages: `production use`.
    pub says: String,
    /// The words, in lower case; `~` before a word stands for any beginning of it: `~prototyp`.
    words: Vec<String>,
    /// Words that keep it, without being looked for themselves: `team` keeps `with two colleagues`.
    #[serde(default)]
    keeps: Vec<String>,
    /// Whether a loss of it is a question and no fault by itself.
    #[serde(default)]
    pub asks: bool,
    /// Which way a verb of change points; only such rows have one.
    #[serde(default)]
    pub way: Option<Way>,
    /// A sentence that the row finds something in.
    must: String,
    /// A sentence that it finds nothing in.
    must_not: String,
}

/// Which way a verb of change points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// `cut`: the second number is the less.
    Falls,
    /// `raised`: the second number is the greater.
    Rises,
    /// `brought`: either way.
    Either,
    /// `handled`: no change at all, only that the writer did it.
    Done,
}

/// A list of rows, ready to be looked for.
#[derive(Debug)]
pub struct Rows {
    list: Vec<Row>,
    /// By their first word: the words and the number of the row, the longest first.
    by_first: FxHashMap<String, Vec<(Vec<String>, usize)>>,
    /// Beginnings of words, with the number of the row.
    beginnings: Vec<(String, usize)>,
}

/// Words of a row in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The number of the row.
    pub row: usize,
    /// The first token.
    pub first: usize,
    /// One past the last.
    pub end: usize,
}

/// The lists that are baked in.
#[derive(Debug)]
pub struct Wording {
    /// Words that widen a claim.
    pub scope: Rows,
    /// Words that limit one.
    pub limits: Rows,
    /// Short forms with what they stand for.
    pub short: Rows,
    /// Verbs that say no more than the numbers, or the things, beside them.
    pub change: Rows,
}

impl Wording {
    /// The texts of the lists, for whoever has to tell one version of them from another.
    pub const TEXTS: [&str; 4] = [SCOPE, LIMITS, SHORT, CHANGE];

    /// Reads and tries the lists.
    pub fn embedded() -> Result<Self, String> {
        let read = |file: &str, text| Rows::parse(text).map_err(|why| format!("{file}: {why}"));
        Ok(Self {
            scope: read("scope.toml", SCOPE)?,
            limits: read("limits.toml", LIMITS)?,
            short: read("short.toml", SHORT)?,
            change: read("change.toml", CHANGE)?,
        })
    }
}

impl Rows {
    /// Reads rows, and tries the sentences of each.
    pub fn parse(text: &str) -> Result<Self, String> {
        let File { rows } = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut by_first: FxHashMap<String, Vec<(Vec<String>, usize)>> = FxHashMap::default();
        let mut beginnings = Vec::new();
        let mut taken = FxHashSet::default();
        for (number, row) in rows.iter().enumerate() {
            for words in &row.words {
                if !taken.insert(words.clone()) {
                    return Err(format!("\"{words}\" stands twice"));
                }
                if let Some(beginning) = words.strip_prefix('~') {
                    beginnings.push((beginning.to_owned(), number));
                    continue;
                }
                let words: Vec<String> = tokenize(&Folded::new(words)).into_iter().map(|token| token.lower).collect();
                let first = words.first().ok_or_else(|| format!("\"{}\" has an empty phrase", row.says))?;
                by_first.entry(first.clone()).or_default().push((words.clone(), number));
            }
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        let rows = Self { list: rows, by_first, beginnings };
        for (number, row) in rows.list.iter().enumerate() {
            let finds = |text: &str| rows.find(&tokenize(&Folded::new(text))).iter().any(|hit| hit.row == number);
            if !finds(&row.must) {
                return Err(format!("\"{}\" does not find anything in \"{}\"", row.says, row.must));
            }
            if finds(&row.must_not) {
                return Err(format!("\"{}\" finds something in \"{}\"", row.says, row.must_not));
            }
        }
        Ok(rows)
    }

    /// A row by its number.
    pub fn row(&self, number: usize) -> Option<&Row> {
        self.list.get(number)
    }

    /// Whether a text holds a word that keeps what a row says.
    pub fn is_kept(&self, number: usize, tokens: &[Token]) -> bool {
        self.row(number)
            .is_some_and(|row| tokens.iter().any(|token| row.keeps.iter().any(|word| token.lower.split('-').any(|part| part == word))))
    }

    /// Every place where words of a row stand.
    pub fn find(&self, tokens: &[Token]) -> Vec<Hit> {
        let mut found = Vec::new();
        for (first, token) in tokens.iter().enumerate() {
            let phrase = self.by_first.get(&token.lower).into_iter().flatten().find(|(words, _)| {
                tokens
                    .get(first..first + words.len())
                    .is_some_and(|window| window.iter().zip(words).all(|(token, word)| token.lower == *word))
            });
            if let Some((words, row)) = phrase {
                found.push(Hit { row: *row, first, end: first + words.len() });
            }
            if token.is_word()
                && let Some((_, row)) = self.beginnings.iter().find(|(beginning, _)| token.lower.starts_with(beginning))
            {
                found.push(Hit { row: *row, first, end: first + 1 });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sound() {
        Wording::embedded().expect("every row finds what it must and nothing that it must not");
    }

    #[test]
    fn a_row_that_misses_its_sentence_or_stands_twice_is_refused() {
        let row = |words: &str, must: &str, must_not: &str| {
            format!("[[rows]]\nsays = \"x\"\nwords = [{words}]\nmust = \"{must}\"\nmust_not = \"{must_not}\"\n")
        };
        assert!(Rows::parse(&row("\"at scale\"", "Ran it at scale", "Scaled it")).is_ok());
        assert!(Rows::parse(&row("\"at scale\"", "Scaled it", "Ran it")).is_err());
        assert!(Rows::parse(&row("\"scale\"", "a scale", "on a scale of one to ten")).is_err());
        assert!(Rows::parse(&row("\"scale\", \"scale\"", "a scale", "none")).is_err());
    }
}
