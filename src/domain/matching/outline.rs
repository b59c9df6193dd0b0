//! What part of a bullet each word stands in: the deed and its object, the means, the purpose, the outcome, or a list.
//!
//! The rules of labelling say that the most specific claim decides, else the main verb's object, and that a list of tools shows a skill only
//! when the skill holds about half of it. So a word of the object counts in full, one of the purpose less, one of a mixed list least.

use super::words::{Ending, Mark, Vocabulary, Word, WordId};

/// The longest item of a list, in words.
const ITEM: usize = 3;
/// The fewest items that make a list.
const LIST: usize = 3;

/// The last place, in words, where `with`, `on`, `for` still belong to the opening verb.
const OPENER: usize = 2;

/// The parts of a bullet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The deed and its object.
    Object,
    /// With what it was done: after `using`, `with`, `in`.
    Means,
    /// What it was for: after `for`, `to`.
    Purpose,
    /// What came of it: after a comma and `-ing`, after `which`.
    Outcome,
}

/// Where one word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The part.
    pub(super) part: Part,
    /// The list and the item of it.
    pub(super) item: Option<(usize, usize)>,
}

/// The places of all words, and how many items every list has.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// One for each word.
    pub(super) places: Vec<Place>,
    /// The number of items of each list.
    pub(super) lists: Vec<usize>,
}

/// The function words that shape a bullet.
#[derive(Debug)]
pub(super) struct Signals {
    by_word: Vec<Option<Signal>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signal {
    Means,
    Purpose,
    Outcome,
    And,
    PassedOver,
}

const SIGNALS: &[(Signal, &[&str])] = &[
    (
        Signal::Means,
        &[
            "using",
            "with",
            "via",
            "by",
            "through",
            "in",
            "on",
            "into",
            "from",
            "leveraging",
            "utilizing",
            "utilising",
            "including",
            "like",
            "such",
        ],
    ),
    (Signal::Purpose, &["for", "to", "so", "against"]),
    (Signal::Outcome, &["which", "that", "resulting", "leading", "thereby", "while"]),
    (Signal::And, &["and", "or", "plus"]),
    (
        Signal::PassedOver,
        &["the", "a", "an", "of", "our", "my", "their", "its", "new", "various", "several", "multiple", "different", "existing"],
    ),
];

impl Signals {
    /// Takes the function words into the vocabulary.
    pub(super) fn learn(vocabulary: &mut Vocabulary) -> Self {
        let mut by_word = Vec::new();
        for (signal, words) in SIGNALS {
            for WordId(id) in words.iter().flat_map(|word| vocabulary.learn(word)) {
                let at = id as usize;
                by_word.resize(by_word.len().max(at + 1), None);
                if let Some(entry) = by_word.get_mut(at) {
                    *entry = Some(*signal);
                }
            }
        }
        Self { by_word }
    }

    /// Whether a word may stand inside of a spelling without mattering.
    pub(super) fn passed_over(&self, word: &Word) -> bool {
        self.of(word) == Some(Signal::PassedOver)
    }

    fn of(&self, word: &Word) -> Option<Signal> {
        self.by_word.get(word.id?.0 as usize).copied().flatten()
    }

    /// Finds the parts and the lists of a bullet.
    pub(super) fn outline(&self, words: &[Word]) -> Outline {
        let mut outline = Outline { places: Vec::with_capacity(words.len()), lists: Vec::new() };
        let mut part = Part::Object;
        let mut items: Vec<Item> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let signal = self.of(word);
            let parted = word.before >= Mark::Comma
                || at.checked_sub(1).and_then(|last| words.get(last)).is_some_and(|last| self.of(last) == Some(Signal::And));
            // `, reducing errors` tells an outcome; in `logging, tracing and alerting` the same form is an item of a list.
            let takes_object = words.get(at + 1).is_some_and(|next| next.before == Mark::Space && self.of(next) != Some(Signal::And));
            let outcome = word.before == Mark::Comma && word.ending == Ending::Ing && takes_object;
            part = match signal {
                // `Worked with X`, `Responsible for X`: what a weak opener takes is the object.
                Some(Signal::Means | Signal::Purpose) if at <= OPENER => Part::Object,
                Some(Signal::Means) => Part::Means,
                Some(Signal::Purpose) => Part::Purpose,
                Some(Signal::Outcome) => Part::Outcome,
                _ if word.before == Mark::Stop || (parted && word.ending == Ending::Ed) => Part::Object,
                _ if outcome => Part::Outcome,
                _ => part,
            };
            outline.places.push(Place { part, item: None });
            let opens = outcome || (part == Part::Object && (parted || at == 0) && word.ending == Ending::Ed);
            itemize(&mut items, at, word, if opens { Some(Signal::Means) } else { signal });
        }
        number_lists(&items, &mut outline);
        outline
    }
}

