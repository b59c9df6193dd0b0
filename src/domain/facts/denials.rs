//! What a text denies, and how far each denial reaches.
//!
//! A denial is a function word (`not`, `without`) or a deed that keeps something from happening (`avoid`, `block`). Each has a head, the
//! first content word it denies, and all content words it may be about: `did not lose messages` and `without losing messages` have one head.

use crate::domain::lexicon::Lexicon;
use crate::domain::text::{Token, TokenKind};

/// The most content words that one denial is about.
const REACH: usize = 6;
/// The most content words before a denial that it may be about: `orders are not lost`.
const BACK: usize = 4;
/// The most words that are walked over for them; without a bound, a text that only denies would be read again for each of its words.
const FAR: usize = 60;

/// One denial of a text.
#[derive(Debug, Clone)]
pub struct Denial {
    /// Its first token.
    pub at: usize,
    /// Whether it is a function word, and not a deed.
    pub is_plain: bool,
    /// The stem of the first content word it denies.
    pub head: Option<String>,
    /// The stems of all words it may be about.
    pub about: Vec<String>,
}

/// Every denial of a text.
pub(super) fn denials(lexicon: &Lexicon, tokens: &[Token], stems: &[String]) -> Vec<Denial> {
    let phrases = lexicon.phrases();
    let mut found: Vec<Denial> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(stem) = stems.get(at) else { continue };
        let word = token.lower.as_str();
        let is_without =
            word == "w" && tokens.get(at + 1..at + 3).is_some_and(|next| next.iter().map(|token| token.lower.as_str()).eq(["/", "o"]));
        // `from zero` and `not only X but also Y` deny nothing.
        if word == "zero" && at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|before| before.lower == "from") {
            continue;
        }
        if word == "not" && tokens.get(at + 1).is_some_and(|next| matches!(next.lower.as_str(), "only" | "just")) {
            continue;
        }
        // `decided against it`, `argued against it`.
        let is_against = word == "against"
            && at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|before| {
                matches!(before.lower.as_str(), "decided" | "voted" | "argued" | "advised" | "recommended" | "spoke")
            });
        let is_plain = is_against || phrases.negations.has_word(word) || word.ends_with("n't") || is_without;
        let is_deed = phrases.is_refusal(stem) || keeps_from(tokens, at);
        if is_plain || is_deed {
            found.push(denial(lexicon, tokens, stems, at, is_plain));
        } else if let Some(rest) = ["zero-", "non-", "no-"].iter().find_map(|head| word.strip_prefix(head)) {
            found.push(Denial { at, is_plain: true, head: Some(lexicon.root(rest)), about: vec![lexicon.root(rest)] });
        } else if let Some(rest) =
            word.strip_suffix("-free").or_else(|| word.strip_suffix("less").filter(|rest| rest.len() > 3 && rest.ends_with('-')))
        {
            found.push(Denial { at, is_plain: true, head: Some(lexicon.root(rest)), about: vec![lexicon.root(rest)] });
        }
    }
    found
}

/// `keep two users from buying`: it denies what stands behind `from`.
fn keeps_from(tokens: &[Token], at: usize) -> bool {
    let keeps = tokens.get(at).is_some_and(|token| matches!(token.lower.as_str(), "keep" | "keeps" | "kept" | "keeping"));
    let ahead = || tokens.iter().skip(at + 1).take(8).take_while(|token| token.is_word());
    keeps && ahead().zip(ahead().skip(1)).any(|(from, deed)| from.lower == "from" && deed.lower.ends_with("ing"))
}

/// The denial that begins at a token.
pub(crate) fn denial(lexicon: &Lexicon, tokens: &[Token], stems: &[String], at: usize, is_plain: bool) -> Denial {
    let phrases = lexicon.phrases();
    let says = |at: &usize| {
        tokens.get(*at).is_some_and(|token| {
            token.is_word() && !phrases.glue.has_word(&token.lower) && !phrases.negations.has_word(&token.lower) && !is_empty(&token.lower)
        })
    };
    let stops = |at: &usize| {
        tokens
            .get(*at)
            .is_none_or(|token| token.kind == TokenKind::Mark && !matches!(token.text.as_str(), "\"" | "'" | "/" | "-" | "(" | ")"))
    };
    let at_end = if tokens.get(at).is_some_and(|token| token.lower == "w") { at + 2 } else { at };
    let ahead: Vec<usize> = (at_end + 1..tokens.len()).take(FAR).take_while(|at| !stops(at)).filter(says).take(REACH).collect();
    let behind: Vec<usize> = (0..at).rev().take(FAR).take_while(|at| !stops(at)).filter(says).take(BACK).collect();
    // `stop bots from guessing`: the deed that is kept from happening stands behind `from`.
    let from =
        (at + 1..tokens.len()).take(8).take_while(|at| !stops(at)).find(|at| tokens.get(*at).is_some_and(|token| token.lower == "from"));
    let head = from
        .filter(|_| !is_plain)
        .and_then(|from| ahead.iter().find(|at| **at > from))
        .or_else(|| ahead.first())
        .or_else(|| behind.first());
    let stem = |at: &usize| stems.get(*at).cloned();
    Denial { at, is_plain, head: head.and_then(stem), about: ahead.iter().chain(&behind).filter_map(stem).collect() }
}

/// Words that a denial passes over: it is about what follows them.
fn is_empty(word: &str) -> bool {
    matches!(
        word,
        "any"
            | "anymore"
            | "more"
            | "longer"
            | "need"
            | "needed"
            | "needs"
            | "needing"
            | "get"
            | "got"
            | "getting"
            | "have"
            | "having"
            | "only"
            | "one"
            | "single"
            | "all"
            | "keep"
            | "able"
            | "every"
            | "each"
            | "new"
            | "extra"
    )
}
