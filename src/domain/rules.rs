//! The rewrite without a model: weak opener out, plain strong verb of the same ownership in, fillers out, typed slots for what is missing.
//!
//! It moves and shortens what is there and adds nothing; what it makes still has to pass `grounding` like any other text.

use super::facts::Reading;
use super::grounding::Candidate;
use super::guide::{Ask, Part, slots_of};
use super::lexicon::{Lexicon, Strength, Tense, Tier, VerbForm};
use super::scoring::names_tool;
use super::slots::{MAX_SLOTS, Slot};
use super::text::{Token, TokenKind};

/// The version of the rules below; raise it with every change of what they write.
pub const VERSION: &str = "1";

/// Rewrites a bullet by rules.
pub fn rewrite(lexicon: &Lexicon, asks: &[Ask], bullet: &Reading) -> Candidate {
    let text = plain_text(lexicon, bullet);
    let (with_slots, slots) = ask_for_missing(lexicon, asks, &text);
    Candidate { text, with_slots, slots }
}

/// The asks of the skill that a text leaves open.
pub fn lacking<'a>(lexicon: &Lexicon, asks: &'a [Ask], reading: &Reading) -> Vec<&'a Ask> {
    let lacks = |ask: &&Ask| match ask.part {
        Part::Tool => !names_tool(lexicon, &ask.unless, reading),
        Part::Scale => !reading.tells_scale(),
        Part::Result => !reading.tells_result(lexicon),
    };
    asks.iter().filter(lacks).collect()
}

/// The clauses of the skill that the text lacks, put where they read well; at most three slots.
pub fn ask_for_missing(lexicon: &Lexicon, asks: &[Ask], text: &str) -> (String, Vec<Slot>) {
    let reading = Reading::new(text, lexicon);
    let open = lacking(lexicon, asks, &reading);
    let lacking = |part: Part| open.iter().copied().find(move |ask| ask.part == part);
    let mut room = MAX_SLOTS;
    let mut take = |ask: Option<&'_ Ask>| ask.filter(|ask| ask.slots.len() <= room).inspect(|ask| room -= ask.slots.len()).cloned();
    let tool = take(lacking(Part::Tool));
    let result = take(lacking(Part::Result));
    let scale = take(lacking(Part::Scale));
    let mut with_slots = text.to_owned();
    if let Some(tool) = &tool {
        with_slots = insert_before_purpose(&reading, text, &tool.clause);
    }
    for ask in [&scale, &result].into_iter().flatten() {
        with_slots = format!("{with_slots}, {}", ask.clause);
    }
    let mut slots: Vec<Slot> = Vec::new();
    for ask in [&tool, &scale, &result].into_iter().flatten() {
        let first = slots.len();
        slots.extend(slots_of(ask, first));
    }
    (with_slots, slots)
}

/// `with [tool]` goes before a trailing `to …` or `for …` or a clause after a comma, else to the end.
fn insert_before_purpose(reading: &Reading, text: &str, clause: &str) -> String {
    let stops = |at: &usize| {
        let Some(token) = reading.tokens.get(*at) else { return false };
        let purpose = reading.clauses.iter().any(|clause| clause.first == *at || (token.lower == "to" && clause.first == at + 1));
        *at > 1 && (purpose || token.lower == "for" || token.text == "," && reading.clauses.iter().any(|clause| clause.first == at + 1))
    };
    match (0..reading.tokens.len()).find(stops).and_then(|at| reading.tokens.get(at)) {
        Some(token) => {
            let head: String = text.chars().take(token.span.start).collect();
            let tail: String = text.chars().skip(token.span.start).collect();
            let gap = if tail.starts_with(',') { "" } else { " " };
            format!("{} {clause}{gap}{tail}", head.trim_end())
        }
        None => format!("{text} {clause}"),
    }
}

