//! A bullet without a verb: the deed that its noun names, or the plain opener that claims least.

use super::opening::{opener, reads_behind_plain_verb};
use super::words::Words;
use super::{Context, articles};
use crate::domain::lexicon::{Lexicon, Tense};

/// A bullet without a verb: the deed that its noun names, or the plain opener that claims least.
pub(super) fn verbless(context: &Context<'_>, words: &mut Words) {
    let lexicon = context.lexicon;
    if opener(lexicon, words).is_some() || words.verb(lexicon, 0).is_some_and(|form| form.tense == Tense::Past) {
        return;
    }
    if super::deeds::from_noun(lexicon, words) || super::deeds::from_participle(lexicon, words) || !can_be_worked_on(lexicon, words) {
        return;
    }
    words.lower_first(0);
    if !words.is_one_of(0, &["the", "a", "an"]) {
        articles::before(lexicon, words, 0, articles::Number::New);
    }
    role(words);
    let on_call = words.is_one_of(0, &["on-call"]) || words.is_one_of(1, &["on-call"]);
    words.replace(0..0, if on_call { "worked" } else { "worked on" });
}

/// `, first responder for the team` → ` as first responder for the team`.
fn role(words: &mut Words) {
    const ROLES: [&str; 6] = ["responder", "contact", "maintainer", "point", "reviewer", "committer"];
    if let Some(comma) = (1..words.len()).find(|at| words.lower(*at) == "," && (at + 1..at + 4).any(|at| ROLES.contains(&words.lower(at))))
    {
        words.replace(comma..comma + 1, "as");
    }
}

/// Whether the words tell what somebody is or knows, and not what was done: `A backend developer with …`, `Knowledge of …`.
pub(super) fn describes_person(lexicon: &Lexicon, words: &Words) -> bool {
    const PERSONS: [&str; 22] = [
        "developer",
        "engineer",
        "programmer",
        "professional",
        "knowledge",
        "experience",
        "experienced",
        "familiar",
        "familiarity",
        "proficient",
        "proficiency",
        "understanding",
        "skilled",
        "expert",
        "expertise",
        "ability",
        "strong",
        "good",
        "excellent",
        "certified",
        "able",
        "background",
    ];
    let head = (0..words.len()).find(|at| words.is_one_of(*at, &["in", "for", "on", "with", "of", "who"])).unwrap_or(words.len());
    opener(lexicon, words).is_none()
        && words.verb(lexicon, 0).is_none()
        && (0..head).any(|at| PERSONS.contains(&words.lower(at)) && words.lower(at + 1) != "transfer")
}

/// Whether a phrase is about a thing that somebody made or ran: no person, no trait, no finite sentence.
fn can_be_worked_on(lexicon: &Lexicon, words: &Words) -> bool {
    let finite = (0..words.len()).any(|at| words.is_one_of(at, &["was", "were", "is", "are", "am", "i", "we", "he", "she"]));
    let first = words.verb(lexicon, 0).is_some_and(|form| form.tense != Tense::Base || words.is_one_of(1, &["the", "a", "an", "and"]));
    let person = describes_person(lexicon, words);
    let opens = words.is_word(0) && !lexicon.phrases().glue.has_word(words.lower(0)) || words.is_one_of(0, &["the", "a", "an"]);
    let past = (1..words.len().min(7)).any(|at| {
        words.verb_in(lexicon, at, Tense::Past).is_some_and(|form| form.verb.base != "set" && form.verb.past != form.verb.base)
            && !super::words::PREPOSITIONS.contains(&words.lower(at + 1))
            && words.is_one_of(at + 1, &["the", "a", "an", "all", "our", "my"])
    });
    let denied = lexicon.phrases().negations.has_word(words.lower(0)) || words.is_number(0) || words.lower(0).ends_with("ly");
    words.count() > 2
        && opens
        && !finite
        && !first
        && !person
        && !past
        && !denied
        && reads_behind_plain_verb(words, 0) | words.is_one_of(0, &["on-call"])
}
