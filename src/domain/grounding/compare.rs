//! Does a text claim what the evidence does not? What it loses is told by `loss`, what it turns round by `change`.

use std::cell::LazyCell;

use rustc_hash::FxHashSet;

use super::additions;
use super::change;
use super::denial::denied;
use super::loss;
use super::numbers;
use super::outcome;
use super::ownership;
use super::polarity;
use super::receipts::Traced;
use super::{Evidence, ReceiptKind, Violation, ViolationCode};
use crate::domain::facts::{Reading, Technology};
use crate::domain::lexicon::Lexicon;
use crate::domain::quantity::Quantity;
use crate::domain::text::{Span, TokenKind};

pub(super) fn violations(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, traced: &Traced) -> Vec<Violation> {
    let mut found = Vec::new();
    let changed = quantities(evidence, reading, &mut found);
    numbers::totals(evidence, reading, &mut found);
    numbers::how_often(evidence, reading, &mut found);
    technologies(lexicon, evidence, reading, &mut found);
    narrowed(lexicon, evidence, reading, &mut found);
    names(lexicon, evidence, reading, traced, &mut found);
    first_name(lexicon, reading, traced, &mut found);
    version_lost(lexicon, evidence, reading, &mut found);
    ownership::violations(lexicon, evidence, reading, &traced.missing, &mut found);
    scope(evidence, reading, traced, &mut found);
    let bearing = outcome::violations(lexicon, &evidence.bullet, reading, traced, &mut found);
    polarity::violations(lexicon, evidence, reading, &traced.missing, &mut found);
    change::violations(lexicon, evidence, reading, &mut found);
    let lost = loss::violations(lexicon, evidence, reading, traced, &changed, &mut found);
    additions::violations(lexicon, evidence, reading, traced, (lost, &bearing), &mut found);
    found
}

