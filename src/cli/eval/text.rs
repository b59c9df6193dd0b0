//! The rates as tables for people.

use std::fmt::Write as _;

use super::Reports;
use crate::evaluation::{Better, Measure, Regression};

/// All reports, one below the other.
pub(super) fn written(reports: &Reports, wrong: bool) -> String {
    let mut out = String::new();
    for report in &reports.matching {
        let _ = writeln!(out, "== {}\n{}\n{}", report.set, rates(&report.measures), report.table());
        for case in report.wrong.iter().filter(|_| wrong) {
            let name = |skill: &Option<String>| skill.clone().unwrap_or_else(|| "none".to_owned());
            let _ = writeln!(
                out,
                "{}  {} taken for {} ({})\n    {}",
                case.id,
                name(&case.skill),
                name(&case.given),
                case.matched.join(", "),
                case.text
            );
        }
    }
    for report in &reports.checking {
        let _ = writeln!(out, "== {}\n{}\n{}", report.set, rates(&report.measures), report.table());
        for case in report.wrong.iter().filter(|_| wrong) {
            let planted = if case.codes.is_empty() { "clean".to_owned() } else { case.codes.join(", ") };
            let found = if case.found.is_empty() { "nothing".to_owned() } else { case.found.join(", ") };
            let _ = writeln!(out, "{}  {planted}; found {found}\n    {}\n    {}", case.id, case.bullet, case.rewrite);
        }
    }
    for report in &reports.rewriting {
        let _ = writeln!(out, "== {} by {}\n{}\n{}", report.set, report.writer, rates(&report.measures), report.table());
        for case in report.wrong.iter().filter(|_| wrong) {
            let text = case.text.as_deref().unwrap_or("-");
            let _ = writeln!(out, "{}  {}\n    {}\n    {text}", case.id, case.why, case.bullet);
        }
    }
    out
}

/// One line for a figure that got worse.
pub(super) fn regression(regression: &Regression) -> String {
    let Regression { set, was, now } = regression;
    match now {
        None => format!("{set}: {} is no longer measured", was.name),
        Some(now) => format!("{set}: {} got worse: {} was {}", was.name, figure(now), figure(was)),
    }
}

fn rates(measures: &[Measure]) -> String {
    let mut out = String::new();
    for measure in measures {
        let way = match measure.better {
            Better::Higher => "",
            Better::Lower => "  (less is better)",
        };
        let _ = writeln!(out, "{:<44}{}{way}", measure.name, figure(measure));
    }
    out
}

/// `97.3 % (359/369)`; a mean as it is.
fn figure(measure: &Measure) -> String {
    let Measure { name, hits, of, .. } = measure;
    if name.starts_with("score_lift") {
        format!("{:+.1} points", measure.rate())
    } else {
        format!("{:.1} % ({hits}/{of})", measure.rate() * 100.0)
    }
}
