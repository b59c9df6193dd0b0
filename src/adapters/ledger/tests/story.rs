//! One story, told to both databases.

use futures_util::future::join_all;

use super::databases::{Database, on_both, on_postgres};
use super::{DAY, MINUTE, NOW, entry, limited, order, spend};
use crate::domain::cost::{Certainty, Exhausted, Period, PicoUsd, Scope};
use crate::ports::{Held, Hold, HoldOrder, Ledger, LedgerEntry, Timestamp};

async fn refused(ledger: &dyn Ledger, order: &HoldOrder) -> (Scope, Period) {
    match ledger.hold(order).await.expect("the ledger works") {
        Held::No(Exhausted { scope, period }) => (scope, period),
        Held::Yes(_) => panic!("there is no room for {order:?}"),
    }
}

async fn held(ledger: &dyn Ledger, order: &HoldOrder) -> Hold {
    match ledger.hold(order).await.expect("the ledger works") {
        Held::Yes(hold) => hold,
        Held::No(limit) => panic!("{limit:?} stands in the way of {order:?}"),
    }
}

const COST: &str = "select cast(coalesce(sum(cost_pico_usd), 0) as bigint) from attempts";
const ROWS: &str = "select count(*) from attempts";
const OPEN: &str = "select count(*) from holds";
const UNKNOWN: &str = "select cast(coalesce(sum(unknown), 0) as bigint) from usage_daily";

#[tokio::test]
async fn no_one_spends_more_than_their_day_their_month_and_what_all_may() {
    on_both(async |database: &Database| {
        let (here, there) = (database.ledger(), database.ledger());
        let ada = |id, at, worst| limited(order(id, "ada", at, worst), [Some(10), Some(15), None, Some(20)]);
        let bob = |id, at, worst| limited(order(id, "bob", at, worst), [None, None, None, Some(20)]);

        let first = ada(1, NOW, 6);
        let hold = held(&here, &first).await;
        assert_eq!(refused(&there, &ada(2, NOW, 5)).await, (Scope::Principal, Period::Day), "six are held");
        here.settle(hold, &entry(&first, 4)).await.expect("settled");
        spend(&there, &ada(2, NOW, 6), 5).await;
        assert_eq!(refused(&here, &ada(3, NOW, 2)).await, (Scope::Principal, Period::Day), "nine are spent");
        spend(&here, &ada(3, NOW, 0), 0).await;

        spend(&here, &ada(4, NOW + DAY, 6), 6).await;
        assert_eq!(refused(&there, &ada(5, NOW + DAY, 1)).await, (Scope::Principal, Period::Month), "a new day, the same month");
        spend(&there, &bob(6, NOW + DAY, 5), 5).await;
        assert_eq!(refused(&here, &bob(7, NOW + 2 * DAY, 1)).await, (Scope::Total, Period::Month), "twenty are spent by all");
        spend(&here, &ada(8, NOW + 31 * DAY, 10), 10).await;
        assert_eq!((database.number(COST).await, database.number(OPEN).await), (30, 0));
    })
    .await;
}

