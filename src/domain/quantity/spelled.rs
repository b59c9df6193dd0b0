//! Numbers that are written out in words, over one token or several.

use super::QuantityKind;
use super::units::{magnitude, number_word, whole_word};
use crate::domain::text::Token;

/// A phrase that is a whole quantity by itself, and its number of tokens: `doubled`, `five-fold`, `an order of magnitude`, `a third`.
pub(super) fn whole_words(tokens: &[Token]) -> Option<(QuantityKind, &'static str, i128, usize)> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    if is_no_measure(word(0), word(1)) || half_of_magnitude(tokens).is_some() {
        return None;
    }
    if let Some((kind, name, value)) = whole_word(word(0)) {
        return Some((kind, name, value, 1));
    }
    if let Some(times) = word(0).strip_suffix("fold").map(|head| head.trim_end_matches('-')).and_then(number_word) {
        return Some((QuantityKind::Multiplier, "x", times, 1));
    }
    if (word(0), word(1), word(2)) == ("order", "of", "magnitude") || (word(0), word(1), word(2)) == ("orders", "of", "magnitude") {
        return Some((QuantityKind::Multiplier, "orders of magnitude", 1, 3));
    }
    // `a third` is a share where no thing follows that could be the third of its kind.
    let share = match word(1) {
        "third" => (QuantityKind::Percent, "thirds", 1, 2),
        "quarter" => (QuantityKind::Percent, "%", 25, 2),
        _ => return None,
    };
    let alone = tokens.get(2).is_none_or(|next| !next.is_word())
        || matches!(word(2), "of" | "in" | "on" | "with" | "by" | "and" | "for" | "less" | "more" | "fewer" | "faster");
    (matches!(word(0), "a" | "one") && alone).then_some(share)
}

/// `half finished`, `double entry`: words of measure that measure nothing here.
fn is_no_measure(word: &str, next: &str) -> bool {
    match word {
        "half" => next.ends_with("ed") || matches!(next, "done" | "built" | "written" | "duplex"),
        "double" => matches!(
            next,
            "entry"
                | "booking"
                | "bookings"
                | "booked"
                | "charge"
                | "charges"
                | "charging"
                | "spend"
                | "spending"
                | "submission"
                | "submissions"
                | "submit"
                | "submits"
                | "click"
                | "clicks"
                | "opt-in"
                | "opt"
                | "write"
                | "writes"
                | "counting"
                | "payment"
                | "payments"
                | "check"
                | "checked"
                | "buffering"
                | "processing"
                | "quotes"
                | "sided"
                | "encoding"
                | "delivery"
        ),
        _ => false,
    }
}

/// A number in words, and one past its last character: `twenty five`, `two hundred and fifty`, `a million`, the `two` of `two-week`.
pub(super) fn spelled(tokens: &[Token]) -> Option<(i128, usize)> {
    let first = tokens.first()?;
    if let Some(found) = half_of_magnitude(tokens) {
        return Some(found);
    }
    let large =
        |token: Option<&Token>| token.and_then(|token| magnitude(&token.lower).filter(|_| token.is_word() && token.lower.len() > 2));
    if matches!(first.lower.as_str(), "a" | "an" | "one") {
        // `one hour` is a time; `one-minute` too.
        if first.lower == "one" && tokens.get(1).is_some_and(|next| is_time(&next.lower)) {
            return Some((1, first.end));
        }
        // Said of one only when a magnitude follows: `a dozen`, `one million`.
        return large(tokens.get(1)).map(|_| (1, first.end));
    }
    if large(Some(first)).is_some() {
        return Some((1, first.start));
    }
    let Some(mut value) = number_word(&first.lower) else {
        let (head, _) = first.lower.split_once('-')?;
        let one = (head == "one" && first.lower.strip_prefix("one-").is_some_and(is_time)).then_some(1);
        return number_word(head).or(one).map(|value| (value, first.start + head.chars().count()));
    };
    let mut end = first.end;
    let mut rest = tokens.get(1..).unwrap_or_default();
    if let Some(token) = rest.first().filter(|_| value >= 20 && value % 10 == 0)
        && let Some(small) = number_word(&token.lower).filter(|small| *small < 10)
    {
        value += small;
        end = token.end;
        rest = rest.get(1..).unwrap_or_default();
    }
    if let Some(hundred) = rest.first().filter(|token| token.lower == "hundred") {
        let skip = 1 + usize::from(rest.get(1).is_some_and(|token| token.lower == "and"));
        let tail = rest.get(skip).and_then(|token| Some((number_word(&token.lower).filter(|tail| *tail < 100)?, token.end)));
        if let Some((tail, tail_end)) = tail {
            return Some((value * 100 + tail, tail_end));
        }
        return Some((value * 100, hundred.end));
    }
    Some((value, end))
}

fn is_time(word: &str) -> bool {
    matches!(word, "second" | "minute" | "hour" | "day" | "week" | "month" | "year" | "ms" | "millisecond")
}

/// `half a million`, and one past its last character.
fn half_of_magnitude(tokens: &[Token]) -> Option<(i128, usize)> {
    let [half, article, large, ..] = tokens else { return None };
    let factor = magnitude(&large.lower).filter(|_| half.lower == "half" && article.lower == "a" && large.lower.len() > 3)?;
    Some((factor / 2, large.end))
}
