//! Traces every word of a rewrite to what vouches for it.

use super::{Evidence, Receipt, ReceiptKind, Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::guide::Ask;
use crate::domain::lexicon::Lexicon;
use crate::domain::text::{Folded, Span, TokenKind, tokenize};

/// The outcome of a trace: one receipt or none for each token.
#[derive(Debug)]
pub(super) struct Traced {
    /// A receipt for every stretch that has one, in order.
    pub(super) receipts: Vec<Receipt>,
    /// The tokens that have none.
    pub(super) missing: Vec<usize>,
}

impl Traced {
    /// A violation for every word without a receipt.
    pub(super) fn untraced<'a>(&'a self, reading: &'a Reading) -> impl Iterator<Item = Violation> + 'a {
        self.missing.iter().filter_map(|at| reading.tokens.get(*at)).map(|token| {
            Violation::new(ViolationCode::NoReceipt, token.span, format!("neither the bullet nor the facts vouch for \"{}\"", token.text))
        })
    }
}

/// Looks for the receipt of every word, the strongest first.
pub(super) fn trace(lexicon: &Lexicon, evidence: &Evidence, asks: &[Ask], reading: &Reading) -> Traced {
    let frames = frames(asks, reading);
    let mut traced = Traced { receipts: Vec::new(), missing: Vec::new() };
    let mut at = 0;
    while let Some(token) = reading.tokens.get(at) {
        let found = match token.kind {
            TokenKind::Mark => {
                at += 1;
                continue;
            }
            TokenKind::Slot => Some((ReceiptKind::Slot, None, 1)),
            TokenKind::Word if frames.iter().any(|(first, end)| (*first..*end).contains(&at)) => Some((ReceiptKind::Slot, None, 1)),
            TokenKind::Word => word_receipt(lexicon, evidence, reading, at),
        };
        match found {
            Some((kind, from, length)) => {
                traced.receipts.push(Receipt { span: reading.span(at, at + length), kind, from });
                at += length;
            }
            None => {
                traced.missing.push(at);
                at += 1;
            }
        }
    }
    traced
}

pub(super) type Found = (ReceiptKind, Option<Span>, usize);

fn word_receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let token = reading.tokens.get(at)?;
    if let Some(found) = quantity_receipt(evidence, reading, at) {
        return found;
    }
    if let Some(found) = technology_receipt(lexicon, evidence, reading, at) {
        return found;
    }
    let same = |known: &Reading| known.tokens.iter().find(|other| other.is_word() && other.lower == token.lower).map(|other| other.span);
    if let Some(from) = same(&evidence.bullet) {
        return Some((ReceiptKind::Source, Some(from), 1));
    }
    if let Some(from) = evidence.facts.iter().find_map(same) {
        return Some((ReceiptKind::Fact, Some(from), 1));
    }
    if lexicon.phrases().glue.has_word(&token.lower) {
        return Some((ReceiptKind::Glue, None, 1));
    }
    class_receipt(lexicon, evidence, reading, at)
        .or_else(|| lemma_receipt(evidence, reading, at))
        .or_else(|| verb_receipt(lexicon, evidence, reading, at))
        .or_else(|| paraphrase_receipt(lexicon, evidence, reading, at))
        .or_else(|| hyphen_receipt(lexicon, evidence, reading, at))
        .or_else(|| super::change::receipt(lexicon, evidence, reading, at))
}

/// Inside a number: `Some(None)` when nothing vouches for it, so that no other rule may.
#[expect(clippy::option_option, reason = "three answers: no number here, a number without and one with a receipt")]
fn quantity_receipt(evidence: &Evidence, reading: &Reading, at: usize) -> Option<Option<Found>> {
    let token = reading.tokens.get(at)?;
    let said = reading.quantity_at(token)?;
    let length = reading.tokens.iter().skip(at).take_while(|token| token.start < said.folded.1).count().max(1);
    let from_bullet = evidence.bullet.quantities.iter().find(|known| known.same_claim(said));
    let found = from_bullet.map(|known| (ReceiptKind::Source, Some(known.span), length)).or_else(|| {
        let known = evidence.fact_quantities().find(|known| known.same_claim(said))?;
        Some((ReceiptKind::Fact, Some(known.span), length))
    });
    Some(found)
}

