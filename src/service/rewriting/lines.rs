//! The lines of a reply: read, checked by code, and settled with what a judge says of them.
//!
//! A line is taken as its model wrote it, or not at all: no word of it is cut or changed, only its typography is put right. A clause of the guide with its
//! slots is a question of ours and no word of the model's; where one stands in the text to send, it is taken for what it is.

use super::Job;
use super::questions::with_questions;
use super::re_ask::Fault;
use super::texts::{typeset, without_clauses};
use crate::contract::rewrite::{JudgeProvenance, Proposal, Stripped};
use crate::domain::draft::{Draft, DraftVariant};
use crate::domain::grounding::{Checked, Rewrite, Severity, check};
use crate::domain::judgement::{AskedLine, Case, LineRuling, LineVerdict, rule};
use crate::ports::Judgement;
use crate::service::calling::reply::{self, NoDraft, Reply};
use crate::service::judging::JudgeWhen;
use crate::service::proposals::proposal;

/// The lines of a reply, checked by code.
pub(super) struct Lines {
    lines: Vec<Line>,
    /// What stood around the JSON of the reply.
    pub(super) stripped: Vec<Stripped>,
}

struct Line {
    text: String,
    with_slots: String,
    checked: Checked,
}

/// What may be told of a reply.
pub(super) struct Told {
    /// The lines that are settled.
    pub(super) rewrites: Vec<Rewrite>,
    /// Those that nothing speaks against, and that only their writer can settle.
    pub(super) proposals: Vec<Proposal>,
    pub(super) stripped: Vec<Stripped>,
    /// Who judged them, and what came of it.
    pub(super) judge: Option<JudgeProvenance>,
}

impl Lines {
    /// Reads a reply.
    pub(super) fn read(job: &Job<'_>, text: &str) -> Result<Self, NoDraft> {
        let Reply { draft: Draft { variants }, stripped } = reply::parse(text, job.order.variants)?;
        let lexicon = &job.service.parts.lexicon;
        let line = |DraftVariant { text, with_slots }: DraftVariant| {
            let (mut text, with_slots) = (typeset(&text), typeset(&with_slots));
            if text.contains('[') {
                text = without_clauses(job.limits().asks, &text);
            }
            if text.is_empty() {
                return Err(NoDraft::because("a text without a word in it"));
            }
            let checked = check(lexicon, &job.evidence, job.limits(), &text);
            Ok(Line { text, with_slots, checked })
        };
        Ok(Self { lines: variants.into_iter().map(line).collect::<Result<_, _>>()?, stripped })
    }

    /// What a judge is asked: the lines that code has nothing against; `None` when there is none.
    pub(super) fn case(&self, job: &Job<'_>) -> Option<Case> {
        let bullet = &job.evidence.bullet.raw;
        let asked = |line: &Line| match &line.checked {
            checked if !is_asked(job, checked) => None,
            Checked::Unsettled(unsettled) => Some(AskedLine::new(&line.text, unsettled.items(), bullet)),
            Checked::Grounded(_) | Checked::Ungrounded(_) => Some(AskedLine::new(&line.text, &[], bullet)),
        };
        let lines: Vec<AskedLine> = self.lines.iter().filter_map(asked).collect();
        let facts = job.evidence.facts.iter().map(|facts| facts.raw.clone()).collect();
        (!lines.is_empty()).then(|| Case { bullet: bullet.clone(), facts, lines })
    }

