//! Matching, counted: how often the skill is right, skill by skill, and what was taken for what.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::cases::MatchCase;
use super::measure::Measure;
use crate::contract::matches::MatchResult;

const NONE: &str = "(none)";

/// The figures of one set.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MatchReport {
    /// The set.
    pub set: String,
    /// All rates.
    pub measures: Vec<Measure>,
    /// By labelled skill: how many were right, of how many.
    pub recall: BTreeMap<String, (usize, usize)>,
    /// Labelled skill → given skill → how often, where that was wrong or right.
    pub confusion: BTreeMap<String, BTreeMap<String, usize>>,
    /// The cases that are wrong.
    pub wrong: Vec<WrongMatch>,
}

/// A case that is wrong.
#[derive(Debug, Clone, Serialize)]
pub struct WrongMatch {
    /// Its id in the set.
    pub id: String,
    /// The bullet.
    pub text: String,
    /// What is right.
    pub skill: Option<String>,
    /// What was given.
    pub given: Option<String>,
    /// The words it was given for.
    pub matched: Vec<String>,
}

impl MatchReport {
    /// Counts a set; the answers are in the order of the cases.
    pub fn count(set: &str, answers: &[(MatchCase, MatchResult)]) -> Self {
        let mut report = Self { set: set.to_owned(), ..Self::default() };
        let (mut right, mut given_none, mut none_right, mut none_missed) = (0, 0, 0, 0);
        let (mut clear, mut clear_right) = (0, 0);
        for (case, answer) in answers {
            let is_right = answer.skill == case.skill || case.accepted.contains(&answer.skill);
            right += usize::from(is_right);
            clear += usize::from(!case.hard);
            clear_right += usize::from(is_right && !case.hard);
            given_none += usize::from(answer.skill.is_none());
            none_missed += usize::from(case.skill.is_none() && !is_right);
            none_right += usize::from(answer.skill.is_none() && is_right);
            let label = name(case.skill.as_ref());
            let recall = report.recall.entry(label.clone()).or_default();
            recall.0 += usize::from(is_right);
            recall.1 += 1;
            // An accepted answer stands with the label: it is no confusion.
            let given = if is_right { label.clone() } else { name(answer.skill.as_ref()) };
            *report.confusion.entry(label).or_default().entry(given).or_default() += 1;
            if !is_right {
                report.wrong.push(WrongMatch {
                    id: case.id.clone(),
                    text: case.text.clone(),
                    skill: case.skill.clone(),
                    given: answer.skill.clone(),
                    matched: answer.matched.clone(),
                });
            }
        }
        let (none, of_none) = report.recall.get(NONE).copied().unwrap_or_default();
        report.measures = vec![
            Measure::high("right", right, answers.len()),
            Measure::high("right_where_experts_agree", clear_right, clear),
            Measure::high("none_recall", none, of_none),
            Measure::high("none_precision", none_right, given_none),
            Measure::f1("none_f1", none_right, none_missed, given_none - none_right),
        ];
        report
    }

    /// For people: the recall of each skill and where its misses went.
    pub fn table(&self) -> String {
        let mut table = String::new();
        let _ = writeln!(table, "{:<22}{:>9}{:>8}  taken for", "skill", "right", "recall");
        for (skill, (right, of)) in &self.recall {
            let misses: Vec<String> = self
                .confusion
                .get(skill)
                .into_iter()
                .flatten()
                .filter(|(given, _)| *given != skill)
                .map(|(given, times)| format!("{given} {times}"))
                .collect();
            let recall = Measure::told("recall", *right, *of).rate() * 100.0;
            let _ = writeln!(table, "{skill:<22}{:>9}{recall:>7.1}%  {}", format!("{right}/{of}"), misses.join(", "));
        }
        table
    }
}

fn name(skill: Option<&String>) -> String {
    skill.cloned().unwrap_or_else(|| NONE.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn answered(label: Option<&str>, accepted: &[Option<&str>], given: Option<&str>) -> (MatchCase, MatchResult) {
        let owned = |skill: Option<&str>| skill.map(str::to_owned);
        let case = MatchCase {
            id: "a".to_owned(),
            text: "x".to_owned(),
            skill: owned(label),
            accepted: accepted.iter().copied().map(owned).collect(),
            hard: !accepted.is_empty(),
            rule: String::new(),
        };
        let result = MatchResult { index: 0, id: Value::Null, skill: owned(given), confidence: 0.0, matched: vec![], alternatives: vec![] };
        (case, result)
    }

    #[test]
    fn accepted_answers_are_right_and_misses_say_where_they_went() {
        let report = MatchReport::count(
            "match/x",
            &[
                answered(Some("sql"), &[], Some("sql")),
                answered(Some("sql"), &[None], None),
                answered(Some("sql"), &[], Some("caching")),
                answered(None, &[], None),
                answered(None, &[], Some("sql")),
            ],
        );
        let rates: Vec<_> = report.measures.iter().map(|measure| (measure.name.as_str(), measure.hits, measure.of)).collect();
        assert_eq!(
            rates,
            [("right", 3, 5), ("right_where_experts_agree", 2, 4), ("none_recall", 1, 2), ("none_precision", 2, 2), ("none_f1", 4, 5)]
        );
        insta::assert_snapshot!(report.table(), @r"
        skill                     right  recall  taken for
        (none)                      1/2   50.0%  sql 1
        sql                         2/3   66.7%  caching 1
        ");
        assert_eq!(report.wrong.len(), 2);
    }
}
