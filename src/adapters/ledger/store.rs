//! An open database, a transaction in it, and the one place where the two kinds differ in how they let writers wait for one another.
//!
//! SQLite has one writer at a time, in this process and among processes. PostgreSQL has many: in `read committed` every statement sees what was
//! committed before it began, and rows that two transactions change are changed one after the other. Where that is not enough, see `hold`.

use sqlx::{AssertSqlSafe, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use super::line::{Line, Turn};

use super::writer::Writer;

/// An open database in today's shape.
#[derive(Debug)]
pub(super) enum Store {
    /// A file.
    Sqlite(File),
    /// A server.
    Postgres(Server),
}

/// The one connection to a file, and the task that writes what was settled.
#[derive(Debug)]
pub(super) struct File {
    pub(super) pool: SqlitePool,
    pub(super) writer: Writer,
}

impl File {
    pub(super) fn new(pool: SqlitePool) -> Self {
        Self { writer: Writer::start(pool.clone()), pool }
    }
}

/// Connections to a server, and the line of this process for what has to be done one after the other there.
///
/// Who waits for a lock keeps a connection. So one of each process waits there, and the others here, and the rest of the connections are free to settle.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) pool: PgPool,
    line: Line,
}

impl Server {
    pub(super) fn new(pool: PgPool) -> Self {
        Self { pool, line: Line::default() }
    }
}

/// A transaction; what is not committed is undone.
#[derive(Debug)]
pub(super) enum Tx {
    /// In a file.
    Sqlite(Transaction<'static, Sqlite>),
    /// At a server.
    Postgres(Transaction<'static, Postgres>),
}

/// Runs the same code on the connection of either database; the closure is only a way to name the connection.
macro_rules! on {
    ($transaction:expr, |$connection:ident| $code:expr) => {
        match $transaction {
            $crate::adapters::ledger::store::Tx::Sqlite(transaction) => {
                let $connection = &mut **transaction;
                $code
            }
            $crate::adapters::ledger::store::Tx::Postgres(transaction) => {
                let $connection = &mut **transaction;
                $code
            }
        }
    };
}
pub(super) use on;

impl Store {
    /// Begins to write. In a file, nobody else writes until this ends.
    pub(super) async fn begin(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            // A transaction that began to read could find that it may no longer write; this one waits for its turn at once.
            Self::Sqlite(File { pool, .. }) => Tx::Sqlite(pool.begin_with("begin immediate").await?),
            // Named, for a server can be set to another level.
            Self::Postgres(Server { pool, .. }) => Tx::Postgres(pool.begin_with("begin isolation level read committed").await?),
        })
    }

    /// Waits for this process's turn in the line at the server.
    pub(super) async fn turn(&self) -> sqlx::Result<Option<Turn<'_>>> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(Server { line, .. }) => line.turn().await.map(Some),
        }
    }

    /// Begins to write when no other transaction has one of these locks, and keeps them to the end; all take them in the same order.
    ///
    /// In one trip to the server: what comes after it sees everything that was committed before the locks were had.
    pub(super) async fn begin_in_line(&self, locks: &[i64]) -> sqlx::Result<Tx> {
        match self {
            // Its one writer has no need of locks.
            Self::Sqlite(_) => self.begin().await,
            Self::Postgres(Server { pool, .. }) => {
                let lock = |begin: String, lock: &i64| begin + &format!("; select pg_advisory_xact_lock({lock})");
                let begin = locks.iter().fold("begin isolation level read committed".to_owned(), lock);
                // Numbers are all that was put in.
                Ok(Tx::Postgres(pool.begin_with(AssertSqlSafe(begin)).await?))
            }
        }
    }

    /// Says whether it answers.
    pub(super) async fn ping(&self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(File { pool, .. }) => sqlx::query("select 1").execute(pool).await.map(drop),
            Self::Postgres(Server { pool, .. }) => sqlx::query("select 1").execute(pool).await.map(drop),
        }
    }

    /// Gives the connections back; the next act would open them again.
    #[cfg(test)]
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(File { pool, .. }) => pool.close().await,
            Self::Postgres(Server { pool, .. }) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes it last.
    pub(super) async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.commit().await,
        }
    }
}
