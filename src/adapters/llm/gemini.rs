//! The wire format of Gemini's `generateContent`, with the answer's form asked for by `responseJsonSchema`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Ending, count_at, model_name, word, word_at};
use super::fault::{Cause, Fault};
use super::retry_after;
use super::schema::{Dialect, compile};
use super::transport::{Exchange, Transport, WireReply};
use super::wire::{self, Wire};
use crate::domain::cost::TokenUsage;
use crate::domain::request::{Message, ModelId, ModelRequest, Speaker};
use crate::ports::{BoxFuture, ChatModel, Clock, Completion, ModelError, Served};

/// One model behind Gemini's `generateContent`.
#[derive(Debug, Clone)]
pub struct Gemini {
    id: ModelId,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    options: GeminiOptions,
}

/// What may be asked of a model beside the answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GeminiOptions {
    /// `none` gives a model of the 2.5 family no budget to think; any other word is the thinking level of a later one. `None` sends nothing.
    pub reasoning_effort: Option<String>,
    /// Sent as it is; `None` sends nothing.
    pub temperature: Option<f64>,
}

impl Gemini {
    /// A model; the clock is for waiting times that a provider gives as a date.
    pub fn new(id: ModelId, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, options: GeminiOptions) -> Self {
        Self { id, transport, clock, options }
    }

    fn body(&self, request: &ModelRequest) -> Value {
        let ModelRequest { messages, schema_name: _, schema, max_output_tokens } = request;
        let GeminiOptions { reasoning_effort, temperature } = &self.options;
        let part = |text: &str| json!({ "text": text });
        let system: Vec<Value> =
            messages.iter().filter(|message| message.speaker == Speaker::System).map(|message| part(&message.content)).collect();
        let turn = |Message { speaker, content }: &Message| {
            let role = match speaker {
                Speaker::System => return None,
                Speaker::User => "user",
                Speaker::Assistant => "model",
            };
            Some(json!({ "role": role, "parts": [part(content)] }))
        };
        let mut generation = Map::new();
        let mut set = |key: &str, value: Value| drop(generation.insert(key.to_owned(), value));
        set("responseMimeType", "application/json".into());
        set("responseJsonSchema", compile(schema, Dialect::Gemini).schema);
        set("maxOutputTokens", (*max_output_tokens).into());
        match reasoning_effort.as_deref() {
            Some("none") => set("thinkingConfig", json!({ "thinkingBudget": 0 })),
            Some(level) => set("thinkingConfig", json!({ "thinkingLevel": level })),
            None => {}
        }
        if let Some(temperature) = *temperature {
            set("temperature", temperature.into());
        }
        let mut body = Map::new();
        if !system.is_empty() {
            body.insert("systemInstruction".to_owned(), json!({ "parts": system }));
        }
        body.insert("contents".to_owned(), messages.iter().filter_map(turn).collect());
        body.insert("generationConfig".to_owned(), generation.into());
        body.into()
    }
}

impl ChatModel for Gemini {
    fn id(&self) -> &ModelId {
        &self.id
    }

    fn ask<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(async {
            let (path, body) = (format!("/models/{}:generateContent", self.id.model()), self.body(request));
            let exchange = Exchange { wire: Wire::Gemini, path, body, hash: request.hash(), model: self.id.clone() };
            wire::ask(&*self.transport, &*self.clock, exchange).await
        })
    }
}

