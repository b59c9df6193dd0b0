//! The product is measured on labelled sets, and a rate that got worse fails the run.

use serde_json::{Value, json};

use crate::harness::{Binary, PROMPT};

const MATCHES: &str = r#"{"id": "m1", "text": "Used Kafka for message processing.", "skill": "message-queues"}
{"id": "m2", "text": "Made tea for the team.", "skill": null}
{"id": "m3", "text": "Used Kafka for message processing.", "skill": "caching", "accepted": ["sql"]}
"#;

const CHECKS: &str = r#"{"id": "c1", "kind": "fault", "bullet": "Added caching.", "rewrite": "Added Redis caching", "codes": ["new_technology"]}
{"id": "c2", "kind": "fault", "bullet": "Added caching.", "rewrite": "Added caching", "codes": ["new_quantity"]}
{"id": "c3", "kind": "clean", "bullet": "Added caching.", "rewrite": "Added caching"}
{"id": "c4", "kind": "clean", "bullet": "Added caching.", "rewrite": "Added 3 caches"}
"#;

fn rates(report: &Value) -> Vec<(&str, i64, i64)> {
    let measures = report["measures"].as_array().expect("measures");
    measures
        .iter()
        .map(|it| (it["name"].as_str().expect("a name"), it["hits"].as_i64().expect("hits"), it["of"].as_i64().expect("of")))
        .collect()
}

#[test]
fn matching_is_counted_skill_by_skill_and_an_accepted_answer_is_right() {
    let binary = Binary::new();
    let set = binary.file("set.jsonl", MATCHES);
    let report = binary.run(&["eval", "match", "--set", &set, "--format", "json"]).json();
    let report = &report["matching"][0];
    assert_eq!(report["set"], "match/set");
    assert_eq!(rates(report)[0], ("right", 2, 3));
    assert_eq!(report["confusion"]["caching"], json!({"message-queues": 1}));
    assert_eq!(report["wrong"][0]["id"], "m3");
    let text = binary.run(&["eval", "match", "--set", &set, "--wrong"]).out;
    assert!(text.contains("right") && text.contains("66.7 % (2/3)") && text.contains("m3  caching taken for message-queues"), "{text}");
}

#[test]
fn the_check_is_counted_by_faults_caught_and_clean_rewrites_refused() {
    let binary = Binary::new();
    let set = binary.file("set.jsonl", CHECKS);
    let report = binary.run(&["eval", "check", "--set", &set, "--format", "json"]).json();
    let report = &report["checking"][0];
    assert_eq!(rates(report), [("faults_caught", 1, 2), ("faults_caught_by_a_fitting_code", 1, 2), ("clean_refused", 1, 2)]);
    let wrong: Vec<_> = report["wrong"].as_array().expect("wrong").iter().map(|case| case["id"].clone()).collect();
    assert_eq!(wrong, ["c2", "c4"]);
}

#[test]
fn prompt_versions_stand_side_by_side_with_the_rules_engine_under_them() {
    let binary = Binary::new();
    let set =
        binary.file("set.jsonl", "{\"id\": \"r1\", \"text\": \"Added caching to improve API performance.\", \"skill\": \"caching\"}\n");
    let replies = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/replies/recorded");
    let both = format!("{PROMPT},{PROMPT}");
    let report = binary.run(&["eval", "rewrite", "--set", &set, "--prompt", &both, "--replay", replies, "--format", "json"]).json();
    let reports = report["rewriting"].as_array().expect("reports");
    assert_eq!(reports.len(), 2);
    for report in reports {
        let rates = rates(report);
        assert!(rates.contains(&("invented_fact", 0, 1)) && rates.contains(&("written_by_a_model", 1, 1)), "{rates:?}");
        assert!(report["tokens"][0].as_u64() > Some(0), "{report}");
    }
    let rules = binary.run(&["eval", "rewrite", "--set", &set, "--format", "json"]).json();
    assert_eq!(rules["rewriting"][0]["writer"], "rules");
    assert!(rates(&rules["rewriting"][0]).contains(&("written_by_a_model", 0, 1)));
}

#[test]
fn a_rate_that_got_worse_fails_and_names_itself() {
    let binary = Binary::new();
    let set = binary.file("set.jsonl", MATCHES);
    let baseline = binary.file("baseline.json", "{}");
    let kept = binary.run(&["eval", "match", "--set", &set, "--write-baseline", &baseline]);
    assert_eq!(kept.code, Some(0), "{kept:?}");
    assert_eq!(binary.run(&["eval", "match", "--set", &set, "--baseline", &baseline]).code, Some(0), "as good as before");
    binary.file("set.jsonl", &MATCHES.replace("\"skill\": null", "\"skill\": \"sql\""));
    let worse = binary.run(&["eval", "match", "--set", &set, "--baseline", &baseline]);
    assert_eq!(worse.code, Some(1));
    assert!(worse.err.contains("match/set: right got worse: 33.3 % (1/3) was 66.7 % (2/3)"), "{worse:?}");
}

#[test]
fn a_set_that_cannot_be_read_is_named_with_its_line() {
    let binary = Binary::new();
    let set = binary.file("set.jsonl", "{\"id\": \"m1\"}\n");
    let ended = binary.run(&["eval", "match", "--set", &set]);
    assert!(ended.code == Some(1) && ended.err.contains("set.jsonl:1") && ended.err.contains("text"), "{ended:?}");
    let nowhere = binary.run(&["eval", "match"]);
    assert!(nowhere.code == Some(1) && nowhere.err.contains("--set"), "{nowhere:?}");
    assert_eq!(binary.run(&["eval", "--set", &set]).code, Some(1), "a set belongs to a kind");
}
