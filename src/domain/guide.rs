//! The guide as data: what gets a developer hired, skill by skill; read from TOML and checked once, when it is loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lexicon::Lexicon;
use super::slots::{MAX_SLOTS, Slot, SlotKind};
use super::text::{Folded, TokenKind, tokenize};

/// A guide as its file holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuideFile {
    /// The id that requests name.
    pub id: String,
    /// Whom the guide is for.
    pub title: String,
    /// The edition of the text it comes from.
    pub edition: String,
    /// What it is about.
    pub summary: String,
    /// Where its facts and figures come from.
    pub source: String,
    /// The card for bullets that show none of the skills.
    pub general: GeneralCard,
    /// The skills, most wanted first.
    pub skills: Vec<SkillEntry>,
    /// Groups of keywords that screening software looks for.
    #[serde(default)]
    pub keyword_groups: Vec<KeywordGroup>,
    /// Certifications, with a verdict.
    #[serde(default)]
    pub certifications: Vec<Certification>,
    /// Things to show that speak louder than a claim.
    #[serde(default)]
    pub portfolio_signals: Vec<PortfolioSignal>,
    /// Where to learn the skills.
    #[serde(default)]
    pub learning_sources: Vec<LearningSource>,
}

/// The card for bullets that show none of the skills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GeneralCard {
    /// Its name.
    pub name: String,
    /// What a weak bullet lacks.
    pub asks: Vec<Ask>,
}

/// One skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillEntry {
    /// The id that requests name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How much it is wanted.
    pub tier: Tier,
    /// What sort of skill it is.
    pub kind: SkillKind,
    /// What employers test.
    pub employers_test: String,
    /// What proves it.
    pub proof: String,
    /// How long it takes to acquire.
    pub time_to_acquire: String,
    /// Phrases typical of a weak bullet on it.
    pub weak_cues: Vec<String>,
    /// Phrases that show depth.
    pub strong_cues: Vec<String>,
    /// Phrases that look like this skill and are not.
    #[serde(default)]
    pub not_this: Vec<String>,
    /// The words it is known by.
    pub keywords: Vec<Keyword>,
    /// What a weak bullet on it lacks: one tool, one scale, one result.
    pub asks: Vec<Ask>,
    /// Pairs of a weak and a strong bullet.
    pub examples: Vec<Example>,
}

/// How much a skill is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Without it there is no offer.
    MustHave,
    /// It sets a candidate apart.
    NiceToHave,
    /// It is becoming expected.
    Emerging,
}

/// What sort of skill it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SkillKind {
    /// Knowledge.
    Technical,
    /// Command of a tool.
    Tool,
    /// A way of working.
    Methodology,
}

/// A word that a skill is known by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keyword {
    /// As it is written on a resume.
    pub term: String,
    /// Other ways to write it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// How surely it names the skill: 1 hints, 3 is enough alone, 5 leaves no doubt.
    #[schemars(range(min = 1, max = 5))]
    pub weight: u8,
}

/// Something a weak bullet lacks, as a clause with typed slots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// What is lacking.
    pub part: Part,
    /// For a tool: classes of technology; a bullet that names one of them lacks nothing.
    #[serde(default)]
    pub unless: Vec<String>,
    /// The clause to add, with `[label]` for every slot.
    pub clause: String,
    /// The slots of the clause, in order.
    pub slots: Vec<AskSlot>,
}

/// What a weak bullet can lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// With what it was done.
    Tool,
    /// How large it was.
    Scale,
    /// What came of it.
    Result,
}

/// One slot of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskSlot {
    /// The words between the brackets.
    pub label: String,
    /// What may be filled in.
    pub kind: SlotKind,
    /// The question that asks for it; holds no value.
    pub question: String,
}

/// A weak and a strong bullet, in slot form: nothing in it can be copied as a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Who made it.
    pub origin: Origin,
    /// The weak bullet.
    pub before: String,
    /// The strong one.
    pub after: String,
    /// The guide's weak bullet, for people to read; never shown to a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_before: Option<String>,
    /// The guide's strong bullet with its figures, in our words; for people to read, never shown to a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_after: Option<String>,
}

/// Who made an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// It retells one of the guide's own pairs.
    Guide,
    /// It was written for this product.
    Authored,
}

/// Keywords that screening software looks for, and where they belong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeywordGroup {
    /// Its name.
    pub name: String,
    /// The keywords.
    pub keywords: Vec<String>,
    /// Where on a resume they belong.
    pub where_on_resume: String,
    /// Why they matter.
    pub why: String,
}

/// A certification, with a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certification {
    /// Its name.
    pub name: String,
    /// Who grants it.
    pub issuer: String,
    /// Price of the exam in US dollars.
    pub price_usd: Amount,
    /// Hours of preparation, where the source gives any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prep_hours: Option<Range>,
    /// Whether it is worth it, in a word.
    pub verdict: String,
    /// For whom it is worth it.
    pub advice: String,
}

