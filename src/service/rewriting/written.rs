//! The rules engine's turn: write, and give up where nothing better came of it.

use super::{Job, note};
use crate::contract::rewrite::{Note, NoteCode};
use crate::domain::grounding::Rewrite;
use crate::domain::rules::{self, Remark};

/// A rewrite by rules that is better than the bullet, if there is one.
pub(super) fn by_rules(job: &Job<'_>) -> Option<Rewrite> {
    let lexicon = &job.service.parts.lexicon;
    let (asks, limits) = (job.asks.asked(), job.limits());
    let rewrite = rules::rewrite(lexicon, asks, limits, &job.evidence)?;
    if is_better(job, &rewrite) {
        return Some(rewrite);
    }
    // The words as they were sent, should the rules have made them no better: questions can be asked of them all the same.
    rules::asking_only(lexicon, asks, limits, &job.evidence).filter(|rewrite| is_better(job, rewrite))
}

fn is_better(job: &Job<'_>, rewrite: &Rewrite) -> bool {
    // To take the period away is no rewrite.
    let same_words = rewrite.text() == job.input.bullet.as_str().trim().trim_end_matches('.');
    let says_more = rewrite.with_slots() != rewrite.text() || !same_words;
    says_more && job.score(rewrite.reading()).points_but_for_length() >= job.before.points_but_for_length()
}

/// What the rules tell beside their text.
pub(super) fn notes(job: &Job<'_>, rewrite: &Rewrite) -> Vec<Note> {
    let told = rules::remarks(&job.service.parts.lexicon, &job.evidence, rewrite);
    let code = |remark| match remark {
        Remark::MissingDeed => NoteCode::MissingDeed,
        Remark::SharedCredit => NoteCode::SharedCredit,
        Remark::LittleToChange => NoteCode::LittleToChange,
    };
    told.into_iter().map(|remark| note(code(remark), remark.message())).collect()
}
