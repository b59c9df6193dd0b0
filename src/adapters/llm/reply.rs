//! Reads a reply by meaning: a complete answer, or the reason why there is none. What differs between wire formats is passed in.
//!
//! Nothing of the provider's prose is passed on, for prose can quote keys or the user's text; only its code words are.

use serde_json::Value;

use super::answer::Answer;
use super::fault::Fault;
use super::transport::WireReply;
use crate::ports::{Completion, ModelError, Timestamp};

/// What this reply means. `now` is for waiting times that are given as a date.
pub(super) fn read(
    reply: &WireReply,
    now: Timestamp,
    fault: fn(&Value) -> Fault,
    answer: fn(&Value, &WireReply) -> Answer,
) -> Result<Completion, ModelError> {
    let body = serde_json::from_slice::<Value>(&reply.body);
    match reply.status {
        200..=299 => {}
        300..=399 => return Err(bad("a redirect instead of an answer")),
        status @ 400..=599 => {
            let fault = body.as_ref().map(|body| fault(error_part(body))).unwrap_or_default();
            return Err(fault.of_status(status, reply, now));
        }
        _ => return Err(bad("no such HTTP status")),
    }
    let body = body.map_err(|error| no_json(reply, &error))?;
    match error_in(&body) {
        None => answer(&body, reply).conclude(),
        Some(error) => {
            let fault = fault(error);
            let status = fault.status.unwrap_or(502);
            Err(fault.of_status(status, reply, now))
        }
    }
}

/// The error of a body that should hold an answer.
fn error_in(body: &Value) -> Option<&Value> {
    body.get("error").or_else(|| body.get(0)?.get("error")).filter(|error| !error.is_null())
}

/// Some servers wrap the error, some do not, and one wraps it twice.
fn error_part(body: &Value) -> &Value {
    error_in(body).unwrap_or(body)
}

/// Why a success is not JSON, and whether it was on the way to be some.
fn no_json(reply: &WireReply, error: &serde_json::Error) -> ModelError {
    let says = |kind: &str| reply.header("content-type").is_some_and(|header| header.to_ascii_lowercase().starts_with(kind));
    let begins = |text: &[u8]| reply.body.trim_ascii_start().starts_with(text);
    if says("text/html") || begins(b"<") {
        bad("HTML instead of JSON")
    } else if says("text/event-stream") || begins(b"data:") || begins(b"event:") {
        bad("an event stream instead of JSON")
    } else if error.is_eof() {
        ModelError::StreamCut { served: Box::default() }
    } else {
        bad("broken JSON")
    }
}

fn bad(reason: &str) -> ModelError {
    ModelError::BadReply { reason: reason.to_owned(), served: Box::default() }
}

#[cfg(test)]
pub(super) mod tests {
    use std::fmt::Write as _;
    use std::time::Duration;

    use serde_json::json;

    use super::super::wire::Wire;
    use super::*;
    use crate::domain::cost::TokenUsage;
    use crate::ports::Served;

    /// The meaning of a reply on one line: its variant and every field, as people would read them out.
    pub(in super::super) fn meaning(wire: Wire, status: u16, headers: &[(&str, &str)], body: &str) -> String {
        let reply = WireReply::new(status, headers.iter().copied(), body.as_bytes().to_vec());
        match wire.read(&reply, Timestamp(0)) {
            Ok(Completion { text, served }) => format!("Complete {text:?}{}", told(&served)),
            Err(error) => {
                let served = error.served().map(told).unwrap_or_default();
                match error {
                    ModelError::Unauthorized { status } => format!("Unauthorized {status}"),
                    ModelError::QuotaExhausted { reason } => format!("QuotaExhausted {reason}"),
                    ModelError::RateLimited { retry_after, should_retry } => format!("RateLimited{}", wait(retry_after, should_retry)),
                    ModelError::Unavailable { status, retry_after, should_retry } => {
                        format!("Unavailable {status}{}", wait(retry_after, should_retry))
                    }
                    ModelError::Rejected { status, reason } => format!("Rejected {status} {reason}"),
                    ModelError::BadReply { reason, .. } => format!("BadReply {reason}{served}"),
                    ModelError::Refused { reason, .. } => format!("Refused {reason}{served}"),
                    ModelError::Filtered { reason, .. } => format!("Filtered {reason}{served}"),
                    ModelError::ContextExceeded { .. } => format!("ContextExceeded{served}"),
                    ModelError::StreamCut { .. } => format!("StreamCut{served}"),
                    ModelError::Empty { .. } => format!("Empty{served}"),
                    ModelError::Truncated { .. } => format!("Truncated{served}"),
                    ModelError::Unreachable { .. }
                    | ModelError::TimedOut
                    | ModelError::Unrecorded { .. }
                    | ModelError::ReplayMiss { .. } => format!("{error:?}"),
                }
            }
        }
    }

