//! `POST /v1/fills`: put answers into the slots of a text, or the writer's yes to a proposal, and judge what comes out. No model.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::{FactView, Verdict, ViolationView};
use crate::domain::grounding::Side;
use crate::domain::slots::Slot;
use crate::domain::text::Span;

/// The order: a variant of a rewrite with the answers to its questions.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FillRequest {
    /// The bullet that was rewritten.
    #[schemars(length(min = 1, max = 600))]
    pub bullet: String,
    /// Facts about it; evidence, as they were for the rewrite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4000))]
    pub facts: Option<String>,
    /// The text with slots, as the rewrite gave it.
    #[schemars(length(min = 1, max = 600))]
    pub with_slots: String,
    /// Its slots, as the rewrite gave them.
    #[schemars(length(max = 3))]
    pub slots: Vec<Slot>,
    /// The answers, by the ids of the slots. No answer, `null`, an empty one, `skip` and `I don't know` leave the slot open.
    pub answers: BTreeMap<String, Option<String>>,
    /// The ids of offers of an earlier answer whose derived values go into the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<Vec<String>>,
    /// The proposal of that variant, as the rewrite gave it. With a yes to all that it asks, its line takes the place of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<ProposalInput>,
    /// The answers to what the proposal asks, by their ids; `true` is yes. A yes becomes a fact; a no, or no answer, takes the line back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<BTreeMap<String, bool>>,
}

/// A proposal, as a rewrite gave it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalInput {
    /// The line.
    #[schemars(length(min = 1, max = 600))]
    pub text: String,
    /// What it asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 60))]
    pub confirm: Option<Vec<ConfirmInput>>,
}

/// One question of a proposal, as a rewrite gave it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmInput {
    /// What `confirm` names it by.
    pub id: String,
    /// The text that `span` points into.
    #[serde(rename = "in", default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// The words in question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The words that may say the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Span>,
    /// The question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
}

/// The text with the answers in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FillAnswer {
    /// Can be sent today: every slot that is still open is gone, with the clause around it.
    pub text: String,
    /// The text with the slots that are still open; equal to `text` when none is.
    pub with_slots: String,
    /// The slots that are still open, under their old ids.
    pub slots: Vec<Slot>,
    /// What `text` claims; spans point into `text`.
    pub facts: Vec<FactView>,
    /// What is wrong with `text`, judged against the bullet, the facts and the answers.
    pub violations: Vec<ViolationView>,
    /// Whether `text` says only what the bullet, the facts and the answers say.
    pub verdict: Verdict,
    /// The facts with the answers and every yes added; send them as `facts` from now on.
    pub evidence: String,
    /// What follows from the answers by arithmetic; put in only when a request accepts it.
    pub offers: Vec<OfferView>,
}

/// A value that follows from two answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfferView {
    /// What `accept` names it by.
    pub id: String,
    /// The value as the text would tell it.
    pub text: String,
    /// How it was computed, and what was rounded.
    pub arithmetic: String,
}
