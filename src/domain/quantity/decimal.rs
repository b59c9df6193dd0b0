//! An exact decimal number, as large as a resume needs.

use std::fmt;

/// A whole number and a count of decimal places, without trailing zeros, so that equal numbers are equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    /// A number from its digits (`1500`) and how many of them stand after the point.
    pub const fn new(mut digits: i128, mut places: u32) -> Self {
        while places > 0 && digits % 10 == 0 {
            digits /= 10;
            places -= 1;
        }
        Self { digits, places }
    }

    /// Reads plain digits with at most one point; `None` when there are too many.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if whole.len() + part.len() > 24 || !whole.chars().chain(part.chars()).all(|c| c.is_ascii_digit()) {
            return None;
        }
        let digits: i128 = format!("{whole}{part}").parse().ok()?;
        Some(Self::new(digits, u32::try_from(part.len()).ok()?))
    }

    /// Whether this number is smaller than the other; `None` when one is too large to tell.
    pub fn is_less(self, other: Self) -> Option<bool> {
        let places = self.places.max(other.places);
        let widened = |one: Self| one.digits.checked_mul(10_i128.checked_pow(places - one.places)?);
        Some(widened(self)? < widened(other)?)
    }

    /// Whether nothing stands behind its point.
    pub const fn is_whole(self) -> bool {
        self.places == 0
    }

    /// The sum of both; `None` when it grows beyond reason.
    pub fn plus(self, other: Self) -> Option<Self> {
        let places = self.places.max(other.places);
        let widened = |one: Self| one.digits.checked_mul(10_i128.checked_pow(places - one.places)?);
        Some(Self::new(widened(self)?.checked_add(widened(other)?)?, places))
    }

    /// The number divided by a whole one; `None` when it does not come out even within nine more places.
    pub fn divided(self, by: i128) -> Option<Self> {
        let mut digits = self.digits;
        for more in 0..10 {
            if digits.checked_rem(by)? == 0 {
                return Some(Self::new(digits / by, self.places + more));
            }
            digits = digits.checked_mul(10)?;
        }
        None
    }

    /// The number times a whole factor; `None` when it grows beyond reason.
    pub fn times(self, factor: i128) -> Option<Self> {
        self.digits.checked_mul(factor).map(|digits| Self::new(digits, self.places))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.places == 0 {
            return write!(f, "{}", self.digits);
        }
        let width = self.places as usize + 1;
        let text = format!("{:0width$}", self.digits.unsigned_abs());
        let (whole, part) = text.split_at(text.len() - self.places as usize);
        let sign = if self.digits < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}.{part}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_equal_however_they_are_written() {
        assert_eq!(Decimal::parse("1.50"), Decimal::parse("1.5"));
        assert_eq!(Decimal::parse("007"), Decimal::parse("7.0"));
        assert_ne!(Decimal::parse("99.9"), Decimal::parse("99.99"));
        assert_eq!(Decimal::parse("0.05").map(|value| value.to_string()).as_deref(), Some("0.05"));
    }

    #[test]
    fn a_number_of_a_hundred_digits_is_refused_not_wrapped() {
        assert_eq!(Decimal::parse(&"9".repeat(100)), None);
        assert_eq!(Decimal::new(i128::MAX, 0).times(10), None);
        assert_eq!(Decimal::new(i128::MAX, 0).plus(Decimal::new(1, 2)), None);
    }

    #[test]
    fn sums_and_quotients_are_exact_or_none() {
        assert_eq!(Decimal::new(15, 1).plus(Decimal::new(2, 0)), Some(Decimal::new(35, 1)));
        assert_eq!(Decimal::new(3, 0).divided(8), Some(Decimal::new(375, 3)));
        assert_eq!(Decimal::new(6, 0).divided(3), Some(Decimal::new(2, 0)));
        assert_eq!((Decimal::new(1, 0).divided(3), Decimal::new(1, 0).divided(0)), (None, None));
    }
}
