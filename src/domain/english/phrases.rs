//! Noun phrases: a head with the determiners, numbers, adjectives and nouns before it.

#![expect(clippy::wildcard_enum_match_arm, reason = "a rule names the parts of speech that it is about; all others are left alone")]

use super::part::Part;
use super::{Stretch, Word};
use crate::domain::text::Token;

/// One noun phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NounPhrase {
    /// Its tokens.
    pub stretch: Stretch,
    /// The token that names the thing: the last noun, or the last number where no noun stands behind one.
    pub head: usize,
}

/// The noun phrases of a text, in order.
pub(super) fn things(tokens: &[Token], words: &[Word]) -> Vec<NounPhrase> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match thing_at(tokens, words, at) {
            Some(thing) => {
                at = thing.stretch.end;
                found.push(thing);
            }
            None => at += 1,
        }
    }
    found
}

fn thing_at(tokens: &[Token], words: &[Word], first: usize) -> Option<NounPhrase> {
    let part = |at: usize| words.get(at).map(|word| word.part);
    let mut end = first;
    let mut head = None;
    while let Some(here) = part(end) {
        let goes_on = match here {
            // `the team the vendor hired`, `costs 40%`: another phrase begins behind a noun.
            // `sure no data`: a determiner begins a phrase.
            Part::Determiner | Part::Possessive(_) => end == first || matches!(part(end - 1), Some(Part::Determiner)) && head.is_none(),
            Part::Pronoun(_) | Part::Number | Part::Adjective => head.is_none() || owns(tokens, head),
            Part::Noun | Part::Name | Part::Slot => true,
            _ => false,
        };
        if !goes_on {
            break;
        }
        if matches!(here, Part::Noun | Part::Name | Part::Slot | Part::Pronoun(_)) {
            head = Some(end);
        }
        end += 1;
        if matches!(here, Part::Pronoun(_)) {
            break;
        }
    }
    // `a third`, `from 900 ms`: a number with nothing behind it is the thing itself.
    let head = head.or_else(|| (first..end).rev().find(|at| part(*at) == Some(Part::Number)))?;
    Some(NounPhrase { stretch: Stretch { first, end: head + 1 }, head })
}

/// `the team's`: what is owned stands behind it.
fn owns(tokens: &[Token], head: Option<usize>) -> bool {
    head.and_then(|head| tokens.get(head)).is_some_and(|token| token.lower.ends_with("'s") || token.lower.ends_with("s'"))
}
