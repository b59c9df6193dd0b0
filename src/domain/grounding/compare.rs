//! Does a text claim what the evidence does not, or lose what the bullet says?

use std::collections::BTreeSet;

use super::change;
use super::denial::denied;
use super::receipts::Traced;
use super::{Evidence, Receipt, ReceiptKind, Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::lexicon::Lexicon;
use crate::domain::quantity::{Quantity, QuantityKind};
use crate::domain::text::TokenKind;

pub(super) fn violations(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, traced: &Traced) -> Vec<Violation> {
    let mut found = Vec::new();
    let changed = quantities(evidence, reading, &mut found);
    technologies(lexicon, evidence, reading, &mut found);
    names(lexicon, evidence, reading, &mut found);
    first_name(lexicon, reading, traced, &mut found);
    ownership(lexicon, evidence, reading, &mut found);
    scope(evidence, reading, traced, &mut found);
    outcomes(lexicon, reading, traced, &mut found);
    negation(evidence, reading, &mut found);
    change::violations(lexicon, evidence, reading, &mut found);
    dropped(lexicon, evidence, reading, traced, &changed, &mut found);
    found
}

/// New and changed numbers; returns the bullet's numbers that were told as changed.
fn quantities<'a>(evidence: &'a Evidence, reading: &Reading, found: &mut Vec<Violation>) -> Vec<&'a Quantity> {
    let mut changed = Vec::new();
    for said in &reading.quantities {
        if evidence.quantities().any(|known| known.same_claim(said)) {
            continue;
        }
        let words = said.span.of(&reading.raw);
        // The same number with another certainty, or the same thing counted with another number.
        let twin = evidence.quantities().find(|known| known.same_value(said)).or_else(|| {
            evidence.quantities().find(|known| {
                let taken = reading.quantities.iter().any(|other| known.same_claim(other));
                let named = known.of.is_empty() == said.of.is_empty() && known.same_thing(said);
                !taken && named && (known.same_measure(said) || known.value == said.value)
            })
        });
        if let Some(known) = twin {
            let message = format!("\"{words}\" is not what was said: \"{}\"", known_words(evidence, known));
            found.push(Violation::new(ViolationCode::ChangedQuantity, said.span, message));
            changed.push(known);
        } else if evidence.foreign.iter().flat_map(|text| &text.quantities).any(|known| known.same_claim(said)) {
            found.push(foreign(said.span, &words));
        } else {
            found.push(Violation::new(
                ViolationCode::NewQuantity,
                said.span,
                format!("nobody said \"{words}\"; make it a slot or leave it out"),
            ));
        }
    }
    changed
}

fn known_words(evidence: &Evidence, known: &Quantity) -> String {
    evidence
        .readings()
        .find(|reading| reading.quantities.iter().any(|other| std::ptr::eq(other, known)))
        .map_or_else(|| known.normal_form(), |reading| known.span.of(&reading.raw))
}

fn foreign(span: crate::domain::text::Span, words: &str) -> Violation {
    Violation::new(
        ViolationCode::ForeignFact,
        span,
        format!("\"{words}\" comes from another bullet or the job description, not from this one"),
    )
}

fn technologies(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let still_denied = denied(reading);
    for said in &reading.technologies {
        let version_known = said.version.is_none()
            || evidence.readings().flat_map(|known| &known.technologies).any(|known| known.id == said.id && known.version == said.version);
        let words = said.span.of(&reading.raw);
        if evidence.bullet_denies(&said.id) && !still_denied.contains(&said.id) {
            found.push(Violation::new(ViolationCode::NegationFlip, said.span, format!("the bullet denies \"{words}\"")));
            continue;
        }
        if evidence.supports(&said.id, lexicon) && !evidence.denies(&said.id) && version_known {
            continue;
        }
        if evidence.foreign.iter().any(|text| text.supports(&said.id, lexicon)) && !evidence.supports(&said.id, lexicon) {
            found.push(foreign(said.span, &words));
        } else {
            found.push(Violation::new(
                ViolationCode::NewTechnology,
                said.span,
                format!("nobody said \"{words}\"; make it a slot or leave it out"),
            ));
        }
    }
}

fn names(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    for at in &reading.names {
        let Some(token) = reading.tokens.get(*at) else { continue };
        let knows = |text: &Reading| text.tokens.iter().any(|known| known.lower == token.lower || same_plural(&known.lower, &token.lower));
        let known_class = reading.class_at(*at).is_some_and(|class| evidence.supports(&class.id, lexicon));
        if known_class || evidence.readings().any(knows) {
            continue;
        }
        if evidence.foreign.iter().any(knows) {
            found.push(foreign(token.span, &token.text));
        } else {
            found.push(Violation::new(ViolationCode::NewProperNoun, token.span, format!("nobody named \"{}\"", token.text)));
        }
    }
}

