//! Named technologies, versions, proper names and links: each must stand in the evidence, under one of its names.

use super::align::Alignment;
use super::denial::denied;
use super::{Evidence, Violation, ViolationCode};
use crate::domain::english::denies;
use crate::domain::facts::{Reading, Technology};
use crate::domain::lexicon::Lexicon;
use crate::domain::text::{Span, TokenKind};

pub(super) fn findings(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    technologies(lexicon, evidence, reading, alignment, found);
    narrowed(lexicon, evidence, reading, found);
    names(lexicon, evidence, reading, alignment, found);
}

/// What only another bullet or the job description says.
pub(super) fn foreign(span: Span, words: &str) -> Violation {
    Violation::new(
        ViolationCode::ForeignFact,
        span,
        format!("\"{words}\" comes from another bullet or the job description, not from this one"),
    )
}

fn technologies(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    let still_denied = denied(reading);
    for said in &reading.technologies {
        let words = said.span.of(&reading.raw);
        if evidence.bullet_denies(&said.id) && !still_denied.contains(&said.id) && !gives_up(reading, said) {
            let told = Violation::new(ViolationCode::NegationFlip, said.span, format!("the bullet denies \"{words}\""));
            let question = format!("Your bullet denies something of \"{words}\". Does the rewrite still say so?");
            // `leaving Perl untouched`, `not the Scala ones`: the rewrite denies something too.
            let denies = reading.tokens.iter().any(|token| denies(&token.lower) || super::losses::tells_denial(&token.lower));
            // `used Redis, not Memcached` for the reverse: what was used is denied now.
            let exchanged = still_denied.iter().any(|id| !evidence.bullet_denies(id) && evidence.supports(id, lexicon));
            found.push(if denies && !exchanged { told.asked(question, None) } else { told });
            continue;
        }
        let version_known = said.version.as_ref().is_none_or(|version| {
            evidence.readings().any(|text| {
                text.technologies.iter().any(|known| known.id == said.id && known.version.as_ref() == Some(version))
                    // `from version 8 to 14`, `php5`: the name and the number stand apart, or together.
                    || holds_version(text, version)
            })
        });
        // `with a time to live of [duration]`: the slot asks for it.
        let asked = lexicon.is_generic(&said.id)
            && (said.end..said.end + 3).any(|at| reading.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Slot));
        let is_told = !alignment.places(said.first).is_empty() || alignment.receipts.iter().any(|receipt| receipt.span.overlaps(said.span));
        if (is_told || asked) && !evidence.denies(&said.id) && version_known {
            continue;
        }
        // `php -> go`: the word stands there, and may be the name.
        let as_word = said.end == said.first + 1
            && said.version.is_none()
            && !evidence.denies(&said.id)
            && reading.tokens.get(said.first).is_some_and(|token| !evidence.known.same(&token.lower).is_empty());
        if as_word {
            let question = format!("The rewrite says \"{words}\". Is that what your text means by the word?");
            found.push(
                Violation::new(ViolationCode::NewTechnology, said.span, format!("\"{words}\" may be a word in your text"))
                    .asked(question, None),
            );
        } else if evidence.foreign.iter().any(|text| text.supports(&said.id, lexicon)) && !evidence.supports(&said.id, lexicon) {
            found.push(foreign(said.span, &words));
        } else {
            found.push(Violation::new(
                ViolationCode::NewTechnology,
                said.span,
                format!("nobody said \"{words}\"; make it a slot or leave it out"),
            ));
        }
    }
}

/// Whether a text holds this version, as a word of its own or at the end of one.
fn holds_version(text: &Reading, version: &str) -> bool {
    text.tokens.iter().any(|token| {
        token.lower.strip_suffix(version).is_some_and(|rest| rest.chars().all(|c| c.is_alphabetic() || c == '-') && !rest.ends_with("ms"))
    })
}

/// `gRPC instead of JSON` told as `Replaced JSON with gRPC`, `from JSON to gRPC`.
fn gives_up(reading: &Reading, said: &Technology) -> bool {
    let mut before = reading.tokens.iter().take(said.first).rev().take(3);
    before.any(|token| token.lower.starts_with("replac") || matches!(token.lower.as_str(), "from" | "off" | "over"))
}

/// `relational database` for `database`: the narrower word for the wider one that was said.
fn narrowed(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    for said in &reading.classes {
        let known = || evidence.readings().flat_map(|text| text.technologies.iter().chain(&text.classes));
        if !known().any(|known| lexicon.is_kind_of(&known.id, &said.id)) && known().any(|known| lexicon.is_kind_of(&said.id, &known.id)) {
            let words = said.span.of(&reading.raw);
            let message = format!("\"{words}\" says more than the wider word that was said");
            found.push(Violation::new(ViolationCode::NewTechnology, said.span, message));
        }
    }
}

/// A word that is written like a name and that nobody wrote.
fn names(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    for at in reading.names.iter().filter(|at| alignment.missing.contains(at)) {
        let Some(token) = reading.tokens.get(*at) else { continue };
        // `Agile`, `Quick Start`: a plain word in capitals is a word, not a name, and is asked about like one.
        let own = token.lower.strip_suffix("'s").unwrap_or(&token.lower);
        let is_plain = lexicon.dictionary().knows(own) && token.text.chars().skip(1).all(|c| !c.is_uppercase());
        if is_plain || in_slot_clause(reading, *at) {
            continue;
        }
        if evidence.foreign.iter().any(|text| text.tokens.iter().any(|known| known.lower == token.lower)) {
            found.push(foreign(token.span, &token.text));
        } else {
            found.push(Violation::new(ViolationCode::NewProperNoun, token.span, format!("nobody named \"{}\"", token.text)));
        }
    }
}

/// A name beside an open slot is left to the answer.
fn in_slot_clause(reading: &Reading, at: usize) -> bool {
    reading.tokens.iter().skip(at + 1).take(3).any(|token| token.kind == TokenKind::Slot)
}
