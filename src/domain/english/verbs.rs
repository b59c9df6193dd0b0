//! Verbs with what belongs to them: helpers, denial, voice, subject, objects, complements, and the word that the verb hangs on.

use super::part::{Auxiliary, Part, Person, VerbForm, denies};
use super::{NounPhrase, Word};
use crate::domain::text::Token;

/// Whether the subject does the deed or has it done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// `built`, `was building`.
    Active,
    /// `was built`, `built by`.
    Passive,
}

/// The subject of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Left out: the writer of the line.
    Unsaid,
    /// A noun phrase, by its number.
    Thing(usize),
    /// Not found.
    Unknown,
}

/// What a verb hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Governor {
    /// Nothing: it is told as it stands.
    Nothing,
    /// Another verb, by its number: `began porting`, `tried to port`, `helped port`.
    Verb(usize),
    /// `to` that tells a purpose: `to reduce load`.
    Purpose,
    /// A preposition, by its token: `by adding`, `without restarting`.
    Preposition(usize),
    /// A conjunction that begins a clause, by its token: `because the team left`.
    Subordinator(usize),
    /// A noun phrase that it describes, by its number: `the code that the team wrote`, `tests written by QA`.
    Thing(usize),
    /// A comma: `, cutting latency`.
    Comma,
}

/// What stands behind a preposition that belongs to a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Complement {
    /// The token of the preposition.
    pub preposition: usize,
    /// The noun phrase, by its number.
    pub thing: usize,
}

/// One verb with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerbPhrase {
    /// Its token.
    pub verb: usize,
    /// The first token of its chain of helpers.
    pub first: usize,
    /// Its form.
    pub form: VerbForm,
    /// Its voice.
    pub voice: Voice,
    /// Who does it, or in the passive, to what it is done.
    pub subject: Subject,
    /// The noun phrases behind it without a preposition, by their numbers.
    pub objects: Vec<usize>,
    /// The noun phrases behind it with one.
    pub complements: Vec<Complement>,
    /// Whether it is denied.
    pub denied: bool,
    /// Whether a modal stands before it: `could`, `would`.
    pub modal: bool,
    /// Whether it may be passive as well: `asked to draft`, `demoed to the board`; a form of two readings without an object.
    pub ambiguous: bool,
    /// What it hangs on.
    pub governor: Governor,
}

impl VerbPhrase {
    /// Who did it in the passive: the noun phrase behind `by`.
    pub fn doer(&self, tokens: &[Token]) -> Option<usize> {
        let by = |complement: &&Complement| tokens.get(complement.preposition).is_some_and(|token| token.lower == "by");
        self.complements.iter().find(by).map(|complement| complement.thing)
    }

    /// Whether it is told of the one who writes, as it stands: by the unsaid subject, beside it (`, cutting latency`) or as a means (`by adding`).
    pub fn is_main(&self, tokens: &[Token]) -> bool {
        match self.governor {
            Governor::Nothing | Governor::Comma => true,
            Governor::Preposition(at) => tokens.get(at).is_some_and(|token| matches!(token.lower.as_str(), "by" | "through")),
            Governor::Verb(_) => self.form == VerbForm::Gerund,
            Governor::Purpose | Governor::Subordinator(_) | Governor::Thing(_) => false,
        }
    }
}

/// How many tokens behind a verb are its own at most.
const REACH: usize = 40;

/// The verbs of a text, in order.
pub(super) fn verbs(tokens: &[Token], words: &[Word], things: &[NounPhrase]) -> Vec<VerbPhrase> {
    let reader = Reader { tokens, words, things };
    let mut found: Vec<VerbPhrase> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if let Part::Verb(form) = word.part {
            let verb = reader.verb(&found, at, form);
            found.push(verb);
        }
    }
    found
}

struct Reader<'a> {
    tokens: &'a [Token],
    words: &'a [Word],
    things: &'a [NounPhrase],
}

