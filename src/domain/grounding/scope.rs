//! Words of the closed lists: what widens a claim and was not said, and what limited one and is gone.

use super::align::Alignment;
use super::{Cited, Evidence, Side, Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::lexicon::Lexicon;
use crate::domain::text::TokenKind;
use crate::domain::wording::{Hit, Rows};

pub(super) fn findings(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    widened(&lexicon.wording().scope, evidence, reading, alignment, found);
    lost_limits(&lexicon.wording().limits, evidence, reading, found);
    limits_of_facts(&lexicon.wording().limits, evidence, reading, alignment, found);
    quantifiers(evidence, reading, alignment, found);
}

fn widened(rows: &Rows, evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    let hits = rows.find(&reading.tokens);
    if hits.is_empty() {
        return;
    }
    let known: Vec<usize> = evidence.readings().flat_map(|text| rows.find(&text.tokens)).map(|hit| hit.row).collect();
    // A slot behind it asks how far it went.
    let is_asked = |hit: &Hit| reading.tokens.get(hit.end).is_some_and(|next| next.kind == TokenKind::Slot);
    let is_said = |hit: &Hit| (hit.first..hit.end).all(|at| !alignment.missing.contains(&at)) && hit.end == hit.first + 1;
    let is_kept = |hit: &Hit| evidence.readings().any(|text| rows.is_kept(hit.row, &text.tokens));
    for hit in hits.iter().filter(|hit| !known.contains(&hit.row) && !is_kept(hit) && !is_asked(hit) && !is_said(hit)) {
        let span = reading.span(hit.first, hit.end);
        let says = rows.row(hit.row).map_or("more", |row| row.says.as_str());
        found.push(Violation::new(ViolationCode::ScopeUp, span, format!("\"{}\" widens what was said ({says})", span.of(&reading.raw))));
    }
}

fn lost_limits(rows: &Rows, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let hits = rows.find(&evidence.bullet.tokens);
    if hits.is_empty() {
        return;
    }
    let kept: Vec<usize> = rows.find(&reading.tokens).iter().map(|hit| hit.row).collect();
    let mut told = Vec::new();
    for hit in hits.iter().filter(|hit| !kept.contains(&hit.row) && !rows.is_kept(hit.row, &reading.tokens)) {
        if told.contains(&hit.row) {
            continue;
        }
        told.push(hit.row);
        let Some(row) = rows.row(hit.row) else { continue };
        let span = evidence.bullet.span(hit.first, hit.end);
        let words = span.of(&evidence.bullet.raw);
        let lost = Violation::in_bullet(ViolationCode::DroppedFact, span, format!("the limit \"{words}\" is lost ({})", row.says));
        let question = format!("Your bullet says \"{words}\", and the rewrite does not. Is the rewrite still right?");
        found.push(if row.asks { lost.asked(question, Some(Cited { side: Side::Bullet, span })) } else { lost });
    }
}

/// A limit that stands in facts of which the rewrite takes other parts: facts need not be used, but half of one may mislead.
fn limits_of_facts(rows: &Rows, evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    let kept: Vec<usize> = rows.find(&reading.tokens).iter().map(|hit| hit.row).collect();
    for (number, facts) in evidence.facts.iter().enumerate() {
        let is_used = (0..reading.tokens.len()).any(|at| {
            super::known::is_open(reading.english.part(at))
                && alignment.places(at).iter().any(|place| place.text == number + 1)
                && alignment.places(at).iter().all(|place| place.text > 0)
        });
        let lost = rows.find(&facts.tokens).into_iter().find(|hit| !kept.contains(&hit.row) && !rows.is_kept(hit.row, &reading.tokens));
        let Some(hit) = lost.filter(|_| is_used) else { continue };
        let span = facts.span(hit.first, (hit.end + 4).min(facts.tokens.len()));
        let words = span.of(&facts.raw);
        let whole = reading.span(0, reading.tokens.len());
        let question = format!("Your facts say \"{words}\", and the rewrite does not. Is the rewrite still right?");
        let message = format!("the facts limit it: \"{words}\"");
        found.push(Violation::new(ViolationCode::DroppedFact, whole, message).asked(question, Some(Cited { side: Side::Facts, span })));
    }
}

/// `all`, `every`, `entire`, where nothing of the kind was said, or was said of another thing.
fn quantifiers(evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    for (at, token) in reading.tokens.iter().enumerate().filter(|(_, token)| is_all(&token.lower)) {
        // `every 5 minutes`, `each day` tell how often.
        let how_often = reading.quantity_at(token).is_some()
            || reading.tokens.get(at + 1).is_some_and(|next| reading.quantity_at(next).is_some() || is_time(&next.lower));
        if how_often || of_thing(evidence, reading, alignment, at) {
            continue;
        }
        let words = reading.span(at, at + 2).of(&reading.raw);
        let question = format!("The rewrite says \"{words}\". Was it so?");
        found.push(
            Violation::new(ViolationCode::ScopeUp, token.span, format!("\"{}\" was not said of it", token.text)).asked(question, None),
        );
    }
}

/// Whether the evidence says as much of the thing that stands behind this word.
fn of_thing(evidence: &Evidence, reading: &Reading, alignment: &Alignment, at: usize) -> bool {
    let says = |text: &Reading, place: usize| {
        (place.saturating_sub(4)..place + 4).any(|near| text.tokens.get(near).is_some_and(|token| is_all(&token.lower)))
    };
    let things: Vec<usize> =
        (at + 1..at + 5).filter(|next| !alignment.places(*next).is_empty() && super::known::is_open(reading.english.part(*next))).collect();
    if things.is_empty() {
        return evidence.readings().any(|text| text.tokens.iter().any(|token| is_all(&token.lower)));
    }
    things
        .iter()
        .flat_map(|thing| alignment.places(*thing))
        .any(|place| evidence.reading(place.text).is_some_and(|text| says(text, place.at)))
}

fn is_all(lower: &str) -> bool {
    matches!(
        lower,
        "all" | "every" | "entire" | "entirely" | "whole" | "fully" | "any" | "each" | "complete" | "completely" | "always" | "both"
    )
}

fn is_time(lower: &str) -> bool {
    matches!(
        lower,
        "second"
            | "minute"
            | "hour"
            | "day"
            | "night"
            | "morning"
            | "week"
            | "month"
            | "quarter"
            | "year"
            | "sprint"
            | "time"
            | "monday"
            | "friday"
            | "release"
    )
}
