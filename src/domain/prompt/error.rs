//! What can be wrong with prompts, each with the version and the file at fault.

use super::{PromptKind, PromptRef};

/// The most characters of a name that are said back.
const ECHO: usize = 40;

/// What can be wrong with prompts.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Not `name@N`.
    #[error("`{0}` is not a prompt version; write name@N, such as rewrite@1")]
    NotARef(String),
    /// No such prompt or version.
    #[error("there is no prompt `{0}`; `bulletsmith prompt list` shows those that exist")]
    Unknown(String),
    /// A prompt by name, of which no version is released.
    #[error("no version of prompt `{0}` is released; name one as {0}@N")]
    NoneReleased(String),
    /// A file is missing.
    #[error("{prompt_ref} lacks the file {file}")]
    Missing {
        /// The version.
        prompt_ref: PromptRef,
        /// `system.j2`, `user.j2` or `prompt.toml`; for several bullets `group_system.j2` or `group_user.j2`.
        file: &'static str,
    },
    /// A file for several bullets, in a version that does not say that it can be asked for them.
    #[error("{prompt_ref} holds the file {file}, but prompt.toml has no section [group]")]
    Undeclared {
        /// The version.
        prompt_ref: PromptRef,
        /// `group_system.j2` or `group_user.j2`.
        file: &'static str,
    },
    /// Templates for several bullets, in a version of a kind that has none.
    #[error("{prompt_ref} has a section [group], and a prompt of kind {kind} takes none; remove it")]
    NoGroups {
        /// The version.
        prompt_ref: PromptRef,
        /// What it is for.
        kind: PromptKind,
    },
    /// A version is used for what it is not for.
    #[error("{prompt_ref} is a prompt of kind {kind}; name one of kind {wanted}")]
    OtherKind {
        /// The version.
        prompt_ref: PromptRef,
        /// What it is for.
        kind: PromptKind,
        /// What one was wanted for.
        wanted: PromptKind,
    },
    /// The file that says what a version may use is not readable.
    #[error("prompt.toml of {prompt_ref} is not readable")]
    Manifest {
        /// The version.
        prompt_ref: PromptRef,
        /// What the reader says.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A template does not parse.
    #[error("{file} of {prompt_ref} is not a template")]
    Template {
        /// The version.
        prompt_ref: PromptRef,
        /// The file.
        file: &'static str,
        /// What the engine says.
        #[source]
        source: Box<minijinja::Error>,
    },
    /// A template uses what prompt.toml does not name, or the reverse.
    #[error("{prompt_ref} {fault} `{variable}`")]
    Variables {
        /// The version.
        prompt_ref: PromptRef,
        /// What is wrong.
        fault: &'static str,
        /// With which variable.
        variable: String,
    },
    /// A system template uses text of the user.
    #[error("{file} of {prompt_ref} uses `{variable}`; text of the user belongs into the user message alone")]
    UserText {
        /// The version.
        prompt_ref: PromptRef,
        /// The file.
        file: &'static str,
        /// The variable.
        variable: String,
    },
    /// A released version was edited.
    #[error("{prompt_ref} is released and its files have changed; undo that, or make it the next version")]
    Edited {
        /// The version.
        prompt_ref: PromptRef,
    },
    /// The lock names a version that does not exist.
    #[error("released.lock names {0}, which does not exist")]
    LockedMissing(PromptRef),
    /// A line of the lock cannot be read.
    #[error("line {line} of released.lock is not `name@N sha256`")]
    Lock {
        /// The line, from 1.
        line: usize,
    },
    /// Rendering failed.
    #[error("could not render {prompt_ref}")]
    Render {
        /// The version.
        prompt_ref: PromptRef,
        /// What the engine says.
        #[source]
        source: Box<minijinja::Error>,
    },
}

impl PromptError {
    /// Not `name@N`; a long text is cut.
    pub(super) fn not_a_ref(text: &str) -> Self {
        Self::NotARef(text.chars().take(ECHO).collect())
    }

    /// No such prompt or version; a long name is cut.
    pub(super) fn unknown(text: &str) -> Self {
        Self::Unknown(text.chars().take(ECHO).collect())
    }
}
