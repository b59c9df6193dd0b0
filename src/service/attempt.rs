//! One attempt at one model, with its ledger row written before anybody sees the answer, and also when nobody is there to see it any more.

use std::time::Duration;

use super::cost::Tally;
use super::failure::Failure;
use super::overhead::ProviderTime;
use super::presence::Presence;
use super::{Link, Parts, Service};
use crate::domain::prompt::PromptRef;
use crate::domain::request::ModelRequest;
use crate::ports::{Completion, LedgerEntry, ModelError, Served};

/// A counter: attempts at models, by provider, model and how they ended.
const ATTEMPTS: &str = "bulletsmith_attempts_total";

/// What the attempts are for; goes into the ledger.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purpose<'a> {
    /// The rewrite (`rw_…`).
    pub(super) rewrite_id: &'a str,
    /// Position of the bullet in the request; of several, the first.
    pub(super) bullet_index: usize,
    /// How many bullets are asked for, at least 1.
    pub(super) bullets: usize,
    /// Whose account it is.
    pub(super) tenant: &'a str,
    /// The prompt version.
    pub(super) prompt_ref: &'a PromptRef,
    /// The skill the bullet was matched to; of several, the one that all were matched to.
    pub(super) skill: Option<&'a str>,
    /// When the answer must be there, on [`crate::ports::Clock::elapsed`].
    pub(super) deadline: Duration,
    /// Whether anybody still waits for it.
    pub(super) client: &'a Presence,
    /// Where the time of the call is noted.
    pub(super) provider_time: &'a ProviderTime,
}

/// Asks once, for at most this long; the inner error is the model's.
pub(super) async fn attempt(
    service: &Service,
    link: &Link,
    request: &ModelRequest,
    purpose: Purpose<'_>,
    left: Duration,
    tally: &mut Tally,
) -> Result<Result<Completion, ModelError>, Failure> {
    let Parts { ledger, clock, .. } = &service.parts;
    if left.is_zero() {
        return Err(ModelError::TimedOut.into());
    }
    ledger.open().await.map_err(Failure::Ledger)?;
    tally.attempts += 1;
    tally.calls += 1;
    let row = row(&service.parts, link, purpose, tally.attempts);
    let begun = clock.elapsed();
    let outcome = tokio::select! {
        biased;
        outcome = link.model.ask(request) => outcome,
        () = service.calls.cut() => Err(ModelError::TimedOut),
        () = clock.sleep(left) => Err(ModelError::TimedOut),
    };
    let ended = clock.elapsed();
    purpose.provider_time.note(begun, ended);
    let row = row(&outcome, ended.saturating_sub(begun));
    let labels =
        [("provider", row.model.provider().to_owned()), ("model", row.model.model().to_owned()), ("outcome", row.outcome.to_owned())];
    metrics::counter!(ATTEMPTS, &labels).increment(1);
    tally.add(row.usage, row.cost);
    ledger.record(&row).await.map_err(Failure::Ledger)?;
    Ok(outcome)
}

/// The ledger row of an attempt that begins now, once its outcome is known.
fn row(
    parts: &Parts,
    link: &Link,
    purpose: Purpose<'_>,
    attempt: u32,
) -> impl FnOnce(&Result<Completion, ModelError>, Duration) -> LedgerEntry + Send + use<> {
    let Purpose { rewrite_id, bullet_index, bullets, tenant, prompt_ref, skill, deadline: _, client: _, provider_time: _ } = purpose;
    let (attempt_id, started_at, link) = (parts.ids.next(), parts.clock.now(), link.clone());
    let [bullet_index, bullets] = [bullet_index, bullets].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    let (rewrite_id, tenant, prompt_ref, skill) = (rewrite_id.to_owned(), tenant.to_owned(), prompt_ref.clone(), skill.map(str::to_owned));
    move |outcome, latency| {
        let (served, word) = match outcome {
            Ok(completion) => (Some(&completion.served), "complete"),
            Err(error) => (error.served(), super::failure::code_of(error).as_str()),
        };
        let Served { model: served_model, tier: served_tier, usage } = served.cloned().unwrap_or_default();
        let billed = link.bill(outcome);
        LedgerEntry {
            attempt_id,
            rewrite_id,
            bullet_index,
            bullets,
            attempt,
            tenant,
            started_at,
            latency,
            model: link.model.id().clone(),
            served_model,
            served_tier,
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
