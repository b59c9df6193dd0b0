//! Numbers with their units, in one exact normal form: `1,200 ms`, `1.2 seconds` and `1.2s` are the same claim, `1.2 %` is another.
//!
//! Numbers inside names (`EC2`, `p99`, `OAuth 2.0`) are no quantities; the caller says which stretches are names. Neither are versions
//! (`1.2.3`, `version 2`), orders (`3rd`), `24/7`, and what stands in a link or a span of code.
//!
//! - A range (`10-20 %`) is two quantities, its ends, each in the unit of the range; [`Quantity::range`] says which end.
//! - A date (`03/2024`) is its parts: the month and the day as counts with the units `month of year` and `day of month`, the year a plain count.
//! - A share (`half`, `1/3`) is a percentage where that comes out even, and else so many `thirds`.
//! - A compound duration (`1 h 30 min`) is one quantity.

mod behind;
#[cfg(test)]
mod bounds;
mod certainty;
mod compound;
mod dates;
mod decimal;
mod digits;
#[cfg(test)]
mod forms;
mod fractions;
mod numerals;
#[cfg(test)]
mod properties;
mod ranges;
mod roles;
mod scan;
mod spelled;
mod units;
mod words;

pub use decimal::Decimal;
pub use scan::scan;
pub use units::{per, unit};

use super::text::Span;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuantityKind {
    /// Things.
    Count,
    /// A share.
    Percent,
    /// Time.
    Duration,
    /// Data.
    Size,
    /// Money.
    Money,
    /// A factor.
    Multiplier,
    /// Things in a time.
    Rate,
}

/// How exact a number claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparator {
    /// As it stands.
    Exact,
    /// `~`, `about`, `nearly`.
    About,
    /// `over`, `at least`, `+`.
    AtLeast,
    /// `up to`, `under`.
    AtMost,
}

/// Where a number stands in a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// No change is told.
    Alone,
    /// `from 140 ms`.
    From,
    /// `to 18 ms`.
    To,
    /// `by 18 ms`.
    By,
}

/// Which end of a range a number is. The low end stands right before the high one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeEnd {
    /// The `10` of `10-20` and of `between 10 and 20`.
    Low,
    /// The `20` of `10-20` and of `between 10 and 20`.
    High,
    /// The `10` of `10 to 20`, which may also tell what it was before.
    LowOrFrom,
    /// The `20` of `10 to 20`, which may also tell what it became.
    HighOrTo,
}

impl RangeEnd {
    /// Whether it is the end below.
    pub const fn is_low(self) -> bool {
        matches!(self, Self::Low | Self::LowOrFrom)
    }

    /// Whether a number in this place of a change may say the same.
    const fn may_be(self, role: Role) -> bool {
        matches!((self, role), (Self::LowOrFrom, Role::From) | (Self::HighOrTo, Role::To))
    }
}

/// One number with everything that makes it a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// What is counted.
    pub kind: QuantityKind,
    /// The unit in normal form: `s`, `B`, `%`, `per min`, `USD`; empty for plain counts.
    pub unit: &'static str,
    /// In what time, for money, data, time and shares: `per month`; empty without.
    pub per: &'static str,
    /// The number, in that unit.
    pub value: Decimal,
    /// How exact it claims to be.
    pub comparator: Comparator,
    /// Whether its `over` may also be `across`: `a search over 4M documents`.
    pub spread: bool,
    /// Where it stands in a change.
    pub role: Role,
    /// Which end of a range it is; `None` for a number by itself.
    pub range: Option<RangeEnd>,
    /// Stems of the words right behind it, for counts and rates: what is counted.
    pub of: Vec<String>,
    /// Whether its point may part thousands: `1.200`.
    pub grouped: bool,
    /// What one of its written unit is in the normal unit: 60 for `min` in seconds.
    pub factor: i128,
    /// Where it stands in the text as sent.
    pub span: Span,
    /// Where it stands among the folded characters.
    pub folded: (usize, usize),
}

impl Quantity {
    /// Whether both say the same number of the same thing with the same certainty.
    pub fn same_claim(&self, other: &Self) -> bool {
        self.same_value(other) && self.says_as_surely(other)
    }

    /// Whether both hold the same number of the same thing.
    pub fn same_value(&self, other: &Self) -> bool {
        self.same_number(other) && self.same_measure(other) && self.same_thing(other)
    }

    /// Whether both may be the same number: `1.200` is 1.2 and 1,200.
    pub fn same_number(&self, other: &Self) -> bool {
        let thousand = |one: &Self, other: &Self| one.grouped && one.value.times(1_000).is_some_and(|value| value == other.value);
        self.value == other.value || thousand(self, other) || thousand(other, self)
    }

    /// Whether both are the same number as it is written, whatever its unit: the 6 of `6 minutes` and of `from 25 minutes to 6`.
    pub fn same_number_as_written(&self, other: &Self) -> bool {
        let written = |one: &Self, other: &Self| one.value.times(other.factor).is_some_and(|value| value == other.value);
        self.same_number(other) || written(self, other) || written(other, self)
    }

    /// Whether both are in the same unit.
    pub fn same_measure(&self, other: &Self) -> bool {
        // Most units are empty, and comparing no bytes at all is dear where the processor masks the read.
        let same = |one: &str, other: &str| one.is_empty() && other.is_empty() || one == other;
        let measure = self.kind == other.kind && same(self.unit, other.unit) || self.is_times() && other.is_times();
        measure && same(self.per, other.per)
    }

    /// `twice`, `2 times` and `2x` may be said of one thing.
    fn is_times(&self) -> bool {
        matches!(self.unit, "x" | "times")
    }

    /// Whether both may count the same thing: the head of one is among the words of the other.
    pub fn same_thing(&self, other: &Self) -> bool {
        let head_in = |one: &Self, other: &Self| one.of.last().is_none_or(|head| other.of.contains(head));
        self.of.is_empty() || other.of.is_empty() || head_in(self, other) || head_in(other, self)
    }

    /// Whether both are said with the same certainty, in the same place of a change and as the same end of a range.
    pub fn says_as_surely(&self, other: &Self) -> bool {
        let spreads = |one: &Self, other: &Self| one.spread && other.comparator == Comparator::Exact;
        (self.comparator == other.comparator || spreads(self, other) || spreads(other, self))
            && self.roles_agree(other)
            && self.same_end(other)
    }

    fn roles_agree(&self, other: &Self) -> bool {
        self.role == other.role || self.role == Role::Alone || other.role == Role::Alone
    }

    /// Whether both are the same end of a range, or both none. `10 to 20` may be `from 10 to 20`; `10-20` and `20` are no such pair.
    pub fn same_end(&self, other: &Self) -> bool {
        match (self.range, other.range) {
            (None, None) => true,
            (Some(one), Some(other)) => one.is_low() == other.is_low(),
            (Some(end), None) => end.may_be(other.role),
            (None, Some(end)) => end.may_be(self.role),
        }
    }

    /// The claim in normal form: `at least 40 %`.
    pub fn normal_form(&self) -> String {
        let comparator = match self.comparator {
            Comparator::Exact => "",
            Comparator::About => "about ",
            Comparator::AtLeast => "at least ",
            Comparator::AtMost => "at most ",
        };
        let per = if self.per.is_empty() { String::new() } else { format!(" {}", self.per) };
        match self.unit {
            "" => format!("{comparator}{}{per}", self.value),
            dates::MONTH => format!("{comparator}month {}", self.value),
            dates::DAY => format!("{comparator}day {}", self.value),
            unit => format!("{comparator}{} {unit}{per}", self.value),
        }
    }
}
