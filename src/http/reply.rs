//! How answers leave: JSON when all is well, a problem document when not.

use std::error::Error;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::contract::problem::{Code, Problem};

const CALM: &str = "Something went wrong on our side; try again, and name the request id if it stays";

/// An answer as `application/json`.
#[derive(Debug)]
pub(super) struct JsonReply<T>(pub(super) T);

/// The same, written already.
#[derive(Debug)]
pub(super) struct JsonText(pub(super) Vec<u8>);

impl IntoResponse for JsonText {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], self.0).into_response()
    }
}

impl<T: Serialize> IntoResponse for JsonReply<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => JsonText(bytes).into_response(),
            Err(error) => ProblemReply::internal().caused_by(&error).into_response(),
        }
    }
}

/// An error as `application/problem+json`.
///
/// It travels as an extension of its response, too: the request id is known only at the edge, where
/// `middleware::request_id` names the request in the body and writes the log.
#[derive(Debug, Clone)]
pub(super) struct ProblemReply(Box<Told>);

#[derive(Debug, Clone)]
struct Told {
    problem: Problem,
    cause: Option<String>,
}

impl ProblemReply {
    /// A problem of this code, with a sentence on what to do next.
    pub(super) fn new(code: Code, detail: impl Into<String>) -> Self {
        Problem::new(code, detail).into()
    }

    /// A fault of ours.
    pub(super) fn internal() -> Self {
        Self::new(Code::Internal, CALM)
    }

    /// The same, with what the log should say of it; clients never see that.
    pub(super) fn caused_by(mut self, error: &dyn Error) -> Self {
        let mut chain = error.to_string();
        let mut next = error.source();
        while let Some(source) = next {
            chain.push_str(": ");
            chain.push_str(&source.to_string());
            next = source.source();
        }
        self.0.cause = Some(chain);
        self
    }

    /// The same, with the request named.
    pub(super) fn for_request(mut self, request_id: &str) -> Self {
        self.0.problem = self.0.problem.for_request(request_id);
        self
    }

    /// What the client is told.
    pub(super) fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// What the log should say of it.
    pub(super) fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The problem document.
    pub(super) fn body(&self) -> Body {
        // A `Problem` is text and numbers; were it ever not JSON, an empty body with the right status would do no harm.
        Body::from(serde_json::to_vec(self.problem()).unwrap_or_default())
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))]);
        if let Some(seconds) = self.problem().retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if self.problem().status == Code::Unauthorized.status() {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        headers
    }
}

impl From<Problem> for ProblemReply {
    /// A fault of ours keeps nothing but a calm sentence, whoever wrote it.
    fn from(mut problem: Problem) -> Self {
        if problem.code == Code::Internal.as_str() {
            CALM.clone_into(&mut problem.detail);
            problem.errors.clear();
        }
        Self(Box::new(Told { problem, cause: None }))
    }
}

impl IntoResponse for ProblemReply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, self.headers(), self.body()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::problem::FieldError;
    use crate::http::testing::{Answer, read};

    async fn told(problem: Problem) -> Answer {
        read(ProblemReply::from(problem).into_response()).await
    }

    #[tokio::test]
    async fn a_problem_has_its_own_media_type_and_status() {
        let answer = told(Problem::new(Code::NotFound, "nothing")).await;
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("application/problem+json")));
        assert_eq!(answer.json()["code"], "not_found");
    }

    #[tokio::test]
    async fn waiting_time_and_challenge_become_headers() {
        let busy = Problem { retry_after: Some(7), ..Problem::new(Code::ProviderRateLimited, "wait") };
        assert_eq!(told(busy).await.header("retry-after"), Some("7"));
        let locked = told(Problem::new(Code::Unauthorized, "key")).await;
        assert_eq!(locked.header("www-authenticate"), Some("Bearer"));
        assert_eq!(locked.header("retry-after"), None);
    }

    #[tokio::test]
    async fn a_fault_of_ours_never_tells_internals() {
        let leaky = Problem { errors: vec![FieldError::new("/x", "SELECT")], ..Problem::new(Code::Internal, "password=hunter2") };
        let answer = told(leaky).await;
        assert_eq!(answer.status, 500);
        assert_eq!(answer.json()["detail"], CALM);
        assert!(!answer.text().contains("hunter2") && !answer.text().contains("SELECT"));
    }

    #[tokio::test]
    async fn what_cannot_be_written_as_json_is_a_fault_of_ours() {
        let keys_that_are_no_strings = std::collections::BTreeMap::from([((1, 2), 3)]);
        let answer = read(JsonReply(keys_that_are_no_strings).into_response()).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (500, Some("internal")));
    }

    #[test]
    fn the_log_gets_the_whole_chain_of_causes() {
        let ledger = crate::ports::LedgerError { act: "write", place: "here".into(), source: "disk full".into() };
        let reply = ProblemReply::internal().caused_by(&ledger);
        assert_eq!(reply.cause(), Some("could not write the ledger at here: disk full"));
        assert_eq!(reply.problem().detail, CALM);
    }
}
