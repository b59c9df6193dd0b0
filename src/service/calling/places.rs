//! A limit for the calls in flight at one provider, with a bounded queue in front of it.
//!
//! Whoever finds the queue full is told at once, and nobody waits in it past the deadline or for a client that has gone.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::limits::CallLimits;
use super::presence::Presence;
use crate::ports::Clock;

/// What a call is thought to take before the first one has ended.
const FIRST_GUESS: Duration = Duration::from_secs(1);

/// The places of one provider.
#[derive(Debug)]
pub(in crate::service) struct Places {
    free: Semaphore,
    limit: usize,
    waiting: AtomicUsize,
    queue: usize,
    /// A moving mean of what a call takes, in microseconds.
    usual_us: AtomicU64,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service) enum NoPlace {
    /// The queue is full, or the time was up before its end; trying again makes sense after this long.
    Busy(Duration),
    /// The client hung up while it waited.
    Gone,
}

/// A place, for one call.
#[derive(Debug)]
pub(in crate::service) struct Place<'a> {
    places: &'a Places,
    _permit: SemaphorePermit<'a>,
}

/// Counts one who waits, for as long as it lives.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Places {
    pub(in crate::service) fn new(limits: &CallLimits) -> Self {
        let limit = limits.calls_per_provider.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            free: Semaphore::new(limit),
            limit,
            waiting: AtomicUsize::new(0),
            queue: limits.queue_per_provider,
            usual_us: AtomicU64::new(micros(FIRST_GUESS)),
        }
    }

    /// Waits for a place, in the order of coming, until that time and no longer.
    pub(in crate::service) async fn take(&self, clock: &dyn Clock, until: Duration, client: &Presence) -> Result<Place<'_>, NoPlace> {
        if let Ok(permit) = self.free.try_acquire() {
            return Ok(Place { places: self, _permit: permit });
        }
        let joined = |waiting: usize| (waiting < self.queue).then(|| waiting + 1);
        if self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, joined).is_err() {
            return Err(NoPlace::Busy(self.wait()));
        }
        let _waiting = Waiting(&self.waiting);
        let left = until.saturating_sub(clock.elapsed());
        tokio::select! {
            biased;
            permit = self.free.acquire() => match permit {
                Ok(permit) => Ok(Place { places: self, _permit: permit }),
                // Nobody closes it.
                Err(_) => Err(NoPlace::Busy(self.wait())),
            },
            () = client.gone() => Err(NoPlace::Gone),
            () = clock.sleep(left) => Err(NoPlace::Busy(self.wait())),
        }
    }

    /// How long it should take until those who wait now have had their turn.
    fn wait(&self) -> Duration {
        let turns = (self.waiting.load(Ordering::Relaxed) / self.limit).saturating_add(1);
        Duration::from_micros(self.usual_us.load(Ordering::Relaxed).saturating_mul(turns as u64))
    }
}

impl Place<'_> {
    /// Gives the place back, and tells what the call has taken.
    pub(in crate::service) fn leave(self, taken: Duration) {
        let mean = |usual: u64| Some(usual - usual / 8 + micros(taken) / 8);
        let _ = self.places.usual_us.fetch_update(Ordering::Relaxed, Ordering::Relaxed, mean);
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX / 8)
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;
    use crate::ports::{BoxFuture, Timestamp};
    use crate::service::calling::presence;

    /// A deadline that never comes, or has come.
    #[derive(Debug)]
    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            Timestamp(0)
        }

        fn elapsed(&self) -> Duration {
            Duration::ZERO
        }

        fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
            Box::pin(async move {
                if !duration.is_zero() {
                    std::future::pending::<()>().await;
                }
            })
        }
    }

    const LATER: Duration = Duration::from_mins(1);

    fn places(calls: usize, queue: usize) -> Places {
        Places::new(&CallLimits { calls_per_provider: calls, queue_per_provider: queue, ..CallLimits::default() })
    }

    #[tokio::test]
    async fn a_place_is_waited_for_in_order_and_a_full_queue_refuses_at_once() {
        let (places, (_client, presence)) = (places(1, 2), presence::client());
        let first = places.take(&Stopped, LATER, &presence).await.expect("free");
        let mut second = Box::pin(places.take(&Stopped, LATER, &presence));
        let mut third = Box::pin(places.take(&Stopped, LATER, &presence));
        assert!(poll!(second.as_mut()).is_pending() && poll!(third.as_mut()).is_pending());
        let refused = places.take(&Stopped, LATER, &presence).await.expect_err("full");
        assert_eq!(refused, NoPlace::Busy(Duration::from_secs(3)), "two wait and one is in");
        first.leave(Duration::from_secs(1));
        assert!(poll!(third.as_mut()).is_pending());
        let second = second.await.expect("its turn");
        second.leave(Duration::from_secs(1));
        assert!(poll!(third.as_mut()).is_ready());
        assert_eq!(places.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn nobody_waits_past_the_deadline_or_for_a_client_that_has_gone() {
        let (places, (client, presence)) = (places(1, 9), presence::client());
        let _first = places.take(&Stopped, LATER, &presence).await.expect("free");
        assert!(matches!(places.take(&Stopped, Duration::ZERO, &presence).await, Err(NoPlace::Busy(_))));
        drop(client);
        assert_eq!(places.take(&Stopped, LATER, &presence).await.expect_err("gone"), NoPlace::Gone);
        assert_eq!(places.waiting.load(Ordering::Relaxed), 0, "who leaves the queue leaves no trace");
    }

    #[tokio::test]
    async fn the_wait_that_is_told_follows_what_calls_take() {
        let (places, (_client, presence)) = (places(1, 0), presence::client());
        for _ in 0..60 {
            places.take(&Stopped, LATER, &presence).await.expect("free").leave(Duration::from_secs(9));
        }
        let _only = places.take(&Stopped, LATER, &presence).await.expect("free");
        let NoPlace::Busy(wait) = places.take(&Stopped, LATER, &presence).await.expect_err("full") else { panic!("busy") };
        assert!((Duration::from_secs(8)..=Duration::from_secs(9)).contains(&wait), "{wait:?}");
    }
}
