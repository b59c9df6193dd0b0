//! Whatever happens in whatever order, the attempts, what was used by day and what was spent say the same, and nothing is negative.

use proptest::prelude::*;
use tokio::runtime::Runtime;

use super::databases::{Database, on_postgres, on_sqlite};
use super::{DAY, MINUTE, NOW, entry, limited, order};
use crate::adapters::ledger::store::{File, Store};
use crate::domain::cost::Certainty;
use crate::ports::{Held, Hold, HoldOrder, Ledger, LedgerEntry, Timestamp};

/// One thing that may happen.
#[derive(Debug, Clone)]
enum Event {
    /// Somebody asks, for as much as this, and settles at once for a part of it.
    Call { tenant: usize, day: i64, skill: bool, attempt: u32, worst: u64, percent: u64, is_unknown: bool },
    /// Somebody asks and is not heard of for a while.
    Vanish { tenant: usize, day: i64, worst: u64 },
    /// One who was not heard of settles after all.
    Return { which: usize, percent: u64 },
    /// Time passes.
    Wait { minutes: i64 },
}

fn event() -> impl Strategy<Value = Event> {
    let call = (0..2_usize, 0..3_i64, any::<bool>(), 1..3_u32, 0..400_u64, 0..=100_u64, any::<bool>());
    prop_oneof![
        4 => call.prop_map(|(tenant, day, skill, attempt, worst, percent, is_unknown)| Event::Call { tenant, day, skill, attempt, worst, percent, is_unknown }),
        2 => (0..2_usize, 0..3_i64, 0..400_u64).prop_map(|(tenant, day, worst)| Event::Vanish { tenant, day, worst }),
        1 => (any::<usize>(), 0..=100_u64).prop_map(|(which, percent)| Event::Return { which, percent }),
        1 => (0..4_i64).prop_map(|minutes| Event::Wait { minutes }),
    ]
}

const CAPS: [Option<u64>; 4] = [Some(900), Some(2_000), Some(1_500), Some(3_000)];

async fn happen(ledger: &dyn Ledger, events: Vec<Event>) {
    let (mut now, mut vanished): (i64, Vec<HoldOrder>) = (NOW, Vec::new());
    for (event, id) in events.into_iter().zip(1..) {
        match event {
            Event::Wait { minutes } => now += minutes * MINUTE,
            Event::Call { tenant, day, skill, attempt, worst, percent, is_unknown } => {
                let order = order(id, ["ada", "bob"][tenant], now + day * DAY, worst);
                let order = limited(HoldOrder { skill: skill.then(|| "sql".to_owned()), attempt, ..order }, CAPS);
                if let Held::Yes(hold) = ledger.hold(&order).await.expect("it works") {
                    let entry = entry(&order, worst * percent / 100);
                    let certainty = if is_unknown { Certainty::Unknown } else { Certainty::Exact };
                    ledger.settle(hold, &LedgerEntry { certainty, ..entry }).await.expect("it works");
                }
            }
            Event::Vanish { tenant, day, worst } => {
                let order = limited(order(id, ["ada", "bob"][tenant], now + day * DAY, worst), CAPS);
                // Days ahead of the clock, it would never expire in this test.
                let order = HoldOrder { expires_at: Timestamp(now + MINUTE), ..order };
                if let Held::Yes(_) = ledger.hold(&order).await.expect("it works") {
                    vanished.push(order);
                }
            }
            Event::Return { which, percent } if !vanished.is_empty() => {
                let order = vanished.swap_remove(which % vanished.len());
                // No more than what was written for it if it was thought dead: what it left has been given to others.
                let entry = entry(&order, order.input.get() * percent / 100);
                ledger.settle(Hold { attempt_id: order.attempt_id }, &entry).await.expect("it works");
            }
            Event::Return { .. } => {}
        }
    }
}

