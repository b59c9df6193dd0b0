//! Holds whose owners died: each becomes an attempt of unknown cost, at the price of its prompt, so that what a provider may have billed is neither
//! forgotten nor held for ever.

use super::attempts::{ABANDONED, AttemptRow};
use super::posting;
use super::store::{Store, Tx, on};
use crate::domain::cost::Certainty;
use crate::ports::{Source, Timestamp};

/// How many one caller settles for others, so that nobody waits long for the dead.
const MOST: usize = 100;

/// A hold as it was left behind, but for what only counts while it is open.
type Left = (String, String, i64, i64, i64, String, i64, i64, String, String, String, Option<String>, i64, String, String);

/// Settles what has expired by then, in one transaction each.
pub(super) async fn settle_expired(store: &Store, now: Timestamp) -> Result<(), Source> {
    for _ in 0..MOST {
        let mut transaction = store.begin().await?;
        let Some(row) = take(&mut transaction, now).await? else { break };
        posting::post_within(&mut transaction, &row, false).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Takes the oldest of them away.
async fn take(transaction: &mut Tx, now: Timestamp) -> sqlx::Result<Option<AttemptRow>> {
    let left: Option<Left> = on!(transaction, |connection| {
        let take = sqlx::query_as(
            "delete from holds
            where attempt_id = (select attempt_id from holds where expires_at_us <= $1 order by expires_at_us limit 1)
            returning
                attempt_id, rewrite_id, bullet_index, bullets, attempt, tenant, started_at_us, expires_at_us,
                provider, model, prompt_ref, skill, input_pico_usd, price_ref, purpose",
        );
        take.bind(now.0).fetch_optional(connection).await?
    });
    Ok(left.map(AttemptRow::from))
}

impl From<Left> for AttemptRow {
    fn from(left: Left) -> Self {
        let (
            attempt_id,
            rewrite_id,
            bullet_index,
            bullets,
            attempt,
            tenant,
            started_at_us,
            expires_at_us,
            provider,
            model,
            prompt_ref,
            skill,
            input_pico_usd,
            price_ref,
            purpose,
        ) = left;
        Self {
            attempt_id,
            rewrite_id,
            bullet_index,
            bullets,
            attempt,
            purpose,
            tenant,
            started_at_us,
            // How long it was held: nobody knows how long it took, so no histogram counts it.
            latency_us: expires_at_us.saturating_sub(started_at_us).max(0),
            provider,
            model,
            served_model: None,
            served_tier: None,
            prompt_ref,
            skill,
            outcome: ABANDONED,
            input_tokens: None,
            cache_read_tokens: None,
            cache_write_5m_tokens: None,
            cache_write_1h_tokens: None,
            output_tokens: None,
            reasoning_tokens: None,
            cost_pico_usd: input_pico_usd,
            certainty: Certainty::Unknown.as_str(),
            price_ref,
        }
    }
}
