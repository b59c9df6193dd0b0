//! Answers in words: who or what was covered, and when or for how long.

use super::answer::{Refusal, refuse, shown};
use super::place::Place;
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense, stem};
use crate::domain::quantity::{Quantity, QuantityKind};
use crate::domain::text::Token;

/// The most words of a scope.
const MOST_WORDS: usize = 8;

/// Who or what was covered: a few words that name it and tell no deed and no result.
pub(super) fn scope(lexicon: &Lexicon, place: &Place<'_>, reading: &Reading) -> Result<String, Refusal> {
    let label = &place.slot.label;
    let phrases = lexicon.phrases();
    let words = reading.tokens.iter().filter(|token| token.is_word()).count();
    if words > MOST_WORDS || reading.quantities.len() > 1 {
        return refuse(format!("[{label}] asks who or what was covered; name it in at most {MOST_WORDS} words, with one number at most"));
    }
    if !reading.tokens.iter().any(|token| token.text.contains(char::is_alphabetic)) {
        return refuse(format!("\"{}\" is a number alone; [{label}] asks who or what was covered", shown(&reading.raw)));
    }
    let deed = |token: &&Token| {
        let verb = lexicon.verb(&token.lower).is_some_and(|form| matches!(form.tense, Tense::Past | Tense::Ing));
        let links = matches!(token.lower.as_str(), "that" | "which" | "who" | "because" | "by" | "so" | "while" | "to");
        (verb && token.text.starts_with(char::is_lowercase))
            || links
            || phrases.is_outcome(&stem(&token.lower))
            || phrases.comparatives.has_word(&token.lower)
    };
    if let Some(extra) = reading.tokens.iter().find(deed) {
        return refuse(format!("leave out \"{}\"; [{label}] asks who or what was covered, not what came of it", shown(&extra.text)));
    }
    if reading.tokens.iter().all(|token| phrases.glue.has_word(&token.lower) || phrases.vague.has_word(&token.lower)) {
        return refuse(format!("\"{}\" names nothing; [{label}] asks who or what was covered", shown(&reading.raw)));
    }
    Ok(reading.raw.clone())
}

/// When, or for how long: a length of time, a year, a quarter.
pub(super) fn timeframe(place: &Place<'_>, reading: &Reading) -> Result<String, Refusal> {
    let said = shown(&reading.raw);
    let units = place.slot.units_in_words();
    let is_date = |token: &Token| is_year(&token.text) || is_quarter(&token.lower) || MONTHS.contains(&token.lower.as_str());
    let is_length = |known: &Quantity| known.kind == QuantityKind::Duration && known.per.is_empty();
    let dated = reading.tokens.iter().any(|token| is_year(&token.text) || is_quarter(&token.lower));
    let lengths = reading.quantities.iter().filter(|known| is_length(known)).count();
    if !dated && lengths == 0 {
        let bare = reading.quantities.iter().any(|known| known.kind == QuantityKind::Count);
        return refuse(if bare {
            format!("\"{said}\" needs a unit; write {units} behind the number")
        } else {
            format!("\"{said}\" is no time; give {units}, or a year")
        });
    }
    let extra = reading.tokens.iter().find(|token| {
        let counted = reading.quantities.iter().any(|known| is_length(known) && known.folded.0 < token.end && token.start < known.folded.1);
        !counted && !is_date(token) && !LINKS.contains(&token.lower.as_str())
    });
    match extra {
        Some(extra) => refuse(format!("leave out \"{}\"; give the time alone", shown(&extra.text))),
        None if lengths > 1 => refuse(format!("\"{said}\" holds more than one length of time; give one")),
        None => Ok(reading.raw.clone()),
    }
}

const MONTHS: [&str; 23] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
];

const LINKS: [&str; 18] = [
    "in", "within", "over", "during", "for", "from", "to", "since", "until", "between", "and", "early", "late", "mid", "the", "of", "a",
    "-",
];

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse::<u16>().is_ok_and(|year| (1970..=2100).contains(&year))
}

fn is_quarter(lower: &str) -> bool {
    matches!(lower, "q1" | "q2" | "q3" | "q4" | "h1" | "h2")
}
