//! The same question at the same time is asked once, and its failure is found out once.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::adapters::cache::none::NoCache;
use bulletsmith::ports::Clock as _;
use bulletsmith::service::CallLimits;
use serde_json::json;

use super::{bullet, busy, down, one};
use crate::harness::{Api, FakeProvider, FakeWire, Faults, Say, Setup, StubModel, VirtualClock, bullet_of, draft, priced};

#[tokio::test]
async fn thirty_times_the_same_bullet_finds_out_once_that_the_provider_is_down() {
    let order = |engine: &str| json!({"bullets": vec![bullet(1); 30], "engine": engine});
    // All thirty are in the air at once, four of each request.
    let model = StubModel::new(|_, _| Say::Fail(down()));
    let api = Api::new(Setup { limits: CallLimits { breaker_failures: 100, ..CallLimits::default() }, ..Setup::free(vec![model.clone()]) });
    let answers = futures_util::future::join_all((0..30).map(|_| api.rewrite(one(1)))).await;
    assert!(answers.iter().all(|answer| answer.problem() == (503, "provider_unavailable".to_owned())));
    assert_eq!((model.asked().len(), api.ledger.rows().len()), (3, 3), "one question, three attempts");

    let model = StubModel::new(|_, _| Say::Fail(down()));
    let api = Api::with(model.clone());
    let answer = api.rewrite(order("auto")).await.json();
    assert!(answer["results"].as_array().is_some_and(|all| all.iter().all(|result| result["notes"][0]["cause"] == "provider_unavailable")));
    assert!(model.asked().len() < 10, "in fours, until it rests: {}", model.asked().len());
}

#[tokio::test(start_paused = true)]
async fn a_thousand_identical_requests_make_one_call_also_when_the_one_who_asked_hangs_up_and_nothing_is_kept() {
    for keeps in [true, false] {
        let clock = Arc::new(VirtualClock::default());
        let provider = Arc::new(FakeProvider::new(1, Faults::default(), Duration::from_secs(2)));
        let link = priced(FakeWire::model("fake/one", &provider, &clock));
        let replies = (!keeps).then(|| Arc::new(NoCache) as _);
        let api = Api::new(Setup { chain: vec![link], clock: Arc::clone(&clock), replies, ..Setup::default() });
        let leader = async {
            tokio::select! {
                biased;
                _ = api.rewrite(one(1)) => panic!("it takes two seconds"),
                () = clock.sleep(Duration::from_secs(1)) => {}
            }
        };
        let others = async {
            clock.sleep(Duration::from_millis(1)).await;
            futures_util::future::join_all((1..1_000).map(|_| api.rewrite(one(1)))).await
        };
        let ((), answers) = tokio::join!(leader, others);
        let shared = answers.iter().filter(|answer| answer.json()["results"][0]["provenance"]["cache"] == "shared").count();
        assert_eq!((provider.counts().attempts, shared, api.ledger.rows().len()), (1, 999, 1), "keeps: {keeps}");
    }
}

#[tokio::test]
async fn an_answer_that_nobody_can_use_is_not_asked_for_by_each_who_waits() {
    for text in ["not JSON".to_owned(), draft("Led 12 engineers with Kubernetes")] {
        let model = StubModel::new(move |_, _| Say::Text(text.clone()));
        let api = Api::with(model.clone());
        futures_util::future::join_all((0..10).map(|_| api.rewrite(one(1)))).await;
        assert_eq!((model.asked().len(), api.cache.seen().1), (2, 0), "the question and one re-ask");
    }
}

#[tokio::test(start_paused = true)]
async fn a_leader_that_hangs_up_tells_nothing_of_the_model_and_the_next_in_line_asks() {
    let clock = Arc::new(VirtualClock::default());
    let model = StubModel::new(|call, request| match call {
        0 => Say::Fail(busy(9)),
        _ => Say::Text(draft(bullet_of(request).trim_end_matches('.'))),
    });
    let api = Api::new(Setup::timed(vec![model.clone()], &clock, CallLimits::default()));
    let leader = async {
        tokio::select! {
            biased;
            _ = api.rewrite(one(1)) => panic!("it waits nine seconds"),
            () = clock.sleep(Duration::from_secs(1)) => {}
        }
    };
    let later = async {
        clock.sleep(Duration::from_millis(500)).await;
        api.rewrite(one(1)).await
    };
    let ((), waited) = tokio::join!(leader, later);
    let made = waited.json()["results"][0]["provenance"].clone();
    assert_eq!((&made["cache"], &made["attempts"], model.asked().len()), (&json!("miss"), &json!(1), 2), "{made}");
}
