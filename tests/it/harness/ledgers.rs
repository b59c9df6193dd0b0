//! A ledger of its own for each test, in a file and at a real PostgreSQL server, for processes that `DATABASE_URL` points at it.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::postgres;
use super::redis::new_name;

/// Runs a test with the URL of a ledger that is not there yet, and with that of an empty database.
pub(crate) async fn with_each_ledger(test: impl AsyncFn(&str)) {
    let folder = tempfile::tempdir().expect("a folder");
    test(&format!("sqlite://{}", folder.path().join("ledger.db").display())).await;
    with_database(test).await;
}

/// Runs a test with the URL of an empty database, if a PostgreSQL server answers.
pub(crate) async fn with_database(test: impl AsyncFn(&str)) {
    let Some(server) = postgres::running().await else { return };
    let mut admin = PgConnection::connect(server).await.expect("it answered before");
    let database = format!("bulletsmith_test_{}", new_name());
    admin.execute(AssertSqlSafe(format!("create database {database}"))).await.expect("the user may make databases");
    let (base, _) = server.rsplit_once('/').expect("a URL");
    let tested = AssertUnwindSafe(test(&format!("{base}/{database}"))).catch_unwind().await;
    admin.execute(AssertSqlSafe(format!("drop database {database} with (force)"))).await.expect("ours");
    if let Err(panic) = tested {
        resume_unwind(panic);
    }
}
