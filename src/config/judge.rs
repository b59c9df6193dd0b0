//! Who judges what models write: the keys of `[llm]` that say so.

use super::file::{FileConfig, JudgeTrustKey, JudgeWhenKey};
use super::{ChainEntry, ConfigError, Environment, entries};

/// Who judges, whether it is tried first, and what it reads.
#[derive(Debug, Clone)]
pub struct JudgeKeys {
    /// Who.
    pub by: JudgeBy,
    /// Whether it is tried first.
    pub trust: JudgeTrustKey,
    /// Which lines it reads.
    pub when: JudgeWhenKey,
}

/// Who judges.
#[derive(Debug, Clone)]
pub enum JudgeBy {
    /// The model that wrote.
    Same,
    /// Nobody.
    Nobody,
    /// This model.
    Model(Box<ChainEntry>),
}

impl JudgeKeys {
    pub(super) fn of(keys: &FileConfig, environment: &Environment) -> Result<Self, ConfigError> {
        let lacks = |key: &str| ConfigError::value(format!("llm.{key}"), "is missing; the default file is damaged");
        let by = match keys.llm.judge.as_deref().map(str::trim).ok_or_else(|| lacks("judge"))? {
            "same" => JudgeBy::Same,
            "none" | "" => JudgeBy::Nobody,
            named => {
                let reason = |_| ConfigError::value("llm.judge", format!("is `{named}`; write \"same\", \"none\" or provider/model"));
                let model = named.parse().map_err(reason)?;
                let entry = entries("llm.judge", vec![model], keys, environment)?.pop();
                entry.map_or(JudgeBy::Nobody, |entry| JudgeBy::Model(Box::new(entry)))
            }
        };
        Ok(Self {
            by,
            trust: keys.llm.judge_trust.ok_or_else(|| lacks("judge_trust"))?,
            when: keys.llm.judge_when.ok_or_else(|| lacks("judge_when"))?,
        })
    }

    /// The model that judges beside the chain, if one is named.
    pub fn model(&self) -> Option<&ChainEntry> {
        match &self.by {
            JudgeBy::Model(entry) => Some(entry),
            JudgeBy::Same | JudgeBy::Nobody => None,
        }
    }
}
