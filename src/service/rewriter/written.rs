//! The rules engine's turn: write, check, and give up the slots before giving up the text.

use super::Job;
use crate::domain::grounding::{Candidate, Rewrite, check};
use crate::domain::rules;

/// A rewrite by rules that is better than the bullet, if there is one.
pub(super) fn by_rules(job: &Job<'_>) -> Option<Rewrite> {
    let lexicon = &job.service.parts.lexicon;
    let limits = job.limits();
    let candidate = rules::rewrite(lexicon, limits.asks, &job.evidence);
    let without_slots = Candidate { with_slots: candidate.text.clone(), slots: Vec::new(), text: candidate.text.clone() };
    let rewrite =
        check(lexicon, &job.evidence, limits, candidate).or_else(|_| check(lexicon, &job.evidence, limits, without_slots)).ok()?;
    let better = rewrite.with_slots() != rewrite.text() || rewrite.text() != job.input.bullet.as_str();
    (better && job.score(rewrite.text()).points >= job.before.points).then_some(rewrite)
}
