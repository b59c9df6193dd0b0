//! The rules engine's turn: write, check, and give up the slots before giving up the text.

use super::Job;
use super::texts::tidy;
use crate::domain::grounding::{Candidate, Rewrite, check};
use crate::domain::rules::{self, ask_for_missing};

/// A rewrite by rules that is better than the bullet, if there is one.
pub(super) fn by_rules(job: &Job<'_>) -> Option<Rewrite> {
    let lexicon = &job.service.parts.lexicon;
    let limits = job.limits();
    let candidate = rules::rewrite(lexicon, limits.asks, &job.evidence);
    let without_slots = Candidate { with_slots: candidate.text.clone(), slots: Vec::new(), text: candidate.text.clone() };
    // The words as they were sent, should the rules have spoiled something: questions can be asked of them all the same.
    let own_words = tidy(job.input.bullet.as_str());
    let (with_slots, slots) = ask_for_missing(lexicon, limits.asks, &own_words, &job.evidence.facts);
    let only_asking = Candidate { text: own_words, with_slots, slots };
    let rewrite =
        [candidate, without_slots, only_asking].into_iter().find_map(|candidate| check(lexicon, &job.evidence, limits, candidate).ok())?;
    let better = rewrite.with_slots() != rewrite.text() || rewrite.text() != job.input.bullet.as_str();
    (better && job.score(rewrite.text()).points_but_for_length() >= job.before.points_but_for_length()).then_some(rewrite)
}
