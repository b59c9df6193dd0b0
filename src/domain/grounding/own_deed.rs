//! Does a rewrite open with a deed that the bullet tells as the writer's own, though the bullet opens with another one?

use super::Evidence;
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense, Tier, Verb};

/// `Supported QA by writing scripts` told as `Wrote scripts`: the deed is the writer's own, though the first verb is another.
pub(super) fn opens_with_own_deed(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading) -> bool {
    // `Established` for `Set up`: listed as the same.
    let listed = reading
        .listed
        .iter()
        .filter(|said| said.first == 0)
        .any(|said| evidence.bullet.listed.iter().any(|known| known.first == 0 && known.end > 1 && said.may_stand_for(*known)));
    if listed && reading.tier == Tier::Owned {
        return true;
    }
    if keeps_membership(&evidence.bullet, reading)
        || with_partner(lexicon, &evidence.bullet, reading)
        || names_the_deed(lexicon, &evidence.bullet, reading)
    {
        return true;
    }
    let said = reading.tokens.iter().take(3).find_map(|token| lexicon.verb(&token.lower)).map(|form| form.verb);
    let bullet = &evidence.bullet;
    if said.is_some_and(|said| said.tier <= Tier::Did && worked_on_deed(bullet, said) || said.tier <= Tier::Owned && did_deed(bullet, said))
    {
        return true;
    }
    let by_me =
        bullet.tokens.windows(2).any(|pair| matches!(pair, [by, me] if by.lower == "by" && matches!(me.lower.as_str(), "me" | "myself")));
    let Some(said) = said.filter(|verb| verb.tier <= Tier::Did || by_me && verb.tier == Tier::Owned) else { return false };
    let word = |at: Option<usize>| at.and_then(|at| bullet.tokens.get(at)).map_or("", |token| token.lower.as_str());
    (1..bullet.tokens.len()).any(|at| {
        let Some(form) = bullet.tokens.get(at).and_then(|token| lexicon.verb(&token.lower)) else { return false };
        let before = word(at.checked_sub(1));
        let second = word(at.checked_sub(2));
        let own = match form.tense {
            // `was designed by me`
            Tense::Past if word(Some(at + 1)) == "by" && matches!(word(Some(at + 2)), "me" | "myself") => true,
            Tense::Past => matches!(before, "and" | "," | ";" | ":" | "(" | "." | "i" | "also" | "then"),
            Tense::Ing => {
                before == "by"
                    || (before == "with" && second == "along")
                    || (matches!(before, "was" | "included") && matches!(second, "part" | "job" | "role" | "task" | "share"))
            }
            Tense::Base | Tense::Third => false,
        };
        // `Worked on improving the flow, removed calls` told as `Improved the flow by removing calls`.
        let by_own = own && form.tense == Tense::Past && by_deed(lexicon, reading, form.verb) && works_on(lexicon, bullet, said);
        by_own || own && lexicon.may_stand_for(said, form.verb)
    })
}

/// `Worked with the hardware team to define it` told as `Defined it with the hardware team`: the partner is still told.
fn with_partner(lexicon: &Lexicon, bullet: &Reading, reading: &Reading) -> bool {
    let word = |at: usize| bullet.tokens.get(at).map_or("", |token| token.lower.as_str());
    let Some(said) = reading.tokens.first().and_then(|token| lexicon.verb(&token.lower)).map(|form| form.verb) else { return false };
    let Some(with) = (1..5).find(|at| word(*at) == "with") else { return false };
    let deed = (with + 1..bullet.tokens.len()).find(|at| {
        word(at - 1) == "to" && lexicon.verb(word(*at)).is_some_and(|form| said.tier <= Tier::Did && lexicon.may_stand_for(said, form.verb))
    });
    // `with analysts for requirement gathering` told as `Gathered requirements with analysts`
    let deed = deed.or_else(|| {
        (with + 2..bullet.tokens.len())
            .find(|at| said.tier <= Tier::Did && bullet.stems.get(*at) == Some(&said.stem) && (with..*at).any(|at| word(at) == "for"))
    });
    let partner = deed.map(|deed| (with + 1..deed).find(|at| word(*at) == "for").unwrap_or(deed)).and_then(|deed| {
        let says =
            |at: &usize| bullet.tokens.get(*at).is_some_and(|token| token.is_word() && !lexicon.phrases().glue.has_word(&token.lower));
        (with + 1..deed).rev().find(says).and_then(|at| bullet.stems.get(at))
    });
    let told = reading.tokens.iter().position(|token| matches!(token.lower.as_str(), "with" | "alongside"));
    bullet.tier >= Tier::Contributed
        && partner.zip(told).is_some_and(|(partner, told)| reading.stems.iter().skip(told).take(8).any(|stem| stem == partner))
}

