//! The judge on the command line: `check --judge`, `eval judge`, `config check --live`, and proposals that are shown and asked about.

use serde_json::{Value, json};

use super::{BULLET, LINE, QUOTE};
use crate::harness::{Binary, Ended, FakeLlm, PROMPT, Reply};

const PAIRS: &str = include_str!("../../../fixtures/eval/judge/calibration.jsonl");

fn pairs() -> Vec<Value> {
    PAIRS.lines().map(|line| serde_json::from_str(line).expect("a pair")).collect()
}

/// What a judge says of so many lines, one a case.
fn judgement(lines: &[Value]) -> Reply {
    let line = |(case, said): (usize, &Value)| {
        let mut line = json!({"case": case, "line": 0, "items": []});
        line.as_object_mut().expect("an object").extend(said.as_object().expect("an object").clone());
        line
    };
    Reply::text(&json!({"lines": lines.iter().enumerate().map(line).collect::<Vec<_>>()}).to_string())
}

/// The four answers of a trial by a judge who is right, or who believes everything.
fn trial(is_right: bool) -> Vec<Reply> {
    let said = |pair: &Value| match pair["kind"].as_str() {
        Some("fault") if is_right => json!({"quote": "", "at_fault": pair["at"], "supported": false}),
        _ => json!({"quote": pair.get("quote").unwrap_or(&pair["bullet"]), "at_fault": "", "supported": true}),
    };
    pairs().chunks(6).map(|pairs| judgement(&pairs.iter().map(said).collect::<Vec<_>>())).collect()
}

/// The line, supported by the bullet, with both of its items.
fn supporting() -> Reply {
    let said = |item: usize| json!({"item": item, "quote": QUOTE, "at_fault": "", "supported": true});
    judgement(&[json!({"quote": QUOTE, "at_fault": "", "supported": true, "items": [said(1), said(2)]})])
}

fn pointed_at(fake: &FakeLlm) -> Binary {
    Binary::new()
        .with("BULLETSMITH__PROVIDERS__MOCK__KIND", "openai")
        .with("BULLETSMITH__PROVIDERS__MOCK__BASE_URL", fake.base())
        .with("BULLETSMITH__PROVIDERS__MOCK__FREE", "true")
        .with("BULLETSMITH__LLM__CHAIN", "mock/mock")
        .with("BULLETSMITH__LLM__JUDGE", "same")
}

