//! What of the bullet a rewrite has lost: numbers, technologies, names, versions and denials are facts; of other words, a third may go.

use super::align::Alignment;
use super::known::{Place, is_open};
use super::{Cited, Evidence, Side, Violation, ViolationCode};
use crate::domain::claims::Agent;
use crate::domain::english::{Part, denies};
use crate::domain::facts::Reading;
use crate::domain::lexicon::Lexicon;
use crate::domain::quantity::{Decimal, Quantity, QuantityKind};
use crate::domain::text::Span;

pub(super) fn findings(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    numbers(evidence, reading, alignment, found);
    technologies(lexicon, evidence, reading, alignment, found);
    names(lexicon, evidence, reading, alignment, found);
    denials(evidence, reading, found);
    things(lexicon, evidence, alignment, found);
    content(lexicon, evidence, alignment, found);
}

/// One thing of several that are joined, where the others are told: `refunds, chargebacks and payouts` told as `refunds and payouts`.
fn things(lexicon: &Lexicon, evidence: &Evidence, alignment: &Alignment, found: &mut Vec<Violation>) {
    let bullet = &evidence.bullet;
    let sentence = &bullet.english;
    let content = |number: usize| {
        let stretch = sentence.things.get(number).map(|thing| thing.stretch);
        stretch.into_iter().flat_map(|stretch| stretch.first..stretch.end).filter(|at| {
            is_open(sentence.part(*at))
                && bullet
                    .tokens
                    .get(*at)
                    .is_some_and(|token| !lexicon.phrases().empty.has_word(&token.lower) && !lexicon.phrases().light.has_word(&token.lower))
        })
    };
    let is_told = |number: usize| content(number).any(|at| alignment.tells(Place { text: 0, at }));
    let joins = |at: usize| sentence.part(at) == Part::Conjunction || bullet.tokens.get(at).is_some_and(|token| token.is_mark(","));
    for (number, thing) in sentence.things.iter().enumerate() {
        if content(number).next().is_none() || is_told(number) {
            continue;
        }
        let before = thing.stretch.first.checked_sub(1).filter(|at| joins(*at)).and_then(|at| sentence.thing_at(at.checked_sub(1)?));
        let behind = joins(thing.stretch.end).then(|| sentence.thing_at(thing.stretch.end + 1)).flatten();
        let told = |other: Option<&crate::domain::english::NounPhrase>| {
            other.and_then(|other| sentence.things.iter().position(|known| known == other)).is_some_and(is_told)
        };
        if told(before) || told(behind) {
            let span = bullet.span(thing.stretch.first, thing.stretch.end);
            let words = span.of(&bullet.raw);
            let question = format!("Your bullet says \"{words}\", and the rewrite does not. Is the rewrite still right?");
            found.push(lost(span, "part", &words).asked(question, Some(Cited { side: Side::Bullet, span })));
        }
    }
}

fn lost(span: Span, what: &str, words: &str) -> Violation {
    Violation::in_bullet(ViolationCode::DroppedFact, span, format!("the {what} \"{words}\" is lost"))
}

fn numbers(evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    let changed = found.iter().any(|told| told.code == ViolationCode::ChangedQuantity);
    for known in &evidence.bullet.quantities {
        if is_listed(&evidence.bullet, alignment, known) {
            continue;
        }
        if tells(reading, known) || changed && reading.quantities.iter().any(|said| said.same_measure(known) && said.same_thing(known)) {
            continue;
        }
        found.push(lost(known.span, "number", &known.span.of(&evidence.bullet.raw)));
    }
}

/// `3 vendors (Datadog, New Relic, Dynatrace)`: a count of things that the rewrite names one by one.
fn is_listed(bullet: &Reading, alignment: &Alignment, known: &Quantity) -> bool {
    let end = bullet.tokens.partition_point(|token| token.start < known.folded.1);
    let opens = (end..end + 4).find(|at| bullet.tokens.get(*at).is_some_and(|token| matches!(token.text.as_str(), "(" | ":")));
    let Some(first) = opens.filter(|_| known.kind == QuantityKind::Count) else { return false };
    let items: Vec<usize> = (first + 1..bullet.tokens.len())
        .take_while(|at| bullet.tokens.get(*at).is_some_and(|token| !matches!(token.text.as_str(), ")" | ";" | ".")))
        .filter(|at| is_open(bullet.english.part(*at)) || bullet.quantity_at_token(*at))
        .collect();
    items.len() > 1 && items.iter().all(|at| alignment.tells(Place { text: 0, at: *at }))
}