impl Reader<'_> {
    fn part(&self, at: usize) -> Option<Part> {
        self.words.get(at).map(|word| word.part)
    }

    fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.lower.as_str())
    }

    /// The number of the noun phrase that ends right before a token.
    fn thing_before(&self, at: usize) -> Option<usize> {
        let number = self.things.partition_point(|thing| thing.stretch.end <= at).checked_sub(1)?;
        self.things.get(number).filter(|thing| thing.stretch.end == at).map(|_| number)
    }

    /// The number of the noun phrase that begins at a token.
    fn thing_from(&self, at: usize) -> Option<usize> {
        let number = self.things.partition_point(|thing| thing.stretch.first < at);
        self.things.get(number).filter(|thing| thing.stretch.first == at).map(|_| number)
    }

    /// `modules for VPC, RDS and EKS` were written: the subject is what the last phrase belongs to.
    fn whole_subject(&self, before: &[VerbPhrase], last: usize) -> usize {
        let floor = before.last().map_or(0, |other| other.verb + 1);
        let mut subject = last;
        let mut joined = false;
        // `models, I wrote half`: a pronoun is a subject by itself.
        if self.things.get(last).is_some_and(|thing| matches!(self.part(thing.head), Some(Part::Pronoun(_)))) {
            return last;
        }
        while let Some(thing) = self.things.get(subject) {
            let link = thing.stretch.first.checked_sub(1).filter(|at| *at >= floor);
            // A comma goes on with a list only where the list has its `and`.
            let listed = joined && link.is_some_and(|at| self.lower(at) == ",");
            let links = listed || link.is_some_and(|at| matches!(self.part(at), Some(Part::Preposition | Part::Conjunction | Part::To)));
            joined |= link.is_some_and(|at| self.part(at) == Some(Part::Conjunction));
            let Some(earlier) = link.filter(|_| links).and_then(|at| self.thing_before(at)) else { break };
            subject = earlier;
        }
        subject
    }

    /// The first token of the chain of helpers before a verb, and what they say.
    fn chain(&self, verb: usize) -> Chain {
        let mut chain = Chain { first: verb, be: false, have: false, modal: false, denied: false, to: false, goes_on: false };
        while let Some(before) = chain.first.checked_sub(1) {
            match self.part(before) {
                Some(Part::Auxiliary(kind)) => {
                    chain.be |= kind == Auxiliary::Be;
                    chain.have |= kind == Auxiliary::Have;
                    chain.modal |= kind == Auxiliary::Modal;
                    chain.denied |= denies(self.lower(before));
                }
                Some(Part::Denial) => chain.denied = true,
                // `was trained, then took over`: goes on with the subject of the verb before, whatever noun stands between.
                Some(Part::Adverb) => chain.goes_on |= matches!(self.lower(before), "then" | "later" | "afterwards" | "subsequently"),
                // `no longer ran`
                Some(Part::Determiner) if self.lower(before) == "no" && self.lower(before + 1) == "longer" => chain.denied = true,
                Some(Part::Adjective) if self.lower(before) == "longer" => {}
                Some(Part::To) if !chain.to => chain.to = true,
                _ => break,
            }
            chain.first = before;
        }
        chain
    }

    fn verb(&self, before: &[VerbPhrase], verb: usize, form: VerbForm) -> VerbPhrase {
        let chain = self.chain(verb);
        let (objects, complements) = self.behind(verb);
        let goes_on = chain.goes_on && form == VerbForm::Past && !before.is_empty();
        let is_pronoun =
            |thing: &usize| self.things.get(*thing).is_some_and(|thing| matches!(self.part(thing.head), Some(Part::Pronoun(_))));
        let subject_thing =
            self.thing_before(chain.first).filter(|thing| !goes_on || is_pronoun(thing)).map(|thing| self.whole_subject(before, thing));
        // `retested after the fix by developers`: a doer that stands further off may belong to another word.
        let by_somebody =
            complements.first().is_some_and(|complement| self.lower(complement.preposition) == "by" && !self.is_measure(complement.thing));
        let reduced = form == VerbForm::Participle || form == VerbForm::Past;
        let hangs_on_thing = subject_thing.is_some() && !chain.be && !chain.have && form == VerbForm::Participle;
        let opens = chain.first == 0 || subject_thing.is_none() && self.follows_stop(chain.first);
        let passive = chain.be && form == VerbForm::Participle
            || hangs_on_thing
            // `Trained on Appium by the QA lead`
            || reduced && objects.is_empty() && by_somebody && !chain.modal && (opens || subject_thing.is_some());
        let voice = if passive { Voice::Passive } else { Voice::Active };
        let governor = self.governor(before, &chain, verb, form, voice, subject_thing);
        let subject = self.subject(before, &chain, governor, subject_thing);
        // `nobody used it and I removed it`: only its own subject denies a verb; so does `nothing` behind it.
        let nobody =
            subject_thing.is_some_and(|number| self.is_nobody(number)) || objects.first().is_some_and(|number| self.is_nobody(*number));
        let regular = self.words.get(verb).is_some_and(|word| word.participle) && matches!(form, VerbForm::Past | VerbForm::Participle);
        let ambiguous = voice == Voice::Active && regular && objects.is_empty() && !chain.have && subject_thing.is_none();
        // `without restarting`, `keep users from seeing`.
        let without = matches!(governor, Governor::Preposition(at) if denies(self.lower(at)) || self.lower(at) == "from" && before.last().is_some_and(|other| keeps_from(self.lower(other.verb))));
        VerbPhrase {
            verb,
            first: chain.first,
            form,
            voice,
            subject,
            objects,
            complements,
            denied: chain.denied || nobody || without,
            modal: chain.modal,
            ambiguous,
            governor,
        }
    }

    fn is_nobody(&self, thing: usize) -> bool {
        self.things.get(thing).is_some_and(|thing| {
            self.part(thing.head) == Some(Part::Pronoun(Person::Nobody))
                || self.lower(thing.stretch.first) == "no"
                || self.lower(thing.stretch.first) == "none"
        })
    }

    /// `by 40%`, `by hand`, `clustered by customer`: no doer; who does something is named with an article, a name or a plural.
    fn is_measure(&self, thing: usize) -> bool {
        self.things.get(thing).is_some_and(|thing| {
            let bare =
                thing.stretch.first == thing.head && self.part(thing.head) == Some(Part::Noun) && !self.lower(thing.head).ends_with('s');
            bare || (thing.stretch.first..thing.stretch.end).any(|at| self.part(at) == Some(Part::Number) && thing.head == at)
                || self.lower(thing.head) == "hand"
                || self.lower(thing.head) == "default"
        })
    }

    fn follows_stop(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| matches!(self.part(before), Some(Part::Mark | Part::Conjunction)))
    }

    /// Objects and complements: noun phrases from the verb to the next verb or the end of the clause.
    fn behind(&self, verb: usize) -> (Vec<usize>, Vec<Complement>) {
        let (mut objects, mut complements) = (Vec::new(), Vec::new());
        let mut preposition: Option<usize> = None;
        let mut at = verb + 1;
        let mut met_preposition = false;
        while at < self.words.len().min(verb + REACH) {
            match self.part(at) {
                Some(Part::Preposition) => {
                    preposition = Some(at);
                    met_preposition = true;
                }
                // `to Kafka`; `to reduce` is another verb's.
                Some(Part::To) if !matches!(self.part(at + 1), Some(Part::Verb(_) | Part::Adverb)) => {
                    preposition = Some(at);
                    met_preposition = true;
                }
                Some(Part::Conjunction | Part::Adverb | Part::Particle | Part::Denial) => {}
                Some(Part::Mark) if matches!(self.lower(at), "," | "\"" | "'" | "(" | ")" | "-" | "*" | "`") => {}
                Some(_) if self.thing_from(at).is_some() => {
                    let Some(number) = self.thing_from(at) else { break };
                    match preposition {
                        Some(preposition) => complements.push(Complement { preposition, thing: number }),
                        None if !met_preposition => objects.push(number),
                        None => {}
                    }
                    let end = self.things.get(number).map_or(at + 1, |thing| thing.stretch.end);
                    // What a conjunction joins shares the preposition.
                    let joined = matches!(self.part(end), Some(Part::Conjunction)) || self.lower(end) == ",";
                    if !joined {
                        preposition = None;
                    }
                    // `the code the team wrote`: the next phrase is the subject of the next verb.
                    if self.thing_from(end).is_some() && !joined {
                        break;
                    }
                    at = end;
                    continue;
                }
                _ => break,
            }
            at += 1;
        }
        // `X, Y then wrote Z`: the last phrase before another finite verb is that verb's subject, not our object.
        while matches!(self.part(at), Some(Part::Adverb)) {
            at += 1;
        }
        let behind_adverbs = at;
        while at > 0 && matches!(self.part(at - 1), Some(Part::Adverb)) {
            at -= 1;
        }
        if matches!(self.part(behind_adverbs), Some(Part::Verb(VerbForm::Past | VerbForm::Third | VerbForm::Base) | Part::Auxiliary(_)))
            && let Some(subject) = self.thing_before(at)
        {
            let is_last = |number: &usize| *number == subject;
            let stands_apart = self.things.get(subject).is_some_and(|thing| {
                thing.stretch.first.checked_sub(1).is_some_and(|before| {
                    before != verb
                        && (self.lower(before) == ","
                            || self.part(before) == Some(Part::Conjunction)
                            || self.thing_before(thing.stretch.first).is_some())
                })
            });
            if stands_apart {
                objects.retain(|number| !is_last(number));
                complements.retain(|complement| !is_last(&complement.thing));
            }
        }
        (objects, complements)
    }

    fn governor(
        &self,
        before: &[VerbPhrase],
        chain: &Chain,
        verb: usize,
        form: VerbForm,
        voice: Voice,
        subject: Option<usize>,
    ) -> Governor {
        let last = before.len().checked_sub(1);
        let previous = chain.first.checked_sub(1);
        let previous_part = previous.and_then(|at| self.part(at));
        if chain.to && (form == VerbForm::Base || chain.be) {
            // `tried to port`, `asked the vendor to port`; elsewhere `to` tells what it was for.
            let near = last.filter(|number| {
                before.get(*number).is_some_and(|other| {
                    previous.is_some_and(|at| at == other.verb)
                        || takes_infinitive(self.lower(other.verb)) && chain.first.saturating_sub(other.verb) < 6
                })
            });
            return near
                .filter(|number| before.get(*number).is_some_and(|other| takes_infinitive(self.lower(other.verb))))
                .map_or(Governor::Purpose, Governor::Verb);
        }
        if matches!(form, VerbForm::Gerund | VerbForm::Base) && !chain.be && !chain.modal {
            match previous_part {
                Some(Part::Verb(_) | Part::Particle) => return last.map_or(Governor::Nothing, Governor::Verb),
                Some(Part::Preposition | Part::To) => return previous.map_or(Governor::Nothing, Governor::Preposition),
                Some(Part::Subordinator) => return previous.map_or(Governor::Nothing, Governor::Subordinator),
                // `helped the DBA migrate`
                Some(Part::Noun | Part::Name | Part::Pronoun(_)) if form == VerbForm::Base => {
                    let takes =
                        |other: &VerbPhrase| ["help", "let", "had", "watch"].iter().any(|stem| self.lower(other.verb).starts_with(stem));
                    if let Some(helper) = last.filter(|number| before.get(*number).is_some_and(takes)) {
                        return Governor::Verb(helper);
                    }
                }
                Some(Part::Mark) if self.lower(previous.unwrap_or(0)) == "," && form == VerbForm::Gerund => return Governor::Comma,
                Some(Part::Conjunction) => {
                    // `by adding and tuning`: hangs on what the first one hangs on.
                    if let Some(joined) = last.and_then(|number| before.get(number)).filter(|other| other.form == form) {
                        return joined.governor;
                    }
                }
                _ => {}
            }
            if form == VerbForm::Gerund
                && let Some(thing) = subject
            {
                return Governor::Thing(thing);
            }
        }
        if matches!(form, VerbForm::Participle)
            && voice == Voice::Passive
            && !chain.be
            && let Some(thing) = subject
        {
            return Governor::Thing(thing);
        }
        self.clause_head(before, chain.first, verb)
    }

    /// The relative word or the conjunction that the clause of a finite verb begins with.
    fn clause_head(&self, before: &[VerbPhrase], first: usize, verb: usize) -> Governor {
        let floor = before.last().map_or(0, |other| other.verb + 1);
        for at in (floor..first).rev().take(10) {
            match self.part(at) {
                Some(Part::Relative) => {
                    let antecedent = self.thing_before(at).or_else(|| self.thing_before(at.saturating_sub(1)));
                    return antecedent.map_or(Governor::Subordinator(at), Governor::Thing);
                }
                Some(Part::Subordinator) => return Governor::Subordinator(at),
                Some(Part::Mark) if matches!(self.lower(at), ";" | "." | ":") => break,
                _ => {}
            }
        }
        // `code the platform team wrote`: two phrases side by side.
        let subject = self.thing_before(first).and_then(|number| self.things.get(number));
        if let Some(subject) = subject
            && subject.stretch.first > 0
            && first <= verb
            && let Some(described) = self.thing_before(subject.stretch.first)
            && self.tokens.get(subject.stretch.first).is_some_and(|token| !token.is_mark(","))
        {
            return Governor::Thing(described);
        }
        Governor::Nothing
    }

    fn subject(&self, before: &[VerbPhrase], chain: &Chain, governor: Governor, thing: Option<usize>) -> Subject {
        match governor {
            Governor::Thing(described) => {
                // `the service that reads orders` reads itself; `the code that the team wrote` was written by the team.
                // `Engineer who wrote the service`: a line that opens with its writer.
                let opens = before.is_empty() && self.things.get(described).is_some_and(|thing| thing.stretch.first == 0);
                if opens && self.tokens.iter().any(|token| token.lower == "who") {
                    return Subject::Unsaid;
                }
                let own = thing.filter(|number| *number != described);
                Subject::Thing(own.unwrap_or(described))
            }
            Governor::Verb(number) => {
                let other = before.get(number);
                // `helped the DBA migrate` has the DBA migrate, `asked the vendor to port` the vendor.
                let between = thing.filter(|_| other.is_some_and(|other| !other.objects.is_empty()));
                between.map(Subject::Thing).or_else(|| other.map(|other| other.subject)).unwrap_or(Subject::Unknown)
            }
            // `led four engineers in moving it`: it may be theirs.
            Governor::Preposition(at) if self.lower(at) == "in" && before.last().is_some_and(|other| !other.objects.is_empty()) => {
                Subject::Unknown
            }
            // They go on from the deed that is told, past what only describes a thing.
            Governor::Purpose | Governor::Preposition(_) | Governor::Comma => {
                let told = before.iter().rev().take(8).find(|other| !matches!(other.governor, Governor::Thing(_)));
                told.map_or(if before.is_empty() { Subject::Unsaid } else { Subject::Unknown }, |other| other.subject)
            }
            Governor::Nothing | Governor::Subordinator(_) => {
                if let Some(number) = thing {
                    return Subject::Thing(number);
                }
                if chain.first == 0 || self.opens_clause(chain.first) {
                    return Subject::Unsaid;
                }
                // `and ran them`: goes on with the subject of the verb before.
                let joins = chain.goes_on && !before.is_empty()
                    || chain
                        .first
                        .checked_sub(1)
                        .is_some_and(|at| matches!(self.part(at), Some(Part::Conjunction)) || self.lower(at) == ",");
                if joins {
                    // A finite verb goes on from the last finite one, past what hangs on it: `helped them to integrate it, wrote samples`.
                    let finite = |other: &&VerbPhrase| {
                        matches!(other.form, VerbForm::Past | VerbForm::Third | VerbForm::Participle)
                            && !matches!(other.governor, Governor::Verb(_) | Governor::Thing(_))
                    };
                    let earlier = before.iter().rev().take(8).find(finite).or(before.last());
                    return earlier.map_or(Subject::Unsaid, |other| {
                        if matches!(other.governor, Governor::Thing(_)) { Subject::Unknown } else { other.subject }
                    });
                }
                // `while moving the module`: the subject of the clause around it.
                if matches!(governor, Governor::Subordinator(_)) {
                    return before.last().map_or(Subject::Unsaid, |other| other.subject);
                }
                Subject::Unsaid
            }
        }
    }

    fn opens_clause(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| matches!(self.part(before), Some(Part::Mark)) && !matches!(self.lower(before), "," | ")"))
    }
}

