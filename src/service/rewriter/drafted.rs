//! The model's turn: cache, call, parse, check, repair, one re-ask that quotes the faults, then the next model of the chain.

use super::Job;
use super::texts::{tidy, without_clauses};
use crate::contract::rewrite::{CacheOutcome, CacheUse};
use crate::domain::draft::{Draft, DraftVariant};
use crate::domain::facts::Reading;
use crate::domain::grounding::{Candidate, Rewrite, Side, Violation, check};
use crate::domain::guide::{Ask, labels};
use crate::domain::request::{CacheKey, Message, ModelId, ModelRequest, Speaker};
use crate::domain::rules::{self, ask_for_missing, lacking};
use crate::domain::slots::Slot;
use crate::ports::{CachedReply, Completion};
use crate::service::Link;
use crate::service::chain::{self, Purpose};
use crate::service::cost::Tally;
use crate::service::failure::Failure;
use crate::service::reply;

/// How many clauses are cut from one text before it is given up.
const MAX_CUTS: usize = 3;

/// What a model wrote, checked.
pub(super) struct Drafted {
    pub(super) rewrites: Vec<Rewrite>,
    /// Whether a claim was taken out.
    pub(super) removed: bool,
    pub(super) provider: String,
    pub(super) model: String,
    pub(super) cache: CacheOutcome,
}

/// Why no model wrote anything usable, and which one was asked last.
pub(super) struct Undrafted {
    pub(super) failure: Failure,
    pub(super) model: Option<ModelId>,
}

/// Asks the models of the chain in order.
pub(super) async fn draft(job: &Job<'_>, purpose: Purpose<'_>, tally: &mut Tally) -> Result<Drafted, Undrafted> {
    let mut last = Undrafted { failure: Failure::NoModel, model: None };
    let request = match job.ask() {
        Ok((_, request)) => request,
        Err(error) => return Err(Undrafted { failure: Failure::Prompt(error), model: None }),
    };
    for link in &job.service.parts.chain {
        match one_model(job, link, &request, purpose, tally).await {
            Ok(drafted) => return Ok(drafted),
            Err(failure) => last = Undrafted { failure, model: Some(link.model.id().clone()) },
        }
        let is_over = job.service.parts.clock.elapsed() >= purpose.deadline;
        if is_over || matches!(last.failure, Failure::Ledger(_)) {
            break;
        }
    }
    Err(last)
}

/// One model, behind the cache; several requests with the same question wait for one answer.
async fn one_model(
    job: &Job<'_>,
    link: &Link,
    request: &ModelRequest,
    purpose: Purpose<'_>,
    tally: &mut Tally,
) -> Result<Drafted, Failure> {
    let service = job.service;
    let prompt = &job.order.prompt;
    let key = CacheKey::new(link.model.id(), request, prompt.prompt_ref(), prompt.sha256(), &service.rules_version, purpose.tenant);
    let finish = |reply: CachedReply, checked: Checked, cache| Drafted {
        rewrites: checked.rewrites,
        removed: checked.removed,
        provider: link.model.id().provider().to_owned(),
        model: reply.served_model.unwrap_or_else(|| link.model.id().model().to_owned()),
        cache,
    };
    if job.order.cache == CacheUse::Bypass {
        let (reply, checked) = converse(job, link, request, purpose, tally).await?;
        return Ok(finish(reply, checked, CacheOutcome::Bypassed));
    }
    let turn = service.flights.turn(&key).await;
    // Who refreshes asks anew, but does not ask twice what another request has just asked.
    if (job.order.cache == CacheUse::Use || turn.is_answered())
        && let Some(reply) = service.parts.cache.get(&key).await
        && let Ok(checked) = read_and_check(job, &reply.text)
    {
        return Ok(finish(reply, checked, if turn.is_answered() { CacheOutcome::Shared } else { CacheOutcome::Hit }));
    }
    let (reply, checked) = converse(job, link, request, purpose, tally).await?;
    service.parts.cache.put(key, reply.clone()).await;
    turn.answer();
    Ok(finish(reply, checked, CacheOutcome::Miss))
}

/// Asks, and asks once more with the faults quoted when the answer cannot be used.
async fn converse(
    job: &Job<'_>,
    link: &Link,
    request: &ModelRequest,
    purpose: Purpose<'_>,
    tally: &mut Tally,
) -> Result<(CachedReply, Checked), Failure> {
    let first = chain::ask(job.service, link, request, purpose, tally).await?;
    let fault = match read_and_check(job, &first.text) {
        Ok(checked) => return Ok((kept(first), checked)),
        Err(fault) => fault,
    };
    let again = re_ask(request, &first.text, &fault);
    let second = chain::ask(job.service, link, &again, purpose, tally).await?;
    match read_and_check(job, &second.text) {
        Ok(checked) => Ok((kept(second), checked)),
        Err(Fault::Shape(reason)) => Err(Failure::NotADraft { reason }),
        Err(Fault::Claims(violations)) => Err(Failure::Ungrounded(violations)),
    }
}

