//! Answers go into slots as evidence; the text that comes out passes the check, and what cannot be used is refused where it was given.

use serde_json::{Value, json};

use crate::harness::{Answer, Api, WEAK};

const FILLS: &str = "/v1/fills";
const BULLET: &str = WEAK[3].0;

/// The rules' rewrite of a bullet, as an order to fill it.
async fn order(api: &Api, bullet: &str, answers: &Value) -> Value {
    let variant = api.rewrite_one(bullet, "rules").await["variants"][0].clone();
    json!({"bullet": bullet, "with_slots": variant["with_slots"], "slots": variant["slots"], "answers": answers})
}

async fn filled(api: &Api, order: &Value) -> Value {
    let answer = api.post(FILLS, order).await;
    assert_eq!(answer.status, 200, "{order}: {}", answer.text());
    answer.json()
}

/// The places and the sentences of a refusal.
fn refused(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.problem(), (422, "invalid_request".to_owned()), "{}", answer.text());
    let told = |error: &Value, key: &str| error[key].as_str().unwrap_or_default().to_owned();
    let problem = answer.json();
    problem["errors"].as_array().into_iter().flatten().map(|error| (told(error, "pointer"), told(error, "message"))).collect()
}

#[tokio::test]
async fn a_text_with_all_answers_is_grounded_and_stays_so_when_it_is_checked_again() {
    let api = Api::without_model();
    let order = order(&api, BULLET, &json!({"s1": "redis", "s2": "about 140 ms", "s3": "18ms"})).await;
    let answer = filled(&api, &order).await;
    let text = "Implemented caching with Redis to improve API performance, cutting latency from about 140 ms to 18ms";
    assert_eq!((&answer["text"], &answer["with_slots"], &answer["slots"]), (&json!(text), &json!(text), &json!([])), "{answer}");
    assert_eq!((&answer["verdict"], &answer["violations"]), (&json!("grounded"), &json!([])), "{answer}");
    let claims: Vec<_> =
        answer["facts"].as_array().expect("facts").iter().map(|fact| (fact["kind"].clone(), fact["value"].clone())).collect();
    for (kind, value) in [("technology", "Redis"), ("quantity", "about 140000000 ns"), ("quantity", "18000000 ns")] {
        assert!(claims.contains(&(json!(kind), json!(value))), "{claims:?}");
    }
    for fact in answer["facts"].as_array().expect("facts") {
        let (start, end) = (fact["span"][0].as_u64().expect("a place"), fact["span"][1].as_u64().expect("a place"));
        let words: String =
            text.chars().skip(usize::try_from(start).expect("small")).take(usize::try_from(end - start).expect("small")).collect();
        assert_eq!(fact["text"], json!(words));
    }
    let again = api.post("/v1/checks", &json!({"bullet": BULLET, "facts": answer["evidence"], "rewrite": text})).await.json();
    assert_eq!((&again["verdict"], &again["violations"]), (&json!("grounded"), &json!([])), "{}", answer["evidence"]);
    let without = api.post("/v1/checks", &json!({"bullet": BULLET, "rewrite": text})).await.json();
    assert_eq!(without["verdict"], "ungrounded");
}

#[tokio::test]
async fn every_weak_bullet_can_be_filled_and_left_open() {
    let api = Api::without_model();
    for (bullet, _) in WEAK {
        let open = order(&api, bullet, &json!({})).await;
        let rewritten = api.rewrite_one(bullet, "rules").await["variants"][0]["text"].clone();
        let left = filled(&api, &open).await;
        assert_eq!((&left["text"], &left["with_slots"], &left["slots"]), (&rewritten, &open["with_slots"], &open["slots"]), "{left}");
        let answers: serde_json::Map<String, Value> = open["slots"]
            .as_array()
            .expect("slots")
            .iter()
            .map(|slot| {
                let answer = match slot["kind"].as_str().expect("a kind") {
                    "tool" => "Zibbix",
                    "duration" if slot["id"] == "s2" => "4 h",
                    "duration" => "20 min",
                    "percent" => "30",
                    "rate" => "5k requests per minute",
                    _ => "12",
                };
                (slot["id"].as_str().expect("an id").to_owned(), json!(answer))
            })
            .collect();
        let done =
            filled(&api, &json!({"bullet": bullet, "with_slots": open["with_slots"], "slots": open["slots"], "answers": answers})).await;
        assert_eq!((&done["verdict"], &done["slots"], &done["violations"]), (&json!("grounded"), &json!([]), &json!([])), "{done}");
        assert!(!done["text"].as_str().expect("a text").contains('['), "{done}");
    }
}

