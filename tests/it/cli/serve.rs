//! `serve` in a process of its own, and the command line as its client: the same answers, wherever they come from.

use serde_json::{Value, json};

use crate::harness::{Binary, PROMPT, WEAK};

const BULLET: &str = WEAK[3].0;
const KEY: &str = "0123456789abcdef0123456789abcdef";

/// The answer without what differs from run to run.
fn steady(mut answer: Value) -> Value {
    if let Some(answer) = answer.as_object_mut() {
        answer.shift_remove("id");
    }
    answer
}

#[test]
fn every_command_answers_the_same_through_a_service() {
    let binary = Binary::new();
    let serving = binary.serve(&[]);
    assert!(serving.told.contains("rules engine"), "{}", serving.told);
    for args in [
        &["rewrite", "--prompt", PROMPT, "--engine", "rules", "--format", "json", BULLET, WEAK[0].0][..],
        &["check", BULLET, "--rewrite", "Added Redis caching", "--format", "json"],
        &["match", BULLET, "--format", "json"],
        &["guide", "list", "--format", "json"],
        &["guide", "show", "backend-developer", "--format", "json"],
        &["guide", "show", "--skill", "caching", "--format", "json"],
        &["prompt", "list", "--format", "json"],
        &["prompt", "show", PROMPT, "--format", "json"],
        &["openapi"],
    ] {
        let (here, there) = (binary.run(args), binary.run(&[args, &["--server", &serving.url]].concat()));
        assert_eq!((here.code, there.code), (Some(0), Some(0)), "{args:?}: {there:?}");
        assert_eq!(steady(here.json()), steady(there.json()), "{args:?}");
    }
    let remote = Binary::new().with("BULLETSMITH_SERVER", &serving.url);
    let line = json!({"id": 1, "text": BULLET}).to_string();
    assert_eq!(remote.feed(&["match", "--jsonl"], &line).lines(), binary.feed(&["match", "--jsonl"], &line).lines());
    for (args, code, told) in [
        (&["rewrite", "--prompt", PROMPT, "--engine", "llm", BULLET][..], 2, "no model is configured"),
        (&["rewrite", "--prompt", PROMPT, ""], 1, "/bullets/0"),
        (&["guide", "show", "frontend"], 1, "no such guide"),
    ] {
        let ended = remote.run(args);
        assert_eq!(ended.code, Some(code), "{ended:?}");
        assert!(ended.err.contains(told), "{ended:?}");
    }
    assert_eq!(binary.run(&["healthcheck", "--url", &format!("{}/healthz", serving.url)]).code, Some(0));
}

#[cfg(unix)]
#[test]
fn a_service_that_is_told_to_stop_ends_well() {
    let serving = Binary::new().serve(&[]);
    assert_eq!(Binary::new().run(&["match", BULLET, "--server", &serving.url]).code, Some(0));
    assert_eq!(serving.terminate().code(), Some(0));
}

#[test]
fn with_an_admin_key_only_its_holder_is_answered() {
    let serving = Binary::new().with("BULLETSMITH_ADMIN_KEY", KEY).serve(&[]);
    let args = ["rewrite", "--prompt", PROMPT, "--engine", "rules", "--format", "json", "--server", &serving.url, BULLET];
    let stranger = Binary::new().run(&args);
    assert_eq!(stranger.code, Some(2), "{stranger:?}");
    assert!(stranger.err.contains("Authorization"), "{stranger:?}");
    let wrong = Binary::new().with("BULLETSMITH_API_KEY", &KEY.to_uppercase()).run(&args);
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    let holder = Binary::new().with("BULLETSMITH_API_KEY", KEY).run(&args);
    assert_eq!((holder.code, &holder.json()["results"][0]["status"]), (Some(0), &json!("rewritten")), "{holder:?}");
    assert!(!holder.out.contains(KEY) && !holder.err.contains(KEY));
    let public = Binary::new().run(&["guide", "list", "--server", &serving.url]);
    assert_eq!(public.code, Some(0), "the guide is for everybody: {public:?}");
}
