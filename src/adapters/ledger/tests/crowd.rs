//! A thousand callers at once, at several processes' worth of connections: what is spent and held never exceeds a limit.

use futures_util::future::join_all;

use super::databases::{Database, on_both};
use super::{NOW, entry, limited, order};
use crate::ports::{Held, Ledger};

const CALLERS: usize = 1_000;
const PROCESSES: usize = 4;
const EACH: u64 = 7;
/// Room for 142 of them, and no more.
const CAP: u64 = 1_000;

const USED: &str = "select cast(coalesce(sum(amount_pico_usd), 0) as bigint) from holds";
const SPENT: &str = "select cast(coalesce(sum(cost_pico_usd), 0) as bigint) from attempts";

async fn crowd(database: &Database, caps: [Option<u64>; 4], settles: bool) -> usize {
    let ledgers: Vec<_> = (0..PROCESSES).map(|_| database.ledger()).collect();
    join_all(ledgers.iter().map(Ledger::open)).await.into_iter().for_each(|opened| opened.expect("it opens"));
    let callers = (0..CALLERS).zip(ledgers.iter().cycle()).map(|(number, ledger)| async move {
        // Two tenants, so that limits of one and of all are both stood in line for.
        let tenant = ["ada", "bob"][number % 2];
        let order = limited(order(number as u128 + 1, tenant, NOW, EACH), caps);
        match ledger.hold(&order).await.expect("the ledger works") {
            Held::Yes(hold) if settles => ledger.settle(hold, &entry(&order, EACH - 1)).await.map(|()| true).expect("the ledger works"),
            Held::Yes(_) => true,
            Held::No(_) => false,
        }
    });
    join_all(callers).await.into_iter().filter(|&held| held).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_holds_at_once_never_overrun_a_limit_of_all() {
    on_both(async |database: &Database| {
        assert_eq!(crowd(database, [None, None, Some(CAP), None], false).await, 142);
        assert_eq!(database.number(USED).await, 142 * 7);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nor_a_limit_of_each_while_others_settle() {
    on_both(async |database: &Database| {
        // What is settled leaves less room than it held, and more than it spent.
        let made = crowd(database, [None, Some(CAP), None, Some(10 * CAP)], true).await;
        let of = database
            .texts("select tenant || ' ' || cast(sum(cost_pico_usd) as bigint) from attempts group by tenant order by tenant")
            .await;
        let spent: Vec<u64> = of.iter().filter_map(|row| row.split_once(' ')?.1.parse().ok()).collect();
        assert!(spent.len() == 2 && spent.iter().all(|spent| (142 * 6..=CAP).contains(spent)), "{of:?}");
        assert_eq!((database.number(SPENT).await, database.number(USED).await), (i64::try_from(made * 6).expect("small"), 0));
    })
    .await;
}