/// Verbs that keep something from happening.
fn keeps_from(verb: &str) -> bool {
    ["keep", "kept", "prevent", "stop", "block", "free", "sav", "protect", "hinder", "ban", "bar"].iter().any(|stem| verb.starts_with(stem))
}

/// Verbs that take another verb with `to`, so that `to` tells no purpose: `began to port`, `was asked to port`.
fn takes_infinitive(verb: &str) -> bool {
    matches!(
        verb,
        "began"
            | "begin"
            | "begins"
            | "begun"
            | "started"
            | "start"
            | "starting"
            | "tried"
            | "try"
            | "tries"
            | "trying"
            | "attempted"
            | "attempting"
            | "planned"
            | "plan"
            | "plans"
            | "planning"
            | "want"
            | "wants"
            | "wanted"
            | "hoped"
            | "intended"
            | "aimed"
            | "proposed"
            | "failed"
            | "helped"
            | "help"
            | "helping"
            | "helps"
            | "asked"
            | "tasked"
            | "assigned"
            | "told"
            | "expected"
            | "supposed"
            | "continued"
            | "managed"
            | "agreed"
            | "decided"
            | "needed"
            | "had"
            | "got"
            | "learned"
            | "allowed"
            | "allows"
            | "enabled"
            | "lets"
            | "used"
            | "offered"
            | "refused"
            | "declined"
            | "prepared"
            | "volunteered"
            | "required"
            | "scheduled"
            | "meant"
            | "forced"
            | "invited"
            | "encouraged"
            | "chose"
            | "hired"
    )
}

#[expect(clippy::struct_excessive_bools, reason = "each says one thing that the grammar tells apart")]
struct Chain {
    first: usize,
    be: bool,
    have: bool,
    modal: bool,
    denied: bool,
    to: bool,
    goes_on: bool,
}
