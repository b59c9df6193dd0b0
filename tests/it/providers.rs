//! How a provider can fail, through the real adapter, and what the answer, the account and the provider see of it.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::ports::{ChatModel, Clock as _};
use bulletsmith::service::CallLimits;
use serde_json::{Value, json};

use crate::harness::{Api, FakeLlm, ManualClock, Reply, Say, Setup, StubModel, WEAK, draft, model_at};

const BULLET: &str = WEAK[3].0;
const HONEST: &str = "Implemented caching to improve API performance";

fn llm() -> Value {
    json!({"bullets": [BULLET], "engine": "llm", "cache": "bypass"})
}

fn auto() -> Value {
    json!({"bullets": [BULLET], "engine": "auto", "cache": "bypass"})
}

/// With `llm` this model's failure is the answer; with `auto` the rules write and say why.
async fn fails(model: Arc<dyn ChatModel>, setup: Setup, status: u16, code: &str, attempts: &[&str]) -> (Api, Value) {
    let chain = Setup::free(vec![model]).chain;
    // Here it is about single questions; how a model rests is told in `calls`.
    let limits = CallLimits { breaker_failures: 100, quota_pause: Duration::ZERO, ..CallLimits::default() };
    let api = Api::new(Setup { chain, limits, ..setup });
    let answer = api.rewrite(llm()).await;
    assert_eq!(answer.problem(), (status, code.to_owned()), "{}", answer.text());
    assert!(!answer.text().contains("sk-123"), "the provider's prose is not passed on");
    assert_eq!(api.ledger.outcomes(), attempts, "{code}");
    assert!(api.ledger.rows().iter().zip(1..).all(|(row, number)| row.attempt == number && row.cost.get() == 0), "{code}");
    let problem = answer.json();
    assert_eq!(answer.header("retry-after").map(str::to_owned), problem.get("retry_after").map(ToString::to_string), "{code}");

    let fallback = api.rewrite(auto()).await;
    assert_eq!(fallback.status, 200, "{}", fallback.text());
    let result = &fallback.json()["results"][0];
    assert_eq!(result["provenance"]["engine"], "rules", "{result}");
    let note = &result["notes"][0];
    assert_eq!((&note["code"], &note["cause"]), (&json!("model_unavailable"), &json!(code)), "{result}");
    assert_eq!(result["provenance"]["attempts"].as_u64(), u64::try_from(attempts.len()).ok(), "{result}");
    assert_eq!(api.ledger.rows().len(), 2 * attempts.len(), "{code}");
    (api, problem)
}