/// One number, or a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Amount {
    /// Exactly.
    Exact(u32),
    /// Between two numbers.
    Range(Range),
}

/// A range of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
}

/// Something to show that speaks louder than a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortfolioSignal {
    /// What to show.
    pub title: String,
    /// Why it works.
    pub why: String,
    /// How to make it.
    pub how_to_build: String,
}

/// Where to learn a skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LearningSource {
    /// Its title.
    pub title: String,
    /// Who made it.
    pub author: String,
    /// Book, documentation or course.
    pub kind: SourceKind,
    /// What it costs.
    pub cost: SourceCost,
    /// What it is.
    pub about: String,
    /// What it is best for.
    pub best_for: String,
    /// The skills it serves.
    #[serde(default)]
    pub skills: Vec<String>,
}

/// What sort of source it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// A book.
    Book,
    /// Reference text.
    Documentation,
    /// A course.
    Course,
}

/// What a source costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceCost {
    /// Nothing.
    Free,
    /// Something.
    Paid,
}

/// One fault of a guide file: where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideFault {
    /// The file.
    pub file: String,
    /// The key, such as `skills[3].asks[0].clause`.
    pub key: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl fmt::Display for GuideFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.key, self.reason)
    }
}

/// A guide that holds what it promises; only [`Guide::parse`] makes one.
#[derive(Debug)]
pub struct Guide {
    file: GuideFile,
}

impl Guide {
    /// Reads a guide file and checks it whole; every fault is told, not only the first.
    pub fn parse(file_name: &str, text: &str, lexicon: &Lexicon) -> Result<Self, Vec<GuideFault>> {
        let file = read(file_name, text).map_err(|fault| vec![fault])?;
        let mut faults = Faults { file: file_name, found: Vec::new() };
        lint(&file, lexicon, &mut faults);
        if faults.found.is_empty() { Ok(Self { file }) } else { Err(faults.found) }
    }

    /// The id that requests name.
    pub fn id(&self) -> &str {
        &self.file.id
    }

    /// All of it.
    pub const fn file(&self) -> &GuideFile {
        &self.file
    }

    /// The skills, in the guide's order.
    pub fn skills(&self) -> &[SkillEntry] {
        &self.file.skills
    }

    /// The skill of this id.
    pub fn skill(&self, id: &str) -> Option<&SkillEntry> {
        self.file.skills.iter().find(|skill| skill.id == id)
    }

    /// What a weak bullet on this skill lacks; the general card's asks without a skill.
    pub fn asks<'a>(&'a self, skill: Option<&'a SkillEntry>) -> &'a [Ask] {
        skill.map_or(&self.file.general.asks, |skill| &skill.asks)
    }
}

/// All loaded guides.
#[derive(Debug, Clone)]
pub struct Guides {
    by_id: BTreeMap<String, Arc<Guide>>,
    default: Arc<Guide>,
}

impl Guides {
    /// The guides of a service; the first is the default. `None` without any, `Err` with the id that two of them share.
    pub fn new(guides: Vec<Guide>) -> Option<Result<Self, String>> {
        let mut guides = guides.into_iter().map(Arc::new);
        let default = guides.next()?;
        let mut by_id = BTreeMap::from([(default.id().to_owned(), Arc::clone(&default))]);
        for guide in guides {
            if let Some(twin) = by_id.insert(guide.id().to_owned(), guide) {
                return Some(Err(twin.id().to_owned()));
            }
        }
        Some(Ok(Self { by_id, default }))
    }

    /// The guide of this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Guide>> {
        self.by_id.get(id)
    }

    /// The guide that is used when a request names none.
    pub const fn default_guide(&self) -> &Arc<Guide> {
        &self.default
    }

    /// All guides, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Guide>> {
        self.by_id.values()
    }
}

fn read(file_name: &str, text: &str) -> Result<GuideFile, GuideFault> {
    let fault = |key: String, error: &toml::de::Error| GuideFault {
        file: match error.span() {
            Some(span) => format!("{file_name}:{}", line_of(text, span.start)),
            None => file_name.to_owned(),
        },
        key,
        reason: error.message().replace('\n', " "),
    };
    let deserializer = toml::Deserializer::parse(text).map_err(|error| fault("(not TOML)".to_owned(), &error))?;
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let key = error.path().to_string();
        fault(key, error.inner())
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
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
        keyword_groups,
        certifications,
        portfolio_signals,
        learning_sources,
    } = file;
    lint_id("id", id, faults);
    for (key, text) in [("title", title), ("edition", edition), ("summary", summary), ("source", source)] {
        lint_text(key, text, faults);
    }
    lint_asks("general", &general.asks, lexicon, faults);
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
            if !ids.contains(skill.as_str()) {
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
        asks,
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
    lint_asks(key, asks, lexicon, faults);
    if examples.len() < 2 {
        faults.add(format!("{key}.examples"), "needs at least two pairs");
    }
    for (at, example) in examples.iter().enumerate() {
        lint_example(&format!("{key}.examples[{at}]"), example, lexicon, faults);
    }
}

