//! `bulletsmith check`: scores a bullet, lists what it claims, and judges a rewrite of it.

use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::path::Path;

use super::input;
use super::jsonl::{self, Answered};
use super::matches::Format;
use super::openapi::pretty;
use super::session::Session;
use super::stop::{Exit, Stop};
use crate::contract::check::{CheckAnswer, CheckRequest, Verdict};
use crate::contract::rewrite::ScoreSide;

/// Score a bullet, list what it claims, and judge a rewrite of it
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The bullet; read from stdin when absent
    #[arg(value_name = "TEXT")]
    text: Option<String>,
    /// A rewrite to judge against the bullet and the facts
    #[arg(long, value_name = "TEXT")]
    rewrite: Option<String>,
    /// Facts about the bullet; evidence for the rewrite
    #[arg(long, value_name = "TEXT")]
    facts: Option<String>,
    /// Id of the skill to score against; matched when absent
    #[arg(long, value_name = "ID")]
    skill: Option<String>,
    /// Id of the guide
    #[arg(long, value_name = "ID")]
    guide: Option<String>,
    /// End with exit code 1 when the rewrite is ungrounded
    #[arg(long)]
    strict: bool,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Read one {"id", "bullet", "facts", "rewrite", …} a line from stdin and write one answer a line
    #[arg(long, conflicts_with_all = ["text", "rewrite", "format"])]
    jsonl: bool,
}

pub(super) async fn run(args: Args, session: &Session<'_>) -> Result<Exit, Stop> {
    let Args { text, rewrite, facts, skill, guide, strict, format, jsonl } = args;
    let printer = session.printer();
    if jsonl {
        let desk = session.desk()?;
        let (desk, facts, skill, guide) = (&desk, &facts, &skill, &guide);
        return jsonl::run(jsonl::stdin(), printer, 1, move |_, line: CheckRequest| async move {
            // A flag holds for every line that does not say otherwise.
            let request = CheckRequest {
                facts: line.facts.or_else(|| facts.clone()),
                skill: line.skill.or_else(|| skill.clone()),
                guide: line.guide.or_else(|| guide.clone()),
                ..line
            };
            let answer = desk.check(request).await?;
            Ok(Answered { exit: exit_of(&answer, strict), answer })
        })
        .await;
    }
    let bullet = match text {
        Some(text) => text,
        None if io::stdin().is_terminal() => return Err(Stop::usage("no bullet given; write it as an argument")),
        None => input::read_text(Path::new("-"))?.trim().to_owned(),
    };
    let answer = session.desk()?.check(CheckRequest { bullet, facts, rewrite, skill, guide, ..CheckRequest::default() }).await?;
    match format {
        Format::Json => printer.data(&pretty(&answer)?)?,
        Format::Text => printer.data(&text_of(&answer))?,
    }
    Ok(exit_of(&answer, strict))
}

fn exit_of(answer: &CheckAnswer, strict: bool) -> Exit {
    if strict && answer.verdict == Some(Verdict::Ungrounded) { Exit::Input } else { Exit::Done }
}

/// A stable word of the contract, as its JSON spells it.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn text_of(answer: &CheckAnswer) -> String {
    let CheckAnswer { score, facts, violations, verdict } = answer;
    let mut text = String::new();
    if let Some(verdict) = verdict {
        let _ = writeln!(text, "verdict   {}", word(verdict));
    }
    for violation in violations {
        let (severity, side) = (word(&violation.severity), word(&violation.side));
        let _ = writeln!(text, "{severity:<9} {} in the {side}: {}", word(&violation.code), violation.message);
    }
    match score.after {
        Some(after) => _ = writeln!(text, "score     {} -> {after}", score.before),
        None => _ = writeln!(text, "score     {}", score.before),
    }
    for reason in &score.reasons {
        let side = match reason.of {
            ScoreSide::Before => "bullet",
            ScoreSide::After => "rewrite",
        };
        let _ = writeln!(text, "  {:>4}    {side}: {}", reason.points, reason.message);
    }
    for fact in facts {
        let value = fact.value.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
        let _ = writeln!(text, "claim     {}: {}{value}", word(&fact.kind), fact.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> CheckAnswer {
        serde_json::from_value(serde_json::json!({
            "score": {"before": 52, "after": 61, "reasons": [{"of": "before", "code": "no_result", "message": "no result is named", "points": -15}]},
            "facts": [{"kind": "quantity", "text": "40%", "span": [3, 6], "value": "40 percent"}],
            "violations": [{"code": "new_quantity", "severity": "hard", "message": "`40%` is not in the bullet", "in": "rewrite", "span": [0, 3], "from": null, "question": null}],
            "verdict": "ungrounded",
        }))
        .expect("the shape of the contract")
    }

    #[test]
    fn the_judgement_comes_before_the_score_and_the_claims() {
        insta::assert_snapshot!(text_of(&answer()), @"
        verdict   ungrounded
        hard      new_quantity in the rewrite: `40%` is not in the bullet
        score     52 -> 61
           -15    bullet: no result is named
        claim     quantity: 40% = 40 percent
        ");
    }

    #[test]
    fn an_ungrounded_verdict_is_the_inputs_fault_only_when_that_is_asked_for() {
        assert_eq!(exit_of(&answer(), false), Exit::Done);
        assert_eq!(exit_of(&answer(), true), Exit::Input);
        assert_eq!(exit_of(&CheckAnswer { verdict: Some(Verdict::Grounded), ..answer() }, true), Exit::Done);
    }
}
