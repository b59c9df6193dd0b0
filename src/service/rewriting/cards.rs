//! The pairs of weak and strong bullets that a model is shown: the guide's own, made ready once and not for every bullet.

use std::collections::HashMap;

use super::texts::{tidy, without_clauses};
use crate::domain::guide::{Ask, Example, Guide, Guides, SkillEntry};
use crate::domain::prompt::CardExample;

/// The pairs of every skill of every guide.
#[derive(Debug)]
pub(in crate::service) struct Cards(HashMap<String, Card>);

/// The pairs of one guide.
#[derive(Debug)]
struct Card {
    general: Vec<CardExample>,
    skills: HashMap<String, Vec<CardExample>>,
}

impl Cards {
    /// Makes them ready.
    pub(in crate::service) fn new(guides: &Guides) -> Self {
        Self(guides.iter().map(|guide| (guide.id().to_owned(), Card::new(guide))).collect())
    }

    /// The pairs of a skill, or of the general card.
    pub(super) fn examples(&self, guide: &Guide, skill: Option<&SkillEntry>) -> &[CardExample] {
        let card = self.0.get(guide.id());
        let examples = card.and_then(|card| skill.map_or(Some(&card.general), |skill| card.skills.get(&skill.id)));
        examples.map_or(&[], Vec::as_slice)
    }
}

impl Card {
    fn new(guide: &Guide) -> Self {
        // The pairs of the general card ask by its kinds of work.
        let every: Vec<Ask> = guide.every_ask().cloned().collect();
        let taught = |skill: &SkillEntry| skill.asks.iter().chain(&skill.more_asks).cloned().collect::<Vec<Ask>>();
        let skills = guide.skills().iter().map(|skill| (skill.id.clone(), pairs(&skill.examples, &taught(skill))));
        Self { general: pairs(&guide.file().general.examples, &every), skills: skills.collect() }
    }
}

fn pairs(examples: &[Example], taught: &[Ask]) -> Vec<CardExample> {
    let pair = |example: &Example| CardExample {
        bullet: tidy(&example.before),
        text: without_clauses(taught, &tidy(&example.after)),
        with_slots: tidy(&example.after),
    };
    // An example that needs a bracket where a text may have none would teach the wrong thing.
    examples.iter().map(pair).filter(|example| !example.bullet.contains('[') && !example.text.contains('[')).collect()
}
