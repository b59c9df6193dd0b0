//! Finds what each word is in its sentence: left to right, by what the word can be and by what stands beside it.
//!
//! A line of a resume leaves out its subject, the writer, so a past form at the beginning of a clause is a deed. Where two readings are left, the
//! dictionary's counts decide.

#![expect(clippy::wildcard_enum_match_arm, reason = "a rule names the parts of speech that it is about; all others are left alone")]

use super::dictionary::{Dictionary, FormKind, Lemma};
use super::part::{Auxiliary, Part, Person, VerbForm, closed};
use super::{Stretch, Word};
use crate::domain::text::{Token, TokenKind};

/// How far back a word looks for what it goes on from; sentences are longer, but what belongs together stands nearer.
const NEAR: usize = 24;

/// What an open-class word can be, with the lemma of each reading.
#[expect(clippy::struct_excessive_bools, reason = "each says one thing that the grammar tells apart")]
#[derive(Debug, Clone, Copy, Default)]
struct Candidates {
    noun: Option<(Lemma, u8)>,
    plural: bool,
    verb: Option<(Lemma, u8)>,
    base: bool,
    third: bool,
    past: bool,
    participle: bool,
    gerund: bool,
    adjective: Option<(Lemma, u8)>,
    adverb: Option<Lemma>,
}

/// The parts and lemmas of the tokens; `names` are tokens of named technologies, `numbers` tokens of quantities, both in order.
pub(super) fn tag(dictionary: &Dictionary, tokens: &[Token], names: &[Stretch], numbers: &[Stretch]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::with_capacity(tokens.len());
    let candidates: Vec<Candidates> =
        tokens.iter().map(|token| if token.is_word() { candidates(dictionary, &token.lower) } else { Candidates::default() }).collect();
    for (at, token) in tokens.iter().enumerate() {
        let can = candidates.get(at).copied().unwrap_or_default();
        let is_name = within(names, at);
        let part = match token.kind {
            TokenKind::Slot => Part::Slot,
            TokenKind::Link | TokenKind::Code => Part::Name,
            TokenKind::Tag => Part::Mark,
            _ if within(numbers, at) => Part::Number,
            TokenKind::Mark => match token.text.as_str() {
                "&" | "+" | "/" => Part::Conjunction,
                _ => Part::Mark,
            },
            // `Dockerized two apps`: the name of a product as a deed.
            _ if is_name && !(can.past && at == 0) => Part::Name,
            TokenKind::Word => {
                let context = Context { tokens, words: &words, candidates: &candidates, names, numbers, at };
                context.part(can)
            }
        };
        words.push(Word { part, lemma: lemma(dictionary, &token.lower, part, can), participle: can.participle });
    }
    words
}

/// Whether a token stands in one of these stretches, which are in order.
fn within(stretches: &[Stretch], at: usize) -> bool {
    let first = stretches.partition_point(|stretch| stretch.end <= at);
    stretches.get(first).is_some_and(|stretch| stretch.first <= at)
}

fn candidates(dictionary: &Dictionary, lower: &str) -> Candidates {
    let mut can = Candidates::default();
    let own = lower.strip_suffix("'s").unwrap_or(lower);
    for reading in dictionary.readings(own) {
        let word = Some((reading.lemma, reading.count));
        match reading.kind {
            FormKind::Singular | FormKind::Plural => {
                can.plural |= reading.kind == FormKind::Plural;
                can.noun = can.noun.or(word);
            }
            FormKind::Base | FormKind::Third | FormKind::Past | FormKind::Participle | FormKind::Gerund => {
                can.base |= reading.kind == FormKind::Base;
                can.third |= reading.kind == FormKind::Third;
                can.past |= reading.kind == FormKind::Past;
                can.participle |= reading.kind == FormKind::Participle;
                can.gerund |= reading.kind == FormKind::Gerund;
                can.verb = can.verb.or(word);
            }
            FormKind::Adjective | FormKind::Graded => can.adjective = can.adjective.or(word),
            FormKind::Adverb => can.adverb = can.adverb.or(Some(reading.lemma)),
        }
    }
    if can.noun.is_none() && can.verb.is_none() && can.adjective.is_none() && can.adverb.is_none() {
        unlisted(own, &mut can);
    }
    can
}