/// The words of the bullet, shortened, with a strong verb in front.
fn plain_text(lexicon: &Lexicon, bullet: &Reading) -> String {
    let mut words = shortened(lexicon, bullet);
    open_with_verb(lexicon, bullet, &mut words);
    let mut text = String::new();
    for word in words {
        if word.glued || text.is_empty() {
            text.push_str(&word.text);
        } else {
            text.push(' ');
            text.push_str(&word.text);
        }
    }
    capitalised(text.trim_end_matches(['.', ' ', ';', ',']))
}

/// One piece of the text to be.
#[derive(Clone)]
struct Piece {
    text: String,
    lower: String,
    /// Whether it stands right behind the piece before.
    glued: bool,
}

impl Piece {
    fn of(token: &Token, glued: bool) -> Self {
        Self { text: token.text.clone(), lower: token.lower.clone(), glued }
    }

    fn word(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { lower: text.to_lowercase(), text, glued: false }
    }
}

/// The tokens without list sign, fillers, and the long ways to say short things.
fn shortened(lexicon: &Lexicon, bullet: &Reading) -> Vec<Piece> {
    let phrases = lexicon.phrases();
    let tokens = &bullet.tokens;
    let mut pieces = Vec::new();
    let mut at = 0;
    while tokens.get(at).is_some_and(|token| matches!(token.text.as_str(), "-" | "*" | "•" | "+" | "–" | "·")) {
        at += 1;
    }
    let first_person = |at: usize| phrases.first_person.end_at(tokens, at);
    if let Some(end) = first_person(at).filter(|end| tokens.get(*end).is_some_and(|next| lexicon.verb(&next.lower).is_some())) {
        at = end;
    }
    while let Some(token) = tokens.get(at) {
        let glued = at > 0 && tokens.get(at - 1).is_some_and(|before| before.end == token.start);
        if at < bullet.opener_len {
            pieces.push(Piece::of(token, glued));
            at += 1;
        } else if let Some(end) = phrases.fillers.end_at(tokens, at) {
            at = end;
        } else if let Some((to, end)) = phrases.shortening(tokens, at) {
            pieces.extend(to.split(' ').filter(|word| !word.is_empty()).map(Piece::word));
            at = end;
        } else {
            pieces.push(Piece::of(token, glued && token.kind != TokenKind::Slot));
            at += 1;
        }
    }
    pieces
}

/// Puts a plain strong verb of the same ownership at the front.
fn open_with_verb(lexicon: &Lexicon, bullet: &Reading, pieces: &mut Vec<Piece>) {
    let start = bullet.tokens.iter().position(Token::is_word).unwrap_or(0);
    let opener = lexicon.phrases().opener(bullet.tokens.get(start..).unwrap_or_default()).map(|(opener, len)| (opener.clone(), len));
    if used_for(lexicon, pieces) {
        return;
    }
    let Some((opener, len)) = opener else {
        swap_plain_verb(lexicon, pieces);
        return;
    };
    let Some(next) = pieces.get(len) else { return };
    match lexicon.verb(&next.lower) {
        // `Responsible for maintaining` → `Maintained`; help stays help.
        Some(VerbForm { verb, tense: Tense::Ing | Tense::Base }) if opener.keeps >= Tier::Did && verb.tier <= opener.keeps => {
            let past = verb.past.clone();
            pieces.splice(..=len, [Piece::word(past)]);
            swap_plain_verb(lexicon, pieces);
        }
        Some(VerbForm { tense: Tense::Past, verb }) if opener.keeps >= Tier::Did && verb.tier <= opener.keeps => {
            pieces.drain(..len);
        }
        Some(VerbForm { verb, tense: Tense::Ing | Tense::Base }) if opener.keeps == Tier::Assisted => {
            // `Assisted in building` → `Helped build`: no shorter honest way.
            let base = verb.base.clone();
            pieces.splice(..=len, [Piece::word("helped"), Piece::word(base)]);
        }
        _ => {
            if let Some(plain) = &opener.noun_opener {
                let words: Vec<Piece> = plain.split(' ').map(Piece::word).collect();
                pieces.splice(..len, words);
            }
        }
    }
}

