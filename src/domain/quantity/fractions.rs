//! Shares of a whole: `half`, `a third`, `two thirds`, `½`, `3/4`. A share is a percentage where that comes out even, and else so many `thirds`.

use super::scan::Scanner;
use super::units::{number_word, unit};
use super::{Decimal, QuantityKind};
use crate::domain::text::Token;

/// A fraction in words: its upper number, its lower one, and how many tokens say it.
pub(super) struct Fraction {
    pub(super) upper: i128,
    pub(super) lower: i128,
    pub(super) length: usize,
    /// Whether a unit may stand right behind it: `half hour`, `quarter hour`; `a third hour` is an order.
    pub(super) measures: bool,
}

/// A share as kind, unit and value; `None` for parts that nobody counts in.
pub(super) fn share(upper: Decimal, lower: i128) -> Option<(QuantityKind, &'static str, Decimal)> {
    if let Some(percent) = upper.times(100)?.divided(lower) {
        return Some((QuantityKind::Percent, "%", percent));
    }
    let unit = |lower: i128| match lower {
        3 => Some("thirds"),
        6 => Some("sixths"),
        7 => Some("sevenths"),
        9 => Some("ninths"),
        12 => Some("twelfths"),
        _ => None,
    };
    // `2/6` is a third.
    let common = [2, 3, 4].into_iter().find(|common| lower % common == 0 && upper.divided(*common).is_some_and(Decimal::is_whole));
    match common {
        Some(common) => share(upper.divided(common)?, lower / common),
        None => Some((QuantityKind::Percent, unit(lower)?, upper)),
    }
}

/// The fraction that these tokens begin with: `half`, `a third`, `two-thirds`, `three quarters`.
pub(super) fn in_words(tokens: &[Token]) -> Option<Fraction> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    let first = word(0);
    if first == "half" {
        return Some(Fraction { upper: 1, lower: 2, length: 1, measures: true });
    }
    let (upper, parts, length) = match first.split_once('-') {
        Some((upper, parts)) => (upper, parts, 1),
        None => (first, word(1), 2),
    };
    let single = matches!(upper, "a" | "one").then_some(1);
    if let Some(lower) = single.and_then(|_| part(parts).or((upper == "one" && parts == "half").then_some(2))) {
        return Some(Fraction { upper: 1, lower, length, measures: matches!(parts, "quarter" | "half") });
    }
    let upper = number_word(upper).filter(|upper| *upper < 16)?;
    let lower = parts.strip_suffix('s').and_then(part).filter(|lower| *lower > upper)?;
    Some(Fraction { upper, lower, length, measures: false })
}

/// What the name of a part divides by.
fn part(word: &str) -> Option<i128> {
    Some(match word {
        "third" => 3,
        "quarter" | "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        _ => return None,
    })
}

/// Whether a part of a unit has one length: half an hour has, half a day may be half a working day, which is no 12 hours.
pub(super) fn is_divided(kind: QuantityKind, factor: i128) -> bool {
    const DAY: i128 = 86_400_000_000_000;
    kind == QuantityKind::Duration && factor < DAY
}

/// The unit of time that a fraction is taken of, and one past it: `half an hour`, `a quarter of an hour`; `half hour` where it `measures`.
pub(super) fn of_time(scanner: &Scanner<'_>, end: usize, measures: bool) -> Option<(QuantityKind, &'static str, i128, usize)> {
    let behind = scanner.after(end);
    let word = |at: usize| behind.get(at).map_or("", |token| token.lower.as_str());
    let skipped = match (word(0), word(1)) {
        ("of", "a" | "an") => 2,
        ("a" | "an", _) => 1,
        _ if measures => 0,
        _ => return None,
    };
    let token = behind.get(skipped)?;
    let is_one = !token.lower.ends_with('s') && token.lower.len() > 3;
    let (kind, name, factor) = unit(&token.lower).filter(|(kind, _, factor)| is_one && is_divided(*kind, *factor))?;
    Some((kind, name, factor, token.end))
}

/// Whether a fraction stands by itself here, and is no order of what follows (`a third attempt`) and no number of it (`3/5 audits`).
pub(super) fn stands_alone(scanner: &Scanner<'_>, start: usize, end: usize) -> bool {
    // `by a third`, `roughly a third`: what is measured is a share, whatever follows.
    let is_measured = matches!(
        scanner.word_before(start),
        "by" | "about"
            | "around"
            | "roughly"
            | "approximately"
            | "nearly"
            | "almost"
            | "over"
            | "under"
            | "than"
            | "least"
            | "most"
            | "only"
            | "~"
    );
    let Some(next) = scanner.after(end).first().filter(|_| !is_measured) else { return true };
    !next.is_word() || FOLLOWS.contains(&next.lower.as_str())
}

/// Words that go on behind a share, and are nothing that it could be the third of.
const FOLLOWS: [&str; 58] = [
    "of", "in", "on", "at", "to", "with", "by", "and", "or", "for", "from", "the", "all", "our", "its", "their", "my", "less", "more",
    "fewer", "lower", "higher", "faster", "slower", "quicker", "smaller", "larger", "bigger", "shorter", "longer", "cheaper", "as",
    "after", "before", "when", "while", "since", "because", "due", "so", "that", "which", "who", "but", "if", "once", "across", "within",
    "during", "through", "using", "via", "thanks", "per", "every", "each", "without", "into",
];
