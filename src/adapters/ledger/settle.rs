//! What an attempt cost is written after it, in one transaction: the hold goes, the row and the sums come.

use super::attempts::{self, AttemptRow};
use super::roll_ups;
use super::store::{Store, Tx, on};
use crate::ports::{LedgerEntry, Source};

/// Settles one attempt.
pub(super) async fn settle(store: &Store, entry: &LedgerEntry) -> Result<(), Source> {
    let row = AttemptRow::from(entry);
    let mut transaction = store.begin().await?;
    let was_held = release(&mut transaction, &row.attempt_id).await?;
    // Its owner was slow, not dead: the row that was written in its place goes.
    let replaced = if was_held { None } else { attempts::take_back(&mut transaction, &row.attempt_id).await? };
    attempts::insert(&mut transaction, &row).await?;
    roll_ups::add(&mut transaction, &row, true).await?;
    if let Some(cost_pico_usd) = replaced {
        roll_ups::take_back(&mut transaction, &row, cost_pico_usd).await?;
    }
    Ok(transaction.commit().await?)
}

async fn release(transaction: &mut Tx, attempt_id: &str) -> Result<bool, Source> {
    let released = on!(transaction, |connection| {
        sqlx::query("delete from holds where attempt_id = $1").bind(attempt_id).execute(connection).await?.rows_affected()
    });
    Ok(released > 0)
}
