//! `POST /v1/rewrites`: weak bullets in, strong and honest ones out.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::problem::Problem;
use crate::domain::grounding::{ReceiptKind, Side};
use crate::domain::slots::Slot;
use crate::domain::text::Span;

/// The order: only `bullets` is required.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RewriteRequest {
    /// The bullets to rewrite, in order.
    #[schemars(length(min = 1, max = 30))]
    pub bullets: Vec<BulletInput>,
    /// The guide to match against; the first loaded guide when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<String>,
    /// The position the bullets belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Facts that hold for every bullet; they may be used, they need not be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4000))]
    pub facts: Option<String>,
    /// The job the writer applies for: it says which keywords are wanted, and is never evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20000))]
    pub job_description: Option<String>,
    /// How many versions of each bullet; 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3))]
    pub variants: Option<u8>,
    /// The longest text wanted, in characters; 240 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 60, max = 600))]
    pub max_chars: Option<u16>,
    /// Who writes; `auto` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<EngineChoice>,
    /// `name@N`, or `name` for its highest released version; `rewrite` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// How the reply cache is used; `use` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheUse>,
}

/// A bullet: its text alone, or with facts and a skill of its own.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum BulletInput {
    /// The text alone.
    Text(#[schemars(length(min = 1, max = 600))] String),
    /// The text with what belongs to it.
    Full(BulletObject),
}

/// A bullet with what belongs to it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BulletObject {
    /// The bullet.
    #[schemars(length(min = 1, max = 600))]
    pub text: String,
    /// Facts about this bullet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4000))]
    pub facts: Option<String>,
    /// The skill it shows, when the writer knows better than the matcher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
}

/// Hand-written, because an untagged enum would lose the place of a fault inside the object.
impl<'de> Deserialize<'de> for BulletInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrObject;
        impl<'de> Visitor<'de> for TextOrObject {
            type Value = BulletInput;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or an object with `text`")
            }

            fn visit_str<E>(self, text: &str) -> Result<BulletInput, E> {
                Ok(BulletInput::Text(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<BulletInput, E> {
                Ok(BulletInput::Text(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<BulletInput, A::Error> {
                BulletObject::deserialize(MapAccessDeserializer::new(map)).map(BulletInput::Full)
            }
        }
        deserializer.deserialize_any(TextOrObject)
    }
}

/// The position the bullets belong to.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its title; used for wording only, never as evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 120))]
    pub title: Option<String>,
    /// Whether the writer still holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<bool>,
}

/// Who writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EngineChoice {
    /// A model if one is configured and answers well, else the rules engine.
    #[default]
    Auto,
    /// A model, or an error.
    Llm,
    /// The rules engine; no model is asked.
    Rules,
}

/// How the reply cache is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CacheUse {
    /// Read it, and keep what comes.
    #[default]
    Use,
    /// Ask anew, and keep what comes.
    Refresh,
    /// Neither read nor keep.
    Bypass,
}

/// The answer: one result a bullet, in the order of the request.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RewriteAnswer {
    /// Identifies this rewrite in the ledger.
    pub id: String,
    /// The version of the checks and of the rules engine.
    pub rules_version: String,
    /// One result a bullet.
    pub results: Vec<BulletResult>,
    /// What it took in all.
    pub usage: RunUsage,
}

/// A [`RewriteAnswer`] whose results were written before.
#[derive(Debug, Serialize)]
pub struct RetoldAnswer<'a> {
    /// Identifies this rewrite.
    pub id: &'a str,
    /// The version of the checks and of the rules engine.
    pub rules_version: &'a str,
    /// One [`BulletResult`] a bullet.
    pub results: Vec<&'a RawValue>,
    /// What it took in all.
    pub usage: &'a RunUsage,
}

