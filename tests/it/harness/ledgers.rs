//! A ledger of its own for each test, in a file and at a real PostgreSQL server, for processes that `DATABASE_URL` points at it.
//!
//! The server is the one that `TEST_DATABASE_URL` names, else one on this machine. Where none answers, the test is left out and says so; with
//! `BULLETSMITH_REQUIRE_SERVICES=1` it fails instead.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

const HERE: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// Runs a test with the URL of a ledger that is not there yet, and with that of an empty database.
pub(crate) async fn with_each_ledger(name: &str, test: impl AsyncFn(&str)) {
    let folder = tempfile::tempdir().expect("a folder");
    test(&format!("sqlite://{}", folder.path().join("ledger.db").display())).await;

    let server = variable("TEST_DATABASE_URL").unwrap_or_else(|| HERE.to_owned());
    let mut admin = match PgConnection::connect(&server).await {
        Ok(admin) => admin,
        Err(error) => return left_out(name, &error),
    };
    let database = format!("bulletsmith_test_{}", random().simple());
    admin.execute(AssertSqlSafe(format!("create database {database}"))).await.expect("the user may make databases");
    let (base, _) = server.rsplit_once('/').expect("a URL");
    let tested = AssertUnwindSafe(test(&format!("{base}/{database}"))).catch_unwind().await;
    admin.execute(AssertSqlSafe(format!("drop database {database} with (force)"))).await.expect("ours");
    if let Err(panic) = tested {
        resume_unwind(panic);
    }
}

fn left_out(name: &str, error: &sqlx::Error) {
    let why = format!("left out: {name} on PostgreSQL ({error}); start a server on 127.0.0.1:5432, or name one in TEST_DATABASE_URL");
    assert!(variable("BULLETSMITH_REQUIRE_SERVICES").is_none_or(|value| value != "1"), "{why}");
    // Not `eprintln!`, which the test runner keeps to itself when a test passes.
    drop(writeln!(std::io::stderr(), "{why}"));
}

#[expect(clippy::disallowed_methods, reason = "which server the tests talk to is not the program's configuration")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "no port gives a test its name")]
fn random() -> Uuid {
    Uuid::now_v7()
}