/// `Used Redis to cache sessions` → `Cached sessions with Redis`; `Used Kafka for message processing` → `Processed messages with Kafka`.
fn used_for(lexicon: &Lexicon, pieces: &mut Vec<Piece>) -> bool {
    let uses = pieces
        .first()
        .and_then(|first| lexicon.verb(&first.lower))
        .is_some_and(|form| form.verb.groups.iter().any(|group| group == "use") && form.tense == Tense::Past);
    let lower = |at: usize| pieces.get(at).map_or("", |piece: &Piece| piece.lower.as_str());
    let Some(to) = (2..pieces.len().min(8)).find(|at| uses && matches!(lower(*at), "to" | "for")) else { return false };
    let stops = |piece: &Piece| matches!(piece.text.as_str(), "," | "." | ";" | "-");
    let end = pieces.iter().skip(to).position(stops).map_or(pieces.len(), |at| to + at);
    let Some((past, object)) = pieces.get(to..end).and_then(|purpose| deed(lexicon, purpose)) else { return false };
    let tail = pieces.split_off(end);
    pieces.truncate(to);
    let tool = pieces.split_off(1);
    *pieces = vec![Piece::word(past)];
    pieces.extend(object);
    pieces.push(Piece::word("with"));
    pieces.extend(tool);
    pieces.extend(tail);
    true
}

/// The deed a purpose names: the verb's past, and its object.
fn deed(lexicon: &Lexicon, purpose: &[Piece]) -> Option<(String, Vec<Piece>)> {
    let (word, rest) = purpose.split_first()?;
    let (next, object) = rest.split_first()?;
    match (word.lower.as_str(), lexicon.verb(&next.lower), object) {
        // `to cache sessions`, `for caching sessions`
        ("to", Some(VerbForm { verb, tense: Tense::Base }), [_, ..]) | ("for", Some(VerbForm { verb, tense: Tense::Ing }), [_, ..])
            if verb.tier <= Tier::Did =>
        {
            Some((verb.past.clone(), object.to_vec()))
        }
        // `for message processing`
        ("for", _, [doing]) => {
            let form = lexicon.verb(&doing.lower).filter(|form| form.tense == Tense::Ing && form.verb.tier <= Tier::Did)?;
            Some((form.verb.past.clone(), vec![Piece::word(plural(&next.lower)?)]))
        }
        _ => None,
    }
}

/// The form in which a noun can stand alone behind a verb; a closed list, as `text processing` is not about texts.
fn plural(noun: &str) -> Option<String> {
    const THINGS: [&str; 16] = [
        "message",
        "event",
        "job",
        "order",
        "payment",
        "image",
        "log",
        "session",
        "file",
        "email",
        "notification",
        "request",
        "record",
        "transaction",
        "task",
        "document",
    ];
    if matches!(noun, "data" | "traffic") || (noun.ends_with('s') && noun.len() > 3) {
        return Some(noun.to_owned());
    }
    THINGS.contains(&noun).then(|| format!("{noun}s"))
}

/// A plain first verb becomes the strong verb that means the same; an inflated one the plain word for it.
fn swap_plain_verb(lexicon: &Lexicon, pieces: &mut [Piece]) {
    let Some(first) = pieces.first_mut() else { return };
    let Some(VerbForm { verb, tense }) = lexicon.verb(&first.lower) else { return };
    let better = match (verb.strength, tense) {
        (Strength::Strong, Tense::Ing) => Some(verb.past.as_str()),
        (Strength::Strong | Strength::Plain | Strength::Soft, Tense::Base | Tense::Third) | (Strength::Strong, Tense::Past) => None,
        (Strength::Plain | Strength::Soft, Tense::Past | Tense::Ing) => Some(stronger(lexicon, verb).unwrap_or(verb.past.as_str())),
    };
    if let Some(better) = better {
        *first = Piece::word(better);
    }
}

