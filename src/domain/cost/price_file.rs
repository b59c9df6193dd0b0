//! The price file: rows in TOML, in which every amount is a decimal text, so that none is rounded on its way in.
//!
//! What is said at its top holds for every row that does not say otherwise. A fault names the line of its row.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::sheet::extraordinary;
use super::{Day, PicoUsd, Price, PriceRow};

/// A price file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PriceFileError {
    /// Not TOML of the right shape.
    #[error("the price file is not readable")]
    Syntax(#[source] Box<toml::de::Error>),
    /// The day at the top is none.
    #[error("`as_of` is `{0}`; write the day of the prices, such as \"2026-11-29\"")]
    AsOf(String),
    /// A value of a row cannot be used.
    #[error("line {line}: `{key}` of {model} is `{value}`; write {what}")]
    Value {
        /// The line of the row's model.
        line: usize,
        /// The row.
        model: String,
        /// The key.
        key: &'static str,
        /// What stands there.
        value: String,
        /// What should.
        what: &'static str,
    },
    /// Two rows for one model in one tier at one seller.
    #[error("line {line}: {model} has two rows; keep one")]
    Twice {
        /// The line of the second row's model.
        line: usize,
        /// The model or alias that stands twice.
        model: String,
    },
}

/// A row, with the other names of its model and the line that names it.
pub(super) struct Listed {
    pub(super) row: PriceRow,
    pub(super) aliases: Vec<String>,
    pub(super) line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileKeys {
    as_of: String,
    source: String,
    #[serde(rename = "currency")]
    _currency: Usd,
    /// What the word stands for that a row gives as its source.
    #[serde(default)]
    sources: BTreeMap<String, String>,
    price: Vec<RowKeys>,
}

#[derive(Deserialize)]
enum Usd {
    #[serde(rename = "USD")]
    Usd,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowKeys {
    provider_kind: String,
    host: Option<String>,
    model: Spanned<String>,
    #[serde(default)]
    aliases: Vec<String>,
    tier: Option<String>,
    reviewed: Option<String>,
    until: Option<String>,
    source: Option<String>,
    flat_up_to_tokens: Option<u64>,
    input_usd_per_mtok: String,
    cached_input_usd_per_mtok: Option<String>,
    cache_write_5m_usd_per_mtok: Option<String>,
    cache_write_1h_usd_per_mtok: Option<String>,
    output_usd_per_mtok: String,
}

/// Reads the rows of a price file, in its order.
pub(super) fn rows(text: &str) -> Result<Vec<Listed>, PriceFileError> {
    let FileKeys { as_of, source, _currency, sources, price } =
        toml::from_str(text).map_err(|error| PriceFileError::Syntax(Box::new(error)))?;
    let Ok(as_of) = as_of.parse::<Day>() else { return Err(PriceFileError::AsOf(as_of)) };
    let source = sources.get(&source).cloned().unwrap_or(source);
    price
        .into_iter()
        .map(|keys| {
            let line = 1 + text.bytes().take(keys.model.span().start).filter(|byte| *byte == b'\n').count();
            let (row, aliases) = keys.row(line, as_of, &source, &sources)?;
            Ok(Listed { row, aliases, line })
        })
        .collect()
}

impl RowKeys {
    fn row(
        self,
        line: usize,
        as_of: Day,
        usual_source: &str,
        sources: &BTreeMap<String, String>,
    ) -> Result<(PriceRow, Vec<String>), PriceFileError> {
        let Self {
            provider_kind,
            host,
            model,
            aliases,
            tier,
            reviewed,
            until,
            source,
            flat_up_to_tokens,
            input_usd_per_mtok,
            cached_input_usd_per_mtok,
            cache_write_5m_usd_per_mtok,
            cache_write_1h_usd_per_mtok,
            output_usd_per_mtok,
        } = self;
        let model = model.into_inner();
        let refused = |key, value: &str, what| PriceFileError::Value { line, model: model.clone(), key, value: value.to_owned(), what };
        let amount = |key, value: &str| {
            let what = "dollars per million tokens as a plain decimal of at most six places, such as \"0.25\"";
            per_token(value).ok_or_else(|| refused(key, value, what))
        };
        let amount_if = |key, value: Option<String>| value.map(|value| amount(key, &value)).transpose();
        let day = |key, value: Option<String>| {
            value.map(|value| value.parse().map_err(|_| refused(key, &value, "a day, such as \"2026-11-29\""))).transpose()
        };
        if let Some(host) = host.as_deref().filter(|host| !is_host(host)) {
            return Err(refused("host", host, "the host alone, in lower case, such as \"api.groq.com\""));
        }
        let source = match source {
            None => usual_source.to_owned(),
            Some(word) => sources.get(&word).cloned().ok_or_else(|| refused("source", &word, "a word that stands under [sources]"))?,
        };
        let row = PriceRow {
            provider_kind,
            host,
            tier: tier.as_deref().and_then(extraordinary),
            price: Price {
                input: amount("input_usd_per_mtok", &input_usd_per_mtok)?,
                cached_input: amount_if("cached_input_usd_per_mtok", cached_input_usd_per_mtok)?,
                cache_write_5m: amount_if("cache_write_5m_usd_per_mtok", cache_write_5m_usd_per_mtok)?,
                cache_write_1h: amount_if("cache_write_1h_usd_per_mtok", cache_write_1h_usd_per_mtok)?,
                output: amount("output_usd_per_mtok", &output_usd_per_mtok)?,
            },
            flat_up_to_tokens,
            reviewed: day("reviewed", reviewed)?.unwrap_or(as_of),
            until: day("until", until)?,
            source,
            model: model.clone(),
        };
        Ok((row, aliases))
    }
}

/// Whether it can be the host of a URL as we compare it: without scheme, port and path. IPv6 addresses stand in brackets.
fn is_host(text: &str) -> bool {
    let name = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-_".contains(&c));
    let address = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_hexdigit() || c == b':');
    name(text) || text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).is_some_and(address)
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
    use super::super::PriceSheet;
    use super::*;

