//! Did the writer do it, did it happen, and was it finished? Each deed of a rewrite is laid beside the deeds of the evidence that it tells.

use super::align::Alignment;
use super::known::Place;
use super::layout::Laid;
use super::{Cited, Evidence, Receipt, ReceiptKind, Side, Violation, ViolationCode};
use crate::domain::claims::{Agent, Certainty, Deed, Setting, allows};
use crate::domain::english::{Part, VerbForm};
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tier};

pub(super) fn findings(lexicon: &Lexicon, evidence: &Evidence, laid: Laid<'_>, alignment: &Alignment, found: &mut Vec<Violation>) {
    for told in laid.deeds() {
        let pair = Pair::new(evidence, laid.reading, alignment, told);
        found.extend(pair.denial());
        found.extend(pair.agent());
        found.extend(pair.certainty());
        found.extend(pair.object());
        found.extend(pair.nominal());
        found.extend(pair.direction());
    }
    found.extend(ownership(lexicon, evidence, laid, alignment));
}

/// A deed of the rewrite with those of the evidence that it may tell.
struct Pair<'a> {
    evidence: &'a Evidence,
    reading: &'a Reading,
    alignment: &'a Alignment,
    told: &'a Deed,
    /// The deeds of the evidence that it may tell, with their texts.
    meant: Vec<(usize, &'a Deed)>,
    /// The furthest that any of them got, those of the same meaning included.
    most: Option<Certainty>,
    /// Whether the evidence names the deed by a noun as well: `migration` for `migrated`.
    named: bool,
    /// Whether it is the same verb, and not only one of the same meaning.
    exact: bool,
}

impl<'a> Pair<'a> {
    fn new(evidence: &'a Evidence, reading: &'a Reading, alignment: &'a Alignment, told: &'a Deed) -> Self {
        let places = alignment.places(told.verb);
        let deed_at =
            |place: &Place| evidence.laid(place.text)?.deeds().iter().find(|deed| deed.verb == place.at).map(|deed| (place.text, deed));
        let any: Vec<(usize, &Deed)> = places.iter().filter_map(deed_at).collect();
        let named = places.len() > any.len();
        // The same verb goes before another one of the same meaning.
        let same: Vec<(usize, &Deed)> = any.iter().copied().filter(|(_, deed)| deed.lemma == told.lemma).collect();
        let exact = !same.is_empty();
        let most = any.iter().map(|(_, deed)| deed.certainty).max();
        let meant = if exact { same } else { any };
        Self { evidence, reading, alignment, told, meant, most, named, exact }
    }

    /// Whether every deed that it may tell is so; never when there is none.
    fn all(&self, is: impl Fn(&Deed) -> bool) -> bool {
        !self.meant.is_empty() && self.meant.iter().all(|(_, deed)| is(deed))
    }

    fn words(&self) -> String {
        self.reading.tokens.get(self.told.verb).map(|token| token.text.clone()).unwrap_or_default()
    }

    /// The words of the evidence around the deed that it may tell.
    fn said(&self) -> Option<(String, Cited)> {
        let (text, deed) = self.meant.first()?;
        let source = self.evidence.reading(*text)?;
        let span = source.span(deed.verb.saturating_sub(3), deed.verb + 3);
        Some((span.of(&source.raw), Cited { side: if *text == 0 { Side::Bullet } else { Side::Facts }, span }))
    }

    /// A finding that is hard where both texts use the same verb and nothing else names the deed, and a question elsewhere.
    fn finding(&self, code: ViolationCode, what: &str) -> Option<Violation> {
        let (said, from) = self.said()?;
        let span = self.reading.tokens.get(self.told.verb)?.span;
        let hard = Violation::new(code, span, format!("\"{}\" {what}: your text says \"{said}\"", self.words()));
        if self.exact && !self.named {
            return Some(hard);
        }
        let question = format!("Your text says \"{said}\". Is \"{}\" in the rewrite right, in the same sense?", self.words());
        Some(hard.asked(question, Some(from)))
    }

