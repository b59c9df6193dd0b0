//! A stretch of days in UTC, the first of them included and the last one not.

use crate::domain::cost::Day;

/// Days from one that is included to one that is not; never none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    from: Day,
    to: Day,
}

/// There is no day between the two.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a later day than `from`, as it is not included itself")]
pub struct NoDays;

impl Days {
    /// The days between the two.
    pub fn new(from: Day, to: Day) -> Result<Self, NoDays> {
        if from < to { Ok(Self { from, to }) } else { Err(NoDays) }
    }

    /// The month of this day, up to and with that day.
    pub fn of_month_until(today: Day) -> Self {
        Self { from: today.first_of_month(), to: today.plus_days(1) }
    }

    /// The first day.
    pub const fn from(self) -> Day {
        self.from
    }

    /// The day after the last one.
    pub const fn to(self) -> Day {
        self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_stretch_of_days_holds_at_least_one() {
        assert_eq!(Days::new(day("2026-11-06"), day("2026-11-06")), Err(NoDays));
        assert!(Days::new(day("2026-11-06"), day("2026-11-07")).is_ok());
    }

    #[test]
    fn the_month_so_far_ends_with_today() {
        for (today, from, to) in [("2026-11-30", "2026-11-01", "2026-12-01"), ("2028-02-01", "2028-02-01", "2028-02-02")] {
            let days = Days::of_month_until(day(today));
            assert_eq!((days.from(), days.to()), (day(from), day(to)));
        }
    }
}
