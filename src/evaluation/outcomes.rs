//! The verdict on every case of a set, kept in a file, and which cases have changed sides since.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::cases::CheckKind;
use crate::contract::check::{CheckAnswer, Verdict};

/// The verdict on one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The rewrite was called ungrounded.
    Hard,
    /// The rewrite was left unsettled.
    Ask,
    /// The rewrite was called grounded.
    Grounded,
}

impl Outcome {
    /// The outcome of an answer; an answer without a verdict found nothing.
    pub const fn of(answer: &CheckAnswer) -> Self {
        match answer.verdict {
            Some(Verdict::Ungrounded) => Self::Hard,
            Some(Verdict::Unsettled) => Self::Ask,
            Some(Verdict::Grounded) | None => Self::Grounded,
        }
    }

    /// Whether the case ended on the wrong side: a fault that was called grounded, or a clean line that was called ungrounded.
    ///
    /// A question is on neither wrong side: a judge or the writer can still settle it either way.
    pub const fn is_wrong(self, kind: CheckKind) -> bool {
        matches!((kind, self), (CheckKind::Fault, Self::Grounded) | (CheckKind::Clean, Self::Hard))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Hard => "hard",
            Self::Ask => "ask",
            Self::Grounded => "grounded",
        })
    }
}

/// So many cases, by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Called ungrounded.
    pub hard: usize,
    /// Left unsettled.
    pub ask: usize,
    /// Called grounded.
    pub grounded: usize,
}

impl Tally {
    /// Counts one more.
    pub const fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Hard => self.hard += 1,
            Outcome::Ask => self.ask += 1,
            Outcome::Grounded => self.grounded += 1,
        }
    }

    /// All of them.
    pub const fn sum(self) -> usize {
        self.hard + self.ask + self.grounded
    }
}

/// The outcomes of one set by the ids of its cases: one line of a file of outcomes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetOutcomes {
    /// The set, such as `check/tuning-01`.
    pub set: String,
    /// The cases that were called ungrounded.
    #[serde(default)]
    pub hard: Vec<String>,
    /// The cases that were left unsettled.
    #[serde(default)]
    pub ask: Vec<String>,
    /// The cases that were called grounded.
    #[serde(default)]
    pub grounded: Vec<String>,
}

impl SetOutcomes {
    /// Adds a case.
    pub fn add(&mut self, id: &str, outcome: Outcome) {
        let ids = match outcome {
            Outcome::Hard => &mut self.hard,
            Outcome::Ask => &mut self.ask,
            Outcome::Grounded => &mut self.grounded,
        };
        ids.push(id.to_owned());
    }

    pub(super) fn by_id(&self) -> BTreeMap<&str, Outcome> {
        let Self { set: _, hard, ask, grounded } = self;
        let all = [(hard, Outcome::Hard), (ask, Outcome::Ask), (grounded, Outcome::Grounded)];
        all.into_iter().flat_map(|(ids, outcome)| ids.iter().map(move |id| (id.as_str(), outcome))).collect()
    }
}

/// What a move between two outcomes means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// From the wrong side to the right one.
    NowRight,
    /// From the right side to the wrong one.
    NowWrong,
    /// The side is the same.
    SameSide,
}

/// The cases of a set that moved between the same two outcomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// Whether they are faults or clean lines.
    pub kind: CheckKind,
    /// What the outcome was.
    pub was: Outcome,
    /// What the outcome is.
    pub now: Outcome,
    /// What that means.
    pub turn: Turn,
    /// Their ids.
    pub ids: Vec<String>,
}

/// A set compared with its earlier outcomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetMoves {
    /// The set.
    pub set: String,
    /// How many cases stand in both runs.
    pub compared: usize,
    /// How many cases have no earlier outcome.
    pub new: usize,
    /// The moves, faults first.
    pub moves: Vec<Move>,
}

impl SetMoves {
    /// Compares outcomes with earlier ones; a case that stands only in one of the two runs has not moved.
    pub fn between(earlier: &SetOutcomes, now: &SetOutcomes, kinds: &BTreeMap<String, CheckKind>) -> Self {
        let was = earlier.by_id();
        let (mut compared, mut new) = (0, 0);
        let mut grouped: BTreeMap<(CheckKind, Outcome, Outcome), Vec<String>> = BTreeMap::new();
        for (id, outcome) in now.by_id() {
            let Some((was, kind)) = was.get(id).zip(kinds.get(id)) else {
                new += 1;
                continue;
            };
            compared += 1;
            if *was != outcome {
                grouped.entry((*kind, *was, outcome)).or_default().push(id.to_owned());
            }
        }
        let moves = grouped.into_iter().map(|((kind, was, now), ids)| {
            let turn = match (was.is_wrong(kind), now.is_wrong(kind)) {
                (true, false) => Turn::NowRight,
                (false, true) => Turn::NowWrong,
                (true, true) | (false, false) => Turn::SameSide,
            };
            Move { kind, was, now, turn, ids }
        });
        Self { set: now.set.clone(), compared, new, moves: moves.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(hard: &[&str], ask: &[&str], grounded: &[&str]) -> SetOutcomes {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        SetOutcomes { set: "check/x".to_owned(), hard: owned(hard), ask: owned(ask), grounded: owned(grounded) }
    }

    #[test]
    fn a_question_is_on_neither_wrong_side() {
        for (kind, wrong) in [(CheckKind::Fault, Outcome::Grounded), (CheckKind::Clean, Outcome::Hard)] {
            for outcome in [Outcome::Hard, Outcome::Ask, Outcome::Grounded] {
                assert_eq!(outcome.is_wrong(kind), outcome == wrong, "{kind:?} {outcome}");
            }
        }
    }

    #[test]
    fn moves_are_grouped_and_say_which_cases_changed_sides() {
        let kinds = [
            ("f1", CheckKind::Fault),
            ("f2", CheckKind::Fault),
            ("c1", CheckKind::Clean),
            ("c2", CheckKind::Clean),
            ("c3", CheckKind::Clean),
        ];
        let kinds = kinds.into_iter().map(|(id, kind)| (id.to_owned(), kind)).collect();
        let moves = SetMoves::between(
            &outcomes(&["f1", "c1", "c2"], &[], &["f2", "gone"]),
            &outcomes(&["f2"], &["c1", "c2"], &["f1", "c3"]),
            &kinds,
        );
        assert_eq!((moves.compared, moves.new), (4, 1));
        let found: Vec<_> = moves.moves.iter().map(|it| (it.was, it.now, it.turn, it.ids.join(" "))).collect();
        assert_eq!(
            found,
            [
                (Outcome::Hard, Outcome::Grounded, Turn::NowWrong, "f1".to_owned()),
                (Outcome::Grounded, Outcome::Hard, Turn::NowRight, "f2".to_owned()),
                (Outcome::Hard, Outcome::Ask, Turn::NowRight, "c1 c2".to_owned()),
            ]
        );
    }
}
