//! Opens the ledger's file, makes it at the first time, and says whether either could be done.
//!
//! A file that is there is opened by SQLite alone: closing it elsewhere in this process would drop SQLite's locks.

use std::io;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, SqlitePool};
use tokio::fs;

use super::migrations::{self, Extent};
use crate::ports::Source;

/// How long to wait for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a row waits for the rows before it; longer than one of them may wait for another process.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Enough for many processes that are started at once on a new file.
const SWITCH_ATTEMPTS: usize = 10;

/// Opens the file in today's shape; makes it, and its folders, if it is not there.
pub(super) async fn open(path: &Path, extent: Extent) -> Result<SqlitePool, Source> {
    // Absolute, for SQLite has its own reading of names such as `:memory:` and `file:…`.
    let path = std::path::absolute(path)?;
    create_for_owner_alone(&path).await?;
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(false)
        .busy_timeout(BUSY_TIMEOUT)
        // In the log a committed row outlives this process; the last ones before a power failure may be lost, and the file stays whole.
        // A sync for each row would outlive that too, and cost every call as much as all else we do for it: `docs/adr/0016`.
        .synchronous(SqliteSynchronous::Normal)
        // Pages of 4 KiB. The log is worked into the file by whoever's turn it is, which takes milliseconds: seldom, and not every fifty calls.
        .pragma("wal_autocheckpoint", "8000")
        .foreign_keys(true);
    // SQLite has one writer at a time: rows of this process queue here, in order, and not at the file's lock.
    let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT);
    // A file does not hang up: to ask whether it is still there would cost every call two trips to the connection's thread.
    let pool = pool.test_before_acquire(false).connect_with(options).await?;
    let mut connection = pool.acquire().await?;
    use_write_ahead_log(&mut connection).await?;
    // One transaction that takes the write lock first: sqlx does not lock SQLite against a second process that migrates.
    let mut transaction = connection.begin_with("begin immediate").await?;
    // `run` does the same, but its future is not `Send` when it borrows a connection ("not general enough").
    migrations::sqlite(extent)?.run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await?;
    drop(connection);
    Ok(pool)
}

/// Lets readers and a writer go on at once; the file remembers it.
///
/// When several processes switch a new file at once, SQLite tells all but one of them at once that it is locked, whatever the busy timeout is.
/// Taking the write lock does wait, and by then the file has been switched.
async fn use_write_ahead_log(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    let switch = || sqlx::query("pragma journal_mode = wal");
    for _ in 0..SWITCH_ATTEMPTS {
        if switch().execute(&mut *connection).await.is_ok() {
            return Ok(());
        }
        connection.begin_with("begin immediate").await?.rollback().await?;
    }
    switch().execute(connection).await.map(drop)
}

/// Makes an empty file with mode 0600 (in folders of mode 0700), which SQLite takes for an empty database; a file that is there stays as it is.
async fn create_for_owner_alone(path: &Path) -> io::Result<()> {
    let mut folders = fs::DirBuilder::new();
    let mut file = fs::OpenOptions::new();
    #[cfg(unix)]
    {
        folders.mode(0o700);
        file.mode(0o600);
    }
    if let Some(parent) = path.parent() {
        folders.recursive(true).create(parent).await?;
    }
    match file.write(true).create_new(true).open(path).await {
        Ok(_empty) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether there is a file, or something in its place that would have to be opened to know.
pub(super) async fn is_there(path: &Path) -> bool {
    !matches!(fs::metadata(path).await, Err(error) if error.kind() == io::ErrorKind::NotFound)
}

/// Says whether the file could be opened or made, without making anything.
pub(super) async fn probe(path: &Path) -> Result<(), Source> {
    let path = std::path::absolute(path)?;
    match fs::metadata(&path).await {
        Ok(found) if found.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory).into()),
        Ok(found) if found.permissions().readonly() => Err(io::Error::from(io::ErrorKind::PermissionDenied).into()),
        Ok(_) => read_schema(&path).await,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(probe_ancestor(&path).await?),
        Err(error) => Err(error.into()),
    }
}

/// Reads the file's first page: enough to know that it is a database. `immutable` keeps SQLite from making its side files.
async fn read_schema(path: &Path) -> Result<(), Source> {
    let mut file = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true).connect().await?;
    sqlx::query("select count(*) from sqlite_schema").execute(&mut file).await?;
    Ok(file.close().await?)
}

/// The nearest folder that exists must be one in which the rest could be made.
async fn probe_ancestor(path: &Path) -> io::Result<()> {
    for ancestor in path.ancestors().skip(1) {
        match fs::metadata(ancestor).await {
            Ok(found) if !found.is_dir() => return Err(io::ErrorKind::NotADirectory.into()),
            Ok(found) if found.permissions().readonly() => return Err(io::ErrorKind::PermissionDenied.into()),
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::NotFound.into())
}
