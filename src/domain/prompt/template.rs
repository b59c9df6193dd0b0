//! One prompt version: its templates, what they may use, and how they are filled in.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::{Deserialize, Serialize};

use super::group::{GroupManifest, GroupTemplates};
use super::kind::Names;
use super::{PromptError, PromptKind, PromptRef};
use crate::domain::request::{Message, Speaker};

/// What prompt.toml says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// Absent in versions for rewrites.
    #[serde(default)]
    pub(super) kind: PromptKind,
    pub(super) changelog: String,
    pub(super) max_output_tokens: u32,
    pub(super) variables: Vec<String>,
    /// Absent when the version asks for one bullet at a time.
    pub(super) group: Option<GroupManifest>,
}

/// The texts of the two messages.
#[derive(Debug, Clone)]
pub(super) struct Templates {
    pub(super) system: String,
    pub(super) user: String,
    compiled: OnceLock<Arc<Environment<'static>>>,
}

/// One prompt version, checked.
#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "one word per thing everywhere: a reference to a prompt is `prompt_ref`")]
pub struct Prompt {
    pub(super) prompt_ref: PromptRef,
    pub(super) sha256: String,
    pub(super) released: bool,
    pub(super) manifest: Manifest,
    pub(super) templates: Templates,
    pub(super) group: Option<GroupTemplates>,
}

impl Prompt {
    /// Its name and version.
    pub const fn prompt_ref(&self) -> &PromptRef {
        &self.prompt_ref
    }

    /// Hash of its files.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Whether it is frozen.
    pub const fn is_released(&self) -> bool {
        self.released
    }

    /// What it is for.
    pub const fn kind(&self) -> PromptKind {
        self.manifest.kind
    }

    /// Refuses what this version is not for.
    pub(super) fn must_be(&self, wanted: PromptKind) -> Result<(), PromptError> {
        let kind = self.kind();
        if kind == wanted { Ok(()) } else { Err(PromptError::OtherKind { prompt_ref: self.prompt_ref.clone(), kind, wanted }) }
    }

    /// What changed from the version before.
    pub fn changelog(&self) -> &str {
        &self.manifest.changelog
    }

    /// The most tokens an answer may have.
    pub const fn max_output_tokens(&self) -> u32 {
        self.manifest.max_output_tokens
    }

    /// What the templates may use.
    pub fn variables(&self) -> &[String] {
        &self.manifest.variables
    }

    /// Template of the system message.
    pub fn system(&self) -> &str {
        &self.templates.system
    }

    /// Template of the user message.
    pub fn user(&self) -> &str {
        &self.templates.user
    }

    /// Templates of the system and the user message for several bullets, when it can be asked for them.
    pub fn group_templates(&self) -> Option<(&str, &str)> {
        let Templates { system, user, .. } = &self.group.as_ref()?.templates;
        Some((system, user))
    }
}

/// What the templates of a rewrite see. `user` is the only field that holds text of the user.
#[derive(Debug, Clone, Serialize)]
pub struct PromptInput {
    /// The skill card.
    pub card: SkillCard,
    /// How many rewrites are wanted.
    pub variants: u8,
    /// The longest text wanted.
    pub max_chars: u16,
    /// The text of the user.
    pub user: UserText,
}

/// What the model is told of the skill; holds no figure and no named technology of an example.
#[derive(Debug, Clone, Serialize)]
pub struct SkillCard {
    /// Its name.
    pub name: String,
    /// The clauses that may be added, each with its `[label]`s: all of the skill's.
    pub clauses: Vec<String>,
    /// Of all clauses of the guide those that fit this bullet, nearest first; for versions that ask by the bullet and not by the skill.
    pub asks: Vec<String>,
    /// Pairs in slot form.
    pub examples: Vec<CardExample>,
}

/// A pair in slot form.
#[derive(Debug, Clone, Serialize)]
pub struct CardExample {
    /// The weak bullet.
    pub bullet: String,
    /// The strong one without its clauses.
    pub text: String,
    /// The strong one.
    pub with_slots: String,
}

/// The text of the user.
#[derive(Debug, Clone, Serialize)]
pub struct UserText {
    /// The bullet.
    pub bullet: String,
    /// The facts, one text each.
    pub facts: Vec<String>,
    /// What the job asks for and the bullet or its facts support.
    pub keywords: Vec<String>,
    /// Title of the role, when given.
    pub role_title: Option<String>,
    /// Whether the role is current.
    pub role_current: bool,
}

/// A prompt with its variables filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedPrompt {
    /// The version it came from.
    pub prompt_ref: PromptRef,
    /// Hash of that version.
    pub sha256: String,
    /// System message, then user message.
    pub messages: Vec<Message>,
    /// The most tokens an answer may have.
    pub max_output_tokens: u32,
}

