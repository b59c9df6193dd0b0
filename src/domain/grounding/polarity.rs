//! Is what was denied still denied, and what was done still done? The words may change, the polarity of a thing may not.
//!
//! `did not lose messages` and `without losing messages` deny the same; `with message loss` tells it without a denial.

use super::receipts::Found;
use super::{Evidence, ReceiptKind, Violation, ViolationCode};
use crate::domain::facts::{Denial, Reading, denial};
use crate::domain::lexicon::Lexicon;

/// A denial that the evidence denies as well, in whatever words.
pub(super) fn receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let word = reading.tokens.get(at)?.lower.as_str();
    let is_denial = lexicon.phrases().negations.has_word(word)
        || word.ends_with("n't")
        || reading.stems.get(at).is_some_and(|stem| lexicon.phrases().is_refusal(stem))
        || matches!(word, "keep" | "keeps" | "kept" | "keeping" | "any" | "unless" | "until");
    if !is_denial {
        return None;
    }
    let said = denial(lexicon, &reading.tokens, &reading.stems, at, false);
    evidence.readings().enumerate().find_map(|(position, known)| {
        let twin = known.denials.iter().find(|twin| twin.about.iter().any(|word| said.about.contains(word)))?;
        let kind = if position == 0 { ReceiptKind::Paraphrase } else { ReceiptKind::Fact };
        Some((kind, Some(known.span(twin.at, twin.at + 1)), 1))
    })
}

/// What is denied on one side only, and words that mean the opposite.
pub(super) fn violations(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, missing: &[usize], found: &mut Vec<Violation>) {
    let bullet = &evidence.bullet;
    let denied_in = |text: &Reading, stem: &String| text.denials.iter().any(|denial| denial.about.contains(stem));
    for denial in &reading.denials {
        let Some(head) = &denial.head else { continue };
        if says_none(evidence)
            && reading.tokens.get(denial.at).is_some_and(|token| matches!(token.lower.as_str(), "zero" | "no" | "without"))
        {
            continue;
        }
        let said_plainly = bullet.stems.contains(head) && !denied_in(bullet, head) && !is_ended(lexicon, bullet, head, false);
        let said_of_facts = evidence.facts.iter().any(|facts| denied_in(facts, head));
        let listed = missing.binary_search(&denial.at).is_err() && bullet.denials.iter().any(|known| !known.about.is_empty());
        if said_plainly && !said_of_facts && (!listed || denial.is_plain) && !same_word(bullet, reading, denial.at) {
            found.push(Violation::new(
                ViolationCode::NegationFlip,
                reading.span(denial.at, denial.at + 1),
                "denies what the bullet does not deny",
            ));
        }
    }
    let aside = super::asides::asides(lexicon, bullet);
    for denial in &bullet.denials {
        // `nobody could explain it` denies nothing of the work; `they are not retried` does, where the rewrite tells of it.
        let in_aside = aside.get(denial.at) == Some(&true);
        let of_others =
            bullet.tokens.get(denial.at).is_some_and(|token| matches!(token.lower.as_str(), "nobody" | "no" | "none" | "nothing"));
        if in_aside && (of_others || has_ceased(bullet, denial.at))
            || was_lacking(lexicon, bullet, reading, denial.at)
            || same_word(reading, bullet, denial.at)
            || is_contrast(bullet, reading, denial)
            || is_shut_out(reading)
        {
            continue;
        }
        let told = denial.head.as_ref().is_some_and(|head| reading.stems.contains(head) && !denied_in(reading, head));
        // A function word that denies is never lost for nothing; a deed may be told by another.
        let prefixed = reading.tokens.iter().any(|token| {
            ["un", "non-", "in", "dis"]
                .iter()
                .any(|head| token.lower.strip_prefix(head).is_some_and(|rest| denial.about.contains(&lexicon.root(rest))))
        });
        let reversed =
            denial.head.as_ref().is_some_and(|head| reading.stems.iter().any(|stem| lexicon.phrases().are_opposites(stem, head)));
        let lost = denial.is_plain && !prefixed && !reversed && reading.denials.is_empty() && !paraphrased(evidence, reading, denial.at);
        // `so no more crashes` told as `Fixed crashes`.
        let was_trouble = has_ceased(bullet, denial.at);
        let ended = denial.about.iter().any(|stem| is_ended(lexicon, reading, stem, was_trouble));
        let lost = lost && !ended && !in_aside;
        let covered = paraphrased(evidence, reading, denial.at)
            || denial.head.as_ref().is_some_and(|head| is_ended(lexicon, reading, head, was_trouble));
        if (told && !covered && !prefixed) || lost {
            found.push(Violation::in_bullet(
                ViolationCode::NegationFlip,
                bullet.span(denial.at, denial.at + 1),
                "what the bullet denies is no longer denied",
            ));
        }
    }
    super::reversal::violations(lexicon, bullet, reading, found);
    opposites(lexicon, evidence, reading, missing, found);
}