    /// A denial that is gone, or that nobody made.
    fn denial(&self) -> Option<Violation> {
        // `a schema designed by others` keeps the denial of `did not design the schema`.
        if !self.told.denied && self.all(|deed| deed.denied) && !self.is_of_others() {
            let plain = self.meant.iter().all(|(_, deed)| deed.denied_plainly) && (self.told.main || self.told.agent == Agent::Writer);
            return self
                .finding(ViolationCode::NegationFlip, "is told as done, and was denied")
                .map(|finding| if plain { finding } else { self.as_question(finding) });
        }
        if self.told.denied && self.all(|deed| !deed.denied) {
            let plain = self.told.main && self.told.denied_plainly;
            return self
                .finding(ViolationCode::NegationFlip, "is denied, and was told as done")
                .map(|finding| if plain { finding } else { self.as_question(finding) });
        }
        None
    }

    /// Whether somebody else does it in the rewrite.
    fn is_of_others(&self) -> bool {
        matches!(self.told.agent, Agent::Other(head) if Self::is_person_in(self.reading, head) || self.reading.tokens.get(head).is_some_and(|token| token.lower == "others"))
            || self.reading.english.verbs.iter().any(|verb| verb.verb == self.told.verb && verb.doer(&self.reading.tokens).is_some())
    }

    /// A deed of somebody else, told as the writer's; a deed that was done to the writer, told as done by the writer.
    fn agent(&self) -> Option<Violation> {
        let code = ViolationCode::OwnershipUp;
        match self.told.agent {
            Agent::Writer if self.told.helped || !self.told.main || self.told.denied => None,
            Agent::Writer => {
                if self.all(|deed| deed.to_writer && !deed.ambiguous && !matches!(deed.agent, Agent::Writer | Agent::Group))
                    && !self.told.to_writer
                    && !self.told.ambiguous
                {
                    return self.finding(code, "was done to you, not by you");
                }
                // `built with Go`, in facts, says nothing of whose work it was.
                let helped = self.all(|deed| deed.helped || deed.ambiguous) && self.meant.iter().any(|(_, deed)| deed.helped);
                if helped && !self.evidence.affirms() {
                    return self.finding(code, "is told as done, and you helped with it");
                }
                if self.all(|deed| matches!(deed.agent, Agent::Other(_)))
                    && self.told.setting != Setting::Describing
                    && !self.told.ambiguous
                {
                    let finding = self.finding(code, "is told as yours, and somebody else did it")?;
                    // `a service that reads orders`: what a thing does may be told as what its maker does.
                    let by_person = self.meant.iter().all(|(text, deed)| self.is_person(*text, deed.agent));
                    return by_person.then_some(finding);
                }
                if self.all(|deed| deed.agent == Agent::Group) && !self.tells_group() {
                    return self
                        .finding(code, "is told as yours alone, and you did it with others")
                        .map(|finding| self.as_question(finding));
                }
                None
            }
            Agent::Other(head) => {
                let is_thing = !Self::is_person_in(self.reading, head);
                if self.all(|deed| deed.agent == Agent::Writer && !deed.helped) && !is_thing {
                    return self
                        .finding(ViolationCode::NegationFlip, "is told as somebody else's, and it was yours")
                        .map(|finding| self.as_question(finding));
                }
                if self.all(|deed| self.is_another(deed, head)) {
                    return self.finding(ViolationCode::NegationFlip, "is told of another one").map(|finding| self.as_question(finding));
                }
                if self.all(|deed| matches!(deed.agent, Agent::Other(_)))
                    && !is_thing
                    && self.told.objects.iter().any(|object| self.was_agent(*object))
                {
                    return self.finding(ViolationCode::NegationFlip, "has its two sides exchanged");
                }
                None
            }
            Agent::Group | Agent::Unsure => {
                if self.told.to_writer && self.all(|deed| deed.agent == Agent::Writer && !deed.to_writer) {
                    return self.finding(ViolationCode::NegationFlip, "was done by you, not to you");
                }
                None
            }
        }
    }

    /// Whether a deed of the evidence is done by something else that the rewrite's agent is not a name of.
    fn is_another(&self, deed: &Deed, head: usize) -> bool {
        let places = self.alignment.places(head);
        let Agent::Other(other) = deed.agent else { return false };
        self.meant.iter().all(|(text, deed)| self.is_person(*text, deed.agent))
            && !places.is_empty()
            && places.iter().all(|place| place.at != other)
            && self.meant.iter().all(|(text, _)| places.iter().any(|place| place.text == *text))
    }

