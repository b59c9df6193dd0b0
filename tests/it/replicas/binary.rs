//! Two processes of the real binary that share one Redis: what one has paid for, the other has.

use serde_json::{Value, json};

use crate::harness::redis::{OwnRedis, new_name, running};
use crate::harness::{Binary, FakeLlm, PROMPT, Reply};

/// The binary, pointed at this provider and this Redis.
fn replica(fake: &FakeLlm, redis: &str) -> Binary {
    Binary::new()
        .with("BULLETSMITH__PROVIDERS__MOCK__KIND", "openai")
        .with("BULLETSMITH__PROVIDERS__MOCK__BASE_URL", fake.base())
        .with("BULLETSMITH__PROVIDERS__MOCK__FREE", "true")
        .with("BULLETSMITH__LLM__CHAIN", "mock/mock")
        .with("REDIS_URL", redis)
}

async fn ask(url: &str, bullet: &str) -> Value {
    let client = reqwest::Client::builder().build().expect("a client");
    let body = json!({"bullets": [bullet], "engine": "llm", "prompt": PROMPT}).to_string();
    let request = client.post(format!("{url}/v1/rewrites")).header("content-type", "application/json").body(body);
    let text = request.send().await.expect("an answer").text().await.expect("text");
    let answer: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(answer["results"][0]["status"], "rewritten", "{answer}");
    answer["results"][0]["provenance"]["cache"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_process_has_paid_for_the_other_has_also_after_both_start_anew() {
    let Some(redis) = running() else { return };
    let text = format!("Built REST APIs for the mobile and web clients of team {}", new_name());
    let (fake, bullet) = (FakeLlm::start(vec![Reply::rewrite(&text)]).await, format!("{text}."));
    let (one, two) = (replica(&fake, redis), replica(&fake, redis));
    {
        let (one, two) = (one.serve(&[]), two.serve(&[]));
        assert!(!one.told.contains("leave this machine"), "a Redis on this machine needs no notice: {}", one.told);
        assert_eq!((ask(&one.url, &bullet).await, ask(&two.url, &bullet).await), (json!("miss"), json!("hit")));
    }
    let one = one.serve(&[]);
    assert_eq!((ask(&one.url, &bullet).await, fake.heard().len()), (json!("hit"), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_whose_redis_is_gone_answers_and_says_nothing_of_the_url() {
    let Some(mut redis) = OwnRedis::start().await else { return };
    let text = "Built REST APIs for the mobile and web clients";
    let fake = FakeLlm::start(vec![Reply::rewrite(text)]).await;
    redis.kill();
    let url = redis.url().replace("redis://", "redis://user:hunter2@");
    let binary = replica(&fake, &url);
    let ended = binary.run(&["rewrite", "--prompt", PROMPT, "--format", "json", &format!("{text}.")]);
    assert_eq!((ended.code, fake.heard().len()), (Some(0), 1), "{ended:?}");
    assert!(!format!("{ended:?}").contains("hunter2"), "{ended:?}");
    let refused = binary.with("REDIS_URL", "redis://user:hunter2@:port").run(&["rewrite", "--prompt", PROMPT, text]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("REDIS_URL") && !refused.err.contains("hunter2"), "{refused:?}");
}
