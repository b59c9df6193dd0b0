//! The shapes of a guide file, and how its text is read into them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::GuideFault;
use crate::domain::slots::SlotKind;

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
    /// Fields of work that are none of the skills, known by their words so that their bullets are not taken for a skill.
    #[serde(default)]
    pub other_fields: Vec<OtherField>,
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
    /// Kinds of work that are none of the skills, each with what its bullets lack; the last, without cues, is for all the rest.
    #[serde(default)]
    pub kinds: Vec<WorkKind>,
    /// Pairs of a weak and a strong bullet.
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// A kind of work that is none of the skills: tests, reports, on-call duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkKind {
    /// Its id.
    pub id: String,
    /// The words that show it; `migrat*` stands for every word that begins so.
    #[serde(default)]
    pub cues: Vec<String>,
    /// What a weak bullet on it lacks; empty where nothing can be asked for that would not look silly.
    #[serde(default)]
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
    /// The words it is known by, which belong on a resume where they are true.
    pub keywords: Vec<Keyword>,
    /// Further words that show the skill: products, terms and turns of phrase.
    #[serde(default)]
    pub signs: Vec<Signs>,
    /// What a weak bullet on it lacks: one tool, one scale, one result.
    pub asks: Vec<Ask>,
    /// What bullets on one side of the skill lack in place of that; each names the words that show this side.
    #[serde(default)]
    pub more_asks: Vec<Ask>,
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
    /// Whether it is a word that several fields share, such as `index` or `schema`: beside a name of another skill it counts half.
    #[serde(default)]
    pub shared: bool,
}

/// A field of work outside of the guide: a bullet that speaks for it more than for any skill shows none of the skills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherField {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Phrases that look like this field and are not.
    #[serde(default)]
    pub not_this: Vec<String>,
    /// The words it is known by.
    pub signs: Vec<Signs>,
}

/// Words that show a field of work, of one weight.
///
/// `one & other` is a pair: both have to stand in the bullet, anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signs {
    /// How surely each names the field: 1 hints, 3 is enough alone, 5 leaves no doubt.
    #[schemars(range(min = 1, max = 5))]
    pub weight: u8,
    /// Whether they are words that several fields share, such as `index` or `schema`: beside a name of another skill they count half.
    #[serde(default)]
    pub shared: bool,
    /// The spellings.
    pub words: Vec<String>,
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
    /// The words, one of which the bullet must hold; none means any bullet. `migrat*` stands for every word that begins so.
    #[serde(default)]
    pub when: Vec<String>,
    /// The words, none of which the bullet may hold.
    #[serde(default)]
    pub never: Vec<String>,
    /// The words right behind which the clause belongs; without them it goes where its part belongs.
    #[serde(default)]
    pub behind: Option<String>,
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
    /// How exactly.
    Detail,
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

/// Reads the text of a guide file; a fault names the line and the key.
pub(super) fn read(file_name: &str, text: &str) -> Result<GuideFile, GuideFault> {
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