    /// `coordinated with a team` told as `coordinated a team`: what stood behind a preposition is what it was done to now.
    fn object(&self) -> Option<Violation> {
        let (text, deed) = self.meant.first().filter(|_| self.exact && self.meant.len() == 1)?;
        let source = self.evidence.reading(*text)?;
        let verb = source.english.verbs.iter().find(|verb| verb.verb == deed.verb)?;
        let behind = |at: usize| {
            verb.complements.iter().any(|complement| source.english.things.get(complement.thing).is_some_and(|thing| thing.head == at))
        };
        let moved = self.told.objects.iter().any(|object| {
            let places = self.alignment.places(*object);
            !places.is_empty() && places.iter().all(|place| place.text == *text && behind(place.at) && !deed.objects.contains(&place.at))
        });
        let finding = moved.then(|| self.finding(ViolationCode::OwnershipUp, "is done to what stood beside it")).flatten()?;
        Some(self.as_question(finding))
    }

    /// `turned off` told as `turned on`, `kept out of` as `kept in`.
    fn direction(&self) -> Option<Violation> {
        let (text, deed) = self.meant.first().filter(|_| self.exact)?;
        let source = self.evidence.reading(*text)?;
        let place = |reading: &Reading, verb: usize, way: &str| {
            (verb + 1..verb + 6).find(|at| reading.tokens.get(*at).is_some_and(|token| token.lower == way))
        };
        let after = |reading: &Reading, verb: usize, way: &str| place(reading, verb, way).is_some();
        // Both ways lead to the same thing.
        let leads_to = |reading: &Reading, at: usize| {
            (at + 1..at + 6).find(|next| super::known::is_open(reading.english.part(*next))).and_then(|next| reading.english.lemma(next))
        };
        let turned =
            [("off", "on"), ("on", "off"), ("out", "in"), ("in", "out"), ("up", "down"), ("down", "up")].iter().any(|(was, is)| {
                after(source, deed.verb, was)
                    && !after(source, deed.verb, is)
                    && after(self.reading, self.told.verb, is)
                    && !after(self.reading, self.told.verb, was)
                    && place(source, deed.verb, was).and_then(|at| leads_to(source, at))
                        == place(self.reading, self.told.verb, is).and_then(|at| leads_to(self.reading, at))
            });
        let adjoins = |reading: &Reading, verb: usize| {
            (verb + 1..verb + 6)
                .any(|at| reading.tokens.get(at).is_some_and(|token| matches!(token.lower.as_str(), "off" | "out" | "down" | "up")))
        };
        let finding = (turned && (adjoins(source, deed.verb) || adjoins(self.reading, self.told.verb)))
            .then(|| self.finding(ViolationCode::NegationFlip, "is turned round"))
            .flatten()?;
        let sure = after(source, deed.verb, "off") || after(source, deed.verb, "out");
        Some(if sure { finding } else { self.as_question(finding) })
    }

