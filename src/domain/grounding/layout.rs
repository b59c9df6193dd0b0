//! Where the things and words of a text belong, made once for a text: the end of a relation that a thing stands at, the verb that a word belongs to, the
//! deeds.

#![expect(clippy::wildcard_enum_match_arm, reason = "a rule names the parts of speech that it is about; all others are left alone")]

use crate::domain::claims::{Deed, deeds};
use crate::domain::english::{Governor, Part, Subject, VerbPhrase};
use crate::domain::facts::Reading;

/// Which end of a relation a thing stands at; the others say nothing that an editor may not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// `from Jenkins`, what is replaced.
    From,
    /// `to GitHub`, what replaces it.
    To,
    /// `before the launch`.
    Before,
    /// `after the launch`.
    After,
    /// `without downtime`.
    Without,
    /// `by the vendor`.
    By,
    /// `except the mobile app`.
    Except,
}

impl End {
    pub(super) const fn other(self) -> Option<Self> {
        match self {
            Self::From => Some(Self::To),
            Self::To => Some(Self::From),
            Self::Before => Some(Self::After),
            Self::After => Some(Self::Before),
            Self::Without | Self::By | Self::Except => None,
        }
    }
}

/// What is known of a text beside its words.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The end of a relation that each noun phrase stands at.
    ends: Vec<Option<End>>,
    /// For each token, the verb that it belongs to, by its number.
    homes: Vec<Option<usize>>,
    /// The deeds, one for each verb.
    pub(super) deeds: Vec<Deed>,
}

impl Layout {
    /// Lays a text out.
    pub(super) fn new(reading: &Reading) -> Self {
        let ends = (0..reading.english.things.len()).map(|number| end_of(reading, number)).collect();
        Self { ends, homes: homes(reading), deeds: deeds(&reading.tokens, &reading.english) }
    }
}

/// A text with its layout.
#[derive(Debug, Clone, Copy)]
pub(super) struct Laid<'a> {
    /// The text.
    pub(super) reading: &'a Reading,
    /// Its layout.
    pub(super) layout: &'a Layout,
}

impl<'a> Laid<'a> {
    /// The end that the noun phrase of a token stands at.
    pub(super) fn end_at(self, at: usize) -> Option<End> {
        let things = &self.reading.english.things;
        let number = things.partition_point(|thing| thing.stretch.end <= at);
        things.get(number).filter(|thing| thing.stretch.holds(at)).and_then(|_| self.layout.ends.get(number).copied().flatten())
    }

    /// The verb that a token belongs to, by its number.
    pub(super) fn home(self, at: usize) -> Option<usize> {
        self.layout.homes.get(at).copied().flatten()
    }

    /// A verb by its number.
    pub(super) fn verb(self, number: usize) -> Option<&'a VerbPhrase> {
        self.reading.english.verbs.get(number)
    }

    /// The deeds, one for each verb.
    pub(super) fn deeds(self) -> &'a [Deed] {
        &self.layout.deeds
    }
}

