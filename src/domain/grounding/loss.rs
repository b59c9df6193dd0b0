//! What of the bullet does a rewrite lose?

use std::collections::BTreeSet;

use super::asides::asides;
use super::compare::{bare, same_plural};
use super::items::{is_list_item, lost_phrase};
use super::numbers;
use super::receipts::Traced;
use super::spelling::is_misspelled;
use super::{Evidence, Receipt, ReceiptKind, Violation, ViolationCode};
use crate::domain::facts::{Reading, Technology};
use crate::domain::lexicon::{Lexicon, Tense};
use crate::domain::quantity::{Quantity, QuantityKind};

/// The most of a bullet's plain words that a rewrite may lose: one in three.
const LOSS: usize = 3;

/// Numbers, technologies, names and too many plain words of the bullet that the rewrite no longer tells.
pub(super) fn violations(
    lexicon: &Lexicon,
    evidence: &Evidence,
    reading: &Reading,
    traced: &Traced,
    changed: &[&Quantity],
    found: &mut Vec<Violation>,
) -> usize {
    let bullet = &evidence.bullet;
    for known in &bullet.quantities {
        let told = changed.iter().any(|other| std::ptr::eq(*other, known));
        if !told && !numbers::tells(reading, bullet, known) {
            let words = known.span.of(&bullet.raw);
            found.push(Violation::in_bullet(ViolationCode::DroppedFact, known.span, format!("\"{words}\" is lost")));
        }
    }
    let parts = hyphen_parts(reading);
    for known in &bullet.technologies {
        let named = |said: &Technology| lexicon.is_kind_of(&known.id, &said.id);
        // The `CI` of `GitLab CI` is no word for Jenkins.
        let classes = reading.classes.iter().filter(|class| reading.technology_at(class.first).is_none());
        let version_kept =
            known.version.is_none() || reading.technologies.iter().any(|said| said.id == known.id && said.version == known.version);
        // `pair programming` told as `pair-programmed`.
        let in_parts = |stem: &String| parts.iter().any(|part| lexicon.root(part) == *stem);
        let spelled =
            (known.first..known.end).all(|at| bullet.stems.get(at).is_some_and(|stem| reading.stems.contains(stem) || in_parts(stem)));
        // `cache` stands for Memcached, but not where Redis, which is told, is the cache that is meant.
        let told_by_another = |class: &Technology| {
            let other = |other: &Technology| other.id != known.id && lexicon.is_kind_of(&other.id, &class.id);
            bullet.classes.iter().any(|meant| meant.id == class.id)
                && bullet.technologies.iter().any(|meant| other(meant) && reading.technologies.iter().any(|said| said.id == meant.id))
        };
        let wider = classes.filter(|said| !told_by_another(said));
        if spelled || evidence.denies(&known.id) || (reading.technologies.iter().chain(wider).any(named) && version_kept) {
            continue;
        }
        let words = known.span.of(&bullet.raw);
        found.push(Violation::in_bullet(ViolationCode::DroppedFact, known.span, format!("\"{words}\" is lost")));
    }
    for at in &bullet.names {
        let Some(token) = bullet.tokens.get(*at) else { continue };
        let name = bare(&token.lower);
        let cited = || {
            traced
                .receipts
                .iter()
                .any(|receipt| receipt.kind != ReceiptKind::Fact && receipt.from.is_some_and(|from| from.overlaps(token.span)))
        };
        let same_root = bullet.stems.get(*at).is_some_and(|stem| reading.stems.contains(stem));
        if !same_root
            && !reading.tokens.iter().any(|said| said.lower.contains(name) || same_plural(bare(&said.lower), name))
            && !cited()
            && !same_class(bullet, reading, *at)
        {
            found.push(Violation::in_bullet(ViolationCode::DroppedFact, token.span, format!("\"{}\" is lost", token.text)));
        }
    }
    let aside = asides(lexicon, bullet);
    hedges(lexicon, bullet, reading, traced, &aside, found);
    let content = content_words(lexicon, bullet);
    let gone = lost_words(lexicon, evidence, reading, &traced.receipts, &content);
    let mut lost = gone.clone();
    lost.retain(|at| aside.get(*at) != Some(&true) && !is_light(lexicon, bullet, *at) && !stands_for_names(bullet, *at));
    // A word that the rewrite says in the place of a lost one is an exchange, and no loss.
    let exchanged = traced
        .missing
        .iter()
        .filter(|at| reading.tokens.get(**at).is_some_and(|token| !lexicon.phrases().empty.has_word(&token.lower)))
        .count();
    let exchanged_things = traced.missing.iter().any(|at| {
        reading.tokens.get(*at).is_some_and(|token| {
            !lexicon.phrases().empty.has_word(&token.lower) && lexicon.verb(&token.lower).is_none_or(|form| form.tense == Tense::Base)
        })
    });
    let whole_item = !exchanged_things
        && (lost_phrase(lexicon, bullet, &lost, &gone) || lost.iter().any(|at| is_list_item(lexicon, bullet, *at, &lost)));
    if (whole_item || lost.len().saturating_sub(exchanged) * LOSS > content.len())
        && let (Some(first), Some(last)) =
            (lost.first().and_then(|at| bullet.tokens.get(*at)), lost.last().and_then(|at| bullet.tokens.get(*at)))
    {
        let words: Vec<&str> = lost.iter().filter_map(|at| bullet.tokens.get(*at)).map(|token| token.text.as_str()).collect();
        let span = first.span.join(last.span);
        found.push(Violation::in_bullet(ViolationCode::DroppedFact, span, format!("lost: \"{}\"", words.join(" "))));
    }
    gone.len()
}

