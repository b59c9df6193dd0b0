//! Phrases with a meaning of their own on a resume: weak openers, fillers, widening words, glue.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::verbs::Tier;
use super::words::stem;
use crate::domain::text::{Folded, Token, tokenize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    weak_openers: Vec<Opener>,
    fillers: Vec<String>,
    shorten: Vec<Shortening>,
    vague: Vec<String>,
    soft_words: Vec<String>,
    banned: Vec<String>,
    scope_words: Vec<String>,
    first_person: Vec<String>,
    result_markers: Vec<String>,
    outcome_verbs: Vec<String>,
    glue: Vec<String>,
    negations: Vec<String>,
    titles: Vec<String>,
    comparatives: Vec<String>,
    paraphrases: Vec<Vec<String>>,
    increase_verbs: Vec<String>,
    decrease_verbs: Vec<String>,
    hedges: Vec<String>,
    observing: Vec<String>,
}

/// A way to begin a bullet that hides the work.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opener {
    /// The phrase, in lower case.
    pub phrase: String,
    /// The ownership it states.
    pub keeps: Tier,
    /// What may stand in its place before a noun.
    pub noun_opener: Option<String>,
    /// Whether it is no proof of a deed, and so is pointed out but never replaced.
    #[serde(default)]
    pub stays: bool,
}

/// A long way to say something, and the short one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shortening {
    /// The long way.
    pub from: String,
    /// The short way.
    pub to: String,
}

/// Phrases of one list, found token by token.
#[derive(Debug, Default)]
pub struct PhraseSet {
    by_first: BTreeMap<String, Vec<Vec<String>>>,
}

impl PhraseSet {
    fn new<'a>(phrases: impl IntoIterator<Item = &'a String>) -> Self {
        let mut by_first: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for phrase in phrases {
            let words = words_of(phrase);
            if let Some(first) = words.first() {
                by_first.entry(first.clone()).or_default().push(words);
            }
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|words| std::cmp::Reverse(words.len()));
        }
        Self { by_first }
    }

    /// One past the last token of the longest phrase that begins at `at`.
    pub fn end_at(&self, tokens: &[Token], at: usize) -> Option<usize> {
        let candidates = self.by_first.get(&tokens.get(at)?.lower)?;
        candidates.iter().find_map(|words| {
            let end = at + words.len();
            tokens.get(at..end)?.iter().zip(words).all(|(token, word)| token.lower == *word).then_some(end)
        })
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
        self.by_first.get(lower).is_some_and(|list| list.iter().any(|words| words.len() == 1))
    }
}

/// All phrase lists.
#[derive(Debug)]
pub struct Phrases {
    openers: Vec<(Vec<String>, Opener)>,
    shortenings: Vec<(Vec<String>, String)>,
    paraphrases: Vec<Vec<Vec<String>>>,
    outcome_stems: BTreeSet<String>,
    increase_stems: BTreeSet<String>,
    decrease_stems: BTreeSet<String>,
    /// Words that can go without a loss.
    pub fillers: PhraseSet,
    /// Words that claim without saying.
    pub vague: PhraseSet,
    /// Overused words.
    pub soft_words: PhraseSet,
    /// Phrases that never stand in our output.
    pub banned: PhraseSet,
    /// Words that widen a claim.
    pub scope_words: PhraseSet,
    /// `I`, `we`, `our`.
    pub first_person: PhraseSet,
    /// What begins a clause that tells a result.
    pub result_markers: PhraseSet,
    /// Function words that claim nothing.
    pub glue: PhraseSet,
    /// Words that deny.
    pub negations: PhraseSet,
    /// Words without which a claim is another one: planned, tried, partial.
    pub hedges: PhraseSet,
    /// Deeds beside the thing: `reviewed`, `evaluated`.
    pub observing: PhraseSet,
    /// Roles that claim to lead or decide.
    pub titles: PhraseSet,
    /// Words that compare without a number.
    pub comparatives: PhraseSet,
}

