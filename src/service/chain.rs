//! One question to one model, asked again when that can help: at most three attempts, one deadline, every attempt in the ledger.
//!
//! The only file that knows the `backoff` crate, and it takes nothing from it but the next delay. Retrying is opted into, error by error;
//! `Retry-After` is a floor for the delay, and a delay that would overrun the deadline ends the matter at once.

use std::time::Duration;

use backoff::ExponentialBackoff;
use backoff::backoff::Backoff;
use futures_util::future::{Either, select};

use super::cost::{Ended, Tally};
use super::failure::Failure;
use super::{Link, Parts};
use crate::domain::cost::TokenUsage;
use crate::domain::prompt::PromptRef;
use crate::domain::request::ModelRequest;
use crate::ports::{Completion, LedgerEntry, ModelError, Timestamp};

/// The most attempts at one question.
const MAX_ATTEMPTS: u32 = 3;

/// What the attempts are for; goes into the ledger.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purpose<'a> {
    /// The rewrite (`rw_…`).
    pub(super) rewrite_id: &'a str,
    /// Position of the bullet in the request.
    pub(super) bullet_index: usize,
    /// Whose account it is.
    pub(super) tenant: &'a str,
    /// The prompt version.
    pub(super) prompt_ref: &'a PromptRef,
    /// The skill the bullet was matched to.
    pub(super) skill: Option<&'a str>,
    /// When the answer must be there, on [`crate::ports::Clock::elapsed`].
    pub(super) deadline: Duration,
}

/// Asks one model until it answers, the error is final, or the time is up.
pub(super) async fn ask(
    parts: &Parts,
    link: &Link,
    request: &ModelRequest,
    purpose: Purpose<'_>,
    tally: &mut Tally,
) -> Result<Completion, Failure> {
    let mut delays = ExponentialBackoff {
        initial_interval: Duration::from_millis(400),
        multiplier: 2.0,
        randomization_factor: 0.5,
        max_interval: Duration::from_secs(8),
        max_elapsed_time: None,
        ..ExponentialBackoff::default()
    };
    for made in 1.. {
        let error = match attempt(parts, link, request, purpose, tally).await {
            Ok(completion) => return Ok(completion),
            Err(Failure::Model(error)) => error,
            Err(other) => return Err(other),
        };
        let pause = delays.next_backoff().filter(|_| made < MAX_ATTEMPTS && is_transient(&error));
        let Some(pause) = pause.map(|pause| pause.max(error.retry_after().unwrap_or_default())) else { return Err(error.into()) };
        if parts.clock.elapsed() + pause >= purpose.deadline {
            return Err(error.into());
        }
        parts.clock.sleep(pause).await;
    }
    Err(ModelError::TimedOut.into())
}

/// Whether the same question may be answered a moment later.
const fn is_transient(error: &ModelError) -> bool {
    match error {
        ModelError::Unreachable { .. } | ModelError::RateLimited { .. } | ModelError::Unavailable { .. } => true,
        ModelError::TimedOut
        | ModelError::Unauthorized { .. }
        | ModelError::QuotaExhausted { .. }
        | ModelError::Rejected { .. }
        | ModelError::BadReply { .. }
        | ModelError::Truncated { .. }
        | ModelError::Refused { .. }
        | ModelError::ReplayMiss { .. } => false,
    }
}

/// One attempt, with its ledger row written before anybody sees the answer.
async fn attempt(
    parts: &Parts,
    link: &Link,
    request: &ModelRequest,
    purpose: Purpose<'_>,
    tally: &mut Tally,
) -> Result<Completion, Failure> {
    parts.ledger.open().await.map_err(Failure::Ledger)?;
    let started_at = parts.clock.now();
    let begun = parts.clock.elapsed();
    let left = purpose.deadline.saturating_sub(begun);
    if left.is_zero() {
        return Err(ModelError::TimedOut.into());
    }
    tally.attempts += 1;
    let outcome = match select(link.model.ask(request), parts.clock.sleep(left)).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(((), _)) => Err(ModelError::TimedOut),
    };
    let entry = entry(parts, link, purpose, tally, &outcome, (started_at, parts.clock.elapsed().saturating_sub(begun)));
    tally.add(entry.usage, entry.cost);
    parts.ledger.record(&entry).await.map_err(Failure::Ledger)?;
    outcome.map_err(Failure::Model)
}

fn entry(
    parts: &Parts,
    link: &Link,
    purpose: Purpose<'_>,
    tally: &Tally,
    outcome: &Result<Completion, ModelError>,
    (started_at, latency): (Timestamp, Duration),
) -> LedgerEntry {
    let (usage, served_model, word, ended) = match outcome {
        Ok(completion) => (completion.usage, completion.served_model.clone(), "complete", counted(completion.usage)),
        Err(error) => (error.usage(), None, super::failure::code_of(error).as_str(), ended(error)),
    };
    let billed = link.tariff.bill(ended, served_model.as_deref());
    let Purpose { rewrite_id, bullet_index, tenant, prompt_ref, skill, deadline: _ } = purpose;
    LedgerEntry {
        attempt_id: parts.ids.next(),
        rewrite_id: rewrite_id.to_owned(),
        bullet_index: u32::try_from(bullet_index).unwrap_or(u32::MAX),
        attempt: tally.attempts,
        tenant: tenant.to_owned(),
        started_at,
        latency,
        model: link.model.id().clone(),
        served_model,
        prompt_ref: prompt_ref.clone(),
        skill: skill.map(str::to_owned),
        outcome: word,
        usage,
        cost: billed.cost,
        certainty: billed.certainty,
        price_ref: billed.price_ref,
    }
}

const fn counted(usage: Option<TokenUsage>) -> Ended {
    match usage {
        Some(usage) => Ended::Counted(usage),
        None => Ended::Uncounted,
    }
}

/// What a failed attempt may have cost.
const fn ended(error: &ModelError) -> Ended {
    match error {
        ModelError::Truncated { usage } | ModelError::Refused { usage, .. } | ModelError::BadReply { usage, .. } => counted(*usage),
        ModelError::TimedOut | ModelError::Unavailable { .. } => Ended::Uncounted,
        ModelError::Unreachable { .. }
        | ModelError::Unauthorized { .. }
        | ModelError::QuotaExhausted { .. }
        | ModelError::RateLimited { .. }
        | ModelError::Rejected { .. }
        | ModelError::ReplayMiss { .. } => Ended::Unworked,
    }
}
