//! The closed table of units, magnitudes and number words.

use super::QuantityKind;

/// A unit's kind, its normal form, and the whole factor to it.
pub(super) type Unit = (QuantityKind, &'static str, i128);

/// Durations count in nanoseconds up to weeks; months and years are no fixed number of days, so they stay themselves.
pub fn unit(word: &str) -> Option<Unit> {
    use QuantityKind::{Duration, Money, Multiplier, Percent, Rate, Size};
    const SECOND: i128 = 1_000_000_000;
    Some(match word {
        "ns" | "nanosecond" | "nanoseconds" => (Duration, "ns", 1),
        "us" | "µs" | "μs" | "microsecond" | "microseconds" => (Duration, "ns", 1_000),
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" | "millis" => (Duration, "ns", 1_000_000),
        "s" | "sec" | "secs" | "second" | "seconds" => (Duration, "ns", SECOND),
        "min" | "mins" | "minute" | "minutes" => (Duration, "ns", 60 * SECOND),
        "h" | "hr" | "hrs" | "hour" | "hours" => (Duration, "ns", 3_600 * SECOND),
        "d" | "day" | "days" => (Duration, "ns", 86_400 * SECOND),
        "week" | "weeks" | "wk" | "wks" => (Duration, "ns", 604_800 * SECOND),
        "month" | "months" | "mo" | "mos" | "mth" | "mths" => (Duration, "months", 1),
        "quarter" | "quarters" => (Duration, "months", 3),
        "year" | "years" | "yr" | "yrs" | "y" => (Duration, "months", 12),
        "%" | "percent" | "pct" => (Percent, "%", 1),
        "pp" | "percentage" => (Percent, "percentage points", 1),
        "x" | "×" | "fold" | "times" => (Multiplier, "x", 1),
        "byte" | "bytes" => (Size, "B", 1),
        "kb" | "kilobyte" | "kilobytes" => (Size, "B", 1_000),
        "mb" | "megabyte" | "megabytes" => (Size, "B", 1_000_000),
        "gb" | "gigabyte" | "gigabytes" => (Size, "B", 1_000_000_000),
        "tb" | "terabyte" | "terabytes" => (Size, "B", 1_000_000_000_000),
        "pb" | "petabyte" | "petabytes" => (Size, "B", 1_000_000_000_000_000),
        "kib" => (Size, "B", 1 << 10),
        "mib" => (Size, "B", 1 << 20),
        "gib" => (Size, "B", 1 << 30),
        "tib" => (Size, "B", 1 << 40),
        "rps" | "qps" | "tps" => (Rate, "per s", 1),
        "rpm" => (Rate, "per min", 1),
        "bps" => (Rate, "bit per s", 1),
        "kbps" => (Rate, "bit per s", 1_000),
        "mbps" => (Rate, "bit per s", 1_000_000),
        "gbps" => (Rate, "bit per s", 1_000_000_000),
        "usd" | "dollar" | "dollars" => (Money, "USD", 1),
        "eur" | "euro" | "euros" => (Money, "EUR", 1),
        "gbp" | "pound" | "pounds" => (Money, "GBP", 1),
        "chf" => (Money, "CHF", 1),
        "jpy" | "yen" => (Money, "JPY", 1),
        "cny" | "rmb" | "yuan" => (Money, "CNY", 1),
        "inr" | "rupee" | "rupees" => (Money, "INR", 1),
        "aud" => (Money, "AUD", 1),
        "sek" => (Money, "SEK", 1),
        "nok" => (Money, "NOK", 1),
        "dkk" => (Money, "DKK", 1),
        "pln" => (Money, "PLN", 1),
        "brl" => (Money, "BRL", 1),
        _ => return None,
    })
}

/// The unit of a rate by its time word: `per minute`, `/s`.
pub fn per(word: &str) -> Option<&'static str> {
    Some(match word {
        "s" | "sec" | "second" => "per s",
        "m" | "min" | "minute" => "per min",
        "h" | "hr" | "hour" | "hourly" => "per h",
        "d" | "day" | "daily" => "per day",
        "week" | "weekly" => "per week",
        "month" | "mo" | "monthly" => "per month",
        "quarter" | "quarterly" => "per quarter",
        "year" | "yr" | "annum" | "yearly" | "annually" => "per year",
        _ => return None,
    })
}

/// The currency of a sign before a number.
pub(super) const fn currency(sign: char) -> Option<&'static str> {
    match sign {
        '$' => Some("USD"),
        '€' => Some("EUR"),
        '£' => Some("GBP"),
        '¥' => Some("JPY"),
        '₹' => Some("INR"),
        '₽' => Some("RUB"),
        '₩' => Some("KRW"),
        '₪' => Some("ILS"),
        '₴' => Some("UAH"),
        '₺' => Some("TRY"),
        _ => None,
    }
}

/// A letter or word that multiplies a number.
pub(super) fn magnitude(word: &str) -> Option<i128> {
    Some(match word {
        "k" | "tsd" | "thousand" | "thousands" => 1_000,
        "m" | "mm" | "mn" | "mil" | "mio" | "mln" | "million" | "millions" => 1_000_000,
        "b" | "bn" | "bln" | "mrd" | "billion" | "billions" => 1_000_000_000,
        "t" | "trillion" => 1_000_000_000_000,
        "lakh" => 100_000,
        "crore" => 10_000_000,
        "hundred" => 100,
        "dozen" => 12,
        _ => return None,
    })
}

/// A number written as a word. `one` is left out: it is a pronoun more often than a number.
pub(super) fn number_word(word: &str) -> Option<i128> {
    const SMALL: [&str; 19] = [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    if let Some(at) = SMALL.iter().position(|small| *small == word) {
        return i128::try_from(at + 2).ok();
    }
    if let Some(at) = TENS.iter().position(|ten| *ten == word) {
        return i128::try_from((at + 2) * 10).ok();
    }
    let (ten, small) = word.split_once('-')?;
    let ten = TENS.iter().position(|known| *known == ten)?;
    let small = if small == "one" { 1 } else { SMALL.iter().take(8).position(|known| *known == small)? + 2 };
    i128::try_from((ten + 2) * 10 + small).ok()
}

/// Words that are a whole quantity: `doubled`, `half`.
pub(super) fn whole_word(word: &str) -> Option<(QuantityKind, &'static str, i128)> {
    use QuantityKind::{Count, Multiplier, Percent};
    Some(match word {
        "halved" | "halving" | "halve" => (Percent, "%", 50),
        "twice" | "double" | "doubled" | "doubling" | "twofold" => (Multiplier, "x", 2),
        "triple" | "tripled" | "tripling" | "threefold" => (Multiplier, "x", 3),
        "quadruple" | "quadrupled" | "quadrupling" | "fourfold" => (Multiplier, "x", 4),
        "quintuple" | "quintupled" | "quintupling" => (Multiplier, "x", 5),
        "biweekly" | "bi-weekly" | "fortnightly" => (QuantityKind::Duration, "ns", 2 * 604_800 * 1_000_000_000),
        "near-zero" => (Count, "", 0),
        "hundreds" => (Count, "hundreds", 1),
        "thousands" => (Count, "thousands", 1),
        "millions" => (Count, "millions", 1),
        "billions" => (Count, "billions", 1),
        "dozens" => (Count, "dozens", 1),
        _ => return None,
    })
}
