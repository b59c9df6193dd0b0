//! The price file: the one that is baked in, or the one that `prices.file` names; and what a person is told of its rows.

use std::sync::Arc;
use std::time::Duration;

use super::{Config, ConfigError, ModelServer};
use crate::domain::cost::{PriceRow, PriceSheet, Stale};
use crate::domain::request::ModelId;

const EMBEDDED: &str = include_str!("../../prices.toml");
const EMBEDDED_NAME: &str = "prices.toml (baked in)";

/// The prices in force.
pub fn price_sheet(config: &Config) -> Result<PriceSheet, ConfigError> {
    let (name, text) = match &config.prices_file {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
            (format!("prices.file: {}", path.display()), text)
        }
        None => (EMBEDDED_NAME.to_owned(), EMBEDDED.to_owned()),
    };
    PriceSheet::parse(&text).map_err(|error| ConfigError::value(name, with_causes(&error)))
}

/// A model has no price: says what to write. `key` is where the model is named.
pub fn missing_row(key: &str, model: &ModelId, server: &ModelServer) -> ConfigError {
    let (provider, name, kind) = (model.provider(), model.model(), server.kind.as_str());
    let host = server.base_url.host();
    // Named, so that the price is for no other host; a row for the kind's own host names none.
    let host = if host == server.kind.own_host() { String::new() } else { format!("host = \"{host}\"\n") };
    let reason = format!(
        "{model} has no price, so its cost could not be counted\n\
         hint: for a model that costs nothing, write `free = true` under [providers.{provider}]\n\
         hint: else copy the price file, name the copy as `file` under [prices], and add this with the real prices:\n\
         [[price]]\nprovider_kind = \"{kind}\"\n{host}model = \"{name}\"\ninput_usd_per_mtok = \"0.00\"\noutput_usd_per_mtok = \"0.00\""
    );
    ConfigError::value(key, reason)
}

/// A model is asked at another host than its row was written for: says so, as what that host charges is its own affair.
pub fn other_host(model: &ModelId, server: &ModelServer, row: &PriceRow) -> Option<String> {
    let (provider, host) = (model.provider(), server.base_url.host());
    (row.host.is_none() && host != server.kind.own_host()).then(|| {
        format!(
            "note: {provider} ({host}) is billed by price rows that name no host; if it has prices of its own, \
             write rows with host = \"{host}\" into a price file of yours"
        )
    })
}

/// The models of the chain whose prices should be looked up again at this moment, in microseconds since the Unix epoch: one note for all, if any.
pub fn stale_prices(priced: &[(ModelId, Arc<PriceRow>)], now_us: i64, after: Option<Duration>) -> Option<String> {
    let after = after?;
    let told: Vec<_> = priced
        .iter()
        .filter_map(|(model, row)| match row.stale(now_us, after)? {
            Stale::Reviewed(day) => Some(format!("{model} (reviewed {day})")),
            Stale::Ended(day) => Some(format!("{model} (ended {day})")),
        })
        .collect();
    (!told.is_empty()).then(|| {
        format!(
            "note: stale prices: {}; look them up at the provider and write them with `reviewed` into a price file of yours (`file` under \
             [prices]), or take a newer bulletsmith; prices.stale_after says from what age on this is told",
            told.join(", ")
        )
    })
}

fn with_causes(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", with_causes(source)),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "as_of='2026-11-29'\nsource='s'\ncurrency='USD'\n\
                        [[price]]\nprovider_kind='openai'\nmodel='old'\nreviewed='2026-09-01'\ninput_usd_per_mtok='1'\noutput_usd_per_mtok='2'\n\
                        [[price]]\nprovider_kind='openai'\nmodel='new'\ninput_usd_per_mtok='1'\noutput_usd_per_mtok='2'\n\
                        [[price]]\nprovider_kind='openai'\nmodel='intro'\nuntil='2026-11-30'\ninput_usd_per_mtok='1'\noutput_usd_per_mtok='2'\n";
    /// 2026-11-30T00:00:00Z: 90 days after the first review.
    const NINETY_DAYS_US: i64 = 1_795_996_800_000_000;
    const DAY_US: i64 = 86_400_000_000;

    fn told(now_us: i64, after: Option<Duration>) -> Option<String> {
        let sheet = PriceSheet::parse(ROWS).expect("well formed");
        let row = |name: &str| Arc::clone(sheet.row(&sheet.seller("openai", "h"), name).expect("listed"));
        let priced: Vec<_> =
            ["old", "new", "intro"].map(|name| (format!("p/{name}").parse().expect("a name"), row(name))).into_iter().collect();
        stale_prices(&priced, now_us, after)
    }

    #[test]
    fn models_with_stale_prices_are_named_with_the_day_in_one_note_and_the_others_are_not() {
        let days = |days: u64| Some(Duration::from_hours(24 * days));
        assert_eq!(told(NINETY_DAYS_US, days(90)), None, "ninety days old, and not older");
        let note = told(NINETY_DAYS_US + 1, days(90)).expect("older");
        assert!(
            note.starts_with("note: stale prices: p/old (reviewed 2026-09-01); look them up") && note.contains("stale_after"),
            "{note}"
        );
        let note = told(NINETY_DAYS_US + DAY_US, days(91)).expect("its last day is over");
        assert!(note.starts_with("note: stale prices: p/intro (ended 2026-11-30); "), "{note}");
        let all = told(NINETY_DAYS_US + 100 * DAY_US, days(90)).expect("all of them");
        assert!(all.contains("p/old (reviewed 2026-09-01), p/new (reviewed 2026-11-29), p/intro (ended 2026-11-30);"), "{all}");
        assert_eq!((told(i64::MAX, None), stale_prices(&[], i64::MAX, days(90))), (None, None));
    }
}
