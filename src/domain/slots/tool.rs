//! An answer that names a tool: one technology that the word lists know, in its own spelling, or one product that they do not.

use super::answer::{Refusal, refuse, shown};
use super::place::Place;
use crate::domain::facts::{Reading, Technology};
use crate::domain::lexicon::{Lexicon, Tense};
use crate::domain::quantity::Quantity;
use crate::domain::text::Token;

/// The most words that the name of a product has.
const MOST_WORDS: usize = 4;

/// Reads the name of one tool.
pub(super) fn read(lexicon: &Lexicon, place: &Place<'_>, reading: &Reading) -> Result<String, Refusal> {
    let said = shown(&reading.raw);
    if let Some(name) = known(lexicon, &reading.raw) {
        return Ok(name);
    }
    if let Some(name) = with_its_class(lexicon, reading) {
        return Ok(name);
    }
    let ids: Vec<&str> = reading.technologies.iter().map(|known| known.id.as_str()).collect();
    let related = |one: &&str| ids.iter().any(|other| other != one && (lexicon.is_kind_of(other, one) || lexicon.is_kind_of(one, "cloud")));
    let several = ids.iter().filter(|id| !related(id)).count() > 1;
    let joined = reading.tokens.iter().any(|token| matches!(token.lower.as_str(), "and" | "or" | "/" | "&" | "+" | "with" | "," | "plus"));
    if several || (joined && !ids.is_empty()) {
        return refuse(format!(
            "\"{said}\" names more than one thing; name the one that [{}] asks for, and put the others into the facts",
            place.slot.label
        ));
    }
    product(lexicon, place, reading)
}

/// The technology that is all of the answer, spelled as it is spelled; case does not matter, as a name was asked for.
fn known(lexicon: &Lexicon, said: &str) -> Option<String> {
    let capitalised = said.split(' ').map(title).collect::<Vec<_>>().join(" ");
    let cases = [said.to_owned(), format!("using {said}"), format!("using {capitalised}"), format!("using {}", said.to_uppercase())];
    cases.iter().find_map(|case| {
        let reading = Reading::new(case, lexicon);
        let skipped = usize::from(case.len() > said.len());
        let [Technology { id, first, end, span: _, version }] = reading.technologies.as_slice() else { return None };
        let whole = *first == skipped && *end == reading.tokens.len();
        // `Redis-like` holds a name and is none.
        let spelled_out = Reading::new(&said.replace(['-', '_'], " "), lexicon);
        let hidden = reading.tokens.get(*first).is_some_and(|token| token.text.contains(['-', '_', '\'']))
            && spelled_out.technologies.iter().all(|known| known.end - known.first < spelled_out.tokens.len());
        (whole && !hidden).then(|| {
            let name = lexicon.display(id);
            version.as_ref().map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
        })
    })
}

/// `redis cache` is Redis: the class says nothing that the name does not.
fn with_its_class(lexicon: &Lexicon, reading: &Reading) -> Option<String> {
    let [technology] = reading.technologies.as_slice() else { return None };
    let rest = || (0..reading.tokens.len()).filter(|at| !(technology.first..technology.end).contains(at));
    let says_no_more = |at: usize| reading.class_at(at).is_some_and(|class| lexicon.is_kind_of(&technology.id, &class.id));
    (rest().next().is_some() && rest().all(says_no_more)).then(|| known(lexicon, &technology.span.of(&reading.raw)))?
}

fn title(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A product that the word lists do not know, as it was written.
fn product(lexicon: &Lexicon, place: &Place<'_>, reading: &Reading) -> Result<String, Refusal> {
    let said = shown(&reading.raw);
    let label = &place.slot.label;
    let tokens = &reading.tokens;
    let phrases = lexicon.phrases();
    if tokens.iter().all(|token| reading.quantity_at(token).is_some() || !token.text.contains(char::is_alphabetic)) {
        return refuse(format!("\"{said}\" is a number, and [{label}] asks for the name of a tool"));
    }
    let article = usize::from(tokens.first().is_some_and(|first| matches!(first.lower.as_str(), "a" | "an" | "the" | "some")));
    let generic = tokens.len() > article && (article..tokens.len()).all(|at| reading.class_at(at).is_some());
    if generic {
        return refuse(format!("\"{said}\" is a kind of tool, not its name; give the name of the product, or leave it empty"));
    }
    let words = tokens.iter().filter(|token| token.is_word()).count();
    if words > MOST_WORDS || words < tokens.len() || tokens.iter().any(|token| phrases.glue.has_word(&token.lower)) {
        return refuse(format!("[{label}] asks for the name of one tool, in at most {MOST_WORDS} words; give the name alone"));
    }
    // A number at the end may be a version: `Varnish 6.0`.
    let is_version = |known: &Quantity| {
        tokens.last().is_some_and(|last| known.folded.0 == last.start && last.text.chars().all(|c| c.is_ascii_digit() || c == '.'))
    };
    if let Some(number) = reading.quantities.iter().find(|known| !is_version(known)) {
        return refuse(format!("leave out \"{}\"; [{label}] asks for the name of a tool alone", shown(&number.span.of(&reading.raw))));
    }
    let tense = |token: &Token| lexicon.verb(&token.lower).map(|form| form.tense);
    let deed = tokens.iter().enumerate().any(|(at, token)| match tense(token) {
        Some(Tense::Past) => at == 0 || !token.text.starts_with(char::is_uppercase),
        Some(Tense::Ing) => !token.text.starts_with(char::is_uppercase),
        Some(Tense::Base | Tense::Third) | None => false,
    });
    let named = tokens.iter().any(|token| token.text.contains(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    let ordinary = |token: &Token| {
        [&phrases.vague, &phrases.fillers, &phrases.soft_words, &phrases.comparatives, &phrases.scope_words]
            .iter()
            .any(|set| set.has_word(&token.lower))
            || is_ordinary(&token.lower)
            || tense(token).is_some()
    };
    // `Redis-like` borrows a name, `in-house` is none.
    let compound = |token: &Token| {
        token
            .lower
            .split_once('-')
            .is_some_and(|(first, _)| phrases.glue.has_word(first) || matches!(first, "self" | "home" | "hand" | "custom" | "open"))
            || token
                .lower
                .rsplit_once('-')
                .is_some_and(|(_, last)| matches!(last, "like" | "based" | "style" | "ish" | "compatible" | "backed"))
    };
    let widens = !reading.scope.is_empty()
        || tokens.iter().any(|token| phrases.vague.has_word(&token.lower) || phrases.soft_words.has_word(&token.lower));
    if deed
        || widens
        || tokens.iter().any(compound)
        || tokens.iter().all(ordinary)
        || (!named && (words > 1 || tokens.iter().any(ordinary)))
    {
        return refuse(format!("\"{said}\" does not look like the name of a tool; write the name as its makers do, or leave it empty"));
    }
    Ok(reading.raw.clone())
}

/// Words that people answer with when they do not name anything.
fn is_ordinary(word: &str) -> bool {
    const WORDS: [&str; 30] = [
        "yes",
        "yeah",
        "yep",
        "ok",
        "okay",
        "maybe",
        "other",
        "something",
        "anything",
        "everything",
        "stuff",
        "thing",
        "things",
        "fast",
        "slow",
        "good",
        "great",
        "best",
        "nice",
        "small",
        "large",
        "custom",
        "proprietary",
        "internal",
        "standard",
        "tool",
        "tools",
        "same",
        "true",
        "false",
    ];
    WORDS.contains(&word)
}
