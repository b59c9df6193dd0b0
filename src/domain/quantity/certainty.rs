//! How exact a number claims to be, and where it stands in a change.

use super::scan::{Number, Scanner};
use super::{Comparator, Quantity, QuantityKind, Role};
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
        (_, _, "under" | "below" | "within" | "maximum" | "upto") => Some((Comparator::AtMost, 0)),
        (_, "approx" | "ca", ".") => Some((Comparator::About, 1)),
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
        None if number.about => (Comparator::About, number.start),
        None if number.at_least => (Comparator::AtLeast, number.start),
        None => (Comparator::Exact, number.start),
    }
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

/// Marks `from … to …` pairs, in either order, `A -> B`, and what a change is `by`. A number without a unit has that of its pair.
pub(super) fn tell_roles(found: &mut [Quantity], scanner: &Scanner<'_>) {
    for at in 0..found.len() {
        let Some(quantity) = found.get(at) else { continue };
        let before = scanner.before(quantity.folded.0);
        let word = |at: usize| before.len().checked_sub(at + 1).and_then(|at| before.get(at)).map_or("", |token| token.lower.as_str());
        let arrow = matches!((word(1), word(0)), ("-" | "=", ">") | (_, "→" | "⇒"));
        let role = match word(0) {
            // `came to 20 percent lower` is a difference.
            _ if is_difference(quantity, scanner) => Role::By,
            "from" => Role::From,
            "to" => Role::To,
            "by" => Role::By,
            "up" | "down" if matches!(quantity.kind, QuantityKind::Percent | QuantityKind::Multiplier) => Role::By,
            // `dropped 40%` is a difference, and `dropped to 40%` what was left.
            _ if quantity.kind == QuantityKind::Percent && (changes(word(0)) || changes(word(1))) => Role::By,
            _ if arrow => Role::To,
            _ => Role::Alone,
        };
        if arrow && let Some(first) = at.checked_sub(1).and_then(|first| found.get_mut(first)) {
            first.role = Role::From;
        }
        if let Some(quantity) = found.get_mut(at) {
            quantity.role = role;
        }
    }
    share_units(found);
}

/// Verbs that a bare share behind them measures.
fn changes(word: &str) -> bool {
    matches!(
        word,
        "dropped"
            | "fell"
            | "rose"
            | "grew"
            | "cut"
            | "reduced"
            | "decreased"
            | "increased"
            | "lowered"
            | "raised"
            | "improved"
            | "shrank"
            | "cutting"
            | "reducing"
            | "decreasing"
            | "increasing"
            | "lowering"
            | "improving"
            | "dropping"
    )
}

/// `20 percent lower`, `3x faster`, `a 40% drop`.
fn is_difference(quantity: &Quantity, scanner: &Scanner<'_>) -> bool {
    matches!(quantity.kind, QuantityKind::Percent | QuantityKind::Multiplier)
        && scanner.after(quantity.folded.1).first().is_some_and(|next| {
            matches!(
                next.lower.as_str(),
                "lower"
                    | "less"
                    | "fewer"
                    | "faster"
                    | "slower"
                    | "smaller"
                    | "higher"
                    | "more"
                    | "quicker"
                    | "shorter"
                    | "cheaper"
                    | "larger"
                    | "bigger"
                    | "longer"
                    | "reduction"
                    | "decrease"
                    | "increase"
                    | "drop"
                    | "rise"
                    | "improvement"
            )
        })
}

/// `from 18 to 7 minutes`, `from 18 minutes to 7`.
fn share_units(found: &mut [Quantity]) {
    for at in 1..found.len() {
        let (Some(one), Some(other)) = (found.get(at - 1).cloned(), found.get(at).cloned()) else { continue };
        let pair = one.role == Role::From && other.role == Role::To || one.role == Role::To && other.role == Role::From;
        if !pair {
            continue;
        }
        // `from $9,000 to $6,000 a month`
        if one.kind == other.kind && one.unit == other.unit && one.per.is_empty() != other.per.is_empty() {
            let (at, per) = if one.per.is_empty() { (at - 1, other.per) } else { (at, one.per) };
            if let Some(bare) = found.get_mut(at) {
                bare.per = per;
            }
        }
        if one.kind == other.kind {
            continue;
        }
        let (at, model) = if one.kind == QuantityKind::Count { (at - 1, other) } else { (at, one) };
        if let Some(bare) = found.get_mut(at).filter(|bare| bare.kind == QuantityKind::Count && bare.unit.is_empty() && bare.of.is_empty())
            && let Some(value) = bare.value.times(model.factor)
        {
            bare.value = value;
            bare.kind = model.kind;
            bare.unit = model.unit;
            bare.per = model.per;
            bare.factor = model.factor;
            bare.of = model.of;
        }
    }
}

/// Whether a number ends in a unit of days or more: `two years`.
fn is_time(scanner: &Scanner<'_>, end: usize) -> bool {
    let unit = scanner.before(end).last().map_or("", |token| token.lower.as_str());
    ["day", "week", "weekend", "month", "quarter", "year"].iter().any(|long| unit.trim_end_matches('s').ends_with(long))
}
