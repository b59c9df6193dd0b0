//! What the user's facts tell goes into the text in place of a question: the tool, the result, the size.

use super::asks;
use crate::domain::facts::Reading;
use crate::domain::grounding::Evidence;
use crate::domain::guide::Ask;
use crate::domain::lexicon::{Lexicon, Tense};
use crate::domain::quantity::{Quantity, QuantityKind, Role};

/// The text with what the facts tell, the fullest first; empty when they tell nothing that fits.
pub(super) fn with_facts(lexicon: &Lexicon, asks: &[Ask], text: &str, evidence: &Evidence) -> Vec<String> {
    if evidence.facts.is_empty() {
        return Vec::new();
    }
    let reading = Reading::new(text, lexicon);
    let with_tool = asks::with_tool_of_facts(lexicon, asks, &reading, evidence);
    let open = evidence.facts.iter().filter(|_| !reading.is_hedged(lexicon));
    let size = open.clone().find_map(|facts| size(evidence, facts)).filter(|_| !reading.tells_scale()).unwrap_or_default();
    let result =
        open.clone().find_map(|facts| result(lexicon, evidence, facts)).filter(|_| !reading.tells_result(lexicon)).unwrap_or_default();
    let mut found = Vec::new();
    for base in [with_tool.as_str(), text] {
        for (size, result) in [(size.as_str(), result.as_str()), ("", result.as_str()), (size.as_str(), ""), ("", "")] {
            let full = format!("{base}{size}{result}");
            if full != text && !found.contains(&full) {
                found.push(full);
            }
        }
    }
    found
}

/// The stretches of a text between its marks, as ranges of tokens.
fn segments(facts: &Reading) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut first = 0;
    for at in 0..=facts.tokens.len() {
        let ends = facts.tokens.get(at).is_none_or(|token| matches!(token.text.as_str(), "," | ";" | "." | "(" | ")" | ":"));
        if ends {
            if at > first {
                found.push((first, at));
            }
            first = at + 1;
        }
    }
    found
}

/// `3 clients, 5K req/min per tenant` → ` (3 clients, 5K req/min per tenant)`: figures that stand alone, word for word.
fn size(evidence: &Evidence, facts: &Reading) -> Option<String> {
    let stands_alone = |(first, end): &(usize, usize)| {
        let Some(token) = facts.tokens.get(*first).filter(|_| end - first <= 6) else { return false };
        let counts = |known: &Quantity| matches!(known.kind, QuantityKind::Count | QuantityKind::Rate | QuantityKind::Size);
        // `500 messages were not mine` is a sentence and no size.
        let sentence = facts.tokens.iter().skip(*first).take(end - first).any(|token| {
            matches!(
                token.lower.as_str(),
                "was" | "were" | "is" | "are" | "not" | "no" | "from" | "to" | "i" | "we" | "it" | "maybe" | "or" | "think"
            )
        });
        let known = facts.quantity_at(token).filter(|known| counts(known));
        end - first > 1 && !sentence && known.is_some_and(|known| evidence.fact_quantities().any(|other| other.same_claim(known)))
    };
    let told: Vec<String> = segments(facts)
        .iter()
        .filter(|segment| stands_alone(segment))
        .take(2)
        .map(|(first, end)| facts.span(*first, *end).of(&facts.raw))
        .collect();
    (!told.is_empty()).then(|| format!(" ({})", told.join(", ")))
}

/// `latency went from 300 ms to 40 ms` → `, cutting latency from 300 ms to 40 ms`; `reduced errors by 30%` → `, reducing errors by 30%`.
fn result(lexicon: &Lexicon, evidence: &Evidence, facts: &Reading) -> Option<String> {
    segments(facts)
        .into_iter()
        .find_map(|(first, end)| moved(evidence, facts, first, end).or_else(|| done(lexicon, evidence, facts, first, end)))
}

fn moved(evidence: &Evidence, facts: &Reading, first: usize, end: usize) -> Option<String> {
    let word = |at: usize| facts.tokens.get(at).map_or("", |token| token.lower.as_str());
    let from = (first..end).find(|at| word(*at) == "from")?;
    let inside = |known: &&Quantity| {
        facts.tokens.get(from).is_some_and(|token| known.folded.0 >= token.end)
            && facts.tokens.get(end - 1).is_some_and(|token| known.folded.1 <= token.end)
    };
    let mut told = facts.quantities.iter().filter(inside);
    let (old, new) = (told.next().filter(|known| known.role == Role::From)?, told.next().filter(|known| known.role == Role::To)?);
    let stands = |known: &Quantity| evidence.fact_quantities().any(|other| other.same_claim(known));
    let falls = new.value.is_less(old.value)?;
    let verb = (first..from).find(|at| {
        matches!(
            word(*at),
            "went" | "dropped" | "fell" | "rose" | "grew" | "was" | "decreased" | "increased" | "came" | "climbed" | "improved" | "is"
        )
    })?;
    let skip = usize::from(matches!(word(first), "the" | "our" | "my" | "and"));
    let thing = uncapitalised(&facts.span(first + skip, verb).of(&facts.raw));
    let sound = old.same_measure(new)
        && stands(old)
        && stands(new)
        && verb > first + skip
        && verb - first <= 5
        && !matches!(word(first + skip), "it" | "this" | "i" | "we");
    let numbers = facts.span(from, end).of(&facts.raw);
    sound.then(|| format!(", {} {thing} {numbers}", if falls { "cutting" } else { "raising" }))
}

/// The beginning of a sentence that is none any more: `Response time` → `response time`, but `CPU use`.
fn uncapitalised(thing: &str) -> String {
    let mut chars = thing.chars();
    match (chars.next(), thing.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => thing.to_owned(),
    }
}

fn done(lexicon: &Lexicon, evidence: &Evidence, facts: &Reading, first: usize, end: usize) -> Option<String> {
    let word = |at: usize| facts.tokens.get(at).map_or("", |token| token.lower.as_str());
    let verb = first + usize::from(matches!(word(first), "it" | "this" | "which" | "that" | "i" | "and"));
    let form = lexicon.verb(word(verb)).filter(|form| form.tense == Tense::Past)?;
    let outcome = facts.stems.get(verb).is_some_and(|stem| lexicon.phrases().is_outcome(stem)) && form.verb.tier <= evidence.tier();
    let counted = facts
        .tokens
        .iter()
        .skip(verb)
        .take(end - verb)
        .any(|token| facts.quantity_at(token).is_some_and(|known| evidence.fact_quantities().any(|other| other.same_claim(known))));
    let denied = (first..end).any(|at| matches!(word(at), "not" | "no" | "never" | "maybe" | "i" | "we" | "think" | "my" | "our"));
    let rest = facts.span(verb + 1, end).of(&facts.raw);
    (outcome && counted && !denied && end > verb + 1).then(|| format!(", {} {rest}", form.verb.ing))
}
