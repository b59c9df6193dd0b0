//! A column gets another name while processes of two versions write: no error, and no lost row. See `docs/migrations.md`.

use futures_util::future::join;

use super::databases::{Database, on_both};
use super::{NOW, order, spend};
use crate::adapters::ledger::store::{Store, on};

/// What the version before the first step writes, word for word.
const OLD: &str = "insert into attempts (
        attempt_id, rewrite_id, bullet_index, attempt, tenant, started_at_us, latency_us,
        provider, model, served_model, prompt_ref, skill, outcome,
        input_tokens, cached_input_tokens, output_tokens, cost_pico_usd, certainty, price_ref,
        served_tier, cache_write_5m_tokens, cache_write_1h_tokens, reasoning_tokens, bullets
    )
    values ($1, 'rw_1', 0, 1, 'ada', 1, 1, 'p', 'm', null, 'rewrite@1', null, 'complete', 9, $2, 2, 7, 'exact', 'free', null, null, null, null, 1)";
/// And what it reads.
const OLD_SUM: &str = "select cast(sum(cached_input_tokens) as bigint) from attempts";
const NEW_SUM: &str = "select cast(sum(cache_read_tokens) as bigint) from attempts";
const ROWS: &str = "select count(*) from attempts";
const EACH: i64 = 100;

/// A process of the version before writes.
async fn old(store: &Store, name: &str) {
    for number in 0..EACH {
        let mut transaction = store.begin().await.expect("no error");
        on!(&mut transaction, |connection| {
            let write = sqlx::query(OLD).bind(format!("{name}-{number}")).bind(4_i64).execute(connection).await;
            assert_eq!(write.expect("no error").rows_affected(), 1);
        });
        transaction.commit().await.expect("no error");
    }
}

#[tokio::test]
async fn two_versions_write_side_by_side_while_a_column_gets_another_name() {
    on_both(async |database: &Database| {
        database.migrate_to(10).await;
        let before = database.connect().await;
        old(&before, "before").await;

        // The step is taken while the old one writes.
        let ledger = database.ledger();
        let ((), opened) = join(old(&before, "during"), async { ledger.store().await.map(drop) }).await;
        opened.expect("no error");
        let new = async {
            for id in 1..=100 {
                spend(&ledger, &order(id, "ada", NOW, 5), 5).await;
            }
        };
        join(old(&before, "beside"), new).await;
        // 64 tokens in each row of the new version, 4 in each of the old one.
        let read = 4 * 3 * EACH + 64 * EACH;
        assert_eq!((database.number(ROWS).await, database.number(OLD_SUM).await, database.number(NEW_SUM).await), (4 * EACH, read, read));
        before.close().await;

        ledger.contract().await.expect("nobody needs the old name any more");
        spend(&ledger, &order(101, "ada", NOW, 5), 5).await;
        assert_eq!((database.number(ROWS).await, database.number(NEW_SUM).await), (4 * EACH + 1, read + 64));
        spend(&database.ledger(), &order(102, "ada", NOW, 5), 5).await;
        let mut transaction = database.connect().await.begin().await.expect("it answers");
        let gone = on!(&mut transaction, |connection| sqlx::query(OLD).bind("after").bind(4_i64).execute(connection).await.map(drop));
        gone.expect_err("what is gone is gone: the step must wait for the last old process");
    })
    .await;
}
