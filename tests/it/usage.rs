//! What was used, over HTTP: the question is checked, the answer has two forms, and hits of the cache are counted whoever had paid for them.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::domain::cost::{Budgets, Caps, PicoUsd};
use bulletsmith::service::Spending;
use serde_json::json;

use crate::harness::{Answer, Api, Broken, GROUP_PROMPT, PROMPT, Say, Setup, StubLedger, StubModel, WEAK, honest, priced, request};

const BULLET: &str = WEAK[3].0;
/// 800 x 0.25 + 200 x 0.025 + 100 x 2 dollars a million.
const ONE_CALL: u64 = 405_000_000;

async fn get(api: &Api, query: &str, accept: &str) -> Answer {
    api.send(request("GET", &format!("/v1/usage{query}"), &[("accept", accept)], "")).await
}

#[tokio::test]
async fn without_a_question_it_is_this_month_by_day() {
    let api = Api::without_model();
    let answer = get(&api, "", "*/*").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.text());
    let told = answer.json();
    let (from, to) = (told["from"].as_str().expect("a day"), told["to"].as_str().expect("a day"));
    assert!(from.ends_with("-01") && from < to, "{told}");
    assert_eq!((&told["group_by"], &told["rows"], &told["total"]["cost_usd"]), (&json!(["day"]), &json!([]), &json!("0")));
    assert_eq!((&told["budgets"], &told["latency_error_percent"]), (&json!([]), &json!(28)));
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_is_told_with_its_place() {
    let api = Api::without_model();
    for (query, pointer, told) in [
        ("?from=yesterday", "/from", "is not a day"),
        ("?from=2026-11-02&to=2026-11-02", "/to", "must be a later day"),
        ("?to=2026-02-30", "/to", "is not a day"),
        ("?group_by=day,tenant", "/group_by", "`tenant` is nothing to group by"),
        ("?since=2026-11-02", "", "unknown field `since`"),
    ] {
        let answer = get(&api, query, "application/json").await;
        assert_eq!(answer.problem(), (422, "invalid_request".to_owned()), "{query}");
        let fault = &answer.json()["errors"][0];
        assert_eq!(fault["pointer"], pointer, "{fault}");
        assert!(fault["message"].as_str().expect("a sentence").contains(told), "{fault}");
    }
}

