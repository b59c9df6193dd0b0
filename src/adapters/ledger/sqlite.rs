//! Keeps the account of every attempt in one SQLite file, which several processes may share.
//!
//! Nothing is created before the first attempt, and only the owner can read what is then created.

use std::path::PathBuf;

use sqlx::SqlitePool;
use tokio::sync::OnceCell;

use super::file;
use crate::domain::cost::TokenUsage;
use crate::ports::{BoxFuture, Ledger, LedgerEntry, LedgerError, Source, Timestamp};

/// The ledger in a file.
#[derive(Debug)]
pub struct SqliteLedger {
    path: PathBuf,
    pool: OnceCell<SqlitePool>,
}

impl SqliteLedger {
    /// Names the file; touches nothing.
    pub fn new(path: PathBuf) -> Self {
        Self { path, pool: OnceCell::new() }
    }

    fn failed(&self, act: &'static str) -> impl FnOnce(Source) -> LedgerError {
        let place = self.path.display().to_string();
        move |source| LedgerError { act, place, source }
    }

    /// The open file; a failure is not remembered, so that the next call tries again.
    async fn pool(&self) -> Result<&SqlitePool, LedgerError> {
        self.pool.get_or_try_init(|| file::open(&self.path)).await.map_err(self.failed("open"))
    }
}

impl Ledger for SqliteLedger {
    fn probe(&self) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async {
            let reached = match self.pool.get() {
                Some(pool) => sqlx::query("select 1").execute(pool).await.map(drop).map_err(Source::from),
                None => file::probe(&self.path).await,
            };
            reached.map_err(self.failed("reach"))
        })
    }

    fn open(&self) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async { self.pool().await.map(drop) })
    }

    fn record<'a>(&'a self, entry: &'a LedgerEntry) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(async { insert(self.pool().await?, entry).await.map_err(self.failed("write")) })
    }
}