#[tokio::test]
async fn answers_may_come_one_by_one() {
    let api = Api::without_model();
    let mut order = order(&api, BULLET, &json!({"s2": "4 h"})).await;
    let first = filled(&api, &order).await;
    assert_eq!(first["text"], "Implemented caching to improve API performance");
    assert_eq!(
        first["with_slots"],
        "Implemented caching with [cache tool] to improve API performance, cutting latency from 4 h to [latency after]"
    );
    let ids: Vec<_> = first["slots"].as_array().expect("slots").iter().map(|slot| slot["id"].clone()).collect();
    assert_eq!((ids, &first["verdict"]), (vec![json!("s1"), json!("s3")], &json!("grounded")), "{first}");
    order["with_slots"] = first["with_slots"].clone();
    order["slots"] = first["slots"].clone();
    order["facts"] = first["evidence"].clone();
    order["answers"] = json!({"s1": null, "s3": "20 min"});
    let second = filled(&api, &order).await;
    assert_eq!(second["text"], "Implemented caching to improve API performance, cutting latency from 4 h to 20 min", "{second}");
    assert_eq!((&second["verdict"], &second["violations"]), (&json!("grounded"), &json!([])), "{second}");
    assert_eq!(second["offers"][1]["text"], "12x as fast");
    // What was filled in before counts only where the facts know it.
    order["facts"] = json!(null);
    let unknown = filled(&api, &order).await;
    assert_eq!(unknown["verdict"], "ungrounded", "{unknown}");
}