/// A first word that nothing vouches for and that is no verb: `Google Docker images built`.
fn first_name(lexicon: &Lexicon, reading: &Reading, traced: &Traced, found: &mut Vec<Violation>) {
    let Some(at) = reading.tokens.iter().position(crate::domain::text::Token::is_word).filter(|at| traced.missing.contains(at)) else {
        return;
    };
    let Some(token) = reading.tokens.get(at) else { return };
    let formed = ["ed", "ing", "ly", "er"].iter().any(|ending| token.lower.ends_with(ending));
    if token.text.starts_with(char::is_uppercase)
        && !formed
        && lexicon.verb(&token.lower).is_none()
        && !lexicon.phrases().scope_words.has_word(&token.lower)
    {
        found.push(Violation::new(ViolationCode::NewProperNoun, token.span, format!("nobody named \"{}\"", token.text)));
    }
}

fn same_plural(one: &str, other: &str) -> bool {
    one.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(one)
}

fn ownership(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let stated = evidence.tier(lexicon);
    titles(lexicon, evidence, reading, found);
    if reading.tier > stated {
        let end = reading.opener_len.max(1);
        found.push(Violation::new(ViolationCode::OwnershipUp, reading.span(0, end), "claims more ownership than the bullet states"));
    }
    // A second verb of the sentence: `Fixed bugs and led the team`.
    for at in 1..reading.tokens.len() {
        let joined =
            reading.tokens.get(at - 1).is_some_and(|before| matches!(before.lower.as_str(), "and" | "," | ";" | "then" | "while" | "by"));
        let Some(token) = reading.tokens.get(at).filter(|token| joined && token.is_word()) else { continue };
        let Some(form) = lexicon.verb(&token.lower) else { continue };
        let said_before = evidence.readings().any(|known| {
            known.tokens.iter().any(|other| lexicon.verb(&other.lower).is_some_and(|other| other.verb.tier >= form.verb.tier))
        });
        if form.verb.tier > stated && form.verb.tier > crate::domain::lexicon::Tier::Did && !said_before {
            found.push(Violation::new(
                ViolationCode::OwnershipUp,
                token.span,
                format!("\"{}\" claims more ownership than the bullet states", token.text),
            ));
        }
    }
}

/// `as tech lead`: a role that nobody said.
fn titles(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    for (first, end) in lexicon.phrases().titles.find(&reading.tokens) {
        let words: Vec<&str> = reading.tokens.iter().skip(first).take(end - first).map(|token| token.lower.as_str()).collect();
        let said = evidence.readings().any(|known| {
            known.tokens.windows(words.len()).any(|window| window.iter().map(|token| token.lower.as_str()).eq(words.iter().copied()))
        });
        if !said {
            let message = format!("\"{}\" claims a role that the bullet does not state", words.join(" "));
            found.push(Violation::new(ViolationCode::OwnershipUp, reading.span(first, end), message));
        }
    }
}

fn scope(evidence: &Evidence, reading: &Reading, traced: &Traced, found: &mut Vec<Violation>) {
    for (first, end) in &reading.scope {
        // `without downtime` said as `zero downtime`: a listed paraphrase vouches for it.
        let place = reading.span(*first, *end);
        if traced
            .receipts
            .iter()
            .any(|receipt| receipt.kind == ReceiptKind::Paraphrase && receipt.span.start <= place.start && place.end <= receipt.span.end)
        {
            continue;
        }
        let words: Vec<String> = scope_words(reading, *first, *end);
        let said = evidence.readings().any(|known| {
            let spoken: Vec<String> = scope_words(known, 0, known.tokens.len());
            spoken.windows(words.len()).any(|window| window == words.as_slice())
        });
        if !said {
            let span = reading.span(*first, *end);
            found.push(Violation::new(ViolationCode::ScopeUp, span, format!("\"{}\" widens what was said", span.of(&reading.raw))));
        }
    }
}

/// The words of a range, hyphens cut: `end-to-end` and `end to end` are the same.
fn scope_words(reading: &Reading, first: usize, end: usize) -> Vec<String> {
    let tokens = reading.tokens.iter().skip(first).take(end - first);
    tokens
        .flat_map(|token| token.lower.split('-').map(|part| part.trim_end_matches('s').to_owned()).collect::<Vec<_>>())
        .filter(|word| !word.is_empty())
        .collect()
}

