//! Small words between clauses: a joint that is too long, missing or none.

use super::words::Words;
use crate::domain::lexicon::{Lexicon, Tense};

/// `coming from` → `from`, `find out` → `find`, `also` behind a comma → `plus`, `, for better` → ` for better`.
pub(super) fn small_words(lexicon: &Lexicon, words: &mut Words) {
    for (long, short) in [
        ("coming from", "from"),
        ("find out", "find"),
        ("and also", "and"),
        ("for few weeks", "for a few weeks"),
        ("for few months", "for a few months"),
        ("as per", "based on"),
        ("so as to", "to"),
    ] {
        let phrase: Vec<&str> = long.split(' ').collect();
        while let Some(at) = words.find(1, &phrase) {
            words.replace(at..at + phrase.len(), short);
        }
    }
    // `Optimised slow queries, improved performance`: two deeds take an `and`.
    let commas: Vec<usize> = (1..words.len()).filter(|at| matches!(words.lower(*at), "," | "and" | ";")).collect();
    if let [comma] = commas.as_slice()
        && words.lower(*comma) == ","
        && words.verb_in(lexicon, 0, Tense::Past).is_some()
        && words.verb_in(lexicon, comma + 1, Tense::Past).is_some()
        && words.is_word(comma + 2)
        && !super::words::PREPOSITIONS.contains(&words.lower(comma + 2))
    {
        words.replace(*comma..comma + 1, "and");
    }
    if let Some(at) = words.find(1, &[",", "also"]).filter(|at| words.verb(lexicon, at + 2).is_none()) {
        words.replace(at + 1..at + 2, "plus");
    }
    let only_comma = |words: &Words, at: usize| (0..words.len()).all(|other| other == at || words.lower(other) != ",");
    if let Some(at) = words
        .find(1, &[",", "for"])
        .or_else(|| words.find(1, &[",", "so"]))
        .or_else(|| words.find(1, &[",", "because"]))
        .filter(|at| only_comma(words, *at))
    {
        words.take(at..at + 1);
    }
    // `, it reduced the latency` → `, reducing the latency`
    if let Some(comma) = (2..words.len()).find(|at| words.lower(*at) == "," && words.is_one_of(at + 1, &["it", "this"]))
        && let Some(form) = words
            .verb_in(lexicon, comma + 2, Tense::Past)
            .filter(|form| !matches!(form.verb.base.as_str(), "be" | "have" | "do" | "become"))
    {
        let ing = form.verb.ing.clone();
        words.replace(comma + 1..comma + 3, &ing);
    }
    // `, also optimized a few` → ` and optimized a few`
    if let Some(comma) = words.find(2, &[",", "also"]).filter(|at| words.verb_in(lexicon, at + 2, Tense::Past).is_some()) {
        words.replace(comma..comma + 2, "and");
    }
    if let Some(few) = words.find(1, &["few", "of"]).filter(|at| !matches!(words.before(*at), "a" | "the" | "very" | "only")) {
        words.replace(few..few, "a");
    }
    // `and alerts are going to Slack` → `, with alerts going to Slack`
    if let Some(and) = (3..words.len()).find(|at| words.lower(*at) == "and") {
        let be = words.until(and + 1, &["is", "are", "was", "were", "and", "to", "in"]);
        let finite = words.is_one_of(be, &["is", "are", "was", "were"]) && be > and + 1 && be < and + 4;
        if finite && words.verb_in(lexicon, be + 1, Tense::Ing).is_some() && words.verb(lexicon, and + 1).is_none() {
            words.take(be..be + 1);
            words.replace(and..and + 1, ", with");
        }
    }
    // `Python scripts for automating tasks` → `Python scripts to automate tasks`
    if let Some(at) = (2..words.len()).find(|at| words.lower(*at) == "for" && words.verb_in(lexicon, at + 1, Tense::Ing).is_some()) {
        let deed = words.verb_in(lexicon, 0, Tense::Past).is_some() || words.verb_in(lexicon, 0, Tense::Ing).is_some();
        let used = words.is_one_of(0, &["used", "utilized", "leveraged", "using", "responsible", "known"]);
        let object = words.is_word(at + 2) && !super::words::ends_phrase(words.lower(at + 2));
        // `scripts for automating tasks like renaming files and sending mails`: the list is not one of purposes.
        let example = words.find(at, &["like"]).or_else(|| words.find(at, &["such"])).unwrap_or(words.len());
        let second = (at + 2..example).find(|at| words.lower(*at) == "and" && words.verb_in(lexicon, at + 1, Tense::Ing).is_some());
        let unknown = (at + 2..example)
            .any(|at| words.before(at) == "and" && words.lower(at).ends_with("ing") && words.verb_in(lexicon, at, Tense::Ing).is_none());
        if let Some(form) = words.verb(lexicon, at + 1).filter(|_| deed && !used && object && !unknown) {
            let base = form.verb.base.clone();
            if let Some((and, form)) = second.and_then(|and| words.verb(lexicon, and + 1).map(|form| (and, form))) {
                let base = form.verb.base.clone();
                words.replace(and + 1..and + 2, &base);
            }
            words.replace(at..at + 2, &format!("to {base}"));
        }
    }
}
