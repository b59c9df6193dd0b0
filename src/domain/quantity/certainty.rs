//! How exact a number claims to be, and where it stands in a change.

use super::scan::{Number, Scanner};
use super::{Comparator, Quantity, Role};

/// The words or signs before a number that say how exact it is, and where the claim then begins.
pub(super) fn comparator(scanner: &Scanner<'_>, number: &Number) -> (Comparator, usize) {
    let before = scanner.before(number.start);
    let token = |at: usize| before.len().checked_sub(at + 1).and_then(|at| before.get(at));
    let word = |at: usize| token(at).map_or("", |token| token.lower.as_str());
    let article = usize::from(word(0) == "a" || word(0) == "an" || word(0) == "the");
    let (second, last) = (word(article + 1), word(article));
    let close = scanner.char(number.start.saturating_sub(1)).is_some_and(|c| !c.is_whitespace());
    // The word before, the two before, or the three before: `no less than`.
    let found = match (word(article + 2), second, last) {
        (_, ">" | "≥", "=") => Some((Comparator::AtLeast, 1)),
        (_, "<" | "≤", "=") => Some((Comparator::AtMost, 1)),
        (_, _, "~" | "≈") => Some((Comparator::About, 0)),
        (_, arrow, ">") if arrow != "-" || !close => Some((Comparator::AtLeast, 0)),
        (_, _, "≥") => Some((Comparator::AtLeast, 0)),
        (_, _, "<" | "≤") => Some((Comparator::AtMost, 0)),
        ("no" | "not", "less" | "fewer", "than") => Some((Comparator::AtLeast, 2)),
        ("no" | "not", "more" | "greater", "than") => Some((Comparator::AtMost, 2)),
        ("a", "maximum", "of") | ("a", "max", "of") => Some((Comparator::AtMost, 2)),
        ("a", "minimum", "of") | ("a", "min", "of") => Some((Comparator::AtLeast, 2)),
        ("in", "excess", "of") => Some((Comparator::AtLeast, 2)),
        ("as", "many" | "much", "as") => Some((Comparator::AtMost, 2)),
        (_, "up", "to") | (_, "less" | "fewer" | "lower", "than") => Some((Comparator::AtMost, 1)),
        (_, "more" | "greater" | "higher", "than") | (_, "at", "least") | (_, "upwards", "of") | (_, "north", "of") => {
            Some((Comparator::AtLeast, 1))
        }
        (_, "at", "most") => Some((Comparator::AtMost, 1)),
        (_, "close", "to") => Some((Comparator::About, 1)),
        (_, _, "about" | "around" | "approximately" | "roughly" | "nearly" | "almost" | "approx" | "circa" | "some" | "near") => {
            Some((Comparator::About, 0))
        }
        (_, _, "over" | "above" | "exceeding" | "beyond" | "minimum") => Some((Comparator::AtLeast, 0)),
        (_, _, "under" | "below" | "within" | "maximum") => Some((Comparator::AtMost, 0)),
        (_, "approx", ".") => Some((Comparator::About, 1)),
        _ => None,
    };
    match found {
        Some((comparator, at)) => (comparator, token(article + at).map_or(number.start, |token| token.start)),
        None if number.at_least => (Comparator::AtLeast, number.start),
        None => (Comparator::Exact, number.start),
    }
}

/// Marks `from … to …` pairs, in either order.
pub(super) fn tell_roles(found: &mut [Quantity], scanner: &Scanner<'_>) {
    let mut open = false;
    for quantity in found {
        match scanner.before(quantity.folded.0).last().map(|token| token.lower.as_str()) {
            Some("from") => {
                quantity.role = Role::From;
                open = true;
            }
            Some("to") if open && quantity.comparator != Comparator::AtMost => {
                quantity.role = Role::To;
                open = false;
            }
            _ => {}
        }
    }
}
