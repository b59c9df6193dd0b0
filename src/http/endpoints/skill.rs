//! `GET /v1/guides/{guide}/skills/{skill}`: one skill, whole.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};

use super::HttpState;
use super::guide::{GUIDE, find};
use crate::contract::guides::SkillAnswer;
use crate::contract::problem::Code;
use crate::http::api_router::{Access, Answer, JSON, Operation, Parameter, Tag, Verb, schema_of};
use crate::http::path_params::PathParams;
use crate::http::reply::{JsonReply, ProblemReply};

pub(super) const DOC: Operation = Operation {
    verb: Verb::Get,
    path: "/v1/guides/{guide}/skills/{skill}",
    id: "getSkill",
    summary: "One skill of a guide, whole",
    tag: Tag::Guides,
    access: Access::Public,
    parameters: &[GUIDE, Parameter { name: "skill", description: "Id of the skill", schema: schema_of::<String>() }],
    query: &[],
    request: None,
    answers: &[Answer { status: 200, media: JSON, description: "The skill", schema: schema_of::<SkillAnswer>(), headers: &[] }],
    problems: &[],
};

pub(super) async fn show(
    State(http): State<HttpState>,
    PathParams((guide, skill)): PathParams<(String, String)>,
) -> Result<Response, ProblemReply> {
    let guide = find(&http, &guide)?;
    let no_such_skill = || ProblemReply::new(Code::NotFound, "The guide has no such skill; GET /v1/guides lists those that exist");
    let skill: &SkillAnswer = guide.skill(&skill).ok_or_else(no_such_skill)?;
    Ok(JsonReply(skill).into_response())
}
