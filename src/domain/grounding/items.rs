//! Is a word that a rewrite lost an item of a list? `refunds` of `refunds and payouts`, `dispute` of `refund and dispute endpoints`.

use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense};

/// Whether a lost word is an item of a list by itself; `lost` are all words that the rewrite lost, in order.
pub(super) fn is_list_item(lexicon: &Lexicon, bullet: &Reading, at: usize, lost: &[usize]) -> bool {
    let items = List { lexicon, bullet, lost, gone: lost };
    let named = items.word(at);
    if lexicon.phrases().empty.has_word(named) || lexicon.phrases().light.has_word(named) {
        return false;
    }
    // `third-party`: a compound is a fact by itself.
    let compound = named.contains('-') && !named.ends_with("ly");
    compound || items.is_name(at) || items.is_item(at) || items.shares_head(at) || items.is_first(at)
}

/// Whether the rewrite lost a whole phrase of the bullet: `and wrote a manual for it`, `with checksums verified`, `and audit triggers`.
/// `gone` are all words that it does not tell, those of procedure and praise too.
pub(super) fn lost_phrase(lexicon: &Lexicon, bullet: &Reading, lost: &[usize], gone: &[usize]) -> bool {
    let phrases = List { lexicon, bullet, lost, gone };
    (1..bullet.tokens.len()).any(|at| phrases.is_lost_deed(at) || phrases.is_lost_complement(at)) || phrases.is_main_deed_lost()
}

struct List<'a> {
    lexicon: &'a Lexicon,
    bullet: &'a Reading,
    lost: &'a [usize],
    gone: &'a [usize],
}

