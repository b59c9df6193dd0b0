//! Parts of speech, and the words of the closed classes: determiners, pronouns, prepositions, conjunctions, auxiliaries.
//!
//! The closed classes of English do not grow, so they are a table here; every other word is looked up in the dictionary.

/// The form of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerbForm {
    /// `write`.
    Base,
    /// `writes`.
    Third,
    /// `wrote`.
    Past,
    /// `written`.
    Participle,
    /// `writing`.
    Gerund,
}

/// Helping verbs, by what they do to the verb that follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auxiliary {
    /// `was`: a participle behind it is passive.
    Be,
    /// `had`: a participle behind it is perfect.
    Have,
    /// `did`.
    Do,
    /// `could`: the deed is possible, wanted or expected, and not told as done.
    Modal,
}

/// Who a pronoun stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    /// `I`, `me`, `my`: the writer.
    Writer,
    /// `we`, `us`, `our`: the writer with others.
    Group,
    /// `they`, `it`, `he`: somebody or something told before.
    Other,
    /// `nobody`, `nothing`, `none`.
    Nobody,
}

/// What a token is in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A thing.
    Noun,
    /// A named thing: a product, a person, a code.
    Name,
    /// A deed or a state.
    Verb(VerbForm),
    /// How a thing is.
    Adjective,
    /// How a deed is done.
    Adverb,
    /// A number, with its unit where one is written.
    Number,
    /// `a`, `the`, `this`, `some`.
    Determiner,
    /// `my`, `their`: a determiner that names an owner.
    Possessive(Person),
    /// `I`, `they`.
    Pronoun(Person),
    /// `with`, `from`.
    Preposition,
    /// `to`, before a noun or a verb.
    To,
    /// `and`, `or`, `but`, `&`, `+`, `/`.
    Conjunction,
    /// `if`, `because`, `while`: begins a clause of its own.
    Subordinator,
    /// `which`, `who`, `that` behind a noun: its clause describes that noun.
    Relative,
    /// A helping verb.
    Auxiliary(Auxiliary),
    /// `not`, `never`.
    Denial,
    /// `up` of `set up`.
    Particle,
    /// A comma, a stop, a bracket.
    Mark,
    /// An open slot: `[latency before]`.
    Slot,
}

impl Part {
    /// Whether it can be the head of a noun phrase.
    pub const fn is_nominal(self) -> bool {
        matches!(self, Self::Noun | Self::Name | Self::Pronoun(_) | Self::Slot)
    }
}

/// The part of a word of a closed class, whatever stands around it.
pub(super) fn closed(lower: &str) -> Option<Part> {
    Some(match lower {
        "a" | "an" | "the" | "this" | "these" | "those" | "some" | "any" | "each" | "every" | "all" | "both" | "another" | "either"
        | "no" | "such" | "several" | "many" | "few" | "much" | "various" | "multiple" => Part::Determiner,
        "my" => Part::Possessive(Person::Writer),
        "our" => Part::Possessive(Person::Group),
        "their" | "its" | "his" | "whose" | "your" => Part::Possessive(Person::Other),
        "i" | "me" | "myself" | "i'm" | "i've" | "i'd" | "i'll" | "mine" => Part::Pronoun(Person::Writer),
        "we" | "us" | "ourselves" | "we're" | "we've" | "we'd" | "we'll" | "ours" => Part::Pronoun(Person::Group),
        "they" | "them" | "it" | "he" | "she" | "him" | "her" | "themselves" | "itself" | "himself" | "herself" | "you" | "everybody"
        | "everyone" | "somebody" | "someone" | "something" | "anything" | "everything" | "others" | "which's" | "theirs" => {
            Part::Pronoun(Person::Other)
        }
        "nobody" | "nothing" | "none" | "neither" => Part::Pronoun(Person::Nobody),
        "of" | "in" | "on" | "at" | "for" | "from" | "by" | "with" | "within" | "into" | "onto" | "upon" | "via" | "per" | "through"
        | "throughout" | "about" | "above" | "below" | "under" | "across" | "along" | "alongside" | "among" | "amongst" | "against"
        | "behind" | "beneath" | "beside" | "between" | "during" | "inside" | "outside" | "near" | "off" | "toward" | "towards"
        | "regarding" | "concerning" | "versus" | "vs" | "except" | "without" | "w/o" | "despite" | "like" | "unlike" | "than" | "over"
        | "beyond" | "instead" | "w" | "plus" | "around" | "incl" | "including" | "besides" | "excluding" => Part::Preposition,
        "up" | "out" | "down" | "away" | "back" => Part::Particle,
        "to" => Part::To,
        "and" | "or" | "but" | "&" | "+" | "/" | "nor" | "yet" | "->" => Part::Conjunction,
        "if" | "when" | "whenever" | "while" | "because" | "since" | "although" | "though" | "unless" | "until" | "till" | "once"
        | "whether" | "as" | "so" | "whereas" | "after" | "before" | "where" | "why" | "how" => Part::Subordinator,
        "which" | "who" | "whom" | "that" | "what" => Part::Relative,
        "is" | "are" | "was" | "were" | "be" | "been" | "being" | "am" | "isn't" | "aren't" | "wasn't" | "weren't" | "got" | "gets" => {
            Part::Auxiliary(Auxiliary::Be)
        }
        "have" | "has" | "had" | "having" | "hasn't" | "haven't" | "hadn't" => Part::Auxiliary(Auxiliary::Have),
        "do" | "does" | "did" | "don't" | "doesn't" | "didn't" | "dont" | "didnt" | "doesnt" => Part::Auxiliary(Auxiliary::Do),
        "can" | "could" | "may" | "might" | "must" | "shall" | "should" | "will" | "would" | "cannot" | "can't" | "couldn't" | "won't"
        | "wouldn't" | "shouldn't" => Part::Auxiliary(Auxiliary::Modal),
        "not" | "never" | "n't" => Part::Denial,
        "also" | "then" | "too" | "now" | "here" | "there" | "only" | "just" | "even" | "again" | "already" | "still" | "later"
        | "thus" | "thereby" | "hence" | "therefore" | "however" | "together" | "mostly" | "mainly" | "partly" | "almost" | "nearly"
        | "roughly" | "approximately" | "ca" | "approx" | "currently" | "often" | "twice" | "instead-of" => Part::Adverb,
        _ => return None,
    })
}

/// Whether a word of a closed class denies by itself: `didn't`, `without`, `nobody`.
pub fn denies(lower: &str) -> bool {
    lower.ends_with("n't")
        || matches!(
            lower,
            "not"
                | "never"
                | "no"
                | "none"
                | "nobody"
                | "nothing"
                | "neither"
                | "nor"
                | "without"
                | "w/o"
                | "cannot"
                | "dont"
                | "didnt"
                | "doesnt"
        )
}
