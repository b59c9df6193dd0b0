//! A noun that names a deed opens as its verb: `REST API development` → `Developed a REST API`, `migration of X` → `Migrated X`.

use super::articles::{self, Number};
use super::words::{Words, ends_phrase};
use crate::domain::lexicon::{Lexicon, Tense, Tier};

/// Nouns of doing and the past of their verbs; the verb has the same root, so that the noun vouches for it.
const DEEDS: [(&str, &str); 46] = [
    ("development", "developed"),
    ("developement", "developed"),
    ("implementation", "implemented"),
    ("implementing", "implemented"),
    ("migration", "migrated"),
    ("integration", "integrated"),
    ("configuration", "configured"),
    ("deployment", "deployed"),
    ("maintenance", "maintained"),
    ("creation", "created"),
    ("optimization", "optimized"),
    ("optimisation", "optimised"),
    ("refactoring", "refactored"),
    ("automation", "automated"),
    ("installation", "installed"),
    ("administration", "administered"),
    ("analysis", "analyzed"),
    ("debugging", "debugged"),
    ("troubleshooting", "troubleshot"),
    ("customization", "customized"),
    ("customisation", "customised"),
    ("conversion", "converted"),
    ("containerization", "containerized"),
    ("containerisation", "containerised"),
    ("modernization", "modernized"),
    ("monitoring", "monitored"),
    ("testing", "tested"),
    ("upgrade", "upgraded"),
    ("upgrading", "upgraded"),
    ("building", "built"),
    ("creating", "created"),
    ("writing", "wrote"),
    ("fixing", "fixed"),
    ("validation", "validated"),
    ("generation", "generated"),
    ("processing", "processed"),
    ("parsing", "parsed"),
    ("replacement", "replaced"),
    ("removal", "removed"),
    ("extraction", "extracted"),
    ("encryption", "encrypted"),
    ("normalization", "normalized"),
    ("standardization", "standardized"),
    ("preparation", "prepared"),
    ("coordination", "coordinated"),
    ("documentation", "documented"),
];

/// Opens with the verb of the noun; false, and nothing changed, where the first phrase names no deed.
pub(super) fn from_noun(lexicon: &Lexicon, words: &mut Words) -> bool {
    let article = usize::from(words.is_one_of(0, &["the", "a", "an"]));
    let end = (article..words.len()).find(|at| !words.is_word(*at) || ends_phrase(words.lower(*at))).unwrap_or(words.len());
    let Some(head) = end.checked_sub(1).filter(|head| *head >= article) else { return false };
    let past = |at: usize| DEEDS.iter().find(|(noun, _)| words.lower(at) == *noun).map(|(_, past)| *past);
    let known = |past: &str| lexicon.verb(past).is_some();
    if head == article {
        // `Development and maintenance of the billing module`
        let second = (words.lower(end) == "and").then(|| past(end + 1)).flatten();
        let of = if second.is_some() { end + 2 } else { end };
        let Some(first) = past(head).filter(|past| words.lower(of) == "of" && words.is_word(of + 1) && known(past)) else { return false };
        let text = second.map_or_else(|| first.to_owned(), |second| format!("{first} and {second}"));
        words.replace(0..of + 1, &text);
        return true;
    }
    // `Unit testing`, `load testing`, `data processing pipeline`: kinds of work, not of things.
    let kind = words.is_one_of(
        head - 1,
        &["unit", "load", "smoke", "regression", "integration", "manual", "stress", "functional", "system", "qa", "end-to-end", "software"],
    );
    let joined = words.lower(end) == "and" || words.lower(end) == "," || words.lower(end) == "of" || words.lower(head) == "documentation";
    let Some(first) = past(head).filter(|past| !kind && !joined && known(past)) else { return false };
    words.take(head..head + 1);
    words.take(0..article);
    words.lower_first(0);
    words.replace(0..0, first);
    articles::before(lexicon, words, 1, Number::New);
    true
}

/// `Sessions stored in Redis` → `Stored sessions in Redis`: a plural, the participle, and where or with what.
pub(super) fn from_participle(lexicon: &Lexicon, words: &mut Words) -> bool {
    let plural = |at: usize| words.lower(at).ends_with('s') && !words.lower(at).ends_with("ss");
    let Some(at) = (1..words.len().min(5)).find(|at| words.verb_in(lexicon, *at, Tense::Past).is_some()) else { return false };
    let where_to = words.is_one_of(at + 1, &["in", "to", "from", "on", "with", "using", "for", "into", "via"]);
    let subject = (0..at).all(|at| words.is_word(at) && !ends_phrase(words.lower(at))) && plural(at - 1);
    let Some(form) =
        words.verb(lexicon, at).filter(|form| where_to && subject && form.verb.tier <= Tier::Did && form.verb.past != form.verb.base)
    else {
        return false;
    };
    let past = form.verb.past.clone();
    words.take(at..at + 1);
    words.lower_first(0);
    words.replace(0..0, &past);
    true
}
