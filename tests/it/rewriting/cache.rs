//! One question is asked once: where replies are kept, for whom, and when they are not.

use std::time::Duration;

use bulletsmith::contract::rewrite::{BulletInput, CacheOutcome, EngineChoice, RewriteRequest};
use bulletsmith::ports::ModelError;
use bulletsmith::service::Caller;
use serde_json::{Value, json};

use crate::harness::{Api, PROMPT, Say, Setup, StubModel, WEAK, draft};

const BULLET: &str = WEAK[3].0;

fn order(bullets: &[String], cache: &str) -> Value {
    json!({"bullets": bullets, "engine": "llm", "cache": cache})
}

fn how(result: &Value) -> (&str, u64, u64, &str) {
    let made = &result["provenance"];
    let number = |key: &str| made[key].as_u64().expect("a number");
    (
        made["cache"].as_str().expect("a word"),
        number("attempts"),
        number("input_tokens") + number("output_tokens"),
        made["cost_usd"].as_str().expect("a decimal"),
    )
}

#[tokio::test]
async fn alone_or_among_thirty_a_bullet_makes_one_request_and_one_entry() {
    let model = StubModel::echo();
    let api = Api::with(model.clone());
    let first = api.rewrite(order(&[BULLET.to_owned()], "use")).await.json();
    assert_eq!(how(&first["results"][0]), ("miss", 1, 1_100, "0"));
    let mut bullets: Vec<String> = (1..30).map(|at| format!("Built REST API number {at} for the web clients.")).collect();
    bullets.insert(17, BULLET.to_owned());
    let all = api.rewrite(order(&bullets, "use")).await;
    assert_eq!(all.status, 200, "{}", all.text());
    assert_eq!(how(&all.json()["results"][17]), ("hit", 0, 0, "0"));
    assert_eq!((model.asked().len(), api.cache.seen().1), (30, 30));
    assert_eq!(all.json()["usage"]["llm_calls"], 29);

    let alone = &model.asked()[0];
    let other = StubModel::echo();
    Api::with(other.clone()).rewrite(order(&bullets, "use")).await;
    assert!(other.asked().contains(alone), "the neighbours of a bullet are no part of its question");
}

#[tokio::test]
async fn a_hit_gives_the_same_rewrite_and_says_who_wrote_it() {
    let api = Api::with(StubModel::echo());
    let first = api.rewrite_one(BULLET, "llm").await;
    let again = api.rewrite_one(BULLET, "llm").await;
    assert_eq!(how(&again), ("hit", 0, 0, "0"));
    assert_eq!((&again["variants"], &again["provenance"]["model"]), (&first["variants"], &first["provenance"]["model"]));
    assert_eq!(api.ledger.rows().len(), 1, "a hit is no attempt");
}

#[tokio::test]
async fn refresh_asks_again_and_keeps_what_comes() {
    let model =
        StubModel::texts([draft("Added caching to improve API performance"), draft("Implemented caching to improve API performance")]);
    let api = Api::with(model.clone());
    api.rewrite_one(BULLET, "llm").await;
    let fresh = api.rewrite(order(&[BULLET.to_owned()], "refresh")).await.json();
    assert_eq!((how(&fresh["results"][0]).0, model.asked().len()), ("miss", 2));
    let kept = api.rewrite_one(BULLET, "llm").await;
    assert_eq!((how(&kept).0, &kept["variants"][0]["text"]), ("hit", &json!("Implemented caching to improve API performance")));
}

#[tokio::test]
async fn bypass_neither_reads_nor_writes() {
    let model = StubModel::echo();
    let api = Api::with(model.clone());
    for calls in 1..=2 {
        let answer = api.rewrite(order(&[BULLET.to_owned()], "bypass")).await.json();
        assert_eq!((how(&answer["results"][0]).0, model.asked().len()), ("bypassed", calls));
    }
    assert_eq!(api.cache.seen(), (0, 0));
}

#[tokio::test]
async fn the_same_bullet_twice_in_one_request_is_asked_once() {
    for cache in ["use", "refresh"] {
        let model = StubModel::echo();
        let api = Api::with(model.clone());
        let answer = api.rewrite(order(&[BULLET.to_owned(), BULLET.to_owned()], cache)).await.json();
        assert_eq!(how(&answer["results"][0]).0, "miss", "{cache}");
        assert_eq!(how(&answer["results"][1]), ("shared", 0, 0, "0"), "{cache}");
        assert_eq!((model.asked().len(), api.ledger.rows().len()), (1, 1), "{cache}");
    }
}

