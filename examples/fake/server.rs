//! The provider behind HTTP: `POST /v1/chat/completions` and its accounts at `GET /counts`.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Response, header};
use axum::routing::{get, post};
use futures_util::stream;
use serde_json::Value;

use super::{Delivery, FakeProvider, Plan};

/// The routes of a provider.
pub(crate) fn router(provider: Arc<FakeProvider>) -> Router {
    Router::new().route("/v1/chat/completions", post(complete)).route("/counts", get(counts)).with_state(provider)
}

async fn counts(State(provider): State<Arc<FakeProvider>>) -> Response<Body> {
    let mut response = Response::new(Body::from(provider.counts().to_json().to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}

async fn complete(State(provider): State<Arc<FakeProvider>>, body: Bytes) -> Response<Body> {
    let request = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let plan = provider.take(&request, now());
    pause(plan.wait).await;
    let mut response = Response::builder().status(plan.status).header(header::CONTENT_LENGTH, plan.body.len());
    for (name, value) in &plan.headers {
        response = response.header(*name, value);
    }
    response.body(send(provider, plan)).unwrap_or_default()
}

/// The body of a plan; when its last byte is taken, the provider knows that the client has it.
fn send(provider: Arc<FakeProvider>, plan: Plan) -> Body {
    let bytes = Bytes::from(plan.body.clone());
    let (step, gap, end) = match plan.delivery {
        Delivery::Whole => (bytes.len(), Duration::ZERO, bytes.len()),
        Delivery::Trickle(gap) => (1, gap, bytes.len()),
        Delivery::Half => (bytes.len(), Duration::ZERO, bytes.len() / 2),
        Delivery::Never => (0, Duration::ZERO, 0),
    };
    Body::from_stream(stream::unfold(Some(0), move |at| {
        let (provider, plan, bytes) = (Arc::clone(&provider), plan.clone(), bytes.clone());
        async move {
            let at = at?;
            if step == 0 {
                std::future::pending::<()>().await;
            }
            pause(gap).await;
            if at >= end {
                // What was sent so far goes out before the connection breaks.
                tokio::task::yield_now().await;
                return Some((Err(io::Error::other("cut on purpose")), None));
            }
            let next = (at + step).min(end);
            if next == bytes.len() {
                provider.delivered(&plan);
            }
            Some((Ok(bytes.slice(at..next)), (next < bytes.len()).then_some(next)))
        }
    }))
}

#[expect(clippy::disallowed_methods, reason = "a provider keeps its own time")]
fn now() -> SystemTime {
    SystemTime::now()
}

#[expect(clippy::disallowed_methods, reason = "a provider keeps its own time")]
async fn pause(length: Duration) {
    if !length.is_zero() {
        tokio::time::sleep(length).await;
    }
}
