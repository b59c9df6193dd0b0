//! The text of an accepted line that asks for what is missing: the model's own, where its slots hold, else ours.

use super::Job;
use super::texts::{tidy, without_clauses};
use crate::domain::grounding::Rewrite;
use crate::domain::guide::{Ask, labels};
use crate::domain::rules::{ask_for_missing, lacking};
use crate::domain::slots::Slot;

/// The rewrite with questions, where they hold.
pub(super) fn with_questions(job: &Job<'_>, plain: Rewrite, with_slots: &str) -> Rewrite {
    models_own(job, &plain, with_slots).or_else(|| our_own(job, &plain)).unwrap_or(plain)
}

/// The model's questions, when they are in good form and claim nothing.
fn models_own(job: &Job<'_>, plain: &Rewrite, with_slots: &str) -> Option<Rewrite> {
    let (lexicon, limits) = (&job.service.parts.lexicon, job.limits());
    if !adds_questions_alone(limits.asks, plain.text(), with_slots) {
        return None;
    }
    let slots = known_slots(limits.asks, with_slots);
    let own = plain.asking(lexicon, &job.evidence, limits, with_slots, slots).ok()?;
    asks_well(job, &own).then_some(own)
}

/// Whether a text is another one with clauses of the guide put in, so that whoever has read that one has read all that it claims.
fn adds_questions_alone(asks: &[Ask], text: &str, with_slots: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(|word| word.trim_end_matches(',').to_owned()).collect::<Vec<_>>();
    words(&without_clauses(asks, with_slots)) == words(&tidy(text))
}

fn our_own(job: &Job<'_>, plain: &Rewrite) -> Option<Rewrite> {
    let lexicon = &job.service.parts.lexicon;
    let (with_slots, slots) = ask_for_missing(lexicon, job.asks.asked(), plain.reading(), &job.evidence.facts);
    plain.asking(lexicon, &job.evidence, job.limits(), &with_slots, slots).ok()
}

/// Whether the slots ask for what the text leaves open, and for nothing that it says.
fn asks_well(job: &Job<'_>, rewrite: &Rewrite) -> bool {
    let open = lacking(&job.service.parts.lexicon, job.asks.all(), rewrite.reading(), &job.evidence.facts);
    let is_open = |slot: &Slot| open.iter().any(|ask| ask.slots.iter().any(|known| known.label == slot.label));
    rewrite.slots().iter().all(is_open) && (open.is_empty() || !rewrite.slots().is_empty())
}

/// The slots of a text by the labels of the guide's clauses; a label that the guide does not know is left out, and the check will say so.
fn known_slots(asks: &[Ask], with_slots: &str) -> Vec<Slot> {
    let known = |label: String| asks.iter().flat_map(|ask| &ask.slots).find(|slot| slot.label == label);
    labels(with_slots)
        .into_iter()
        .filter_map(known)
        .enumerate()
        .map(|(at, slot)| Slot::new(at, &slot.label, slot.kind, &slot.question))
        .collect()
}
