//! `GET /v1/prompts`: the prompt versions, with the hash that freezes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::prompt::{Prompt, PromptKind};

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
    /// What it is for.
    pub kind: PromptKind,
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
    /// The same for several bullets at once; absent when this version asks for one at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupText>,
}

/// The templates for several bullets at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupText {
    /// Template of the system message.
    pub system: String,
    /// Template of the user message.
    pub user: String,
}

impl From<&Prompt> for PromptSummary {
    fn from(prompt: &Prompt) -> Self {
        Self {
            prompt: prompt.prompt_ref().to_string(),
            name: prompt.prompt_ref().name().to_owned(),
            version: prompt.prompt_ref().version(),
            kind: prompt.kind(),
            sha256: prompt.sha256().to_owned(),
            released: prompt.is_released(),
            changelog: prompt.changelog().to_owned(),
        }
    }
}

impl From<&Prompt> for PromptText {
    fn from(prompt: &Prompt) -> Self {
        Self {
            summary: prompt.into(),
            variables: prompt.variables().to_vec(),
            max_output_tokens: prompt.max_output_tokens(),
            system: prompt.system().to_owned(),
            user: prompt.user().to_owned(),
            group: prompt.group_templates().map(|(system, user)| GroupText { system: system.to_owned(), user: user.to_owned() }),
        }
    }
}