/// New and changed numbers; returns the bullet's numbers that were told as changed.
fn quantities<'a>(evidence: &'a Evidence, reading: &Reading, found: &mut Vec<Violation>) -> Vec<&'a Quantity> {
    let mut changed = Vec::new();
    // Those of the evidence that the rewrite tells elsewhere; looked for once, and only when a number needs it.
    let taken = LazyCell::new(|| {
        let told = |known: &&Quantity| reading.quantities.iter().any(|said| known.same_claim(said));
        evidence.quantities().filter(told).map(std::ptr::from_ref).collect::<FxHashSet<_>>()
    });
    for said in &reading.quantities {
        if numbers::source(evidence, reading, said).is_some() {
            continue;
        }
        let words = said.span.of(&reading.raw);
        // The same number with another certainty, or the same thing counted with another number.
        let twin = evidence.quantities().find(|known| known.same_value(said)).or_else(|| {
            evidence.quantities().find(|known| {
                let named = known.of.is_empty() == said.of.is_empty() && known.same_thing(said);
                named && (known.same_measure(said) || known.value == said.value) && !taken.contains(&std::ptr::from_ref(known))
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
    evidence.reading_of(known).map_or_else(|| known.normal_form(), |reading| known.span.of(&reading.raw))
}

pub(super) fn foreign(span: Span, words: &str) -> Violation {
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
        if evidence.bullet_denies(&said.id) && !still_denied.contains(&said.id) && !gives_up(reading, said) {
            found.push(Violation::new(ViolationCode::NegationFlip, said.span, format!("the bullet denies \"{words}\"")));
            continue;
        }
        let supported = evidence.supports(&said.id, lexicon) || spelled_out(lexicon, evidence, reading, said).is_some();
        // `with a time to live of [duration]`: the slot asks for it.
        let asked = lexicon.is_generic(&said.id)
            && (said.end..said.end + 3).any(|at| reading.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Slot));
        if (supported || asked) && !evidence.denies(&said.id) && version_known {
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

/// `OAuth 2.0` told as `OAuth`: a version that is part of the name is as much a fact as one behind it.
fn version_lost(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    for known in evidence.bullet.technologies.iter().filter(|known| known.version.is_none() && !evidence.denies(&known.id)) {
        let name = lexicon.display(&known.id);
        // `EC2` and `S3` are no versions: only a number that stands apart is.
        let versioned = name.split(' ').skip(1).any(|part| part.starts_with(|c: char| c.is_ascii_digit()));
        let kept = || reading.technologies.iter().any(|said| said.id == known.id) || digits(&reading.raw).contains(&digits(name));
        if !versioned || kept() {
            continue;
        }
        let base = |said: &&Technology| lexicon.is_kind_of(&known.id, &said.id) && name.starts_with(lexicon.display(&said.id));
        if reading.technologies.iter().any(|said| base(&said)) {
            let words = known.span.of(&evidence.bullet.raw);
            found.push(Violation::in_bullet(ViolationCode::DroppedFact, known.span, format!("the version of \"{words}\" is lost")));
        }
    }
}

/// The place in the evidence that holds every word of a name, in whatever order and case: `stripe` for `Stripe`, `an ESB (Mule)` for
/// `Mule ESB`. A single word that is an everyday word too is no proof: `to go` is not Go.
pub(super) fn spelled_out(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, said: &Technology) -> Option<(bool, Span)> {
    let words = said.first..said.end - usize::from(said.version.is_some());
    let single = words.len() == 1;
    let token = reading.tokens.get(said.first)?;
    if evidence.denies(&said.id) || (single && lexicon.is_everyday_word(&token.lower)) {
        return None;
    }
    evidence.readings().enumerate().find_map(|(position, text)| {
        let place = |at: usize| {
            let (said, stem) = (reading.tokens.get(at)?, reading.stems.get(at)?);
            text.tokens.iter().zip(&text.stems).position(|(known, root)| {
                known.is_word() && (known.lower == said.lower || (!single || lexicon.is_generic_word(&said.lower)) && root == stem)
            })
        };
        let first = place(said.first)?;
        // The stroke of `CI/CD` is no word.
        let is_mark = |at: usize| reading.tokens.get(at).is_some_and(|token| !token.is_word());
        words.clone().all(|at| is_mark(at) || place(at).is_some()).then(|| (position == 0, text.span(first, first + 1)))
    })
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

fn names(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, traced: &Traced, found: &mut Vec<Violation>) {
    for at in &reading.names {
        let Some(token) = reading.tokens.get(*at) else { continue };
        let said = bare(&token.lower);
        let names = |text: &Reading, word: &str| {
            text.tokens.iter().any(|known| bare(&known.lower) == word || same_plural(bare(&known.lower), word))
        };
        let knows = |text: &Reading| names(text, said) || said.contains('-') && said.split('-').all(|part| names(text, part));
        let known_class = reading.class_at(*at).is_some_and(|class| evidence.supports(&class.id, lexicon));
        if known_class || !traced.missing.contains(at) || evidence.readings().any(knows) || change::in_slot_clause(reading, *at) {
            continue;
        }
        if evidence.foreign.iter().any(|text| knows(text)) {
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
        && !lexicon.phrases().empty.has_word(&token.lower)
        && !matches!(token.lower.as_str(), "often" | "sometimes" | "always" | "once" | "twice" | "never" | "seldom" | "solo" | "alone")
    {
        found.push(Violation::new(ViolationCode::NewProperNoun, token.span, format!("nobody named \"{}\"", token.text)));
    }
}

/// A word without its possessive ending.
pub(super) fn bare(lower: &str) -> &str {
    lower.strip_suffix("'s").unwrap_or_else(|| lower.trim_end_matches('\''))
}

pub(super) fn same_plural(one: &str, other: &str) -> bool {
    one.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(one)
}

fn scope(evidence: &Evidence, reading: &Reading, traced: &Traced, found: &mut Vec<Violation>) {
    for (first, end) in &reading.scope {
        // `without downtime` said as `zero downtime`: a listed paraphrase vouches for it.
        let place = reading.span(*first, *end);
        if reading.tokens.get(*end).is_some_and(|next| next.kind == TokenKind::Slot) {
            continue;
        }
        if traced.receipts.iter().any(|receipt| {
            matches!(receipt.kind, ReceiptKind::Paraphrase | ReceiptKind::Fact)
                && receipt.span.start <= place.start
                && place.end <= receipt.span.end
        }) {
            continue;
        }
        let words: Vec<String> = scope_words(reading, *first, *end);
        let said = evidence.readings().any(|known| {
            let spoken: Vec<String> = scope_words(known, 0, known.tokens.len());
            spoken.windows(words.len()).any(|window| window == words.as_slice())
        });
        if !said && !is_told_apart(evidence, reading, (*first, *end), &words) {
            let span = reading.span(*first, *end);
            found.push(Violation::new(ViolationCode::ScopeUp, span, format!("\"{}\" widens what was said", span.of(&reading.raw))));
        }
    }
}

/// `gRPC instead of JSON` told as `Replaced JSON with gRPC`, `from JSON to gRPC`.
fn gives_up(reading: &Reading, said: &Technology) -> bool {
    let before = reading.tokens.iter().take(said.first).rev().take(3);
    before.into_iter().any(|token| token.lower.starts_with("replac") || matches!(token.lower.as_str(), "from" | "off" | "over"))
}

/// Whether a word of scope says no more than words that stand elsewhere: `in production` of `production support`, `every` of `any`,
/// `every Monday` of `on Mondays`, `independently` of `myself`.
fn is_told_apart(evidence: &Evidence, reading: &Reading, (first, end): (usize, usize), words: &[String]) -> bool {
    let stands = |text: &Reading, any: &[&str]| text.tokens.iter().any(|token| any.contains(&token.lower.as_str()));
    match words {
        [word] if matches!(word.as_str(), "every" | "all") => {
            let next = reading.stems.get(end).filter(|_| word == "every");
            let day = next.is_some_and(|next| {
                ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].iter().any(|day| next.starts_with(day))
                    && evidence.readings().any(|known| known.stems.contains(next))
            });
            day || first > 0 && evidence.readings().any(|known| stands(known, &["any", "each", "all", "every", "whole", "anything"]))
        }
        [word] if matches!(word.as_str(), "independently" | "solely") => {
            evidence.readings().any(|known| stands(known, &["myself", "alone", "solo"]))
        }
        [preposition, word] if preposition == "in" => {
            evidence.readings().any(|known| stands(known, &[word.as_str(), if word == "production" { "prod" } else { word.as_str() }]))
        }
        _ => false,
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