    /// What may be told of them; what is wrong with the first when nothing may.
    pub(super) fn settle(self, job: &Job<'_>, judgement: Option<&Judgement>) -> Result<Told, Fault> {
        let case = judgement.and_then(|_| self.case(job));
        let rulings = case.as_ref().zip(judgement).map(|(case, judgement)| rule(&job.service.parts.lexicon, case, &judgement.said));
        let judge = judgement.zip(rulings.as_ref()).map(|(judgement, rulings)| provenance(judgement, rulings));
        let mut ruled = case.iter().flat_map(|case| &case.lines).zip(rulings.iter().flatten());
        let (mut rewrites, mut proposals, mut fault): (Vec<Rewrite>, Vec<Proposal>, _) = (Vec::new(), Vec::new(), None);
        for Line { text, with_slots, checked } in self.lines {
            let ruling = if is_asked(job, &checked) { ruled.next() } else { None };
            let (refused, ruling) = match ruling.map(|(line, ruling)| (line, ruling, ruling.verdict())) {
                Some((line, ruling, LineVerdict::Refused)) => (Some(ruling.faults(line)), None),
                Some((_, ruling, LineVerdict::Supported)) => (None, Some(ruling)),
                Some((_, _, LineVerdict::Unsettled)) | None => (None, None),
            };
            let settled = match (checked, refused) {
                (Checked::Ungrounded(violations), _) | (_, Some(violations)) => Err(violations),
                (Checked::Grounded(rewrite), None) => Ok(Some(rewrite)),
                (Checked::Unsettled(unsettled), None) => {
                    let quotes = ruling.map(LineRuling::quotes).unwrap_or_default();
                    Ok(unsettled.settled(&quotes).map_err(|unsettled| proposals.push(proposal(&unsettled))).ok())
                }
            };
            match settled {
                Ok(Some(rewrite)) if rewrites.iter().all(|known| differ(known.text(), rewrite.text())) => {
                    rewrites.push(with_questions(job, rewrite, &with_slots));
                }
                Err(mut violations) if fault.is_none() => {
                    violations.retain(|violation| violation.severity == Severity::Hard);
                    fault = Some(Fault::Claims { text, violations });
                }
                Ok(_) | Err(_) => {}
            }
        }
        proposals.retain(|proposal| rewrites.iter().all(|known| differ(known.text(), &proposal.text)));
        match fault {
            Some(fault) if rewrites.is_empty() && proposals.is_empty() => Err(fault),
            _ => Ok(Told { rewrites, proposals, stripped: self.stripped, judge }),
        }
    }
}

/// Whether a judge reads the line. None has a word against what code is sure of.
fn is_asked(job: &Job<'_>, checked: &Checked) -> bool {
    match checked {
        Checked::Ungrounded(_) => false,
        Checked::Grounded(_) => job.service.bench.when == JudgeWhen::Always,
        Checked::Unsettled(_) => true,
    }
}

fn provenance(judgement: &Judgement, rulings: &[LineRuling]) -> JudgeProvenance {
    let Judgement { model, served_model, prompt_ref, prompt_sha256: _, said: _ } = judgement;
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    JudgeProvenance {
        provider: model.provider().to_owned(),
        model: served_model.clone().unwrap_or_else(|| model.model().to_owned()),
        prompt: prompt_ref.to_string(),
        items: count(rulings.iter().map(|ruling| 1 + ruling.items.len()).sum()),
        supported: count(rulings.iter().map(LineRuling::supported).sum()),
    }
}

/// Whether two variants differ in more than a synonym: what is left between their common beginning and their common end is more than a word.
fn differ(one: &str, other: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let (one, other) = (words(one), words(other));
    let alike = |pair: &(&String, &String)| pair.0 == pair.1;
    let head = one.iter().zip(&other).take_while(alike).count();
    let shorter = one.len().min(other.len()) - head;
    let tail = one.iter().rev().zip(other.iter().rev()).take(shorter).take_while(alike).count();
    one.len().max(other.len()) - head - tail > 1
}

#[cfg(test)]
mod tests {
    use super::differ;

    #[test]
    fn a_synonym_makes_no_second_variant() {
        assert!(!differ("Built a cache for the API", "built a cache for the API"));
        assert!(!differ("Built a cache for the API", "Made a cache for the API"));
        assert!(!differ("Built a cache for the API", "Built a cache for API"));
        assert!(differ("Built a cache for the API", "For the API, built a cache"));
        assert!(differ("Built a cache for the API", "Made an API cache"));
    }
}