fn end_of(reading: &Reading, number: usize) -> Option<End> {
    let sentence = &reading.english;
    let thing = sentence.things.get(number)?;
    // The ends of a change of numbers are told by the numbers.
    if (thing.stretch.first..thing.stretch.end).any(|at| sentence.part(at) == Part::Number) {
        return None;
    }
    let word = |at: usize| reading.tokens.get(at).map_or("", |token| token.lower.as_str());
    // `from Jenkins -> GitHub`
    let arrow = |at: usize| word(at) == "-" && word(at + 1) == ">" || word(at) == "=" && word(at + 1) == ">" || word(at) == "→";
    if arrow(thing.stretch.end) {
        return Some(End::From);
    }
    if thing.stretch.first >= 2 && (arrow(thing.stretch.first - 2) || word(thing.stretch.first - 1) == "→") {
        return Some(End::To);
    }
    let mut first = thing.stretch.first;
    // What a conjunction joins stands at the same end.
    for _ in 0..3 {
        let Some(before) = first.checked_sub(1) else { break };
        let joins = sentence.part(before) == Part::Conjunction;
        let Some(joined) = joins.then(|| before.checked_sub(1)).flatten().and_then(|at| sentence.thing_at(at)) else { break };
        first = joined.stretch.first;
    }
    let before = first.checked_sub(1);
    let marked = match before.map_or("", word) {
        "from" if before.and_then(|at| at.checked_sub(1)).map_or("", word) == "apart" => Some(End::Except),
        "from" | "off" => Some(End::From),
        "to" | "into" | "onto" => Some(End::To),
        "before" | "until" => Some(End::Before),
        "after" | "since" | "following" => Some(End::After),
        "without" | "w/o" => Some(End::Without),
        "by" => Some(End::By),
        "except" | "besides" | "excluding" | "barring" => Some(End::Except),
        "but" if before.and_then(|at| at.checked_sub(1)).map_or("", word) == "all" => Some(End::Except),
        "for" if before.and_then(|at| at.checked_sub(1)).map_or("", word) == "except" => Some(End::Except),
        "of" if before.and_then(|at| at.checked_sub(1)).map_or("", word) == "instead" => Some(End::From),
        "than" if before.and_then(|at| at.checked_sub(1)).map_or("", word) == "rather" => Some(End::From),
        _ => None,
    };
    marked.or_else(|| {
        // `Replaced X with Y`: the object is given up.
        let verb = sentence
            .verbs
            .iter()
            .find(|verb| verb.objects.contains(&number) || verb.complements.iter().any(|complement| complement.thing == number))?;
        let replaces = ["replac", "substitut", "swap", "exchang"].iter().any(|stem| word(verb.verb).starts_with(stem));
        if !replaces {
            return None;
        }
        let complement = verb.complements.iter().find(|complement| complement.thing == number);
        match complement.map(|complement| word(complement.preposition)) {
            None => Some(End::From),
            Some("with" | "by" | "for") => Some(End::To),
            Some(_) => None,
        }
    })
}

/// For each token the verb that it belongs to: the last one before it in its sentence, or the first one, for what stands before all verbs.
fn homes(reading: &Reading) -> Vec<Option<usize>> {
    let sentence = &reading.english;
    let mut homes: Vec<Option<usize>> = vec![None; reading.tokens.len()];
    let is_stop = |at: usize| {
        reading.tokens.get(at).is_some_and(|token| matches!(token.text.as_str(), "." | ";" | "(" | ")" | "!" | "?"))
            && sentence.part(at) == Part::Mark
    };
    let begins: Vec<usize> = sentence
        .verbs
        .iter()
        .map(|verb| {
            // What stands right before a verb is its subject, or the last part of it.
            let subject = verb.first.checked_sub(1).and_then(|at| sentence.thing_at(at)).filter(|thing| thing.stretch.end == verb.first);
            let first = match verb.subject {
                Subject::Thing(_) => subject.map_or(verb.first, |thing| thing.stretch.first),
                Subject::Unsaid | Subject::Unknown => verb.first,
            };
            match verb.governor {
                Governor::Preposition(at) | Governor::Subordinator(at) if at + 1 == first => at,
                _ => first,
            }
        })
        .collect();
    let mut number = 0;
    let mut current: Option<usize> = None;
    let mut waiting: Vec<usize> = Vec::new();
    for at in 0..reading.tokens.len() {
        if is_stop(at) {
            waiting.clear();
            current = None;
        }
        while begins.get(number).is_some_and(|begin| *begin <= at) {
            if current.is_none() {
                for early in waiting.drain(..) {
                    if let Some(home) = homes.get_mut(early) {
                        *home = Some(number);
                    }
                }
            }
            current = Some(number);
            number += 1;
        }
        if current.is_none() {
            waiting.push(at);
        }
        if let Some(home) = homes.get_mut(at) {
            *home = current;
        }
    }
    homes
}
