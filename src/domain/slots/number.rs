//! An answer that is a number: its kind must be the slot's, its unit must be said or be the only one there is, and nothing may stand beside it.

use super::SlotKind;
use super::answer::{Refusal, refuse, shown};
use super::place::Place;
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense, stem};
use crate::domain::quantity::{Comparator, Decimal, Quantity, QuantityKind};
use crate::domain::text::Token;

/// The words that may stand between a number and the time of its rate: `5k API requests per minute`.
const MOST_THINGS: usize = 3;

/// Reads a number as the slot needs it, in the words of the person.
pub(super) fn read(lexicon: &Lexicon, place: &Place<'_>, reading: &Reading) -> Result<String, Refusal> {
    let slot = place.slot;
    let said = shown(&reading.raw);
    let wanted = wanted(place);
    let quantity = match reading.quantities.as_slice() {
        [quantity] => quantity,
        [] if !reading.technologies.is_empty() => {
            return refuse(format!("\"{said}\" is the name of a tool, and [{}] asks for {wanted}", slot.label));
        }
        [] if said.contains(|c: char| c.is_ascii_digit()) => {
            return refuse(format!("\"{said}\" cannot be read as a number; [{}] asks for {wanted}", slot.label));
        }
        [] => return refuse(format!("\"{said}\" holds no number; [{}] asks for {wanted}, in digits", slot.label)),
        _ => return refuse(format!("\"{said}\" holds more than one number; give one, with \"about\" or \"up to\" if it varies")),
    };
    let minus = reading.tokens.iter().any(|token| token.is_mark("-") && token.end == quantity.folded.0);
    if minus || quantity.value.is_less(Decimal::new(0, 0)) == Some(true) {
        return refuse("leave out the minus sign; the text says already which way it went");
    }
    let text = with_unit(place, reading, quantity)?;
    alone(lexicon, place, reading, quantity)?;
    limits(lexicon, place, quantity)?;
    Ok(without_counted(lexicon, place, reading, quantity, text))
}

/// What the slot asks for, in words.
fn wanted(place: &Place<'_>) -> String {
    let units = place.slot.units_in_words();
    match place.slot.kind {
        SlotKind::Percent => "a percentage".to_owned(),
        SlotKind::Duration | SlotKind::Timeframe => format!("a length of time with its unit: {units}"),
        SlotKind::Count => "a number of things".to_owned(),
        SlotKind::Rate => format!("a number in a time: {units}"),
        SlotKind::Size => format!("an amount of data with its unit: {units}"),
        SlotKind::Money => format!("an amount of money with its currency: {units}"),
        SlotKind::Multiplier => "a factor, written with x".to_owned(),
        SlotKind::Tool | SlotKind::Scope => "a name".to_owned(),
    }
}

