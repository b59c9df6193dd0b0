//! An attempt is posted: its hold goes, its row comes, and the sums are added to, in as few trips as a database allows.
//!
//! SQLite takes several statements at once; PostgreSQL takes one, which may hold others. Both are put together from the same parts, over the same
//! parameters. At a server all sums are added to in one order (spent by the tenant, spent by all, used, time), so that two who post never wait for
//! each other.

use sqlx::SqliteConnection;

use super::attempts::AttemptRow;
use super::roll_ups::{ALL, bound_us, first, unknown};
use super::store::{File, Server, Store, Tx};
use crate::domain::cost::Day;
use crate::ports::Source;

macro_rules! released {
    () => {
        "delete from holds where attempt_id = $1"
    };
}

macro_rules! written {
    () => {
        "insert into attempts (
            attempt_id, rewrite_id, bullet_index, attempt, tenant, started_at_us, latency_us,
            provider, model, served_model, prompt_ref, skill, outcome,
            input_tokens, cache_read_tokens, output_tokens, cost_pico_usd, certainty, price_ref,
            served_tier, cache_write_5m_tokens, cache_write_1h_tokens, reasoning_tokens, bullets, purpose
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $30, $31)"
    };
}

/// $24 is the day, $25 its month, and $26 stands for all. What cost nothing is not added.
macro_rules! spent {
    () => {
        "insert into spending as kept (tenant, period, spent_pico_usd)
        select tenant, period, $17
        from (
            select $5 as tenant, $24 as period
            union all select $5, $25
            union all select $26, $24
            union all select $26, $25
        ) as sums
        where $17 > 0
        on conflict (tenant, period) do update set spent_pico_usd = kept.spent_pico_usd + excluded.spent_pico_usd"
    };
}

/// $27 and $28 are 1 for a first attempt and for an unknown cost.
macro_rules! used {
    () => {
        "insert into usage_daily as kept (
            day, tenant, provider, model, prompt_ref, skill,
            calls, attempts, input_tokens, cached_input_tokens, output_tokens, cost_pico_usd, unknown
        )
        values (
            $24, $5, $8, $9, $11, coalesce($12, ''),
            $27, 1, coalesce($14, 0), coalesce($15, 0), coalesce($16, 0), $17, $28
        )
        on conflict (day, tenant, provider, model, prompt_ref, skill) do update set
            calls = kept.calls + excluded.calls,
            attempts = kept.attempts + excluded.attempts,
            input_tokens = kept.input_tokens + excluded.input_tokens,
            cached_input_tokens = kept.cached_input_tokens + excluded.cached_input_tokens,
            output_tokens = kept.output_tokens + excluded.output_tokens,
            cost_pico_usd = kept.cost_pico_usd + excluded.cost_pico_usd,
            unknown = kept.unknown + excluded.unknown"
    };
}

/// $29 is the bound of the histogram; null where the time was not measured.
macro_rules! taken {
    ($used:literal) => {
        concat!(
            "insert into latency_daily as kept (usage_id, up_to_us, attempts)
            select usage_id, $29, 1
            from ",
            $used,
            " and $29 is not null
            on conflict (usage_id, up_to_us) do update set attempts = kept.attempts + 1"
        )
    };
}

macro_rules! in_file {
    () => {
        concat!(
            released!(),
            ";",
            written!(),
            ";",
            spent!(),
            ";",
            used!(),
            ";",
            taken!(
                "usage_daily where day = $24 and tenant = $5 and provider = $8 and model = $9 and prompt_ref = $11 and skill = coalesce($12, '')"
            )
        )
    };
}

const IN_FILE: &str = in_file!();
/// The same with the ends of its transaction, which would else be trips of their own to the connection's thread.
const FIRST_IN_FILE: &str = concat!("begin immediate;", in_file!());
const LAST_IN_FILE: &str = concat!(in_file!(), ";commit");
const ALONE_IN_FILE: &str = concat!("begin immediate;", in_file!(), ";commit");

const AT_SERVER: &str = concat!(
    "with released as (",
    released!(),
    "), written as (",
    written!(),
    "), counted as (",
    used!(),
    " returning usage_id), timed as (",
    taken!("counted where true"),
    ") ",
    spent!()
);

