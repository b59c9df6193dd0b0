//! Two sentences become one line; nothing is said that was not, and nothing is lost.

use super::words::{Piece, Words};
use crate::domain::lexicon::{Lexicon, Tense};
use crate::domain::text::is_abbreviation;

/// Joins the sentences of a text, from the left, the way that says least: a participle, a `for`, a semicolon.
pub(super) fn join(lexicon: &Lexicon, words: &mut Words) {
    while words.0.last().is_some_and(|last| last.text == ".") {
        words.0.pop();
    }
    for _ in 0..3 {
        let Some(stop) = (1..words.len()).find(|at| is_stop(words, *at)) else { return };
        words.take(stop..stop + 1);
        words.lower_first(stop);
        let joined = by_means(words, stop) || still_true(lexicon, words, stop) || that_did(lexicon, words, stop) || comparison(words, stop);
        if !joined {
            without_pronoun(lexicon, words, stop);
            words.put(stop, vec![mark(";")]);
        }
    }
}

fn is_stop(words: &Words, at: usize) -> bool {
    let next = words.0.get(at + 1);
    let is_short = words.lower(at) == "." && at > 0 && is_abbreviation(words.lower(at - 1));
    matches!(words.lower(at), "." | "!")
        && !is_short
        && next.is_some_and(|next| next.text.starts_with(char::is_uppercase) || matches!(next.lower.as_str(), "it" | "this" | "also"))
}

/// A mark that stands right behind the word before it.
pub(super) fn mark(sign: &str) -> Piece {
    let mut piece = Piece::word(sign);
    piece.glue();
    piece
}

/// One past `it`, `this`, `these`, `they` with its `was` or `is`.
fn subject(words: &Words, at: usize, verbs: &[&str]) -> Option<usize> {
    let pronoun = words.is_one_of(at, &["it", "this", "they", "these", "that", "which"]);
    (pronoun && words.is_one_of(at + 1, verbs)).then_some(at + 2)
}

/// `It was done using dual writes` → `using dual writes`.
fn by_means(words: &mut Words, at: usize) -> bool {
    let Some(done) = subject(words, at, &["was", "is", "were", "are"]) else { return false };
    let Some(means) = Some(done + 1).filter(|means| {
        words.is_one_of(done, &["done", "made", "implemented", "built", "achieved", "developed", "written", "created", "accomplished"])
            && words.is_one_of(*means, &["using", "with", "by", "via", "through", "in", "on"])
    }) else {
        return false;
    };
    words.take(at..means);
    true
}

/// `It is working fine since 2019` → `, working since 2019`.
fn still_true(lexicon: &Lexicon, words: &mut Words, at: usize) -> bool {
    let Some(verb) = subject(words, at, &["is", "was", "are", "were"]) else { return false };
    if words.verb_in(lexicon, verb, Tense::Ing).is_none() {
        return false;
    }
    words.take(at..verb);
    if words.says(at, &["working", "fine"]) && words.is_word(at + 2) {
        words.take(at + 1..at + 2);
    }
    words.put(at, vec![mark(",")]);
    true
}

/// `This reduced the load by 30%` → `, reducing the load by 30%`.
fn that_did(lexicon: &Lexicon, words: &mut Words, at: usize) -> bool {
    let pronoun = words.is_one_of(at, &["it", "this", "they", "these", "that", "which"]);
    let Some(form) =
        words.verb_in(lexicon, at + 1, Tense::Past).filter(|form| pronoun && form.verb.base != "be" && form.verb.base != "have")
    else {
        return false;
    };
    words.replace(at..at + 2, &form.verb.ing);
    words.put(at, vec![mark(",")]);
    true
}

/// `Pages are faster now and better user experience` → `for faster pages and better user experience`.
fn comparison(words: &mut Words, at: usize) -> bool {
    const BETTER: [&str; 12] =
        ["faster", "better", "quicker", "smoother", "easier", "simpler", "cheaper", "safer", "cleaner", "smaller", "shorter", "lighter"];
    let Some(be) = (at..at + 4).find(|at| words.is_one_of(*at, &["is", "are", "was", "were"])) else { return false };
    let now = usize::from(words.is_one_of(be + 2, &["now"]));
    let end = be + 2 + now;
    let ends = end >= words.len() || words.is_one_of(end, &["and"]) && words.is_one_of(end + 1, &BETTER);
    let taken = words.find(0, &["for"]).is_some_and(|place| place < at) || words.find(0, &["to"]).is_some_and(|place| place < at);
    if be == at || !words.is_one_of(be + 1, &BETTER) || !ends || taken {
        return false;
    }
    let better = words.lower(be + 1).to_owned();
    let mut thing = words.take(at..end);
    thing.truncate(be - at);
    thing.insert(0, Piece::word(better));
    thing.insert(0, Piece::word("for"));
    words.put(at, thing);
    true
}

/// `I introduced v2` → `introduced v2`, `I was also reading` stays for the rules of tense.
fn without_pronoun(lexicon: &Lexicon, words: &mut Words, at: usize) {
    let also = usize::from(words.is_one_of(at, &["also"])) + usize::from(words.says(at, &["also", ","]));
    let pronoun = words.is_one_of(at + also, &["i"]);
    let verb = at + also + usize::from(pronoun);
    let again = usize::from(words.is_one_of(verb, &["also"]));
    if (pronoun || also > 0) && words.verb_in(lexicon, verb + again, Tense::Past).is_some() {
        words.take(at..verb + again);
    }
}