async fn insert(pool: &SqlitePool, entry: &LedgerEntry) -> Result<(), Source> {
    let LedgerEntry {
        attempt_id,
        rewrite_id,
        bullet_index,
        bullets,
        attempt,
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
    let tokens = |count: fn(TokenUsage) -> Option<u64>| usage.and_then(count).map(whole);
    let done = sqlx::query(
        "insert into attempts (
            attempt_id, rewrite_id, bullet_index, attempt, tenant, started_at_us, latency_us,
            provider, model, served_model, prompt_ref, skill, outcome,
            input_tokens, cached_input_tokens, output_tokens, cost_pico_usd, certainty, price_ref,
            served_tier, cache_write_5m_tokens, cache_write_1h_tokens, reasoning_tokens, bullets
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
    )
    .bind(attempt_id.to_string())
    .bind(rewrite_id)
    .bind(bullet_index)
    .bind(attempt)
    .bind(tenant)
    .bind(started_at_us)
    .bind(whole(latency.as_micros()))
    .bind(model.provider())
    .bind(model.model())
    .bind(served_model)
    .bind(prompt_ref.to_string())
    .bind(skill)
    .bind(outcome)
    .bind(tokens(TokenUsage::input))
    .bind(tokens(|usage| usage.cache_read))
    .bind(tokens(TokenUsage::output))
    .bind(whole(cost.get()))
    .bind(certainty.as_str())
    .bind(price_ref)
    .bind(served_tier)
    .bind(tokens(|usage| usage.cache_write_5m))
    .bind(tokens(|usage| usage.cache_write_1h))
    .bind(tokens(|usage| usage.output_reasoning))
    .bind(bullets)
    .execute(pool)
    .await?;
    match done.rows_affected() {
        1 => Ok(()),
        rows => Err(format!("{rows} rows were written instead of one").into()),
    }
}

/// SQLite's integers end at 2⁶³ − 1: nine million dollars, or three hundred thousand years.
fn whole(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use sqlx::{Column as _, Row as _};
    use uuid::Uuid;

    use super::*;
    use crate::domain::cost::{Certainty, PicoUsd};

    fn entry(id: u128) -> LedgerEntry {
        LedgerEntry {
            attempt_id: Uuid::from_u128(id),
            rewrite_id: "rw_1".to_owned(),
            bullet_index: 2,
            bullets: 5,
            attempt: 3,
            tenant: "acme".to_owned(),
            started_at: Timestamp(1_793_954_977_000_001),
            latency: Duration::from_millis(1_500),
            model: "openai/gpt-5-mini".parse().expect("well formed"),
            served_model: Some("gpt-5-mini-2026".to_owned()),
            served_tier: Some("flex".to_owned()),
            prompt_ref: "rewrite@1".parse().expect("well formed"),
            skill: Some("sql".to_owned()),
            outcome: "complete",
            usage: Some(TokenUsage {
                input_uncached: Some(36),
                cache_read: Some(64),
                cache_write_5m: Some(3),
                cache_write_1h: None,
                output_visible: Some(15),
                output_reasoning: Some(5),
            }),
            cost: PicoUsd::new(312_000_000),
            certainty: Certainty::Exact,
            price_ref: "2026-11-01".to_owned(),
        }
    }

    /// Every column of every row as `name=value`, in the table's order.
    async fn rows(ledger: &SqliteLedger) -> Vec<String> {
        let rows = sqlx::query("select * from attempts order by attempt_id").fetch_all(ledger.pool().await.expect("open")).await;
        let show = |row: &sqlx::sqlite::SqliteRow, column: &sqlx::sqlite::SqliteColumn| {
            let at = column.ordinal();
            let value = row.try_get::<Option<i64>, _>(at).map(|number| number.map(|number| number.to_string()));
            let value = value.unwrap_or_else(|_| row.get(at)).unwrap_or_else(|| "null".to_owned());
            format!("{}={value}", column.name())
        };
        rows.expect("read").iter().map(|row| row.columns().iter().map(|column| show(row, column)).collect::<Vec<_>>().join(" ")).collect()
    }

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn is_empty(dir: &Path) -> bool {
        std::fs::read_dir(dir).expect("the folder is there").next().is_none()
    }

    #[tokio::test]
    async fn a_row_says_everything_the_entry_says() {
        let dir = folder();
        let ledger = SqliteLedger::new(dir.path().join("ledger.db"));
        ledger.open().await.expect("opened");
        ledger.record(&entry(1)).await.expect("written");
        let unknown = LedgerEntry {
            served_model: None,
            served_tier: None,
            skill: None,
            outcome: "timed_out",
            usage: None,
            cost: PicoUsd::new(u64::MAX),
            certainty: Certainty::Unknown,
            ..entry(2)
        };
        ledger.record(&unknown).await.expect("written");
        let expect = [
            "attempt_id=00000000-0000-0000-0000-000000000001 rewrite_id=rw_1 bullet_index=2 attempt=3 tenant=acme \
             started_at_us=1793954977000001 latency_us=1500000 provider=openai model=gpt-5-mini served_model=gpt-5-mini-2026 \
             prompt_ref=rewrite@1 skill=sql outcome=complete input_tokens=103 cached_input_tokens=64 output_tokens=20 \
             cost_pico_usd=312000000 certainty=exact price_ref=2026-11-01 served_tier=flex cache_write_5m_tokens=3 \
             cache_write_1h_tokens=null reasoning_tokens=5 bullets=5",
            "attempt_id=00000000-0000-0000-0000-000000000002 rewrite_id=rw_1 bullet_index=2 attempt=3 tenant=acme \
             started_at_us=1793954977000001 latency_us=1500000 provider=openai model=gpt-5-mini served_model=null \
             prompt_ref=rewrite@1 skill=null outcome=timed_out input_tokens=null cached_input_tokens=null output_tokens=null \
             cost_pico_usd=9223372036854775807 certainty=unknown price_ref=2026-11-01 served_tier=null \
             cache_write_5m_tokens=null cache_write_1h_tokens=null reasoning_tokens=null bullets=5",
        ];
        assert_eq!(rows(&ledger).await, expect);
    }

    #[tokio::test]
    async fn a_ledger_of_the_first_version_is_brought_up_to_date_and_keeps_its_rows() {
        use sqlx::Connection as _;
        use sqlx::migrate::Migrator;
        let dir = folder();
        let path = dir.path().join("ledger.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut old = sqlx::SqliteConnection::connect_with(&options).await.expect("created");
        let first = super::super::migrations::sqlite().expect("sound").iter().take(1).cloned().collect();
        Migrator::with_migrations(first).run_direct(None, &mut old, false).await.expect("the first version");
        let row = "insert into attempts values ('a', 'rw', 0, 1, 't', 1, 1, 'p', 'm', null, 'rewrite@1', null, 'complete', 9, 4, 2, 7, 'exact', 'free')";
        sqlx::query(row).execute(&mut old).await.expect("a row of that time");
        old.close().await.expect("closed");
        let ledger = SqliteLedger::new(path);
        ledger.record(&entry(1)).await.expect("written");
        let rows = rows(&ledger).await;
        assert_eq!(rows.len(), 2);
        assert!(
            rows[1].contains(" input_tokens=9 cached_input_tokens=4 output_tokens=2 ") && rows[1].contains(" served_tier=null "),
            "{rows:?}"
        );
    }

    #[tokio::test]
    async fn a_row_is_durable_when_it_is_written_and_readers_do_not_wait() {
        let dir = folder();
        let ledger = SqliteLedger::new(dir.path().join("ledger.db"));
        let pool = ledger.pool().await.expect("opened");
        let mode: String = sqlx::query_scalar("pragma journal_mode").fetch_one(pool).await.expect("answered");
        let synchronous: i64 = sqlx::query_scalar("pragma synchronous").fetch_one(pool).await.expect("answered");
        assert_eq!((mode.as_str(), synchronous), ("wal", 2));
    }

    #[tokio::test]
    async fn an_attempt_is_written_once() {
        let dir = folder();
        let ledger = SqliteLedger::new(dir.path().join("ledger.db"));
        ledger.record(&entry(1)).await.expect("written");
        let error = ledger.record(&entry(1)).await.expect_err("the same attempt again");
        assert_eq!(error.to_string(), format!("could not write the ledger at {}", dir.path().join("ledger.db").display()));
        assert_eq!(rows(&ledger).await.len(), 1);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_can_read_what_is_created() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = folder();
        let ledger = SqliteLedger::new(dir.path().join("new/ledger.db"));
        ledger.record(&entry(1)).await.expect("written");
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
        let ledger = SqliteLedger::new(dir.path().join("new/er/ledger.db"));
        ledger.probe().await.expect("could be made");
        assert!(is_empty(dir.path()));
        ledger.open().await.expect("opened");
        ledger.probe().await.expect("open");
    }

    #[tokio::test]
    async fn probing_a_ledger_of_an_earlier_run_leaves_it_as_it_was() {
        let dir = folder();
        let path = dir.path().join("ledger.db");
        let earlier = SqliteLedger::new(path.clone());
        earlier.record(&entry(1)).await.expect("written");
        earlier.pool().await.expect("open").close().await;
        let before = std::fs::read(&path).expect("closed");
        SqliteLedger::new(path.clone()).probe().await.expect("readable");
        assert_eq!(std::fs::read(&path).expect("still there"), before);
        assert_eq!(std::fs::read_dir(dir.path()).expect("the folder is there").count(), 1, "no side file was made");
    }

    #[tokio::test]
    async fn probing_while_another_process_writes_finds_the_ledger() {
        let dir = folder();
        let path = dir.path().join("ledger.db");
        let other = SqliteLedger::new(path.clone());
        other.record(&entry(1)).await.expect("written");
        SqliteLedger::new(path).probe().await.expect("readable");
        other.record(&entry(2)).await.expect("still open");
    }

    #[tokio::test]
    async fn ledgers_that_open_one_new_file_at_once_can_all_write() {
        let dir = folder();
        let path = dir.path().join("ledger.db");
        let ledgers: Vec<_> = (0..4).map(|_| SqliteLedger::new(path.clone())).collect();
        let entries: Vec<_> = (0..40).map(entry).collect();
        let writes = entries.iter().zip(ledgers.iter().cycle()).map(|(entry, ledger)| ledger.record(entry));
        futures_util::future::try_join_all(writes).await.expect("all written");
        assert_eq!(rows(&SqliteLedger::new(path)).await.len(), 40);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_place_where_nothing_may_be_written_is_out_of_reach() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = folder();
        let read_only = |path: &Path| std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o500)).expect("ours");
        let path = dir.path().join("ledger.db");
        SqliteLedger::new(path.clone()).open().await.expect("opened");
        read_only(&path);
        SqliteLedger::new(path).probe().await.expect_err("the file is read-only");
        read_only(dir.path());
        SqliteLedger::new(dir.path().join("new/ledger.db")).probe().await.expect_err("the folder is read-only");
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).expect("ours");
    }

    async fn check_unusable(path: PathBuf) {
        let ledger = SqliteLedger::new(path.clone());
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
        let ledger = SqliteLedger::new(path.clone());
        ledger.open().await.expect_err("a folder is in the place");
        std::fs::remove_dir(&path).expect("removed");
        ledger.record(&entry(1)).await.expect("the place is free");
    }

    #[tokio::test]
    async fn names_with_a_meaning_of_their_own_to_sqlite_are_plain_names_here() {
        let dir = folder();
        for name in ["file:ledger.db?mode=memory", ":memory:", "100% a #1?.db"] {
            let path = dir.path().join(name);
            let ledger = SqliteLedger::new(path.clone());
            ledger.record(&entry(1)).await.expect("written");
            ledger.pool().await.expect("open").close().await;
            assert_eq!(rows(&SqliteLedger::new(path.clone())).await.len(), 1, "{name}");
            SqliteLedger::new(path).probe().await.expect(name);
        }
    }
}
