//! What stands behind a number: its unit, its rate, and what is counted.

use super::QuantityKind;
use super::scan::Scanner;
use super::units::{per, unit};
use crate::domain::lexicon::stem;
use crate::domain::text::{Token, TokenKind};

/// A unit written apart or with a hyphen: `12 months`, `60-second`.
pub(super) fn unit_behind(scanner: &Scanner<'_>, end: usize) -> Option<(QuantityKind, &'static str, i128, usize)> {
    let (word, word_end) = if scanner.char(end) == Some('-') {
        let letters = scanner.letters(end + 1);
        let length = letters.chars().count();
        (letters.to_lowercase(), end + 1 + length)
    } else {
        let token = scanner.next_word(end)?;
        (token.lower.clone(), token.end)
    };
    // A single letter apart from its number is no unit: `in 2 d`.
    // `three times a day` tells how often, `three times faster` compares.
    if word == "times" && !scanner.after(word_end).first().is_some_and(|next| compares(&next.lower)) {
        return Some((QuantityKind::Count, "times", 1, word_end));
    }
    let (kind, name, factor) = unit(&word).filter(|_| word.chars().count() > 1 || word == "s" || word == "x" || word == "h")?;
    Some((kind, name, factor, word_end))
}

fn compares(word: &str) -> bool {
    matches!(word, "as" | "the" | "more" | "less" | "fewer" | "over" | "it" | "its" | "their")
        || word.ends_with("er") && !matches!(word, "per" | "after" | "under" | "later" | "earlier" | "either" | "whenever" | "together")
}

/// Whether a text goes on with a `twice` that counts: `twice a week`, `charged twice`, and not `twice as fast`.
pub(super) fn is_how_often(scanner: &Scanner<'_>, tokens: &[Token]) -> bool {
    let twice = tokens.first().filter(|token| token.lower == "twice");
    twice.is_some_and(|twice| !scanner.after(twice.end).first().is_some_and(|next| compares(&next.lower)))
}

/// `a quarter`, which is a time behind `once` and a share elsewhere.
pub(super) fn is_period(tokens: &[Token]) -> bool {
    tokens.first().is_some_and(|first| first.lower == "a") && tokens.get(1).is_some_and(|next| next.lower == "quarter")
}

/// Words before `a quarter` that make it a time.
pub(super) fn tells_how_often(word: &str) -> bool {
    matches!(word, "once" | "twice" | "times" | "time") || word.ends_with("ly")
}

/// One past the `-odd`, `-something` or `something` behind a number that is not meant exactly.
pub(super) fn vague(scanner: &Scanner<'_>, end: usize) -> Option<usize> {
    if scanner.char(end) == Some('-') {
        let letters = scanner.letters(end + 1).to_lowercase();
        return matches!(letters.as_str(), "odd" | "something" | "some" | "ish").then(|| end + 1 + letters.len());
    }
    scanner.next_word(end).filter(|word| matches!(word.lower.as_str(), "something" | "odd" | "ish")).map(|word| word.end)
}

/// What a unit of rate counts: requests, for `rps`.
pub(super) fn rated(unit: &str) -> Option<Vec<String>> {
    let thing = match unit.trim().to_lowercase().as_str() {
        "rps" | "rpm" => "request",
        "qps" => "query",
        "tps" => "transaction",
        _ => return None,
    };
    Some(vec![stem(thing)])
}

/// `200 or more`, `200 plus`.
pub(super) fn or_more(scanner: &Scanner<'_>, end: usize) -> bool {
    let mut words = scanner.after(end).iter().take(2).map(|token| token.lower.as_str());
    match (words.next(), words.next()) {
        (Some("or"), Some(more)) => matches!(more, "more" | "greater" | "above"),
        (Some("plus"), _) => true,
        _ => false,
    }
}

/// `30 or so`, `30-odd`.
pub(super) fn or_so(scanner: &Scanner<'_>, end: usize) -> bool {
    let mut words = scanner.after(end).iter().take(2).map(|token| token.lower.as_str());
    matches!(
        (words.next(), words.next()),
        (Some("or"), Some("so")) | (Some("-"), Some("odd")) | (Some("odd"), _) | (Some("give"), Some("or"))
    )
}

/// The magnitude in `400-million-row`, and one past its last character.
pub(super) fn joined_magnitude(scanner: &Scanner<'_>, end: usize) -> Option<(i128, usize)> {
    let letters = (scanner.char(end) == Some('-')).then(|| scanner.letters(end + 1).to_lowercase())?;
    let factor = super::units::magnitude(&letters).filter(|_| letters.len() > 3)?;
    Some((factor, end + 1 + letters.chars().count()))
}

