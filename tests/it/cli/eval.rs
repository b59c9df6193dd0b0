//! The product is measured on labelled sets, and a rate that got worse fails the run.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bulletsmith::evaluation::{Baseline, CheckCase, CheckKind, Figures, Unvouched, read_set, with_figures};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::harness::{Binary, PROMPT};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

const MATCHES: &str = r#"{"id": "m1", "text": "Used Kafka for message processing.", "skill": "message-queues"}
{"id": "m2", "text": "Made tea for the team.", "skill": null}
{"id": "m3", "text": "Used Kafka for message processing.", "skill": "caching", "accepted": ["sql"]}
"#;

const CHECKS: &str = r#"{"id": "p1-lie", "kind": "fault", "bullet": "Added caching.", "rewrite": "Added Redis caching", "codes": ["new_technology"], "why": "a store nobody named"}
{"id": "c2", "kind": "fault", "bullet": "Added caching.", "rewrite": "Added caching", "codes": ["new_quantity"]}
{"id": "p1-twin", "kind": "clean", "bullet": "Added caching.", "rewrite": "Added caching"}
{"id": "c4", "kind": "clean", "bullet": "Added caching.", "rewrite": "Added 3 caches"}
{"id": "c5", "kind": "clean", "bullet": "Added caching to the catalogue.", "rewrite": "Added caching to the catalogue to spare the database"}
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
fn the_check_is_counted_by_three_verdicts_on_faults_and_on_clean_lines() {
    let binary = Binary::new();
    let set = binary.file("set.jsonl", CHECKS);
    let report = binary.run(&["eval", "check", "--set", &set, "--format", "json"]).json();
    let report = &report["checking"][0];
    assert_eq!(
        rates(report),
        [
            ("clean_hard", 1, 3),
            ("clean_asked", 1, 3),
            ("clean_grounded", 1, 3),
            ("faults_grounded", 1, 2),
            ("faults_asked", 0, 2),
            ("faults_hard", 1, 2),
            ("faults_by_a_fitting_code", 1, 2),
            ("pairs_on_the_right_side", 1, 1),
            ("pairs_told_apart", 1, 1),
        ]
    );
    // 1 of 2 by Wilson's method.
    assert_eq!(report["measures"][3]["interval"], json!({"low": 0.0945, "high": 0.9055}));
    let ids = |list: &Value| list.as_array().expect("cases").iter().map(|case| case["id"].clone()).collect::<Vec<_>>();
    assert_eq!((ids(&report["wrong"]), ids(&report["asked"])), (vec![json!("c2"), json!("c4")], vec![json!("c5")]));
    assert_eq!(report["outcomes"], json!({"set": "check/set", "hard": ["p1-lie", "c4"], "ask": ["c5"], "grounded": ["c2", "p1-twin"]}));
}

#[test]
fn cases_on_the_wrong_side_are_shown_with_what_was_found_and_questions_only_when_asked_for() {
    let binary = Binary::new();
    let set = binary.file("set.jsonl", CHECKS);
    let wrong = binary.run(&["eval", "check", "--set", &set, "--wrong"]).out;
    assert!(wrong.contains("faults_grounded") && wrong.contains("50.0 % (1/2)") && wrong.contains("95 %: 9.5 to 90.5 %"), "{wrong}");
    assert!(wrong.contains("c2  a fault called grounded") && wrong.contains("c4  a clean line called hard"), "{wrong}");
    assert!(wrong.contains("      new_quantity \"3\"") && !wrong.contains("c5  "), "{wrong}");
    let asked = binary.run(&["eval", "check", "--set", &set, "--asked"]).out;
    assert!(asked.contains("c5  a clean line called ask") && asked.contains('?') && !asked.contains("c4  "), "{asked}");
}

#[test]
fn a_case_that_changed_sides_is_named_beside_the_outcomes_of_an_earlier_run() {
    let binary = Binary::new();
    let set = binary.file("set.jsonl", CHECKS);
    let kept = binary.home().join("outcomes.jsonl").display().to_string();
    assert_eq!(binary.run(&["eval", "check", "--set", &set, "--write-outcomes", &kept]).code, Some(0));
    let same = binary.run(&["eval", "check", "--set", &set, "--against", &kept]).out;
    assert!(same.ends_with("== check/set against earlier outcomes: 5 compared, 0 new\n"), "{same}");
    binary.file(
        "set.jsonl",
        &(CHECKS.replace("Added 3 caches", "Added caching") + &CHECKS.lines().next().expect("a line").replace("p1-lie", "c6")),
    );
    let moved = binary.run(&["eval", "check", "--set", &set, "--against", &kept]).out;
    assert!(moved.contains("5 compared, 1 new") && moved.contains("now right: c4"), "{moved}");
    let moved = binary.run(&["eval", "check", "--set", &set, "--against", &kept, "--format", "json"]).json();
    assert_eq!(
        moved["moves"][0]["moves"],
        json!([{"kind": "clean", "was": "hard", "now": "grounded", "turn": "now_right", "ids": ["c4"]}])
    );
}

