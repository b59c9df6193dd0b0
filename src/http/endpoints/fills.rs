//! `POST /v1/fills`: put answers into the slots of a text.

use axum::extract::State;

use super::HttpState;
use super::threads::compute;
use crate::contract::fill::{FillAnswer, FillRequest};
use crate::http::api_router::{Access, Answer, JSON, Operation, Tag, Verb, schema_of};
use crate::http::json_body::JsonBody;
use crate::http::reply::{JsonReply, ProblemReply};

pub(super) const DOC: Operation = Operation {
    verb: Verb::Post,
    path: "/v1/fills",
    id: "createFill",
    summary: "Put answers into the slots of a text; asks no model",
    tag: Tag::Bullets,
    access: Access::Rewrite,
    parameters: &[],
    query: &[],
    request: Some(schema_of::<FillRequest>()),
    answers: &[Answer {
        status: 200,
        media: JSON,
        description: "The text with the answers in it",
        schema: schema_of::<FillAnswer>(),
        headers: &[],
    }],
    problems: &[],
};

pub(super) async fn fill(
    State(http): State<HttpState>,
    JsonBody(order): JsonBody<FillRequest>,
) -> Result<JsonReply<FillAnswer>, ProblemReply> {
    compute(move || Ok(http.service.fill(order)?)).await.map(JsonReply)
}
