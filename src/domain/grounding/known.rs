//! What the words of the evidence are, looked up by letters, by word and by meaning; made once for an evidence, however many texts are compared.

use rustc_hash::FxHashMap;

use crate::domain::english::{Lemma, Part, VerbForm};
use crate::domain::facts::Reading;
use crate::domain::lexicon::Lexicon;
use crate::domain::text::TokenKind;

/// A token of the evidence: the number of its text, 0 for the bullet, and of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    /// 0 for the bullet, then the facts.
    pub(super) text: usize,
    /// The token.
    pub(super) at: usize,
}

/// The words of the evidence.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    by_lower: FxHashMap<String, Vec<Place>>,
    by_lemma: FxHashMap<Lemma, Vec<Place>>,
    /// Words, and two or three words side by side, by their letters alone: `sub-queries` and `subqueries`.
    by_letters: FxHashMap<String, (Place, usize)>,
    /// Words that no dictionary knows, which may be misspelt.
    misspelt: Vec<(String, Place)>,
    /// Verbs that are deeds, by their base form, each once.
    verbs: FxHashMap<String, Vec<Place>>,
    /// Each word of the open classes once, with its part of speech.
    lemmas: Vec<(Lemma, Part)>,
    /// Short forms and what they stand for, by their rows.
    short: FxHashMap<usize, Vec<Place>>,
}

/// The shortest word that can be misspelt: shorter ones are codes.
const SPELT: usize = 4;

impl Known {
    /// Reads the words of these texts.
    pub(super) fn new<'a>(lexicon: &Lexicon, texts: impl Iterator<Item = &'a Reading>) -> Self {
        let mut known = Self::default();
        for (text, reading) in texts.enumerate() {
            for hit in lexicon.wording().short.find(&reading.tokens) {
                known.short.entry(hit.row).or_default().extend((hit.first..hit.end).map(|at| Place { text, at }));
            }
            for (at, token) in reading
                .tokens
                .iter()
                .enumerate()
                .filter(|(_, token)| token.is_word() || matches!(token.kind, TokenKind::Link | TokenKind::Code))
            {
                known.add(lexicon, reading, Place { text, at }, &token.lower);
            }
        }
        known
    }

    fn add(&mut self, lexicon: &Lexicon, reading: &Reading, place: Place, lower: &str) {
        let Some(word) = reading.english.words.get(place.at) else { return };
        self.by_lower.entry(lower.to_owned()).or_default().push(place);
        let mut letters = String::new();
        for (count, token) in reading.tokens.iter().skip(place.at).take(3).take_while(|token| token.is_word()).enumerate() {
            letters.extend(token.lower.chars().filter(|c| c.is_alphanumeric()));
            self.by_letters.entry(letters.clone()).or_insert((place, count + 1));
        }
        if !is_open(word.part) {
            return;
        }
        let places = self.by_lemma.entry(word.lemma).or_default();
        if places.is_empty() {
            self.lemmas.push((word.lemma, word.part));
        }
        places.push(place);
        if matches!(word.part, Part::Verb(_))
            && let Some(form) = lexicon.verb(lower)
        {
            self.verbs.entry(form.verb.base.clone()).or_default().push(place);
        }
        let is_plain = lower.len() >= SPELT && lower.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_plain && !lexicon.dictionary().knows(lower) && reading.technology_at(place.at).is_none() && lexicon.verb(lower).is_none() {
            self.misspelt.push((lower.to_owned(), place));
        }
    }

    /// The places of a form in lower case.
    pub(super) fn same(&self, lower: &str) -> &[Place] {
        self.by_lower.get(lower).map_or(&[], Vec::as_slice)
    }

    /// The places of all forms of a word.
    pub(super) fn forms(&self, lemma: Lemma) -> &[Place] {
        self.by_lemma.get(&lemma).map_or(&[], Vec::as_slice)
    }

    /// The place of the same letters, whatever stands between them, and how many words they are there.
    pub(super) fn letters(&self, letters: &str) -> Option<(Place, usize)> {
        self.by_letters.get(letters).copied()
    }

    /// The place of a compound that holds this part: `role` of `role-based`.
    pub(super) fn part(&self, part: &str) -> Option<Place> {
        let holds = |(known, _): &(&String, &Vec<Place>)| known.contains('-') && known.split('-').any(|other| other == part);
        self.by_lower.iter().find(holds).and_then(|(_, places)| places.first().copied())
    }

    /// The place of a word that is this one misspelt.
    pub(super) fn misspelt(&self, lower: &str) -> Option<Place> {
        if lower.len() < SPELT || !lower.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        // A longer word may hold more faults: one in four letters, where the beginning agrees.
        let most = match lower.len() {
            ..8 => 1,
            8..10 => 2,
            _ => 3,
        };
        let first = lower.bytes().next();
        self.misspelt
            .iter()
            .find(|(known, _)| known.bytes().next() == first && known.len().abs_diff(lower.len()) <= most && distance(known, lower) <= most)
            .map(|(_, place)| *place)
    }

    /// The places of verbs, or of their nouns, that this verb may stand for: of the same meaning, and claiming no less.
    pub(super) fn verbs(&self, lexicon: &Lexicon, lower: &str) -> Vec<Place> {
        let Some(said) = lexicon.verb(lower) else { return Vec::new() };
        let stands = |base: &String| lexicon.verb(base).is_some_and(|meant| lexicon.may_stand_for(said.verb, meant.verb));
        self.verbs.iter().filter(|(base, _)| stands(base)).flat_map(|(_, places)| places.iter().copied()).collect()
    }

    /// The places of words that a short form stands for, or of the short form, by its row.
    pub(super) fn short(&self, row: usize) -> &[Place] {
        self.short.get(&row).map_or(&[], Vec::as_slice)
    }

    /// The places of narrower words in the same part of speech.
    pub(super) fn narrower(&self, lexicon: &Lexicon, lemma: Lemma, part: Part) -> Vec<Place> {
        let same = |known: &&(Lemma, Part)| alike(known.1, part) && lexicon.dictionary().is_wider(lemma, known.0);
        self.lemmas.iter().filter(same).flat_map(|(known, _)| self.forms(*known).iter().copied()).collect()
    }

    /// The places of words that are derived from this one, or that it is derived from.
    pub(super) fn derived(&self, lexicon: &Lexicon, lemma: Lemma) -> Vec<Place> {
        let related = |known: &&(Lemma, Part)| lexicon.dictionary().are_related(known.0, lemma);
        self.lemmas.iter().filter(related).flat_map(|(known, _)| self.forms(*known).iter().copied()).collect()
    }

    /// The places of synonyms in the same part of speech.
    pub(super) fn synonyms(&self, lexicon: &Lexicon, lemma: Lemma, part: Part) -> Vec<Place> {
        let same = |known: &&(Lemma, Part)| alike(known.1, part) && lexicon.dictionary().are_synonyms(known.0, lemma);
        self.lemmas.iter().filter(same).flat_map(|(known, _)| self.forms(*known).iter().copied()).collect()
    }
}

