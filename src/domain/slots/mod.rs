//! Typed slots: the places of a text where only the writer can say what belongs there, and the answers that fill them.
//!
//! An answer is read by the same parsers as everything else (`answer`) and becomes evidence; `fill` puts the answers into the text and
//! takes out what is still open. Nothing here vouches for the text that comes out: the grounding check does, after the last word is written.

mod agreement;
mod place;

mod answer;
mod number;
mod phrase;
mod tool;

mod clauses;
mod direction;
mod dropping;
mod fill;

mod derived;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use agreement::disagreements;
pub use answer::{MAX_ANSWER, Refusal};
pub use derived::{Offer, offers};
pub use fill::{Filled, Form};

/// The most slots one text may have.
pub const MAX_SLOTS: usize = 3;

/// What may be filled into a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SlotKind {
    /// A share: 40 %.
    Percent,
    /// A span of time: 140 ms.
    Duration,
    /// A number of things.
    Count,
    /// A number in a time: requests per minute.
    Rate,
    /// An amount of data.
    Size,
    /// An amount of money.
    Money,
    /// A factor: 3x.
    Multiplier,
    /// The name of a technology.
    Tool,
    /// Who or what was covered.
    Scope,
    /// When, or for how long.
    Timeframe,
}

impl SlotKind {
    /// The units a person may choose from; empty where a unit makes no sense.
    pub const fn units(self) -> &'static [&'static str] {
        match self {
            Self::Percent => &["%"],
            Self::Duration => &["ms", "s", "min", "h"],
            Self::Rate => &["per second", "per minute", "per hour", "per day"],
            Self::Size => &["KB", "MB", "GB", "TB"],
            Self::Money => &["$", "EUR", "GBP"],
            Self::Multiplier => &["x"],
            Self::Timeframe => &["days", "weeks", "months", "years"],
            Self::Count | Self::Tool | Self::Scope => &[],
        }
    }
}

/// One place to fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Slot {
    /// `s1`, `s2`, `s3`, in the order of the text.
    pub id: String,
    /// The words between the brackets.
    pub label: String,
    /// What may be filled in.
    pub kind: SlotKind,
    /// The units to choose from.
    pub units: Vec<String>,
    /// The one question that asks for it; holds no value.
    pub question: String,
}

impl Slot {
    /// The units to name when one is missing; the caller's own where it sent some.
    fn units_in_words(&self) -> String {
        let units: Vec<&str> = if self.units.is_empty() {
            self.kind.units().to_vec()
        } else {
            self.units.iter().map(String::as_str).filter(|unit| unit.chars().count() <= 20).take(8).collect()
        };
        match units.as_slice() {
            [] => "a unit".to_owned(),
            [one] => (*one).to_owned(),
            [head @ .., last] => format!("{} or {last}", head.join(", ")),
        }
    }

    /// The slot at a position, from 0.
    pub fn new(position: usize, label: impl Into<String>, kind: SlotKind, question: impl Into<String>) -> Self {
        Self {
            id: format!("s{}", position + 1),
            label: label.into(),
            kind,
            units: kind.units().iter().map(|unit| (*unit).to_owned()).collect(),
            question: question.into(),
        }
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
