//! What of the bullet does a rewrite lose?

use std::collections::BTreeSet;

use super::compare::same_plural;
use super::receipts::Traced;
use super::{Evidence, Receipt, ReceiptKind, Violation, ViolationCode};
use crate::domain::facts::{Reading, Technology};
use crate::domain::lexicon::{Lexicon, stem};
use crate::domain::quantity::{Quantity, QuantityKind};

/// The most of a bullet's plain words that a rewrite may lose: one in five.
const LOSS: usize = 5;

/// Numbers, technologies, names and too many plain words of the bullet that the rewrite no longer tells.
pub(super) fn violations(
    lexicon: &Lexicon,
    evidence: &Evidence,
    reading: &Reading,
    traced: &Traced,
    changed: &[&Quantity],
    found: &mut Vec<Violation>,
) {
    let bullet = &evidence.bullet;
    for known in &bullet.quantities {
        let told = changed.iter().any(|other| std::ptr::eq(*other, known));
        if !told && !reading.quantities.iter().any(|said| said.same_value(known)) {
            let words = known.span.of(&bullet.raw);
            found.push(Violation::in_bullet(ViolationCode::DroppedFact, known.span, format!("\"{words}\" is lost")));
        }
    }
    for known in &bullet.technologies {
        let named = |said: &Technology| lexicon.is_kind_of(&known.id, &said.id);
        let version_kept =
            known.version.is_none() || reading.technologies.iter().any(|said| said.id == known.id && said.version == known.version);
        if evidence.denies(&known.id) || (reading.technologies.iter().chain(&reading.classes).any(named) && version_kept) {
            continue;
        }
        let words = known.span.of(&bullet.raw);
        found.push(Violation::in_bullet(ViolationCode::DroppedFact, known.span, format!("\"{words}\" is lost")));
    }
    for at in &bullet.names {
        let Some(token) = bullet.tokens.get(*at) else { continue };
        if !reading.tokens.iter().any(|said| said.lower.contains(&token.lower) || same_plural(&said.lower, &token.lower)) {
            found.push(Violation::in_bullet(ViolationCode::DroppedFact, token.span, format!("\"{}\" is lost", token.text)));
        }
    }
    hedges(lexicon, bullet, reading, found);
    let lost = lost_words(lexicon, evidence, reading, &traced.receipts);
    let content = content_words(lexicon, bullet).len();
    if lost.len() * LOSS > content
        && let (Some(first), Some(last)) =
            (lost.first().and_then(|at| bullet.tokens.get(*at)), lost.last().and_then(|at| bullet.tokens.get(*at)))
    {
        let words: Vec<&str> = lost.iter().filter_map(|at| bullet.tokens.get(*at)).map(|token| token.text.as_str()).collect();
        let span = first.span.join(last.span);
        found.push(Violation::in_bullet(ViolationCode::DroppedFact, span, format!("lost: \"{}\"", words.join(" "))));
    }
}

/// Words without which the claim is another one, and openers that are no proof of a deed: they stay.
fn hedges(lexicon: &Lexicon, bullet: &Reading, reading: &Reading, found: &mut Vec<Violation>) {
    let phrases = lexicon.phrases();
    let mut places = phrases.hedges.find(&bullet.tokens);
    places.extend(phrases.observing.find(&bullet.tokens));
    if phrases.opener(&bullet.tokens).is_some_and(|(opener, _)| opener.stays) {
        places.push((0, bullet.opener_len));
    }
    for (first, end) in places {
        let kept = |at: usize| {
            let (Some(token), Some(stem)) = (bullet.tokens.get(at), bullet.stems.get(at)) else { return true };
            !token.is_word()
                || phrases.glue.has_word(&token.lower) && end > first + 1
                || reading.stems.contains(stem)
                || reading.tokens.iter().any(|said| said.lower.contains(&token.lower))
        };
        if !(first..end).all(kept) {
            let span = bullet.span(first, end);
            found.push(Violation::in_bullet(
                ViolationCode::DroppedFact,
                span,
                format!("\"{}\" is lost: without it the claim is another", span.of(&bullet.raw)),
            ));
        }
    }
}

/// The words of the bullet that say something: no opener, glue, filler or vague word.
fn content_words(lexicon: &Lexicon, bullet: &Reading) -> Vec<usize> {
    let phrases = lexicon.phrases();
    let mut skipped: BTreeSet<usize> = (0..bullet.opener_len).collect();
    for set in [&phrases.fillers, &phrases.vague, &phrases.first_person, &phrases.soft_words] {
        skipped.extend(set.find(&bullet.tokens).into_iter().flat_map(|(first, end)| first..end));
    }
    let mut at = 0;
    while at < bullet.tokens.len() {
        // What a listed shortening takes away is no loss.
        match phrases.shortening(&bullet.tokens, at) {
            Some((_, end)) => {
                skipped.extend(at..end);
                at = end;
            }
            None => at += 1,
        }
    }
    let says = |at: &usize| bullet.tokens.get(*at).is_some_and(|token| token.is_word() && !phrases.glue.has_word(&token.lower));
    (0..bullet.tokens.len()).filter(|at| !skipped.contains(at)).filter(says).collect()
}

/// The content words that nothing in the rewrite refers to.
fn lost_words(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, receipts: &[Receipt]) -> Vec<usize> {
    let bullet = &evidence.bullet;
    let cited = |at: usize| {
        let Some(token) = bullet.tokens.get(at) else { return true };
        receipts.iter().any(|receipt| receipt.kind != ReceiptKind::Fact && receipt.from.is_some_and(|from| from.overlaps(token.span)))
    };
    let said_again = |at: usize| {
        bullet.stems.get(at).is_some_and(|stem| reading.stems.contains(stem))
            || bullet.tokens.get(at).is_some_and(|token| hyphen_parts(reading).contains(&token.lower))
    };
    // `requests per second` in `rps`, `engineers` in `5-engineer`: the number carries its thing and its time.
    let kept: Vec<&Quantity> =
        reading.quantities.iter().filter(|said| bullet.quantities.iter().any(|known| known.same_value(said))).collect();
    let opens_with_number = reading.tokens.first().is_some_and(|first| reading.quantity_at(first).is_some());
    let part_of_number = |at: usize| {
        let (Some(token), Some(root)) = (bullet.tokens.get(at), bullet.stems.get(at)) else { return false };
        let timed = kept.iter().any(|said| !said.per.is_empty() || said.kind == QuantityKind::Rate);
        kept.iter().any(|said| said.of.contains(root))
            || (timed && matches!(token.lower.as_str(), "second" | "sec" | "minute" | "min" | "hour" | "day" | "week" | "month" | "year" | "daily" | "weekly" | "monthly" | "yearly" | "annually"))
            // `Improved throughput 2x` said as `Doubled throughput`.
            || (at == 0 && opens_with_number && lexicon.verb(&token.lower).is_some_and(|form| lexicon.phrases().is_outcome(&stem(&form.verb.base))))
    };
    content_words(lexicon, bullet)
        .into_iter()
        .filter(|at| {
            let special =
                bullet.technology_at(*at).is_some() || bullet.tokens.get(*at).is_some_and(|token| bullet.quantity_at(token).is_some());
            !special && !cited(*at) && !said_again(*at) && !part_of_number(*at)
        })
        .collect()
}

fn hyphen_parts(reading: &Reading) -> BTreeSet<String> {
    reading
        .tokens
        .iter()
        .filter(|token| token.lower.contains('-'))
        .flat_map(|token| token.lower.split('-').map(str::to_owned).collect::<Vec<_>>())
        .collect()
}
