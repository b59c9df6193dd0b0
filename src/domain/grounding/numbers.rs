//! Is a number of a rewrite the number that was said? The value, the unit and the certainty must agree exactly; what is counted may be
//! told in other words, as long as no other number of the text counts that.

use super::Evidence;
use super::{Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::quantity::{Decimal, Quantity, QuantityKind, Role, per, unit};

/// How many words before and behind a number may tell what it counts.
const BEFORE: usize = 6;
const BEHIND: usize = 8;
/// A text with more numbers than this is no bullet; its numbers are compared by themselves, so that the time stays in proportion to its length.
const MANY: usize = 40;

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
    let period = one_period(known);
    if is_told_as_double(reading, known) || is_told_as_one(reading, known) || is_told_as_none(reading, known) {
        return true;
    }
    reading.quantities.iter().any(|said| {
        said.same_value(known) || same_in_context(bullet, known, reading, said) || period.is_some() && period == Some(time_of(said))
    })
}

/// `1 web client` told as `one web client` or `a web client`.
fn is_told_as_one(reading: &Reading, known: &Quantity) -> bool {
    let is_one = known.kind == QuantityKind::Count && known.value == Decimal::new(1, 0) && known.per.is_empty();
    is_one
        && reading.tokens.iter().enumerate().any(|(at, token)| {
            matches!(token.lower.as_str(), "one" | "a" | "an" | "single")
                && reading.stems.iter().skip(at + 1).take(3).any(|stem| known.of.contains(stem))
        })
}

/// `charged twice` told as `double charges`.
fn is_told_as_double(reading: &Reading, known: &Quantity) -> bool {
    known.unit == "times"
        && known.value == Decimal::new(2, 0)
        && reading
            .tokens
            .iter()
            .any(|token| matches!(token.lower.as_str(), "double" | "duplicate" | "duplicates" | "doubled" | "double-booked"))
}

/// `0 findings` told as `zero findings` or `no findings`.
fn is_told_as_none(reading: &Reading, known: &Quantity) -> bool {
    known.value == Decimal::new(0, 0)
        && reading.tokens.iter().any(|token| matches!(token.lower.as_str(), "zero" | "no" | "none" | "without"))
}

/// The same number in the same unit, near words that both texts share: `a table with 400M rows`, `a 400-million-row table`.
fn same_in_context(text: &Reading, known: &Quantity, reading: &Reading, said: &Quantity) -> bool {
    if grows_alike(known, said) {
        return true;
    }
    if text.quantities.len().max(reading.quantities.len()) > MANY {
        return false;
    }
    let timed = known.same_number(said) && timed_elsewhere(text, known, reading, said);
    if timed && known.same_thing(said) {
        return true;
    }
    let alike = timed
        || known.same_number(said) && (known.same_measure(said) || counts(known) && counts(said) && is_plain(known) && is_plain(said));
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
    let classes = |text: &Reading, number: &Quantity| {
        let first = behind(text, number);
        text.classes.iter().filter(move |class| (first..first + 3).contains(&class.first)).map(|class| class.id.clone()).collect::<Vec<_>>()
    };
    let kinds = classes(text, known);
    things(reading, said).iter().any(|listed| meant.iter().any(|twin| listed.may_stand_for(*twin)))
        || !kinds.is_empty() && classes(reading, said).iter().any(|id| kinds.contains(id))
}

/// `doubled` and `rose by 100%`: twice as much is a whole more.
fn grows_alike(known: &Quantity, said: &Quantity) -> bool {
    let doubles = |one: &Quantity| one.kind == QuantityKind::Multiplier && one.unit == "x" && one.value == Decimal::new(2, 0);
    let adds_all = |one: &Quantity| one.kind == QuantityKind::Percent && one.role == Role::By && one.value == Decimal::new(100, 0);
    known.comparator == said.comparator && (doubles(known) && adds_all(said) || adds_all(known) && doubles(said))
}

/// `20 repos` of a text that says `weekly` elsewhere, and `20 repositories every week`: the same, with its time beside it.
fn timed_elsewhere(text: &Reading, known: &Quantity, reading: &Reading, said: &Quantity) -> bool {
    let (known_time, said_time) = (time_of(known), time_of(said));
    let (bare, timed_by) = match (known_time, said_time) {
        ("", time) if !time.is_empty() => (text, time),
        (time, "") if !time.is_empty() => (reading, time),
        _ => return false,
    };
    let same_base = counts(known) && counts(said) || known.kind == said.kind && known.unit == said.unit;
    same_base && bare.quantities.iter().all(|other| time_of(other) != timed_by) && periods(bare).iter().any(|(_, time)| *time == timed_by)
}

/// Whether a number counts things or how often: `changed three times` may be told as `3 changes`.
fn is_plain(number: &Quantity) -> bool {
    number.per.is_empty() && matches!(number.unit, "" | "times")
}

/// The time that a number of one is: the month of `twice in a month`, which `twice a month` tells as well.
fn one_period(number: &Quantity) -> Option<&'static str> {
    if number.kind != QuantityKind::Duration {
        return None;
    }
    ["day", "week", "month", "quarter", "year"].into_iter().find_map(|word| {
        let (_, unit, factor) = unit(word)?;
        (number.unit == unit && number.value == Decimal::new(factor, 0)).then(|| per(word)).flatten()
    })
}

/// In what time a number is meant: `per week`; empty without.
const fn time_of(number: &Quantity) -> &'static str {
    if matches!(number.kind, QuantityKind::Rate) { number.unit } else { number.per }
}

/// How often a text says that something is done, outside of its numbers: `weekly`, `every week`, `once a week`, each with its place.
fn periods(text: &Reading) -> Vec<(usize, &'static str)> {
    let word = |at: usize| text.tokens.get(at).map_or("", |token| token.lower.as_str());
    (0..text.tokens.len())
        .filter_map(|at| {
            let adverb = |word: &str| word.len() > 4 && word.ends_with("ly");
            let in_a = word(at.wrapping_sub(2)) == "in" && matches!(word(at.wrapping_sub(1)), "a" | "one");
            let behind_each = |at: usize| {
                matches!(word(at.wrapping_sub(1)), "every" | "each" | "per")
                    || word(at.wrapping_sub(2)) == "once" && matches!(word(at.wrapping_sub(1)), "a" | "an" | "per" | "every")
            };
            let named = word(at);
            let is_time = matches!(named, "hour" | "day" | "week" | "month" | "quarter" | "year") && (in_a || behind_each(at))
                || (adverb(named) && named != "early");
            is_time.then(|| per(named)).flatten().map(|time| (at, time))
        })
        .collect()
}

/// `every week` told as `every day`: how often is a number that is said in words.
pub(super) fn how_often(evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let told = periods(reading);
    let known: Vec<&str> = evidence
        .readings()
        .flat_map(|text| periods(text).into_iter().map(|(_, time)| time).chain(text.quantities.iter().map(time_of)))
        .filter(|time| !time.is_empty())
        .collect();
    let lost = |time: &&str| told.iter().all(|(_, said)| said != time) && reading.quantities.iter().all(|said| time_of(said) != *time);
    for (at, time) in &told {
        if !known.contains(time) && known.iter().any(lost) {
            let span = reading.span(*at, at + 1);
            let words = format!("\"{}\" is not how often it was said to be", span.of(&reading.raw));
            found.push(Violation::new(ViolationCode::ChangedQuantity, span, words));
        }
    }
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
