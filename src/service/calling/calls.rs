//! Carries requests that may cost money to a proper end, also when whoever asked has gone away.
//!
//! A client that hangs up drops its request; the provider works on and bills. So a request runs as a task of its own, owned here. When its
//! client is gone it begins nothing new (see `presence`), but a call that is in flight ends, is accounted, and its answer is kept. There are
//! never more such calls than places at the providers, and each ends by its own deadline; at shutdown they are waited for, then cut short.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use super::presence::{self, Presence};
use crate::ports::Clock;

/// How long a call that was cut short may take to write its ledger row.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The requests that are running.
#[derive(Debug)]
pub(in crate::service) struct Calls {
    running: Mutex<JoinSet<()>>,
    cut: watch::Sender<bool>,
}

impl Default for Calls {
    fn default() -> Self {
        Self { running: Mutex::default(), cut: watch::Sender::new(false) }
    }
}

impl Calls {
    /// Runs a request and gives what came of it. When this future is dropped, the request is told so and goes on to its end.
    pub(in crate::service) async fn carry<T, F>(&self, request: impl FnOnce(Presence) -> F) -> T
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let (client, presence) = presence::client();
        let (tell, told) = oneshot::channel();
        // Unwind safety: a request that panics is not looked at again; the panic goes on where the answer is waited for.
        let request = AssertUnwindSafe(request(presence)).catch_unwind().map(|ended| drop(tell.send(ended)));
        {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            while running.try_join_next().is_some() {}
            running.spawn(request);
        }
        let told = told.await;
        drop(client);
        match told {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => resume_unwind(panic),
            // Tasks are dropped unfinished only when the runtime goes down or the time to settle is over, and this future with it.
            Err(_) => std::future::pending().await,
        }
    }

    /// Returns when calls in flight are to be given up.
    pub(in crate::service) async fn cut(&self) {
        let mut cut = self.cut.subscribe();
        // It cannot be closed while `self` lives.
        let _ = cut.wait_for(|cut| *cut).await;
    }

    /// Whether they have been.
    pub(in crate::service) fn is_cut(&self) -> bool {
        *self.cut.borrow()
    }

    /// Waits this long for the requests that are running, then cuts their calls short; says how many had to be abandoned even so.
    pub(in crate::service) async fn settle(&self, clock: &dyn Clock, longest: Duration) -> usize {
        let mut running = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        for grace in [longest, LAST_WORDS] {
            tokio::select! {
                biased;
                () = async { while running.join_next().await.is_some() {} } => return 0,
                () = clock.sleep(grace) => {}
            }
            // A call that is given up still writes its row: that it may have cost something is known, how much is not.
            self.cut.send_replace(true);
        }
        running.len()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use futures_util::poll;

    use super::*;
    use crate::ports::{BoxFuture, Timestamp};

    /// Every wait is over at once.
    #[derive(Debug)]
    struct Hasty;

    impl Clock for Hasty {
        fn now(&self) -> Timestamp {
            Timestamp(0)
        }

        fn elapsed(&self) -> Duration {
            Duration::ZERO
        }

        fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
            Box::pin(async {
                // Others go first, as they would in real time.
                for _ in 0..5 {
                    tokio::task::yield_now().await;
                }
            })
        }
    }

    #[tokio::test]
    async fn a_request_ends_also_when_nobody_waits_for_it_and_knows_that() {
        let (calls, ended) = (Calls::default(), Arc::new(AtomicBool::new(false)));
        let marked = Arc::clone(&ended);
        let mut asked = Box::pin(calls.carry(|presence| async move {
            presence.gone().await;
            marked.store(true, Ordering::Relaxed);
        }));
        assert!(poll!(asked.as_mut()).is_pending());
        drop(asked);
        assert_eq!(calls.settle(&Hasty, Duration::MAX).await, 0);
        assert!(ended.load(Ordering::Relaxed));
    }

    #[tokio::test]
    async fn a_panic_reaches_whoever_waits() {
        let calls = Calls::default();
        assert_eq!(calls.carry(|_| async { 1 }).await, 1);
        let falls = calls.carry(|_| async { assert_eq!(1, 2, "on purpose") });
        assert!(AssertUnwindSafe(falls).catch_unwind().await.is_err());
        assert_eq!(calls.settle(&Hasty, Duration::MAX).await, 0);
    }

    #[tokio::test]
    async fn what_takes_too_long_at_shutdown_is_cut_short_and_what_does_not_listen_is_counted() {
        let calls = Arc::new(Calls::default());
        for listens in [true, false] {
            let inner = Arc::clone(&calls);
            let mut asked = Box::pin(calls.carry(move |_| async move {
                if listens {
                    inner.cut().await;
                } else {
                    std::future::pending::<()>().await;
                }
            }));
            assert!(poll!(asked.as_mut()).is_pending());
        }
        assert_eq!(calls.settle(&Hasty, Duration::from_secs(1)).await, 1);
    }
}
