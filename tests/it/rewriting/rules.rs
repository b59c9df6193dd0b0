//! Without a model: the rules engine writes, and what it writes holds its own promises.

use futures_util::poll;
use serde_json::json;

use crate::harness::{Api, StubModel, WEAK};

const STRONG: &str = "Implemented caching with Redis for 10 endpoints to improve API performance, cutting latency from 140ms to 18ms";

#[tokio::test]
async fn the_five_weak_bullets_are_rewritten_for_the_skill_they_show() {
    let api = Api::without_model();
    for (bullet, skill) in WEAK {
        let result = api.rewrite_one(bullet, "rules").await;
        assert_eq!((&result["status"], &result["provenance"]["engine"]), (&json!("rewritten"), &json!("rules")), "{result}");
        assert_eq!(result["skill"]["id"], skill, "{bullet}");
        let variant = &result["variants"][0];
        let text = variant["text"].as_str().expect("a text");
        assert!(!text.contains('[') && !text.ends_with('.') && !text.contains('\n'), "{text}");
        assert!(variant["slots"].as_array().is_some_and(|slots| (1..=3).contains(&slots.len())), "{variant}");
        assert!(result["score"]["after"].as_u64() >= result["score"]["before"].as_u64(), "{result}");
    }
}

#[tokio::test]
async fn every_word_of_a_text_has_a_receipt_that_lies_inside_it() {
    let api = Api::without_model();
    for (bullet, _) in WEAK {
        let result = api.rewrite_one(bullet, "rules").await;
        let variant = &result["variants"][0];
        let text: Vec<char> = variant["text"].as_str().expect("a text").chars().collect();
        let mut vouched = vec![false; text.len()];
        for receipt in variant["receipts"].as_array().expect("receipts") {
            let at = |end: usize| usize::try_from(receipt["span"][end].as_u64().expect("a number")).expect("small");
            assert!(at(0) < at(1) && at(1) <= text.len(), "{receipt} in {variant}");
            vouched[at(0)..at(1)].fill(true);
        }
        let bare: String = text.iter().zip(vouched).filter(|(c, vouched)| c.is_alphanumeric() && !vouched).map(|(c, _)| *c).collect();
        assert_eq!(bare, "", "{variant}");
    }
}

#[tokio::test]
async fn what_the_rules_write_is_grounded_by_the_check_too() {
    let api = Api::without_model();
    for (bullet, _) in WEAK {
        let result = api.rewrite_one(bullet, "rules").await;
        for text in ["text", "with_slots"] {
            let order = json!({"bullet": bullet, "rewrite": result["variants"][0][text]});
            let judged = api.post("/v1/checks", &order).await.json();
            assert_eq!(judged["verdict"], "grounded", "{order}: {judged}");
        }
    }
}

#[tokio::test]
async fn a_strong_bullet_stays_and_no_model_is_asked() {
    let model = StubModel::echo();
    let api = Api::with(model.clone());
    for engine in ["auto", "llm", "rules"] {
        let result = api.rewrite_one(STRONG, engine).await;
        assert_eq!((&result["status"], &result["notes"][0]["code"]), (&json!("unchanged"), &json!("already_strong")), "{result}");
        assert_eq!((&result["variants"][0]["text"], &result["provenance"]["engine"]), (&json!(STRONG), &json!("none")));
    }
    assert_eq!((model.asked().len(), api.ledger.rows().len()), (0, 0));
}

#[tokio::test]
async fn a_bullet_without_a_skill_is_rewritten_by_the_general_card() {
    let result = Api::without_model().rewrite_one("Responsible for organizing the office picnic.", "rules").await;
    assert_eq!(result["skill"], json!(null), "{result}");
    assert!(result["notes"].as_array().is_some_and(|notes| notes.iter().any(|note| note["code"] == "no_skill")), "{result}");
    assert_ne!(result["status"], "failed");
}

#[tokio::test]
async fn a_fact_may_be_used_and_need_not_be() {
    let api = Api::without_model();
    let order = json!({"bullets": [{"text": WEAK[3].0, "facts": "Used Redis, 3 clients"}], "engine": "rules"});
    let result = api.rewrite(order).await.json()["results"][0].clone();
    assert_eq!(result["status"], "rewritten", "{result}");
    let judged = json!({"bullet": WEAK[3].0, "facts": "Used Redis, 3 clients", "rewrite": result["variants"][0]["text"]});
    assert_eq!(api.post("/v1/checks", &judged).await.json()["verdict"], "grounded", "{result}");
}

#[tokio::test]
async fn thirty_bullets_do_not_keep_the_thread_from_others() {
    let api = Api::without_model();
    let mut asking = Box::pin(api.rewrite(json!({"bullets": vec![WEAK[3].0; 30], "engine": "rules"})));
    let mut turns_of_others = 0;
    while poll!(asking.as_mut()).is_pending() {
        turns_of_others += 1;
        tokio::task::yield_now().await;
    }
    assert!(turns_of_others >= 25, "{turns_of_others}");
}
