//! Is a number of a rewrite the number that was said, of the same thing? Value, unit, certainty and place in a change must agree exactly.

use super::align::Alignment;
use super::known::Place;
use super::{Cited, Evidence, Side, Violation, ViolationCode};
use crate::domain::claims::bound;
use crate::domain::facts::Reading;
use crate::domain::quantity::{Quantity, QuantityKind, Role};

/// A text with more numbers than this is no bullet; what its numbers belong to is not looked at, so that the time stays in proportion to its length.
const MANY: usize = 40;

/// The number of the evidence that this one is: the same value in the same unit, as sure, and at the same end of a change.
pub(super) fn source<'a>(evidence: &'a Evidence, said: &Quantity) -> Option<&'a Quantity> {
    let same =
        |known: &&Quantity| known.same_number(said) && (known.same_measure(said) || both_count(known, said)) && known.says_as_surely(said);
    let mut found = evidence.quantities().filter(same);
    let first = found.next().or_else(|| evidence.quantities().find(|known| shares_unit(evidence, known, said)))?;
    // Of several, the one that counts the same thing.
    Some(std::iter::once(first).chain(found).find(|known| known.same_thing(said)).unwrap_or(first))
}

/// `from 25 minutes to 6` for `6 minutes, down from 25`: a number without a unit has that of the number beside it.
fn shares_unit(evidence: &Evidence, known: &Quantity, said: &Quantity) -> bool {
    if !known.same_number_as_written(said) || !known.says_as_surely(said) {
        return false;
    }
    let bare = |one: &Quantity| one.kind == QuantityKind::Count && one.unit.is_empty();
    // `changed three times` told as `3 changes`
    let times = |one: &Quantity| one.unit == "times" && one.per.is_empty();
    let as_often = known.same_number(said) && (times(known) && bare(said) || bare(known) && times(said));
    let beside = |unit: &Quantity| {
        evidence.quantities().any(|other| other.kind == unit.kind && other.unit == unit.unit && !std::ptr::eq(other, known))
    };
    let per =
        known.same_number(said) && known.kind == said.kind && known.unit == said.unit && (known.per.is_empty() || said.per.is_empty());
    let measured = |one: &Quantity| !matches!(one.kind, QuantityKind::Count | QuantityKind::Percent | QuantityKind::Multiplier);
    // Only at the ends of a change may a unit be left out.
    let in_change = said.role != Role::Alone;
    as_often
        || in_change && (bare(known) && measured(said) || bare(said) && measured(known)) && (beside(said) || beside(known))
        || per && in_change
}

/// `5K requests per minute` beside `5K requests`: the rate is told elsewhere.
fn both_count(known: &Quantity, said: &Quantity) -> bool {
    let counts = |one: &Quantity| matches!(one.kind, QuantityKind::Count | QuantityKind::Rate);
    counts(known) && counts(said) && (known.unit == said.unit || known.kind != said.kind)
}

pub(super) fn findings(evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    for said in &reading.quantities {
        match source(evidence, said) {
            None if is_version(evidence, reading, said) => {}
            None => found.push(unknown(evidence, reading, said)),
            Some(known) if reading.quantities.len().max(evidence.bullet.quantities.len()) <= MANY => {
                found.extend(misplaced(evidence, reading, alignment, said, known));
            }
            Some(_) => {}
        }
    }
}

/// `onto 3` where the evidence names `Vue 3`, `ROS 2` where it names `ROS2`.
fn is_version(evidence: &Evidence, reading: &Reading, said: &Quantity) -> bool {
    let digits = said.value.to_string();
    let named = evidence.technologies().any(|known| known.version.as_deref() == Some(digits.as_str()));
    let first = reading.tokens.partition_point(|token| token.end <= said.folded.0);
    let before = first.checked_sub(1).and_then(|at| reading.tokens.get(at));
    let one_word = |token: &crate::domain::text::Token| {
        evidence.known.letters(&format!("{}{digits}", token.lower)).is_some_and(|(_, words)| words == 1)
    };
    let joined = before.is_some_and(one_word);
    said.kind == QuantityKind::Count && (named || joined)
}

/// A number that the evidence does not hold so.
fn unknown(evidence: &Evidence, reading: &Reading, said: &Quantity) -> Violation {
    let words = said.span.of(&reading.raw);
    let told = |known: &&Quantity| reading.quantities.iter().any(|other| known.same_claim(other));
    // The same number with another certainty or unit, or the same thing with another number.
    let twin = evidence.quantities().find(|known| known.same_number(said) && known.same_thing(said)).or_else(|| {
        let alike = |known: &&Quantity| known.same_measure(said) && known.same_thing(said) && known.of.is_empty() == said.of.is_empty();
        evidence.quantities().find(|known| alike(known) && !told(known))
    });
    if let Some(known) = twin {
        let meant = evidence.reading_of(known).map_or_else(|| known.normal_form(), |text| known.span.of(&text.raw));
        return Violation::new(ViolationCode::ChangedQuantity, said.span, format!("\"{words}\" is not what was said: \"{meant}\""));
    }
    if evidence.foreign.iter().flat_map(|text| &text.quantities).any(|known| known.same_claim(said)) {
        return super::names::foreign(said.span, &words);
    }
    Violation::new(ViolationCode::NewQuantity, said.span, format!("nobody said \"{words}\"; make it a slot or leave it out"))
}

