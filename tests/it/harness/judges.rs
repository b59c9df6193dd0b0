//! What a judge is asked, taken apart, and answers in its shape.

use std::collections::HashMap;
use std::sync::LazyLock;

use bulletsmith::domain::request::{ModelRequest, Speaker};
use serde_json::{Value, json};

/// What a judge says of a line as a whole, or of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    quote: String,
    at_fault: String,
    supported: bool,
}

/// It is supported by these words.
pub(crate) fn supported(quote: &str) -> Said {
    Said { quote: quote.to_owned(), at_fault: String::new(), supported: true }
}

/// It is not, and these words are at fault.
pub(crate) fn refused(at_fault: &str) -> Said {
    Said { quote: String::new(), at_fault: at_fault.to_owned(), supported: false }
}

/// A line that a judge is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) case: u64,
    pub(crate) number: u64,
    pub(crate) bullet: String,
    pub(crate) facts: Vec<String>,
    pub(crate) text: String,
    /// The words in question; those that the line leaves out begin with a minus sign.
    pub(crate) items: Vec<String>,
}

/// The lines of a question to a judge; none where the question is another one.
pub(crate) fn judged_lines(request: &ModelRequest) -> Vec<Line> {
    if request.schema_name != "judgement" {
        return Vec::new();
    }
    let user = request.messages.iter().find(|message| message.speaker == Speaker::User).expect("a user's message");
    let cases = user.content.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok().filter(Value::is_object));
    cases.flat_map(|case| lines_of(&case)).collect()
}

fn lines_of(case: &Value) -> Vec<Line> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let item = |item: &Value| match item.get("says") {
        Some(says) => text(says),
        None => format!("-{}", text(&item["leaves_out"])),
    };
    let all = |value: &Value, of: &dyn Fn(&Value) -> String| value.as_array().expect("a list").iter().map(of).collect::<Vec<_>>();
    let line = |line: &Value| Line {
        case: case["case"].as_u64().expect("a number"),
        number: line["line"].as_u64().expect("a number"),
        bullet: text(&case["evidence"]["bullet"]),
        facts: all(&case["evidence"]["facts"], &text),
        text: text(&line["text"]),
        items: all(&line["items"], &item),
    };
    case["lines"].as_array().expect("a list").iter().map(line).collect()
}

/// An answer that says this of each line as a whole, and of each item by its number from 1.
pub(crate) fn judge(request: &ModelRequest, say: impl Fn(&Line, Option<usize>) -> Said) -> String {
    let object = |Said { quote, at_fault, supported }: Said| json!({"quote": quote, "at_fault": at_fault, "supported": supported});
    let with = |mut object: Value, more: Value| {
        object.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        object
    };
    let answer = |line: &Line| {
        let items: Vec<_> = (1..=line.items.len()).map(|item| with(object(say(line, Some(item))), json!({"item": item}))).collect();
        with(object(say(line, None)), json!({"case": line.case, "line": line.number, "items": items}))
    };
    json!({"lines": judged_lines(request).iter().map(answer).collect::<Vec<_>>()}).to_string()
}

/// The right answers about the pairs that trust is earned by, by their lines.
static PAIRS: LazyLock<HashMap<String, Said>> = LazyLock::new(|| {
    let set = include_str!("../../../fixtures/eval/judge/calibration.jsonl");
    let pair = |line: &str| {
        let pair: Value = serde_json::from_str(line).expect("a pair");
        let text = |key: &str| pair[key].as_str().unwrap_or_default().to_owned();
        let said = if pair["kind"] == "clean" { supported(&text("quote")) } else { refused(&text("at")) };
        (text("rewrite"), said)
    };
    set.lines().map(pair).collect()
});

/// The right answer to a question of a trial; `None` where the question is no such one.
pub(crate) fn calibrated(request: &ModelRequest) -> Option<String> {
    let lines = judged_lines(request);
    let is_trial = !lines.is_empty() && lines.iter().all(|line| PAIRS.contains_key(&line.text));
    is_trial.then(|| judge(request, |line, _| PAIRS[&line.text].clone()))
}
