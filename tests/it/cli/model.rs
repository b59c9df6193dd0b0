//! The binary with a model that only the environment names, as the contract shows it.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::harness::{Binary, FakeLlm, PROMPT, Reply, WEAK};

const HONEST: &str = "Implemented caching to improve API performance";

/// The binary, pointed at this provider without a file.
fn pointed_at(fake: &FakeLlm) -> Binary {
    Binary::new()
        .with("BULLETSMITH__PROVIDERS__MOCK__KIND", "openai")
        .with("BULLETSMITH__PROVIDERS__MOCK__BASE_URL", fake.base())
        .with("BULLETSMITH__PROVIDERS__MOCK__FREE", "true")
        .with("BULLETSMITH__LLM__CHAIN", "mock/mock")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_asked_and_the_account_is_kept_for_its_owner_alone() {
    let fake = FakeLlm::start(vec![Reply::rewrite(HONEST)]).await;
    let binary = pointed_at(&fake);
    let ended = binary.run(&["rewrite", "--prompt", PROMPT, "--format", "json", WEAK[3].0]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "a call to this machine needs no warning: {ended:?}");
    let answer = ended.json();
    let result = &answer["results"][0];
    assert_eq!((&result["variants"][0]["text"], &result["provenance"]["engine"]), (&json!(HONEST), &json!("llm")));
    assert_eq!((fake.heard().len(), &fake.heard()[0]["model"]), (1, &json!("mock")));
    let ledger = binary.home().join(".local/state/bulletsmith/ledger.db");
    let mode = std::fs::metadata(ledger).expect("an account").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_fails_is_exit_2_for_llm_and_a_note_for_auto() {
    let fake = FakeLlm::start(vec![Reply::error(401, "invalid_api_key")]).await;
    let binary = pointed_at(&fake);
    let rewrite = |engine: &str| binary.run(&["rewrite", "--prompt", PROMPT, "--engine", engine, "--format", "json", WEAK[3].0]);
    let failed = rewrite("llm");
    assert_eq!((failed.code, &failed.json()["results"][0]["problem"]["code"]), (Some(2), &json!("provider_auth")), "{failed:?}");
    let fallen_back = rewrite("auto");
    assert_eq!(fallen_back.code, Some(0), "{fallen_back:?}");
    assert_eq!(fallen_back.json()["results"][0]["notes"][0]["cause"], "provider_auth");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_counts_its_attempts_and_times_what_it_takes_beside_them() {
    let fake = FakeLlm::start(vec![Reply::rewrite(HONEST)]).await;
    let key = "0123456789abcdef0123456789abcdef";
    let serving = pointed_at(&fake).with("BULLETSMITH_ADMIN_KEY", key).with("BULLETSMITH__SERVER__PUBLIC_METRICS", "false").serve(&[]);
    let holder = Binary::new().with("BULLETSMITH_API_KEY", key);
    let ended = holder.run(&["rewrite", "--prompt", PROMPT, "--server", &serving.url, WEAK[3].0]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let metrics = reqwest::Client::builder().build().expect("a client").get(format!("{}/metrics", serving.url));
    let stranger = metrics.try_clone().expect("no body").send().await.expect("an answer");
    assert_eq!(stranger.status(), 401);
    let text = metrics.bearer_auth(key).header("accept", "text/plain").send().await.expect("an answer").text().await.expect("text");
    for line in [
        "bulletsmith_attempts_total{provider=\"mock\",model=\"mock\",outcome=\"complete\"} 1",
        "bulletsmith_overhead_seconds_bucket{le=\"+Inf\"} 1",
    ] {
        assert!(text.lines().any(|told| told == line), "{line} is not in:\n{text}");
    }
}
