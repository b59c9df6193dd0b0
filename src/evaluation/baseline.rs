//! The figures of an earlier run, and what is worse than it was.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::measure::Measure;

/// The figures of one run, by set: `match/tuning-01` → its measures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Baseline {
    /// By set.
    pub sets: BTreeMap<String, Vec<Measure>>,
}

/// A figure that is worse than it was, or no longer there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regression {
    /// The set.
    pub set: String,
    /// What it was.
    pub was: Measure,
    /// What it is; `None` when nobody measured it.
    pub now: Option<Measure>,
}

impl Baseline {
    /// Everything that is worse in `now`, or is no longer measured there; a set that was not run is passed over.
    pub fn regressions(&self, now: &Self) -> Vec<Regression> {
        let mut found = Vec::new();
        for (set, measures) in &self.sets {
            let Some(today) = now.sets.get(set) else { continue };
            for was in measures {
                let now = today.iter().find(|measure| measure.name == was.name).cloned();
                if now.as_ref().is_none_or(|now| now.worse_than(was)) {
                    found.push(Regression { set: set.clone(), was: was.clone(), now });
                }
            }
        }
        found
    }

    /// One figure of one set.
    pub fn find(&self, set: &str, name: &str) -> Option<&Measure> {
        self.sets.get(set)?.iter().find(|measure| measure.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(measure: Measure) -> Baseline {
        Baseline { sets: BTreeMap::from([("match/tuning-01".to_owned(), vec![measure])]) }
    }

    #[test]
    fn a_measure_that_vanished_is_a_regression_and_a_set_that_was_not_run_is_none() {
        let was = one(Measure::high("right", 9, 10));
        assert_eq!(was.regressions(&one(Measure::high("correct", 9, 10))).len(), 1);
        assert_eq!(was.regressions(&one(Measure::high("right", 8, 10)))[0].now, Some(Measure::high("right", 8, 10)));
        assert!(was.regressions(&one(Measure::high("right", 10, 10))).is_empty());
        assert!(was.regressions(&Baseline::default()).is_empty());
    }

    #[test]
    fn a_figure_without_a_better_way_may_move_and_may_not_vanish() {
        let was = one(Measure::told("faults_asked", 9, 10));
        assert!(was.regressions(&one(Measure::told("faults_asked", 1, 10))).is_empty());
        assert_eq!(was.regressions(&one(Measure::low("faults_grounded", 1, 10))).len(), 1);
    }
}
