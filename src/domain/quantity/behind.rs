//! What stands behind a number: its unit, its rate, and what is counted.

use super::scan::Scanner;
use super::units::{currency, per, unit};
use super::{Comparator, QuantityKind};
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
    if word == "per" && scanner.after(word_end).first().is_some_and(|next| next.lower == "cent") {
        let end = scanner.after(word_end).first().map_or(word_end, |cent| cent.end);
        return Some((QuantityKind::Percent, "%", 1, end));
    }
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

/// How exact a number claims to be by the words behind it.
pub(super) fn bound(scanner: &Scanner<'_>, end: usize) -> Option<Comparator> {
    if or_so(scanner, end) {
        Some(Comparator::About)
    } else if or_less(scanner, end) {
        Some(Comparator::AtMost)
    } else {
        or_more(scanner, end).then_some(Comparator::AtLeast)
    }
}

/// `200 or more`, `200 users or more`, `200 plus`, `200 minimum`.
fn or_more(scanner: &Scanner<'_>, end: usize) -> bool {
    bounded(scanner, end, &["more", "greater", "above", "higher", "over"])
        || closed_by(scanner, end, &["minimum", "min"])
        || matches!(first_words(scanner, end), ["plus", _] | ["at", "minimum" | "least"] | ["and", "above" | "up"])
}

/// `200 or less`, `200 users or fewer`, `200 ms max`.
fn or_less(scanner: &Scanner<'_>, end: usize) -> bool {
    bounded(scanner, end, &["less", "fewer", "below", "lower", "under"])
        || closed_by(scanner, end, &["max", "maximum", "tops"])
        || matches!(first_words(scanner, end), ["at", "most" | "maximum"])
}

/// Whether `or` and one of these words stand behind a number and the one or two words of what it counts.
fn bounded(scanner: &Scanner<'_>, end: usize, words: &[&str]) -> bool {
    let behind = scanner.after(end);
    let or = behind.iter().take(3).take_while(|token| is_thing(token)).position(|token| token.lower == "or");
    or.and_then(|or| behind.get(or + 1)).is_some_and(|bound| words.contains(&bound.lower.as_str()))
}

/// Whether one of these words closes what stands behind a number: `200 ms max`, `40 shops max`; `200 ms max latency` names a latency.
fn closed_by(scanner: &Scanner<'_>, end: usize, words: &[&str]) -> bool {
    let behind = scanner.after(end);
    let at = behind.iter().take(3).take_while(|token| is_thing(token)).position(|token| words.contains(&token.lower.as_str()));
    at.is_some_and(|at| behind.get(at + 1).is_none_or(|next| !next.is_word()))
}

/// Whether a word can belong to what is counted.
fn is_thing(token: &Token) -> bool {
    token.kind == TokenKind::Word && !ends_things(&token.lower) && !token.lower.starts_with(|c: char| c.is_ascii_digit())
}

fn first_words<'a>(scanner: &Scanner<'a>, end: usize) -> [&'a str; 2] {
    let behind = scanner.after(end);
    [0, 1].map(|at| behind.get(at).map_or("", |token| token.lower.as_str()))
}

/// The currency behind a number: `5 €`, `1,2 Mio. €`; the sign may belong to the next number: `5 €10`.
pub(super) fn currency_behind(scanner: &Scanner<'_>, end: usize) -> Option<(&'static str, usize)> {
    let sign_at = end + usize::from(scanner.char(end) == Some(' '));
    let name = scanner.char(sign_at).and_then(currency)?;
    let next = scanner.char(sign_at + 1);
    (!next.is_some_and(char::is_alphanumeric)).then_some((name, sign_at + 1))
}

/// The unit of a sign for parts of a hundred or a thousand, what it divides by, and one past it: `40 %`, `5‰`, `3 %-points`.
pub(super) fn percent(scanner: &Scanner<'_>, end: usize) -> Option<(&'static str, i128, usize)> {
    let sign_at = end + usize::from(scanner.char(end) == Some(' '));
    let points = |end: usize| ["-points", " points", "-point", " point"].iter().find_map(|points| scanner.behind_text(end, points));
    match scanner.char(sign_at)? {
        '%' => Some(points(sign_at + 1).map_or(("%", 1, sign_at + 1), |end| ("percentage points", 1, end))),
        '‰' => Some(("%", 10, sign_at + 1)),
        _ => None,
    }
}

/// Whether something is counted or a currency stands behind a magnitude: `5 M rows`, `2 M€`.
pub(super) fn goes_on(scanner: &Scanner<'_>, end: usize) -> bool {
    currency_behind(scanner, end).is_some()
        || scanner
            .after(end)
            .first()
            .is_some_and(|next| next.start == end + 1 && next.lower.chars().all(char::is_alphabetic) && next.is_word())
}

/// One past a magnitude and the period of its short form, where the number goes on behind it: `1,2 Mio. €`, `3 Mrd. users`.
pub(super) fn abbreviated(scanner: &Scanner<'_>, token: &Token) -> usize {
    let is_short = matches!(token.lower.as_str(), "mio" | "mrd" | "mn" | "mln" | "bn" | "bln" | "tsd" | "mil");
    let next = scanner.char(token.end + 2);
    let goes_on = next.is_some_and(|next| next.is_lowercase() || currency(next).is_some())
        || scanner.after(token.end + 1).first().is_some_and(|code| unit(&code.lower).is_some());
    if is_short && goes_on && scanner.behind_text(token.end, ". ").is_some() { token.end + 1 } else { token.end }
}

/// `30 or so`, `30-odd`.
fn or_so(scanner: &Scanner<'_>, end: usize) -> bool {
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
            TokenKind::Word => Some(if token.start < end { cut(scanner, end, token.end) } else { token.lower.clone() }),
            TokenKind::Mark if token.text == "-" => Some(String::new()),
            TokenKind::Mark | TokenKind::Slot | TokenKind::Link | TokenKind::Code | TokenKind::Tag => None,
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
        .flat_map(parts)
        .map(|word| stem(same_thing(&word)))
        .collect()
}

/// The words of `person-days`, which may also be written apart; `on-call` and `end-to-end` are one.
fn parts(word: String) -> Vec<String> {
    let is_compound = word.contains('-') && word.split('-').all(|part| part.chars().all(char::is_alphabetic) && !ends_things(part));
    if is_compound { word.split('-').take(3).map(str::to_owned).collect() } else { vec![word] }
}

/// The part of a token behind the number it begins with: `person` of `5-person`. What is longer than a word is cut, so that a text of one
/// long token is read in a time in proportion to its length.
fn cut(scanner: &Scanner<'_>, start: usize, end: usize) -> String {
    scanner.slice(start, end.min(start + LONGEST_WORD)).trim_matches(['-', '+']).to_lowercase()
}

/// The longest word that is looked at, in characters.
const LONGEST_WORD: usize = 40;

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
