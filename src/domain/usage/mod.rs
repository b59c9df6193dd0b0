//! What was used in a stretch of days, summed up by what one asks for: the question and its answer, whatever keeps the account and whoever reads it.

mod days;
mod grouping;
mod histogram;

pub use self::days::{Days, NoDays};
pub use self::grouping::{GroupBy, Grouping, NoGrouping};
pub use self::histogram::{Histogram, Latency};

use super::cost::{Caps, Day, PicoUsd};
use super::prompt::PromptRef;
use super::request::ModelId;

/// By how many percent at most a percentile of a latency of a millisecond or more is told too high; a shorter one is told as a millisecond.
pub const LATENCY_ERROR_PERCENT: u8 = 28;

/// Over how many days the moving average goes.
pub const AVERAGE_DAYS: u8 = 7;

/// What is asked of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageQuery {
    /// The days.
    pub days: Days,
    /// What the sums are told apart by.
    pub group_by: GroupBy,
}

/// What came of reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// What was used.
    Report(Box<UsageReport>),
    /// It would have more rows than this, which nobody reads at once.
    MoreThan(usize),
}

/// What was used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsageReport {
    /// A row for each group in which anything was used, in the order of what it is grouped by.
    pub rows: Vec<UsageRow>,
    /// All of them together.
    pub total: UsageRow,
}

/// What was used in one group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsageRow {
    /// Which group it is.
    pub group: Group,
    /// The sums.
    pub used: Used,
    /// How the cost goes on from day to day; `None` unless the days are told apart.
    pub course: Option<Course>,
    /// How long the attempts took; `None` when the time of none was measured.
    pub latency: Option<Latency>,
}

/// What the rows of a group have in common; `None` where they are not told apart by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// The day, in UTC.
    pub day: Option<Day>,
    /// The model that was asked, `provider/model`.
    pub model: Option<String>,
    /// Whose account it is.
    pub key: Option<String>,
    /// The prompt version.
    pub prompt: Option<String>,
    /// The skill; `None` as well where none was matched.
    pub skill: Option<String>,
}

/// The sums of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    /// Questions to a model: first attempts.
    pub calls: u64,
    /// Attempts at a model.
    pub attempts: u64,
    /// Bullets whose answer was in the cache, or was handed over by a request that asked the same at the same time.
    pub cache_hits: u64,
    /// Tokens of the prompts, those from the provider's cache among them.
    pub input_tokens: u64,
    /// Tokens of the prompts that were read from the provider's cache.
    pub cached_tokens: u64,
    /// Tokens of the answers.
    pub output_tokens: u64,
    /// What the attempts cost.
    pub cost: PicoUsd,
    /// What the hits would have cost: for each what its reply had cost.
    pub saved: PicoUsd,
    /// Attempts whose cost is unknown.
    pub unknown: u64,
}

impl Used {
    /// The sums of two groups.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            calls: self.calls.saturating_add(other.calls),
            attempts: self.attempts.saturating_add(other.attempts),
            cache_hits: self.cache_hits.saturating_add(other.cache_hits),
            input_tokens: self.input_tokens.saturating_add(other.input_tokens),
            cached_tokens: self.cached_tokens.saturating_add(other.cached_tokens),
            output_tokens: self.output_tokens.saturating_add(other.output_tokens),
            cost: self.cost.plus(other.cost),
            saved: self.saved.plus(other.saved),
            unknown: self.unknown.saturating_add(other.unknown),
        }
    }
}

/// How the cost of a group goes on from day to day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// What it has come to since the first of the days that were asked for, this day included.
    pub running: PicoUsd,
    /// What a day cost on average, of the seven that end with this one; a day without use counts as nothing. Rounded down to a pico-dollar.
    pub average: PicoUsd,
}

/// Bullets of one kind that were answered without a call, on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HitKind {
    /// When.
    pub day: Day,
    /// Whose account it is.
    pub tenant: String,
    /// The model that had been asked for the reply.
    pub model: ModelId,
    /// The prompt version.
    pub prompt_ref: PromptRef,
    /// The skill the bullet was matched to.
    pub skill: Option<String>,
}

/// How many hits, and what they would have cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hits {
    /// How many.
    pub count: u64,
    /// What they would have cost.
    pub saved: PicoUsd,
}

impl Hits {
    /// Adds more of them.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { count: self.count.saturating_add(other.count), saved: self.saved.plus(other.saved) }
    }
}

/// What was spent on a day and in its month, and what is set aside for calls that are being made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// On the day.
    pub day: Outlay,
    /// In the month.
    pub month: Outlay,
}

/// What is gone of a budget.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outlay {
    /// Spent.
    pub spent: PicoUsd,
    /// Set aside.
    pub held: PicoUsd,
}

impl Outlay {
    /// What is left under a limit.
    pub const fn left(self, cap: PicoUsd) -> PicoUsd {
        cap.less(self.spent.plus(self.held))
    }
}

impl Balance {
    /// The limits that are set, each with what is gone of it: first the day's, then the month's.
    pub fn under(self, caps: Caps) -> impl Iterator<Item = (super::cost::Period, PicoUsd, Outlay)> {
        use super::cost::Period;
        let rows = [(Period::Day, caps.day, self.day), (Period::Month, caps.month, self.month)];
        rows.into_iter().filter_map(|(period, cap, outlay)| Some((period, cap?, outlay)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::Period;

    #[test]
    fn what_is_left_is_what_is_neither_spent_nor_set_aside_and_never_less_than_nothing() {
        let outlay = |spent, held| Outlay { spent: PicoUsd::new(spent), held: PicoUsd::new(held) };
        assert_eq!(outlay(3, 4).left(PicoUsd::new(10)), PicoUsd::new(3));
        assert_eq!(outlay(8, 4).left(PicoUsd::new(10)), PicoUsd::ZERO);
        let balance = Balance { day: outlay(1, 0), month: outlay(2, 0) };
        let month_alone = Caps { day: None, month: Some(PicoUsd::new(5)) };
        assert_eq!(balance.under(month_alone).collect::<Vec<_>>(), [(Period::Month, PicoUsd::new(5), outlay(2, 0))]);
    }
}
