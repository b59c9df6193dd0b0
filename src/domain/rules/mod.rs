//! The rewrite without a model: weak opener out, plain strong verb of the same ownership in, fillers out, typed slots for what is missing.
//!
//! It moves and shortens what is there and adds nothing; what it makes still has to pass `grounding` like any other text.
//! Each rule is a small file of one idea, and is used only where the grammar is sure to hold; in doubt the words stay as they are.
//! A rule whose outcome the check refuses for this bullet is left out for it, and the others stand.

mod articles;
mod asks;
mod clauses;
mod deeds;
mod fillers;
mod lists;
mod opening;
mod order;
mod ownership;
mod person;
mod remarks;
mod sentences;
mod small_words;
mod spelling;
mod stronger;
mod tail;
mod told;
mod used_for;
mod verbless;
mod verbs;
mod voice;
mod words;

use super::facts::Reading;
use super::grounding::{Evidence, Limits, Rewrite, check};
use super::guide::Ask;
use super::lexicon::{Lexicon, Tier};
use words::Words;

pub use asks::{ask_for_missing, lacking};
pub use remarks::{Remark, remarks, why_not};

/// The version of the rules below; raise it with every change of what they write.
pub const VERSION: &str = "5";

/// What the rules know beside the words.
#[derive(Debug, Clone, Copy)]
struct Context<'a> {
    lexicon: &'a Lexicon,
    /// The ownership that the facts state, where they state any.
    stated: Option<Tier>,
    /// Whether the bullet tells of a group: `we moved`.
    group: bool,
}

type Rule = fn(&Context<'_>, &mut Words);

/// The rules, in the order in which they are used.
const RULES: [Rule; 17] = [
    |context, words| spelling::mend(context.lexicon, words),
    |context, words| spelling::hyphens(context.lexicon, words),
    |context, words| spelling::names(context.lexicon, words),
    |context, words| sentences::join(context.lexicon, words),
    |context, words| fillers::vague(context.lexicon, words),
    |context, words| fillers::soft(context.lexicon, words),
    |context, words| clauses::problem_last(context.lexicon, words),
    |context, words| clauses::shorten(context.lexicon, words),
    |context, words| person::impersonal(context.lexicon, words),
    |context, words| voice::active(context.lexicon, words),
    |context, words| order::nominal(context.lexicon, words),
    |context, words| {
        used_for::turn_round(context.lexicon, words);
    },
    |context, words| opening::open_with_verb(context, words),
    |context, words| verbs::into_past(context.lexicon, words),
    |context, words| verbless::verbless(context, words),
    |context, words| order::arrange(context.lexicon, words),
    |context, words| articles::supply(context.lexicon, words),
];

/// Rewrites a bullet by rules, with what the facts tell; `None` when nothing can be said that the check lets pass.
pub fn rewrite(lexicon: &Lexicon, asks: &[Ask], limits: Limits<'_>, evidence: &Evidence) -> Option<Rewrite> {
    if verbless::describes_person(lexicon, &fillers::shortened(lexicon, &evidence.bullet)) {
        return None;
    }
    let stated = evidence.stated_by_facts();
    let first = evidence.bullet.tokens.iter().find(|token| token.is_word());
    let group = stated.is_none() && (first.is_some_and(|token| token.lower == "we") || by_group(&evidence.bullet));
    let context = Context { lexicon, stated, group };
    let vouched = |text: &str| {
        let plain = check(lexicon, evidence, limits, text).grounded()?;
        let (with_slots, slots) = ask_for_missing(lexicon, asks, plain.reading(), &evidence.facts);
        Some(plain.asking(lexicon, evidence, limits, &with_slots, slots).unwrap_or(plain))
    };
    let text = written(&context, &evidence.bullet, |_| true);
    let with_facts = told::with_facts(lexicon, asks, &text, evidence);
    let best = with_facts.iter().chain([&text]).find_map(|text| vouched(text));
    best.or_else(|| {
        let stands = |text: &str| check(lexicon, evidence, limits, text).grounded().is_some();
        vouched(&without_what_spoils(&context, &evidence.bullet, &text, stands)?)
    })
}

/// One of the rules spoiled something: the others are used.
fn without_what_spoils(context: &Context<'_>, bullet: &Reading, spoiled: &str, stands: impl Fn(&str) -> bool) -> Option<String> {
    let mut words = fillers::shortened(context.lexicon, bullet);
    let mut changing: Vec<usize> = Vec::new();
    for (at, rule) in RULES.iter().enumerate() {
        let before = words.clone();
        rule(context, &mut words);
        if words != before {
            changing.push(at);
        }
    }
    let without = |left_out: &[usize]| written(context, bullet, |rule| !left_out.contains(&rule));
    let without_one = changing.iter().map(|rule| without(&[*rule])).find(|text| text != spoiled && stands(text));
    without_one.or_else(|| {
        // The last rules first, as the earlier ones mend what no later one can: two sentences, the first person.
        let mut left_out: Vec<usize> = Vec::new();
        changing.iter().rev().find_map(|rule| {
            left_out.push(*rule);
            Some(without(&left_out)).filter(|text| left_out.len() > 1 && stands(text))
        })
    })
}

/// The bullet in its own words, with the questions that it leaves open.
pub fn asking_only(lexicon: &Lexicon, asks: &[Ask], limits: Limits<'_>, evidence: &Evidence) -> Option<Rewrite> {
    let text = fillers::shortened(lexicon, &evidence.bullet).joined();
    let text = capitalised(text.trim_end_matches(['.', ' ', ';', ',']));
    let plain = check(lexicon, evidence, limits, text.as_str()).grounded()?;
    let (with_slots, slots) = ask_for_missing(lexicon, asks, plain.reading(), &evidence.facts);
    plain.asking(lexicon, evidence, limits, &with_slots, slots).ok()
}

/// `by our team`, `by us`.
fn by_group(bullet: &Reading) -> bool {
    bullet.tokens.windows(2).any(|pair| matches!(pair, [by, who] if by.lower == "by" && matches!(who.lower.as_str(), "our" | "us")))
}

/// Mends what somebody else wrote, by the same rules.
pub fn mend(lexicon: &Lexicon, text: &Reading) -> String {
    written(&Context { lexicon, stated: None, group: false }, text, |_| true)
}

/// The words of the bullet by those of the rules that are wanted.
fn written(context: &Context<'_>, bullet: &Reading, wanted: impl Fn(usize) -> bool) -> String {
    let mut words = fillers::shortened(context.lexicon, bullet);
    if words.count() < 2 {
        return bullet.raw.trim().to_owned();
    }
    for (at, rule) in RULES.iter().enumerate() {
        if wanted(at) {
            rule(context, &mut words);
        }
    }
    capitalised(words.joined().trim_end_matches(['.', ' ', ';', ',']))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    // `iOS` and `gRPC` keep their case.
    let second_upper = text.chars().nth(1).is_some_and(char::is_uppercase);
    match chars.next() {
        Some(first) if !second_upper => first.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
