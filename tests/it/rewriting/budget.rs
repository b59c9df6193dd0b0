//! A budget is kept before a call is made, for whoever asks and in whatever crowd; a ledger that is down refuses, unless it is told not to.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::domain::cost::{Budgets, Caps, PicoUsd};
use bulletsmith::ports::ModelError;
use bulletsmith::service::{CallLimits, Link, OnLedgerDown, Spending, Tariff};
use futures_util::poll;
use serde_json::{Value, json};

use crate::harness::{
    Api, Broken, GROUP_PROMPT, Say, Setup, StubLedger, StubModel, VirtualClock, WEAK, draft, honest, priced, priced_with, request,
};

const DEAR: &str = "[[price]]\nprovider_kind='openai'\nmodel='one'\ntier='priority'\ninput_usd_per_mtok='50'\noutput_usd_per_mtok='50'\n";
/// 800 x 0.25 + 200 x 0.025 + 100 x 2 dollars a million.
const ONE_CALL: u64 = 405_000_000;

fn local(day: u64) -> Spending {
    let caps = Caps { day: Some(PicoUsd::new(day)), month: None };
    Spending { budgets: Budgets { principals: [("local".to_owned(), caps)].into(), total: Caps::default() }, ..Spending::default() }
}

fn api(chain: Vec<Link>, spending: Spending) -> Api {
    Api::new(Setup { chain, spending, ..Setup::default() })
}

async fn ask(api: &Api, engine: &str) -> crate::harness::Answer {
    api.rewrite(json!({"bullets": [WEAK[3].0], "engine": engine, "cache": "bypass"})).await
}

/// What is set aside for one call.
async fn worst() -> u64 {
    let api = api(vec![priced(StubModel::echo())], Spending::default());
    ask(&api, "llm").await;
    api.ledger.orders()[0].worst.get()
}

#[tokio::test]
async fn what_does_not_fit_is_not_asked_for_and_is_402_for_llm_and_a_note_for_auto() {
    let model = StubModel::echo();
    let api = api(vec![priced(model.clone())], local(worst().await - 1));
    let answer = ask(&api, "llm").await;
    assert_eq!(answer.problem(), (402, "budget_exhausted".to_owned()));
    let detail = answer.json()["detail"].as_str().expect("a sentence").to_owned();
    assert!(detail.starts_with("the budget of local for this day does not cover another call to stub/one; wait until"), "{detail}");
    let result = api.rewrite_one(WEAK[3].0, "auto").await;
    let (made, note) = (&result["provenance"], &result["notes"][0]);
    assert_eq!(
        (&made["engine"], &made["attempts"], &note["code"], &note["cause"]),
        (&json!("rules"), &json!(0), &json!("budget_exhausted"), &Value::Null)
    );
    assert_eq!(note["message"], "the rules engine wrote this: the budget of local for this day does not cover another call to stub/one");
    assert_eq!((model.asked().len(), api.ledger.rows().len()), (0, 0));
}

#[tokio::test]
async fn a_call_leaves_the_room_that_it_did_not_take() {
    // Two calls, one after the other, where two at once would not fit.
    let api = api(vec![priced(StubModel::echo())], local(worst().await + ONE_CALL));
    let statuses = [ask(&api, "llm").await.status, ask(&api, "llm").await.status, ask(&api, "llm").await.status];
    assert_eq!((statuses, api.ledger.open_holds()), ([200, 200, 402], 0));
}

#[tokio::test]
async fn a_crowd_of_bullets_spends_no_more_than_the_budget() {
    let cap = worst().await * 7 / 2;
    let api = api(vec![priced(StubModel::echo())], local(cap));
    let bullets: Vec<String> = (0..30).map(|number| format!("Built REST APIs for the mobile and web clients of team {number}.")).collect();
    let answer = api.rewrite(json!({"bullets": bullets, "engine": "llm"})).await;
    let rows = api.ledger.rows();
    let spent: PicoUsd = rows.iter().map(|row| row.cost).sum();
    assert!(answer.status == 207 && spent.get() <= cap && rows.len() >= 3, "{} {spent} {}", answer.status, rows.len());
    assert_eq!((answer.header("x-cost-usd"), api.ledger.open_holds()), (Some(spent.to_string().as_str()), 0));
}

#[tokio::test]
async fn a_group_that_does_not_fit_is_asked_for_one_by_one_as_far_as_the_budget_goes() {
    let order = json!({"bullets": [WEAK[0].0, WEAK[3].0], "engine": "llm", "prompt": GROUP_PROMPT, "cache": "bypass"});
    let free = api(vec![priced(StubModel::new(|_, request| Say::Text(honest(request))))], Spending::default());
    free.rewrite(order.clone()).await;
    let group = &free.ledger.orders()[0];
    assert_eq!(group.bullets, 2, "without a limit they are asked for together");
    let model = StubModel::new(|_, request| Say::Text(honest(request)));
    let api = api(vec![priced(model.clone())], local(group.worst.get() - 1));
    let answer = api.rewrite(order).await;
    // Both ask at once, and what one holds the other cannot have.
    assert_eq!((answer.status, model.asked().len(), api.ledger.rows()[0].bullets), (207, 1, 1), "{}", answer.text());
}