/// Binds what the parts name: a query of either database.
macro_rules! over_parameters {
    ($query:expr, $row:expr, $measured:expr) => {{
        let AttemptRow {
            attempt_id,
            rewrite_id,
            bullet_index,
            bullets,
            attempt,
            purpose,
            tenant,
            started_at_us,
            latency_us,
            provider,
            model,
            served_model,
            served_tier,
            prompt_ref,
            skill,
            outcome,
            input_tokens,
            cache_read_tokens,
            cache_write_5m_tokens,
            cache_write_1h_tokens,
            output_tokens,
            reasoning_tokens,
            cost_pico_usd,
            certainty,
            price_ref,
        } = $row;
        let day = Day::of_micros(*started_at_us);
        let query = $query.bind(attempt_id).bind(rewrite_id).bind(bullet_index).bind(attempt).bind(tenant);
        let query = query.bind(started_at_us).bind(latency_us).bind(provider).bind(model).bind(served_model);
        let query = query.bind(prompt_ref).bind(skill).bind(*outcome);
        let query = query.bind(input_tokens).bind(cache_read_tokens).bind(output_tokens);
        let query = query.bind(cost_pico_usd).bind(*certainty).bind(price_ref);
        let query = query.bind(served_tier).bind(cache_write_5m_tokens).bind(cache_write_1h_tokens).bind(reasoning_tokens);
        let query = query.bind(day.to_string()).bind(day.month()).bind(ALL);
        query.bind(first($row)).bind(unknown($row)).bind($measured.then(|| bound_us(*latency_us))).bind(bullets).bind(purpose)
    }};
}

/// Posts an attempt whose time was measured. An attempt that has a row already is an error.
pub(super) async fn post(store: &Store, row: &AttemptRow) -> Result<(), Source> {
    match store {
        Store::Sqlite(File { writer, .. }) => writer.write(row.clone()).await,
        // One statement is a transaction of its own, of the level that the server is set to; at each of them it adds to the newest sum or fails.
        Store::Postgres(Server { pool, .. }) => {
            let posted = over_parameters!(sqlx::query(AT_SERVER), row, true).execute(pool).await?;
            check_spent(row, posted.rows_affected())
        }
    }
}

/// Posts these rows of a file in one transaction, all or nothing, in a trip for each of them.
///
/// Nobody may give this up half-way: the driver would stop in the middle of a text, and leave a transaction that nobody ends. `writer` does not.
pub(super) async fn post_together(connection: &mut SqliteConnection, rows: &[&AttemptRow]) -> sqlx::Result<()> {
    let last = rows.len().saturating_sub(1);
    for (at, row) in rows.iter().enumerate() {
        let text = match (at == 0, at == last) {
            (true, true) => ALONE_IN_FILE,
            (true, false) => FIRST_IN_FILE,
            (false, true) => LAST_IN_FILE,
            (false, false) => IN_FILE,
        };
        // How many rows were written cannot be told: for `begin` and `commit` SQLite says once more what it said of the statement before them. Each of
        // the statements writes or fails.
        if let Err(error) = over_parameters!(sqlx::query(text), row, true).execute(&mut *connection).await {
            // Without a transaction, because another process writes, there is nothing to undo.
            let _ = sqlx::query("rollback").execute(&mut *connection).await;
            return Err(error);
        }
    }
    Ok(())
}

/// Posts as a part of a transaction. How long it took counts only where it was measured.
pub(super) async fn post_within(transaction: &mut Tx, row: &AttemptRow, is_measured: bool) -> Result<(), Source> {
    match transaction {
        Tx::Sqlite(connection) => {
            let posted = over_parameters!(sqlx::query(IN_FILE), row, is_measured).execute(&mut **connection).await?.rows_affected();
            // The hold may be gone; everything else is there.
            let least = 2 + u64::from(is_measured) + sums(row);
            if (least..=least + 1).contains(&posted) {
                Ok(())
            } else {
                Err(format!("{posted} rows were written instead of {least}").into())
            }
        }
        Tx::Postgres(connection) => {
            let posted = over_parameters!(sqlx::query(AT_SERVER), row, is_measured).execute(&mut **connection).await?;
            check_spent(row, posted.rows_affected())
        }
    }
}

/// How many sums of what was spent an attempt is part of.
fn sums(row: &AttemptRow) -> u64 {
    if row.cost_pico_usd > 0 { 4 } else { 0 }
}

fn check_spent(row: &AttemptRow, rows: u64) -> Result<(), Source> {
    if rows == sums(row) { Ok(()) } else { Err(format!("{rows} sums were written instead of {}", sums(row)).into()) }
}
