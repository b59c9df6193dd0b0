//! Days and months as the account counts them: in UTC, by the time an attempt began.

use std::fmt;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime};

/// A day in UTC, written `2026-11-24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

impl Day {
    /// The day of a moment, in microseconds since the Unix epoch. A moment that no calendar holds is in 1970.
    pub fn of_micros(micros: i64) -> Self {
        Self(DateTime::from_timestamp_micros(micros).unwrap_or_default().date_naive())
    }

    /// Reads a day as it is written; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let day = Self(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?);
        (day.to_string() == text).then_some(day)
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
    fn a_day_is_read_as_it_is_written_and_begins_at_midnight() {
        let day = Day::parse("2028-03-01").expect("a day");
        assert_eq!((day.begins_us(), Day::of_micros(day.begins_us())), (1_835_481_600_000_000, day));
        for bad in ["", "2028-3-1", "2028-02-30", "2028-03", "2028-03-01T00:00", " 2028-03-01", "+2028-03-01", "yesterday"] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
    }
}
