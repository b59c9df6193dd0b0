//! Does a rise or a fall that a rewrite tells agree with what was said?

use super::receipts::Found;
use super::{Evidence, ReceiptKind, Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::lexicon::Lexicon;
use crate::domain::quantity::{Quantity, Role};
use crate::domain::text::TokenKind;

/// `cutting p95 from 300 ms to 40 ms` where the facts say `p95 went from 300ms to 40ms`: the two numbers vouch for the verb.
pub(super) fn receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let phrases = lexicon.phrases();
    let stem = reading.stems.get(at)?;
    let falls = phrases.is_decrease(stem);
    if falls == phrases.is_increase(stem) {
        return None;
    }
    let token = reading.tokens.get(at)?;
    let mut behind = reading.quantities.iter().skip_while(|known| known.folded.0 < token.end);
    let (from, to) = (behind.next()?, behind.next()?);
    let known = |said: &Quantity| evidence.quantities().find(|known| known.same_claim(said) && known.role == said.role);
    let (known_from, _) = (known(from)?, known(to)?);
    let shrinks = to.value.is_less(from.value)?;
    let fits = from.role == Role::From && to.role == Role::To && from.same_measure(to) && shrinks == falls;
    let kind = if evidence.bullet.quantities.contains(known_from) { ReceiptKind::Paraphrase } else { ReceiptKind::Fact };
    fits.then_some((kind, Some(known_from.span), 1))
}

/// Verbs and objects that turn a rise into a fall, and moves told the wrong way round.
pub(super) fn violations(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let told = directions(lexicon, reading);
    let meant: Vec<(bool, String)> =
        evidence.readings().flat_map(|known| directions(lexicon, known)).map(|(_, rises, object)| (rises, object)).collect();
    for (at, rises, object) in told {
        let flipped = meant.contains(&(!rises, object.clone())) && !meant.contains(&(rises, object));
        if flipped && !in_slot_clause(reading, at) {
            found.push(Violation::new(ViolationCode::NegationFlip, reading.span(at, at + 1), "turns a rise into a fall, or the reverse"));
        }
    }
    let moves: Vec<(Role, &str)> = evidence.readings().flat_map(ends_of_moves).map(|(role, id, _)| (role, id)).collect();
    for (role, id, at) in ends_of_moves(reading) {
        let other = if role == Role::From { Role::To } else { Role::From };
        if moves.contains(&(other, id)) && !moves.contains(&(role, id)) {
            found.push(Violation::new(ViolationCode::NegationFlip, reading.span(at, at + 1), "tells a move the wrong way round"));
        }
    }
}

/// Every verb of rise or fall with the words that it may be about, by their stems.
fn directions(lexicon: &Lexicon, text: &Reading) -> Vec<(usize, bool, String)> {
    let phrases = lexicon.phrases();
    let mut found = Vec::new();
    for (at, stem) in text.stems.iter().enumerate() {
        let rises = phrases.is_increase(stem);
        if rises == phrases.is_decrease(stem) || text.tokens.get(at).is_some_and(|token| text.quantity_at(token).is_some()) {
            continue;
        }
        let behind = text.tokens.iter().zip(&text.stems).skip(at + 1).take(5);
        let objects = behind.take_while(|(token, stem)| {
            token.is_word()
                && !matches!(token.lower.as_str(), "and" | "by" | "while" | "to" | "from" | "with" | "for" | "in" | "using" | "via")
                && !phrases.is_increase(stem)
                && !phrases.is_decrease(stem)
        });
        found.extend(objects.filter(|(token, _)| !phrases.glue.has_word(&token.lower)).map(|(_, stem)| (at, rises, stem.clone())));
    }
    found
}

/// `from MySQL to PostgreSQL`: the ends of a move, by id.
fn ends_of_moves(text: &Reading) -> Vec<(Role, &str, usize)> {
    let before = |at: usize| at.checked_sub(1).and_then(|at| text.tokens.get(at)).map_or("", |token| token.lower.as_str());
    let mut open = false;
    let mut found = Vec::new();
    for known in &text.technologies {
        match before(known.first) {
            "from" => {
                open = true;
                found.push((Role::From, known.id.as_str(), known.first));
            }
            "to" if open => found.push((Role::To, known.id.as_str(), known.first)),
            _ => {}
        }
    }
    found
}

/// Whether a slot stands in the clause of this token: its value is not told yet.
pub(super) fn in_slot_clause(reading: &Reading, at: usize) -> bool {
    reading.clauses.iter().any(|clause| {
        (clause.first..clause.end).contains(&at)
            && reading.tokens.iter().skip(clause.first).take(clause.end - clause.first).any(|token| token.kind == TokenKind::Slot)
    })
}
