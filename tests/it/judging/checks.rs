//! `POST /v1/checks` with a judge: what it finds, what it costs, and that its trouble is no trouble of the check.

use bulletsmith::ports::CallPurpose;
use bulletsmith::service::Judging;
use serde_json::{Value, json};

use super::{BULLET, LINE, QUOTE, asked, model, same, says, writes};
use crate::harness::{Answer, Api, Say, Setup, priced, refused, supported};

async fn check(
    judge: impl Fn(usize, &bulletsmith::domain::request::ModelRequest) -> Say + Send + Sync + 'static,
    order: &Value,
) -> (Api, Answer) {
    let model = model(writes(LINE), judge);
    let api: Api = Api::new(Setup { chain: vec![priced(model)], judging: same(), ..Setup::default() });
    let answer = api.post("/v1/checks", order).await;
    (api, answer)
}

fn order(rewrite: &str) -> Value {
    json!({"bullet": BULLET, "rewrite": rewrite, "judge": true})
}

#[tokio::test]
async fn a_judge_settles_what_code_asks_about() {
    let (api, answer) = check(says(|_, _| supported(QUOTE)), &order(LINE)).await;
    let told = answer.json();
    assert_eq!((answer.status, &told["verdict"], &told["violations"]), (200, &json!("grounded"), &json!([])), "{told}");
    let from = json!({"in": "bullet", "span": [0, QUOTE.chars().count()]});
    let judgement = |span: [usize; 2]| json!({"in": "rewrite", "span": span, "supported": true, "from": from});
    assert_eq!(told["judgements"], json!([judgement([0, LINE.chars().count()]), judgement([11, 18]), judgement([19, 26])]));
    let row = &api.ledger.rows()[0];
    assert_eq!((row.purpose, row.rewrite_id.starts_with("ck_")), (CallPurpose::Judge, true));
    assert_eq!((told["cost_usd"].as_str(), answer.header("x-cost-usd")), (Some(row.cost.to_string().as_str()), told["cost_usd"].as_str()));
    assert_ne!(told["cost_usd"], "0");
}

#[tokio::test]
async fn what_it_refuses_is_hard_and_what_it_leaves_open_stays_a_question() {
    let (_, answer) = check(says(|_, item| if item == Some(1) { refused("locking") } else { supported(QUOTE) }), &order(LINE)).await;
    let told = answer.json();
    assert_eq!((&told["verdict"], &told["judgements"][1]["supported"]), (&json!("ungrounded"), &json!(false)), "{told}");
    let refusal = &told["violations"][0];
    assert_eq!(
        (&refusal["code"], &refusal["severity"], &refusal["span"]),
        (&json!("judged_unsupported"), &json!("hard"), &json!([11, 18]))
    );
    let (_, answer) = check(says(|_, item| supported(if item == Some(1) { "nobody said so" } else { QUOTE })), &order(LINE)).await;
    let told = answer.json();
    assert_eq!(
        (&told["verdict"], &told["judgements"][1]["supported"], &told["judgements"][2]["supported"]),
        (&json!("unsettled"), &Value::Null, &json!(true))
    );
    let open: Vec<_> = told["violations"].as_array().expect("violations").iter().map(|violation| violation["span"].clone()).collect();
    assert_eq!(open, [json!([11, 18])], "{told}");
    // Without a word about the line as a whole, its items settle nothing.
    let (_, answer) = check(says(|_, item| supported(if item.is_none() { "" } else { QUOTE })), &order(LINE)).await;
    assert_eq!((&answer.json()["verdict"], answer.json()["violations"].as_array().map(Vec::len)), (&json!("unsettled"), Some(2)));
}

#[tokio::test]
async fn trouble_with_the_judge_leaves_the_check_as_code_found_it() {
    let without = Api::without_model().post("/v1/checks", &json!({"bullet": BULLET, "rewrite": LINE})).await.json();
    assert_eq!((&without["judgements"], &without["cost_usd"]), (&json!([]), &json!("0")));
    let (_, answer) = check(|_, _| Say::Text("no".to_owned()), &order(LINE)).await;
    let told = answer.json();
    assert_eq!((&told["verdict"], &told["violations"]), (&without["verdict"], &without["violations"]));
    assert!(told["judgements"].as_array().expect("judgements").iter().all(|judgement| judgement["supported"].is_null()), "{told}");
}

#[tokio::test]
async fn nobody_is_asked_where_there_is_nothing_to_ask() {
    for order in [
        order("Fixed 12 deadlocks with Redis"),
        order(BULLET),
        json!({"bullet": BULLET, "judge": true}),
        json!({"bullet": BULLET, "rewrite": LINE, "judge": false}),
    ] {
        let model = model(writes(LINE), says(|_, _| supported(QUOTE)));
        let api: Api = Api::new(Setup { judging: same(), ..Setup::free(vec![model.clone()]) });
        let answer = api.post("/v1/checks", &order).await;
        assert_eq!((answer.status, asked(&model), &answer.json()["judgements"]), (200, [0, 0, 0], &json!([])), "{order}");
    }
}

#[tokio::test]
async fn without_a_judge_there_is_no_such_check() {
    let model = model(writes(LINE), says(|_, _| supported(QUOTE)));
    let nobody: Api = Api::new(Setup { judging: Judging::default(), ..Setup::free(vec![model]) });
    let no_model: Api = Api::new(Setup { judging: same(), ..Setup::default() });
    for api in [nobody, no_model] {
        assert_eq!(api.post("/v1/checks", &order(LINE)).await.problem(), (503, "no_model".to_owned()));
        assert_eq!(api.post("/v1/checks", &json!({"bullet": BULLET, "rewrite": LINE})).await.status, 200);
    }
    let bad = Api::without_model().post("/v1/checks", &json!({"bullet": "", "judge": true})).await;
    assert_eq!(bad.problem().0, 422, "what cannot be checked is told first");
}
