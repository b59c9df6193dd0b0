//! What a call costs is counted once, exactly, and the same in the answer as in the account.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::domain::cost::{Certainty, PicoUsd, TokenUsage};
use bulletsmith::ports::{ModelError, Served};
use futures_util::poll;
use serde_json::json;

use crate::harness::{Api, Say, Setup, StubModel, WEAK, bullet_of, draft, priced, priced_with};

/// 800 x 0.25 + 200 x 0.025 + 100 x 2 dollars a million: 200 + 5 + 200 millionths.
const ONE_CALL: u64 = 405_000_000;

fn api(model: Arc<StubModel>) -> Api {
    Api::new(Setup { chain: vec![priced(model)], ..Setup::default() })
}

#[tokio::test]
async fn the_answer_the_header_and_the_account_say_the_same() {
    let api = api(StubModel::echo());
    let answer = api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})).await;
    let told = answer.json();
    let made = &told["results"][0]["provenance"];
    assert_eq!((&made["cost_usd"], &made["input_tokens"], &made["output_tokens"]), (&json!("0.000405"), &json!(1000), &json!(100)));
    assert_eq!((&told["usage"]["cost_usd"], answer.header("x-cost-usd")), (&json!("0.000405"), Some("0.000405")));
    let rows = api.ledger.rows();
    assert_eq!((rows.len(), rows[0].cost, rows[0].certainty), (1, PicoUsd::new(ONE_CALL), Certainty::Exact));
    assert_eq!((rows[0].outcome, rows[0].attempt), ("complete", 1));
    // The row of the model `one`, at no host of its own: what a person gets who hashes its text as docs/prices.md says.
    assert_eq!((rows[0].price_ref.as_str(), api.ledger.orders()[0].price_ref.as_str()), ("fb68a7d0604b3742", "fb68a7d0604b3742"));
    assert_eq!((rows[0].skill.as_deref(), rows[0].tenant.as_str()), (Some("caching"), "local"));
    assert_eq!(told["id"], rows[0].rewrite_id);
}

#[tokio::test]
async fn a_re_ask_is_paid_twice_also_when_it_fails() {
    let api = api(StubModel::texts([draft("Added Redis caching to improve API performance")]));
    let answer = api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})).await;
    assert_eq!((answer.problem().0, answer.header("x-cost-usd")), (502, Some("0.00081")));
    assert_eq!(api.ledger.rows().iter().map(|row| row.attempt).collect::<Vec<_>>(), [1, 2]);
    let answer = api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "auto"})).await.json();
    let made = &answer["results"][0]["provenance"];
    assert_eq!((&made["engine"], &made["attempts"], &made["cost_usd"]), (&json!("rules"), &json!(2), &json!("0.00081")));
}

#[tokio::test]
async fn the_bullets_of_a_request_are_added_up_and_accounted_one_by_one() {
    let api = api(StubModel::new(|_, request| match bullet_of(request) {
        bullet if bullet.contains("Kafka") => Say::Fail(ModelError::Refused { reason: "refusal".to_owned(), served: Box::default() }),
        bullet => Say::Text(draft(bullet.trim_end_matches('.'))),
    }));
    let bullets: Vec<&str> = WEAK.iter().map(|(bullet, _)| *bullet).collect();
    let answer = api.rewrite(json!({"bullets": bullets, "engine": "llm"})).await;
    // What was not counted is billed at the price of the prompt that was set aside for it.
    let unknown = api.ledger.orders().into_iter().find(|order| order.bullet_index == 2).expect("it was asked for").input;
    let cost = PicoUsd::new(4 * ONE_CALL).plus(unknown).to_string();
    assert_eq!((answer.status, answer.header("x-cost-usd")), (207, Some(cost.as_str())));
    assert_eq!(answer.json()["usage"]["llm_calls"], 5);
    let mut rows = api.ledger.rows();
    rows.sort_by_key(|row| row.bullet_index);
    let told: Vec<_> = rows.iter().map(|row| (row.bullet_index, row.outcome, row.cost.get(), row.certainty)).collect();
    let paid = |index| (index, "complete", ONE_CALL, Certainty::Exact);
    assert_eq!(told, [paid(0), paid(1), (2, "provider_refused", unknown.get(), Certainty::Unknown), paid(3), paid(4)]);
}

#[tokio::test]
async fn a_client_that_hangs_up_is_billed_for_the_call_that_was_made_and_for_no_other() {
    // Unusable, so that a client that stays would be asked for again.
    let model = StubModel::texts([draft("Added Redis caching to improve API performance")]);
    let api = api(model.clone());
    let mut asking = Box::pin(api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})));
    while model.asked().is_empty() {
        assert!(poll!(asking.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    drop(asking);
    assert_eq!(api.service.settle(Duration::MAX).await, 0);
    let rows: Vec<_> = api.ledger.rows().iter().map(|row| (row.outcome, row.cost.get(), row.certainty)).collect();
    assert_eq!((rows, model.asked().len()), (vec![("complete", ONE_CALL, Certainty::Exact)], 1));
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_question_may_have_cost_something() {
    for (was_sent, certainty) in [(true, Certainty::Unknown), (false, Certainty::Exact)] {
        let api = api(StubModel::new(move |_, _| Say::Fail(ModelError::Unreachable { was_sent, source: "reset".into() })));
        api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})).await;
        assert_eq!(api.ledger.rows()[0].certainty, certainty);
    }
}

#[tokio::test]
async fn a_recording_that_failed_is_paid_and_told_even_where_the_rules_could_write() {
    let usage = TokenUsage { input_uncached: Some(800), cache_read: Some(200), output_visible: Some(100), ..TokenUsage::default() };
    let api = api(StubModel::new(move |_, _| {
        let served = Box::new(Served { usage: Some(usage), ..Served::default() });
        Say::Fail(ModelError::Unrecorded { reason: "permission denied".to_owned(), served })
    }));
    for engine in ["auto", "llm"] {
        let answer = api.rewrite(json!({"bullets": [WEAK[3].0], "engine": engine})).await;
        assert_eq!((answer.problem(), answer.header("x-cost-usd")), ((502, "provider_bad_reply".to_owned()), Some("0.000405")), "{engine}");
        let detail = answer.json()["detail"].as_str().expect("a sentence").to_owned();
        assert!(detail.contains("the recording could not be written (permission denied)"), "{detail}");
    }
    assert!(api.ledger.rows().iter().all(|row| row.cost == PicoUsd::new(ONE_CALL) && row.certainty == Certainty::Exact));
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_is_billed_by_the_model_and_the_tier_that_gave_it() {
    let dearer = "[[price]]\nprovider_kind='openai'\nmodel='two'\ntier='flex'\ninput_usd_per_mtok='1'\noutput_usd_per_mtok='1'\n";
    let model = StubModel::new(|_, _| {
        let usage = TokenUsage { input_uncached: Some(3), output_visible: Some(1), output_reasoning: Some(1), ..TokenUsage::default() };
        let served = Served { model: Some("two".to_owned()), tier: Some("flex".to_owned()), usage: Some(usage) };
        Say::Fail(ModelError::Truncated { served: Box::new(served) })
    });
    let api: Api = Api::new(Setup { chain: vec![priced_with(model, dearer)], ..Setup::default() });
    api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})).await;
    let rows = api.ledger.rows();
    let row = rows.first().expect("a row");
    assert_eq!((row.served_model.as_deref(), row.served_tier.as_deref()), (Some("two"), Some("flex")));
    assert_eq!((row.cost, row.certainty), (PicoUsd::new(5_000_000), Certainty::Exact));
}
