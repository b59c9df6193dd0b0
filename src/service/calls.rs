//! Carries calls that cost money to their end, also when whoever asked has gone away.
//!
//! A client that hangs up drops its request; the provider works on and bills. So a call runs as a task of its own, owned here, and ends by
//! its own deadline. Nobody starts another call for a client that has gone.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt as _;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// The calls that are running.
#[derive(Debug, Default)]
pub(super) struct Calls {
    running: Mutex<JoinSet<()>>,
}

impl Calls {
    /// Runs a call and gives what came of it. When this future is dropped, the call goes on to its end.
    pub(super) async fn carry<T: Send + 'static>(&self, call: impl Future<Output = T> + Send + 'static) -> T {
        let (tell, told) = oneshot::channel();
        // Unwind safety: a call that panics is not looked at again; the panic goes on where the answer is waited for.
        let call = AssertUnwindSafe(call).catch_unwind().map(|ended| drop(tell.send(ended)));
        {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            while running.try_join_next().is_some() {}
            running.spawn(call);
        }
        match told.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => resume_unwind(panic),
            // Tasks are dropped unfinished only when the runtime goes down, and this future with it.
            Err(_) => std::future::pending().await,
        }
    }

    /// Waits until every call that was running has ended.
    pub(super) async fn settle(&self) {
        let mut running = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        while running.join_next().await.is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn a_call_ends_also_when_nobody_waits_for_it() {
        let (calls, ended) = (Calls::default(), Arc::new(AtomicBool::new(false)));
        let marked = Arc::clone(&ended);
        let mut asked = Box::pin(calls.carry(async move {
            tokio::task::yield_now().await;
            marked.store(true, Ordering::Relaxed);
        }));
        assert!(poll!(asked.as_mut()).is_pending());
        drop(asked);
        calls.settle().await;
        assert!(ended.load(Ordering::Relaxed));
    }

    #[tokio::test]
    async fn a_panic_reaches_whoever_waits() {
        let calls = Calls::default();
        assert_eq!(calls.carry(async { 1 }).await, 1);
        let falls = calls.carry(async { assert_eq!(1, 2, "on purpose") });
        assert!(AssertUnwindSafe(falls).catch_unwind().await.is_err());
        calls.settle().await;
    }
}
