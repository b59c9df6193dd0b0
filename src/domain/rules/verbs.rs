//! Rows of verbs: which of them belong together, and in what form they go on.

use super::words::{PREPOSITIONS, Words, ends_phrase};
use crate::domain::lexicon::{Lexicon, Tense};

const DETERMINERS: [&str; 18] =
    ["the", "a", "an", "all", "its", "their", "this", "these", "those", "both", "new", "up", "out", "over", "every", "each", "our", "them"];

/// Words in -ing that name a thing when a noun follows: `caching layer`.
const THINGS: [&str; 16] = [
    "caching",
    "queueing",
    "queuing",
    "messaging",
    "billing",
    "pricing",
    "booking",
    "shipping",
    "reporting",
    "accounting",
    "banking",
    "trading",
    "marketing",
    "networking",
    "computing",
    "streaming",
];

/// Whether the `-ing` word at `at` is a verb with its object, and no noun: `testing APIs`, but not `testing and deployment`.
pub(super) fn takes_object(lexicon: &Lexicon, words: &Words, at: usize) -> bool {
    if !words.is_word(at + 1) {
        return false;
    }
    let determiner = words.is_one_of(at + 1, &DETERMINERS);
    let joins =
        words.lower(at + 1) == "and" && words.verb_in(lexicon, at + 2, Tense::Ing).is_some() && takes_object(lexicon, words, at + 2);
    // `caching layer`: the word names a thing of its own.
    let is_thing = !determiner && THINGS.contains(&words.lower(at));
    let of = words.lower(at + 1) == "up" && words.lower(at + 2) == "of" || words.lower(at + 1) == "of";
    joins || of && words.is_word(at + 3) || (!is_thing && (determiner || !lexicon.phrases().glue.has_word(words.lower(at + 1))))
}

/// The further verbs of a list that begins at `first`, each with its past; `None` when one of them may as well be a noun.
pub(super) fn coordinated(lexicon: &Lexicon, words: &Words, first: usize, base: bool) -> Option<Vec<(usize, String)>> {
    let mut found = Vec::new();
    for at in first + 1..words.len() {
        if words.is_one_of(at, &["like", "such", "including", "by", "so", "that", "which"]) {
            break;
        }
        if !matches!(words.before(at), "and" | "or" | ",") {
            continue;
        }
        let Some(form) = words.verb(lexicon, at) else { continue };
        match form.tense {
            Tense::Ing if base || !takes_object(lexicon, words, at) || is_result(words, at) => {
                // `, cutting latency by 40%` is no part of the list and may stay.
                if !is_result(words, at) {
                    return None;
                }
            }
            Tense::Ing => found.push((at, form.verb.past.clone())),
            Tense::Base if base && words.before(at) == "and" => found.push((at, form.verb.past.clone())),
            Tense::Base => return None,
            Tense::Past | Tense::Third => {}
        }
    }
    Some(found)
}

/// Whether a clause of result begins here, behind a comma, with nothing joined to it.
pub(super) fn is_result(words: &Words, at: usize) -> bool {
    words.before(at) == "," && !(at + 1..words.len()).any(|at| words.lower(at) == "and")
}

/// Puts the past at `from` and those joined to it into their -ing form: `designed A and built B` → `designing A and building B`.
pub(super) fn gerunds(lexicon: &Lexicon, words: &mut Words, from: usize) {
    let mut at = from;
    while at < words.len() {
        if words.is_one_of(at, &["that", "which", "so", "because", "when", "while", "where"]) {
            break;
        }
        let joined = at == from || words.before(at) == "and" && words.is_word(at + 1) && !PREPOSITIONS.contains(&words.lower(at + 1));
        if let Some(form) = words.verb_in(lexicon, at, Tense::Past).filter(|_| joined) {
            let ing = form.verb.ing.clone();
            words.replace(at..at + 1, &ing);
        }
        at += 1;
    }
}

/// Whether a phrase names work: `schema design`, `bug fixes`, `the migration of`; to such one contributes.
pub(super) fn is_deed(lexicon: &Lexicon, words: &Words, first: usize, end: usize) -> bool {
    const NOUNS: [&str; 14] = [
        "design",
        "effort",
        "efforts",
        "project",
        "projects",
        "fixes",
        "fix",
        "enhancements",
        "upgrade",
        "features",
        "review",
        "reviews",
        "planning",
        "work",
    ];
    (first..end).any(|at| {
        let word = words.lower(at);
        NOUNS.contains(&word) || word.ends_with("tion") || word.ends_with("ment") || words.verb_in(lexicon, at, Tense::Ing).is_some()
    }) || words.is_one_of(first, &["the", "a", "an"])
        || words.is_name(first)
}

/// `Handles tickets and writes reports` → `Handled tickets and wrote reports`; a base form only where it can be no noun.
pub(super) fn into_past(lexicon: &Lexicon, words: &mut Words) {
    let Some(first) = words.verb(lexicon, 0) else { return };
    let behind =
        words.is_one_of(1, &DETERMINERS) || words.lower(1) == "and" && words.verb(lexicon, 2).is_some_and(|form| form.tense == first.tense);
    let is_verb = match first.tense {
        Tense::Third => words.is_word(1) && !PREPOSITIONS.contains(&words.lower(1)) || behind,
        Tense::Base => behind,
        Tense::Past | Tense::Ing => false,
    };
    if !is_verb {
        return;
    }
    let tense = first.tense;
    let past = first.verb.past.clone();
    words.replace(0..1, &past);
    for at in 2..words.len() {
        let joined = matches!(words.before(at), "and" | ",");
        let clause = words.is_one_of(at + 1, &DETERMINERS)
            || words.is_one_of(at + 1, &["with", "to", "on"])
            || words.is_word(at + 1) && !ends_phrase(words.lower(at + 1)) && words.before(at) == "and";
        if let Some(form) = words.verb_in(lexicon, at, tense).filter(|_| joined && clause) {
            let past = form.verb.past.clone();
            words.replace(at..at + 1, &past);
        }
    }
}
