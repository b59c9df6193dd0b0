//! `GET /v1/guides`: all guides, in short.

use axum::extract::State;

use super::HttpState;
use crate::contract::guides::{GuideList, GuideSummary};
use crate::http::api_router::{Access, Answer, JSON, Operation, Tag, Verb, schema_of};
use crate::http::reply::JsonReply;

pub(super) const DOC: Operation = Operation {
    verb: Verb::Get,
    path: "/v1/guides",
    id: "listGuides",
    summary: "All guides, in short",
    tag: Tag::Guides,
    access: Access::Public,
    parameters: &[],
    query: &[],
    request: None,
    answers: &[Answer { status: 200, media: JSON, description: "The guides", schema: schema_of::<GuideList>(), headers: &[] }],
    problems: &[],
};

pub(super) async fn list(State(http): State<HttpState>) -> JsonReply<GuideList> {
    JsonReply(GuideList { guides: http.service.guides().iter().map(|guide| GuideSummary::from(guide.file())).collect() })
}