/// The answer with the unit that its slot implies: the only one there is; where there are several, it must be said.
fn with_unit(place: &Place<'_>, reading: &Reading, quantity: &Quantity) -> Result<String, Refusal> {
    let said = shown(&reading.raw);
    let is_bare = quantity.kind == QuantityKind::Count && quantity.of.is_empty() && quantity.unit.is_empty();
    let has_fixed_unit = quantity.per.is_empty();
    let ends_change = matches!(place.word_before(), "from" | "to");
    let in_words = !quantity.span.of(&reading.raw).contains(|c: char| c.is_ascii_digit());
    match (place.slot.kind, quantity.kind) {
        (SlotKind::Percent, QuantityKind::Count) if is_bare => {
            let below_one = quantity.value.is_less(Decimal::new(1, 0)) == Some(true) && quantity.value != Decimal::new(0, 0);
            if below_one {
                return refuse(format!("\"{said}\" can be a share or a percentage; write the % sign behind the percentage you mean"));
            }
            Ok(behind_number(reading, quantity, "%", " percent"))
        }
        (SlotKind::Multiplier, QuantityKind::Count) if is_bare => Ok(behind_number(reading, quantity, "x", " times")),
        // `doubled` cannot stand where `2x` can.
        (SlotKind::Multiplier, QuantityKind::Multiplier) | (SlotKind::Percent, QuantityKind::Percent) if has_fixed_unit => {
            Ok(in_digits(reading, quantity))
        }
        // `saving 3 hours a week` is a length of time; `from 3 hours a week` is no end of a change.
        (SlotKind::Duration, QuantityKind::Duration) | (SlotKind::Size, QuantityKind::Size) if has_fixed_unit || !ends_change => {
            Ok(reading.raw.clone())
        }
        (SlotKind::Count, QuantityKind::Count) if quantity.unit.is_empty() => Ok(reading.raw.clone()),
        (SlotKind::Money, QuantityKind::Money) | (SlotKind::Rate, QuantityKind::Rate) => Ok(reading.raw.clone()),
        (SlotKind::Rate, QuantityKind::Size | QuantityKind::Money) if !has_fixed_unit => Ok(reading.raw.clone()),
        (SlotKind::Duration, QuantityKind::Duration) | (SlotKind::Size, QuantityKind::Size) => {
            refuse(format!("\"{said}\" tells how much in a time; [{}] asks for {}", place.slot.label, wanted(place)))
        }
        // `thousands`, `half a day`: read by their first word alone, they would be something else.
        _ if in_words && (!quantity.unit.is_empty() || quantity.kind == QuantityKind::Percent) => {
            refuse(format!("write the number of \"{said}\" in digits; [{}] asks for {}", place.slot.label, wanted(place)))
        }
        (SlotKind::Duration | SlotKind::Size | SlotKind::Money | SlotKind::Rate, QuantityKind::Count) => {
            refuse(format!("\"{said}\" needs a unit; write {} behind the number", place.slot.units_in_words()))
        }
        (
            SlotKind::Percent
            | SlotKind::Duration
            | SlotKind::Count
            | SlotKind::Rate
            | SlotKind::Size
            | SlotKind::Money
            | SlotKind::Multiplier
            | SlotKind::Tool
            | SlotKind::Scope
            | SlotKind::Timeframe,
            _,
        ) => refuse(format!("\"{said}\" is {}, and [{}] asks for {}", found(quantity), place.slot.label, wanted(place))),
    }
}

/// What a number counts, in words.
const fn found(quantity: &Quantity) -> &'static str {
    match quantity.kind {
        QuantityKind::Count => "a number of things",
        QuantityKind::Percent => "a percentage",
        QuantityKind::Duration => "a length of time",
        QuantityKind::Size => "an amount of data",
        QuantityKind::Money => "an amount of money",
        QuantityKind::Multiplier => "a factor",
        QuantityKind::Rate => "a number in a time",
    }
}

/// The answer with a unit behind its number: a sign behind digits, a word behind words.
fn behind_number(reading: &Reading, quantity: &Quantity, sign: &str, word: &str) -> String {
    let (head, tail) = halves(&reading.raw, quantity.folded.1);
    let unit = if head.ends_with(|c: char| c.is_ascii_digit() || c == '+') { sign } else { word };
    format!("{head}{unit}{tail}")
}

/// `doubled` as `2x`, `half` as `50%`; what is written with digits stays as it was said.
fn in_digits(reading: &Reading, quantity: &Quantity) -> String {
    let word = quantity.span.of(&reading.raw);
    let unit = match (quantity.kind, quantity.unit) {
        (QuantityKind::Multiplier, "x") => "x",
        (QuantityKind::Percent, "%") => "%",
        _ => return reading.raw.clone(),
    };
    let whole = quantity.comparator == Comparator::Exact
        && word == reading.raw
        && !word.contains(|c: char| c.is_ascii_digit() || c == ' ' || c == '-');
    if whole { format!("{}{unit}", quantity.value) } else { reading.raw.clone() }
}

fn halves(text: &str, at: usize) -> (String, String) {
    (text.chars().take(at).collect(), text.chars().skip(at).collect())
}

