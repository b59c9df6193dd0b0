//! The price sheet: which row is for a model at a seller, in the tier that it was served in.
//!
//! A price of one host is never used for another. A host that is named by any row is priced by the rows that name it, and by no other; every other
//! host is priced by the rows that name none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::price_file;
use super::{Price, PriceFileError, PriceRow};

/// The rows of a price file, by seller, model and tier.
#[derive(Debug, Clone, Default)]
pub struct PriceSheet {
    rows: BTreeMap<Key, Arc<PriceRow>>,
    hosts: BTreeSet<String>,
}

/// Who sells: the rows of a sheet that are for a host. Only a sheet can tell, so a seller belongs to the sheet that named it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seller {
    provider_kind: String,
    /// `None`: the sheet has no rows of that host.
    host: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    seller: Seller,
    model: String,
    /// `None` is the ordinary tier.
    tier: Option<String>,
}

/// What providers call the tier that a row without `tier` is for.
const ORDINARY_TIERS: [&str; 4] = ["default", "standard", "on_demand", "unspecified"];

impl PriceSheet {
    /// Reads a price file.
    pub fn parse(text: &str) -> Result<Self, PriceFileError> {
        let mut sheet = Self::default();
        for listed in price_file::rows(text)? {
            let row = Arc::new(listed.row);
            sheet.hosts.extend(row.host.clone());
            let seller = Seller { provider_kind: row.provider_kind.clone(), host: row.host.clone() };
            for model in listed.aliases.into_iter().chain([row.model.clone()]) {
                let key = Key { seller: seller.clone(), model: model.clone(), tier: row.tier.clone() };
                if sheet.rows.insert(key, Arc::clone(&row)).is_some() {
                    return Err(PriceFileError::Twice { line: listed.line, model });
                }
            }
        }
        Ok(sheet)
    }

    /// Who sells at this host: the rows that name it, if any does, else those that name none.
    pub fn seller(&self, provider_kind: &str, host: &str) -> Seller {
        let host = host.to_ascii_lowercase();
        Seller { provider_kind: provider_kind.to_owned(), host: self.hosts.contains(&host).then_some(host) }
    }

    /// The row of a model in the ordinary tier, if the sheet has one.
    pub fn row(&self, seller: &Seller, model: &str) -> Option<&Arc<PriceRow>> {
        self.row_in(seller, model, None)
    }

    /// The row of a model in the tier that the provider says has served it.
    pub fn row_in(&self, seller: &Seller, model: &str, tier: Option<&str>) -> Option<&Arc<PriceRow>> {
        self.rows.get(&Key { seller: seller.clone(), model: model.to_owned(), tier: tier.and_then(extraordinary) })
    }

    /// The dearest that a model can be, in whichever tier it is served, if the sheet has a row for it.
    pub fn dearest(&self, seller: &Seller, model: &str) -> Option<Price> {
        let rows = self.rows.iter().filter(|(key, _)| key.seller == *seller && key.model == model);
        rows.map(|(_, row)| row.price).reduce(Price::or_dearer)
    }

    /// The row that a bill was computed by, as its `price_ref` names it; none when this sheet is another than the one it was computed by.
    pub fn by_hash(&self, hash: &str) -> Option<&PriceRow> {
        self.rows.values().find(|row| row.hash() == hash).map(Arc::as_ref)
    }
}

/// The name of a tier, in lower case; `None` for every name of the ordinary one.
pub(super) fn extraordinary(tier: &str) -> Option<String> {
    let tier = tier.to_ascii_lowercase();
    (!ORDINARY_TIERS.contains(&tier.as_str())).then_some(tier)
}

#[cfg(test)]
mod tests {
    use super::super::{PicoUsd, TokenUsage};
    use super::*;

    const ROW: &str = "[[price]]\nprovider_kind='openai'\nmodel='m'\naliases=['m-1']\n\
                       input_usd_per_mtok='0.25'\ncached_input_usd_per_mtok='0.025'\noutput_usd_per_mtok='2'\n";

    fn sheet(rows: &str) -> PriceSheet {
        PriceSheet::parse(&format!("as_of='2026-11-01'\nsource='test'\ncurrency='USD'\n{rows}")).expect("well formed")
    }

