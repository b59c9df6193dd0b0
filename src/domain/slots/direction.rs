//! Two answers that tell a change: do they agree with the word that says which way it went?

use super::answer::{Refusal, refuse, shown};
use super::place::direction;
use crate::domain::facts::Reading;
use crate::domain::lexicon::Lexicon;
use crate::domain::quantity::{Quantity, Role};
use crate::domain::text::Span;

/// A `from … to …` of a text, both in one unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change<'a> {
    pub(super) from: &'a Quantity,
    pub(super) to: &'a Quantity,
}

/// The changes of a text that can be computed with, in order.
pub(super) fn changes(reading: &Reading) -> Vec<Change<'_>> {
    moves(reading).filter(|Change { from, to }| from.same_measure(to)).collect()
}

fn moves(reading: &Reading) -> impl Iterator<Item = Change<'_>> {
    let pairs = reading.quantities.iter().zip(reading.quantities.iter().skip(1));
    pairs.filter(|(from, to)| from.role == Role::From && to.role == Role::To).map(|(from, to)| Change { from, to })
}

/// Whether one number is smaller; months, which have no fixed length, are compared with days where every month would tell the same.
fn is_less(one: &Quantity, other: &Quantity) -> Option<bool> {
    const DAY: i128 = 86_400_000_000_000;
    if one.same_measure(other) {
        return one.value.is_less(other.value);
    }
    let lengths = |quantity: &Quantity| match quantity.unit {
        "months" => Some((quantity.value.times(28 * DAY)?, quantity.value.times(31 * DAY)?)),
        "ns" => Some((quantity.value, quantity.value)),
        _ => None,
    };
    let ((shortest, longest), (other_shortest, other_longest)) = (lengths(one)?, lengths(other)?);
    let (less, more) = (longest.is_less(other_shortest)?, other_longest.is_less(shortest)?);
    (less || more).then_some(less)
}

/// Refuses the change that goes against its own verb, or nowhere; with the place of its second number.
pub(super) fn contradiction(lexicon: &Lexicon, reading: &Reading) -> Option<(Span, Refusal)> {
    moves(reading).find_map(|Change { from, to }| {
        let before = reading.tokens.get(..reading.tokens.partition_point(|token| token.end <= from.folded.0))?;
        let (verb, falls) = direction(lexicon, before)?;
        let (rises, shrinks) = (is_less(from, to)?, is_less(to, from)?);
        let words = |quantity: &Quantity| shown(&quantity.span.of(&reading.raw));
        let (first, second) = (words(from), words(to));
        let against = match (rises, shrinks) {
            (false, false) => format!("is the same as {first}"),
            (true, _) if falls => format!("is more than {first}"),
            (_, true) if !falls => format!("is less than {first}"),
            _ => return None,
        };
        let refusal =
            refuse::<()>(format!("the text says \"{}\", but {second} {against}; check both answers, or leave them empty", verb.text))
                .err()?;
        Some((to.span, refusal))
    })
}
