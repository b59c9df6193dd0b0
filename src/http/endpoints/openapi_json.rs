//! `GET /openapi.json`: the description of all this, for people's tools.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::http::api_router::{Access, Answer, JSON, Operation, Tag, Verb, schema_of};
use crate::http::reply::JsonReply;

/// The same for every request, so it is written once.
static DOCUMENT: LazyLock<Value> = LazyLock::new(crate::http::openapi);

pub(super) const DOC: Operation = Operation {
    verb: Verb::Get,
    path: "/openapi.json",
    id: "getOpenApi",
    summary: "This document",
    tag: Tag::Service,
    access: Access::Public,
    parameters: &[],
    query: &[],
    request: None,
    answers: &[Answer {
        status: 200,
        media: JSON,
        description: "An OpenAPI 3.1 document",
        schema: schema_of::<Map<String, Value>>(),
        headers: &[],
    }],
    problems: &[],
};

pub(super) async fn show() -> JsonReply<&'static Value> {
    JsonReply(&*DOCUMENT)
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;
    use crate::http::testing::read;

    #[tokio::test]
    async fn the_document_describes_itself() {
        let answer = read(show().await.into_response()).await;
        assert_eq!(answer.json()["openapi"], "3.1.0");
        assert!(answer.json()["paths"].get("/openapi.json").is_some());
    }
}
