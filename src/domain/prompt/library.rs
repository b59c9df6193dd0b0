//! All prompt versions of a service, read from files, with the lock that freezes the released ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::group::GroupTemplates;
use super::template::{Manifest, Templates, check_variables};
use super::{Prompt, PromptError, PromptKind, PromptRef};
use crate::domain::request::hex;

/// All prompt versions of a service.
#[derive(Debug, Clone, Default)]
pub struct PromptLibrary {
    /// Shared, so that a version whose templates were read once is never read again.
    prompts: BTreeMap<PromptRef, Arc<Prompt>>,
}

/// The files of a set of prompts: path relative to its folder (`rewrite/v1/system.j2`, `released.lock`) and text.
pub type PromptFiles = BTreeMap<String, String>;

const LOCK: &str = "released.lock";
const FILES: [&str; 3] = ["prompt.toml", "system.j2", "user.j2"];
/// The files of a version that can also be asked for several bullets at once.
const GROUP_FILES: [&str; 2] = ["group_system.j2", "group_user.j2"];

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
            prompts.insert(prompt.prompt_ref.clone(), Arc::new(prompt));
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
    pub fn resolve(&self, text: &str) -> Result<&Arc<Prompt>, PromptError> {
        if text.contains('@') {
            let prompt_ref: PromptRef = text.parse()?;
            return self.prompts.get(&prompt_ref).ok_or_else(|| PromptError::unknown(text));
        }
        let mut versions = self.prompts.values().filter(|prompt| prompt.prompt_ref.name == text).peekable();
        if versions.peek().is_none() {
            return Err(PromptError::unknown(text));
        }
        versions.rfind(|prompt| prompt.released).ok_or_else(|| PromptError::NoneReleased(text.to_owned()))
    }

    /// The same for a prompt of this kind.
    pub fn resolve_kind(&self, text: &str, kind: PromptKind) -> Result<&Arc<Prompt>, PromptError> {
        let prompt = self.resolve(text)?;
        prompt.must_be(kind)?;
        Ok(prompt)
    }

    /// All versions, in order of name and number.
    pub fn iter(&self) -> impl Iterator<Item = &Prompt> {
        self.prompts.values().map(Arc::as_ref)
    }
}

/// The line that freezes a version.
pub fn lock_line(prompt: &Prompt) -> String {
    format!("{} {}", prompt.prompt_ref, prompt.sha256)
}

/// `rewrite/v1/system.j2` → `rewrite@1`.
fn ref_of(path: &str) -> Option<PromptRef> {
    let mut parts = path.split('/');
    let (name, version, file) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !(FILES.contains(&file) || GROUP_FILES.contains(&file)) {
        return None;
    }
    format!("{name}@{}", version.strip_prefix('v')?).parse().ok()
}

fn read_prompt(prompt_ref: PromptRef, files: &PromptFiles) -> Result<Prompt, PromptError> {
    let mut digest = Sha256::new();
    let mut read = |file: &'static str| {
        let path = format!("{}/v{}/{file}", prompt_ref.name, prompt_ref.version);
        // Line ends are not part of a version: a checkout on another system must have the same hash.
        let text = files.get(&path)?.replace("\r\n", "\n");
        digest.update((file.len() as u64).to_be_bytes());
        digest.update(file);
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(&text);
        Some(text)
    };
    let missing = |file| PromptError::Missing { prompt_ref: prompt_ref.clone(), file };
    let [manifest, system, user] = FILES.map(|file| read(file).ok_or_else(|| missing(file)));
    let [group_system, group_user] = GROUP_FILES.map(|file| read(file).ok_or(file));
    let manifest: Manifest =
        toml::from_str(&manifest?).map_err(|source| PromptError::Manifest { prompt_ref: prompt_ref.clone(), source: Box::new(source) })?;
    let templates = Templates::new(system?, user?);
    let group = match (&manifest.group, group_system, group_user) {
        (Some(manifest), system, user) => {
            let templates = Templates::new(system.map_err(missing)?, user.map_err(missing)?);
            Some(GroupTemplates { manifest: manifest.clone(), templates })
        }
        (None, Err(_), Err(_)) => None,
        (None, system, _) => {
            let [file, other] = GROUP_FILES;
            return Err(PromptError::Undeclared { prompt_ref: prompt_ref.clone(), file: if system.is_ok() { file } else { other } });
        }
    };
    let sha256 = hex(digest.finalize().as_slice());
    let prompt = Prompt { prompt_ref, sha256, released: false, manifest, templates, group };
    check_variables(&prompt)?;
    Ok(prompt)
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
