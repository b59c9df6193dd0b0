//! What a hit of the cache came to is remembered, and told again only while everything that it was made of is the same.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::ports::Clock;
use bulletsmith::service::CallLimits;
use serde_json::{Value, json};

use crate::harness::{Api, FRESH, Setup, StubModel, VirtualClock, WEAK, draft};

const BULLET: &str = WEAK[3].0;

/// Asks for the bullet, with this beside it.
async fn ask<C: Clock + 'static>(api: &Api<C>, extra: &Value) -> Value {
    let mut order = json!({"bullets": [BULLET], "engine": "llm"});
    order.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
    let answer = api.rewrite(order).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["results"][0].take()
}

async fn asked_so_often<C: Clock + 'static>(api: &Api<C>, times: usize) -> Vec<Value> {
    let mut results = Vec::new();
    for _ in 0..times {
        results.push(ask(api, &json!({})).await);
    }
    results
}

fn cache_of(result: &Value) -> &str {
    result["provenance"]["cache"].as_str().expect("a word")
}

#[tokio::test]
async fn the_tenth_answer_is_the_second() {
    let model = StubModel::echo();
    let api = Api::with(model.clone());
    let results = asked_so_often(&api, 10).await;
    assert_eq!((cache_of(&results[0]), cache_of(&results[1]), model.asked().len()), ("miss", "hit", 1));
    assert!(results[1..].iter().all(|result| *result == results[1]));
    assert_eq!(results[0]["variants"], results[9]["variants"]);
    assert_eq!(api.cache.seen().0, 2 + 9, "each time the cache is asked whether it still holds the reply");
}

#[tokio::test]
async fn another_reply_under_the_same_key_is_judged_for_itself() {
    let model = StubModel::echo();
    let api = Api::with(model.clone());
    let before = asked_so_often(&api, 3).await.pop().expect("three");
    api.cache.tamper(&draft("Implemented API caching to improve performance")).await;
    let honest = ask(&api, &json!({})).await;
    assert_eq!((cache_of(&honest), &honest["variants"][0]["text"]), ("hit", &json!("Implemented API caching to improve performance")));
    assert_ne!(honest["variants"], before["variants"]);
    api.cache.tamper(&draft("Added Redis caching, cutting API latency by 90%")).await;
    let again = ask(&api, &json!({})).await;
    assert_eq!((cache_of(&again), model.asked().len()), ("miss", 2), "what does not pass is no hit");
    assert_eq!(again["variants"], before["variants"]);
}

#[tokio::test]
async fn every_part_of_the_order_counts() {
    let warm = Api::with(StubModel::echo());
    asked_so_often(&warm, 3).await;
    for extra in [
        json!({"facts": "Used Redis; 5K requests a minute"}),
        json!({"facts": "Used Redis"}),
        json!({"job_description": "We look for someone who knows Redis"}),
        json!({"role": {"title": "Backend Engineer"}}),
        json!({"role": {"current": true}}),
        json!({"role": {"current": false}}),
        json!({"variants": 2}),
        json!({"max_chars": 60}),
        json!({"prompt": "rewrite@1"}),
        json!({"bullets": [{"text": BULLET, "skill": "rest-api"}]}),
        json!({"bullets": [{"text": BULLET, "facts": "Used Redis"}]}),
        json!({"bullets": [BULLET.trim_end_matches('.')]}),
    ] {
        let cold = Api::with(StubModel::echo());
        for times in 1..=3 {
            let (told, expected) = (ask(&warm, &extra).await, ask(&cold, &extra).await);
            for part in ["bullet", "skill", "keywords", "score", "variants", "notes"] {
                assert_eq!(told[part], expected[part], "{extra} the {times}. time: {part}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_out_of_date_refreshed_or_bypassed_is_not_told_from_memory() {
    let model = StubModel::echo();
    let api = Api::new(Setup::timed(vec![model.clone()], &Arc::new(VirtualClock::default()), CallLimits::default()));
    asked_so_often(&api, 3).await;
    for (cache, expected, asked) in [("bypass", "bypassed", 2), ("refresh", "miss", 3), ("use", "hit", 3)] {
        let result = ask(&api, &json!({"cache": cache})).await;
        assert_eq!((cache_of(&result), model.asked().len()), (expected, asked), "{cache}");
    }
    api.clock.sleep(FRESH + Duration::from_secs(1)).await;
    assert_eq!((cache_of(&ask(&api, &json!({})).await), model.asked().len()), ("miss", 4));
}
