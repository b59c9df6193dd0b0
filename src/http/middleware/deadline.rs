//! The last resort against an answer that never comes.
//!
//! The service keeps the deadline itself and answers with what it has. This one is a little longer, and catches what
//! the service cannot see: a body that trickles in, or a wait that forgot the deadline.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::contract::problem::Code;
use crate::http::reply::ProblemReply;

/// Answers after this long, whatever happens.
pub(in crate::http) async fn keep_deadline(State(most): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ProblemReply::new(Code::DeadlineExceeded, "The answer was not ready in time; try again, or send fewer bullets at a time")
            .into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::post;

    use super::*;
    use crate::http::testing::{ask, send};

    #[tokio::test]
    async fn an_answer_that_never_comes_is_a_504() {
        let router = Router::new()
            .route("/never", post(async || std::future::pending::<()>().await))
            .route("/now", post(async || "done"))
            .layer(from_fn_with_state(Duration::ZERO, keep_deadline));
        let answer = send(&router, ask("POST", "/never", &[])).await;
        assert_eq!((answer.status, answer.code().as_str()), (504, "deadline_exceeded"));
        assert_eq!(send(&router, ask("POST", "/now", &[])).await.text(), "done");
    }
}
