//! Money and tokens, counted exactly: prices come from a dated sheet, costs are whole pico-dollars.
//!
//! One pico-dollar is 10⁻¹² US dollars. A price of one dollar per million tokens is 1,000,000 pico-dollars per token,
//! so that every published price is a whole number and no rounding happens anywhere.

mod budget;
mod day;
mod money;
mod price;
mod price_file;
mod row;
mod share;
mod sheet;
mod usage;

pub use budget::{Budget, Budgets, Caps, Exhausted, Period, Scope};
pub use day::{Day, NotADay};
pub use money::PicoUsd;
pub use price::Price;
pub use price_file::PriceFileError;
pub use row::{PriceRow, Stale};
pub use share::share;
pub use sheet::{PriceSheet, Seller};
pub use usage::TokenUsage;

/// How sure a cost is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// Counted tokens at the price of the model that answered, or nothing was billed.
    Exact,
    /// Counted tokens, but not at their own price: the model, the tier, the kind of token or the size of the prompt has none.
    Estimated,
    /// The provider did not say what it counted; the true cost may be another than the recorded one.
    Unknown,
}

impl Certainty {
    /// The word for it in the ledger.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Estimated => "estimated",
            Self::Unknown => "unknown",
        }
    }
}

/// A cost with the reason to believe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Billed {
    /// The amount.
    pub cost: PicoUsd,
    /// How sure it is.
    pub certainty: Certainty,
    /// The hash of the price row ([`PriceRow::hash`]), or `free`.
    pub price_ref: String,
}
