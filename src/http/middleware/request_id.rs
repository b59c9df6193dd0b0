//! Every request has a name, the caller's or ours; every answer, every problem and every line of the log carries it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::contract::problem::Code;
use crate::http::reply::ProblemReply;
use crate::ports::Ids;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 128;

/// The name of the request that is being answered.
#[derive(Debug, Clone)]
pub(in crate::http) struct RequestId(pub(in crate::http) String);

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = ProblemReply;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ProblemReply> {
        parts.extensions.get::<Self>().cloned().ok_or_else(ProblemReply::internal)
    }
}

/// Names the request, and its answer; logs what is our fault.
pub(in crate::http) async fn name_request(State(ids): State<Arc<dyn Ids>>, mut request: Request, next: Next) -> Response {
    let id = sent_id(request.headers()).unwrap_or_else(|| format!("req_{}", ids.next().simple()));
    let path = request.extensions().get::<MatchedPath>().cloned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<ProblemReply>() {
        let problem = problem.for_request(&id);
        *response.body_mut() = problem.body();
        log(&problem, &id, path.as_ref().map_or("(none)", MatchedPath::as_str));
    }
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// The caller's name for the request, if it can be trusted in a header and a log.
fn sent_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(HEADER)?.to_str().ok()?;
    let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    (is_plain && (1..=LONGEST).contains(&id.len())).then(|| id.to_owned())
}

fn log(reply: &ProblemReply, request_id: &str, path: &str) {
    let problem = reply.problem();
    let (code, cause) = (problem.code.as_str(), reply.cause());
    if code == Code::Internal.as_str() {
        tracing::error!(request_id, code, path, cause, "Failed to answer {request_id}");
    } else if problem.status >= 500 {
        tracing::warn!(request_id, code, path, cause, "Answered {request_id} with {code}");
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;

    use super::*;
    use crate::http::testing::{ask, ids, send};

    fn router() -> Router {
        Router::new()
            .route("/", get(async |RequestId(id): RequestId| id))
            .route("/broken", get(async || ProblemReply::internal()))
            .layer(from_fn_with_state(ids(), name_request))
    }

    async fn check(sent: &str, is_kept: bool) {
        let answer = send(&router(), ask("GET", "/", &[("x-request-id", sent)])).await;
        let expected = if is_kept { sent } else { "req_00000000000000000000000000000001" };
        assert_eq!(answer.header("x-request-id"), Some(expected));
        assert_eq!(answer.text(), expected);
    }

    #[tokio::test]
    async fn a_plain_name_of_the_caller_is_kept() {
        check("a", true).await;
        check("4bf92f35-77b3.4da6_A", true).await;
        check(&"x".repeat(128), true).await;
        check(&"x".repeat(129), false).await;
        check("", false).await;
        check("a b", false).await;
        check("a/b", false).await;
        check("a\tb", false).await;
    }

    #[tokio::test]
    async fn a_request_without_a_name_gets_the_next_one() {
        let router = router();
        send(&router, ask("GET", "/", &[])).await;
        let answer = send(&router, ask("GET", "/", &[])).await;
        assert_eq!(answer.header("x-request-id"), Some("req_00000000000000000000000000000002"));
    }

    #[tokio::test]
    async fn a_problem_names_the_request_in_its_body_and_has_the_right_length() {
        let answer = send(&router(), ask("GET", "/broken", &[("x-request-id", "mine")])).await;
        assert_eq!((answer.status, answer.header("x-request-id")), (500, Some("mine")));
        assert_eq!(answer.json()["request_id"], "mine");
        assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
    }
}
