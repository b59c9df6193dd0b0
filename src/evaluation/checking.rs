//! The check, counted: what became of planted faults and of clean lines.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::cases::{CheckCase, CheckKind};
use super::measure::Measure;
use super::outcomes::{Outcome, SetOutcomes, Tally};
use super::pairs::Pairs;
use crate::contract::check::{CheckAnswer, ViolationView};
use crate::domain::grounding::{Severity, Side, ViolationCode};

/// The figures of one set.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CheckReport {
    /// The set.
    pub set: String,
    /// All rates.
    pub measures: Vec<Measure>,
    /// The faults by planted code; empty when the set gives no codes.
    pub by_code: BTreeMap<String, CodeTally>,
    /// The lies by outcome, each with the outcomes of their twins; empty when the set has no pairs.
    pub pairs: Pairs,
    /// The cases on the wrong side: faults called grounded, and clean lines called ungrounded.
    pub wrong: Vec<JudgedCase>,
    /// The clean lines that were left unsettled.
    pub asked: Vec<JudgedCase>,
    /// The outcome of every case.
    pub outcomes: SetOutcomes,
    /// Whether each case is a fault or clean.
    #[serde(skip)]
    pub kinds: BTreeMap<String, CheckKind>,
}

/// The faults that were planted with the same code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CodeTally {
    /// Their outcomes.
    #[serde(flatten)]
    pub outcomes: Tally,
    /// How many were refused or asked about with a code that is right for them.
    pub fitting: usize,
}

/// A case with its outcome and what was found.
#[derive(Debug, Clone, Serialize)]
pub struct JudgedCase {
    /// Its id in the set.
    pub id: String,
    /// Whether it is a fault or clean.
    pub kind: CheckKind,
    /// The verdict.
    pub outcome: Outcome,
    /// The bullet.
    pub bullet: String,
    /// What else the writer said.
    pub facts: Option<String>,
    /// The rewrite.
    pub rewrite: String,
    /// What was planted or changed, in words.
    pub why: String,
    /// The codes that are right for it.
    pub codes: Vec<String>,
    /// The violations that decided: hard ones and questions.
    pub found: Vec<Found>,
}

/// One violation that decided.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// Its code.
    pub code: String,
    /// Its severity.
    pub severity: Severity,
    /// The words it points to.
    pub words: String,
    /// The question; `null` for a hard one.
    pub question: Option<String>,
}

impl CheckReport {
    /// Counts a set.
    pub fn count(set: &str, answers: &[(CheckCase, CheckAnswer)]) -> Self {
        let mut report = Self { set: set.to_owned(), ..Self::default() };
        report.outcomes.set.clone_from(&report.set);
        let (mut clean, mut faults) = (Tally::default(), Tally::default());
        let (mut fitting, mut with_code) = (0, 0);
        for (case, answer) in answers {
            let outcome = Outcome::of(answer);
            report.outcomes.add(&case.id, outcome);
            report.kinds.insert(case.id.clone(), case.kind);
            match case.kind {
                CheckKind::Clean => clean.add(outcome),
                CheckKind::Fault => {
                    faults.add(outcome);
                    if let Some(code) = case.codes.first() {
                        let fits = deciding(answer).any(|violation| case.codes.contains(&published(violation.code)));
                        let tally = report.by_code.entry(code.clone()).or_default();
                        tally.outcomes.add(outcome);
                        tally.fitting += usize::from(fits);
                        fitting += usize::from(fits);
                        with_code += 1;
                    }
                }
            }
            if outcome.is_wrong(case.kind) {
                report.wrong.push(JudgedCase::new(case, answer, outcome));
            } else if case.kind == CheckKind::Clean && outcome == Outcome::Ask {
                report.asked.push(JudgedCase::new(case, answer, outcome));
            }
        }
        report.pairs = Pairs::of(&report.outcomes, &report.kinds);
        report.measures = vec![
            Measure::low("clean_hard", clean.hard, clean.sum()),
            Measure::low("clean_asked", clean.ask, clean.sum()),
            Measure::told("clean_grounded", clean.grounded, clean.sum()),
            Measure::low("faults_grounded", faults.grounded, faults.sum()),
            Measure::told("faults_asked", faults.ask, faults.sum()),
            Measure::told("faults_hard", faults.hard, faults.sum()),
            Measure::told("faults_by_a_fitting_code", fitting, with_code),
            Measure::told("pairs_on_the_right_side", report.pairs.right(), report.pairs.sum()),
            Measure::told("pairs_told_apart", report.pairs.told_apart(), report.pairs.sum()),
        ];
        report.measures.retain(|measure| measure.of > 0);
        report
    }

    /// For people: the faults code by code, and the pairs; empty when the set has neither.
    pub fn table(&self) -> String {
        let mut table = String::new();
        if !self.by_code.is_empty() {
            let _ = writeln!(table, "{:<20}{:>6}{:>6}{:>6}{:>10}{:>15}", "planted", "of", "hard", "ask", "grounded", "fitting code");
        }
        for (code, CodeTally { outcomes, fitting }) in &self.by_code {
            let Tally { hard, ask, grounded } = outcomes;
            let _ = writeln!(table, "{code:<20}{:>6}{hard:>6}{ask:>6}{grounded:>10}{fitting:>15}", outcomes.sum());
        }
        table + &self.pairs.table()
    }
}

