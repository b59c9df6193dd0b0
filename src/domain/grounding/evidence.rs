//! What a rewrite may rest on: the bullet and the facts the user gave, less what those facts deny.

use std::collections::BTreeSet;

use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tier};
use crate::domain::quantity::Quantity;

/// The bullet, the facts, and the texts that are no evidence but tell where a foreign fact came from.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The bullet.
    pub bullet: Reading,
    /// The facts, one text each.
    pub facts: Vec<Reading>,
    /// Other bullets and the job description; never evidence.
    pub foreign: Vec<Reading>,
    denied: BTreeSet<String>,
}

impl Evidence {
    /// Reads the texts.
    pub fn new(lexicon: &Lexicon, bullet: &str, facts: &[&str], foreign: &[&str]) -> Self {
        let read = |texts: &[&str]| {
            texts.iter().filter(|text| !text.trim().is_empty()).map(|text| Reading::new(text, lexicon)).collect::<Vec<_>>()
        };
        let facts = read(facts);
        let denied = facts.iter().flat_map(denied).collect();
        Self { bullet: Reading::new(bullet, lexicon), facts, foreign: read(foreign), denied }
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

    /// Every number of the evidence.
    pub fn quantities(&self) -> impl Iterator<Item = &Quantity> {
        self.readings().flat_map(|reading| &reading.quantities)
    }

    /// The most ownership that the evidence states.
    pub fn tier(&self) -> Tier {
        // Facts are fragments; one that opens with no verb states nothing.
        let raised = self.facts.iter().filter(|facts| facts.tier != Tier::Did).map(|facts| facts.tier).max();
        raised.map_or(self.bullet.tier, |tier| tier.max(self.bullet.tier))
    }

    /// Whether a text is the bullet itself, word for word.
    pub fn is_bullet(&self, reading: &Reading) -> bool {
        let words = |reading: &Reading| reading.tokens.iter().map(|token| token.text.clone()).collect::<Vec<_>>();
        words(reading) == words(&self.bullet)
    }
}

/// Technologies right behind a word that denies: `not Redis`, `no Kafka`, `without Docker`, `instead of MySQL`.
fn denied(facts: &Reading) -> Vec<String> {
    facts
        .technologies
        .iter()
        .filter(|technology| {
            let before: Vec<&str> = facts.tokens.iter().take(technology.first).rev().take(2).map(|token| token.lower.as_str()).collect();
            let denies = |word: &str| matches!(word, "not" | "no" | "never" | "without" | "n't") || word.ends_with("n't");
            match before.as_slice() {
                [last, ..] if denies(last) => true,
                ["of", "instead"] => true,
                ["a" | "an" | "the" | "use" | "using" | "used", denier] if denies(denier) => true,
                _ => false,
            }
        })
        .map(|technology| technology.id.clone())
        .collect()
}
