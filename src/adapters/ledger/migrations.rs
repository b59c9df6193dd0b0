//! The steps that bring a ledger to today's shape, built into the program from `migrations/`.
//!
//! A new step is a new file, `NNNN_what_it_does.sql`; a file that has been released is never edited.

use include_dir::{Dir, File, include_dir};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{SqlSafeStr as _, SqlStr};

static SQLITE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/migrations/sqlite");

/// A file among the migrations that is not one; a test keeps this from ever leaving the house.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not a migration; name it like 0001_attempts.sql")]
pub(super) struct NotAMigration(String);

/// The steps for SQLite, in their order.
pub(super) fn sqlite() -> Result<Migrator, NotAMigration> {
    let steps = SQLITE.files().map(|file| step(file).ok_or_else(|| NotAMigration(file.path().display().to_string())));
    Ok(Migrator::with_migrations(steps.collect::<Result<_, _>>()?))
}

fn step(file: &'static File<'static>) -> Option<Migration> {
    let (number, name) = file.path().file_name()?.to_str()?.strip_suffix(".sql")?.split_once('_')?;
    let sql: SqlStr = file.contents_utf8()?.into_sql_str();
    Some(Migration::new(number.parse().ok()?, name.replace('_', " ").into(), MigrationType::Simple, sql, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_is_numbered_without_a_gap_and_opens_by_saying_why() {
        let steps = sqlite().expect("every file is a migration");
        for (step, number) in steps.iter().zip(1..) {
            assert_eq!(step.version, number, "{}", step.description);
            assert!(step.sql.as_str().starts_with("-- "), "{} opens with a sentence", step.description);
        }
        assert!(steps.version_exists(1));
    }
}
