//! `GET /healthz`: the process lives; nothing else is looked at, so that a sick neighbour never has it restarted.

use schemars::JsonSchema;
use serde::Serialize;

use crate::http::api_router::{Access, Answer, JSON, Operation, Tag, Verb, schema_of};
use crate::http::reply::JsonReply;

/// The process lives.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Health {
    /// Always `ok`.
    status: HealthStatus,
}

/// The one word of [`Health`].
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum HealthStatus {
    /// The process answers.
    Ok,
}

pub(super) const DOC: Operation = Operation {
    verb: Verb::Get,
    path: "/healthz",
    id: "getHealth",
    summary: "Whether the process lives",
    tag: Tag::Service,
    access: Access::Public,
    parameters: &[],
    query: &[],
    request: None,
    answers: &[Answer { status: 200, media: JSON, description: "It does", schema: schema_of::<Health>(), headers: &[] }],
    problems: &[],
};

pub(super) async fn say_alive() -> JsonReply<Health> {
    JsonReply(Health { status: HealthStatus::Ok })
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;
    use crate::http::testing::read;

    #[tokio::test]
    async fn a_living_process_says_ok() {
        assert_eq!(read(say_alive().await.into_response()).await.text(), r#"{"status":"ok"}"#);
    }
}
