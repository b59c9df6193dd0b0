//! Makes the ledger's file and says whether it could be made, before SQLite itself has a hand in it.
//!
//! A file that is there is never opened here, only by SQLite: closing it elsewhere in this process would drop SQLite's locks.

use std::io;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::fs;

use crate::ports::Source;

/// Makes an empty file with mode 0600 (in folders of mode 0700), which SQLite takes for an empty database; a file that is there stays as it is.
pub(super) async fn create_for_owner_alone(path: &Path) -> io::Result<()> {
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
