//! Why holds stand in line: the same statement under each level of isolation, with two callers for the room of one. See `docs/adr/0017`.

use futures_util::future::join;

use super::databases::{Database, on_both, on_postgres};
use super::{NOW, limited, order};
use crate::adapters::ledger::hold;
use crate::adapters::ledger::store::{Server, Store, Tx};
use crate::ports::{HoldOrder, Source};

const USED: &str = "select cast(coalesce(sum(amount_pico_usd), 0) as bigint) from holds";

/// Room for one of the two.
fn two() -> [HoldOrder; 2] {
    [1, 2].map(|id| limited(order(id, "ada", NOW, 6), [Some(10), None, None, None]))
}

async fn begin(store: &Store, level: &'static str) -> Tx {
    let Store::Postgres(Server { pool, .. }) = store else { panic!("SQLite has one level") };
    Tx::Postgres(pool.begin_with(level).await.expect("it answers"))
}

/// Both look before either is done: how many were placed, and how many were told so when they were done.
async fn side_by_side(database: &Database, level: &'static str) -> (u64, usize) {
    let ledger = database.ledger();
    let store = ledger.store().await.expect("it opens");
    let [first, second] = two();
    let (mut one, mut other) = (begin(store, level).await, begin(store, level).await);
    let placed = hold::insert(&mut one, &first).await.expect("placed") + hold::insert(&mut other, &second).await.expect("placed");
    let done = [one.commit().await, other.commit().await];
    (placed, done.iter().filter(|done| done.is_ok()).count())
}

#[tokio::test]
async fn without_a_line_read_committed_and_repeatable_read_spend_the_same_room_twice() {
    on_postgres(async |database: &Database| {
        for level in ["begin isolation level read committed", "begin isolation level repeatable read"] {
            assert_eq!(side_by_side(database, level).await, (2, 2), "{level}");
            assert_eq!(database.number(USED).await, 12, "{level}: two more than the limit");
            database.empty().await;
        }
    })
    .await;
}

#[tokio::test]
async fn serializable_lets_one_of_them_fail_when_it_is_done() {
    on_postgres(async |database: &Database| {
        assert_eq!(side_by_side(database, "begin isolation level serializable").await, (2, 1), "the other would have to be tried again");
        assert_eq!(database.number(USED).await, 6);
    })
    .await;
}

#[tokio::test]
async fn in_line_the_second_sees_the_first_and_nothing_has_to_be_tried_again() {
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        let store = ledger.store().await.expect("it opens");
        let [first, second] = two();
        let mut one = store.begin_in_line(&hold::locks(&first)).await.expect("nobody else has the lock");
        assert_eq!(hold::insert(&mut one, &first).await.expect("placed"), 1);
        let other = async { hold::place(store, &second).await };
        let done = async {
            // The other is under way by now, and can only wait.
            tokio::task::yield_now().await;
            one.commit().await.map_err(Source::from)
        };
        let (refused, done) = join(other, done).await;
        done.expect("committed");
        assert!(refused.expect("it works").is_some());
        assert_eq!(database.number(USED).await, 6);
    })
    .await;
}

#[tokio::test]
async fn to_look_first_and_take_then_overruns_in_either_database() {
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        let store = ledger.store().await.expect("it opens");
        let [first, second] = two();
        // What a program would do that asks for the sum, decides by itself, and writes.
        let looked = [database.number(USED).await + 6 <= 10, database.number(USED).await + 6 <= 10];
        assert_eq!(looked, [true, true]);
        for order in [first, second] {
            let unlimited = HoldOrder { budget: crate::domain::cost::Budget::default(), ..order };
            assert!(hold::place(store, &unlimited).await.expect("it works").is_none());
        }
        assert_eq!(database.number(USED).await, 12, "two more than the limit");
    })
    .await;
}