/// What became of one bullet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct BulletResult {
    /// Its position in the request, from 0.
    pub index: usize,
    /// How it ended.
    pub status: BulletStatus,
    /// The bullet as it was sent.
    pub bullet: String,
    /// The skill it shows, with reasons; `null` when none fits.
    pub skill: Option<SkillChoice>,
    /// The keywords of that skill, by what may be said of them.
    pub keywords: Keywords,
    /// The rubric's number before and after.
    pub score: Score,
    /// The rewrites; the first is the one that `score.after` speaks of. Empty only when `status` is `failed`.
    pub variants: Vec<Variant>,
    /// What the reader should know about the way it came about.
    pub notes: Vec<Note>,
    /// Who wrote it, from what, at which cost.
    pub provenance: Provenance,
    /// Why it failed; `null` otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// How a bullet ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BulletStatus {
    /// There is something better to send.
    Rewritten,
    /// The bullet is returned as it was sent.
    Unchanged,
    /// No result; `problem` says why.
    Failed,
}

/// The skill of a bullet, with the reasons for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SkillChoice {
    /// The skill's id.
    pub id: String,
    /// The skill's name.
    pub name: String,
    /// How sure the match is, 0 to 1; 1 when the caller named the skill.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: f64,
    /// The words of the bullet that decided.
    pub matched: Vec<String>,
    /// The next best skill, if any came near.
    pub runner_up: Option<RunnerUp>,
}

/// The skill that came second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunnerUp {
    /// The skill's id.
    pub id: String,
    /// How sure its match is, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: f64,
}

/// The keywords of the job and of the skill, by what may be said of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Keywords {
    /// Stand in the first variant.
    pub used: Vec<String>,
    /// The bullet or the facts carry them, the variant does not name them.
    pub supported: Vec<String>,
    /// Nothing carries them; they are never inserted.
    pub unsupported: Vec<String>,
}

/// The rubric's number before and after, with the reasons for every point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// Score of the bullet, 0 to 100.
    #[schemars(range(min = 0, max = 100))]
    pub before: u8,
    /// Score of the rewrite; `null` when there is none.
    #[schemars(range(min = 0, max = 100))]
    pub after: Option<u8>,
    /// Every point lost, on either side.
    pub reasons: Vec<ScoreReason>,
}

/// One reason for points lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreReason {
    /// Which text it speaks of.
    pub of: ScoreSide,
    /// A stable word for the reason.
    pub code: String,
    /// The reason in a sentence.
    pub message: String,
    /// Points, negative.
    pub points: i16,
}

/// Which text a score reason speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ScoreSide {
    /// The bullet.
    Before,
    /// The rewrite.
    After,
}

/// One rewrite of a bullet, in two texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    /// Can be sent today: no slot, every hard check passes.
    pub text: String,
    /// The same with typed slots for what is missing, three at most; equal to `text` when nothing is.
    pub with_slots: String,
    /// The slots of `with_slots`, in order.
    pub slots: Vec<Slot>,
    /// Where every word of `text` comes from.
    pub receipts: Vec<ReceiptView>,
    /// A stronger line that is true only if the writer says yes to all that it asks; never a part of `text`.
    #[serde(default)]
    pub proposal: Option<Proposal>,
    /// Score of `text`.
    #[schemars(range(min = 0, max = 100))]
    pub score: u8,
    /// Score of `with_slots`, were its slots filled.
    #[schemars(range(min = 0, max = 100))]
    pub score_with_slots: u8,
}

/// A line that nothing speaks against, and that only its writer can settle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// The line.
    pub text: String,
    /// What the writer is asked; one no, or no answer, and the line is not to be used.
    pub confirm: Vec<Confirm>,
}

/// One question about a proposal, to be answered by yes or no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Confirm {
    /// What `confirm` of a fill names it by: `c1`, `c2`, …
    pub id: String,
    /// The text that `span` points into: `rewrite` is the line, `bullet` the bullet that it leaves something out of.
    #[serde(rename = "in")]
    pub side: Side,
    /// The words in question.
    pub span: Span,
    /// The words of the bullet or the facts that may say the same, where single words do.
    pub from: Option<Span>,
    /// The question; it holds no value that the bullet and the facts do not hold.
    pub question: String,
}

/// Where a stretch of the text comes from. Spans are half-open, in Unicode code points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptView {
    /// The stretch of the text.
    pub span: Span,
    /// What vouches for it.
    pub kind: ReceiptKind,
    /// The place in the bullet (or, for `fact`, in the facts) that vouches for it; `null` for glue. For `judged` the words that the judge quoted.
    pub from: Option<Span>,
    /// For `judged`: the text that `from` points into.
    #[serde(rename = "in", default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
}

