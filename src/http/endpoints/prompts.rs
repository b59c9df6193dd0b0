//! `GET /v1/prompts`: all prompt versions, without their texts.

use axum::extract::State;

use super::HttpState;
use crate::contract::prompts::{PromptList, PromptSummary};
use crate::http::api_router::{Access, Answer, JSON, Operation, Tag, Verb, schema_of};
use crate::http::reply::JsonReply;

pub(super) const DOC: Operation = Operation {
    verb: Verb::Get,
    path: "/v1/prompts",
    id: "listPrompts",
    summary: "All prompt versions, with the hash that freezes them",
    tag: Tag::Prompts,
    access: Access::Admin,
    parameters: &[],
    query: &[],
    request: None,
    answers: &[Answer { status: 200, media: JSON, description: "The prompt versions", schema: schema_of::<PromptList>(), headers: &[] }],
    problems: &[],
};

pub(super) async fn list(State(http): State<HttpState>) -> JsonReply<PromptList> {
    JsonReply(PromptList { prompts: http.service.prompts().iter().map(PromptSummary::from).collect() })
}
