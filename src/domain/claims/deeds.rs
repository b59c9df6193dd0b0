//! Deeds: what was done, by whom, to what, and how far it got.

#![expect(clippy::wildcard_enum_match_arm, reason = "a rule names the parts of speech that it is about; all others are left alone")]

use crate::domain::english::{Governor, Lemma, Part, Person, Sentence, Subject, VerbForm, VerbPhrase, Voice};
use crate::domain::text::Token;

/// Who did a deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agent {
    /// The writer of the text.
    Writer,
    /// The writer with others: `we`, `our team`.
    Group,
    /// Somebody or something else, by the token that names it.
    Other(usize),
    /// Nobody is named: `tests were written`.
    Unsure,
}

/// How far a deed got; a later one claims more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Planned, asked for, proposed, hoped, possible.
    Open,
    /// Tried, and nobody says with what success.
    Tried,
    /// Begun, or still under way.
    Begun,
    /// Done.
    Done,
}

/// In which sense a deed is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// As something that happened.
    Told,
    /// As what something was done for: `to reduce load`.
    Purpose,
    /// As the means: `by adding a cache`.
    Means,
    /// As a condition or a time: `if the primary goes down`, `before writing anything`; the token that says so.
    Clause(usize),
    /// As what describes a thing: `a service that reads orders`.
    Describing,
}

/// One deed of a text.
#[expect(clippy::struct_excessive_bools, reason = "each says one thing that the grammar tells apart")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// The token of the verb.
    pub verb: usize,
    /// The verb.
    pub lemma: Lemma,
    /// Who did it.
    pub agent: Agent,
    /// The tokens of the things it was done to.
    pub objects: Vec<usize>,
    /// Whether it was done to the writer: `was mentored by two architects`.
    pub to_writer: bool,
    /// Whether it is denied.
    pub denied: bool,
    /// Whether a word of its own denies it: `did not`, `without`; and not the verb it hangs on.
    pub denied_plainly: bool,
    /// How far it got.
    pub certainty: Certainty,
    /// In which sense it is told.
    pub setting: Setting,
    /// Whether the writer only helped with it: `helped migrate`.
    pub helped: bool,
    /// Whether it is told as it stands, of whoever the line is about.
    pub main: bool,
    /// Whether it may be read as done to the writer as well as by the writer.
    pub ambiguous: bool,
}

/// The deeds of a text, in order.
pub fn deeds(tokens: &[Token], sentence: &Sentence) -> Vec<Deed> {
    let reader = Reader { tokens, sentence };
    let mut found: Vec<Deed> = Vec::with_capacity(sentence.verbs.len());
    for verb in &sentence.verbs {
        let deed = reader.deed(verb, &found);
        found.push(deed);
    }
    found
}

struct Reader<'a> {
    tokens: &'a [Token],
    sentence: &'a Sentence,
}

