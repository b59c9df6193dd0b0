//! Finds, for every word of a rewrite, the places of the evidence that say it, and how: the same word, another form, a synonym, a kind of it.

#![expect(clippy::wildcard_enum_match_arm, reason = "a rule names the parts of speech that it is about; all others are left alone")]

use super::known::{Place, is_open};
use super::{Evidence, Receipt, ReceiptKind};
use crate::domain::claims::Agent;
use crate::domain::english::Part;
use crate::domain::facts::{Reading, Technology};
use crate::domain::guide::Ask;
use crate::domain::lexicon::{Lexicon, Tier};
use crate::domain::quantity::Role;
use crate::domain::text::{Folded, Span, TokenKind, same_link, tokenize};
use crate::domain::wording::{Hit, Way};

/// A rewrite laid beside its evidence.
#[derive(Debug)]
pub(super) struct Alignment {
    /// For each token of the rewrite, the places that say it; empty for words that join, and for those that nothing says.
    places: Vec<Vec<Place>>,
    /// A receipt for every stretch that has one, in order.
    pub(super) receipts: Vec<Receipt>,
    /// The tokens with content that nothing says.
    pub(super) missing: Vec<usize>,
}

impl Alignment {
    /// The places that say a token.
    pub(super) fn places(&self, at: usize) -> &[Place] {
        self.places.get(at).map_or(&[], Vec::as_slice)
    }

    /// Whether some token of the rewrite says this place.
    pub(super) fn tells(&self, place: Place) -> bool {
        self.places.iter().any(|places| places.contains(&place))
    }
}

/// Lays a rewrite beside its evidence.
pub(super) fn align(lexicon: &Lexicon, evidence: &Evidence, asks: &[Ask], reading: &Reading) -> Alignment {
    let frames = frames(asks, reading);
    let aligner = Aligner {
        lexicon,
        evidence,
        reading,
        short: lexicon.wording().short.find(&reading.tokens),
        changes: lexicon.wording().change.find(&reading.tokens),
    };
    let mut alignment = Alignment { places: vec![Vec::new(); reading.tokens.len()], receipts: Vec::new(), missing: Vec::new() };
    let mut at = 0;
    while let Some(token) = reading.tokens.get(at) {
        let found = match token.kind {
            TokenKind::Mark | TokenKind::Tag => {
                at += 1;
                continue;
            }
            TokenKind::Slot => Some(Found::without_place(ReceiptKind::Slot)),
            _ if frames.iter().any(|(first, end)| (*first..*end).contains(&at)) => Some(Found::without_place(ReceiptKind::Slot)),
            _ => aligner.word(at),
        };
        let length = found.as_ref().map_or(1, |found| found.length).max(1);
        match found {
            Some(Found { kind, places, .. }) => {
                let from = places.first().map(|place| evidence.span_of(*place));
                alignment.receipts.push(Receipt { span: reading.span(at, at + length), kind, from });
                for covered in alignment.places.iter_mut().skip(at).take(length) {
                    covered.clone_from(&places);
                }
            }
            None => alignment.missing.push(at),
        }
        at += length;
    }
    alignment
}

/// What says a word.
#[derive(Debug)]
struct Found {
    kind: ReceiptKind,
    places: Vec<Place>,
    /// How many tokens of the rewrite it says.
    length: usize,
}

impl Found {
    const fn without_place(kind: ReceiptKind) -> Self {
        Self { kind, places: Vec::new(), length: 1 }
    }

    /// Of several places the bullet's go first; `Fact` when only facts say it.
    fn at(kind: ReceiptKind, mut places: Vec<Place>) -> Option<Self> {
        places.sort_unstable();
        places.dedup();
        let first = places.first()?;
        let kind = if first.text > 0 { ReceiptKind::Fact } else { kind };
        Some(Self { kind, places, length: 1 })
    }
}

struct Aligner<'a> {
    lexicon: &'a Lexicon,
    evidence: &'a Evidence,
    reading: &'a Reading,
    short: Vec<Hit>,
    changes: Vec<Hit>,
}