impl List<'_> {
    fn word(&self, at: usize) -> &str {
        self.bullet.tokens.get(at).map_or("", |token| token.lower.as_str())
    }

    fn tense(&self, at: usize) -> Option<Tense> {
        self.lexicon.verb(self.word(at)).map(|form| form.tense)
    }

    /// The place before this one, articles, owners and numbers apart: `two juniors and one trainee`.
    fn before(&self, at: usize) -> Option<usize> {
        let passes = |at: usize| {
            matches!(self.word(at), "the" | "a" | "an" | "its" | "their" | "one" | "new")
                || self.bullet.tokens.get(at).is_some_and(|token| self.bullet.quantity_at(token).is_some())
                || self.lost.contains(&at) && self.is_thing(at)
        };
        (0..at).rev().take(3).find(|at| !passes(*at))
    }

    /// Whether the rewrite tells the word that says something at or behind this place.
    fn is_told(&self, at: usize) -> bool {
        let says = |at: &usize| {
            self.bullet.tokens.get(*at).is_some_and(|token| token.is_word() && !self.lexicon.phrases().glue.has_word(&token.lower))
        };
        (at..at + 3).find(says).is_some_and(|at| !self.lost.contains(&at))
    }

    /// The content words from a place to the next word that joins, relates or ends.
    fn phrase(&self, first: usize) -> Vec<usize> {
        let ends = |at: &usize| {
            self.bullet.tokens.get(*at).is_none_or(|token| !token.is_word())
                || joins(self.word(*at))
                || relates(self.word(*at)) && *at > first
        };
        (first..self.bullet.tokens.len()).take_while(|at| !ends(at)).filter(|at| self.says(*at)).collect()
    }

    fn says(&self, at: usize) -> bool {
        let phrases = self.lexicon.phrases();
        self.bullet
            .tokens
            .get(at)
            .is_some_and(|token| token.is_word() && !phrases.glue.has_word(&token.lower) && !phrases.empty.has_word(&token.lower))
    }

    /// Whether every word of a phrase is lost, and one of them says something.
    fn all_lost(&self, phrase: &[usize]) -> bool {
        let vague = |at: &usize| self.lexicon.phrases().vague.has_word(self.word(*at));
        phrase.iter().any(|at| self.lost.contains(at)) && phrase.iter().all(|at| self.gone.contains(at) || vague(at))
    }

    /// `and wrote a manual for it`: a deed with its thing, neither of which is told.
    fn is_lost_deed(&self, at: usize) -> bool {
        let joined = at.checked_sub(1).is_some_and(|join| matches!(self.word(join), "and" | "then" | "&" | "," | ";"));
        let like = at.checked_sub(2).and_then(|before| self.tense(before)) == Some(Tense::Ing);
        let deed = match self.tense(at) {
            Some(Tense::Past | Tense::Third) => true,
            Some(Tense::Ing) => like,
            _ => false,
        };
        if !joined || !deed {
            return false;
        }
        let thing: Vec<usize> = self.phrase(at + 1);
        let gone = self.lost.contains(&at) || self.lexicon.phrases().light.has_word(self.word(at));
        gone && (self.all_lost(&thing) || like && self.lost.contains(&at))
    }

    /// `Kept reports correct while replacing triggers`: what was done at the same time is told, the deed is not.
    fn is_main_deed_lost(&self) -> bool {
        let Some(while_at) = (2..self.bullet.tokens.len()).find(|at| self.word(*at) == "while" && self.tense(at + 1) == Some(Tense::Ing))
        else {
            return false;
        };
        !self.gone.contains(&(while_at + 1)) && self.gone.first() == Some(&0) && self.lost.iter().filter(|at| **at < while_at).count() > 1
    }

    /// `with checksums verified`, `on a test server`: whom, what or where it was for.
    fn is_lost_complement(&self, at: usize) -> bool {
        let prep = matches!(self.word(at), "with" | "on" | "for" | "of" | "from" | "across" | "between" | "under" | "against");
        let phrase = if prep { self.phrase(at + 1) } else { return false };
        let joined = at.checked_sub(1).is_some_and(|join| matches!(self.word(join), "and" | "," | "&"));
        // `for printing labels` is a deed, `for the billing team` is none.
        let deed = phrase.first().is_some_and(|first| *first == at + 1 && self.tense(*first) == Some(Tense::Ing));
        (!deed || joined) && self.all_lost(&phrase)
    }

    /// An item that stands by itself: `chargebacks` of `refunds, chargebacks and payouts`, `clinics` of `the API for clinics`.
    fn is_item(&self, at: usize) -> bool {
        let before = self.before(at).map_or("", |before| self.word(before));
        let article = at.checked_sub(1).is_some_and(|one| self.before(at) != Some(one) && !self.lost.contains(&one));
        let after = self.word(at + 1);
        let ends = after.is_empty()
            || joins(after)
            || matches!(after, "." | ")" | "in" | "for" | "of" | "on" | "to" | "with" | "from" | "by" | "at" | "via" | "using");
        match self.tense(at) {
            // `wrote and deployed`: a deed of a list.
            Some(Tense::Past) => before == "and" && at > 1 && is_deed_of_its_own(self.lexicon, self.word(at)),
            // `request logging` is a thing, `logging requests` a deed.
            Some(Tense::Ing) => at.checked_sub(1).is_some_and(|one| self.is_thing(one) && !joins(self.word(one))) && joins(before) && ends,
            // `collecting changes, send to customers`: a deed told in the present.
            Some(Tense::Base) if before == "," && matches!(after, "to" | "the" | "a" | "it" | "them") => false,
            _ => {
                joins(before) && (ends || article)
                    || joins(after) && joins(before)
                    || matches!(before, "for" | "of" | "from" | "across" | "between") && ends
            }
        }
    }

    /// `dispute` of `refund and dispute endpoints`: the rewrite tells what stands on both sides of it.
    fn shares_head(&self, at: usize) -> bool {
        let Some(join) = at.checked_sub(1).filter(|join| matches!(self.word(*join), "and" | "or" | "&" | "/")) else { return false };
        let other = join.checked_sub(1).filter(|other| self.is_thing(*other));
        self.is_thing(at) && self.is_thing(at + 1) && self.is_told(at + 1) && other.is_some_and(|other| self.is_told(other))
    }

    /// `deadlocks` of `deadlocks and slow queries`: the rewrite tells only what is joined to it.
    fn is_first(&self, at: usize) -> bool {
        let joined = matches!(self.word(at + 1), "and" | "or" | "&" | "/");
        at > 0 && joined && self.is_thing(at) && self.is_thing(at + 2) && self.is_told(at + 2)
    }

    /// `Exposed` of `Ktor and Exposed`: written like the name that it is joined to.
    fn is_name(&self, at: usize) -> bool {
        let is_upper = |at: usize| self.bullet.tokens.get(at).is_some_and(|token| token.text.starts_with(char::is_uppercase));
        let other = at.checked_sub(2).filter(|_| joins(self.word(at - 1)));
        is_upper(at) && other.is_some_and(|other| is_upper(other) && self.bullet.technology_at(other).is_some())
    }

    fn is_thing(&self, at: usize) -> bool {
        let phrases = self.lexicon.phrases();
        self.bullet.tokens.get(at).is_some_and(|token| {
            token.is_word() && token.lower.len() > 2 && !phrases.glue.has_word(&token.lower) && !token.lower.ends_with("ly")
        }) && !matches!(self.tense(at), Some(Tense::Past | Tense::Ing))
    }
}

fn relates(word: &str) -> bool {
    matches!(
        word,
        "with"
            | "on"
            | "for"
            | "of"
            | "from"
            | "across"
            | "between"
            | "under"
            | "against"
            | "in"
            | "to"
            | "at"
            | "by"
            | "via"
            | "using"
            | "into"
            | "that"
            | "which"
            | "so"
            | "as"
            | "when"
            | "while"
            | "because"
            | "after"
            | "before"
            | "about"
            | "than"
    )
}

fn joins(word: &str) -> bool {
    matches!(word, "," | "and" | "or" | "/" | "&")
}

/// A deed that no other verb of a sentence tells along: who wrote a thing has not deployed it.
fn is_deed_of_its_own(lexicon: &Lexicon, word: &str) -> bool {
    lexicon.verb(word).is_some_and(|form| {
        form.verb.groups.iter().any(|group| matches!(group.as_str(), "ship" | "launch" | "test" | "monitor" | "automate" | "containerize"))
    })
}
