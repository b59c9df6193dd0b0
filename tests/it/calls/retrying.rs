//! What is tried again, how often, when, and out of which budget.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::ports::Clock as _;
use bulletsmith::service::CallLimits;
use serde_json::json;

use super::{bullet, busy, down, one};
use crate::harness::{Api, Say, Setup, StubModel, VirtualClock, bullet_of, draft};

fn patient() -> CallLimits {
    CallLimits { breaker_failures: 1_000, ..CallLimits::default() }
}

#[tokio::test]
async fn retries_raised_limits_and_re_asks_share_the_same_three_attempts() {
    for last in [2, 3] {
        let model = StubModel::new(move |call, request| match call {
            0 => Say::Fail(down()),
            call if call < last => Say::Text("not JSON".to_owned()),
            _ => Say::Text(draft(bullet_of(request).trim_end_matches('.'))),
        });
        let api = Api::with(model.clone());
        let answer = api.rewrite(one(1)).await;
        assert_eq!((answer.status == 200, model.asked().len(), api.ledger.rows().len()), (last == 2, 3, 3), "{}", answer.text());
    }
}

#[tokio::test]
async fn the_retries_of_all_requests_come_out_of_one_budget() {
    let model = StubModel::new(|_, _| Say::Fail(down()));
    let api = Api::new(Setup { limits: patient(), ..Setup::free(vec![model.clone()]) });
    for request in 0..10 {
        let bullets: Vec<String> = (0..30).map(|at| bullet(30 * request + at)).collect();
        assert_eq!(api.rewrite(json!({"bullets": bullets, "engine": "llm"})).await.problem().1, "provider_unavailable");
    }
    // One a question, ten in reserve, and one for ten questions.
    assert!((330..=341).contains(&model.asked().len()), "{}", model.asked().len());
}

#[tokio::test]
async fn without_a_budget_nothing_is_tried_again() {
    let model = StubModel::new(|_, _| Say::Fail(down()));
    let api = Api::new(Setup { limits: CallLimits { retry_budget: 0.0, ..patient() }, ..Setup::free(vec![model.clone()]) });
    api.rewrite(one(1)).await;
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn those_who_were_sent_away_together_do_not_come_back_together_nor_too_early() {
    let clock = Arc::new(VirtualClock::default());
    let model = StubModel::new(|call, request| match call {
        0..4 => Say::Fail(busy(5)),
        _ => Say::Text(draft(bullet_of(request).trim_end_matches('.'))),
    });
    let api = Api::new(Setup::timed(vec![model], &clock, patient()));
    let bullets: Vec<String> = (0..4).map(bullet).collect();
    assert_eq!(api.rewrite(json!({"bullets": bullets, "engine": "llm"})).await.status, 200);
    let rows = api.ledger.rows();
    let begun = |attempt| rows.iter().filter(move |row| row.attempt == attempt).map(|row| row.started_at);
    let (first, mut again) = (begun(1).min().expect("four"), begun(2).collect::<Vec<_>>());
    again.sort_unstable();
    again.dedup();
    assert_eq!(again.len(), 4, "{again:?}");
    assert!(again.iter().all(|begun| (5_000_000..7_000_000).contains(&(begun.0 - first.0))), "{first:?} {again:?}");
}

#[tokio::test(start_paused = true)]
async fn the_models_share_the_time_so_that_one_that_stalls_leaves_some_to_the_next() {
    let clock = Arc::new(VirtualClock::default());
    let (dumb, up) = (StubModel::named("dumb/m", |_, _| Say::Nothing), StubModel::echo());
    let api = Api::new(Setup::timed(vec![dumb.clone(), up], &clock, CallLimits { attempt_timeout: Duration::from_mins(5), ..patient() }));
    let answer = api.rewrite(one(1)).await.json();
    assert_eq!(answer["results"][0]["provenance"]["provider"], "stub", "{answer}");
    assert_eq!((dumb.asked().len(), clock.elapsed().as_secs()), (1, 30), "half of the minute");
    assert_eq!(api.ledger.outcomes(), ["deadline_exceeded", "complete"]);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_stalls_is_given_up_in_time_for_another() {
    let clock = Arc::new(VirtualClock::default());
    let model =
        StubModel::new(
            |call, _| if call == 0 { Say::Nothing } else { Say::Text(draft("Built REST APIs for the mobile and web clients of team 1")) },
        );
    let api = Api::new(Setup::timed(vec![model], &clock, CallLimits { attempt_timeout: Duration::from_secs(7), ..patient() }));
    assert_eq!(api.rewrite(one(1)).await.status, 200);
    assert!((7..9).contains(&clock.elapsed().as_secs()), "{:?}", clock.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_models_share_of_the_time_asks_the_next_model_at_once() {
    let clock = Arc::new(VirtualClock::default());
    let (full, up) = (StubModel::named("full/m", |_, _| Say::Fail(busy(31))), StubModel::echo());
    let api = Api::new(Setup::timed(vec![full.clone(), up], &clock, patient()));
    let answer = api.rewrite(one(1)).await.json();
    assert_eq!(answer["results"][0]["provenance"]["provider"], "stub", "{answer}");
    assert_eq!((full.asked().len(), clock.elapsed()), (1, Duration::ZERO));
}
