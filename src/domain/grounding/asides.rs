//! Which stretches of a bullet are comments that an editor may leave out: what others thought, how it was before, how it felt.
//!
//! A comment tells of no deed of the writer: its subject is `it`, `nobody`, `they`. It holds no number, no technology and no name, and
//! it is never the word that the thing itself was not finished or not used.

use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense};

/// How many words may stand between the subject of a comment and its verb.
const TO_VERB: usize = 3;

/// One flag a token: whether it stands in a comment.
pub(super) fn asides(lexicon: &Lexicon, bullet: &Reading) -> Vec<bool> {
    let mut flags = vec![false; bullet.tokens.len()];
    let mut first = 0;
    while first < bullet.tokens.len() {
        let end = (first + 1..bullet.tokens.len()).find(|at| begins_stretch(bullet, *at)).unwrap_or(bullet.tokens.len());
        if is_comment(lexicon, bullet, first, end) {
            flags.iter_mut().take(end).skip(first).for_each(|flag| *flag = true);
        }
        first = end;
    }
    flags
}

fn word(bullet: &Reading, at: usize) -> &str {
    bullet.tokens.get(at).map_or("", |token| token.lower.as_str())
}

/// A mark between stretches, or `so`, `but`, `because` before a subject of its own.
fn begins_stretch(bullet: &Reading, at: usize) -> bool {
    let Some(token) = bullet.tokens.get(at) else { return false };
    if !token.is_word() {
        let apart = at.checked_sub(1).and_then(|before| bullet.tokens.get(before)).is_none_or(|before| token.start > before.end);
        return matches!(token.text.as_str(), "," | ";" | "." | "!" | "?" | "(" | ")" | ":") || token.is_mark("-") && apart;
    }
    let own = matches!(word(bullet, at + 1), "i" | "we");
    matches!(token.lower.as_str(), "so" | "but" | "because" | "since" | "as" | "and") && (own || subject_end(bullet, at + 1).is_some())
}

/// `sales`, `the users`: who is no part of the work.
fn is_outsider(word: &str) -> bool {
    matches!(
        word,
        "sales"
            | "management"
            | "customers"
            | "users"
            | "clients"
            | "colleagues"
            | "managers"
            | "devs"
            | "developers"
            | "analysts"
            | "ops"
            | "business"
            | "marketing"
            | "accounting"
    )
}

/// One past a subject that is not the writer and no thing that was made.
fn subject_end(bullet: &Reading, at: usize) -> Option<usize> {
    match word(bullet, at) {
        "it" | "there" | "nobody" | "everybody" | "everyone" | "they" | "people" | "others" | "this" | "that" | "noone" => Some(at + 1),
        "no" if word(bullet, at + 1) == "one" => Some(at + 2),
        "the" if matches!(word(bullet, at + 1), "others" | "other" | "rest") => Some(at + 2),
        "the" | "our" if is_outsider(word(bullet, at + 1)) && is_copula(word(bullet, at + 2)) => Some(at + 2),
        one if is_outsider(one) && is_copula(word(bullet, at + 1)) => Some(at + 1),
        _ => None,
    }
}

/// A verb that tells what somebody was, or what they did not do.
fn is_copula(word: &str) -> bool {
    word.ends_with("n't") || matches!(word, "is" | "are" | "was" | "were")
}

fn is_comment(lexicon: &Lexicon, bullet: &Reading, first: usize, end: usize) -> bool {
    if (first..end).any(|at| matches!(word(bullet, at), "i" | "we" | "my")) {
        return false;
    }
    let leads = |at: &usize| bullet.tokens.get(*at).is_none_or(|token| !token.is_word()) || is_lead(word(bullet, *at));
    let start = (first..end).find(|at| !leads(at)).unwrap_or(end);
    // `Passionate about clean code!`, `Proud of it:` before the deed.
    let feeling = matches!(word(bullet, start), "passionate" | "proud" | "excited" | "thrilled" | "happy" | "grateful");
    if feeling && first == 0 && end < bullet.tokens.len() && !(start..end).any(|at| is_past(lexicon, bullet, at)) {
        return true;
    }
    // `quite complicated logic`, `a huge learning experience`.
    let is_praise = is_intensifier(word(bullet, start)) || matches!(word(bullet, start), "a" | "an") && is_size(word(bullet, start + 1));
    if start > 0 && is_praise && !(start..end).any(|at| is_past(lexicon, bullet, at) || is_copula(word(bullet, at))) {
        return true;
    }
    let says_undone =
        bullet.denials.iter().any(|denial| (start..end).contains(&denial.at) && denial.about.iter().any(|stem| is_completion(stem)));
    if start == 0 || says_undone {
        return false;
    }
    match subject_end(bullet, start) {
        Some(behind) => {
            let purpose = matches!(word(bullet, behind), "can" | "could" | "may" | "will" | "would");
            // `so it does not retry` says what the work does; `so it does not happen any more` what is past.
            let denied = bullet.denials.iter().any(|denial| (start..end).contains(&denial.at));
            let past_trouble = (start..end).any(|at| matches!(word(bullet, at), "anymore" | "more" | "longer" | "again" | "before"));
            let led = (first..start).any(|at| matches!(word(bullet, at), "so" | "but" | "and"));
            let of_others =
                matches!(word(bullet, start), "nobody" | "noone" | "no" | "there" | "everybody" | "everyone" | "others" | "the" | "people");
            let tells_work = if denied { led && !of_others && !past_trouble } else { purpose };
            !tells_work && (behind..end.min(behind + TO_VERB)).any(|at| is_finite(lexicon, bullet, at))
        }
        None => tells_a_state(lexicon, bullet, (first, start), end),
    }
}

