//! Finds the clauses of the guide in a text with slots, also where some of their slots were filled before.

use crate::domain::facts::Reading;
use crate::domain::guide::Ask;
use crate::domain::text::{Folded, Span, Token, TokenKind, tokenize};

/// A stretch of a text that is a clause of the guide, with at least one open slot.
#[derive(Debug)]
pub(super) struct Clause<'a> {
    pub(super) ask: &'a Ask,
    /// First of its tokens.
    pub(super) first: usize,
    /// One past the last of its tokens.
    pub(super) end: usize,
    /// The words that were filled in before, one text a slot.
    pub(super) settled: Vec<String>,
}

/// The clauses of a text, in order, the longest where two begin together.
pub(super) fn clauses<'a>(asks: &'a [Ask], reading: &Reading) -> Vec<Clause<'a>> {
    let forms: Vec<(&Ask, Vec<Token>)> = asks.iter().map(|ask| (ask, tokenize(&Folded::new(&ask.clause)))).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < reading.tokens.len() {
        let here = forms.iter().filter_map(|(ask, form)| clause_at(ask, form, reading, at)).max_by_key(|clause| clause.end);
        at = here.as_ref().map_or(at + 1, |clause| clause.end);
        found.extend(here);
    }
    found
}

fn clause_at<'a>(ask: &'a Ask, form: &[Token], reading: &Reading, first: usize) -> Option<Clause<'a>> {
    let mut settled = Vec::new();
    let mut is_open = false;
    let mut at = first;
    for word in form {
        let token = reading.tokens.get(at)?;
        if token.lower == word.lower {
            is_open |= token.kind == TokenKind::Slot;
            at += 1;
        } else if word.kind == TokenKind::Slot {
            let end = value_end(reading, at)?;
            settled.push(reading.span(at, end).of(&reading.raw));
            at = end;
        } else {
            return None;
        }
    }
    is_open.then_some(Clause { ask, first, end: at, settled })
}

/// One past the value that begins at a token: a number with its unit, a technology, or one word.
fn value_end(reading: &Reading, at: usize) -> Option<usize> {
    let token = reading.tokens.get(at).filter(|token| token.kind != TokenKind::Slot)?;
    if let Some(quantity) = reading.quantity_at(token) {
        return Some(at + reading.tokens.iter().skip(at).take_while(|token| token.start < quantity.folded.1).count().max(1));
    }
    let technology = reading.technology_at(at).map(|known| known.end);
    technology.or_else(|| token.is_word().then_some(at + 1))
}

/// The range of tokens that a stretch of the text covers.
pub(super) fn tokens_of(reading: &Reading, span: Span) -> (usize, usize) {
    let first = reading.tokens.partition_point(|token| token.span.end <= span.start);
    let end = reading.tokens.partition_point(|token| token.span.start < span.end);
    (first, end.max(first))
}