impl Aligner<'_> {
    fn word(&self, at: usize) -> Option<Found> {
        let token = self.reading.tokens.get(at)?;
        let word = self.reading.english.words.get(at)?;
        if token.is_link() {
            return self.link(&token.text);
        }
        if let Some(number) = self.reading.quantity_at(token) {
            return self.number(at, number);
        }
        if let Some(said) = self.reading.technology_at(at) {
            return self.technology(at, said);
        }
        let known = &self.evidence.known;
        if !is_open(word.part) {
            let places = known.same(&token.lower).to_vec();
            return Found::at(ReceiptKind::Source, places).or(Some(Found::without_place(ReceiptKind::Glue)));
        }
        let bare = token.lower.strip_suffix("'s").unwrap_or(&token.lower);
        // `PDFs` of `PDF`
        let acronym = token.text.strip_suffix('s').filter(|name| name.len() > 1 && name.chars().all(|c| c.is_ascii_uppercase()));
        let bare = acronym.map_or(bare, |_| bare.trim_end_matches('s'));
        let mut same: Vec<Place> = known.same(bare).iter().chain(known.forms(word.lemma)).copied().collect();
        // A deed may be told by its noun as well: `supervised` of `under my supervision`.
        if !same.is_empty() && matches!(word.part, Part::Verb(_)) {
            same.extend(known.derived(self.lexicon, word.lemma));
            same.extend(known.verbs(self.lexicon, &token.lower));
        }
        if !same.is_empty() {
            let exact = known.same(bare).iter().any(|place| place.text == 0);
            return Found::at(if exact { ReceiptKind::Source } else { ReceiptKind::Paraphrase }, same);
        }
        let phrases = self.lexicon.phrases();
        // To have helped is less than to have done, alone or with others.
        let helps = self.lexicon.verb(&token.lower).is_some_and(|form| form.verb.tier < Tier::Did);
        let did =
            || self.evidence.all_laid().flat_map(|text| text.deeds().iter()).any(|deed| matches!(deed.agent, Agent::Writer | Agent::Group));
        if helps && matches!(word.part, Part::Verb(_)) && did() {
            return Some(Found::without_place(ReceiptKind::Glue));
        }
        if is_light(&token.lower) || phrases.glue.has_word(&token.lower) {
            return Some(Found::without_place(ReceiptKind::Glue));
        }
        self.class(at)
            .or_else(|| self.short(at))
            .or_else(|| self.joined(at))
            .or_else(|| known.misspelt(bare).and_then(|place| Found::at(ReceiptKind::Source, vec![place])))
            .or_else(|| self.other_word(at))
            .or_else(|| self.initials(at))
            .or_else(|| self.compound(at))
            .or_else(|| self.change(at))
    }

    /// `developer` of `dev`.
    fn short(&self, at: usize) -> Option<Found> {
        let hit = self.short.iter().find(|hit| hit.first == at)?;
        let places = self.evidence.known.short(hit.row).to_vec();
        Found::at(ReceiptKind::Alias, places).map(|found| Found { length: hit.end - hit.first, ..found })
    }

    /// `Cut` before `from 9 s to 2 s`: a verb that says no more than the two numbers do; `Handled`, of what the evidence has the writer do.
    fn change(&self, at: usize) -> Option<Found> {
        let rows = &self.lexicon.wording().change;
        let way = self.changes.iter().find(|hit| hit.first == at).and_then(|hit| rows.row(hit.row))?.way?;
        if way == Way::Done {
            // Only where the writer's own part is told, and is no help.
            return (self.evidence.tier() >= Tier::Did).then(|| Found::without_place(ReceiptKind::Glue));
        }
        let end = |role: Role| self.reading.quantities.iter().find(|said| said.role == role);
        let (from, to) = (end(Role::From)?, end(Role::To)?);
        let agrees = match way {
            Way::Falls => to.value.is_less(from.value)?,
            Way::Rises => from.value.is_less(to.value)?,
            Way::Either | Way::Done => true,
        };
        let (from, _) = super::amounts::source(self.evidence, from).zip(super::amounts::source(self.evidence, to)).filter(|_| agrees)?;
        Found::at(ReceiptKind::Paraphrase, self.evidence.places_of(from))
    }

    /// A link is said by the same link alone, whatever stands before its host.
    fn link(&self, text: &str) -> Option<Found> {
        let place = |(number, reading): (usize, &Reading)| {
            let at = reading.tokens.iter().position(|token| token.is_link() && same_link(&token.text, text))?;
            Some(Place { text: number, at })
        };
        Found::at(ReceiptKind::Source, self.evidence.readings().enumerate().find_map(place).into_iter().collect())
    }

    /// Inside a number only the same number says it.
    fn number(&self, at: usize, number: &crate::domain::quantity::Quantity) -> Option<Found> {
        let length = self.reading.tokens.iter().skip(at).take_while(|token| token.start < number.folded.1).count().max(1);
        let known = super::amounts::source(self.evidence, number)?;
        let places = self.evidence.places_of(known);
        Found::at(ReceiptKind::Source, places).map(|found| Found { length, ..found })
    }

    /// Inside a named technology only the same technology, or a kind of it, says it.
    fn technology(&self, at: usize, said: &Technology) -> Option<Found> {
        let length = said.end - at;
        let evidence = self.evidence;
        if evidence.denies(&said.id) {
            return None;
        }
        let mut places = Vec::new();
        let mut exact = true;
        for (text, reading) in evidence.readings().enumerate() {
            for known in reading.technologies.iter().chain(&reading.classes) {
                if self.lexicon.is_kind_of(&known.id, &said.id) {
                    exact &= known.id == said.id;
                    places.extend((known.first..known.end).map(|at| Place { text, at }));
                }
            }
        }
        if places.is_empty() {
            places.extend(self.spelled_out(said));
        }
        let kind = if exact { ReceiptKind::Source } else { ReceiptKind::Alias };
        Found::at(kind, places).map(|found| Found { length, ..found })
    }

    /// The words of a name in whatever order and case, or written together or apart: `My SQL`, `an ESB (Mule)`.
    fn spelled_out(&self, said: &Technology) -> Vec<Place> {
        let known = &self.evidence.known;
        let words = said.first..said.end - usize::from(said.version.is_some());
        let tokens = || words.clone().filter_map(|at| self.reading.tokens.get(at)).filter(|token| token.is_word());
        let letters: String = tokens().flat_map(|token| token.lower.chars()).filter(|c| c.is_alphanumeric()).collect();
        // `php5` for `PHP 5`
        let versioned = said.version.as_ref().and_then(|version| known.letters(&format!("{letters}{version}")));
        if let Some((place, count)) = versioned {
            return (place.at..place.at + count).map(|at| Place { at, ..place }).collect();
        }
        for ending in ["", "s"] {
            if letters.len() > 3
                && let Some((place, count)) = known.letters(&format!("{letters}{ending}"))
            {
                return (place.at..place.at + count).map(|at| Place { at, ..place }).collect();
            }
        }
        let single = tokens().count() == 1;
        if single && tokens().any(|token| self.lexicon.is_everyday_word(&token.lower)) {
            return Vec::new();
        }
        // Every word of the name, `role based acces control`, cut at hyphens and put right.
        let parts: Vec<String> = tokens().flat_map(|token| token.lower.split('-').map(str::to_owned).collect::<Vec<_>>()).collect();
        let places: Vec<Vec<Place>> = parts
            .iter()
            .map(|part| {
                let same = known.same(part);
                let forms = || {
                    self.lexicon
                        .dictionary()
                        .readings(part)
                        .flat_map(|reading| [known.forms(reading.lemma).to_vec(), known.derived(self.lexicon, reading.lemma)].concat())
                };
                if same.is_empty() {
                    known.misspelt(part).into_iter().chain(known.part(part)).chain(forms().filter(|_| !single)).collect()
                } else {
                    same.to_vec()
                }
            })
            .collect();
        if places.iter().any(Vec::is_empty) {
            let token = tokens().next().filter(|_| single);
            let misspelt = token.and_then(|token| known.misspelt(&token.lower));
            let generic =
                token.filter(|token| self.lexicon.is_generic_word(&token.lower)).map(|token| self.lexicon.dictionary().lemma(&token.lower));
            return misspelt.into_iter().chain(generic.into_iter().flat_map(|lemma| known.forms(lemma).iter().copied())).collect();
        }
        places.concat()
    }

    /// `cache` where the evidence names Redis; the class itself, where the evidence names that too.
    fn class(&self, at: usize) -> Option<Found> {
        let said = self.reading.class_at(at)?;
        let mut places = Vec::new();
        for (text, reading) in self.evidence.readings().enumerate() {
            let known = reading.technologies.iter().chain(&reading.classes);
            let kinds = known.filter(|known| !self.evidence.denies(&known.id) && self.lexicon.is_kind_of(&known.id, &said.id));
            places.extend(kinds.flat_map(|known| (known.first..known.end).map(move |at| Place { text, at })));
        }
        let length = said.end - at;
        Found::at(ReceiptKind::Alias, places).map(|found| Found { length, ..found })
    }

    /// `sub-queries` of `subqueries`, `data base` of `database`.
    fn joined(&self, at: usize) -> Option<Found> {
        let mut letters = String::new();
        for (count, token) in self.reading.tokens.iter().skip(at).take(3).take_while(|token| token.is_word()).enumerate() {
            letters.extend(token.lower.chars().filter(|c| c.is_alphanumeric()));
            let found = self.evidence.known.letters(&letters).or_else(|| self.evidence.known.letters(letters.strip_suffix('s')?));
            if let Some((place, words)) = found.filter(|(_, words)| *words != count + 1 || letters != token.lower) {
                let places = (place.at..place.at + words).map(|at| Place { at, ..place }).collect();
                return Found::at(ReceiptKind::Source, places).map(|found| Found { length: count + 1, ..found });
            }
        }
        None
    }

    /// A verb of the same meaning, a word of the same family, a synonym.
    fn other_word(&self, at: usize) -> Option<Found> {
        let (token, word) = (self.reading.tokens.get(at)?, self.reading.english.words.get(at)?);
        let known = &self.evidence.known;
        let deed = matches!(word.part, Part::Verb(_)).then(|| known.verbs(self.lexicon, &token.lower)).unwrap_or_default();
        // WordNet knows no ownership: a verb that claims to lead or own is said by its own word alone.
        if self.lexicon.verb(&token.lower).is_some_and(|form| form.verb.tier >= Tier::Owned) && deed.is_empty() {
            return Found::at(ReceiptKind::Paraphrase, known.derived(self.lexicon, word.lemma));
        }
        Found::at(ReceiptKind::Verb, deed)
            .or_else(|| Found::at(ReceiptKind::Paraphrase, known.derived(self.lexicon, word.lemma)))
            .or_else(|| Found::at(ReceiptKind::Paraphrase, known.synonyms(self.lexicon, word.lemma, word.part)))
            .or_else(|| Found::at(ReceiptKind::Paraphrase, known.narrower(self.lexicon, word.lemma, word.part)))
    }

    /// `SLOs` where the evidence says `service level objectives`.
    fn initials(&self, at: usize) -> Option<Found> {
        let text = self.reading.tokens.get(at)?.text.as_str();
        let letters: Vec<char> = text.strip_suffix('s').unwrap_or(text).chars().collect();
        if !(2..=5).contains(&letters.len()) || !letters.iter().all(char::is_ascii_uppercase) {
            return None;
        }
        let spells = |reading: &Reading| {
            reading.tokens.windows(letters.len()).position(|window| {
                window.iter().zip(&letters).all(|(token, letter)| token.is_word() && token.lower.starts_with(letter.to_ascii_lowercase()))
            })
        };
        let (text, first) = self.evidence.readings().enumerate().find_map(|(text, reading)| Some((text, spells(reading)?)))?;
        Found::at(ReceiptKind::Paraphrase, (first..first + letters.len()).map(|at| Place { text, at }).collect())
    }

    /// `order-history`: every part said by itself.
    fn compound(&self, at: usize) -> Option<Found> {
        let token = self.reading.tokens.get(at)?;
        let parts: Vec<&str> = token.lower.split('-').filter(|part| !part.is_empty()).collect();
        if !(2..=4).contains(&parts.len()) {
            return None;
        }
        let dictionary = self.lexicon.dictionary();
        let known = &self.evidence.known;
        let mut places = Vec::new();
        for part in parts {
            let same = known.same(part);
            let said: Vec<Place> = if same.is_empty() {
                dictionary.readings(part).flat_map(|reading| known.forms(reading.lemma).iter().copied()).collect()
            } else {
                same.to_vec()
            };
            if said.is_empty() && !self.lexicon.phrases().glue.has_word(part) {
                return None;
            }
            places.extend(said);
        }
        Found::at(ReceiptKind::Paraphrase, places)
    }
}

