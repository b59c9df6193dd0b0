//! `--jsonl`: one object a line in, one a line out, in the same order, whatever stands on a line.

use serde_json::{Value, json};

use crate::harness::{Binary, PROMPT, WEAK};

/// Answers these lines; the exit code and the answers.
fn run(args: &[&str], lines: &[String]) -> (Option<i32>, Vec<Value>) {
    let ended = Binary::new().feed(args, &(lines.join("\n") + "\n"));
    assert!(!ended.err.contains("panicked"), "{ended:?}");
    (ended.code, ended.lines())
}

fn ids(answers: &[Value]) -> Vec<Value> {
    answers.iter().map(|answer| answer["id"].clone()).collect()
}

#[test]
fn match_passes_ids_through_and_keeps_the_order() {
    let given = [json!("a"), json!(7), json!(1.5), json!(true), json!(null)];
    let lines: Vec<String> = given.iter().zip(WEAK).map(|(id, (text, _))| json!({"id": id, "text": text}).to_string()).collect();
    let (code, answers) = run(&["match", "--jsonl"], &lines);
    assert_eq!((code, ids(&answers)), (Some(0), given.to_vec()));
    let skills: Vec<_> = answers.iter().map(|answer| answer["skill"].clone()).collect();
    assert_eq!(skills, WEAK.map(|(_, skill)| json!(skill)));
}

#[test]
fn a_bad_line_is_answered_where_it_stands() {
    for command in ["match", "check", "rewrite"] {
        let field = if command == "check" { "bullet" } else { "text" };
        let good = |id: u8| format!("{{\"id\": {id}, \"{field}\": \"Added caching to improve API performance.\"}}");
        let lines = [
            good(1),
            "not json".to_owned(),
            "[1]".to_owned(),
            format!("{{\"id\": [1], \"{field}\": \"x\"}}"),
            format!("{{\"id\": 5, \"{field}\": \"\"}}"),
            format!("{{\"id\": 6, \"{field}\": \"x\", \"colour\": 1}}"),
            format!("{{\"id\": 7, \"{field}\": \"{}\"}}", "x".repeat(601)),
            "{\"id\": 8}".to_owned(),
            format!("{{\"id\": 9, \"{field}\": \"\\ud800\"}}"),
            good(10),
        ];
        let mut args = vec![command, "--jsonl"];
        if command == "rewrite" {
            args.extend(["--engine", "rules", "--prompt", PROMPT]);
        }
        let (code, answers) = run(&args, &lines);
        assert_eq!(code, Some(1), "{command}");
        let null = Value::Null;
        assert_eq!(
            ids(&answers),
            [json!(1), null.clone(), null.clone(), null.clone(), json!(5), json!(6), json!(7), json!(8), null, json!(10)],
            "{command}"
        );
        let codes: Vec<_> = answers.iter().map(|answer| answer["problem"]["code"].as_str().unwrap_or("-")).collect();
        let bad = "invalid_request";
        assert_eq!(codes, ["-", "not_json", bad, bad, bad, bad, bad, bad, "not_json", "-"], "{command}");
        let place = &answers[4]["problem"]["errors"][0]["pointer"];
        assert_eq!(place, &json!(format!("/{field}")), "{command}: a place is told from the line");
    }
}

#[test]
fn check_answers_as_the_service_does() {
    let line =
        json!({"id": "a", "bullet": WEAK[3].0, "rewrite": "Added Redis caching to improve API performance", "siblings": ["Used Redis."]});
    let (code, answers) = run(&["check", "--jsonl"], &[line.to_string()]);
    assert_eq!((code, &answers[0]["verdict"], &answers[0]["id"]), (Some(0), &json!("ungrounded"), &json!("a")));
    assert!(answers[0]["score"]["before"].is_number() && answers[0]["facts"].is_array(), "{answers:?}");
    let (code, _) = run(&["check", "--jsonl", "--strict"], &[line.to_string()]);
    assert_eq!(code, Some(1));
}

#[test]
fn rewrite_counts_the_lines_and_a_failed_bullet_is_the_providers_fault() {
    let lines: Vec<String> = WEAK.iter().map(|(text, _)| json!({"id": text, "text": text, "facts": null}).to_string()).collect();
    let (code, answers) = run(&["rewrite", "--jsonl", "--engine", "rules", "--prompt", PROMPT], &lines);
    let indexes: Vec<_> = answers.iter().map(|answer| answer["index"].clone()).collect();
    assert_eq!((code, indexes), (Some(0), (0..5).map(|at| json!(at)).collect::<Vec<_>>()));
    assert!(answers.iter().zip(WEAK).all(|(answer, (text, _))| answer["id"] == text && answer["bullet"] == text));
    let (code, answers) = run(&["rewrite", "--jsonl", "--engine", "llm", "--prompt", PROMPT], &lines);
    assert_eq!((code, &answers[0]["problem"]["code"], answers.len()), (Some(2), &json!("no_model"), 5));
}

#[test]
fn nothing_in_is_nothing_out() {
    assert_eq!(run(&["match", "--jsonl"], &[]), (Some(0), vec![]));
}