#[test]
fn a_set_is_measured_at_first_sight_once() {
    let binary = Binary::new();
    let set = binary.file("set.jsonl", CHECKS);
    let sights = binary.home().join("first-sight.json").display().to_string();
    let enter = |set: &str| binary.run(&["eval", "check", "--set", set, "--first-sight", &sights, "--at", "2026-11-30 dff5d84"]);
    let first = enter(&set);
    assert_eq!(first.code, Some(0), "{first:?}");
    let entered: Value = serde_json::from_str(&fs::read_to_string(&sights).expect("written")).expect("JSON");
    assert_eq!(
        (&entered[0]["set"], &entered[0]["commit"], &entered[0]["date"]),
        (&json!("check/set"), &json!("dff5d84"), &json!("2026-11-30"))
    );
    assert_eq!(rates(&entered[0]).first(), Some(&("clean_hard", 1, 3)));
    for again in [set, binary.file("other.jsonl", CHECKS)] {
        let refused = enter(&again);
        assert!(refused.code == Some(1) && refused.out.is_empty() && refused.err.contains("a set forecasts once"), "{refused:?}");
    }
    assert_eq!(enter(&binary.file("new.jsonl", &CHECKS.replace("c5", "c7"))).code, Some(0), "another text is another set");
    assert_eq!(
        binary.run(&["eval", "check", "--first-sight", &sights, "--at", "2026-11-30 dff5d84"]).code,
        Some(1),
        "a set has to be named"
    );
}

#[test]
fn every_set_of_a_kind_is_run_when_none_is_named() {
    let binary = Binary::new();
    binary.file("fixtures/eval/match/b.jsonl", MATCHES);
    binary.file("fixtures/eval/match/a.jsonl", MATCHES);
    binary.file("fixtures/eval/match/notes.txt", "no set");
    let report = binary.run(&["eval", "match", "--format", "json"]).json();
    let sets: Vec<_> = report["matching"].as_array().expect("reports").iter().map(|report| report["set"].clone()).collect();
    assert_eq!(sets, ["match/a", "match/b"]);
}

#[test]
fn a_rewrite_is_read_by_another_reader_than_the_check_and_a_strong_bullet_is_to_be_left_alone() {
    let binary = Binary::new();
    let strong = fs::read_to_string(Path::new(ROOT).join("fixtures/eval/rewrite/strong.jsonl")).expect("the set is there");
    let strong = strong.lines().next().expect("a case");
    let set = binary
        .file("set.jsonl", &format!("{strong}\n{{\"id\": \"r1\", \"text\": \"Responsible for running the nightly imports in MySQL.\"}}\n"));
    let report = binary.run(&["eval", "rewrite", "--set", &set, "--format", "json"]).json();
    let rates = rates(&report["rewriting"][0]);
    for rate in [("invented_fact", 0, 1), ("invented_number", 0, 1), ("left_alone", 1, 1), ("unchanged", 0, 1)] {
        assert!(rates.contains(&rate), "{rate:?}: {rates:?}");
    }
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

/// The share of the cases of all check sets in which the second reading finds something, in percent.
fn found_by_the_reading(wanted: impl Fn(&CheckCase) -> bool) -> usize {
    let (mut found, mut of) = (0, 0);
    for entry in fs::read_dir(Path::new(ROOT).join("fixtures/eval/check")).expect("a folder") {
        let file = entry.expect("an entry").path();
        let cases: Vec<CheckCase> = read_set("set", &fs::read_to_string(&file).expect("text")).expect("a set");
        for case in cases.iter().filter(|case| wanted(case)) {
            let read = Unvouched::read(&[&case.bullet, case.facts.as_deref().unwrap_or_default()], &case.rewrite);
            found += usize::from(!read.is_empty());
            of += 1;
        }
    }
    assert!(of > 100, "only {of} cases");
    100 * found / of
}

#[test]
fn the_second_reading_sees_what_is_invented_and_not_what_is_turned_round() {
    let first_code = |case: &CheckCase, codes: &[&str]| case.codes.first().is_some_and(|code| codes.contains(&code.as_str()));
    let invented = found_by_the_reading(|case| {
        first_code(case, &["new_quantity", "new_technology", "new_proper_noun", "invented_outcome", "scope_up"])
    });
    let turned = found_by_the_reading(|case| first_code(case, &["negation_flip", "dropped_fact"]));
    let clean = found_by_the_reading(|case| case.kind == CheckKind::Clean);
    assert!(invented >= 95 && turned <= 20 && clean <= 55, "{invented} {turned} {clean}");
}

fn committed<T: DeserializeOwned>(file: &str) -> T {
    let text = fs::read_to_string(Path::new(ROOT).join("fixtures/eval").join(file)).expect("the file is there");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn the_page_of_the_figures_is_made_of_the_committed_figures() {
    let figures =
        Figures { before: committed("before.json"), now: committed("baseline.json"), first_sights: committed("first-sight.json") };
    let page = fs::read_to_string(Path::new(ROOT).join("docs/evaluation.md")).expect("the page is there");
    let made = with_figures(&page, &figures).expect("every table is marked");
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("evaluation.md");
    fs::write(&fresh, &made).expect("the target folder can be written");
    assert!(made == page, "the tables of docs/evaluation.md are stale; look at {}, and copy it there", fresh.display());
}

#[test]
fn every_committed_set_is_in_the_baseline_and_in_the_list_of_sets() {
    let baseline: Baseline = committed("baseline.json");
    let list = fs::read_to_string(Path::new(ROOT).join("fixtures/README.md")).expect("the list is there");
    let measured: BTreeSet<String> = baseline.sets.keys().map(|set| set.strip_suffix("/rules").unwrap_or(set).to_owned()).collect();
    let mut sets = BTreeSet::new();
    for kind in ["check", "match", "rewrite"] {
        for entry in fs::read_dir(Path::new(ROOT).join("fixtures/eval").join(kind)).expect("a folder") {
            let stem = entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned();
            assert!(list.contains(&format!("`{kind}/{stem}`")), "{kind}/{stem} has no row in fixtures/README.md");
            sets.insert(format!("{kind}/{stem}"));
        }
    }
    assert_eq!(measured, sets);
}
