//! Leaves a model alone that keeps failing: after some failures in a row it rests, then one call probes it.
//!
//! A resting model is not waited for: the next model of the chain is asked at once. An account out of credit rests at the first failure, and longer.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::limits::CallLimits;
use crate::contract::problem::Code;

/// What one call says of the model that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service) enum Verdict {
    /// It works; also when it refused this question or was cut at the limit.
    Works,
    /// It failed, for this reason, and asks for this long a wait.
    Failed(Code, Duration),
    /// Its account is out of credit.
    OutOfCredit,
    /// The call says nothing: the request was at fault.
    Silent,
}

/// Why a model is not asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service) struct Resting {
    /// The reason of the failure that made it rest.
    pub(in crate::service) code: Code,
    /// How long it will be left alone.
    pub(in crate::service) wait: Duration,
}

/// The memory of one model's failures.
#[derive(Debug)]
pub(in crate::service) struct Breaker {
    state: Mutex<State>,
    failures: u32,
    pause: Duration,
    quota_pause: Duration,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// It is asked; so many failures in a row.
    Closed { failures: u32 },
    /// It rests until then.
    Open { until: Duration, code: Code },
    /// One call tries whether it is back.
    Probing { code: Code },
}

/// The right to make one call; tells what came of it. A probe that is dropped untold leaves the next call to probe.
#[derive(Debug)]
pub(in crate::service) struct Passage<'a> {
    breaker: &'a Breaker,
    probes: Option<Code>,
}

impl Breaker {
    pub(in crate::service) const fn new(limits: &CallLimits) -> Self {
        Self {
            state: Mutex::new(State::Closed { failures: 0 }),
            failures: limits.breaker_failures,
            pause: limits.breaker_pause,
            quota_pause: limits.quota_pause,
        }
    }

    /// Whether a call could be made, without making it.
    pub(in crate::service) fn look(&self, now: Duration) -> Result<(), Resting> {
        match *self.state() {
            State::Closed { .. } => Ok(()),
            State::Open { until, .. } if until <= now => Ok(()),
            State::Open { until, code } => Err(Resting { code, wait: until.saturating_sub(now) }),
            State::Probing { code } => Err(Resting { code, wait: Duration::from_secs(1) }),
        }
    }

    /// The right to make one call now.
    pub(in crate::service) fn pass(&self, now: Duration) -> Result<Passage<'_>, Resting> {
        self.look(now)?;
        let mut state = self.state();
        let probes = match *state {
            State::Closed { .. } => None,
            State::Open { code, .. } => {
                *state = State::Probing { code };
                Some(code)
            }
            State::Probing { code } => return Err(Resting { code, wait: Duration::from_secs(1) }),
        };
        Ok(Passage { breaker: self, probes })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the state is locked, so a poisoned one is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Passage<'_> {
    /// Tells what came of the call.
    pub(in crate::service) fn tell(mut self, now: Duration, verdict: Verdict) {
        let Breaker { failures: most, pause, quota_pause, .. } = *self.breaker;
        let probed = self.probes.take();
        let mut state = self.breaker.state();
        let in_a_row = match *state {
            State::Closed { failures } => Some(failures.saturating_add(1)),
            // Calls that began before it rested have nothing to say of how it is now.
            State::Open { .. } | State::Probing { .. } => probed.map(|_| most),
        };
        let next = match (verdict, in_a_row) {
            (Verdict::OutOfCredit, _) => Some(State::Open { until: now + quota_pause, code: Code::ProviderQuota }),
            (_, None) => None,
            (Verdict::Works, Some(_)) => Some(State::Closed { failures: 0 }),
            (Verdict::Failed(code, wait), Some(failures)) if failures >= most => {
                Some(State::Open { until: now.saturating_add(pause.max(wait.min(quota_pause))), code })
            }
            (Verdict::Failed(..), Some(failures)) => Some(State::Closed { failures }),
            (Verdict::Silent, Some(_)) => probed.map(|code| State::Open { until: now, code }),
        };
        if let Some(next) = next {
            *state = next;
        }
    }
}

