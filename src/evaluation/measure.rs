//! A figure with its counts, its interval and the way it should go.

use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Serialize, Serializer};

use super::interval::Interval;

/// Which way a figure should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// The more, the better.
    Higher,
    /// The less, the better.
    Lower,
    /// The figure is published and no change of it fails a run.
    Neither,
}

/// How a figure comes from its counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// So many of so many cases.
    #[default]
    Share,
    /// An F1 score: twice the hits, of twice the hits with the misses and the false alarms.
    F1,
    /// A mean of points: their sum, and the number of cases it is taken over.
    Points,
}

/// A figure as its counts, so that two of them can be compared exactly.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Measure {
    /// What was counted, such as `right` or `clean_hard`.
    pub name: String,
    /// How many, or the sum.
    pub hits: i64,
    /// Of how many.
    pub of: i64,
    /// Which way it should go.
    pub better: Better,
    /// How the figure comes from the counts.
    #[serde(default)]
    pub scale: Scale,
}

impl Measure {
    /// A share that should be high.
    pub fn high(name: &str, hits: usize, of: usize) -> Self {
        Self { name: name.to_owned(), hits: whole(hits), of: whole(of), better: Better::Higher, scale: Scale::Share }
    }

    /// A share that should be low.
    pub fn low(name: &str, hits: usize, of: usize) -> Self {
        Self { better: Better::Lower, ..Self::high(name, hits, of) }
    }

    /// A share that is published and fails no run.
    pub fn told(name: &str, hits: usize, of: usize) -> Self {
        Self { better: Better::Neither, ..Self::high(name, hits, of) }
    }

    /// A mean of points that should be high.
    pub fn mean(name: &str, sum: i64, of: usize) -> Self {
        Self { hits: sum, scale: Scale::Points, ..Self::high(name, 0, of) }
    }

    /// An F1 score, which should be high: the harmonic mean of precision and recall.
    pub fn f1(name: &str, hits: usize, misses: usize, false_alarms: usize) -> Self {
        Self { scale: Scale::F1, ..Self::high(name, 2 * hits, 2 * hits + misses + false_alarms) }
    }

    /// The figure itself; 0 of nothing.
    #[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^52")]
    pub fn rate(&self) -> f64 {
        if self.of == 0 { 0.0 } else { self.hits as f64 / self.of as f64 }
    }

    /// The 95 % interval; `None` for a mean, and when nothing was counted.
    ///
    /// F1 is no share, but it is 2J / (1 + J) of one: J, the hits of all cases that are hits, misses or false alarms. Its interval is that of J, carried over.
    pub fn interval(&self) -> Option<Interval> {
        match self.scale {
            Scale::Share => Interval::wilson(self.hits, self.of),
            Scale::F1 => {
                let hits = self.hits / 2;
                Some(Interval::wilson(hits, self.of - hits)?.carried(|share| 2.0 * share / (1.0 + share)))
            }
            Scale::Points => None,
        }
    }

    /// Whether `self` is worse than `was`, exactly: the counts are multiplied out, nothing is rounded.
    pub fn worse_than(&self, was: &Self) -> bool {
        let (now, then) = (i128::from(self.hits) * i128::from(was.of.max(1)), i128::from(was.hits) * i128::from(self.of.max(1)));
        match self.better {
            Better::Higher => now < then,
            Better::Lower => now > then,
            Better::Neither => false,
        }
    }

    /// The figure for people: `97.3 % (359/369)`, or `+7.8 points`.
    pub fn figure(&self) -> String {
        let Self { hits, of, .. } = self;
        match self.scale {
            Scale::Share => format!("{:.1} % ({hits}/{of})", self.rate() * 100.0),
            Scale::F1 => format!("{:.1} %", self.rate() * 100.0),
            Scale::Points => format!("{:+.1} points", self.rate()),
        }
    }

    /// The figure for people, with its interval where it has one: `97.3 % (359/369), 95.1 to 98.5 %`.
    pub fn figure_with_interval(&self) -> String {
        let interval = self.interval().map(|interval| format!(", {interval}")).unwrap_or_default();
        self.figure() + &interval
    }
}

/// Hand-written for the interval, which is computed from the counts and never read back.
impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { name, hits, of, better, scale } = self;
        let mut written = serializer.serialize_struct("Measure", 6)?;
        written.serialize_field("name", name)?;
        written.serialize_field("hits", hits)?;
        written.serialize_field("of", of)?;
        written.serialize_field("better", better)?;
        written.serialize_field("scale", scale)?;
        written.serialize_field("interval", &self.interval())?;
        written.end()
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worse_is_worse_by_a_single_case_whatever_the_size_of_the_set() {
        let was = Measure::high("right", 98, 100);
        assert!(Measure::high("right", 97, 100).worse_than(&was));
        assert!(Measure::high("right", 979, 1000).worse_than(&was));
        assert!(!Measure::high("right", 98, 100).worse_than(&was));
        assert!(!Measure::high("right", 99, 100).worse_than(&was));
        assert!(Measure::low("clean_hard", 3, 100).worse_than(&Measure::low("clean_hard", 2, 100)));
        assert!(!Measure::low("clean_hard", 0, 0).worse_than(&Measure::low("clean_hard", 2, 100)));
        assert!(!Measure::told("faults_asked", 0, 100).worse_than(&Measure::told("faults_asked", 50, 100)));
    }

    #[test]
    fn f1_is_the_harmonic_mean_and_its_interval_is_carried_over() {
        // Precision 8/10, recall 8/12: 2 · 0.8 · 0.6667 / 1.4667.
        let f1 = Measure::f1("none_f1", 8, 4, 2);
        assert!((f1.rate() - 16.0 / 22.0).abs() < 1e-12);
        // J is 8/14, whose interval is 0.3259 to 0.7862.
        let Interval { low, high } = f1.interval().expect("counted");
        assert!((low - 2.0 * 0.3259 / 1.3259).abs() < 2e-4 && (high - 2.0 * 0.7862 / 1.7862).abs() < 2e-4, "{low} {high}");
        assert_eq!(Measure::f1("none_f1", 0, 0, 0).interval(), None);
    }

    #[test]
    fn a_figure_is_written_with_its_interval_and_read_back_without() {
        let measure = Measure::low("clean_hard", 0, 20);
        let written = serde_json::to_value(&measure).expect("JSON");
        assert_eq!(written["interval"], serde_json::json!({"low": 0.0, "high": 0.1611}));
        assert_eq!(serde_json::from_value::<Measure>(written).expect("a measure"), measure);
        assert_eq!(measure.figure_with_interval(), "0.0 % (0/20), 0.0 to 16.1 %");
        assert_eq!(Measure::mean("score_lift", 39, 5).figure_with_interval(), "+7.8 points");
    }
}
