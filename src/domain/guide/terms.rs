//! The words of a guide that a job may ask for, ready to be found in one pass over a text.
//!
//! What the guide names as keywords of its skills, when it is enough alone to show one, and its keyword groups. A spelling that is the name
//! of a technology, or of a class of them, stands for that technology; any other stands for its own words, in whatever form.

use rustc_hash::FxHashMap;

use super::file::GuideFile;
use crate::domain::lexicon::Lexicon;
use crate::domain::text::{Folded, tokenize};

/// From which weight on a keyword is asked for by itself; `table` and `schema` hint at a skill and are no wish of an employer.
const ENOUGH: u8 = 3;

/// Something that a job may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    /// The spelling that belongs on a resume.
    pub name: String,
    /// The claim that supports it.
    pub means: Means,
}

/// The claim that supports a term.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Means {
    /// A technology or a class of technologies, by its id.
    Technology(String),
    /// These words in a row, by their stems.
    Words(Vec<String>),
}

/// The terms of a guide.
#[derive(Debug, Default)]
pub struct Terms {
    /// By the first stem of their spelling, the longest first.
    by_first: FxHashMap<String, Vec<(Vec<String>, Term)>>,
}

impl Terms {
    /// Prepares the terms of a guide.
    pub(super) fn new(file: &GuideFile, lexicon: &Lexicon) -> Self {
        let mut terms = Self::default();
        let groups = file.keyword_groups.iter().flat_map(|group| &group.keywords);
        let keywords = file.skills.iter().flat_map(|skill| &skill.keywords).filter(|keyword| keyword.weight >= ENOUGH);
        for spelling in groups.chain(keywords.flat_map(|keyword| std::iter::once(&keyword.term).chain(&keyword.aliases))) {
            terms.add(spelling, lexicon);
            if spelling.contains('-') {
                terms.add(&spelling.replace('-', " "), lexicon);
            }
        }
        for list in terms.by_first.values_mut() {
            list.sort_by_key(|(stems, _)| std::cmp::Reverse(stems.len()));
        }
        terms
    }

    fn add(&mut self, spelling: &str, lexicon: &Lexicon) {
        let tokens = tokenize(&Folded::new(spelling));
        let stems: Vec<String> = tokens.iter().map(|token| lexicon.root(&token.lower)).collect();
        let Some(first) = stems.first().cloned() else { return };
        let named = lexicon.technologies_in(&tokens).into_iter().chain(lexicon.classes_in(&tokens));
        let whole = named.into_iter().find(|hit| hit.first == 0 && hit.end == tokens.len());
        let term = match whole {
            Some(hit) => Term { name: lexicon.display(hit.id).to_owned(), means: Means::Technology(hit.id.to_owned()) },
            None => Term { name: spelling.to_owned(), means: Means::Words(stems.clone()) },
        };
        let list = self.by_first.entry(first).or_default();
        if list.iter().all(|(known, _)| *known != stems) {
            list.push((stems, term));
        }
    }

    /// The longest term that begins at `at`, and one past its last word.
    pub fn longest_at(&self, stems: &[String], at: usize) -> Option<(&Term, usize)> {
        self.by_first.get(stems.get(at)?)?.iter().find_map(|(spelling, term)| {
            let end = at + spelling.len();
            (stems.get(at..end)? == spelling.as_slice()).then_some((term, end))
        })
    }
}
