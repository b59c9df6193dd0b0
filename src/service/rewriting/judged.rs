//! A reply judged: read as a draft, each variant checked, repaired where our own means suffice, and told what is wrong where they do not.

use super::Job;
use super::texts::{tidy, without_clauses};
use crate::contract::rewrite::Stripped;
use crate::domain::draft::{Draft, DraftVariant};
use crate::domain::facts::Reading;
use crate::domain::grounding::{Checked as Verdict, Rewrite, Side, Violation, check};
use crate::domain::guide::{Ask, labels};
use crate::domain::request::{Message, ModelRequest, Speaker};
use crate::domain::rules::{self, ask_for_missing, lacking};
use crate::domain::slots::Slot;
use crate::service::calling::failure::Failure;
use crate::service::calling::reply::{self, NoDraft, Reply};

/// How many clauses are cut from one text before it is given up.
const MAX_CUTS: usize = 3;

/// What is wrong with a reply.
pub(super) enum Fault {
    /// It is not the JSON that was asked for.
    Shape(NoDraft),
    /// It claims what the evidence does not; the faults of its first variant.
    Claims(Vec<Violation>),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Shape(NoDraft { reason, detail: _ }) => Self::NotADraft { reason },
            Fault::Claims(violations) => Self::Ungrounded(violations),
        }
    }
}

/// The variants of a reply that passed.
pub(super) struct Checked {
    pub(super) rewrites: Vec<Rewrite>,
    pub(super) removed: bool,
    pub(super) stripped: Vec<Stripped>,
}

/// The same question with the answer and its faults behind it: other bytes, so that no provider gives the same answer from a cache.
pub(super) fn re_ask(request: &ModelRequest, answer: &str, fault: &Fault) -> ModelRequest {
    let told = match fault {
        Fault::Shape(NoDraft { reason, detail }) => {
            // What a parser says can hold words of the model, so it goes in as data, escaped.
            let detail = detail.as_ref().map(|detail| format!(", given as JSON data: {}", serde_json::Value::from(detail.as_str())));
            let detail = detail.unwrap_or_default();
            format!(
                "That was not the JSON object that was asked for: {reason}{detail}. Answer again with that JSON object and nothing else."
            )
        }
        Fault::Claims(violations) => {
            let messages: Vec<&str> = violations.iter().map(|violation| violation.message.as_str()).take(8).collect();
            let list = serde_json::Value::from(messages).to_string();
            format!(
                "A checker refused that rewrite for these reasons, given as JSON data: {list}. Answer again as the same JSON object. Keep every word of the bullet that carries a fact, add no other word that states one, and change nothing else."
            )
        }
    };
    let answer: String = answer.chars().take(4_000).collect();
    let mut again = request.clone();
    again.messages.push(Message { speaker: Speaker::Assistant, content: answer });
    again.messages.push(Message { speaker: Speaker::User, content: told });
    again
}

pub(super) fn read_and_check(job: &Job<'_>, text: &str) -> Result<Checked, Fault> {
    let Reply { draft: Draft { variants }, stripped } = reply::parse(text, job.order.variants).map_err(Fault::Shape)?;
    let mut checked = Checked { rewrites: Vec::new(), removed: false, stripped };
    let mut faults = Vec::new();
    for variant in variants {
        match vouch(job, variant) {
            Ok((rewrite, removed)) => {
                // Two variants that differ in a weak verb alone would be one when both are polished: then the second stays as it is.
                let is_new = |text: &str| checked.rewrites.iter().all(|known| differ(known.text(), text));
                let best = polished(job, &rewrite).filter(|best| is_new(best.text())).or(Some(rewrite)).filter(|best| is_new(best.text()));
                checked.removed |= removed && best.is_some();
                checked.rewrites.extend(best);
            }
            Err(violations) if faults.is_empty() => faults = violations,
            Err(_) => {}
        }
    }
    if checked.rewrites.is_empty() { Err(Fault::Claims(faults)) } else { Ok(checked) }
}

/// Whether two variants differ in more than a synonym: what is left between their common beginning and their common end is more than a word.
fn differ(one: &str, other: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let (one, other) = (words(one), words(other));
    let alike = |pair: &(&String, &String)| pair.0 == pair.1;
    let head = one.iter().zip(&other).take_while(alike).count();
    let shorter = one.len().min(other.len()) - head;
    let tail = one.iter().rev().zip(other.iter().rev()).take(shorter).take_while(alike).count();
    one.len().max(other.len()) - head - tail > 1
}