#[tokio::test]
async fn a_model_that_fits_is_asked_in_the_place_of_one_that_does_not() {
    let (dear, free) =
        (StubModel::echo(), StubModel::named("stub/two", |_, _| Say::Text(draft("Added caching to improve API performance"))));
    let chain = vec![priced(dear.clone()), Link { model: free.clone(), tariff: Tariff::Free }];
    let api = api(chain, local(1));
    let result = ask(&api, "llm").await.json()["results"][0].clone();
    assert_eq!((&result["provenance"]["engine"], &result["notes"][0]["code"]), (&json!("llm"), &json!("budget_exhausted")), "{result}");
    assert_eq!((dear.asked().len(), free.asked().len()), (0, 1), "what costs nothing fits under any budget");
}

#[tokio::test]
async fn the_budget_of_one_is_not_that_of_another_and_that_of_all_is_everyones() {
    let all = Spending {
        budgets: Budgets { total: Caps { day: None, month: Some(PicoUsd::ZERO) }, ..Budgets::default() },
        ..Spending::default()
    };
    for (spending, key, status) in [(local(0), None, 402), (local(0), Some("0123456789abcdef0123456789abcdef"), 200), (all, None, 402)] {
        let api: Api = Api::new(Setup { chain: vec![priced(StubModel::echo())], spending, key, ..Setup::default() });
        let mut headers = vec![("content-type", "application/json")];
        let bearer = key.map(|key| format!("Bearer {key}"));
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        let order = json!({"bullets": [WEAK[3].0], "engine": "llm", "prompt": crate::harness::PROMPT});
        let answer = api.send(request("POST", "/v1/rewrites", &headers, order.to_string())).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}

#[tokio::test]
async fn what_is_set_aside_covers_what_is_billed_in_whichever_tier() {
    let api = api(vec![priced_with(StubModel::echo(), DEAR)], Spending::default());
    ask(&api, "llm").await;
    let (orders, rows) = (api.ledger.orders(), api.ledger.rows());
    assert_eq!((orders.len(), orders[0].attempt_id, orders[0].attempt), (1, rows[0].attempt_id, 1));
    // Far more than a thousand tokens of a prompt of some kilobytes.
    assert!(orders[0].worst.get() > 1_000 * 50_000_000 && orders[0].worst > rows[0].cost && orders[0].input < orders[0].worst);
    assert!(orders[0].expires_at > orders[0].started_at.plus(Duration::from_secs(30)), "later than the attempt can take");
}

#[tokio::test]
async fn every_hold_is_settled_also_for_failures() {
    let failing = StubModel::new(|_, _| Say::Fail(ModelError::Unavailable { status: 503, retry_after: None, should_retry: None }));
    let api = api(vec![priced(failing)], Spending::default());
    ask(&api, "llm").await;
    assert_eq!((api.ledger.open_holds(), api.ledger.orders().len()), (0, api.ledger.rows().len()));
    let paid: Vec<_> = api.ledger.rows().iter().zip(api.ledger.orders()).map(|(row, order)| row.cost == order.input).collect();
    assert!(paid.iter().all(|paid| *paid), "a model that may have worked has read the prompt");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_cut_short_at_shutdown_is_held_while_it_is_in_flight_and_settled_then() {
    let slow = StubModel::new(|_, _| Say::Nothing);
    let clock = Arc::new(VirtualClock::default());
    let api =
        Api::new(Setup { chain: vec![priced(slow.clone())], clock, ..Setup::timed(Vec::new(), &Arc::default(), CallLimits::default()) });
    let mut asking = Box::pin(api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})));
    while slow.asked().is_empty() {
        assert!(poll!(asking.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    assert_eq!((api.ledger.open_holds(), api.ledger.rows().len()), (1, 0));
    drop(asking);
    assert_eq!(api.service.settle(Duration::from_secs(1)).await, 0);
    let rows = api.ledger.rows();
    assert_eq!((api.ledger.open_holds(), rows.len(), rows[0].cost), (0, 1, api.ledger.orders()[0].input));
}

#[tokio::test]
async fn a_ledger_that_is_down_lets_calls_go_on_only_where_it_is_told_to() {
    for how in [Broken::Open, Broken::Record] {
        for (on_ledger_down, status) in [(OnLedgerDown::FailClosed, 503), (OnLedgerDown::FailOpen, 200)] {
            let spending = Spending { on_ledger_down, ..local(0) };
            let chain = vec![Link { model: StubModel::echo(), tariff: Tariff::Free }];
            let api: Api = Api::new(Setup { chain, ledger: StubLedger::broken(how), spending, ..Setup::default() });
            assert_eq!(ask(&api, "llm").await.status, status, "{how:?} {on_ledger_down:?}");
            let ready = api.send(request("GET", "/readyz", &[], "")).await;
            assert_eq!(
                (ready.status, ready.status == 503 || ready.json()["ledger"] == "down"),
                (status, true),
                "{how:?} {on_ledger_down:?}"
            );
        }
    }
    // A budget is kept as long as there is an account to keep it by.
    let spending = Spending { on_ledger_down: OnLedgerDown::FailOpen, ..local(0) };
    let api: Api = Api::new(Setup { chain: vec![priced(StubModel::echo())], ledger: Arc::default(), spending, ..Setup::default() });
    assert_eq!(ask(&api, "llm").await.status, 402);
}