/// Inside a technology: as with numbers, only its own kind vouches for it.
#[expect(clippy::option_option, reason = "three answers: no technology here, one without and one with a receipt")]
fn technology_receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Option<Found>> {
    let said = reading.technology_at(at)?;
    let length = said.end - at;
    let here = |known: &&crate::domain::facts::Technology| (known.first..known.end).contains(&at);
    if reading.technologies.iter().filter(here).any(|known| evidence.denies(&known.id) || !evidence.supports(&known.id, lexicon)) {
        return Some(None);
    }
    let vouches = |known: &&crate::domain::facts::Technology| {
        !evidence.denies(&known.id) && lexicon.is_kind_of(&known.id, &said.id) && (said.version.is_none() || said.version == known.version)
    };
    let from_bullet = evidence.bullet.technologies.iter().find(vouches).map(|known| {
        let kind = if known.span.of(&evidence.bullet.raw).eq_ignore_ascii_case(&said.span.of(&reading.raw)) {
            ReceiptKind::Source
        } else {
            ReceiptKind::Alias
        };
        (kind, Some(known.span), length)
    });
    Some(from_bullet.or_else(|| {
        let known = evidence.facts.iter().flat_map(|facts| &facts.technologies).find(vouches)?;
        Some((ReceiptKind::Fact, Some(known.span), length))
    }))
}

/// `cache` where the evidence names Redis.
fn class_receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let said = reading.class_at(at)?;
    let known = evidence
        .bullet
        .technologies
        .iter()
        .chain(&evidence.bullet.classes)
        .chain(evidence.facts.iter().flat_map(|facts| &facts.technologies))
        .find(|known| !evidence.denies(&known.id) && lexicon.is_kind_of(&known.id, &said.id))?;
    Some((ReceiptKind::Alias, Some(known.span), said.end - at))
}

/// Another form of the same word: `caching` for `cache`.
fn lemma_receipt(evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let stem = reading.stems.get(at)?;
    let known = |reading: &Reading| {
        let position = reading.stems.iter().zip(&reading.tokens).position(|(known, token)| token.is_word() && known == stem)?;
        reading.tokens.get(position).map(|token| token.span)
    };
    if let Some(from) = known(&evidence.bullet) {
        return Some((ReceiptKind::Paraphrase, Some(from), 1));
    }
    evidence.facts.iter().find_map(known).map(|from| (ReceiptKind::Fact, Some(from), 1))
}

/// A verb of the same meaning that claims no more than one of the bullet.
fn verb_receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let said = lexicon.verb(&reading.tokens.get(at)?.lower)?.verb;
    // The plain verb that stands for a weak opener before a noun.
    if at == 0 && evidence.bullet.opener_len > 0 {
        let (opener, length) = lexicon.phrases().opener(&evidence.bullet.tokens)?;
        if opener
            .noun_opener
            .as_deref()
            .and_then(|plain| plain.split(' ').next())
            .is_some_and(|plain| lexicon.verb(plain).is_some_and(|form| form.verb.base == said.base))
        {
            return Some((ReceiptKind::Verb, Some(evidence.bullet.span(0, length)), 1));
        }
    }
    evidence.bullet.tokens.iter().filter(|token| token.is_word()).find_map(|token| {
        let meant = lexicon.verb(&token.lower)?.verb;
        lexicon.may_stand_for(said, meant).then_some((ReceiptKind::Verb, Some(token.span), 1))
    })
}

/// A listed way to say the same thing.
fn paraphrase_receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    lexicon.phrases().paraphrases_at(&reading.tokens, at).into_iter().find_map(|(length, others)| {
        others.into_iter().find_map(|phrase| {
            evidence.readings().enumerate().find_map(|(position, known)| {
                let first = (0..known.tokens.len()).find(|first| {
                    known.tokens.get(*first..first + phrase.len()).is_some_and(|window| crate::domain::lexicon::same_words(window, phrase))
                })?;
                let kind = if position == 0 { ReceiptKind::Paraphrase } else { ReceiptKind::Fact };
                Some((kind, Some(known.span(first, first + phrase.len())), length))
            })
        })
    })
}

/// `order-history` where the bullet says `order history`: every part vouched for by itself.
fn hyphen_receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let token = reading.tokens.get(at)?;
    if !token.lower.contains('-') {
        return None;
    }
    let parts = Reading::new(&token.lower.replace('-', " "), lexicon);
    let mut from: Option<Span> = None;
    for part in 0..parts.tokens.len() {
        let (kind, place, _) = word_receipt(lexicon, evidence, &parts, part)?;
        if kind == ReceiptKind::Fact {
            return None;
        }
        from = match (from, place) {
            (Some(from), Some(place)) => Some(from.join(place)),
            (from, place) => from.or(place),
        };
    }
    from.map(|from| (ReceiptKind::Paraphrase, Some(from), 1))
}

/// The stretches of a text that are clauses of the guide, slots and all.
fn frames(asks: &[Ask], reading: &Reading) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for ask in asks {
        let clause = tokenize(&Folded::new(&ask.clause));
        for first in 0..reading.tokens.len() {
            let end = first + clause.len();
            let fits = reading
                .tokens
                .get(first..end)
                .is_some_and(|window| window.iter().zip(&clause).all(|(token, word)| token.lower == word.lower));
            if fits {
                found.push((first, end));
            }
        }
    }
    found
}
