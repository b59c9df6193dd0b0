//! The wire format of Anthropic's Messages, with the answer's form asked for by `output_config.format`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Ending, count_at, model_name, word_at};
use super::fault::{Cause, Fault};
use super::schema::{Dialect, compile};
use super::transport::{Exchange, Transport, WireReply};
use super::wire::{self, Wire};
use crate::domain::cost::TokenUsage;
use crate::domain::request::{Message, ModelId, ModelRequest, Speaker};
use crate::ports::{BoxFuture, ChatModel, Clock, Completion, ModelError, Served};

/// One model behind Anthropic's Messages.
#[derive(Debug, Clone)]
pub struct Anthropic {
    id: ModelId,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    options: AnthropicOptions,
}

/// What may be asked of a model beside the answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AnthropicOptions {
    /// `none` switches thinking off, where a model can do without; any other word is its effort. `None` sends nothing.
    pub reasoning_effort: Option<String>,
    /// Sent as it is; `None` sends nothing, for newer models refuse the field.
    pub temperature: Option<f64>,
}

impl Anthropic {
    /// A model; the clock is for waiting times that a provider gives as a date.
    pub fn new(id: ModelId, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, options: AnthropicOptions) -> Self {
        Self { id, transport, clock, options }
    }

    /// The schema and the system's turns are what many requests share: the mark at their end asks the provider to keep them for five minutes.
    fn body(&self, request: &ModelRequest) -> Value {
        let ModelRequest { messages, schema_name: _, schema, max_output_tokens } = request;
        let AnthropicOptions { reasoning_effort, temperature } = &self.options;
        let mut system: Vec<Value> = texts(messages, Speaker::System).map(|text| json!({ "type": "text", "text": text })).collect();
        if let Some(Value::Object(last)) = system.last_mut() {
            last.insert("cache_control".to_owned(), json!({ "type": "ephemeral" }));
        }
        let turns = messages.iter().filter(|message| message.speaker != Speaker::System);
        let turns: Vec<Value> = turns.map(|Message { speaker, content }| json!({ "role": speaker.as_str(), "content": content })).collect();
        let mut output = Map::new();
        output.insert("format".to_owned(), json!({ "type": "json_schema", "schema": compile(schema, Dialect::Anthropic).schema }));
        let mut body = Map::new();
        let mut set = |key: &str, value: Value| drop(body.insert(key.to_owned(), value));
        set("model", self.id.model().into());
        set("max_tokens", (*max_output_tokens).into());
        if !system.is_empty() {
            set("system", system.into());
        }
        set("messages", turns.into());
        match reasoning_effort.as_deref() {
            Some("none") => set("thinking", json!({ "type": "disabled" })),
            Some(effort) => drop(output.insert("effort".to_owned(), effort.into())),
            None => {}
        }
        set("output_config", output.into());
        if let Some(temperature) = *temperature {
            set("temperature", temperature.into());
        }
        body.into()
    }
}

fn texts(messages: &[Message], by: Speaker) -> impl Iterator<Item = &str> {
    messages.iter().filter(move |message| message.speaker == by).map(|message| message.content.as_str())
}

impl ChatModel for Anthropic {
    fn id(&self) -> &ModelId {
        &self.id
    }

    fn ask<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(async {
            let (path, body) = ("/messages".to_owned(), self.body(request));
            let exchange = Exchange { wire: Wire::Anthropic, path, body, hash: request.hash(), model: self.id.clone() };
            wire::ask(&*self.transport, &*self.clock, exchange).await
        })
    }
}

