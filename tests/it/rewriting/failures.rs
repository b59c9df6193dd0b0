//! When bullets fail, and when the account does.

use std::sync::Arc;

use bulletsmith::ports::ModelError;
use serde_json::{Value, json};

use crate::harness::{Api, Broken, Say, Setup, StubLedger, StubModel, WEAK, bullet_of, draft};

/// Refuses bullets that speak of Kafka and is out of credit for those that speak of REST.
fn picky() -> Arc<StubModel> {
    StubModel::new(|_, request| match bullet_of(request) {
        bullet if bullet.contains("Kafka") => Say::Fail(ModelError::Refused { reason: "refusal".to_owned(), served: Box::default() }),
        bullet if bullet.contains("REST") => Say::Fail(ModelError::QuotaExhausted { reason: "credit".to_owned() }),
        bullet => Say::Text(draft(bullet.trim_end_matches('.'))),
    })
}

async fn ask(bullets: &[usize]) -> (u16, Value) {
    let bullets: Vec<&str> = bullets.iter().map(|at| WEAK[*at].0).collect();
    let answer = Api::with(picky()).rewrite(json!({"bullets": bullets, "engine": "llm"})).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn some_bullets_failed_is_207_and_each_says_why() {
    let (status, told) = ask(&[2, 3]).await;
    assert_eq!(status, 207, "{told}");
    let (failed, done) = (&told["results"][0], &told["results"][1]);
    assert_eq!(
        (&failed["status"], &failed["problem"]["code"], &failed["variants"]),
        (&json!("failed"), &json!("provider_refused"), &json!([]))
    );
    assert!(failed["problem"]["request_id"].is_string() && failed["score"]["after"].is_null(), "{failed}");
    assert_eq!((&done["status"], &done["problem"]), (&json!("rewritten"), &json!(null)));
}

#[tokio::test]
async fn all_bullets_failed_for_one_cause_is_that_status_and_for_two_is_207() {
    let (status, told) = ask(&[2, 2]).await;
    assert_eq!((status, &told["code"]), (502, &json!("provider_refused")), "{told}");
    let (status, told) = ask(&[1, 2]).await;
    let codes: Vec<_> = told["results"].as_array().expect("results").iter().map(|result| &result["problem"]["code"]).collect();
    assert_eq!((status, codes), (207, vec![&json!("provider_quota"), &json!("provider_refused")]));
}

#[tokio::test]
async fn without_a_model_llm_is_503_and_auto_is_the_rules_without_a_note() {
    let api = Api::without_model();
    let answer = api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})).await;
    assert_eq!(answer.problem(), (503, "no_model".to_owned()));
    let result = api.rewrite_one(WEAK[3].0, "auto").await;
    assert_eq!(result["provenance"]["engine"], "rules");
    assert!(!result["notes"].to_string().contains("model_unavailable"), "{result}");
}

#[tokio::test]
async fn without_an_account_no_model_is_asked() {
    let model = StubModel::echo();
    let api = Api::new(Setup { ledger: StubLedger::broken(Broken::Open), ..Setup::free(vec![model.clone()]) });
    let answer = api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})).await;
    assert_eq!(answer.problem(), (503, "ledger_down".to_owned()));
    assert!(!answer.text().contains("broken on purpose"), "a 5xx carries no internals");
    let result = api.rewrite_one(WEAK[3].0, "auto").await;
    assert_eq!((&result["provenance"]["engine"], &result["notes"][0]["cause"]), (&json!("rules"), &json!("ledger_down")));
    assert_eq!(model.asked().len(), 0);
    let ready = api.send(crate::harness::request("GET", "/readyz", &[], "")).await;
    assert_eq!(ready.problem(), (503, "ledger_down".to_owned()));
}

#[tokio::test]
async fn an_answer_that_cannot_be_accounted_is_not_given_and_no_other_model_is_asked() {
    let (one, two) = (StubModel::echo(), StubModel::named("stub/two", |_, _| Say::Text(draft("Added caching"))));
    let api = Api::new(Setup { ledger: StubLedger::broken(Broken::Record), ..Setup::free(vec![one.clone(), two.clone()]) });
    let answer = api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})).await;
    assert_eq!(answer.problem(), (503, "ledger_down".to_owned()));
    assert_eq!((one.asked().len(), two.asked().len(), api.cache.seen().1), (1, 0, 0));
}
