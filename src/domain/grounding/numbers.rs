//! Is a number of a rewrite the number that was said? The value, the unit and the certainty must agree exactly; what is counted may be
//! told in other words, as long as no other number of the text counts that.

use super::Evidence;
use super::{Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::quantity::{Quantity, QuantityKind};

/// How many words before and behind a number may tell what it counts.
const BEFORE: usize = 6;
const BEHIND: usize = 8;

/// The place in the evidence that says this number: same claim first, then the same number of the same thing in other words.
pub(super) fn source<'a>(evidence: &'a Evidence, reading: &Reading, said: &Quantity) -> Option<&'a Quantity> {
    evidence.quantities().find(|known| known.same_claim(said)).or_else(|| {
        evidence.quantities().find(|known| {
            known.says_as_surely(said) && evidence.reading_of(known).is_some_and(|text| same_in_context(text, known, reading, said))
        })
    })
}

/// Whether a number of the rewrite tells this number of the bullet.
pub(super) fn tells(reading: &Reading, bullet: &Reading, known: &Quantity) -> bool {
    reading.quantities.iter().any(|said| said.same_value(known) || same_in_context(bullet, known, reading, said))
}

/// The same number in the same unit, near words that both texts share: `a table with 400M rows`, `a 400-million-row table`.
fn same_in_context(text: &Reading, known: &Quantity, reading: &Reading, said: &Quantity) -> bool {
    let alike = known.same_number(said)
        && (known.same_measure(said) || counts(known) && counts(said) && known.unit.is_empty() && said.unit.is_empty());
    if !alike || !counts(known) {
        return false;
    }
    // `300 services` for `2 services for 300 users`: the thing belongs to another number.
    let rival = |other: &Quantity| {
        other.value != said.value && !other.of.is_empty() && !said.of.is_empty() && other.same_measure(said) && other.same_thing(said)
    };
    if text.quantities.iter().any(|other| !std::ptr::eq(other, known) && rival(other)) {
        return false;
    }
    let near_known = near(text, known);
    let near_said = near(reading, said);
    // The head is what is counted: `14 payment teams` are no `14 payment services`.
    said.of.last().is_some_and(|head| near_known.contains(&head))
        || known.of.last().is_some_and(|head| near_said.contains(&head))
        || twins(text, known, reading, said)
}

/// Whether what both count are listed twins: `6 repos`, `six repositories`.
fn twins(text: &Reading, known: &Quantity, reading: &Reading, said: &Quantity) -> bool {
    let things = |text: &Reading, number: &Quantity| {
        let first = behind(text, number);
        text.listed
            .iter()
            .filter(move |listed| {
                (first..first + 3).contains(&listed.first) && text.tokens.get(listed.first).is_some_and(|token| names_a_thing(&token.lower))
            })
            .copied()
            .collect::<Vec<_>>()
    };
    let meant = things(text, known);
    things(reading, said).iter().any(|listed| meant.iter().any(|twin| listed.may_stand_for(*twin)))
}

const fn counts(number: &Quantity) -> bool {
    matches!(number.kind, QuantityKind::Count | QuantityKind::Rate)
}

fn behind(text: &Reading, number: &Quantity) -> usize {
    text.tokens.partition_point(|token| token.end <= number.folded.1)
}

/// The stems of the words around a number that say something.
fn near<'a>(text: &'a Reading, number: &Quantity) -> Vec<&'a String> {
    let first = text.tokens.partition_point(|token| token.start < number.folded.0).saturating_sub(BEFORE);
    let end = behind(text, number) + BEHIND;
    let words = text.tokens.iter().zip(&text.stems).take(end).skip(first);
    words.filter(|(token, _)| token.is_word() && token.lower.len() > 3 && text.quantity_at(token).is_none()).map(|(_, stem)| stem).collect()
}

/// Whether a word can name what is counted, and is no function word that happens to be listed.
fn names_a_thing(word: &str) -> bool {
    word.len() > 2
        && !matches!(
            word,
            "with" | "using" | "over" | "each" | "per" | "all" | "every" | "and" | "from" | "via" | "about" | "after" | "before" | "for"
        )
}

/// `250 students in each` told as `250 students in total`: the same number, of something else.
pub(super) fn totals(evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let word = |text: &Reading, at: usize| text.tokens.get(at).map(|token| token.lower.clone()).unwrap_or_default();
    let is_total = |text: &Reading, at: usize| match word(text, at).as_str() {
        "total" | "overall" | "altogether" | "combined" => true,
        "all" => at > 0 && word(text, at - 1) == "in",
        _ => false,
    };
    let shares = |text: &Reading, number: &Quantity| {
        (behind(text, number)..behind(text, number) + 5).any(|at| matches!(word(text, at).as_str(), "each" | "apiece" | "per"))
    };
    for said in &reading.quantities {
        let first = behind(reading, said);
        let before = reading.tokens.partition_point(|token| token.start < said.folded.0);
        let Some(at) = (before.saturating_sub(3)..first + 5).find(|at| is_total(reading, *at)) else { continue };
        let known = source(evidence, reading, said);
        if known.is_some_and(|known| {
            evidence.reading_of(known).is_some_and(|text| shares(text, known) && !(0..text.tokens.len()).any(|at| is_total(text, at)))
        }) {
            let words = reading.span(at, at + 1);
            found.push(Violation::new(ViolationCode::ChangedQuantity, said.span.join(words), "tells as a total what was said of each"));
        }
    }
}