    /// A deed that only a noun names, beside deeds that are told: whose it was is not said.
    fn nominal(&self) -> Option<Violation> {
        let place = self.alignment.places(self.told.verb).first()?;
        let told = self.told.agent == Agent::Writer && self.told.main && !self.told.helped && !self.told.denied;
        let source = self.evidence.reading(place.text)?;
        // `participated in the design` told as `designed`.
        let before = |at: usize| {
            self.evidence.laid(place.text).and_then(|laid| laid.deeds().iter().rev().find(|deed| deed.verb < at && at - deed.verb < 8))
        };
        let word = |at: usize| source.tokens.get(at).map_or("", |token| token.lower.as_str());
        let takes_part = |at: usize| is_help(word(at)) || word(at) == "took" && word(at + 1) == "part";
        let helps = before(place.at).is_some_and(|deed| deed.agent == Agent::Writer && takes_part(deed.verb))
            || place.text == 0 && (0..3).any(takes_part) && place.at < 9;
        // `planned the migration`, `reviewed a migration`, told as `migrated`.
        let governs = before(place.at).filter(|deed| deed.objects.contains(&place.at) && told && self.meant.is_empty());
        let word_of = |deed: &Deed| source.tokens.get(deed.verb).map_or("", |token| token.lower.as_str());
        if let Some(deed) = governs.filter(|deed| allows(word_of(deed)) < Certainty::Done || watches(word_of(deed))) {
            let around = source.span(deed.verb, place.at + 1).of(&source.raw);
            let span = self.reading.tokens.get(self.told.verb)?.span;
            let message = format!("\"{}\" is told as done: your text says \"{around}\"", self.words());
            return Some(Violation::new(ViolationCode::InventedOutcome, span, message));
        }
        let works = place.text == 0 && source.tier < Tier::Did && place.at < 8;
        if told && self.meant.is_empty() && (helps || works) && !self.evidence.affirms() && !is_help(&self.words().to_lowercase()) {
            let around = source.span(place.at.saturating_sub(4), place.at + 2).of(&source.raw);
            let span = self.reading.tokens.get(self.told.verb)?.span;
            let message = format!("\"{}\" is told as done, and you took part in it: your text says \"{around}\"", self.words());
            let finding = Violation::new(ViolationCode::OwnershipUp, span, message);
            if helps {
                return Some(finding);
            }
            // `worked on the implementation` may be the whole of it, or a part.
            let question = format!("Your text says \"{around}\". Did you do it yourself, as \"{}\" says?", self.words());
            return Some(finding.asked(question, None));
        }
        // `the bootloader patch (Li's work)`: somebody else stands beside the noun.
        let owned = (place.at.saturating_sub(4)..place.at + 5).any(|at| {
            source.tokens.get(at).is_some_and(|token| {
                token.lower.ends_with("'s")
                    || is_person(&token.lower)
                    || matches!(token.lower.as_str(), "their" | "his" | "by" | "given" | "provided" | "supplied")
            })
        });
        let others = owned
            && self.evidence.laid(place.text)?.deeds().iter().any(|deed| {
                deed.agent == Agent::Writer
                    && deed.setting == Setting::Told
                    && source.tokens.get(deed.verb).is_some_and(|token| !is_light(&token.lower))
            });
        if !told
            || !self.meant.is_empty()
            || !others
            || self.alignment.receipts.iter().any(|receipt| receipt.kind == ReceiptKind::Verb && self.covers(receipt))
        {
            return None;
        }
        let around = source.span(place.at.saturating_sub(3), place.at + 3);
        let said = around.of(&source.raw);
        let span = self.reading.tokens.get(self.told.verb)?.span;
        let from = Cited { side: if place.text == 0 { Side::Bullet } else { Side::Facts }, span: around };
        let question = format!("Your text says \"{said}\". Is \"{}\" in the rewrite something that you did?", self.words());
        Some(
            Violation::new(ViolationCode::OwnershipUp, span, format!("\"{}\" is a thing in your text: \"{said}\"", self.words()))
                .asked(question, Some(from)),
        )
    }

    fn covers(&self, receipt: &Receipt) -> bool {
        self.reading.tokens.get(self.told.verb).is_some_and(|token| token.span.overlaps(receipt.span))
    }

    /// Whether the evidence has this word of the rewrite do the deed.
    fn was_agent(&self, object: usize) -> bool {
        let lemma = self.reading.english.lemma(object);
        self.meant.iter().any(|(text, deed)| match deed.agent {
            Agent::Other(head) => self.evidence.reading(*text).and_then(|source| source.english.lemma(head)) == lemma,
            Agent::Writer | Agent::Group | Agent::Unsure => false,
        })
    }

    fn as_question(&self, finding: Violation) -> Violation {
        let Some((said, from)) = self.said() else { return finding };
        let question = format!("Your text says \"{said}\". Is \"{}\" in the rewrite right, in the same sense?", self.words());
        finding.asked(question, Some(from))
    }

    fn tells_group(&self) -> bool {
        self.reading.tokens.iter().any(|token| {
            matches!(
                token.lower.as_str(),
                "team" | "colleague" | "colleagues" | "colleague's" | "team's" | "together" | "others" | "peers" | "alongside"
            ) || token.lower.contains("-person")
        })
    }