/// A clause of result in which a word has no receipt and no slot stands for the result.
fn outcomes(lexicon: &Lexicon, reading: &Reading, traced: &Traced, found: &mut Vec<Violation>) {
    let phrases = lexicon.phrases();
    for clause in &reading.clauses {
        let inside = clause.first..clause.end;
        let has_slot = reading.tokens.get(inside.clone()).is_some_and(|tokens| tokens.iter().any(|token| token.kind == TokenKind::Slot));
        let invented: Vec<&str> = traced
            .missing
            .iter()
            .filter(|at| inside.contains(at))
            .filter_map(|at| reading.tokens.get(*at))
            .map(|token| token.text.as_str())
            .collect();
        if !has_slot && !invented.is_empty() {
            let message = format!("nobody said this result: \"{}\"", invented.join(" "));
            found.push(Violation::new(ViolationCode::InventedOutcome, clause.span, message));
        }
    }
    // A result need not stand in a clause: `Improved reliability by fixing bugs`, `for better reliability`.
    for at in &traced.missing {
        let Some(token) = reading.tokens.get(*at) else { continue };
        let verb = lexicon.verb(&token.lower).is_some_and(|form| phrases.is_outcome(&crate::domain::lexicon::stem(&form.verb.base)));
        let told = found.iter().any(|told| told.code == ViolationCode::InventedOutcome && told.span.overlaps(token.span));
        if (verb || phrases.comparatives.has_word(&token.lower)) && !told && !change::in_slot_clause(reading, *at) {
            let message = format!("nobody said this result: \"{}\"", token.text);
            found.push(Violation::new(ViolationCode::InventedOutcome, token.span, message));
        }
    }
}

fn negation(evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let deny = |text: &Reading| {
        text.negations.len()
            + text
                .tokens
                .iter()
                .filter(|token| token.lower.starts_with("zero-") || token.lower.starts_with("non-") || token.lower.ends_with("-free"))
                .count()
    };
    let (said, meant) = (deny(reading), deny(&evidence.bullet));
    let by_facts: usize = evidence.facts.iter().map(deny).sum();
    if said > meant + by_facts {
        let span = reading.negations.first().map_or(reading.span(0, 1), |(first, end)| reading.span(*first, *end));
        found.push(Violation::new(ViolationCode::NegationFlip, span, "denies what the bullet does not deny"));
    }
    if said < meant {
        let span = evidence.bullet.negations.first().map_or(evidence.bullet.span(0, 1), |(first, end)| evidence.bullet.span(*first, *end));
        found.push(Violation::in_bullet(ViolationCode::NegationFlip, span, "what the bullet denies is no longer denied"));
    }
}

/// The most of a bullet's plain words that a rewrite may lose: one in five.
const LOSS: usize = 5;

fn dropped(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, traced: &Traced, changed: &[&Quantity], found: &mut Vec<Violation>) {
    let bullet = &evidence.bullet;
    for known in &bullet.quantities {
        let told = changed.iter().any(|other| std::ptr::eq(*other, known));
        if !told && !reading.quantities.iter().any(|said| said.same_value(known)) {
            let words = known.span.of(&bullet.raw);
            found.push(Violation::in_bullet(ViolationCode::DroppedFact, known.span, format!("\"{words}\" is lost")));
        }
    }
    for known in &bullet.technologies {
        let named = |said: &crate::domain::facts::Technology| lexicon.is_kind_of(&known.id, &said.id);
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
    let lost = lost_words(lexicon, evidence, reading, &traced.receipts);
    let content = content_words(lexicon, bullet).len();
    if lost.len() * LOSS > content {
        if let (Some(first), Some(last)) =
            (lost.first().and_then(|at| bullet.tokens.get(*at)), lost.last().and_then(|at| bullet.tokens.get(*at)))
        {
            let words: Vec<&str> = lost.iter().filter_map(|at| bullet.tokens.get(*at)).map(|token| token.text.as_str()).collect();
            found.push(Violation::in_bullet(
                ViolationCode::DroppedFact,
                first.span.join(last.span),
                format!("lost: \"{}\"", words.join(" ")),
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
        let (Some(token), Some(stem)) = (bullet.tokens.get(at), bullet.stems.get(at)) else { return false };
        let timed = kept.iter().any(|said| !said.per.is_empty() || said.kind == QuantityKind::Rate);
        kept.iter().any(|said| said.of.contains(stem))
            || (timed && matches!(token.lower.as_str(), "second" | "sec" | "minute" | "min" | "hour" | "day" | "week" | "month" | "year" | "daily" | "weekly" | "monthly" | "yearly" | "annually"))
            // `Improved throughput 2x` said as `Doubled throughput`.
            || (at == 0 && opens_with_number && lexicon.verb(&token.lower).is_some_and(|form| lexicon.phrases().is_outcome(&crate::domain::lexicon::stem(&form.verb.base))))
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
