//! Does a text claim more of the work than the writer said was theirs?

use super::own_deed::opens_with_own_deed;
use super::{Evidence, Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense, Tier, Verb};

pub(super) fn violations(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, missing: &[usize], found: &mut Vec<Violation>) {
    let stated = evidence.tier(lexicon);
    titles(lexicon, evidence, reading, found);
    let opens_plainly = reading
        .tokens
        .first()
        .and_then(|token| lexicon.verb(&token.lower))
        .is_some_and(|form| stated >= Tier::Did && leads_nobody(lexicon, evidence, reading, 0, form.verb));
    if reading.tier > stated && !opens_plainly && !opens_with_own_deed(lexicon, evidence, reading) {
        let end = reading.opener_len.max(1);
        found.push(Violation::new(ViolationCode::OwnershipUp, reading.span(0, end), "claims more ownership than the bullet states"));
    } else if missing.first() == Some(&0) || opens_with_noun_deed(lexicon, &evidence.bullet) {
        deeds(lexicon, evidence, reading, found);
    }
    deed_of_another(lexicon, evidence, reading, found);
    second_verbs(lexicon, evidence, reading, stated, found);
    shared_work(lexicon, evidence, reading, found);
}

/// `Updated modules written by the platform team` told as `Wrote modules`: that deed was somebody else's.
fn deed_of_another(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let bullet = &evidence.bullet;
    let word = |at: usize| bullet.tokens.get(at).map_or("", |token| token.lower.as_str());
    let past = |at: usize| lexicon.verb(word(at)).is_some_and(|form| form.tense == Tense::Past);
    let Some((token, stem)) = reading.tokens.first().zip(reading.stems.first()) else { return };
    let places: Vec<usize> = (0..bullet.tokens.len()).filter(|at| bullet.stems.get(*at) == Some(stem)).collect();
    let counts = |at: usize| bullet.tokens.get(at).is_some_and(|token| bullet.quantity_at(token).is_some());
    let by_other = |at: &usize| {
        !(at + 2..at + 4).any(counts)
            && *at > 0
            && past(*at)
            && word(at + 1) == "by"
            && !word(at + 2).ends_with("ing")
            && !matches!(word(at + 2), "me" | "myself" | "hand")
    };
    let own = evidence.facts.iter().any(|facts| facts.stems.contains(stem));
    if past(0) && !own && !places.is_empty() && places.iter().all(by_other) {
        found.push(Violation::new(ViolationCode::OwnershipUp, token.span, format!("\"{}\" was the deed of somebody else", token.text)));
    }
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
    let meant = deed_of_noun(lexicon, &evidence.bullet, meant).unwrap_or(meant);
    // `Made imports more reliable`, `Introduced backup verification` for `Verified backups`: the deed of the bullet is still told.
    // `Built and maintained` for `Maintained` tells it, and one more.
    let joined = reading.tokens.get(1).is_some_and(|token| matches!(token.lower.as_str(), "and" | "," | "&"));
    let one_more =
        joined && reading.tokens.get(2).and_then(|token| lexicon.verb(&token.lower)).is_some_and(|form| form.verb.base == meant.base);
    if matches!(said.base.as_str(), "make" | "add") || !one_more && deed(meant) != Some(Deed::Used) && reading.stems.contains(&meant.stem) {
        return;
    }
    if purpose_of_use(lexicon, &evidence.bullet, reading, meant) {
        return;
    }
    let teaches = said.groups.iter().any(|group| group == "mentor" || group == "teach") && !evidence.bullet.stems.contains(&said.stem);
    let claims_more = match (deed(said), deed(meant)) {
        (Some(claimed), Some(stated)) => claimed > stated,
        _ => false,
    };
    if claims_more || teaches {
        let message = format!("\"{}\" is another deed than the bullet states", token.text);
        found.push(Violation::new(ViolationCode::OwnershipUp, token.span, message));
    }
}

fn opens_with_noun_deed(lexicon: &Lexicon, bullet: &Reading) -> bool {
    let opening = bullet.tokens.first().and_then(|token| lexicon.verb(&token.lower));
    opening.is_some_and(|form| deed_of_noun(lexicon, bullet, form.verb).is_some())
}

/// `Made small fixes in the app`: the deed is in the noun.
fn deed_of_noun<'a>(lexicon: &'a Lexicon, bullet: &Reading, meant: &Verb) -> Option<&'a Verb> {
    let bare = matches!(meant.base.as_str(), "make" | "do" | "perform" | "provide" | "give");
    let noun = |at: usize| bullet.tokens.get(at).and_then(|token| lexicon.verb(&token.lower)).map(|form| form.verb);
    (1..4).filter(|_| bare).filter_map(noun).find(|verb| matches!(deed(verb), Some(Deed::Kept | Deed::Watched)))
}