/// Nothing but the number, what it counts and in what time.
fn alone(lexicon: &Lexicon, place: &Place<'_>, reading: &Reading, quantity: &Quantity) -> Result<(), Refusal> {
    let (start, end) = quantity.folded;
    if let Some(extra) = reading.tokens.iter().find(|token| token.end <= start) {
        return refuse(format!("leave out \"{}\"; give the number alone", shown(&extra.text)));
    }
    let behind: Vec<&Token> = reading.tokens.iter().filter(|token| token.start >= end).collect();
    let more = match behind.as_slice() {
        [or, more, ..] if or.lower == "or" && matches!(more.lower.as_str(), "more" | "greater" | "above") => 2,
        [plus, ..] if matches!(plus.lower.as_str(), "plus" | "+") => 1,
        _ => 0,
    };
    let rest = behind.get(more..).unwrap_or_default();
    let is_timed = quantity.kind == QuantityKind::Rate || !quantity.per.is_empty();
    let counts = matches!(quantity.kind, QuantityKind::Count | QuantityKind::Rate);
    let connects = |token: &&&Token| {
        matches!(
            token.lower.as_str(),
            "per" | "/" | "each" | "every" | "a" | "an" | "daily" | "weekly" | "monthly" | "yearly" | "hourly" | "annually"
        )
    };
    let (things, time) = match rest.iter().position(|token| is_timed && connects(&token)) {
        Some(at) => rest.split_at(at),
        None => (rest, &[][..]),
    };
    let most_time = if time.first().is_some_and(|first| first.lower.ends_with("ly")) { 1 } else { 2 };
    let is_thing = |token: &&&Token| {
        let is_deed = lexicon.verb(&token.lower).is_some_and(|form| matches!(form.tense, Tense::Past | Tense::Ing));
        let phrases = lexicon.phrases();
        token.is_word() && !is_deed && !phrases.glue.has_word(&token.lower) && !phrases.comparatives.has_word(&token.lower)
    };
    let counted = place.counted(lexicon);
    let named = |token: &&Token| reading.technologies.iter().any(|known| known.span.overlaps(token.span));
    let extra = things
        .iter()
        .enumerate()
        .filter(|(_, token)| !counts || !counted.contains(&stem(&token.lower)))
        .find(|(at, token)| !counts || *at >= MOST_THINGS || !is_thing(token) || named(token))
        .map(|(_, token)| *token)
        .or_else(|| time.get(most_time).copied());
    if let Some(extra) = extra {
        return refuse(format!("leave out \"{}\"; give the number{} alone", shown(&extra.text), if counts { "" } else { " and its unit" }));
    }
    let stems: Vec<String> = things.iter().map(|token| stem(&token.lower)).collect();
    if quantity.kind == QuantityKind::Count
        && let (Some(head), false) = (stems.last(), counted.is_empty())
        && !counted.contains(head)
    {
        return refuse(format!("[{}] counts what the text names behind it; give the number alone", place.slot.label));
    }
    Ok(())
}

/// What no share can be.
fn limits(lexicon: &Lexicon, place: &Place<'_>, quantity: &Quantity) -> Result<(), Refusal> {
    let above_all = Decimal::new(100, 0).is_less(quantity.value) == Some(true);
    if place.slot.kind == SlotKind::Percent && above_all && place.word_before() == "by" && place.falls(lexicon) == Some(true) {
        return refuse("nothing can fall by more than 100 %; check the number");
    }
    Ok(())
}

/// `2 million rows` before `rows`: the thing is named by the text, and stands once.
fn without_counted(lexicon: &Lexicon, place: &Place<'_>, reading: &Reading, quantity: &Quantity, text: String) -> String {
    let counted = place.counted(lexicon);
    if quantity.kind != QuantityKind::Count || counted.is_empty() || place.slot.kind != SlotKind::Count {
        return text;
    }
    let mut end = text.chars().count();
    for token in reading.tokens.iter().rev().take_while(|token| token.start >= quantity.folded.1) {
        if !counted.contains(&stem(&token.lower)) {
            break;
        }
        end = token.start;
    }
    halves(&text, end).0.trim_end().to_owned()
}
