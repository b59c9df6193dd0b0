//! `POST /v1/checks`: score a bullet, list what it claims, and judge a rewrite of it. No model, unless a judge is asked for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rewrite::{Role, Score};
use crate::domain::facts::FactKind;
use crate::domain::grounding::{Cited, Severity, Side, ViolationCode};
use crate::domain::text::Span;

/// The order: only `bullet` is required.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// The bullet.
    #[schemars(length(min = 1, max = 600))]
    pub bullet: String,
    /// Facts about it; evidence for the rewrite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4000))]
    pub facts: Option<String>,
    /// A rewrite to judge against the bullet and the facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 600))]
    pub rewrite: Option<String>,
    /// Other bullets of the same resume; never evidence, they only name where a foreign fact came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 30))]
    pub siblings: Option<Vec<String>>,
    /// The job applied for; never evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20000))]
    pub job_description: Option<String>,
    /// The skill to score against; matched when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// The guide; the first loaded one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<String>,
    /// The position the bullet belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether a model settles what code can only ask about; it costs what the model costs. `false` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<bool>,
}

/// The judgement.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CheckAnswer {
    /// The rubric's number of the bullet and, when one was sent, of the rewrite.
    pub score: Score,
    /// What the bullet claims.
    pub facts: Vec<FactView>,
    /// What is wrong with the rewrite; empty without one.
    pub violations: Vec<ViolationView>,
    /// Whether the rewrite says only what the bullet and the facts say; `null` without one.
    pub verdict: Option<Verdict>,
    /// What a judge found: of the rewrite as a whole, then of each question; empty when none was asked.
    #[serde(default)]
    pub judgements: Vec<JudgementView>,
    /// What that cost, in US dollars, a plain decimal of at most 12 places.
    #[serde(default = "nothing")]
    pub cost_usd: String,
}

fn nothing() -> String {
    "0".to_owned()
}

/// What a judge found about the rewrite, or about some words of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JudgementView {
    /// The text that `span` points into.
    #[serde(rename = "in")]
    pub side: Side,
    /// The words, half-open, in Unicode code points of that text as sent.
    pub span: Span,
    /// Whether the evidence supports them; `null` when the judge said nothing that can be used.
    pub supported: Option<bool>,
    /// The words of the evidence that the judge quoted; `null` unless they support it.
    pub from: Option<Cited>,
}

/// One claim of the bullet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FactView {
    /// What kind of claim it is.
    pub kind: FactKind,
    /// The words that make it.
    pub text: String,
    /// Where they stand, half-open, in Unicode code points of the bullet as sent.
    pub span: Span,
    /// The claim in normal form, where there is one: `40 percent`, `redis`.
    pub value: Option<String>,
}

/// One fault of a rewrite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ViolationView {
    /// A stable word.
    pub code: ViolationCode,
    /// `hard` makes the rewrite ungrounded, `ask` leaves it unsettled.
    pub severity: Severity,
    /// The fault in a sentence.
    pub message: String,
    /// The text that `span` points into.
    #[serde(rename = "in")]
    pub side: Side,
    /// Where, half-open, in Unicode code points of that text as sent.
    pub span: Span,
    /// For `ask`: the place of the evidence that may say the same; `null` when no single place does.
    pub from: Option<Cited>,
    /// For `ask`: what the writer is asked, to be answered by yes or no; it holds no value that the evidence does not hold.
    pub question: Option<String>,
}

/// Whether a rewrite is honest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Neither a hard violation nor a question.
    Grounded,
    /// No hard violation, and at least one question that a judge or the writer has to answer.
    Unsettled,
    /// At least one hard violation.
    Ungrounded,
}
