//! The guide's five weak bullets through every engine that needs no network: rules, and both recorded sets.

use serde_json::Value;

use crate::cli::bulletsmith;

const SKILLS: [&str; 5] = ["relational-design", "rest-api", "message-queues", "caching", "auth"];

fn rewritten(engine: &[&str]) -> Vec<Value> {
    let mut args = vec!["rewrite", "--file", "fixtures/bullets/guide-five.txt", "--format", "json"];
    args.extend(engine);
    let output = bulletsmith(&args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    answer["results"].as_array().expect("results").clone()
}

#[test]
fn the_five_bullets_pass_through_every_engine_with_the_skill_of_the_guide() {
    for (engine, by) in [
        (&["--engine", "rules"][..], "rules"),
        (&["--engine", "llm", "--replay", "fixtures/replies/recorded"], "llm"),
        (&["--engine", "llm", "--replay", "fixtures/replies/authored"], "llm"),
    ] {
        for (result, skill) in rewritten(engine).iter().zip(SKILLS) {
            assert_eq!(
                (&result["status"], &result["skill"]["id"], &result["provenance"]["engine"]),
                (&"rewritten".into(), &skill.into(), &by.into()),
                "{engine:?} {result}"
            );
            let variant = &result["variants"][0];
            let (text, with_slots) = (variant["text"].as_str().expect("a text"), variant["with_slots"].as_str().expect("a text"));
            assert!(!text.contains('[') && !text.ends_with('.'), "{text}");
            assert_eq!(with_slots.matches('[').count(), variant["slots"].as_array().expect("slots").len(), "{with_slots}");
            assert!((1..=3).contains(&with_slots.matches('[').count()), "{with_slots}");
            assert!(result["score"]["after"].as_u64() >= result["score"]["before"].as_u64(), "{text}");
        }
    }
}

#[test]
fn a_miss_prints_the_hash_that_was_looked_for() {
    let output = bulletsmith(&["rewrite", "Fixed a bug in the parser", "--engine", "llm", "--replay", "fixtures/replies/recorded"]);
    assert_eq!(output.status.code(), Some(2));
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    let is_hash = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(told.split(|c: char| !c.is_ascii_alphanumeric()).any(is_hash), "{told}");
}

#[test]
fn every_fixture_says_where_it_came_from() {
    for origin in ["recorded", "authored"] {
        let folder = format!("{}/fixtures/replies/{origin}", env!("CARGO_MANIFEST_DIR"));
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let fixture: Value = serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
            assert_eq!(fixture["origin"], origin);
            assert!(["server", "model", "at", "note"].iter().all(|key| fixture[key].as_str().is_some_and(|text| !text.is_empty())));
            seen += 1;
        }
        assert_eq!(seen, 5);
    }
}
