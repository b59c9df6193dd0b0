//! Does a text claim more of the work than the writer said was theirs?

use super::{Evidence, Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense, Tier, Verb};

pub(super) fn violations(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, missing: &[usize], found: &mut Vec<Violation>) {
    let stated = evidence.tier(lexicon);
    titles(lexicon, evidence, reading, found);
    if reading.tier > stated && !opens_with_own_deed(lexicon, evidence, reading) {
        let end = reading.opener_len.max(1);
        found.push(Violation::new(ViolationCode::OwnershipUp, reading.span(0, end), "claims more ownership than the bullet states"));
    } else if missing.first() == Some(&0) {
        deeds(lexicon, evidence, reading, found);
    }
    second_verbs(lexicon, evidence, reading, stated, found);
    shared_work(lexicon, evidence, reading, found);
}

/// `Supported QA by writing scripts` told as `Wrote scripts`: the deed is the writer's own, though the first verb is another.
fn opens_with_own_deed(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading) -> bool {
    // `Established` for `Set up`: listed as the same.
    let listed = reading
        .listed
        .iter()
        .filter(|said| said.first == 0)
        .any(|said| evidence.bullet.listed.iter().any(|known| known.first == 0 && known.end > 1 && said.may_stand_for(*known)));
    if listed && reading.tier == Tier::Owned {
        return true;
    }
    let said = reading.tokens.iter().take(3).find_map(|token| lexicon.verb(&token.lower)).map(|form| form.verb);
    let Some(said) = said.filter(|verb| verb.tier <= Tier::Did) else { return false };
    let bullet = &evidence.bullet;
    let word = |at: Option<usize>| at.and_then(|at| bullet.tokens.get(at)).map_or("", |token| token.lower.as_str());
    (1..bullet.tokens.len()).any(|at| {
        let Some(form) = bullet.tokens.get(at).and_then(|token| lexicon.verb(&token.lower)) else { return false };
        let before = word(at.checked_sub(1));
        let second = word(at.checked_sub(2));
        let own = match form.tense {
            Tense::Past => matches!(before, "and" | "," | ";" | ":" | "(" | "." | "i" | "also" | "then"),
            Tense::Ing => {
                before == "by"
                    || (before == "with" && second == "along")
                    || (matches!(before, "was" | "included") && matches!(second, "part" | "job" | "role" | "task" | "share"))
            }
            Tense::Base | Tense::Third => false,
        };
        own && lexicon.may_stand_for(said, form.verb)
    })
}

/// What a deed does with its thing: who used a thing has not made it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Watched,
    Used,
    Kept,
    Made,
}

fn deed(verb: &Verb) -> Option<Deed> {
    let in_any = |groups: &[&str]| verb.groups.iter().any(|group| groups.contains(&group.as_str()));
    if in_any(&["build", "ship", "launch", "design", "setup", "automate", "move", "containerize"]) && !in_any(&["use"]) {
        Some(Deed::Made)
    } else if in_any(&[
        "keep",
        "operate",
        "manage-system",
        "own",
        "fix",
        "debug",
        "test",
        "verify",
        "improve",
        "refine",
        "optimize",
        "update",
        "document",
    ]) {
        Some(Deed::Kept)
    } else if in_any(&["use", "call"]) {
        Some(Deed::Used)
    } else if in_any(&["examine-code", "research", "evaluate", "monitor", "discuss", "recommend", "flag"]) {
        Some(Deed::Watched)
    } else {
        None
    }
}

///`Used Docker` told as `Deployed Docker`, `Reviewed a migration` as `Migrated`: another deed, and one that claims more.
fn deeds(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let Some((token, said)) = reading.tokens.first().and_then(|token| Some((token, lexicon.verb(&token.lower)?.verb))) else { return };
    let Some(meant) = evidence.bullet.tokens.first().and_then(|token| lexicon.verb(&token.lower)).map(|form| form.verb) else { return };
    // `Made imports more reliable`, `Introduced backup verification` for `Verified backups`: the deed of the bullet is still told.
    if matches!(said.base.as_str(), "make" | "add") || deed(meant) != Some(Deed::Used) && reading.stems.contains(&meant.stem) {
        return;
    }
    let teaches = said.groups.iter().any(|group| group == "mentor" || group == "teach");
    let claims_more = match (deed(said), deed(meant)) {
        (Some(claimed), Some(stated)) => claimed > stated,
        _ => false,
    };
    if claims_more || teaches {
        let message = format!("\"{}\" is another deed than the bullet states", token.text);
        found.push(Violation::new(ViolationCode::OwnershipUp, token.span, message));
    }
}