fn lint_asks(key: &str, asks: &[Ask], lexicon: &Lexicon, faults: &mut Faults<'_>) {
    for part in [Part::Tool, Part::Scale, Part::Result] {
        if asks.iter().filter(|ask| ask.part == part).count() != 1 {
            faults.add(format!("{key}.asks"), format!("needs exactly one ask of part {part:?}").to_lowercase());
        }
    }
    let slots: usize = asks.iter().filter(|ask| ask.part != Part::Scale).map(|ask| ask.slots.len()).sum();
    if slots > MAX_SLOTS {
        faults.add(format!("{key}.asks"), format!("tool and result have {slots} slots together; {MAX_SLOTS} fit into one text"));
    }
    for (at, ask) in asks.iter().enumerate() {
        let key = format!("{key}.asks[{at}]");
        let labels: Vec<String> = labels(&ask.clause);
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

/// The labels of a clause, in order.
pub fn labels(clause: &str) -> Vec<String> {
    tokenize(&Folded::new(clause))
        .into_iter()
        .filter(|token| token.kind == TokenKind::Slot)
        .map(|token| token.text.trim_matches(['[', ']']).to_owned())
        .collect()
}

/// The slots of an ask, numbered from `first`.
pub fn slots_of(ask: &Ask, first: usize) -> impl Iterator<Item = Slot> {
    ask.slots.iter().enumerate().map(move |(at, slot)| Slot::new(first + at, slot.label.clone(), slot.kind, slot.question.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = include_str!("../../guides/backend-developer.toml");

    fn parse(text: &str) -> Result<Guide, Vec<GuideFault>> {
        Guide::parse("guide.toml", text, &Lexicon::embedded().expect("the embedded lists are sound"))
    }

    #[test]
    fn the_backend_guide_holds_all_fifteen_skills_and_every_list_of_its_source() {
        let guide = parse(GUIDE).expect("the guide is sound");
        let file = guide.file();
        let count = |tier| file.skills.iter().filter(|skill| skill.tier == tier).count();
        assert_eq!((count(Tier::MustHave), count(Tier::NiceToHave), count(Tier::Emerging)), (8, 5, 2));
        assert_eq!(file.keyword_groups.iter().map(|group| group.keywords.len()).collect::<Vec<_>>(), [10; 5]);
        assert_eq!((file.certifications.len(), file.portfolio_signals.len(), file.learning_sources.len()), (6, 4, 9));
        let told = file.skills.iter().flat_map(|skill| &skill.examples).filter(|example| example.origin == Origin::Guide).count();
        assert_eq!(told, 5);
    }

    #[test]
    fn a_fault_names_the_file_the_key_and_the_reason() {
        for (from, to, key, reason) in [
            ("tier = \"must-have\"", "tier = \"vital\"", "skills[0].tier", "unknown variant"),
            ("weight = 5", "weight = 9", "weight", "not between 1 and 5"),
            ("clause = \"with [cache tool]\"", "clause = \"with 2 [cache tool]\"", "clause", "digit"),
            ("Which cache did you use?", "Which cache, e.g. 5 Redis nodes?", "question", "hold no value"),
            ("id = \"caching\"", "id = \"auth\"", "id", "stands twice"),
            ("id = \"backend-developer\"", "id = \"Backend Developer\"", "id", "is not an id"),
            ("edition = ", "editon = ", "editon", "unknown field"),
        ] {
            let faults = parse(&GUIDE.replacen(from, to, 1)).expect_err(to);
            let told = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
            assert!(told.contains("guide.toml") && told.contains(key) && told.contains(reason), "{to}: {told}");
        }
    }

    #[test]
    fn no_example_in_slot_form_holds_a_figure_or_a_product() {
        let broken =
            GUIDE.replacen("before = \"Added caching to improve API performance.\"", "before = \"Added Redis to improve it by 40%.\"", 1);
        let told = parse(&broken).expect_err("a product and a figure").iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(told.contains("names `Redis`") && told.contains("holds a digit"), "{told}");
    }

    #[test]
    fn not_toml_at_all_is_a_fault_with_a_line() {
        let faults = parse("id = \"x\"\ntitle = ").expect_err("cut short");
        assert!(faults[0].file.starts_with("guide.toml:"), "{faults:?}");
    }
}
