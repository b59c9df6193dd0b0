//! What a file needs besides: it is made late, for its owner alone, opened by many at once, and brought up to date.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::databases::Still;
use super::{NOW, entry, order};
use crate::adapters::ledger::database::DatabaseLedger;
use crate::adapters::ledger::migrations::{self, Extent};
use crate::adapters::ledger::store::{File, Store};
use crate::ports::{Hold, Ledger, LedgerError};

fn ledger_at(path: PathBuf) -> DatabaseLedger {
    DatabaseLedger::in_file(path, Arc::new(Still))
}

async fn record(ledger: &DatabaseLedger, id: u128) -> Result<(), LedgerError> {
    let order = order(id, "ada", NOW, 5);
    ledger.settle(Hold { attempt_id: order.attempt_id }, &entry(&order, 5)).await
}

async fn pool(ledger: &DatabaseLedger) -> &sqlx::SqlitePool {
    match ledger.store().await.expect("it opens") {
        Store::Sqlite(File { pool, .. }) => pool,
        Store::Postgres(_) => panic!("a server"),
    }
}

/// A few columns of every row.
async fn rows(ledger: &DatabaseLedger) -> Vec<String> {
    let columns =
        "select attempt_id || ' ' || coalesce(input_tokens, -1) || ' ' || coalesce(served_tier, '-') from attempts order by attempt_id";
    sqlx::query_scalar(columns).fetch_all(pool(ledger).await).await.expect("read")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn is_empty(dir: &Path) -> bool {
    std::fs::read_dir(dir).expect("the folder is there").next().is_none()
}

#[tokio::test]
async fn a_ledger_of_an_earlier_version_is_brought_up_to_date_and_its_rows_are_added_up() {
    use sqlx::Connection as _;
    use sqlx::migrate::Migrator;
    let dir = folder();
    let path = dir.path().join("ledger.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut old = sqlx::SqliteConnection::connect_with(&options).await.expect("created");
    let first = migrations::sqlite(Extent::Shared).expect("sound").iter().take(1).cloned().collect();
    Migrator::with_migrations(first).run_direct(None, &mut old, false).await.expect("the first version");
    // 2026-11-06, twice in the same way and once in another; the last took longer than any bound.
    let rows_of_that_time = "insert into attempts values
        ('a', 'rw', 0, 1, 't', 1793954977000000, 1000, 'p', 'm', null, 'rewrite@1', null, 'complete', 9, 4, 2, 7, 'exact', 'free'),
        ('b', 'rw', 0, 2, 't', 1793954977000000, 1001, 'p', 'm', null, 'rewrite@1', null, 'complete', null, null, null, 0, 'unknown', 'free'),
        ('c', 'rw', 1, 1, 'u', 1793954977000000, 9000000000, 'p', 'm', null, 'rewrite@1', 'sql', 'complete', 1, 0, 1, 5, 'exact', 'free')";
    sqlx::query(rows_of_that_time).execute(&mut old).await.expect("rows");
    old.close().await.expect("closed");
    let ledger = ledger_at(path);
    record(&ledger, 1).await.expect("written");
    let id = "00000000-0000-0000-0000-000000000001 103 flex";
    assert_eq!(rows(&ledger).await, [id, "a 9 -", "b -1 -", "c 1 -"]);
    let told = async |sql: &'static str| -> Vec<String> { sqlx::query_scalar(sql).fetch_all(pool(&ledger).await).await.expect("read") };
    let used = "select tenant || ' ' || day || ' ' || skill || ' ' || calls || ' ' || attempts || ' ' || input_tokens || ' ' || cached_input_tokens
        || ' ' || output_tokens || ' ' || cost_pico_usd || ' ' || unknown from usage_daily where tenant in ('t', 'u') order by 1";
    assert_eq!(told(used).await, ["t 2026-11-06  1 2 9 4 2 7 1", "u 2026-11-06 sql 1 1 1 0 1 5 0"]);
    let taken = "select tenant || ' ' || up_to_us || ' ' || taken.attempts from latency_daily as taken join usage_daily using (usage_id)
        where tenant in ('t', 'u') order by tenant, up_to_us";
    assert_eq!(told(taken).await, ["t 1000 1", "t 1250 1", "u 8000000000 1"]);
    let spent = "select tenant || ' ' || period || ' ' || spent_pico_usd from spending where tenant in ('t', '*') order by 1";
    assert_eq!(told(spent).await, ["* 2026-11 17", "* 2026-11-06 17", "t 2026-11 7", "t 2026-11-06 7"]);
}

#[tokio::test]
async fn a_program_of_the_version_before_goes_on_with_a_file_that_is_a_step_further() {
    let dir = folder();
    let path = dir.path().join("ledger.db");
    let newer = ledger_at(path.clone());
    record(&newer, 1).await.expect("written");
    let step =
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9999, 'next year', true, x'00', 1)";
    sqlx::query(step).execute(pool(&newer).await).await.expect("a step that this program does not know");
    record(&ledger_at(path), 2).await.expect("written all the same");
}

#[tokio::test]
async fn a_row_outlives_the_process_and_readers_do_not_wait() {
    let dir = folder();
    let ledger = ledger_at(dir.path().join("ledger.db"));
    let mode: String = sqlx::query_scalar("pragma journal_mode").fetch_one(pool(&ledger).await).await.expect("answered");
    let synchronous: i64 = sqlx::query_scalar("pragma synchronous").fetch_one(pool(&ledger).await).await.expect("answered");
    assert_eq!((mode.as_str(), synchronous), ("wal", 1));
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_what_is_created() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = folder();
    let ledger = ledger_at(dir.path().join("new/ledger.db"));
    record(&ledger, 1).await.expect("written");
    let mode = |path: &Path| std::fs::metadata(path).expect("created").permissions().mode() & 0o777;
    assert_eq!(mode(&dir.path().join("new")), 0o700);
    for file in std::fs::read_dir(dir.path().join("new")).expect("created") {
        let file = file.expect("read").path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn neither_naming_nor_probing_creates_anything() {
    let dir = folder();
    let ledger = ledger_at(dir.path().join("new/er/ledger.db"));
    ledger.probe().await.expect("could be made");
    assert!(is_empty(dir.path()));
    ledger.open().await.expect("opened");
    ledger.probe().await.expect("open");
}

#[tokio::test]
async fn probing_a_ledger_of_an_earlier_run_leaves_it_as_it_was() {
    let dir = folder();
    let path = dir.path().join("ledger.db");
    let earlier = ledger_at(path.clone());
    record(&earlier, 1).await.expect("written");
    earlier.store().await.expect("open").close().await;
    let before = std::fs::read(&path).expect("closed");
    ledger_at(path.clone()).probe().await.expect("readable");
    assert_eq!(std::fs::read(&path).expect("still there"), before);
    assert_eq!(std::fs::read_dir(dir.path()).expect("the folder is there").count(), 1, "no side file was made");
}

#[tokio::test]
async fn probing_while_another_process_writes_finds_the_ledger() {
    let dir = folder();
    let path = dir.path().join("ledger.db");
    let other = ledger_at(path.clone());
    record(&other, 1).await.expect("written");
    ledger_at(path).probe().await.expect("readable");
    record(&other, 2).await.expect("still open");
}

#[tokio::test]
async fn ledgers_that_open_one_new_file_at_once_can_all_write() {
    let dir = folder();
    let path = dir.path().join("ledger.db");
    let ledgers: Vec<_> = (0..4).map(|_| ledger_at(path.clone())).collect();
    let writes = (0..40).zip(ledgers.iter().cycle()).map(|(id, ledger)| record(ledger, id));
    futures_util::future::try_join_all(writes).await.expect("all written");
    assert_eq!(rows(&ledger_at(path)).await.len(), 40);
}

#[cfg(unix)]
#[tokio::test]
async fn a_place_where_nothing_may_be_written_is_out_of_reach() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = folder();
    let read_only = |path: &Path| std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o500)).expect("ours");
    let path = dir.path().join("ledger.db");
    ledger_at(path.clone()).open().await.expect("opened");
    read_only(&path);
    ledger_at(path).probe().await.expect_err("the file is read-only");
    read_only(dir.path());
    ledger_at(dir.path().join("new/ledger.db")).probe().await.expect_err("the folder is read-only");
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).expect("ours");
}

