//! Reads a reply of the chat-completions wire format by meaning: a complete answer, or the reason why there is none.
//!
//! Nothing of the provider's prose is passed on, for prose can quote keys or the user's text; only its code words are.

use serde_json::Value;

use super::retry_after;
use super::transport::WireReply;
use crate::domain::cost::TokenUsage;
use crate::ports::{Completion, ModelError, Timestamp};

/// An account that is empty or over its limit; waiting does not help.
const QUOTA_WORDS: [&str; 6] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
];
const LONGEST_WORD: usize = 64;
const LONGEST_MODEL_NAME: usize = 200;

/// What this reply means. `now` is for waiting times that are given as a date.
pub(super) fn read(reply: &WireReply, now: Timestamp) -> Result<Completion, ModelError> {
    let body = serde_json::from_slice::<Value>(&reply.body);
    match reply.status {
        200..=299 => {}
        300..=399 => return Err(bad("a redirect instead of an answer", None)),
        status @ 400..=599 => return Err(failure(status, body.as_ref().ok().map(error_part), reply, now)),
        _ => return Err(bad("no such HTTP status", None)),
    }
    let body = body.map_err(|_| bad(not_json(reply), None))?;
    match body.get("error") {
        None | Some(Value::Null) => answer(&body),
        Some(error) => Err(failure(status_in(error).unwrap_or(502), Some(error), reply, now)),
    }
}

/// Some servers wrap the error, some do not.
fn error_part(body: &Value) -> &Value {
    body.get("error").unwrap_or(body)
}

/// A gateway that has already answered 200 puts the status of the provider behind it here.
fn status_in(error: &Value) -> Option<u16> {
    let status = u16::try_from(error.get("code")?.as_u64()?).ok()?;
    (400..=599).contains(&status).then_some(status)
}

fn failure(status: u16, error: Option<&Value>, reply: &WireReply, now: Timestamp) -> ModelError {
    let mut words = ["code", "type"].into_iter().filter_map(|key| word(error?.get(key)?));
    let retry_after = retry_after::read(reply, now);
    // The word is more exact than the status: an empty account comes as 429 or 403 as well as 402.
    if let Some(reason) = words.clone().find(|word| QUOTA_WORDS.contains(&word.as_str())) {
        return ModelError::QuotaExhausted { reason };
    }
    let reason = words.next().unwrap_or_else(|| "unknown".to_owned());
    match status {
        401 | 403 => ModelError::Unauthorized { status },
        402 => ModelError::QuotaExhausted { reason },
        429 => ModelError::RateLimited { retry_after },
        408 | 409 | 500.. => ModelError::Unavailable { status, retry_after },
        _ => ModelError::Rejected { status, reason },
    }
}

/// A code word, or the number that llama.cpp sends in its place; anything with other characters is prose.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)) => {
            Some(text.chars().take(LONGEST_WORD).collect())
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn not_json(reply: &WireReply) -> &'static str {
    let says_html = reply.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"));
    if says_html || reply.body.trim_ascii_start().starts_with(b"<") { "HTML instead of JSON" } else { "cut or broken JSON" }
}

fn answer(body: &Value) -> Result<Completion, ModelError> {
    let usage = body.get("usage").and_then(usage);
    let Some(choice) = body.get("choices").and_then(Value::as_array).and_then(|choices| choices.first()) else {
        return Err(bad("no choices", usage));
    };
    // First how it ended, then what it says: a cut answer can look like a whole one.
    match choice.get("finish_reason").and_then(Value::as_str) {
        Some("length") => return Err(ModelError::Truncated { usage }),
        Some("content_filter") => return Err(ModelError::Refused { reason: "content_filter".to_owned(), usage }),
        Some("error") => return Err(bad("the answer broke off", usage)),
        // Local servers have words of their own for a natural end; the answer itself is checked by the service.
        Some(_) | None => {}
    }
    let message = choice.get("message").and_then(Value::as_object).ok_or_else(|| bad("no message", usage))?;
    if message.get("refusal").and_then(Value::as_str).is_some_and(|refusal| !refusal.trim().is_empty()) {
        return Err(ModelError::Refused { reason: "refusal".to_owned(), usage });
    }
    let text = match message.get("content") {
        Some(Value::String(text)) if !text.trim().is_empty() => text.clone(),
        None | Some(Value::Null | Value::String(_)) => return Err(bad("empty answer", usage)),
        Some(_) => return Err(bad("content is not text", usage)),
    };
    let served_model = body.get("model").and_then(Value::as_str);
    let served_model = served_model
        .filter(|name| !name.trim().is_empty() && name.chars().count() <= LONGEST_MODEL_NAME && !name.contains(char::is_control));
    Ok(Completion { text, usage, served_model: served_model.map(str::to_owned) })
}

