//! Does a text claim what the evidence does not? What it loses is told by `loss`, what it turns round by `change`.

use super::change;
use super::denial::denied;
use super::loss;
use super::receipts::Traced;
use super::{Evidence, ReceiptKind, Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::lexicon::Lexicon;
use crate::domain::quantity::Quantity;
use crate::domain::text::TokenKind;

pub(super) fn violations(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, traced: &Traced) -> Vec<Violation> {
    let mut found = Vec::new();
    let changed = quantities(evidence, reading, &mut found);
    technologies(lexicon, evidence, reading, &mut found);
    narrowed(lexicon, evidence, reading, &mut found);
    names(lexicon, evidence, reading, &mut found);
    first_name(lexicon, reading, traced, &mut found);
    ownership(lexicon, evidence, reading, &mut found);
    scope(evidence, reading, traced, &mut found);
    outcomes(lexicon, reading, traced, &mut found);
    negation(evidence, reading, &mut found);
    change::violations(lexicon, evidence, reading, &mut found);
    loss::violations(lexicon, evidence, reading, traced, &changed, &mut found);
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

/// `relational database` for `database`: the narrower word for the wider one that was said.
fn narrowed(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    for said in &reading.classes {
        let known = || evidence.readings().flat_map(|text| text.technologies.iter().chain(&text.classes));
        if !known().any(|known| lexicon.is_kind_of(&known.id, &said.id)) && known().any(|known| lexicon.is_kind_of(&said.id, &known.id)) {
            let words = said.span.of(&reading.raw);
            found.push(Violation::new(
                ViolationCode::NewTechnology,
                said.span,
                format!("\"{words}\" says more than the wider word that was said"),
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

pub(super) fn same_plural(one: &str, other: &str) -> bool {
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
        let invented = traced.missing.iter().any(|at| inside.contains(at));
        if !has_slot && invented {
            let message = format!("nobody said this result: \"{}\"", clause.span.of(&reading.raw));
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