/// Whether a number of the rewrite tells this one.
fn tells(reading: &Reading, known: &Quantity) -> bool {
    let has = |words: &[&str]| reading.tokens.iter().any(|token| words.contains(&token.lower.as_str()));
    let counts = known.kind == QuantityKind::Count && known.per.is_empty();
    let is = |value: i128| known.value == Decimal::new(value, 0);
    let digits = known.value.to_string();
    // `a 60-service platform`
    let hyphened = reading.tokens.iter().any(|token| token.lower.split('-').any(|part| part == digits));
    hyphened || reading.quantities.iter().any(|said| said.same_number_as_written(known))
        // A version: `from version 8` told as `from Angular 8`.
        || reading.technologies.iter().any(|said| said.version.as_deref() == Some(digits.as_str()))
        // `1 web client` told as `a web client`, `charged twice` as `double charges`, `0 findings` as `no findings`.
        || counts && is(1) && has(&["a", "an", "one", "single", "the"])
        || known.unit == "times" && is(2) && has(&["double", "duplicate", "duplicates", "doubled", "twice"])
        || is(0) && has(&["zero", "no", "none", "without"])
        // `both services` for `two services`.
        || counts && is(2) && has(&["both", "pair", "couple", "colleague", "another"])
}

fn technologies(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    for known in evidence.bullet.technologies.iter().filter(|known| !evidence.denies(&known.id)) {
        let words = known.span.of(&evidence.bullet.raw);
        let same = |said: &&crate::domain::facts::Technology| said.id == known.id || lexicon.is_kind_of(&known.id, &said.id);
        let said = reading.technologies.iter().chain(&reading.classes).find(same);
        let is_word = |at: usize| {
            evidence.bullet.tokens.get(at).is_some_and(|token| {
                token.lower.len() > 1 && reading.tokens.iter().any(|said| said.lower.split('-').any(|part| part == token.lower))
            })
        };
        let is_told = said.is_some() || (known.first..known.end).any(|at| alignment.tells(Place { text: 0, at }) || is_word(at));
        if !is_told {
            let told = lost(known.span, "technology", &words);
            let question = format!("Your bullet says \"{words}\", and the rewrite does not. Does it still say what matters?");
            // A general word, `REST API`, is a word like any other.
            let asked = lexicon.is_generic(&known.id);
            found.push(if asked { told.asked(question, Some(Cited { side: Side::Bullet, span: known.span })) } else { told });
        } else if let Some(version) = &known.version
            && !reading.tokens.iter().any(|token| token.lower.ends_with(version.as_str()))
        {
            found.push(lost(known.span, "version of", &words));
        }
    }
}

/// A name that no dictionary knows.
fn names(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, alignment: &Alignment, found: &mut Vec<Violation>) {
    let bullet = &evidence.bullet;
    for at in bullet.names.iter().filter(|at| bullet.class_at(**at).is_none() && !alignment.tells(Place { text: 0, at: **at })) {
        let Some(token) = bullet.tokens.get(*at) else { continue };
        let own = token.lower.strip_suffix("'s").unwrap_or(&token.lower);
        let named = reading.tokens.iter().any(|said| said.lower.split('-').any(|part| part == own));
        if named {
            continue;
        }
        let plural = |said: &str| said.strip_suffix('s') == Some(own) || own.strip_suffix('s') == Some(said);
        let is_plural = reading.tokens.iter().any(|said| plural(&said.lower));
        if !is_plural
            && !lexicon.dictionary().knows(own)
            && lexicon.verb(own).is_none()
            && own.len() > 1
            && !spelled_out(reading, &token.text)
        {
            found.push(lost(token.span, "name", &token.text));
        }
    }
}

/// `RTL` told as `right-to-left`: the words that a short name stands for.
fn spelled_out(reading: &Reading, name: &str) -> bool {
    let letters: Vec<char> = name.chars().filter(char::is_ascii_uppercase).map(|c| c.to_ascii_lowercase()).collect();
    let initials: Vec<char> = reading
        .tokens
        .iter()
        .filter(|token| token.is_word())
        .flat_map(|token| token.lower.split('-'))
        .filter_map(|part| part.chars().next())
        .collect();
    (2..=5).contains(&letters.len()) && initials.windows(letters.len()).any(|window| window == letters.as_slice())
}