fn is_intensifier(word: &str) -> bool {
    matches!(word, "quite" | "very" | "really" | "pretty" | "rather" | "extremely" | "always" | "friendly")
}

fn is_size(word: &str) -> bool {
    is_intensifier(word)
        || matches!(word, "huge" | "great" | "big" | "nice" | "real" | "good" | "long" | "hard" | "difficult" | "interesting")
}

/// `so`, `because`, `earlier`: what may stand before the subject of a comment.
fn is_lead(word: &str) -> bool {
    matches!(word, "so" | "but" | "because" | "since" | "as" | "and" | "then" | "now" | "later" | "where") || is_past_lead(word)
}

fn is_past_lead(word: &str) -> bool {
    matches!(word, "earlier" | "before" | "previously" | "formerly" | "originally")
}

/// `the vendor library was too expensive`, `previously anyone could call them`: a state, and no deed.
fn tells_a_state(lexicon: &Lexicon, bullet: &Reading, (first, start): (usize, usize), end: usize) -> bool {
    let opens_clause = bullet.tokens.get(first).is_some_and(|token| !token.is_word());
    let Some(subject) = bullet.tokens.get(start).filter(|_| opens_clause) else { return false };
    // `hosting is nearly free` tells a state, `hosting files` a deed.
    let is_noun = is_copula(word(bullet, start + 1));
    let deed = !is_noun && lexicon.verb(&subject.lower).is_some_and(|form| matches!(form.tense, Tense::Past | Tense::Ing));
    let thing = !lexicon.phrases().glue.has_word(&subject.lower) || matches!(subject.lower.as_str(), "the" | "a" | "an" | "their" | "its");
    if deed || !thing {
        return false;
    }
    let before = (first..start).any(|at| is_past_lead(word(bullet, at)));
    (start + 1..end.min(start + 6)).any(|at| {
        let copula = matches!(word(bullet, at), "is" | "are" | "was" | "were");
        before && (copula || matches!(word(bullet, at), "had" | "did" | "could" | "would" | "needed" | "took"))
            || copula && !(at + 1..end.min(at + 3)).any(|at| is_past(lexicon, bullet, at))
    })
}

/// What tells that the work itself was or was not done, used or of help, by its stem.
fn is_completion(stem: &str) -> bool {
    matches!(
        stem,
        "finish"
            | "complet"
            | "do"
            | "done"
            | "deploy"
            | "releas"
            | "launch"
            | "ship"
            | "live"
            | "use"
            | "adopt"
            | "merg"
            | "accept"
            | "approv"
            | "implement"
            | "carri"
            | "carry"
            | "help"
            | "work"
            | "success"
            | "test"
            | "readi"
            | "ready"
            | "production"
            | "roll"
            | "publish"
            | "mine"
            | "go"
            | "build"
            | "built"
    )
}

fn is_finite(lexicon: &Lexicon, bullet: &Reading, at: usize) -> bool {
    let word = word(bullet, at);
    word.ends_with("n't")
        || matches!(word, "is" | "are" | "was" | "were" | "had" | "has" | "have" | "did" | "does" | "do" | "won't" | "would" | "will")
        || word.ends_with("ed")
        || lexicon.verb(word).is_some_and(|form| form.tense != Tense::Ing)
}

fn is_past(lexicon: &Lexicon, bullet: &Reading, at: usize) -> bool {
    lexicon.verb(word(bullet, at)).is_some_and(|form| form.tense == Tense::Past)
}
