//! A limit for the calls in flight at one provider, and a bounded queue in front of it.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::ports::Clock as _;
use bulletsmith::service::CallLimits;
use futures_util::future::join_all;
use serde_json::json;

use super::{bullet, one};
use crate::harness::{Api, FakeProvider, FakeWire, Faults, Setup, StubModel, VirtualClock};

/// A service whose provider works this long on each call.
fn slow(latency: Duration, limits: CallLimits) -> (Api<VirtualClock>, Arc<FakeProvider>) {
    let clock = Arc::new(VirtualClock::default());
    let provider = Arc::new(FakeProvider::new(1, Faults::default(), latency));
    (Api::new(Setup::timed(vec![FakeWire::model("fake/m", &provider, &clock)], &clock, limits)), provider)
}

#[tokio::test(start_paused = true)]
async fn there_are_never_more_calls_in_flight_than_places() {
    let limits = CallLimits { calls_per_provider: 5, ..CallLimits::default() };
    let (api, provider) = slow(Duration::from_secs(2), limits);
    let answers = join_all((0..20).map(|number| api.rewrite(one(number)))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!((provider.counts().attempts, api.clock.elapsed()), (20, Duration::from_secs(8)), "four rounds of five");
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_is_503_with_a_time_to_come_back_and_makes_no_attempt() {
    let limits = CallLimits { calls_per_provider: 1, queue_per_provider: 2, ..CallLimits::default() };
    let (api, provider) = slow(Duration::from_secs(2), limits);
    let answers = join_all((0..5).map(|number| api.rewrite(one(number)))).await;
    let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((done.len(), refused.len()), (3, 2), "one in flight and two in the queue");
    for refused in refused {
        assert_eq!(refused.problem().1, "overloaded");
        assert!(refused.header("retry-after").is_some_and(|wait| wait.parse::<u64>().is_ok_and(|wait| wait >= 1)));
    }
    assert_eq!((provider.counts().attempts, api.ledger.rows().len()), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn where_the_rules_may_write_a_full_queue_is_a_note() {
    let limits = CallLimits { calls_per_provider: 1, queue_per_provider: 0, ..CallLimits::default() };
    let (api, _) = slow(Duration::from_secs(2), limits);
    let answer = api.rewrite(json!({"bullets": [bullet(1), bullet(2)], "engine": "auto"})).await.json();
    let second = &answer["results"][1];
    assert_eq!((&second["provenance"]["engine"], &second["notes"][0]["cause"]), (&json!("rules"), &json!("overloaded")), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_at_one_provider_is_no_reason_to_wait_when_there_is_another() {
    let clock = Arc::new(VirtualClock::default());
    let provider = Arc::new(FakeProvider::new(1, Faults::default(), Duration::from_secs(2)));
    let limits = CallLimits { calls_per_provider: 1, queue_per_provider: 0, ..CallLimits::default() };
    let api = Api::new(Setup::timed(vec![FakeWire::model("fake/m", &provider, &clock), StubModel::echo()], &clock, limits));
    let answer = api.rewrite(json!({"bullets": [bullet(1), bullet(2)], "engine": "llm"})).await.json();
    let who = |at: usize| answer["results"][at]["provenance"]["provider"].clone();
    assert_eq!((who(0), who(1)), (json!("fake"), json!("stub")), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_in_the_queue_past_the_deadline() {
    let limits = CallLimits { calls_per_provider: 1, attempt_timeout: Duration::from_hours(1), ..CallLimits::default() };
    let (api, provider) = slow(Duration::from_mins(10), limits);
    let answers = join_all((0..3).map(|number| api.rewrite(one(number)))).await;
    assert!(answers.iter().all(|answer| answer.status >= 500));
    assert_eq!((provider.counts().attempts, api.ledger.rows().len()), (1, 1));
    assert!(api.clock.elapsed() <= Duration::from_secs(61), "{:?}", api.clock.elapsed());
}
