//! What an attempt cost is written after it, all or nothing.

use super::attempts::{self, AttemptRow};
use super::store::Store;
use super::{posting, roll_ups};
use crate::ports::{LedgerEntry, Source};

/// Settles one attempt.
pub(super) async fn settle(store: &Store, entry: &LedgerEntry) -> Result<(), Source> {
    let row = AttemptRow::from(entry);
    match posting::post(store, &row).await {
        Err(error) if is_there_already(error.as_ref()) => replace(store, &row, error).await,
        posted => posted,
    }
}

/// Its owner was slow, not dead: the row that was written in its place goes. Any other row stays, and this attempt is an error.
async fn replace(store: &Store, row: &AttemptRow, there_already: Source) -> Result<(), Source> {
    let mut transaction = store.begin().await?;
    let Some(cost_pico_usd) = attempts::take_back(&mut transaction, &row.attempt_id).await? else { return Err(there_already) };
    posting::post_within(&mut transaction, row, true).await?;
    roll_ups::take_back(&mut transaction, row, cost_pico_usd).await?;
    Ok(transaction.commit().await?)
}

/// Whether what was to be written has a row already.
pub(super) fn is_there_already(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let error = error.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
    error.is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
