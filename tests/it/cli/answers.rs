//! `rewrite`, `check` and `match`, one run each.

use serde_json::json;

use crate::harness::{Binary, Ended, PROMPT, WEAK};

const BULLET: &str = WEAK[3].0;

fn rewrite(binary: &Binary, args: &[&str]) -> Ended {
    binary.run(&[&["rewrite", "--prompt", PROMPT], args].concat())
}

#[test]
fn a_rewrite_comes_in_every_form_on_stdout_and_nothing_else_does() {
    let binary = Binary::new();
    let form = |form: &str| {
        let ended = rewrite(&binary, &[BULLET, WEAK[1].0, "--engine", "rules", "--format", form]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended:?}");
        ended
    };
    let answer = form("json").json();
    assert_eq!((&answer["results"][0]["status"], &answer["results"][0]["skill"]["id"]), (&json!("rewritten"), &json!("caching")));
    let text = answer["results"][0]["variants"][0]["text"].as_str().expect("a text").to_owned();
    assert_eq!(form("jsonl").lines(), answer["results"].as_array().expect("results").clone());
    assert!(form("text").out.contains(&text) && form("text").out.contains(BULLET));
    assert!(form("diff").out.starts_with(&format!("- {BULLET}\n+ {text}\n")));
    let listed = form("md").out;
    assert!(listed.starts_with(&format!("- {text}\n")) && listed.lines().filter(|line| line.starts_with("- ")).count() == 2, "{listed}");
}

#[test]
fn bullets_come_from_arguments_a_file_or_stdin() {
    let binary = Binary::new();
    let file =
        binary.file("cv.md", "# Work\n\n- Added caching to improve API performance.\n* Built REST APIs for the mobile and web clients.\n");
    let from_file = rewrite(&binary, &["--engine", "rules", "--format", "md", "--file", &file]);
    let from_stdin =
        binary.feed(&["rewrite", "--prompt", PROMPT, "--engine", "rules", "--format", "md"], &format!("{BULLET}\n{}\n", WEAK[1].0));
    let from_args = rewrite(&binary, &["--engine", "rules", "--format", "md", BULLET, WEAK[1].0]);
    assert_eq!((from_file.code, &from_file.out), (Some(0), &from_args.out));
    assert_eq!((from_stdin.code, &from_stdin.out), (Some(0), &from_args.out));
}

#[test]
fn more_bullets_than_one_request_takes_are_answered_all_the_same() {
    let binary = Binary::new();
    let bullets: Vec<String> = (0..65).map(|at| format!("Built REST API number {at} for the web clients.")).collect();
    let ended = binary.feed(&["rewrite", "--prompt", PROMPT, "--engine", "rules", "--format", "json"], &bullets.join("\n"));
    let indexes: Vec<_> = ended.json()["results"].as_array().expect("results").iter().map(|result| result["index"].clone()).collect();
    assert_eq!((ended.code, indexes), (Some(0), (0..65).map(|at| json!(at)).collect()));
}

#[test]
fn the_exit_code_says_whose_fault_it_was() {
    let binary = Binary::new();
    let long = "x".repeat(601);
    for (args, code, told) in [
        (&["rewrite", "--colour", "x"][..], 1, "--colour"),
        (&["rewrite", "x", "--engine", "magic"], 1, "magic"),
        (&["rewrite", "x", "--file", "y"], 1, "--file"),
        (&["rewrite", "--file", "nowhere.md"], 1, "could not read nowhere.md"),
        (&["rewrite", "--prompt", PROMPT, &long], 1, "601 characters"),
        (&["rewrite", "--prompt", PROMPT, "--variants", "4", BULLET], 1, "1 to 3"),
        (&["rewrite", "--prompt", "rewrite@99", BULLET], 1, "rewrite@99"),
        (&["rewrite", "--prompt", PROMPT, "--guide", "frontend", BULLET], 1, "backend-developer"),
        (&["rewrite", "--prompt", PROMPT, "--engine", "llm", BULLET], 2, "no model is configured"),
        (&["rewrite", "--prompt", PROMPT, "--replay", "nowhere", BULLET], 1, "nowhere"),
        (&["check", ""], 1, "empty"),
        (&["check", "--server", "http://127.0.0.1:1", "x"], 2, "could not reach"),
        (&["match", "--guide", "frontend", "x"], 1, "frontend"),
        (&["guide", "show", "frontend"], 1, "frontend"),
        (&["prompt", "show", "rewrite@99"], 1, "rewrite@99"),
        (&["healthcheck", "--url", "http://127.0.0.1:1/healthz"], 2, ""),
        (&[], 1, "Usage"),
    ] {
        let ended = binary.run(args);
        assert_eq!(ended.code, Some(code), "{args:?}: {ended:?}");
        // A bullet that failed is told among the results; everything else on stderr.
        let said = if code == 2 { ended.out.clone() + &ended.err } else { ended.err.clone() };
        assert!(said.contains(told) && !said.contains("panicked"), "{args:?}: {ended:?}");
    }
    for args in [&["--help"][..], &["--version"], &["rewrite", "--help"], &["openapi"]] {
        let ended = binary.run(args);
        assert_eq!((ended.code, ended.err.as_str(), ended.out.is_empty()), (Some(0), "", false), "{args:?}: {ended:?}");
    }
}

#[test]
fn without_a_model_auto_says_so_once_and_writes_by_rules() {
    let ended = rewrite(&Binary::new(), &[BULLET, WEAK[0].0, "--format", "json"]);
    assert_eq!((ended.code, ended.err.lines().count()), (Some(0), 1), "{ended:?}");
    assert!(ended.err.contains("rules engine"), "{ended:?}");
    assert_eq!(ended.json()["results"][0]["provenance"]["engine"], "rules");
}

#[test]
fn a_check_is_answered_whatever_it_finds_and_strict_makes_it_count() {
    let binary = Binary::new();
    let check = |args: &[&str]| binary.run(&[&["check", BULLET, "--format", "json"], args].concat());
    let judged = check(&["--rewrite", "Added Redis caching to improve API performance by 40%"]);
    assert_eq!((judged.code, &judged.json()["verdict"]), (Some(0), &json!("ungrounded")));
    let codes: Vec<_> =
        judged.json()["violations"].as_array().expect("violations").iter().map(|violation| violation["code"].clone()).collect();
    assert!(codes.contains(&json!("new_technology")) && codes.contains(&json!("new_quantity")), "{codes:?}");
    assert_eq!(check(&["--rewrite", "Added Redis caching to improve API performance", "--strict"]).code, Some(1));
    assert_eq!(check(&["--rewrite", "Added Redis caching to improve API performance", "--facts", "Used Redis", "--strict"]).code, Some(0));
    assert_eq!(check(&["--strict"]).json()["verdict"], json!(null));
}

#[test]
fn the_rules_a_check_and_a_match_leave_nothing_behind() {
    let binary = Binary::new();
    assert_eq!(rewrite(&binary, &["--engine", "rules", BULLET]).code, Some(0));
    assert_eq!(binary.run(&["check", BULLET]).code, Some(0));
    assert_eq!(binary.run(&["match", BULLET]).code, Some(0));
    assert_eq!(std::fs::read_dir(binary.home()).expect("a folder").count(), 0);
}
