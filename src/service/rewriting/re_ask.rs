//! The one re-ask: the same question with the answer and what is wrong with it behind it.

use serde_json::json;

use super::Job;
use crate::domain::facts::Reading;
use crate::domain::grounding::{Side, Violation};
use crate::domain::request::{Message, ModelRequest, Speaker};
use crate::service::calling::failure::Failure;
use crate::service::calling::reply::NoDraft;

/// The most findings that are quoted.
const MOST: usize = 8;
/// The longest part of an answer that is sent back, in characters.
const LONGEST: usize = 4_000;
/// How many words on each side of a fault tell what the evidence says of it, and how many words of the evidence are quoted for that.
const AROUND: usize = 3;
const QUOTED: usize = 12;

/// What is wrong with a reply.
pub(super) enum Fault {
    /// It is not the JSON that was asked for.
    Shape(NoDraft),
    /// It claims what the evidence does not.
    Claims {
        /// Its first line, as it was written.
        text: String,
        /// What is wrong with that, by the check or by a judge.
        violations: Vec<Violation>,
    },
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Shape(NoDraft { reason, detail: _ }) => Self::NotADraft { reason },
            Fault::Claims { text: _, violations } => Self::Ungrounded(violations),
        }
    }
}

/// The same question with the answer and its faults behind it: other bytes, so that no provider gives the same answer from a cache.
///
/// What is quoted can hold words of the model or of the user, so it goes in as data, escaped.
pub(super) fn re_ask(job: &Job<'_>, request: &ModelRequest, answer: &str, fault: &Fault) -> ModelRequest {
    let told = match fault {
        Fault::Shape(NoDraft { reason, detail }) => {
            let detail = detail.as_ref().map(|detail| format!(", given as JSON data: {}", serde_json::Value::from(detail.as_str())));
            let detail = detail.unwrap_or_default();
            format!(
                "That was not the JSON object that was asked for: {reason}{detail}. Answer again with that JSON object and nothing else."
            )
        }
        Fault::Claims { text, violations } => {
            let line = Reading::new(text, &job.service.parts.lexicon);
            let found: Vec<_> = violations.iter().take(MOST).map(|violation| finding(job, &line, violation)).collect();
            let list = serde_json::Value::from(found);
            format!(
                "A checker refused that rewrite. What it found, given as JSON data: {list}. Answer again as the same JSON object: say what is \
                 at fault as the evidence says it, or leave it out, put back what was lost, and change nothing else."
            )
        }
    };
    let answer: String = answer.chars().take(LONGEST).collect();
    let mut again = request.clone();
    again.messages.push(Message { speaker: Speaker::Assistant, content: answer });
    again.messages.push(Message { speaker: Speaker::User, content: told });
    again
}

/// A finding as the model is told of it: what is wrong, in which words, and what the evidence says there.
fn finding(job: &Job<'_>, line: &Reading, violation: &Violation) -> serde_json::Value {
    let words = match violation.side {
        Side::Rewrite => violation.span.of(&line.raw),
        Side::Bullet => violation.span.of(&job.evidence.bullet.raw),
        Side::Facts => String::new(),
    };
    let mut told = json!({"problem": violation.message, "words": words});
    if let (Some(evidence), Some(told)) = (nearest(job, line, violation), told.as_object_mut()) {
        told.insert("evidence_says".to_owned(), evidence.into());
    }
    told
}

/// The words of the evidence that come nearest to what is at fault: those that a finding names, else the stretch that shares most words with the fault
/// and what stands around it.
fn nearest(job: &Job<'_>, line: &Reading, violation: &Violation) -> Option<String> {
    let evidence = &job.evidence;
    if let Some(cited) = violation.from {
        let texts = evidence.readings().map(|reading| &reading.raw);
        return match cited.side {
            Side::Rewrite => None,
            Side::Bullet => texts.map(|text| cited.span.of(text)).next(),
            Side::Facts => texts.skip(1).map(|text| cited.span.of(text)).find(|words| !words.is_empty()),
        };
    }
    if violation.side != Side::Rewrite {
        return None;
    }
    let glue = &job.service.parts.lexicon.phrases().glue;
    let content =
        |reading: &Reading, at: usize| reading.tokens.get(at).is_some_and(|token| token.is_word() && !glue.has_word(&token.lower));
    let at_fault: Vec<usize> =
        (0..line.tokens.len()).filter(|at| line.tokens.get(*at).is_some_and(|token| token.span.overlaps(violation.span))).collect();
    let (first, last) = (*at_fault.first()?, *at_fault.last()?);
    let around: Vec<&String> =
        (first.saturating_sub(AROUND)..=last + AROUND).filter(|at| content(line, *at)).filter_map(|at| line.stems.get(at)).collect();
    let mut best: Option<(usize, String)> = None;
    for reading in evidence.readings() {
        let shared: Vec<usize> = (0..reading.tokens.len())
            .filter(|at| content(reading, *at) && reading.stems.get(*at).is_some_and(|stem| around.contains(&stem)))
            .collect();
        for from in &shared {
            let within: Vec<usize> = shared.iter().copied().filter(|at| (*from..from + QUOTED).contains(at)).collect();
            if best.as_ref().is_none_or(|(count, _)| within.len() > *count) {
                let begin = from.saturating_sub(AROUND);
                best = Some((within.len(), reading.span(begin, (begin + QUOTED).min(reading.tokens.len())).of(&reading.raw)));
            }
        }
    }
    best.map(|(_, words)| words)
}
