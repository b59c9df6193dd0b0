//! Prompt versions: strict templates that are frozen once released, and what they render to.
//!
//! A version is for one kind of work, to rewrite or to judge, which decides what its templates may name (`kind`).
//! A version is a folder with `system.j2`, `user.j2` and `prompt.toml`. One that can be asked for several bullets at once says so in a section
//! `[group]` of prompt.toml and has `group_system.j2` and `group_user.j2` as well. Its hash covers all of them.
//! The system message holds our rules and the skill card; text of the user goes into the user message alone, as JSON string data.
//! `reference` is the name of a version, `template` one version and its rendering, `group` the same for several bullets, `judge` that of a judge, `library`
//! all of them and the lock.

mod error;
mod group;
mod judge;
mod kind;
mod library;
mod reference;
mod template;

pub use error::PromptError;
pub use group::{GroupBullet, GroupCard, GroupInput, SharedText};
pub use judge::{JudgeCase, JudgeInput, JudgeItem, JudgeLine};
pub use kind::PromptKind;
pub use library::{PromptFiles, PromptLibrary, lock_line};
pub use reference::PromptRef;
pub use template::{CardExample, Prompt, PromptInput, RenderedPrompt, SkillCard, UserText};
