//! What the rules tell the writer beside the text: why it says no more, and what would let it.

use super::fillers;
use super::verbless;
use crate::domain::facts::Reading;
use crate::domain::grounding::{Evidence, Rewrite};
use crate::domain::lexicon::{Lexicon, Tier};

/// One thing to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// The bullet names a thing and no deed.
    MissingDeed,
    /// The text tells of a part or of help, as the bullet does not say whose work it was.
    SharedCredit,
    /// Only the beginning could be changed.
    LittleToChange,
}

impl Remark {
    /// The remark in a sentence.
    pub const fn message(self) -> &'static str {
        match self {
            Self::MissingDeed => {
                "the bullet names a thing and no deed; say what you did with it (built, wrote, tuned?), and the line can open with that"
            }
            Self::SharedCredit => {
                "the bullet tells of a part or of help; if it was your own work, say \"I did it\" in the facts, and the line can say so"
            }
            Self::LittleToChange => {
                "every other word states a fact, so only the beginning was changed; more can be said only with new facts"
            }
        }
    }
}

/// What to tell beside a rewrite.
pub fn remarks(lexicon: &Lexicon, evidence: &Evidence, rewrite: &Rewrite) -> Vec<Remark> {
    let reading = Reading::new(rewrite.text(), lexicon);
    let mut found = Vec::new();
    let said_so = evidence.bullet.tokens.iter().any(|token| token.lower.starts_with("work"));
    let opens_with = |word: &str| reading.tokens.first().is_some_and(|first| first.lower == word);
    if opens_with("worked") && !said_so {
        found.push(Remark::MissingDeed);
    }
    if reading.tier < Tier::Did && !found.contains(&Remark::MissingDeed) && !opens_with("participated") {
        found.push(Remark::SharedCredit);
    }
    let (before, after) = (plain_words(&evidence.bullet), plain_words(&reading));
    if (1..4.min(after.len())).any(|from| after.get(from..).is_some_and(|rest| before.ends_with(rest))) {
        found.push(Remark::LittleToChange);
    }
    found
}

fn plain_words(reading: &Reading) -> Vec<&str> {
    reading.tokens.iter().filter(|token| token.is_word()).map(|token| token.lower.as_str()).collect()
}

/// Why nothing better could be said.
pub fn why_not(lexicon: &Lexicon, evidence: &Evidence) -> &'static str {
    let words = fillers::shortened(lexicon, &evidence.bullet);
    if verbless::describes_person(lexicon, &words) {
        return "it describes a person and tells no deed; name one thing that you built, changed or fixed";
    }
    if evidence.bullet.is_hedged(lexicon) {
        return "it tells what was planned, tried, learned or asked for; say what was done in the end";
    }
    if words.count() < 4 {
        return "it is too short to be made better; say what was done, to what, and with what";
    }
    "nothing better can be said without new facts: the tool, the size, or what came of it"
}
