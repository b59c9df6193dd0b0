//! An open database, a transaction in it, and the one place where the two kinds differ in how they let writers wait for one another.
//!
//! SQLite has one writer at a time, in this process and among processes. PostgreSQL has many: in `read committed` every statement sees what was
//! committed before it began, and rows that two transactions change are changed one after the other. Where that is not enough, see `hold`.

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

/// An open database in today's shape.
#[derive(Debug, Clone)]
pub(super) enum Store {
    /// A file.
    Sqlite(SqlitePool),
    /// A server.
    Postgres(PgPool),
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
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("begin immediate").await?),
            // Named, for a server can be set to another level.
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with("begin isolation level read committed").await?),
        })
    }

    /// Says whether it answers.
    pub(super) async fn ping(&self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(pool) => sqlx::query("select 1").execute(pool).await.map(drop),
            Self::Postgres(pool) => sqlx::query("select 1").execute(pool).await.map(drop),
        }
    }

    /// Gives the connections back; the next act would open them again.
    #[cfg(test)]
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
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

    /// Waits until no other transaction holds one of these locks, and keeps them to the end; every lock is an order in which all take them.
    pub(super) async fn lock(&mut self, names: &[String]) -> sqlx::Result<()> {
        match self {
            // It has been alone since it began.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(transaction) => {
                let lock = "select pg_advisory_xact_lock(hashtextextended('bulletsmith ' || name, 0)) from unnest($1::text[]) as name";
                sqlx::query(lock).bind(names).execute(&mut **transaction).await.map(drop)
            }
        }
    }
}
