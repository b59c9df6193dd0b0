//! Money and tokens, counted exactly: prices come from a dated sheet, costs are whole pico-dollars.
//!
//! One pico-dollar is 10⁻¹² US dollars. A price of one dollar per million tokens is 1,000,000 pico-dollars per token,
//! so that every published price is a whole number and no rounding happens anywhere.

use std::collections::BTreeMap;
use std::fmt;
use std::iter::Sum;

use serde::Deserialize;

/// Whole pico-dollars (10⁻¹² USD); never negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PicoUsd(u64);

const PICO_PER_USD: u64 = 1_000_000_000_000;

impl PicoUsd {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// An amount in pico-dollars.
    pub const fn new(pico: u64) -> Self {
        Self(pico)
    }

    /// The amount in pico-dollars.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The sum of two amounts; stops at the largest amount that can be written down (18 million dollars).
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }
}

impl Sum for PicoUsd {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Self::plus)
    }
}

/// Dollars as a plain decimal of at most twelve places, without trailing zeros: `0.000312`.
impl fmt::Display for PicoUsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / PICO_PER_USD, self.0 % PICO_PER_USD);
        if part == 0 {
            return write!(f, "{whole}");
        }
        let places = format!("{part:012}");
        write!(f, "{whole}.{}", places.trim_end_matches('0'))
    }
}

/// What a provider says it counted for one attempt.
///
/// `cached_input` is a part of `input`; reasoning tokens are a part of `output`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TokenUsage {
    /// All tokens of the prompt.
    pub input: u64,
    /// Those of them that the provider read from its own cache.
    pub cached_input: u64,
    /// All tokens of the answer.
    pub output: u64,
}

impl TokenUsage {
    /// The sum of two counts.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            cached_input: self.cached_input.saturating_add(other.cached_input),
            output: self.output.saturating_add(other.output),
        }
    }
}

/// How sure a cost is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// Counted tokens at the price of the model that answered, or nothing was billed.
    Exact,
    /// Counted tokens, but at the price of the model that was asked: the one that answered has no row.
    Estimated,
    /// The provider did not say what it counted; the true cost may be higher than the recorded one.
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
    /// The date of the price sheet, or `free`.
    pub price_ref: String,
}

/// What one model costs, per token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    input: PicoUsd,
    cached_input: PicoUsd,
    output: PicoUsd,
}

impl Price {
    /// The cost of these tokens.
    pub const fn of(self, usage: TokenUsage) -> PicoUsd {
        let cached = if usage.cached_input < usage.input { usage.cached_input } else { usage.input };
        self.input.times(usage.input - cached).plus(self.cached_input.times(cached)).plus(self.output.times(usage.output))
    }
}

/// Prices of one day, by provider kind and model.
#[derive(Debug, Clone, Default)]
pub struct PriceSheet {
    as_of: String,
    rows: BTreeMap<(String, String), Price>,
}

/// A price file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PriceSheetError {
    /// Not TOML of the right shape.
    #[error("the price file is not readable")]
    Syntax(#[source] Box<toml::de::Error>),
    /// A price that is not a plain decimal of at most six places.
    #[error("`{key}` of {model} is `{value}`; write dollars per million tokens as a plain decimal of at most six places, such as \"0.25\"")]
    NotAPrice {
        /// The row.
        model: String,
        /// The key.
        key: &'static str,
        /// What stands there.
        value: String,
    },
    /// Two rows for one model.
    #[error("{model} has two rows; keep one")]
    Twice {
        /// The model or alias that stands twice.
        model: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceFile {
    as_of: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "currency")]
    _currency: Usd,
    price: Vec<PriceRow>,
}

