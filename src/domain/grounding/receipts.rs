//! Traces every word of a rewrite to what vouches for it.

use super::{Evidence, Receipt, ReceiptKind, Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::guide::Ask;
use crate::domain::lexicon::{Lexicon, Tense, Verb, VerbForm};
use crate::domain::quantity::{Quantity, per};
use crate::domain::text::{Folded, Span, Token, TokenKind, tokenize};

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
            TokenKind::Mark | TokenKind::Tag => {
                at += 1;
                continue;
            }
            TokenKind::Slot => Some((ReceiptKind::Slot, None, 1)),
            TokenKind::Word | TokenKind::Link | TokenKind::Code if frames.iter().any(|(first, end)| (*first..*end).contains(&at)) => {
                Some((ReceiptKind::Slot, None, 1))
            }
            TokenKind::Word | TokenKind::Link | TokenKind::Code => word_receipt(lexicon, evidence, reading, at),
        };
        if let Some((kind, from, length)) = found {
            traced.receipts.push(Receipt { span: reading.span(at, at + length), kind, from });
            at += length;
        } else {
            traced.missing.push(at);
            at += 1;
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
    let same = |known: &Reading| known.tokens.iter().find(|other| other.says(&token.lower)).map(|other| other.span);
    if let Some(from) = same(&evidence.bullet) {
        return Some((ReceiptKind::Source, Some(from), 1));
    }
    if let Some(from) = evidence.facts.iter().find_map(same) {
        return Some((ReceiptKind::Fact, Some(from), 1));
    }
    if lexicon.phrases().glue.has_word(&token.lower) {
        return Some((ReceiptKind::Glue, None, 1));
    }
    rate_receipt(evidence, reading, at)
        .or_else(|| class_receipt(lexicon, evidence, reading, at))
        .or_else(|| lemma_receipt(evidence, reading, at))
        .or_else(|| verb_receipt(lexicon, evidence, reading, at))
        .or_else(|| paraphrase_receipt(evidence, reading, at))
        .or_else(|| initials_receipt(evidence, reading, at))
        .or_else(|| hyphen_receipt(lexicon, evidence, reading, at))
        .or_else(|| part_receipt(evidence, reading, at))
        .or_else(|| modal_receipt(evidence, reading, at))
        .or_else(|| super::polarity::receipt(lexicon, evidence, reading, at))
        .or_else(|| super::change::receipt(lexicon, evidence, reading, at))
        .or_else(|| super::plain::receipt(lexicon, evidence, reading, at))
}

/// Inside a number: `Some(None)` when nothing vouches for it, so that no other rule may.
#[expect(clippy::option_option, reason = "three answers: no number here, a number without and one with a receipt")]
fn quantity_receipt(evidence: &Evidence, reading: &Reading, at: usize) -> Option<Option<Found>> {
    let token = reading.tokens.get(at)?;
    let said = reading.quantity_at(token)?;
    let length = reading.tokens.iter().skip(at).take_while(|token| token.start < said.folded.1).count().max(1);
    Some(from_number(evidence, reading, said, length))
}

/// The time of a number that is vouched for: the `second` of `500 requests per second`, where the bullet says `500 rps`.
fn rate_receipt(evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let token = reading.tokens.get(at)?;
    let time = per(&token.lower)?;
    let said = reading.quantities.iter().rev().find(|said| said.folded.1 <= token.start)?;
    let between = reading.tokens.iter().take(at).rev().take_while(|token| token.start >= said.folded.1).count();
    from_number(evidence, reading, said, 1).filter(|_| between < MOST_COUNTED && (said.unit == time || said.per == time))
}

/// The most words between a number and its time: `5k new API requests per minute`.
const MOST_COUNTED: usize = 6;

/// The number that vouches for one of the rewrite, and how many tokens it vouches for.
fn from_number(evidence: &Evidence, reading: &Reading, said: &Quantity, length: usize) -> Option<Found> {
    super::numbers::source(evidence, reading, said).map(|known| {
        let kind =
            if evidence.bullet.quantities.iter().any(|other| std::ptr::eq(other, known)) { ReceiptKind::Source } else { ReceiptKind::Fact };
        (kind, Some(known.span), length)
    })
}

