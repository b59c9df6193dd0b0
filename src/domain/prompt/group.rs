//! The part of a prompt version that asks for several bullets at once, for those versions that have one.
//!
//! The rules and the examples of every skill are said once; each bullet comes with its own clauses and its own data.

use serde::{Deserialize, Serialize};

use super::template::Templates;
use super::{CardExample, Prompt, PromptError, RenderedPrompt};

/// What prompt.toml says of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupManifest {
    pub(super) variables: Vec<String>,
}

/// The templates of a version that can be asked for several bullets.
#[derive(Debug, Clone)]
pub(super) struct GroupTemplates {
    pub(super) manifest: GroupManifest,
    pub(super) templates: Templates,
}

/// What the templates of a group see. `shared` and `bullets` are all that holds text of the user.
#[derive(Debug, Clone, Serialize)]
pub struct GroupInput {
    /// The skills of the bullets, each once.
    pub cards: Vec<GroupCard>,
    /// How many rewrites of each bullet are wanted.
    pub variants: u8,
    /// The longest text wanted.
    pub max_chars: u16,
    /// The bullets, numbered from 0.
    pub bullets: Vec<GroupBullet>,
    /// What holds for all of them.
    pub shared: SharedText,
}

/// A skill of the group.
#[derive(Debug, Clone, Serialize)]
pub struct GroupCard {
    /// Its name.
    pub name: String,
    /// Pairs in slot form.
    pub examples: Vec<CardExample>,
}

/// One bullet of the group.
#[derive(Debug, Clone, Serialize)]
pub struct GroupBullet {
    /// Its number.
    pub id: u32,
    /// Name of its skill.
    pub skill: String,
    /// The clauses that fit it, nearest first.
    pub asks: Vec<String>,
    /// The bullet.
    pub bullet: String,
    /// The facts that hold for it alone.
    pub facts: Vec<String>,
    /// What the job asks for and the bullet or its facts support.
    pub keywords: Vec<String>,
}

/// The text of the user that holds for every bullet of the group.
#[derive(Debug, Clone, Serialize)]
pub struct SharedText {
    /// Facts.
    pub facts: Vec<String>,
    /// Title of the role, when given.
    pub role_title: Option<String>,
    /// Whether the role is current.
    pub role_current: bool,
}

impl Prompt {
    /// Whether it can be asked for several bullets at once.
    pub const fn takes_groups(&self) -> bool {
        self.group.is_some()
    }

    /// Fills the templates for several bullets; `None` when this version asks for one at a time.
    pub fn render_group(&self, input: &GroupInput) -> Option<Result<RenderedPrompt, PromptError>> {
        let GroupTemplates { manifest: _, templates } = self.group.as_ref()?;
        let bullets = u32::try_from(input.bullets.len()).unwrap_or(u32::MAX);
        Some(templates.fill(&self.prompt_ref, input).map(|messages| RenderedPrompt {
            prompt_ref: self.prompt_ref.clone(),
            sha256: self.sha256.clone(),
            messages,
            max_output_tokens: self.manifest.max_output_tokens.saturating_mul(bullets),
        }))
    }
}
