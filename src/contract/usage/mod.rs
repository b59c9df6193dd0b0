//! `GET /v1/usage`: what was used and what it cost, in dollars, tokens and time; and what is left of the budgets.

mod csv;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::usage::Grouping;

/// What is asked for, as the query of a URL; nothing is required.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UsageRequest {
    /// The first day, `2026-11-01`, in UTC; the first of this month when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The day after the last one; tomorrow when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What sums are told apart by: some of `day`, `model`, `key`, `prompt` and `skill`, with commas between them; `day` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_by: Option<String>,
}

/// What was used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UsageAnswer {
    /// The first day, in UTC.
    pub from: String,
    /// The day after the last one.
    pub to: String,
    /// What the sums are told apart by.
    pub group_by: Vec<Grouping>,
    /// One for each group in which anything was used, in the order of the groupings.
    pub rows: Vec<UsageFigures>,
    /// All of them together.
    pub total: UsageFigures,
    /// What is left of each limit that is set, today and in this month.
    pub budgets: Vec<BudgetLeft>,
    /// By how many percent at most a latency of a millisecond or more is told too high; a shorter one is told as a millisecond.
    pub latency_error_percent: u8,
}

/// What was used in one group; what the group is not told apart by is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UsageFigures {
    /// The day, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// The model that was asked, `provider/model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Whose account it is: `local` or `admin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The prompt version, `name@N`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// The skill of the guide; absent as well for bullets of none, and for calls that asked for bullets of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// Questions to a model, each counted once however often it had to be asked.
    pub calls: u64,
    /// Attempts to get them answered.
    pub attempts: u64,
    /// Bullets that were answered without a call: by the cache, or by another request that asked the same at the same time.
    pub cache_hits: u64,
    /// Tokens of the prompts, those that the provider had in its cache among them.
    pub input_tokens: u64,
    /// Tokens of the prompts that the provider had in its cache.
    pub cached_tokens: u64,
    /// Tokens of the answers.
    pub output_tokens: u64,
    /// What it cost, in US dollars: a plain decimal.
    pub cost_usd: String,
    /// The same in whole pico-dollars (10⁻¹² USD), as text, since it can be larger than what every JSON reader holds exactly.
    pub cost_pico_usd: String,
    /// What the hits would have cost: for each what its answer had cost.
    pub saved_usd: String,
    /// Attempts of which nobody told what they took; their cost is that of their prompts.
    pub unknown: u64,
    /// What this group has cost since `from`, this day included; only where days are told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running_cost_usd: Option<String>,
    /// What this group cost a day, on average over the seven days that end with this one; a day without use counts as nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average_7d_cost_usd: Option<String>,
    /// Half of the attempts took at most so many milliseconds; absent where no time was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_p50_ms: Option<f64>,
    /// 95 of a hundred did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_p95_ms: Option<f64>,
    /// 99 of a hundred did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_p99_ms: Option<f64>,
}

/// What is left of one limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BudgetLeft {
    /// Whose limit it is; `null` for that of all together.
    pub key: Option<String>,
    /// For how long it is.
    pub period: BudgetPeriod,
    /// The limit, in US dollars.
    pub limit_usd: String,
    /// What was spent.
    pub spent_usd: String,
    /// What is set aside for calls that are being made.
    pub held_usd: String,
    /// What is left.
    pub left_usd: String,
}

/// For how long a limit is, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BudgetPeriod {
    /// A day.
    Day,
    /// A month.
    Month,
}

impl BudgetPeriod {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}
