//! Recording and replaying with the real binary: every kind of provider, one readable file an exchange, nothing secret in it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Binary, FakeLlm, GROUP_PROMPT, PROMPT, Reply, WEAK, draft, result, results};

const HONEST: &str = "Implemented caching to improve API performance";
const CHAINS: [(&str, &str, &str); 3] = [
    ("openai", "OPENAI_API_KEY", "openai/gpt-6-luna"),
    ("anthropic", "ANTHROPIC_API_KEY", "anthropic/claude-haiku-5-5"),
    ("gemini", "GEMINI_API_KEY", "gemini/gemini-3.5-flash-lite"),
];

async fn provider(kind: &str) -> FakeLlm {
    let text = draft(HONEST);
    FakeLlm::start(vec![match kind {
        "anthropic" => Reply::anthropic(&text),
        "gemini" => Reply::gemini(&text),
        _ => Reply::text(&text),
    }])
    .await
}

fn pointed_at(fake: &FakeLlm, kind: &str, variable: &str) -> Binary {
    let base = format!("BULLETSMITH__PROVIDERS__{}__BASE_URL", kind.to_uppercase());
    Binary::new().with(&base, fake.base()).with(variable, "sk-secret-123")
}

fn rewrite(binary: &Binary, more: &[&str]) -> Value {
    let args = ["rewrite", "--prompt", PROMPT, "--engine", "llm", "--format", "json", WEAK[3].0];
    let ended = binary.run(&[&args, more].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended.json()["results"][0].clone()
}

fn only_file(dir: &Path) -> std::path::PathBuf {
    let files: Vec<_> = std::fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    let [file] = files.as_slice() else { panic!("one file an exchange: {files:?}") };
    file.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_any_kind_of_provider_said_is_replayed_without_it() {
    for (kind, variable, model) in CHAINS {
        let fake = provider(kind).await;
        let binary = pointed_at(&fake, kind, variable);
        let live = rewrite(&binary, &["--record", "tape"]);
        assert_eq!((&live["variants"][0]["text"], &live["provenance"]["input_tokens"]), (&json!(HONEST), &json!(100)), "{kind}");
        assert_eq!(live["provenance"]["output_tokens"], 20, "{kind}");

        let file = only_file(&binary.home().join("tape"));
        assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
        let text = std::fs::read_to_string(&file).expect("text");
        assert!(!text.contains("sk-secret") && text.contains("\n  \"request\": {\n"), "readable, and without the key: {text}");
        let tape: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((&tape["origin"], &tape["wire"], &tape["server"]), (&json!("recorded"), &json!(kind), &json!("127.0.0.1")));
        assert_eq!((tape["model"].as_str(), &tape["request"]), (model.split('/').nth(1), &fake.heard()[0]));
        assert_eq!(tape["path"].as_str().map(|path| format!("/v1{path}")).as_deref(), fake.heads()[0].split(' ').next());

        let replayed = rewrite(&binary, &["--replay", "tape"]);
        assert_eq!((&replayed["variants"], &replayed["score"]), (&live["variants"], &live["score"]), "{kind}");
        assert_eq!((&replayed["provenance"]["model"], &replayed["provenance"]["cost_usd"]), (&live["provenance"]["model"], &json!("0")));
        assert_eq!(fake.heard().len(), 1, "a replay asks nobody");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_of_one_kind_answers_a_chain_of_recordings() {
    let fake = provider("anthropic").await;
    let binary = pointed_at(&fake, "anthropic", "ANTHROPIC_API_KEY");
    rewrite(&binary, &["--record", "tape"]);
    let tape = binary.home().join("tape").display().to_string();
    let chain = Binary::new()
        .with("BULLETSMITH__PROVIDERS__TAPE__KIND", "replay")
        .with("BULLETSMITH__PROVIDERS__TAPE__DIR", &tape)
        .with("BULLETSMITH__LLM__CHAIN", "tape/any");
    assert_eq!(rewrite(&chain, &[])["variants"][0]["text"], HONEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_refreshed_in_its_place_by_the_same_command() {
    let fake = provider("openai").await;
    let binary = pointed_at(&fake, "openai", "OPENAI_API_KEY");
    rewrite(&binary, &["--record", "tape"]);
    let file = only_file(&binary.home().join("tape"));
    let mut old: Value = serde_json::from_slice(&std::fs::read(&file).expect("there")).expect("JSON");
    old["reply"]["body"]["choices"] = json!([]);
    old["note"] = json!("the first day");
    std::fs::write(&file, old.to_string()).expect("written");
    rewrite(&binary, &["--record", "tape", "--cache", "bypass"]);
    let new: Value = serde_json::from_slice(&std::fs::read(only_file(&binary.home().join("tape"))).expect("there")).expect("JSON");
    assert_eq!((new["reply"]["body"]["choices"].as_array().map(Vec::len), &new["note"]), (Some(1), &json!("the first day")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_is_told_before_anything_is_paid_for() {
    let fake = provider("openai").await;
    let binary = pointed_at(&fake, "openai", "OPENAI_API_KEY");
    let file = binary.file("tape", "a file");
    let ended = binary.run(&["rewrite", "--record", &file, WEAK[3].0]);
    assert_eq!((ended.code, fake.heard().len()), (Some(1), 0), "{ended:?}");
    assert!(ended.err.contains("could not write recordings into") && ended.err.contains("tape"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_for_several_bullets_is_replayed_as_one_and_recordings_of_single_ones_answer_a_group_too() {
    let texts = ["Added caching to improve API performance", "Built REST APIs for the mobile and web clients"];
    let all = |binary: &Binary, more: &[&str]| {
        let bullets = binary.file("bullets.txt", &texts.map(|text| format!("- {text}.\n")).concat());
        let args = ["rewrite", "--prompt", GROUP_PROMPT, "--engine", "llm", "--format", "json", "--file", &bullets];
        let ended = binary.run(&[&args, more].concat());
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.json()
    };
    let said = |answer: &Value| [0, 1].map(|at| answer["results"][at]["variants"].clone());

    let fake = FakeLlm::start(vec![Reply::text(&results(&[result(0, texts[0]), result(1, texts[1])]))]).await;
    let binary = pointed_at(&fake, "openai", "OPENAI_API_KEY");
    let live = all(&binary, &["--record", "tape"]);
    let replayed = all(&binary, &["--replay", "tape"]);
    assert_eq!((said(&replayed), &replayed["usage"]["llm_calls"]), (said(&live), &json!(1)));
    assert_eq!((fake.heard().len(), live["results"][1]["variants"][0]["text"].as_str()), (1, Some(texts[1])));
    only_file(&binary.home().join("tape"));

    let fake = FakeLlm::start(texts.map(|text| Reply::text(&draft(text))).to_vec()).await;
    let binary = pointed_at(&fake, "openai", "OPENAI_API_KEY").with("BULLETSMITH__LLM__CONCURRENCY", "1");
    let alone = binary.with("BULLETSMITH__LLM__GROUP_SIZE", "1");
    let live = all(&alone, &["--record", "tape"]);
    let tape = alone.home().join("tape").display().to_string();
    let replayed = all(&Binary::new(), &["--replay", &tape]);
    assert_eq!((said(&replayed), fake.heard().len()), (said(&live), 2));
}
