//! One question to one model, asked again when that can help: a few attempts, one deadline, a budget for retries over the whole process.
//!
//! The only file that knows the `backoff` crate, and it takes nothing from it but the next delay. Retrying is opted into, error by error;
//! `Retry-After` is a floor with jitter above it, and a delay that would overrun the model's share of the deadline ends the matter at once,
//! so that the next model of the chain is asked in time. Nobody waits for a model that rests.

use std::time::Duration;

use backoff::ExponentialBackoff;
use backoff::backoff::Backoff;

use super::attempt::{Purpose, attempt};
use super::breaker::{Breaker, Resting, Verdict};
use super::failure::{Failure, code_of};
use super::places::{NoPlace, Places};
use crate::domain::request::ModelRequest;
use crate::ports::{Completion, ModelError};
use crate::service::account::cost::Tally;
use crate::service::{Link, Service};

/// One model of the chain with what the process remembers of it.
#[derive(Debug)]
pub(in crate::service) struct Route {
    /// The model.
    pub(in crate::service) link: Link,
    /// Its failures.
    pub(in crate::service) breaker: std::sync::Arc<Breaker>,
    /// The places at its provider.
    pub(in crate::service) places: std::sync::Arc<Places>,
}

/// What one bullet may still ask of one model.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct Allowance {
    /// Attempts that are left, whatever they are for.
    attempts: u32,
    /// When the model's share of the time ends, on [`crate::ports::Clock::elapsed`].
    until: Duration,
}

impl Allowance {
    /// All attempts, and an equal share of the time for each model that is still to come, this one included.
    pub(in crate::service) fn new(service: &Service, deadline: Duration, models: usize) -> Self {
        let now = service.parts.clock.elapsed();
        let share = deadline.saturating_sub(now) / u32::try_from(models.max(1)).unwrap_or(u32::MAX);
        Self { attempts: service.parts.limits.attempts.max(1), until: now.saturating_add(share) }
    }

    /// Whether there is an attempt left and time for it.
    pub(in crate::service) fn has_more(&self, service: &Service) -> bool {
        self.attempts > 0 && self.has_time(service)
    }

    /// Whether the time is not up.
    pub(in crate::service) fn has_time(&self, service: &Service) -> bool {
        !self.left(service).is_zero()
    }

    /// The time that is left.
    pub(in crate::service) fn left(&self, service: &Service) -> Duration {
        self.until.saturating_sub(service.parts.clock.elapsed())
    }
}

/// Asks one model until it answers, the error is final, or what it was allowed is used up.
pub(in crate::service) async fn ask(
    service: &Service,
    route: &Route,
    request: &ModelRequest,
    purpose: Purpose<'_>,
    allowance: &mut Allowance,
    tally: &mut Tally,
) -> Result<Completion, Failure> {
    let clock = &service.parts.clock;
    let mut delays = delays();
    service.retries.pay_in();
    while allowance.attempts > 0 {
        let error = match admitted(service, route, request, purpose, allowance, tally).await {
            Ok(completion) => return Ok(completion),
            Err(Failure::Model(error)) => error,
            Err(other) => return Err(other),
        };
        let Some(delay) = delays.next_backoff().filter(|_| allowance.attempts > 0 && can_help(&error, purpose)) else {
            return Err(error.into());
        };
        // The delay comes on top of what a provider asks for, so that those who were sent away together do not come back together.
        let pause = error.retry_after().unwrap_or_default().saturating_add(delay);
        if clock.elapsed().saturating_add(pause) >= allowance.until
            || route.breaker.look(clock.elapsed()).is_err()
            || !service.retries.take()
        {
            return Err(error.into());
        }
        tokio::select! {
            biased;
            () = purpose.client.gone() => return Err(Failure::Gone),
            () = clock.sleep(pause) => {}
        }
    }
    Err(ModelError::TimedOut.into())
}

