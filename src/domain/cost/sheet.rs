//! Prices of one day, read from a file in which every amount is a decimal text, so that none is rounded on its way in.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{PicoUsd, Price};

/// Prices of one day, by provider kind, model and tier.
#[derive(Debug, Clone, Default)]
pub struct PriceSheet {
    as_of: String,
    rows: BTreeMap<Key, Price>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    provider_kind: String,
    model: String,
    /// `None` is the ordinary tier.
    tier: Option<String>,
}

/// What providers call the tier that a row without `tier` is for.
const ORDINARY_TIERS: [&str; 4] = ["default", "standard", "on_demand", "unspecified"];

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
    /// Two rows for one model in one tier.
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
    tier: Option<String>,
    input_usd_per_mtok: String,
    cached_input_usd_per_mtok: Option<String>,
    cache_write_5m_usd_per_mtok: Option<String>,
    cache_write_1h_usd_per_mtok: Option<String>,
    output_usd_per_mtok: String,
}

impl PriceRow {
    fn price(&self) -> Result<Price, PriceSheetError> {
        let read = |key, value: &str| {
            per_token(value).ok_or_else(|| PriceSheetError::NotAPrice { model: self.model.clone(), key, value: value.to_owned() })
        };
        let read_some = |key, value: Option<&String>| value.map(|value| read(key, value)).transpose();
        let input = read("input_usd_per_mtok", &self.input_usd_per_mtok)?;
        Ok(Price {
            input,
            cached_input: read_some("cached_input_usd_per_mtok", self.cached_input_usd_per_mtok.as_ref())?.unwrap_or(input),
            cache_write_5m: read_some("cache_write_5m_usd_per_mtok", self.cache_write_5m_usd_per_mtok.as_ref())?,
            cache_write_1h: read_some("cache_write_1h_usd_per_mtok", self.cache_write_1h_usd_per_mtok.as_ref())?,
            output: read("output_usd_per_mtok", &self.output_usd_per_mtok)?,
        })
    }
}

