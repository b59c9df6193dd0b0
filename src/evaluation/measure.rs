//! A rate with its counts, and whether it got worse than a baseline.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Which way a figure should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// The more, the better.
    Higher,
    /// The less, the better.
    Lower,
}

/// So many of so many; for a mean, the sum and the number it is taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// What was counted, such as `right` or `false_rejects`.
    pub name: String,
    /// How many, or the sum.
    pub hits: i64,
    /// Of how many.
    pub of: i64,
    /// Which way it should go.
    pub better: Better,
}

/// The figures of earlier runs, by set: `match/held-out` → its measures.
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

impl Measure {
    /// A rate that should be high.
    pub fn high(name: &str, hits: usize, of: usize) -> Self {
        Self { name: name.to_owned(), hits: whole(hits), of: whole(of), better: Better::Higher }
    }

    /// A rate that should be low.
    pub fn low(name: &str, hits: usize, of: usize) -> Self {
        Self { better: Better::Lower, ..Self::high(name, hits, of) }
    }

    /// A mean that should be high.
    pub fn mean(name: &str, sum: i64, of: usize) -> Self {
        Self { name: name.to_owned(), hits: sum, of: whole(of), better: Better::Higher }
    }

    /// The figure itself; 0 of nothing.
    #[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^52")]
    pub fn rate(&self) -> f64 {
        if self.of == 0 { 0.0 } else { self.hits as f64 / self.of as f64 }
    }

    /// Whether `self` is worse than `was`, exactly: the counts are multiplied out, nothing is rounded.
    pub fn worse_than(&self, was: &Self) -> bool {
        let (now, then) = (i128::from(self.hits) * i128::from(was.of.max(1)), i128::from(was.hits) * i128::from(self.of.max(1)));
        match self.better {
            Better::Higher => now < then,
            Better::Lower => now > then,
        }
    }
}

impl Baseline {
    /// Everything that is worse here than it was, or was measured then and not now.
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
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(measure: Measure) -> Baseline {
        Baseline { sets: BTreeMap::from([("match/held-out".to_owned(), vec![measure])]) }
    }

    #[test]
    fn worse_is_worse_by_a_single_case_whatever_the_size_of_the_set() {
        let was = Measure::high("right", 98, 100);
        assert!(Measure::high("right", 97, 100).worse_than(&was));
        assert!(Measure::high("right", 979, 1000).worse_than(&was));
        assert!(!Measure::high("right", 98, 100).worse_than(&was));
        assert!(!Measure::high("right", 99, 100).worse_than(&was));
        assert!(Measure::low("false_rejects", 3, 100).worse_than(&Measure::low("false_rejects", 2, 100)));
        assert!(!Measure::low("false_rejects", 0, 0).worse_than(&Measure::low("false_rejects", 2, 100)));
    }

    #[test]
    fn a_measure_that_vanished_is_a_regression_and_a_set_that_was_not_run_is_none() {
        let was = one(Measure::high("right", 9, 10));
        assert_eq!(was.regressions(&one(Measure::high("correct", 9, 10))).len(), 1);
        assert_eq!(was.regressions(&one(Measure::high("right", 8, 10)))[0].now, Some(Measure::high("right", 8, 10)));
        assert!(was.regressions(&one(Measure::high("right", 10, 10))).is_empty());
        assert!(was.regressions(&Baseline::default()).is_empty());
    }
}