/// What the sums say and the attempts do not, row by row; empty when they agree.
const DISAGREEMENTS: &str = "
    with
        days (attempt_id, day) as (
            select attempt_id, substr('2026-11-06|2026-11-07|2026-11-08', 1 + 11 * cast((started_at_us - 1793923200000000) / 86400000000 as integer), 10)
            from attempts
        ),
        truth (what, amount) as (
            select 'used ' || day || ' ' || tenant || ' ' || coalesce(skill, ''),
                sum(cost_pico_usd) * 1000000 + count(*) * 10000 + sum(case when attempt = 1 then 1 else 0 end) * 100
                    + sum(case when certainty = 'unknown' then 1 else 0 end)
            from attempts join days using (attempt_id) group by day, tenant, skill
            union all
            select 'spent ' || tenant || ' ' || day, sum(cost_pico_usd) from attempts join days using (attempt_id) group by tenant, day
            union all
            select 'spent * ' || day, sum(cost_pico_usd) from attempts join days using (attempt_id) group by day
            union all
            select 'spent ' || tenant || ' ' || substr(day, 1, 7), sum(cost_pico_usd) from attempts join days using (attempt_id) group by tenant, substr(day, 1, 7)
            union all
            select 'spent * ' || substr(day, 1, 7), sum(cost_pico_usd) from attempts join days using (attempt_id) group by substr(day, 1, 7)
            union all
            select 'taken', count(*) from attempts where outcome <> 'abandoned'
        ),
        told (what, amount) as (
            select 'used ' || day || ' ' || tenant || ' ' || skill, cost_pico_usd * 1000000 + attempts * 10000 + calls * 100 + unknown
            from usage_daily where attempts > 0
            union all
            select 'spent ' || tenant || ' ' || period, spent_pico_usd from spending
            union all
            select 'taken', sum(attempts) from latency_daily
        )
    select coalesce(truth.what, told.what) || ': ' || coalesce(truth.amount, 0) || ' is told as ' || coalesce(told.amount, 0)
    from truth full join told on truth.what = told.what
    where coalesce(truth.amount, 0) <> coalesce(told.amount, 0)";

/// What is spent and held beyond a limit.
const OVERRUNS: &str = "
    with used (tenant, period, amount) as (
        select tenant, period, spent_pico_usd from spending
        union all select tenant, day, amount_pico_usd from holds
        union all select '*', day, amount_pico_usd from holds
        union all select tenant, substr(day, 1, 7), amount_pico_usd from holds
        union all select '*', substr(day, 1, 7), amount_pico_usd from holds
    )
    select tenant || ' ' || period || ' ' || cast(sum(amount) as bigint)
    from used
    group by tenant, period
    having sum(amount) > case when tenant = '*' then case when length(period) = 7 then 3000 else 1500 end
        else case when length(period) = 7 then 2000 else 900 end end";

async fn check(database: &Database, events: Vec<Event>) {
    happen(&database.ledger(), events).await;
    assert_eq!(database.texts(DISAGREEMENTS).await, Vec::<String>::new());
    assert_eq!(database.texts(OVERRUNS).await, Vec::<String>::new());
}

#[test]
fn the_sums_say_what_the_attempts_say_on_sqlite() {
    let runtime = Runtime::new().expect("a runtime");
    proptest!(ProptestConfig::with_cases(48), |(events in prop::collection::vec(event(), 1..40))| {
        runtime.block_on(on_sqlite(async |database: &Database| check(database, events.clone()).await));
    });
}

#[test]
fn the_sums_say_what_the_attempts_say_on_postgres() {
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(on_postgres(async |database: &Database| {
        proptest!(ProptestConfig::with_cases(12), |(events in prop::collection::vec(event(), 1..40))| {
            tokio::task::block_in_place(|| runtime.handle().block_on(async {
                database.empty().await;
                check(database, events.clone()).await;
            }));
        });
    }));
}

#[test]
fn a_sum_that_is_wrong_is_found() {
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(on_sqlite(async |database: &Database| {
        let ledger = database.ledger();
        super::spend(&ledger, &order(1, "ada", NOW, 5), 5).await;
        assert_eq!(database.texts(DISAGREEMENTS).await, Vec::<String>::new());
        let Ok(Store::Sqlite(File { pool, .. })) = ledger.store().await else { panic!("a file") };
        sqlx::query("update spending set spent_pico_usd = 1800 where tenant = 'ada' and period = '2026-11-06'")
            .execute(pool)
            .await
            .expect("ours");
        assert_eq!(database.texts(DISAGREEMENTS).await, ["spent ada 2026-11-06: 5 is told as 1800"]);
        assert_eq!(database.texts(OVERRUNS).await, ["ada 2026-11-06 1800"]);
    }));
}
