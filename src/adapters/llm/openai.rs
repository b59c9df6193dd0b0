//! The wire format of OpenAI's chat completions, which most providers and local servers speak as well.

use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::{Answer, Ending, count_at, model_name, word_at};
use super::fault::{Cause, Fault};
use super::schema::{Dialect, compile};
use super::transport::{Exchange, Transport, WireReply};
use super::wire::{self, Wire};
use crate::domain::cost::TokenUsage;
use crate::domain::request::{Message, ModelId, ModelRequest};
use crate::ports::{BoxFuture, ChatModel, Clock, Completion, ModelError, Served};

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
        let schema = compile(schema, Dialect::OpenAi).schema;
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
            let (path, body) = ("/chat/completions".to_owned(), self.body(request));
            let exchange = Exchange { wire: Wire::OpenAi, path, body, hash: request.hash(), model: self.id.clone() };
            wire::ask(&*self.transport, &*self.clock, exchange).await
        })
    }
}

/// An account that is empty or over its limit; waiting does not help.
const QUOTA_WORDS: [&str; 6] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
];
/// OpenAI's word, and llama.cpp's.
const CONTEXT_WORDS: [&str; 2] = ["context_length_exceeded", "exceed_context_size_error"];
/// Azure's word, and OpenAI's own.
const FILTER_WORDS: [&str; 2] = ["content_filter", "content_policy_violation"];

/// What the error of a body means: its `code`, then its `type`.
pub(super) fn fault(error: &Value) -> Fault {
    let words: Vec<String> = ["/code", "/type"].into_iter().filter_map(|place| word_at(error, place)).collect();
    let causes = [(Cause::Quota, &QUOTA_WORDS[..]), (Cause::Context, &CONTEXT_WORDS), (Cause::Filter, &FILTER_WORDS)];
    let known = causes.into_iter().find_map(|(cause, list)| Some((cause, words.iter().find(|word| list.contains(&word.as_str()))?)));
    let word = known.map(|(_, word)| word).or(words.first()).cloned();
    Fault { cause: known.map(|(cause, _)| cause), status: status_in(error, &words), word, wait: None }
}

/// A gateway that has already answered 200 puts the status of the provider behind it, or that provider's word for it, here.
fn status_in(error: &Value, words: &[String]) -> Option<u16> {
    let number = count_at(error, "/code").and_then(|code| u16::try_from(code).ok()).filter(|code| (400..=599).contains(code));
    number.or_else(|| {
        words.iter().find_map(|word| match word.as_str() {
            "rate_limit_exceeded" | "slow_down" | "rate_limit_error" => Some(429),
            "invalid_api_key" | "authentication_error" => Some(401),
            "model_not_found" => Some(404),
            "invalid_request_error" => Some(400),
            _ => None,
        })
    })
}

/// Takes an answer apart.
pub(super) fn answer(body: &Value, _: &WireReply) -> Answer {
    let served = Served {
        model: model_name(body.get("model")),
        tier: word_at(body, "/service_tier"),
        usage: body.get("usage").map(usage).filter(|usage| !usage.is_empty()),
    };
    let at = |place: &str| body.pointer(place);
    let refusal = at("/choices/0/message/refusal").and_then(Value::as_str).is_some_and(|refusal| !refusal.trim().is_empty());
    let content = at("/choices/0/message/content");
    let ending = match at("/choices/0/finish_reason").and_then(Value::as_str) {
        Some("length") => Ending::Truncated,
        Some("content_filter") => Ending::Filtered("content_filter".to_owned()),
        // A gateway's word for a provider behind it that went away.
        Some("error") => Ending::Cut,
        _ if refusal => Ending::Refused("refusal".to_owned()),
        _ if content.is_some_and(|content| !content.is_string() && !content.is_null()) => Ending::Broken("content is not text"),
        // Local servers have words of their own for a natural end, or none; the answer itself is checked by the service.
        Some(_) | None => Ending::Complete,
    };
    Answer { ending, text: content.and_then(Value::as_str).map(str::to_owned), served }
}