async fn check_unusable(path: PathBuf) {
    let ledger = ledger_at(path.clone());
    for (act, result) in [("reach", ledger.probe().await), ("open", ledger.open().await)] {
        let error = result.expect_err("unusable");
        assert_eq!(error.to_string(), format!("could not {act} the ledger at {}", path.display()));
    }
}

#[tokio::test]
async fn what_cannot_be_a_ledger_is_an_error_that_names_the_path() {
    let dir = folder();
    check_unusable(dir.path().to_owned()).await;
    let file = dir.path().join("notes.txt");
    std::fs::write(&file, "Not a database, but long enough to be looked at as one. ".repeat(20)).expect("written");
    check_unusable(file.clone()).await;
    check_unusable(file.join("ledger.db")).await;
}

#[tokio::test]
async fn a_failure_to_open_is_not_remembered() {
    let dir = folder();
    let path = dir.path().join("ledger.db");
    std::fs::create_dir(&path).expect("created");
    let ledger = ledger_at(path.clone());
    ledger.open().await.expect_err("a folder is in the place");
    std::fs::remove_dir(&path).expect("removed");
    record(&ledger, 1).await.expect("the place is free");
}

#[tokio::test]
async fn names_with_a_meaning_of_their_own_to_sqlite_are_plain_names_here() {
    let dir = folder();
    for name in ["file:ledger.db?mode=memory", ":memory:", "100% a #1?.db"] {
        let path = dir.path().join(name);
        let ledger = ledger_at(path.clone());
        record(&ledger, 1).await.expect("written");
        ledger.store().await.expect("open").close().await;
        assert_eq!(rows(&ledger_at(path.clone())).await.len(), 1, "{name}");
        ledger_at(path).probe().await.expect(name);
    }
}
