//! A plain first verb gives way to the strong one that means the same.

use super::verbs::{coordinated, takes_object};
use super::words::Words;
use crate::domain::lexicon::{Lexicon, Strength, Tense, Verb, VerbForm};

/// `Made a REST API` → `Built a REST API`; `Made a decision` stays.
pub(super) fn made(words: &mut Words) {
    const BUILT: [&str; 14] = [
        "api",
        "apis",
        "app",
        "application",
        "service",
        "website",
        "dashboard",
        "tool",
        "script",
        "system",
        "module",
        "page",
        "bot",
        "chatbot",
    ];
    let end = words.until(1, &["for", "to", "in", "with", "using", "that", "of", "and", "on"]);
    if words.lower(0) == "made" && end.checked_sub(1).is_some_and(|head| head > 0 && BUILT.contains(&words.lower(head))) {
        words.replace(0..1, "built");
    }
}

/// A plain first verb becomes the strong verb that means the same; an inflated one the plain word for it.
pub(super) fn swap_plain_verb(lexicon: &Lexicon, words: &mut Words) {
    let Some(VerbForm { verb, tense }) = words.verb(lexicon, 0) else { return };
    let better = match (verb.strength, tense) {
        (_, Tense::Ing) => {
            let listed = coordinated(lexicon, words, 0, false).filter(|_| takes_object(lexicon, words, 0));
            let Some(others) = listed else { return };
            for (at, past) in others {
                words.replace(at..at + 1, &past);
            }
            Some(stronger(lexicon, verb, words).unwrap_or(verb.past.as_str()))
        }
        (Strength::Plain | Strength::Soft, Tense::Past) => {
            Some(stronger(lexicon, verb, words).unwrap_or(verb.past.as_str())).filter(|_| verb.past == words.lower(0))
        }
        (Strength::Strong, Tense::Past) | (_, Tense::Base | Tense::Third) => None,
    };
    if let Some(better) = better.filter(|better| *better != words.lower(0)) {
        words.replace(0..1, better);
    }
}

/// The strong verb of a closed list that says the same with no more ownership.
fn stronger<'a>(lexicon: &'a Lexicon, verb: &Verb, words: &Words) -> Option<&'a str> {
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
    if *plain == "add" && !can_be_implemented(lexicon, words) {
        return None;
    }
    let form = lexicon.verb(strong)?;
    lexicon.may_stand_for(form.verb, verb).then_some(form.verb.past.as_str())
}

/// `Added caching` is implementing; `Added 3 engineers`, `Added value` and `Added tests to the suite` are not.
fn can_be_implemented(lexicon: &Lexicon, words: &Words) -> bool {
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
    let ends = |at: &usize| {
        words.is_word(*at) && (words.is_one_of(*at, &["a", "an", "the"]) || !lexicon.phrases().glue.has_word(words.lower(*at)))
    };
    let length = (1..words.len()).take_while(ends).count();
    // `Added caching to the API`: one adds to a thing, but implements in it.
    let added_to = (length + 1..length + 5).any(|at| words.lower(at) == "to" && words.verb(lexicon, at + 1).is_none());
    !added_to && THINGS.contains(&words.lower(length))
}