#[tokio::test]
async fn a_call_counts_for_the_day_on_which_it_began() {
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        // 2026-11-06T23:59:59Z.
        let late = limited(order(1, "ada", 1_794_009_599_000_000, 5), [Some(5), None, None, None]);
        spend(&ledger, &late, 5).await;
        assert_eq!(database.texts("select day from usage_daily").await, ["2026-11-06"]);
        let next = limited(order(2, "ada", 1_794_009_600_000_000, 5), [Some(5), None, None, None]);
        spend(&ledger, &next, 5).await;
        assert_eq!(
            database.texts("select tenant || ' ' || period || ' ' || spent_pico_usd from spending order by 1").await,
            ["* 2026-11 10", "* 2026-11-06 5", "* 2026-11-07 5", "ada 2026-11 10", "ada 2026-11-06 5", "ada 2026-11-07 5"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_hold_whose_owner_died_is_settled_by_whoever_next_holds() {
    on_both(async |database: &Database| {
        let (dying, living) = (database.ledger(), database.ledger());
        let left = order(1, "ada", NOW, 8);
        let _never_settled = held(&dying, &left).await;
        spend(&living, &order(2, "bob", NOW + MINUTE - 1, 3), 3).await;
        assert_eq!((database.number(ROWS).await, database.number(OPEN).await), (1, 1), "it may still be settled");
        spend(&living, &order(3, "bob", NOW + 2 * MINUTE, 3), 3).await;
        assert_eq!((database.number(OPEN).await, database.number(COST).await, database.number(UNKNOWN).await), (0, 3 + 3 + 4, 1));
        let abandoned = database
            .texts("select outcome || ' ' || certainty || ' ' || cost_pico_usd || ' ' || bullets || ' ' || price_ref from attempts where tenant = 'ada'");
        assert_eq!(abandoned.await, ["abandoned unknown 4 5 0b3e90174ea065f8"], "at the price of its prompt");
        let taken = "select cast(sum(attempts) as bigint) from latency_daily";
        assert_eq!(database.number(taken).await, 2, "how long it took is not known");
    })
    .await;
}

#[tokio::test]
async fn what_the_dead_hold_does_not_stand_in_the_way_for_longer() {
    on_both(async |database: &Database| {
        let (dying, living) = (database.ledger(), database.ledger());
        let ask = |id, at| limited(order(id, "ada", at, 8), [Some(12), None, None, None]);
        // Looked for a moment ago, so that only the limit is a reason to look again.
        spend(&living, &ask(1, NOW - 1), 0).await;
        let dead = HoldOrder { expires_at: Timestamp(NOW), ..ask(2, NOW - MINUTE) };
        let _never_settled = held(&dying, &dead).await;
        spend(&living, &ask(3, NOW), 8).await;
        assert_eq!(database.number(COST).await, 4 + 8);
    })
    .await;
}

#[tokio::test]
async fn an_owner_that_was_only_slow_has_the_last_word() {
    on_both(async |database: &Database| {
        let (slow, other) = (database.ledger(), database.ledger());
        let late = order(1, "ada", NOW, 8);
        let hold = held(&slow, &late).await;
        spend(&other, &order(2, "bob", NOW + 2 * MINUTE, 3), 3).await;
        assert_eq!(database.number(COST).await, 4 + 3);
        slow.settle(hold, &entry(&late, 7)).await.expect("settled");
        assert_eq!((database.number(ROWS).await, database.number(COST).await, database.number(UNKNOWN).await), (2, 7 + 3, 0));
        assert_eq!(
            database.texts("select tenant || ' ' || spent_pico_usd from spending where length(period) = 7 order by 1").await,
            ["* 10", "ada 7", "bob 3"]
        );
        assert_eq!(database.number("select cast(sum(attempts) as bigint) from usage_daily").await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_attempt_is_written_once_and_needs_no_hold_to_be_written() {
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        let one = order(1, "ada", NOW, 5);
        let unheld = || Hold { attempt_id: one.attempt_id };
        ledger.settle(unheld(), &entry(&one, 5)).await.expect("written");
        let error = ledger.settle(unheld(), &entry(&one, 5)).await.expect_err("the same attempt again");
        assert!(error.to_string().starts_with("could not write the ledger at "), "{error}");
        assert!(!error.to_string().contains('@'), "no secret of the URL: {error}");
        let other = entry(&order(2, "ada", NOW, 5), 5);
        ledger.settle(unheld(), &other).await.expect_err("the hold of another attempt");
        assert_eq!((database.number(ROWS).await, database.number(COST).await), (1, 5));
        assert_eq!(
            database.number("select cast(sum(spent_pico_usd) as bigint) from spending where tenant = '*'").await,
            10,
            "a day and a month"
        );
    })
    .await;
}

#[tokio::test]
async fn a_row_says_everything_the_entry_says_and_absent_is_not_zero() {
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        let (known, odd) = (order(1, "ada", NOW + 1, 5), HoldOrder { skill: None, attempt: 3, ..order(2, "ada", NOW, 5) });
        spend(&ledger, &known, 312_000_000).await;
        let hold = held(&ledger, &odd).await;
        let unknown = LedgerEntry {
            served_model: None,
            served_tier: None,
            outcome: "deadline_exceeded",
            usage: None,
            cost: PicoUsd::new(u64::MAX),
            certainty: Certainty::Unknown,
            ..entry(&odd, 0)
        };
        ledger.settle(hold, &unknown).await.expect("written");
        let columns = "select attempt_id || '|' || rewrite_id || '|' || bullet_index || '|' || bullets || '|' || attempt || '|' || tenant || '|' || started_at_us
                || '|' || latency_us || '|' || provider || '|' || model || '|' || coalesce(served_model, '-') || '|' || coalesce(served_tier, '-')
                || '|' || prompt_ref || '|' || coalesce(skill, '-') || '|' || outcome || '|' || coalesce(input_tokens, -1)
                || '|' || coalesce(cache_read_tokens, -1) || '|' || coalesce(cache_write_5m_tokens, -1)
                || '|' || coalesce(cache_write_1h_tokens, -1) || '|' || coalesce(output_tokens, -1) || '|' || coalesce(reasoning_tokens, -1)
                || '|' || cost_pico_usd || '|' || certainty || '|' || price_ref
            from attempts order by attempt_id";
        assert_eq!(
            database.texts(columns).await,
            [
                "00000000-0000-0000-0000-000000000001|rw_1|2|5|1|ada|1793954977000001|1500000|openai|gpt-5-mini|gpt-5-mini-2026|flex|rewrite@1|sql\
                 |complete|103|64|3|-1|20|5|312000000|exact|0b3e90174ea065f8",
                // A thousand dollars at most, so that the sums stay in range.
                "00000000-0000-0000-0000-000000000002|rw_1|2|5|3|ada|1793954977000000|1500000|openai|gpt-5-mini|-|-|rewrite@1|-\
                 |deadline_exceeded|-1|-1|-1|-1|-1|-1|1000000000000000|unknown|0b3e90174ea065f8",
            ]
        );
        let used = "select skill || '|' || calls || '|' || attempts || '|' || input_tokens || '|' || cached_input_tokens || '|' || output_tokens
                || '|' || cost_pico_usd || '|' || unknown || '|' || cache_hits || '|' || saved_pico_usd from usage_daily order by skill";
        assert_eq!(database.texts(used).await, ["|0|1|0|0|0|1000000000000000|1|0|0", "sql|1|1|103|64|20|312000000|0|0|0"]);
        assert_eq!(database.texts("select up_to_us || '|' || attempts from latency_daily").await, ["1600000|1", "1600000|1"]);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_cuts_every_connection_costs_no_row_and_no_hold() {
    on_postgres(async |database: &Database| {
        let ledger = database.ledger();
        // As many as the ledger keeps, so that each is a bad one afterwards.
        let orders: Vec<_> = (1..=40).map(|id| limited(order(id, "ada", NOW, 5), [Some(1_000), None, None, None])).collect();
        let holds = join_all(orders.iter().map(|order| held(&ledger, order))).await;
        let cut =
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        assert!(database.number(cut).await > 1);
        let settled = join_all(holds.into_iter().zip(&orders).map(async |(hold, order)| ledger.settle(hold, &entry(order, 5)).await));
        settled.await.into_iter().for_each(|settled| settled.expect("written in the end"));
        assert!(database.number(cut).await > 1);
        spend(&ledger, &limited(order(50, "ada", NOW, 5), [Some(1_000), None, None, None]), 5).await;
        assert_eq!((database.number(ROWS).await, database.number(COST).await, database.number(OPEN).await), (41, 205, 0));
    })
    .await;
}
