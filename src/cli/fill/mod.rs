//! `bulletsmith fill`: puts answers into the slots of a rewrite; without answers it asks the questions, one by one.

mod asking;
mod source;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead as _, Read as _};

use super::matches::Format;
use super::openapi::pretty;
use super::printer::Printer;
use super::session::Session;
use super::stop::{Exit, Stop};
use crate::contract::check::Verdict;
use crate::contract::fill::FillAnswer;

/// The most that is read of somebody's answers.
const LONGEST_TALK: u64 = 1 << 20;

/// Put answers into the slots of a rewrite, or say yes to its proposal; without --answer and --confirm the questions are asked one by one
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    source: source::Source,
    /// The answer to one slot, as in s1=Redis; once for each
    #[arg(long = "answer", value_name = "ID=ANSWER", value_parser = answer_of)]
    answers: Vec<(String, String)>,
    /// The id of a question of the proposal to say yes to, as in c1; once for each
    #[arg(long, value_name = "ID")]
    confirm: Vec<String>,
    /// The id of an offered value to put in, as in change1-percent
    #[arg(long, value_name = "ID")]
    accept: Vec<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) async fn run(args: Args, session: &Session<'_>) -> Result<Exit, Stop> {
    let Args { source, answers, confirm, accept, format } = args;
    let printer = session.printer();
    let asks = answers.is_empty() && confirm.is_empty() && !source.takes_stdin();
    let mut request = source.read()?;
    let mut by_id = BTreeMap::new();
    for (id, answer) in answers {
        if by_id.insert(id.clone(), Some(answer)).is_some() {
            return Err(Stop::usage(format!("--answer {id} is given twice; answer each slot once")));
        }
    }
    request.answers = by_id;
    if !confirm.is_empty() && request.proposal.is_none() {
        return Err(Stop::usage("--confirm says yes to a proposal, and this version of the bullet has none"));
    }
    request.confirm = Some(confirm.into_iter().map(|id| (id, true)).collect()).filter(|confirm: &BTreeMap<_, _>| !confirm.is_empty());
    request.accept = Some(accept).filter(|accept| !accept.is_empty());
    let desk = session.desk()?;
    let answer = if asks {
        let mut lines = io::BufReader::new(io::stdin().lock().take(LONGEST_TALK)).lines();
        asking::ask(&desk, printer, request, &mut lines).await?
    } else {
        desk.fill(request).await?
    };
    match format {
        Format::Json => printer.data(&pretty(&answer)?)?,
        Format::Text => {
            printer.data(&answer.text)?;
            tell(printer, &answer, asks);
        }
    }
    Ok(Exit::Done)
}

/// `s1=Redis`.
fn answer_of(text: &str) -> Result<(String, String), String> {
    let (id, answer) = text.split_once('=').ok_or("write it as ID=ANSWER, such as s1=Redis")?;
    Ok((id.trim().to_owned(), answer.to_owned()))
}

/// What the text alone does not show, for people.
fn tell(printer: &Printer, answer: &FillAnswer, was_asked: bool) {
    let words = told(answer, was_asked);
    if !words.is_empty() {
        printer.note(&words);
    }
}

fn told(answer: &FillAnswer, was_asked: bool) -> String {
    let FillAnswer { text: _, with_slots, slots, facts: _, violations, verdict, evidence: _, offers } = answer;
    let mut told = String::new();
    if !slots.is_empty() {
        let _ = writeln!(told, "open      {with_slots}");
    }
    for slot in slots {
        let _ = writeln!(told, "          {} {}", slot.id, slot.question);
    }
    let warning = match verdict {
        Verdict::Grounded => None,
        Verdict::Unsettled => Some("only you can say whether the text says what the bullet, the facts and the answers say"),
        Verdict::Ungrounded => Some("the text says more than the bullet, the facts and the answers do"),
    };
    if let Some(warning) = warning {
        let _ = writeln!(told, "warning   {warning}");
        for violation in violations {
            let _ = writeln!(told, "          {}", violation.question.as_ref().unwrap_or(&violation.message));
        }
    }
    for offer in offers.iter().filter(|_| !was_asked) {
        let _ = writeln!(told, "offer     {} ({}); put it in with --accept {}", offer.text, offer.arithmetic, offer.id);
    }
    told
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_open_wrong_or_on_offer_is_told_beside_the_text() {
        let answer: FillAnswer = serde_json::from_value(json!({
            "text": "Ran it", "with_slots": "Ran it with [tool]",
            "slots": [{"id": "s2", "label": "tool", "kind": "tool", "units": [], "question": "Which tool?"}],
            "facts": [], "violations": [{"code": "dropped_fact", "severity": "hard", "message": "\"x\" is lost", "in": "bullet", "span": [0, 1], "from": null, "question": null}],
            "verdict": "ungrounded", "evidence": "",
            "offers": [{"id": "change1-percent", "text": "92% less", "arithmetic": "(12 - 1) / 12 = 92 %"}],
        }))
        .expect("the shape of the contract");
        insta::assert_snapshot!(told(&answer, false), @r#"
        open      Ran it with [tool]
                  s2 Which tool?
        warning   the text says more than the bullet, the facts and the answers do
                  "x" is lost
        offer     92% less ((12 - 1) / 12 = 92 %); put it in with --accept change1-percent
        "#);
        assert!(!told(&answer, true).contains("offer"));
        let done = FillAnswer { slots: vec![], violations: vec![], verdict: Verdict::Grounded, offers: vec![], ..answer };
        assert_eq!(told(&done, false), "");
    }

    #[test]
    fn an_answer_may_hold_an_equals_sign() {
        assert_eq!(answer_of("s1=a=b"), Ok(("s1".to_owned(), "a=b".to_owned())));
        assert!(answer_of("Redis").is_err());
    }
}
