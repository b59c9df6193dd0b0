//! Does a text tell a result that nobody told? Another verb for the same result is no invention; a result with new content is.

use super::change;
use super::receipts::Traced;
use super::{Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense};
use crate::domain::text::TokenKind;

pub(super) fn violations(lexicon: &Lexicon, reading: &Reading, traced: &Traced, found: &mut Vec<Violation>) {
    let phrases = lexicon.phrases();
    for clause in &reading.clauses {
        let inside = clause.first..clause.end;
        let has_slot = reading.tokens.get(inside.clone()).is_some_and(|tokens| tokens.iter().any(|token| token.kind == TokenKind::Slot));
        let denies = |at: &usize| reading.tokens.get(*at).is_some_and(|token| phrases.negations.has_word(&token.lower));
        let fresh: Vec<usize> = traced.missing.iter().copied().filter(|at| inside.contains(at) && !denies(at)).collect();
        if has_slot || fresh.is_empty() {
            continue;
        }
        let verb = |at: usize| reading.tokens.get(at).and_then(|token| lexicon.verb(&token.lower));
        let claims = fresh
            .iter()
            .any(|at| verb(*at).is_some_and(|form| phrases.is_outcome(&form.verb.stem)) || is_comparative(lexicon, reading, *at));
        let things = fresh
            .iter()
            .filter(|at| {
                let says = |word: &str| !phrases.empty.has_word(word) && !phrases.vague.has_word(word) && !phrases.fillers.has_word(word);
                verb(**at).is_none() && reading.tokens.get(**at).is_some_and(|token| says(&token.lower))
            })
            .count();
        let says = |at: &usize| {
            !fresh.contains(at)
                && reading
                    .tokens
                    .get(*at)
                    .is_some_and(|token| token.is_word() && !phrases.glue.has_word(&token.lower) && !phrases.empty.has_word(&token.lower))
        };
        let known = inside.clone().filter(says).count();
        if claims || things > 1 || known == 0 {
            let message = format!("nobody said this result: \"{}\"", clause.span.of(&reading.raw));
            found.push(Violation::new(ViolationCode::InventedOutcome, clause.span, message));
        }
    }
    that_clauses(lexicon, reading, traced, found);
    // A result need not stand in a clause: `Improved reliability by fixing bugs`, `for better reliability`.
    for at in &traced.missing {
        let Some(token) = reading.tokens.get(*at) else { continue };
        let verb = lexicon.verb(&token.lower).is_some_and(|form| phrases.is_outcome(&form.verb.stem));
        let told = found.iter().any(|told| told.code == ViolationCode::InventedOutcome && told.span.overlaps(token.span));
        if (verb || is_comparative(lexicon, reading, *at)) && !told && !change::in_slot_clause(reading, *at) {
            let message = format!("nobody said this result: \"{}\"", token.text);
            found.push(Violation::new(ViolationCode::InventedOutcome, token.span, message));
        }
    }
}

/// `release notes that kept stakeholders aligned`: a clause of which the evidence says nothing.
fn that_clauses(lexicon: &Lexicon, reading: &Reading, traced: &Traced, found: &mut Vec<Violation>) {
    let phrases = lexicon.phrases();
    for that in reading.tokens.iter().enumerate().filter(|(_, token)| token.lower == "that").map(|(at, _)| at) {
        let deed = reading.tokens.get(that + 1).and_then(|token| lexicon.verb(&token.lower));
        if !deed.is_some_and(|form| matches!(form.tense, Tense::Past | Tense::Third)) {
            continue;
        }
        let end = (that + 1..reading.tokens.len())
            .find(|at| reading.tokens.get(*at).is_some_and(|token| token.kind != TokenKind::Word))
            .unwrap_or(reading.tokens.len());
        let says = |at: &usize| {
            reading.tokens.get(*at).is_some_and(|token| !phrases.glue.has_word(&token.lower) && !phrases.empty.has_word(&token.lower))
        };
        let words: Vec<usize> = (that + 1..end).filter(says).collect();
        if words.len() > 1 && words.iter().all(|at| traced.missing.contains(at)) {
            let span = reading.span(that, end);
            found.push(Violation::new(ViolationCode::InventedOutcome, span, format!("nobody said this: \"{}\"", span.of(&reading.raw))));
        }
    }
}

fn is_comparative(lexicon: &Lexicon, reading: &Reading, at: usize) -> bool {
    reading.tokens.get(at).is_some_and(|token| lexicon.phrases().comparatives.has_word(&token.lower))
}
