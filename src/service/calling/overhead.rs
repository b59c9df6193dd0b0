//! How much of a request's time is the service's own: all of it, less the time in which at least one provider worked on it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A histogram of seconds: the time of a rewrite request less that of its provider calls, for requests that made one.
pub const OVERHEAD: &str = "bulletsmith_overhead_seconds";

/// When providers worked for one request, on [`crate::ports::Clock::elapsed`].
#[derive(Debug)]
pub(in crate::service) struct ProviderTime {
    begun: Duration,
    calls: Mutex<Vec<(Duration, Duration)>>,
}

impl ProviderTime {
    /// Nobody has been asked for the request that begins now.
    pub(in crate::service) fn begin(now: Duration) -> Self {
        Self { begun: now, calls: Mutex::default() }
    }

    /// A provider worked from one time to the other.
    pub(in crate::service) fn note(&self, from: Duration, to: Duration) {
        // Nothing panics while this is locked, so a poisoned one is whole.
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push((from, to));
    }

    /// The time until `now` in which no provider worked; `None` when none was asked.
    pub(in crate::service) fn overhead(&self, now: Duration) -> Option<Duration> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        calls.sort_unstable();
        let mut own = Duration::ZERO;
        let mut until = self.begun;
        for (from, to) in &calls {
            own = own.saturating_add(from.saturating_sub(until));
            until = until.max(*to);
        }
        (!calls.is_empty()).then(|| own.saturating_add(now.saturating_sub(until)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overhead(calls: &[(u64, u64)], now: u64) -> Option<u64> {
        let time = ProviderTime::begin(Duration::from_secs(10));
        for (from, to) in calls {
            time.note(Duration::from_secs(*from), Duration::from_secs(*to));
        }
        time.overhead(Duration::from_secs(now)).map(|own| own.as_secs())
    }

    #[test]
    fn calls_that_overlap_are_one_stretch_of_time() {
        assert_eq!(overhead(&[], 20), None);
        assert_eq!(overhead(&[(11, 15)], 17), Some(3));
        assert_eq!(overhead(&[(14, 16), (11, 15), (12, 13), (18, 19)], 20), Some(4));
        assert_eq!(overhead(&[(10, 20), (20, 30)], 30), Some(0));
    }
}
