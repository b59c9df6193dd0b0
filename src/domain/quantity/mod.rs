//! Numbers with their units, in one exact normal form: `1,200 ms`, `1.2 seconds` and `1.2s` are the same claim, `1.2 %` is another.
//!
//! Numbers inside names (`EC2`, `p99`, `OAuth 2.0`) are no quantities; the caller says which stretches are names.

mod behind;
mod certainty;
mod decimal;
mod scan;
mod spelled;
mod units;

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

    /// Whether both are said with the same certainty and in the same place of a change.
    pub fn says_as_surely(&self, other: &Self) -> bool {
        let spreads = |one: &Self, other: &Self| one.spread && other.comparator == Comparator::Exact;
        (self.comparator == other.comparator || spreads(self, other) || spreads(other, self)) && self.roles_agree(other)
    }

    fn roles_agree(&self, other: &Self) -> bool {
        self.role == other.role || self.role == Role::Alone || other.role == Role::Alone
    }

    /// The claim in normal form: `at least 40 %`.
    pub fn normal_form(&self) -> String {
        let comparator = match self.comparator {
            Comparator::Exact => "",
            Comparator::About => "about ",
            Comparator::AtLeast => "at least ",
            Comparator::AtMost => "at most ",
        };
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        let per = if self.per.is_empty() { String::new() } else { format!(" {}", self.per) };
        format!("{comparator}{}{unit}{per}", self.value)
    }
}