impl Drop for Passage<'_> {
    fn drop(&mut self) {
        if let Some(code) = self.probes.take() {
            *self.breaker.state() = State::Open { until: Duration::ZERO, code };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOWN: Verdict = Verdict::Failed(Code::ProviderUnavailable, Duration::ZERO);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn breaker() -> Breaker {
        Breaker::new(&CallLimits { breaker_failures: 3, breaker_pause: at(10), quota_pause: at(600), ..CallLimits::default() })
    }

    /// Makes a call that ends with this.
    fn call(breaker: &Breaker, now: u64, verdict: Verdict) {
        breaker.pass(at(now)).expect("it may be asked").tell(at(now), verdict);
    }

    fn rests(breaker: &Breaker, now: u64) -> Option<(Code, u64)> {
        breaker.look(at(now)).err().map(|Resting { code, wait }| (code, wait.as_secs()))
    }

    #[test]
    fn failures_in_a_row_open_it_and_a_success_between_them_does_not() {
        let breaker = breaker();
        for verdict in [DOWN, DOWN, Verdict::Works, DOWN, DOWN, Verdict::Silent] {
            call(&breaker, 0, verdict);
            assert_eq!(rests(&breaker, 0), None);
        }
        call(&breaker, 0, DOWN);
        assert_eq!(rests(&breaker, 0), Some((Code::ProviderUnavailable, 10)));
        assert_eq!(rests(&breaker, 9), Some((Code::ProviderUnavailable, 1)));
        assert_eq!(rests(&breaker, 10), None);
    }

    #[test]
    fn one_call_probes_and_its_end_decides() {
        for (verdict, then) in [(DOWN, Some((Code::ProviderUnavailable, 10))), (Verdict::Works, None), (Verdict::Silent, None)] {
            let breaker = breaker();
            (0..3).for_each(|_| call(&breaker, 0, DOWN));
            let probe = breaker.pass(at(10)).expect("the pause is over");
            assert!(breaker.pass(at(10)).is_err(), "one probe at a time");
            probe.tell(at(10), verdict);
            assert_eq!(rests(&breaker, 10), then, "{verdict:?}");
        }
    }

    #[test]
    fn a_probe_that_is_given_up_leaves_the_next_call_to_probe() {
        let breaker = breaker();
        (0..3).for_each(|_| call(&breaker, 0, DOWN));
        drop(breaker.pass(at(10)).expect("the pause is over"));
        call(&breaker, 10, DOWN);
        assert_eq!(rests(&breaker, 11), Some((Code::ProviderUnavailable, 9)), "one failed probe is enough");
    }

    #[test]
    fn an_account_without_credit_rests_at_once_and_long() {
        let breaker = breaker();
        call(&breaker, 0, Verdict::OutOfCredit);
        assert_eq!(rests(&breaker, 1), Some((Code::ProviderQuota, 599)));
    }

    #[test]
    fn a_wait_that_the_provider_asks_for_is_kept_and_bounded() {
        for (asked, told) in [(25, 25), (1, 10), (100_000, 600)] {
            let breaker = breaker();
            (0..3).for_each(|_| call(&breaker, 0, Verdict::Failed(Code::ProviderRateLimited, at(asked))));
            assert_eq!(rests(&breaker, 0), Some((Code::ProviderRateLimited, told)));
        }
    }

    #[test]
    fn a_call_that_began_before_it_rested_changes_nothing() {
        for late in [Verdict::Works, DOWN] {
            let breaker = breaker();
            let slow = breaker.pass(at(0)).expect("closed");
            (0..3).for_each(|_| call(&breaker, 0, DOWN));
            slow.tell(at(9), late);
            assert_eq!(rests(&breaker, 9), Some((Code::ProviderUnavailable, 1)));
        }
    }
}
