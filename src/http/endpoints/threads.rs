//! Keeps long thinking off the threads that serve requests.

use std::panic::resume_unwind;

use crate::http::reply::ProblemReply;

/// Runs what computes without waiting, such as a match of a thousand bullets, on a thread of its own.
///
/// When the request is dropped, the work still ends by itself: its input is limited.
pub(super) async fn compute<T: Send + 'static>(work: impl FnOnce() -> Result<T, ProblemReply> + Send + 'static) -> Result<T, ProblemReply> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            // The panic is answered where all are.
            Ok(panic) => resume_unwind(panic),
            Err(error) => Err(ProblemReply::internal().caused_by(&error)),
        },
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::contract::problem::Code;

    #[tokio::test]
    async fn results_problems_and_panics_come_through() {
        assert_eq!(compute(|| Ok(1)).await.unwrap(), 1);
        let problem = compute(|| Err::<(), _>(ProblemReply::new(Code::InvalidRequest, "no"))).await.unwrap_err();
        assert_eq!(problem.problem().detail, "no");
        let falls = compute(|| -> Result<(), ProblemReply> { panic!("boom") });
        assert!(std::panic::AssertUnwindSafe(falls).catch_unwind().await.is_err());
    }
}
