//! `GET /v1/prompts`: the prompt versions, with the hash that freezes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All prompt versions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PromptList {
    /// In order of name and version.
    pub prompts: Vec<PromptSummary>,
}

/// One prompt version, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromptSummary {
    /// `name@N`.
    pub prompt: String,
    /// Its name.
    pub name: String,
    /// Its version, from 1.
    pub version: u32,
    /// Hash of its files.
    pub sha256: String,
    /// Whether it is frozen.
    pub released: bool,
    /// What changed from the version before.
    pub changelog: String,
}

/// One prompt version with its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromptText {
    /// The version.
    #[serde(flatten)]
    pub summary: PromptSummary,
    /// What the templates may use.
    pub variables: Vec<String>,
    /// The most tokens an answer may have.
    pub max_output_tokens: u32,
    /// Template of the system message.
    pub system: String,
    /// Template of the user message.
    pub user: String,
}
