//! How long attempts took, as a histogram: so many took at most this long, and longer than the bound before.

use std::collections::BTreeMap;
use std::time::Duration;

/// How long attempts took: each is the upper bound of the part of the histogram in which the percentile lies (see
/// [`LATENCY_ERROR_PERCENT`](super::LATENCY_ERROR_PERCENT)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    /// Half of them took at most this long.
    pub p50: Duration,
    /// 95 of a hundred.
    pub p95: Duration,
    /// 99 of a hundred.
    pub p99: Duration,
}

/// Attempts by the bound that they took at most.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram(BTreeMap<Duration, u64>);

impl Histogram {
    /// Adds attempts under a bound.
    pub fn add(&mut self, bound: Duration, attempts: u64) {
        let counted = self.0.entry(bound).or_default();
        *counted = counted.saturating_add(attempts);
    }

    /// Its percentiles; `None` when nothing was measured.
    pub fn latency(&self) -> Option<Latency> {
        Some(Latency { p50: self.percentile(50)?, p95: self.percentile(95)?, p99: self.percentile(99)? })
    }

    /// The least bound that so many of a hundred are not above.
    fn percentile(&self, percent: u128) -> Option<Duration> {
        let all: u128 = self.0.values().copied().map(u128::from).sum();
        let mut so_far = 0;
        self.0.iter().find_map(|(bound, attempts)| {
            so_far += u128::from(*attempts);
            (so_far * 100 >= all * percent).then_some(*bound)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(counts: &[(u64, u64)]) -> Option<[u64; 3]> {
        let mut histogram = Histogram::default();
        for (bound, attempts) in counts {
            histogram.add(Duration::from_millis(*bound), *attempts);
        }
        let millis = |bound: Duration| u64::try_from(bound.as_millis()).expect("small");
        histogram.latency().map(|Latency { p50, p95, p99 }| [p50, p95, p99].map(millis))
    }

    #[test]
    fn a_percentile_is_the_least_bound_that_so_many_are_not_above() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(5, 1)]), Some([5, 5, 5]));
        assert_eq!(of(&[(5, 50), (8, 45), (10, 4), (90, 1)]), Some([5, 8, 10]));
        assert_eq!(of(&[(8, 1), (5, 1)]), Some([5, 8, 8]));
        assert_eq!(of(&[(5, u64::MAX), (8, u64::MAX)]), Some([5, 8, 8]));
    }
}
