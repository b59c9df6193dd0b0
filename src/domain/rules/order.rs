//! Word order: what was done comes before with what, a number next to what it measures.

use super::words::{PREPOSITIONS, Piece, Words, ends_phrase};
use crate::domain::lexicon::{Lexicon, Tense};

/// Puts the parts of the sentence where they read best.
pub(super) fn arrange(lexicon: &Lexicon, words: &mut Words) {
    was_and_is(words);
    numbers_forward(words);
    in_language(words);
    means_last(lexicon, words);
    in_brackets(words);
    performance_of(words);
}

/// `the size of the images, was 1.4 GB and after multi-stage build it is 230 MB` → `from 1.4 GB to 230 MB with multi-stage build`.
fn was_and_is(words: &mut Words) {
    let Some(comma) = (1..words.len()).find(|at| words.lower(*at) == ",") else { return };
    let it = usize::from(words.is_one_of(comma + 1, &["it", "which", "they"]));
    let was = comma + 1 + it;
    if !words.is_one_of(was, &["was", "were"]) {
        return;
    }
    let Some(first) = (was + 1..words.len()).find(|at| words.is_number(*at)) else { return };
    let first_end = (first..words.len()).find(|at| !words.is_number(*at)).unwrap_or(words.len());
    let Some(is) = (first_end..words.len()).find(|at| words.is_one_of(*at, &["is", "are"])) else { return };
    let now = usize::from(words.is_one_of(is + 1, &["now", "only"]));
    let end = (is + 1 + now..words.len()).find(|at| !words.is_number(*at)).unwrap_or(words.len());
    if first != was + 1 || end != words.len() || end == is + 1 + now {
        return;
    }
    let after = (first_end..is).find(|at| words.lower(*at) == "after");
    let pronoun = usize::from(words.is_one_of(is.saturating_sub(1), &["it", "they"]));
    let (before, behind): (Vec<Piece>, Vec<Piece>) = (
        words.take(is + 1 + now..end),
        after.map_or_else(Vec::new, |after| words.0.get(after + 1..is - pronoun).unwrap_or_default().to_vec()),
    );
    let old: Vec<Piece> = words.0.get(first..first_end).unwrap_or_default().to_vec();
    words.take(comma..words.len());
    let mut tail = vec![Piece::word("from")];
    tail.extend(old);
    tail.push(Piece::word("to"));
    tail.extend(before);
    if !behind.is_empty() {
        tail.push(Piece::word("with"));
        tail.extend(behind);
    }
    let end = words.len();
    words.put(end, tail);
}

/// `improved build time by running tests, from 25 minutes to 9` → `improved build time from 25 minutes to 9 by running tests`.
fn numbers_forward(words: &mut Words) {
    let Some(comma) = words.find(2, &[",", "from"]).filter(|comma| (comma + 2..comma + 5).any(|at| words.is_number(at))) else { return };
    let Some(by) = words.find(2, &["by"]).filter(|by| *by < comma) else { return };
    let to = words.until(comma + 2, &["to"]);
    let plain = (by..comma).all(|at| words.is_word(at)) && words.lower(to) == "to" && (to + 1..words.len()).all(|at| words.is_number(at));
    if plain {
        let mut tail = words.take(comma..words.len());
        tail.remove(0);
        words.put(by, tail);
    }
}

/// `code in Java` → `Java code`.
fn in_language(words: &mut Words) {
    let Some(noun) =
        (1..words.len()).find(|at| words.is_one_of(*at, &["code", "script", "scripts", "programs"]) && words.lower(*at + 1) == "in")
    else {
        return;
    };
    let language = noun + 2;
    let alone = words.is_name(language) && !words.is_name(language + 1) && !words.is_one_of(language + 1, &["and", "or", ",", "/"]);
    // `data migration scripts in Python` stays: a name between two nouns would be hard to read.
    let before = words.lower(noun - 1);
    let light = noun == 1
        || matches!(before, "a" | "an" | "the" | "simple" | "small" | "custom")
        || before.ends_with("ed")
        || PREPOSITIONS.contains(&before);
    if alone && light {
        let name = words.take(language..language + 1);
        words.take(noun + 1..noun + 2);
        words.put(noun, name);
    }
}

