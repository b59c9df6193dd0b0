//! Phrases with a meaning of their own on a resume: weak openers, fillers, widening words, glue.

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::phrase_set::{PhraseMap, PhraseSet};
use super::verbs::Tier;
use crate::domain::text::Token;

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
    refusals: Vec<String>,
    empty: Vec<String>,
    light: Vec<String>,
    increase_verbs: Vec<String>,
    decrease_verbs: Vec<String>,
    hedges: Vec<String>,
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

/// All phrase lists.
#[derive(Debug)]
pub struct Phrases {
    openers: PhraseMap<Opener>,
    shortenings: PhraseMap<String>,
    outcome_stems: FxHashSet<String>,
    increase_stems: FxHashSet<String>,
    decrease_stems: FxHashSet<String>,
    refusal_stems: FxHashSet<String>,
    /// Nouns and adverbs that say nothing by themselves: `part`, `time`, `way`.
    pub empty: PhraseSet,
    /// Words of procedure, telling or praise that an editor drops without losing a fact; they vouch for nothing.
    pub light: PhraseSet,
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
    /// Roles that claim to lead or decide.
    pub titles: PhraseSet,
    /// Words that compare without a number.
    pub comparatives: PhraseSet,
}

impl Phrases {
    pub(super) fn parse(text: &str, stem: impl Fn(&str) -> String) -> Result<Self, String> {
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
            refusals,
            empty,
            light,
            increase_verbs,
            decrease_verbs,
            hedges,
        } = toml::from_str(text).map_err(|error| error.to_string())?;
        if let Some(word) = glue.iter().find(|word| negations.contains(word)) {
            return Err(format!("`{word}` is both glue and a negation"));
        }
        let stems = |verbs: &[String]| verbs.iter().map(|verb| stem(verb)).collect();
        Ok(Self {
            openers: PhraseMap::new(weak_openers.iter().map(|opener| (opener.phrase.as_str(), opener.clone()))),
            shortenings: PhraseMap::new(shorten.iter().map(|Shortening { from, to }| (from.as_str(), to.clone()))),
            outcome_stems: stems(&outcome_verbs),
            increase_stems: stems(&increase_verbs),
            decrease_stems: stems(&decrease_verbs),
            refusal_stems: stems(&refusals),
            empty: PhraseSet::new(&empty),
            light: PhraseSet::new(&light),
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
            titles: PhraseSet::new(&titles),
            comparatives: PhraseSet::new(&comparatives),
        })
    }

    /// The weak opener a text begins with, and the number of its tokens.
    /// List signs and `I am` before it are counted with it.
    pub fn opener(&self, tokens: &[Token]) -> Option<(&Opener, usize)> {
        let at = |skipped: usize| self.openers.longest_at(tokens, skipped);
        let signs = tokens.iter().take_while(|token| !token.is_word()).count();
        let pronoun = self.first_person.end_at(tokens, signs).unwrap_or(signs);
        let auxiliary = tokens.get(pronoun).is_some_and(|token| matches!(token.lower.as_str(), "am" | "was" | "have" | "had" | "also"));
        at(signs).or_else(|| at(pronoun)).or_else(|| at(pronoun + usize::from(auxiliary)))
    }

    /// The weak opener that words begin with, the words told by their place in lower case; and its length.
    pub fn opener_of<'a>(&self, word: impl Fn(usize) -> Option<&'a str>) -> Option<(&Opener, usize)> {
        self.openers.longest_of(word)
    }

    /// A shorter way for what begins at `at`, and one past its last token.
    pub fn shortening(&self, tokens: &[Token], at: usize) -> Option<(&str, usize)> {
        self.shortenings.longest_at(tokens, at).map(|(to, end)| (to.as_str(), end))
    }

    /// Whether the verb of this stem tells an outcome.
    pub fn is_outcome(&self, stem: &str) -> bool {
        self.outcome_stems.contains(stem)
    }

    /// Whether the verb of this stem keeps something from happening.
    pub fn is_refusal(&self, stem: &str) -> bool {
        self.refusal_stems.contains(stem)
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