/// `without taking the store offline` told as `while the store stayed online`, `wouldn't need the sandbox` as `freeing QA from the sandbox`:
/// words that deny by what they mean.
fn is_shut_out(reading: &Reading) -> bool {
    let word = |at: usize| reading.tokens.get(at).map_or("", |token| token.lower.as_str());
    (0..reading.tokens.len()).any(|at| match word(at) {
        "hiding" | "hidden" | "freeing" | "freed" | "spurious" | "instead" | "stayed" | "remained" | "stays" | "remains" => true,
        "kept" | "keep" | "keeping" | "keeps" => (at + 1..at + 4).any(|at| matches!(word(at), "out" | "off" | "away")),
        _ => false,
    })
}

/// Whether a number of the evidence is none: `0 findings`.
fn says_none(evidence: &Evidence) -> bool {
    evidence.quantities().any(|known| known.value == crate::domain::quantity::Decimal::new(0, 0))
}

/// How far behind a deed the thing may stand that it ends.
const ENDS_WITHIN: usize = 6;

/// Whether a text tells that this was ended: `eliminating lost orders`; with `fixes`, `Fixed crashes` ends them too.
pub(super) fn is_ended(lexicon: &Lexicon, text: &Reading, stem: &String, fixes: bool) -> bool {
    text.tokens.iter().enumerate().any(|(at, token)| {
        let ends = lexicon.verb(&token.lower).is_some_and(|form| {
            form.verb.groups.iter().any(|group| {
                matches!(group.as_str(), "remove" | "avoid" | "stop" | "reject" | "let-go") || fixes && matches!(group.as_str(), "fix")
            })
        });
        ends && text.stems.iter().skip(at + 1).take(ENDS_WITHIN).any(|other| other == stem)
    })
}

/// `no more crashes`, `not any more`: what is denied was the case before.
fn has_ceased(text: &Reading, at: usize) -> bool {
    let near = text.tokens.iter().skip(at + 1).take(ENDS_WITHIN);
    near.take_while(|token| token.is_word()).any(|token| matches!(token.lower.as_str(), "more" | "longer" | "anymore" | "again" | "before"))
}

/// `had no staging environment, so I created one` told as `Created a staging environment`: what was lacking was then made.
fn was_lacking(lexicon: &Lexicon, bullet: &Reading, reading: &Reading, at: usize) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| bullet.tokens.get(at)).map_or("", |token| token.lower.as_str());
    let lacks = match word(Some(at)) {
        "no" | "not" | "never" => matches!(word(at.checked_sub(1)), "had" | "was" | "were" | "there" | "have" | "did"),
        "none" | "nothing" | "lacked" | "lacking" => true,
        "didn't" | "hadn't" | "don't" | "wasn't" | "weren't" => matches!(word(Some(at + 1)), "have" | "exist" | "had" | "any" | "a"),
        _ => false,
    };
    let made = reading.tokens.iter().filter_map(|token| lexicon.verb(&token.lower)).any(|form| {
        form.verb
            .groups
            .iter()
            .any(|group| matches!(group.as_str(), "build" | "write" | "setup" | "start-new" | "configure" | "document" | "extend"))
            || matches!(form.verb.base.as_str(), "introduce" | "add" | "bring")
    });
    let made_later = bullet.tokens.iter().skip(at + 1).any(|token| matches!(token.lower.as_str(), "so" | "i" | ";" | "."))
        || bullet.tokens.iter().take(at).any(|token| matches!(token.lower.as_str(), "where" | "which" | "that" | "because"));
    lacks && made && made_later
}