/// What the error of a body means, by its `type`. Two meanings have no type of their own and are known by the beginning of their documented sentence.
pub(super) fn fault(error: &Value) -> Fault {
    let word = word_at(error, "/type");
    let says = |sentence: &str| error.get("message").and_then(Value::as_str).is_some_and(|message| message.starts_with(sentence));
    let (status, cause) = match word.as_deref() {
        Some("invalid_request_error") if says("Your credit balance is too low") => (Some(400), Some(Cause::Quota)),
        Some("invalid_request_error") if says("prompt is too long") => (Some(400), Some(Cause::Context)),
        Some("invalid_request_error") => (Some(400), None),
        Some("authentication_error") => (Some(401), Some(Cause::Key)),
        Some("billing_error") => (Some(402), Some(Cause::Quota)),
        Some("permission_error") => (Some(403), Some(Cause::Key)),
        Some("not_found_error") => (Some(404), None),
        Some("request_too_large") => (Some(413), Some(Cause::Context)),
        // llama.cpp speaks this format as well.
        Some("exceed_context_size_error") => (Some(400), Some(Cause::Context)),
        Some("rate_limit_error") => (Some(429), None),
        Some("api_error") => (Some(500), None),
        Some("timeout_error") => (Some(504), None),
        Some("overloaded_error") => (Some(529), None),
        Some(_) | None => (None, None),
    };
    Fault { cause, word, status, wait: None }
}

/// Takes an answer apart; what the model thought is no part of what it says.
pub(super) fn answer(body: &Value, _: &WireReply) -> Answer {
    let served = Served {
        model: model_name(body.get("model")),
        tier: word_at(body, "/usage/service_tier"),
        usage: body.get("usage").map(usage).filter(|usage| !usage.is_empty()),
    };
    let ending = match body.get("stop_reason").and_then(Value::as_str) {
        Some("end_turn" | "stop_sequence") => Ending::Complete,
        Some("max_tokens") => Ending::Truncated,
        Some("model_context_window_exceeded") => Ending::ContextExceeded,
        Some("refusal") => Ending::Refused(word_at(body, "/stop_details/category").unwrap_or_else(|| "refusal".to_owned())),
        Some("tool_use" | "pause_turn") => Ending::Broken("it stopped for a tool that nobody offered"),
        Some(_) => Ending::Broken("it stopped for a reason that is not known"),
        None => Ending::Cut,
    };
    let blocks = body.get("content").and_then(Value::as_array).into_iter().flatten();
    let texts = blocks.filter(|block| block.get("type").is_some_and(|kind| kind == "text"));
    let text: String = texts.filter_map(|block| block.get("text")?.as_str()).collect();
    Answer { ending, text: Some(text), served }
}

