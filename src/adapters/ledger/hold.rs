//! Money is set aside before a call, by one conditional statement: look and take are the same act.
//!
//! That statement reads sums of rows which it does not change, so two that run side by side at a server could each find room for one, and take it
//! twice; neither `read committed` nor `repeatable read` would tell. So holds under one limit stand in line: each takes the limit's lock before the
//! statement, whose snapshot is then younger than everything that was held before. `docs/adr/0017` weighs this against `serializable`.

use sha2::{Digest as _, Sha256};

use super::attempts::{one, pico_usd, whole};
use super::roll_ups::ALL;
use super::store::{File, Server, Store, Tx, on};
use crate::domain::cost::{Budget, Caps, Day, Exhausted, Period, PicoUsd, Scope};
use crate::ports::{HoldOrder, Source, Timestamp};

/// The limits that would be overrun, by `tenant` and `period`: $1 is the tenant, $2 all, $3 the day, $4 its month, $5 the amount, and $6 to $9 are the caps.
macro_rules! overrun {
    () => {
        "select limits.tenant, limits.period
        from (
            select $1 as tenant, $3 as period, cast($6 as bigint) as cap
            union all select $1, $4, cast($7 as bigint)
            union all select $2, $3, cast($8 as bigint)
            union all select $2, $4, cast($9 as bigint)
        ) as limits
        where limits.cap < $5
            + coalesce((
                select spent_pico_usd from spending where spending.tenant = limits.tenant and spending.period = limits.period
            ), 0)
            + coalesce((
                select sum(amount_pico_usd) from holds
                where limits.tenant in (holds.tenant, $2) and limits.period in (holds.day, substr(holds.day, 1, 7))
            ), 0)"
    };
}

/// Binds what [`overrun!`] names, which has no type of its own: a query of either database.
macro_rules! under_limits {
    ($query:expr, $order:expr) => {{
        let day = Day::of_micros($order.started_at.0);
        let Budget { principal: Caps { day: own_day, month: own_month }, total: Caps { day: all_day, month: all_month } } = $order.budget;
        let query = $query.bind(&$order.tenant).bind(ALL).bind(day.to_string()).bind(day.month()).bind(pico_usd($order.worst.get()));
        query.bind(cap(own_day)).bind(cap(own_month)).bind(cap(all_day)).bind(cap(all_month))
    }};
}

/// Adds the hold unless a limit would be overrun.
pub(super) const PLACE: &str = concat!(
    "insert into holds (
        tenant, day, amount_pico_usd, attempt_id, rewrite_id, bullet_index, attempt, started_at_us, expires_at_us,
        provider, model, prompt_ref, skill, input_pico_usd, price_ref, bullets, purpose
    )
    select $1, $3, $5, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23
    where not exists (",
    overrun!(),
    ")"
);
const OVERRUN: &str = overrun!();

/// The conditional statement with everything in it: a query of either database.
macro_rules! placing {
    ($order:expr) => {{
        let HoldOrder {
            attempt_id,
            rewrite_id,
            bullet_index,
            bullets,
            attempt,
            purpose,
            tenant: _,
            started_at: Timestamp(started_at_us),
            expires_at: Timestamp(expires_at_us),
            model,
            prompt_ref,
            skill,
            worst: _,
            input,
            price_ref,
            budget: _,
        } = $order;
        let place = under_limits!(sqlx::query(PLACE), $order);
        let place = place.bind(attempt_id.to_string()).bind(rewrite_id).bind(i64::from(*bullet_index)).bind(i64::from(*attempt));
        let place = place.bind(started_at_us).bind(expires_at_us).bind(model.provider()).bind(model.model());
        place
            .bind(prompt_ref.to_string())
            .bind(skill)
            .bind(pico_usd(input.get()))
            .bind(price_ref)
            .bind(i64::from(*bullets))
            .bind(purpose.as_str())
    }};
}

/// How often the statement is tried when what stood in its way is gone by the time one looks what it was.
const LOOKS: usize = 3;

/// Sets the money aside; says which limit it would overrun instead, if any.
pub(super) async fn place(store: &Store, order: &HoldOrder) -> Result<Option<Exhausted>, Source> {
    for _ in 0..LOOKS {
        let placed = match store {
            // One statement is a transaction of its own, which waits for its turn to write before it looks.
            Store::Sqlite(File { pool, .. }) => placing!(order).execute(pool).await?.rows_affected(),
            Store::Postgres(Server { pool, .. }) if !order.budget.is_limited() => placing!(order).execute(pool).await?.rows_affected(),
            Store::Postgres(_) => place_in_line(store, order).await?,
        };
        if placed > 0 {
            return one(placed).map(|()| None);
        }
        if let Some(limit) = overrun(store, order).await? {
            return Ok(Some(limit));
        }
    }
    Err("a hold was refused, though no limit stands in its way".into())
}

async fn place_in_line(store: &Store, order: &HoldOrder) -> sqlx::Result<u64> {
    let mut turn = store.turn().await?;
    let begun = store.begin_in_line(&locks(order)).await;
    if let (Some(turn), Err(sqlx::Error::PoolTimedOut)) = (&mut turn, &begun) {
        turn.was_in_vain();
    }
    let mut transaction = begun?;
    let placed = insert(&mut transaction, order).await?;
    transaction.commit().await?;
    Ok(placed)
}

/// The conditional statement in a transaction; says how many rows it wrote.
pub(super) async fn insert(transaction: &mut Tx, order: &HoldOrder) -> sqlx::Result<u64> {
    on!(transaction, |connection| Ok(placing!(order).execute(connection).await?.rows_affected()))
}

/// The first limit that stands in the way, if one still does.
async fn overrun(store: &Store, order: &HoldOrder) -> sqlx::Result<Option<Exhausted>> {
    let found: Option<(String, String)> = match store {
        Store::Sqlite(File { pool, .. }) => under_limits!(sqlx::query_as(OVERRUN), order).fetch_optional(pool).await?,
        Store::Postgres(Server { pool, .. }) => under_limits!(sqlx::query_as(OVERRUN), order).fetch_optional(pool).await?,
    };
    Ok(found.map(|(tenant, period)| Exhausted {
        scope: if tenant == ALL { Scope::Total } else { Scope::Principal },
        // A month is written `2026-11`, a day `2026-11-24`.
        period: if period.len() > 7 { Period::Day } else { Period::Month },
    }))
}

/// The locks of the limits that a call has to keep to; everyone takes them in this order.
pub(super) fn locks(order: &HoldOrder) -> Vec<i64> {
    let limits = [(order.budget.principal, order.tenant.as_str()), (order.budget.total, ALL)];
    limits.into_iter().filter(|(caps, _)| caps.is_limited()).map(|(_, tenant)| lock_of(tenant)).collect()
}

/// The number of a lock. That two tenants might share one costs them a wait, and nothing else.
fn lock_of(tenant: &str) -> i64 {
    let digest = Sha256::digest(format!("bulletsmith budget of {tenant}"));
    digest.first_chunk().map_or(0, |first| i64::from_be_bytes(*first))
}

fn cap(most: Option<PicoUsd>) -> Option<i64> {
    most.map(|most| whole(most.get()))
}