#[tokio::test]
async fn a_derived_value_is_offered_with_its_arithmetic_and_told_only_when_accepted() {
    let api = Api::without_model();
    let mut order = order(&api, BULLET, &json!({"s2": "4 h", "s3": "20 min"})).await;
    let answer = filled(&api, &order).await;
    assert_eq!(
        answer["offers"],
        json!([
            {"id": "change1-percent", "text": "92% less", "arithmetic": "4 h : 20 min = 12 : 1; (12 - 1) / 12 = 91.67 %, rounded to 92 %"},
            {"id": "change1-factor", "text": "12x as fast", "arithmetic": "4 h : 20 min = 12 : 1; 12 / 1 = 12, exactly"},
        ])
    );
    for (id, told) in [("change1-percent", "(92% less)"), ("change1-factor", "(12x as fast)")] {
        order["accept"] = json!([id]);
        let answer = filled(&api, &order).await;
        let text = format!("Implemented caching to improve API performance, cutting latency from 4 h to 20 min {told}");
        assert_eq!((&answer["text"], &answer["verdict"], &answer["offers"]), (&json!(text), &json!("grounded"), &json!([])), "{answer}");
        let again = api.post("/v1/checks", &json!({"bullet": BULLET, "facts": answer["evidence"], "rewrite": text})).await.json();
        assert_eq!((&again["verdict"], &again["violations"]), (&json!("grounded"), &json!([])), "{answer}");
    }
    for (accept, place) in [(json!(["change2-percent"]), "/accept/0"), (json!(["change1-percent", "change1-factor"]), "/accept/1")] {
        order["accept"] = accept;
        let found = refused(&api.post(FILLS, &order).await);
        assert_eq!(found.iter().map(|(place, _)| place.as_str()).collect::<Vec<_>>(), [place]);
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_is_refused_where_it_was_given() {
    let api = Api::without_model();
    for (answers, places, told) in [
        (json!({"s1": "40 ms"}), &["/answers/s1"][..], "is a number"),
        (json!({"s2": "Redis"}), &["/answers/s2"], "is the name of a tool"),
        (json!({"s2": "40"}), &["/answers/s2"], "ms, s, min or h"),
        (json!({"s2": "20 ms", "s3": "4 s"}), &["/answers/s3"], "the text says \"cutting\""),
        (json!({"s1": "fast", "s2": "fast", "s3": "5 s"}), &["/answers/s1", "/answers/s2"], "does not look like"),
        (json!({"s1": "Redis]["}), &["/answers/s1"], "bracket"),
        (json!({"s1": "Redis\nLed the company"}), &["/answers/s1"], "one line"),
        (json!({"s9": "Redis"}), &["/answers/s9"], "there is no slot \"s9\""),
        (json!({"s1": 5}), &["/answers/s1"], ""),
        (json!({"s1": ["Redis"]}), &["/answers/s1"], ""),
    ] {
        let found = refused(&api.post(FILLS, &order(&api, BULLET, &answers).await).await);
        assert_eq!(found.iter().map(|(place, _)| place.as_str()).collect::<Vec<_>>(), places, "{answers}: {found:?}");
        assert!(found[0].1.contains(told), "{answers}: {found:?}");
    }
    let mut against = order(&api, BULLET, &json!({"s1": "Redis"})).await;
    against["facts"] = json!("not Redis");
    let found = refused(&api.post(FILLS, &against).await);
    assert!(found[0].0 == "/answers/s1" && found[0].1.contains("does not agree"), "{found:?}");
}

#[tokio::test]
async fn an_order_whose_slots_disagree_with_its_text_is_refused() {
    let api = Api::without_model();
    let good = order(&api, BULLET, &json!({})).await;
    let with = |key: &str, value: Value| {
        let mut order = good.clone();
        order[key] = value;
        order
    };
    for (order, places) in [
        (json!({}), &["/bullet"][..]),
        (with("bullet", json!("")), &["/bullet"]),
        (with("with_slots", json!("")), &["/with_slots"]),
        (with("with_slots", json!("x".repeat(601))), &["/with_slots"]),
        (with("with_slots", json!("Ran [[cache tool]]")), &["/with_slots", "/slots"]),
        (with("slots", json!([])), &["/slots"]),
        (
            with("slots", json!([good["slots"][0], good["slots"][2], good["slots"][1]])),
            &["/slots/1/label", "/slots/2/id", "/slots/2/label"],
        ),
        (with("slots", json!([{"id": "s1"}])), &["/slots/0/label"]),
        (with("answers", json!(null)), &["/answers"]),
        (with("facts", json!("x".repeat(4_001))), &["/facts"]),
        (with("accept", json!(["a", "b", "c", "d"])), &["/accept"]),
        (with("colour", json!(1)), &["/colour"]),
    ] {
        let found = refused(&api.post(FILLS, &order).await);
        assert_eq!(found.iter().map(|(place, _)| place.as_str()).collect::<Vec<_>>(), places, "{order}: {found:?}");
    }
}

#[tokio::test]
async fn what_somebody_put_beside_the_slots_is_judged_like_any_rewrite() {
    let api = Api::without_model();
    let slot = |label: &str, kind: &str| json!([{"id": "s1", "label": label, "kind": kind, "units": [], "question": "Which?"}]);
    let fill = |text: &str, answer: &str| json!({"bullet": BULLET, "with_slots": text, "slots": slot("cache tool", "tool"), "answers": {"s1": answer}});
    let forged = "Led caching with [cache tool] to improve API performance for 40 customers";
    for answer in ["Redis", ""] {
        let judged = filled(&api, &fill(forged, answer)).await;
        assert_eq!(judged["verdict"], "ungrounded", "{judged}");
        let codes: Vec<_> = judged["violations"].as_array().expect("violations").iter().map(|told| told["code"].clone()).collect();
        assert!(codes.contains(&json!("new_quantity")) && codes.contains(&json!("ownership_up")), "{judged}");
    }
    // What goes with an open slot would come back with its answer.
    let hidden = "Added caching with 40 [cache tool] to improve API performance";
    let found = refused(&api.post(FILLS, &fill(hidden, "")).await);
    assert!(found[0].0 == "/with_slots" && found[0].1.contains("40"), "{found:?}");
}

#[tokio::test]
async fn filling_costs_nothing_and_leaves_nothing_behind() {
    let api = Api::without_model();
    let order = order(&api, BULLET, &json!({"s1": "Redis"})).await;
    let before = api.cache.seen();
    let (one, other) = (filled(&api, &order).await, filled(&api, &order).await);
    assert_eq!((one, api.ledger.rows().len(), api.cache.seen()), (other, 0, before));
}
