//! The shape of a configuration file: every key optional, unknown keys refused.
//!
//! One type serves every layer, so that each can be checked on its own and be named when it is wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::units::{OrNone, Period, Size};

/// A whole file, or all layers put together.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileConfig {
    pub(super) server: ServerKeys,
    pub(super) llm: LlmKeys,
    pub(super) providers: BTreeMap<String, ProviderKeys>,
    pub(super) prices: PricesKeys,
    pub(super) guides: FolderKeys,
    pub(super) prompts: FolderKeys,
    pub(super) cache: CacheKeys,
    pub(super) budget: BudgetFileKeys,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServerKeys {
    pub(super) address: Option<String>,
    pub(super) deadline: Option<Period>,
    pub(super) body_limit: Option<Size>,
    pub(super) drain: Option<Period>,
    pub(super) public_metrics: Option<bool>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LlmKeys {
    pub(super) chain: Option<Chain>,
    pub(super) auto_chain: Option<bool>,
    pub(super) concurrency: Option<u64>,
    pub(super) attempts: Option<u64>,
    pub(super) attempt_timeout: Option<Period>,
    pub(super) retry_budget: Option<f64>,
    pub(super) calls_per_provider: Option<u64>,
    pub(super) queue_per_provider: Option<u64>,
    pub(super) breaker_failures: Option<u64>,
    pub(super) breaker_pause: Option<Period>,
    pub(super) quota_pause: Option<Period>,
    pub(super) group_size: Option<u64>,
    pub(super) group_output_tokens: Option<u64>,
    pub(super) judge: Option<String>,
    pub(super) judge_trust: Option<JudgeTrustKey>,
    pub(super) judge_when: Option<JudgeWhenKey>,
}

/// Whether a judge is tried before its word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JudgeTrustKey {
    /// It is.
    Calibrated,
    /// It is not.
    Always,
}

/// Which lines a judge reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JudgeWhenKey {
    /// Every line of a model that nothing speaks against.
    Always,
    /// Only those that code cannot settle.
    Asked,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProviderKeys {
    pub(super) kind: Option<ProviderKind>,
    pub(super) base_url: Option<String>,
    pub(super) api_key_env: Option<String>,
    pub(super) free: Option<bool>,
    pub(super) default_model: Option<String>,
    pub(super) reasoning_effort: Option<String>,
    pub(super) temperature: Option<f64>,
    pub(super) limit_field: Option<LimitName>,
    pub(super) dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ProviderKind {
    OpenAi,
    Anthropic,
    Gemini,
    Replay,
}

/// The name of the token limit on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitName {
    /// What OpenAI's newer models take.
    MaxCompletionTokens,
    /// What everyone else takes.
    MaxTokens,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PricesKeys {
    pub(super) file: Option<PathBuf>,
    pub(super) stale_after: Option<OrNone<Period>>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FolderKeys {
    pub(super) dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CacheKeys {
    pub(super) memory: Option<OrNone<Size>>,
    pub(super) time_to_live: Option<Period>,
    pub(super) time_to_idle: Option<OrNone<Period>>,
    pub(super) stale_if_error: Option<OrNone<Period>>,
    pub(super) shared_between_tenants: Option<bool>,
    pub(super) redis_timeout: Option<Period>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct BudgetFileKeys {
    pub(super) on_ledger_down: Option<LedgerDown>,
    pub(super) total: CapKeys,
    pub(super) principals: BTreeMap<String, CapKeys>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CapKeys {
    pub(super) day: Option<String>,
    pub(super) month: Option<String>,
}

/// What becomes of calls when the ledger is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerDown {
    /// They are refused.
    FailClosed,
    /// They are made and not counted.
    FailOpen,
}

/// Models in order; in a file a list, in the environment one text with commas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Chain(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Chain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrText;
        impl<'de> Visitor<'de> for ListOrText {
            type Value = Chain;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of provider/model, or one text with commas between them")
            }

            fn visit_str<E>(self, text: &str) -> Result<Chain, E> {
                Ok(Chain(text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Chain, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = list.next_element::<String>()? {
                    entries.push(entry);
                }
                Ok(Chain(entries))
            }
        }
        deserializer.deserialize_any(ListOrText)
    }
}