    /// `by m-1 in flex for 36+64r+20`: full price, read, written for 5 minutes and for an hour, then visible and reasoning; absent is left out.
    fn told(Served { model, tier, usage }: &Served) -> String {
        let mut line = String::new();
        let mut add = |word: &str, value: Option<String>| {
            if let Some(value) = value {
                let _ = write!(line, " {word} {value}");
            }
        };
        add("by", model.clone());
        add("in", tier.clone());
        add("for", usage.map(counted));
        line
    }

    fn counted(usage: TokenUsage) -> String {
        let TokenUsage { input_uncached, cache_read, cache_write_5m, cache_write_1h, output_visible, output_reasoning } = usage;
        let part = |count: Option<u64>, kind: &str| count.map(|count| format!("{count}{kind}"));
        let join = |parts: &[Option<String>]| parts.iter().flatten().cloned().collect::<Vec<_>>().join("+");
        let input = join(&[part(input_uncached, ""), part(cache_read, "r"), part(cache_write_5m, "w5m"), part(cache_write_1h, "w1h")]);
        format!("{input}>{}", join(&[part(output_visible, ""), part(output_reasoning, "t")]))
    }

    fn wait(retry_after: Option<Duration>, should_retry: Option<bool>) -> String {
        let wait = retry_after.map(|wait| format!(" wait {wait:?}")).unwrap_or_default();
        match should_retry {
            Some(true) => wait + " again",
            Some(false) => wait + " never again",
            None => wait,
        }
    }

    fn check(status: u16, headers: &[(&str, &str)], body: &str, expect: &str) {
        for wire in [Wire::OpenAi, Wire::Anthropic, Wire::Gemini] {
            assert_eq!(meaning(wire, status, headers, body), expect, "{wire:?} {status} {headers:?} {body}");
        }
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
    fn what_the_provider_says_of_another_attempt_is_kept() {
        check(429, &[("x-should-retry", "false"), ("retry-after", "7")], "", "RateLimited wait 7s never again");
        check(503, &[("x-should-retry", "true"), ("retry-after-ms", "250")], "", "Unavailable 503 wait 250ms again");
        check(400, &[("x-should-retry", "true")], "", "Unavailable 400 again");
        check(400, &[("x-should-retry", "false")], "", "Rejected 400 unknown");
        check(503, &[("x-should-retry", "perhaps"), ("retry-after", "-1")], "", "Unavailable 503");
    }

    #[test]
    fn a_success_that_is_not_json_says_what_it_is() {
        check(200, &[], " <!doctype html><p>Log in</p>", "BadReply HTML instead of JSON");
        check(200, &[("content-type", "text/html; charset=utf-8")], "Log in", "BadReply HTML instead of JSON");
        check(200, &[("content-type", "text/event-stream")], ": ping", "BadReply an event stream instead of JSON");
        check(200, &[], "data: {\"choices\":[]}\n\n", "BadReply an event stream instead of JSON");
        check(200, &[], "event: message_start\n", "BadReply an event stream instead of JSON");
        check(200, &[], &"[".repeat(100_000), "BadReply broken JSON");
        check(200, &[], "upstream connect error", "BadReply broken JSON");
    }

    #[test]
    fn a_success_that_breaks_off_is_a_cut_reply_and_not_a_clean_one() {
        check(200, &[], r#"{"choices":[{"message":{"content":"Cut bui"#, "StreamCut");
        check(200, &[], "", "StreamCut");
    }

    #[test]
    fn a_success_that_holds_an_error_is_a_failure() {
        check(200, &[], &json!({ "error": "the model crashed" }).to_string(), "Unavailable 502");
        check(200, &[], &json!({ "error": {} }).to_string(), "Unavailable 502");
    }
}