/// `Used Elasticsearch for full-text search` told as `Implemented full-text search using Elasticsearch`: what was made is what the
/// thing was used for, and the thing is still only used.
fn purpose_of_use(lexicon: &Lexicon, bullet: &Reading, reading: &Reading, meant: &Verb) -> bool {
    let word = |text: &Reading, at: usize| text.tokens.get(at).map_or(String::new(), |token| token.lower.clone());
    let Some(purpose) = (1..bullet.tokens.len()).find(|at| matches!(word(bullet, *at).as_str(), "for" | "to")) else { return false };
    let Some(tool) = (1..reading.tokens.len()).find(|at| matches!(word(reading, *at).as_str(), "using" | "with" | "in" | "via" | "on"))
    else {
        return false;
    };
    let says = |text: &Reading, at: usize| {
        text.tokens.get(at).is_some_and(|token| token.is_word() && !lexicon.phrases().glue.has_word(&token.lower))
    };
    let used: Vec<&String> = (1..purpose).filter(|at| says(bullet, *at)).filter_map(|at| bullet.stems.get(at)).collect();
    let made: Vec<&String> = (1..tool).filter(|at| says(reading, *at)).filter_map(|at| reading.stems.get(at)).collect();
    deed(meant) == Some(Deed::Used)
        && !used.is_empty()
        && word(bullet, purpose) == "for"
        && !made.iter().any(|stem| used.contains(stem))
        && used.iter().all(|stem| reading.stems.iter().skip(tool).any(|other| other == *stem))
}

/// `managed secrets` for `handled the secrets`: of a thing and no person, it leads nobody.
fn leads_nobody(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize, said: &Verb) -> bool {
    let kinds: &[&str] = match said.base.as_str() {
        "manage" => &["handle", "operate", "manage-system"],
        "orchestrate" => &["schedule", "automate", "handle", "operate"],
        _ => return false,
    };
    let of_people = reading.tokens.iter().skip(at + 1).take(4).any(|token| is_people(&token.lower));
    let meant = |token: &crate::domain::text::Token| {
        lexicon.verb(&token.lower).is_some_and(|form| form.verb.groups.iter().any(|group| kinds.contains(&group.as_str())))
    };
    !of_people && evidence.bullet.tokens.iter().any(meant)
}

/// `developers`, `team`, `the designer`: who can be led or work along.
fn is_people(word: &str) -> bool {
    let one = word.strip_suffix('s').unwrap_or(word);
    let thing = matches!(
        one,
        "server"
            | "container"
            | "cluster"
            | "worker"
            | "broker"
            | "router"
            | "driver"
            | "adapter"
            | "controller"
            | "parser"
            | "filter"
            | "counter"
            | "layer"
            | "buffer"
            | "pointer"
            | "number"
            | "order"
            | "parameter"
            | "listener"
            | "handler"
            | "header"
            | "trigger"
            | "register"
            | "computer"
            | "processor"
            | "connector"
            | "monitor"
            | "sensor"
            | "mirror"
            | "consumer"
            | "producer"
            | "other"
    );
    let role = ["er", "or", "ist", "ant"].iter().any(|ending| one.len() > 4 && one.ends_with(ending));
    role && !thing
        || matches!(
            one,
            "team"
                | "group"
                | "squad"
                | "people"
                | "person"
                | "colleague"
                | "dev"
                | "admin"
                | "intern"
                | "trainee"
                | "student"
                | "analyst"
                | "guy"
                | "junior"
                | "senior"
                | "staff"
                | "teammate"
                | "lead"
                | "architect"
                | "dba"
                | "sre"
                | "other"
                | "freelancer"
                | "mate"
                | "friend"
                | "coworker"
                | "department"
                | "employee"
        )
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
        let leads_nobody = || stated >= Tier::Did && leads_nobody(lexicon, evidence, reading, at, form.verb);
        if form.verb.tier > stated && form.verb.tier > Tier::Did && !said_before && !leads_nobody() {
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
        let solo = words.first().is_some_and(|word| matches!(*word, "sole" | "only"))
            && evidence.readings().any(|known| {
                known.tokens.iter().any(|token| matches!(token.lower.as_str(), "sole" | "only" | "alone" | "myself" | "solo"))
            });
        if !said && !solo {
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
        let with_a_thing = |(_, end): &(usize, usize)| {
            let word = |at: usize| text.tokens.get(at).map_or("", |token| token.lower.as_str());
            // `One of the things I am proud of`, `alongside backend work`, `with the help of @Async`.
            let of_things =
                word(*end - 1) == "the" && matches!(word(*end), "things" | "main" | "most" | "key" | "biggest" | "first" | "reasons");
            let beside_work = word(*end - 1) == "alongside" && !(*end..*end + 4).any(|at| is_people(word(at)));
            let by_tool = word(*end - 1) == "of"
                && word(*end - 2) == "help"
                && (text.tokens.get(*end).is_some_and(|token| !token.is_word()) || text.technology_at(*end).is_some());
            of_things
                || beside_work
                || by_tool
                || matches!(word(*end - 1), "two" | "three" | "another")
                    && word(*end - 2) == "with"
                    && !(*end..*end + 3).any(|at| is_people(word(at)))
        };
        phrases.sharing.find(&text.tokens).into_iter().find(|place| !with_a_thing(place)).or_else(|| {
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
