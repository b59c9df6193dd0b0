//! One row of the price file: what a model costs at one seller in one tier, by whose word and of which day.
//!
//! A bill names its row by a hash of what it was computed from, so that it can be computed again, and so that a row that was changed is another row.
//! Comments, aliases, sources and dates are no part of that: the same amounts read again are the same row.

use std::fmt::Write as _;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::{Day, PicoUsd, Price, TokenUsage};

/// One row of the price file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// The wire format that the seller talks, as the configuration names it.
    pub provider_kind: String,
    /// The host it is for; `None` is the kind's own host, and every other that has no rows.
    pub host: Option<String>,
    /// The model's name on the wire.
    pub model: String,
    /// The tier, in lower case; `None` is the ordinary one.
    pub tier: Option<String>,
    /// What it costs.
    pub price: Price,
    /// Prompts of more tokens are dearer than this row; `None` where no size is.
    pub flat_up_to_tokens: Option<u64>,
    /// The day somebody compared it with its source.
    pub reviewed: Day,
    /// The last day on which it holds, where one was announced.
    pub until: Option<Day>,
    /// Who says so.
    pub source: String,
}

/// Why a price should be looked up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// Nobody has compared it with its source since that day.
    Reviewed(Day),
    /// It was announced to hold until that day.
    Ended(Day),
}

impl PriceRow {
    /// What a bill names it by: the first 16 hex digits of the SHA-256 of [`PriceRow::text`].
    pub fn hash(&self) -> String {
        let digest = Sha256::digest(self.text());
        digest.iter().take(8).fold(String::new(), |mut hash, byte| {
            // Writing into a text cannot fail.
            let _ = write!(hash, "{byte:02x}");
            hash
        })
    }

    /// All that decides what a bill by this row comes to, one key a line; amounts are in pico-dollars a token, and what is absent is empty.
    pub fn text(&self) -> String {
        let Self { provider_kind, host, model, tier, price, flat_up_to_tokens: _, reviewed: _, until: _, source: _ } = self;
        let Price { input, cached_input, cache_write_5m, cache_write_1h, output } = *price;
        let amount = |amount: Option<PicoUsd>| amount.map(|amount| amount.get().to_string()).unwrap_or_default();
        let keys = [
            ("provider_kind", provider_kind.clone()),
            ("host", host.clone().unwrap_or_default()),
            ("model", model.clone()),
            ("tier", tier.clone().unwrap_or_default()),
            ("input", amount(Some(input))),
            ("cached_input", amount(cached_input)),
            ("cache_write_5m", amount(cache_write_5m)),
            ("cache_write_1h", amount(cache_write_1h)),
            ("output", amount(Some(output))),
        ];
        let mut text = String::new();
        for (key, value) in keys {
            text.extend([key, "=", &value, "\n"]);
        }
        text
    }

    /// Whether a bill by this row is what the provider asks for on that day: the row still holds, the prompt is not of a size that is dearer, and every
    /// kind of token has its rate.
    pub fn covers(&self, usage: TokenUsage, on: Day) -> bool {
        let is_flat = self.flat_up_to_tokens.is_none_or(|most| usage.input().is_none_or(|tokens| tokens <= most));
        is_flat && self.until.is_none_or(|until| on <= until) && self.price.covers(usage)
    }