/// `Worked on building the importer` told as `Built the importer`, `Worked on the refactoring of` as `Refactored`: the deed that the writer
/// names was the writer's work. `Worked on the importer` names none.
fn worked_on_deed(bullet: &Reading, said: &Verb) -> bool {
    let word = |at: usize| bullet.tokens.get(at).map_or("", |token| token.lower.as_str());
    let end = bullet.opener_len;
    end > 1 && word(end - 2) == "worked" && word(end - 1) == "on" && bullet.stems.iter().skip(end).take(4).any(|stem| *stem == said.stem)
}

/// `Did the table design` told as `Designed the table`.
fn did_deed(bullet: &Reading, said: &Verb) -> bool {
    let did = bullet.tokens.first().is_some_and(|token| matches!(token.lower.as_str(), "did" | "performed" | "made" | "carried"));
    did && bullet.stems.iter().skip(1).take(6).any(|stem| *stem == said.stem)
}

/// Whether a rewrite names a deed as the means: `by removing calls`.
fn by_deed(lexicon: &Lexicon, reading: &Reading, deed: &Verb) -> bool {
    reading.tokens.windows(2).any(|pair| {
        matches!(pair, [by, means] if by.lower == "by" && lexicon.verb(&means.lower).is_some_and(|form| form.tense == Tense::Ing && form.verb.base == deed.base))
    })
}

/// Whether the deed right behind the weak opener is this one: `Worked on improving`.
fn works_on(lexicon: &Lexicon, bullet: &Reading, said: &Verb) -> bool {
    bullet.tier == Tier::Contributed
        && bullet.tokens.get(bullet.opener_len).and_then(|token| lexicon.verb(&token.lower)).is_some_and(|form| form.verb.base == said.base)
}

/// `Part of a team of six that rebuilt it` told as `Rebuilt it as part of a six-person team`: the team is still told.
fn keeps_membership(bullet: &Reading, reading: &Reading) -> bool {
    let word = |text: &Reading, at: usize| text.tokens.get(at).map_or(String::new(), |token| token.lower.clone());
    let group = |word: &str| matches!(word, "team" | "group" | "crew" | "squad");
    let of_group = |text: &Reading, at: usize| (at..at + 6).any(|at| group(&word(text, at)));
    let told = (0..reading.tokens.len()).any(|at| match (word(reading, at).as_str(), word(reading, at + 1).as_str()) {
        ("as" | "being", "part" | "one") => word(reading, at + 2) == "of" && of_group(reading, at + 3),
        ("as", "a") => word(reading, at + 2) == "member" && of_group(reading, at + 4),
        ("in" | "within" | "on" | "with", "a" | "the") => {
            group(&word(reading, at + 2)) || of_group(reading, at + 2) && word(reading, at + 2).contains('-')
        }
        _ => false,
    });
    bullet.tier == Tier::Contributed && reading.tier == Tier::Did && told && bullet.tokens.iter().any(|token| group(&token.lower))
}

/// `Database design and development` told as `Designed and developed the database`: a bullet of nouns names the deed.
fn names_the_deed(lexicon: &Lexicon, bullet: &Reading, reading: &Reading) -> bool {
    let Some(said) = reading.tokens.first().and_then(|token| lexicon.verb(&token.lower)).map(|form| form.verb) else { return false };
    if bullet.opener_len > 0 || bullet.tier < Tier::Did || said.tier > Tier::Owned {
        return false;
    }
    let is_other_deed = |at: usize| {
        bullet.tokens.get(at).and_then(|token| lexicon.verb(&token.lower)).is_some_and(|form| form.tense != Tense::Base || at == 0)
            && bullet.stems.get(at) != Some(&said.stem)
    };
    let named = (0..bullet.tokens.len()).take_while(|at| !is_other_deed(*at)).find(|at| bullet.stems.get(*at) == Some(&said.stem));
    named.is_some_and(|at| {
        let next = bullet.tokens.get(at + 1).map_or("", |token| token.lower.as_str());
        next.is_empty() || matches!(next, "and" | "&" | "of" | "for" | "," | "/")
    })
}
