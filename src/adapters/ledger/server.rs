//! Opens the ledger's database at a PostgreSQL server, and says whether that could be done.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgPool};

use super::migrations::{self, Extent};
use crate::ports::Source;

/// How many statements may be at the server at once; a call needs its connection for a millisecond before and after it.
pub(super) const CONNECTIONS: u32 = 8;
/// How long a row waits for the rows before it, and for the server.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens the database in today's shape. It must be there: whoever runs the server makes it and says who may use it.
pub(super) async fn open(options: &PgConnectOptions, extent: Extent) -> Result<PgPool, Source> {
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
    // To ask each time whether the server is still there would cost a trip; who finds it gone tries again.
    let pool = pool.test_before_acquire(false).connect_with(options.clone()).await?;
    let mut connection = pool.acquire().await?;
    // One process after the other migrates; the lock is the migrator's.
    migrations::postgres(extent)?.run_direct(None, &mut *connection, false).await?;
    drop(connection);
    Ok(pool)
}

/// Says whether the database answers, without changing anything.
pub(super) async fn probe(options: &PgConnectOptions) -> Result<(), Source> {
    let connection = options.connect();
    Ok(connection.await?.close().await?)
}
