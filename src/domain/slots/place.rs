//! Where an answer will stand: the slot, and the words around it, so that an answer may repeat them and still read well.

use super::{Slot, SlotKind};
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, stem};
use crate::domain::text::{Folded, Token, TokenKind, tokenize};

/// One slot of a text.
pub(super) struct Place<'a> {
    pub(super) slot: &'a Slot,
    before: &'a [Token],
    behind: &'a [Token],
}

impl<'a> Place<'a> {
    /// The place of the slot that is the token at this position.
    pub(super) fn new(slot: &'a Slot, reading: &'a Reading, at: usize) -> Self {
        Self { slot, before: reading.tokens.get(..at).unwrap_or_default(), behind: reading.tokens.get(at + 1..).unwrap_or_default() }
    }

    /// The word right before the slot.
    pub(super) fn word_before(&self) -> &str {
        self.before.last().map_or("", |token| token.lower.as_str())
    }

    /// The answer without the words that the text says already: `from 140 ms` after `from`, `5 minutes of downtime` before `of downtime`.
    pub(super) fn without_echo(&self, answer: &str) -> String {
        let folded = Folded::new(answer);
        let tokens = tokenize(&folded);
        let length = tokens.len();
        let head = (1..length).rev().find(|count| {
            let said = self.before.len().checked_sub(*count).and_then(|first| self.before.get(first..));
            said.is_some_and(|said| same(said.iter(), tokens.iter().take(*count)))
        });
        let head = head.unwrap_or(0);
        // What is counted is compared word by word where counts are read.
        let names_nothing = self.slot.kind != SlotKind::Count;
        let tail = (1..length.saturating_sub(head))
            .rev()
            .filter(|_| names_nothing)
            .find(|count| self.behind.get(..*count).is_some_and(|said| same(said.iter(), tokens.iter().skip(length - count))));
        let kept = tokens.get(head..length - tail.unwrap_or(0)).unwrap_or_default();
        match (kept.first(), kept.last()) {
            (Some(first), Some(last)) => {
                let end = if tail.is_some() { last.end } else { folded.chars().len() };
                let start = if head == 0 { 0 } else { first.start };
                folded.slice(start, end).trim().to_owned()
            }
            _ => answer.to_owned(),
        }
    }

    /// The stems of the words right behind the slot that can name what it counts: `rows` behind `covering [row count]`.
    pub(super) fn counted(&self, lexicon: &Lexicon) -> Vec<String> {
        let named = |token: &&Token| token.is_word() && !lexicon.phrases().glue.has_word(&token.lower);
        self.behind.iter().take_while(named).take(4).map(|token| stem(&token.lower)).collect()
    }

    /// Whether the text before the slot says that something fell (`Some(true)`) or rose.
    pub(super) fn falls(&self, lexicon: &Lexicon) -> Option<bool> {
        direction(lexicon, self.before).map(|(_, falls)| falls)
    }
}

/// The last word of rise or fall before a place, not across a mark or another slot's clause; and whether it falls.
pub(super) fn direction<'a>(lexicon: &Lexicon, before: &'a [Token]) -> Option<(&'a Token, bool)> {
    const REACH: usize = 10;
    let phrases = lexicon.phrases();
    before.iter().rev().take(REACH).take_while(|token| token.kind != TokenKind::Mark).find_map(|token| {
        let root = stem(&token.lower);
        let falls = phrases.is_decrease(&root);
        (falls != phrases.is_increase(&root)).then_some((token, falls))
    })
}

fn same<'t>(one: impl Iterator<Item = &'t Token>, other: impl Iterator<Item = &'t Token>) -> bool {
    one.zip(other).all(|(one, other)| one.lower == other.lower || (one.is_word() && stem(&one.lower) == stem(&other.lower)))
}
