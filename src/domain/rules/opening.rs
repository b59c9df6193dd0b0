//! The first words: a weak opener gives way to what was done, a plain verb to the strong one that means the same.

use super::pieces::{Piece, joined};
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Opener, Strength, Tense, Tier, Verb, VerbForm};

/// Puts a plain strong verb of the same ownership at the front.
pub(super) fn open_with_verb(lexicon: &Lexicon, pieces: &mut Vec<Piece>) {
    let reading = Reading::new(&joined(pieces), lexicon);
    let found = lexicon.phrases().opener(&reading.tokens).map(|(opener, len)| (opener.clone(), len));
    // The positions below hold for tokens and pieces alike, or nothing is touched.
    let aligned = reading.tokens.len() == pieces.len();
    match found {
        _ if !aligned => {}
        // `Helped the team fix bugs`, `Performed code reviews`: one word is a verb already, and its object may need it.
        Some((opener, _)) if opener.stays => {}
        Some((_, 1)) => open_in_past(lexicon, pieces),
        Some((opener, len)) => replace_opener(lexicon, &reading, pieces, &opener, len),
        None => swap_plain_verb(lexicon, pieces),
    }
}

fn replace_opener(lexicon: &Lexicon, reading: &Reading, pieces: &mut Vec<Piece>, opener: &Opener, len: usize) {
    let Some(next) = pieces.get(len).cloned() else { return };
    let asks_base = opener.phrase.ends_with(" to") && opener.phrase != "contributed to" && opener.phrase != "contributing to";
    let told = match lexicon.verb(&next.lower) {
        Some(VerbForm { verb, tense: Tense::Ing }) if takes_object(lexicon, reading, len) => Some(verb),
        Some(VerbForm { verb, tense: Tense::Base }) if asks_base => Some(verb),
        // `cut` and `put` are read as a past; behind `to` they are none.
        Some(VerbForm { verb, tense: Tense::Past }) if asks_base && verb.base == next.lower => Some(verb),
        _ => None,
    };
    match told {
        // `Responsible for maintaining and deploying` → `Maintained and deployed`.
        Some(verb) if opener.keeps >= Tier::Did => {
            let Some(others) = coordinated(lexicon, reading, len, asks_base) else { return };
            for (at, past) in others {
                if let Some(piece) = pieces.get_mut(at) {
                    *piece = Piece::word(past);
                }
            }
            pieces.splice(..=len, [Piece::word(verb.past.clone())]);
            swap_plain_verb(lexicon, pieces);
        }
        // `Assisted in building` → `Helped build`: no shorter honest way.
        Some(verb)
            if opener.keeps == Tier::Assisted && coordinated(lexicon, reading, len, asks_base).is_some_and(|others| others.is_empty()) =>
        {
            pieces.splice(..=len, [Piece::word("helped"), Piece::word(verb.base.clone())]);
        }
        _ if asks_base || opener.phrase.ends_with(" that") => {}
        _ => {
            let finite = lexicon.verb(&next.lower).is_some_and(|form| form.tense == Tense::Past);
            let noun = next.text.contains(char::is_alphanumeric) && !finite && reads_behind_plain_verb(reading, len);
            if let Some(plain) = opener.noun_opener.as_ref().filter(|_| noun) {
                let words: Vec<Piece> = plain.split(' ').map(Piece::word).collect();
                pieces.splice(..len, words);
            }
        }
    }
}

/// `Handled the billing service` reads well; `Handled ensuring`, `Handled a team of 5` and `Contributed to a team` do not.
fn reads_behind_plain_verb(reading: &Reading, at: usize) -> bool {
    !reading.tokens.iter().skip(at).take(3).any(|token| matches!(token.lower.as_str(), "team" | "teams" | "on-call" | "ensuring" | "not"))
}

/// Whether the `-ing` word at `at` is a verb with its object, and no noun: `testing APIs`, but not `testing and deployment`.
fn takes_object(lexicon: &Lexicon, reading: &Reading, at: usize) -> bool {
    let Some(next) = reading.tokens.get(at + 1).filter(|next| next.is_word()) else { return false };
    let determiner = matches!(
        next.lower.as_str(),
        "the" | "a" | "an" | "all" | "its" | "their" | "this" | "these" | "those" | "both" | "new" | "up" | "out"
    );
    let joins = next.lower == "and"
        && reading.tokens.get(at + 2).and_then(|token| lexicon.verb(&token.lower)).is_some_and(|form| form.tense == Tense::Ing)
        && takes_object(lexicon, reading, at + 2);
    // `caching layer`: the word names a thing of its own.
    let is_thing = reading.class_at(at).is_some() && !determiner;
    joins || (!is_thing && (determiner || !lexicon.phrases().glue.has_word(&next.lower)))
}

