//! What may be spent: caps for each principal and for all together, by the day and by the month (UTC).

use std::collections::BTreeMap;

use super::PicoUsd;

/// The most that may be spent in a day and in a month; `None` is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Caps {
    /// In one day.
    pub day: Option<PicoUsd>,
    /// In one month.
    pub month: Option<PicoUsd>,
}

impl Caps {
    /// Whether there is any limit.
    pub const fn is_limited(self) -> bool {
        self.day.is_some() || self.month.is_some()
    }
}

/// What one call has to keep to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    /// What the principal who asks may spend.
    pub principal: Caps,
    /// What all may spend together.
    pub total: Caps,
}

impl Budget {
    /// Whether there is any limit.
    pub const fn is_limited(self) -> bool {
        self.principal.is_limited() || self.total.is_limited()
    }
}

/// The budgets of everyone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Budgets {
    /// By principal; who is not named has no limit of their own.
    pub principals: BTreeMap<String, Caps>,
    /// For all together.
    pub total: Caps,
}

impl Budgets {
    /// What the calls of this principal have to keep to.
    pub fn of(&self, principal: &str) -> Budget {
        Budget { principal: self.principals.get(principal).copied().unwrap_or_default(), total: self.total }
    }
}

/// Which limit a call would overrun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted {
    /// Whose limit it is.
    pub scope: Scope,
    /// For how long it is.
    pub period: Period,
}

/// Whose limit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// That of the principal who asks.
    Principal,
    /// That of all together.
    Total,
}

/// For how long a limit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A day in UTC.
    Day,
    /// A month in UTC.
    Month,
}

impl Period {
    /// The word for it in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}
