//! `GET /metrics`: what the process has counted and timed since it began, for Prometheus.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use super::HttpState;
use crate::http::api_router::{Access, Answer, Operation, Tag, Verb, schema_of};

/// The text format of Prometheus.
const MEDIA: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) const DOC: Operation = Operation {
    verb: Verb::Get,
    path: "/metrics",
    id: "getMetrics",
    summary: "Counts and times since the process began, for Prometheus; `server.public_metrics = false` asks for the admin key",
    tag: Tag::Service,
    access: Access::Metrics,
    parameters: &[],
    query: &[],
    request: None,
    answers: &[Answer { status: 200, media: MEDIA, description: "Prometheus text", schema: schema_of::<String>(), headers: &[] }],
    problems: &[],
};

pub(super) async fn show(State(state): State<HttpState>) -> Response {
    ([(CONTENT_TYPE, MEDIA)], state.exposition.text()).into_response()
}
