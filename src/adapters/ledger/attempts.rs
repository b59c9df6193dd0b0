//! The rows of attempts: the truth that every sum is made of.

use super::store::{Tx, on};
use crate::domain::cost::TokenUsage;
use crate::ports::{LedgerEntry, Source, Timestamp};

/// The word of an attempt whose owner died; beside it stand the words of `contract::problem` and `complete`.
pub(super) const ABANDONED: &str = "abandoned";

/// No attempt costs a thousand dollars. What claims to is written as that much, so that no sum can be driven out of the range of 2⁶³ − 1
/// pico-dollars, nine million dollars, which would refuse every later call.
const MOST_PICO_USD: i64 = 1_000_000_000_000_000;
/// Nor does one take a trillion tokens.
const MOST_TOKENS: i64 = 1_000_000_000_000;

/// One attempt as it stands in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttemptRow {
    pub(super) attempt_id: String,
    pub(super) rewrite_id: String,
    pub(super) bullet_index: i64,
    pub(super) bullets: i64,
    pub(super) attempt: i64,
    pub(super) purpose: String,
    pub(super) tenant: String,
    pub(super) started_at_us: i64,
    pub(super) latency_us: i64,
    pub(super) provider: String,
    pub(super) model: String,
    pub(super) served_model: Option<String>,
    pub(super) served_tier: Option<String>,
    pub(super) prompt_ref: String,
    pub(super) skill: Option<String>,
    pub(super) outcome: &'static str,
    pub(super) input_tokens: Option<i64>,
    pub(super) cache_read_tokens: Option<i64>,
    pub(super) cache_write_5m_tokens: Option<i64>,
    pub(super) cache_write_1h_tokens: Option<i64>,
    pub(super) output_tokens: Option<i64>,
    pub(super) reasoning_tokens: Option<i64>,
    pub(super) cost_pico_usd: i64,
    pub(super) certainty: &'static str,
    pub(super) price_ref: String,
}

impl From<&LedgerEntry> for AttemptRow {
    fn from(entry: &LedgerEntry) -> Self {
        let LedgerEntry {
            attempt_id,
            rewrite_id,
            bullet_index,
            bullets,
            attempt,
            purpose,
            tenant,
            started_at: Timestamp(started_at_us),
            latency,
            model,
            served_model,
            served_tier,
            prompt_ref,
            skill,
            outcome,
            usage,
            cost,
            certainty,
            price_ref,
        } = entry;
        let tokens = |count: fn(TokenUsage) -> Option<u64>| usage.and_then(count).map(|count| whole(count).min(MOST_TOKENS));
        Self {
            attempt_id: attempt_id.to_string(),
            rewrite_id: rewrite_id.clone(),
            bullet_index: i64::from(*bullet_index),
            bullets: i64::from(*bullets),
            attempt: i64::from(*attempt),
            purpose: purpose.as_str().to_owned(),
            tenant: tenant.clone(),
            started_at_us: *started_at_us,
            latency_us: whole(latency.as_micros()),
            provider: model.provider().to_owned(),
            model: model.model().to_owned(),
            served_model: served_model.clone(),
            served_tier: served_tier.clone(),
            prompt_ref: prompt_ref.to_string(),
            skill: skill.clone(),
            outcome,
            input_tokens: tokens(TokenUsage::input),
            cache_read_tokens: tokens(|usage| usage.cache_read),
            cache_write_5m_tokens: tokens(|usage| usage.cache_write_5m),
            cache_write_1h_tokens: tokens(|usage| usage.cache_write_1h),
            output_tokens: tokens(TokenUsage::output),
            reasoning_tokens: tokens(|usage| usage.output_reasoning),
            cost_pico_usd: pico_usd(cost.get()),
            certainty: certainty.as_str(),
            price_ref: price_ref.clone(),
        }
    }
}

/// Takes the row of an attempt away that was thought to be abandoned, and says what it had cost; none if there is no such row.
pub(super) async fn take_back(transaction: &mut Tx, attempt_id: &str) -> Result<Option<i64>, Source> {
    Ok(on!(transaction, |connection| {
        let delete = sqlx::query_scalar("delete from attempts where attempt_id = $1 and outcome = $2 returning cost_pico_usd");
        delete.bind(attempt_id).bind(ABANDONED).fetch_optional(connection).await?
    }))
}

/// Every write that must hit one row says so.
pub(super) fn one(rows: u64) -> Result<(), Source> {
    match rows {
        1 => Ok(()),
        rows => Err(format!("{rows} rows were written instead of one").into()),
    }
}

/// An amount as the tables hold it.
pub(super) fn pico_usd(amount: u64) -> i64 {
    whole(amount).min(MOST_PICO_USD)
}

/// A number as the tables hold it.
pub(super) fn whole(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}