/// What the error of a body means: its `status`, and the details that tell a bad key and a quota of the day from what passes.
pub(super) fn fault(error: &Value) -> Fault {
    let word = word_at(error, "/status").or_else(|| word_at(error, "/code"));
    let details = || error.get("details").and_then(Value::as_array).into_iter().flatten();
    let reasons: Vec<String> = details().filter_map(|detail| word_at(detail, "/reason")).collect();
    let is_bad_key = reasons.iter().any(|reason| reason == "API_KEY_INVALID" || reason == "API_KEY_EXPIRED");
    let mut quotas =
        details().filter_map(|detail| detail.get("violations")?.as_array()).flatten().filter_map(|one| word_at(one, "/quotaId"));
    let of_the_day = quotas.find(|quota| quota.contains("PerDay"));
    let is_too_long = word.as_deref() == Some("INVALID_ARGUMENT")
        && error.get("message").and_then(Value::as_str).is_some_and(|message| message.starts_with("The input token count"));
    let (cause, word) = match of_the_day {
        _ if is_bad_key => (Some(Cause::Key), word),
        Some(quota) => (Some(Cause::Quota), Some(quota)),
        None if is_too_long => (Some(Cause::Context), word),
        None => (None, word),
    };
    Fault {
        cause,
        word,
        status: count_at(error, "/code").and_then(|code| u16::try_from(code).ok()).filter(|code| (400..=599).contains(code)),
        wait: details().find_map(|detail| retry_after::seconds(detail.get("retryDelay")?.as_str()?)),
    }
}

/// Takes an answer apart; what the model thought is no part of what it says.
pub(super) fn answer(body: &Value, reply: &WireReply) -> Answer {
    let served = Served {
        model: model_name(body.get("modelVersion")),
        tier: tier(body, reply),
        usage: body.get("usageMetadata").map(usage).filter(|usage| !usage.is_empty()),
    };
    let parts = body.pointer("/candidates/0/content/parts").and_then(Value::as_array).into_iter().flatten();
    let said = parts.filter(|part| part.get("thought") != Some(&Value::Bool(true)));
    let text: String = said.filter_map(|part| part.get("text")?.as_str()).collect();
    Answer { ending: ending(body), text: Some(text), served }
}

/// The tier stands in a header, or it is the end of the traffic's type: `ON_DEMAND` is the ordinary one, `ON_DEMAND_PRIORITY` is not.
fn tier(body: &Value, reply: &WireReply) -> Option<String> {
    let header = || word(&reply.header("x-gemini-service-tier")?.into());
    let traffic = || Some(word_at(body, "/usageMetadata/trafficType")?.trim_start_matches("ON_DEMAND_").to_owned());
    header().or_else(traffic).map(|tier| tier.to_ascii_lowercase())
}

