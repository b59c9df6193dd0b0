//! Puts answers into the slots of a text, says what they are evidence of, and takes out what stays open.

use std::collections::BTreeMap;

use super::answer::{self, Refusal};
use super::clauses::{clauses, tokens_of};
use super::place::Place;
use super::{Offer, Slot, direction, dropping};
use crate::domain::facts::Reading;
use crate::domain::grounding::Evidence;
use crate::domain::guide::{Ask, AskSlot, Part};
use crate::domain::lexicon::Lexicon;
use crate::domain::text::{Span, TokenKind};

/// A text with slots that wait for answers; the slots agree with the text (see [`super::disagreements`]).
#[derive(Debug)]
pub struct Form<'a> {
    lexicon: &'a Lexicon,
    asks: &'a [Ask],
    slots: &'a [Slot],
    reading: Reading,
}

/// A text with the answers in their places. Nobody has vouched for it yet.
#[derive(Debug)]
pub struct Filled {
    text: String,
    open: Vec<Slot>,
    given: Vec<Given>,
    stretches: Vec<Stretch>,
    told: Vec<String>,
}

/// One answer in its place.
#[derive(Debug)]
struct Given {
    id: String,
    label: String,
    /// `from` or `to`, where that word stands before it.
    role: Option<String>,
    span: Span,
}

/// A clause of the guide with the answers in it.
#[derive(Debug)]
struct Stretch {
    span: Span,
    settled: Vec<String>,
    part: Part,
    slots: Vec<AskSlot>,
}

impl<'a> Form<'a> {
    /// A text with its slots; `asks` are the clauses that may frame a slot.
    pub fn new(lexicon: &'a Lexicon, asks: &'a [Ask], with_slots: &str, slots: &'a [Slot]) -> Self {
        Self { lexicon, asks, slots, reading: Reading::new(with_slots, lexicon) }
    }

    /// Reads the answers, by the ids of their slots, and puts them in. Every answer that cannot be used is told with its id.
    pub fn fill(&self, answers: &BTreeMap<String, String>) -> Result<Filled, Vec<(String, Refusal)>> {
        let at_slots = self.reading.tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Slot);
        let mut refused = Vec::new();
        let mut values: Vec<(Span, String)> = Vec::new();
        let (mut given, mut open) = (Vec::new(), Vec::new());
        let mut grown = 0_usize;
        let mut shrunk = 0_usize;
        for ((at, token), slot) in at_slots.zip(self.slots) {
            let place = Place::new(slot, &self.reading, at);
            match answers.get(&slot.id).map(|raw| answer::read(self.lexicon, &place, raw)) {
                None | Some(Ok(None)) => open.push(slot.clone()),
                Some(Err(refusal)) => refused.push((slot.id.clone(), refusal)),
                Some(Ok(Some(value))) => {
                    let (start, length) = (token.span.start + grown - shrunk, value.chars().count());
                    grown += length;
                    shrunk += token.span.end - token.span.start;
                    let role = Some(place.word_before().to_owned()).filter(|word| matches!(word.as_str(), "from" | "to"));
                    given.push(Given { id: slot.id.clone(), label: slot.label.clone(), role, span: Span::new(start, start + length) });
                    values.push((token.span, value));
                }
            }
        }
        if !refused.is_empty() {
            return Err(refused);
        }
        let text = with_values(&self.reading.raw, &values);
        let moved = |place: usize| {
            let before = values.iter().filter(|(span, _)| span.end <= place);
            before.fold(place, |place, (span, value)| place + value.chars().count() + span.start - span.end)
        };
        let stretches = clauses(self.asks, &self.reading).into_iter().map(|clause| {
            let span = self.reading.span(clause.first, clause.end);
            Stretch {
                span: Span::new(moved(span.start), moved(span.end)),
                settled: clause.settled,
                part: clause.ask.part,
                slots: clause.ask.slots.clone(),
            }
        });
        let filled = Filled { stretches: stretches.collect(), text, open, given, told: Vec::new() };
        filled.against_itself(self.lexicon).map_or(Ok(filled), |refused| Err(vec![refused]))
    }
}

fn with_values(text: &str, values: &[(Span, String)]) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut filled = String::with_capacity(text.len());
    let mut at = 0;
    for (span, value) in values {
        filled.extend(chars.get(at..span.start).unwrap_or_default());
        filled.push_str(value);
        at = span.end;
    }
    filled.extend(chars.get(at..).unwrap_or_default());
    filled
}

impl Filled {
    /// The text with the slots that are still open.
    pub fn with_slots(&self) -> &str {
        &self.text
    }

