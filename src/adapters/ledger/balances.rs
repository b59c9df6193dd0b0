//! What is gone of a budget: the same sums that a hold looks at.

use super::roll_ups::ALL;
use super::store::{File, Server, Store};
use crate::domain::cost::{Day, PicoUsd};
use crate::domain::usage::{Balance, Outlay};
use crate::ports::Source;

/// $1 is the tenant, or $4 for all; $2 the day, $3 its month.
const GONE: &str = "select
        coalesce((select spent_pico_usd from spending where tenant = $1 and period = $2), 0),
        coalesce((select spent_pico_usd from spending where tenant = $1 and period = $3), 0),
        coalesce((select cast(sum(amount_pico_usd) as bigint) from holds where $1 in (tenant, $4) and day = $2), 0),
        coalesce((select cast(sum(amount_pico_usd) as bigint) from holds where $1 in (tenant, $4) and substr(day, 1, 7) = $3), 0)";

/// What this tenant, or all together, have spent and set aside.
pub(super) async fn balance(store: &Store, tenant: Option<&str>, day: Day) -> Result<Balance, Source> {
    let tenant = tenant.unwrap_or(ALL);
    let (day, month) = (day.to_string(), day.month());
    let gone: (i64, i64, i64, i64) = match store {
        Store::Sqlite(File { pool, .. }) => sqlx::query_as(GONE).bind(tenant).bind(day).bind(month).bind(ALL).fetch_one(pool).await?,
        Store::Postgres(Server { pool, .. }) => sqlx::query_as(GONE).bind(tenant).bind(day).bind(month).bind(ALL).fetch_one(pool).await?,
    };
    let (day_spent, month_spent, day_held, month_held) = gone;
    let outlay = |spent: i64, held: i64| Outlay { spent: PicoUsd::new(spent.unsigned_abs()), held: PicoUsd::new(held.unsigned_abs()) };
    Ok(Balance { day: outlay(day_spent, day_held), month: outlay(month_spent, month_held) })
}
