//! Words of a rewrite that nothing in the evidence says: code cannot know whether they say the same, so it asks, word by word.

use super::align::{Alignment, span_of};
use super::{Cited, Evidence, Side, Violation, ViolationCode};
use crate::domain::english::{Governor, Part, VerbForm};
use crate::domain::facts::Reading;

pub(super) fn findings(evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    let told = |at: &usize| reading.tokens.get(*at).is_none_or(|token| found_at(found, token.span) || reading.quantity_at(token).is_some());
    let open: Vec<usize> = alignment.missing.iter().copied().filter(|at| !told(at)).collect();
    let mut new = Vec::new();
    for run in open.iter().map(std::slice::from_ref) {
        let Some(span) = span_of(reading, run) else { continue };
        let words = span.of(&reading.raw);
        let code = code_of(evidence, reading, run);
        let (said, from) = counterpart(evidence, reading, alignment, run);
        let question = match &said {
            Some(said) => format!("Your text says \"{said}\"; the rewrite says \"{words}\". Is that the same?"),
            None => format!("The rewrite says \"{words}\", and your text does not. Was it so?"),
        };
        new.push(Violation::new(code, span, format!("nothing in your text says \"{words}\"")).asked(question, from));
    }
    found.extend(new);
}

fn found_at(found: &[Violation], span: crate::domain::text::Span) -> bool {
    found.iter().any(|told| told.side == Side::Rewrite && told.code <= ViolationCode::NegationFlip && told.span.overlaps(span))
}

/// What kind of claim the words make: what only another text says, a result, a modifier, or another word.
fn code_of(evidence: &Evidence, reading: &Reading, run: &[usize]) -> ViolationCode {
    let is_foreign = |at: &usize| {
        let lemma = reading.english.lemma(*at);
        lemma.is_some() && evidence.foreign.iter().any(|text| text.english.words.iter().any(|word| Some(word.lemma) == lemma))
    };
    if run.iter().all(is_foreign) {
        return ViolationCode::ForeignFact;
    }
    let in_result = |at: &usize| {
        reading.english.verbs.iter().any(|verb| {
            verb.verb == *at
                && (verb.governor == Governor::Comma && verb.form == VerbForm::Gerund || matches!(verb.governor, Governor::Purpose))
        })
    };
    if run.iter().any(in_result) {
        return ViolationCode::InventedOutcome;
    }
    let modifies = run.iter().all(|at| matches!(reading.english.part(*at), Part::Adjective | Part::Adverb));
    if modifies { ViolationCode::ScopeUp } else { ViolationCode::NoReceipt }
}

/// The words of the evidence that stand where these words stand: between what both texts say before and behind them.
fn counterpart(evidence: &Evidence, reading: &Reading, alignment: &Alignment, run: &[usize]) -> (Option<String>, Option<Cited>) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return (None, None) };
    let in_bullet = |at: usize| alignment.places(at).iter().find(|place| place.text == 0).map(|place| place.at);
    let before = (0..*first).rev().take(4).find_map(in_bullet);
    let behind = (last + 1..reading.tokens.len()).take(4).find_map(in_bullet);
    let bullet = &evidence.bullet;
    let (first, end) = match (before, behind) {
        (Some(before), Some(behind)) if before < behind && behind - before < 10 => (before, behind + 1),
        (None, Some(behind)) => (behind.saturating_sub(4), behind + 1),
        (Some(before), _) => (before, (before + 6).min(bullet.tokens.len())),
        (None, None) => return (None, None),
    };
    let span = bullet.span(first, end);
    (Some(span.of(&bullet.raw)), Some(Cited { side: Side::Bullet, span }))
}
