//! A database of its own for each test: a new file, and a new database at a real PostgreSQL server.
//!
//! The server is the one that `TEST_DATABASE_URL` names, else one on this machine. Where none answers, one line says what is left out; with
//! `BULLETSMITH_REQUIRE_SERVICES=1` these tests fail instead.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Once};
use std::time::Duration;

use futures_util::FutureExt as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, PgPool, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::adapters::ledger::database::DatabaseLedger;
use crate::adapters::ledger::migrations::{self, Extent};
use crate::adapters::ledger::store::{File, Server, Store, Tx, on};
use crate::ports::{BoxFuture, Clock, Timestamp};

const HERE: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// Which kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
}

/// A database of its own.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) kind: Kind,
    /// The path, or the URL.
    place: String,
    /// The connections that the test itself looks through.
    eye: OnceCell<DatabaseLedger>,
    _folder: TempDir,
}

/// Time that does not pass.
#[derive(Debug)]
pub(super) struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp(super::NOW)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::task::yield_now())
    }
}

impl Database {
    /// Whether a file of it has been made.
    pub(super) fn exists(&self) -> bool {
        PathBuf::from(&self.place).exists()
    }

    /// A ledger there, with connections of its own, as another process would have them.
    pub(super) fn ledger(&self) -> DatabaseLedger {
        match self.kind {
            Kind::Sqlite => DatabaseLedger::in_file(PathBuf::from(&self.place), Arc::new(Still)),
            Kind::Postgres => DatabaseLedger::at_server(&self.place, Arc::new(Still)).expect("a URL"),
        }
    }

    /// Takes the first steps only, as far as a version of that time did.
    pub(super) async fn migrate_to(&self, last: i64) {
        let whole = match self.kind {
            Kind::Sqlite => migrations::sqlite(Extent::Shared),
            Kind::Postgres => migrations::postgres(Extent::Shared),
        };
        let steps = whole.expect("sound").iter().filter(|step| step.version <= last).cloned().collect();
        let steps = Migrator::with_migrations(steps);
        match self.kind {
            Kind::Sqlite => {
                let options = SqliteConnectOptions::new().filename(&self.place).create_if_missing(true);
                let mut file = SqliteConnection::connect_with(&options).await.expect("created");
                steps.run_direct(None, &mut file, false).await.expect("sound");
                file.close().await.expect("closed");
            }
            Kind::Postgres => {
                let mut server = PgConnection::connect(&self.place).await.expect("it answers");
                steps.run_direct(None, &mut server, false).await.expect("sound");
            }
        }
    }

    /// Connections of a process that knows nothing of our steps.
    pub(super) async fn connect(&self) -> Store {
        match self.kind {
            Kind::Sqlite => {
                let options = SqliteConnectOptions::new().filename(&self.place).busy_timeout(Duration::from_secs(5));
                Store::Sqlite(File::new(SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("a file")))
            }
            Kind::Postgres => Store::Postgres(Server::new(PgPool::connect(&self.place).await.expect("it answers"))),
        }
    }

    async fn look(&self) -> Tx {
        let eye = self.eye.get_or_init(async || self.ledger()).await;
        let store = eye.store().await.expect("it opens");
        // A test that cuts connections cuts these, too.
        for _ in 0..10 {
            if let Ok(transaction) = store.begin().await {
                return transaction;
            }
        }
        store.begin().await.expect("it answers")
    }

    /// A number out of it.
    pub(super) async fn number(&self, sql: &'static str) -> i64 {
        let mut transaction = self.look().await;
        on!(&mut transaction, |connection| sqlx::query_scalar(sql).fetch_one(connection).await.expect(sql))
    }

    /// A text out of each row of it.
    pub(super) async fn texts(&self, sql: &'static str) -> Vec<String> {
        let mut transaction = self.look().await;
        on!(&mut transaction, |connection| sqlx::query_scalar(sql).fetch_all(connection).await.expect(sql))
    }

    /// Writes, as nobody does but a test.
    pub(super) async fn write(&self, sql: &'static str) {
        let mut transaction = self.look().await;
        let written = on!(&mut transaction, |connection| sqlx::query(sql).execute(connection).await.expect(sql).rows_affected());
        assert_ne!(written, 0, "{sql}");
        transaction.commit().await.expect("ours");
    }

    /// Everything that was written is gone.
    pub(super) async fn empty(&self) {
        let mut transaction = self.look().await;
        for table in ["latency_daily", "usage_daily", "spending", "holds", "attempts"] {
            let delete = AssertSqlSafe(format!("delete from {table}"));
            match &mut transaction {
                Tx::Sqlite(connection) => drop(connection.execute(delete).await.expect("ours")),
                Tx::Postgres(connection) => drop(connection.execute(delete).await.expect("ours")),
            }
        }
        transaction.commit().await.expect("ours");
    }
}

/// Tells the same story to both.
pub(super) async fn on_both(story: impl AsyncFn(&Database)) {
    on_sqlite(&story).await;
    on_postgres(&story).await;
}

/// Tells it to SQLite.
pub(super) async fn on_sqlite(story: impl AsyncFn(&Database)) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("ledger.db").display().to_string();
    story(&Database { kind: Kind::Sqlite, place, eye: OnceCell::new(), _folder: folder }).await;
}

/// Tells it to PostgreSQL, if a server answers.
pub(super) async fn on_postgres(story: impl AsyncFn(&Database)) {
    let server = variable("TEST_DATABASE_URL").unwrap_or_else(|| HERE.to_owned());
    let mut admin = match PgConnection::connect(&server).await {
        Ok(admin) => admin,
        Err(error) => return left_out(&error),
    };
    let database = format!("bulletsmith_test_{}", random().simple());
    admin.execute(AssertSqlSafe(format!("create database {database}"))).await.expect("the user may make databases");
    let (base, _) = server.rsplit_once('/').expect("a URL");
    let place = format!("{base}/{database}");
    let folder = tempfile::tempdir().expect("a folder");
    let told = AssertUnwindSafe(async { story(&Database { kind: Kind::Postgres, place, eye: OnceCell::new(), _folder: folder }).await })
        .catch_unwind()
        .await;
    admin.execute(AssertSqlSafe(format!("drop database {database} with (force)"))).await.expect("ours");
    if let Err(panic) = told {
        resume_unwind(panic);
    }
}

fn left_out(error: &sqlx::Error) {
    static SAID: Once = Once::new();
    let line = format!(
        "left out: the tests adapters::ledger at PostgreSQL, as none answers ({error}): start one at 127.0.0.1:5432 or set TEST_DATABASE_URL; \
         .ci/run installs and starts what is missing\n"
    );
    assert!(variable("BULLETSMITH_REQUIRE_SERVICES").is_none_or(|value| value != "1"), "no test may be left out; {line}");
    // Past the capture of the test's output, which keeps to itself what a passing test says.
    SAID.call_once(|| drop(std::io::stderr().write_all(line.as_bytes())));
}

#[expect(clippy::disallowed_methods, reason = "which server the tests talk to is not the program's configuration")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A name that no other run has.
#[expect(clippy::disallowed_methods, reason = "no port gives a test its name")]
fn random() -> Uuid {
    Uuid::now_v7()
}
