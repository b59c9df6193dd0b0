//! What a judge said is kept with the reply: a hit asks nobody, and a reply that no judge has read waits for one.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::ports::{ModelError, ReplyCache};
use bulletsmith::service::Judging;
use futures_util::poll;
use serde_json::{Value, json};

use super::{BULLET, LINE, QUOTE, api, asked, first, is_proposed, is_settled, model, rewrite, same, says, writes};
use crate::harness::{Api, Say, Setup, judge, judged_lines, refused, supported};

fn cache(result: &Value) -> &str {
    result["provenance"]["cache"].as_str().expect("a word")
}

#[tokio::test]
async fn a_hit_tells_what_the_judge_said_and_asks_nobody() {
    let model = model(writes(LINE), says(|_, _| supported(QUOTE)));
    let api = api(&model, same());
    let miss = rewrite(&api, "llm").await;
    let hits = [rewrite(&api, "llm").await, rewrite(&api, "llm").await, rewrite(&api, "llm").await];
    for hit in &hits {
        is_settled(hit);
        let made = &hit["provenance"];
        assert_eq!((cache(hit), &made["attempts"], &made["cost_usd"]), ("hit", &json!(0), &json!("0")));
        assert_eq!((&hit["variants"], &made["judge"]), (&miss["variants"], &miss["provenance"]["judge"]));
    }
    assert_eq!((asked(&model), hits[0] == hits[2]), ([1, 1, 0], true));
    // A proposal is a hit as well.
    let model = super::model(writes(LINE), says(|_, _| supported("words of nobody")));
    let api = super::api(&model, same());
    let (miss, hit, again) = (rewrite(&api, "llm").await, rewrite(&api, "llm").await, rewrite(&api, "llm").await);
    is_proposed(&again);
    assert_eq!((cache(&miss), cache(&hit), &hit["variants"], hit == again), ("miss", "hit", &miss["variants"], true));
    assert_eq!(asked(&model), [1, 1, 0]);
}

#[tokio::test]
async fn a_draft_that_no_judge_has_read_is_kept_and_the_judge_alone_is_asked_later() {
    let model = model(writes(LINE), |before, request| match before {
        0 => Say::Fail(ModelError::Unavailable { status: 503, retry_after: None, should_retry: Some(false) }),
        _ => Say::Text(judge(request, |_, _| supported(QUOTE))),
    });
    let api = api(&model, same());
    is_proposed(&rewrite(&api, "llm").await);
    let second = rewrite(&api, "llm").await;
    is_settled(&second);
    assert_eq!((cache(&second), &second["provenance"]["attempts"], asked(&model)), ("miss", &json!(1), [1, 2, 0]));
    let third = rewrite(&api, "llm").await;
    assert_eq!((cache(&third), first(&third), asked(&model)), ("hit", first(&second), [1, 2, 0]));
}

#[tokio::test]
async fn a_draft_that_is_refused_late_is_asked_again_like_any_other() {
    let model = model(
        |before, _| Say::Text(crate::harness::draft(if before == 0 { LINE } else { BULLET.trim_end_matches('.') })),
        |before, request| match before {
            0 => Say::Text("?".to_owned()),
            1 => Say::Text(judge(request, |_, _| refused("locking problem"))),
            _ => Say::Text(judge(request, |line, _| supported(&line.bullet))),
        },
    );
    let api = api(&model, same());
    is_proposed(&rewrite(&api, "llm").await);
    let second = rewrite(&api, "llm").await;
    assert_eq!((&second["status"], &first(&second)["text"]), (&json!("rewritten"), &json!(BULLET.trim_end_matches('.'))), "{second}");
    assert_eq!(asked(&model), [2, 3, 0]);
}

#[tokio::test]
async fn what_is_put_into_the_store_in_the_judges_name_counts_no_more_than_its_quotes() {
    let model = model(writes(LINE), says(|_, _| supported(QUOTE)));
    let api = api(&model, same());
    is_settled(&rewrite(&api, "llm").await);
    // The judgement was of other words; they are no evidence for these, which code can refuse by itself.
    api.cache.tamper(&crate::harness::draft("Resolved 12 locking problems between two stored procedures with Redis")).await;
    let result = rewrite(&api, "llm").await;
    is_settled(&result);
    assert_eq!((cache(&result), asked(&model)[0]), ("miss", 2), "what does not pass is no hit");
}

#[tokio::test]
async fn requests_with_the_same_question_share_the_draft_and_the_judge() {
    let model = model(writes(LINE), says(|_, _| supported(QUOTE)));
    let api = api(&model, same());
    let (one, other) = tokio::join!(rewrite(&api, "llm"), rewrite(&api, "llm"));
    is_settled(&one);
    is_settled(&other);
    assert_eq!((asked(&model), one["variants"] == other["variants"]), ([1, 1, 0], true));
    assert_eq!(one["provenance"]["judge"], other["provenance"]["judge"]);
}

#[tokio::test]
async fn a_client_that_hangs_up_before_the_judge_finds_its_draft_and_pays_for_the_judge_alone() {
    let model = model(writes(LINE), says(|_, _| supported(QUOTE)));
    let api = api(&model, same());
    let mut asking = Box::pin(api.rewrite(json!({"bullets": [BULLET], "engine": "llm"})));
    while model.asked().is_empty() {
        assert!(poll!(asking.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    drop(asking);
    assert_eq!(api.service.settle(Duration::MAX).await, 0);
    assert_eq!((asked(&model), api.cache.seen().1), ([1, 0, 0], 1), "nothing new is begun for nobody");
    is_settled(&rewrite(&api, "llm").await);
    assert_eq!(asked(&model), [1, 1, 0]);
}

#[tokio::test]
async fn a_draft_from_before_there_was_a_judge_is_judged_when_there_is_one() {
    let model = model(writes(LINE), says(|_, _| supported(QUOTE)));
    let before = api(&model, Judging::default());
    is_proposed(&rewrite(&before, "llm").await);
    is_proposed(&rewrite(&before, "llm").await);
    assert_eq!(asked(&model), [1, 0, 0]);
    let replies: Arc<dyn ReplyCache> = before.cache.clone();
    let after: Api = Api::new(Setup { judging: same(), replies: Some(replies), ..Setup::free(vec![model.clone()]) });
    is_settled(&rewrite(&after, "llm").await);
    assert_eq!((asked(&model), judged_lines(&model.asked()[1]).len()), ([1, 1, 0], 1));
}
