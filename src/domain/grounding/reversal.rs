//! Is a deed told as its reverse, though every word may be vouched for? `Rolled back` as `Rolled out`, `ignores` as `indexes`.

use super::polarity::is_ended;
use super::{Violation, ViolationCode};
use crate::domain::facts::{Reading, denial};
use crate::domain::lexicon::{Lexicon, Tense};

pub(super) fn violations(lexicon: &Lexicon, bullet: &Reading, reading: &Reading, found: &mut Vec<Violation>) {
    left_out(lexicon, bullet, reading, found);
    particles(lexicon, bullet, reading, found);
    removed_and_made(lexicon, bullet, reading, found);
    kept_out(bullet, reading, found);
}

/// `ignores blocked pages` told as `indexes blocked pages`: what was left out is now taken in.
fn left_out(lexicon: &Lexicon, bullet: &Reading, reading: &Reading, found: &mut Vec<Violation>) {
    let leaves_out = |text: &Reading, at: usize| {
        text.tokens.get(at).is_some_and(|token| {
            lexicon.verb(&token.lower).is_some_and(|form| matches!(form.verb.base.as_str(), "ignore" | "skip" | "exclude" | "omit"))
        })
    };
    let without = |text: &Reading, stem: &String| {
        text.denials.iter().any(|denial| denial.about.contains(stem))
            || is_ended(lexicon, text, stem, true)
            || (0..text.tokens.len()).any(|at| leaves_out(text, at))
            || text.tokens.iter().any(|token| {
                matches!(
                    token.lower.as_str(),
                    "except"
                        | "only"
                        | "filter"
                        | "filters"
                        | "filtered"
                        | "filtering"
                        | "outside"
                        | "leaving"
                        | "leaves"
                        | "left"
                        | "excluding"
                        | "aside"
                )
            })
    };
    for at in (0..bullet.tokens.len()).filter(|at| leaves_out(bullet, *at)) {
        let Some(head) = denial(lexicon, &bullet.tokens, &bullet.stems, at, false).head else { continue };
        if reading.stems.contains(&head) && !without(reading, &head) {
            found.push(Violation::in_bullet(
                ViolationCode::NegationFlip,
                bullet.span(at, at + 1),
                "what the bullet leaves out is taken in",
            ));
        }
    }
}

/// `Removed the player` told as `Integrated the player`: deeds that undo each other, done to one thing.
fn removed_and_made(lexicon: &Lexicon, bullet: &Reading, reading: &Reading, found: &mut Vec<Violation>) {
    const UNDOES: [(&[&str], &[&str]); 3] = [
        (&["remove"], &["connect", "setup", "build", "start-new", "ship", "launch", "allow", "expose", "configure"]),
        (&["hide"], &["show", "expose"]),
        (&["split", "separate"], &["combine"]),
    ];
    // The deed at a place in one of these groups, and the first word that it is done to.
    let done = |text: &Reading, groups: &[&str]| -> Vec<(usize, String)> {
        let deed = |at: &usize| {
            text.tokens
                .get(*at)
                .and_then(|token| lexicon.verb(&token.lower))
                .is_some_and(|form| form.tense != Tense::Base && form.verb.groups.iter().any(|group| groups.contains(&group.as_str())))
        };
        let object = |at: usize| {
            let says =
                |at: &usize| text.tokens.get(*at).is_some_and(|token| token.is_word() && !lexicon.phrases().glue.has_word(&token.lower));
            (at + 1..at + 4).find(says).and_then(|at| text.stems.get(at)).cloned()
        };
        let denied = |at: &usize| {
            at.checked_sub(1)
                .and_then(|before| text.tokens.get(before))
                .is_some_and(|before| lexicon.phrases().negations.has_word(&before.lower))
        };
        (0..text.tokens.len()).filter(deed).filter(|at| !denied(at)).filter_map(|at| Some((at, object(at)?))).collect()
    };
    for (one, other) in UNDOES.iter().flat_map(|(one, other)| [(*one, *other), (*other, *one)]) {
        let (meant, same, still) = (done(bullet, one), done(bullet, other), done(reading, one));
        for (at, object) in done(reading, other) {
            let about = |known: &[(usize, String)]| known.iter().any(|(_, stem)| *stem == object);
            if about(&meant) && !about(&same) && still.is_empty() {
                found.push(Violation::new(ViolationCode::NegationFlip, reading.span(at, at + 1), "tells the opposite deed"));
            }
        }
    }
}

/// `Kept files out of the test environment` told as `Kept files in the test environment`.
fn kept_out(bullet: &Reading, reading: &Reading, found: &mut Vec<Violation>) {
    let keeps = |text: &Reading| text.stems.iter().position(|stem| stem == "keep");
    let out = |text: &Reading| text.tokens.windows(2).any(|pair| matches!(pair, [out, of] if out.lower == "out" && of.lower == "of"));
    let outside = reading.tokens.iter().any(|token| matches!(token.lower.as_str(), "out" | "outside" | "from" | "off" | "away"));
    if let (Some(_), Some(at)) = (keeps(bullet).filter(|_| out(bullet)), keeps(reading).filter(|_| !outside)) {
        found.push(Violation::new(ViolationCode::NegationFlip, reading.span(at, at + 1), "keeps in what the bullet keeps out"));
    }
}

/// `Rolled back` told as `Rolled out`: the same verb with the opposite particle.
fn particles(lexicon: &Lexicon, bullet: &Reading, reading: &Reading, found: &mut Vec<Violation>) {
    const OPPOSITES: [(&str, &str); 4] = [("back", "out"), ("up", "down"), ("in", "out"), ("on", "off")];
    let pairs = |text: &Reading| -> Vec<(usize, String, String)> {
        let verb = |at: usize| text.tokens.get(at).and_then(|token| lexicon.verb(&token.lower)).map(|form| form.verb.stem.clone());
        let next = |at: usize| text.tokens.get(at + 1).map(|token| token.lower.clone());
        (0..text.tokens.len()).filter_map(|at| Some((at, verb(at)?, next(at)?))).collect()
    };
    let meant = pairs(bullet);
    for (at, verb, particle) in pairs(reading) {
        let same = meant.iter().any(|(_, known, other)| *known == verb && *other == particle);
        let turned = meant.iter().any(|(_, known, other)| {
            *known == verb && OPPOSITES.iter().any(|(one, two)| (*one, *two) == (other, &particle) || (*two, *one) == (other, &particle))
        });
        if turned && !same {
            found.push(Violation::new(ViolationCode::NegationFlip, reading.span(at, at + 2), "tells the opposite move"));
        }
    }
}
