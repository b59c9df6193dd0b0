//! A judge, counted: how many false lines it refuses, how many honest ones it supports, and how many it leaves open.

use std::fmt::Write as _;

use serde::Serialize;

use super::measure::Measure;
use crate::domain::judgement::{LineVerdict, PairKind};

/// The figures of one judge on one set.
#[derive(Debug, Clone, Serialize)]
pub struct JudgeReport {
    /// The set.
    pub set: String,
    /// The judge, `provider/model`.
    pub judge: String,
    /// All rates.
    pub measures: Vec<Measure>,
    /// What it cost, in US dollars.
    pub cost_usd: String,
    /// The pairs that it is wrong about.
    pub wrong: Vec<WrongRuling>,
}

/// A pair that a judge is wrong about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrongRuling {
    /// Its id in the set.
    pub id: String,
    /// What is right: `clean` or `fault`.
    pub kind: &'static str,
    /// What the judge made of it: `supported`, `refused` or `open`.
    pub ruled: &'static str,
}

impl JudgeReport {
    /// Counts a set: the id of each pair, whether its line is honest, and what the judge made of it.
    pub fn count(set: &str, judge: &str, findings: &[(String, PairKind, LineVerdict)], cost_usd: String) -> Self {
        let of = |wanted: PairKind| findings.iter().filter(move |(_, kind, _)| *kind == wanted);
        let ruled = |wanted: PairKind, verdict: LineVerdict| of(wanted).filter(move |(_, _, ruled)| *ruled == verdict).count();
        let (faults, clean) = (of(PairKind::Fault).count(), of(PairKind::Clean).count());
        let open = ruled(PairKind::Fault, LineVerdict::Unsettled) + ruled(PairKind::Clean, LineVerdict::Unsettled);
        let measures = vec![
            Measure::high("faults_refused", ruled(PairKind::Fault, LineVerdict::Refused), faults),
            Measure::low("faults_supported", ruled(PairKind::Fault, LineVerdict::Supported), faults),
            Measure::high("clean_supported", ruled(PairKind::Clean, LineVerdict::Supported), clean),
            Measure::low("clean_refused", ruled(PairKind::Clean, LineVerdict::Refused), clean),
            Measure::low("left_open", open, findings.len()),
        ];
        let wrong = findings.iter().filter_map(|(id, kind, verdict)| wrong(id, *kind, *verdict)).collect();
        Self { set: set.to_owned(), judge: judge.to_owned(), measures, cost_usd, wrong }
    }

    /// For people; with every pair that it is wrong about.
    pub fn table(&self, tells_wrong: bool) -> String {
        let mut table = format!("== {} by {} ({} USD)\n", self.set, self.judge, self.cost_usd);
        for Measure { name, hits, of, .. } in &self.measures {
            let _ = writeln!(table, "{name:<20}{hits:>4} of {of}");
        }
        for WrongRuling { id, kind, ruled } in self.wrong.iter().filter(|_| tells_wrong) {
            let _ = writeln!(table, "{id}  {kind}, ruled {ruled}");
        }
        table
    }
}

fn wrong(id: &str, kind: PairKind, verdict: LineVerdict) -> Option<WrongRuling> {
    let (kind, right) = match kind {
        PairKind::Clean => ("clean", LineVerdict::Supported),
        PairKind::Fault => ("fault", LineVerdict::Refused),
    };
    let ruled = match verdict {
        LineVerdict::Supported => "supported",
        LineVerdict::Refused => "refused",
        LineVerdict::Unsettled => "open",
    };
    (verdict != right).then(|| WrongRuling { id: id.to_owned(), kind, ruled })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_open_is_neither_refused_nor_supported() {
        let findings = [
            (PairKind::Fault, LineVerdict::Refused),
            (PairKind::Fault, LineVerdict::Supported),
            (PairKind::Clean, LineVerdict::Supported),
            (PairKind::Clean, LineVerdict::Unsettled),
        ];
        let findings: Vec<_> = (1..).zip(findings).map(|(at, (kind, verdict))| (format!("p{at}"), kind, verdict)).collect();
        let report = JudgeReport::count("judge/set", "p/m", &findings, "0.1".to_owned());
        let rates: Vec<_> = report.measures.iter().map(|measure| (measure.hits, measure.of)).collect();
        assert_eq!(rates, [(1, 2), (1, 2), (1, 2), (0, 2), (1, 4)]);
        let wrong: Vec<_> = report.wrong.iter().map(|wrong| (wrong.id.as_str(), wrong.ruled)).collect();
        assert_eq!(wrong, [("p2", "supported"), ("p4", "open")]);
        assert!(report.table(true).contains("p4  clean, ruled open") && !report.table(false).contains("p4"));
    }
}