/// Checks one variant; cuts the clauses that nothing vouches for, and asks by our own clauses where the model's slots do not hold.
fn vouch(job: &Job<'_>, variant: DraftVariant) -> Result<(Rewrite, bool), Vec<Violation>> {
    let DraftVariant { text, with_slots } = variant;
    let (mut text, with_slots) = (tidy(&text), tidy(&with_slots));
    let (lexicon, limits) = (&job.service.parts.lexicon, job.limits());
    let mut judged = vouched(check(lexicon, &job.evidence, limits, &text));
    if let Ok(plain) = &judged
        && let Ok(own) = plain.asking(lexicon, &job.evidence, limits, &with_slots, known_slots(limits.asks, &with_slots))
        && asks_well(job, &own)
    {
        return Ok((own, false));
    }
    for cuts in 0..=MAX_CUTS {
        // A clause of ours has its place in the text to ask by.
        let shorter = if cuts == 0 { Some(without_clauses(limits.asks, &text)) } else { shortened(job, &text, &judged) };
        match shorter {
            Some(shorter) if shorter != text => {
                judged = vouched(check(lexicon, &job.evidence, limits, &shorter));
                text = shorter;
            }
            Some(_) => {}
            None => break,
        }
        if let Ok(plain) = judged {
            return Ok((asking_for_missing(job, plain), cuts > 0));
        }
    }
    Err(judged.err().unwrap_or_default())
}

/// What code alone vouches for; what it can only ask about counts as refused.
fn vouched(checked: Verdict) -> Result<Rewrite, Vec<Violation>> {
    match checked {
        Verdict::Grounded(rewrite) => Ok(rewrite),
        Verdict::Unsettled(unsettled) => Err(unsettled.items().to_vec()),
        Verdict::Ungrounded(violations) => Err(violations),
    }
}

/// The text without what the judge found fault with.
fn shortened(job: &Job<'_>, text: &str, judged: &Result<Rewrite, Vec<Violation>>) -> Option<String> {
    without_clause(job, text, judged.as_ref().err()?)
}

/// The rewrite with our own questions, where they hold.
fn asking_for_missing(job: &Job<'_>, plain: Rewrite) -> Rewrite {
    with_our_questions(job, &plain).unwrap_or(plain)
}

fn with_our_questions(job: &Job<'_>, plain: &Rewrite) -> Option<Rewrite> {
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

/// The rewrite with what the rules would still mend, a weak opener that the model kept, when that is better and passes the check as well.
fn polished(job: &Job<'_>, rewrite: &Rewrite) -> Option<Rewrite> {
    let lexicon = &job.service.parts.lexicon;
    let mended = rules::mend(lexicon, rewrite.reading());
    if mended == rewrite.text() {
        return None;
    }
    let plain = check(lexicon, &job.evidence, job.limits(), &mended).grounded()?;
    let is_better = job.score(plain.reading()).points > job.score(rewrite.reading()).points;
    if is_better { with_our_questions(job, &plain) } else { None }
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

/// The text without the last clause that holds a fault.
fn without_clause(job: &Job<'_>, text: &str, violations: &[Violation]) -> Option<String> {
    let reading = Reading::new(text, &job.service.parts.lexicon);
    let faulty = |clause: &&crate::domain::facts::Clause| {
        violations.iter().any(|violation| violation.side == Side::Rewrite && violation.span.overlaps(clause.span))
    };
    let clause = reading.clauses.iter().rfind(faulty)?;
    // The comma, `and` or `to` before the clause goes with it.
    let joins = |at: usize| {
        reading.tokens.get(at).is_some_and(|token| {
            matches!(token.lower.as_str(), "," | ";" | "-" | "and" | "to" | "by" | "while" | "thereby" | "thus" | "which")
        })
    };
    let first = (1..=clause.first).rev().find(|at| !joins(at - 1)).unwrap_or(clause.first);
    let (start, end) = (reading.span(first, first + 1).start, clause.span.end);
    let head: String = text.chars().take(start).collect();
    let tail: String = text.chars().skip(end).collect();
    Some(tidy(&format!("{}{tail}", head.trim_end()))).filter(|shorter| !shorter.is_empty() && shorter != text)
}

#[cfg(test)]
mod tests {
    use super::differ;

    #[test]
    fn a_synonym_makes_no_second_variant() {
        assert!(!differ("Built a cache for the API", "built a cache for the API"));
        assert!(!differ("Built a cache for the API", "Made a cache for the API"));
        assert!(!differ("Built a cache for the API", "Built a cache for API"));
        assert!(differ("Built a cache for the API", "For the API, built a cache"));
        assert!(differ("Built a cache for the API", "Made an API cache"));
    }
}