/// The strong verb of a closed list that says the same with no more ownership.
fn stronger<'a>(lexicon: &'a Lexicon, verb: &super::lexicon::Verb) -> Option<&'a str> {
    const PLAIN_TO_STRONG: [(&str, &str); 8] = [
        ("add", "implemented"),
        ("make", "built"),
        ("utilize", "used"),
        ("leverage", "used"),
        ("employ", "used"),
        ("spearhead", "led"),
        ("enhance", "improved"),
        ("craft", "built"),
    ];
    let (_, strong) = PLAIN_TO_STRONG.iter().find(|(plain, _)| *plain == verb.base)?;
    let form = lexicon.verb(strong)?;
    lexicon.may_stand_for(form.verb, verb).then_some(form.verb.past.as_str())
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
mod tests {
    use super::*;
    use crate::domain::grounding::{DEFAULT_MAX_CHARS, Evidence, Limits, check};
    use crate::domain::guide::Guide;

    /// Rewrites by rules and demands that the result passes the check.
    fn written(skill: Option<&str>, bullet: &str) -> (String, String) {
        let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
        let guide = Guide::parse("g", include_str!("../../guides/backend-developer.toml"), &lexicon).expect("the guide is sound");
        let asks = guide.asks(skill.map(|id| guide.skill(id).expect("known")));
        let evidence = Evidence::new(&lexicon, bullet, &[], &[]);
        let candidate = rewrite(&lexicon, asks, &evidence.bullet);
        let limits = Limits { max_chars: DEFAULT_MAX_CHARS, asks };
        let checked = check(&lexicon, &evidence, limits, candidate.clone()).unwrap_or_else(|faults| panic!("{candidate:?}: {faults:?}"));
        (checked.text().to_owned(), checked.with_slots().to_owned())
    }

    #[test]
    fn the_five_weak_bullets_of_the_guide() {
        for (skill, bullet, text, with_slots) in [
            (
                "relational-design",
                "Optimized database performance for the application.",
                "Optimized database performance for the application",
                "",
            ),
            ("rest-api", "Built REST APIs for the mobile and web clients.", "Built REST APIs for the mobile and web clients", ""),
            ("message-queues", "Used Kafka for message processing.", "Processed messages with Kafka", ""),
            (
                "caching",
                "Added caching to improve API performance.",
                "Implemented caching to improve API performance",
                "Implemented caching with [cache tool] to improve API performance, cutting latency from [latency before] to [latency after]",
            ),
            ("auth", "Implemented authentication for the platform.", "Implemented authentication for the platform", ""),
        ] {
            let (found, slots) = written(Some(skill), bullet);
            assert_eq!(found, text);
            assert!(slots.starts_with(found.split(' ').next().expect("a word")) && slots != found, "{slots}");
            if !with_slots.is_empty() {
                assert_eq!(slots, with_slots);
            }
        }
    }

    #[test]
    fn weak_openers_give_way_to_what_was_done_and_ownership_stays() {
        for (bullet, text) in [
            ("Responsible for maintaining the billing service.", "Maintained the billing service"),
            ("Was responsible for the billing service", "Handled the billing service"),
            ("Helped to migrate the database", "Helped migrate the database"),
            ("Assisted in building the search page", "Helped build the search page"),
            ("Worked on the payment service", "Contributed to the payment service"),
            ("I built the importer", "Built the importer"),
            ("- Successfully wrote tests in order to find bugs", "Wrote tests to find bugs"),
            ("Used Redis to cache user sessions", "Cached user sessions with Redis"),
            ("Utilized Python for parsing logs", "Parsed logs with Python"),
            ("Leveraged Docker containers", "Used Docker containers"),
            ("building the importer", "Built the importer"),
        ] {
            assert_eq!(written(None, bullet).0, text, "{bullet}");
        }
    }

    #[test]
    fn what_is_there_is_not_asked_for() {
        let (text, with_slots) = written(Some("caching"), "Cached 10 endpoints with Redis, cutting latency from 140ms to 18ms");
        assert_eq!(text, with_slots);
    }
}
