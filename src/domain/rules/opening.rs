//! The first words: a weak opener gives way to what was done, a plain verb to the strong one that means the same.

use super::Context;
use super::ownership::{as_one_of_many, in_a_team, own_work};
use super::stronger::{made, swap_plain_verb};
use super::verbs::{coordinated, gerunds, is_deed, takes_object};
use super::words::Words;
use crate::domain::lexicon::{Lexicon, Opener, Tense, Tier, VerbForm};

/// Trouble to which nobody wants to have contributed.
const TROUBLE: [&str; 22] = [
    "leak",
    "leaks",
    "bug",
    "bugs",
    "issue",
    "issues",
    "incident",
    "incidents",
    "outage",
    "outages",
    "defect",
    "defects",
    "problem",
    "problems",
    "error",
    "errors",
    "deadlock",
    "deadlocks",
    "crash",
    "crashes",
    "failure",
    "failures",
];

/// Puts a plain strong verb of the same ownership at the front.
pub(super) fn open_with_verb(context: &Context<'_>, words: &mut Words) {
    let lexicon = context.lexicon;
    drop_adverb(words);
    if opener(lexicon, words).is_none_or(|(opener, _)| !opener.phrase.ends_with(" that")) {
        in_a_team(context, words);
    }
    match opener(lexicon, words) {
        Some((opener, _)) if opener.phrase == "working on" => words.replace(0..1, "worked"),
        // What was asked for or learned is no deed.
        Some((opener, _)) if opener.stays => {}
        Some((opener, 1)) if opener.keeps == Tier::Assisted => own_work(context, words),
        // `Performed code reviews`: one word is a verb already, and its object may need it.
        Some((_, 1)) => {
            open_in_past(lexicon, words);
            made(words);
        }
        Some((opener, len)) => replace_opener(context, words, opener, len),
        None => {
            own_work(context, words);
            swap_plain_verb(lexicon, words);
        }
    }
    if context.group {
        as_one_of_many(lexicon, words);
    }
}

/// The weak opener of the words, and its length.
pub(super) fn opener<'a>(lexicon: &'a Lexicon, words: &Words) -> Option<(&'a Opener, usize)> {
    lexicon.phrases().opener_of(|at| words.0.get(at).map(|piece| piece.lower.as_str()))
}

/// `Extensively involved in` → `Involved in`.
fn drop_adverb(words: &mut Words) {
    if words.is_one_of(0, &["extensively", "heavily", "mainly", "primarily", "mostly", "closely", "directly", "actively"])
        && words.is_one_of(1, &["involved", "worked", "participated", "responsible", "contributed"])
    {
        words.take(0..1);
    }
}

fn replace_opener(context: &Context<'_>, words: &mut Words, opener: &Opener, len: usize) {
    let lexicon = context.lexicon;
    let next = words.lower(len).to_owned();
    let asks_base = opener.phrase.ends_with(" to") && opener.phrase != "contributed to" && opener.phrase != "contributing to";
    let keeps = opener.keeps.max(context.stated.unwrap_or(Tier::Assisted));
    let told = match words.verb(lexicon, len) {
        Some(VerbForm { verb, tense: Tense::Ing }) if takes_object(lexicon, words, len) => Some(verb),
        Some(VerbForm { verb, tense: Tense::Base }) if asks_base => Some(verb),
        // `cut` and `put` are read as a past; behind `to` they are none.
        Some(VerbForm { verb, tense: Tense::Past }) if asks_base && verb.base == next => Some(verb),
        Some(VerbForm { verb, tense: Tense::Past }) if opener.phrase.ends_with(" that") => Some(verb),
        _ => None,
    };
    let Some(verb) = told else {
        // `Setting up of dashboards`: the object hides behind `of`.
        // `Responsible for structured logging`: behind a preposition no verb tells a deed.
        let behind_preposition = opener.phrase.rsplit(' ').next().is_some_and(|last| matches!(last, "for" | "in" | "on" | "with" | "of"));
        let finite = !behind_preposition && words.verb_in(lexicon, len, Tense::Past).is_some();
        if !(asks_base || opener.phrase.ends_with(" that") || finite) && words.is_word(len) {
            before_noun(lexicon, words, opener, len);
        }
        return;
    };
    if opener.phrase.ends_with(" that") {
        if keeps >= Tier::Did {
            words.take(0..len);
        } else {
            gerunds(lexicon, words, len);
            words.replace(0..len, "contributed to");
        }
        return;
    }
    if keeps >= Tier::Did {
        // `Responsible for maintaining and deploying` → `Maintained and deployed`.
        let Some(others) = coordinated(lexicon, words, len, asks_base) else { return };
        for (at, past) in others {
            words.replace(at..at + 1, &past);
        }
        words.replace(0..len + 1, &verb.past);
        swap_plain_verb(lexicon, words);
    } else if opener.keeps == Tier::Assisted && coordinated(lexicon, words, len, asks_base).is_some_and(|others| others.is_empty()) {
        // `Assisted in building` → `Helped build`: no shorter honest way.
        words.replace(0..len + 1, &format!("helped {}", verb.base));
    } else if opener.keeps == Tier::Contributed {
        words.replace(0..len, "contributed to");
    }
}

