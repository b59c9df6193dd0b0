//! A client that hangs up loses no money: what is paid for is finished, accounted and kept, and nothing else is begun.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::domain::cost::Certainty;
use bulletsmith::ports::Clock as _;
use bulletsmith::service::CallLimits;
use futures_util::future::join_all;
use futures_util::poll;
use serde_json::json;

use super::{bullet, down, one};
use crate::harness::{Api, FakeProvider, FakeWire, Faults, Say, Setup, StubModel, VirtualClock, priced};

const LATENCY: Duration = Duration::from_secs(2);

fn slow(limits: CallLimits, latency: Duration) -> (Api<VirtualClock>, Arc<FakeProvider>) {
    let clock = Arc::new(VirtualClock::default());
    let provider = Arc::new(FakeProvider::new(1, Faults::default(), latency));
    let link = priced(FakeWire::model("fake/one", &provider, &clock));
    (Api::new(Setup { chain: vec![link], clock, limits, ..Setup::default() }), provider)
}

/// Asks, and hangs up after this long.
async fn hang_up(api: &Api<VirtualClock>, order: serde_json::Value, after: Duration) {
    let answered = tokio::select! {
        biased;
        _ = api.rewrite(order) => true,
        () = api.clock.sleep(after) => false,
    };
    assert!(!answered, "the answer came first");
}

#[tokio::test(start_paused = true)]
async fn the_call_that_was_made_is_finished_accounted_and_kept_for_the_next_who_asks() {
    let (api, provider) = slow(CallLimits::default(), LATENCY);
    hang_up(&api, one(1), LATENCY / 2).await;
    assert_eq!(api.ledger.rows().len(), 0, "the provider works on");
    assert_eq!(api.service.settle(Duration::from_mins(1)).await, 0);
    let rows = api.ledger.rows();
    assert_eq!((rows[0].outcome, rows[0].certainty, rows[0].cost.get() > 0), ("complete", Certainty::Exact, true));
    let made = api.rewrite(one(1)).await.json()["results"][0]["provenance"].clone();
    assert_eq!((&made["cache"], &made["attempts"], provider.counts().attempts), (&json!("hit"), &json!(0), 1), "paid once, used");
}

#[tokio::test(start_paused = true)]
async fn the_bullets_that_were_not_begun_are_not_asked_for() {
    let (api, provider) = slow(CallLimits::default(), LATENCY);
    let bullets: Vec<String> = (0..30).map(bullet).collect();
    hang_up(&api, json!({"bullets": bullets, "engine": "auto"}), LATENCY / 2).await;
    assert_eq!(api.service.settle(Duration::from_mins(1)).await, 0);
    assert_eq!((provider.counts().attempts, api.ledger.rows().len(), api.cache.seen().1), (4, 4, 4), "four at once, and no fifth");
}

#[tokio::test(start_paused = true)]
async fn calls_without_a_client_are_bounded_by_the_places_at_the_provider() {
    let (api, provider) = slow(CallLimits { calls_per_provider: 3, ..CallLimits::default() }, LATENCY);
    join_all((0..20).map(|number| hang_up(&api, one(number), LATENCY / 2))).await;
    assert_eq!(api.service.settle(Duration::from_mins(1)).await, 0);
    assert_eq!(
        (provider.counts().attempts, api.clock.elapsed()),
        (3, LATENCY),
        "those who waited for a place went away with their clients"
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_tries_again_for_a_client_that_has_gone() {
    let clock = Arc::new(VirtualClock::default());
    let model = StubModel::new(|_, _| Say::Fail(down()));
    let api = Api::new(Setup::timed(vec![model.clone()], &clock, CallLimits::default()));
    // The shortest pause before a retry is 200 ms.
    hang_up(&api, one(1), Duration::from_millis(100)).await;
    assert_eq!((api.service.settle(Duration::from_mins(1)).await, model.asked().len()), (0, 1));
    assert_eq!(clock.elapsed(), Duration::from_millis(100));
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_for_the_same_answer_get_it_when_the_one_who_asked_hangs_up() {
    let (api, provider) = slow(CallLimits::default(), LATENCY);
    let later = async {
        api.clock.sleep(LATENCY / 4).await;
        api.rewrite(one(1)).await
    };
    let ((), waited) = tokio::join!(hang_up(&api, one(1), LATENCY / 2), later);
    let made = waited.json()["results"][0]["provenance"].clone();
    assert_eq!((&made["cache"], provider.counts().attempts), (&json!("shared"), 1), "{made}");
}

#[tokio::test(start_paused = true)]
async fn at_shutdown_calls_are_waited_for_then_cut_short_and_recorded_as_what_they_are() {
    let (api, provider) = slow(CallLimits::default(), Duration::from_secs(20));
    hang_up(&api, one(1), Duration::from_secs(1)).await;
    assert_eq!(api.service.settle(Duration::from_secs(5)).await, 0);
    assert_eq!(api.clock.elapsed(), Duration::from_secs(6));
    let rows = api.ledger.rows();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].outcome, rows[0].certainty), ("deadline_exceeded", Certainty::Unknown), "it may cost something");
    assert_eq!(provider.counts().untold.calls, 1);
}

#[tokio::test]
async fn a_request_that_is_not_polled_again_asks_nothing() {
    let model = StubModel::echo();
    let api = Api::with(model.clone());
    drop(Box::pin(api.rewrite(one(1))));
    let mut asking = Box::pin(api.rewrite(one(2)));
    assert!(poll!(asking.as_mut()).is_pending());
    drop(asking);
    assert_eq!((api.service.settle(Duration::MAX).await, model.asked().len()), (0, 0));
}