/// Prompt tokens include cached ones and completion tokens include reasoning. Half a count is none.
fn usage(usage: &Value) -> Option<TokenUsage> {
    Some(TokenUsage {
        input: usage.get("prompt_tokens")?.as_u64()?,
        cached_input: usage.pointer("/prompt_tokens_details/cached_tokens").and_then(Value::as_u64).unwrap_or(0),
        output: usage.get("completion_tokens")?.as_u64()?,
    })
}

fn bad(reason: &str, usage: Option<TokenUsage>) -> ModelError {
    ModelError::BadReply { reason: reason.to_owned(), usage }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    /// The meaning of a reply on one line: its variant and every field, as `Debug` shows them.
    fn check(status: u16, headers: &[(&str, &str)], body: &(impl ToString + ?Sized), expect: &str) {
        let body = body.to_string();
        let reply = WireReply::new(status, headers.iter().copied(), body.clone().into_bytes());
        let meaning = match read(&reply, Timestamp(0)) {
            Ok(Completion { text, usage, served_model }) => {
                let mut line = format!("Complete {text:?}");
                if let Some(name) = served_model {
                    let _ = write!(line, " by {name}");
                }
                line + &counted(usage)
            }
            Err(error) => {
                let usage = counted(error.usage());
                match error {
                    ModelError::Unauthorized { status } => format!("Unauthorized {status}"),
                    ModelError::QuotaExhausted { reason } => format!("QuotaExhausted {reason}"),
                    ModelError::RateLimited { retry_after } => format!("RateLimited{}", wait(retry_after)),
                    ModelError::Unavailable { status, retry_after } => format!("Unavailable {status}{}", wait(retry_after)),
                    ModelError::Rejected { status, reason } => format!("Rejected {status} {reason}"),
                    ModelError::BadReply { reason, .. } => format!("BadReply {reason}{usage}"),
                    ModelError::Truncated { .. } => format!("Truncated{usage}"),
                    ModelError::Refused { reason, .. } => format!("Refused {reason}{usage}"),
                    ModelError::Unreachable { .. } | ModelError::TimedOut | ModelError::ReplayMiss { .. } => format!("{error:?}"),
                }
            }
        };
        assert_eq!(meaning, expect, "{status} {headers:?} {body}");
    }

    fn counted(usage: Option<TokenUsage>) -> String {
        usage.map(|TokenUsage { input, cached_input, output }| format!(" for {input}({cached_input})+{output}")).unwrap_or_default()
    }

    fn wait(retry_after: Option<Duration>) -> String {
        retry_after.map(|wait| format!(" wait {wait:?}")).unwrap_or_default()
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
    fn a_status_that_is_no_success_is_read_by_status() {
        for (status, expect) in [
            (302, "BadReply a redirect instead of an answer"),
            (400, "Rejected 400 unknown"),
            (401, "Unauthorized 401"),
            (402, "QuotaExhausted unknown"),
            (403, "Unauthorized 403"),
            (404, "Rejected 404 unknown"),
            (408, "Unavailable 408"),
            (409, "Unavailable 409"),
            (413, "Rejected 413 unknown"),
            (422, "Rejected 422 unknown"),
            (429, "RateLimited"),
            (500, "Unavailable 500"),
            (529, "Unavailable 529"),
            (700, "BadReply no such HTTP status"),
        ] {
            check(status, &[], "<html>trouble</html>", expect);
        }
    }

    #[test]
    fn an_account_without_credit_is_told_from_a_busy_one_by_the_code_or_the_type() {
        check(429, &[("retry-after", "7")], &error("rate_limit_exceeded", "requests"), "RateLimited wait 7s");
        check(429, &[("retry-after", "7")], &error("insufficient_quota", "insufficient_quota"), "QuotaExhausted insufficient_quota");
        check(429, &[], &error(Value::Null, "insufficient_quota"), "QuotaExhausted insufficient_quota");
        check(429, &[], &error("credit_balance_exhausted", "insufficient_quota"), "QuotaExhausted credit_balance_exhausted");
        check(403, &[], &error("other", "billing_hard_limit_reached"), "QuotaExhausted billing_hard_limit_reached");
        check(402, &[], &error("Insufficient Balance", "unknown_error"), "QuotaExhausted unknown_error");
    }

    #[test]
    fn the_waiting_time_of_an_unavailable_provider_is_kept() {
        check(503, &[("retry-after-ms", "250")], &error(503, "unavailable_error"), "Unavailable 503 wait 250ms");
        check(503, &[("retry-after", "-1")], "", "Unavailable 503");
    }

    #[test]
    fn the_reason_is_a_code_word_or_a_number_and_never_prose() {
        let long = "x".repeat(200);
        check(400, &[], &error("invalid_json_schema", "invalid_request_error"), "Rejected 400 invalid_json_schema");
        check(400, &[], &error(400, "invalid_request_error"), "Rejected 400 400");
        check(400, &[], &error(Value::Null, "invalid_request_error"), "Rejected 400 invalid_request_error");
        check(400, &[], &error("Bad key sk-123", "invalid_request_error"), "Rejected 400 invalid_request_error");
        check(400, &[], &error("Bad key sk-123", Value::Null), "Rejected 400 unknown");
        check(400, &[], &error(long, Value::Null), &format!("Rejected 400 {}", "x".repeat(64)));
        check(400, &[], &json!({ "error": "Bad key sk-123" }), "Rejected 400 unknown");
        check(400, &[], &json!({ "object": "error", "type": "BadRequestError", "code": null }), "Rejected 400 BadRequestError");
    }

    #[test]
    fn a_success_that_holds_an_error_is_a_failure() {
        check(200, &[], &error(429, "rate_limit"), "RateLimited");
        check(200, &[], &error(400, Value::Null), "Rejected 400 400");
        check(200, &[], &error("server_error", Value::Null), "Unavailable 502");
        check(200, &[], &error(200, Value::Null), "Unavailable 502");
        check(200, &[], &error("insufficient_quota", Value::Null), "QuotaExhausted insufficient_quota");
        check(200, &[], &json!({ "error": "the model crashed" }), "Unavailable 502");
    }

    #[test]
    fn a_success_that_is_not_json_says_what_it_is() {
        check(200, &[], " <!doctype html><p>Log in</p>", "BadReply HTML instead of JSON");
        check(200, &[("content-type", "text/html; charset=utf-8")], "Log in", "BadReply HTML instead of JSON");
        check(200, &[], r#"{"choices":[{"message":{"content":"Cut bui"#, "BadReply cut or broken JSON");
        check(200, &[], "", "BadReply cut or broken JSON");
        check(200, &[], &"[".repeat(100_000), "BadReply cut or broken JSON");
    }

    #[test]
    fn a_complete_answer_comes_with_its_counts_and_the_model_that_gave_it() {
        check(200, &[], &choice("stop", "{}"), r#"Complete "{}" by m-1 for 100(0)+20"#);
        check(200, &[], &choice(Value::Null, "{}"), r#"Complete "{}" by m-1 for 100(0)+20"#);
        check(201, &[], &choice("eos", " {} "), r#"Complete " {} " by m-1 for 100(0)+20"#);

        let mut body = choice("stop", "{}");
        body["error"] = Value::Null;
        body["choices"][0]["message"]["refusal"] = Value::Null;
        body["usage"]["prompt_tokens_details"] = json!({ "cached_tokens": 64 });
        check(200, &[], &body, r#"Complete "{}" by m-1 for 100(64)+20"#);
    }

    #[test]
    fn a_count_that_is_absent_or_no_count_is_unknown_and_not_zero() {
        for usage in [
            Value::Null,
            json!({}),
            json!({ "prompt_tokens": 100 }),
            json!({ "prompt_tokens": 100, "completion_tokens": -1 }),
            json!({ "prompt_tokens": "100", "completion_tokens": 20 }),
        ] {
            let mut body = choice("stop", "{}");
            body["usage"] = usage;
            check(200, &[], &body, r#"Complete "{}" by m-1"#);
        }
    }

    #[test]
    fn a_model_name_that_is_no_name_is_left_out() {
        for name in [Value::Null, json!(7), json!(""), json!("m".repeat(201)), json!("m\u{1b}[31m")] {
            let mut body = choice("stop", "{}");
            body["model"] = name;
            check(200, &[], &body, r#"Complete "{}" for 100(0)+20"#);
        }
    }

    #[test]
    fn an_answer_that_stopped_early_is_none_even_if_it_looks_whole() {
        check(200, &[], &choice("length", "{}"), "Truncated for 100(0)+20");
        check(200, &[], &choice("content_filter", "{}"), "Refused content_filter for 100(0)+20");
        check(200, &[], &choice("error", "{}"), "BadReply the answer broke off for 100(0)+20");

        let mut body = choice("stop", Value::Null);
        body["choices"][0]["message"]["refusal"] = json!("I cannot help with that.");
        check(200, &[], &body, "Refused refusal for 100(0)+20");
        body["usage"] = Value::Null;
        check(200, &[], &body, "Refused refusal");
    }

    #[test]
    fn an_answer_without_text_is_a_bad_reply_that_is_billed_all_the_same() {
        check(200, &[], &choice("stop", Value::Null), "BadReply empty answer for 100(0)+20");
        check(200, &[], &choice("stop", " \n"), "BadReply empty answer for 100(0)+20");
        check(200, &[], &choice("tool_calls", Value::Null), "BadReply empty answer for 100(0)+20");
        check(200, &[], &choice("stop", json!([{ "type": "text", "text": "{}" }])), "BadReply content is not text for 100(0)+20");

        let usage = json!({ "prompt_tokens": 1, "completion_tokens": 2 });
        check(200, &[], &json!({ "choices": [], "usage": usage }), "BadReply no choices for 1(0)+2");
        check(200, &[], &json!({ "choices": [{}], "usage": usage }), "BadReply no message for 1(0)+2");
        check(200, &[], &json!(["choices"]), "BadReply no choices");
    }
}
