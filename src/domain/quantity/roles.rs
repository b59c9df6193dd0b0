//! Where a number stands in a change: what it was, what it became, by how much it changed.

use super::scan::Scanner;
use super::{Quantity, QuantityKind, RangeEnd, Role};

/// Marks `from … to …` pairs, in either order, `A -> B`, and what a change is `by`. A number without a unit has that of its pair.
pub(super) fn tell(found: &mut [Quantity], scanner: &Scanner<'_>) {
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
    same_in_ranges(found);
    share_units(found);
}

/// Both ends of a range stand in one place of a change, which the words before the first and behind the last tell.
fn same_in_ranges(found: &mut [Quantity]) {
    for at in 1..found.len() {
        let Some([low, high]) = found.get_mut(at - 1..=at) else { continue };
        if low.range.is_some_and(RangeEnd::is_low) && high.range.is_some_and(|end| !end.is_low()) {
            if low.role == Role::Alone && high.role == Role::By {
                low.role = Role::By;
            }
            high.role = low.role;
        }
    }
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
