//! `config check --live`: what one small question to each model of the chain shows, and what is said to mend it.

use serde_json::{Value, json};

use crate::harness::{Binary, Ended, FakeLlm, Reply};

const OBEYED: &str = r#"{"word":"anvil"}"#;

/// The binary with one free model of OpenAI's kind at this provider.
fn local(fake: &FakeLlm) -> Binary {
    Binary::new()
        .with("BULLETSMITH__PROVIDERS__MOCK__KIND", "openai")
        .with("BULLETSMITH__PROVIDERS__MOCK__BASE_URL", fake.base())
        .with("BULLETSMITH__PROVIDERS__MOCK__API_KEY_ENV", "MOCK_KEY")
        .with("MOCK_KEY", "sk-secret")
        .with("BULLETSMITH__PROVIDERS__MOCK__FREE", "true")
        .with("BULLETSMITH__LLM__CHAIN", "mock/mock")
}

fn lines(ended: &Ended) -> Vec<&str> {
    ended.out.lines().filter(|line| line.contains(" model ")).collect()
}

/// The one model is said to be bad, in these words, and the exit code says it too.
async fn bad(reply: Reply, words: &[&str]) {
    let fake = FakeLlm::start(vec![reply]).await;
    let ended = local(&fake).run(&["config", "check", "--live"]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    let [line] = lines(&ended)[..] else { panic!("one line a model: {ended:?}") };
    for word in words.iter().chain(&["bad model ", "mock/mock"]) {
        assert!(line.contains(word), "`{line}` does not say `{word}`");
    }
    assert!(!format!("{ended:?}").contains("sk-"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_provider_is_asked_in_its_own_way_and_told_on_one_line() {
    let (openai, anthropic, gemini) = (
        FakeLlm::start(vec![Reply::text(OBEYED)]).await,
        FakeLlm::start(vec![Reply::anthropic(OBEYED)]).await,
        FakeLlm::start(vec![Reply::gemini(OBEYED)]).await,
    );
    let binary = local(&openai)
        .with("BULLETSMITH__PROVIDERS__ANTHROPIC__BASE_URL", anthropic.base())
        .with("BULLETSMITH__PROVIDERS__GEMINI__BASE_URL", gemini.base())
        .with("ANTHROPIC_API_KEY", "sk-ant")
        .with("GEMINI_API_KEY", "AIza")
        .with("BULLETSMITH__LLM__CHAIN", "mock/mock,anthropic/claude-haiku-5-5,gemini/gemini-3.5-flash-lite");
    let ended = binary.run(&["config", "check", "--live"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let told = lines(&ended);
    // 90 x 0.1 + 10 x 0.01 + 20 x 0.5 and 90 x 0.3 + 10 x 0.03 + 20 x 2.5 dollars a million.
    for (line, words) in told.iter().zip([
        ["ok model    mock/mock:", "as served", "schema obeyed", "free"],
        ["ok model    anthropic/claude-haiku-5-5:", "answers, schema", "price of 2026-11-29 known", "(0.0000191 USD"],
        ["ok model    gemini/gemini-3.5-flash-lite:", "answers, schema", "price of 2026-11-29 known", "(0.0000773 USD"],
    ]) {
        for word in words {
            assert!(line.contains(word), "`{line}` does not say `{word}`");
        }
    }
    assert_eq!(told.len(), 3);
    assert!(ended.err.contains("anthropic/claude-haiku-5-5 does not enforce") && !ended.err.contains("leaves this machine"), "{ended:?}");
    assert_eq!(openai.heads(), ["/v1/chat/completions authorization: Bearer sk-secret"]);
    assert_eq!(anthropic.heads(), ["/v1/messages x-api-key: sk-ant"]);
    assert_eq!(gemini.heads(), ["/v1/models/gemini-3.5-flash-lite:generateContent x-goog-api-key: AIza"]);
    let word = json!({"type": "string", "enum": ["anvil"]});
    assert_eq!(anthropic.heard()[0]["output_config"]["format"]["schema"]["properties"]["word"], word);
    assert_eq!(gemini.heard()[0]["generationConfig"]["responseJsonSchema"]["properties"]["word"], word);
    assert_eq!(openai.heard()[0]["response_format"]["json_schema"]["schema"]["properties"]["word"], word);
    assert!(openai.heard()[0].get("max_tokens").is_some_and(Value::is_u64), "the limit that every such server knows");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_with_what_to_do() {
    bad(Reply::error(401, "invalid_api_key"), &["refused the API key", "check the key", "read from MOCK_KEY"]).await;
    bad(Reply::error(404, "model_not_found"), &["does not know the model", "llm.chain"]).await;
    bad(Reply::error(429, "insufficient_quota"), &["out of credit"]).await;
    bad(Reply::error(503, "server_error"), &["in trouble", "try again later"]).await;
    bad(Reply::new(200, &[("content-type", "text/html")], "<h1>Log in</h1>"), &["HTML", "base_url is http://127.0.0.1"]).await;
    bad(Reply::error(200, "invalid_api_key"), &["refused the API key"]).await;
    bad(Reply::choice("length", &json!({"content": OBEYED})), &["cut at the token limit"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_drops_the_schema_gives_itself_away() {
    for text in [r#"{"word":"cloud"}"#, "cloud", "```json\n{\"word\":\"anvil\"}\n```"] {
        bad(Reply::text(text), &["not by the schema", "structured outputs"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_model_does_not_hide_the_good_one() {
    let (good, gone) = (FakeLlm::start(vec![Reply::text(OBEYED)]).await, FakeLlm::start(vec![Reply::text(OBEYED)]).await.base().to_owned());
    let binary = local(&good)
        .with("BULLETSMITH__PROVIDERS__GONE__KIND", "openai")
        .with("BULLETSMITH__PROVIDERS__GONE__BASE_URL", &gone)
        .with("BULLETSMITH__PROVIDERS__GONE__FREE", "true")
        .with("BULLETSMITH__LLM__CHAIN", "gone/m,mock/mock");
    let ended = binary.run(&["config", "check", "--live"]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    let told = lines(&ended);
    assert!(told[0].contains("gone/m cannot be reached; check base_url") && told[1].contains("ok model    mock/mock"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_answers_under_a_name_without_a_price_is_estimated_and_told() {
    let fake = FakeLlm::start(vec![Reply::text(OBEYED)]).await;
    let binary = Binary::new().with("BULLETSMITH__PROVIDERS__OPENAI__BASE_URL", fake.base()).with("OPENAI_API_KEY", "k");
    let ended = binary.run(&["config", "check", "--live"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let [line] = lines(&ended)[..] else { panic!("one line: {ended:?}") };
    assert!(line.contains("answers as served") && line.contains("estimated") && line.contains("price file"), "{line}");
}

#[test]
fn without_a_model_there_is_nobody_to_ask_and_without_live_nobody_is_asked() {
    let ended = Binary::new().run(&["config", "check", "--live"]);
    assert_eq!((ended.code, lines(&ended).len()), (Some(0), 0), "{ended:?}");
    assert!(ended.err.contains("no model is configured"), "{ended:?}");
    let nobody = Binary::new().with("BULLETSMITH__PROVIDERS__OPENAI__BASE_URL", "http://127.0.0.1:1/v1").with("OPENAI_API_KEY", "k");
    assert_eq!(nobody.run(&["config", "check"]).code, Some(0));
}