impl Prompt {
    /// Fills the templates of a rewrite.
    pub fn render(&self, input: &PromptInput) -> Result<RenderedPrompt, PromptError> {
        self.must_be(PromptKind::Rewrite)?;
        Ok(RenderedPrompt {
            prompt_ref: self.prompt_ref.clone(),
            sha256: self.sha256.clone(),
            messages: self.templates.fill(&self.prompt_ref, input)?,
            max_output_tokens: self.manifest.max_output_tokens,
        })
    }
}

/// Names of the templates among themselves.
const SYSTEM_NAME: &str = "system";
const USER_NAME: &str = "user";

impl Templates {
    pub(super) fn new(system: String, user: String) -> Self {
        Self { system, user, compiled: OnceLock::new() }
    }

    /// The two messages.
    pub(super) fn fill(&self, prompt_ref: &PromptRef, input: &impl Serialize) -> Result<Vec<Message>, PromptError> {
        let failed = |source| PromptError::Render { prompt_ref: prompt_ref.clone(), source: Box::new(source) };
        let env = self.compiled().map_err(failed)?;
        let message = |speaker, name: &str| -> Result<Message, minijinja::Error> {
            let content = env.get_template(name)?.render(Serde(input))?;
            Ok(Message { speaker, content: content.trim().to_owned() })
        };
        Ok(vec![message(Speaker::System, SYSTEM_NAME).map_err(failed)?, message(Speaker::User, USER_NAME).map_err(failed)?])
    }

    /// Both templates, read once.
    fn compiled(&self) -> Result<Arc<Environment<'static>>, minijinja::Error> {
        if let Some(compiled) = self.compiled.get() {
            return Ok(Arc::clone(compiled));
        }
        let mut env = environment();
        env.add_template_owned(SYSTEM_NAME, self.system.clone())?;
        env.add_template_owned(USER_NAME, self.user.clone())?;
        Ok(Arc::clone(self.compiled.get_or_init(|| Arc::new(env))))
    }
}

fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| AutoEscape::None);
    env.set_fuel(Some(100_000));
    env.add_filter("data", data);
    env
}

/// A value as JSON data that cannot end the fence it stands in.
fn data(value: &minijinja::Value) -> Result<String, minijinja::Error> {
    serde_json::to_string(value)
        .map(|json| json.replace('`', "\\u0060").replace('<', "\\u003c").replace('>', "\\u003e"))
        .map_err(|error| minijinja::Error::new(minijinja::ErrorKind::BadSerialization, "not JSON data").with_source(error))
}

/// A version uses what prompt.toml names, all of it and nothing else; a system template uses no text of the user.
pub(super) fn check_variables(prompt: &Prompt) -> Result<(), PromptError> {
    let Prompt { prompt_ref, manifest, templates, group, .. } = prompt;
    check(prompt_ref, templates, ["system.j2", "user.j2"], &manifest.variables, manifest.kind.names())?;
    match (group, manifest.kind.group_names()) {
        (Some(GroupTemplates { manifest, templates }), Some(names)) => {
            check(prompt_ref, templates, ["group_system.j2", "group_user.j2"], &manifest.variables, names)
        }
        (Some(_), None) => Err(PromptError::NoGroups { prompt_ref: prompt_ref.clone(), kind: manifest.kind }),
        (None, _) => Ok(()),
    }
}

fn check(
    prompt_ref: &PromptRef,
    templates: &Templates,
    files: [&'static str; 2],
    declared: &[String],
    may: Names,
) -> Result<(), PromptError> {
    let env = environment();
    let fault = |fault, variable: &str| PromptError::Variables { prompt_ref: prompt_ref.clone(), fault, variable: variable.to_owned() };
    let variables = |file, text: &str| -> Result<BTreeSet<String>, PromptError> {
        let template = env.template_from_str(text);
        let template =
            template.map_err(|source| PromptError::Template { prompt_ref: prompt_ref.clone(), file, source: Box::new(source) })?;
        Ok(template.undeclared_variables(true).into_iter().collect())
    };
    let is_of = |names: &[&str], variable: &str| variable.split('.').next().is_some_and(|top| names.contains(&top));
    let [system_file, user_file] = files;
    let in_system = variables(system_file, &templates.system)?;
    if let Some(variable) = in_system.iter().find(|variable| is_of(may.user, variable)) {
        return Err(PromptError::UserText { prompt_ref: prompt_ref.clone(), file: system_file, variable: variable.clone() });
    }
    let used: BTreeSet<String> = in_system.into_iter().chain(variables(user_file, &templates.user)?).collect();
    let declared: BTreeSet<String> = declared.iter().cloned().collect();
    if let Some(variable) = used.difference(&declared).next() {
        return Err(fault("uses, but does not declare,", variable));
    }
    if let Some(variable) = declared.difference(&used).next() {
        return Err(fault("declares, but does not use,", variable));
    }
    match used.iter().find(|variable| !is_of(may.system, variable) && !is_of(may.user, variable)) {
        Some(variable) => Err(fault("uses the unknown", variable)),
        None => Ok(()),
    }
}
