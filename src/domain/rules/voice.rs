//! Passive to active: `Indexes were added to slow tables` → `Added indexes to slow tables`.

use super::articles::{self, Number};
use super::words::{Words, ends_phrase};
use crate::domain::lexicon::{Lexicon, Tense, Tier, Verb};

const BE: [&str; 4] = ["was", "were", "is", "are"];
/// Participles that carry no deed of their own; the deed is in the subject.
const LIGHT: [&str; 5] = ["done", "performed", "conducted", "carried", "made"];

/// Turns a passive sentence round; one that names somebody else as the doer stays.
pub(super) fn active(lexicon: &Lexicon, words: &mut Words) {
    // A second passive of the sentence first, as its words stand behind those of the first.
    if let Some(passive) = find(lexicon, words, 0) {
        if let Some(second) = (passive.rest..words.len()).find(|at| words.lower(*at) == "and").and_then(|and| find(lexicon, words, and + 1))
        {
            turn(lexicon, words, &second);
        }
        if let Some(passive) = find(lexicon, words, 0) {
            turn(lexicon, words, &passive);
        }
    }
}

struct Passive<'a> {
    /// First word of the subject.
    subject: usize,
    /// The `was`.
    be: usize,
    /// One past the participle.
    rest: usize,
    verb: &'a Verb,
}

/// A passive whose subject begins at `from`.
fn find<'a>(lexicon: &'a Lexicon, words: &Words, from: usize) -> Option<Passive<'a>> {
    let be = (from + 1..words.len().min(from + 9))
        .find(|at| words.is_one_of(*at, &BE) || words.says(*at, &["has", "been"]) || words.says(*at, &["have", "been"]))?;
    let participle = be + if BE.contains(&words.lower(be)) { 1 } else { 2 };
    let participle = participle + usize::from(words.lower(participle).ends_with("ly") || words.is_one_of(participle, &["also"]));
    let clause = (from..be)
        .any(|at| words.is_one_of(at, &["that", "which", "who", ",", ";", "when", "i", "we", "he", "she", "they", "it", "this", "there"]));
    // `Tests written in Go were …`, `Responsible for … was`: a subject with a verb of its own is left alone.
    let deed = words.verb_in(lexicon, from, Tense::Past).is_some() && !words.is_one_of(from + 1, &["level"]);
    let form = words.verb_in(lexicon, participle, Tense::Past)?;
    let rest = participle + 1 + usize::from(words.says(participle, &["carried", "out"]) || words.says(participle, &["set", "up"]));
    // `requirements given by the client`: the client gave them and did not do the rest.
    let agent = words.find(rest, &["by"]).is_some_and(|by| {
        let of_another = by > rest && words.verb_in(lexicon, by - 1, Tense::Past).is_some();
        words.verb_in(lexicon, by + 1, Tense::Ing).is_none() && !of_another
    });
    // `Passwords were stored in plain text, I changed it`: the deed stands behind, and the passive tells what was wrong.
    let deed_behind = (rest..words.len()).any(|at| {
        words.is_one_of(at, &["i", "we"]) && words.lower(at + 1) != "/"
            || matches!(words.before(at), "," | ";") && words.verb_in(lexicon, at, Tense::Past).is_some()
    });
    let sound = form.verb.tier <= Tier::Did && !matches!(form.verb.base.as_str(), "be" | "have" | "give" | "tell" | "know");
    (!clause && !deed && !agent && !deed_behind && sound).then_some(Passive { subject: from, be, rest, verb: form.verb })
}

fn turn(lexicon: &Lexicon, words: &mut Words, passive: &Passive<'_>) {
    let &Passive { subject, be, rest, verb } = passive;
    let light = LIGHT.contains(&words.lower(rest - 1)) || words.says(rest - 2, &["carried", "out"]);
    let particle = if words.lower(rest - 1) == "up" { " up" } else { "" };
    words.take(be..rest);
    words.lower_first(subject);
    if light && let Some((past, noun)) = deed_of(words, subject, be) {
        words.replace(noun..noun + 1, "");
        words.replace(subject..subject, past);
        return;
    }
    let first = words.lower(subject).to_owned();
    words.replace(subject..subject, &format!("{}{particle}", verb.past));
    let creates = verb.groups.iter().any(|group| group == "build" || group == "write") || verb.base == "set";
    let number = if creates { Number::New } else { Number::Known };
    if !matches!(first.as_str(), "the" | "a" | "an" | "all" | "new" | "its") {
        articles::before(lexicon, words, subject + 1 + usize::from(!particle.is_empty()), number);
    }
}

/// `Code reviews were done` → `Reviewed code`: the past of the deed that the subject names, and the place of its noun.
fn deed_of(words: &Words, subject: usize, be: usize) -> Option<(&'static str, usize)> {
    const DEEDS: [(&str, &str); 12] = [
        ("reviews", "reviewed"),
        ("review", "reviewed"),
        ("testing", "tested"),
        ("migration", "migrated"),
        ("deployment", "deployed"),
        ("deployments", "deployed"),
        ("development", "developed"),
        ("integration", "integrated"),
        ("configuration", "configured"),
        ("optimization", "optimized"),
        ("analysis", "analyzed"),
        ("refactoring", "refactored"),
    ];
    let noun = be.checked_sub(1).filter(|noun| *noun > subject && (subject..*noun).all(|at| !ends_phrase(words.lower(at))))?;
    // `unit testing was done` names a kind of test and no unit.
    let kind =
        words.is_one_of(noun - 1, &["unit", "load", "smoke", "regression", "integration", "manual", "automated", "stress", "functional"]);
    let (_, past) = DEEDS.iter().find(|(known, _)| words.lower(noun) == *known).filter(|_| !kind)?;
    Some((past, noun))
}