/// `requests per minute`, `req/s`, `/day`, `a day`, `daily`: within a few words, not across another number.
pub(super) fn rate(scanner: &Scanner<'_>, end: usize) -> Option<&'static str> {
    let behind = scanner.after(end);
    let word = |at: usize| behind.get(at).map_or("", |token| token.lower.as_str());
    // The sign of a currency stands between `to` and its number.
    let before = |at: usize| {
        if matches!(word(at.wrapping_sub(1)), "$" | "€" | "£") { word(at.wrapping_sub(2)) } else { word(at.wrapping_sub(1)) }
    };
    for (at, token) in behind.iter().enumerate().take(6) {
        match token.lower.as_str() {
            "in" | "within" | "over" => return None,
            "per" | "/" | "each" | "every" | "a" | "an" => return per(word(at + 1)),
            "daily" | "weekly" | "monthly" | "quarterly" | "yearly" | "annually" | "hourly" => {
                // `8 for daily status` counts no days.
                let next = behind.get(at + 1);
                let ends = next.is_none_or(|next| !next.is_word() || ends_things(&next.lower));
                return per(&token.lower).filter(|_| at == 0 || ends);
            }
            "%" | "$" | "€" | "£" | "to" | "-" | "and" => {}
            _ if token.kind != TokenKind::Word => return None,
            lower if lower.starts_with(|c: char| c.is_ascii_digit()) && !joins(before(at)) => return None,
            _ => {}
        }
    }
    None
}

fn joins(word: &str) -> bool {
    matches!(word, "to" | "-" | "and")
}

/// Stems of the words behind a number: what is counted, its head last.
pub(super) fn things(scanner: &Scanner<'_>, end: usize) -> Vec<String> {
    scanner
        .behind(end)
        .iter()
        .map_while(|token| match token.kind {
            TokenKind::Word => Some(if token.start < end { cut(&token.text, end - token.start) } else { token.lower.clone() }),
            TokenKind::Mark if token.text == "-" => Some(String::new()),
            TokenKind::Mark | TokenKind::Slot => None,
        })
        .take_while(|word| !ends_things(word))
        .filter(|word| {
            !word.is_empty()
                && !matches!(
                    word.as_str(),
                    "different" | "new" | "distinct" | "separate" | "or" | "more" | "plus" | "of" | "the" | "them" | "these" | "those"
                )
        })
        .take(3)
        .map(|word| stem(same_thing(&word)))
        .collect()
}

/// The part of a token behind the number it begins with: `person` of `5-person`.
fn cut(text: &str, at: usize) -> String {
    text.chars().skip(at).collect::<String>().trim_matches(['-', '+']).to_lowercase()
}

fn ends_things(word: &str) -> bool {
    matches!(
        word,
        "per"
            | "in"
            | "to"
            | "for"
            | "and"
            | "from"
            | "with"
            | "by"
            | "at"
            | "on"
            | "across"
            | "a"
            | "an"
            | "into"
            | "via"
            | "using"
            | "that"
            | "which"
            | "who"
            | "without"
            | "within"
            | "over"
            | "under"
            | "during"
            | "while"
            | "as"
            | "daily"
            | "weekly"
            | "monthly"
            | "yearly"
            | "hourly"
            | "annually"
            | "each"
            | "every"
            | "before"
            | "after"
            | "until"
            | "when"
            | "where"
            | "now"
            | "then"
            | "than"
            | "so"
            | "because"
            | "since"
            | "but"
            | "if"
            | "through"
            | "between"
            | "became"
            | "become"
            | "instead"
            | "it"
            | "they"
            | "this"
            | "these"
            | "those"
            | "went"
            | "used"
            | "use"
            | "converted"
            | "moved"
            | "running"
            | "written"
            | "built"
            | "made"
            | "had"
            | "has"
            | "have"
            | "is"
            | "was"
            | "were"
            | "are"
    )
}

/// One word for what is counted under several names.
fn same_thing(word: &str) -> &str {
    match word {
        // Heads of a team may be counted under any of these.
        "people" | "persons" | "ppl" | "member" | "members" | "man" | "men" => "person",
        "req" | "reqs" => "request",
        "msg" | "msgs" => "message",
        "txn" | "txns" => "transaction",
        "devs" | "dev" => "developer",
        "apps" | "app" => "application",
        "dbs" | "db" => "database",
        _ => word,
    }
}