/// `input_tokens` is what was neither read from the cache nor written to it; output includes the thinking.
fn usage(usage: &Value) -> TokenUsage {
    let written = count_at(usage, "/cache_creation_input_tokens");
    let for_an_hour = count_at(usage, "/cache_creation/ephemeral_1h_input_tokens");
    let for_the_usual_time = count_at(usage, "/cache_creation/ephemeral_5m_input_tokens");
    let output = count_at(usage, "/output_tokens");
    let thinking = count_at(usage, "/output_tokens_details/thinking_tokens").map(|part| part.min(output.unwrap_or(part)));
    TokenUsage {
        input_uncached: count_at(usage, "/input_tokens"),
        cache_read: count_at(usage, "/cache_read_input_tokens"),
        // What the sum holds beyond the parts was written for the usual time; often the sum is all that is told.
        cache_write_5m: written.map(|written| written.saturating_sub(for_an_hour.unwrap_or(0))).max(for_the_usual_time),
        cache_write_1h: for_an_hour,
        output_visible: output.map(|output| output - thinking.unwrap_or(0)),
        output_reasoning: thinking,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reply::tests::meaning;
    use super::super::stub::{StubClock, StubTransport, request};
    use super::*;

    async fn sent(options: AnthropicOptions, request: &ModelRequest) -> Exchange {
        let transport = Arc::new(StubTransport::new(WireReply::new(500, [("", "")], vec![])));
        let id = "anthropic/claude-haiku-5-5".parse().expect("well formed");
        let model = Anthropic::new(id, Arc::clone(&transport) as _, Arc::new(StubClock), options);
        model.ask(request).await.expect_err("the stub answers 500");
        transport.exchanges().pop().expect("one exchange was sent")
    }

    #[tokio::test]
    async fn the_system_stands_apart_and_is_kept_by_the_provider_and_the_form_is_asked_for() {
        let exchange = sent(AnthropicOptions::default(), &request()).await;
        let expect = json!({
            "model": "claude-haiku-5-5",
            "max_tokens": 600,
            "system": [{ "type": "text", "text": "Rewrite.", "cache_control": { "type": "ephemeral" } }],
            "messages": [{ "role": "user", "content": "Fixed stuff" }],
            "output_config": { "format": { "type": "json_schema", "schema": { "type": "object" } } },
        });
        assert_eq!((exchange.path.as_str(), exchange.wire, exchange.body), ("/messages", Wire::Anthropic, expect));
    }

    #[tokio::test]
    async fn thinking_is_switched_off_or_given_an_effort_and_a_temperature_is_sent_when_asked_for() {
        let options = |effort: &str| AnthropicOptions { reasoning_effort: Some(effort.to_owned()), temperature: Some(0.25) };
        let off = sent(options("none"), &request()).await.body;
        assert_eq!((&off["thinking"], off["output_config"].get("effort")), (&json!({ "type": "disabled" }), None));
        let low = sent(options("low"), &request()).await.body;
        assert_eq!((low.get("thinking"), &low["output_config"]["effort"], &low["temperature"]), (None, &json!("low"), &json!(0.25)));
    }

    #[tokio::test]
    async fn the_turns_of_a_re_ask_stay_in_their_order() {
        let mut again = request();
        let turn = |speaker, content: &str| Message { speaker, content: content.to_owned() };
        again.messages.extend([turn(Speaker::Assistant, "{}"), turn(Speaker::User, "Again.")]);
        let body = sent(AnthropicOptions::default(), &again).await.body;
        let roles: Vec<_> = body["messages"].as_array().expect("turns").iter().map(|turn| turn["role"].clone()).collect();
        assert_eq!(roles, ["user", "assistant", "user"]);
    }

    fn check(status: u16, body: &Value, expect: &str) {
        assert_eq!(meaning(Wire::Anthropic, status, &[], &body.to_string()), expect, "{status} {body}");
    }

    fn error(kind: &str, message: &str) -> Value {
        json!({ "type": "error", "error": { "type": kind, "message": message }, "request_id": "req_1" })
    }

    fn message(stop_reason: impl Into<Value>, content: &Value) -> Value {
        json!({ "type": "message", "model": "claude-1", "content": content, "stop_reason": stop_reason.into(),
            "usage": { "input_tokens": 100, "output_tokens": 20 } })
    }

    fn text(text: &str) -> Value {
        json!([{ "type": "text", "text": text }])
    }

    #[test]
    fn an_error_means_the_same_by_its_status_and_inside_a_success() {
        for (status, kind, expect) in [
            (400, "invalid_request_error", "Rejected 400 invalid_request_error"),
            (401, "authentication_error", "Unauthorized 401"),
            (402, "billing_error", "QuotaExhausted billing_error"),
            (403, "permission_error", "Unauthorized 403"),
            (404, "not_found_error", "Rejected 404 not_found_error"),
            (413, "request_too_large", "ContextExceeded"),
            (429, "rate_limit_error", "RateLimited"),
            (500, "api_error", "Unavailable 500"),
            (504, "timeout_error", "Unavailable 504"),
            (529, "overloaded_error", "Unavailable 529"),
        ] {
            check(status, &error(kind, "Bad key sk-123"), expect);
            check(200, &error(kind, "Bad key sk-123"), expect);
        }
        check(200, &error("new_error", ""), "Unavailable 502");
        check(400, &error("Bad key sk-123", ""), "Rejected 400 unknown");
    }

    #[test]
    fn an_empty_account_and_a_prompt_that_is_too_long_are_known_by_their_sentence() {
        let kind = "invalid_request_error";
        check(400, &error(kind, "Your credit balance is too low to access the Anthropic API."), "QuotaExhausted invalid_request_error");
        check(400, &error(kind, "prompt is too long: 1000001 tokens > 1000000 maximum"), "ContextExceeded");
        check(400, &error(kind, "The bullet says: prompt is too long"), "Rejected 400 invalid_request_error");
        check(400, &error("exceed_context_size_error", "request (20030 tokens) exceeds"), "ContextExceeded");
    }

    #[test]
    fn the_reason_to_stop_decides_before_the_text_is_read() {
        for (stop_reason, expect) in [
            ("end_turn", r#"Complete "{}""#),
            ("stop_sequence", r#"Complete "{}""#),
            ("max_tokens", "Truncated"),
            ("model_context_window_exceeded", "ContextExceeded"),
            ("refusal", "Refused refusal"),
            ("tool_use", "BadReply it stopped for a tool that nobody offered"),
            ("pause_turn", "BadReply it stopped for a tool that nobody offered"),
            ("new_reason", "BadReply it stopped for a reason that is not known"),
        ] {
            check(200, &message(stop_reason, &text("{}")), &format!("{expect} by claude-1 for 100>20"));
        }
        check(200, &message(Value::Null, &text("{}")), "StreamCut by claude-1 for 100>20");
        let mut refused = message("refusal", &json!([]));
        refused["stop_details"] = json!({ "type": "refusal", "category": "cyber", "explanation": "Because." });
        check(200, &refused, "Refused cyber by claude-1 for 100>20");
    }

    #[test]
    fn the_answer_is_its_text_blocks_without_the_thoughts() {
        let content = json!([{ "type": "thinking", "thinking": "{hm}" }, { "type": "text", "text": "{" }, { "type": "text", "text": "}" }]);
        check(200, &message("end_turn", &content), r#"Complete "{}" by claude-1 for 100>20"#);
        for content in [json!([]), Value::Null, text(" "), json!([{ "type": "thinking", "thinking": "{}" }])] {
            check(200, &message("end_turn", &content), "Empty by claude-1 for 100>20");
        }
        check(200, &json!({}), "StreamCut");
    }

    #[test]
    fn reads_and_writes_of_the_cache_are_beside_the_input_and_thoughts_within_the_output() {
        for (usage, expect) in [
            (
                json!({ "input_tokens": 7, "cache_creation_input_tokens": 30, "cache_read_input_tokens": 64, "output_tokens": 20,
                    "cache_creation": { "ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20 },
                    "output_tokens_details": { "thinking_tokens": 5 }, "service_tier": "priority" }),
                " in priority for 7+64r+10w5m+20w1h>15+5t",
            ),
            (json!({ "input_tokens": 7, "cache_creation_input_tokens": 30, "output_tokens": 20 }), " for 7+30w5m>20"),
            (
                json!({ "input_tokens": 7, "cache_creation_input_tokens": 30, "output_tokens": 20,
                    "cache_creation": { "ephemeral_5m_input_tokens": 1, "ephemeral_1h_input_tokens": 20 } }),
                " for 7+10w5m+20w1h>20",
            ),
            (json!({ "input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 0 }), " for 0+0r>0"),
            (json!({ "output_tokens": 2, "output_tokens_details": { "thinking_tokens": 5 } }), " for >0+2t"),
            (json!({}), ""),
        ] {
            let mut body = message("end_turn", &text("{}"));
            body["usage"] = usage;
            check(200, &body, &format!(r#"Complete "{{}}" by claude-1{expect}"#));
        }
    }

    proptest! {
        #[test]
        fn every_token_that_was_counted_is_billed_once(input in 0_u64..1 << 40, read in 0_u64..1 << 40, short in 0_u64..1 << 40,
            long in 0_u64..1 << 40, output in 0_u64..1 << 40, thinking in 0_u64..1 << 41) {
            let counted = usage(&json!({ "input_tokens": input, "cache_read_input_tokens": read, "cache_creation_input_tokens": short + long,
                "cache_creation": { "ephemeral_1h_input_tokens": long }, "output_tokens": output,
                "output_tokens_details": { "thinking_tokens": thinking } }));
            prop_assert_eq!((counted.input(), counted.output()), (Some(input + read + short + long), Some(output)));
        }
    }
}
