//! What a prompt is for, and what its templates may name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a prompt is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PromptKind {
    /// To write bullets anew.
    #[default]
    Rewrite,
    /// To say whether lines claim only what their evidence supports.
    Judge,
}

/// What the two templates of a prompt may name, as the first part of a variable's name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    /// What both may: nothing that holds text of the user.
    pub(super) system: &'static [&'static str],
    /// What the user template may beside that: text of the user.
    pub(super) user: &'static [&'static str],
}

impl PromptKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rewrite => "rewrite",
            Self::Judge => "judge",
        }
    }

    pub(super) const fn names(self) -> Names {
        match self {
            Self::Rewrite => Names { system: &["card", "variants", "max_chars"], user: &["user"] },
            Self::Judge => Names { system: &[], user: &["cases"] },
        }
    }

    /// What the templates for several bullets at once may name; `None` where a kind has no such templates.
    pub(super) const fn group_names(self) -> Option<Names> {
        match self {
            Self::Rewrite => Some(Names { system: &["cards", "variants", "max_chars"], user: &["bullets", "shared"] }),
            // Its one form takes any number of bullets.
            Self::Judge => None,
        }
    }
}

impl std::fmt::Display for PromptKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
