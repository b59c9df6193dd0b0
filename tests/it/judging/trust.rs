//! A judge earns trust before its first verdict counts, once for everybody, and again when another model answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bulletsmith::ports::{CallPurpose, ModelError};
use bulletsmith::service::{JudgeTrust, Judging};
use serde_json::json;

use super::{BULLET, LINE, asked, is_proposed, is_settled, rewrite, same};
use crate::harness::{Api, Say, Setup, StubModel, calibrated, draft, judge, judged_lines, priced, refused, request, supported};

fn calibrating() -> Judging {
    Judging { trust: JudgeTrust::Calibrated, ..same() }
}

/// A model that writes the line, supports it, and answers the questions of a trial so.
fn tried(trial: impl Fn(&bulletsmith::domain::request::ModelRequest) -> Say + Send + Sync + 'static) -> Arc<StubModel> {
    StubModel::new(move |_, request| {
        if calibrated(request).is_some() {
            return trial(request);
        }
        let is_judging = !judged_lines(request).is_empty();
        Say::Text(if is_judging { judge(request, |line, _| supported(&line.bullet)) } else { draft(LINE) })
    })
}

fn right() -> Arc<StubModel> {
    tried(|request| Say::Text(calibrated(request).expect("a trial")))
}

/// It believes everything.
fn gullible() -> Arc<StubModel> {
    tried(|request| Say::Text(judge(request, |line, _| supported(&line.bullet))))
}

fn api(model: &Arc<StubModel>) -> Api {
    Api::new(Setup { judging: calibrating(), ..Setup::free(vec![Arc::clone(model) as _]) })
}

#[tokio::test]
async fn a_model_is_tried_on_the_pairs_once_and_then_its_word_counts() {
    let model = right();
    let api: Api = Api::new(Setup { chain: vec![priced(model.clone())], judging: calibrating(), ..Setup::default() });
    let answer = api.rewrite(json!({"bullets": [BULLET], "engine": "llm"})).await.json();
    is_settled(&answer["results"][0]);
    assert_eq!(asked(&model), [1, 1, 4], "twenty-four pairs in four questions");
    let pairs: Vec<_> = model.asked().iter().filter(|asked| calibrated(asked).is_some()).map(|asked| judged_lines(asked).len()).collect();
    assert_eq!(pairs, [6; 4]);
    let rows = api.ledger.rows();
    let trial: Vec<_> = rows.iter().filter(|row| row.rewrite_id.starts_with("jt_")).map(|row| (row.purpose, row.bullets)).collect();
    assert_eq!(trial, [(CallPurpose::Judge, 6); 4], "each call has its row");
    assert_eq!(
        (&answer["usage"]["llm_calls"], &answer["results"][0]["provenance"]["attempts"]),
        (&json!(2), &json!(2)),
        "a trial is nobody's bullet"
    );
    let [kept] = api.ledger.trials().try_into().expect("one trial");
    assert_eq!(
        (kept.right, kept.of, kept.kind.model.to_string(), kept.prompt_ref.to_string()),
        (24, 24, "stub/one".to_owned(), "judge@1".to_owned())
    );
    is_settled(&api.rewrite(json!({"bullets": [BULLET], "engine": "llm", "cache": "refresh"})).await.json()["results"][0]);
    assert_eq!(asked(&model), [2, 2, 4]);
}

#[tokio::test]
async fn a_model_that_believes_everything_judges_nothing_and_readyz_says_so() {
    let model = gullible();
    let api = api(&model);
    is_proposed(&rewrite(&api, "llm").await);
    is_proposed(&api.rewrite(json!({"bullets": [BULLET], "engine": "llm", "cache": "refresh"})).await.json()["results"][0]);
    assert_eq!(asked(&model), [2, 0, 4], "it is tried once and never asked to judge");
    let ready = api.send(request("GET", "/readyz", &[], "")).await;
    let told = json!({"model": "stub/one", "prompt": "judge@1", "trusted": false, "right": 12, "of": 24});
    assert_eq!((ready.status, &ready.json()["judges"][0]), (200, &told), "it is no reason to be unready");
    assert!(api.service.judges()[0].warning().is_some_and(|warning| warning.contains("12 of 24")));
}

#[tokio::test]
async fn two_wrong_answers_are_forgiven_and_three_are_not() {
    for (wrong, trusted) in [(2, true), (3, false)] {
        let left = AtomicUsize::new(wrong);
        let model = tried(move |request| {
            let right: serde_json::Value = serde_json::from_str(&calibrated(request).expect("a trial")).expect("JSON");
            Say::Text(judge(request, |line, _| {
                let answer = &right["lines"][usize::try_from(line.case).expect("small")];
                let is_honest = answer["supported"] == true;
                if is_honest && left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                    return refused("all of it");
                }
                let text = |key: &str| answer[key].as_str().expect("a text");
                if is_honest { supported(text("quote")) } else { refused(text("at_fault")) }
            }))
        });
        let api = api(&model);
        let result = rewrite(&api, "llm").await;
        if trusted {
            is_settled(&result);
        } else {
            is_proposed(&result);
        }
        assert_eq!(api.ledger.trials()[0].right, u32::try_from(24 - wrong).expect("small"));
    }
}