impl Reader<'_> {
    fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.lower.as_str())
    }

    fn head(&self, thing: usize) -> Option<usize> {
        self.sentence.things.get(thing).map(|thing| thing.head)
    }

    fn deed(&self, verb: &VerbPhrase, before: &[Deed]) -> Deed {
        let subject_head = match verb.subject {
            Subject::Thing(thing) => self.head(thing),
            Subject::Unsaid | Subject::Unknown => None,
        };
        let objects: Vec<usize> = verb.objects.iter().filter_map(|thing| self.head(*thing)).collect();
        let is_writer = |head: usize| self.sentence.part(head) == Part::Pronoun(Person::Writer);
        let (agent, objects, to_writer) = match verb.voice {
            Voice::Active => {
                let agent = match (verb.subject, subject_head) {
                    // `Reads orders nightly` may be said of the program.
                    (Subject::Unsaid, _) if verb.form == VerbForm::Third => Agent::Unsure,
                    (Subject::Unsaid, _) => Agent::Writer,
                    (Subject::Thing(thing), Some(head)) => self.agent(thing, head),
                    _ => Agent::Unsure,
                };
                let to_writer = objects.iter().any(|head| is_writer(*head));
                (agent, objects, to_writer)
            }
            Voice::Passive => {
                let doer = verb.doer(self.tokens).and_then(|thing| Some((thing, self.head(thing)?)));
                let agent = doer.map_or(Agent::Unsure, |(thing, head)| self.agent(thing, head));
                // A line or a sentence that begins with it: `Was mentored by two architects`.
                let opens = verb.first.checked_sub(1).is_none_or(|at| matches!(self.lower(at), "." | ";"));
                let to_writer = verb.subject == Subject::Unsaid && opens || subject_head.is_some_and(is_writer);
                (agent, subject_head.into_iter().chain(objects).collect(), to_writer)
            }
        };
        let governing = match verb.governor {
            Governor::Verb(number) => self.sentence.verbs.get(number).zip(before.get(number)),
            _ => None,
        };
        let setting = self.setting(verb, governing.map(|(_, deed)| deed));
        Deed {
            verb: verb.verb,
            lemma: self.sentence.lemma(verb.verb).unwrap_or(crate::domain::english::Dictionary::unlisted("")),
            agent,
            objects,
            to_writer,
            // `using` is how it was done, not what was denied.
            denied: verb.denied
                || self.lower(verb.verb) != "using"
                    && governing.is_some_and(|(governor, deed)| deed.denied || denies_next(self.lower(governor.verb))),
            denied_plainly: verb.denied,
            certainty: self.certainty(verb, governing),
            setting,
            // `assisted in designing and implementing`: what is joined hangs on the same help.
            helped: before.last().is_some_and(|deed| {
                deed.helped
                    && self
                        .sentence
                        .verbs
                        .get(before.len() - 1)
                        .is_some_and(|other| other.governor == verb.governor && matches!(other.governor, Governor::Preposition(_)))
            }) || governing.is_some_and(|(governor, deed)| deed.helped || is_help(self.lower(governor.verb)))
                || matches!(verb.governor, Governor::Preposition(at) if self.is_help_before(at, before)),
            main: verb.is_main(self.tokens),
            ambiguous: verb.ambiguous,
        }
    }

    fn agent(&self, thing: usize, head: usize) -> Agent {
        match self.sentence.part(head) {
            Part::Pronoun(Person::Writer) => Agent::Writer,
            Part::Pronoun(Person::Group) => Agent::Group,
            Part::Pronoun(Person::Other | Person::Nobody) => Agent::Unsure,
            _ => {
                let ours = self.sentence.things.get(thing).is_some_and(|thing| {
                    (thing.stretch.first..thing.head)
                        .any(|at| matches!(self.sentence.part(at), Part::Possessive(Person::Group | Person::Writer)))
                });
                // `our team moved it`: the writer is one of them.
                if ours && is_group(self.lower(head)) { Agent::Group } else { Agent::Other(head) }
            }
        }
    }

    fn setting(&self, verb: &VerbPhrase, governing: Option<&Deed>) -> Setting {
        match verb.governor {
            Governor::Nothing | Governor::Comma => Setting::Told,
            // `used the library to roll it out` tells that it was rolled out.
            Governor::Purpose if self.is_use_before(verb) => Setting::Told,
            Governor::Purpose => Setting::Purpose,
            Governor::Verb(_) => governing.map_or(Setting::Told, |deed| deed.setting),
            Governor::Thing(_) => Setting::Describing,
            Governor::Preposition(at) => match self.lower(at) {
                "by" | "through" | "via" | "with" => Setting::Means,
                "for" if !self.is_duty(at) => Setting::Purpose,
                // `a guide on switching DNS`: what something is about.
                "on" | "about" | "of" => Setting::Describing,
                "for" | "in" | "to" | "without" => Setting::Told,
                _ => Setting::Clause(at),
            },
            Governor::Subordinator(at) => match self.lower(at) {
                // `so that reports run`; `so we rolled back` tells what happened.
                "so" if !tells_past(verb) => Setting::Purpose,
                "while" if verb.form == VerbForm::Gerund => Setting::Told,
                _ => Setting::Clause(at),
            },
        }
    }

    /// Whether `to` tells no purpose: `used the library to roll it out`, `my task was to port it`, `took two weeks to move it`, `worked to deliver it`.
    fn is_use_before(&self, verb: &VerbPhrase) -> bool {
        let number = self.sentence.verbs.partition_point(|other| other.verb < verb.verb);
        let uses =
            |other: &VerbPhrase| ["use", "using", "utili", "employ", "leverag"].iter().any(|stem| self.lower(other.verb).starts_with(stem));
        let before: Vec<&VerbPhrase> = self.sentence.verbs.iter().take(number).rev().take(2).collect();
        let duty = (verb.first.saturating_sub(7)..verb.first).any(|at| {
            matches!(self.lower(at), "job" | "task" | "role" | "responsibility" | "duty" | "part" | "charge" | "able" | "took" | "got")
        });
        // A deed with an object was done for something; one without goes on in the next verb.
        let bare =
            before.first().is_none_or(|other| other.objects.is_empty() && other.voice == Voice::Active && other.is_main(self.tokens));
        before.iter().any(|other| uses(other)) || duty || bare
    }

    /// `responsible for maintaining`: a duty, not a purpose.
    fn is_duty(&self, preposition: usize) -> bool {
        let before = preposition.checked_sub(1).map_or("", |at| self.lower(at));
        preposition < 3 || before.starts_with("responsib") || before == "charge" || before == "accountable"
    }

    fn certainty(&self, verb: &VerbPhrase, governing: Option<(&VerbPhrase, &Deed)>) -> Certainty {
        let own = match verb.governor {
            _ if verb.modal => Certainty::Open,
            Governor::Purpose if self.is_use_before(verb) => Certainty::Done,
            Governor::Purpose => Certainty::Open,
            Governor::Preposition(at) if self.lower(at) == "for" && !self.is_duty(at) && !self.is_use_before(verb) => Certainty::Open,
            Governor::Subordinator(at) if matches!(self.lower(at), "if" | "unless") => Certainty::Open,
            Governor::Subordinator(at) if self.lower(at) == "so" && !tells_past(verb) => Certainty::Open,
            _ => Certainty::Done,
        };
        governing.map_or(own, |(governor, deed)| {
            // `enabled caching` was done, `enabled partners to upload` was not.
            let word = self.lower(governor.verb);
            let permits = ["allow", "enabl", "let"].iter().any(|stem| word.starts_with(stem));
            let limit = if permits && verb.form == VerbForm::Gerund { Certainty::Done } else { allows(word) };
            own.min(deed.certainty).min(limit)
        })
    }

    /// `helped with migrating`, `contributed to building`.
    fn is_help_before(&self, preposition: usize, before: &[Deed]) -> bool {
        let governs = matches!(self.lower(preposition), "in" | "to" | "on")
            || self.lower(preposition) == "with" && before.last().is_some_and(|deed| !self.lower(deed.verb).starts_with("support"));
        governs && before.last().is_some_and(|deed| preposition.saturating_sub(deed.verb) < 7 && is_help(self.lower(deed.verb)))
    }
}

