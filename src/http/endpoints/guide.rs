//! `GET /v1/guides/{guide}`: one guide, whole.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};

use super::HttpState;
use crate::contract::guides::GuideAnswer;
use crate::contract::problem::Code;
use crate::domain::guide::Guide;
use crate::http::api_router::{Access, Answer, JSON, Operation, Parameter, Tag, Verb, schema_of};
use crate::http::path_params::PathParams;
use crate::http::reply::{JsonReply, ProblemReply};

/// The guide of a path.
pub(super) const GUIDE: Parameter = Parameter { name: "guide", description: "Id of the guide", schema: schema_of::<String>() };

pub(super) const DOC: Operation = Operation {
    verb: Verb::Get,
    path: "/v1/guides/{guide}",
    id: "getGuide",
    summary: "One guide, whole",
    tag: Tag::Guides,
    access: Access::Public,
    parameters: &[GUIDE],
    query: &[],
    request: None,
    answers: &[Answer { status: 200, media: JSON, description: "The guide", schema: schema_of::<GuideAnswer>(), headers: &[] }],
    problems: &[],
};

pub(super) async fn show(State(http): State<HttpState>, PathParams(id): PathParams<String>) -> Result<Response, ProblemReply> {
    let guide = find(&http, &id)?;
    Ok(JsonReply(guide.file()).into_response())
}

/// The guide that a path names.
pub(super) fn find<'a>(http: &'a HttpState, id: &str) -> Result<&'a Guide, ProblemReply> {
    let no_such_guide = || ProblemReply::new(Code::NotFound, "There is no such guide; GET /v1/guides lists those that exist");
    http.service.guides().get(id).map(AsRef::as_ref).ok_or_else(no_such_guide)
}
