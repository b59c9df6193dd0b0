//! The sums of the attempts: what they are counted under, and how an attempt is taken away again. `posting` adds to them.

use super::attempts::{AttemptRow, one};
use super::store::{Tx, on};
use crate::domain::cost::Day;
use crate::ports::Source;

/// The tenant under which the spending of all stands.
pub(super) const ALL: &str = "*";

/// The first bound of the histogram, in microseconds, and the ones that follow in each decade.
const BOUNDS_US: [i64; 10] = [1_000, 1_250, 1_600, 2_000, 2_500, 3_150, 4_000, 5_000, 6_300, 8_000];
const DECADES: u32 = 7;

/// Takes an attempt away again that was thought to be abandoned and had cost this much; after the same attempt was posted,
/// whose locks it needs.
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

pub(super) fn first(row: &AttemptRow) -> i64 {
    i64::from(row.attempt == 1)
}

pub(super) fn unknown(row: &AttemptRow) -> i64 {
    i64::from(row.certainty == "unknown")
}

fn exactly(expected: u64, rows: u64) -> Result<(), Source> {
    if rows == expected { Ok(()) } else { Err(format!("{rows} sums were written instead of {expected}").into()) }
}

/// The bound under which a latency is counted: the least that is not below it, or the last.
pub(super) fn bound_us(latency_us: i64) -> i64 {
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
