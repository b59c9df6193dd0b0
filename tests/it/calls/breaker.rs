//! A model that keeps failing is left alone, tried by one call, and asked again when it works.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bulletsmith::ports::{Clock as _, ModelError};
use bulletsmith::service::CallLimits;
use serde_json::json;

use super::{down, one};
use crate::harness::{Api, Say, Setup, StubModel, VirtualClock, bullet_of, draft};

fn once() -> CallLimits {
    CallLimits { attempts: 1, ..CallLimits::default() }
}

#[tokio::test(start_paused = true)]
async fn after_five_failures_a_model_is_not_asked_until_one_call_finds_it_well() {
    let (clock, up) = (Arc::new(VirtualClock::default()), Arc::new(AtomicBool::new(false)));
    let is_up = Arc::clone(&up);
    let model = StubModel::new(move |_, request| {
        if is_up.load(Ordering::Relaxed) { Say::Text(draft(bullet_of(request).trim_end_matches('.'))) } else { Say::Fail(down()) }
    });
    let api = Api::new(Setup::timed(vec![model.clone()], &clock, once()));
    for number in 0..5 {
        assert_eq!(api.rewrite(one(number)).await.problem(), (503, "provider_unavailable".to_owned()));
    }
    let refused = api.rewrite(one(5)).await;
    assert_eq!((refused.problem().1.as_str(), refused.header("retry-after")), ("provider_unavailable", Some("10")));
    assert!(refused.json()["detail"].as_str().is_some_and(|told| told.contains("is not asked for another 10 s")), "{}", refused.text());
    assert_eq!((model.asked().len(), api.ledger.rows().len()), (5, 5), "no attempt, no row");

    clock.sleep(Duration::from_secs(10)).await;
    assert_eq!(api.rewrite(one(6)).await.status, 503, "the probe fails");
    assert_eq!((api.rewrite(one(7)).await.status, model.asked().len()), (503, 6), "and it rests again");

    clock.sleep(Duration::from_secs(10)).await;
    up.store(true, Ordering::Relaxed);
    assert_eq!((api.rewrite(one(8)).await.status, api.rewrite(one(9)).await.status), (200, 200));
    assert_eq!(model.asked().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn an_account_without_credit_is_asked_once_in_ten_minutes_and_the_next_model_answers() {
    let clock = Arc::new(VirtualClock::default());
    let broke = StubModel::named("broke/m", |_, _| Say::Fail(ModelError::QuotaExhausted { reason: "credit".to_owned() }));
    let api = Api::new(Setup::timed(vec![broke.clone(), StubModel::echo()], &clock, CallLimits::default()));
    for number in 0..5 {
        let result = api.rewrite(one(number)).await.json()["results"][0].clone();
        assert_eq!(result["provenance"]["provider"], "stub", "{result}");
        assert_eq!((&result["notes"][0]["code"], &result["notes"][0]["cause"]), (&json!("model_unavailable"), &json!("provider_quota")));
        clock.sleep(Duration::from_secs(100)).await;
    }
    assert_eq!(broke.asked().len(), 1);
    clock.sleep(Duration::from_secs(100)).await;
    api.rewrite(one(9)).await;
    assert_eq!(broke.asked().len(), 2, "then it is tried again");
}

#[tokio::test]
async fn one_model_of_a_provider_rests_and_the_other_is_asked() {
    let (old, new) = (StubModel::named("p/old", |_, _| Say::Fail(down())), StubModel::named("p/new", |_, _| Say::Fail(down())));
    let api = Api::new(Setup { limits: CallLimits { breaker_failures: 2, ..once() }, ..Setup::free(vec![old.clone(), new.clone()]) });
    for number in 0..4 {
        api.rewrite(one(number)).await;
    }
    assert_eq!((old.asked().len(), new.asked().len()), (2, 2));
}

#[tokio::test]
async fn a_model_that_declines_or_rejects_is_not_thought_ill_of() {
    let failures: [fn() -> ModelError; 4] = [
        || ModelError::Refused { reason: "refusal".to_owned(), served: Box::default() },
        || ModelError::Truncated { served: Box::default() },
        || ModelError::Filtered { reason: "content_filter".to_owned(), served: None },
        || ModelError::Rejected { status: 400, reason: "too_long".to_owned() },
    ];
    for failure in failures {
        let model = StubModel::new(move |_, _| Say::Fail(failure()));
        let api = Api::new(Setup { limits: once(), ..Setup::free(vec![model.clone()]) });
        for number in 0..10 {
            api.rewrite(one(number)).await;
        }
        assert_eq!(model.asked().len(), 10);
    }
}
