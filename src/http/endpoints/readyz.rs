//! `GET /readyz`: whether the service can do its work.
//!
//! A provider in trouble does not make it unready: the rules engine still answers, and another copy would fare no better.

use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use super::HttpState;
use crate::contract::problem::Code;
use crate::http::api_router::{Access, Answer, JSON, Operation, Tag, Verb, schema_of};
use crate::http::reply::{JsonReply, ProblemReply};
use crate::service::{JudgeState, OnLedgerDown, Readiness};

/// The service can do its work.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Ready {
    /// Always `ready`.
    status: ReadyStatus,
    /// Who writes.
    engine: ReadyEngine,
    /// The models, `provider/model`, in the order in which they are tried.
    models: Vec<String>,
    /// Whether costs can be recorded.
    ledger: LedgerState,
    /// The models that may have to judge what is written.
    judges: Vec<ReadyJudge>,
}

/// A model that may have to judge.
#[derive(Debug, Serialize, JsonSchema)]
struct ReadyJudge {
    /// The model, `provider/model`.
    model: String,
    /// The prompt version it is asked by.
    prompt: String,
    /// Whether its word counts; `null` before it was tried. One that is not trusted judges nothing: lines that code cannot settle become proposals.
    trusted: Option<bool>,
    /// How many of the pairs it was right about when it was tried; `null` where it was not.
    right: Option<u32>,
    /// How many pairs there were.
    of: Option<u32>,
}

impl From<JudgeState> for ReadyJudge {
    fn from(state: JudgeState) -> Self {
        let JudgeState { model, prompt, is_trusted, trial } = state;
        let (right, of) = trial.unzip();
        Self { model, prompt, trusted: is_trusted, right, of }
    }
}

/// The one word of [`Ready`]; otherwise the answer is a problem.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ReadyStatus {
    /// Requests can be answered.
    Ready,
}

/// Who writes.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ReadyEngine {
    /// A model.
    Llm,
    /// The rules engine alone.
    Rules,
}

/// Whether costs can be recorded.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum LedgerState {
    /// They can.
    Ok,
    /// They cannot, and models are asked all the same, as the configuration says.
    Down,
    /// No model is configured, so there are none.
    Unused,
}

pub(super) const DOC: Operation = Operation {
    verb: Verb::Get,
    path: "/readyz",
    id: "getReadiness",
    summary: "Whether the service can do its work",
    tag: Tag::Service,
    access: Access::Public,
    parameters: &[],
    query: &[],
    request: None,
    answers: &[Answer { status: 200, media: JSON, description: "It can", schema: schema_of::<Ready>(), headers: &[] }],
    problems: &[Code::LedgerDown],
};

pub(super) async fn say_ready(State(http): State<HttpState>) -> Result<JsonReply<Ready>, ProblemReply> {
    reply(http.service.readiness().await).map(JsonReply)
}

fn reply(Readiness { models, ledger, on_ledger_down, judges }: Readiness) -> Result<Ready, ProblemReply> {
    let judges = judges.into_iter().map(ReadyJudge::from).collect();
    if models.is_empty() {
        return Ok(Ready { status: ReadyStatus::Ready, engine: ReadyEngine::Rules, models, ledger: LedgerState::Unused, judges });
    }
    match ledger {
        Ok(()) => Ok(Ready { status: ReadyStatus::Ready, engine: ReadyEngine::Llm, models, ledger: LedgerState::Ok, judges }),
        Err(_) if on_ledger_down == OnLedgerDown::FailOpen => {
            Ok(Ready { status: ReadyStatus::Ready, engine: ReadyEngine::Llm, models, ledger: LedgerState::Down, judges })
        }
        Err(error) => {
            let detail = "The ledger cannot be reached, so no model is asked; the log of the service says why";
            Err(ProblemReply::new(Code::LedgerDown, detail).caused_by(&error))
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;
    use crate::http::testing::{self, read};
    use crate::ports::LedgerError;

    async fn check(models: &[&str], ledger: Result<(), LedgerError>) -> testing::Answer {
        let models = models.iter().map(|&model| model.to_owned()).collect();
        let ready = Readiness { models, ledger, on_ledger_down: OnLedgerDown::FailClosed, judges: Vec::new() };
        read(reply(ready).map(JsonReply).into_response()).await
    }

    #[tokio::test]
    async fn without_a_model_the_rules_engine_is_ready() {
        let answer = check(&[], Ok(())).await;
        assert_eq!(answer.text(), r#"{"status":"ready","engine":"rules","models":[],"ledger":"unused","judges":[]}"#);
    }

    #[tokio::test]
    async fn with_a_model_the_ledger_must_work() {
        let answer = check(&["openai/gpt"], Ok(())).await;
        assert_eq!(answer.text(), r#"{"status":"ready","engine":"llm","models":["openai/gpt"],"ledger":"ok","judges":[]}"#);
        let down = LedgerError { act: "reach", place: "postgres://db".into(), source: "connection refused".into() };
        let answer = check(&["openai/gpt"], Err(down)).await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "ledger_down"));
        assert!(!answer.text().contains("postgres") && !answer.text().contains("refused"));
    }

    #[tokio::test]
    async fn a_ledger_that_calls_do_not_wait_for_is_told_and_no_more() {
        let down = LedgerError { act: "reach", place: "here".into(), source: "connection refused".into() };
        let models = vec!["openai/gpt".to_owned()];
        let ready = Readiness { models, ledger: Err(down), on_ledger_down: OnLedgerDown::FailOpen, judges: Vec::new() };
        let answer = read(reply(ready).map(JsonReply).into_response()).await;
        let told = r#"{"status":"ready","engine":"llm","models":["openai/gpt"],"ledger":"down","judges":[]}"#;
        assert_eq!((answer.status, answer.text()), (200, told));
    }

    #[tokio::test]
    async fn a_judge_that_is_not_trusted_is_told_and_makes_nothing_unready() {
        let judge =
            |model: &str, is_trusted, trial| JudgeState { model: model.to_owned(), prompt: "judge@1".to_owned(), is_trusted, trial };
        let judges = vec![judge("p/weak", Some(false), Some((9, 24))), judge("p/new", None, None)];
        let ready = Readiness { models: vec!["p/weak".to_owned()], ledger: Ok(()), on_ledger_down: OnLedgerDown::FailClosed, judges };
        let answer = read(reply(ready).map(JsonReply).into_response()).await;
        let told = answer.json();
        assert_eq!(answer.status, 200);
        assert_eq!(told["judges"][0], serde_json::json!({"model": "p/weak", "prompt": "judge@1", "trusted": false, "right": 9, "of": 24}));
        assert_eq!(told["judges"][1]["trusted"], serde_json::Value::Null);
    }
}
