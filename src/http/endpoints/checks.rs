//! `POST /v1/checks`: score a bullet and judge a rewrite of it.

use axum::extract::State;

use super::HttpState;
use super::threads::compute;
use crate::contract::check::{CheckAnswer, CheckRequest};
use crate::http::api_router::{Access, Answer, JSON, Operation, Tag, Verb, schema_of};
use crate::http::json_body::JsonBody;
use crate::http::reply::{JsonReply, ProblemReply};

pub(super) const DOC: Operation = Operation {
    verb: Verb::Post,
    path: "/v1/checks",
    id: "createCheck",
    summary: "Score a bullet, list what it claims, and judge a rewrite of it; asks no model",
    tag: Tag::Bullets,
    access: Access::Rewrite,
    parameters: &[],
    query: &[],
    request: Some(schema_of::<CheckRequest>()),
    answers: &[Answer { status: 200, media: JSON, description: "The judgement", schema: schema_of::<CheckAnswer>(), headers: &[] }],
    problems: &[],
};

pub(super) async fn check(
    State(http): State<HttpState>,
    JsonBody(order): JsonBody<CheckRequest>,
) -> Result<JsonReply<CheckAnswer>, ProblemReply> {
    compute(move || Ok(http.service.check(order)?)).await.map(JsonReply)
}
