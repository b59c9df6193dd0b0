//! The 95 % confidence interval of a share, by Wilson's score method.
//!
//! E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209–212; recommended for small samples and for
//! shares near 0 and 1 by Brown, Cai and others, "Interval estimation for a binomial proportion", Statistical Science 16 (2001), 101–133.

use std::fmt;

use serde::{Serialize, Serializer};

/// The 97.5th percentile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The range in which the share of a whole population lies, when a sample of it gave this share; 95 of 100 such ranges hold it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower bound, 0 to 1; written down with four decimals.
    #[serde(serialize_with = "four_decimals")]
    pub low: f64,
    /// The upper bound, 0 to 1; written down with four decimals.
    #[serde(serialize_with = "four_decimals")]
    pub high: f64,
}

impl Interval {
    /// The interval of `hits` of `of`; `None` when nothing was counted, or the counts are no share.
    pub fn wilson(hits: i64, of: i64) -> Option<Self> {
        let n = f64::from(u32::try_from(of).ok().filter(|of| *of > 0)?);
        let share = f64::from(u32::try_from(hits).ok().filter(|_| hits <= of)?) / n;
        let squared = Z * Z;
        let centre = share + squared / (2.0 * n);
        let half = Z * (share * (1.0 - share) / n + squared / (4.0 * n * n)).sqrt();
        let scale = 1.0 + squared / n;
        Some(Self { low: ((centre - half) / scale).clamp(0.0, 1.0), high: ((centre + half) / scale).clamp(0.0, 1.0) })
    }

    /// The interval with both bounds carried over by a function that keeps their order.
    #[must_use]
    pub fn carried(self, by: fn(f64) -> f64) -> Self {
        Self { low: by(self.low), high: by(self.high) }
    }
}

/// `35.9 to 49.4 %`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} to {:.1} %", self.low * 100.0, self.high * 100.0)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn four_decimals<S: Serializer>(bound: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    // The sum takes the sign off a negative zero.
    serializer.serialize_f64((bound * 10_000.0).round() / 10_000.0 + 0.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_bounds_are_those_of_the_published_tables() {
        // Table I, method 3, of R. G. Newcombe, Statistics in Medicine 17 (1998), 857–872.
        for (hits, of, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718), (20, 20, 0.8389, 1.0)]
        {
            let written = serde_json::to_value(Interval::wilson(hits, of)).expect("JSON");
            assert_eq!(written, json!({"low": low, "high": high}), "{hits} of {of}");
        }
    }

    #[test]
    fn nothing_counted_and_no_share_have_no_interval() {
        for (hits, of) in [(0, 0), (3, 2), (-1, 2), (1, -2)] {
            assert_eq!(Interval::wilson(hits, of), None, "{hits} of {of}");
        }
    }

    #[test]
    fn an_interval_is_printed_in_percent() {
        assert_eq!(Interval::wilson(0, 20).expect("a share").to_string(), "0.0 to 16.1 %");
    }
}