/// What a word that is not listed can be, by its ending: `refactored`, `dockerizing`, `webhooks`.
fn unlisted(lower: &str, can: &mut Candidates) {
    let root = (Dictionary::unlisted(stem(lower)), 0);
    let is_plain = lower.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if is_plain && lower.len() > 4 && lower.ends_with("ed") {
        (can.past, can.participle, can.verb) = (true, true, Some(root));
    } else if is_plain && lower.len() > 5 && lower.ends_with("ing") {
        (can.gerund, can.verb, can.noun) = (true, Some(root), Some(root));
    } else if is_plain && lower.len() > 4 && lower.ends_with("ly") {
        can.adverb = Some(root.0);
    } else {
        can.plural = lower.ends_with('s');
        can.noun = Some(root);
        if lower.ends_with("ize") || lower.ends_with("ify") || lower.starts_with("re") {
            (can.base, can.verb) = (true, Some(root));
        }
    }
}

/// What the forms of a word that is not listed have in common.
fn stem(lower: &str) -> &str {
    let stem = ["ing", "ed", "es", "s", "e"].iter().find_map(|end| lower.strip_suffix(end).filter(|stem| stem.len() > 2));
    stem.unwrap_or(lower)
}

fn lemma(dictionary: &Dictionary, lower: &str, part: Part, can: Candidates) -> Lemma {
    let of = |reading: Option<(Lemma, u8)>| reading.map(|(lemma, _)| lemma);
    let found = match part {
        Part::Noun => of(can.noun).or(of(can.verb)),
        Part::Verb(_) => of(can.verb).or(of(can.noun)),
        Part::Adjective => of(can.adjective).or(of(can.verb)).or(of(can.noun)),
        Part::Adverb => can.adverb,
        _ => None,
    };
    found.unwrap_or_else(|| dictionary.lemma(lower))
}

struct Context<'a> {
    tokens: &'a [Token],
    words: &'a [Word],
    candidates: &'a [Candidates],
    names: &'a [Stretch],
    numbers: &'a [Stretch],
    at: usize,
}

