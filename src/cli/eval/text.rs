//! The rates as tables for people.

use std::fmt::Write as _;

use super::Reports;
use crate::evaluation::{Better, CheckKind, JudgedCase, Measure, Regression, SetMoves, Turn, WeakResult, WrongMatch};

/// All reports, one below the other.
pub(super) fn written(reports: &Reports, wrong: bool, asked: bool) -> String {
    let mut out = String::new();
    for report in &reports.matching {
        let _ = writeln!(out, "== {}\n{}\n{}", report.set, rates(&report.measures), report.table());
        for case in report.wrong.iter().filter(|_| wrong) {
            mismatch(&mut out, case);
        }
    }
    for report in &reports.checking {
        let _ = writeln!(out, "== {}\n{}\n{}", report.set, rates(&report.measures), report.table());
        for case in report.wrong.iter().filter(|_| wrong).chain(report.asked.iter().filter(|_| asked)) {
            judged(&mut out, case);
        }
    }
    for report in &reports.rewriting {
        let _ = writeln!(out, "== {} by {}\n{}\n{}", report.set, report.writer, rates(&report.measures), report.table());
        for case in report.wrong.iter().filter(|_| wrong) {
            weak(&mut out, case);
        }
    }
    for set in &reports.moves {
        moved(&mut out, set);
    }
    out
}

/// One line for a figure that got worse.
pub(super) fn regression(regression: &Regression) -> String {
    let Regression { set, was, now } = regression;
    match now {
        None => format!("{set}: {} is no longer measured", was.name),
        Some(now) => format!("{set}: {} got worse: {} was {}", was.name, now.figure(), was.figure()),
    }
}

fn rates(measures: &[Measure]) -> String {
    let mut out = String::new();
    for measure in measures {
        let way = match measure.better {
            Better::Higher | Better::Neither => "",
            Better::Lower => "  (less is better)",
        };
        let interval = measure.interval().map(|interval| format!("  95 %: {interval}")).unwrap_or_default();
        let _ = writeln!(out, "{:<44}{:<20}{interval:<24}{way}", measure.name, measure.figure());
    }
    out.lines().fold(String::new(), |lines, line| lines + line.trim_end() + "\n")
}

fn mismatch(out: &mut String, case: &WrongMatch) {
    let WrongMatch { id, text, skill, given, matched } = case;
    let name = |skill: &Option<String>| skill.clone().unwrap_or_else(|| "none".to_owned());
    let _ = writeln!(out, "{id}  {} taken for {} ({})\n    {text}", name(skill), name(given), matched.join(", "));
}

/// A case of the check: what was planted, the texts, and what was found.
fn judged(out: &mut String, case: &JudgedCase) {
    let JudgedCase { id, kind, outcome, bullet, facts, rewrite, why, codes, found } = case;
    let what = match kind {
        CheckKind::Fault => format!("a fault called {outcome}"),
        CheckKind::Clean => format!("a clean line called {outcome}"),
    };
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    let codes = if codes.is_empty() { String::new() } else { format!(" [{}]", codes.join(", ")) };
    let _ = writeln!(out, "{id}  {what}{why}{codes}\n    {bullet}");
    if let Some(facts) = facts {
        let _ = writeln!(out, "    facts: {facts}");
    }
    let _ = writeln!(out, "    {rewrite}");
    for found in found {
        let question = found.question.as_ref().map(|question| format!(": {question}")).unwrap_or_default();
        let _ = writeln!(out, "      {} \"{}\"{question}", found.code, found.words);
    }
}

fn weak(out: &mut String, case: &WeakResult) {
    let WeakResult { id, bullet, text, why } = case;
    let _ = writeln!(out, "{id}  {why}\n    {bullet}\n    {}", text.as_deref().unwrap_or("-"));
}

/// What came out otherwise than before; the ids of the cases that changed sides, and of the others their number.
fn moved(out: &mut String, set: &SetMoves) {
    let SetMoves { set, compared, new, moves } = set;
    let _ = writeln!(out, "== {set} against earlier outcomes: {compared} compared, {new} new");
    for one in moves {
        let kind = match one.kind {
            CheckKind::Fault => "fault",
            CheckKind::Clean => "clean",
        };
        let ids = one.ids.join(" ");
        let turn = match one.turn {
            Turn::NowRight => format!("  now right: {ids}"),
            Turn::NowWrong => format!("  now wrong: {ids}"),
            Turn::SameSide => String::new(),
        };
        let _ = writeln!(out, "{kind}  {:>8} → {:<8}{:>5}{turn}", one.was, one.now, one.ids.len());
    }
}