/// The further verbs of a list that begins at `first`, each with its past; `None` when one of them may as well be a noun.
fn coordinated(lexicon: &Lexicon, reading: &Reading, first: usize, base: bool) -> Option<Vec<(usize, String)>> {
    let mut found = Vec::new();
    for at in first + 1..reading.tokens.len() {
        let joined = at
            .checked_sub(1)
            .and_then(|before| reading.tokens.get(before))
            .is_some_and(|before| matches!(before.lower.as_str(), "and" | "or" | ","));
        let Some(form) = reading.tokens.get(at).filter(|_| joined).and_then(|token| lexicon.verb(&token.lower)) else { continue };
        match form.tense {
            Tense::Ing if base || !takes_object(lexicon, reading, at) || is_result(reading, at) => {
                // `, cutting latency by 40%` is no part of the list and may stay.
                if !is_result(reading, at) {
                    return None;
                }
            }
            Tense::Ing => found.push((at, form.verb.past.clone())),
            Tense::Base => return None,
            Tense::Past | Tense::Third => {}
        }
    }
    Some(found)
}

/// Whether a clause of result begins here, behind a comma.
fn is_result(reading: &Reading, at: usize) -> bool {
    let comma = at.checked_sub(1).and_then(|before| reading.tokens.get(before)).is_some_and(|before| before.is_mark(","));
    comma
        && reading.clauses.iter().any(|clause| clause.first == at)
        && !(at + 1..reading.tokens.len()).any(|at| reading.tokens.get(at).is_some_and(|token| token.lower == "and"))
}

/// `Supporting legacy systems` → `Supported legacy systems`.
fn open_in_past(lexicon: &Lexicon, pieces: &mut [Piece]) {
    let gerund = pieces.first().and_then(|first| lexicon.verb(&first.lower)).filter(|form| form.tense == Tense::Ing);
    if gerund.is_some() {
        swap_plain_verb(lexicon, pieces);
    }
}

/// A plain first verb becomes the strong verb that means the same; an inflated one the plain word for it.
fn swap_plain_verb(lexicon: &Lexicon, pieces: &mut [Piece]) {
    let Some(first) = pieces.first() else { return };
    let Some(VerbForm { verb, tense }) = lexicon.verb(&first.lower) else { return };
    let better = match (verb.strength, tense) {
        (_, Tense::Ing) => {
            let reading = Reading::new(&joined(pieces), lexicon);
            let alone =
                takes_object(lexicon, &reading, 0) && coordinated(lexicon, &reading, 0, false).is_some_and(|others| others.is_empty());
            alone.then(|| stronger(lexicon, verb, pieces).unwrap_or(verb.past.as_str()))
        }
        (Strength::Plain | Strength::Soft, Tense::Past) => {
            Some(stronger(lexicon, verb, pieces).unwrap_or(verb.past.as_str())).filter(|_| verb.past == first.lower)
        }
        (Strength::Strong, Tense::Past) | (_, Tense::Base | Tense::Third) => None,
    };
    if let (Some(better), Some(first)) = (better.map(str::to_owned), pieces.first_mut()) {
        *first = Piece::word(better);
    }
}

/// The strong verb of a closed list that says the same with no more ownership.
fn stronger<'a>(lexicon: &'a Lexicon, verb: &Verb, pieces: &[Piece]) -> Option<&'a str> {
    const PLAIN_TO_STRONG: [(&str, &str); 7] = [
        ("add", "implemented"),
        ("utilize", "used"),
        ("leverage", "used"),
        ("employ", "used"),
        ("spearhead", "led"),
        ("enhance", "improved"),
        ("craft", "built"),
    ];
    let (plain, strong) = PLAIN_TO_STRONG.iter().find(|(plain, _)| *plain == verb.base)?;
    if *plain == "add" && !can_be_implemented(lexicon, pieces) {
        return None;
    }
    let form = lexicon.verb(strong)?;
    lexicon.may_stand_for(form.verb, verb).then_some(form.verb.past.as_str())
}

/// `Added caching` is implementing; `Added 3 engineers`, `Added value` and `Added tests to the suite` are not.
fn can_be_implemented(lexicon: &Lexicon, pieces: &[Piece]) -> bool {
    const THINGS: [&str; 30] = [
        "caching",
        "cache",
        "logging",
        "monitoring",
        "alerting",
        "tracing",
        "authentication",
        "authorization",
        "auth",
        "validation",
        "pagination",
        "feature",
        "features",
        "endpoint",
        "endpoints",
        "logic",
        "handling",
        "limiting",
        "search",
        "retries",
        "login",
        "encryption",
        "sharding",
        "compression",
        "webhooks",
        "notifications",
        "api",
        "apis",
        "flow",
        "caches",
    ];
    let ends = |piece: &&Piece| {
        piece.text.contains(char::is_alphanumeric)
            && (matches!(piece.lower.as_str(), "a" | "an" | "the") || !lexicon.phrases().glue.has_word(&piece.lower))
    };
    let length = pieces.iter().skip(1).take_while(ends).count();
    let lower = |at: usize| pieces.get(at).map_or("", |piece| piece.lower.as_str());
    // `Added caching to the API`: one adds to a thing, but implements in it.
    let added_to = lower(length + 1) == "to" && lexicon.verb(lower(length + 2)).is_none();
    !added_to && THINGS.contains(&lower(length))
}
