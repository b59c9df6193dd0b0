//! The judge: what it settles and what it cannot, whether it is trusted, and what becomes of a line that nobody can settle but its writer.

mod caching;
mod checks;
mod command_line;
mod groups;
mod hostile;
mod ladder;
mod proposals;
mod silence;
mod trust;

use std::sync::Arc;

use bulletsmith::domain::request::ModelRequest;
use bulletsmith::service::{JudgeTrust, JudgeWhen, JudgedBy, Judging};
use serde_json::{Value, json};

use crate::harness::{Api, Line, Said, Say, Setup, StubModel, calibrated, draft, judge, judged_lines, supported};

/// A bullet, and an honest line in other words, which code cannot settle: it asks about `locking` and `problem`.
const BULLET: &str = "Fixed a deadlock between two stored procedures that hung the order import each Monday.";
const LINE: &str = "Resolved a locking problem between two stored procedures that hung the order import every Monday";
/// Words of the bullet that say so.
const QUOTE: &str = "Fixed a deadlock between two stored procedures";

/// The model that writes judges as well, and need not be tried.
fn same() -> Judging {
    Judging { by: JudgedBy::Writer, trust: JudgeTrust::Always, when: JudgeWhen::Always }
}

/// A model that writes by one script and judges by another; the scripts are given how often it did so before. It passes every trial.
fn model(
    write: impl Fn(usize, &ModelRequest) -> Say + Send + Sync + 'static,
    judge: impl Fn(usize, &ModelRequest) -> Say + Send + Sync + 'static,
) -> Arc<StubModel> {
    let counts = std::sync::Mutex::new([0, 0]);
    StubModel::new(move |_, request| {
        if let Some(right) = calibrated(request) {
            return Say::Text(right);
        }
        let is_judging = usize::from(!judged_lines(request).is_empty());
        let before = {
            let mut counts = counts.lock().expect("not poisoned");
            counts[is_judging] += 1;
            counts[is_judging] - 1
        };
        if is_judging == 1 { judge(before, request) } else { write(before, request) }
    })
}

/// A judge that says this of every line and item.
fn says(
    say: impl Fn(&Line, Option<usize>) -> Said + Send + Sync + 'static,
) -> impl Fn(usize, &ModelRequest) -> Say + Send + Sync + 'static {
    move |_, request| Say::Text(judge(request, &say))
}

/// A judge that supports everything by the whole bullet.
fn supports_all() -> impl Fn(usize, &ModelRequest) -> Say + Send + Sync + 'static {
    says(|line, _| supported(&line.bullet))
}

/// A writer who always writes this.
fn writes(text: &'static str) -> impl Fn(usize, &ModelRequest) -> Say + Send + Sync + 'static {
    move |_, _| Say::Text(draft(text))
}

fn api(model: &Arc<StubModel>, judging: Judging) -> Api {
    Api::new(Setup { judging, ..Setup::free(vec![Arc::clone(model) as _]) })
}

async fn rewrite(api: &Api, engine: &str) -> Value {
    api.rewrite_one(BULLET, engine).await
}

fn first(result: &Value) -> &Value {
    &result["variants"][0]
}

fn codes(result: &Value) -> Vec<&str> {
    result["notes"].as_array().into_iter().flatten().filter_map(|note| note["code"].as_str()).collect()
}

/// How many questions of each kind a model was asked: to write, to judge, and of a trial.
fn asked(model: &StubModel) -> [usize; 3] {
    let mut counts = [0; 3];
    for request in model.asked() {
        let kind = if calibrated(&request).is_some() { 2 } else { usize::from(!judged_lines(&request).is_empty()) };
        counts[kind] += 1;
    }
    counts
}

/// The line is proposed beside the bullet as it was sent.
fn is_proposed(result: &Value) {
    assert_eq!((&result["status"], &first(result)["text"]), (&json!("unchanged"), &json!(BULLET)), "{result}");
    let proposal = &first(result)["proposal"];
    assert_eq!((&proposal["text"], proposal["confirm"].as_array().map(Vec::len)), (&json!(LINE), Some(2)), "{result}");
    assert!(codes(result).contains(&"proposed"), "{result}");
}

/// The line is settled.
fn is_settled(result: &Value) {
    assert_eq!((&result["status"], &first(result)["text"]), (&json!("rewritten"), &json!(LINE)), "{result}");
    assert_eq!((&first(result)["proposal"], &result["provenance"]["engine"]), (&Value::Null, &json!("llm")), "{result}");
}
