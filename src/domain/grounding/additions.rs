//! Does a rewrite say more than was said? A word may be exchanged for another, which is soft; a word more is an addition, which is not.

use std::collections::BTreeSet;

use super::receipts::Traced;
use super::{Evidence, Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense};

/// Words that nothing vouches for and that are no exchange for a word of the bullet; `lost` counts what it lost, `bearing` are verbs that claim nothing.
pub(super) fn violations(
    lexicon: &Lexicon,
    evidence: &Evidence,
    reading: &Reading,
    traced: &Traced,
    (lost, bearing): (usize, &BTreeSet<usize>),
    found: &mut Vec<Violation>,
) {
    let fresh: Vec<usize> =
        traced.missing.iter().copied().filter(|at| !bearing.contains(at) && claims(lexicon, evidence, reading, *at)).collect();
    foreign(evidence, reading, &fresh, found);
    let told = |at: &usize, found: &[Violation]| {
        reading
            .tokens
            .get(*at)
            .is_some_and(|token| found.iter().any(|told| told.span.overlaps(token.span) && told.side == super::Side::Rewrite))
    };
    let open: Vec<usize> = fresh.into_iter().filter(|at| !told(at, found) && !super::change::in_slot_clause(reading, *at)).collect();
    // Two new words side by side, or more new words than the bullet lost: nobody said that.
    let side_by_side = |pair: &[usize]| matches!(pair, [one, other] if (one + 1..*other).all(|at| reading.tokens.get(at).is_some_and(|token| lexicon.phrases().glue.has_word(&token.lower))));
    let run = open.windows(2).find(|pair| side_by_side(pair)).and_then(|pair| pair.last().copied());
    let surplus = open.len().saturating_sub(lost);
    let modifies = |at: usize| {
        reading.tokens.get(at).is_some_and(|token| !token.lower.ends_with("ly"))
            && !traced.missing.contains(&(at + 1))
            && reading.tokens.get(at + 1).is_some_and(|next| next.is_word() && !lexicon.phrases().glue.has_word(&next.lower))
    };
    let narrowing = open.iter().copied().find(|at| modifies(*at));
    // `with monitoring`, `and avatars`: a thing more, when nothing was lost for it.
    let added = open.iter().copied().find(|at| {
        lost == 0
            && follows(reading, *at, &["with", "and", ",", "for", "to", "via", "using", "from", "under", "into", "across", "at", "by"])
    });
    let found_at = run.or(narrowing).or(added).or_else(|| open.last().copied().filter(|_| surplus > 1)).filter(|_| surplus > 0);
    if let Some(at) = found_at {
        let token = reading.tokens.get(at).map(|token| (token.span, token.text.clone()));
        let modifies = modifies(at);
        let code = if modifies && run.is_none() { ViolationCode::ScopeUp } else { ViolationCode::InventedOutcome };
        found.extend(token.map(|(span, word)| Violation::new(code, span, format!("nobody said \"{word}\""))));
    }
}

