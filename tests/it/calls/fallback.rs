//! When a model fails, the next one of the chain is asked, and the answer says so.

use serde_json::json;

use super::{bullet, one};
use crate::harness::{Api, FakeLlm, Reply, Setup, StubModel};

const HONEST: &str = "Built REST APIs for the mobile and web clients of team 1";

#[tokio::test]
async fn whatever_fails_at_one_provider_another_answers_and_a_note_says_why() {
    let cut = r#"{"choices":[{"finish_reason":"stop","message":{"content":"{\"variants\":[{\"te"#;
    for (reply, cause, attempts) in [
        (Reply::new(200, &[], json!({"error": {"message": "x", "code": 503}}).to_string()), "provider_unavailable", 3),
        (Reply::new(200, &[], cut), "provider_bad_reply", 3),
        (Reply::error(429, "rate_limit_exceeded"), "provider_rate_limited", 3),
        (Reply::error(429, "credit_balance_exhausted"), "provider_quota", 1),
        (Reply::error(529, "overloaded_error"), "provider_unavailable", 3),
        (Reply::error(401, "x"), "provider_auth", 1),
        (Reply::text("Sure!"), "provider_bad_reply", 2),
    ] {
        let (bad, good) = (FakeLlm::start(vec![reply]).await, FakeLlm::start(vec![Reply::rewrite(HONEST)]).await);
        let api = Api::new(Setup::free(vec![bad.model("bad/m"), good.model("good/m")]));
        let result = api.rewrite(one(1)).await.json()["results"][0].clone();
        assert_eq!(result["provenance"]["provider"], "good", "{result}");
        assert_eq!((&result["notes"][0]["code"], &result["notes"][0]["cause"]), (&json!("model_unavailable"), &json!(cause)), "{result}");
        let rows = api.ledger.rows();
        let models: Vec<_> = rows.iter().map(|row| row.model.provider()).collect();
        assert_eq!(models, [vec!["bad"; attempts], vec!["good"]].concat(), "{cause}");
        assert_eq!(bad.heard().len(), attempts, "{cause}");
    }
}

#[tokio::test]
async fn the_answer_of_the_second_model_is_not_kept_as_one_of_the_first() {
    let bad = FakeLlm::start(vec![Reply::error(401, "x"), Reply::rewrite(HONEST)]).await;
    let good = FakeLlm::start(vec![Reply::rewrite(HONEST)]).await;
    let api = Api::new(Setup::free(vec![bad.model("bad/m"), good.model("good/m")]));
    let who = async || api.rewrite(one(1)).await.json()["results"][0]["provenance"].clone();
    let (first, second, third) = (who().await, who().await, who().await);
    let told = |made: &serde_json::Value| (made["provider"].clone(), made["cache"].clone());
    assert_eq!(told(&first), (json!("good"), json!("miss")));
    assert_eq!(told(&second), (json!("bad"), json!("miss")), "the first model is asked as soon as it works");
    assert_eq!(told(&third), (json!("bad"), json!("hit")));
}

#[tokio::test]
async fn a_first_model_that_answers_leaves_the_second_alone() {
    let (first, second) = (StubModel::echo(), StubModel::named("two/m", |_, _| panic!("nobody asks")));
    let api = Api::new(Setup::free(vec![first, second]));
    let answer = api.rewrite(json!({"bullets": [bullet(1), bullet(2)], "engine": "llm"})).await.json();
    assert_eq!(answer["results"][0]["notes"], json!([]), "{answer}");
}
