//! Every form of every word of `WordNet`, with what it may be a form of: looked up once a word, and never worked out while the program runs.
//!
//! `forms.fst` maps a form to the place of its readings. A reading is five bytes: what kind of form it is, how often `WordNet`'s texts use the word so
//! (255 and more are 255), and the number of its lemma. `lemmas.bin` holds, for each lemma, the sets of synonyms it is in, the wider ones, and the
//! lemmas derived from it or that it is derived from.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;

/// The files that are made.
pub(crate) struct Prepared {
    /// From a form to the place of its readings.
    pub(crate) forms: Vec<u8>,
    /// The readings of all forms.
    pub(crate) readings: Vec<u8>,
    /// What is known of each lemma.
    pub(crate) lemmas: Vec<u8>,
}

/// Kinds of forms; `domain::english::dictionary` reads the same numbers.
mod kind {
    pub(super) const SINGULAR: u8 = 0;
    pub(super) const PLURAL: u8 = 1;
    pub(super) const BASE: u8 = 2;
    pub(super) const THIRD: u8 = 3;
    pub(super) const PAST: u8 = 4;
    pub(super) const PARTICIPLE: u8 = 5;
    pub(super) const GERUND: u8 = 6;
    pub(super) const ADJECTIVE: u8 = 7;
    pub(super) const GRADED: u8 = 8;
    pub(super) const ADVERB: u8 = 9;
}

/// Verbs whose past is their base form; `WordNet` lists only forms that differ.
const UNCHANGED: &[&str] = &[
    "bet",
    "broadcast",
    "burst",
    "bust",
    "cast",
    "cost",
    "cut",
    "fit",
    "forecast",
    "hit",
    "hurt",
    "input",
    "let",
    "offset",
    "overcast",
    "preset",
    "put",
    "quit",
    "read",
    "reread",
    "reset",
    "rid",
    "set",
    "shed",
    "shut",
    "slit",
    "split",
    "spread",
    "thrust",
    "typeset",
    "undercut",
    "upset",
];

struct Word<'a> {
    lemma: &'a str,
    /// How often `WordNet`'s texts use it as noun, verb, adjective and adverb; `None` where it is none.
    counts: [Option<u32>; 4],
    synsets: Vec<u16>,
    derived: Vec<&'a str>,
    /// The sets of synonyms that are one or two steps wider.
    wider: Vec<u16>,
}

/// Reads the two tables and lays them out for the program.
pub(crate) fn prepare(words: &str, irregular: &str) -> Result<Prepared, Box<dyn Error>> {
    let words: Vec<Word<'_>> = words.lines().map(word).collect::<Result<_, _>>()?;
    let numbers: HashMap<&str, u32> = words.iter().zip(0..).map(|(word, number)| (word.lemma, number)).collect();
    let mut irregular_forms: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
    for line in irregular.lines() {
        let mut fields = line.split('\t');
        let (form, part, lemma) = (fields.next(), fields.next(), fields.next());
        let (Some(form), Some(part), Some(lemma)) = (form, part, lemma) else { return Err(format!("forms.tsv: {line}").into()) };
        irregular_forms.entry((lemma, part)).or_default().push(form);
    }
    let mut readings: BTreeMap<String, Vec<(u8, u8, u32)>> = BTreeMap::new();
    for (word, number) in words.iter().zip(0..) {
        let irregular = |part| irregular_forms.get(&(word.lemma, part)).map_or(&[][..], Vec::as_slice);
        let mut add = |form: String, kind: u8, count: u32| {
            let found = readings.entry(form).or_default();
            let reading = (kind, u8::try_from(count).unwrap_or(u8::MAX), number);
            if !found.contains(&reading) {
                found.push(reading);
            }
        };
        let [noun, verb, adjective, adverb] = word.counts;
        if let Some(count) = noun {
            add(word.lemma.to_owned(), kind::SINGULAR, count);
            for form in plurals(word.lemma, irregular("n")) {
                add(form, kind::PLURAL, count);
            }
        }
        if let Some(count) = verb {
            for (form, kind) in verb_forms(word.lemma, irregular("v")) {
                add(form, kind, count);
            }
        }
        if let Some(count) = adjective {
            add(word.lemma.to_owned(), kind::ADJECTIVE, count);
            for form in graded(word.lemma, irregular("a")) {
                add(form, kind::GRADED, count);
            }
        }
        if let Some(count) = adverb {
            add(word.lemma.to_owned(), kind::ADVERB, count);
        }
    }
    let mut forms = fst::MapBuilder::memory();
    let mut laid_out = Vec::new();
    for (form, mut found) in readings {
        found.sort_by_key(|(kind, count, lemma)| (std::cmp::Reverse(*count), *kind, *lemma));
        forms.insert(form, u64::try_from(laid_out.len())?)?;
        laid_out.push(u8::try_from(found.len())?);
        for (kind, count, lemma) in found {
            laid_out.extend([kind, count]);
            laid_out.extend(lemma.to_le_bytes().into_iter().take(3));
        }
    }
    Ok(Prepared { forms: forms.into_inner()?, readings: laid_out, lemmas: lemmas(&words, &numbers)? })
}

fn word(line: &str) -> Result<Word<'_>, Box<dyn Error>> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [word, noun, verb, adjective, adverb, synsets, derived, wider] = fields.as_slice() else {
        return Err(format!("words.tsv: {line}").into());
    };
    let count = |field: &str| if field.is_empty() { Ok(None) } else { field.parse().map(Some) };
    Ok(Word {
        lemma: word,
        counts: [count(noun)?, count(verb)?, count(adjective)?, count(adverb)?],
        synsets: ids(synsets)?,
        wider: ids(wider)?,
        derived: derived.split(',').filter(|word| !word.is_empty()).collect(),
    })
}