    #[test]
    fn a_model_is_found_by_its_name_and_its_aliases_and_a_cached_token_has_a_price_of_its_own() {
        let sheet = sheet(ROW);
        let row = sheet.row(&sheet.seller("openai", "h"), "m-1").expect("an alias finds the row");
        let usage = TokenUsage { input_uncached: Some(900), cache_read: Some(100), output_visible: Some(50), ..TokenUsage::default() };
        // 900 × 250,000 + 100 × 25,000 + 50 × 2,000,000 pico-dollars, by hand.
        assert_eq!(row.price.of(usage), PicoUsd::new(225_000_000 + 2_500_000 + 100_000_000));
        assert_eq!(row.price.of(usage).to_string(), "0.0003275");
        assert_eq!(sheet.row(&sheet.seller("anthropic", "h"), "m"), None);
        assert_eq!(sheet.by_hash(&row.hash()), Some(row.as_ref()));
        assert_eq!(sheet.by_hash("free"), None);
    }

    #[test]
    fn a_tier_has_a_row_of_its_own_and_the_ordinary_one_has_many_names() {
        let flex = ROW.replace("model='m'", "model='m'\ntier='flex'").replace("'2'", "'1'");
        let sheet = sheet(&format!("{ROW}{flex}"));
        let seller = sheet.seller("openai", "h");
        let output = |tier| sheet.row_in(&seller, "m", tier).map(|row| row.price.output.get());
        for ordinary in [None, Some("default"), Some("standard"), Some("ON_DEMAND")] {
            assert_eq!(output(ordinary), Some(2_000_000), "{ordinary:?}");
        }
        assert_eq!(output(Some("Flex")), Some(1_000_000));
        assert_eq!(output(Some("priority")), None, "a tier without a row has no price");
        assert_eq!(sheet.dearest(&seller, "m-1").map(|price| price.output.get()), Some(2_000_000));
        assert_eq!(sheet.dearest(&seller, "x"), None);
    }

    #[test]
    fn no_row_of_the_price_file_that_is_baked_in_is_off_by_orders() {
        let sheet = PriceSheet::parse(include_str!("../../../prices.toml")).expect("well formed");
        assert!(sheet.rows.len() > 250 && sheet.hosts.len() > 5, "{} rows, {} hosts", sheet.rows.len(), sheet.hosts.len());
        for (Key { model, seller, tier }, row) in &sheet.rows {
            let Price { input, cached_input, cache_write_5m, cache_write_1h, output } = row.price;
            let told = format!("{row:?}");
            assert!(cached_input.is_none_or(|cached| cached.get() > 0 && cached <= input) && input <= output, "{told}");
            assert!(output.get() <= 20 * input.get() && output.get() <= 100_000_000, "{told}");
            // A write costs a quarter more than the prompt, or as much again for an hour.
            assert!(cache_write_5m.is_none_or(|write| write.get() * 4 == input.get() * 5), "{told}");
            assert!(cache_write_1h.is_none_or(|write| write.get() == input.get() * 2), "{told}");
            assert_eq!(seller.provider_kind == "anthropic", cache_write_1h.is_some(), "{told}");
            let ordinary = sheet.row(seller, model).expect("a tier beside the ordinary one");
            match tier.as_deref() {
                Some("batch") => assert!(input < ordinary.price.input && output < ordinary.price.output, "{told}"),
                Some("flex") => assert!(input < ordinary.price.input, "{told}"),
                Some("priority") => assert!(input > ordinary.price.input, "{told}"),
                Some(tier) => panic!("{tier}: {told}"),
                None => {}
            }
            assert!(row.source.contains("litellm 1.110.2") || row.source.contains("genai-prices 0.2.3"), "{told}");
            assert_eq!(sheet.by_hash(&row.hash()), Some(row.as_ref()), "no other row has its hash");
        }
    }

    #[test]
    fn a_price_of_one_host_is_never_used_for_another() {
        let at = |host: &str, output: &str| ROW.replace("model='m'", &format!("host='{host}'\nmodel='m'")).replace("'2'", output);
        let own = ROW.replace("'m'", "'own'").replace("'m-1'", "'own-1'");
        let sheet = sheet(&[ROW, &own, &at("api.one.com", "'3'"), &at("api.two.com", "'4'")].concat());
        let output = |kind, host, model| sheet.row(&sheet.seller(kind, host), model).map(|row| row.price.output.get());
        let prices = ["api.openai.com", "gateway.example", "API.one.com", "api.two.com"].map(|host| output("openai", host, "m"));
        assert_eq!(prices, [Some(2_000_000), Some(2_000_000), Some(3_000_000), Some(4_000_000)]);
        assert_eq!(output("openai", "api.one.com", "own"), None, "a host that has rows is priced by no other");
        assert_eq!(output("anthropic", "api.one.com", "m"), None);
        let one = sheet.seller("openai", "api.one.com");
        assert_eq!(sheet.dearest(&one, "m").map(|price| price.output.get()), Some(3_000_000));
    }
}
