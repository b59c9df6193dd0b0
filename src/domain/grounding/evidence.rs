//! What a rewrite may rest on: the bullet and the facts the user gave, less what those facts deny.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::denial::{denied, denied_numbers, denied_throughout};
use super::known::{Known, Place};
use super::layout::{Laid, Layout};
use crate::domain::facts::{Reading, Technology};
use crate::domain::lexicon::{Lexicon, Tense, Tier};
use crate::domain::quantity::Quantity;
use crate::domain::text::Span;

/// The bullet, the facts, and the texts that are no evidence but tell where a foreign fact came from.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The bullet.
    pub bullet: Reading,
    /// The facts, one text each.
    pub facts: Vec<Reading>,
    /// Other bullets and the job description; never evidence.
    pub foreign: Vec<Arc<Reading>>,
    denied: BTreeSet<String>,
    denied_numbers: BTreeSet<(usize, usize)>,
    bullet_denies: BTreeSet<String>,
    /// What its words are.
    pub(super) known: Known,
    /// How each of its texts is laid out, the bullet first.
    layouts: Vec<Layout>,
    /// The most ownership that the facts state, where they state any.
    stated: Option<Tier>,
    /// How long a text the writer has asked for by answering its slots, in characters; 0 when nobody has.
    pub(super) asked_for: usize,
}

impl Evidence {
    /// Reads the texts.
    pub fn new(lexicon: &Lexicon, bullet: &str, facts: &[&str], foreign: &[&str]) -> Self {
        let read = |texts: &[&str]| {
            texts.iter().filter(|text| !text.trim().is_empty()).map(|text| Reading::new(text, lexicon)).collect::<Vec<_>>()
        };
        let facts = read(facts);
        let bullet = Reading::new(bullet, lexicon);
        let bullet_denies = denied_throughout(&bullet);
        let affirmed =
            |id: &String| facts.iter().any(|text| text.technologies.iter().any(|known| known.id == *id) && !denied(text).contains(id));
        let denied: BTreeSet<String> = facts.iter().flat_map(denied).collect();
        // Denied in one fact and used in another: the user says both, and the use is what a rewrite may tell.
        let denied = denied.into_iter().filter(|id| !affirmed(id)).collect();
        let denied_numbers =
            facts.iter().enumerate().flat_map(|(text, facts)| denied_numbers(facts).into_iter().map(move |at| (text, at))).collect();
        let texts = || std::iter::once(&bullet).chain(&facts);
        let known = Known::new(lexicon, texts());
        let layouts = texts().map(Layout::new).collect();
        let stated = facts.iter().filter_map(|facts| stated_tier(facts, lexicon)).max();
        let foreign = read(foreign).into_iter().map(Arc::new).collect();
        Self { stated, known, layouts, bullet, facts, foreign, denied, denied_numbers, bullet_denies, asked_for: 0 }
    }

    /// A text by its number: 0 for the bullet, then the facts.
    pub(super) fn reading(&self, text: usize) -> Option<&Reading> {
        self.readings().nth(text)
    }

