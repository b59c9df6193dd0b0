//! Does a text tell a result that nobody told? Another verb for the same result is no invention; a result with new content is.

use std::collections::BTreeSet;

use super::change;
use super::receipts::Traced;
use super::{Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense, Verb};
use crate::domain::quantity::Role;
use crate::domain::text::TokenKind;

/// Results that nobody told; returns the new verbs that tell none, so that no other rule takes them for one.
pub(super) fn violations(
    lexicon: &Lexicon,
    bullet: &Reading,
    reading: &Reading,
    traced: &Traced,
    found: &mut Vec<Violation>,
) -> BTreeSet<usize> {
    let phrases = lexicon.phrases();
    let (mut cleared, mut bearing): (BTreeSet<usize>, BTreeSet<usize>) = Default::default();
    for clause in &reading.clauses {
        let inside = clause.first..clause.end;
        let has_slot = reading.tokens.get(inside.clone()).is_some_and(|tokens| tokens.iter().any(|token| token.kind == TokenKind::Slot));
        let denies = |at: &usize| reading.tokens.get(*at).is_some_and(|token| phrases.negations.has_word(&token.lower));
        let fresh: Vec<usize> = traced.missing.iter().copied().filter(|at| inside.contains(at) && !denies(at)).collect();
        if has_slot {
            behind_slot(lexicon, reading, (clause.first, clause.end), &fresh, found);
            continue;
        }
        if fresh.is_empty() {
            continue;
        }
        let verb = |at: usize| reading.tokens.get(at).and_then(|token| lexicon.verb(&token.lower));
        let measured = inside
            .clone()
            .any(|at| !traced.missing.contains(&at) && reading.tokens.get(at).is_some_and(|token| reading.quantity_at(token).is_some()));
        let things = fresh
            .iter()
            .filter(|at| {
                let says = |word: &str| !phrases.empty.has_word(word) && !phrases.vague.has_word(word) && !phrases.fillers.has_word(word);
                verb(**at).is_none() && reading.tokens.get(**at).is_some_and(|token| says(&token.lower))
            })
            .count();
        let bears = |verb: &Verb| {
            measured && ATTAINING.contains(&verb.base.as_str())
                || things == 0 && (LETTING.contains(&verb.base.as_str()) || went_that_way(lexicon, bullet, verb))
        };
        let claims = fresh.iter().any(|at| {
            verb(*at).is_some_and(|form| phrases.is_outcome(&form.verb.stem) && !bears(form.verb)) || is_comparative(lexicon, reading, *at)
        });
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
        } else {
            bearing.extend(fresh.iter().copied().filter(|at| verb(*at).is_some_and(|form| bears(form.verb))));
            cleared.extend(fresh);
        }
    }
    that_clauses(lexicon, reading, traced, found);
    // A result need not stand in a clause: `Improved reliability by fixing bugs`, `for better reliability`.
    for at in traced.missing.iter().filter(|at| !cleared.contains(at)) {
        let Some(token) = reading.tokens.get(*at) else { continue };
        let brings_number = |verb: &Verb| {
            ATTAINING.contains(&verb.base.as_str())
                && reading.tokens.get(at + 1).is_some_and(|next| reading.quantity_at(next).is_some() && !traced.missing.contains(&(at + 1)))
        };
        let verb = lexicon.verb(&token.lower).is_some_and(|form| {
            phrases.is_outcome(&form.verb.stem) && !brings_number(form.verb) && !is_exchange(lexicon, bullet, reading, *at, form.verb)
        });
        if lexicon.verb(&token.lower).is_some_and(|form| brings_number(form.verb)) {
            bearing.insert(*at);
        }
        let told = found.iter().any(|told| told.code == ViolationCode::InventedOutcome && told.span.overlaps(token.span));
        // `Reduced` at the beginning is a deed, `at a reduced price` compares.
        if (verb || *at > 0 && is_comparative(lexicon, reading, *at)) && !told && !change::in_slot_clause(reading, *at) {
            let message = format!("nobody said this result: \"{}\"", token.text);
            found.push(Violation::new(ViolationCode::InventedOutcome, token.span, message));
        }
    }
    bearing
}

