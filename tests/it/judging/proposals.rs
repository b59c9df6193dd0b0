//! A proposal goes to its writer: a yes to every question makes it the text, and anything less leaves the text as it was.

use serde_json::{Value, json};

use super::{BULLET, LINE, api, first, model, rewrite, writes};
use crate::harness::{Answer, Api};
use bulletsmith::service::Judging;

const FILLS: &str = "/v1/fills";

/// The order to fill what a rewrite gave, with these answers to its proposal.
async fn order(confirm: &Value) -> (Api, Value) {
    let api = api(&model(writes(LINE), |_, _| panic!("there is no judge")), Judging::default());
    let result = rewrite(&api, "llm").await;
    let variant = first(&result);
    let order = json!({"bullet": BULLET, "with_slots": variant["with_slots"], "slots": variant["slots"], "answers": {},
        "proposal": variant["proposal"], "confirm": confirm});
    (api, order)
}

async fn filled(confirm: &Value) -> Value {
    let (api, order) = order(confirm).await;
    let answer = api.post(FILLS, &order).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn refused(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.problem(), (422, "invalid_request".to_owned()), "{}", answer.text());
    let places = answer.json()["errors"].as_array().expect("errors").clone();
    places.iter().map(|error| error["pointer"].as_str().expect("a place").to_owned()).collect()
}

#[tokio::test]
async fn the_questions_name_the_words_and_hold_no_value_that_nobody_told() {
    let (_, order) = order(&json!({})).await;
    let confirm = order["proposal"]["confirm"].as_array().expect("questions");
    let told: Vec<_> = confirm.iter().map(|confirm| (confirm["id"].clone(), confirm["in"].clone(), confirm["span"].clone())).collect();
    assert_eq!(told, [(json!("c1"), json!("rewrite"), json!([11, 18])), (json!("c2"), json!("rewrite"), json!([19, 26]))]);
    for (confirm, word) in confirm.iter().zip(["locking", "problem"]) {
        let question = confirm["question"].as_str().expect("a question");
        assert!(question.contains(word) && question.ends_with('?') && !question.contains(|c: char| c.is_ascii_digit()), "{question}");
    }
}

#[tokio::test]
async fn a_yes_to_everything_makes_the_line_the_text_and_its_words_facts() {
    let answer = filled(&json!({"c1": true, "c2": true})).await;
    assert_eq!((&answer["text"], &answer["verdict"], &answer["violations"]), (&json!(LINE), &json!("grounded"), &json!([])), "{answer}");
    assert_eq!(answer["evidence"], "locking.\nproblem.");
    // Whoever checks it again with these facts finds the same.
    let api = Api::without_model();
    let again = api.post("/v1/checks", &json!({"bullet": BULLET, "facts": answer["evidence"], "rewrite": LINE})).await.json();
    assert_eq!(again["verdict"], "grounded", "{again}");
    // It asks for what it lacks, and that can be filled like any other text.
    let with_slots = answer["with_slots"].as_str().expect("a text");
    assert_eq!(with_slots.matches('[').count(), answer["slots"].as_array().expect("slots").len(), "{answer}");
    let open = json!({"bullet": BULLET, "facts": answer["evidence"], "with_slots": with_slots, "slots": answer["slots"], "answers": {}});
    let filled = api.post(FILLS, &open).await.json();
    assert_eq!((&filled["text"], &filled["verdict"]), (&json!(LINE), &json!("grounded")), "{filled}");
}

#[tokio::test]
async fn a_no_or_no_answer_takes_the_line_back_and_a_yes_beside_it_is_still_a_fact() {
    for (confirm, evidence) in [
        (json!({"c1": true, "c2": false}), "locking."),
        (json!({"c1": true}), "locking."),
        (json!({"c1": false, "c2": false}), ""),
        (json!({}), ""),
        (Value::Null, ""),
    ] {
        let answer = filled(&confirm).await;
        assert_eq!(answer["text"], BULLET.trim_end_matches('.').to_owned() + ".", "{answer}");
        assert_eq!((&answer["evidence"], &answer["with_slots"]), (&json!(evidence), &answer["text"]), "{confirm}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_order_is_told_where_it_stands() {
    let (api, good) = order(&json!({"c1": true, "c2": true})).await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut order = good.clone();
        change(&mut order);
        order
    };
    let cases: [(Value, &str); 8] = [
        (with(&|order| order["confirm"] = json!({"c1": true, "c9": true})), "/confirm/c9"),
        (with(&|order| order["proposal"] = Value::Null), "/confirm"),
        (with(&|order| order["proposal"]["text"] = json!("")), "/proposal/text"),
        (with(&|order| order["proposal"]["text"] = json!("Resolved 12 locking problems with Redis")), "/proposal/text"),
        // A yes to one question must not count for another.
        (with(&|order| order["proposal"]["confirm"][0]["span"] = json!([0, 5])), "/proposal/confirm/0"),
        (with(&|order| order["proposal"]["confirm"][1]["question"] = json!("Is it so?")), "/proposal/confirm/1"),
        (with(&|order| order["proposal"]["colour"] = json!(1)), "/proposal/colour"),
        (with(&|order| order["confirm"] = json!({"c1": "yes"})), "/confirm/c1"),
    ];
    for (order, place) in cases {
        assert_eq!(refused(&api.post(FILLS, &order).await), [place], "{order}");
    }
}

#[tokio::test]
async fn a_forged_proposal_gains_nothing_by_asking_less() {
    let (api, mut order) = order(&json!({})).await;
    for confirm in [json!([]), Value::Null] {
        order["proposal"]["confirm"] = confirm;
        let answer = api.post(FILLS, &order).await.json();
        assert_eq!(answer["text"], BULLET, "what the check asks has to be confirmed: {answer}");
    }
}

#[tokio::test]
async fn slots_of_the_text_that_a_proposal_replaces_are_not_answered_with_it() {
    let slot = json!([{"id": "s1", "label": "cache tool", "kind": "tool", "units": [], "question": "Which cache did you use?"}]);
    let (api, mut order) = order(&json!({"c1": true, "c2": true})).await;
    order["with_slots"] = json!("Fixed a deadlock between two stored procedures that hung the order import each Monday with [cache tool]");
    order["slots"] = slot;
    order["answers"] = json!({"s1": "Redis"});
    assert_eq!(refused(&api.post(FILLS, &order).await), ["/answers"]);
    order["confirm"] = json!({"c1": false});
    let answer = api.post(FILLS, &order).await.json();
    assert!(answer["text"].as_str().is_some_and(|text| text.ends_with("with Redis")), "{answer}");
}