    /// A text by its number, with its layout.
    pub(super) fn laid(&self, text: usize) -> Option<Laid<'_>> {
        Some(Laid { reading: self.reading(text)?, layout: self.layouts.get(text)? })
    }

    /// The texts with their layouts, the bullet first.
    pub(super) fn all_laid(&self) -> impl Iterator<Item = Laid<'_>> {
        self.readings().zip(&self.layouts).map(|(reading, layout)| Laid { reading, layout })
    }

    /// Where a token of the evidence stands in its text.
    pub(super) fn span_of(&self, place: Place) -> Span {
        self.reading(place.text).and_then(|text| text.tokens.get(place.at)).map_or(Span::new(0, 0), |token| token.span)
    }

    /// The tokens of a number of the evidence.
    pub(super) fn places_of(&self, known: &Quantity) -> Vec<Place> {
        let holds = |text: &&Reading| text.quantities.iter().any(|other| std::ptr::eq(other, known));
        let Some((text, reading)) = self.readings().enumerate().find(|(_, text)| holds(text)) else { return Vec::new() };
        let first = reading.tokens.partition_point(|token| token.end <= known.folded.0);
        let end = reading.tokens.partition_point(|token| token.start < known.folded.1);
        (first..end).map(|at| Place { text, at }).collect()
    }

    /// The same evidence for a text whose slots the writer has answered: it may be as long as that text, however short the bullet is.
    #[must_use]
    pub fn for_answers(self, with_answers: &str) -> Self {
        Self { asked_for: with_answers.chars().count(), ..self }
    }

    /// The same evidence beside a text that is no evidence and was read before.
    #[must_use]
    pub fn beside(mut self, foreign: &Arc<Reading>) -> Self {
        self.foreign.push(Arc::clone(foreign));
        self
    }

    /// The bullet, then the facts.
    pub fn readings(&self) -> impl Iterator<Item = &Reading> {
        std::iter::once(&self.bullet).chain(&self.facts)
    }

    /// Whether something of the evidence names the technology or a kind of it, and no fact denies it.
    pub fn supports(&self, id: &str, lexicon: &Lexicon) -> bool {
        self.readings().any(|reading| {
            reading
                .technologies
                .iter()
                .chain(&reading.classes)
                .any(|known| !self.denied.contains(&known.id) && lexicon.is_kind_of(&known.id, id))
        })
    }

    /// Whether a fact denies the technology.
    pub fn denies(&self, id: &str) -> bool {
        self.denied.contains(id)
    }

    /// Whether the bullet itself denies the technology: `Memcached, not Redis`.
    pub fn bullet_denies(&self, id: &str) -> bool {
        self.bullet_denies.contains(id)
    }

    /// Every technology that the evidence names and no fact denies.
    pub fn technologies(&self) -> impl Iterator<Item = &Technology> {
        self.readings().flat_map(|reading| &reading.technologies).filter(|known| !self.denied.contains(&known.id))
    }

    /// Every number of the evidence that no fact denies.
    pub fn quantities(&self) -> impl Iterator<Item = &Quantity> {
        self.bullet.quantities.iter().chain(self.fact_quantities())
    }

    /// Every number of the facts that they do not deny.
    pub fn fact_quantities(&self) -> impl Iterator<Item = &Quantity> {
        let stands = |text: usize, at: usize| !self.denied_numbers.contains(&(text, at));
        self.facts.iter().enumerate().flat_map(move |(text, facts)| {
            facts.quantities.iter().enumerate().filter(move |(at, _)| stands(text, *at)).map(|(_, known)| known)
        })
    }

    /// The text of the evidence that holds a number.
    pub fn reading_of(&self, known: &Quantity) -> Option<&Reading> {
        self.readings().find(|reading| reading.quantities.iter().any(|other| std::ptr::eq(other, known)))
    }

    /// Whether the facts say that the writer did it: `I did it on my own`.
    pub(super) fn affirms(&self) -> bool {
        self.stated >= Some(Tier::Did)
    }

    /// The most ownership that the evidence states.
    pub fn tier(&self) -> Tier {
        self.stated.map_or(self.bullet.tier, |stated| stated.max(self.bullet.tier))
    }

    /// The most ownership that the facts state, where they state any.
    pub const fn stated_by_facts(&self) -> Option<Tier> {
        self.stated
    }

    /// Whether a text is the bullet itself, word for word.
    pub fn is_bullet(&self, reading: &Reading) -> bool {
        let words =
            |text: &Reading| text.tokens.iter().filter(|token| !token.is_mark(".")).map(|token| token.lower.clone()).collect::<Vec<_>>();
        words(reading) == words(&self.bullet)
    }
}

/// The ownership that a fact states: `led 3 people`, `I built the importer`.
/// Facts are fragments: `built with Redis` and `used Redis` say nothing of whose work it was.
fn stated_tier(facts: &Reading, lexicon: &Lexicon) -> Option<Tier> {
    let phrases = lexicon.phrases();
    let tokens = &facts.tokens;
    let opens = |at: usize| {
        at.checked_sub(1).and_then(|before| tokens.get(before)).is_none_or(|before| {
            !before.is_word() || matches!(before.lower.as_str(), "and" | "then" | "also") || phrases.first_person.has_word(&before.lower)
        })
    };
    let by_writer = |at: usize| at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|before| before.lower == "i");
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    // `I was the lead of this team`, `as tech lead`.
    let leads = (0..tokens.len()).any(|at| {
        matches!(word(at), "was" | "am" | "as" | "i'm" | "being")
            && (1..4).any(|ahead| {
                matches!(word(at + ahead), "lead" | "leader")
                    && (1..ahead).all(|between| matches!(word(at + between), "the" | "a" | "team" | "tech" | "technical" | "their"))
            })
    });
    if leads {
        return Some(Tier::Led);
    }
    // `did it myself`
    let alone = tokens.iter().any(|token| matches!(token.lower.as_str(), "myself" | "alone" | "solo"));
    let named = (0..tokens.len())
        .filter(|at| opens(*at))
        .filter_map(|at| {
            let form = lexicon.verb(&tokens.get(at)?.lower).filter(|form| form.tense == Tense::Past)?;
            let uses = form.verb.groups.iter().any(|group| group == "use");
            (form.verb.tier > Tier::Did || (by_writer(at) && !uses)).then_some(form.verb.tier)
        })
        .max();
    named.max(alone.then_some(Tier::Did))
}
