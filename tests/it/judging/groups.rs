//! Several bullets of one request: their lines are judged in one question, each against its own evidence.

use std::sync::Arc;

use bulletsmith::ports::CallPurpose;
use serde_json::{Value, json};

use super::{asked, first, same};
use crate::harness::{
    Answer, Api, GROUP_PROMPT, Say, Setup, StubModel, bullets_of, draft, judge, judged_lines, priced, refused, result, results, supported,
};

fn bullet(number: usize) -> String {
    format!("Fixed a deadlock between {} stored procedures of the {} import.", number + 2, ["order", "stock", "price"][number])
}

fn line(bullet: &str) -> String {
    bullet.trim_end_matches('.').replace("Fixed a deadlock", "Resolved a locking problem")
}

/// A model that writes so about each bullet, and judges by a script that is given how often it judged before.
fn model(say: impl Fn(usize, &bulletsmith::domain::request::ModelRequest) -> String + Send + Sync + 'static) -> Arc<StubModel> {
    let judged = std::sync::atomic::AtomicUsize::new(0);
    StubModel::new(move |_, request| {
        if !judged_lines(request).is_empty() {
            return Say::Text(say(judged.fetch_add(1, std::sync::atomic::Ordering::Relaxed), request));
        }
        Say::Text(match bullets_of(request).as_slice() {
            [(None, bullet)] => draft(bullet.trim_end_matches('.')),
            several => results(&several.iter().map(|(id, bullet)| result(id.expect("a number"), &line(bullet))).collect::<Vec<_>>()),
        })
    })
}

async fn rewrite(model: &Arc<StubModel>) -> (Api, Answer) {
    let api: Api = Api::new(Setup { chain: vec![priced(model.clone())], judging: same(), ..Setup::default() });
    let bullets: Vec<_> = (0..3).map(bullet).collect();
    let answer = api.rewrite(json!({"bullets": bullets, "engine": "llm", "prompt": GROUP_PROMPT})).await;
    (api, answer)
}

fn told(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["results"].as_array().expect("results").clone()
}

#[tokio::test]
async fn all_lines_of_a_group_are_judged_in_one_question_and_its_cost_is_divided() {
    let model = model(|_, request| judge(request, |line, _| supported(&line.bullet)));
    let (api, answer) = rewrite(&model).await;
    for (number, result) in told(&answer).iter().enumerate() {
        assert_eq!((&first(result)["text"], &result["status"]), (&json!(line(&bullet(number))), &json!("rewritten")), "{result}");
        assert_eq!((&result["provenance"]["attempts"], &result["provenance"]["judge"]["supported"]), (&json!(2), &json!(3)));
    }
    assert_eq!(asked(&model), [1, 1, 0]);
    let cases: Vec<_> = judged_lines(&model.asked()[1]).iter().map(|line| (line.case, line.bullet.clone())).collect();
    assert_eq!(cases, (0_u64..).zip((0..3).map(bullet)).collect::<Vec<_>>());
    let rows: Vec<_> = api.ledger.rows().iter().map(|row| (row.purpose, row.bullet_index, row.bullets, row.attempt)).collect();
    assert_eq!(rows, [(CallPurpose::Write, 0, 3, 1), (CallPurpose::Judge, 0, 3, 1)]);
    let cost: bulletsmith::domain::cost::PicoUsd = api.ledger.rows().iter().map(|row| row.cost).sum();
    assert_eq!(
        (answer.json()["usage"]["cost_usd"].as_str(), &answer.json()["usage"]["llm_calls"]),
        (Some(cost.to_string().as_str()), &json!(2))
    );
    // Each is a hit by its own question, with its own judgement.
    for result in told(&api.rewrite(json!({"bullets": [bullet(1)], "engine": "llm", "prompt": GROUP_PROMPT})).await) {
        assert_eq!((&result["provenance"]["cache"], &first(&result)["text"]), (&json!("hit"), &json!(line(&bullet(1)))), "{result}");
    }
    assert_eq!(asked(&model), [1, 1, 0]);
}

#[tokio::test]
async fn one_that_is_refused_is_asked_for_alone_and_judged_again() {
    let model = model(|before, request| {
        judge(request, |line, _| if before == 0 && line.case == 1 { refused("locking problem") } else { supported(&line.bullet) })
    });
    let (api, answer) = rewrite(&model).await;
    let texts: Vec<_> = told(&answer).iter().map(|result| first(result)["text"].clone()).collect();
    assert_eq!(texts, [line(&bullet(0)), bullet(1).trim_end_matches('.').to_owned(), line(&bullet(2))]);
    assert_eq!((asked(&model), judged_lines(&model.asked()[3]).len()), ([2, 2, 0], 1));
    assert!(model.asked()[2].messages.last().is_some_and(|told| told.content.contains("locking problem")), "the words of the judge");
    let rows: Vec<_> = api.ledger.rows().iter().map(|row| (row.purpose, row.bullets)).collect();
    assert_eq!(rows, [(CallPurpose::Write, 3), (CallPurpose::Judge, 3), (CallPurpose::Write, 1), (CallPurpose::Judge, 1)]);
}

#[tokio::test]
async fn the_evidence_of_one_bullet_supports_no_line_of_another() {
    let stranger = bullet(0);
    let model = model(move |_, request| judge(request, |line, _| supported(if line.case == 2 { &stranger } else { &line.bullet })));
    let (_, answer) = rewrite(&model).await;
    let told = told(&answer);
    let statuses: Vec<_> = told.iter().map(|result| result["status"].clone()).collect();
    assert_eq!(statuses, [json!("rewritten"), json!("rewritten"), json!("unchanged")]);
    assert_eq!(first(&told[2])["proposal"]["text"], line(&bullet(2)));
    assert_eq!(asked(&model), [1, 1, 0]);
}

#[tokio::test]
async fn a_judge_that_says_nothing_leaves_every_line_of_the_group_as_code_found_it() {
    let model = model(|_, _| "no".to_owned());
    let (_, answer) = rewrite(&model).await;
    for (number, result) in told(&answer).iter().enumerate() {
        assert_eq!(first(result)["proposal"]["text"], line(&bullet(number)), "{result}");
    }
}
