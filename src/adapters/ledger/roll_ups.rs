//! The sums of the attempts, kept by the transaction that writes an attempt: used by day, taken in time, spent by day and month.
//!
//! Whoever adds locks rows in the same order (used, time, spent by the tenant, spent by all), so that at a server two never wait for each other.

use super::attempts::{AttemptRow, one};
use super::store::{Tx, on};
use crate::domain::cost::Day;
use crate::ports::Source;

/// The tenant under which the spending of all stands.
pub(super) const ALL: &str = "*";

/// The first bound of the histogram, in microseconds, and the ones that follow in each decade.
const BOUNDS_US: [i64; 10] = [1_000, 1_250, 1_600, 2_000, 2_500, 3_150, 4_000, 5_000, 6_300, 8_000];
const DECADES: u32 = 7;

/// Adds an attempt up. How long it took counts only where it was measured.
pub(super) async fn add(transaction: &mut Tx, row: &AttemptRow, is_measured: bool) -> Result<(), Source> {
    let day = Day::of_micros(row.started_at_us);
    let usage_id = add_usage(transaction, row, day).await?;
    if is_measured {
        add_latency(transaction, usage_id, row.latency_us).await?;
    }
    add_spending(transaction, &row.tenant, day, row.cost_pico_usd).await
}

async fn add_usage(transaction: &mut Tx, row: &AttemptRow, day: Day) -> sqlx::Result<i64> {
    on!(transaction, |connection| {
        let add = sqlx::query_scalar(
            "insert into usage_daily as used (
                day, tenant, provider, model, prompt_ref, skill,
                calls, attempts, input_tokens, cached_input_tokens, output_tokens, cost_pico_usd, unknown
            )
            values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11, $12)
            on conflict (day, tenant, provider, model, prompt_ref, skill) do update set
                calls = used.calls + excluded.calls,
                attempts = used.attempts + excluded.attempts,
                input_tokens = used.input_tokens + excluded.input_tokens,
                cached_input_tokens = used.cached_input_tokens + excluded.cached_input_tokens,
                output_tokens = used.output_tokens + excluded.output_tokens,
                cost_pico_usd = used.cost_pico_usd + excluded.cost_pico_usd,
                unknown = used.unknown + excluded.unknown
            returning usage_id",
        );
        let add = add.bind(day.to_string()).bind(&row.tenant).bind(&row.provider).bind(&row.model).bind(&row.prompt_ref);
        let add = add.bind(row.skill.as_deref().unwrap_or_default()).bind(first(row));
        let add = add.bind(row.input_tokens.unwrap_or(0)).bind(row.cache_read_tokens.unwrap_or(0)).bind(row.output_tokens.unwrap_or(0));
        add.bind(row.cost_pico_usd).bind(unknown(row)).fetch_one(connection).await
    })
}

async fn add_latency(transaction: &mut Tx, usage_id: i64, latency_us: i64) -> Result<(), Source> {
    let written = on!(transaction, |connection| {
        let add = sqlx::query(
            "insert into latency_daily as taken (usage_id, up_to_us, attempts)
            values ($1, $2, 1)
            on conflict (usage_id, up_to_us) do update set attempts = taken.attempts + 1",
        );
        add.bind(usage_id).bind(bound_us(latency_us)).execute(connection).await?.rows_affected()
    });
    one(written)
}

async fn add_spending(transaction: &mut Tx, tenant: &str, day: Day, cost_pico_usd: i64) -> Result<(), Source> {
    if cost_pico_usd == 0 {
        return Ok(());
    }
    let written = on!(transaction, |connection| {
        let add = sqlx::query(
            "insert into spending as kept (tenant, period, spent_pico_usd)
            values ($1, $2, $5), ($1, $3, $5), ($4, $2, $5), ($4, $3, $5)
            on conflict (tenant, period) do update set spent_pico_usd = kept.spent_pico_usd + excluded.spent_pico_usd",
        );
        let add = add.bind(tenant).bind(day.to_string()).bind(day.month()).bind(ALL).bind(cost_pico_usd);
        add.execute(connection).await?.rows_affected()
    });
    exactly(4, written)
}

/// Takes an attempt away again that was thought to be abandoned and had cost this much; after [`add`] of the same attempt, whose locks it needs.
pub(super) async fn take_back(transaction: &mut Tx, row: &AttemptRow, cost_pico_usd: i64) -> Result<(), Source> {
    let day = Day::of_micros(row.started_at_us);
    let (used, spent) = on!(transaction, |connection| {
        let take = sqlx::query(
            "update usage_daily
            set calls = calls - $7, attempts = attempts - 1, cost_pico_usd = cost_pico_usd - $8, unknown = unknown - 1
            where day = $1 and tenant = $2 and provider = $3 and model = $4 and prompt_ref = $5 and skill = $6",
        );
        let take = take.bind(day.to_string()).bind(&row.tenant).bind(&row.provider).bind(&row.model).bind(&row.prompt_ref);
        let take = take.bind(row.skill.as_deref().unwrap_or_default()).bind(first(row)).bind(cost_pico_usd);
        let used = take.execute(&mut *connection).await?.rows_affected();
        let take = sqlx::query("update spending set spent_pico_usd = spent_pico_usd - $5 where tenant in ($1, $2) and period in ($3, $4)");
        let take = take.bind(&row.tenant).bind(ALL).bind(day.to_string()).bind(day.month()).bind(cost_pico_usd);
        (used, take.execute(connection).await?.rows_affected())
    });
    one(used)?;
    // What cost nothing was never added.
    if cost_pico_usd == 0 { Ok(()) } else { exactly(4, spent) }
}

fn first(row: &AttemptRow) -> i64 {
    i64::from(row.attempt == 1)
}

fn unknown(row: &AttemptRow) -> i64 {
    i64::from(row.certainty == "unknown")
}

fn exactly(expected: u64, rows: u64) -> Result<(), Source> {
    if rows == expected { Ok(()) } else { Err(format!("{rows} sums were written instead of {expected}").into()) }
}

/// The bound under which a latency is counted: the least that is not below it, or the last.
fn bound_us(latency_us: i64) -> i64 {
    let bounds = (0..DECADES).flat_map(|decade| BOUNDS_US.map(|bound| bound * 10_i64.pow(decade)));
    let last = bounds.clone().last().unwrap_or(i64::MAX);
    bounds.into_iter().find(|bound| *bound >= latency_us).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_is_counted_under_the_least_bound_that_holds_it() {
        for (latency, bound) in
            [(0, 1_000), (1_000, 1_000), (1_001, 1_250), (8_001, 10_000), (1_500_000, 1_600_000), (i64::MAX, 8_000_000_000)]
        {
            assert_eq!(bound_us(latency), bound, "{latency}");
        }
    }

    #[test]
    fn no_bound_is_more_than_28_percent_above_the_one_before() {
        let mut bound = 1_000;
        while bound < 8_000_000_000 {
            let next = bound_us(bound + 1);
            assert!(next > bound && next * 100 <= bound * 128, "{bound} {next}");
            bound = next;
        }
    }
}