/// `using ExecutorService for the settlement module` → `for the settlement module using ExecutorService`.
fn means_last(lexicon: &Lexicon, words: &mut Words) {
    let Some(using) = words.find(2, &["using"]) else { return };
    let name_list = |from: usize, to: usize| {
        from < to && (from..to).all(|at| words.is_proper(at) || words.is_one_of(at, &["and", ",", "/", "the", "api"]))
    };
    let Some(target) = (using + 2..words.len()).find(|at| words.lower(*at) == "for") else { return };
    let end = (target + 1..words.len()).find(|at| !words.is_word(*at)).unwrap_or(words.len());
    let simple =
        (target + 1..end).all(|at| !words.is_name(at) && !words.is_one_of(at, &["for", "and", "to", "that", "which", "using", "with"]));
    let purpose = words.verb_in(lexicon, target + 1, Tense::Ing).is_some();
    let once = words.find(using + 1, &["using"]).is_none();
    if name_list(using + 1, target)
        && simple
        && !purpose
        && once
        && end == target + words.until(target, &[]) - target
        && (end == words.len() || words.lower(end) == ",")
    {
        let purpose = words.take(target..end);
        words.put(using, purpose);
    }
}

/// `SSO for customers (SAML, Okta)` → `SSO for customers using SAML and Okta`.
fn in_brackets(words: &mut Words) {
    let Some(open) = words.find(2, &["("]) else { return };
    let close = words.len().saturating_sub(1);
    let inside = open + 1..close;
    let names = !inside.is_empty() && inside.clone().all(|at| words.is_proper(at) || words.lower(at) == ",");
    let commas: Vec<usize> = inside.clone().filter(|at| words.lower(*at) == ",").collect();
    let told = words.find(0, &["using"]).or_else(|| words.find(0, &["with"])).is_some();
    let told = told || inside.clone().filter(|at| words.is_name(*at)).count() == 0;
    if words.lower(close) == ")" && names && !commas.is_empty() && !told {
        words.take(close..close + 1);
        if let Some(last) = commas.last() {
            words.replace(*last..last + 1, "and");
        }
        let mut tools = words.take(open..close);
        tools.remove(0);
        tools.first_mut().map(Piece::apart);
        tools.insert(0, Piece::word("using"));
        let end = words.len();
        words.put(end, tools);
    }
}

/// Words in -ing that keep their `of`.
const THINGS_OF: [&str; 6] = ["understanding", "meaning", "beginning", "building", "thinking", "training"];

/// `by parallel running of RSpec` → `by running RSpec in parallel`; `like renaming of files` → `like renaming files`.
pub(super) fn nominal(lexicon: &Lexicon, words: &mut Words) {
    let mut at = 0;
    while at + 1 < words.len() {
        let particle = usize::from(words.is_one_of(at + 1, &["up", "out", "down"]));
        let of = at + 1 + particle;
        let gerund = words.verb_in(lexicon, at, Tense::Ing).is_some() && words.lower(of) == "of" && words.is_word(of + 1);
        // `versioning of APIs and deployment of services` is a list of nouns.
        let listed =
            (of..words.len()).any(|at| words.lower(at) == "and" && words.lower(at + 2) == "of" && words.verb(lexicon, at + 1).is_none());
        let opens = at == 0 || words.is_one_of(at - 1, &["by", "for", "like", "as", "to", "with", "in", "on", "of", ","]);
        if gerund && opens && !listed && !THINGS_OF.contains(&words.lower(at)) {
            words.take(of..of + 1);
        } else if gerund && at > 1 && words.lower(at - 1) == "parallel" && words.lower(at - 2) == "by" {
            let end =
                (at + 2..words.len()).find(|at| !words.is_word(*at) || PREPOSITIONS.contains(&words.lower(*at))).unwrap_or(words.len());
            words.replace(end..end, "in parallel");
            words.take(at + 1..at + 2);
            words.take(at - 1..at);
        }
        at += 1;
    }
}

/// `the performance of application` → `application performance`.
fn performance_of(words: &mut Words) {
    let Some(at) = words.find(1, &["performance", "of"]) else { return };
    let article = usize::from(words.is_one_of(at + 2, &["the"]));
    let thing = at + 2 + article;
    let plain = words.is_one_of(
        thing,
        &[
            "application",
            "applications",
            "database",
            "system",
            "api",
            "apis",
            "queries",
            "website",
            "app",
            "server",
            "backend",
            "page",
            "pages",
        ],
    );
    let ends = thing + 1 >= words.len() || !words.is_word(thing + 1) || ends_phrase(words.lower(thing + 1));
    if plain && ends {
        let thing = words.take(thing..thing + 1);
        words.take(at + 1..at + 2 + article);
        words.put(at, thing);
        if words.is_one_of(at - 1, &["the"]) {
            words.take(at - 1..at);
        }
    }
}
