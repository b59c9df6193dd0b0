//! Do the words that both texts share stand in the same relation? A thing with another deed, the two ends of a move exchanged, before told as after.

#![expect(clippy::wildcard_enum_match_arm, reason = "a rule names the parts of speech that it is about; all others are left alone")]

use super::align::Alignment;
use super::known::{Place, is_open};
use super::layout::{End, Laid};
use super::{Cited, Evidence, Side, Violation, ViolationCode};
use crate::domain::claims::{Agent, Certainty, Setting};
use crate::domain::english::{Governor, denies};
use crate::domain::facts::Reading;
use crate::domain::lexicon::Lexicon;

pub(super) fn findings(lexicon: &Lexicon, evidence: &Evidence, told: Laid<'_>, alignment: &Alignment, found: &mut Vec<Violation>) {
    let pairing = Pairing { lexicon, evidence, reading: told.reading, alignment, told };
    pairing.ends(found);
    pairing.order(found);
    pairing.homes(found);
    pairing.neighbours(found);
    pairing.denied_things(found);
}

struct Pairing<'a> {
    lexicon: &'a Lexicon,
    evidence: &'a Evidence,
    reading: &'a Reading,
    alignment: &'a Alignment,
    told: Laid<'a>,
}

impl Pairing<'_> {
    fn layout(&self, place: Place) -> Option<Laid<'_>> {
        self.evidence.laid(place.text)
    }

    /// The tokens with content that both texts hold, with their places.
    fn shared(&self) -> impl Iterator<Item = (usize, &[Place])> {
        (0..self.reading.tokens.len())
            .map(|at| (at, self.alignment.places(at)))
            .filter(|(at, places)| !places.is_empty() && is_open(self.reading.english.part(*at)))
    }

    /// A question about a stretch of the rewrite, with the words of the evidence around a place.
    fn question(&self, code: ViolationCode, (first, end): (usize, usize), place: Place) -> Option<Violation> {
        let span = self.reading.span(first, end);
        let words = span.of(&self.reading.raw);
        let source = self.evidence.reading(place.text)?;
        let around = source.span(place.at.saturating_sub(4), place.at + 4);
        let said = around.of(&source.raw);
        let from = Cited { side: if place.text == 0 { Side::Bullet } else { Side::Facts }, span: around };
        let message = format!("\"{words}\" puts words together that stand apart in \"{said}\"");
        let question = format!("Your text says \"{said}\"; the rewrite says \"{words}\". Is that the same?");
        Some(Violation::new(code, span, message).asked(question, Some(from)))
    }

    /// The two ends of a move, a time or a replacement exchanged.
    fn ends(&self, found: &mut Vec<Violation>) {
        for thing in &self.reading.english.things {
            let at = thing.head;
            let places = self.alignment.places(at);
            if places.is_empty() {
                continue;
            }
            let stretch = (thing.stretch.first.saturating_sub(1), thing.stretch.end);
            let known: Vec<Option<End>> =
                places.iter().map(|place| self.layout(*place).and_then(|layout| layout.end_at(place.at))).collect();
            let Some(end) = self.told.end_at(at) else {
                // An exception that is told as part of the whole.
                let excepted = known.iter().all(|known| matches!(known, Some(End::Except | End::Without)));
                let denies = self.reading.tokens.iter().any(|token| denies(&token.lower));
                if excepted
                    && !denies
                    && let Some(place) = places.first()
                {
                    found.extend(self.question(ViolationCode::NegationFlip, stretch, *place));
                }
                continue;
            };
            if known.contains(&Some(end)) {
                let same_deed = |(place, known): (&Place, &Option<End>)| *known == Some(end) && self.is_same_home(at, *place);
                let in_time = matches!(end, End::Before | End::After);
                if in_time
                    && !places.iter().zip(&known).any(same_deed)
                    && let Some(place) = places.first()
                {
                    found.extend(self.question(ViolationCode::NegationFlip, stretch, *place));
                }
                continue;
            }
            let span = self.reading.span(stretch.0, stretch.1);
            let pronoun = |text: &Reading| text.tokens.iter().any(|token| matches!(token.lower.as_str(), "him" | "her" | "them" | "it"));
            let unclear = pronoun(self.reading) || pronoun(&self.evidence.bullet);
            if end.other().is_some_and(|other| known.iter().all(|known| *known == Some(other))) && !unclear {
                let message = format!("\"{}\" exchanges the two ends of what was said", span.of(&self.reading.raw));
                found.push(Violation::new(ViolationCode::NegationFlip, span, message));
            } else if matches!(end, End::Before | End::After | End::Without)
                || end == End::From && known.iter().all(Option::is_none) && self.is_object(places)
            {
                let place = places.first().copied().unwrap_or(Place { text: 0, at: 0 });
                found.extend(self.question(ViolationCode::NegationFlip, stretch, place));
            }
        }
    }

    /// Whether a token of the rewrite and a place of the evidence belong to the same deed, as far as both are known.
    fn is_same_home(&self, at: usize, place: Place) -> bool {
        let Some(verb) = self.told.home(at).and_then(|home| self.told.verb(home)) else { return true };
        let deeds = self.alignment.places(verb.verb);
        let Some(known) = self.layout(place).and_then(|layout| layout.verb(layout.home(place.at)?)) else { return deeds.is_empty() };
        deeds.is_empty() || deeds.contains(&Place { text: place.text, at: known.verb })
    }

    /// Whether one of the places is the object of a verb.
    fn is_object(&self, places: &[Place]) -> bool {
        places
            .iter()
            .any(|place| self.layout(*place).is_some_and(|layout| layout.deeds().iter().any(|deed| deed.objects.contains(&place.at))))
    }

    /// A deed that was told under a condition, a cause or a time, and is told without it now, or the reverse.
    fn order(&self, found: &mut Vec<Violation>) {
        for deed in self.told.deeds() {
            for place in self.alignment.places(deed.verb) {
                let Some((layout, meant)) = self
                    .layout(*place)
                    .and_then(|layout| layout.deeds().iter().find(|other| other.verb == place.at).map(|other| (layout, other)))
                else {
                    continue;
                };
                let word = |text: &Reading, setting: Setting| match setting {
                    Setting::Clause(at) => text.tokens.get(at).map(|token| token.lower.clone()),
                    _ => None,
                };
                let (now, then) = (word(self.reading, deed.setting), word(layout.reading, meant.setting));
                let conditional = matches!(then.as_deref(), Some("if" | "unless"));
                if now == then || meant.certainty == Certainty::Open && !conditional {
                    continue;
                }
                let exchanged =
                    matches!((now.as_deref(), then.as_deref()), (Some("before"), Some("after")) | (Some("after"), Some("before")));
                let stretch = (deed.verb.saturating_sub(2), deed.verb + 1);
                if exchanged && meant.lemma == deed.lemma {
                    let span = self.reading.span(stretch.0, stretch.1);
                    found.push(Violation::new(ViolationCode::NegationFlip, span, "tells before as after, or the reverse"));
                } else {
                    found.extend(self.question(ViolationCode::NegationFlip, stretch, *place));
                }
                break;
            }
        }
    }

    /// A named product; what was done with it may be told beside any part of the work.
    fn is_tool(&self, at: usize) -> bool {
        self.reading.technology_at(at).is_some_and(|said| !self.lexicon.is_generic(&said.id))
    }

    /// A thing that belongs to another deed now.
    fn homes(&self, found: &mut Vec<Violation>) {
        for (at, places) in self.shared() {
            let Some(home) = self.told.home(at) else { continue };
            let Some(verb) = self.told.verb(home).filter(|verb| verb.verb != at) else { continue };
            let deeds = self.alignment.places(verb.verb);
            if deeds.is_empty() || self.reading.quantity_at_token(at) || self.is_tool(at) {
                continue;
            }
            let belongs = |place: &Place| {
                let Some(layout) = self.layout(*place) else { return true };
                let Some(known) = layout.home(place.at) else { return true };
                let mut related = vec![known];
                // `began porting`, `used X to search Y`: a deed and what hangs on it share their things.
                if let Some(Governor::Verb(other)) = layout.verb(known).map(|verb| verb.governor) {
                    related.push(other);
                }
                if matches!(
                    layout.verb(known).map(|verb| verb.governor),
                    Some(Governor::Purpose | Governor::Preposition(_) | Governor::Comma | Governor::Thing(_))
                ) {
                    related.extend(known.checked_sub(1));
                    related.extend(known.checked_sub(2));
                }
                let is_said =
                    |number: &usize| layout.verb(*number).is_some_and(|verb| deeds.contains(&Place { text: place.text, at: verb.verb }));
                related.iter().any(is_said) || deeds.iter().all(|deed| deed.text != place.text) || is_light(layout, known)
                    // The deed is told by a noun there: what stands near it belongs to it.
                    || deeds.iter().any(|deed| deed.text == place.text && deed.at.abs_diff(place.at) <= 4 && layout.deeds().iter().all(|other| other.verb != deed.at))
            };
            if !places.iter().any(belongs) {
                let place = places.first().copied().unwrap_or(Place { text: 0, at: 0 });
                let stretch = (verb.verb.min(at), verb.verb.max(at) + 1);
                if found.iter().any(|told| told.side == Side::Rewrite && told.span.overlaps(self.reading.span(stretch.0, stretch.1))) {
                    continue;
                }
                let denied = places.iter().all(|place| {
                    self.layout(*place).and_then(|layout| layout.deeds().get(layout.home(place.at)?)).is_some_and(|deed| deed.denied)
                });
                let deed = self.told.deeds().get(home).filter(|deed| deed.objects.contains(&at) && deed.setting == Setting::Told);
                if denied && !verb.denied && deed.is_some() {
                    let span = self.reading.span(at, at + 1);
                    let message = format!("\"{}\" is told as done, and was denied", span.of(&self.reading.raw));
                    found.push(Violation::new(ViolationCode::NegationFlip, span, message));
                } else {
                    found.extend(self.question(ViolationCode::NoReceipt, stretch, place));
                }
            }
        }
    }

    /// `no duplicates left` told as `duplicates left`, or the reverse.
    fn denied_things(&self, found: &mut Vec<Violation>) {
        let denied = |text: &Reading, at: usize| {
            let Some(thing) = text.english.thing_at(at) else { return false };
            let word = |at: usize| text.tokens.get(at).map_or("", |token| token.lower.as_str());
            let by_determiner = (thing.stretch.first..=thing.head).any(|at| matches!(word(at), "no" | "zero" | "0"));
            let without = thing.stretch.first >= 3
                && word(thing.stretch.first - 1) == "o"
                && word(thing.stretch.first - 2) == "/"
                && word(thing.stretch.first - 3) == "w";
            by_determiner
                || without
                || thing.stretch.first.checked_sub(1).is_some_and(|at| matches!(word(at), "without" | "w/o" | "no" | "zero"))
        };
        for thing in &self.reading.english.things {
            let (at, places) = (thing.head, self.alignment.places(thing.head));
            let known = |place: &Place| self.evidence.reading(place.text).is_some_and(|text| denied(text, place.at));
            let (now, then) = (denied(self.reading, at), places.iter().all(known));
            if places.is_empty() || now == then || now && places.iter().any(known) {
                continue;
            }
            let stretch = (thing.stretch.first.saturating_sub(1), thing.stretch.end);
            let elsewhere =
                |text: &Reading| text.tokens.iter().any(|token| denies(&token.lower) || super::losses::tells_denial(&token.lower));
            let unclear = if now { elsewhere(&self.evidence.bullet) } else { elsewhere(self.reading) };
            if unclear || now {
                found.extend(places.first().and_then(|place| self.question(ViolationCode::NegationFlip, stretch, *place)));
            } else {
                let span = self.reading.span(stretch.0, stretch.1);
                let message = format!("\"{}\" turns a denial round", span.of(&self.reading.raw));
                found.push(Violation::new(ViolationCode::NegationFlip, span, message));
            }
        }
    }

    /// Two words of one noun phrase that stand far apart in the evidence.
    fn neighbours(&self, found: &mut Vec<Violation>) {
        for thing in &self.reading.english.things {
            let content: Vec<usize> = (thing.stretch.first..thing.stretch.end)
                .filter(|at| {
                    is_open(self.reading.english.part(*at))
                        && !self.alignment.places(*at).is_empty()
                        && !self.reading.quantity_at_token(*at)
                })
                // A tool may be told beside anything that was made with it.
                .filter(|at| !self.is_tool(*at))
                .collect();
            for pair in content.windows(2) {
                let [one, other] = pair else { continue };
                let (one_places, other_places) = (self.alignment.places(*one), self.alignment.places(*other));
                let near = one_places
                    .iter()
                    .any(|place| other_places.iter().any(|known| place.text != known.text || place.at.abs_diff(known.at) <= NEAR));
                let stretch = (*one, other + 1);
                let is_told =
                    found.iter().any(|told| told.side == Side::Rewrite && told.span.overlaps(self.reading.span(stretch.0, stretch.1)));
                if !near
                    && !is_told
                    && let Some(place) = one_places.first()
                {
                    found.extend(self.question(ViolationCode::NoReceipt, stretch, *place));
                }
            }
        }
    }
}

/// How far apart two words may stand in the evidence that are put together in a rewrite.
const NEAR: usize = 6;

/// Verbs that name no deed of their own: what stands with them may stand with any deed that is told.
fn is_light(layout: Laid<'_>, verb: usize) -> bool {
    layout.verb(verb).and_then(|verb| layout.reading.tokens.get(verb.verb)).is_some_and(|token| {
        matches!(
            token.lower.as_str(),
            "worked"
                | "working"
                | "was"
                | "were"
                | "is"
                | "are"
                | "did"
                | "made"
                | "had"
                | "has"
                | "included"
                | "used"
                | "using"
                | "involved"
                | "done"
                | "called"
                | "helped"
                | "helping"
                | "assisted"
                | "supported"
        )
    }) && !matches!(layout.deeds().get(verb).map(|deed| deed.agent), Some(Agent::Other(_)))
}
