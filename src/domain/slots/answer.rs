//! One answer of a person: left open, taken as said, or refused with a sentence that says what would do.
//!
//! An answer is one value. It may not carry anything else into the text: no second claim, no sentence, no bracket, no first person.

use super::place::Place;
use super::{SlotKind, number, phrase, tool};
use crate::domain::facts::Reading;
use crate::domain::lexicon::Lexicon;
use crate::domain::text::{Folded, Token};

/// The longest answer, in characters.
pub const MAX_ANSWER: usize = 80;

/// Why an answer cannot be used, in a sentence for the person who gave it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(String);

/// Reads an answer; `None` leaves the slot open.
pub(super) fn read(lexicon: &Lexicon, place: &Place<'_>, raw: &str) -> Result<Option<String>, Refusal> {
    if leaves_open(raw) {
        return Ok(None);
    }
    let text = place.without_echo(&plain(raw)?);
    let reading = Reading::new(&text, lexicon);
    holds_one_thing(lexicon, &reading)?;
    let answer = match place.slot.kind {
        SlotKind::Tool => tool::read(lexicon, place, &reading),
        SlotKind::Scope => phrase::scope(lexicon, place, &reading),
        SlotKind::Timeframe => phrase::timeframe(place, &reading),
        SlotKind::Percent
        | SlotKind::Duration
        | SlotKind::Count
        | SlotKind::Rate
        | SlotKind::Size
        | SlotKind::Money
        | SlotKind::Multiplier => number::read(lexicon, place, &reading),
    };
    answer.map(Some)
}

/// A refusal in these words.
pub(super) fn refuse<T>(reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(reason.into()))
}

/// What a person said, short enough to be said back.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}

/// One short line of plain characters: invisible ones out, look-alikes folded, the quotes around it and the period behind it gone.
fn plain(raw: &str) -> Result<String, Refusal> {
    let raw = raw.trim();
    if raw.chars().count() > MAX_ANSWER {
        return refuse(format!("the answer is longer than {MAX_ANSWER} characters; give the value alone"));
    }
    if raw.contains(['\n', '\r', '\t', '\u{85}', '\u{2028}', '\u{2029}']) {
        return refuse("the answer has more than one line; give the value alone, on one line");
    }
    let text: String = Folded::new(raw).chars().iter().collect();
    let mut text = text.trim();
    for quote in ['"', '\''] {
        text = text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote)).unwrap_or(text).trim();
    }
    let text = text.trim_end_matches('.').trim_end();
    if text.contains(['[', ']']) {
        return refuse("the answer holds a bracket; write the value itself, without brackets");
    }
    match text.chars().find(|c| !is_plain(*c)) {
        Some(sign) if sign.is_control() => refuse("the answer holds a character that cannot be seen; type it again"),
        Some(sign @ (';' | ':' | '!' | '?')) => refuse(format!("give the value alone, not a sentence; leave out \"{sign}\"")),
        Some(sign) => refuse(format!("leave out the sign \"{sign}\"; give the value in plain letters and digits")),
        None => Ok(text.to_owned()),
    }
}

/// The characters that values and names are written with.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            ' ' | '%'
                | '$'
                | '€'
                | '£'
                | '.'
                | ','
                | '+'
                | '-'
                | '/'
                | '&'
                | '#'
                | '\''
                | '_'
                | '~'
                | '≈'
                | '<'
                | '>'
                | '='
                | '≥'
                | '≤'
                | '×'
                | '\u{300}'..='\u{36f}'
        )
}

/// `skip`, `I don't know`, nothing at all: no answer, and no lie.
pub(super) fn leaves_open(raw: &str) -> bool {
    const OPEN: [&str; 30] = [
        "",
        "skip",
        "pass",
        "open",
        "idk",
        "i dk",
        "dunno",
        "n/a",
        "na",
        "tbd",
        "unknown",
        "not known",
        "not sure",
        "unsure",
        "i am not sure",
        "i'm not sure",
        "i don't know",
        "i dont know",
        "i do not know",
        "don't know",
        "dont know",
        "do not know",
        "no idea",
        "no clue",
        "i don't remember",
        "don't remember",
        "can't remember",
        "i forget",
        "i forgot",
        "not applicable",
    ];
    let text: String = Folded::new(raw).chars().iter().flat_map(|c| c.to_lowercase()).collect();
    OPEN.contains(&text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '!' | '?' | '-')))
}

/// Refuses what goes beyond one value, whatever the slot asks for.
fn holds_one_thing(lexicon: &Lexicon, reading: &Reading) -> Result<(), Refusal> {
    let phrases = lexicon.phrases();
    let tokens = &reading.tokens;
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    if !tokens.iter().any(Token::is_word) {
        return refuse("the answer holds no word and no number; leave it empty if you do not know");
    }
    let pronoun = |(first, end): &(usize, usize)| {
        let token = tokens.get(*first);
        token.is_some_and(|token| token.text == "I" || token.text != token.text.to_uppercase()) && word(*end) != "/"
    };
    if phrases.first_person.find(tokens).iter().any(pronoun) {
        return refuse("leave out I and we; give the value alone");
    }
    if !phrases.banned.find(tokens).is_empty() {
        return refuse("the answer holds an empty phrase; give the value alone");
    }
    let denies =
        |(first, _): &(usize, usize)| !matches!(word(first + 1), "more" | "less" | "fewer" | "greater") || word(first + 2) != "than";
    if let Some((first, _)) = phrases.negations.find(tokens).into_iter().find(denies) {
        return refuse(format!(
            "\"{}\" can mean that there was none, or that you do not know; write 0 with its unit for the one, and leave it empty for the other",
            word(first)
        ));
    }
    let splits = |at: usize| match tokens.get(at) {
        // `1,200` is one number, and its comma is no mark of its own where the digits join.
        Some(mark) if mark.is_mark(",") => {
            let thousands = word(at + 1).chars().take_while(char::is_ascii_digit).count() == 3;
            !thousands || !reading.quantities.iter().any(|known| known.folded.0 < mark.start && mark.end < known.folded.1)
        }
        Some(mark) if mark.is_mark(".") => !matches!(word(at.wrapping_sub(1)), "approx" | "ca"),
        _ => false,
    };
    if (0..tokens.len()).any(splits) {
        return refuse("give one value, without a comma or a second sentence; decimals take a point");
    }
    Ok(())
}