#[tokio::test]
async fn whoever_asks_for_csv_gets_it_and_whoever_accepts_neither_is_told() {
    let api = Api::without_model();
    let csv = get(&api, "?group_by=model,day", "text/csv").await;
    assert_eq!((csv.status, csv.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    assert!(csv.text().starts_with("day,model,calls,attempts,cache_hits,"), "{}", csv.text());
    assert_eq!(get(&api, "", "application/xml").await.problem(), (406, "not_acceptable".to_owned()));
}

#[tokio::test]
async fn a_ledger_that_cannot_be_read_is_503() {
    let api: Api = Api::new(Setup { ledger: StubLedger::broken(Broken::Open), ..Setup::default() });
    let answer = get(&api, "", "*/*").await;
    assert_eq!(answer.problem(), (503, "ledger_down".to_owned()));
    assert!(!answer.text().contains("on purpose"), "{}", answer.text());
}

#[tokio::test]
async fn every_limit_that_is_set_is_told_with_what_is_left_of_it() {
    let caps = |day: u64| Caps { day: Some(PicoUsd::new(day)), month: None };
    let total = Caps { day: Some(PicoUsd::new(5_000_000_000_000)), month: Some(PicoUsd::new(9_000_000_000_000)) };
    let budgets =
        Budgets { principals: [("local".to_owned(), caps(1_500_000_000_000)), ("admin".to_owned(), Caps::default())].into(), total };
    let api: Api = Api::new(Setup { spending: Spending { budgets, ..Spending::default() }, ..Setup::default() });
    let told = get(&api, "", "*/*").await.json();
    let left: Vec<_> =
        told["budgets"].as_array().expect("a list").iter().map(|row| (&row["key"], &row["period"], &row["left_usd"])).collect();
    let null = json!(null);
    assert_eq!(
        left,
        [(&json!("local"), &json!("day"), &json!("1.5")), (&null, &json!("day"), &json!("5")), (&null, &json!("month"), &json!("9"))]
    );
}

#[tokio::test]
async fn only_whoever_has_the_key_is_told() {
    let api: Api = Api::new(Setup { key: Some("0123456789abcdef0123456789abcdef"), ..Setup::default() });
    assert_eq!(get(&api, "", "*/*").await.status, 401);
}

/// The hits that have been told to the ledger: for whom, of which skill, how many, and what they would have cost.
fn counted(api: &Api) -> Vec<(String, String, u64, u64)> {
    let row = |(kind, hits): (bulletsmith::domain::usage::HitKind, bulletsmith::domain::usage::Hits)| {
        (format!("{} {}", kind.tenant, kind.model), kind.skill.unwrap_or_default(), hits.count, hits.saved.get())
    };
    api.ledger.hits().into_iter().map(row).collect()
}

#[tokio::test]
async fn a_hit_saves_what_its_reply_had_cost_and_is_told_with_others_not_each_by_itself() {
    let api: Api = Api::new(Setup { chain: vec![priced(StubModel::echo())], ..Setup::default() });
    for _ in 0..5 {
        api.rewrite_one(BULLET, "llm").await;
    }
    assert_eq!(counted(&api), [], "nothing is written while anybody waits");
    api.service.write_hits().await;
    let hit = ("local stub/one".to_owned(), "caching".to_owned(), 4, 4 * ONE_CALL);
    let hit = [hit];
    assert_eq!(counted(&api), hit);
    api.service.write_hits().await;
    assert_eq!(counted(&api), hit, "nothing is told twice");
    assert_eq!(api.ledger.rows().len(), 1);
}

#[tokio::test]
async fn those_who_waited_for_the_same_answer_are_hits_and_those_who_ask_anew_are_not() {
    let api: Api = Api::new(Setup { chain: vec![priced(StubModel::echo())], ..Setup::default() });
    let order = |cache: &str| json!({"bullets": [BULLET, BULLET, BULLET], "engine": "llm", "cache": cache});
    api.rewrite(order("use")).await;
    api.rewrite(order("bypass")).await;
    api.service.settle(Duration::from_secs(1)).await;
    assert_eq!(counted(&api), [("local stub/one".to_owned(), "caching".to_owned(), 2, 2 * ONE_CALL)], "written when the service ends");
}

#[tokio::test]
async fn a_hit_on_a_reply_that_came_with_others_saves_its_share_and_what_failed_before_counts() {
    let api: Api = Api::new(Setup { chain: vec![priced(StubModel::new(|_, request| Say::Text(honest(request))))], ..Setup::default() });
    let order = json!({"bullets": [WEAK[0].0, BULLET], "engine": "llm", "prompt": GROUP_PROMPT});
    api.rewrite(order.clone()).await;
    assert_eq!(api.ledger.rows()[0].bullets, 2);
    api.rewrite(order).await;
    api.service.write_hits().await;
    let saved: u64 = counted(&api).iter().map(|(.., saved)| saved).sum();
    assert_eq!((counted(&api).len(), saved), (2, ONE_CALL), "two halves of one call");

    let twice = StubModel::texts([
        crate::harness::draft("Added Redis caching to improve API performance"),
        crate::harness::draft(BULLET.trim_end_matches('.')),
    ]);
    let api: Api = Api::new(Setup { chain: vec![priced(twice)], ..Setup::default() });
    for _ in 0..2 {
        api.rewrite(json!({"bullets": [BULLET], "engine": "llm", "prompt": PROMPT})).await;
    }
    api.service.write_hits().await;
    assert_eq!(counted(&api)[0].3, 2 * ONE_CALL, "the question and the one re-ask");
}

#[tokio::test]
async fn hits_wait_for_a_ledger_that_is_down_and_no_answer_waits_for_them() {
    let ledger = Arc::new(StubLedger::default());
    let api: Api = Api::new(Setup { chain: vec![priced(StubModel::echo())], ledger: Arc::clone(&ledger), ..Setup::default() });
    api.rewrite_one(BULLET, "llm").await;
    ledger.break_down(Some(Broken::Open));
    assert_eq!(api.rewrite_one(BULLET, "llm").await["provenance"]["cache"], "hit");
    api.service.write_hits().await;
    assert_eq!(counted(&api), []);
    ledger.break_down(None);
    api.service.write_hits().await;
    assert_eq!(counted(&api)[0].2, 1);
}

#[tokio::test]
async fn the_header_says_what_the_body_leaves_open() {
    let model = StubModel::echo();
    let api = Api::with(model.clone());
    let ask = async |header: &str, body: serde_json::Value| {
        let mut order = json!({"bullets": [BULLET], "engine": "llm", "prompt": PROMPT});
        order.as_object_mut().expect("an object").extend(body.as_object().expect("an object").clone());
        let headers = [("content-type", "application/json"), ("cache-control", header)];
        let answer = api.send(request("POST", "/v1/rewrites", &headers, order.to_string())).await.json();
        (answer["results"][0]["provenance"]["cache"].as_str().expect("a word").to_owned(), model.asked().len())
    };
    assert_eq!(ask("max-age=60", json!({})).await, ("miss".to_owned(), 1));
    assert_eq!(ask("no-store", json!({})).await, ("bypassed".to_owned(), 2));
    assert_eq!(ask("no-cache", json!({})).await, ("miss".to_owned(), 3));
    assert_eq!(ask("no-cache", json!({"cache": "use"})).await, ("hit".to_owned(), 3), "the body counts more");
}
