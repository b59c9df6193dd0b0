//! Is a text well formed? These rules judge the rewrite alone.

use super::{Evidence, Severity, Violation, ViolationCode};
use crate::domain::facts::Reading;
use crate::domain::guide::labels;
use crate::domain::lexicon::Lexicon;
use crate::domain::slots::{MAX_SLOTS, Slot};
use crate::domain::text::{Span, TokenKind, ends_sentence, is_invisible};

/// The longest text when nobody says otherwise.
pub const DEFAULT_MAX_CHARS: usize = 240;
/// What an open slot counts for.
const SLOT_CHARS: usize = 6;

pub(super) fn violations(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, max_chars: usize) -> Vec<Violation> {
    let mut found = Vec::new();
    found.extend(one_line(reading));
    found.extend(length(evidence, reading, max_chars));
    found.extend(words(lexicon, evidence, reading));
    found.extend(brackets(lexicon, reading));
    found
}

/// One line, one sentence, no list sign, no markup.
fn one_line(reading: &Reading) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut add = |span, message| found.push(Violation::new(ViolationCode::NotOneLine, span, message));
    for (place, c) in reading.raw.chars().enumerate() {
        let span = Span::new(place, place + 1);
        match c {
            '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => add(span, "a line break or tab; a bullet is one line"),
            '*' | '`' | '#' if !reading.tokens.iter().any(|token| token.is_word() && token.span.overlaps(span)) => {
                add(span, "a markup sign; a bullet is plain text");
            }
            // A model can write what no user may send.
            _ if c.is_control() => add(span, "a control character; a bullet is plain text"),
            '•' | '▪' | '●' | '◦' => add(span, "a list sign; a bullet is plain text"),
            _ => {}
        }
    }
    if let Some(first) = reading.tokens.first().filter(|first| matches!(first.text.as_str(), "-" | "+" | "*")) {
        add(first.span, "a list sign; a bullet is plain text");
    }
    for (_, stop) in reading.tokens.iter().enumerate().filter(|(at, _)| ends_sentence(&reading.tokens, *at)) {
        add(stop.span, "a second sentence; a bullet is one");
    }
    found
}

fn length(evidence: &Evidence, reading: &Reading, max_chars: usize) -> Option<Violation> {
    let slots: Vec<usize> =
        reading.tokens.iter().filter(|token| token.kind == TokenKind::Slot).map(|token| token.text.chars().count()).collect();
    let visible = reading.raw.chars().filter(|c| !is_invisible(*c)).count();
    let chars = visible - slots.iter().sum::<usize>().min(visible) + slots.len() * SLOT_CHARS;
    // A line may be as long as twice what its writer said, the facts included.
    let said: usize = evidence.readings().map(|known| known.raw.chars().count()).sum();
    let swollen = (2 * said).max(evidence.asked_for) + 60;
    let limit = if slots.is_empty() { max_chars.min(swollen) } else { max_chars };
    (chars > limit).then(|| {
        let whole = Span::new(0, reading.raw.chars().count());
        Violation::new(ViolationCode::TooLong, whole, format!("{chars} characters; at most {limit} are wanted"))
    })
}