#[tokio::test]
async fn a_refresh_behind_one_that_failed_shares_the_failure_and_not_what_was_kept_before() {
    let model = StubModel::new(|call, _| match call {
        1 => Say::Fail(ModelError::Refused { reason: "refusal".to_owned(), served: Box::default() }),
        _ => Say::Text(draft("Implemented caching to improve API performance")),
    });
    let api = Api::with(model.clone());
    api.rewrite_one(BULLET, "llm").await;
    let answer = api.rewrite(order(&[BULLET.to_owned(), BULLET.to_owned()], "refresh")).await;
    assert_eq!((answer.problem(), model.asked().len()), ((502, "provider_refused".to_owned()), 2), "{}", answer.text());
}

#[tokio::test]
async fn an_ungrounded_reply_is_not_kept() {
    let model = StubModel::texts([draft("Added Redis caching to improve API performance")]);
    let api = Api::with(model.clone());
    for asked in [2, 4] {
        let answer = api.rewrite(order(&[BULLET.to_owned()], "use")).await;
        assert_eq!((answer.problem().1.as_str(), model.asked().len()), ("provider_ungrounded", asked));
    }
    assert_eq!(api.cache.seen().1, 0);
}

#[tokio::test]
async fn tenants_share_only_where_that_is_switched_on() {
    for (shares, expected) in [
        (false, [CacheOutcome::Miss, CacheOutcome::Miss, CacheOutcome::Hit]),
        (true, [CacheOutcome::Miss, CacheOutcome::Hit, CacheOutcome::Hit]),
    ] {
        let api = Api::new(Setup { shares, ..Setup::free(vec![StubModel::echo()]) });
        let mut how = Vec::new();
        for tenant in ["one", "two", "one"] {
            let request = RewriteRequest {
                bullets: vec![BulletInput::Text(BULLET.to_owned())],
                engine: Some(EngineChoice::Llm),
                prompt: Some(PROMPT.to_owned()),
                ..RewriteRequest::default()
            };
            let caller = Caller { tenant: tenant.to_owned() };
            let answer = Box::pin(api.service.rewrite(request, &caller, Duration::from_mins(1))).await.expect("a good request");
            how.push(answer.results[0].provenance.cache);
        }
        assert_eq!(how, expected);
        let tenants: Vec<_> = api.ledger.rows().into_iter().map(|row| row.tenant).collect();
        assert_eq!(tenants, if shares { vec!["one"] } else { vec!["one", "two"] }, "who asked first has paid");
    }
}

#[tokio::test]
async fn tenants_who_ask_at_the_same_time_do_not_wait_for_each_other() {
    let model = StubModel::echo();
    let api = Api::with(model.clone());
    let ask = async |tenant: &str| {
        let request = RewriteRequest {
            bullets: vec![BulletInput::Text(BULLET.to_owned())],
            engine: Some(EngineChoice::Llm),
            prompt: Some(PROMPT.to_owned()),
            ..RewriteRequest::default()
        };
        let caller = Caller { tenant: tenant.to_owned() };
        let answer = Box::pin(api.service.rewrite(request, &caller, Duration::from_mins(1))).await.expect("a good request");
        answer.results[0].provenance.cache
    };
    assert_eq!(tokio::join!(ask("one"), ask("two")), (CacheOutcome::Miss, CacheOutcome::Miss));
    assert_eq!(model.asked().len(), 2, "an answer that is shared would tell that another has asked");
}

#[tokio::test]
async fn other_facts_another_limit_or_more_variants_are_another_question() {
    let model = StubModel::echo();
    let api = Api::with(model.clone());
    for (at, extra) in
        [json!({}), json!({"facts": "Used Redis"}), json!({"max_chars": 100}), json!({"variants": 2})].into_iter().enumerate()
    {
        let mut order = order(&[BULLET.to_owned()], "use");
        order.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
        let answer = api.rewrite(order).await.json();
        assert_eq!((how(&answer["results"][0]).0, model.asked().len()), ("miss", at + 1), "{extra}");
    }
}
