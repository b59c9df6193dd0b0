//! Several replicas of the service with one cache and one ledger: nothing is asked twice, and whatever happens to either costs calls or time, never a row.

mod binary;
mod both;
mod lease;
mod outage;
mod redis;
mod restart;

use serde_json::{Value, json};

use crate::harness::Answer;

/// An order for this bullet, that a model must answer.
fn order(bullet: &str) -> Value {
    json!({"bullets": [bullet], "engine": "llm"})
}

/// What the cache did, and how many attempts were made for it.
fn made(answer: &Answer) -> (String, u64) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let made = &answer.json()["results"][0]["provenance"];
    (made["cache"].as_str().expect("a word").to_owned(), made["attempts"].as_u64().expect("a number"))
}
