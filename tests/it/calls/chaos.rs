//! Thousands of bullets against a provider that fails in one call of five: what comes out, what it is said to cost, and how long it takes.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bulletsmith::domain::cost::{Certainty, PicoUsd, TokenUsage};
use bulletsmith::ports::Clock as _;
use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::{Value, json};

use crate::harness::{Api, Counts, FakeProvider, FakeWire, Fault, Faults, GROUP_PROMPT, PROMPT, Setup, VirtualClock, priced};

const SEED: u64 = 20_261_106;
const BULLETS: usize = 2_000;
/// Bullets that are asked for in groups.
const GROUPED: usize = 900;
/// As many as one request may hold.
const AT_ONCE: usize = 30;
const REQUESTS_AT_ONCE: usize = 8;
const DEADLINE: Duration = Duration::from_mins(1);
const LATENCY: Duration = Duration::from_millis(400);
fn bullets(count: usize) -> Vec<String> {
    let forms = [
        "Optimized database performance for the application, part",
        "Built REST APIs for the mobile and web clients of team",
        "Used Kafka for message processing in service",
        "Added caching to improve API performance of endpoint",
        "Implemented authentication for the platform, release",
        "Responsible for maintaining the billing service of region",
        "Wrote SQL queries for the reports of department",
        "Worked on migrating the user table to version",
    ];
    (0..count).map(|at| format!("{} {}.", forms[at % forms.len()], 100 + at)).collect()
}

/// What came of all bullets.
struct Seen {
    results: Vec<Value>,
    by_model: usize,
    calls: u64,
}