/// A word of procedure or of praise, which an editor drops without losing a fact.
fn is_light(lexicon: &Lexicon, bullet: &Reading, at: usize) -> bool {
    bullet.tokens.get(at).is_some_and(|token| {
        token.lower.chars().all(char::is_alphabetic) && token.lower.len() == 1 || lexicon.phrases().light.has_word(&token.lower)
    })
}

/// `the delivery companies (DHL, GLS)`: who tells the names has told what they are the names of.
fn stands_for_names(bullet: &Reading, at: usize) -> bool {
    let opens = (at + 1..at + 3).find(|at| bullet.tokens.get(*at).is_some_and(|token| token.is_mark("(")));
    let names = |at: usize| bullet.names.contains(&at) || bullet.technology_at(at).is_some();
    opens.is_some_and(|at| names(at + 1) && bullet.tokens.get(at + 2).is_some_and(|token| token.is_mark(",")))
}

/// `CI` told as `continuous integration`: both stand for one class of technologies.
fn same_class(bullet: &Reading, reading: &Reading, at: usize) -> bool {
    bullet.class_at(at).is_some_and(|class| reading.classes.iter().any(|said| said.id == class.id))
}

/// Words without which the claim is another one, and openers that are no proof of a deed: they stay.
fn hedges(lexicon: &Lexicon, bullet: &Reading, reading: &Reading, traced: &Traced, aside: &[bool], found: &mut Vec<Violation>) {
    let phrases = lexicon.phrases();
    let mut places = phrases.hedges.find(&bullet.tokens);
    places.extend(phrases.observing.find(&bullet.tokens));
    if phrases.opener(&bullet.tokens).is_some_and(|(opener, _)| opener.stays) {
        places.push((0, bullet.opener_len));
    }
    places.extend(shares_of(bullet));
    for (first, end) in places.into_iter().filter(|place| aside.get(place.0) != Some(&true) && hedges_the_deed(lexicon, bullet, *place)) {
        let span = bullet.span(first, end);
        let listed = bullet
            .listed
            .iter()
            .any(|known| known.first == first && known.end <= end && reading.listed.iter().any(|said| said.set == known.set));
        // Another word for the same is no loss: `examined` for `reviewed`.
        let cited =
            traced.receipts.iter().any(|receipt| receipt.kind == ReceiptKind::Verb && receipt.from.is_some_and(|from| from.overlaps(span)));
        if listed || cited && !(first == 0 && end == bullet.opener_len) || is_fulfilled(lexicon, bullet, reading, (first, end)) {
            continue;
        }
        let kept = |at: usize| {
            let (Some(token), Some(stem)) = (bullet.tokens.get(at), bullet.stems.get(at)) else { return true };
            !token.is_word()
                || phrases.glue.has_word(&token.lower) && end > first + 1
                || reading.stems.contains(stem)
                || reading.tokens.iter().any(|said| said.lower.contains(&token.lower))
        };
        if !(first..end).all(kept) {
            let span = bullet.span(first, end);
            found.push(Violation::in_bullet(
                ViolationCode::DroppedFact,
                span,
                format!("\"{}\" is lost: without it the claim is another", span.of(&bullet.raw)),
            ));
        }
    }
}