fn ids(field: &str) -> Result<Vec<u16>, std::num::ParseIntError> {
    field.split(',').filter(|id| !id.is_empty()).map(str::parse).collect()
}

/// An index of places, then for each lemma: how many synonym sets, the sets, how many wider ones, these, how many derived lemmas, these.
fn lemmas(words: &[Word<'_>], numbers: &HashMap<&str, u32>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut index = Vec::new();
    let mut records = Vec::new();
    let start = words.len() * 4;
    for word in words {
        index.extend(u32::try_from(start + records.len())?.to_le_bytes());
        records.push(u8::try_from(word.synsets.len())?);
        word.synsets.iter().for_each(|id| records.extend(id.to_le_bytes()));
        records.push(u8::try_from(word.wider.len())?);
        word.wider.iter().for_each(|id| records.extend(id.to_le_bytes()));
        let derived: Vec<u32> = word.derived.iter().filter_map(|other| numbers.get(other).copied()).collect();
        records.push(u8::try_from(derived.len())?);
        for number in derived {
            records.extend(number.to_le_bytes());
        }
    }
    index.extend(records);
    Ok(index)
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// `y` behind a consonant becomes `ie`.
fn ends_in_consonant_y(word: &str) -> bool {
    word.ends_with('y') && word.chars().rev().nth(1).is_some_and(|before| !is_vowel(before))
}

fn with_s(word: &str) -> String {
    if ends_in_consonant_y(word) {
        return format!("{}ies", word.strip_suffix('y').unwrap_or(word));
    }
    let hisses = ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end));
    let behind_o = word.ends_with('o') && word.chars().rev().nth(1).is_some_and(|before| !is_vowel(before)) && word.len() < 6;
    if hisses || behind_o { format!("{word}es") } else { format!("{word}s") }
}

fn plurals(word: &str, irregular: &[&str]) -> Vec<String> {
    let mut forms: Vec<String> = irregular.iter().map(|form| (*form).to_owned()).collect();
    // `indices` does not forbid `indexes`.
    let only_irregular = matches!(word, "man" | "woman" | "child" | "person" | "foot" | "tooth" | "mouse" | "half" | "leaf" | "life");
    if !only_irregular {
        forms.push(with_s(word));
    }
    forms
}

fn verb_forms(word: &str, irregular: &[&str]) -> Vec<(String, u8)> {
    let mut forms = vec![(word.to_owned(), kind::BASE)];
    let third = match word {
        "have" => "has".to_owned(),
        "do" => "does".to_owned(),
        "be" => "is".to_owned(),
        _ => with_s(word),
    };
    forms.push((third, kind::THIRD));
    let gerund = irregular.iter().find(|form| form.ends_with("ing")).map_or_else(|| gerund(word), |form| (*form).to_owned());
    forms.push((gerund, kind::GERUND));
    let pasts: Vec<&str> = irregular.iter().copied().filter(|form| !form.ends_with("ing") && !form.ends_with('s')).collect();
    if UNCHANGED.contains(&word) {
        forms.extend([(word.to_owned(), kind::PAST), (word.to_owned(), kind::PARTICIPLE)]);
    } else if pasts.is_empty() {
        forms.extend([(regular_past(word), kind::PAST), (regular_past(word), kind::PARTICIPLE)]);
    } else {
        let is_participle = |form: &str| form.ends_with('n') || form.ends_with("ne") || form.contains('u') && !form.ends_with("ed");
        let (participles, others): (Vec<&str>, Vec<&str>) = match pasts.as_slice() {
            ["began", "begun"] => (vec!["begun"], vec!["began"]),
            ["ran"] => (vec!["run"], vec!["ran"]),
            ["came"] => (vec!["come"], vec!["came"]),
            ["became"] => (vec!["become"], vec!["became"]),
            [_] => (pasts.clone(), pasts.clone()),
            _ => pasts.iter().partition(|form| is_participle(form)),
        };
        let participles = if participles.is_empty() { others.clone() } else { participles };
        let others = if others.is_empty() { participles.clone() } else { others };
        forms.extend(others.iter().map(|form| ((*form).to_owned(), kind::PAST)));
        forms.extend(participles.iter().map(|form| ((*form).to_owned(), kind::PARTICIPLE)));
    }
    forms
}

fn gerund(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ie") {
        return format!("{stem}ying");
    }
    let keeps_e = ["ee", "oe", "ye"].iter().any(|end| word.ends_with(end));
    match word.strip_suffix('e').filter(|_| !keeps_e && word.len() > 2) {
        Some(stem) => format!("{stem}ing"),
        None => format!("{word}ing"),
    }
}

fn regular_past(word: &str) -> String {
    if word.ends_with('e') {
        return format!("{word}d");
    }
    if ends_in_consonant_y(word) {
        return format!("{}ied", word.strip_suffix('y').unwrap_or(word));
    }
    format!("{word}ed")
}

/// `larger`, `largest`; long adjectives take `more`.
fn graded(word: &str, irregular: &[&str]) -> Vec<String> {
    if !irregular.is_empty() {
        return irregular.iter().map(|form| (*form).to_owned()).collect();
    }
    if word.len() > 6 {
        return Vec::new();
    }
    let stem = if ends_in_consonant_y(word) {
        format!("{}i", word.strip_suffix('y').unwrap_or(word))
    } else {
        word.trim_end_matches('e').to_owned()
    };
    vec![format!("{stem}er"), format!("{stem}est")]
}
