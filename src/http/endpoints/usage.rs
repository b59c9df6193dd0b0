//! `GET /v1/usage`: what was used and what it cost, as JSON or as CSV.

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use super::HttpState;
use crate::contract::problem::Code;
use crate::contract::usage::{UsageAnswer, UsageRequest};
use crate::http::api_router::{Access, Answer, CSV, JSON, Operation, Parameter, Tag, Verb, schema_of};
use crate::http::middleware::Media;
use crate::http::query_params::QueryParams;
use crate::http::reply::{JsonReply, ProblemReply};

pub(super) const DOC: Operation = Operation {
    verb: Verb::Get,
    path: "/v1/usage",
    id: "getUsage",
    summary: "What was used and what it cost, and what is left of the budgets",
    tag: Tag::Usage,
    access: Access::Usage,
    parameters: &[],
    query: &[
        Parameter {
            name: "from",
            description: "The first day, in UTC; the first of this month when absent",
            schema: schema_of::<String>(),
        },
        Parameter { name: "to", description: "The day after the last one; tomorrow when absent", schema: schema_of::<String>() },
        Parameter {
            name: "group_by",
            description: "Some of day, model, key, prompt and skill, with commas between them; `day` when absent",
            schema: schema_of::<String>(),
        },
    ],
    request: None,
    answers: &[
        Answer { status: 200, media: JSON, description: "What was used", schema: schema_of::<UsageAnswer>(), headers: &["Cache-Control"] },
        Answer { status: 200, media: CSV, description: "What was used", schema: schema_of::<String>(), headers: &["Cache-Control"] },
    ],
    problems: &[Code::LedgerDown],
};

pub(super) async fn show(
    State(http): State<HttpState>,
    Media(media): Media,
    QueryParams(request): QueryParams<UsageRequest>,
) -> Result<Response, ProblemReply> {
    let answer = http.service.usage(request).await?;
    let mut response =
        if media == CSV { ([(CONTENT_TYPE, CSV)], answer.to_csv()).into_response() } else { JsonReply(answer).into_response() };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
