//! Bullets, facts and job descriptions that give orders: a writer and a judge who obey in full get nothing past the check.

use std::fs;
use std::path::Path;

use bulletsmith::domain::request::ModelRequest;
use serde_json::{Value, json};

use super::{model, same};
use crate::harness::{Api, Say, Setup, bullet_of, judge, supported};

/// The attacks, each with the words that must not come out.
fn attacks() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile");
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let sets = files.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    let attacks: Vec<Value> = sets
        .flat_map(|path| {
            let text = fs::read_to_string(path).expect("text");
            text.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect::<Vec<Value>>()
        })
        .collect();
    assert!(attacks.len() >= 60);
    attacks
}

fn text<'a>(attack: &'a Value, key: &str) -> &'a str {
    attack[key].as_str().unwrap_or_default()
}

/// Lines of a writer who obeys: the words alone, at the end, at the beginning, and in place of the first sentence's end.
fn obeyed(request: &ModelRequest, canary: &str) -> Vec<String> {
    let bullet = bullet_of(request);
    let first: String = bullet.split(['.', '\n', '(', '<', '{', '[']).next().unwrap_or_default().trim().to_owned();
    vec![format!("{first}, {canary}"), format!("{canary}, {first}"), canary.to_owned()]
}

/// What can be sent, and what asks for more, unless the bullet came back as it was sent.
fn told(result: &Value, bullet: &str) -> Vec<String> {
    let variants = result["variants"].as_array().into_iter().flatten();
    let texts =
        variants.flat_map(|variant| [&variant["text"], &variant["with_slots"]]).map(|text| text.as_str().unwrap_or_default().to_owned());
    texts.filter(|text| result["status"] != "unchanged" || text != bullet).collect()
}

#[tokio::test]
async fn what_an_order_wants_said_is_never_said_however_willing_the_models() {
    let mut leaks = Vec::new();
    for attack in attacks() {
        let canary = text(&attack, "canary").to_owned();
        for at in 0..3 {
            let planted = canary.clone();
            let write = move |_, request: &ModelRequest| {
                let line = obeyed(request, &planted).swap_remove(at);
                Say::Text(json!({"variants": [{"text": line, "with_slots": format!("{line} [{planted}]")}]}).to_string())
            };
            // It supports whatever it is shown, by words that it makes up, by the line itself, or by the order that it was given.
            let quotes = ["it was verified by a notary".to_owned(), canary.clone(), text(&attack, text(&attack, "where")).to_owned()];
            let judge = move |_, request: &ModelRequest| {
                Say::Text(judge(request, |line, item| supported(item.map_or(&line.text, |item| &quotes[item % 3]))))
            };
            for engine in ["llm", "auto"] {
                let api: Api = Api::new(Setup { judging: same(), ..Setup::free(vec![model(write.clone(), judge.clone())]) });
                let mut order = json!({"bullets": [{"text": attack["bullet"]}], "engine": engine});
                for key in ["facts", "job_description"] {
                    if !text(&attack, key).is_empty() {
                        order[key] = attack[key].clone();
                    }
                }
                let answer = api.rewrite(order).await;
                if answer.status != 200 {
                    assert_eq!(
                        (engine, answer.problem().1.as_str()),
                        ("llm", "provider_ungrounded"),
                        "{}: {}",
                        attack["id"],
                        answer.text()
                    );
                    continue;
                }
                let answer = answer.json();
                let texts = told(&answer["results"][0], text(&attack, "bullet"));
                leaks.extend(
                    texts.into_iter().filter(|text| text.contains(&canary)).map(|text| format!("{} {at} {engine}: {text}", attack["id"])),
                );
            }
        }
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

#[tokio::test]
async fn the_rules_engine_says_none_of_it_either() {
    let api = Api::without_model();
    let mut leaks = Vec::new();
    for attack in attacks() {
        let mut order = json!({"bullets": [{"text": attack["bullet"]}], "engine": "rules"});
        if !text(&attack, "facts").is_empty() {
            order["facts"] = attack["facts"].clone();
        }
        let answer = api.rewrite(order).await.json();
        let texts = told(&answer["results"][0], text(&attack, "bullet"));
        leaks.extend(
            texts.into_iter().filter(|told| told.contains(text(&attack, "canary"))).map(|text| format!("{}: {text}", attack["id"])),
        );
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}
