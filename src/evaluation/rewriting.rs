//! Rewriting, counted: what comes out, how much better it is, how often it had to be mended, and what it cost.
//!
//! What a rewrite invents is read by [`Unvouched`], not by the check that vouched for it.

use std::fmt::Write as _;

use serde::Serialize;

use super::cases::RewriteCase;
use super::measure::Measure;
use super::reading::Unvouched;
use crate::contract::rewrite::{BulletResult, BulletStatus, EngineUsed, NoteCode};
use crate::domain::cost::PicoUsd;

/// One bullet with what came of it.
#[derive(Debug, Clone)]
pub struct Rewritten {
    /// The case.
    pub case: RewriteCase,
    /// What came of it.
    pub result: BulletResult,
}

/// The figures of one set, for one prompt version or for the rules engine.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RewriteReport {
    /// The set.
    pub set: String,
    /// Who wrote: `rules`, or the prompt version.
    pub writer: String,
    /// All rates.
    pub measures: Vec<Measure>,
    /// Tokens sent and received.
    pub tokens: (u64, u64),
    /// What it cost, in US dollars.
    pub cost_usd: String,
    /// The results to look at: those that invent, failed, came back unchanged or changed little without a note, and strong bullets that were changed.
    pub wrong: Vec<WeakResult>,
}

/// A result to look at.
#[derive(Debug, Clone, Serialize)]
pub struct WeakResult {
    /// The id of the case.
    pub id: String,
    /// The bullet.
    pub bullet: String,
    /// What came of it.
    pub text: Option<String>,
    /// Why it stands here.
    pub why: String,
}

impl RewriteReport {
    /// Counts a set.
    pub fn count(set: &str, writer: &str, rewritten: &[Rewritten]) -> Self {
        let mut report = Self { set: set.to_owned(), writer: writer.to_owned(), ..Self::default() };
        let mut counts = Counts::default();
        let mut cost = PicoUsd::ZERO;
        for one in rewritten {
            counts.take(one, &mut report.wrong);
            let provenance = &one.result.provenance;
            report.tokens.0 += provenance.input_tokens;
            report.tokens.1 += provenance.output_tokens;
            cost = cost.plus(PicoUsd::from_dollars(&provenance.cost_usd).unwrap_or(PicoUsd::ZERO));
        }
        report.cost_usd = cost.to_string();
        report.measures = counts.measures();
        report
    }

    /// For people: tokens and money.
    pub fn table(&self) -> String {
        let mut table = String::new();
        let (input, output) = self.tokens;
        let _ = writeln!(table, "by {}: {input} tokens in, {output} out, {} USD", self.writer, self.cost_usd);
        table
    }
}

#[derive(Debug, Default)]
struct Counts {
    read: usize,
    invented: usize,
    numbers: usize,
    names: usize,
    words: usize,
    weak: usize,
    strong: usize,
    left_alone: usize,
    failed: usize,
    unchanged: usize,
    by_model: usize,
    mended: usize,
    ungrounded_drafts: usize,
    unusable_replies: usize,
    more_than_trimmed: usize,
    lift: i64,
    lift_with_slots: i64,
}

impl Counts {
    fn take(&mut self, one: &Rewritten, wrong: &mut Vec<WeakResult>) {
        let Rewritten { case, result } = one;
        let first = result.variants.first();
        let mut tell = |why: &str| {
            let text = first.map(|first| first.text.clone());
            wrong.push(WeakResult { id: case.id.clone(), bullet: case.text.clone(), text, why: why.to_owned() });
        };
        if let Some(first) = first.filter(|_| result.status == BulletStatus::Rewritten) {
            let found = Unvouched::read(&[&case.text, case.facts.as_deref().unwrap_or_default()], &first.text);
            self.read += 1;
            self.invented += usize::from(!found.is_empty());
            self.numbers += usize::from(!found.numbers.is_empty());
            self.names += usize::from(!found.names.is_empty());
            self.words += usize::from(!found.words.is_empty());
            if !found.is_empty() {
                tell(&format!("neither the bullet nor the facts say: {}", found.all().join(", ")));
            }
        }
        if case.strong {
            self.strong += 1;
            self.left_alone += usize::from(result.status == BulletStatus::Unchanged);
            if result.status != BulletStatus::Unchanged {
                tell("it was strong, and was not left alone");
            }
            return;
        }
        self.weak += 1;
        let has = |code: NoteCode| result.notes.iter().any(|note| note.code == code);
        let cause = |wanted: &str| result.notes.iter().any(|note| note.cause.as_deref() == Some(wanted));
        self.by_model += usize::from(result.provenance.engine == EngineUsed::Llm);
        self.mended += usize::from(has(NoteCode::RemovedClaim) || result.provenance.attempts > 1);
        self.ungrounded_drafts += usize::from(cause("provider_ungrounded"));
        self.unusable_replies += usize::from(cause("provider_bad_reply") || cause("provider_truncated"));
        match result.status {
            BulletStatus::Failed => {
                self.failed += 1;
                tell("it failed");
            }
            BulletStatus::Unchanged => {
                self.unchanged += 1;
                tell("it came back as it was");
            }
            BulletStatus::Rewritten => {}
        }
        let changed = first.is_some_and(|first| changes_more_than_the_verb(&case.text, &first.text));
        if changed || !result.notes.iter().all(|note| note.code == NoteCode::NoSkill) {
            self.more_than_trimmed += 1;
        } else {
            tell("hardly more than the verb and the full stop changed");
        }
        let lift = |after: u8| i64::from(after) - i64::from(result.score.before);
        self.lift += first.map_or(0, |first| lift(first.score));
        self.lift_with_slots += first.map_or(0, |first| lift(first.score_with_slots));
    }

    /// All rates of which something was counted.
    fn measures(&self) -> Vec<Measure> {
        let Self { read, weak: of, .. } = *self;
        let mut measures = vec![
            Measure::low("invented_fact", self.invented, read),
            Measure::told("invented_number", self.numbers, read),
            Measure::told("invented_name", self.names, read),
            Measure::told("invented_word", self.words, read),
            Measure::high("left_alone", self.left_alone, self.strong),
            Measure::low("failed", self.failed, of),
            Measure::low("unchanged", self.unchanged, of),
            Measure::high("changed_more_than_the_verb_or_says_why_not", self.more_than_trimmed, of),
            Measure::mean("score_lift", self.lift, of),
            Measure::mean("score_lift_with_slots", self.lift_with_slots, of),
            Measure::high("written_by_a_model", self.by_model, of),
            Measure::low("mended", self.mended, of),
            Measure::low("draft_refused", self.ungrounded_drafts, of),
            Measure::low("reply_unusable", self.unusable_replies, of),
        ];
        measures.retain(|measure| measure.of > 0);
        measures
    }
}

/// Whether more than the opening verb and the full stop differ: the words after the first one, without the marks at the end.
fn changes_more_than_the_verb(before: &str, after: &str) -> bool {
    let tail = |text: &str| -> Vec<String> {
        text.trim().trim_end_matches(['.', '!', ';']).split_whitespace().skip(1).map(str::to_lowercase).collect()
    };
    tail(before) != tail(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_verb_and_a_lost_full_stop_are_no_change_to_speak_of() {
        assert!(!changes_more_than_the_verb("Made the cache.", "Built the cache"));
        assert!(!changes_more_than_the_verb("Made the cache.", "Made the cache"));
        assert!(changes_more_than_the_verb("Responsible for making the cache.", "Made the cache"));
    }
}