    /// Whether it should be looked up again at this moment, in microseconds since the Unix epoch: its last day is over, or its review is older than that.
    pub fn stale(&self, now_us: i64, after: Duration) -> Option<Stale> {
        let since = |day: Day| u128::try_from(now_us.saturating_sub(day.begins_us())).unwrap_or(0);
        if let Some(until) = self.until
            && since(until) >= Duration::from_hours(24).as_micros()
        {
            return Some(Stale::Ended(until));
        }
        (since(self.reviewed) > after.as_micros()).then_some(Stale::Reviewed(self.reviewed))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Claude Haiku 4.5, at the kind's own host.
    pub(crate) fn row() -> PriceRow {
        PriceRow {
            provider_kind: "anthropic".to_owned(),
            host: None,
            model: "claude-haiku-4-5".to_owned(),
            tier: None,
            price: Price {
                input: PicoUsd::new(1_000_000),
                cached_input: Some(PicoUsd::new(100_000)),
                cache_write_5m: Some(PicoUsd::new(1_250_000)),
                cache_write_1h: Some(PicoUsd::new(2_000_000)),
                output: PicoUsd::new(5_000_000),
            },
            flat_up_to_tokens: None,
            reviewed: "2026-11-29".parse().expect("a day"),
            until: None,
            source: "test".to_owned(),
        }
    }

    #[test]
    fn the_hash_is_that_of_the_text_that_the_documentation_shows() {
        let text = "provider_kind=anthropic\nhost=\nmodel=claude-haiku-4-5\ntier=\ninput=1000000\ncached_input=100000\n\
                    cache_write_5m=1250000\ncache_write_1h=2000000\noutput=5000000\n";
        assert_eq!((row().text().as_str(), row().hash().as_str()), (text, "0b3e90174ea065f8"));
        let shown = include_str!("../../../docs/prices.md");
        assert!(shown.contains(&row().hash()) && shown.contains(&text.replace('\n', "\\n")), "{shown}");
    }

    #[test]
    fn whatever_decides_an_amount_is_in_the_hash_and_nothing_else_is() {
        let row = row();
        let same = [
            PriceRow { reviewed: "2027-01-01".parse().expect("a day"), ..row.clone() },
            PriceRow { source: "another".to_owned(), ..row.clone() },
            PriceRow { until: Some(row.reviewed), ..row.clone() },
            PriceRow { flat_up_to_tokens: Some(1), ..row.clone() },
        ];
        assert!(same.iter().all(|same| same.hash() == row.hash()));
        let zero = Some(PicoUsd::ZERO);
        let others = [
            PriceRow { provider_kind: "openai".to_owned(), ..row.clone() },
            PriceRow { host: Some("h".to_owned()), ..row.clone() },
            PriceRow { model: "m".to_owned(), ..row.clone() },
            PriceRow { tier: Some("batch".to_owned()), ..row.clone() },
            PriceRow { price: Price { input: PicoUsd::ZERO, ..row.price }, ..row.clone() },
            PriceRow { price: Price { cached_input: zero, ..row.price }, ..row.clone() },
            PriceRow { price: Price { cached_input: None, ..row.price }, ..row.clone() },
            PriceRow { price: Price { cache_write_5m: zero, ..row.price }, ..row.clone() },
            PriceRow { price: Price { cache_write_1h: zero, ..row.price }, ..row.clone() },
            PriceRow { price: Price { output: PicoUsd::ZERO, ..row.price }, ..row.clone() },
        ];
        let hashes: std::collections::BTreeSet<_> = others.iter().chain([&row]).map(PriceRow::hash).collect();
        assert_eq!(hashes.len(), others.len() + 1);
    }

    #[test]
    fn a_prompt_beyond_the_flat_rate_is_not_covered() {
        let flat = PriceRow { flat_up_to_tokens: Some(1_000), ..row() };
        let usage = |uncached, read| TokenUsage { input_uncached: Some(uncached), cache_read: Some(read), ..TokenUsage::default() };
        let covers = |row: &PriceRow, usage| row.covers(usage, row.reviewed);
        assert_eq!([covers(&flat, usage(900, 100)), covers(&flat, usage(900, 101)), covers(&row(), usage(900, 101))], [true, false, true]);
    }

    #[test]
    fn a_price_is_stale_when_its_review_is_older_than_that_and_not_a_microsecond_before() {
        // 2026-11-29T00:00:00Z, and ninety days of 86,400 seconds later.
        let (reviewed_us, after) = (1_795_910_400_000_000, Duration::from_hours(90 * 24));
        let limit = reviewed_us + 7_776_000_000_000;
        assert_eq!((row().stale(limit, after), row().stale(limit + 1, after)), (None, Some(Stale::Reviewed(row().reviewed))));
        assert_eq!(row().stale(reviewed_us - 1, after), None, "a day that is to come");
        assert_eq!(row().stale(i64::MAX, Duration::MAX), None);
    }

    #[test]
    fn a_price_that_was_announced_to_end_is_stale_when_its_last_day_is_over() {
        let until: Day = "2026-11-30".parse().expect("a day");
        let row = PriceRow { until: Some(until), ..row() };
        // 2026-12-01T00:00:00Z
        let over = 1_796_083_200_000_000;
        let after = Duration::from_hours(90 * 24);
        assert_eq!((row.stale(over - 1, after), row.stale(over, after)), (None, Some(Stale::Ended(until))));
    }
}