/// Inside a technology: as with numbers, only its own kind vouches for it.
#[expect(clippy::option_option, reason = "three answers: no technology here, one without and one with a receipt")]
fn technology_receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Option<Found>> {
    let said = reading.technology_at(at)?;
    let length = said.end - at;
    let here = |known: &&crate::domain::facts::Technology| (known.first..known.end).contains(&at);
    if reading.technologies.iter().filter(here).any(|known| evidence.denies(&known.id) || !evidence.supports(&known.id, lexicon)) {
        let place = super::compare::spelled_out(lexicon, evidence, reading, said);
        return Some(place.map(|(in_bullet, span)| (if in_bullet { ReceiptKind::Source } else { ReceiptKind::Fact }, Some(span), length)));
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

/// `cache` where the evidence names Redis; the class itself, where the evidence names that too.
fn class_receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let said = reading.class_at(at)?;
    let bullet = &evidence.bullet;
    let known = bullet.classes.iter().find(|known| known.id == said.id).or_else(|| {
        let facts = evidence.facts.iter().flat_map(|facts| &facts.technologies);
        bullet
            .technologies
            .iter()
            .chain(&bullet.classes)
            .chain(facts)
            .find(|known| !evidence.denies(&known.id) && lexicon.is_kind_of(&known.id, &said.id))
    })?;
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
    let form = lexicon.verb(&reading.tokens.get(at)?.lower)?;
    // `queries` and `orders` are things more often than deeds.
    let is_thing = |text: &Reading, form: VerbForm<'_>, at: usize| {
        form.tense == Tense::Third && !tells_now(text, lexicon) || form.tense == Tense::Base && !acts(text, at)
    };
    if is_thing(reading, form, at) {
        return None;
    }
    let said = form.verb;
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
    evidence.bullet.tokens.iter().enumerate().filter(|(_, token)| token.is_word()).find_map(|(place, token)| {
        let meant = lexicon.verb(&token.lower).filter(|form| !is_thing(&evidence.bullet, *form, place))?.verb;
        (lexicon.may_stand_for(said, meant) || measured_again(lexicon, evidence, reading, said, (token, meant))).then_some((
            ReceiptKind::Verb,
            Some(token.span),
            1,
        ))
    })
}

/// Whether a base form is a deed here and no thing: `to call`, `helped build`, the first word.
pub(super) fn acts(text: &Reading, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.tokens.get(before));
    before.is_none_or(|before| {
        before.lower.starts_with("help")
            || before.lower.ends_with("n't")
            || matches!(
                before.lower.as_str(),
                "to" | "can"
                    | "could"
                    | "will"
                    | "would"
                    | "must"
                    | "may"
                    | "might"
                    | "should"
                    | "not"
                    | "and"
                    | "or"
                    | ","
                    | "that"
                    | "which"
                    | "who"
                    | "they"
                    | "i"
                    | "we"
                    | "so"
                    | "let"
                    | "lets"
                    | "letting"
                    | "cannot"
            )
            || before.lower.ends_with('s')
    })
}

/// Whether a text tells what is done now: it opens with `Consumes`.
fn tells_now(text: &Reading, lexicon: &Lexicon) -> bool {
    text.tokens.iter().any(|token| {
        matches!(token.lower.as_str(), "that" | "which" | "it" | "who" | "now" | "when" | "where" | "if")
            || token.span.start == 0 && lexicon.verb(&token.lower).is_some_and(|form| form.tense == Tense::Third)
    })
}

