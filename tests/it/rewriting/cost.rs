//! What a call costs is counted once, exactly, and the same in the answer as in the account.

use std::sync::Arc;

use bulletsmith::domain::cost::{Certainty, PicoUsd, PriceSheet};
use bulletsmith::ports::ModelError;
use bulletsmith::service::{Link, Tariff};
use futures_util::poll;
use serde_json::json;

use crate::harness::{Api, Say, Setup, StubModel, WEAK, bullet_of, draft};

const SHEET: &str = "as_of='2026-11-01'\nsource='s'\ncurrency='USD'\n[[price]]\nprovider_kind='openai'\nmodel='one'\n\
                     input_usd_per_mtok='0.25'\ncached_input_usd_per_mtok='0.025'\noutput_usd_per_mtok='2'\n";
/// 800 x 0.25 + 200 x 0.025 + 100 x 2 dollars a million: 200 + 5 + 200 millionths.
const ONE_CALL: u64 = 405_000_000;

fn priced(model: Arc<StubModel>) -> Api {
    let sheet = Arc::new(PriceSheet::parse(SHEET).expect("well formed"));
    let asked = sheet.price("openai", "one").expect("listed");
    let tariff = Tariff::Sheet { sheet, kind: "openai".to_owned(), asked };
    Api::new(Setup { chain: vec![Link { model, tariff }], ..Setup::default() })
}

#[tokio::test]
async fn the_answer_the_header_and_the_account_say_the_same() {
    let api = priced(StubModel::echo());
    let answer = api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})).await;
    let told = answer.json();
    let made = &told["results"][0]["provenance"];
    assert_eq!((&made["cost_usd"], &made["input_tokens"], &made["output_tokens"]), (&json!("0.000405"), &json!(1000), &json!(100)));
    assert_eq!((&told["usage"]["cost_usd"], answer.header("x-cost-usd")), (&json!("0.000405"), Some("0.000405")));
    let rows = api.ledger.rows();
    assert_eq!((rows.len(), rows[0].cost, rows[0].certainty), (1, PicoUsd::new(ONE_CALL), Certainty::Exact));
    assert_eq!((rows[0].price_ref.as_str(), rows[0].outcome, rows[0].attempt), ("2026-11-01", "complete", 1));
    assert_eq!((rows[0].skill.as_deref(), rows[0].tenant.as_str()), (Some("caching"), "local"));
    assert_eq!(told["id"], rows[0].rewrite_id);
}

#[tokio::test]
async fn a_re_ask_is_paid_twice_also_when_it_fails() {
    let api = priced(StubModel::texts([draft("Added Redis caching to improve API performance")]));
    let answer = api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})).await;
    assert_eq!((answer.problem().0, answer.header("x-cost-usd")), (502, Some("0.00081")));
    assert_eq!(api.ledger.rows().iter().map(|row| row.attempt).collect::<Vec<_>>(), [1, 2]);
    let answer = api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "auto"})).await.json();
    let made = &answer["results"][0]["provenance"];
    assert_eq!((&made["engine"], &made["attempts"], &made["cost_usd"]), (&json!("rules"), &json!(2), &json!("0.00081")));
}

#[tokio::test]
async fn the_bullets_of_a_request_are_added_up_and_accounted_one_by_one() {
    let api = priced(StubModel::new(|_, request| match bullet_of(request) {
        bullet if bullet.contains("Kafka") => Say::Fail(ModelError::Truncated { usage: None }),
        bullet => Say::Text(draft(bullet.trim_end_matches('.'))),
    }));
    let bullets: Vec<&str> = WEAK.iter().map(|(bullet, _)| *bullet).collect();
    let answer = api.rewrite(json!({"bullets": bullets, "engine": "llm"})).await;
    assert_eq!((answer.status, answer.header("x-cost-usd")), (207, Some("0.00162")));
    assert_eq!(answer.json()["usage"]["llm_calls"], 5);
    let mut rows = api.ledger.rows();
    rows.sort_by_key(|row| row.bullet_index);
    let told: Vec<_> = rows.iter().map(|row| (row.bullet_index, row.outcome, row.cost.get(), row.certainty)).collect();
    let paid = |index| (index, "complete", ONE_CALL, Certainty::Exact);
    assert_eq!(told, [paid(0), paid(1), (2, "provider_truncated", 0, Certainty::Unknown), paid(3), paid(4)]);
}

#[tokio::test]
async fn a_client_that_hangs_up_is_billed_for_the_call_that_was_made_and_for_no_other() {
    // Unusable, so that a client that stays would be asked for again.
    let model = StubModel::texts([draft("Added Redis caching to improve API performance")]);
    let api = priced(model.clone());
    let mut asking = Box::pin(api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})));
    while model.asked().is_empty() {
        assert!(poll!(asking.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    drop(asking);
    api.service.settle().await;
    let rows: Vec<_> = api.ledger.rows().iter().map(|row| (row.outcome, row.cost.get(), row.certainty)).collect();
    assert_eq!((rows, model.asked().len()), (vec![("complete", ONE_CALL, Certainty::Exact)], 1));
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_question_may_have_cost_something() {
    for (was_sent, certainty) in [(true, Certainty::Unknown), (false, Certainty::Exact)] {
        let api = priced(StubModel::new(move |_, _| Say::Fail(ModelError::Unreachable { was_sent, source: "reset".into() })));
        api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})).await;
        assert_eq!(api.ledger.rows()[0].certainty, certainty);
    }
}