    const TOP: &str = "as_of='2026-11-01'\nsource='a person'\ncurrency='USD'\n";
    const ROW: &str = "[[price]]\nprovider_kind='openai'\nmodel='m'\naliases=['m-1']\n\
                       input_usd_per_mtok='0.25'\ncached_input_usd_per_mtok='0.025'\noutput_usd_per_mtok='2'\n";

    fn refused(text: &str) -> String {
        let error = PriceSheet::parse(text).expect_err("refused");
        format!("{error} {:?}", std::error::Error::source(&error).map(ToString::to_string))
    }

    #[test]
    fn a_row_is_dated_and_sourced_by_the_top_of_the_file_unless_it_says_otherwise() {
        let own = "reviewed='2026-11-20'\nuntil='2026-12-31'\nsource='page'\nflat_up_to_tokens=200_000\nhost='api.one.com'\n";
        let text = format!("{TOP}{ROW}{ROW}{own}[sources]\npage='the price page'\n");
        let told: Vec<_> = rows(&text)
            .expect("well formed")
            .into_iter()
            .map(|Listed { row, line, .. }| (line, row.reviewed.to_string(), row.source, row.until.map(|day| day.to_string())))
            .collect();
        let day = |text: &str| text.to_owned();
        assert_eq!(
            told,
            [
                (6, day("2026-11-01"), "a person".to_owned(), None),
                (13, day("2026-11-20"), "the price page".to_owned(), Some(day("2026-12-31")))
            ]
        );
    }

    #[test]
    fn two_rows_for_one_model_are_refused() {
        assert!(refused(&format!("{TOP}{ROW}{ROW}")).starts_with("line 13: m-1 has two rows; keep one"));
    }

    #[test]
    fn a_value_that_cannot_be_used_is_located() {
        for (line, told) in [
            ("host='https://api.one.com/v1'", "line 6: `host` of m is `https://api.one.com/v1`; write the host alone"),
            ("host='API.one.com'", "in lower case"),
            ("host=''", "`host` of m is ``"),
            ("reviewed='29 November'", "line 6: `reviewed` of m is `29 November`; write a day"),
            ("until='2026-02-30'", "`until` of m is `2026-02-30`"),
            ("source='nobody'", "line 6: `source` of m is `nobody`; write a word that stands under [sources]"),
            ("flat_up_to_tokens=-1", "line 11"),
            ("batch='half'", "line 11"),
        ] {
            let told_in_full = refused(&format!("{TOP}{ROW}{line}\n"));
            assert!(told_in_full.contains(told), "{told_in_full}");
        }
        assert!(refused(&TOP.replace("2026-11-01", "November")).contains("price"), "a file without rows");
        let undated = format!("{TOP}{ROW}").replace("2026-11-01", "November");
        assert!(refused(&undated).starts_with("`as_of` is `November`"));
    }

    #[test]
    fn a_price_that_is_not_a_plain_decimal_names_the_row_and_the_key() {
        for bad in ["", "free", "-1", "1e-6", "0.1234567", "1.", "٣"] {
            for key in ["input_usd_per_mtok", "cached_input_usd_per_mtok", "output_usd_per_mtok"] {
                let row = ROW.lines().map(|line| if line.starts_with(key) { format!("{key}='{bad}'\n") } else { format!("{line}\n") });
                let error = refused(&format!("{TOP}{}", row.collect::<String>()));
                assert!(error.contains(&format!("line 6: `{key}` of m ")), "{error}");
            }
            let error = refused(&format!("{TOP}{ROW}cache_write_5m_usd_per_mtok='{bad}'\n"));
            assert!(error.contains("cache_write_5m_usd_per_mtok"), "{error}");
        }
    }

    #[test]
    fn a_host_is_compared_as_a_url_has_it() {
        assert!(["api.groq.com", "127.0.0.1", "localhost", "[::1]", "my-gateway_2"].into_iter().all(is_host));
        assert!(!["api.groq.com:443", "api.groq.com/openai", "", "[]", "é.com"].into_iter().any(is_host));
    }
}