/// `Cut latency by 50%` for `Halved latency`: the number went out of the verb, and the verb that is left goes the same way.
fn measured_again(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, said: &Verb, (token, meant): (&Token, &Verb)) -> bool {
    let phrases = lexicon.phrases();
    let falls = |verb: &Verb| phrases.is_decrease(&verb.stem);
    let outcome = |verb: &Verb| phrases.is_outcome(&verb.stem);
    let kept = evidence.bullet.quantity_at(token).is_some_and(|known| reading.quantities.iter().any(|other| other.same_claim(known)));
    kept && outcome(said) && outcome(meant) && falls(said) == falls(meant)
}

/// A listed way to say the same thing.
fn paraphrase_receipt(evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    reading.listed.iter().filter(|said| said.first == at).find_map(|said| {
        evidence.readings().enumerate().find_map(|(position, known)| {
            let twin = known.listed.iter().find(|twin| said.may_stand_for(**twin))?;
            let kind = if position == 0 { ReceiptKind::Paraphrase } else { ReceiptKind::Fact };
            Some((kind, Some(known.span(twin.first, twin.end)), said.end - said.first))
        })
    })
}

/// `SLOs` where the bullet says `service level objectives`: the initials of words that were said claim no more than the words.
fn initials_receipt(evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let text = reading.tokens.get(at)?.text.as_str();
    let letters: Vec<char> = text.strip_suffix('s').unwrap_or(text).chars().collect();
    if !(2..=5).contains(&letters.len()) || !letters.iter().all(char::is_ascii_uppercase) {
        return None;
    }
    evidence.readings().enumerate().find_map(|(position, known)| {
        let end = known.tokens.windows(letters.len()).position(|window| {
            window.iter().zip(&letters).all(|(token, letter)| token.is_word() && token.lower.starts_with(letter.to_ascii_lowercase()))
        })?;
        let kind = if position == 0 { ReceiptKind::Paraphrase } else { ReceiptKind::Fact };
        Some((kind, Some(known.span(end, end + letters.len())), 1))
    })
}

/// `letting shards create ids` where the bullet says `so that shards can create ids`.
fn modal_receipt(evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let stem = reading.stems.get(at)?;
    if !matches!(stem.as_str(), "allow" | "enabl" | "let" | "permit" | "abl") {
        return None;
    }
    evidence.readings().enumerate().find_map(|(position, known)| {
        let place = known.tokens.iter().position(|token| matches!(token.lower.as_str(), "can" | "could" | "able"))?;
        let kind = if position == 0 { ReceiptKind::Paraphrase } else { ReceiptKind::Fact };
        Some((kind, Some(known.span(place, place + 1)), 1))
    })
}

/// The most hyphens of a compound: `state-of-the-art`.
const MOST_HYPHENS: usize = 6;

/// `order-history` where the bullet says `order history`: every part vouched for by itself.
fn hyphen_receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let token = reading.tokens.get(at)?;
    // A compound has a few parts; what has more is no word.
    if !(1..=MOST_HYPHENS).contains(&token.lower.matches('-').count()) {
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

/// `call` of `on call` where the bullet says `on-call`: a part of a compound that stands beside its other part.
fn part_receipt(evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let word = |at: Option<usize>| at.and_then(|at| reading.tokens.get(at)).map_or("", |token| token.lower.as_str());
    let (before, said, after) = (word(at.checked_sub(1)), word(Some(at)), word(Some(at + 1)));
    evidence.readings().enumerate().find_map(|(position, known)| {
        let whole = known.tokens.iter().find(|token| {
            token.lower.split_once('-').is_some_and(|(one, other)| one == said && other == after || one == before && other == said)
        })?;
        let kind = if position == 0 { ReceiptKind::Paraphrase } else { ReceiptKind::Fact };
        Some((kind, Some(whole.span), 1))
    })
}

/// The stretches of a text that are clauses of the guide, slots and all.
fn frames(asks: &[Ask], reading: &Reading) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    // A clause with a slot is only found in a text with one.
    let has_slot = reading.tokens.iter().any(|token| token.text.starts_with('['));
    for ask in asks.iter().filter(|ask| has_slot || !ask.clause.contains('[')) {
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