/// Whether the same question may be asked again. Several bullets that were not answered in time are not: alone each of them may be.
const fn can_help(error: &ModelError, purpose: Purpose<'_>) -> bool {
    is_transient(error) && !(purpose.bullets > 1 && matches!(error, ModelError::TimedOut))
}

fn delays() -> ExponentialBackoff {
    ExponentialBackoff {
        initial_interval: Duration::from_millis(400),
        multiplier: 2.0,
        randomization_factor: 0.5,
        max_interval: Duration::from_secs(8),
        max_elapsed_time: None,
        ..ExponentialBackoff::default()
    }
}

/// One attempt, once the model is not resting, its provider has a place and the client is still there.
async fn admitted(
    service: &Service,
    route: &Route,
    request: &ModelRequest,
    purpose: Purpose<'_>,
    allowance: &mut Allowance,
    tally: &mut Tally,
) -> Result<Completion, Failure> {
    let clock = service.parts.clock.as_ref();
    let resting = |Resting { code, wait }| Failure::Resting { code, wait };
    // Looked at before the queue, too: nobody stands in line for a model that rests.
    route.breaker.look(clock.elapsed()).map_err(resting)?;
    let place = match route.places.take(clock, allowance.until, purpose.client).await {
        Ok(place) => place,
        Err(NoPlace::Busy(wait)) => return Err(Failure::Overloaded { wait }),
        Err(NoPlace::Gone) => return Err(Failure::Gone),
    };
    if purpose.client.is_gone() || service.calls.is_cut() {
        return Err(Failure::Gone);
    }
    let passage = route.breaker.pass(clock.elapsed()).map_err(resting)?;
    let begun = clock.elapsed();
    let left = allowance.until.saturating_sub(begun).min(service.parts.limits.attempt_timeout);
    let outcome = attempt(service, &route.link, request, purpose, left, tally).await?;
    allowance.attempts -= 1;
    let now = clock.elapsed();
    passage.tell(now, verdict(outcome.as_ref().err()));
    place.leave(now.saturating_sub(begun));
    outcome.map_err(Failure::Model)
}

/// Whether the same question may be answered a moment later.
const fn is_transient(error: &ModelError) -> bool {
    match error {
        // What the provider itself says of another attempt goes before what the status alone would mean.
        ModelError::RateLimited { should_retry, .. } | ModelError::Unavailable { should_retry, .. } => !matches!(should_retry, Some(false)),
        // A stalled answer is given up long before the deadline, and another attempt may not stall or break off.
        ModelError::Unreachable { .. } | ModelError::TimedOut | ModelError::StreamCut { .. } => true,
        ModelError::Unauthorized { .. }
        | ModelError::QuotaExhausted { .. }
        | ModelError::Rejected { .. }
        | ModelError::ContextExceeded { .. }
        | ModelError::BadReply { .. }
        | ModelError::Empty { .. }
        | ModelError::Truncated { .. }
        | ModelError::Refused { .. }
        | ModelError::Filtered { .. }
        | ModelError::Unrecorded { .. }
        | ModelError::ReplayMiss { .. } => false,
    }
}

/// What the end of an attempt says of the model.
fn verdict(error: Option<&ModelError>) -> Verdict {
    let Some(error) = error else { return Verdict::Works };
    match error {
        ModelError::QuotaExhausted { .. } => Verdict::OutOfCredit,
        ModelError::Unreachable { .. }
        | ModelError::TimedOut
        | ModelError::Unauthorized { .. }
        | ModelError::RateLimited { .. }
        | ModelError::Unavailable { .. }
        | ModelError::StreamCut { .. }
        | ModelError::BadReply { .. } => Verdict::Failed(code_of(error), error.retry_after().unwrap_or_default()),
        ModelError::Empty { .. } | ModelError::Truncated { .. } | ModelError::Refused { .. } | ModelError::Filtered { .. } => {
            Verdict::Works
        }
        ModelError::Rejected { .. }
        | ModelError::ContextExceeded { .. }
        | ModelError::Unrecorded { .. }
        | ModelError::ReplayMiss { .. } => Verdict::Silent,
    }
}
