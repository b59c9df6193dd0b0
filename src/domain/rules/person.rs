//! The first person inside a text: `our Go service` → `the Go service`, `I was reading` → `read`.

use super::words::{Words, ends_phrase};
use crate::domain::lexicon::{Lexicon, Tense};

/// Takes `I`, `we` and `our` out where the rest stays a sentence.
pub(super) fn impersonal(lexicon: &Lexicon, words: &mut Words) {
    own_agent(words);
    let mut at = 0;
    while at < words.len() {
        match words.lower(at) {
            "our" | "my" if at > 0 => possessive(words, at),
            // `with their PHP SDK`: whose it is stands before.
            "their"
                if words.is_one_of(at.saturating_sub(1), &["with", "using", "via", "through"])
                    && (at + 1..at + 4).any(|at| words.is_proper(at)) =>
            {
                words.replace(at..at + 1, "the");
            }
            "i" | "we" if at > 0 => subject(lexicon, words, at),
            "me" | "us" if words.is_one_of(at.saturating_sub(1), &["for", "with"]) && (at + 1 >= words.len() || !words.is_word(at + 1)) => {
                words.take(at - 1..at + 1);
            }
            _ => {}
        }
        at += 1;
    }
}

/// `was written by me`, `was refactored by our team`: whose work it was is told by the opener.
fn own_agent(words: &mut Words) {
    for agent in [&["by", "our", "team"][..], &["by", "me"], &["by", "myself"], &["by", "us"]] {
        if let Some(at) = words.find(1, agent).filter(|at| words.lower(at + agent.len()) != "and") {
            words.take(at..at + agent.len());
        }
    }
}

/// `our` before a plural can go, before a singular it is `the`.
fn possessive(words: &mut Words, at: usize) {
    let end = (at + 1..words.len()).find(|at| !words.is_word(*at) || ends_phrase(words.lower(*at))).unwrap_or(words.len());
    let plural = end.checked_sub(1).map_or("", |head| words.lower(head));
    let several = plural.ends_with('s') && !plural.ends_with("ss") && !plural.ends_with("us") && plural.len() > 3;
    words.replace(at..at + 1, if several { "" } else { "the" });
}

/// `and I fixed`, `so I was reading`, `when we change the format`.
fn subject(lexicon: &Lexicon, words: &mut Words, at: usize) {
    let before = words.before(at).to_owned();
    let verb = at + 1 + usize::from(words.is_one_of(at + 1, &["also", "then", "have", "had"]));
    let progressive = words.is_one_of(at + 1, &["was", "were"]).then(|| words.verb_in(lexicon, at + 2, Tense::Ing)).flatten();
    match before.as_str() {
        "when" | "because" | "as" | "since" | "after" | "before" | "that" | "if" | "where" => passive(lexicon, words, at),
        "and" | "," | ";" | "then" | "so" | "first" | "but" => {
            if let Some(form) = progressive {
                let past = form.verb.past.clone();
                let start = start_of_joint(words, at);
                words.replace(start..at + 3, &past);
                if start > 0 && words.before(start) != "," && words.before(start) != ";" && words.before(start) != "and" {
                    words.put(start, vec![super::sentences::mark(";")]);
                }
                further(lexicon, words, start + 1);
            } else if words.verb_in(lexicon, verb, Tense::Past).is_some() && before != "so" && before != "first" {
                words.take(at..verb);
            }
        }
        _ => {}
    }
}

/// `, so first I was`: the joint begins at the comma's far side.
fn start_of_joint(words: &Words, at: usize) -> usize {
    let mut start = at;
    while start > 1 && words.is_one_of(start - 1, &["so", "first", "then", "also"]) {
        start -= 1;
    }
    start
}

/// `and then fixing …, and also answering …` goes on in the past of the verb before.
fn further(lexicon: &Lexicon, words: &mut Words, from: usize) {
    let mut at = from;
    while at < words.len() {
        let mut verb = at + 1;
        while words.is_one_of(verb, &["then", "also"]) {
            verb += 1;
        }
        if words.is_one_of(at, &["and"])
            && let Some(form) = words.verb_in(lexicon, verb, Tense::Ing)
        {
            let past = form.verb.past.clone();
            words.replace(at + 1..verb + 1, &past);
        }
        at += 1;
    }
}

/// `when we change the response format` → `when the response format was changed`.
fn passive(lexicon: &Lexicon, words: &mut Words, at: usize) {
    let Some(form) = words.verb(lexicon, at + 1).filter(|form| matches!(form.tense, Tense::Base | Tense::Past)) else { return };
    let end = words.until(at + 2, &["and", "or", "to", "in", "for", "by", "with", "so", "because", "from", "on"]);
    if end < at + 3 || (end < words.len() && words.is_word(end)) {
        return;
    }
    let head = words.lower(end - 1);
    let plural = head.ends_with('s') && !head.ends_with("ss");
    let participle = form.verb.participle.clone().unwrap_or_else(|| form.verb.past.clone());
    words.replace(end..end, &format!("{} {participle}", if plural { "were" } else { "was" }));
    words.take(at..at + 2);
}