/// An honest opener before a noun phrase.
fn before_noun(lexicon: &Lexicon, words: &mut Words, opener: &Opener, len: usize) {
    let Some(plain) = opener.noun_opener.as_deref() else { return };
    if plain != "worked with" && !reads_behind_plain_verb(words, len) {
        return;
    }
    // `Responsible for the development of X` → `Developed X`
    if opener.keeps >= Tier::Did {
        let mut rest = Words(words.0.get(len..).unwrap_or_default().to_vec());
        if super::deeds::from_noun(lexicon, &mut rest) {
            *words = rest;
            return;
        }
    }
    // `Responsible for backups and also for restoring them`
    if opener.phrase.ends_with(" for")
        && let Some(and) = words.find(len, &["and", "for"]).or_else(|| words.find(len, &["and", "also", "for"]))
    {
        let end = if words.lower(and + 1) == "for" { and + 2 } else { and + 3 };
        words.take(and + 1..end);
    }
    let end = words.until(len, &["in", "for", "on", "of", "with", "to", "using", "at", "from", "by", "that"]);
    let trouble = (len..end).any(|at| TROUBLE.contains(&words.lower(at)));
    let deed = is_deed(lexicon, words, len, end);
    let kept = match opener.phrase.as_str() {
        _ if plain == "worked with" => "worked with",
        phrase if phrase.contains("work") && (trouble || !deed) => "worked on",
        _ => plain,
    };
    // `Responsible for changesets and running them` → `Handled changesets and ran them`.
    if opener.keeps >= Tier::Did
        && let Some((at, past)) = gerund_behind_noun(lexicon, words, len)
    {
        words.replace(at..at + 1, &past);
    }
    words.replace(0..len, kept);
}

fn gerund_behind_noun(lexicon: &Lexicon, words: &Words, from: usize) -> Option<(usize, String)> {
    let at = (from + 2..words.len()).find(|at| words.before(*at) == "and" && words.verb_in(lexicon, *at, Tense::Ing).is_some())?;
    let pronoun = words.is_one_of(at + 1, &["them", "it", "the", "all", "these", "those", "its", "their"]);
    let nouns_before = (from..at - 1).all(|at| words.is_word(at) && words.verb_in(lexicon, at, Tense::Ing).is_none());
    words.verb(lexicon, at).filter(|_| pronoun && nouns_before).map(|form| (at, form.verb.past.clone()))
}

/// `Handled the billing service` reads well; `Handled ensuring`, `Handled a team of 5` and `Contributed to stand-ups` do not.
pub(super) fn reads_behind_plain_verb(words: &Words, at: usize) -> bool {
    const MEETINGS: [&str; 14] = [
        "team",
        "teams",
        "on-call",
        "ensuring",
        "not",
        "stand-ups",
        "standups",
        "stand-up",
        "standup",
        "meetings",
        "ceremonies",
        "scrum",
        "grooming",
        "calls",
    ];
    !(at..at + 4).any(|at| words.is_one_of(at, &MEETINGS))
}

/// `Supporting legacy systems` → `Supported legacy systems`.
fn open_in_past(lexicon: &Lexicon, words: &mut Words) {
    if words.verb_in(lexicon, 0, Tense::Ing).is_some() {
        swap_plain_verb(lexicon, words);
    }
}