impl PriceSheet {
    /// Reads a price file.
    pub fn parse(text: &str) -> Result<Self, PriceSheetError> {
        let PriceFile { as_of, _source, _currency, price } =
            toml::from_str(text).map_err(|error| PriceSheetError::Syntax(Box::new(error)))?;
        let mut rows = BTreeMap::new();
        for row in price {
            let price = row.price()?;
            let tier = row.tier.as_deref().and_then(extraordinary);
            for model in row.aliases.iter().chain([&row.model]) {
                let key = Key { provider_kind: row.provider_kind.clone(), model: model.clone(), tier: tier.clone() };
                if rows.insert(key, price).is_some() {
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

    /// The price of a model in the ordinary tier, if the sheet has a row for it.
    pub fn price(&self, provider_kind: &str, model: &str) -> Option<Price> {
        self.price_in(provider_kind, model, None)
    }

    /// The price of a model in the tier that the provider says has served it.
    pub fn price_in(&self, provider_kind: &str, model: &str, tier: Option<&str>) -> Option<Price> {
        let key = Key { provider_kind: provider_kind.to_owned(), model: model.to_owned(), tier: tier.and_then(extraordinary) };
        self.rows.get(&key).copied()
    }

    /// The dearest that a model can be, in whichever tier it is served, if the sheet has a row for it.
    pub fn dearest(&self, provider_kind: &str, model: &str) -> Option<Price> {
        let rows = self.rows.iter().filter(|(key, _)| key.provider_kind == provider_kind && key.model == model);
        rows.map(|(_, price)| *price).reduce(Price::or_dearer)
    }
}

/// The name of a tier, in lower case; `None` for every name of the ordinary one.
fn extraordinary(tier: &str) -> Option<String> {
    let tier = tier.to_ascii_lowercase();
    (!ORDINARY_TIERS.contains(&tier.as_str())).then_some(tier)
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
    whole.checked_mul(1_000_000)?.checked_add(part).map(PicoUsd::new)
}

#[cfg(test)]
mod tests {
    use super::super::TokenUsage;
    use super::*;

    const ROW: &str = "[[price]]\nprovider_kind='openai'\nmodel='m'\naliases=['m-1']\n\
                       input_usd_per_mtok='0.25'\ncached_input_usd_per_mtok='0.025'\noutput_usd_per_mtok='2'\n";

    fn sheet(rows: &str) -> Result<PriceSheet, PriceSheetError> {
        PriceSheet::parse(&format!("as_of='2026-11-01'\nsource='test'\ncurrency='USD'\n{rows}"))
    }

    #[test]
    fn a_model_is_found_by_its_name_and_its_aliases_and_a_cached_token_has_a_price_of_its_own() {
        let price = sheet(ROW).expect("well formed").price("openai", "m-1").expect("an alias finds the row");
        let usage = TokenUsage { input_uncached: Some(900), cache_read: Some(100), output_visible: Some(50), ..TokenUsage::default() };
        // 900 × 250,000 + 100 × 25,000 + 50 × 2,000,000 pico-dollars, by hand.
        assert_eq!(price.of(usage), PicoUsd::new(225_000_000 + 2_500_000 + 100_000_000));
        assert_eq!(price.of(usage).to_string(), "0.0003275");
        assert_eq!(sheet(ROW).expect("well formed").price("anthropic", "m"), None);
    }

    #[test]
    fn no_row_of_the_price_file_that_is_baked_in_is_off_by_orders() {
        let sheet = PriceSheet::parse(include_str!("../../../prices/2026-11.toml")).expect("well formed");
        assert!(sheet.rows.len() > 100, "{} rows", sheet.rows.len());
        for (Key { model, tier, provider_kind }, price) in &sheet.rows {
            let Price { input, cached_input, cache_write_5m, cache_write_1h, output } = *price;
            let row = format!("{provider_kind} {model} {tier:?}: {price:?}");
            assert!(cached_input.get() > 0 && cached_input <= input && input < output, "{row}");
            assert!(output.get() <= 20 * input.get() && output.get() <= 100_000_000, "{row}");
            // A write costs a quarter more than the prompt, or as much again for an hour.
            assert!(cache_write_5m.is_none_or(|write| write.get() * 4 == input.get() * 5), "{row}");
            assert!(cache_write_1h.is_none_or(|write| write.get() == input.get() * 2), "{row}");
            assert_eq!(provider_kind == "anthropic", cache_write_1h.is_some(), "{row}");
            if tier.is_some() {
                assert!(sheet.price(provider_kind, model).is_some(), "{row} has no ordinary row");
            }
        }
    }

    #[test]
    fn a_tier_has_a_row_of_its_own_and_the_ordinary_one_has_many_names() {
        let flex = ROW.replace("model='m'", "model='m'\ntier='flex'").replace("'2'", "'1'");
        let sheet = sheet(&format!("{ROW}{flex}")).expect("two tiers are no doubles");
        let output = |tier| sheet.price_in("openai", "m", tier).map(|price| price.output.get());
        for ordinary in [None, Some("default"), Some("standard"), Some("ON_DEMAND")] {
            assert_eq!(output(ordinary), Some(2_000_000), "{ordinary:?}");
        }
        assert_eq!(output(Some("Flex")), Some(1_000_000));
        assert_eq!(output(Some("priority")), None, "a tier without a row has no price");
        assert_eq!(sheet.dearest("openai", "m-1").map(|price| price.output.get()), Some(2_000_000));
        assert_eq!(sheet.dearest("openai", "x"), None);
    }

    #[test]
    fn two_rows_for_one_model_are_refused() {
        let error = sheet(&format!("{ROW}{ROW}")).expect_err("twice").to_string();
        assert_eq!(error, "m-1 has two rows; keep one");
    }

    #[test]
    fn a_price_that_is_not_a_plain_decimal_names_the_row_and_the_key() {
        for bad in ["", "free", "-1", "1e-6", "0.1234567", "1.", "٣"] {
            for key in ["input_usd_per_mtok", "cached_input_usd_per_mtok", "output_usd_per_mtok"] {
                let row = ROW.lines().map(|line| if line.starts_with(key) { format!("{key}='{bad}'\n") } else { format!("{line}\n") });
                let error = sheet(&row.collect::<String>()).expect_err("not a price").to_string();
                assert!(error.contains(&format!("`{key}` of m ")), "{error}");
            }
            let error = sheet(&format!("{ROW}cache_write_5m_usd_per_mtok='{bad}'\n")).expect_err("not a price").to_string();
            assert!(error.contains("cache_write_5m_usd_per_mtok"), "{error}");
        }
    }
}