fn words(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading) -> Vec<Violation> {
    let phrases = lexicon.phrases();
    let in_evidence = |first: usize, end: usize| {
        let said: Vec<&str> = reading.tokens.iter().skip(first).take(end - first).map(|token| token.lower.as_str()).collect();
        evidence.readings().any(|known| {
            known.tokens.windows(said.len()).any(|window| window.iter().map(|token| token.lower.as_str()).eq(said.iter().copied()))
        })
    };
    let mut found = Vec::new();
    for (first, end) in phrases.first_person.find(&reading.tokens) {
        // `I/O` and `US` are no pronouns.
        let is_pronoun = reading.tokens.get(first).is_some_and(|token| token.text == "I" || token.text != token.text.to_uppercase());
        let is_io = reading.tokens.get(end).is_some_and(|next| next.text == "/");
        if is_pronoun && !is_io {
            let told =
                Violation::new(ViolationCode::FirstPerson, reading.span(first, end), "a pronoun of the first person; begin with the verb");
            // `our app` names an owner; where the bullet does, the rewrite is no worse.
            let owner = reading.tokens.get(first).is_some_and(|token| matches!(token.lower.as_str(), "our" | "us"));
            found.push(if owner && in_evidence(first, end) { Violation { severity: Severity::Soft, ..told } } else { told });
        }
    }
    for (first, end) in phrases.banned.find(&reading.tokens) {
        if !in_evidence(first, end) {
            found.push(Violation::new(ViolationCode::BannedPhrase, reading.span(first, end), "an empty phrase; leave it out"));
        }
    }
    for (place, c) in reading.raw.chars().enumerate() {
        let fancy =
            matches!(c, '\u{2013}' | '\u{2014}' | '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}') || is_invisible(c) || is_pictograph(c);
        if fancy && !evidence.readings().any(|known| known.raw.contains(c)) {
            let told = Violation::new(
                ViolationCode::BannedPhrase,
                Span::new(place, place + 1),
                "a sign that screening software may not read; use a plain one",
            );
            // A dash or a quotation mark is a matter of typography.
            let typography = matches!(c, '\u{2013}' | '\u{2014}' | '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}');
            found.push(if typography { Violation { severity: Severity::Soft, ..told } } else { told });
        }
    }
    for (set, code, message) in [
        (&phrases.soft_words, ViolationCode::SoftWord, "an overused word; say it plainly"),
        (&phrases.vague, ViolationCode::VagueWord, "a word that claims without saying; give the number or leave it out"),
    ] {
        found.extend(set.find(&reading.tokens).into_iter().map(|(first, end)| Violation::new(code, reading.span(first, end), message)));
    }
    if reading.opener_len > 0 {
        found.push(Violation::new(
            ViolationCode::WeakOpener,
            reading.span(0, reading.opener_len),
            "a weak beginning; open with what was done",
        ));
    }
    if let Some(last) = reading.tokens.last().filter(|last| last.is_mark(".")) {
        found.push(Violation::new(ViolationCode::FinalPeriod, last.span, "a period at the end; a bullet needs none"));
    }
    found
}

const fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}')
}

/// Brackets that are no slot, and more slots than one text may have.
fn brackets(lexicon: &Lexicon, reading: &Reading) -> Vec<Violation> {
    let mut found: Vec<Violation> = reading
        .tokens
        .iter()
        .filter(|token| token.is_mark("[") || token.is_mark("]"))
        .map(|token| Violation::new(ViolationCode::BadSlot, token.span, "a bracket without its twin; a slot is [label]"))
        .collect();
    let slots: Vec<_> = reading.tokens.iter().filter(|token| token.kind == TokenKind::Slot).collect();
    for slot in &slots {
        let inner = Reading::new(slot.text.trim_matches(['[', ']']), lexicon);
        let names = inner.technologies.iter().any(|known| !lexicon.is_generic(&known.id));
        if names || !inner.quantities.is_empty() || slot.text.chars().any(|c| c.is_numeric() || c == '%') {
            found.push(Violation::new(ViolationCode::BadSlot, slot.span, "a slot that suggests a value; a label holds words only"));
        }
    }
    if let Some(extra) = slots.get(MAX_SLOTS) {
        found.push(Violation::new(ViolationCode::BadSlot, extra.span, format!("more than {MAX_SLOTS} slots")));
    }
    found
}

/// Do the slots of our own output agree with its text, and do their questions keep from suggesting a value?
pub(super) fn slots(with_slots: &str, slots: &[Slot]) -> Vec<Violation> {
    let whole = Span::new(0, with_slots.chars().count());
    let mut found = Vec::new();
    if !labels(with_slots).iter().eq(slots.iter().map(|slot| &slot.label)) {
        found.push(Violation::new(ViolationCode::BadSlot, whole, "the slots do not agree with the text"));
    }
    for slot in slots {
        if slot.question.chars().any(char::is_numeric) || !slot.question.ends_with('?') {
            found.push(Violation::new(
                ViolationCode::ValueInQuestion,
                whole,
                format!("the question for [{}] suggests a value or is no question", slot.label),
            ));
        }
    }
    found
}
