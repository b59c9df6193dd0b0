//! Does a rise or a fall that a rewrite tells agree with what was said?

use super::receipts::Found;
use super::{Evidence, ReceiptKind, Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::lexicon::Lexicon;
use crate::domain::quantity::{Quantity, Role};
use crate::domain::text::TokenKind;

/// Verbs that tell a change and no direction: `bringing p95 from 300 ms to 40 ms`.
const MOVES: [&str; 13] = ["bring", "take", "go", "move", "get", "push", "drive", "chang", "improv", "speed", "acceler", "quicken", "come"];

/// `cutting p95 from 300 ms to 40 ms` where the facts say `p95 went from 300ms to 40ms`: the two numbers vouch for the verb.
/// `Lowered memory by 40%` where they say that it fell: the word of the same direction does.
pub(super) fn receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let phrases = lexicon.phrases();
    let stem = reading.stems.get(at)?;
    let (falls, rises) = (phrases.is_decrease(stem), phrases.is_increase(stem));
    let moves = MOVES.contains(&stem.as_str());
    if falls == rises && !moves {
        return None;
    }
    measured(evidence, reading, at, falls.then_some(true).or(rises.then_some(false))).or_else(|| said_so(lexicon, evidence, falls, rises))
}

fn measured(evidence: &Evidence, reading: &Reading, at: usize, falls: Option<bool>) -> Option<Found> {
    let token = reading.tokens.get(at)?;
    let mut behind = reading.quantities.iter().skip_while(|known| known.folded.0 < token.end);
    let (from, to) = (behind.next()?, behind.next()?);
    let known = |said: &Quantity| super::numbers::source(evidence, reading, said);
    let (known_from, _) = (known(from)?, known(to)?);
    let shrinks = to.value.is_less(from.value)?;
    let fits = from.role == Role::From
        && to.role == Role::To
        && from.kind == to.kind
        && from.unit == to.unit
        && falls.is_none_or(|falls| falls == shrinks);
    let kind = if evidence.bullet.quantities.contains(known_from) { ReceiptKind::Paraphrase } else { ReceiptKind::Fact };
    fits.then_some((kind, Some(known_from.span), 1))
}

/// A word of the evidence that says the same direction of something measured.
fn said_so(lexicon: &Lexicon, evidence: &Evidence, falls: bool, rises: bool) -> Option<Found> {
    let phrases = lexicon.phrases();
    let down = |word: &str, stem: &str| {
        phrases.is_decrease(stem) || matches!(word, "down" | "less" | "fewer" | "lower" | "shorter" | "smaller" | "cheaper")
    };
    let up = |word: &str, stem: &str| phrases.is_increase(stem) || matches!(word, "up" | "more" | "higher" | "larger" | "greater");
    evidence.readings().enumerate().filter(|(_, text)| !text.quantities.is_empty()).find_map(|(position, text)| {
        let place = text
            .tokens
            .iter()
            .zip(&text.stems)
            .position(|(token, stem)| falls && down(&token.lower, stem) || rises && up(&token.lower, stem))?;
        let kind = if position == 0 { ReceiptKind::Paraphrase } else { ReceiptKind::Fact };
        Some((kind, Some(text.span(place, place + 1)), 1))
    })
}

/// Verbs and objects that turn a rise into a fall, and moves told the wrong way round.
pub(super) fn violations(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let told = directions(lexicon, reading);
    let meant: Vec<(bool, String)> =
        evidence.readings().flat_map(|known| directions(lexicon, known)).map(|(_, rises, object)| (rises, object)).collect();
    for (at, rises, object) in &told {
        let (at, rises) = (*at, *rises);
        // `adding partial indexes and dropping dead ones` tells the fall as well.
        let still_told = told.iter().any(|(_, other, same)| *other != rises && same == object);
        let flipped = meant.contains(&(!rises, object.clone())) && !meant.contains(&(rises, object.clone())) && !still_told;
        if flipped && !in_slot_clause(reading, at) {
            found.push(Violation::new(ViolationCode::NegationFlip, reading.span(at, at + 1), "turns a rise into a fall, or the reverse"));
        }
    }
    swapped(lexicon, evidence, reading, found);
    order(lexicon, evidence, reading, found);
    let moves: Vec<(Role, &str)> = evidence.readings().flat_map(ends_of_moves).map(|(role, id, _)| (role, id)).collect();
    for (role, id, at) in ends_of_moves(reading) {
        let other = if role == Role::From { Role::To } else { Role::From };
        if moves.contains(&(other, id)) && !moves.contains(&(role, id)) {
            found.push(Violation::new(ViolationCode::NegationFlip, reading.span(at, at + 1), "tells a move the wrong way round"));
        }
    }
}

