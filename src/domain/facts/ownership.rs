//! How far the work was the writer's own, as the beginning of a text states it.

use crate::domain::lexicon::{Lexicon, Tense, Tier, VerbForm};
use crate::domain::text::Token;

fn word(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.lower.as_str())
}

/// `Was the lead for the move`, `Acted as tech lead of`.
fn leads(tokens: &[Token]) -> bool {
    let first = usize::from(word(tokens, 0) == "i");
    let role = match (word(tokens, first), word(tokens, first + 1)) {
        ("acted" | "served" | "worked", "as") => first + 2,
        ("was", _) => first + 1,
        ("technical" | "tech" | "team" | "lead", _) if first == 0 => 0,
        _ => return false,
    };
    let article = role + usize::from(matches!(word(tokens, role), "the" | "a"));
    let kind = article + usize::from(matches!(word(tokens, article), "team" | "tech" | "technical" | "project"));
    matches!(word(tokens, kind), "lead" | "leader") && matches!(word(tokens, kind + 1), "for" | "of" | "on" | "in")
}

/// `Took ownership of`, `Ended up owning`.
fn owns(tokens: &[Token]) -> bool {
    let first = usize::from(word(tokens, 0) == "i");
    if word(tokens, first) == "was" && matches!(word(tokens, first + 1), "the" | "an") && word(tokens, first + 2) == "owner" {
        return true;
    }
    matches!(
        (word(tokens, 0), word(tokens, 1), word(tokens, 2)),
        ("took" | "have" | "had" | "taking", "ownership", "of") | ("ended", "up", "owning")
    )
}

/// What follows `As an intern I` or `As a junior developer, I`.
fn behind_role(tokens: &[Token]) -> Option<&[Token]> {
    if word(tokens, 0) != "as" || !matches!(word(tokens, 1), "a" | "an" | "the") {
        return None;
    }
    let own = (3..7).find(|at| word(tokens, *at) == "i")?;
    tokens.get(own + 1..)
}

/// `Was in the project group for moving tickets`, `On the crew that rewrote it`: one of several.
fn is_member(tokens: &[Token]) -> bool {
    let first = usize::from(word(tokens, 0) == "i");
    // `Our team rewrote the controller; my part was the tests`
    if matches!(word(tokens, 0), "our" | "my" | "the") && word(tokens, 1) == "team" {
        return true;
    }
    let within = match (word(tokens, first), word(tokens, first + 1)) {
        ("part" | "member", "of") if first == 0 => 2,
        ("was" | "been", "in" | "on" | "with") => first + 2,
        ("was" | "been", "part") => first + 3,
        ("in" | "on", "the" | "a") if first == 0 => first + 1,
        _ => return false,
    };
    let group = |at: &usize| {
        matches!(word(tokens, *at), "group" | "team" | "crew" | "squad" | "committee" | "guild" | "taskforce" | "gang" | "party")
    };
    (within..within + 5)
        .find(group)
        .is_some_and(|at| matches!(word(tokens, at + 1), "that" | "which" | "who" | "for" | "of" | "to" | "doing"))
}

/// `Proud to have led`.
fn is_felt(tokens: &[Token]) -> bool {
    matches!(word(tokens, 0), "proud" | "excited" | "happy" | "glad" | "thrilled" | "honored" | "honoured")
        && word(tokens, 1) == "to"
        && word(tokens, 2) == "have"
}

/// `Help desk rotation` is no help given.
fn is_help_desk(tokens: &[Token]) -> bool {
    word(tokens, 0) == "help" && word(tokens, 1) == "desk" || word(tokens, 0) == "helpdesk"
}

/// The ownership the beginning of a text states; plain doing when nothing says otherwise.
pub(super) fn tier_of(tokens: &[Token], opener: Option<(Tier, usize)>, lexicon: &Lexicon) -> Tier {
    if leads(tokens) {
        return Tier::Led;
    }
    if owns(tokens) {
        return Tier::Owned;
    }
    // `As an intern I helped build it`
    if let Some(told) = behind_role(tokens) {
        return tier_of(told, None, lexicon).min(lexicon.phrases().opener(told).map_or(Tier::Led, |(opener, _)| opener.keeps));
    }
    // `Handled a team of 4 developers`
    let led = usize::from(word(tokens, 0) == "i");
    let in_charge = led + usize::from(word(tokens, led) == "was");
    if word(tokens, in_charge) == "in"
        && word(tokens, in_charge + 1) == "charge"
        && (in_charge + 3..in_charge + 8)
            .any(|at| matches!(word(tokens, at), "team" | "squad") && matches!(word(tokens, at + 1), "for" | "of" | ""))
    {
        return Tier::Led;
    }
    let team = (led + 2..led + 4).any(|at| word(tokens, at) == "team" && word(tokens, at + 1) == "of");
    if matches!(word(tokens, led), "handled" | "handling" | "handle") && matches!(word(tokens, led + 1), "a" | "the") && team {
        return Tier::Led;
    }
    if is_help_desk(tokens) {
        return Tier::Did;
    }
    if let Some((tier, len)) = opener {
        // `Responsible for managing` says as much as `Managed`; `Helped manage` does not.
        let deed =
            tokens.get(len).and_then(|token| lexicon.verb(&token.lower)).filter(|form| matches!(form.tense, Tense::Ing | Tense::Base));
        return deed.filter(|_| tier >= Tier::Did).map_or(tier, |form| form.verb.tier.max(tier));
    }
    if word(tokens, 0) == "sat" && word(tokens, 1) == "in" {
        return Tier::Assisted;
    }
    if is_member(tokens) {
        return Tier::Contributed;
    }
    // An adverb may come first: `Successfully led`; so may a feeling: `Proud to have led`.
    let mut tier = None;
    let felt = 3 * usize::from(is_felt(tokens));
    for (at, token) in tokens.iter().enumerate().skip(felt).take(3).filter(|(_, token)| token.is_word()) {
        if let Some(VerbForm { verb, tense: Tense::Past | Tense::Base | Tense::Ing | Tense::Third }) = lexicon.verb(&token.lower) {
            tier = Some(if is_own_work(tokens, at) { verb.tier.max(Tier::Did) } else { verb.tier });
            break;
        }
        let phrases = lexicon.phrases();
        if !phrases.fillers.has_word(&token.lower) && !phrases.first_person.has_word(&token.lower) && !token.lower.ends_with("ly") {
            break;
        }
    }
    tier.unwrap_or(Tier::Did)
}

/// `Worked out why`, `Joined two services`: words of taking part that tell a deed here.
fn is_own_work(tokens: &[Token], at: usize) -> bool {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    match word(at) {
        "worked" => matches!(word(at + 1), "out" | "around" | "through"),
        "attended" => word(at + 1).starts_with("ticket"),
        "joined" => !(1..6).any(|ahead| {
            matches!(
                word(at + ahead),
                "team"
                    | "project"
                    | "company"
                    | "group"
                    | "effort"
                    | "rotation"
                    | "startup"
                    | "squad"
                    | "meeting"
                    | "meetings"
                    | "call"
                    | "calls"
            )
        }),
        _ => false,
    }
}
