//! The wire format of OpenAI's chat completions, which most providers and local servers speak as well.

use std::sync::Arc;

use serde_json::{Value, json};

use super::reply;
use super::transport::{Exchange, Transport};
use crate::domain::request::{Message, ModelId, ModelRequest};
use crate::ports::{BoxFuture, ChatModel, Clock, Completion, ModelError};

/// One model behind a chat-completions endpoint.
#[derive(Debug, Clone)]
pub struct OpenAi {
    id: ModelId,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    options: OpenAiOptions,
}

/// In what the servers that speak this format differ.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpenAiOptions {
    /// The name under which the server takes the limit of the answer.
    pub limit_field: LimitField,
    /// Sent as it is; `None` sends nothing, for most models refuse the field.
    pub reasoning_effort: Option<String>,
    /// Sent as it is; `None` sends nothing, for reasoning models refuse the field.
    pub temperature: Option<f64>,
}

/// The name of the limit of the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LimitField {
    /// OpenAI itself: the limit holds for reasoning as well.
    #[default]
    MaxCompletionTokens,
    /// The older name; Ollama knows no other and would answer without a limit.
    MaxTokens,
}

impl LimitField {
    const fn as_str(self) -> &'static str {
        match self {
            Self::MaxCompletionTokens => "max_completion_tokens",
            Self::MaxTokens => "max_tokens",
        }
    }
}

impl OpenAi {
    /// A model; the clock is for waiting times that a provider gives as a date.
    pub fn new(id: ModelId, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, options: OpenAiOptions) -> Self {
        Self { id, transport, clock, options }
    }

    /// The schema stands under `json_schema.schema`, the one place that OpenAI, llama.cpp, Ollama and vLLM all read.
    fn body(&self, request: &ModelRequest) -> Value {
        let ModelRequest { messages, schema_name, schema, max_output_tokens } = request;
        let OpenAiOptions { limit_field, reasoning_effort, temperature } = &self.options;
        let turn = |Message { speaker, content }: &Message| json!({ "role": speaker.as_str(), "content": content });
        let mut body = serde_json::Map::new();
        let mut set = |key: &str, value: Value| drop(body.insert(key.to_owned(), value));
        set("model", self.id.model().into());
        set("messages", messages.iter().map(turn).collect());
        set("response_format", json!({ "type": "json_schema", "json_schema": { "name": schema_name, "schema": schema, "strict": true } }));
        set(limit_field.as_str(), (*max_output_tokens).into());
        if let Some(effort) = reasoning_effort {
            set("reasoning_effort", effort.as_str().into());
        }
        if let Some(temperature) = *temperature {
            set("temperature", temperature.into());
        }
        body.into()
    }
}

impl ChatModel for OpenAi {
    fn id(&self) -> &ModelId {
        &self.id
    }

    fn ask<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(async {
            let exchange = Exchange { path: "/chat/completions", body: self.body(request), hash: request.hash(), model: self.id.clone() };
            let reply = self.transport.send(&exchange).await?;
            reply::read(&reply, self.clock.now())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::stub::{StubClock, StubTransport, request};
    use super::super::transport::WireReply;
    use super::*;

    async fn sent(options: OpenAiOptions) -> Value {
        let transport = Arc::new(StubTransport::new(WireReply::new(500, [("", "")], vec![])));
        let id = "openrouter/meta/llama".parse().expect("well formed");
        let model = OpenAi::new(id, Arc::clone(&transport) as _, Arc::new(StubClock), options);
        model.ask(&request()).await.expect_err("the stub answers 500");
        transport.sent().pop().expect("one exchange was sent")
    }

    #[tokio::test]
    async fn the_body_holds_the_turns_the_schema_and_the_limit_and_nothing_else_unless_asked_for() {
        let body = sent(OpenAiOptions::default()).await;
        let expect = json!({
            "model": "meta/llama",
            "messages": [{ "role": "system", "content": "Rewrite." }, { "role": "user", "content": "Fixed stuff" }],
            "response_format": {
                "type": "json_schema",
                "json_schema": { "name": "draft", "schema": { "type": "object" }, "strict": true },
            },
            "max_completion_tokens": 600,
        });
        assert_eq!(body, expect);
    }

    #[tokio::test]
    async fn the_options_choose_the_limits_name_and_add_their_fields() {
        let body =
            sent(OpenAiOptions { limit_field: LimitField::MaxTokens, reasoning_effort: Some("low".to_owned()), temperature: Some(0.25) })
                .await;
        let keys: Vec<_> = body.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["model", "messages", "response_format", "max_tokens", "reasoning_effort", "temperature"]);
        assert_eq!((&body["max_tokens"], &body["reasoning_effort"], &body["temperature"]), (&json!(600), &json!("low"), &json!(0.25)));
    }

    #[tokio::test]
    async fn a_date_in_retry_after_is_counted_from_the_clock() {
        let reply = WireReply::new(429, [("retry-after", "Fri, 06 Nov 2026 08:50:07 GMT")], vec![]);
        let id = "p/m".parse().expect("well formed");
        let model = OpenAi::new(id, Arc::new(StubTransport::new(reply)), Arc::new(StubClock), OpenAiOptions::default());
        let error = model.ask(&request()).await.expect_err("429");
        assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(30)));
    }
}