/// Words of the open classes carry content; the others join it.
pub(super) const fn is_open(part: Part) -> bool {
    matches!(part, Part::Noun | Part::Name | Part::Verb(_) | Part::Adjective | Part::Adverb)
}

const fn alike(one: Part, other: Part) -> bool {
    matches!(
        (one, other),
        (Part::Noun | Part::Name, Part::Noun | Part::Name)
            | (Part::Verb(_), Part::Verb(_))
            | (Part::Adverb, Part::Adverb)
            | (Part::Adjective | Part::Verb(VerbForm::Participle), Part::Adjective | Part::Verb(VerbForm::Participle))
    )
}

/// How many letters have to be put in, left out, changed or exchanged with the next one (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, known) in other.iter().enumerate() {
            let at = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX - 2);
            let mut best = (at(&last, column) + usize::from(letter != known)).min(at(&last, column + 1) + 1).min(at(&now, column) + 1);
            let swapped = row > 0 && column > 0 && one.get(row - 1) == Some(known) && other.get(column - 1) == Some(letter);
            if swapped {
                best = best.min(at(&before_last, column - 1) + 1);
            }
            now.push(best);
        }
        before_last = std::mem::replace(&mut last, now);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn a_letter_more_less_other_or_exchanged_is_one_step() {
        for (one, other, steps) in [
            ("managment", "management", 1),
            ("writen", "written", 1),
            ("recieved", "received", 1),
            ("querys", "queries", 2),
            ("same", "same", 0),
        ] {
            assert_eq!(distance(one, other), steps, "{one} {other}");
        }
    }
}
