//! How exact a number claims to be, by the words and signs before it.

use super::scan::{Number, Scanner};
use super::{Comparator, QuantityKind};
use crate::domain::text::Token;

#[expect(clippy::match_same_arms, reason = "one line a way to say it, the longest first")]
/// The words or signs before a number that say how exact it is, and where the claim then begins.
pub(super) fn comparator(scanner: &Scanner<'_>, number: &Number, kind: QuantityKind) -> (Comparator, usize) {
    let before = scanner.before(number.start);
    let token = |at: usize| before.len().checked_sub(at + 1).and_then(|at| before.get(at));
    let word = |at: usize| token(at).map_or("", |token| token.lower.as_str());
    let article = usize::from(word(0) == "a" || word(0) == "an" || word(0) == "the");
    let (second, last) = (word(article + 1), word(article));
    // `more then 30` is a common slip.
    let last = if last == "then" && matches!(second, "more" | "less" | "fewer" | "longer" | "greater" | "higher" | "lower") {
        "than"
    } else {
        last
    };
    // The word before, the two before, or the three before: `no less than`.
    let found = match (word(article + 2), second, last) {
        (_, ">" | "≥", "=") => Some((Comparator::AtLeast, 1)),
        (_, "<" | "≤", "=") => Some((Comparator::AtMost, 1)),
        (_, _, "~" | "≈") => Some((Comparator::About, 0)),
        (_, "-" | "=", ">") => None,
        (_, _, ">") => Some((Comparator::AtLeast, 0)),
        (_, _, "≥") => Some((Comparator::AtLeast, 0)),
        (_, _, "<" | "≤") => Some((Comparator::AtMost, 0)),
        ("no" | "not", "less" | "fewer", "than") => Some((Comparator::AtLeast, 2)),
        ("no" | "not", "more" | "greater", "than") => Some((Comparator::AtMost, 2)),
        ("a", "maximum" | "max", "of") => Some((Comparator::AtMost, 2)),
        ("a", "minimum" | "min", "of") => Some((Comparator::AtLeast, 2)),
        (_, "maximum" | "max", "of" | "." | ":") => Some((Comparator::AtMost, 1)),
        (_, "minimum", "of" | "." | ":") => Some((Comparator::AtLeast, 1)),
        // `for 5 min. 10 users` tells of minutes.
        (before, "min", "of" | "." | ":") if !ends_in_digit(before) => Some((Comparator::AtLeast, 1)),
        (_, before, "min") if !ends_in_digit(before) => Some((Comparator::AtLeast, 0)),
        ("more", "or", "less") => Some((Comparator::About, 2)),
        ("the", "order" | "region" | "neighborhood" | "neighbourhood", "of") => Some((Comparator::About, 2)),
        (_, "an", "estimated") => Some((Comparator::About, 0)),
        ("in", "excess", "of") => Some((Comparator::AtLeast, 2)),
        ("as", "many" | "much", "as") => Some((Comparator::AtMost, 2)),
        (_, "up", "to") | (_, "less" | "fewer" | "lower" | "smaller" | "shorter" | "younger", "than") => Some((Comparator::AtMost, 1)),
        (_, "more" | "greater" | "higher" | "larger" | "bigger" | "longer" | "older" | "heavier", "than")
        | (_, "at", "least")
        | (_, "upwards" | "north", "of") => Some((Comparator::AtLeast, 1)),
        (_, "at", "most") => Some((Comparator::AtMost, 1)),
        (_, "close", "to") => Some((Comparator::About, 1)),
        (
            _,
            _,
            "about" | "around" | "approximately" | "roughly" | "nearly" | "almost" | "approx" | "circa" | "ca" | "some" | "near" | "like",
        ) => Some((Comparator::About, 0)),
        // `under a 4-hour agreement` and `within 24 hours` frame a time; they do not bound it more than `in` does.
        (_, _, "under" | "below" | "over" | "above" | "within") if article > 0 && kind == QuantityKind::Duration => None,
        (_, _, "within" | "inside") if kind == QuantityKind::Duration => None,
        // `Cut over 12 databases`
        (_, "cut" | "cutover" | "carried" | "handed" | "took" | "switched" | "rolled" | "failed" | "moved", "over") => None,
        (_, _, "over" | "above" | "exceeding" | "exceeds" | "exceed" | "exceeded" | "beyond" | "minimum") => Some((Comparator::AtLeast, 0)),
        (_, _, "until") if kind == QuantityKind::Duration => Some((Comparator::AtMost, 0)),
        (_, _, "under" | "below" | "within" | "maximum" | "max" | "upto") => Some((Comparator::AtMost, 0)),
        (_, "approx" | "appr" | "ca" | "c" | "circ" | "est", ".") => Some((Comparator::About, 1)),
        _ => None,
    };
    // `ran it over two years` tells how long, `for over two years` that it was longer.
    let spans = last == "over"
        && is_time(scanner, number.end)
        && !matches!(
            second,
            "for"
                | "in"
                | "took"
                | "takes"
                | "of"
                | "than"
                | "by"
                | "lasting"
                | "from"
                | "to"
                | "was"
                | "with"
                | "and"
                | "well"
                | "just"
                | ""
        );
    // `spread over 4 nodes` says where, not how many.
    let spreads = last == "over" && kind == QuantityKind::Count && scattered(before, article);
    match found.filter(|_| !spans && !spreads) {
        Some((comparator, at)) => (comparator, token(article + at).map_or(number.start, |token| token.start)),
        None => (number.bound, number.start),
    }
}

fn ends_in_digit(word: &str) -> bool {
    word.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether something is spread before an `over`: `split the writes over`.
fn scattered(before: &[Token], article: usize) -> bool {
    before.iter().rev().skip(article + 1).take(6).take_while(|token| token.is_word()).any(|token| {
        let word = token.lower.as_str();
        ["spread", "distribut", "shard", "split", "partition", "scatter", "balanc", "iterat", "loop", "replicat", "fan"]
            .iter()
            .any(|root| word.starts_with(root))
    })
}

/// Whether the claim that begins here is an `over` behind something that is done across things: `a search over 4M documents`.
pub(super) fn is_spread(scanner: &Scanner<'_>, start: usize) -> bool {
    let over = scanner.after(start).first().is_some_and(|token| token.start == start && token.lower == "over");
    over && scanner.before(start).last().is_some_and(|before| {
        matches!(
            before.lower.trim_end_matches('s'),
            "search"
                | "searche"
                | "query"
                | "querie"
                | "index"
                | "lookup"
                | "work"
                | "run"
                | "ran"
                | "running"
                | "aggregation"
                | "join"
                | "report"
                | "load"
                | "traffic"
                | "access"
                | "api"
                | "analysi"
                | "statistic"
                | "layer"
                | "gateway"
                | "wrapper"
                | "facade"
                | "view"
                | "solr"
                | "elasticsearch"
                | "opensearch"
        )
    })
}

/// Whether a number ends in a unit of days or more: `two years`.
fn is_time(scanner: &Scanner<'_>, end: usize) -> bool {
    let unit = scanner.before(end).last().map_or("", |token| token.lower.as_str());
    ["day", "week", "weekend", "month", "quarter", "year"].iter().any(|long| unit.trim_end_matches('s').ends_with(long))
}
