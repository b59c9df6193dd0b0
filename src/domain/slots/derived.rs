//! What follows from two answers by arithmetic: 4 h to 20 min is 92 % less and 12x as fast. Offered, never put in unasked.
//!
//! Our code computes, in exact fractions, and shows how. Shares of shares are left alone: from 4 % to 1 % is 75 % less and 3 points, and people
//! mix the two up.

use super::direction::{Change, changes};
use crate::domain::facts::Reading;
use crate::domain::grounding::Evidence;
use crate::domain::quantity::{Comparator, Decimal, QuantityKind};
use crate::domain::text::Folded;

/// A value that can be put behind the change it follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// `change1-percent`, `change1-factor`: the same for the same text.
    pub id: String,
    /// The value as the text would tell it.
    pub text: String,
    /// How it was computed, and what was rounded.
    pub arithmetic: String,
    /// Behind which character of the text it would stand.
    pub(super) place: usize,
}

/// What follows from the changes that a text tells, as far as the evidence vouches for both of their numbers.
pub fn offers(reading: &Reading, evidence: &Evidence) -> Vec<Offer> {
    let known = |change: &Change<'_>| [change.from, change.to].iter().all(|said| evidence.quantities().any(|known| known.same_claim(said)));
    let folded = Folded::new(&reading.raw);
    let told_already = |change: &Change<'_>| folded.slice(change.to.folded.1, folded.chars().len()).trim_start().starts_with('(');
    let changes = changes(reading).into_iter().enumerate();
    changes
        .filter(|(_, change)| known(change) && !told_already(change))
        .flat_map(|(at, change)| of_change(reading, at + 1, change))
        .collect()
}

fn of_change(reading: &Reading, number: usize, change: Change<'_>) -> Vec<Offer> {
    let Change { from, to } = change;
    let comparator = match (from.comparator, to.comparator) {
        (Comparator::Exact, Comparator::Exact) => "",
        (Comparator::Exact | Comparator::About, Comparator::Exact | Comparator::About) => "about ",
        _ => return Vec::new(),
    };
    let (Some((before, after)), false) = (ratio(from.value, to.value), from.kind == QuantityKind::Percent) else { return Vec::new() };
    let words = |quantity: &crate::domain::quantity::Quantity| quantity.span.of(&reading.raw);
    let shown = format!("{} : {} = {before} : {after}", words(from), words(to));
    let offer = |form: &str, value: &str, arithmetic: String| Offer {
        id: format!("change{number}-{form}"),
        text: format!("{comparator}{value}"),
        arithmetic,
        place: to.span.end,
    };
    let counts = matches!(from.kind, QuantityKind::Count | QuantityKind::Rate);
    let mut found = Vec::new();
    if let Some((share, how)) = share(before, after) {
        let than = match (after < before, counts) {
            (true, true) => "fewer",
            (true, false) => "less",
            (false, _) => "more",
        };
        found.push(offer("percent", &format!("{share}% {than}"), format!("{shown}; {how}")));
    }
    // A factor is offered only where it comes out even and means one thing.
    if let (Some(factor), true) = (even(before, after), comparator.is_empty() && after < before && from.kind == QuantityKind::Duration) {
        found.push(offer("factor", &format!("{factor}x as fast"), format!("{shown}; {before} / {after} = {factor}, exactly")));
    }
    if let (Some(factor), true) = (even(after, before), comparator.is_empty() && after > before) {
        let than = if counts { "many" } else { "much" };
        found.push(offer("factor", &format!("{factor}x as {than}"), format!("{shown}; {after} / {before} = {factor}, exactly")));
    }
    found
}

/// Two numbers as whole numbers of the same ratio, as small as they get; `None` when nothing changed or it began at zero.
fn ratio(from: Decimal, to: Decimal) -> Option<(i128, i128)> {
    let (from, to) = (from.to_string(), to.to_string());
    let places = |text: &str| text.split_once('.').map_or(0, |(_, part)| part.len());
    let most = places(&from).max(places(&to));
    let whole = |text: &str| -> Option<i128> {
        let zeros = "0".repeat(most - places(text));
        format!("{}{zeros}", text.replace('.', "")).parse().ok()
    };
    let (from, to) = (whole(&from)?, whole(&to)?);
    let shared = divisor(from, to);
    (from > 0 && to >= 0 && from != to).then(|| (from / shared, to / shared))
}

const fn divisor(mut one: i128, mut other: i128) -> i128 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// The change as a percentage of what was before, and how it was computed.
fn share(before: i128, after: i128) -> Option<(String, String)> {
    let change = (before - after).abs();
    let (larger, smaller) = (before.max(after), before.min(after));
    let sum = format!("({larger} - {smaller}) / {before}");
    let over = change.checked_mul(100)?;
    // Of what is left, and not of what went, when nearly all went: 99.96 % is not 100 %.
    let left = after.checked_mul(100)?;
    let two_places = decimal(rounded(over.checked_mul(100)?, before)?, 2);
    if over % before == 0 {
        let share = over / before;
        return Some((share.to_string(), format!("{sum} = {share} %, exactly")));
    }
    let near_all = after < before && rounded(over, before)? >= 100;
    let (share, how) = if near_all {
        let (digits, places) = two_figures(left, before)?;
        let whole = 100_i128.checked_mul(10_i128.checked_pow(places)?)?;
        (decimal(whole - digits, places), format!("{sum} = 100 % less {} %, rounded to", decimal(digits, places)))
    } else if over / before < 10 {
        let (digits, places) = two_figures(over, before)?;
        (decimal(digits, places), format!("{sum} = {} %, rounded to two figures,", decimal(rounded(over.checked_mul(10_000)?, before)?, 4)))
    } else {
        (rounded(over, before)?.to_string(), format!("{sum} = {two_places} %, rounded to"))
    };
    Some((share.clone(), format!("{how} {share} %")))
}

/// A fraction below ten, rounded to two figures, as digits and places.
fn two_figures(over: i128, under: i128) -> Option<(i128, u32)> {
    const MOST_PLACES: u32 = 6;
    (1..=MOST_PLACES).find_map(|places| {
        let digits = rounded(over.checked_mul(10_i128.checked_pow(places)?)?, under)?;
        (digits >= 10).then_some((digits, places))
    })
}

/// A quotient, rounded half up.
fn rounded(over: i128, under: i128) -> Option<i128> {
    Some(over.checked_mul(2)?.checked_add(under)? / under.checked_mul(2)?)
}

fn decimal(digits: i128, places: u32) -> String {
    Decimal::new(digits, places).to_string()
}

/// How many times one number is the other, when that is at least two and has one decimal at most.
fn even(larger: i128, smaller: i128) -> Option<String> {
    let tenths = larger.checked_mul(10)?;
    (smaller > 0 && tenths % smaller == 0 && tenths / smaller >= 20).then(|| decimal(tenths / smaller, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lexicon::Lexicon;

    fn offered(text: &str) -> Vec<(String, String)> {
        let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
        let evidence = Evidence::new(&lexicon, text, &[], &[]);
        offers(&Reading::new(text, &lexicon), &evidence).into_iter().map(|offer| (offer.text, offer.arithmetic)).collect()
    }

    #[test]
    fn what_follows_is_exact_or_says_how_it_was_rounded() {
        for (text, expected) in [
            (
                "Cut time from 4 h to 20 min",
                &[
                    ("92% less", "4 h : 20 min = 12 : 1; (12 - 1) / 12 = 91.67 %, rounded to 92 %"),
                    ("12x as fast", "4 h : 20 min = 12 : 1; 12 / 1 = 12, exactly"),
                ][..],
            ),
            ("Cut time from 140 ms to 18 ms", &[("87% less", "140 ms : 18 ms = 70 : 9; (70 - 9) / 70 = 87.14 %, rounded to 87 %")]),
            (
                "Cut time from 5 s to 2 s",
                &[
                    ("60% less", "5 s : 2 s = 5 : 2; (5 - 2) / 5 = 60 %, exactly"),
                    ("2.5x as fast", "5 s : 2 s = 5 : 2; 5 / 2 = 2.5, exactly"),
                ],
            ),
            ("Cut size from 1.2 GB to 90 MB", &[("93% less", "1.2 GB : 90 MB = 40 : 3; (40 - 3) / 40 = 92.5 %, rounded to 93 %")]),
            (
                "Cut time from 300 h to 1 s",
                &[
                    (
                        "99.999907% less",
                        "300 h : 1 s = 1080000 : 1; (1080000 - 1) / 1080000 = 100 % less 0.000093 %, rounded to 99.999907 %",
                    ),
                    ("1080000x as fast", "300 h : 1 s = 1080000 : 1; 1080000 / 1 = 1080000, exactly"),
                ],
            ),
            (
                "Cut time from 103 s to 98 s",
                &[("4.9% less", "103 s : 98 s = 103 : 98; (103 - 98) / 103 = 4.8544 %, rounded to two figures, 4.9 %")],
            ),
            (
                "Grew usage from 100 users to 300 users",
                &[
                    ("200% more", "100 : 300 = 1 : 3; (3 - 1) / 1 = 200 %, exactly"),
                    ("3x as many", "100 : 300 = 1 : 3; 3 / 1 = 3, exactly"),
                ],
            ),
            ("Cut time from about 4 h to 1 h", &[("about 75% less", "about 4 h : 1 h = 4 : 1; (4 - 1) / 4 = 75 %, exactly")]),
            ("Cut time from over 4 h to 1 h", &[]),
            ("Raised uptime from 99.5% to 99.95%", &[]),
            ("Cut time from 0 s to 1 s", &[]),
            ("Cut time from 1 s to 1 s", &[]),
            ("Cut time from 3 s to 5 users", &[]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(text, how)| ((*text).to_owned(), (*how).to_owned())).collect();
            assert_eq!(offered(text), expected, "{text}");
        }
    }
}