/// Something the reader should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// A stable word.
    pub code: NoteCode,
    /// The same in a sentence.
    pub message: String,
    /// For `model_unavailable`: the error code that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// The kinds of notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteCode {
    /// A model gave no usable answer; the next one, or the rules engine, wrote.
    ModelUnavailable,
    /// The next model, or the rules engine, wrote, because the budget does not cover a call.
    BudgetExhausted,
    /// A claim of the model was taken out. Versions before did so; a line is now taken as it is, or not at all.
    RemovedClaim,
    /// A model's line is proposed, and the text beside it is not the model's.
    Proposed,
    /// A part of the bullet or the facts speaks to whoever rewrites it; none of that was used.
    InstructionsIgnored,
    /// The bullet needs no rewrite.
    AlreadyStrong,
    /// Nothing better can be said honestly.
    NoHonestRewrite,
    /// The bullet names a thing and no deed, and so does the rewrite.
    MissingDeed,
    /// The rewrite tells of a part or of help, as the bullet does not say whose work it was.
    SharedCredit,
    /// Every word but the first ones states a fact, so only the beginning was changed.
    LittleToChange,
    /// No skill of the guide fits.
    NoSkill,
    /// The bullet holds characters that cannot be seen.
    InvisibleCharacters,
}

/// Who wrote a result, from what, at which cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// Who wrote.
    pub engine: EngineUsed,
    /// The provider's name in the configuration, where a model wrote the text or a proposal.
    pub provider: Option<String>,
    /// The model that answered.
    pub model: Option<String>,
    /// The prompt version.
    pub prompt: Option<String>,
    /// Hash of the prompt version's files.
    pub prompt_sha256: Option<String>,
    /// Who judged what the model wrote; `null` when nobody did.
    #[serde(default)]
    pub judge: Option<JudgeProvenance>,
    /// What stood around the JSON of the model's reply and was left out; nothing inside it is ever mended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stripped: Vec<Stripped>,
    /// What the reply cache did.
    pub cache: CacheOutcome,
    /// Whether the reply is older than replies are used for, and serves because the model gave no answer; a note says why.
    #[serde(default, skip_serializing_if = "is_false")]
    pub stale: bool,
    /// Attempts made at models for this bullet, the judge's and those that it shared with others among them.
    pub attempts: u32,
    /// With how many other bullets of the request it shared a call; tokens and cost are then its share. Absent when it was asked for alone.
    #[serde(default, skip_serializing_if = "is_none")]
    pub grouped_with: u32,
    /// Tokens sent, by the provider's count.
    pub input_tokens: u64,
    /// Tokens received, by the provider's count.
    pub output_tokens: u64,
    /// US dollars, a plain decimal of at most 12 places.
    pub cost_usd: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_none(count: &u32) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Who judged the lines of a model, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JudgeProvenance {
    /// The provider's name in the configuration.
    pub provider: String,
    /// The model that answered.
    pub model: String,
    /// The prompt version.
    pub prompt: String,
    /// What it was asked about: every line as a whole, and every question of the check.
    pub items: u32,
    /// How many of these it supported by words that stand in the evidence.
    pub supported: u32,
}

/// Who wrote a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EngineUsed {
    /// A model; every span checked.
    Llm,
    /// The rules engine.
    Rules,
    /// Nobody: the bullet is returned as it was sent.
    None,
}

/// What stood around the JSON of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stripped {
    /// What a reasoning model thought aloud.
    Thinking,
    /// A Markdown fence.
    Fence,
    /// Other words before or after.
    Prose,
}

/// What the reply cache did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CacheOutcome {
    /// It held the reply.
    Hit,
    /// It did not.
    Miss,
    /// Another request was asking the same; its reply serves both.
    Shared,
    /// It was not asked.
    Bypassed,
}

/// What a rewrite took in all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunUsage {
    /// Attempts made at models.
    pub llm_calls: u32,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// US dollars, a plain decimal of at most 12 places.
    pub cost_usd: String,
}
