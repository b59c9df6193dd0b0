//! Values with a unit, as people write them: `60s`, `1 MiB`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A stretch of time: a whole number and `ms`, `s`, `m`, `h` or `d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Period(pub(super) Duration);

/// An amount of data: a whole number and `B`, `KiB`, `MiB` or `GiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Size(pub(super) usize);

/// A value with a unit, or the word `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String", bound = "T: Clone + FromStr<Err = UnitError> + fmt::Display")]
pub(super) struct OrNone<T>(pub(super) Option<T>);

/// A value without a unit that makes sense.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{value}` is not {what}")]
pub(super) struct UnitError {
    value: String,
    what: &'static str,
}

const PERIODS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
const NONE: &str = "none";
const SIZES: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

impl FromStr for Period {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let what = "a duration above zero; write a whole number and ms, s, m, h or d, such as \"60s\" or \"90d\"";
        let millis = amount(text, &PERIODS).filter(|millis| *millis > 0).ok_or_else(|| UnitError { value: text.to_owned(), what })?;
        Ok(Self(Duration::from_millis(millis)))
    }
}

impl FromStr for Size {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let what = "a size above zero; write a whole number and B, KiB, MiB or GiB, such as \"1 MiB\"";
        amount(text, &SIZES)
            .and_then(|bytes| usize::try_from(bytes).ok())
            .filter(|bytes| *bytes > 0)
            .map(Self)
            .ok_or_else(|| UnitError { value: text.to_owned(), what })
    }
}

fn amount(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let (_, scale) = units.iter().find(|(name, _)| *name == unit.trim())?;
    number.parse::<u64>().ok()?.checked_mul(*scale)
}

fn written(f: &mut fmt::Formatter<'_>, amount: u64, units: &[(&str, u64)], gap: &str) -> fmt::Result {
    match units.iter().find(|(_, scale)| amount.is_multiple_of(*scale)) {
        Some((unit, scale)) => write!(f, "{}{gap}{unit}", amount / scale),
        None => write!(f, "{amount}"),
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX), &PERIODS, "")
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, self.0 as u64, &SIZES, " ")
    }
}

impl TryFrom<String> for Period {
    type Error = UnitError;

    fn try_from(text: String) -> Result<Self, UnitError> {
        text.parse()
    }
}

impl TryFrom<String> for Size {
    type Error = UnitError;

    fn try_from(text: String) -> Result<Self, UnitError> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl From<Size> for String {
    fn from(size: Size) -> Self {
        size.to_string()
    }
}

impl<T: FromStr<Err = UnitError>> TryFrom<String> for OrNone<T> {
    type Error = UnitError;

    fn try_from(text: String) -> Result<Self, UnitError> {
        if text.trim() == NONE { Ok(Self(None)) } else { text.parse().map(|value| Self(Some(value))) }
    }
}

impl<T: fmt::Display> From<OrNone<T>> for String {
    fn from(OrNone(value): OrNone<T>) -> Self {
        value.map_or_else(|| NONE.to_owned(), |value| value.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_whole_number_with_a_unit() {
        for (text, millis) in [("60s", 60_000), ("500ms", 500), ("2m", 120_000), ("24 h", 86_400_000), ("90d", 7_776_000_000)] {
            let period: Period = text.parse().expect(text);
            assert_eq!(period.0, Duration::from_millis(millis), "{text}");
        }
        for bad in ["", "60", "s", "1.5s", "-1s", "0s", "60 sec", "99999999999999999999h", "18446744073709551615h", "٣s"] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_size_is_a_whole_number_with_a_unit() {
        for (text, bytes) in [("1 MiB", 1 << 20), ("512KiB", 512 << 10), ("7 B", 7)] {
            assert_eq!(text.parse::<Size>(), Ok(Size(bytes)), "{text}");
        }
        for bad in ["1", "1 MB", "MiB", "0 B", "1e3 B"] {
            assert!(bad.parse::<Size>().is_err(), "{bad}");
        }
    }

    #[test]
    fn where_none_makes_sense_it_is_a_word_and_no_zero() {
        let size = |text: &str| OrNone::<Size>::try_from(text.to_owned());
        assert_eq!((size("none"), size("1 KiB")), (Ok(OrNone(None)), Ok(OrNone(Some(Size(1 << 10))))));
        assert!(size("0 B").is_err() && size("").is_err());
        assert_eq!(
            (String::from(OrNone::<Size>(None)), String::from(OrNone(Some(Size(1 << 10))))),
            ("none".to_owned(), "1 KiB".to_owned())
        );
    }

    #[test]
    fn both_are_written_in_the_largest_unit_that_fits() {
        assert_eq!(Period(Duration::from_hours(24)).to_string(), "1d");
        assert_eq!(Period(Duration::from_hours(25)).to_string(), "25h");
        assert_eq!(Period(Duration::from_millis(1_500)).to_string(), "1500ms");
        assert_eq!(Size(1 << 20).to_string(), "1 MiB");
        assert_eq!(Size(1_500).to_string(), "1500 B");
    }
}