#[derive(Deserialize)]
enum Usd {
    #[serde(rename = "USD")]
    Usd,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceRow {
    provider_kind: String,
    model: String,
    #[serde(default)]
    aliases: Vec<String>,
    input_usd_per_mtok: String,
    cached_input_usd_per_mtok: Option<String>,
    output_usd_per_mtok: String,
}

impl PriceSheet {
    /// Reads a price file.
    pub fn parse(text: &str) -> Result<Self, PriceSheetError> {
        let PriceFile { as_of, _source, _currency, price } =
            toml::from_str(text).map_err(|error| PriceSheetError::Syntax(Box::new(error)))?;
        let mut rows = BTreeMap::new();
        for row in price {
            let read = |key, value: &str| {
                per_token(value).ok_or_else(|| PriceSheetError::NotAPrice { model: row.model.clone(), key, value: value.to_owned() })
            };
            let input = read("input_usd_per_mtok", &row.input_usd_per_mtok)?;
            let cached_input = match &row.cached_input_usd_per_mtok {
                Some(value) => read("cached_input_usd_per_mtok", value)?,
                None => input,
            };
            let price = Price { input, cached_input, output: read("output_usd_per_mtok", &row.output_usd_per_mtok)? };
            for model in row.aliases.iter().chain([&row.model]) {
                if rows.insert((row.provider_kind.clone(), model.clone()), price).is_some() {
                    return Err(PriceSheetError::Twice { model: model.clone() });
                }
            }
        }
        Ok(Self { as_of, rows })
    }

    /// The day the prices were read.
    pub fn as_of(&self) -> &str {
        &self.as_of
    }

    /// The price of a model, if the sheet has a row for it.
    pub fn price(&self, provider_kind: &str, model: &str) -> Option<Price> {
        self.rows.get(&(provider_kind.to_owned(), model.to_owned())).copied()
    }
}

/// `"0.25"` dollars per million tokens → 250,000 pico-dollars per token.
fn per_token(value: &str) -> Option<PicoUsd> {
    let (whole, part) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 6 {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let part: u64 = format!("{part:0<6}").parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(part).map(PicoUsd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_written_as_a_plain_decimal_without_trailing_zeros() {
        for (pico, text) in [(0, "0"), (1, "0.000000000001"), (312_000_000, "0.000312"), (PICO_PER_USD, "1"), (PICO_PER_USD * 3 / 2, "1.5")]
        {
            assert_eq!(PicoUsd::new(pico).to_string(), text);
        }
    }

    #[test]
    fn cached_tokens_are_billed_once_at_their_own_price() {
        let sheet = PriceSheet::parse(
            "as_of='2026-11-01'\nsource='test'\ncurrency='USD'\n[[price]]\nprovider_kind='openai'\nmodel='m'\naliases=['m-1']\n\
             input_usd_per_mtok='0.25'\ncached_input_usd_per_mtok='0.025'\noutput_usd_per_mtok='2'\n",
        )
        .expect("the sheet is well formed");
        let price = sheet.price("openai", "m-1").expect("an alias finds the row");
        // 900 × 250,000 + 100 × 25,000 + 50 × 2,000,000 pico-dollars, by hand.
        let cost = price.of(TokenUsage { input: 1_000, cached_input: 100, output: 50 });
        assert_eq!(cost, PicoUsd::new(225_000_000 + 2_500_000 + 100_000_000));
        assert_eq!(cost.to_string(), "0.0003275");
    }

    #[test]
    fn a_price_that_is_not_a_plain_decimal_names_the_row_and_the_key() {
        for bad in ["", "free", "-1", "1e-6", "0.1234567", "1.", "٣"] {
            let text = format!(
                "as_of='d'\nsource='s'\ncurrency='USD'\n[[price]]\nprovider_kind='openai'\nmodel='m'\ninput_usd_per_mtok='{bad}'\noutput_usd_per_mtok='1'\n"
            );
            let error = PriceSheet::parse(&text).expect_err("not a price").to_string();
            assert!(error.contains("input_usd_per_mtok") && error.contains(" of m "), "{error}");
        }
    }

    #[test]
    fn more_cached_tokens_than_tokens_never_makes_a_cost_negative() {
        let price = Price { input: PicoUsd(10), cached_input: PicoUsd(1), output: PicoUsd(0) };
        assert_eq!(price.of(TokenUsage { input: 5, cached_input: 9, output: 0 }), PicoUsd(5));
    }
}