impl JudgedCase {
    fn new(case: &CheckCase, answer: &CheckAnswer, outcome: Outcome) -> Self {
        let CheckCase { id, kind, bullet, facts, siblings: _, job_description: _, rewrite, codes, why } = case;
        let words = |violation: &ViolationView| match violation.side {
            Side::Rewrite => violation.span.of(rewrite),
            Side::Bullet => violation.span.of(bullet),
            Side::Facts => violation.span.of(facts.as_deref().unwrap_or_default()),
        };
        let found = deciding(answer).map(|violation| Found {
            code: published(violation.code),
            severity: violation.severity,
            words: words(violation),
            question: violation.question.clone(),
        });
        Self {
            id: id.clone(),
            kind: *kind,
            outcome,
            bullet: bullet.clone(),
            facts: facts.clone(),
            rewrite: rewrite.clone(),
            why: why.clone(),
            codes: codes.clone(),
            found: found.collect(),
        }
    }
}

/// The violations that decide a verdict.
fn deciding(answer: &CheckAnswer) -> impl Iterator<Item = &ViolationView> {
    answer.violations.iter().filter(|violation| violation.severity != Severity::Soft)
}

/// A code as the contract writes it.
fn published(code: ViolationCode) -> String {
    serde_json::to_value(code).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::check::Verdict;
    use crate::contract::rewrite::Score;

    fn case(id: &str, kind: CheckKind, codes: &[&str]) -> CheckCase {
        CheckCase {
            id: id.to_owned(),
            kind,
            bullet: "Added caching.".to_owned(),
            facts: None,
            siblings: None,
            job_description: None,
            rewrite: "Added Redis caching".to_owned(),
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            why: String::new(),
        }
    }

    fn answer(verdict: Verdict, found: &[(ViolationCode, Severity)]) -> CheckAnswer {
        let violation = |(code, severity): &(ViolationCode, Severity)| ViolationView {
            code: *code,
            severity: *severity,
            message: String::new(),
            side: Side::Rewrite,
            span: (6, 11).into(),
            from: None,
            question: None,
        };
        let score = Score { before: 0, after: None, reasons: vec![] };
        CheckAnswer {
            score,
            facts: vec![],
            violations: found.iter().map(violation).collect(),
            verdict: Some(verdict),
            judgements: vec![],
            cost_usd: "0".to_owned(),
        }
    }

    fn rates(report: &CheckReport) -> Vec<(&str, i64, i64)> {
        report.measures.iter().map(|it| (it.name.as_str(), it.hits, it.of)).collect()
    }

    #[test]
    fn three_verdicts_are_counted_on_both_kinds_and_a_question_with_a_fitting_code_counts() {
        use CheckKind::{Clean, Fault};
        let hard = (ViolationCode::NewTechnology, Severity::Hard);
        let report = CheckReport::count(
            "check/x",
            &[
                (case("f1", Fault, &["new_technology"]), answer(Verdict::Ungrounded, &[hard])),
                (case("f2", Fault, &["dropped_fact"]), answer(Verdict::Unsettled, &[(ViolationCode::DroppedFact, Severity::Ask)])),
                (case("f3", Fault, &["scope_up"]), answer(Verdict::Grounded, &[(ViolationCode::ScopeUp, Severity::Soft)])),
                (case("f4", Fault, &[]), answer(Verdict::Ungrounded, &[hard])),
                (case("c1", Clean, &[]), answer(Verdict::Ungrounded, &[hard])),
                (case("c2", Clean, &[]), answer(Verdict::Unsettled, &[(ViolationCode::DroppedFact, Severity::Ask)])),
                (case("c3", Clean, &[]), answer(Verdict::Grounded, &[])),
            ],
        );
        assert_eq!(
            rates(&report),
            [
                ("clean_hard", 1, 3),
                ("clean_asked", 1, 3),
                ("clean_grounded", 1, 3),
                ("faults_grounded", 1, 4),
                ("faults_asked", 1, 4),
                ("faults_hard", 2, 4),
                ("faults_by_a_fitting_code", 2, 3),
            ]
        );
        let ids = |cases: &[JudgedCase]| cases.iter().map(|case| case.id.clone()).collect::<Vec<_>>();
        assert_eq!((ids(&report.wrong), ids(&report.asked)), (vec!["f3".to_owned(), "c1".to_owned()], vec!["c2".to_owned()]));
        assert!(report.wrong[0].found.is_empty(), "a matter of style decides nothing");
        assert_eq!(report.wrong[1].found[0].words, "Redis");
        insta::assert_snapshot!(report.table(), @r"
        planted                 of  hard   ask  grounded   fitting code
        dropped_fact             1     0     1         0              1
        new_technology           1     1     0         0              1
        scope_up                 1     0     0         1              0
        ");
    }

    #[test]
    fn a_set_of_one_kind_has_no_rates_of_the_other() {
        let report = CheckReport::count("check/x", &[(case("c1", CheckKind::Clean, &[]), answer(Verdict::Grounded, &[]))]);
        assert_eq!(rates(&report), [("clean_hard", 0, 1), ("clean_asked", 0, 1), ("clean_grounded", 1, 1)]);
        assert_eq!(report.table(), "");
    }
}