fn kept(completion: Completion) -> CachedReply {
    CachedReply { text: completion.text, served_model: completion.served_model }
}

/// What is wrong with a reply.
enum Fault {
    /// It is not the JSON that was asked for.
    Shape(&'static str),
    /// It claims what the evidence does not; the faults of its first variant.
    Claims(Vec<Violation>),
}

/// The variants of a reply that passed.
struct Checked {
    rewrites: Vec<Rewrite>,
    removed: bool,
}

/// The same question with the answer and its faults behind it: other bytes, so that no provider gives the same answer from a cache.
fn re_ask(request: &ModelRequest, answer: &str, fault: &Fault) -> ModelRequest {
    let told = match fault {
        Fault::Shape(reason) => {
            format!("That was not the JSON object that was asked for: {reason}. Answer again with that JSON object and nothing else.")
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

fn read_and_check(job: &Job<'_>, text: &str) -> Result<Checked, Fault> {
    let Draft { variants } = reply::parse(text).map_err(Fault::Shape)?;
    let mut checked = Checked { rewrites: Vec::new(), removed: false };
    let mut faults = Vec::new();
    for variant in variants.into_iter().take(usize::from(job.order.variants)) {
        match vouch(job, variant) {
            Ok((rewrite, removed)) => {
                // Two variants that differ in a weak verb alone would be one when both are polished: then the second stays as it is.
                let is_new = |text: &str| checked.rewrites.iter().all(|known| known.text() != text);
                let best =
                    Some(polished(job, &rewrite)).filter(|best| is_new(best.text())).or(Some(rewrite)).filter(|best| is_new(best.text()));
                checked.removed |= removed && best.is_some();
                checked.rewrites.extend(best);
            }
            Err(violations) if faults.is_empty() => faults = violations,
            Err(_) => {}
        }
    }
    if checked.rewrites.is_empty() { Err(Fault::Claims(faults)) } else { Ok(checked) }
}

/// Checks one variant; cuts the clauses that nothing vouches for, and asks by our own clauses where the model's slots do not hold.
fn vouch(job: &Job<'_>, variant: DraftVariant) -> Result<(Rewrite, bool), Vec<Violation>> {
    let DraftVariant { text, with_slots } = variant;
    let (text, with_slots) = (tidy(&text), tidy(&with_slots));
    let lexicon = &job.service.parts.lexicon;
    let limits = job.limits();
    let own = Candidate { text: text.clone(), slots: known_slots(limits.asks, &with_slots), with_slots };
    if let Ok(rewrite) = check(lexicon, &job.evidence, limits, own)
        && asks_well(job, &rewrite)
    {
        return Ok((rewrite, false));
    }
    let mut text = without_clauses(limits.asks, text);
    for cuts in 0..=MAX_CUTS {
        let (with_slots, slots) = ask_for_missing(lexicon, limits.asks, &text, &job.evidence.facts);
        let plain = Candidate { text: text.clone(), with_slots: text.clone(), slots: Vec::new() };
        let asking = Candidate { text: text.clone(), with_slots, slots };
        let violations = match check(lexicon, &job.evidence, limits, asking).or_else(|_| check(lexicon, &job.evidence, limits, plain)) {
            Ok(rewrite) => return Ok((rewrite, cuts > 0)),
            Err(violations) => violations,
        };
        match without_clause(job, &text, &violations).filter(|_| cuts < MAX_CUTS) {
            Some(shorter) => text = shorter,
            None => return Err(violations),
        }
    }
    Err(Vec::new())
}

/// Whether the slots ask for what the text leaves open, and for nothing that it says.
fn asks_well(job: &Job<'_>, rewrite: &Rewrite) -> bool {
    let lexicon = &job.service.parts.lexicon;
    let open = lacking(lexicon, job.limits().asks, &Reading::new(rewrite.text(), lexicon), &job.evidence.facts);
    let is_open = |slot: &Slot| open.iter().any(|ask| ask.slots.iter().any(|known| known.label == slot.label));
    rewrite.slots().iter().all(is_open) && (open.is_empty() || !rewrite.slots().is_empty())
}

/// The rewrite with what the rules would still mend, a weak opener that the model kept, when that is better and passes the check as well.
fn polished(job: &Job<'_>, rewrite: &Rewrite) -> Rewrite {
    let lexicon = &job.service.parts.lexicon;
    let limits = job.limits();
    let mended = rules::mend(lexicon, limits.asks, &Reading::new(rewrite.text(), lexicon), &job.evidence.facts);
    let better = job.score(&mended.text).points > job.score(rewrite.text()).points;
    let checked = better.then(|| check(lexicon, &job.evidence, limits, mended).ok()).flatten();
    checked.unwrap_or_else(|| rewrite.clone())
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