    fn is_person(&self, text: usize, agent: Agent) -> bool {
        match agent {
            Agent::Other(head) => self.evidence.reading(text).is_some_and(|source| Self::is_person_in(source, head)),
            Agent::Writer | Agent::Group | Agent::Unsure => false,
        }
    }

    fn is_person_in(source: &Reading, head: usize) -> bool {
        // `Ana`, and not `URLs` or `p95`.
        let is_name = |text: &str| text.starts_with(char::is_uppercase) && text.chars().skip(1).all(char::is_lowercase) && text.len() > 2;
        source.tokens.get(head).is_some_and(|token| {
            is_person(&token.lower)
                || source.names.contains(&head)
                    && source.technology_at(head).is_none()
                    && source.class_at(head).is_none()
                    && is_name(&token.text)
        })
    }

    /// Begun, tried, planned or wanted, and told as done.
    fn certainty(&self) -> Option<Violation> {
        let most = self.most?;
        // `an operator that provisions databases` says what it is for.
        let of_writer = matches!(self.told.agent, Agent::Writer | Agent::Group) && self.told.main;
        if self.told.certainty <= most || self.told.denied || !of_writer || !matches!(self.told.setting, Setting::Told | Setting::Means) {
            return None;
        }
        let what = match most {
            Certainty::Open => "is told as done, and was only wanted, planned or possible",
            Certainty::Tried => "is told as done, and was only tried",
            Certainty::Begun => "is told as done, and was only begun",
            Certainty::Done => return None,
        };
        let finding = self.finding(ViolationCode::InventedOutcome, what)?;
        // Who was asked to find a fault and fixed it has found it; whether that is so, the writer knows.
        let asked = self.meant.iter().any(|(text, deed)| {
            self.evidence.reading(*text).is_some_and(|source| {
                (deed.verb.saturating_sub(4)..deed.verb)
                    .any(|at| source.tokens.get(at).is_some_and(|token| token.lower == "asked" || token.lower == "tasked"))
            })
        });
        Some(if asked { self.as_question(finding) } else { finding })
    }
}

/// Verbs of looking at what others do.
fn watches(verb: &str) -> bool {
    ["review", "evaluat", "research", "stud", "observ", "attend", "approv", "request", "learn"].iter().any(|stem| verb.starts_with(stem))
}

/// Verbs of taking part in what others do.
fn is_help(verb: &str) -> bool {
    ["help", "assist", "support", "contribut", "participat", "collaborat"].iter().any(|stem| verb.starts_with(stem))
        || matches!(verb, "involved" | "joined" | "involvement" | "participation")
}

/// Verbs that name no deed of their own.
fn is_light(verb: &str) -> bool {
    matches!(
        verb,
        "did"
            | "made"
            | "worked"
            | "handled"
            | "had"
            | "performed"
            | "carried"
            | "took"
            | "used"
            | "included"
            | "involved"
            | "was"
            | "were"
    )
}

/// Words for people and for groups of them.
fn is_person(noun: &str) -> bool {
    let own = noun.strip_suffix("'s").unwrap_or(noun);
    let one = own.strip_suffix('s').unwrap_or(own);
    matches!(
        one,
        "team"
            | "squad"
            | "group"
            | "department"
            | "vendor"
            | "colleague"
            | "teammate"
            | "lead"
            | "dba"
            | "intern"
            | "client"
            | "customer"
            | "nurse"
            | "doctor"
            | "boss"
            | "guild"
            | "ops"
            | "qa"
            | "agency"
            | "staff"
            | "friend"
            | "guy"
            | "people"
            | "architect"
            | "expert"
            | "head"
            | "cto"
            | "ceo"
            | "partner"
            | "student"
            | "professor"
            | "junior"
            | "senior"
            | "peer"
            | "mentor"
            | "consultant"
            | "accountant"
            | "company"
            | "contractor"
            | "supplier"
            | "sre"
            | "devop"
            | "merchant"
            | "office"
            | "branch"
            | "division"
            | "clinic"
            | "somebody"
            | "freelancer"
            | "specialist"
            | "analyst"
            | "scientist"
    ) || one.len() > 5
        && ["engineer", "developer", "manager", "designer", "tester", "owner", "officer", "programmer", "operator"]
            .iter()
            .any(|end| one.ends_with(end))
}