/// `in 50 minutes and not in 4 hours` told as `in 50 minutes instead of 4 hours`.
fn is_contrast(bullet: &Reading, reading: &Reading, denial: &Denial) -> bool {
    let word = |text: &Reading, at: usize| text.tokens.get(at).map_or(String::new(), |token| token.lower.clone());
    let joined = denial.at > 0 && word(bullet, denial.at) == "not" && matches!(word(bullet, denial.at - 1).as_str(), "and" | "," | "but");
    let instead = (0..reading.tokens.len())
        .find(|at| matches!((word(reading, *at).as_str(), word(reading, at + 1).as_str()), ("instead", "of") | ("rather", "than")));
    let head = denial.head.as_ref();
    joined && instead.is_some_and(|at| reading.stems.iter().skip(at + 1).take(ENDS_WITHIN).any(|stem| Some(stem) == head))
}

/// Whether the very word of denial at this place of `other` stands in `text` too.
fn same_word(text: &Reading, other: &Reading, at: usize) -> bool {
    let Some(word) = other.tokens.get(at) else { return false };
    let count = |text: &Reading| text.tokens.iter().filter(|token| token.lower == word.lower).count();
    count(text) >= count(other)
}

/// Whether a listed phrase that holds this token of the bullet stands in the rewrite in other words: `did not allow`, `prohibited`.
fn paraphrased(evidence: &Evidence, reading: &Reading, at: usize) -> bool {
    let here = evidence.bullet.listed.iter().filter(|known| (known.first..known.end).contains(&at) && known.end > known.first + 1);
    here.into_iter().any(|known| reading.listed.iter().any(|said| said.may_stand_for(*known)))
}

/// `unauthenticated` told as `authenticated`, `off` as `on`: one word of a pair of opposites for the other.
fn opposites(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, missing: &[usize], found: &mut Vec<Violation>) {
    let bullet = &evidence.bullet;
    let known = |word: &str| {
        evidence
            .readings()
            .any(|text| text.tokens.iter().any(|token| token.lower == word) || text.stems.iter().any(|stem| *stem == lexicon.root(word)))
    };
    let denied = |text: &Reading, stem: &String| text.denials.iter().any(|denial| denial.about.contains(stem));
    for (at, token) in reading.tokens.iter().enumerate().filter(|(_, token)| token.is_word()) {
        let Some(stem) = reading.stems.get(at) else { continue };
        let switch = matches!(token.lower.as_str(), "on" | "off");
        if known(&token.lower) || !switch && missing.binary_search(&at).is_err() {
            continue;
        }
        let opposite = bullet.tokens.iter().zip(&bullet.stems).find(|(other, root)| {
            other.is_word()
                && !reading.stems.contains(root)
                && (lexicon.phrases().are_opposites(stem, root) || differ_by_denial(&token.lower, &other.lower))
        });
        let Some((other, root)) = opposite else { continue };
        // `not available` for `unavailable` is the same.
        if denied(reading, stem) != denied(bullet, root) {
            continue;
        }
        let message = format!("\"{}\" is the opposite of \"{}\"", token.text, other.text);
        found.push(Violation::new(ViolationCode::NegationFlip, token.span, message));
    }
}

/// Whether one word is the other with `un-`, `non-`, `in-`, `dis-` before it.
fn differ_by_denial(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let denies = |head: &str| long.strip_prefix(head) == Some(short);
    short.len() > 3
        && (["un", "non-", "non", "dis", "de", "in", "im", "ir", "mis"].into_iter().any(denies) || long.starts_with("async") && denies("a"))
}
