//! A judge in trouble fails nothing: what code vouches for is told, and the rest is proposed.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::domain::cost::{Budgets, Caps, PicoUsd};
use bulletsmith::ports::{ModelError, Served};
use bulletsmith::service::{CallLimits, Spending};
use serde_json::{Value, json};

use super::{BULLET, LINE, QUOTE, api, asked, first, is_proposed, is_settled, model, rewrite, same, says, writes};
use crate::harness::{Api, Say, Setup, VirtualClock, judge, judged_lines, priced, refused, supported};

const HONEST: &str = "Fixed a deadlock between two stored procedures that hung the order import each Monday";

type Judge = fn(&bulletsmith::domain::request::ModelRequest) -> Say;

const TROUBLE: [(&str, Judge); 12] = [
    ("down", |_| Say::Fail(ModelError::Unavailable { status: 503, retry_after: None, should_retry: Some(false) })),
    ("refuses to talk", |_| Say::Fail(ModelError::Refused { reason: "refusal".to_owned(), served: Box::default() })),
    ("cut", |_| Say::Fail(ModelError::Truncated { served: Box::new(Served::default()) })),
    ("no JSON", |_| Say::Text("Yes, all of it is supported.".to_owned())),
    ("broken JSON", |request| Say::Text(judge(request, |_, _| supported(QUOTE))[..60].to_owned())),
    ("another shape", |_| Say::Text(json!({"verdict": "supported"}).to_string())),
    ("nothing in it", |_| Say::Text(json!({"lines": []}).to_string())),
    ("another line", |request| Say::Text(judge(request, |_, _| supported(QUOTE)).replace(r#""line":0"#, r#""line":7"#))),
    ("twice", |request| {
        let mut answer: Value = serde_json::from_str(&judge(request, |_, _| supported(QUOTE))).expect("JSON");
        let line = answer["lines"][0].clone();
        answer["lines"].as_array_mut().expect("lines").push(line);
        Say::Text(answer.to_string())
    }),
    ("quotes nothing", |request| Say::Text(judge(request, |_, _| supported("")))),
    ("quotes the line", |request| Say::Text(judge(request, |line, _| supported(&line.text)))),
    ("quotes one word", |request| Say::Text(judge(request, |_, _| supported("deadlock")))),
];

#[tokio::test]
async fn a_judge_that_gives_no_answer_that_counts_leaves_the_line_to_its_writer() {
    for (trouble, says) in TROUBLE {
        let model = model(writes(LINE), move |_, request| says(request));
        let api = api(&model, same());
        let result = rewrite(&api, "llm").await;
        is_proposed(&result);
        assert_eq!(asked(&model)[0], 1, "{trouble}: the writer is not to blame");
        let auto = rewrite(&api, "auto").await;
        assert_eq!(first(&auto)["proposal"], first(&result)["proposal"], "{trouble}");
    }
}

#[tokio::test]
async fn a_judge_that_gives_no_answer_that_counts_takes_nothing_from_what_code_vouches_for() {
    for (trouble, says) in TROUBLE {
        let model = model(writes(HONEST), move |_, request| says(request));
        let result = rewrite(&api(&model, same()), "llm").await;
        assert_eq!((&result["status"], &first(&result)["text"]), (&json!("rewritten"), &json!(HONEST)), "{trouble}: {result}");
        assert_eq!(result["provenance"]["engine"], "llm", "{trouble}");
    }
}

#[tokio::test]
async fn one_item_that_is_open_leaves_the_line_open_and_one_that_is_refused_refuses_it() {
    for (item, is_open) in [(supported("words of nobody"), true), (refused("problem"), false)] {
        let said = item.clone();
        let model = model(writes(LINE), says(move |_, item| if item == Some(2) { said.clone() } else { supported(QUOTE) }));
        let answer = api(&model, same()).rewrite(json!({"bullets": [BULLET], "engine": "llm"})).await;
        if is_open {
            is_proposed(&answer.json()["results"][0]);
        } else {
            assert_eq!(answer.problem().1, "provider_ungrounded");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_judge_that_is_late_has_half_of_the_time_that_is_left_and_no_more() {
    let clock = Arc::new(VirtualClock::default());
    let model = model(writes(LINE), |_, _| Say::Nothing);
    let limits = CallLimits { attempt_timeout: Duration::from_hours(1), ..CallLimits::default() };
    let api = Api::new(Setup { judging: same(), ..Setup::timed(vec![model.clone()], &clock, limits) });
    let result = api.rewrite_one(BULLET, "llm").await;
    is_proposed(&result);
    let waited = bulletsmith::ports::Clock::elapsed(clock.as_ref());
    assert_eq!((asked(&model), waited), ([1, 1, 0], Duration::from_secs(30)), "of a minute");
    assert_eq!(api.ledger.outcomes(), ["complete", "deadline_exceeded"]);
}

#[tokio::test]
async fn a_judge_that_the_budget_does_not_cover_is_not_asked() {
    let model = model(writes(LINE), says(|_, _| supported(QUOTE)));
    let priced_api = |day: Option<PicoUsd>| -> Api {
        let budgets = Budgets { total: Caps { day, month: None }, ..Budgets::default() };
        let spending = Spending { budgets, ..Spending::default() };
        Api::new(Setup { chain: vec![priced(model.clone())], judging: same(), spending, ..Setup::default() })
    };
    let free = priced_api(None);
    is_settled(&rewrite(&free, "llm").await);
    let [write, judge] = free.ledger.orders().try_into().expect("two calls");
    let spent = free.ledger.rows()[0].cost;
    let short = priced_api(Some(spent.plus(judge.worst).less(PicoUsd::new(1)).max(write.worst)));
    let before = model.asked().len();
    is_proposed(&rewrite(&short, "llm").await);
    assert_eq!((model.asked().len() - before, short.ledger.rows().len()), (1, 1));
}

#[tokio::test]
async fn fences_and_prose_around_an_answer_are_left_out() {
    for (before, after) in [("```json\n", "\n```"), ("Here you are: ", " Good luck!"), ("<think>Hm {</think>", "")] {
        let model = model(writes(LINE), move |_, request| Say::Text(format!("{before}{}{after}", judge(request, |_, _| supported(QUOTE)))));
        is_settled(&rewrite(&api(&model, same()), "llm").await);
    }
}

#[tokio::test]
async fn an_answer_that_met_the_token_limit_is_asked_for_once_more_with_twice_as_many() {
    let model = model(writes(LINE), |before, request| match before {
        0 => Say::Fail(ModelError::Truncated { served: Box::default() }),
        _ => Say::Text(judge(request, |_, _| supported(QUOTE))),
    });
    is_settled(&rewrite(&api(&model, same()), "llm").await);
    let limits: Vec<_> =
        model.asked().iter().filter(|request| !judged_lines(request).is_empty()).map(|asked| asked.max_output_tokens).collect();
    assert_eq!(limits, [3 * 160, 6 * 160], "for the line as a whole and two items");
}