/// Whether the bullet goes on to tell that it was done: `Assigned to a project; developed the rules`, `tried to lower it, came to 20% less`.
fn is_fulfilled(lexicon: &Lexicon, bullet: &Reading, reading: &Reading, (first, end): (usize, usize)) -> bool {
    let word = |at: usize| bullet.tokens.get(at).map_or("", |token| token.lower.as_str());
    if matches!(word(first), "tried" | "trying") {
        let measured = |known: &&Quantity| known.kind != QuantityKind::Count;
        return first < 3 && bullet.denials.is_empty() && bullet.quantities.iter().any(|known| measured(&known));
    }
    let Some(said) = reading.tokens.first().and_then(|token| lexicon.verb(&token.lower)).map(|form| form.verb) else { return false };
    first == 0
        && end == bullet.opener_len
        && (end + 1..bullet.tokens.len()).any(|at| {
            let own = matches!(word(at - 1), ";" | "." | "i" | "," | "and");
            let form = lexicon.verb(word(at)).filter(|form| form.tense == Tense::Past);
            own && form.is_some_and(|form| lexicon.may_stand_for(said, form.verb))
        })
}

/// Whether such a word bears on the deed here: `could` of `so that it could`, `tried` of `tried again`, `experience in writing` do not.
fn hedges_the_deed(lexicon: &Lexicon, bullet: &Reading, (first, end): (usize, usize)) -> bool {
    let word = |at: usize| bullet.tokens.get(at).map_or("", |token| token.lower.as_str());
    match word(first) {
        "could" | "might" | "should" | "would" | "may" | "cannot" => first < 4,
        "tried" | "trying" => !matches!(word(first + 1), "out" | "again"),
        _ if first == 0
            && end == bullet.opener_len
            && (word(end - 1) == "in" || word(end - 1) == "with" && word(end - 2) == "experience") =>
        {
            !lexicon.verb(word(end)).is_some_and(|form| form.tense == Tense::Ing)
        }
        // `half` told as `50%` is a number, and judged as one.
        "half" => !bullet.quantities.iter().any(|known| bullet.tokens.get(first).is_some_and(|token| known.folded.0 == token.start)),
        "attended" | "attending" => first < 3 && !bullet.tokens.iter().any(|token| token.lower.starts_with("ticket")),
        "expected" | "supposed" | "failed" | "failing" => first < 3 || word(first + 1) == "to",
        _ => true,
    }
}

/// `Wrote part of the code`: who did a part has not done the whole.
fn shares_of(bullet: &Reading) -> Vec<(usize, usize)> {
    let word = |at: usize| bullet.tokens.get(at).map_or("", |token| token.lower.as_str());
    (1..bullet.tokens.len())
        .filter(|at| matches!(word(*at), "part" | "parts" | "some" | "half" | "most") && word(at + 1) == "of")
        .filter(|at| {
            !matches!(
                word(at - 1),
                "as" | "was" | "be" | "being" | "were" | "been" | "is" | "a" | "my" | "took" | "take" | "taking" | "form" | "forms"
            )
        })
        .map(|at| (at, at + 1))
        .collect()
}

/// The words of the bullet that say something: no opener, glue, filler or vague word.
fn content_words(lexicon: &Lexicon, bullet: &Reading) -> Vec<usize> {
    let phrases = lexicon.phrases();
    let mut skipped: BTreeSet<usize> = (0..bullet.opener_len).collect();
    for set in [&phrases.negations, &phrases.empty, &phrases.fillers, &phrases.vague, &phrases.first_person, &phrases.soft_words] {
        skipped.extend(set.find(&bullet.tokens).into_iter().flat_map(|(first, end)| first..end));
    }
    let mut at = 0;
    while at < bullet.tokens.len() {
        // What a listed shortening takes away is no loss.
        match phrases.shortening(&bullet.tokens, at) {
            Some((_, end)) => {
                skipped.extend(at..end);
                at = end;
            }
            None => at += 1,
        }
    }
    let says = |at: &usize| bullet.tokens.get(*at).is_some_and(|token| token.is_word() && !phrases.glue.has_word(&token.lower));
    (0..bullet.tokens.len()).filter(|at| !skipped.contains(at)).filter(says).collect()
}

