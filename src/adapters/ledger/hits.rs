//! Hits of the cache, added to what was used. They are no attempts and cost nothing, so there is no row for each of them: these counts are their only trace.

use super::attempts::{one, pico_usd, whole};
use super::store::{Store, on};
use crate::domain::usage::{HitKind, Hits};
use crate::ports::Source;

const COUNT: &str = "insert into usage_daily as kept (day, tenant, provider, model, prompt_ref, skill, cache_hits, saved_pico_usd)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (day, tenant, provider, model, prompt_ref, skill) do update set
        cache_hits = kept.cache_hits + excluded.cache_hits,
        saved_pico_usd = kept.saved_pico_usd + excluded.saved_pico_usd";

/// Adds them, all or nothing, in the order they come in; whoever does so at a server at the same time must use the same order.
pub(super) async fn count(store: &Store, hits: &[(HitKind, Hits)]) -> Result<(), Source> {
    let mut transaction = store.begin().await?;
    for (HitKind { day, tenant, model, prompt_ref, skill }, Hits { count, saved }) in hits {
        let counted = on!(&mut transaction, |connection| {
            let count_them = sqlx::query(COUNT).bind(day.to_string()).bind(tenant).bind(model.provider()).bind(model.model());
            let count_them = count_them.bind(prompt_ref.to_string()).bind(skill.as_deref().unwrap_or_default());
            count_them.bind(whole(*count)).bind(pico_usd(saved.get())).execute(connection).await?.rows_affected()
        });
        one(counted)?;
    }
    Ok(transaction.commit().await?)
}
