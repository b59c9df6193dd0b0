//! What a guide file must hold to before anything is said in its name; every fault is told.

use std::collections::BTreeSet;

use super::file::{Amount, Ask, AskSlot, Example, GeneralCard, GuideFile, Keyword, Origin, Part, Signs, SkillEntry};
use super::{GuideFault, labels};
use crate::domain::lexicon::Lexicon;
use crate::domain::slots::MAX_SLOTS;
use crate::domain::text::{Folded, tokenize};

/// Every fault of a guide.
pub(super) fn faults(file_name: &str, file: &GuideFile, lexicon: &Lexicon) -> Vec<GuideFault> {
    let mut faults = Faults { file: file_name, found: Vec::new() };
    lint(file, lexicon, &mut faults);
    faults.found
}

struct Faults<'a> {
    file: &'a str,
    found: Vec<GuideFault>,
}

impl Faults<'_> {
    fn add(&mut self, key: impl Into<String>, reason: impl Into<String>) {
        self.found.push(GuideFault { file: self.file.to_owned(), key: key.into(), reason: reason.into() });
    }
}

fn lint(file: &GuideFile, lexicon: &Lexicon, faults: &mut Faults<'_>) {
    let GuideFile {
        id,
        title,
        edition,
        summary,
        source,
        general,
        skills,
        other_fields,
        keyword_groups,
        certifications,
        portfolio_signals,
        learning_sources,
    } = file;
    lint_id("id", id, faults);
    for (key, text) in [("title", title), ("edition", edition), ("summary", summary), ("source", source)] {
        lint_text(key, text, faults);
    }
    lint_general(general, lexicon, faults);
    if skills.is_empty() {
        faults.add("skills", "a guide needs at least one skill");
    }
    let mut ids = BTreeSet::new();
    for (at, skill) in skills.iter().enumerate() {
        let key = format!("skills[{at}]");
        if !ids.insert(skill.id.as_str()) {
            faults.add(format!("{key}.id"), format!("`{}` stands twice; give each skill an id of its own", skill.id));
        }
        lint_skill(&key, skill, lexicon, faults);
    }
    for (at, field) in other_fields.iter().enumerate() {
        let key = format!("other_fields[{at}]");
        if !ids.insert(field.id.as_str()) {
            faults.add(format!("{key}.id"), format!("`{}` stands twice; give each field an id of its own", field.id));
        }
        lint_id(&format!("{key}.id"), &field.id, faults);
        lint_text(&format!("{key}.name"), &field.name, faults);
        lint_signs(&key, &[], &field.signs, faults);
    }
    for (at, group) in keyword_groups.iter().enumerate() {
        if group.keywords.is_empty() {
            faults.add(format!("keyword_groups[{at}].keywords"), "a group needs at least one keyword");
        }
        lint_text(&format!("keyword_groups[{at}].name"), &group.name, faults);
    }
    for (at, certification) in certifications.iter().enumerate() {
        let price = match certification.price_usd {
            Amount::Range(range) => Some(range),
            Amount::Exact(_) => None,
        };
        for (field, range) in [("price_usd", price), ("prep_hours", certification.prep_hours)] {
            if range.is_some_and(|range| range.min > range.max) {
                faults.add(format!("certifications[{at}].{field}"), "`min` is larger than `max`");
            }
        }
    }
    for (at, signal) in portfolio_signals.iter().enumerate() {
        lint_text(&format!("portfolio_signals[{at}].title"), &signal.title, faults);
    }
    for (at, learning) in learning_sources.iter().enumerate() {
        for skill in &learning.skills {
            if !skills.iter().any(|known| known.id == *skill) {
                faults.add(format!("learning_sources[{at}].skills"), format!("`{skill}` is not a skill of this guide"));
            }
        }
    }
}

fn lint_id(key: &str, id: &str, faults: &mut Faults<'_>) {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || !id.chars().all(good) {
        faults.add(key, format!("`{id}` is not an id; use lower-case letters, digits and hyphens"));
    }
}

fn lint_text(key: &str, text: &str, faults: &mut Faults<'_>) {
    if text.trim().is_empty() {
        faults.add(key, "is empty");
    }
}