impl Context<'_> {
    fn before(&self) -> Option<Part> {
        self.words.last().map(|word| word.part)
    }

    /// The last word that is no adverb.
    fn before_adverbs(&self) -> Option<Part> {
        self.words.iter().rev().take(NEAR).map(|word| word.part).find(|part| !matches!(part, Part::Adverb | Part::Denial))
    }

    fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.lower.as_str())
    }

    fn can(&self, at: usize) -> Candidates {
        self.candidates.get(at).copied().unwrap_or_default()
    }

    fn is_in(stretches: &[Stretch], at: usize) -> bool {
        within(stretches, at)
    }

    /// Whether a noun phrase can begin at a token: the deed before it has an object.
    fn begins_thing(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        if token.kind == TokenKind::Slot || Self::is_in(self.names, at) || Self::is_in(self.numbers, at) {
            return true;
        }
        match closed(&token.lower) {
            Some(Part::Determiner | Part::Possessive(_) | Part::Pronoun(_)) => true,
            Some(_) => false,
            None => {
                let can = self.can(at);
                token.is_word() && (can.noun.is_some() || can.adjective.is_some())
            }
        }
    }

    /// Whether a clause begins here: the unsaid subject stands before this word.
    fn begins_clause(&self) -> bool {
        let Some(before) = self.words.len().checked_sub(1) else { return true };
        match self.words.get(before).map(|word| word.part) {
            Some(Part::Mark) => matches!(self.lower(before), "." | ";" | ":" | "-" | "*" | "•" | "!" | "?" | "("),
            Some(Part::Adverb) => before == 0,
            _ => false,
        }
    }

    /// The form of the verb that a conjunction or a comma before this word may go on from: `designed, built and ran`.
    fn joined_form(&self) -> Option<VerbForm> {
        let before = self.words.len().checked_sub(1)?;
        let joins = matches!(self.words.get(before)?.part, Part::Conjunction) || self.lower(before) == ",";
        if !joins {
            return None;
        }
        self.words.iter().rev().take(NEAR).find_map(|word| match word.part {
            Part::Verb(form) => Some(form),
            _ => None,
        })
    }

    fn part(&self, can: Candidates) -> Part {
        let token = self.tokens.get(self.at);
        let lower = self.lower(self.at);
        if let Some(part) = closed(lower) {
            return self.closed_here(part, lower, can);
        }
        if token.is_some_and(|token| token.text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',' || c == '-')) {
            return Part::Number;
        }
        let has_upper =
            token.is_some_and(|token| token.text.chars().skip(1).any(char::is_uppercase) || token.text.chars().any(|c| c.is_ascii_digit()));
        let starts_upper = token.is_some_and(|token| token.text.starts_with(char::is_uppercase));
        if has_upper || starts_upper && !self.begins_clause() && can.verb.is_none() && self.at > 0 {
            return Part::Name;
        }
        if let Some(form) = self.verb_here(can) {
            return Part::Verb(form);
        }
        self.other_than_verb(can)
    }

    /// Words of closed classes that can be something else where they stand.
    fn closed_here(&self, part: Part, lower: &str, can: Candidates) -> Part {
        let next = self.at + 1;
        match (part, lower) {
            (Part::Relative, "that") => {
                let behind_noun = self.before().is_some_and(|part| part.is_nominal() || part == Part::Number);
                let clause = self.words.iter().rev().take(1).any(|word| matches!(word.part, Part::Verb(_)));
                if behind_noun || clause || self.before() == Some(Part::Subordinator) { Part::Relative } else { Part::Determiner }
            }
            (Part::Auxiliary(Auxiliary::Be), "got" | "gets") => {
                let can = self.can(next);
                if can.participle && (!self.begins_thing(next) || can.noun.is_none()) { part } else { Part::Verb(VerbForm::Past) }
            }
            // `did the removal`, `had two outages`, `has 40 tables`: verbs of their own.
            (Part::Auxiliary(Auxiliary::Do | Auxiliary::Have), _) => {
                let ahead = (next..next + 3)
                    .find(|at| !matches!(closed(self.lower(*at)), Some(Part::Denial | Part::Adverb | Part::Pronoun(_))))
                    .unwrap_or(next);
                let can = self.can(ahead);
                let helps = match part {
                    Part::Auxiliary(Auxiliary::Do) => can.base && closed(self.lower(ahead)).is_none(),
                    _ => can.participle || self.lower(ahead) == "been",
                };
                let form = if matches!(lower, "has" | "does") { VerbForm::Third } else { VerbForm::Past };
                if helps || lower.ends_with('t') { part } else { Part::Verb(form) }
            }
            // `set up the CI`, `took over the module`.
            (Part::Preposition, "off" | "over" | "through" | "along" | "in" | "on")
                if matches!(self.before(), Some(Part::Verb(_))) && self.is_particle(lower) =>
            {
                Part::Particle
            }
            (Part::Subordinator, "after" | "before" | "since" | "until" | "till" | "as" | "so" | "once")
                if self.begins_thing(next) && !self.has_verb_ahead(next) =>
            {
                Part::Preposition
            }
            (Part::Particle, _)
                if !matches!(self.before(), Some(Part::Verb(_) | Part::Noun | Part::Name | Part::Pronoun(_)))
                    || matches!(self.lower(next), "to" | "of") =>
            {
                Part::Preposition
            }
            (Part::Preposition, "like") if self.before_adverbs().is_none() && can.verb.is_some() => Part::Verb(VerbForm::Base),
            _ => part,
        }
    }

    fn is_particle(&self, lower: &str) -> bool {
        let verb = self.lower(self.at.saturating_sub(1));
        let takes = |stems: &[&str]| stems.iter().any(|stem| verb.starts_with(stem));
        match lower {
            "over" => takes(&["t", "hand"]) && takes(&["took", "tak", "turn", "hand"]),
            "off" => true,
            "through" => takes(&["went", "go", "got"]),
            _ => false,
        }
    }

    /// Whether a verb stands before the clause ends: `after the team left`.
    fn has_verb_ahead(&self, from: usize) -> bool {
        (from..self.tokens.len().min(from + 7)).take_while(|at| !matches!(self.lower(*at), "," | ";" | "." | "(" | ")")).any(|at| {
            let can = self.can(at);
            matches!(closed(self.lower(at)), Some(Part::Auxiliary(_))) || closed(self.lower(at)).is_none() && can.past && at > from
        })
    }

    /// The form of a verb that this word is here, if it is one.
    fn verb_here(&self, can: Candidates) -> Option<VerbForm> {
        can.verb?;
        let next = self.at + 1;
        let thing_follows = self.begins_thing(next);
        let past = if can.past { VerbForm::Past } else { VerbForm::Participle };
        let has_past = can.past || can.participle;
        if self.begins_clause() || self.joined_form() == Some(VerbForm::Past) && has_past && self.is_unsaid_subject() {
            return self.opening_verb(can, past, thing_follows);
        }
        match self.before_adverbs()? {
            Part::To => (can.base && (can.noun.is_none() || thing_follows || Self::noun_weight(can) <= Self::verb_weight(can)))
                .then_some(VerbForm::Base),
            Part::Auxiliary(Auxiliary::Modal | Auxiliary::Do) => can.base.then_some(VerbForm::Base),
            Part::Auxiliary(Auxiliary::Be) => {
                if can.participle {
                    Some(VerbForm::Participle)
                } else {
                    (can.gerund && (thing_follows || can.adjective.is_none())).then_some(VerbForm::Gerund)
                }
            }
            Part::Auxiliary(Auxiliary::Have) => can.participle.then_some(VerbForm::Participle),
            Part::Pronoun(Person::Writer | Person::Group | Person::Other | Person::Nobody) | Part::Relative => {
                if has_past {
                    Some(past)
                } else if can.third {
                    Some(VerbForm::Third)
                } else {
                    (can.base && (can.noun.is_none() || thing_follows)).then_some(VerbForm::Base)
                }
            }
            Part::Noun | Part::Name | Part::Slot => self.verb_behind_noun(can, past, thing_follows),
            Part::Preposition | Part::Subordinator => {
                if can.gerund {
                    // `by adding a cache` is a deed, `for processing` a thing.
                    return (thing_follows || can.noun.is_none() || self.lower(next) == "to").then_some(VerbForm::Gerund);
                }
                (has_past && (can.noun.is_none() && can.adjective.is_none()) && !thing_follows).then_some(VerbForm::Participle)
            }
            Part::Conjunction | Part::Mark => self.joined_verb(can, past, thing_follows),
            Part::Verb(_) | Part::Particle => {
                // `began porting`; `shortened billing runs` names a kind of runs.
                let last = self.lower(self.at.saturating_sub(1));
                let takes = [
                    "beg", "start", "stop", "kept", "keep", "avoid", "continu", "help", "finish", "consider", "tri", "prevent", "enabl",
                    "allow", "plan", "propos", "includ", "involv",
                ];
                if can.gerund
                    && (can.noun.is_none()
                        || takes.iter().any(|stem| last.starts_with(stem))
                        || matches!(closed(self.lower(next)), Some(Part::Determiner | Part::Possessive(_))))
                {
                    return Some(VerbForm::Gerund);
                }
                // `helped build the API`, `help migrate`.
                let helps =
                    self.lower(self.at.saturating_sub(1)).starts_with("help") || self.lower(self.at.saturating_sub(1)).starts_with("let");
                (helps && can.base && (thing_follows || can.noun.is_none())).then_some(VerbForm::Base)
            }
            Part::Number if can.past && !can.participle => Some(VerbForm::Past),
            Part::Adjective | Part::Determiner | Part::Possessive(_) | Part::Number | Part::Adverb | Part::Denial => None,
        }
    }

    fn noun_weight(can: Candidates) -> u8 {
        can.noun.map_or(0, |(_, count)| count)
    }

    fn verb_weight(can: Candidates) -> u8 {
        can.verb.map_or(0, |(_, count)| count)
    }

    /// Whether the last verb began a clause without a subject, so that a joined one goes on with the writer.
    fn is_unsaid_subject(&self) -> bool {
        self.words.iter().rev().take(NEAR).all(|word| !matches!(word.part, Part::Relative | Part::Subordinator))
    }

    fn opening_verb(&self, can: Candidates, past: VerbForm, thing_follows: bool) -> Option<VerbForm> {
        if can.past || can.participle {
            // `Automated tests for ...` with nothing done to them is still a deed in a resume.
            return Some(past);
        }
        if can.gerund {
            return (thing_follows || can.noun.is_none()).then_some(VerbForm::Gerund);
        }
        let next = self.lower(self.at + 1);
        let determined = matches!(closed(next), Some(Part::Determiner | Part::Possessive(_))) || Self::is_in(self.numbers, self.at + 1);
        if can.third && !can.base {
            return (can.noun.is_none() || determined).then_some(VerbForm::Third);
        }
        (can.base && (can.noun.is_none() || determined || thing_follows && Self::verb_weight(can) > Self::noun_weight(can)))
            .then_some(VerbForm::Base)
    }

    fn verb_behind_noun(&self, can: Candidates, past: VerbForm, thing_follows: bool) -> Option<VerbForm> {
        if can.past && !can.participle {
            return Some(VerbForm::Past);
        }
        // `the holdout set`, `the build cut`: a form that is also a plain noun needs an object or a doer to be a deed.
        if can.base && can.noun.is_some() && !thing_follows && self.lower(self.at + 1) != "by" {
            return None;
        }
        if can.past || can.participle {
            let next = self.lower(self.at + 1);
            let agentless = matches!(next, "by" | "" | "." | "," | ")" | ";");
            let in_relative = self.words.iter().rev().take(6).any(|word| matches!(word.part, Part::Relative | Part::Subordinator));
            let finite = thing_follows || in_relative && !agentless || can.noun.is_none() && matches!(next, "that" | "to" | "me" | "from");
            return Some(if finite { past } else { VerbForm::Participle });
        }
        if can.gerund {
            let determined = matches!(closed(self.lower(self.at + 1)), Some(Part::Determiner | Part::Possessive(_)));
            return (determined || thing_follows && can.noun.is_none_or(|_| self.before() == Some(Part::Noun) && self.plural_before()))
                .then_some(VerbForm::Gerund);
        }
        let next = self.lower(self.at + 1);
        let determined = matches!(closed(next), Some(Part::Determiner | Part::Possessive(_) | Part::Pronoun(_)))
            || matches!(next, "from" | "to" | "into" | "in" | "on") && Self::noun_weight(can) < Self::verb_weight(can);
        if can.third {
            return (can.noun.is_none() || determined).then_some(VerbForm::Third);
        }
        (can.base && self.plural_before() && (can.noun.is_none() || determined)).then_some(VerbForm::Base)
    }

    fn plural_before(&self) -> bool {
        self.at.checked_sub(1).is_some_and(|before| self.can(before).plural || self.lower(before).ends_with('s'))
    }

    fn joined_verb(&self, can: Candidates, past: VerbForm, thing_follows: bool) -> Option<VerbForm> {
        let joined = self.joined_form();
        match joined {
            Some(VerbForm::Gerund) if can.gerund => Some(VerbForm::Gerund),
            Some(VerbForm::Base) if can.base && (thing_follows || can.noun.is_none()) => Some(VerbForm::Base),
            Some(VerbForm::Third) if can.third && (thing_follows || can.noun.is_none()) => Some(VerbForm::Third),
            Some(VerbForm::Participle) if can.participle => Some(VerbForm::Participle),
            _ if can.past && !can.participle => Some(VerbForm::Past),
            _ if can.past || can.participle => Some(past),
            // `, cutting latency`: what came of it, or what was done beside it.
            _ if can.gerund && thing_follows && self.lower(self.at.saturating_sub(1)) == "," => Some(VerbForm::Gerund),
            _ if can.gerund && can.noun.is_none() => Some(VerbForm::Gerund),
            _ => None,
        }
    }

    fn other_than_verb(&self, can: Candidates) -> Part {
        let next = self.at + 1;
        // Whether a noun stands behind it, so that it tells how that noun is.
        let is_adverb = can.adverb.is_some() && self.lower(self.at).ends_with("ly");
        let noun_follows = closed(self.lower(next)).is_none()
            && (self.can(next).noun.is_some() || Self::is_in(self.names, next))
            && self.tokens.get(next).is_some_and(Token::is_word);
        // `used weekly by engineers`, but `a weekly report`.
        if is_adverb && !noun_follows {
            return Part::Adverb;
        }
        if can.adjective.is_some()
            && (can.noun.is_none() || noun_follows && can.adjective.map_or(0, |(_, count)| count) >= Self::noun_weight(can))
        {
            return Part::Adjective;
        }
        if can.noun.is_some() {
            return Part::Noun;
        }
        if can.adverb.is_some() {
            return Part::Adverb;
        }
        // `the proposed design`, but `both measured with the same tool`.
        if can.participle || can.past {
            return if noun_follows { Part::Adjective } else { Part::Verb(VerbForm::Participle) };
        }
        Part::Noun
    }
}