fn ending(body: &Value) -> Ending {
    if let Some(reason) = word_at(body, "/promptFeedback/blockReason").filter(|reason| reason != "BLOCK_REASON_UNSPECIFIED") {
        return Ending::Filtered(reason);
    }
    let Some(candidate) = body.pointer("/candidates/0") else { return Ending::Complete };
    match candidate.get("finishReason").and_then(Value::as_str) {
        Some("STOP") => Ending::Complete,
        Some("MAX_TOKENS" | "CONTINUATION") => Ending::Truncated,
        Some(
            reason @ ("SAFETY" | "RECITATION" | "LANGUAGE" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" | "MODEL_ARMOR" | "ESCALATION"),
        ) => Ending::Filtered(reason.to_owned()),
        Some("MALFORMED_FUNCTION_CALL" | "UNEXPECTED_TOOL_CALL" | "TOO_MANY_TOOL_CALLS") => {
            Ending::Broken("it stopped for a tool that nobody offered")
        }
        Some("FINISH_REASON_UNSPECIFIED") | None => Ending::Cut,
        Some(_) => Ending::Broken("it stopped for a reason that is not known"),
    }
}

/// The prompt includes what was read from the cache; candidates and thoughts are beside each other. A count of none is left out on this wire,
/// so what is absent is computed from the total, where there is one, and is unknown where there is none.
fn usage(usage: &Value) -> TokenUsage {
    let prompt = count_at(usage, "/promptTokenCount");
    let tools = count_at(usage, "/toolUsePromptTokenCount");
    let cache_read = count_at(usage, "/cachedContentTokenCount").map(|part| part.min(prompt.unwrap_or(part)));
    let thoughts = count_at(usage, "/thoughtsTokenCount");
    let output = count_at(usage, "/totalTokenCount")
        .zip(prompt)
        .and_then(|(total, prompt)| total.checked_sub(prompt)?.checked_sub(tools.unwrap_or(0)));
    let visible = count_at(usage, "/candidatesTokenCount").or_else(|| output?.checked_sub(thoughts.unwrap_or(0)));
    // What the total holds beyond all that is named was thought, and is billed.
    let unnamed = output.zip(visible).and_then(|(output, visible)| output.checked_sub(visible)).filter(|rest| *rest > 0);
    TokenUsage {
        input_uncached: prompt.map(|prompt| (prompt - cache_read.unwrap_or(0)).saturating_add(tools.unwrap_or(0))),
        cache_read,
        cache_write_5m: None,
        cache_write_1h: None,
        output_visible: visible,
        output_reasoning: thoughts.or(unnamed),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reply::tests::meaning;
    use super::super::stub::{StubClock, StubTransport, request};
    use super::*;

    async fn sent(options: GeminiOptions, request: &ModelRequest) -> Exchange {
        let transport = Arc::new(StubTransport::new(WireReply::new(500, [("", "")], vec![])));
        let id = "gemini/gemini-3.5-flash-lite".parse().expect("well formed");
        let model = Gemini::new(id, Arc::clone(&transport) as _, Arc::new(StubClock), options);
        model.ask(request).await.expect_err("the stub answers 500");
        transport.exchanges().pop().expect("one exchange was sent")
    }

    #[tokio::test]
    async fn the_model_stands_in_the_path_and_the_form_in_the_generation() {
        let exchange = sent(GeminiOptions::default(), &request()).await;
        let expect = json!({
            "systemInstruction": { "parts": [{ "text": "Rewrite." }] },
            "contents": [{ "role": "user", "parts": [{ "text": "Fixed stuff" }] }],
            "generationConfig": {
                "responseMimeType": "application/json",
                "responseJsonSchema": { "type": "object" },
                "maxOutputTokens": 600,
            },
        });
        assert_eq!(exchange.body, expect);
        assert_eq!((exchange.path.as_str(), exchange.wire), ("/models/gemini-3.5-flash-lite:generateContent", Wire::Gemini));
    }

    #[tokio::test]
    async fn thinking_has_a_level_or_no_budget_and_a_temperature_is_sent_when_asked_for() {
        let options = |effort: &str| GeminiOptions { reasoning_effort: Some(effort.to_owned()), temperature: Some(0.25) };
        let minimal = sent(options("minimal"), &request()).await.body;
        assert_eq!(minimal["generationConfig"]["thinkingConfig"], json!({ "thinkingLevel": "minimal" }));
        assert_eq!(minimal["generationConfig"]["temperature"], json!(0.25));
        let none = sent(options("none"), &request()).await.body;
        assert_eq!(none["generationConfig"]["thinkingConfig"], json!({ "thinkingBudget": 0 }));
    }

    #[tokio::test]
    async fn what_the_model_said_before_is_the_models_turn() {
        let mut again = request();
        let turn = |speaker, content: &str| Message { speaker, content: content.to_owned() };
        again.messages.extend([turn(Speaker::Assistant, "{}"), turn(Speaker::User, "Again.")]);
        let body = sent(GeminiOptions::default(), &again).await.body;
        let roles: Vec<_> = body["contents"].as_array().expect("turns").iter().map(|turn| turn["role"].clone()).collect();
        assert_eq!(roles, ["user", "model", "user"]);
    }

    fn check(status: u16, body: &Value, expect: &str) {
        assert_eq!(meaning(Wire::Gemini, status, &[], &body.to_string()), expect, "{status} {body}");
    }

    fn error(code: u16, status: &str, details: &Value) -> Value {
        json!({ "error": { "code": code, "message": "API key AIza-123 not valid.", "status": status, "details": details } })
    }

    fn candidate(finish_reason: impl Into<Value>, text: &str) -> Value {
        json!({
            "candidates": [{ "content": { "role": "model", "parts": [{ "text": text }] }, "finishReason": finish_reason.into() }],
            "usageMetadata": { "promptTokenCount": 100, "candidatesTokenCount": 20, "totalTokenCount": 120 },
            "modelVersion": "gemini-1",
        })
    }

    #[test]
    fn an_error_means_the_same_by_its_status_and_inside_a_success() {
        for (code, status, expect) in [
            (400, "INVALID_ARGUMENT", "Rejected 400 INVALID_ARGUMENT"),
            (400, "FAILED_PRECONDITION", "Rejected 400 FAILED_PRECONDITION"),
            (401, "UNAUTHENTICATED", "Unauthorized 401"),
            (403, "PERMISSION_DENIED", "Unauthorized 403"),
            (404, "NOT_FOUND", "Rejected 404 NOT_FOUND"),
            (429, "RESOURCE_EXHAUSTED", "RateLimited"),
            (500, "INTERNAL", "Unavailable 500"),
            (503, "UNAVAILABLE", "Unavailable 503"),
            (504, "DEADLINE_EXCEEDED", "Unavailable 504"),
        ] {
            check(code, &error(code, status, &json!([])), expect);
            check(200, &error(code, status, &Value::Null), expect);
            check(code, &json!([error(code, status, &json!([]))]), expect);
        }
    }

    #[test]
    fn a_bad_key_comes_as_400_and_is_known_by_its_reason() {
        let details = json!([{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID" }]);
        check(400, &error(400, "INVALID_ARGUMENT", &details), "Unauthorized 400");
    }

    #[test]
    fn a_quota_of_the_day_is_told_from_one_of_the_minute_and_the_delay_is_read_from_the_body() {
        let details = |quota: &str| {
            json!([{ "@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{ "quotaId": quota }] },
                { "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s" }])
        };
        let minute = details("GenerateRequestsPerMinutePerProjectPerModel");
        check(429, &error(429, "RESOURCE_EXHAUSTED", &minute), "RateLimited wait 34.5s");
        let day = "GenerateRequestsPerDayPerProjectPerModel-FreeTier";
        check(429, &error(429, "RESOURCE_EXHAUSTED", &details(day)), &format!("QuotaExhausted {day}"));
    }

    #[test]
    fn a_prompt_that_is_too_long_is_known_by_its_sentence() {
        let body = json!({ "error": { "code": 400, "status": "INVALID_ARGUMENT",
            "message": "The input token count (1048577) exceeds the maximum number of tokens allowed (1048576)." } });
        check(400, &body, "ContextExceeded");
    }

    #[test]
    fn the_reason_to_finish_decides_before_the_text_is_read() {
        for reason in ["SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"] {
            check(200, &candidate(reason, "{}"), &format!("Filtered {reason} by gemini-1 for 100>20"));
        }
        check(200, &candidate("STOP", "{}"), r#"Complete "{}" by gemini-1 for 100>20"#);
        check(200, &candidate("MAX_TOKENS", "{}"), "Truncated by gemini-1 for 100>20");
        check(
            200,
            &candidate("MALFORMED_FUNCTION_CALL", "{}"),
            "BadReply it stopped for a tool that nobody offered by gemini-1 for 100>20",
        );
        check(200, &candidate("OTHER", "{}"), "BadReply it stopped for a reason that is not known by gemini-1 for 100>20");
        check(200, &candidate(Value::Null, "{}"), "StreamCut by gemini-1 for 100>20");
    }

    #[test]
    fn a_prompt_that_was_blocked_has_no_candidates_and_is_filtered_not_empty() {
        let body = json!({ "promptFeedback": { "blockReason": "PROHIBITED_CONTENT" }, "usageMetadata": { "promptTokenCount": 9, "totalTokenCount": 9 } });
        check(200, &body, "Filtered PROHIBITED_CONTENT for 9>0");
        for candidates in [json!([]), Value::Null] {
            check(200, &json!({ "candidates": candidates, "modelVersion": "gemini-1" }), "Empty by gemini-1");
        }
        check(200, &candidate("STOP", " "), "Empty by gemini-1 for 100>20");
    }

    #[test]
    fn the_answer_is_its_parts_without_the_thoughts() {
        let mut body = candidate("STOP", "");
        body["candidates"][0]["content"]["parts"] = json!([{ "text": "{hm}", "thought": true }, { "text": "{" }, { "text": "}" }]);
        check(200, &body, r#"Complete "{}" by gemini-1 for 100>20"#);
    }

    #[test]
    fn thoughts_are_beside_the_answer_and_a_count_that_is_left_out_comes_from_the_total_or_is_unknown() {
        for (usage, expect) in [
            (
                json!({ "promptTokenCount": 100, "cachedContentTokenCount": 64, "candidatesTokenCount": 20, "thoughtsTokenCount": 30,
                    "totalTokenCount": 150, "trafficType": "ON_DEMAND" }),
                " in on_demand for 36+64r>20+30t",
            ),
            (
                json!({ "promptTokenCount": 100, "thoughtsTokenCount": 30, "totalTokenCount": 130, "trafficType": "ON_DEMAND_FLEX" }),
                " in flex for 100>0+30t",
            ),
            (json!({ "promptTokenCount": 100, "candidatesTokenCount": 20, "totalTokenCount": 150 }), " for 100>20+30t"),
            (
                json!({ "promptTokenCount": 100, "toolUsePromptTokenCount": 5, "candidatesTokenCount": 20, "totalTokenCount": 125 }),
                " for 105>20",
            ),
            (json!({ "promptTokenCount": 100, "candidatesTokenCount": 20 }), " for 100>20"),
            (json!({ "promptTokenCount": 100 }), " for 100>"),
            (
                json!({ "promptTokenCount": 5, "cachedContentTokenCount": 9, "candidatesTokenCount": 1, "totalTokenCount": 3 }),
                " for 0+5r>1",
            ),
            (json!({}), ""),
        ] {
            let mut body = candidate("STOP", "{}");
            body["usageMetadata"] = usage;
            check(200, &body, &format!(r#"Complete "{{}}" by gemini-1{expect}"#));
        }
    }

    #[test]
    fn the_tier_that_served_stands_in_a_header() {
        let headers = [("x-gemini-service-tier", "priority")];
        let line = meaning(Wire::Gemini, 200, &headers, &candidate("STOP", "{}").to_string());
        assert_eq!(line, r#"Complete "{}" by gemini-1 in priority for 100>20"#);
    }

    proptest! {
        #[test]
        fn every_token_that_was_counted_is_billed_once(prompt in 0_u64..1 << 40, cached in 0_u64..1 << 41, tools in 0_u64..1 << 40,
            candidates in 0_u64..1 << 40, thoughts in 0_u64..1 << 40, left_out in 0_u8..4) {
            let total = prompt + tools + candidates + thoughts;
            let mut body = json!({ "promptTokenCount": prompt, "cachedContentTokenCount": cached, "toolUsePromptTokenCount": tools,
                "candidatesTokenCount": candidates, "thoughtsTokenCount": thoughts, "totalTokenCount": total });
            let counts = body.as_object_mut().expect("an object");
            // What the wire leaves out is in the total all the same.
            match left_out {
                1 => drop(counts.remove("candidatesTokenCount")),
                2 => drop(counts.remove("thoughtsTokenCount")),
                3 => drop(counts.remove("totalTokenCount")),
                _ => {}
            }
            let counted = usage(&body);
            prop_assert_eq!((counted.input(), counted.output()), (Some(prompt + tools), Some(candidates + thoughts)));
        }

        #[test]
        fn no_counts_break_the_reading(counts in prop::array::uniform6(prop::option::of(any::<u64>()))) {
            let [prompt, cached, tools, candidates, thoughts, total] = counts;
            let counted = usage(&json!({ "promptTokenCount": prompt, "cachedContentTokenCount": cached, "toolUsePromptTokenCount": tools,
                "candidatesTokenCount": candidates, "thoughtsTokenCount": thoughts, "totalTokenCount": total }));
            prop_assert_eq!(counted.input_uncached.is_some(), prompt.is_some());
        }
    }
}