/// Whether a word without a receipt claims something: no verb of plain doing, no empty noun.
fn claims(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> bool {
    let Some(token) = reading.tokens.get(at) else { return false };
    let phrases = lexicon.phrases();
    if is_time_or_person(evidence, reading, at) {
        return false;
    }
    if phrases.empty.has_word(&token.lower)
        || phrases.negations.has_word(&token.lower)
        || phrases.fillers.has_word(&token.lower)
        || phrases.vague.has_word(&token.lower)
    {
        return false;
    }
    if lexicon.verb(&token.lower).is_some_and(|form| super::outcome::is_exchange(lexicon, &evidence.bullet, reading, at, form.verb)) {
        return false;
    }
    match lexicon.verb(&token.lower) {
        // `wrote and deployed`: a deed more; `with monitoring`: a thing.
        Some(form) if form.tense == Tense::Past => {
            phrases.is_outcome(&form.verb.stem)
                || at > 1 && follows(reading, at, &["and"]) && !tells_item(evidence, reading, at)
                || is_modifier(lexicon, reading, at) && !tells_item(evidence, reading, at)
        }
        Some(form) if form.tense == Tense::Ing => {
            phrases.is_outcome(&form.verb.stem) || follows(reading, at, &["for", "of", "with", "ease"])
        }
        Some(form) => {
            phrases.is_outcome(&form.verb.stem)
                // `and keeps queries fast`: what it is said to do as well.
                || form.tense == Tense::Third && follows(reading, at, &["and"]) && !tells_item(evidence, reading, at) || matches!(form.tense, Tense::Base | Tense::Third) && !super::receipts::acts(reading, at)
        }
        None => true,
    }
}

/// `automated reports`: the form of a verb before a thing says how the thing is.
fn is_modifier(lexicon: &Lexicon, reading: &Reading, at: usize) -> bool {
    let token = |at: usize| reading.tokens.get(at);
    let behind_deed = at > 0
        && token(at - 1).is_some_and(|before| {
            matches!(before.lower.as_str(), "a" | "an" | "the") || lexicon.verb(&before.lower).is_some_and(|form| form.tense == Tense::Past)
        });
    behind_deed && token(at + 1).is_some_and(|next| next.is_word() && !lexicon.phrases().glue.has_word(&next.lower))
}

/// `and wrote unit tests` where the bullet lists `; unit tests`: an item without a verb has got a plain one.
fn tells_item(evidence: &Evidence, reading: &Reading, at: usize) -> bool {
    let plain = reading.tokens.get(at).is_some_and(|token| {
        matches!(
            token.lower.as_str(),
            "wrote" | "made" | "ran" | "gave" | "held" | "did" | "prepared" | "added" | "created" | "kept" | "built"
        )
    });
    let bullet = &evidence.bullet;
    let listed = |stem: &String| {
        bullet
            .stems
            .iter()
            .position(|known| known == stem)
            .and_then(|place| place.checked_sub(1))
            .and_then(|before| bullet.tokens.get(before))
            .is_some_and(|before| matches!(before.lower.as_str(), "," | ";" | ":" | "and" | "&" | "+" | "/" | "."))
    };
    let of_facts = |stem: &String| evidence.facts.iter().any(|facts| facts.stems.contains(stem));
    plain && (at + 1..at + 3).filter_map(|at| reading.stems.get(at)).any(|stem| listed(stem) || of_facts(stem))
}

/// Words of time, of order and of person, and verbs of bare doing: `no longer`, `no prior experience`, `her first weeks`, `made corrections`.
fn is_time_or_person(evidence: &Evidence, reading: &Reading, at: usize) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| reading.tokens.get(at)).map_or("", |token| token.lower.as_str());
    match word(Some(at)) {
        "longer" => word(at.checked_sub(1)) == "no",
        "prior" | "her" | "his" | "him" | "she" | "he" | "herself" | "himself" | "others" | "made" | "brought" | "gave" | "put" | "did"
        | "used" | "initially" | "subsequently" => true,
        // `charged twice` told as `duplicate charges`
        "duplicate" | "double" => {
            evidence.readings().any(|known| known.tokens.iter().any(|token| matches!(token.lower.as_str(), "twice" | "double" | "doubled")))
        }
        // `they did not have any before`: what came then was the first.
        "first" => evidence.bullet.denials.iter().any(|denial| {
            let behind = evidence.bullet.tokens.iter().skip(denial.at).take(6);
            behind.map(|token| token.lower.as_str()).any(|word| matches!(word, "any" | "before" | "yet" | "existed"))
        }),
        _ => false,
    }
}

/// Whether a word stands behind one of these, an article apart.
fn follows(reading: &Reading, at: usize, words: &[&str]) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| reading.tokens.get(at)).map_or("", |token| token.lower.as_str());
    let article = usize::from(matches!(word(at.checked_sub(1)), "a" | "an" | "the"));
    words.contains(&word(at.checked_sub(1 + article)))
}

/// A word that only another bullet or the job description says.
fn foreign(evidence: &Evidence, reading: &Reading, fresh: &[usize], found: &mut Vec<Violation>) {
    for at in fresh {
        let (Some(token), Some(stem)) = (reading.tokens.get(*at), reading.stems.get(*at)) else { continue };
        let told = found.iter().any(|told| told.span.overlaps(token.span) && told.code == ViolationCode::ForeignFact);
        if !told && evidence.foreign.iter().any(|text| text.stems.contains(stem)) {
            found.push(super::compare::foreign(token.span, &token.text));
        }
    }
}
