//! Lies and their honest twins: the same bullet, told once falsely and once truly in much the same words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::cases::CheckKind;
use super::outcomes::{Outcome, SetOutcomes, Tally};

/// How the id of a fault ends that has a twin.
const LIE: &str = "-lie";
/// How the id of its twin ends.
const TWIN: &str = "-twin";

/// The pairs of a set: for each outcome of a lie, the outcomes of the twins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Pairs {
    by_lie: BTreeMap<Outcome, Tally>,
}

impl Pairs {
    /// The pairs of a set: a fault `x-lie` and a clean line `x-twin` are one.
    pub fn of(outcomes: &SetOutcomes, kinds: &BTreeMap<String, CheckKind>) -> Self {
        let by_id = outcomes.by_id();
        let outcome = |id: &str, kind: CheckKind| by_id.get(id).copied().filter(|_| kinds.get(id) == Some(&kind));
        let mut pairs = Self::default();
        for id in by_id.keys() {
            let Some(name) = id.strip_suffix(LIE) else { continue };
            if let Some((lie, twin)) = outcome(id, CheckKind::Fault).zip(outcome(&format!("{name}{TWIN}"), CheckKind::Clean)) {
                pairs.by_lie.entry(lie).or_default().add(twin);
            }
        }
        pairs
    }

    /// How many there are.
    pub fn sum(&self) -> usize {
        self.by_lie.values().map(|twins| twins.sum()).sum()
    }

    /// How many have neither their lie called grounded nor their twin called ungrounded.
    pub fn right(&self) -> usize {
        self.count(|lie, twin| !lie.is_wrong(CheckKind::Fault) && !twin.is_wrong(CheckKind::Clean))
    }

    /// How many have a worse verdict on the lie than on the twin.
    pub fn told_apart(&self) -> usize {
        self.count(|lie, twin| lie < twin)
    }

    /// For people: a row for each outcome of a lie; empty without pairs.
    pub fn table(&self) -> String {
        let mut table = String::new();
        if self.sum() > 0 {
            let _ = writeln!(table, "{:<20}{:>11}{:>10}{:>15}", "pairs", "twin hard", "twin ask", "twin grounded");
        }
        for (lie, Tally { hard, ask, grounded }) in &self.by_lie {
            let _ = writeln!(table, "lie {lie:<16}{hard:>11}{ask:>10}{grounded:>15}");
        }
        table
    }

    fn count(&self, wanted: impl Fn(Outcome, Outcome) -> bool) -> usize {
        let twins = |twins: &Tally| [(Outcome::Hard, twins.hard), (Outcome::Ask, twins.ask), (Outcome::Grounded, twins.grounded)];
        let each = self.by_lie.iter().flat_map(|(lie, tally)| twins(tally).map(|(twin, times)| (*lie, twin, times)));
        each.filter(|(lie, twin, _)| wanted(*lie, *twin)).map(|(_, _, times)| times).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_told_apart_when_its_lie_fares_worse_than_its_twin() {
        let mut outcomes = SetOutcomes::default();
        let mut kinds = BTreeMap::new();
        for (name, lie, twin) in [
            ("a", Outcome::Hard, Outcome::Grounded),
            ("b", Outcome::Ask, Outcome::Ask),
            ("c", Outcome::Grounded, Outcome::Grounded),
            ("d", Outcome::Hard, Outcome::Hard),
            ("e", Outcome::Hard, Outcome::Ask),
        ] {
            for (ending, kind, outcome) in [(LIE, CheckKind::Fault, lie), (TWIN, CheckKind::Clean, twin)] {
                outcomes.add(&format!("{name}{ending}"), outcome);
                kinds.insert(format!("{name}{ending}"), kind);
            }
        }
        outcomes.add("alone-lie", Outcome::Hard);
        kinds.insert("alone-lie".to_owned(), CheckKind::Fault);
        let pairs = Pairs::of(&outcomes, &kinds);
        assert_eq!((pairs.sum(), pairs.right(), pairs.told_apart()), (5, 3, 2));
        insta::assert_snapshot!(pairs.table(), @r"
        pairs                 twin hard  twin ask  twin grounded
        lie hard                      1         1              1
        lie ask                       0         1              0
        lie grounded                  0         0              1
        ");
        assert_eq!(Pairs::default().table(), "");
    }
}