/// `Replaced Jenkins with GitHub Actions` the wrong way round: what the rewrite gives up is what the bullet keeps.
fn swapped(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let bullet = &evidence.bullet;
    let gone = given_up(lexicon, bullet);
    if gone.is_empty() {
        return;
    }
    for (at, stem) in given_up(lexicon, reading) {
        let kept = bullet.stems.contains(&stem) && !gone.iter().any(|(_, known)| *known == stem);
        let still_gone = gone.iter().any(|(_, known)| given_up(lexicon, reading).iter().any(|(_, other)| other == known));
        if kept && !still_gone {
            found.push(Violation::new(ViolationCode::NegationFlip, reading.span(at, at + 1), "gives up what the bullet keeps"));
        }
    }
}

/// What a text says was left behind: `from A to`, `replaced A with`, `instead of A`.
fn given_up(lexicon: &Lexicon, text: &Reading) -> Vec<(usize, String)> {
    let word = |at: usize| text.tokens.get(at).map_or("", |token| token.lower.as_str());
    let mut found = Vec::new();
    for at in 0..text.tokens.len() {
        let first = match word(at) {
            "from" if (at + 2..at + 8).any(|to| word(to) == "to") => at + 1,
            "replaced" | "replacing" | "replace" | "replaces" => at + 1,
            "instead" if word(at + 1) == "of" => at + 2,
            "rather" if word(at + 1) == "than" => at + 2,
            _ => continue,
        };
        let says = |at: &usize| {
            text.tokens
                .get(*at)
                .is_some_and(|token| token.is_word() && text.quantity_at(token).is_none() && !lexicon.phrases().glue.has_word(&token.lower))
        };
        let ends = |at: &usize| {
            text.tokens
                .get(*at)
                .is_none_or(|token| !token.is_word() || matches!(token.lower.as_str(), "to" | "with" | "by" | "for" | "in" | "and" | "on"))
        };
        let places = (first..text.tokens.len()).take_while(|at| !ends(at)).filter(says).take(4);
        found.extend(places.filter_map(|at| Some((at, text.stems.get(at)?.clone()))));
    }
    found
}

/// `before the cutover` told as `after the cutover`.
fn order(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let later = |word: &str| matches!(word, "after" | "following" | "once");
    let earlier = |word: &str| matches!(word, "before" | "until" | "prior");
    let head = |text: &Reading, at: usize| {
        let says = |at: &usize| text.tokens.get(*at).is_some_and(|token| token.is_word() && !lexicon.phrases().glue.has_word(&token.lower));
        (at + 1..text.tokens.len()).take(5).find(says).and_then(|at| text.stems.get(at)).cloned()
    };
    let told = |text: &Reading, is: &dyn Fn(&str) -> bool| -> Vec<(usize, String)> {
        text.tokens.iter().enumerate().filter(|(_, token)| is(&token.lower)).filter_map(|(at, _)| Some((at, head(text, at)?))).collect()
    };
    let bullet = &evidence.bullet;
    for (one, other) in [(&later as &dyn Fn(&str) -> bool, &earlier as &dyn Fn(&str) -> bool), (&earlier, &later)] {
        let (meant, same) = (told(bullet, other), told(bullet, one));
        for (at, stem) in told(reading, one) {
            if meant.iter().any(|(_, known)| *known == stem) && !same.iter().any(|(_, known)| *known == stem) {
                found.push(Violation::new(
                    ViolationCode::NegationFlip,
                    reading.span(at, at + 1),
                    "turns before into after, or the reverse",
                ));
            }
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