/// A rewrite that claims to have led, owned or made what the evidence tells as help, part or use.
fn ownership(lexicon: &Lexicon, evidence: &Evidence, laid: Laid<'_>, alignment: &Alignment) -> Vec<Violation> {
    let reading = laid.reading;
    // Who is responsible for a thing may be said to own it.
    let answers = evidence.readings().any(|text| {
        text.tokens.iter().any(|token| matches!(token.lower.as_str(), "responsible" | "responsibility" | "charge" | "accountable"))
    });
    let most = if answers { evidence.tier().max(Tier::Owned) } else { evidence.tier() };
    let titled = |at: usize| lexicon.phrases().titles.end_at(&reading.tokens, at).is_some();
    let mut found = Vec::new();
    for told in laid.deeds().iter().filter(|told| told.agent == Agent::Writer && !told.denied && told.main) {
        let Some(token) = reading.tokens.get(told.verb) else { continue };
        let Some(form) = lexicon.verb(&token.lower).filter(|_| matches!(told.setting, Setting::Told | Setting::Means)) else { continue };
        let tier = if told.helped { Tier::Assisted } else { form.verb.tier };
        // A synonym may claim more than the word it stands for.
        let is_said = alignment.places(told.verb).iter().any(|place| {
            evidence.reading(place.text).and_then(|source| source.english.lemma(place.at)) == Some(told.lemma)
                || evidence
                    .reading(place.text)
                    .and_then(|source| source.tokens.get(place.at))
                    .and_then(|token| lexicon.verb(&token.lower))
                    .is_none_or(|meant| meant.verb.tier >= tier)
        });
        // Told by a verb of the same meaning, it is compared deed by deed; a verb that nothing says must not rise.
        // Who manages backups leads nobody.
        let of_things = token.lower.starts_with("manag")
            && !told.objects.iter().any(|object| reading.tokens.get(*object).is_some_and(|token| is_person(&token.lower)));
        let tier = if of_things { Tier::Did } else { tier };
        let leads = (tier >= Tier::Led || most < Tier::Did && tier >= Tier::Owned)
            && !is_said
            && tier > most
            && form.verb.groups.iter().any(|group| matches!(group.as_str(), "own" | "lead" | "supervise" | "coordinate"));
        let making = form.verb.groups.iter().any(|group| {
            matches!(group.as_str(), "build" | "write" | "design" | "define" | "start-new" | "ship" | "launch" | "restructure" | "move")
        });
        let makes = tier == Tier::Did && making && !is_said && most < Tier::Did && is_main(told, reading) && !is_light(&token.lower);
        if leads || makes {
            let message = format!("\"{}\" claims more than your text does", token.text);
            found.push(Violation::new(ViolationCode::OwnershipUp, token.span, message));
        }
    }
    let widening = lexicon.wording().scope.find(&reading.tokens);
    for at in 0..reading.tokens.len() {
        if widening.iter().any(|hit| (hit.first..hit.end).contains(&at)) {
            continue;
        }
        let noun = matches!(reading.english.part(at), Part::Noun | Part::Name)
            || reading.tokens.get(at + 1).is_some_and(|next| next.lower == "of");
        let unsaid = reading.tokens.get(at).is_some_and(|token| evidence.known.same(&token.lower).is_empty());
        let new = titled(at) && unsaid && noun && reading.english.lemma(at).is_some_and(|lemma| evidence.known.forms(lemma).is_empty());
        if new && let Some(token) = reading.tokens.get(at) {
            found.push(Violation::new(ViolationCode::OwnershipUp, token.span, format!("nobody said that you were \"{}\"", token.text)));
        }
    }
    found
}

/// The deed that a line opens with, or one that is told beside it.
fn is_main(told: &Deed, reading: &Reading) -> bool {
    matches!(reading.english.part(told.verb), Part::Verb(VerbForm::Past | VerbForm::Third | VerbForm::Base | VerbForm::Gerund))
}