/// Prompt tokens include what was read from the cache and written to it, completion tokens the reasoning. No part is ever more than its whole.
fn usage(usage: &Value) -> TokenUsage {
    let prompt = count_at(usage, "/prompt_tokens");
    let within = |place: &str, whole: Option<u64>| count_at(usage, place).map(|part| part.min(whole.unwrap_or(part)));
    let cache_read = within("/prompt_tokens_details/cached_tokens", prompt);
    let input = prompt.map(|prompt| prompt - cache_read.unwrap_or(0));
    let cache_write_5m = within("/prompt_tokens_details/cache_write_tokens", input);
    let completion = count_at(usage, "/completion_tokens");
    let reasoning = count_at(usage, "/completion_tokens_details/reasoning_tokens");
    // xAI and some gateways count the reasoning beside the completion; the total tells.
    let beside = match (prompt, completion, reasoning, count_at(usage, "/total_tokens")) {
        (Some(prompt), Some(completion), Some(reasoning @ 1..), Some(total)) => {
            prompt.saturating_add(completion).saturating_add(reasoning) == total
        }
        _ => false,
    };
    let output_reasoning = if beside { reasoning } else { reasoning.map(|part| part.min(completion.unwrap_or(part))) };
    let output_visible = completion.map(|completion| if beside { completion } else { completion - output_reasoning.unwrap_or(0) });
    TokenUsage {
        input_uncached: input.map(|input| input - cache_write_5m.unwrap_or(0)),
        cache_read,
        cache_write_5m,
        cache_write_1h: None,
        output_visible,
        output_reasoning,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reply::tests::meaning;
    use super::super::stub::{StubClock, StubTransport, request};
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

    fn check(status: u16, body: &Value, expect: &str) {
        assert_eq!(meaning(Wire::OpenAi, status, &[], &body.to_string()), expect, "{status} {body}");
    }

    fn error(code: impl Into<Value>, kind: impl Into<Value>) -> Value {
        json!({ "error": { "message": "Bad key sk-123", "code": code.into(), "type": kind.into() } })
    }

    fn choice(finish_reason: impl Into<Value>, content: impl Into<Value>) -> Value {
        json!({
            "model": "m-1",
            "choices": [{ "finish_reason": finish_reason.into(), "message": { "role": "assistant", "content": content.into() } }],
            "usage": { "prompt_tokens": 100, "completion_tokens": 20 },
        })
    }

    #[test]
    fn an_account_without_credit_is_told_from_a_busy_one_by_the_code_or_the_type() {
        check(429, &error("rate_limit_exceeded", "requests"), "RateLimited");
        check(429, &error("slow_down", "requests"), "RateLimited");
        for word in QUOTA_WORDS {
            check(429, &error(word, "insufficient_quota"), &format!("QuotaExhausted {word}"));
            check(403, &error(Value::Null, word), &format!("QuotaExhausted {word}"));
        }
        check(402, &error("Insufficient Balance", "unknown_error"), "QuotaExhausted unknown_error");
    }

    #[test]
    fn a_request_that_does_not_fit_or_is_filtered_is_told_from_one_that_is_rejected() {
        check(413, &json!({}), "ContextExceeded");
        check(400, &error("content_filter", Value::Null), "Filtered content_filter");
        check(400, &error("content_policy_violation", "image_generation_user_error"), "Filtered content_policy_violation");
        check(400, &error("context_length_exceeded", "invalid_request_error"), "ContextExceeded");
        check(400, &error(400, "exceed_context_size_error"), "ContextExceeded");
        check(400, &error("invalid_json_schema", "invalid_request_error"), "Rejected 400 invalid_json_schema");
    }

    #[test]
    fn the_reason_is_a_code_word_or_a_number_and_never_prose() {
        check(400, &error(400, "invalid_request_error"), "Rejected 400 400");
        check(400, &error(Value::Null, "invalid_request_error"), "Rejected 400 invalid_request_error");
        check(400, &error("Bad key sk-123", "invalid_request_error"), "Rejected 400 invalid_request_error");
        check(400, &error("Bad key sk-123", Value::Null), "Rejected 400 unknown");
        check(400, &error("x".repeat(200), Value::Null), &format!("Rejected 400 {}", "x".repeat(64)));
        check(400, &json!({ "error": "Bad key sk-123" }), "Rejected 400 unknown");
        check(400, &json!({ "object": "error", "type": "BadRequestError", "code": null }), "Rejected 400 BadRequestError");
    }

    #[test]
    fn an_error_in_a_success_has_the_status_that_its_words_stand_for() {
        check(200, &error(429, "rate_limit"), "RateLimited");
        check(200, &error("rate_limit_exceeded", Value::Null), "RateLimited");
        check(200, &error("invalid_api_key", Value::Null), "Unauthorized 401");
        check(200, &error(400, Value::Null), "Rejected 400 400");
        check(200, &error("server_error", Value::Null), "Unavailable 502");
        check(200, &error(200, Value::Null), "Unavailable 502");
        check(200, &error("insufficient_quota", Value::Null), "QuotaExhausted insufficient_quota");
    }

    #[test]
    fn a_complete_answer_comes_with_who_gave_it_and_what_was_counted() {
        check(200, &choice("stop", "{}"), r#"Complete "{}" by m-1 for 100>20"#);
        check(200, &choice(Value::Null, "{}"), r#"Complete "{}" by m-1 for 100>20"#);
        check(201, &choice("eos", " {} "), r#"Complete " {} " by m-1 for 100>20"#);

        let mut body = choice("stop", "{}");
        body["error"] = Value::Null;
        body["choices"][0]["message"]["refusal"] = Value::Null;
        body["service_tier"] = "flex".into();
        body["usage"] = json!({
            "prompt_tokens": 100, "prompt_tokens_details": { "cached_tokens": 64, "cache_write_tokens": 30 },
            "completion_tokens": 20, "completion_tokens_details": { "reasoning_tokens": 5 }, "total_tokens": 120,
        });
        check(200, &body, r#"Complete "{}" by m-1 in flex for 6+64r+30w5m>15+5t"#);
        for name in [Value::Null, json!(7), json!(""), json!("m".repeat(201)), json!("m\u{1b}[31m")] {
            body["model"] = name;
            check(200, &body, r#"Complete "{}" in flex for 6+64r+30w5m>15+5t"#);
        }
    }

    #[test]
    fn a_count_that_is_absent_or_no_count_is_unknown_and_not_zero() {
        for (usage, expect) in [
            (Value::Null, ""),
            (json!({}), ""),
            (json!({ "prompt_tokens": 100 }), " for 100>"),
            (json!({ "prompt_tokens": 100, "completion_tokens": -1 }), " for 100>"),
            (json!({ "prompt_tokens": "100", "completion_tokens": 20 }), " for >20"),
            (json!({ "prompt_tokens": 0, "completion_tokens": 0 }), " for 0>0"),
            (json!({ "prompt_tokens": 9, "prompt_tokens_details": { "cached_tokens": 0 }, "completion_tokens": 1 }), " for 9+0r>1"),
        ] {
            let mut body = choice("stop", "{}");
            body["usage"] = usage;
            check(200, &body, &format!(r#"Complete "{{}}" by m-1{expect}"#));
        }
    }

    #[test]
    fn a_part_is_never_more_than_its_whole_and_reasoning_beside_the_completion_is_not_lost() {
        let mut body = choice("stop", "{}");
        body["usage"] = json!({ "prompt_tokens": 5, "prompt_tokens_details": { "cached_tokens": 9, "cache_write_tokens": 9 },
            "completion_tokens": 2, "completion_tokens_details": { "reasoning_tokens": 9 } });
        check(200, &body, r#"Complete "{}" by m-1 for 0+5r+0w5m>0+2t"#);
        body["usage"] = json!({ "prompt_tokens": 5, "completion_tokens": 2, "completion_tokens_details": { "reasoning_tokens": 9 }, "total_tokens": 16 });
        check(200, &body, r#"Complete "{}" by m-1 for 5>2+9t"#);
    }

    #[test]
    fn an_answer_that_stopped_early_is_none_even_if_it_looks_whole() {
        check(200, &choice("length", "{}"), "Truncated by m-1 for 100>20");
        check(200, &choice("content_filter", "{}"), "Filtered content_filter by m-1 for 100>20");
        check(200, &choice("error", "{}"), "StreamCut by m-1 for 100>20");

        let mut body = choice("stop", Value::Null);
        body["choices"][0]["message"]["refusal"] = json!("I cannot help with that.");
        check(200, &body, "Refused refusal by m-1 for 100>20");
        body["usage"] = Value::Null;
        check(200, &body, "Refused refusal by m-1");
    }

    #[test]
    fn an_answer_without_text_is_empty_and_billed_all_the_same() {
        for content in [Value::Null, json!(" \n")] {
            check(200, &choice("stop", content), "Empty by m-1 for 100>20");
        }
        check(200, &choice("tool_calls", Value::Null), "Empty by m-1 for 100>20");
        check(200, &choice("stop", json!([{ "type": "text", "text": "{}" }])), "BadReply content is not text by m-1 for 100>20");
        let usage = json!({ "prompt_tokens": 1, "completion_tokens": 2 });
        check(200, &json!({ "choices": [], "usage": usage }), "Empty for 1>2");
        check(200, &json!({ "choices": [{}], "usage": usage }), "Empty for 1>2");
        check(200, &json!(["choices"]), "Empty");
    }

    proptest! {
        #[test]
        fn every_token_that_was_counted_is_billed_once(prompt in 0_u64..1 << 40, cached in 0_u64..1 << 41, written in 0_u64..1 << 41,
            completion in 0_u64..1 << 40, reasoning in 1_u64..1 << 41, beside: bool) {
            let total = prompt + completion + if beside { reasoning } else { 0 };
            let counted = usage(&json!({ "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total,
                "prompt_tokens_details": { "cached_tokens": cached, "cache_write_tokens": written },
                "completion_tokens_details": { "reasoning_tokens": reasoning } }));
            prop_assert_eq!((counted.input(), counted.output()), (Some(prompt), Some(total - prompt)));
        }
    }
}
