//! What a text denies: `not Redis`, `neither Kafka nor SQS`, `Redis was not used`, `Memcached rather than Redis`.

use std::collections::BTreeSet;

use crate::domain::facts::{Reading, Technology};
use crate::domain::text::Token;

/// The ids of the technologies that a text denies.
pub(super) fn denied(text: &Reading) -> BTreeSet<String> {
    let denies = |technology: &&Technology| denied_before(text, technology.first) || denied_behind(&text.tokens, technology.end);
    text.technologies.iter().filter(denies).map(|known| known.id.clone()).collect()
}

/// The ids of the technologies that a text denies wherever it names them.
pub(super) fn denied_throughout(text: &Reading) -> BTreeSet<String> {
    let denies = |technology: &&Technology| denied_before(text, technology.first) || denied_behind(&text.tokens, technology.end);
    let (refused, used): (Vec<_>, Vec<_>) = text.technologies.iter().partition(denies);
    // Denied in one place and used in another: `GraphQL instead of REST was weighed; stayed with REST`.
    refused.into_iter().filter(|known| used.iter().all(|other| other.id != known.id)).map(|known| known.id.clone()).collect()
}

/// The positions of the numbers right behind a word that denies: `not 500 messages`.
pub(super) fn denied_numbers(text: &Reading) -> BTreeSet<usize> {
    let before = |start: usize| text.tokens.partition_point(|token| token.end <= start).checked_sub(1).and_then(|at| text.tokens.get(at));
    let denies = |start: usize| {
        before(start).is_some_and(|token| matches!(token.lower.as_str(), "not" | "never" | "n't") || token.lower.ends_with("n't"))
    };
    text.quantities.iter().enumerate().filter(|(_, known)| denies(known.folded.0)).map(|(at, _)| at).collect()
}

/// The most words between a denial and what it denies; it also bounds the walk.
const REACH: usize = 12;

/// Walks back from a technology over words that do not end the reach of a denial, up to the word that denies.
fn denied_before(text: &Reading, first: usize) -> bool {
    let tokens = &text.tokens;
    // A comma goes on with the list only when the list ends in `or` or `nor`.
    let mut listed = false;
    for before in (first.saturating_sub(REACH)..first).rev() {
        let Some(token) = tokens.get(before) else { return false };
        let word = token.lower.as_str();
        let second = before.checked_sub(1).and_then(|at| tokens.get(at)).map_or("", |token| token.lower.as_str());
        match word {
            "not" | "no" | "never" | "without" | "neither" | "nor" | "n't" | "avoided" | "except" | "considered" | "planned"
            | "evaluated" | "proposed" | "discussed" | "rejected" | "zero" | "maybe" | "perhaps" | "possibly" | "probably" | "might"
            | "unsure" => return true,
            _ if word.ends_with("n't") => return true,
            "of" if second == "instead" => return true,
            "than" if second == "rather" => return true,
            "or" => listed = true,
            "," if listed || list_goes_on(tokens, first) => {}
            "a" | "an" | "the" | "any" | "use" | "used" | "using" | "have" | "had" | "need" | "needed" | "in" | "with" | "on" | "and"
            | "of" | "either" | "work" | "worked" | "run" | "ran" | "touch" | "touched" | "try" | "own" | "it" | "was" | "is" => {}
            _ if text.technology_at(before).is_some() => {}
            _ => return false,
        }
    }
    false
}

/// `no Redis, Kafka or SQS`: behind a comma the list still runs to an `or`.
fn list_goes_on(tokens: &[Token], first: usize) -> bool {
    let stops =
        |token: &&Token| !matches!(token.text.as_str(), "." | ";") && !matches!(token.lower.as_str(), "but" | "only" | "just" | "instead");
    tokens.iter().skip(first).take(6).take_while(stops).any(|token| matches!(token.lower.as_str(), "or" | "nor"))
}

/// `Redis was not used`, `Redis isn't ours`, `Redis: no`.
fn denied_behind(tokens: &[Token], end: usize) -> bool {
    let word = |at: usize| tokens.get(end + at).map_or("", |token| token.lower.as_str());
    let unused = |word: &str| {
        matches!(
            word,
            "used" | "use" | "ours" | "mine" | "needed" | "involved" | "what" | "part" | "chosen" | "in" | "the" | "it" | "there" | ""
        )
    };
    match (word(0), word(1)) {
        (":" | "=" | "-", "no" | "none" | "never" | "not")
        | ("?" | "maybe" | "probably" | "perhaps", _)
        | ("," | "(" | "-" | ";", "maybe" | "unsure" | "probably" | "perhaps") => true,
        ("," | "(" | ";", "not") => word(2) == "sure" || word(2) == "certain",
        ("," | "(" | "-" | ";", "i") => word(2) == "think" || word(2) == "guess" || word(2) == "believe",
        ("was" | "were" | "is" | "are", "not" | "never") => unused(word(2)),
        ("wasn't" | "weren't" | "isn't" | "aren't", next) => unused(next),
        _ => false,
    }
}
