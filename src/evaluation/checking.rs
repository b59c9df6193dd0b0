//! The check, counted: how many planted faults it catches, and how many clean rewrites it refuses.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::cases::{CheckCase, CheckKind};
use super::measure::Measure;
use crate::contract::check::CheckAnswer;
use crate::domain::grounding::{Severity, ViolationCode};

/// The figures of one set.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CheckReport {
    /// The set.
    pub set: String,
    /// All rates.
    pub measures: Vec<Measure>,
    /// By planted code: caught, caught by a fitting code, planted.
    pub by_code: BTreeMap<String, (usize, usize, usize)>,
    /// The cases that are wrong.
    pub wrong: Vec<WrongVerdict>,
}

/// A case that is wrong: a fault that passed, or a clean rewrite that was refused.
#[derive(Debug, Clone, Serialize)]
pub struct WrongVerdict {
    /// Its id in the set.
    pub id: String,
    /// The bullet.
    pub bullet: String,
    /// The rewrite.
    pub rewrite: String,
    /// What is right for it.
    pub codes: Vec<String>,
    /// What was found.
    pub found: Vec<String>,
}

/// A code as the contract writes it.
fn published(code: ViolationCode) -> String {
    serde_json::to_value(code).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}

impl CheckReport {
    /// Counts a set.
    pub fn count(set: &str, answers: &[(CheckCase, CheckAnswer)]) -> Self {
        let mut report = Self { set: set.to_owned(), ..Self::default() };
        let (mut clean, mut refused) = (0, 0);
        for (case, answer) in answers {
            let hard = answer.violations.iter().filter(|violation| violation.severity == Severity::Hard);
            let found: Vec<String> = hard.map(|violation| published(violation.code)).collect();
            let wrong = match case.kind {
                CheckKind::Clean => {
                    clean += 1;
                    refused += usize::from(!found.is_empty());
                    !found.is_empty()
                }
                CheckKind::Fault => {
                    let planted = report.by_code.entry(case.codes.first().cloned().unwrap_or_default()).or_default();
                    planted.0 += usize::from(!found.is_empty());
                    planted.1 += usize::from(found.iter().any(|code| case.codes.contains(code)));
                    planted.2 += 1;
                    found.is_empty()
                }
            };
            if wrong {
                report.wrong.push(WrongVerdict {
                    id: case.id.clone(),
                    bullet: case.bullet.clone(),
                    rewrite: case.rewrite.clone(),
                    codes: case.codes.clone(),
                    found,
                });
            }
        }
        let sum = |part: fn(&(usize, usize, usize)) -> usize| report.by_code.values().map(part).sum();
        let planted = sum(|counts| counts.2);
        report.measures = vec![
            Measure::high("faults_caught", sum(|counts| counts.0), planted),
            Measure::high("faults_caught_by_a_fitting_code", sum(|counts| counts.1), planted),
            Measure::low("clean_refused", refused, clean),
        ];
        report
    }

    /// For people: the faults, code by code.
    pub fn table(&self) -> String {
        let mut table = String::new();
        let _ = writeln!(table, "{:<20}{:>9}{:>15}", "planted", "caught", "fitting code");
        for (code, (caught, fitting, of)) in &self.by_code {
            let _ = writeln!(table, "{code:<20}{:>9}{:>15}", format!("{caught}/{of}"), format!("{fitting}/{of}"));
        }
        table
    }
}
