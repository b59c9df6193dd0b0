//! How a model did as a judge is kept once for everybody, and a row of an attempt says whether it was for writing or for judging.

use super::databases::{Database, on_both};
use super::{DAY, MINUTE, NOW, entry, order, spend};
use crate::ports::{CallPurpose, HoldOrder, Ledger as _, Timestamp, Trial, TrialKind, Trials as _};

fn kind(model: &str, prompt: &str) -> TrialKind {
    TrialKind { model: model.parse().expect("well formed"), prompt_sha256: prompt.to_owned(), set_sha256: "pairs".to_owned() }
}

fn trial(kind: &TrialKind, served: Option<&str>, right: u32, at: i64) -> Trial {
    Trial {
        kind: kind.clone(),
        served_model: served.map(str::to_owned),
        prompt_ref: "judge@1".parse().expect("well formed"),
        right,
        of: 24,
        tried_at: Timestamp(at),
    }
}

#[tokio::test]
async fn a_trial_is_kept_for_its_model_its_prompt_its_pairs_and_the_name_that_answered() {
    on_both(async |database: &Database| {
        let (here, there) = (database.ledger(), database.ledger());
        let ours = kind("p/org/m", "one");
        assert_eq!(here.trials(&ours).await.expect("it works"), []);
        let (first, second) = (trial(&ours, None, 20, NOW), trial(&ours, Some("m-2"), 23, NOW - 1));
        for kept in [&first, &second] {
            here.keep_trial(kept).await.expect("kept");
        }
        for other in [kind("p/m", "one"), kind("p/org/m", "two"), TrialKind { set_sha256: "others".to_owned(), ..ours.clone() }] {
            assert_eq!(there.trials(&other).await.expect("it works"), []);
            here.keep_trial(&trial(&other, None, 1, NOW)).await.expect("kept");
        }
        assert_eq!(there.trials(&ours).await.expect("it works"), [second.clone(), first]);
        let again = trial(&ours, None, 24, NOW + 1);
        there.keep_trial(&again).await.expect("kept");
        assert_eq!(here.trials(&ours).await.expect("it works"), [second, again], "the newest stands for its name");
    })
    .await;
}

#[tokio::test]
async fn to_look_for_a_trial_makes_no_file() {
    super::databases::on_sqlite(async |database: &Database| {
        assert_eq!(database.ledger().trials(&kind("p/m", "one")).await.expect("it works"), []);
        assert!(!database.exists());
    })
    .await;
}

#[tokio::test]
async fn a_row_says_what_it_was_for_whether_settled_or_left_behind() {
    const PURPOSES: &str = "select attempt_id || ' ' || purpose || ' ' || outcome from attempts order by attempt_id";
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        let judging = |id, at| HoldOrder { purpose: CallPurpose::Judge, ..order(id, "ada", at, 5) };
        spend(&ledger, &order(1, "ada", NOW, 5), 5).await;
        spend(&ledger, &judging(2, NOW), 5).await;
        let _never_settled = ledger.hold(&judging(3, NOW)).await.expect("it works");
        spend(&ledger, &order(4, "ada", NOW + 2 * MINUTE, 5), 5).await;
        let late = judging(3, NOW);
        ledger.settle(crate::ports::Hold { attempt_id: late.attempt_id }, &entry(&late, 4)).await.expect("it was only slow");
        let _left = ledger.hold(&judging(5, NOW)).await.expect("it works");
        spend(&ledger, &order(6, "ada", NOW + DAY, 5), 5).await;
        let told: Vec<String> = database.texts(PURPOSES).await.into_iter().map(|row| row[35..].to_owned()).collect();
        assert_eq!(
            told,
            ["1 write complete", "2 judge complete", "3 judge complete", "4 write complete", "5 judge abandoned", "6 write complete"]
        );
    })
    .await;
}

#[tokio::test]
async fn rows_from_before_were_for_writing_and_an_older_process_goes_on_writing_such_rows() {
    on_both(async |database: &Database| {
        database.migrate_to(12).await;
        let before = database.connect().await;
        write_as_before(&before, "old").await;
        let ledger = database.ledger();
        ledger.open().await.expect("migrated");
        write_as_before(&before, "new").await;
        assert_eq!(database.texts("select attempt_id || ' ' || purpose from attempts order by 1").await, ["new write", "old write"]);
    })
    .await;
}

/// A row as the version before writes it.
async fn write_as_before(store: &crate::adapters::ledger::store::Store, id: &str) {
    const WRITE: &str = "insert into attempts (
            attempt_id, rewrite_id, bullet_index, attempt, tenant, started_at_us, latency_us, provider, model, served_model, prompt_ref, skill,
            outcome, input_tokens, cache_read_tokens, output_tokens, cost_pico_usd, certainty, price_ref, served_tier, cache_write_5m_tokens,
            cache_write_1h_tokens, reasoning_tokens, bullets
        )
        values ($1, 'rw_1', 0, 1, 'ada', 1, 1, 'p', 'm', null, 'rewrite@1', null, 'complete', 9, 4, 2, 7, 'exact', 'free', null, null, null, null, 1)";
    let mut transaction = store.begin().await.expect("no error");
    crate::adapters::ledger::store::on!(&mut transaction, |connection| {
        let written = sqlx::query(WRITE).bind(id).execute(connection).await;
        assert_eq!(written.expect("no error").rows_affected(), 1);
    });
    transaction.commit().await.expect("no error");
}
