//! One attempt at one model: its money is set aside, it is made, and its ledger row is written before anybody sees the answer, and also when
//! nobody is there to see it any more.

use std::time::Duration;

use super::failure::Failure;
use super::overhead::ProviderTime;
use super::presence::Presence;
use crate::domain::cost::Day;
use crate::domain::prompt::PromptRef;
use crate::domain::request::ModelRequest;
use crate::ports::{CallPurpose, Completion, HoldOrder, LedgerEntry, ModelError, Served};
use crate::service::account::budget::{self, Worst};
use crate::service::account::cost::Tally;
use crate::service::{Link, Parts, Service};

/// A counter: attempts at models, by provider, model and how they ended.
const ATTEMPTS: &str = "bulletsmith_attempts_total";

/// What the attempts are for; goes into the ledger.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct Purpose<'a> {
    /// Whether something is written or judged.
    pub(in crate::service) work: CallPurpose,
    /// The rewrite (`rw_…`).
    pub(in crate::service) rewrite_id: &'a str,
    /// Position of the bullet in the request; of several, the first.
    pub(in crate::service) bullet_index: usize,
    /// How many bullets are asked for, at least 1.
    pub(in crate::service) bullets: usize,
    /// Whose account it is.
    pub(in crate::service) tenant: &'a str,
    /// The prompt version.
    pub(in crate::service) prompt_ref: &'a PromptRef,
    /// The skill the bullet was matched to; of several, the one that all were matched to.
    pub(in crate::service) skill: Option<&'a str>,
    /// When the answer must be there, on [`crate::ports::Clock::elapsed`].
    pub(in crate::service) deadline: Duration,
    /// Whether anybody still waits for it.
    pub(in crate::service) client: &'a Presence,
    /// Where the time of the call is noted.
    pub(in crate::service) provider_time: &'a ProviderTime,
}

/// Asks once, for at most this long; the inner error is the model's.
pub(in crate::service) async fn attempt(
    service: &Service,
    link: &Link,
    request: &ModelRequest,
    purpose: Purpose<'_>,
    left: Duration,
    tally: &mut Tally,
) -> Result<Result<Completion, ModelError>, Failure> {
    let Parts { clock, .. } = &service.parts;
    if left.is_zero() {
        return Err(ModelError::TimedOut.into());
    }
    let order = order(service, link, request, purpose, left, tally.attempts.saturating_add(1));
    let hold = tokio::select! {
        biased;
        hold = budget::hold(service, &order) => hold?,
        // What is placed nevertheless expires by itself.
        () = clock.sleep(left) => return Err(ModelError::TimedOut.into()),
    };
    tally.attempts += 1;
    tally.calls += 1;
    let begun = clock.elapsed();
    let outcome = tokio::select! {
        biased;
        outcome = link.model.ask(request) => outcome,
        () = service.calls.cut() => Err(ModelError::TimedOut),
        () = clock.sleep(left) => Err(ModelError::TimedOut),
    };
    let ended = clock.elapsed();
    purpose.provider_time.note(begun, ended);
    let entry = entry(order, link, &outcome, ended.saturating_sub(begun));
    let labels =
        [("provider", entry.model.provider().to_owned()), ("model", entry.model.model().to_owned()), ("outcome", entry.outcome.to_owned())];
    metrics::counter!(ATTEMPTS, &labels).increment(1);
    tally.add(entry.usage, entry.cost);
    budget::settle(service, hold, &entry).await?;
    Ok(outcome)
}

/// What has to be set aside for an attempt that begins now.
fn order(service: &Service, link: &Link, request: &ModelRequest, purpose: Purpose<'_>, left: Duration, attempt: u32) -> HoldOrder {
    let Purpose { work, rewrite_id, bullet_index, bullets, tenant, prompt_ref, skill, deadline: _, client: _, provider_time: _ } = purpose;
    let Parts { ids, clock, spending, .. } = &service.parts;
    let (started_at, Worst { amount: worst, input, price_ref }) = (clock.now(), link.worst(request));
    let [bullet_index, bullets] = [bullet_index, bullets].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    HoldOrder {
        attempt_id: ids.next(),
        rewrite_id: rewrite_id.to_owned(),
        bullet_index,
        bullets,
        attempt,
        purpose: work,
        tenant: tenant.to_owned(),
        started_at,
        expires_at: started_at.plus(budget::lifetime(left)),
        model: link.model.id().clone(),
        prompt_ref: prompt_ref.clone(),
        skill: skill.map(str::to_owned),
        worst,
        input,
        price_ref,
        budget: spending.budgets.of(tenant),
    }
}

/// The ledger row of an attempt, once its outcome is known.
pub(in crate::service) fn entry(order: HoldOrder, link: &Link, outcome: &Result<Completion, ModelError>, latency: Duration) -> LedgerEntry {
    let HoldOrder {
        attempt_id,
        rewrite_id,
        bullet_index,
        bullets,
        attempt,
        purpose,
        tenant,
        started_at,
        expires_at: _,
        model,
        prompt_ref,
        skill,
        worst: _,
        input,
        price_ref: _,
        budget: _,
    } = order;
    let (served, word) = match outcome {
        Ok(completion) => (Some(&completion.served), "complete"),
        Err(error) => (error.served(), super::failure::code_of(error).as_str()),
    };
    let Served { model: served_model, tier: served_tier, usage } = served.cloned().unwrap_or_default();
    let billed = link.bill(outcome, input, Day::of_micros(started_at.0));
    LedgerEntry {
        attempt_id,
        rewrite_id,
        bullet_index,
        bullets,
        attempt,
        purpose,
        tenant,
        started_at,
        latency,
        model,
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
