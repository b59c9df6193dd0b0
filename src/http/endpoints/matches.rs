//! `POST /v1/matches`: pick the skill that each bullet shows.

use axum::extract::State;

use super::HttpState;
use super::threads::compute;
use crate::contract::matches::{MatchAnswer, MatchRequest};
use crate::http::api_router::{Access, Answer, JSON, Operation, Tag, Verb, schema_of};
use crate::http::json_body::JsonBody;
use crate::http::reply::{JsonReply, ProblemReply};

pub(super) const DOC: Operation = Operation {
    verb: Verb::Post,
    path: "/v1/matches",
    id: "createMatches",
    summary: "Pick the skill that each bullet shows; asks no model",
    tag: Tag::Bullets,
    access: Access::Rewrite,
    parameters: &[],
    query: &[],
    request: Some(schema_of::<MatchRequest>()),
    answers: &[Answer { status: 200, media: JSON, description: "One result a bullet", schema: schema_of::<MatchAnswer>(), headers: &[] }],
    problems: &[],
};

pub(super) async fn pick_skills(
    State(http): State<HttpState>,
    JsonBody(order): JsonBody<MatchRequest>,
) -> Result<JsonReply<MatchAnswer>, ProblemReply> {
    compute(move || Ok(http.service.matches(order)?)).await.map(JsonReply)
}
