//! Clauses that say little or say it at length: cut where nothing is lost, shortened where something is.

use super::sentences::mark;
use super::words::{Piece, Words};
use crate::domain::lexicon::{Lexicon, Tense};

/// Shortens clauses behind the deed.
pub(super) fn shorten(lexicon: &Lexicon, words: &mut Words) {
    with_banner(lexicon, words);
    relative(lexicon, words);
    splice(lexicon, words);
    super::lists::lists(words);
    super::lists::such_as(lexicon, words);
    super::small_words::small_words(lexicon, words);
}

/// `There was no monitoring, so I added Prometheus` → `Added Prometheus because there was no monitoring`.
pub(super) fn problem_last(lexicon: &Lexicon, words: &mut Words) {
    let Some(i) = (3..words.len()).find(|at| words.lower(*at) == "i" && words.verb_in(lexicon, at + 1, Tense::Past).is_some()) else {
        return;
    };
    let joint = (0..i)
        .rev()
        .find(|at| words.lower(*at) == ",")
        .filter(|comma| (comma + 1..i).all(|at| words.is_one_of(at, &["so", "and", "therefore", "then"])));
    let Some(comma) = joint else { return };
    let state = (0..comma).any(|at| words.is_one_of(at, &["was", "were", "had", "there"]));
    let own = (0..comma).any(|at| words.is_one_of(at, &["we", "my", ",", "and", ";"]));
    // What came of it stands behind the deed, and would be cut off from it.
    let run_on = (i..words.len()).any(|at| at > i + 2 && words.is_one_of(at, &["it", "they", "i", "we", ";", "because", "so"]));
    if !state || own || run_on {
        return;
    }
    let joined = usize::from(words.says(0, &["when", "i", "joined"])) * 3;
    if joined == 0 && words.0.iter().take(comma).any(|piece| piece.lower == "i") {
        return;
    }
    let mut problem = words.take(0..i + 1);
    problem.truncate(comma);
    problem.drain(0..joined.min(problem.len()));
    let mut problem = Words(problem);
    if problem.lower(0) == "," {
        problem.take(0..1);
    }
    problem.lower_first(0);
    problem.replace(0..0, "because");
    let end = words.len();
    words.put(end, problem.0);
}

/// `, leveraging cutting-edge AI to deliver robust answers` → `, delivering answers with AI`.
fn with_banner(lexicon: &Lexicon, words: &mut Words) {
    let Some(at) = (2..words.len())
        .find(|at| words.before(*at) == "," && words.is_one_of(*at, &["leveraging", "utilizing", "utilising", "employing", "harnessing"]))
    else {
        return;
    };
    super::fillers::soft(lexicon, words);
    let to = words.until(at + 1, &["to"]);
    let verb = words.verb_in(lexicon, to + 1, Tense::Base).filter(|_| words.lower(to) == "to" && to > at + 1);
    let end = words.until(to + 2, &["to", "for", "with", "by", "using", "that"]);
    match verb {
        Some(form) if end == words.len() && end > to + 2 => {
            let object = words.take(to + 2..end);
            let mut tool = words.take(at..to + 2);
            tool.truncate(to - at);
            tool.remove(0);
            words.put(at, [vec![Piece::word(form.verb.ing.clone())], object, vec![Piece::word("with")], tool].concat());
        }
        _ => words.replace(at..at + 1, "using"),
    }
}

/// Words of a clause that tells no result: `, which improved a lot of things`.
const EMPTY: [&str; 20] = [
    "improved",
    "helped",
    "made",
    "improves",
    "helps",
    "makes",
    "alot",
    "lot",
    "a",
    "of",
    "things",
    "everything",
    "better",
    "easier",
    "it",
    "much",
    "very",
    "us",
    "the",
    "many",
];

/// `which is useful for debugging` → `for debugging`; `which was causing` → `that caused`; `jobs which process` → `jobs that process`.
fn relative(lexicon: &Lexicon, words: &mut Words) {
    let Some(at) = (1..words.len()).find(|at| words.is_one_of(*at, &["which", "that"])) else { return };
    let comma = words.before(at) == ",";
    let start = at - usize::from(comma);
    // `, which improved a lot of things` tells no result.
    if comma && at + 2 < words.len() && (at + 1..words.len()).all(|at| EMPTY.contains(&words.lower(at)) || words.lower(at) == ".") {
        words.take(start..words.len());
        return;
    }
    let be = words.is_one_of(at + 1, &["is", "are", "was", "were"]);
    if be
        && words.is_one_of(at + 2, &["useful", "used", "helpful", "needed", "meant", "required"])
        && words.is_one_of(at + 3, &["for", "to", "by"])
    {
        // `that is used by 3 teams` says whose, so its word stays.
        let keep = if words.is_one_of(at + 3, &["by"]) { at + 2 } else { at + 3 };
        words.take(start..keep);
        return;
    }
    // `, which helped the team deploy` → `, helping the team deploy`
    let past = words.verb_in(lexicon, at + 1, Tense::Past).filter(|form| !matches!(form.verb.base.as_str(), "be" | "have" | "do"));
    if let Some(form) = past.filter(|_| comma && words.lower(at) == "which") {
        words.replace(at..at + 2, &form.verb.ing);
        return;
    }
    if let Some(form) = words.verb_in(lexicon, at + 2, Tense::Ing).filter(|_| be && words.is_one_of(at + 1, &["was", "were"])) {
        words.replace(start..at + 3, &format!("that {}", form.verb.past));
        return;
    }
    if !comma
        && words.lower(at) == "which"
        && (be || words.verb(lexicon, at + 1).is_some())
        && !super::words::PREPOSITIONS.contains(&words.before(at))
    {
        words.replace(at..at + 1, "that");
    }
}

/// Two statements that only a comma joins: `, p99 was around 3 s` → `, with p99 around 3 s`; `, there were goroutines` → `: goroutines`.
fn splice(lexicon: &Lexicon, words: &mut Words) {
    let Some(comma) = (2..words.len()).find(|at| words.lower(*at) == "," && !words.is_number(*at)) else { return };
    if words.is_one_of(comma + 1, &["there"]) && words.is_one_of(comma + 2, &["was", "were", "is", "are"]) {
        words.take(comma..comma + 3);
        words.put(comma, vec![mark(":")]);
        return;
    }
    let be = words.until(comma + 1, &["was", "were", "is", "are", "and", "or", "to", "that", "which"]);
    let thing = be > comma + 1 && be < comma + 4 && words.is_one_of(be, &["was", "were"]);
    let number = (be + 1..be + 4).any(|at| words.is_number(at));
    let one_more = (be + 1..words.len()).any(|at| words.is_one_of(at, &["was", "were", "is", "are", ",", "after", "now"]));
    if thing
        && number
        && !one_more
        && words.verb(lexicon, comma + 1).is_none()
        && !words.is_one_of(comma + 1, &["it", "this", "i", "we", "which"])
    {
        words.take(be..be + 1);
        words.replace(comma + 1..comma + 1, "with");
    }
}
