//! Takes out of a text what still waits for an answer, so that what is left can be sent today.

use super::clauses::tokens_of;
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense};
use crate::domain::text::{Span, Token, TokenKind};

/// The text without its open slots: each goes with the words that lean on it. `stands` tells whether what is left may be said.
pub(super) fn without_slots(lexicon: &Lexicon, text: &str, stands: impl Fn(&str) -> bool) -> String {
    let mut text = text.to_owned();
    loop {
        let reading = Reading::new(&text, lexicon);
        let Some(at) = reading.tokens.iter().rposition(|token| token.kind == TokenKind::Slot) else { return text };
        let phrase = without(lexicon, &reading, phrase_around(&reading, at));
        let clause = || {
            reading
                .clauses
                .iter()
                .find(|clause| (clause.first..clause.end).contains(&at))
                .map(|clause| without(lexicon, &reading, clause.span))
        };
        // The small cut where it leaves a claim that stands, else the whole clause.
        text = if stands(&phrase) { phrase } else { clause().unwrap_or(phrase) };
    }
}

/// The words that lean on a slot: from the preposition before it to the end of its own phrase.
fn phrase_around(reading: &Reading, at: usize) -> Span {
    let ends = |token: &&Token| {
        token.kind != TokenKind::Word
            || matches!(
                token.lower.as_str(),
                "with" | "using" | "in" | "on" | "by" | "for" | "from" | "to" | "across" | "at" | "via" | "and" | "or" | "while"
            )
    };
    let before = reading.tokens.iter().take(at).rposition(|token| ends(&token));
    let first = match before {
        Some(before) if reading.tokens.get(before).is_some_and(Token::is_word) => before,
        Some(before) => before + 1,
        None => at,
    };
    let behind =
        reading.tokens.iter().enumerate().skip(at + 1).find(|(_, token)| ends(token)).map_or(reading.tokens.len(), |(behind, _)| behind);
    reading.span(first, behind)
}

/// The text without a stretch, and without the mark or word that joins it to what stands before.
pub(super) fn without(lexicon: &Lexicon, reading: &Reading, stretch: Span) -> String {
    let (first, end) = tokens_of(reading, stretch);
    let word = |at: usize| reading.tokens.get(at).map_or("", |token| token.lower.as_str());
    let joins = |at: usize| matches!(word(at), "," | ";" | "-" | "and" | "to" | "by" | "while" | "thereby" | "thus" | "which" | "then");
    let mut start = (1..=first).rev().find(|at| !joins(at - 1)).unwrap_or(first.min(1) * first);
    let mut rest = end;
    // `…, handling [rate] and cutting costs` goes on as `…, cutting costs`.
    let goes_on = lexicon.verb(word(end + 1)).is_some_and(|form| form.tense == Tense::Ing);
    if word(end) == "and" && goes_on && start < first {
        rest = end + 1;
        start = first;
    }
    let cut = reading.tokens.get(start).map_or(stretch.start, |token| token.span.start.min(stretch.start));
    let from = reading.tokens.get(rest).map_or(usize::MAX, |token| token.span.start);
    let head: String = reading.raw.chars().take(cut).collect();
    let tail: String = reading.raw.chars().skip(from).collect();
    let gap = if head.trim().is_empty() || tail.starts_with([',', ';', '.']) { "" } else { " " };
    tidied(&format!("{}{gap}{}", head.trim_end(), tail.trim()))
}

/// No mark and no joining word at either end, and a capital at the beginning.
fn tidied(text: &str) -> String {
    const JOINTS: [&str; 8] = [" and", " with", " by", " while", " to", " which", " from", " for"];
    let mut tidied = text.trim_matches([' ', ',', ';']);
    loop {
        let shorter = tidied.trim_end_matches([' ', ',', ';']);
        let shorter = JOINTS.iter().find_map(|joint| shorter.strip_suffix(joint)).unwrap_or(shorter);
        if shorter.len() == tidied.len() {
            break;
        }
        tidied = shorter;
    }
    let mut chars = tidied.chars();
    let keeps_case = text.starts_with(tidied) || tidied.chars().nth(1).is_some_and(char::is_uppercase);
    match chars.next() {
        Some(first) if !keeps_case => first.to_uppercase().chain(chars).collect(),
        _ => tidied.to_owned(),
    }
}
