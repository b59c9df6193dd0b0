//! A panic in one request is a problem of that request alone.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;

use crate::http::reply::ProblemReply;

/// Answers a panic with a problem.
///
/// What it said is not repeated, here or in our log: it may quote text of the user. The panic hook has told the place.
pub(in crate::http) async fn catch_panic(request: Request, next: Next) -> Response {
    // Unwind safety: nothing of the request outlives it, and what requests share is behind locks that no panic can hold.
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => ProblemReply::internal().into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::get;

    use super::*;
    use crate::http::testing::{ask, send};

    async fn falls() -> String {
        panic!("the bullet was: secret")
    }

    #[tokio::test]
    async fn a_panic_is_a_calm_500() {
        let router = Router::new().route("/", get(falls)).layer(from_fn(catch_panic));
        let answer = send(&router, ask("GET", "/", &[])).await;
        assert_eq!((answer.status, answer.code().as_str()), (500, "internal"));
        assert!(!answer.text().contains("secret"));
    }
}