impl Phrases {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let File {
            weak_openers,
            fillers,
            shorten,
            vague,
            soft_words,
            banned,
            scope_words,
            first_person,
            result_markers,
            outcome_verbs,
            glue,
            negations,
            titles,
            comparatives,
            paraphrases,
            increase_verbs,
            decrease_verbs,
            hedges,
            observing,
        } = toml::from_str(text).map_err(|error| error.to_string())?;
        if let Some(word) = glue.iter().find(|word| negations.contains(word)) {
            return Err(format!("`{word}` is both glue and a negation"));
        }
        let mut openers: Vec<(Vec<String>, Opener)> = weak_openers.into_iter().map(|opener| (words_of(&opener.phrase), opener)).collect();
        openers.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        let mut shortenings: Vec<(Vec<String>, String)> =
            shorten.into_iter().map(|Shortening { from, to }| (words_of(&from), to)).collect();
        shortenings.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        let stems = |verbs: &[String]| verbs.iter().map(|verb| stem(verb)).collect();
        Ok(Self {
            openers,
            shortenings,
            paraphrases: paraphrases.iter().map(|set| set.iter().map(|phrase| words_of(phrase)).collect()).collect(),
            outcome_stems: stems(&outcome_verbs),
            increase_stems: stems(&increase_verbs),
            decrease_stems: stems(&decrease_verbs),
            fillers: PhraseSet::new(&fillers),
            vague: PhraseSet::new(&vague),
            soft_words: PhraseSet::new(&soft_words),
            banned: PhraseSet::new(&banned),
            scope_words: PhraseSet::new(&scope_words),
            first_person: PhraseSet::new(&first_person),
            result_markers: PhraseSet::new(&result_markers),
            glue: PhraseSet::new(&glue),
            negations: PhraseSet::new(&negations),
            hedges: PhraseSet::new(&hedges),
            observing: PhraseSet::new(&observing),
            titles: PhraseSet::new(&titles),
            comparatives: PhraseSet::new(&comparatives),
        })
    }

    /// The weak opener a text begins with, and the number of its tokens.
    /// List signs and `I am` before it are counted with it.
    pub fn opener(&self, tokens: &[Token]) -> Option<(&Opener, usize)> {
        let at = |skipped: usize| {
            let rest = tokens.get(skipped..)?;
            self.openers.iter().find_map(|(words, opener)| {
                let head = rest.get(..words.len())?;
                head.iter().zip(words).all(|(token, word)| token.lower == *word).then_some((opener, skipped + words.len()))
            })
        };
        let signs = tokens.iter().take_while(|token| !token.is_word()).count();
        let pronoun = self.first_person.end_at(tokens, signs).unwrap_or(signs);
        let auxiliary = tokens.get(pronoun).is_some_and(|token| matches!(token.lower.as_str(), "am" | "was" | "have" | "had" | "also"));
        at(signs).or_else(|| at(pronoun)).or_else(|| at(pronoun + usize::from(auxiliary)))
    }

    /// A shorter way for what begins at `at`, and one past its last token.
    pub fn shortening(&self, tokens: &[Token], at: usize) -> Option<(&str, usize)> {
        self.shortenings.iter().find_map(|(words, to)| {
            let end = at + words.len();
            tokens.get(at..end)?.iter().zip(words).all(|(token, word)| token.lower == *word).then_some((to.as_str(), end))
        })
    }

    /// Other ways to say the phrase that begins at `at`: each with the tokens it takes up here.
    pub fn paraphrases_at(&self, tokens: &[Token], at: usize) -> Vec<(usize, Vec<&[String]>)> {
        let starts = |phrase: &[String]| tokens.get(at..at + phrase.len()).is_some_and(|window| same_words(window, phrase));
        self.paraphrases
            .iter()
            .filter_map(|set| {
                let here = set.iter().filter(|phrase| starts(phrase)).max_by_key(|phrase| phrase.len())?;
                Some((here.len(), set.iter().filter(|phrase| *phrase != here).map(Vec::as_slice).collect()))
            })
            .collect()
    }

    /// Whether the verb of this stem tells an outcome.
    pub fn is_outcome(&self, stem: &str) -> bool {
        self.outcome_stems.contains(stem)
    }

    /// Whether the verb of this stem says that something grew.
    pub fn is_increase(&self, stem: &str) -> bool {
        self.increase_stems.contains(stem)
    }

    /// Whether the verb of this stem says that something shrank.
    pub fn is_decrease(&self, stem: &str) -> bool {
        self.decrease_stems.contains(stem)
    }
}

/// Whether tokens say a phrase, plurals of the last word included.
pub(crate) fn same_words(window: &[Token], phrase: &[String]) -> bool {
    window.len() == phrase.len()
        && window.iter().zip(phrase).all(|(token, word)| token.lower == *word || super::singular(&token.lower) == super::singular(word))
}

fn words_of(phrase: &str) -> Vec<String> {
    tokenize(&Folded::new(phrase)).into_iter().map(|token| token.lower).collect()
}