fn lint_skill(key: &str, skill: &SkillEntry, lexicon: &Lexicon, faults: &mut Faults<'_>) {
    let SkillEntry {
        id,
        name,
        tier: _,
        kind: _,
        employers_test,
        proof,
        time_to_acquire,
        weak_cues,
        strong_cues,
        not_this: _,
        keywords,
        signs,
        asks,
        more_asks,
        examples,
    } = skill;
    lint_id(&format!("{key}.id"), id, faults);
    for (field, text) in [("name", name), ("employers_test", employers_test), ("proof", proof), ("time_to_acquire", time_to_acquire)] {
        lint_text(&format!("{key}.{field}"), text, faults);
    }
    for (field, cues) in [("weak_cues", weak_cues), ("strong_cues", strong_cues)] {
        if cues.is_empty() {
            faults.add(format!("{key}.{field}"), "needs at least one phrase");
        }
    }
    lint_keywords(key, keywords, faults);
    lint_signs(key, keywords, signs, faults);
    lint_asks(key, asks, &[Part::Tool, Part::Scale, Part::Result], lexicon, faults);
    for (at, ask) in more_asks.iter().enumerate() {
        let key = format!("{key}.more_asks[{at}]");
        if ask.when.is_empty() && ask.part != Part::Detail {
            faults.add(format!("{key}.when"), "is empty; name the words of a bullet that is asked this way");
        }
        lint_ask(&key, ask, lexicon, faults);
    }
    lint_labels(key, asks.iter().chain(more_asks), faults);
    if examples.len() < 2 {
        faults.add(format!("{key}.examples"), "needs at least two pairs");
    }
    for (at, example) in examples.iter().enumerate() {
        lint_example(&format!("{key}.examples[{at}]"), example, lexicon, faults);
    }
}

fn lint_keywords(key: &str, keywords: &[Keyword], faults: &mut Faults<'_>) {
    if keywords.is_empty() {
        faults.add(format!("{key}.keywords"), "needs at least one keyword");
    }
    let mut spellings = BTreeSet::new();
    for (at, keyword) in keywords.iter().enumerate() {
        if !(1..=5).contains(&keyword.weight) {
            faults.add(format!("{key}.keywords[{at}].weight"), format!("{} is not between 1 and 5", keyword.weight));
        }
        for spelling in keyword.aliases.iter().chain([&keyword.term]) {
            if !spellings.insert(spelling.to_lowercase()) {
                faults.add(format!("{key}.keywords[{at}]"), format!("`{spelling}` stands twice in this skill"));
            }
        }
    }
}

fn lint_signs(key: &str, keywords: &[Keyword], signs: &[Signs], faults: &mut Faults<'_>) {
    let mut spellings: BTreeSet<String> =
        keywords.iter().flat_map(|keyword| keyword.aliases.iter().chain([&keyword.term])).map(|spelling| spelling.to_lowercase()).collect();
    for (at, group) in signs.iter().enumerate() {
        let key = format!("{key}.signs[{at}]");
        if !(1..=5).contains(&group.weight) {
            faults.add(format!("{key}.weight"), format!("{} is not between 1 and 5", group.weight));
        }
        for word in &group.words {
            lint_text(&format!("{key}.words"), word, faults);
            if !spellings.insert(word.to_lowercase()) {
                faults.add(format!("{key}.words"), format!("`{word}` stands twice in this field"));
            }
        }
    }
}

fn lint_asks(key: &str, asks: &[Ask], needed: &[Part], lexicon: &Lexicon, faults: &mut Faults<'_>) {
    for part in needed {
        if asks.iter().filter(|ask| ask.part == *part).count() != 1 {
            faults.add(format!("{key}.asks"), format!("needs exactly one ask of part {part:?}").to_lowercase());
        }
    }
    let slots: usize = asks.iter().filter(|ask| ask.part != Part::Scale).map(|ask| ask.slots.len()).sum();
    if slots > MAX_SLOTS {
        faults.add(format!("{key}.asks"), format!("tool and result have {slots} slots together; {MAX_SLOTS} fit into one text"));
    }
    for (at, ask) in asks.iter().enumerate() {
        lint_ask(&format!("{key}.asks[{at}]"), ask, lexicon, faults);
    }
}

