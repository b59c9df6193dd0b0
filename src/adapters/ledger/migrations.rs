//! The steps that bring a ledger to today's shape, built into the program from `migrations/`.
//!
//! A new step is a new file, `NNNN_what_it_does.sql`; a file that has been released is never edited. Opening a ledger takes every step that the version
//! before can live with; one that takes away what that version needs is called `…_contract` and is taken when somebody says so.

use include_dir::{Dir, File, include_dir};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{SqlSafeStr as _, SqlStr};

static SQLITE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/migrations/sqlite");
static POSTGRES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/migrations/postgres");

/// A file among the migrations that is not one; a test keeps this from ever leaving the house.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not a migration; name it like 0001_attempts.sql")]
pub(super) struct NotAMigration(String);

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// As far as processes of the version before can go on beside us.
    Shared,
    /// To the end; they cannot.
    Whole,
}

/// The steps for SQLite, in their order.
pub(super) fn sqlite(extent: Extent) -> Result<Migrator, NotAMigration> {
    migrator(&SQLITE, extent)
}

/// The steps for PostgreSQL, in their order.
pub(super) fn postgres(extent: Extent) -> Result<Migrator, NotAMigration> {
    migrator(&POSTGRES, extent)
}

fn migrator(files: &'static Dir<'static>, extent: Extent) -> Result<Migrator, NotAMigration> {
    let steps = files.files().map(|file| step(file).ok_or_else(|| NotAMigration(file.path().display().to_string())));
    let mut steps: Vec<_> = steps.collect::<Result<_, _>>()?;
    steps.retain(|step| extent == Extent::Whole || !step.description.ends_with(" contract"));
    steps.sort_by_key(|step| step.version);
    let mut migrator = Migrator::with_migrations(steps);
    // While a new version is rolled out, the one before it goes on at a database that has been brought a step further.
    migrator.set_ignore_missing(true);
    Ok(migrator)
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
    fn every_migration_has_a_number_of_its_own_and_opens_by_saying_why() {
        for steps in [sqlite(Extent::Whole), postgres(Extent::Whole)] {
            let steps = steps.expect("every file is a migration");
            let numbers: Vec<_> = steps.iter().map(|step| step.version).collect();
            assert!(numbers.is_sorted_by(|one, next| one < next) && numbers.first() == Some(&1), "{numbers:?}");
            assert!(steps.iter().all(|step| step.sql.as_str().starts_with("-- ")), "each opens with a sentence");
        }
    }

    #[test]
    fn both_databases_come_to_the_same_shape_and_stop_at_the_same_step() {
        let last = |steps: Result<Migrator, _>| steps.expect("sound").iter().map(|step| step.version).max();
        for extent in [Extent::Shared, Extent::Whole] {
            assert_eq!(last(sqlite(extent)), last(postgres(extent)), "{extent:?}");
        }
        assert!(sqlite(Extent::Shared).expect("sound").iter().len() < sqlite(Extent::Whole).expect("sound").iter().len());
    }
}