/// The content words that nothing in the rewrite refers to.
fn lost_words(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, receipts: &[Receipt], content: &[usize]) -> Vec<usize> {
    let bullet = &evidence.bullet;
    let cited = |at: usize| {
        let Some(token) = bullet.tokens.get(at) else { return true };
        receipts.iter().any(|receipt| receipt.kind != ReceiptKind::Fact && receipt.from.is_some_and(|from| from.overlaps(token.span)))
    };
    let parts = hyphen_parts(reading);
    // `writting` for a form of what the rewrite tells as `Wrote`.
    let misspelled = |at: usize| {
        let Some(token) = bullet.tokens.get(at) else { return false };
        reading.tokens.iter().any(|said| {
            is_misspelled(&token.lower, &said.lower)
                || lexicon.verb(&said.lower).is_some_and(|form| is_misspelled(&token.lower, &form.verb.ing))
        })
    };
    let said_again = |at: usize| {
        bullet.stems.get(at).is_some_and(|stem| reading.stems.contains(stem))
            || bullet.tokens.get(at).is_some_and(|token| {
                let apart =
                    |token: &str| token.contains('-') && token.split('-').all(|part| reading.tokens.iter().any(|said| said.lower == part));
                parts.contains(token.lower.as_str()) || apart(&token.lower)
            })
    };
    // Another first verb is an exchange; whether it claims more is judged by itself.
    let opens = |text: &Reading| text.tokens.first().is_some_and(|token| lexicon.verb(&token.lower).is_some());
    // `Enhanced search by adding synonyms` told as `Added synonyms to search`: the means has become the deed.
    let by_means = |stem: &String| {
        bullet
            .tokens
            .windows(2)
            .zip(bullet.stems.iter().skip(1))
            .any(|(pair, root)| root == stem && pair.first().is_some_and(|by| by.lower == "by"))
    };
    let deed_exchanged = |at: usize| {
        at == 0
            && bullet.opener_len == 0
            && opens(bullet)
            && opens(reading)
            && reading.stems.first().is_some_and(|stem| !bullet.stems.contains(stem) || by_means(stem))
    };
    // `requests per second` in `rps`, `engineers` in `5-engineer`: the number carries its thing and its time.
    let kept: Vec<&Quantity> =
        reading.quantities.iter().filter(|said| bullet.quantities.iter().any(|known| known.same_value(said))).collect();
    let opens_with_number = reading.tokens.first().is_some_and(|first| reading.quantity_at(first).is_some());
    let part_of_number = |at: usize| {
        let (Some(token), Some(root)) = (bullet.tokens.get(at), bullet.stems.get(at)) else { return false };
        let timed = kept.iter().any(|said| !said.per.is_empty() || said.kind == QuantityKind::Rate);
        kept.iter().any(|said| said.of.contains(root))
            || (timed && matches!(token.lower.as_str(), "second" | "sec" | "minute" | "min" | "hour" | "day" | "week" | "month" | "year" | "daily" | "weekly" | "monthly" | "yearly" | "annually"))
            // `Improved throughput 2x` said as `Doubled throughput`.
            || (at == 0 && opens_with_number && lexicon.verb(&token.lower).is_some_and(|form| lexicon.phrases().is_outcome(&form.verb.stem)))
    };
    content
        .iter()
        .copied()
        .filter(|at| {
            let special =
                bullet.technology_at(*at).is_some() || bullet.tokens.get(*at).is_some_and(|token| bullet.quantity_at(token).is_some());
            !special && !deed_exchanged(*at) && !cited(*at) && !said_again(*at) && !part_of_number(*at) && !misspelled(*at)
        })
        .collect()
}

fn hyphen_parts(reading: &Reading) -> BTreeSet<&str> {
    reading.tokens.iter().filter(|token| token.lower.contains('-')).flat_map(|token| token.lower.split('-')).collect()
}