/// One label is one question, whichever clause holds it.
fn lint_labels<'a>(key: &str, asks: impl Iterator<Item = &'a Ask>, faults: &mut Faults<'_>) {
    let mut known: Vec<&AskSlot> = Vec::new();
    for slot in asks.flat_map(|ask| &ask.slots) {
        if known.iter().any(|other| other.label == slot.label && other.kind != slot.kind) {
            faults.add(format!("{key}.asks"), format!("[{}] stands for two kinds of answer", slot.label));
        }
        known.push(slot);
    }
}

fn lint_general(general: &GeneralCard, lexicon: &Lexicon, faults: &mut Faults<'_>) {
    // A size that fits every kind of work cannot be named, so the general card need not ask for one.
    lint_asks("general", &general.asks, &[Part::Tool, Part::Result], lexicon, faults);
    for (at, example) in general.examples.iter().enumerate() {
        lint_example(&format!("general.examples[{at}]"), example, lexicon, faults);
    }
    let mut ids = BTreeSet::new();
    for (at, kind) in general.kinds.iter().enumerate() {
        let key = format!("general.kinds[{at}]");
        lint_id(&format!("{key}.id"), &kind.id, faults);
        if !ids.insert(kind.id.as_str()) {
            faults.add(format!("{key}.id"), format!("`{}` stands twice; give each kind of work an id of its own", kind.id));
        }
        if kind.cues.is_empty() != (at + 1 == general.kinds.len()) {
            faults.add(format!("{key}.cues"), "the last kind, and no other, is for the rest and has no cues");
        }
        for (at, ask) in kind.asks.iter().enumerate() {
            lint_ask(&format!("{key}.asks[{at}]"), ask, lexicon, faults);
        }
        lint_labels(&key, kind.asks.iter(), faults);
    }
}

fn lint_ask(key: &str, ask: &Ask, lexicon: &Lexicon, faults: &mut Faults<'_>) {
    {
        let labels: Vec<String> = labels(&ask.clause);
        for (field, words) in [("when", &ask.when), ("never", &ask.never)] {
            if words.iter().any(|word| word.trim().len() < 2 || *word != word.to_lowercase()) {
                faults.add(format!("{key}.{field}"), "words stand in lower case, and are no single letters");
            }
        }
        if ask.slots.len() > MAX_SLOTS {
            faults.add(format!("{key}.slots"), format!("more than {MAX_SLOTS} slots"));
        }
        if labels.is_empty() || !labels.iter().eq(ask.slots.iter().map(|slot| &slot.label)) {
            faults.add(format!("{key}.slots"), format!("the labels must be those of the clause, in order: {}", labels.join(", ")));
        }
        if has_digit(&ask.clause) {
            faults.add(format!("{key}.clause"), "holds a digit; a clause may not carry a figure");
        }
        for class in &ask.unless {
            if !lexicon.knows_class(class) {
                faults.add(format!("{key}.unless"), format!("`{class}` is not a class of technologies"));
            }
        }
        for (at, slot) in ask.slots.iter().enumerate() {
            if has_digit(&slot.question) || !slot.question.ends_with('?') {
                faults.add(format!("{key}.slots[{at}].question"), "must end in a question mark and hold no value");
            }
        }
    }
}

fn lint_example(key: &str, example: &Example, lexicon: &Lexicon, faults: &mut Faults<'_>) {
    for (field, text) in [("before", &example.before), ("after", &example.after)] {
        let key = format!("{key}.{field}");
        lint_text(&key, text, faults);
        if has_digit(text) {
            faults.add(&key, "holds a digit; examples reach the model in slot form only");
        }
        for hit in lexicon.technologies_in(&tokenize(&Folded::new(text))) {
            if !lexicon.is_generic(hit.id) {
                faults.add(&key, format!("names `{}`; examples reach the model in slot form only", lexicon.display(hit.id)));
            }
        }
        if labels(text).len() > MAX_SLOTS {
            faults.add(&key, format!("has more than {MAX_SLOTS} slots"));
        }
    }
    let told = example.source_before.is_some() && example.source_after.is_some();
    if (example.origin == Origin::Guide) != told {
        faults.add(key, "`source_before` and `source_after` belong to examples of origin `guide`, and only to them");
    }
}

fn has_digit(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}