/// `failed to port`, `avoid breaking`, `stopped failing`.
fn denies_next(verb: &str) -> bool {
    ["fail", "refus", "declin", "avoid", "prevent", "stop", "ceas"].iter().any(|stem| verb.starts_with(stem))
}

/// `so we rolled back`, `so it was shut down`: what happened, and no purpose.
fn tells_past(verb: &VerbPhrase) -> bool {
    !verb.modal && (verb.form == VerbForm::Past || verb.form == VerbForm::Participle)
}

/// Verbs that say that somebody else did it and the writer helped.
fn is_help(verb: &str) -> bool {
    ["help", "assist", "support", "contribut", "participat"].iter().any(|stem| verb.starts_with(stem))
        || matches!(verb, "aided" | "took" | "involved")
}

/// How far a deed got that hangs on this verb, in lower case: `began porting`, `tried to port`, `planned to port`.
pub fn allows(verb: &str) -> Certainty {
    match verb {
        "began" | "begin" | "begun" | "beginning" | "started" | "start" | "starting" | "starts" => Certainty::Begun,
        "tried" | "try" | "trying" | "tries" | "attempted" | "attempt" | "attempting" | "failed" => Certainty::Tried,
        "planned" | "plan" | "planning" | "proposed" | "proposing" | "wanted" | "hoped" | "intended" | "aimed" | "asked" | "tasked"
        | "told" | "assigned" | "expected" | "supposed" | "considered" | "considering" | "suggested" | "recommended" | "discussed"
        | "evaluated" | "explored" | "investigated" | "researched" | "offered" | "agreed" | "decided" | "refused" | "declined"
        | "needed" | "required" | "scheduled" | "meant" | "looked" | "prepared" | "allowed" | "allows" | "allow" | "enabled"
        | "enables" | "enable" | "enabling" | "allowing" | "let" | "lets" | "letting" | "learned" | "invited" => Certainty::Open,
        _ => Certainty::Done,
    }
}

fn is_group(noun: &str) -> bool {
    matches!(noun, "team" | "squad" | "group" | "crew" | "pair" | "department" | "unit" | "company")
}
