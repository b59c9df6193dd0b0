//! Days and months as the account counts them: in UTC, by the time an attempt began.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime};

/// A day in UTC, written `2026-11-24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

impl Day {
    /// The day of a moment, in microseconds since the Unix epoch. A moment that no calendar holds is in 1970.
    pub fn of_micros(micros: i64) -> Self {
        Self(DateTime::from_timestamp_micros(micros).unwrap_or_default().date_naive())
    }

    /// So many days later; stops at the last day that a calendar holds.
    #[must_use]
    pub fn plus_days(self, days: u64) -> Self {
        Self(self.0.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX))
    }

    /// So many days earlier; stops at the first day that a calendar holds.
    #[must_use]
    pub fn minus_days(self, days: u64) -> Self {
        Self(self.0.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN))
    }

    /// The first day of its month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self(self.0.with_day(1).unwrap_or(self.0))
    }

    /// The moment it begins, in microseconds since the Unix epoch.
    pub fn begins_us(self) -> i64 {
        self.0.and_time(NaiveTime::MIN).and_utc().timestamp_micros()
    }

    /// Its month, written `2026-11`: the beginning of every day of that month.
    pub fn month(self) -> String {
        format!("{:04}-{:02}", self.0.year(), self.0.month())
    }
}

/// A text that is no day of the calendar.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("is not a day; write year, month and day as 2026-11-24")]
pub struct NotADay;

/// Just as it is written: four, two and two digits.
impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self).map_err(|_| NotADay)?;
        if day.to_string() == text { Ok(day) } else { Err(NotADay) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.month(), self.0.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_utc() {
        // 2026-11-06T08:49:37Z, and the last and first microsecond around the turn of a leap year's February.
        for (micros, day, month) in [
            (1_793_954_977_000_001, "2026-11-06", "2026-11"),
            (1_835_481_599_999_999, "2028-02-29", "2028-02"),
            (1_835_481_600_000_000, "2028-03-01", "2028-03"),
            (-1, "1969-12-31", "1969-12"),
            (i64::MAX, "1970-01-01", "1970-01"),
        ] {
            assert_eq!((Day::of_micros(micros).to_string().as_str(), Day::of_micros(micros).month().as_str()), (day, month));
        }
    }

    #[test]
    fn a_day_is_read_as_it_is_written() {
        let day: Day = "2028-02-28".parse().expect("a day");
        assert_eq!((day.plus_days(2).to_string().as_str(), day.minus_days(28).to_string().as_str()), ("2028-03-01", "2028-01-31"));
        assert_eq!(day.plus_days(2).begins_us(), 1_835_481_600_000_000);
        assert_eq!(day.first_of_month().to_string(), "2028-02-01");
        for bad in
            ["", "2026-11", "2026-02-29", "2026-1-1", "26-11-24", "2026-11-24T00:00:00Z", " 2026-11-24", "+2026-11-24", "12026-11-24"]
        {
            assert_eq!(bad.parse::<Day>(), Err(NotADay), "{bad}");
        }
        assert_eq!(day.plus_days(u64::MAX).plus_days(1), day.plus_days(u64::MAX));
    }
}