#[tokio::test]
async fn whoever_shares_the_ledger_knows_how_a_model_did() {
    let first = api(&right());
    is_settled(&rewrite(&first, "llm").await);
    let model = right();
    let setup = || Setup { judging: calibrating(), ledger: Arc::clone(&first.ledger), ..Setup::free(vec![model.clone() as _]) };
    let second: Api = Api::new(setup());
    is_settled(&rewrite(&second, "llm").await);
    assert_eq!(asked(&model), [1, 1, 0]);
}

#[tokio::test]
async fn when_another_model_answers_by_the_same_name_it_is_tried_as_well() {
    let judged = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&judged);
    // The provider puts a newer model in its place after the first verdict, and that one believes everything.
    let model = StubModel::new(move |_, request| {
        let is_new = counted.load(Ordering::Relaxed) > 0;
        let name = if is_new { "m-2" } else { "m-1" };
        if judged_lines(request).is_empty() {
            return Say::Text(draft(LINE));
        }
        let credulous = judge(request, |line, _| supported(&line.bullet));
        if let Some(right) = calibrated(request) {
            return Say::As(name, if is_new { credulous } else { right });
        }
        counted.fetch_add(1, Ordering::Relaxed);
        Say::As(name, credulous)
    });
    let api = api(&model);
    let order = json!({"bullets": [BULLET], "engine": "llm", "cache": "refresh"});
    is_settled(&api.rewrite(order.clone()).await.json()["results"][0]);
    is_proposed(&api.rewrite(order.clone()).await.json()["results"][0]);
    assert_eq!(asked(&model), [2, 2, 8]);
    let names: Vec<_> = api.ledger.trials().iter().map(|trial| (trial.served_model.clone(), trial.right)).collect();
    assert_eq!(names, [(Some("m-1".to_owned()), 24), (Some("m-2".to_owned()), 12)]);
    is_proposed(&api.rewrite(order).await.json()["results"][0]);
    assert_eq!(asked(&model), [3, 2, 8], "now it is known");
}

#[tokio::test]
async fn those_who_need_a_trial_at_the_same_time_make_one() {
    let model = right();
    let api = api(&model);
    let other = "Fixed a deadlock between three stored procedures that hung the stock import each Monday.";
    let rewrite_both = |bullet: &'static str| api.rewrite(json!({"bullets": [bullet], "engine": "llm"}));
    let (one, two) = tokio::join!(rewrite_both(BULLET), rewrite_both(other));
    is_settled(&one.json()["results"][0]);
    assert!(two.status < 503, "{}", two.text());
    assert_eq!(asked(&model)[2], 4);
}

#[tokio::test]
async fn a_trial_that_trouble_broke_off_is_taken_up_where_it_stopped() {
    let failed = AtomicUsize::new(0);
    let model = tried(move |request| {
        if failed.fetch_add(1, Ordering::Relaxed) == 1 {
            return Say::Fail(ModelError::Unavailable { status: 503, retry_after: None, should_retry: Some(false) });
        }
        Say::Text(calibrated(request).expect("a trial"))
    });
    let api = api(&model);
    is_proposed(&rewrite(&api, "llm").await);
    assert_eq!((asked(&model), api.ledger.trials().len()), ([1, 0, 4], 0), "nothing is known of it");
    is_settled(&rewrite(&api, "llm").await);
    assert_eq!((asked(&model), api.ledger.trials().len()), ([1, 1, 5], 1), "the one question that is missing");
}

#[tokio::test]
async fn a_model_that_declines_has_answered() {
    let model = tried(|_| Say::Fail(ModelError::Refused { reason: "refusal".to_owned(), served: Box::default() }));
    let api = api(&model);
    is_proposed(&rewrite(&api, "llm").await);
    is_proposed(&api.rewrite(json!({"bullets": [BULLET], "engine": "llm", "cache": "refresh"})).await.json()["results"][0]);
    assert_eq!(asked(&model), [2, 0, 4], "it is not tried again");
    assert_eq!(api.ledger.trials().len(), 0, "what never answered is no news for others");
}

#[tokio::test]
async fn who_trusts_always_tries_nobody() {
    let model = gullible();
    let api: Api = Api::new(Setup { judging: same(), ..Setup::free(vec![model.clone() as _]) });
    is_settled(&rewrite(&api, "llm").await);
    assert_eq!((asked(&model), api.service.judges()[0].is_trusted), ([1, 1, 0], Some(true)));
}