    /// The slots that are still open; they keep their ids.
    pub fn open(&self) -> &[Slot] {
        &self.open
    }

    /// The answers as they stand in the text, each with the id of its slot.
    pub fn answers(&self) -> impl Iterator<Item = (&str, String)> {
        self.given.iter().map(|given| (given.id.as_str(), given.span.of(&self.text)))
    }

    /// What the answers say: the clause of the guide where all of it is told, else the label and the answer.
    /// What was filled in before must stand in the evidence; a clause around anything else is not affirmed.
    pub fn statements(&self, lexicon: &Lexicon, evidence: &Evidence) -> Vec<String> {
        let whole =
            |stretch: &&Stretch| !self.is_open(stretch.span) && stretch.settled.iter().all(|words| is_known(lexicon, evidence, words));
        let told: Vec<&Stretch> = self.stretches.iter().filter(whole).collect();
        let alone = self.given.iter().filter(|given| !told.iter().any(|stretch| stretch.span.overlaps(given.span)));
        let alone = alone.map(|given| {
            let role = given.role.as_ref().map(|role| format!("{role} ")).unwrap_or_default();
            format!("{}: {role}{}", given.label, given.span.of(&self.text))
        });
        told.iter().map(|stretch| stretch.span.of(&self.text)).chain(alone).chain(self.told.iter().cloned()).collect()
    }

    /// The text that can be sent: what is still open goes, with the words that lean on it. `stands` tells whether what is left may be said.
    pub fn sendable(&self, lexicon: &Lexicon, stands: impl Fn(&str) -> bool) -> String {
        let mut text = self.text.clone();
        for stretch in self.stretches.iter().rev().filter(|stretch| self.is_open(stretch.span)) {
            text = dropping::without(lexicon, &Reading::new(&text, lexicon), stretch.span);
        }
        dropping::without_slots(lexicon, &text, stands)
    }

    /// The clauses that frame what is still open, as they stand now: half filled, perhaps.
    pub fn frames(&self) -> Vec<Ask> {
        let open = self.stretches.iter().filter(|stretch| self.is_open(stretch.span));
        open.map(|stretch| Ask {
            part: stretch.part,
            unless: Vec::new(),
            when: Vec::new(),
            never: Vec::new(),
            behind: None,
            clause: stretch.span.of(&self.text),
            slots: stretch.slots.clone(),
        })
        .collect()
    }

    /// Puts a derived value behind the change that it was derived from.
    pub fn tell(&mut self, offer: &Offer) {
        let inserted = format!(" ({})", offer.text);
        let (at, length) = (offer.place, inserted.chars().count());
        self.text = with_values(&self.text, &[(Span::new(at, at), inserted)]);
        let moved = |span: Span| {
            Span::new(
                if span.start >= at { span.start + length } else { span.start },
                if span.end >= at { span.end + length } else { span.end },
            )
        };
        for stretch in &mut self.stretches {
            stretch.span = moved(stretch.span);
        }
        for given in &mut self.given {
            // The answer before the value does not grow by it.
            given.span = if given.span.end == at { given.span } else { moved(given.span) };
        }
        self.told.push(offer.text.clone());
    }

    fn is_open(&self, span: Span) -> bool {
        span.of(&self.text).contains('[')
    }

    /// The last answer of a change that goes against its own verb.
    fn against_itself(&self, lexicon: &Lexicon) -> Option<(String, Refusal)> {
        let reading = Reading::new(&self.text, lexicon);
        let (place, refusal) = direction::contradiction(lexicon, &reading)?;
        let (_, end) = tokens_of(&reading, place);
        let reached = reading.span(0, end).end;
        let at_fault = self.given.iter().rfind(|given| given.span.start < reached)?;
        Some((at_fault.id.clone(), refusal))
    }
}

/// Whether the evidence says these words: their number, their technology, or each of them.
fn is_known(lexicon: &Lexicon, evidence: &Evidence, words: &str) -> bool {
    let reading = Reading::new(words, lexicon);
    let numbers = reading.quantities.iter().all(|said| evidence.quantities().any(|known| known.same_claim(said)));
    let tools = reading.technologies.iter().all(|said| evidence.supports(&said.id, lexicon));
    let said = |lower: &String| evidence.readings().any(|known| known.tokens.iter().any(|token| token.lower == *lower));
    let rest = reading
        .tokens
        .iter()
        .enumerate()
        .filter(|(at, token)| reading.quantity_at(token).is_none() && reading.technology_at(*at).is_none());
    numbers && tools && rest.into_iter().all(|(_, token)| said(&token.lower))
}
