//! `POST /v1/checks`: score a bullet and judge a rewrite of it.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};

use super::HttpState;
use super::cost::with_cost;
use super::threads::compute;
use crate::contract::check::{CheckAnswer, CheckRequest};
use crate::contract::problem::Code;
use crate::http::api_router::{Access, Answer, JSON, Operation, Tag, Verb, schema_of};
use crate::http::json_body::JsonBody;
use crate::http::middleware::Asker;
use crate::http::reply::{JsonReply, ProblemReply};

pub(super) const DOC: Operation = Operation {
    verb: Verb::Post,
    path: "/v1/checks",
    id: "createCheck",
    summary: "Score a bullet, list what it claims, and judge a rewrite of it; asks no model, unless `judge` is true",
    tag: Tag::Bullets,
    access: Access::Rewrite,
    parameters: &[],
    query: &[],
    request: Some(schema_of::<CheckRequest>()),
    answers: &[Answer {
        status: 200,
        media: JSON,
        description: "The judgement",
        schema: schema_of::<CheckAnswer>(),
        headers: &["X-Cost-Usd"],
    }],
    problems: &[Code::NoModel],
};

pub(super) async fn check(
    State(http): State<HttpState>,
    Asker(caller): Asker,
    JsonBody(order): JsonBody<CheckRequest>,
) -> Result<Response, ProblemReply> {
    let answer = if order.judge == Some(true) {
        http.service.check_and_judge(order, &caller, http.deadline).await?
    } else {
        compute(move || Ok(http.service.check(order)?)).await?
    };
    Ok(with_cost(&answer.cost_usd.clone(), JsonReply(answer).into_response()))
}
