//! `bulletsmith check`: scores a bullet, lists what it claims, and judges a rewrite of it.

use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::path::Path;

use super::desk::Desk;
use super::input;
use super::jsonl::{self, Answered};
use super::matches::Format;
use super::openapi::pretty;
use super::printer::Printer;
use super::session::Session;
use super::stop::{Exit, Stop};
use crate::contract::check::{CheckAnswer, CheckRequest, Verdict};
use crate::contract::rewrite::ScoreSide;
use crate::domain::text::Span;

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
    /// Have a model settle what code can only ask about; costs what the model costs
    #[arg(long)]
    judge: bool,
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
    let Args { text, rewrite, facts, skill, guide, judge, strict, format, jsonl } = args;
    let printer = session.printer();
    if jsonl {
        let desk = session.desk()?;
        let (desk, facts, skill, guide) = (&desk, &facts, &skill, &guide);
        let ended = jsonl::run(jsonl::stdin(), printer, 1, move |_, line: CheckRequest| async move {
            // A flag holds for every line that does not say otherwise.
            let request = CheckRequest {
                facts: line.facts.or_else(|| facts.clone()),
                skill: line.skill.or_else(|| skill.clone()),
                guide: line.guide.or_else(|| guide.clone()),
                judge: line.judge.or(Some(judge).filter(|judge| *judge)),
                ..line
            };
            let answer = desk.check(request).await?;
            Ok(Answered { exit: exit_of(&answer, strict), answer })
        })
        .await;
        warn(desk, printer).await;
        return ended;
    }
    let bullet = match text {
        Some(text) => text,
        None if io::stdin().is_terminal() => return Err(Stop::usage("no bullet given; write it as an argument")),
        None => input::read_text(Path::new("-"))?.trim().to_owned(),
    };
    let (desk, judge) = (session.desk()?, Some(judge).filter(|judge| *judge));
    let answer = desk.check(CheckRequest { bullet, facts, rewrite, skill, guide, judge, ..CheckRequest::default() }).await;
    warn(&desk, printer).await;
    let answer = answer?;
    match format {
        Format::Json => printer.data(&pretty(&answer)?)?,
        Format::Text => printer.data(&text_of(&answer))?,
    }
    Ok(exit_of(&answer, strict))
}

/// Ends what was asked of models, and tells of judges that are not trusted.
async fn warn(desk: &Desk, printer: &Printer) {
    desk.settle().await;
    desk.warnings().iter().for_each(|warning| printer.note(&format!("note: {warning}")));
}

fn exit_of(answer: &CheckAnswer, strict: bool) -> Exit {
    if strict && answer.verdict == Some(Verdict::Ungrounded) { Exit::Input } else { Exit::Done }
}

/// A stable word of the contract, as its JSON spells it.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn text_of(answer: &CheckAnswer) -> String {
    let CheckAnswer { score, facts, violations, verdict, judgements, cost_usd } = answer;
    let mut text = String::new();
    if let Some(verdict) = verdict {
        let _ = writeln!(text, "verdict   {}", word(verdict));
    }
    for violation in violations {
        let (severity, side) = (word(&violation.severity), word(&violation.side));
        let _ = writeln!(text, "{severity:<9} {} in the {side}: {}", word(&violation.code), violation.message);
        if let Some(question) = &violation.question {
            let _ = writeln!(text, "          {question}");
        }
    }
    for judgement in judgements {
        let found = match judgement.supported {
            Some(true) => "supports",
            Some(false) => "refuses",
            None => "leaves open",
        };
        let (side, Span { start, end }) = (word(&judgement.side), judgement.span);
        let _ = writeln!(text, "judge     {found} characters {start} to {end} of the {side}");
    }
    if cost_usd != "0" {
        let _ = writeln!(text, "cost      ${cost_usd}");
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
    fn a_question_is_asked_in_full_and_a_judgement_says_of_which_words_it_is() {
        let open = serde_json::from_value(serde_json::json!({
            "score": {"before": 52, "after": 61, "reasons": []}, "facts": [],
            "violations": [{"code": "no_receipt", "severity": "ask", "message": "nothing vouches for \"unread\"", "in": "rewrite", "span": [6, 12],
                "from": null, "question": "The rewrite says \"unread\". Is that what your bullet says?"}],
            "verdict": "unsettled",
            "judgements": [{"in": "rewrite", "span": [0, 20], "supported": true, "from": {"in": "bullet", "span": [0, 9]}},
                {"in": "rewrite", "span": [6, 12], "supported": null, "from": null}],
            "cost_usd": "0.0002",
        }));
        insta::assert_snapshot!(text_of(&open.expect("the shape of the contract")), @r#"
        verdict   unsettled
        ask       no_receipt in the rewrite: nothing vouches for "unread"
                  The rewrite says "unread". Is that what your bullet says?
        judge     supports characters 0 to 20 of the rewrite
        judge     leaves open characters 6 to 12 of the rewrite
        cost      $0.0002
        score     52 -> 61
        "#);
    }

    #[test]
    fn an_ungrounded_verdict_is_the_inputs_fault_only_when_that_is_asked_for() {
        assert_eq!(exit_of(&answer(), false), Exit::Done);
        assert_eq!(exit_of(&answer(), true), Exit::Input);
        for verdict in [Verdict::Grounded, Verdict::Unsettled] {
            assert_eq!(exit_of(&CheckAnswer { verdict: Some(verdict), ..answer() }, true), Exit::Done);
        }
    }
}