/// Words of the open classes that only stand for what was named, or join it: they say nothing by themselves.
fn is_light(lower: &str) -> bool {
    matches!(
        lower,
        "one"
            | "ones"
            | "part"
            | "parts"
            | "kind"
            | "kinds"
            | "type"
            | "types"
            | "way"
            | "side"
            | "piece"
            | "pieces"
            | "work"
            | "use"
            | "time"
            | "item"
            | "items"
            | "own"
            | "process"
            | "first"
            | "while"
            | "set"
            | "number"
            | "amount"
            | "level"
            | "rest"
            | "case"
            | "cases"
            | "thing"
            | "things"
    ) || matches!(
        lower,
        "also"
            | "then"
            | "too"
            | "now"
            | "here"
            | "there"
            | "again"
            | "thus"
            | "thereby"
            | "hence"
            | "therefore"
            | "however"
            | "together"
            | "etc"
    )
}

/// The stretches of a text that are clauses of the guide, slots and all.
fn frames(asks: &[Ask], reading: &Reading) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    // A clause with a slot is only found in a text with one.
    let has_slot = reading.tokens.iter().any(|token| token.kind == TokenKind::Slot);
    for ask in asks.iter().filter(|ask| has_slot || !ask.clause.contains('[')) {
        let clause = tokenize(&Folded::new(&ask.clause));
        for first in 0..reading.tokens.len() {
            let end = first + clause.len();
            let fits = reading
                .tokens
                .get(first..end)
                .is_some_and(|window| window.iter().zip(&clause).all(|(token, word)| token.lower == word.lower));
            if fits {
                found.push((first, end));
            }
        }
    }
    found
}

/// The span of a run of tokens, with the words between them.
pub(super) fn span_of(reading: &Reading, tokens: &[usize]) -> Option<Span> {
    tokens.iter().filter_map(|at| reading.tokens.get(*at)).map(|token| token.span).reduce(Span::join)
}
