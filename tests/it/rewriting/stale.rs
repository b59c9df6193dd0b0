//! An old reply serves when no model answers, for a reason that says nothing of the text; it is checked like every other and says what it is.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::ports::{Clock as _, ModelError};
use bulletsmith::service::CallLimits;
use serde_json::{Value, json};

use crate::harness::{Api, FRESH, STALE, Say, Setup, StubModel, VirtualClock, WEAK, bullet_of, draft};

const BULLET: &str = WEAK[3].0;

/// A service whose model answers once and then fails so.
fn failing(failure: impl Fn() -> ModelError + Send + Sync + 'static) -> (Api<VirtualClock>, Arc<StubModel>) {
    let clock = Arc::new(VirtualClock::default());
    let model = StubModel::new(move |call, request| match call {
        0 => Say::Text(draft(bullet_of(request).trim_end_matches('.'))),
        _ => Say::Fail(failure()),
    });
    (Api::new(Setup::timed(vec![model.clone()], &clock, CallLimits { attempts: 1, ..CallLimits::default() })), model)
}

fn down() -> ModelError {
    ModelError::Unavailable { status: 503, retry_after: None, should_retry: None }
}

fn order(cache: &str) -> Value {
    json!({"bullets": [BULLET], "engine": "llm", "cache": cache})
}

#[tokio::test(start_paused = true)]
async fn an_old_reply_serves_when_the_model_fails_and_a_note_says_why() {
    for (failure, cause) in [
        (down as fn() -> ModelError, "provider_unavailable"),
        (|| ModelError::Unreachable { was_sent: false, source: "refused".into() }, "provider_unreachable"),
        (|| ModelError::RateLimited { retry_after: None, should_retry: None }, "provider_rate_limited"),
        (|| ModelError::TimedOut, "deadline_exceeded"),
        (|| ModelError::QuotaExhausted { reason: "insufficient_quota".to_owned() }, "provider_quota"),
    ] {
        let (api, model) = failing(failure);
        let first = api.rewrite(order("use")).await.json()["results"][0].clone();
        assert_eq!((&first["provenance"]["cache"], first["provenance"].get("stale")), (&json!("miss"), None));
        api.clock.sleep(FRESH + Duration::from_secs(1)).await;
        let answer = api.rewrite(order("use")).await;
        let (again, usage) = (answer.json()["results"][0].clone(), answer.json()["usage"].clone());
        assert_eq!((answer.status, &again["variants"]), (200, &first["variants"]), "{again}");
        assert_eq!((&again["provenance"]["cache"], &again["provenance"]["stale"]), (&json!("hit"), &json!(true)));
        assert_eq!((&again["notes"][0]["code"], &again["notes"][0]["cause"]), (&json!("model_unavailable"), &json!(cause)));
        // The attempt that failed is told and accounted, though the answer came from elsewhere.
        assert_eq!((&again["provenance"]["attempts"], &usage["llm_calls"]), (&json!(1), &json!(1)));
        assert_eq!((model.asked().len(), api.ledger.rows().len()), (2, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_says_something_of_the_text_is_shown() {
    for failure in [
        || ModelError::Refused { reason: "refusal".to_owned(), served: Box::default() },
        || ModelError::Filtered { reason: "content_filter".to_owned(), served: None },
        || ModelError::Rejected { status: 400, reason: "invalid".to_owned() },
    ] {
        let (api, _) = failing(failure);
        api.rewrite(order("use")).await;
        api.clock.sleep(FRESH + Duration::from_secs(1)).await;
        assert_eq!(api.rewrite(order("use")).await.problem().0, 502);
    }
}

#[tokio::test(start_paused = true)]
async fn within_its_time_no_model_is_asked_and_past_the_second_one_nothing_serves() {
    let (api, model) = failing(down);
    api.rewrite(order("use")).await;
    api.clock.sleep(FRESH.saturating_sub(Duration::from_secs(1))).await;
    let hit = api.rewrite(order("use")).await.json();
    assert_eq!((&hit["results"][0]["provenance"]["cache"], model.asked().len()), (&json!("hit"), 1));
    api.clock.sleep(STALE + Duration::from_secs(2)).await;
    assert_eq!(api.rewrite(order("use")).await.problem(), (503, "provider_unavailable".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn who_asks_anew_is_not_given_what_is_old() {
    for cache in ["refresh", "bypass"] {
        let (api, _) = failing(down);
        api.rewrite(order("use")).await;
        assert_eq!(api.rewrite(order(cache)).await.problem().0, 503, "{cache}");
    }
}

#[tokio::test(start_paused = true)]
async fn while_a_model_rests_old_replies_serve_without_an_attempt_and_new_ones_take_their_place_afterwards() {
    let clock = Arc::new(VirtualClock::default());
    let model = StubModel::new(|call, request| match call {
        1 => Say::Fail(down()),
        call => Say::Text(draft(&format!("{}{}", if call == 0 { "" } else { "Also " }, bullet_of(request).trim_end_matches('.')))),
    });
    let limits = CallLimits { attempts: 1, breaker_failures: 1, ..CallLimits::default() };
    let api = Api::new(Setup::timed(vec![model.clone()], &clock, limits));
    api.rewrite(order("use")).await;
    clock.sleep(FRESH).await;
    for asked in [2, 2, 2] {
        let made = api.rewrite(order("use")).await.json()["results"][0]["provenance"].clone();
        assert_eq!((&made["stale"], model.asked().len()), (&json!(true), asked), "{made}");
    }
    clock.sleep(limits.breaker_pause).await;
    let made = api.rewrite(order("use")).await.json()["results"][0]["provenance"].clone();
    assert_eq!((&made["cache"], made.get("stale")), (&json!("miss"), None), "{made}");
    let made = api.rewrite(order("use")).await.json()["results"][0]["provenance"].clone();
    assert_eq!((&made["cache"], made.get("stale")), (&json!("hit"), None), "{made}");
}
