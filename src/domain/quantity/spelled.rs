//! Numbers that are written out in words, over one token or several.

use text2num::{Language, text2digits};

use super::units::{magnitude, number_word, unit, whole_word};
use super::{Decimal, QuantityKind};
use crate::domain::text::Token;

/// A phrase that is a whole quantity by itself, and its number of tokens: `doubled`, `five-fold`, `an order of magnitude`.
pub(super) fn whole_words(tokens: &[Token]) -> Option<(QuantityKind, &'static str, i128, usize)> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    if is_no_measure(word(0), word(1)) || part_of_magnitude(tokens).is_some() {
        return None;
    }
    if let Some((kind, name, value)) = whole_word(word(0)) {
        return Some((kind, name, value, 1));
    }
    if let Some(times) = word(0).strip_suffix("fold").map(|head| head.trim_end_matches('-')).and_then(number_word) {
        return Some((QuantityKind::Multiplier, "x", times, 1));
    }
    if (word(0), word(1), word(2)) == ("order", "of", "magnitude") {
        return Some((QuantityKind::Multiplier, "x", 10, 3));
    }
    if (word(0), word(1), word(2)) == ("orders", "of", "magnitude") {
        return Some((QuantityKind::Multiplier, "orders of magnitude", 1, 3));
    }
    if (word(0), word(1), word(2)) == ("every", "other", "week") {
        return unit("weeks").map(|(kind, name, week)| (kind, name, 2 * week, 3));
    }
    if (word(0), word(1), word(2)) == ("a", "factor", "of") || (word(0), word(1)) == ("factor", "of") {
        let length = if word(0) == "a" { 3 } else { 2 };
        let times = number_word(word(length)).or_else(|| word(length).parse().ok())?;
        return Some((QuantityKind::Multiplier, "x", times, length + 1));
    }
    None
}

/// `half finished`, `double entry`: words of measure that measure nothing here.
pub(super) fn is_no_measure(word: &str, next: &str) -> bool {
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
pub(super) fn spelled(tokens: &[Token]) -> Option<(Decimal, usize)> {
    let first = tokens.first()?;
    let whole = |value: i128| Decimal::new(value, 0);
    if let Some((value, end)) = part_of_magnitude(tokens) {
        return Some((whole(value), end));
    }
    if let Some(found) = and_a_half(tokens) {
        return Some(found);
    }
    let is_large = |token: &Token| token.is_word() && token.lower.len() > 2 && magnitude(&token.lower).is_some();
    let one_of = |token: &Token| matches!(token.lower.as_str(), "a" | "an" | "one");
    if one_of(first) {
        // `one hour` is a time; `one-minute` too.
        if first.lower == "one" && tokens.get(1).is_some_and(|next| is_time(&next.lower)) {
            return Some((whole(1), first.end));
        }
        // Said of one only when a magnitude follows: `a dozen`, `one million`, `a hundred and twenty`.
        tokens.get(1).filter(|next| is_large(next))?;
        return Some(run(tokens).unwrap_or((whole(1), first.end)));
    }
    if is_large(first) {
        return Some((whole(1), first.start));
    }
    let Some(value) = number_word(&first.lower) else {
        let (head, _) = first.lower.split_once('-')?;
        let one = (head == "one" && first.lower.strip_prefix("one-").is_some_and(is_time)).then_some(1);
        return number_word(head).or(one).map(|value| (whole(value), first.start + head.chars().count()));
    };
    Some(run(tokens).unwrap_or((whole(value), first.end)))
}

/// The longest beginning of several words that reads as one number: `three hundred and twenty`, `twenty-five thousand`.
/// Our table only tells where such words stand; what they come to is the library's to say.
fn run(tokens: &[Token]) -> Option<(Decimal, usize)> {
    let counts = |token: &Token| {
        number_word(&token.lower).is_some() || matches!(token.lower.as_str(), "hundred" | "thousand" | "million" | "billion" | "one")
    };
    let mut words: Vec<&str> = Vec::new();
    let mut last_end = tokens.first()?.start;
    for (at, token) in tokens.iter().take(MOST_WORDS).enumerate() {
        // `a hundred and one`; `ten and one` are two numbers.
        let after_large = words.last().is_some_and(|last| matches!(*last, "hundred" | "thousand" | "million" | "billion"));
        let goes_on = |next: &Token| number_word(&next.lower).is_some() || after_large && next.lower == "one";
        let joins = token.lower == "and" && tokens.get(at + 1).is_some_and(goes_on);
        let opens = at == 0 && matches!(token.lower.as_str(), "a" | "an");
        if token.start > last_end + 1 || !(counts(token) || opens || joins && at > 0) {
            break;
        }
        words.push(if opens { "one" } else { &token.lower });
        last_end = token.end;
    }
    let english = Language::english();
    (2..=words.len()).rev().find_map(|length| {
        let said = words.get(..length)?;
        let digits = text2digits(&said.join(" "), &english).ok()?;
        Some((Decimal::parse(&digits)?, tokens.get(length - 1)?.end))
    })
}

/// No number of a resume has more words: `nine hundred and ninety nine thousand nine hundred and ninety nine`.
const MOST_WORDS: usize = 10;

/// `two and a half`, and one past its last character.
fn and_a_half(tokens: &[Token]) -> Option<(Decimal, usize)> {
    let [whole, and, article, half, ..] = tokens else { return None };
    let value = if whole.lower == "one" { 1 } else { number_word(&whole.lower)? };
    let says = and.lower == "and" && article.lower == "a" && half.lower == "half";
    says.then(|| (Decimal::new(value * 10 + 5, 1), half.end))
}

fn is_time(word: &str) -> bool {
    matches!(word, "second" | "minute" | "hour" | "day" | "week" | "month" | "year" | "ms" | "millisecond")
}

/// `half a million`, `a quarter million`, `a quarter of a million`, and one past its last character.
pub(super) fn part_of_magnitude(tokens: &[Token]) -> Option<(i128, usize)> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    let (parts, at) = match (word(0), word(1), word(2), word(3)) {
        ("half", "a", _, _) => (2, 2),
        ("half", "of", "a", _) => (2, 3),
        ("quarter", "million" | "billion", _, _) => (4, 1),
        ("a", "quarter", "of", "a") => (4, 4),
        ("a", "quarter", _, _) => (4, 2),
        _ => return None,
    };
    let large = tokens.get(at)?;
    let factor = magnitude(&large.lower).filter(|factor| large.lower.len() > 3 && factor % parts == 0)?;
    Some((factor / parts, large.end))
}