/// The provider gives these replies over and over; every attempt ends the same way.
async fn check(reply: Reply, status: u16, code: &str, attempts: usize) -> Value {
    let fake = FakeLlm::start(vec![reply]).await;
    let (_, problem) = fails(fake.model("fake/m"), Setup::default(), status, code, &vec![code; attempts]).await;
    assert_eq!(fake.heard().len(), 2 * attempts, "{code}");
    problem
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable_and_tried_three_times() {
    let base = FakeLlm::start(vec![Reply::error(500, "x")]).await.base().to_owned();
    let code = "provider_unreachable";
    // The fake is gone by now, and its port with it.
    fails(model_at(&base, "fake/m"), Setup::default(), 503, code, &[code; 3]).await;
}

#[tokio::test]
async fn a_refused_key_is_not_tried_again() {
    check(Reply::error(401, "invalid_api_key"), 502, "provider_auth", 1).await;
    check(Reply::error(403, "forbidden"), 502, "provider_auth", 1).await;
}

#[tokio::test]
async fn a_busy_provider_is_tried_three_times_and_its_wait_is_passed_on() {
    let problem = check(Reply::error(429, "rate_limit_exceeded"), 503, "provider_rate_limited", 3).await;
    assert_eq!(problem.get("retry_after"), None);
    let problem = check(Reply::new(429, &[("retry-after", "7")], "{}"), 503, "provider_rate_limited", 3).await;
    assert_eq!(problem["retry_after"], 7);
}

#[tokio::test]
async fn the_wait_that_a_provider_asks_for_is_kept() {
    let fake = FakeLlm::start(vec![Reply::new(429, &[("retry-after", "7")], "{}"), Reply::rewrite(HONEST)]).await;
    let api = Api::with(fake.model("fake/m"));
    let answer = api.rewrite(llm()).await.json();
    assert_eq!(
        (&answer["results"][0]["variants"][0]["text"], &answer["results"][0]["provenance"]["attempts"]),
        (&json!(HONEST), &json!(2))
    );
    assert!((Duration::from_secs(7)..Duration::from_secs(8)).contains(&api.clock.elapsed()), "{:?}", api.clock.elapsed());
    assert_eq!(api.ledger.outcomes(), ["provider_rate_limited", "complete"]);
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_waited_for() {
    let problem = check(Reply::new(429, &[("retry-after", "61")], "{}"), 503, "provider_rate_limited", 1).await;
    assert_eq!(problem["retry_after"], 61);
    let problem = check(Reply::new(429, &[("retry-after", "61.2")], "{}"), 503, "provider_rate_limited", 1).await;
    assert_eq!(problem["retry_after"], 62, "never less than what is asked for");
}

#[tokio::test]
async fn a_wait_longer_than_a_clock_can_tell_is_not_waited_for() {
    let clock = Arc::new(ManualClock::default());
    for _ in 0..300 {
        clock.sleep(Duration::from_secs(10)).await;
    }
    let fake = FakeLlm::start(vec![Reply::new(429, &[("retry-after", "18446744073709549568")], "{}")]).await;
    let code = "provider_rate_limited";
    fails(fake.model("fake/m"), Setup { clock, ..Setup::default() }, 503, code, &[code]).await;
}

#[tokio::test]
async fn an_account_without_credit_is_not_asked_again() {
    check(Reply::error(429, "insufficient_quota"), 502, "provider_quota", 1).await;
    check(Reply::error(402, "x"), 502, "provider_quota", 1).await;
}

#[tokio::test]
async fn a_provider_in_trouble_is_tried_three_times() {
    check(Reply::error(500, "server_error"), 503, "provider_unavailable", 3).await;
    check(Reply::new(503, &[("retry-after", "2")], "<html>"), 503, "provider_unavailable", 3).await;
}

#[tokio::test]
async fn a_rejected_request_is_not_sent_again() {
    check(Reply::error(400, "invalid_json_schema"), 502, "provider_rejected", 1).await;
    check(Reply::error(404, "model_not_found"), 502, "provider_rejected", 1).await;
}

#[tokio::test]
async fn a_reply_that_cannot_be_read_is_a_bad_reply_and_one_that_broke_off_is_tried_again() {
    check(Reply::new(200, &[("content-type", "text/html")], "<h1>Log in</h1>"), 502, "provider_bad_reply", 1).await;
    check(Reply::new(200, &[], r#"{"choices":[{"message":{"content":"Add"#), 502, "provider_bad_reply", 3).await;
    check(Reply::choice("stop", &json!({"content": ""})), 502, "provider_bad_reply", 1).await;
}

#[tokio::test]
async fn an_answer_that_met_the_limit_is_asked_for_once_more_with_twice_the_limit() {
    let cut = Reply::choice("length", &json!({"content": draft(HONEST)}));
    check(cut.clone(), 502, "provider_truncated", 2).await;
    let fake = FakeLlm::start(vec![cut, Reply::rewrite(HONEST)]).await;
    let answer = Api::with(fake.model("fake/m")).rewrite(llm()).await.json();
    assert_eq!((&answer["results"][0]["status"], &answer["results"][0]["provenance"]["attempts"]), (&json!("rewritten"), &json!(2)));
    let heard = fake.heard();
    let limit = |at: usize| heard[at]["max_completion_tokens"].as_u64().expect("a limit");
    assert_eq!((limit(1), &heard[0]["messages"]), (2 * limit(0), &heard[1]["messages"]), "the same question, with more room");
}

#[tokio::test]
async fn a_refusal_is_not_asked_again() {
    check(Reply::choice("stop", &json!({"content": null, "refusal": "I cannot."})), 502, "provider_refused", 1).await;
    check(Reply::choice("content_filter", &json!({"content": null})), 502, "provider_refused", 1).await;
}

/// Every reply is complete, and none can be used.
async fn useless(text: &str, code: &str, quoted: &str) {
    let fake = FakeLlm::start(vec![Reply::text(text)]).await;
    fails(fake.model("fake/m"), Setup::default(), 502, code, &["complete"; 2]).await;
    let heard = fake.heard();
    assert_eq!(heard.len(), 4, "one question and one re-ask, twice");
    let messages = |at: usize| heard[at]["messages"].as_array().expect("messages").clone();
    let (first, again) = (messages(0), messages(1));
    assert!(again.starts_with(&first) && again.len() == first.len() + 2, "the re-ask goes on from the question");
    assert_eq!((&again[first.len()]["role"], &again[first.len()]["content"]), (&json!("assistant"), &json!(text)));
    let told = again.last().expect("a turn");
    assert!(told["role"] == "user" && told["content"].as_str().is_some_and(|told| told.contains(quoted)), "{told}");
}

#[tokio::test]
async fn a_wrong_shape_is_asked_again_once_with_the_fault_quoted() {
    useless("I would rather not.", "provider_bad_reply", "no JSON object").await;
    useless(r#"{"bullets": ["x"]}"#, "provider_bad_reply", "other fields").await;
}

#[tokio::test]
async fn an_invented_claim_is_asked_again_once_with_the_fault_quoted() {
    useless(&draft("Added Redis caching to improve API performance"), "provider_ungrounded", "Redis").await;
}

#[tokio::test]
async fn a_second_answer_that_is_honest_is_taken() {
    let fake = FakeLlm::start(vec![Reply::text("Sure!"), Reply::rewrite(HONEST)]).await;
    let answer = Api::with(fake.model("fake/m")).rewrite(llm()).await.json();
    let result = &answer["results"][0];
    assert_eq!((&result["variants"][0]["text"], &result["provenance"]["attempts"]), (&json!(HONEST), &json!(2)));
    assert_eq!((&result["provenance"]["input_tokens"], &result["provenance"]["model"]), (&json!(200), &json!("served")));
}

#[tokio::test]
async fn a_model_that_never_answers_is_a_timeout_and_nothing_else() {
    let clock = Arc::new(ManualClock::napping(Duration::MAX));
    let code = "deadline_exceeded";
    // One attempt may take half a minute, so a minute holds one and most of another.
    fails(StubModel::new(|_, _| Say::Nothing), Setup { clock, ..Setup::default() }, 504, code, &[code; 2]).await;
}

#[tokio::test]
async fn the_second_model_answers_when_the_first_fails() {
    let (down, up) = (FakeLlm::start(vec![Reply::error(401, "x")]).await, FakeLlm::start(vec![Reply::rewrite(HONEST)]).await);
    let api = Api::new(Setup::free(vec![down.model("down/m"), up.model("up/m")]));
    let answer = api.rewrite(llm()).await.json();
    let made = &answer["results"][0]["provenance"];
    assert_eq!((&made["provider"], &made["model"], &made["attempts"]), (&json!("up"), &json!("served"), &json!(2)), "{answer}");
    let asked: Vec<_> = api.ledger.rows().iter().map(|row| (row.model.to_string(), row.outcome)).collect();
    assert_eq!(asked, [("down/m".to_owned(), "provider_auth"), ("up/m".to_owned(), "complete")]);
    assert_eq!((down.heard().len(), up.heard().len()), (1, 1));
    let note = &answer["results"][0]["notes"][0];
    assert_eq!((&note["code"], &note["cause"]), (&json!("model_unavailable"), &json!("provider_auth")), "{answer}");
    assert!(note["message"].as_str().is_some_and(|told| told.starts_with("up/m wrote this: ") && told.contains("down/m")), "{note}");
}

#[tokio::test]
async fn of_two_models_that_fail_the_last_one_is_told() {
    let (one, two) = (FakeLlm::start(vec![Reply::error(401, "x")]).await, FakeLlm::start(vec![Reply::error(400, "x")]).await);
    let api = Api::new(Setup::free(vec![one.model("one/m"), two.model("two/m")]));
    let answer = api.rewrite(llm()).await;
    assert_eq!(answer.problem(), (502, "provider_rejected".to_owned()));
    assert!(answer.json()["detail"].as_str().is_some_and(|detail| detail.contains("two/m")), "{}", answer.text());
}