/// `cutting latency by [percent] and boosting engagement`: the slot asks for one result, the other is claimed.
fn behind_slot(lexicon: &Lexicon, reading: &Reading, (first, end): (usize, usize), fresh: &[usize], found: &mut Vec<Violation>) {
    let Some(slot) = (first..end).rev().find(|at| reading.tokens.get(*at).is_some_and(|token| token.kind == TokenKind::Slot)) else {
        return;
    };
    let claim = fresh.iter().copied().filter(|at| *at > slot).find(|at| {
        let joined = at.checked_sub(1).and_then(|before| reading.tokens.get(before)).is_some_and(|before| before.lower == "and");
        let verb = reading.tokens.get(*at).and_then(|token| lexicon.verb(&token.lower));
        joined && verb.is_some_and(|form| lexicon.phrases().is_outcome(&form.verb.stem))
    });
    if let Some(at) = claim {
        let span = reading.span(at, end);
        let message = format!("nobody said this result: \"{}\"", span.of(&reading.raw));
        found.push(Violation::new(ViolationCode::InventedOutcome, span, message));
    }
}

/// Verbs that only bring a number in that was said: `, hit rate 85%` told as `, reaching a hit rate of 85%`.
const ATTAINING: [&str; 12] =
    ["reach", "achieve", "attain", "bring", "take", "keep", "hold", "allow", "serve", "handle", "support", "deliver"];

/// Verbs that only say for whom: `so engineers can find calls` told as `to help engineers find calls`.
const LETTING: [&str; 7] = ["help", "allow", "let", "enable", "free", "support", "make"];

/// `; server load went down` told as `, reducing server load`.
fn went_that_way(lexicon: &Lexicon, bullet: &Reading, verb: &Verb) -> bool {
    let (falls, rises) = (lexicon.phrases().is_decrease(&verb.stem), lexicon.phrases().is_increase(&verb.stem));
    bullet.tokens.windows(2).any(|pair| match pair {
        [went, way] if matches!(went.lower.as_str(), "went" | "is" | "are" | "came" | "got" | "was" | "were") => match way.lower.as_str() {
            "down" | "lower" | "less" | "fewer" | "smaller" | "shorter" => falls,
            "up" | "higher" | "more" => rises,
            _ => false,
        },
        [_, way] => {
            falls && matches!(way.lower.as_str(), "fell" | "dropped" | "shrank") || rises && matches!(way.lower.as_str(), "rose" | "grew")
        }
        _ => false,
    })
}

/// Whether a verb of outcome only takes the place of another deed: `Improved` told as `Boosted`, `before it hits` as `before it reaches`.
pub(super) fn is_exchange(lexicon: &Lexicon, bullet: &Reading, reading: &Reading, at: usize, said: &Verb) -> bool {
    let phrases = lexicon.phrases();
    let word = |text: &Reading, at: Option<usize>| at.and_then(|at| text.tokens.get(at)).map_or(String::new(), |token| token.lower.clone());
    let in_groups = |verb: &Verb, groups: &[&str]| verb.groups.iter().any(|group| groups.contains(&group.as_str()));
    // Not the writer's deed: `before they reach the mart`.
    if matches!(word(reading, at.checked_sub(1)).as_str(), "they" | "it" | "users" | "events" | "who")
        || word(reading, Some(at + 1)) == "over"
    {
        return true;
    }
    let falls = phrases.is_decrease(&said.stem);
    let moved = |words: &[&str]| bullet.tokens.iter().any(|token| words.contains(&token.lower.as_str()));
    let down = bullet.tokens.iter().any(|token| {
        matches!(token.lower.as_str(), "down" | "less" | "lower" | "fewer" | "shorter" | "smaller") && falls
            || matches!(token.lower.as_str(), "faster" | "quicker" | "up" | "better" | "higher" | "more") && !falls
    });
    if at > 0 {
        return false;
    }
    let first = bullet.tokens.first().and_then(|token| lexicon.verb(&token.lower)).map(|form| form.verb);
    first.is_some_and(|first| {
        phrases.is_outcome(&first.stem) && falls == phrases.is_decrease(&first.stem)
            || falls && in_groups(first, &["fix", "remove", "stop", "avoid"])
    }) || down && moved(&["got", "brought", "made", "took"])
        || moved(&["took", "brought"]) && reading.quantities.iter().any(|known| known.role == Role::To)
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
