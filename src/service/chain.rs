//! One question to one model, asked again when that can help: at most three attempts, one deadline, every attempt in the ledger.
//!
//! The only file that knows the `backoff` crate, and it takes nothing from it but the next delay. Retrying is opted into, error by error;
//! `Retry-After` is a floor for the delay, and a delay that would overrun the deadline ends the matter at once.

use std::sync::Arc;
use std::time::Duration;

use backoff::ExponentialBackoff;
use backoff::backoff::Backoff;
use futures_util::future::{Either, select};

use super::cost::{Ended, Tally};
use super::failure::Failure;
use super::{Link, Parts, Service};
use crate::domain::cost::TokenUsage;
use crate::domain::prompt::PromptRef;
use crate::domain::request::ModelRequest;
use crate::ports::{Completion, LedgerEntry, ModelError};

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
    service: &Service,
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
        let error = match attempt(service, link, request, purpose, tally).await {
            Ok(completion) => return Ok(completion),
            Err(Failure::Model(error)) => error,
            Err(other) => return Err(other),
        };
        let pause = delays.next_backoff().filter(|_| made < MAX_ATTEMPTS && is_transient(&error));
        let Some(pause) = pause.map(|pause| pause.max(error.retry_after().unwrap_or_default())) else { return Err(error.into()) };
        // A provider may ask for more time than there is.
        if service.parts.clock.elapsed().saturating_add(pause) >= purpose.deadline {
            return Err(error.into());
        }
        service.parts.clock.sleep(pause).await;
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

/// One attempt, with its ledger row written before anybody sees the answer, and also when nobody is there to see it any more.
async fn attempt(
    service: &Service,
    link: &Link,
    request: &ModelRequest,
    purpose: Purpose<'_>,
    tally: &mut Tally,
) -> Result<Completion, Failure> {
    let Parts { ledger, clock, .. } = &service.parts;
    ledger.open().await.map_err(Failure::Ledger)?;
    let left = purpose.deadline.saturating_sub(clock.elapsed());
    if left.is_zero() {
        return Err(ModelError::TimedOut.into());
    }
    tally.attempts += 1;
    let row = row(&service.parts, link, purpose, tally.attempts);
    let (model, request, ledger, clock) = (Arc::clone(&link.model), request.clone(), Arc::clone(ledger), Arc::clone(clock));
    let call = async move {
        let begun = clock.elapsed();
        let outcome = match select(model.ask(&request), clock.sleep(left)).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(((), _)) => Err(ModelError::TimedOut),
        };
        let row = row(&outcome, clock.elapsed().saturating_sub(begun));
        let recorded = ledger.record(&row).await;
        (outcome, row, recorded)
    };
    let (outcome, row, recorded) = service.calls.carry(call).await;
    tally.add(row.usage, row.cost);
    recorded.map_err(Failure::Ledger)?;
    outcome.map_err(Failure::Model)
}

/// The ledger row of an attempt that begins now, once its outcome is known.
fn row(
    parts: &Parts,
    link: &Link,
    purpose: Purpose<'_>,
    attempt: u32,
) -> impl FnOnce(&Result<Completion, ModelError>, Duration) -> LedgerEntry + Send + use<> {
    let Purpose { rewrite_id, bullet_index, tenant, prompt_ref, skill, deadline: _ } = purpose;
    let (attempt_id, started_at, link) = (parts.ids.next(), parts.clock.now(), link.clone());
    let bullet_index = u32::try_from(bullet_index).unwrap_or(u32::MAX);
    let (rewrite_id, tenant, prompt_ref, skill) = (rewrite_id.to_owned(), tenant.to_owned(), prompt_ref.clone(), skill.map(str::to_owned));
    move |outcome, latency| {
        let (usage, served_model, word, ended) = match outcome {
            Ok(completion) => (completion.usage, completion.served_model.clone(), "complete", counted(completion.usage)),
            Err(error) => (error.usage(), None, super::failure::code_of(error).as_str(), ended(error)),
        };
        let billed = link.tariff.bill(ended, served_model.as_deref());
        LedgerEntry {
            attempt_id,
            rewrite_id,
            bullet_index,
            attempt,
            tenant,
            started_at,
            latency,
            model: link.model.id().clone(),
            served_model,
            prompt_ref,
            skill,
            outcome: word,
            usage,
            cost: billed.cost,
            certainty: billed.certainty,
            price_ref: billed.price_ref,
        }
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
        ModelError::TimedOut | ModelError::Unavailable { .. } | ModelError::Unreachable { was_sent: true, .. } => Ended::Uncounted,
        ModelError::Unreachable { was_sent: false, .. }
        | ModelError::Unauthorized { .. }
        | ModelError::QuotaExhausted { .. }
        | ModelError::RateLimited { .. }
        | ModelError::Rejected { .. }
        | ModelError::ReplayMiss { .. } => Ended::Unworked,
    }
}