/// A denial that is gone with everything that could tell it.
fn denials(evidence: &Evidence, reading: &Reading, found: &mut Vec<Violation>) {
    let bullet = &evidence.bullet;
    let denials = |text: &Reading| {
        let deeds = text.english.verbs.iter().filter(|verb| verb.denied).map(|verb| verb.verb);
        let words = text.tokens.iter().enumerate().filter(|(_, token)| denies(&token.lower)).map(|(at, _)| at);
        deeds.chain(words).collect::<Vec<_>>()
    };
    let Some(first) = denials(bullet).first().copied() else { return };
    let told = !denials(reading).is_empty() || reading.tokens.iter().any(|token| tells_denial(&token.lower));
    if told || found.iter().any(|told| told.code == ViolationCode::NegationFlip) {
        return;
    }
    let at = (0..bullet.tokens.len()).find(|at| bullet.tokens.get(*at).is_some_and(|token| denies(&token.lower))).unwrap_or(first);
    let span = bullet.span(at, (at + 4).min(bullet.tokens.len()));
    let words = span.of(&bullet.raw);
    // What the writer did not do is a fact; a comment, `nobody complained`, may go, and whether it does is the writer's to say.
    // `without` says how a deed was done, and that may be told by its opposite.
    let plain = |verb: usize| {
        (verb.saturating_sub(3)..verb)
            .any(|at| bullet.tokens.get(at).is_some_and(|token| denies(&token.lower) && token.lower != "without" && token.lower != "w/o"))
    };
    let of_writer =
        evidence.laid(0).is_some_and(|text| text.deeds().iter().any(|deed| deed.denied && deed.agent == Agent::Writer && plain(deed.verb)));
    let denial = lost(span, "denial", &words);
    let question = format!("Your bullet says \"{words}\", and the rewrite does not. Is the rewrite still right?");
    found.push(if of_writer { denial } else { denial.asked(question, Some(Cited { side: Side::Bullet, span })) });
}

/// Words that can tell a denial in another form.
pub(super) fn tells_denial(lower: &str) -> bool {
    lower.starts_with("un") && lower.len() > 5
        || lower.ends_with("-free")
        || lower.ends_with("less")
        || lower.starts_with("non-")
        || lower.starts_with("zero")
        || [
            "prohibit", "forbid", "block", "disallow", "den", "ban", "avoid", "prevent", "fail", "refus", "reject", "declin", "stop",
            "end", "elimin", "remov", "cancel", "abandon", "exclud", "leav", "lack", "miss", "skip", "drop",
        ]
        .iter()
        .any(|stem| lower.starts_with(stem))
        || matches!(
            lower,
            "only"
                | "but"
                | "except"
                | "rather"
                | "instead"
                | "others"
                | "despite"
                | "although"
                | "though"
                | "until"
                | "before"
                | "other"
                | "left"
                | "kept"
                | "outside"
                | "still"
                | "pending"
                | "yet"
                | "remaining"
                | "outstanding"
                | "planned"
        )
}

/// A third of what the bullet says is gone.
fn content(lexicon: &Lexicon, evidence: &Evidence, alignment: &Alignment, found: &mut Vec<Violation>) {
    let bullet = &evidence.bullet;
    let phrases = lexicon.phrases();
    let says = |at: usize| {
        bullet.tokens.get(at).is_some_and(|token| {
            is_open(bullet.english.part(at))
                && at >= bullet.opener_len
                && !phrases.empty.has_word(&token.lower)
                && !phrases.light.has_word(&token.lower)
                && !phrases.glue.has_word(&token.lower)
                && !phrases.fillers.has_word(&token.lower)
                && bullet.quantity_at(token).is_none()
        })
    };
    let content: Vec<usize> = (0..bullet.tokens.len()).filter(|at| says(*at)).collect();
    let gone: Vec<usize> = content.iter().copied().filter(|at| !alignment.tells(Place { text: 0, at: *at })).collect();
    let (Some(first), Some(last)) = (gone.first(), gone.last()) else { return };
    if gone.len() < 2 || gone.len() * 3 < content.len() {
        return;
    }
    let span = bullet.span(*first, last + 1);
    let words: Vec<&str> = gone.iter().take(6).filter_map(|at| bullet.tokens.get(*at)).map(|token| token.text.as_str()).collect();
    let words = words.join(" ... ");
    let question = format!("The rewrite leaves out \"{words}\". Does it still say what matters?");
    found.push(lost(span, "part", &words).asked(question, Some(Cited { side: Side::Bullet, span })));
}