/// A run of words between two separators.
#[derive(Debug, Clone, Copy)]
struct Item {
    start: usize,
    end: usize,
    /// Whether a comma, a slash or `and` parts it from the item before.
    follows: bool,
}

fn itemize(items: &mut Vec<Item>, at: usize, word: &Word, signal: Option<Signal>) {
    let continues = match (word.before, signal) {
        (_, Some(Signal::Means | Signal::Purpose | Signal::Outcome)) => {
            // The signal itself is in no item, and the next word begins a new list.
            items.push(Item { start: at + 1, end: at + 1, follows: false });
            return;
        }
        (_, Some(Signal::And)) => {
            items.push(Item { start: at + 1, end: at + 1, follows: true });
            return;
        }
        (Mark::Comma | Mark::Slash, _) => items.last().is_some_and(|last| last.end == last.start && last.follows),
        (Mark::Stop, _) => {
            items.push(Item { start: at, end: at, follows: false });
            true
        }
        (Mark::Space, _) => true,
    };
    if !continues {
        items.push(Item { start: at, end: at, follows: true });
    }
    if let Some(last) = items.last_mut() {
        last.end = at + 1;
    }
}

fn number_lists(items: &[Item], outline: &mut Outline) {
    let mut rest = items;
    while let Some((first, others)) = rest.split_first() {
        let fits = |item: &&Item| item.follows && item.end - item.start <= ITEM;
        let more = others.iter().take_while(fits).count();
        // The first item may open with the verb; only its end belongs to the list.
        let opened = Item { start: first.end.saturating_sub(ITEM).max(first.start), ..*first };
        let list: Vec<Item> =
            std::iter::once(opened).chain(others.iter().take(more).copied()).filter(|item| item.end > item.start).collect();
        if list.len() >= LIST {
            let number = outline.lists.len();
            outline.lists.push(list.len());
            for (position, item) in list.iter().enumerate() {
                for place in outline.places.get_mut(item.start..item.end).into_iter().flatten() {
                    place.item = Some((number, position));
                }
            }
        }
        rest = others.get(more..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str) -> (Vec<Word>, Outline) {
        let mut vocabulary = Vocabulary::default();
        let signals = Signals::learn(&mut vocabulary);
        let words = vocabulary.cut(text);
        let outline = signals.outline(&words);
        (words, outline)
    }

    #[test]
    fn a_bullet_has_an_object_means_a_purpose_and_an_outcome() {
        use Part::{Means, Object, Outcome, Purpose};
        let (_, outline) = outline("Built the importers in Go for clients, reducing errors and added retries");
        let parts: Vec<Part> = outline.places.iter().map(|place| place.part).collect();
        assert_eq!(parts, [Object, Object, Object, Means, Means, Purpose, Purpose, Outcome, Outcome, Outcome, Object, Object]);
    }

    #[test]
    fn three_short_items_make_a_list_and_a_marker_ends_it() {
        let (words, outline) = outline("Worked on Java, Spring Boot, Kafka/Redis and Docker for banks");
        assert_eq!(outline.lists, [5]);
        let listed = outline.places.iter().filter(|place| place.item.is_some()).count();
        assert_eq!((listed, words.len()), (6, 11));
        let (_, pair) = self::outline("Added logs and metrics to the importer");
        assert!(pair.lists.is_empty());
    }
}