/// Asks for all bullets, some requests at a time, each within its deadline.
async fn run(providers: &[Arc<FakeProvider>], count: usize, prompt: &str) -> (Api<VirtualClock>, Seen) {
    let clock = Arc::new(VirtualClock::default());
    let link = |(at, provider)| priced(FakeWire::model(&format!("fake{at}/one"), provider, &clock));
    let chain = providers.iter().enumerate().map(link).collect();
    let api = Api::new(Setup { chain, clock, ..Setup::default() });
    let bullets = bullets(count);
    let ask = async |bullets: &[String]| {
        let begun = api.clock.elapsed();
        let answer = api.rewrite(json!({"bullets": bullets, "engine": "auto", "prompt": prompt})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(api.clock.elapsed() <= begun + DEADLINE, "within the deadline");
        answer.json()
    };
    let answers: Vec<Value> = stream::iter(bullets.chunks(AT_ONCE)).map(ask).buffered(REQUESTS_AT_ONCE).collect().await;
    let results: Vec<Value> = answers.iter().flat_map(|answer| answer["results"].as_array().expect("results").clone()).collect();
    let calls = answers.iter().map(|answer| answer["usage"]["llm_calls"].as_u64().expect("a number")).sum();
    assert_eq!(api.service.settle(Duration::MAX).await, 0);
    let by_model = results.iter().filter(|result| result["provenance"]["engine"] == "llm").count();
    (api, Seen { results, by_model, calls })
}

/// Every text is judged anew, by the same door that a stranger's text would come through.
async fn check_grounded(api: &Api<VirtualClock>, seen: &Seen) {
    for result in seen.results.iter().filter(|result| result["status"] == "rewritten") {
        let variant = &result["variants"][0];
        for text in ["text", "with_slots"] {
            let order = json!({"bullet": result["bullet"], "rewrite": variant[text]});
            let judged = api.post("/v1/checks", &order).await.json();
            assert_eq!(judged["verdict"], "grounded", "{order}: {judged}");
        }
        assert!(!variant.to_string().contains("Kubernetes"), "{variant}");
    }
}

/// The ledger, the answers and the providers count the same.
fn check_accounts(api: &Api<VirtualClock>, seen: &Seen, providers: &[Arc<FakeProvider>]) {
    let rows = api.ledger.rows();
    let counts: Vec<_> = providers.iter().map(|provider| provider.counts()).collect();
    let sum = |count: fn(&Counts) -> u64| counts.iter().map(count).sum::<u64>();
    assert_eq!(rows.len() as u64, sum(|counts| counts.attempts), "a row for every attempt on the wire");
    let told = |count: fn(TokenUsage) -> Option<u64>| rows.iter().filter_map(|row| count(row.usage?)).sum::<u64>();
    assert_eq!(told(TokenUsage::input), sum(|counts| counts.told.input), "input tokens");
    assert_eq!(told(|usage| usage.cache_read), sum(|counts| counts.told.cached), "cached tokens");
    assert_eq!(told(TokenUsage::output), sum(|counts| counts.told.output), "output tokens");
    let unknown = rows.iter().filter(|row| row.certainty == Certainty::Unknown).count() as u64;
    assert!(unknown >= sum(|counts| counts.untold.calls), "what may be billed and is not known is never called exact");
    let number = |result: &Value, key: &str| result["provenance"][key].as_u64().expect("a number");
    assert_eq!(seen.calls, rows.len() as u64);
    assert_eq!(
        rows.iter().map(|row| u64::from(row.bullets)).sum::<u64>(),
        seen.results.iter().map(|result| number(result, "attempts")).sum::<u64>()
    );
    assert_eq!(seen.results.iter().map(|result| number(result, "input_tokens")).sum::<u64>(), told(TokenUsage::input));
    let dollars = |result: &Value| result["provenance"]["cost_usd"].as_str().and_then(PicoUsd::from_dollars).expect("a decimal");
    assert_eq!(seen.results.iter().map(dollars).sum::<PicoUsd>(), rows.iter().map(|row| row.cost).sum::<PicoUsd>());
    let ids: HashSet<_> = rows.iter().map(|row| row.attempt_id).collect();
    assert_eq!(ids.len(), rows.len());
}

#[tokio::test(start_paused = true)]
async fn of_two_thousand_bullets_each_gets_a_result_and_most_from_the_model() {
    let providers = [Arc::new(FakeProvider::new(SEED, Faults::mixed(20), LATENCY))];
    let (api, seen) = run(&providers, BULLETS, PROMPT).await;
    assert_eq!(seen.results.len(), BULLETS);
    assert!(seen.by_model * 100 >= BULLETS * 85, "{} of {BULLETS} by the model", seen.by_model);
    assert!(providers[0].counts().faults.len() >= 19, "every kind was dealt: {:?}", providers[0].counts());
    check_accounts(&api, &seen, &providers);
    check_grounded(&api, &seen).await;
}

#[tokio::test(start_paused = true)]
async fn with_a_second_provider_almost_every_bullet_is_answered_by_a_model() {
    let providers = [SEED, SEED + 1].map(|seed| Arc::new(FakeProvider::new(seed, Faults::mixed(20), LATENCY)));
    let (api, seen) = run(&providers, BULLETS, PROMPT).await;
    assert_eq!(seen.results.len(), BULLETS);
    assert!(seen.by_model * 100 >= BULLETS * 97, "{} of {BULLETS} by a model", seen.by_model);
    check_accounts(&api, &seen, &providers);
    check_grounded(&api, &seen).await;
}

#[tokio::test(start_paused = true)]
async fn asked_for_in_groups_bullets_fare_as_well_and_the_accounts_agree() {
    let providers = [Arc::new(FakeProvider::new(SEED + 2, Faults::mixed_in_groups(20), LATENCY))];
    let (api, seen) = run(&providers, GROUPED, GROUP_PROMPT).await;
    assert_eq!(seen.results.len(), GROUPED);
    assert!(seen.by_model * 100 >= GROUPED * 85, "{} of {GROUPED} by the model", seen.by_model);
    let rows = api.ledger.rows();
    assert!(rows.len() * 2 < GROUPED, "far fewer calls than bullets: {}", rows.len());
    let dealt = providers[0].counts().faults;
    assert!(Fault::IN_GROUPS.iter().all(|fault| dealt.contains_key(fault.name())) && dealt.len() >= 23, "{dealt:?}");
    check_accounts(&api, &seen, &providers);
    check_grounded(&api, &seen).await;
}
