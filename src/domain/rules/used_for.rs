//! `Used Redis to cache sessions` → `Cached sessions with Redis`: the deed comes first, the tool behind it.

use super::words::{Piece, Words};
use crate::domain::lexicon::{Lexicon, Tense, Tier, VerbForm};

/// Puts the deed before the tool; false, and nothing changed, where the sentence holds more than one tool and one deed.
pub(super) fn turn_round(lexicon: &Lexicon, Words(pieces): &mut Words) -> bool {
    let uses = pieces
        .first()
        .and_then(|first| lexicon.verb(&first.lower))
        .is_some_and(|form| form.verb.groups.iter().any(|group| group == "use") && form.tense == Tense::Past);
    let lower = |at: usize| pieces.get(at).map_or("", |piece: &Piece| piece.lower.as_str());
    let Some(to) = (2..pieces.len().min(8)).find(|at| uses && matches!(lower(*at), "to" | "for")) else { return false };
    let stops = |piece: &Piece| matches!(piece.text.as_str(), "," | "." | ";" | "-" | ":" | "(");
    let end = pieces.iter().skip(to).position(stops).map_or(pieces.len(), |at| to + at);
    // Behind the deed only a clause of result may follow: `, cutting latency by 40%`.
    let tail_fits = pieces.get(end).is_none_or(|mark| mark.text == "." && end + 1 == pieces.len())
        || (lower(end) == "," && lexicon.verb(lower(end + 1)).is_some_and(|form| form.tense == Tense::Ing));
    if !tail_fits || pieces.iter().take(to).any(stops) {
        return false;
    }
    let Some((past, object)) = pieces.get(to..end).and_then(|purpose| deed(lexicon, purpose)) else { return false };
    let tail = pieces.split_off(end);
    pieces.truncate(to);
    let tool = pieces.split_off(1);
    *pieces = vec![Piece::word(past)];
    pieces.extend(object);
    pieces.push(Piece::word("with"));
    pieces.extend(tool);
    pieces.extend(tail);
    true
}

/// The deed a purpose names: the verb's past, and its object.
fn deed(lexicon: &Lexicon, purpose: &[Piece]) -> Option<(String, Vec<Piece>)> {
    let (word, rest) = purpose.split_first()?;
    let (next, object) = rest.split_first()?;
    match (word.lower.as_str(), lexicon.verb(&next.lower), object) {
        // `to cache sessions`, `for caching sessions`
        ("to", Some(VerbForm { verb, tense: Tense::Base }), [_, ..]) | ("for", Some(VerbForm { verb, tense: Tense::Ing }), [_, ..])
            if verb.tier <= Tier::Did && is_plain(lexicon, object) =>
        {
            Some((verb.past.clone(), object.to_vec()))
        }
        // `for message processing`
        ("for", _, [doing]) => {
            let form = lexicon.verb(&doing.lower).filter(|form| form.tense == Tense::Ing && form.verb.tier <= Tier::Did)?;
            Some((form.verb.past.clone(), vec![Piece::word(plural(&next.lower)?)]))
        }
        _ => None,
    }
}

/// An object without a second verb or a clause of its own, behind which `with` would be read with the wrong word.
fn is_plain(lexicon: &Lexicon, object: &[Piece]) -> bool {
    let first = object.first().map_or("", |piece| piece.lower.as_str());
    let verb = |piece: &Piece| lexicon.verb(&piece.lower).is_some();
    let second_deed =
        object.windows(2).any(|pair| matches!(pair, [join, next] if matches!(join.lower.as_str(), "and" | "or" | "to") && verb(next)));
    let clause = object.iter().any(|piece| {
        matches!(
            piece.lower.as_str(),
            "that"
                | "which"
                | "who"
                | "so"
                | "because"
                | "when"
                | "while"
                | "with"
                | "using"
                | "by"
                | "if"
                | "where"
                | "instead"
                | "without"
                | "as"
                | "for"
        )
    });
    !second_deed && !clause && !matches!(first, "and" | "or" | "to" | "of" | "in" | "with" | "on")
}

/// The form in which a noun can stand alone behind a verb; a closed list, as `text processing` is not about texts.
fn plural(noun: &str) -> Option<String> {
    const THINGS: [&str; 16] = [
        "message",
        "event",
        "job",
        "order",
        "payment",
        "image",
        "log",
        "session",
        "file",
        "email",
        "notification",
        "request",
        "record",
        "transaction",
        "task",
        "document",
    ];
    if matches!(noun, "data" | "traffic") || (noun.ends_with('s') && noun.len() > 3) {
        return Some(noun.to_owned());
    }
    THINGS.contains(&noun).then(|| format!("{noun}s"))
}