fn rewrite(binary: &Binary, format: &str) -> Ended {
    binary.run(&["rewrite", "--prompt", PROMPT, "--engine", "llm", "--format", format, BULLET])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_tried_at_its_first_line_and_the_ledger_remembers_it() {
    let fake =
        FakeLlm::start([vec![Reply::rewrite(LINE)], trial(true), vec![supporting(), Reply::rewrite(LINE), supporting()]].concat()).await;
    // One question of the trial after the other, so that the script fits.
    let binary = pointed_at(&fake).with("BULLETSMITH__LLM__CALLS_PER_PROVIDER", "1");
    let first = rewrite(&binary, "json");
    assert_eq!((first.code, first.err.as_str()), (Some(0), ""), "{first:?}");
    assert_eq!(first.json()["results"][0]["variants"][0]["text"], LINE, "{first:?}");
    assert_eq!(fake.heard().len(), 6);
    let again = rewrite(&binary, "json");
    assert_eq!((&again.json()["results"][0]["variants"][0]["text"], fake.heard().len()), (&json!(LINE), 8), "no second trial");
    let usage = binary.run(&["usage", "--format", "json", "--group-by", "prompt"]).json();
    let prompts: Vec<_> =
        usage["rows"].as_array().expect("rows").iter().map(|row| (row["prompt"].clone(), row["attempts"].clone())).collect();
    assert_eq!(prompts, [(json!("judge@1"), json!(6)), (json!("rewrite@1"), json!(2))], "{usage}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_that_is_not_trusted_is_told_once_and_its_lines_are_proposed() {
    let fake = FakeLlm::start([vec![Reply::rewrite(LINE)], trial(false), vec![Reply::rewrite(LINE)]].concat()).await;
    let binary = pointed_at(&fake).with("BULLETSMITH__LLM__CALLS_PER_PROVIDER", "1");
    for calls in [5, 6] {
        let ended = rewrite(&binary, "text");
        assert_eq!((ended.code, fake.heard().len()), (Some(0), calls), "{ended:?}");
        assert_eq!(ended.err.matches("was right about 12 of 24 pairs").count(), 1, "{ended:?}");
        assert!(ended.out.contains(&format!("or        {LINE}, if you can say yes to this:\n          c1 ")), "{}", ended.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_shown_in_every_form_and_fill_asks_about_it() {
    let fake = FakeLlm::start(vec![Reply::rewrite(LINE)]).await;
    let binary = pointed_at(&fake).with("BULLETSMITH__LLM__JUDGE", "none");
    for (format, told) in [
        ("text", format!("or        {LINE}, if you can say yes to this:\n          c1 ")),
        ("diff", format!("  {BULLET}\n? {LINE}\n?   c1 ")),
        ("md", format!("- {BULLET}\n  - Or: {LINE}\n    - c1 ")),
        ("jsonl", format!("\"proposal\":{{\"text\":\"{LINE}\",\"confirm\":[{{\"id\":\"c1\"")),
    ] {
        let ended = rewrite(&binary, format);
        assert!(ended.code == Some(0) && ended.out.contains(&told), "{format}: {}", ended.out);
    }
    let file = binary.file("rewrite.json", &rewrite(&binary, "json").out);
    let said_yes = binary.feed(&["fill", "--from", &file], "y\nyes\n");
    assert_eq!((said_yes.code, said_yes.out.trim_end()), (Some(0), LINE), "{said_yes:?}");
    assert!(
        said_yes.err.contains(&format!("Stronger, if you can say yes to this: {LINE}")) && said_yes.err.contains("c2 "),
        "{}",
        said_yes.err
    );
    for no in ["n\n", "y\n\n", "", "maybe\n"] {
        assert_eq!(binary.feed(&["fill", "--from", &file], no).out.trim_end(), BULLET, "{no}");
    }
    let by_flags = binary.run(&["fill", "--from", &file, "--confirm", "c1", "--confirm", "c2", "--format", "json"]);
    assert_eq!((&by_flags.json()["text"], &by_flags.json()["verdict"]), (&json!(LINE), &json!("grounded")), "{by_flags:?}");
    assert_eq!(binary.run(&["fill", "--from", &file, "--confirm", "c1"]).out.trim_end(), BULLET, "one yes is not enough");
    let stray = binary.run(&["fill", "--from", &file, "--confirm", "c7"]);
    assert!(stray.code == Some(1) && stray.err.contains("there is c1, c2"), "{stray:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_has_a_model_settle_what_code_asks_about() {
    let fake = FakeLlm::start(vec![supporting()]).await;
    let binary = pointed_at(&fake).with("BULLETSMITH__LLM__JUDGE_TRUST", "always");
    let plain = binary.run(&["check", BULLET, "--rewrite", LINE, "--strict"]);
    assert_eq!((plain.code, fake.heard().len()), (Some(0), 0), "unsettled is no fault: {plain:?}");
    assert!(plain.out.starts_with("verdict   unsettled\nask       no_receipt in the rewrite"), "{}", plain.out);
    assert!(plain.out.contains("the rewrite says \"locking\". Is that the same?\n"), "{}", plain.out);
    let judged = binary.run(&["check", BULLET, "--rewrite", LINE, "--judge", "--format", "json"]);
    assert_eq!((judged.code, &judged.json()["verdict"], fake.heard().len()), (Some(0), &json!("grounded"), 1), "{judged:?}");
    let line = json!({"id": 1, "bullet": BULLET, "rewrite": LINE}).to_string();
    let lines = binary.feed(&["check", "--jsonl", "--judge"], &line);
    assert_eq!(
        (&lines.lines()[0]["verdict"], &lines.lines()[0]["judgements"][0]["supported"]),
        (&json!("grounded"), &json!(true)),
        "{lines:?}"
    );
    let nobody = Binary::new().run(&["check", BULLET, "--rewrite", LINE, "--judge"]);
    assert!(nobody.code == Some(2) && nobody.err.contains("no judge is configured"), "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn eval_judge_counts_what_the_judge_is_right_about_and_keeps_the_trial() {
    let fake = FakeLlm::start([trial(false), vec![Reply::rewrite(LINE)]].concat()).await;
    let binary = pointed_at(&fake);
    let reports = binary.run(&["eval", "judge", "--format", "json"]).json();
    let rates: Vec<_> =
        reports[0]["measures"].as_array().expect("measures").iter().map(|it| (it["name"].clone(), it["hits"].clone())).collect();
    assert_eq!(
        rates[..3],
        [(json!("faults_refused"), json!(0)), (json!("faults_supported"), json!(12)), (json!("clean_supported"), json!(12))]
    );
    let ended = rewrite(&binary, "json");
    assert_eq!(fake.heard().len(), 5, "what is known already is not tried again");
    assert!(ended.err.contains("12 of 24") && ended.json()["results"][0]["variants"][0]["proposal"].is_object(), "{ended:?}");

    let fake = FakeLlm::start(vec![judgement(&[json!({"quote": QUOTE, "at_fault": "", "supported": true})])]).await;
    let binary = pointed_at(&fake);
    let set = binary.file("set.jsonl", &json!({"id": "a", "kind": "clean", "bullet": BULLET, "rewrite": LINE}).to_string());
    let text = binary.run(&["eval", "judge", "--set", &set, "--wrong"]).out;
    assert!(text.contains("== judge/set by mock/mock") && text.contains("clean_supported        1 of 1"), "{text}");
    let broken = binary.file("broken.jsonl", "{\"id\": \"a\"}");
    let ended = binary.run(&["eval", "judge", "--set", &broken]);
    assert!(ended.code == Some(1) && ended.err.contains("line 1 is no pair"), "{ended:?}");
    let nobody = Binary::new().run(&["eval", "judge"]);
    assert!(nobody.code == Some(1) && nobody.err.contains("no judge is configured"), "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_check_of_the_configuration_tries_the_judge_and_says_what_came_of_it() {
    for (is_right, told) in [
        (true, "ok judge    mock/mock: right about 24 of 24 pairs by judge@1, trusted"),
        (false, "no judge    mock/mock: right about 12 of 24 pairs by judge@1, not trusted, so it judges nothing"),
    ] {
        let fake = FakeLlm::start([vec![Reply::text(r#"{"word":"anvil"}"#)], trial(is_right)].concat()).await;
        let ended = pointed_at(&fake).run(&["config", "check", "--live"]);
        assert!(ended.code == Some(0) && ended.out.contains(told), "{ended:?}");
        assert_eq!(fake.heard().len(), 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_counts_what_became_of_the_lines_that_were_to_be_judged() {
    let fake = FakeLlm::start(vec![Reply::rewrite(LINE), supporting(), Reply::rewrite(LINE), Reply::text("It looks fine to me.")]).await;
    let serving = pointed_at(&fake).with("BULLETSMITH__LLM__JUDGE_TRUST", "always").serve(&[]);
    for cache in ["use", "refresh"] {
        let args = ["rewrite", "--prompt", PROMPT, "--cache", cache, "--server", &serving.url, BULLET];
        let ended = Binary::new().run(&args);
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
    let metrics = reqwest::Client::builder().build().expect("a client").get(format!("{}/metrics", serving.url));
    let text = metrics.send().await.expect("an answer").text().await.expect("text");
    for outcome in ["supported", "unsettled"] {
        let line = format!("bulletsmith_judged_lines_total{{outcome=\"{outcome}\"}} 1");
        assert!(text.lines().any(|told| told == line), "{line} is not in:\n{text}");
    }
}

#[test]
fn a_judge_of_its_own_needs_a_provider_and_a_price() {
    let priced = |judge: &str| {
        let ended = Binary::new()
            .with("BULLETSMITH__PROVIDERS__MOCK__KIND", "openai")
            .with("BULLETSMITH__PROVIDERS__MOCK__BASE_URL", "http://127.0.0.1:1/v1")
            .with("BULLETSMITH__LLM__JUDGE", judge)
            .run(&["config", "check"]);
        (ended.code, ended.err + &ended.out)
    };
    for (judge, told) in [
        ("mock/unpriced", "llm.judge: mock/unpriced has no price"),
        ("nowhere/m", "llm.judge: nowhere/m names the provider `nowhere`"),
        ("somebody", "llm.judge: is `somebody`; write \"same\", \"none\" or provider/model"),
    ] {
        let (code, said) = priced(judge);
        assert!(code == Some(1) && said.contains(told), "{judge}: {said}");
    }
    for (judge, told) in [
        ("openai/gpt-6-luna", "ok judge    openai/gpt-6-luna"),
        ("same", "ok judge    the model that wrote"),
        ("none", "ok judge    nobody"),
    ] {
        let (code, said) = priced(judge);
        assert!(code == Some(0) && said.contains(told), "{judge}: {said}");
    }
    for (key, value) in [("JUDGE_TRUST", "never"), ("JUDGE_WHEN", "sometimes")] {
        let ended = Binary::new().with(&format!("BULLETSMITH__LLM__{key}"), value).run(&["config", "check"]);
        assert!(ended.code == Some(1) && ended.err.contains(key), "{ended:?}");
    }
}

#[test]
fn the_prompt_of_a_judge_is_listed_shown_rendered_and_refused_for_rewrites() {
    let binary = Binary::new();
    let listed = binary.run(&["prompt", "list", "--format", "json"]).json();
    let judge = listed["prompts"].as_array().expect("prompts").iter().find(|prompt| prompt["prompt"] == "judge@1").expect("listed");
    assert_eq!((&judge["kind"], &judge["released"]), (&json!("judge"), &json!(true)));
    assert!(binary.run(&["prompt", "show", "judge@1"]).out.contains("kind       judge"));
    assert!(binary.run(&["prompt", "lint"]).out.contains("ok judge@1"));
    let rendered = binary.run(&["prompt", "render", BULLET, "--rewrite", LINE, "--facts", "it hung", "--format", "json"]).json();
    assert_eq!((&rendered["schema_name"], &rendered["max_output_tokens"]), (&json!("judgement"), &json!(480)));
    let user = rendered["messages"][1]["content"].as_str().expect("a text");
    assert!(user.contains(r#"{"item":1,"says":"locking"}"#) && user.contains(r#""facts":["it hung"]"#), "{user}");
    for args in [&["rewrite", "--prompt", "judge@1", BULLET][..], &["prompt", "render", BULLET, "--prompt", "judge@1"]] {
        let ended = binary.run(args);
        assert!(ended.code == Some(1) && ended.err.contains("judge@1 is a prompt of kind judge; name one of kind rewrite"), "{ended:?}");
    }
    let wrong = binary.run(&["prompt", "render", BULLET, "--rewrite", LINE, "--prompt", "rewrite@2"]);
    assert!(wrong.code == Some(1) && wrong.err.contains("name one of kind judge"), "{wrong:?}");
}