/// A second verb of the sentence: `Fixed bugs and led the team`.
fn second_verbs(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, stated: Tier, found: &mut Vec<Violation>) {
    for at in 1..reading.tokens.len() {
        let joined =
            reading.tokens.get(at - 1).is_some_and(|before| matches!(before.lower.as_str(), "and" | "," | ";" | "then" | "while" | "by"));
        let Some(token) = reading.tokens.get(at).filter(|token| joined && token.is_word()) else { continue };
        let Some(form) = lexicon.verb(&token.lower) else { continue };
        let said_before = evidence.readings().any(|known| {
            known.stems.contains(&form.verb.stem)
                || known.tokens.iter().any(|other| lexicon.verb(&other.lower).is_some_and(|other| other.verb.tier >= form.verb.tier))
        });
        if form.verb.tier > stated && form.verb.tier > Tier::Did && !said_before {
            found.push(Violation::new(
                ViolationCode::OwnershipUp,
                token.span,
                format!("\"{}\" claims more ownership than the bullet states", token.text),
            ));
        }
    }
}

/// `as tech lead`: a role that nobody said.
fn titles(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    for (first, end) in lexicon.phrases().titles.find(&reading.tokens) {
        let words: Vec<&str> = reading.tokens.iter().skip(first).take(end - first).map(|token| token.lower.as_str()).collect();
        let said = evidence.readings().any(|known| {
            known.tokens.windows(words.len()).any(|window| window.iter().map(|token| token.lower.as_str()).eq(words.iter().copied()))
        });
        if !said {
            let message = format!("\"{}\" claims a role that the bullet does not state", words.join(" "));
            found.push(Violation::new(ViolationCode::OwnershipUp, reading.span(first, end), message));
        }
    }
}

/// `Co-wrote`, `together with two colleagues`: without these words the work is the writer's alone.
fn shared_work(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let phrases = lexicon.phrases();
    let bullet = &evidence.bullet;
    let shares = |text: &Reading| {
        phrases.sharing.find(&text.tokens).first().copied().or_else(|| {
            let first = text
                .tokens
                .iter()
                .position(|token| token.lower.starts_with("co-") && lexicon.verb(token.lower.get(3..).unwrap_or_default()).is_some());
            first.map(|at| (at, at + 1))
        })
    };
    worked_with(lexicon, bullet, reading, found);
    let Some((first, end)) = shares(bullet) else { return };
    let alone = evidence
        .facts
        .iter()
        .any(|facts| facts.tokens.iter().any(|token| matches!(token.lower.as_str(), "myself" | "alone" | "solo" | "solely" | "i")));
    let partner = (end..bullet.tokens.len())
        .find(|at| bullet.tokens.get(*at).is_some_and(|token| token.is_word() && !phrases.glue.has_word(&token.lower)));
    let with = |at: usize| bullet.tokens.get(at).is_some_and(|token| token.lower == "with");
    let partner_told = with(end - 1) && partner.and_then(|at| bullet.stems.get(at)).is_some_and(|stem| reading.stems.contains(stem));
    let tells = partner_told
        || shares(reading).is_some()
        || reading.tier < Tier::Did
        || (first..end).all(|at| bullet.stems.get(at).is_some_and(|stem| reading.stems.contains(stem)))
        || reading.tokens.iter().any(|token| {
            !bullet.tokens.iter().any(|known| known.lower == token.lower)
                && matches!(
                    token.lower.as_str(),
                    "team"
                        | "colleague"
                        | "colleagues"
                        | "teammate"
                        | "teammates"
                        | "pair"
                        | "pairing"
                        | "others"
                        | "joint"
                        | "together"
                        | "shared"
                        | "co"
                        | "helped"
                        | "helping"
                        | "collaboration"
                        | "collaborating"
                )
        });
    if !tells && !alone {
        let message = format!("\"{}\" is lost: the work was shared", bullet.span(first, end).of(&bullet.raw));
        found.push(Violation::in_bullet(ViolationCode::OwnershipUp, bullet.span(first, end), message));
    }
}

/// `Coordinated with the platform team` told as `Coordinated the platform team`.
fn worked_with(lexicon: &Lexicon, bullet: &Reading, reading: &Reading, found: &mut Vec<Violation>) {
    let joint = |text: &Reading, at: usize| {
        let groups =
            text.tokens.get(at).and_then(|token| lexicon.verb(&token.lower)).map(|form| form.verb.groups.as_slice()).unwrap_or_default();
        groups.iter().any(|group| group == "coordinate" || group == "collaborate")
    };
    let with = |text: &Reading, at: usize| (1..3).any(|ahead| text.tokens.get(at + ahead).is_some_and(|token| token.lower == "with"));
    if joint(bullet, 0)
        && with(bullet, 0)
        && joint(reading, 0)
        && !reading.tokens.iter().any(|token| matches!(token.lower.as_str(), "with" | "between" | "among"))
    {
        found.push(Violation::new(ViolationCode::OwnershipUp, reading.span(0, 1), "tells as done to others what was done with them"));
    }
}
