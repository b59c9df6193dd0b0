//! How bodies come in: declared as JSON, within the limit, and readable as the request that is asked for.
//!
//! A client that sends too much is listened to for a while before it is told, because many clients read no answer
//! before they have sent everything. Only bytes are counted then; nothing is kept.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, EXPECT};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;

use super::json_faults;
use super::reply::ProblemReply;
use crate::contract::problem::{Code, Problem};

/// How much of an unwanted body is read and thrown away, in bytes.
const DRAIN_BYTES: usize = 16 * 1024 * 1024;
/// How long that may take.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// The largest body that is read, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyLimit(pub(super) usize);

/// A request, read from the body.
#[derive(Debug)]
pub(super) struct JsonBody<T>(pub(super) T);

impl<S, T> FromRequest<S> for JsonBody<T>
where
    S: Send + Sync,
    BodyLimit: FromRef<S>,
    T: DeserializeOwned,
{
    type Rejection = ProblemReply;

    async fn from_request(request: Request, state: &S) -> Result<Self, ProblemReply> {
        let limit = BodyLimit::from_ref(state);
        let (parts, body) = request.into_parts();
        let declared_as_json = is_json(&parts.headers);
        if declared_as_json && body.size_hint().lower() <= limit.0 as u64 {
            let bytes = read(body, limit).await?;
            return json_faults::parse(&bytes).map(Self).map_err(|problem| (*problem).into());
        }
        // Whoever asked first whether to send is told before sending.
        if !parts.headers.contains_key(EXPECT) {
            drain(body).await;
        }
        Err(if declared_as_json { too_large(limit) } else { not_declared() })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut declared = headers.get_all(CONTENT_TYPE).iter();
    let (Some(media_type), None) = (declared.next(), declared.next()) else { return false };
    let media_type = media_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media_type.strip_prefix("application/") {
        Some(subtype) => subtype == "json" || (subtype.ends_with("+json") && !subtype.contains([',', ' '])),
        None => false,
    }
}

async fn read(body: Body, limit: BodyLimit) -> Result<Vec<u8>, ProblemReply> {
    let mut body = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        let piece: Bytes = piece.map_err(|_| cut_off())?;
        if bytes.len() + piece.len() > limit.0 {
            drain(Body::from_stream(body)).await;
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

async fn drain(body: Body) {
    let mut body = body.into_data_stream();
    let listen = async {
        let mut left = DRAIN_BYTES;
        while let Some(Ok(piece)) = body.next().await {
            left = left.saturating_sub(piece.len());
            if left == 0 {
                break;
            }
        }
    };
    // Too slow is as good as done: the answer is sent either way.
    let _ = tokio::time::timeout(DRAIN_TIME, listen).await;
}

fn too_large(BodyLimit(limit): BodyLimit) -> ProblemReply {
    ProblemReply::new(Code::BodyTooLarge, format!("The body may hold {limit} bytes at most; send fewer bullets at a time"))
}

fn not_declared() -> ProblemReply {
    ProblemReply::new(Code::UnsupportedMediaType, "Send the body as JSON with the header `Content-Type: application/json`")
}

fn cut_off() -> ProblemReply {
    Problem::new(Code::NotJson, "The body cannot be read as JSON: it broke off before its end").into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::http::Request;
    use axum::routing::post;
    use futures_util::stream;

    use super::*;
    use crate::contract::check::CheckRequest;
    use crate::http::testing::{Answer, send};

    const GOOD: &str = r#"{"bullet": "Built APIs"}"#;

    async fn echo(JsonBody(order): JsonBody<CheckRequest>) -> String {
        order.bullet
    }

    async fn post_with(limit: usize, headers: &[(&str, &str)], body: Body) -> Answer {
        let router = Router::new().route("/", post(echo)).with_state(BodyLimit(limit));
        let request = headers.iter().fold(Request::post("/"), |request, (name, value)| request.header(*name, *value));
        send(&router, request.body(body).unwrap()).await
    }

    #[tokio::test]
    async fn the_body_must_be_declared_as_json() {
        for (declared, status) in [
            ("application/json", 200),
            ("Application/JSON; charset=utf-8", 200),
            ("application/vnd.api+json", 200),
            ("application/json;", 200),
            ("text/json", 415),
            ("text/plain", 415),
            ("text/plain; application/json", 415),
            ("text/plain;a=+json", 415),
            ("application/json, text/plain", 415),
            ("text/plain, application/x+json", 415),
            ("application/jsonp", 415),
            ("application/x-www-form-urlencoded", 415),
            ("multipart/form-data; boundary=x", 415),
            ("", 415),
        ] {
            let answer = post_with(100, &[("content-type", declared)], Body::from(GOOD)).await;
            assert_eq!(answer.status, status, "{declared}");
        }
        assert_eq!(post_with(100, &[], Body::from(GOOD)).await.code(), "unsupported_media_type");
        let twice = [("content-type", "application/json"), ("content-type", "text/plain")];
        assert_eq!(post_with(100, &twice, Body::from(GOOD)).await.status, 415);
    }

    #[tokio::test]
    async fn a_body_at_the_limit_is_read_and_one_byte_more_is_not() {
        let json = [("content-type", "application/json")];
        assert_eq!(post_with(GOOD.len(), &json, Body::from(GOOD)).await.text(), "Built APIs");
        let answer = post_with(GOOD.len() - 1, &json, Body::from(GOOD)).await;
        assert_eq!((answer.status, answer.code().as_str()), (413, "body_too_large"));
        assert!(answer.text().contains("23 bytes"), "{}", answer.text());
    }

    /// A body of so many pieces of 1 MiB, with a count of those that were taken.
    fn megabytes(count: usize) -> (Body, Arc<AtomicUsize>) {
        let taken = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&taken);
        let pieces = stream::iter(0..count).map(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::io::Error>(vec![b' '; 1024 * 1024])
        });
        (Body::from_stream(pieces), taken)
    }

    #[tokio::test]
    async fn a_body_found_too_large_is_listened_to_for_a_while() {
        let json = [("content-type", "application/json")];
        let (body, taken) = megabytes(5);
        assert_eq!(post_with(100, &json, body).await.status, 413);
        assert_eq!(taken.load(Ordering::Relaxed), 5);
        let (body, taken) = megabytes(100);
        assert_eq!(post_with(100, &json, body).await.status, 413);
        assert_eq!(taken.load(Ordering::Relaxed), 17);
    }

    #[tokio::test]
    async fn whoever_asks_before_sending_is_told_at_once() {
        let (body, taken) = megabytes(5);
        assert_eq!(post_with(100, &[("content-type", "text/plain"), ("expect", "100-continue")], body).await.status, 415);
        assert_eq!(taken.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_not_json() {
        let pieces = [Ok(GOOD), Err(std::io::Error::other("reset"))];
        let answer = post_with(100, &[("content-type", "application/json")], Body::from_stream(stream::iter(pieces))).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "not_json"));
    }

    #[tokio::test]
    async fn faults_of_the_content_reach_the_client() {
        let json = [("content-type", "application/json")];
        let answer = post_with(100, &json, Body::from(r#"{"bullet": "a", "colour": 1}"#)).await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.json()["errors"][0]["pointer"], "/colour");
        assert_eq!(post_with(100, &json, Body::empty()).await.code(), "not_json");
    }
}
