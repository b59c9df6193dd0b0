//! What a number belongs to: the noun phrase that it counts, and the one right before it.

use crate::domain::english::{Part, Sentence};
use crate::domain::quantity::Quantity;
use crate::domain::text::Token;

/// How many small words may stand between a thing and its number: `latency from 900 ms`, `the API (81 %)`.
const BETWEEN: usize = 2;

/// A number with the things that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The first token of the number.
    pub first: usize,
    /// One past its last.
    pub end: usize,
    /// The tokens that name what it belongs to.
    pub things: Vec<usize>,
}

/// What a number of a text belongs to.
pub fn bound(tokens: &[Token], sentence: &Sentence, number: &Quantity) -> Bound {
    let first = tokens.partition_point(|token| token.end <= number.folded.0);
    let end = tokens.partition_point(|token| token.start < number.folded.1);
    let names = |at: &usize| matches!(sentence.part(*at), Part::Noun | Part::Name);
    let mut things: Vec<usize> = Vec::new();
    // `40 consumer services`, `40 of the services`
    let of = tokens.get(end).is_some_and(|token| token.lower == "of");
    if let Some(thing) = sentence
        .thing_at(end.saturating_sub(1))
        .filter(|thing| thing.stretch.end > end)
        .or_else(|| sentence.thing_at(end + usize::from(of)))
    {
        things.extend((end..thing.stretch.end).filter(names));
    }
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    let is_small = |at: usize| {
        matches!(
            word(at),
            "of" | "to" | "at" | "from" | "by" | "was" | "is" | "were" | "are" | "(" | ":" | "=" | "-" | "~" | "about" | "reached" | "for"
        )
    };
    let mut before = first;
    for _ in 0..BETWEEN {
        match before.checked_sub(1) {
            Some(at) if is_small(at) => before = at,
            _ => break,
        }
    }
    // `AWS cost per month from 8.2k`: what the last phrase belongs to, as well.
    for _ in 0..3 {
        let Some(thing) = before.checked_sub(1).and_then(|at| sentence.thing_at(at)).filter(|thing| thing.stretch.end == before) else {
            break;
        };
        things.extend((thing.stretch.first..thing.stretch.end).filter(names));
        let Some(link) = thing.stretch.first.checked_sub(1).filter(|at| matches!(word(*at), "of" | "per" | "for" | "in")) else { break };
        before = link;
    }
    Bound { first, end, things }
}
