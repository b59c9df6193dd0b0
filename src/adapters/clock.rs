//! The machine's own time and identifiers: the one place where they are read.

use std::time::{Duration, Instant, SystemTime};

use uuid::Uuid;

use crate::ports::{BoxFuture, Clock, Ids, Timestamp};

/// The time of the machine.
#[derive(Debug, Clone)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose `elapsed` counts from here.
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everyone else takes the time from")]
    pub fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everyone else takes the time from")]
    fn now(&self) -> Timestamp {
        let micros = |length: Duration| i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
        Timestamp(match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => micros(since),
            Err(before) => -micros(before.duration()),
        })
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock that everyone else waits through")]
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Random identifiers of version 7, which sort by the time they were made.
#[derive(Debug, Clone, Copy, Default)]
pub struct UuidIds;

impl Ids for UuidIds {
    #[expect(clippy::disallowed_methods, reason = "these are the identifiers that everyone else takes")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_is_in_this_century_and_in_microseconds() {
        let Timestamp(now) = SystemClock::new().now();
        // 2026-01-01 and 2100-01-01.
        assert!((1_767_225_600_000_000..4_102_444_800_000_000).contains(&now), "{now}");
    }

    #[test]
    fn identifiers_are_of_version_7_and_sort_in_the_order_they_were_made() {
        let ids: Vec<_> = std::iter::repeat_with(|| UuidIds.next()).take(1_000).collect();
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert!(ids.is_sorted_by(|one, next| one < next));
    }
}
