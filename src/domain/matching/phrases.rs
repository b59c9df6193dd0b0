//! All spellings of a guide in one tree of words, so that a bullet is read once, whatever the number of skills.
//!
//! A spelling is a run of words; articles and the like between them do not matter (`designed the schema` is `designed schema`).
//! `one & other` is a pair: both have to stand in the bullet, anywhere.

use super::words::{Vocabulary, Word, WordId};

/// What a spelling means: a keyword of a field of work, or a phrase that is not of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It speaks for the field.
    Keyword {
        /// The field's position.
        field: usize,
        /// The keyword's position in the field.
        keyword: usize,
    },
    /// It looks like the field and is not: its words speak for nothing there.
    Not {
        /// The field's position.
        field: usize,
    },
}

impl Meaning {
    const fn field(self) -> usize {
        match self {
            Self::Keyword { field, .. } | Self::Not { field } => field,
        }
    }
}

/// A spelling found in a bullet: words `start..end`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) meaning: Meaning,
    /// Whether it is half of a pair, which is no spelling by itself.
    pub(super) pair: bool,
}

/// The tree.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// By word: the node that a spelling beginning with it leads to.
    roots: Vec<Option<usize>>,
    nodes: Vec<Node>,
    /// By word: the pairs it opens, with all their words.
    pairs: Vec<Vec<Pair>>,
}

#[derive(Debug, Default)]
struct Node {
    next: Vec<(WordId, usize)>,
    meanings: Vec<Meaning>,
}

#[derive(Debug)]
struct Pair {
    words: Vec<WordId>,
    meaning: Meaning,
}

impl Phrases {
    /// Takes in a spelling.
    pub(super) fn add(&mut self, spelling: &str, meaning: Meaning, vocabulary: &mut Vocabulary) {
        let words = vocabulary.learn(spelling);
        let Some((first, rest)) = words.split_first() else { return };
        self.make_room(vocabulary.len());
        if spelling.contains(" & ") {
            // `reports` and `report` are one word: a pair that is known under another spelling is no second reason.
            if let Some(pairs) = self.pairs.get_mut(first.0 as usize)
                && !pairs.iter().any(|known| known.words == words && known.meaning.field() == meaning.field())
            {
                pairs.push(Pair { words, meaning });
            }
            return;
        }
        let known = self.roots.get(first.0 as usize).copied().flatten();
        let mut at = known.unwrap_or_else(|| {
            let fresh = self.new_node();
            if let Some(root) = self.roots.get_mut(first.0 as usize) {
                *root = Some(fresh);
            }
            fresh
        });
        for word in rest {
            at = self.step(at, *word).unwrap_or_else(|| {
                let fresh = self.new_node();
                if let Some(node) = self.nodes.get_mut(at) {
                    node.next.push((*word, fresh));
                }
                fresh
            });
        }
        if let Some(node) = self.nodes.get_mut(at)
            && !node.meanings.iter().any(|known| known.field() == meaning.field())
        {
            node.meanings.push(meaning);
        }
    }

    /// Makes room for words that were learned elsewhere.
    pub(super) fn make_room(&mut self, words: usize) {
        self.roots.resize(self.roots.len().max(words), None);
        self.pairs.resize_with(self.pairs.len().max(words), Vec::new);
    }

    fn new_node(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    fn step(&self, node: usize, word: WordId) -> Option<usize> {
        self.nodes.get(node)?.next.iter().find(|(next, _)| *next == word).map(|(_, to)| *to)
    }

    /// Every spelling that stands in the words, in order of where it begins, longer ones first.
    pub(super) fn find(&self, words: &[Word], passed_over: impl Fn(&Word) -> bool) -> Vec<Found> {
        let mut found = Vec::new();
        for (start, word) in words.iter().enumerate() {
            let Some(id) = word.id else { continue };
            let first = found.len();
            self.walk(words, start, id, &passed_over, &mut found);
            if let Some(fresh) = found.get_mut(first..) {
                fresh.reverse();
            }
            for pair in self.pairs.get(id.0 as usize).into_iter().flatten() {
                if pair.words.iter().all(|wanted| words.iter().any(|word| word.id == Some(*wanted))) {
                    found.push(Found { start, end: start + 1, meaning: pair.meaning, pair: true });
                }
            }
        }
        found
    }

    fn walk(&self, words: &[Word], start: usize, first: WordId, passed_over: &impl Fn(&Word) -> bool, found: &mut Vec<Found>) {
        let Some(mut node) = self.roots.get(first.0 as usize).copied().flatten() else { return };
        let mut end = start + 1;
        loop {
            for meaning in self.nodes.get(node).into_iter().flat_map(|node| &node.meanings) {
                found.push(Found { start, end, meaning: *meaning, pair: false });
            }
            let next = loop {
                match words.get(end) {
                    Some(word) => match word.id.and_then(|id| self.step(node, id)) {
                        Some(next) => break Some(next),
                        None if passed_over(word) => end += 1,
                        None => break None,
                    },
                    None => break None,
                }
            };
            match next {
                Some(next) => (node, end) = (next, end + 1),
                None => return,
            }
        }
    }
}