/// A number of the evidence that stands beside other things now.
fn misplaced(evidence: &Evidence, reading: &Reading, alignment: &Alignment, said: &Quantity, known: &Quantity) -> Option<Violation> {
    let (text, source) =
        evidence.readings().enumerate().find(|(_, text)| text.quantities.iter().any(|other| std::ptr::eq(other, known)))?;
    let words = said.span.of(&reading.raw);
    if is_hedged(source, known) && !is_hedged(reading, said) {
        let message = format!("\"{words}\" is told as certain, and was not");
        return Some(Violation::new(ViolationCode::ChangedQuantity, said.span, message));
    }
    // The far end of a change belongs to what its near end belongs to.
    let far = |one: &Quantity| matches!(one.role, Role::To | Role::By);
    if far(known) || far(said) || known.role != said.role {
        return None;
    }
    // `a 140-column table` counts columns; `2 AM` counts nothing.
    let token = |text: &Reading, number: &Quantity| {
        text.tokens.get(text.tokens.partition_point(|token| token.end <= number.folded.0)).map(|token| token.lower.clone())
    };
    let hyphened = |text: &Reading, number: &Quantity| token(text, number).is_some_and(|lower| lower.contains('-'));
    let hour = |text: &Reading, number: &Quantity| {
        let end = text.tokens.partition_point(|token| token.start < number.folded.1);
        text.tokens.get(end).is_some_and(|token| matches!(token.lower.as_str(), "am" | "pm" | "a.m" | "p.m"))
    };
    if hyphened(reading, said) || hyphened(source, known) || hour(reading, said) || hour(source, known) {
        return None;
    }
    let beside = bound(&reading.tokens, &reading.english, said);
    // What is counted stands behind its number; a measure belongs to what stands on either side.
    let counted: Vec<usize> = beside.things.iter().copied().filter(|at| *at >= beside.end).collect();
    let things = if said.kind == QuantityKind::Count && !counted.is_empty() { counted } else { beside.things };
    let places: Vec<Place> = things.iter().flat_map(|at| alignment.places(*at)).copied().filter(|place| place.text == text).collect();
    if places.is_empty() {
        return None;
    }
    let belongs = |number: &Quantity| bound(&source.tokens, &source.english, number).things;
    let holds = |things: &[usize]| places.iter().any(|place| things.contains(&place.at));
    let same = |other: &&Quantity| other.same_number(said) && other.same_measure(known);
    let own: Vec<usize> = source.quantities.iter().filter(same).flat_map(belongs).collect();
    if holds(&own) {
        return part_of(reading, said, known, text, source);
    }
    let rival = source
        .quantities
        .iter()
        .filter(|other| !other.same_number(said) && other.kind == known.kind && !far(other))
        .any(|other| holds(&belongs(other)));
    let around = around(source, known);
    let hard = Violation::new(ViolationCode::ChangedQuantity, said.span, format!("\"{words}\" belongs to something else in \"{around}\""));
    if rival && !own.is_empty() {
        return Some(hard);
    }
    let near =
        |place: &Place| own.iter().any(|thing| thing.abs_diff(place.at) <= NEAR) || place.at.abs_diff(place_of(source, known)) <= NEAR;
    if !rival && (own.is_empty() || places.iter().any(near)) {
        return None;
    }
    let question = format!("Your text says \"{around}\". Does \"{words}\" belong where the rewrite puts it?");
    let from = Cited { side: if text == 0 { Side::Bullet } else { Side::Facts }, span: known.span };
    Some(hard.asked(question, Some(from)))
}

/// `70% of the scans` told as `the scans, 70%`: a part, of what is told as the whole now.
fn part_of(reading: &Reading, said: &Quantity, known: &Quantity, text: usize, source: &Reading) -> Option<Violation> {
    let is_part = |text: &Reading, number: &Quantity| {
        let end = text.tokens.partition_point(|token| token.start < number.folded.1);
        (end..end + 2).any(|at| text.tokens.get(at).is_some_and(|token| token.lower == "of"))
    };
    if !is_part(source, known) || is_part(reading, said) || !matches!(known.kind, QuantityKind::Percent | QuantityKind::Count) {
        return None;
    }
    let (around, words) = (around(source, known), said.span.of(&reading.raw));
    let question = format!("Your text says \"{around}\". Does the rewrite still say of what \"{words}\" is a part?");
    let from = Cited { side: if text == 0 { Side::Bullet } else { Side::Facts }, span: known.span };
    Some(
        Violation::new(ViolationCode::ChangedQuantity, said.span, format!("\"{words}\" was a part of something"))
            .asked(question, Some(from)),
    )
}

/// How far from its number a thing may stand that the rewrite puts beside it.
const NEAR: usize = 8;

/// The token that a number begins at.
fn place_of(text: &Reading, number: &Quantity) -> usize {
    text.tokens.partition_point(|token| token.end <= number.folded.0)
}

/// `maybe 400`, `perhaps half`.
fn is_hedged(text: &Reading, number: &Quantity) -> bool {
    let first = text.tokens.partition_point(|token| token.end <= number.folded.0);
    (first.saturating_sub(2)..first).any(|at| {
        text.tokens.get(at).is_some_and(|token| {
            matches!(token.lower.as_str(), "maybe" | "perhaps" | "possibly" | "probably" | "about" | "around" | "roughly")
        })
    })
}

/// A number with the words around it.
fn around(source: &Reading, known: &Quantity) -> String {
    let first = source.tokens.partition_point(|token| token.end <= known.folded.0);
    let end = source.tokens.partition_point(|token| token.start < known.folded.1);
    source.span(first.saturating_sub(3), end + 3).of(&source.raw)
}
