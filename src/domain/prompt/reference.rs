//! The name of a prompt version, `name@N`.

use std::fmt;
use std::str::FromStr;

use super::PromptError;

/// A prompt version: `rewrite@1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PromptRef {
    pub(super) name: String,
    pub(super) version: u32,
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
        let bad = || PromptError::not_a_ref(text);
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
