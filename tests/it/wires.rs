//! The wire formats beside OpenAI's, from the request to the account: what a provider says in its own words means the same to a client.

use bulletsmith::adapters::llm::wire::Wire;
use serde_json::{Value, json};

use crate::harness::{Api, FakeLlm, Reply, WEAK, draft};

const BULLET: &str = WEAK[3].0;
const HONEST: &str = "Implemented caching to improve API performance";

fn llm() -> Value {
    json!({"bullets": [BULLET], "engine": "llm", "cache": "bypass"})
}

/// The provider says this each time; the answer has this status and code, after so many attempts.
async fn check(wire: Wire, reply: Reply, status: u16, code: &str, attempts: usize) {
    let fake = FakeLlm::start(vec![reply]).await;
    let api = Api::with(fake.model_of(wire, "fake/m"));
    let answer = api.rewrite(llm()).await;
    assert_eq!(answer.problem(), (status, code.to_owned()), "{wire:?} {}", answer.text());
    assert_eq!((api.ledger.outcomes(), fake.heard().len()), (vec![code; attempts], attempts), "{wire:?}");
    assert!(!answer.text().contains("sk-123"), "the provider's prose is not passed on");
}

fn anthropic(status: u16, kind: &str) -> Reply {
    Reply::new(status, &[], json!({"type": "error", "error": {"type": kind, "message": "Bad key sk-123"}}).to_string())
}

fn gemini(status: u16, word: &str) -> Reply {
    Reply::new(status, &[], json!({"error": {"code": status, "status": word, "message": "Bad key sk-123"}}).to_string())
}

fn stopped(reason: &str) -> Reply {
    let usage = json!({"input_tokens": 90, "output_tokens": 20});
    Reply::new(200, &[], json!({"content": [{"type": "text", "text": draft(HONEST)}], "stop_reason": reason, "usage": usage}).to_string())
}

fn finished(reason: &str) -> Reply {
    let candidate = json!({"content": {"parts": [{"text": draft(HONEST)}]}, "finishReason": reason});
    Reply::new(200, &[], json!({"candidates": [candidate], "usageMetadata": {"promptTokenCount": 90}}).to_string())
}

#[tokio::test]
async fn a_failure_has_the_same_code_whoever_says_it() {
    for (wire, reply, status, code) in [
        (Wire::Anthropic, anthropic(401, "authentication_error"), 502, "provider_auth"),
        (Wire::Anthropic, anthropic(402, "billing_error"), 502, "provider_quota"),
        (Wire::Anthropic, anthropic(404, "not_found_error"), 502, "provider_rejected"),
        (Wire::Anthropic, anthropic(200, "authentication_error"), 502, "provider_auth"),
        (Wire::Gemini, gemini(403, "PERMISSION_DENIED"), 502, "provider_auth"),
        (Wire::Gemini, gemini(400, "INVALID_ARGUMENT"), 502, "provider_rejected"),
        (
            Wire::Gemini,
            Reply::new(200, &[], json!({"error": {"code": 403, "status": "PERMISSION_DENIED"}}).to_string()),
            502,
            "provider_auth",
        ),
    ] {
        check(wire, reply, status, code, 1).await;
    }
}

#[tokio::test]
async fn a_provider_that_is_busy_or_overloaded_is_asked_again() {
    check(Wire::Anthropic, anthropic(529, "overloaded_error"), 503, "provider_unavailable", 3).await;
    check(Wire::Anthropic, anthropic(429, "rate_limit_error"), 503, "provider_rate_limited", 3).await;
    check(Wire::Gemini, gemini(503, "UNAVAILABLE"), 503, "provider_unavailable", 3).await;
    check(Wire::Gemini, gemini(429, "RESOURCE_EXHAUSTED"), 503, "provider_rate_limited", 3).await;
    let never = Reply::new(529, &[("x-should-retry", "false")], "{}");
    check(Wire::Anthropic, never, 503, "provider_unavailable", 1).await;
}

#[tokio::test]
async fn an_answer_that_stopped_early_is_none_even_if_it_looks_whole() {
    check(Wire::Anthropic, stopped("max_tokens"), 502, "provider_truncated", 2).await;
    check(Wire::Anthropic, stopped("refusal"), 502, "provider_refused", 1).await;
    check(Wire::Anthropic, stopped("model_context_window_exceeded"), 502, "provider_rejected", 1).await;
    check(Wire::Gemini, finished("MAX_TOKENS"), 502, "provider_truncated", 2).await;
    check(Wire::Gemini, finished("SPII"), 502, "provider_refused", 1).await;
    let blocked = Reply::new(200, &[], json!({"promptFeedback": {"blockReason": "SAFETY"}}).to_string());
    check(Wire::Gemini, blocked, 502, "provider_refused", 1).await;
}

#[tokio::test]
async fn an_honest_answer_is_taken_and_every_kind_of_token_is_in_the_account() {
    for (wire, reply, cached, reasoning) in
        [(Wire::Anthropic, Reply::anthropic(&draft(HONEST)), 10, None), (Wire::Gemini, Reply::gemini(&draft(HONEST)), 10, Some(5))]
    {
        let fake = FakeLlm::start(vec![reply]).await;
        let api = Api::with(fake.model_of(wire, "fake/m"));
        let answer = api.rewrite(llm()).await.json();
        assert_eq!(answer["results"][0]["variants"][0]["text"], HONEST, "{wire:?} {answer}");
        let made = &answer["results"][0]["provenance"];
        assert_eq!((&made["input_tokens"], &made["output_tokens"]), (&json!(100), &json!(20)), "{wire:?}");
        let rows = api.ledger.rows();
        let usage = rows.first().and_then(|row| row.usage).expect("counted");
        assert_eq!((usage.input_uncached, usage.cache_read, usage.output_reasoning), (Some(90), Some(cached), reasoning), "{wire:?}");
    }
}

#[tokio::test]
async fn a_re_ask_quotes_the_fault_in_the_turns_of_each_format() {
    for (wire, texts) in [(Wire::Anthropic, "/messages"), (Wire::Gemini, "/contents")] {
        let text = |text: &str| if wire == Wire::Gemini { Reply::gemini(text) } else { Reply::anthropic(text) };
        let fake = FakeLlm::start(vec![text("Sure!"), text(&draft(HONEST))]).await;
        let api = Api::with(fake.model_of(wire, "fake/m"));
        assert_eq!(api.rewrite(llm()).await.json()["results"][0]["variants"][0]["text"], HONEST);
        let turns: Vec<usize> = fake.heard().iter().map(|body| body.pointer(texts).and_then(Value::as_array).map_or(0, Vec::len)).collect();
        assert_eq!(turns, [1, 3], "{wire:?}");
    }
}
