//! The committed table of what the rules write: sixty weak bullets that a reader can read aloud.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::Api;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules-engine.md");

/// The bullets of a set, with their ids.
fn bullets(set: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/eval/rewrite").join(set);
    let text = fs::read_to_string(path).expect("the set is there");
    let line = |line: &str| {
        let case: Value = serde_json::from_str(line).expect("one object a line");
        let field = |name: &str| case[name].as_str().expect("a string").to_owned();
        (field("id"), field("text"))
    };
    text.lines().map(line).collect()
}

async fn results(bullets: &[(String, String)]) -> Vec<Value> {
    let api = Api::without_model();
    let mut found = Vec::new();
    for part in bullets.chunks(30) {
        let texts: Vec<&String> = part.iter().map(|(_, text)| text).collect();
        let answer = api.rewrite(json!({"bullets": texts, "engine": "rules"})).await.json();
        found.extend(answer["results"].as_array().expect("results").iter().cloned());
    }
    found
}

/// Whether something behind the first words and before the final period has changed.
fn changes_more_than_the_verb(before: &str, after: &str) -> bool {
    let words = |text: &str| text.trim_end_matches('.').split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let (before, after) = (words(before), words(after));
    !(1..4).any(|from| after.get(from..).is_some_and(|rest| before.ends_with(rest)))
}

fn table(cases: &[(String, String)], results: &[Value]) -> String {
    let mut text = String::from(
        "# What the rules write\n\nThe sixty weak bullets of `fixtures/eval/rewrite/tuning-01.jsonl`, rewritten by `--engine rules` without any facts.\nFirst the bullet, then the text that can be sent today, then the text that asks for what is missing, then what the writer is told.\nThe table is generated: `cargo test --test it table` says where the new one lies when the rules write something else.\n",
    );
    for ((id, bullet), result) in cases.iter().zip(results) {
        let variant = &result["variants"][0];
        let part = |name: &str| variant[name].as_str().expect("a text").to_owned();
        let skill = result["skill"]["id"].as_str().unwrap_or("general card");
        let _ = write!(text, "\n**{id}** ({skill}; {} → {})\n\n> {bullet}\n\n", result["score"]["before"], result["score"]["after"]);
        let _ = if result["status"] == "unchanged" { writeln!(text, "- unchanged") } else { writeln!(text, "- {}", part("text")) };
        if part("with_slots") != part("text") {
            let _ = writeln!(text, "- {}", part("with_slots"));
        }
        let notes = result["notes"].as_array().expect("notes");
        for note in notes.iter().filter(|note| note["code"] != "no_skill") {
            let _ = writeln!(text, "- _{}_", note["message"].as_str().expect("a sentence"));
        }
    }
    text
}

#[tokio::test]
async fn the_table_of_the_rules_is_what_they_write() {
    let cases = bullets("tuning-01.jsonl");
    let written = table(&cases, &results(&cases).await);
    let committed = fs::read_to_string(TABLE).unwrap_or_default();
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rules-engine.md");
    fs::write(&fresh, &written).expect("the target folder can be written");
    assert!(written == committed, "docs/rules-engine.md is stale; read {} aloud, and if it may stand, copy it there", fresh.display());
}

#[tokio::test]
async fn weak_bullets_come_back_better_and_changed_or_are_told_why_not() {
    for set in ["tuning-01.jsonl", "tuning-02.jsonl"] {
        let cases = bullets(set);
        let results = results(&cases).await;
        let share = |count: usize| 100 * count / cases.len();
        let unchanged = results.iter().filter(|result| result["status"] == "unchanged").count();
        // A bullet whose words stay and that no question fits stays as it was, and says why.
        assert!(share(unchanged) <= 19, "{set}: {unchanged} unchanged");
        let explained = |result: &Value| {
            result["notes"].as_array().is_some_and(|notes| {
                notes.iter().any(|note| ["little_to_change", "no_honest_rewrite"].contains(&note["code"].as_str().unwrap_or_default()))
            })
        };
        let changed = cases.iter().zip(&results).filter(|((_, bullet), result)| {
            let text = result["variants"][0]["text"].as_str().expect("a text");
            changes_more_than_the_verb(bullet, text) || explained(result)
        });
        assert!(share(changed.count()) >= 90, "{set}");
    }
}

#[tokio::test]
async fn strong_bullets_stay_as_they_are() {
    let cases = bullets("strong.jsonl");
    for ((id, bullet), result) in cases.iter().zip(results(&cases).await) {
        assert_eq!((&result["status"], &result["notes"][0]["code"]), (&json!("unchanged"), &json!("already_strong")), "{id}: {result}");
        assert_eq!(result["variants"][0]["text"], bullet.as_str());
    }
}
