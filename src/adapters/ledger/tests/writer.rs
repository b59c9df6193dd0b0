//! Rows of a file that are written together: each is there or its owner hears why not, whoever else waits, gives up or fails.

use std::pin::pin;

use futures_util::future::{join, join_all, select};
use futures_util::{FutureExt as _, poll};

use super::databases::{Database, Kind, on_both, on_sqlite};
use super::{NOW, entry, order};
use crate::adapters::ledger::database::DatabaseLedger;
use crate::ports::{Hold, Ledger, LedgerEntry, LedgerError};

const ROWS: &str = "select count(*) from attempts";
const SPENT: &str = "select cast(coalesce(sum(spent_pico_usd), 0) as bigint) from spending where tenant = '*' and length(period) = 7";
const TAKEN: &str = "select cast(coalesce(sum(attempts), 0) as bigint) from latency_daily";

/// Attempts of a pico-dollar each.
fn entries(ids: std::ops::Range<u128>) -> Vec<LedgerEntry> {
    ids.map(|id| entry(&order(id, "ada", NOW, 1), 1)).collect()
}

async fn settle(ledger: &DatabaseLedger, entry: &LedgerEntry) -> Result<(), LedgerError> {
    ledger.settle(Hold { attempt_id: entry.attempt_id }, entry).await
}

/// Lets the others go on for a while.
async fn some_steps(steps: usize) {
    for _ in 0..steps {
        tokio::task::yield_now().await;
    }
}

async fn all_say(database: &Database, rows: i64) {
    assert_eq!((database.number(ROWS).await, database.number(SPENT).await, database.number(TAKEN).await), (rows, rows, rows));
}

/// Settles these while another process writes, so that they wait together.
async fn settle_behind_another(database: &Database, ledger: &DatabaseLedger, entries: &[LedgerEntry]) -> Vec<Result<(), LedgerError>> {
    let other = database.connect().await;
    let transaction = other.begin().await.expect("nobody else writes");
    let settling = join_all(entries.iter().map(|entry| settle(ledger, entry)));
    let ending = async {
        some_steps(20).await;
        transaction.commit().await.expect("ours");
    };
    join(settling, ending).await.0
}

#[tokio::test]
async fn whoever_settles_at_once_is_written_at_once_behind_another_process() {
    on_sqlite(async |database: &Database| {
        let ledger = database.ledger();
        ledger.open().await.expect("it opens");
        let settled = settle_behind_another(database, &ledger, &entries(1..101)).await;
        for settled in settled {
            settled.expect("waited for");
        }
        all_say(database, 100).await;
    })
    .await;
}

#[tokio::test]
async fn one_that_cannot_be_written_fails_alone() {
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        settle(&ledger, &entries(5..6)[0]).await.expect("written");
        let settled = match database.kind {
            Kind::Sqlite => settle_behind_another(database, &ledger, &entries(1..11)).await,
            Kind::Postgres => join_all(entries(1..11).iter().map(|entry| settle(&ledger, entry))).await,
        };
        let failed: Vec<usize> = settled.iter().zip(1..).filter(|(settled, _)| settled.is_err()).map(|(_, id)| id).collect();
        assert_eq!(failed, [5], "it has a row already");
        all_say(database, 10).await;
    })
    .await;
}

#[tokio::test]
async fn who_gives_up_loses_the_news_and_not_the_row() {
    on_sqlite(async |database: &Database| {
        let ledger = database.ledger();
        ledger.open().await.expect("it opens");
        for (at, entry) in entries(1..201).iter().enumerate() {
            let mut settling = settle(&ledger, entry).boxed();
            // Given up after none to six steps.
            for _ in 0..=at % 7 {
                if poll!(&mut settling).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        settle(&ledger, &entries(201..202)[0]).await.expect("the connection is as it was");
        all_say(database, 201).await;
    })
    .await;
}

#[tokio::test]
async fn a_ledger_that_goes_in_the_middle_leaves_no_lock_behind() {
    on_sqlite(async |database: &Database| {
        for round in 0..20_u128 {
            let ledger = database.ledger();
            ledger.open().await.expect("it opens");
            let first = 1 + round * 100;
            let entries = entries(first..first + 50);
            let settling = join_all(entries.iter().map(|entry| settle(&ledger, entry)));
            let steps = async { some_steps(usize::try_from(round).expect("small") * 10).await };
            select(pin!(settling), pin!(steps)).await;
        }
        let ledger = database.ledger();
        settle(&ledger, &entries(9_001..9_002)[0]).await.expect("the file is free");
        let rows = database.number(ROWS).await;
        assert!((1..=1_001).contains(&rows), "{rows}");
        all_say(database, rows).await;
    })
    .await;
}
