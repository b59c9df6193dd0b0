//! Whole pico-dollars, so that no cost is ever rounded.

use std::fmt;
use std::iter::Sum;

/// Whole pico-dollars (10⁻¹² USD); never negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PicoUsd(u64);

const PICO_PER_USD: u64 = 1_000_000_000_000;

impl PicoUsd {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// An amount in pico-dollars.
    pub const fn new(pico: u64) -> Self {
        Self(pico)
    }

    /// The amount in pico-dollars.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Reads dollars as the contract writes them: a plain decimal of at most twelve places. `None` for anything else.
    pub fn from_dollars(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || part.len() > 12 || !plain(whole) || !plain(part) {
            return None;
        }
        format!("{whole}{part:0<12}").parse().ok().map(Self::new)
    }

    /// The sum of two amounts; stops at the largest amount that can be written down (18 million dollars).
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left of it when this much is taken away; nothing when that is more.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    pub(super) const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }
}

impl Sum for PicoUsd {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Self::plus)
    }
}

/// Dollars as a plain decimal of at most twelve places, without trailing zeros: `0.000312`.
impl fmt::Display for PicoUsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / PICO_PER_USD, self.0 % PICO_PER_USD);
        if part == 0 {
            return write!(f, "{whole}");
        }
        let places = format!("{part:012}");
        write!(f, "{whole}.{}", places.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_written_as_a_plain_decimal_without_trailing_zeros() {
        for (pico, text) in [(0, "0"), (1, "0.000000000001"), (312_000_000, "0.000312"), (PICO_PER_USD, "1"), (PICO_PER_USD * 3 / 2, "1.5")]
        {
            assert_eq!(PicoUsd::new(pico).to_string(), text);
        }
    }
}
