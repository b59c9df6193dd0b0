//! Prompt versions: strict templates that are frozen once released, and what they render to.
//!
//! A version is a folder with `system.j2`, `user.j2` and `prompt.toml`. Its hash covers all three.
//! The system message holds our rules and the skill card; text of the user goes into the user message alone, as JSON string data.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::request::{Message, Speaker, hex};

/// A prompt version: `rewrite@1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PromptRef {
    name: String,
    version: u32,
}

impl PromptRef {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version, from 1.
    pub const fn version(&self) -> u32 {
        self.version
    }
}

impl fmt::Display for PromptRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

impl FromStr for PromptRef {
    type Err = PromptError;

    fn from_str(text: &str) -> Result<Self, PromptError> {
        let bad = || PromptError::NotARef(text.to_owned());
        let (name, version) = text.split_once('@').ok_or_else(bad)?;
        let version: u32 = version.parse().map_err(|_| bad())?;
        if !is_name(name) || version == 0 {
            return Err(bad());
        }
        Ok(Self { name: name.to_owned(), version })
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

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
        /// `system.j2`, `user.j2` or `prompt.toml`.
        file: &'static str,
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
    /// The system template uses text of the user.
    #[error("system.j2 of {prompt_ref} uses `{variable}`; text of the user belongs into user.j2 alone")]
    UserText {
        /// The version.
        prompt_ref: PromptRef,
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

/// What prompt.toml says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    changelog: String,
    max_output_tokens: u32,
    variables: Vec<String>,
}

/// One prompt version, checked.
#[derive(Debug, Clone)]
pub struct Prompt {
    prompt_ref: PromptRef,
    sha256: String,
    released: bool,
    manifest: Manifest,
    system: String,
    user: String,
}

impl Prompt {
    /// Its name and version.
    pub const fn prompt_ref(&self) -> &PromptRef {
        &self.prompt_ref
    }

    /// Hash of its three files.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Whether it is frozen.
    pub const fn is_released(&self) -> bool {
        self.released
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
        &self.system
    }

    /// Template of the user message.
    pub fn user(&self) -> &str {
        &self.user
    }
}

/// What the templates see. `user` is the only field that holds text of the user.
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
    /// The clauses that may be added, each with its `[label]`s.
    pub clauses: Vec<String>,
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

/// All prompt versions of a service.
#[derive(Debug, Clone, Default)]
pub struct PromptLibrary {
    prompts: BTreeMap<PromptRef, Prompt>,
}

/// The files of a set of prompts: path relative to its folder (`rewrite/v1/system.j2`, `released.lock`) and text.
pub type PromptFiles = BTreeMap<String, String>;

const LOCK: &str = "released.lock";
const FILES: [&str; 3] = ["prompt.toml", "system.j2", "user.j2"];
const TOP_LEVEL: [&str; 4] = ["card", "variants", "max_chars", "user"];

impl PromptLibrary {
    /// Reads a set of prompts; a released version must be exactly as it was when it was released.
    pub fn load(files: &PromptFiles) -> Result<Self, PromptError> {
        let lock = files.get(LOCK).map_or(Ok(BTreeMap::new()), |text| read_lock(text))?;
        let refs: BTreeSet<PromptRef> = files.keys().filter_map(|path| ref_of(path)).collect();
        let mut prompts = BTreeMap::new();
        for prompt_ref in refs {
            let mut prompt = read_prompt(prompt_ref, files)?;
            if let Some(locked) = lock.get(&prompt.prompt_ref) {
                if *locked != prompt.sha256 {
                    return Err(PromptError::Edited { prompt_ref: prompt.prompt_ref });
                }
                prompt.released = true;
            }
            prompts.insert(prompt.prompt_ref.clone(), prompt);
        }
        match lock.into_keys().find(|locked| !prompts.contains_key(locked)) {
            Some(missing) => Err(PromptError::LockedMissing(missing)),
            None => Ok(Self { prompts }),
        }
    }

    /// This library with the versions of another put over it; a released version cannot be replaced by another text.
    pub fn overlaid(mut self, over: Self) -> Result<Self, PromptError> {
        for (prompt_ref, prompt) in over.prompts {
            match self.prompts.get(&prompt_ref) {
                Some(ours) if ours.released && ours.sha256 != prompt.sha256 => return Err(PromptError::Edited { prompt_ref }),
                Some(ours) if ours.released => {}
                _ => {
                    self.prompts.insert(prompt_ref, prompt);
                }
            }
        }
        Ok(self)
    }

    /// The version that `name@N` or `name` (its highest released version) stands for.
    pub fn resolve(&self, text: &str) -> Result<&Prompt, PromptError> {
        if text.contains('@') {
            let prompt_ref: PromptRef = text.parse()?;
            return self.prompts.get(&prompt_ref).ok_or_else(|| PromptError::Unknown(text.to_owned()));
        }
        let mut versions = self.prompts.values().filter(|prompt| prompt.prompt_ref.name == text).peekable();
        if versions.peek().is_none() {
            return Err(PromptError::Unknown(text.to_owned()));
        }
        versions.filter(|prompt| prompt.released).next_back().ok_or_else(|| PromptError::NoneReleased(text.to_owned()))
    }

    /// All versions, in order of name and number.
    pub fn iter(&self) -> impl Iterator<Item = &Prompt> {
        self.prompts.values()
    }
}

impl Prompt {
    /// Fills the templates.
    pub fn render(&self, input: &PromptInput) -> Result<RenderedPrompt, PromptError> {
        let env = environment();
        let message = |speaker, template: &str| {
            env.render_str(template, Serde(input))
                .map(|content| Message { speaker, content: content.trim().to_owned() })
                .map_err(|source| PromptError::Render { prompt_ref: self.prompt_ref.clone(), source: Box::new(source) })
        };
        Ok(RenderedPrompt {
            prompt_ref: self.prompt_ref.clone(),
            sha256: self.sha256.clone(),
            messages: vec![message(Speaker::System, &self.system)?, message(Speaker::User, &self.user)?],
            max_output_tokens: self.manifest.max_output_tokens,
        })
    }
}

/// The line that freezes a version.
pub fn lock_line(prompt: &Prompt) -> String {
    format!("{} {}", prompt.prompt_ref, prompt.sha256)
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

/// `rewrite/v1/system.j2` → `rewrite@1`.
fn ref_of(path: &str) -> Option<PromptRef> {
    let mut parts = path.split('/');
    let (name, version, file) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !FILES.contains(&file) {
        return None;
    }
    format!("{name}@{}", version.strip_prefix('v')?).parse().ok()
}

fn read_prompt(prompt_ref: PromptRef, files: &PromptFiles) -> Result<Prompt, PromptError> {
    let mut digest = Sha256::new();
    let mut texts = Vec::new();
    for file in FILES {
        let path = format!("{}/v{}/{file}", prompt_ref.name, prompt_ref.version);
        // Line ends are not part of a version: a checkout on another system must have the same hash.
        let text = files.get(&path).ok_or(PromptError::Missing { prompt_ref: prompt_ref.clone(), file })?.replace("\r\n", "\n");
        digest.update((file.len() as u64).to_be_bytes());
        digest.update(file);
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(&text);
        texts.push(text);
    }
    let [manifest, system, user] = texts.try_into().unwrap_or_default();
    let manifest: Manifest =
        toml::from_str(&manifest).map_err(|source| PromptError::Manifest { prompt_ref: prompt_ref.clone(), source: Box::new(source) })?;
    let prompt = Prompt { prompt_ref, sha256: hex(digest.finalize().as_slice()), released: false, manifest, system, user };
    check_variables(&prompt)?;
    Ok(prompt)
}

fn check_variables(prompt: &Prompt) -> Result<(), PromptError> {
    let env = environment();
    let prompt_ref = || prompt.prompt_ref.clone();
    let mut used = BTreeSet::new();
    for (file, text) in [("system.j2", &prompt.system), ("user.j2", &prompt.user)] {
        let template = env.template_from_str(text).map_err(|source| PromptError::Template {
            prompt_ref: prompt_ref(),
            file,
            source: Box::new(source),
        })?;
        let variables: BTreeSet<String> = template.undeclared_variables(true).into_iter().collect();
        if let Some(variable) = variables.iter().find(|variable| variable.split('.').next() == Some("user")).filter(|_| file == "system.j2")
        {
            return Err(PromptError::UserText { prompt_ref: prompt_ref(), variable: variable.clone() });
        }
        used.extend(variables);
    }
    let declared: BTreeSet<String> = prompt.manifest.variables.iter().cloned().collect();
    if let Some(variable) = used.difference(&declared).next() {
        return Err(PromptError::Variables { prompt_ref: prompt_ref(), fault: "uses, but does not declare,", variable: variable.clone() });
    }
    if let Some(variable) = declared.difference(&used).next() {
        return Err(PromptError::Variables { prompt_ref: prompt_ref(), fault: "declares, but does not use,", variable: variable.clone() });
    }
    let foreign = used.into_iter().find(|variable| variable.split('.').next().is_none_or(|top| !TOP_LEVEL.contains(&top)));
    match foreign {
        Some(variable) => Err(PromptError::Variables { prompt_ref: prompt_ref(), fault: "uses the unknown", variable }),
        None => Ok(()),
    }
}

fn read_lock(text: &str) -> Result<BTreeMap<PromptRef, String>, PromptError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(at, line)| {
            let bad = || PromptError::Lock { line: at + 1 };
            let (prompt_ref, sha256) = line.split_once(' ').ok_or_else(bad)?;
            Ok((prompt_ref.parse().map_err(|_| bad())?, sha256.trim().to_owned()))
        })
        .collect()
}
