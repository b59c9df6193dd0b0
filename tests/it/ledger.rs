//! The account of real processes: two of them at one ledger, killed in the middle of their work, again and again.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bulletsmith::adapters::clock::{SystemClock, UuidIds};
use bulletsmith::adapters::ledger::database::DatabaseLedger;
use bulletsmith::domain::cost::{Budget, PicoUsd};
use bulletsmith::ports::{Clock as _, Held, HoldOrder, Ledger, Timestamp};
use serde_json::json;
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::harness::{Binary, FakeProvider, PROMPT, router, with_each_ledger};

const KILLS: usize = 10;
/// So many answers in each round, from both processes together, before they are killed.
const ANSWERS: u64 = 12;
/// Five cents: enough for some rounds, and not for all.
const CAP_PICO_USD: i64 = 50_000_000_000;
const PRICES: &str = "as_of = '2026-11-01'\nsource = 's'\ncurrency = 'USD'\n[[price]]\nprovider_kind = 'openai'\nmodel = 'mock'\n\
                      input_usd_per_mtok = '0.25'\ncached_input_usd_per_mtok = '0.025'\noutput_usd_per_mtok = '2'\n";

/// Numbers out of a ledger.
async fn numbers(url: &str, sql: &'static str) -> Vec<i64> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_secs(5));
        let mut connection = SqliteConnection::connect_with(&options).await.expect("a file");
        sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect(sql)
    } else {
        let mut connection = PgConnection::connect(url).await.expect("a server");
        sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect(sql)
    }
}

async fn number(url: &str, sql: &'static str) -> i64 {
    let [number] = numbers(url, sql).await[..] else { panic!("one number") };
    number
}

/// One rewrite over a connection of its own; the status, if the process lived long enough to tell.
async fn ask(url: &str, number: u64) -> Option<u16> {
    let host = url.strip_prefix("http://")?;
    let bullet = format!("Built REST APIs for the mobile and web clients of team {number}.");
    let body = json!({"bullets": [bullet], "engine": "llm", "prompt": PROMPT}).to_string();
    let head = format!(
        "POST /v1/rewrites HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(host).await.ok()?;
    stream.write_all(format!("{head}{body}").as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

/// Whoever next holds, an hour later: what the dead have left behind is settled.
async fn hold_an_hour_later(url: &str) {
    let clock = Arc::new(SystemClock::new());
    let ledger = match url.strip_prefix("sqlite://") {
        Some(path) => DatabaseLedger::in_file(PathBuf::from(path), Arc::clone(&clock) as _),
        None => DatabaseLedger::at_server(url, Arc::clone(&clock) as _).expect("a URL"),
    };
    let later: Timestamp = clock.now().plus(Duration::from_hours(1));
    let order = HoldOrder {
        attempt_id: bulletsmith::ports::Ids::next(&UuidIds),
        rewrite_id: "rw_later".to_owned(),
        bullet_index: 0,
        bullets: 1,
        attempt: 1,
        tenant: "local".to_owned(),
        started_at: later,
        expires_at: later.plus(Duration::from_mins(1)),
        model: "mock/mock".parse().expect("well formed"),
        prompt_ref: PROMPT.parse().expect("well formed"),
        skill: None,
        worst: PicoUsd::ZERO,
        input: PicoUsd::ZERO,
        price_ref: "free".to_owned(),
        budget: Budget::default(),
    };
    let Held::Yes(hold) = ledger.hold(&order).await.expect("the ledger works") else { panic!("without a limit there is room") };
    // Never settled: nothing of it counts here.
    assert_eq!(hold.attempt_id, order.attempt_id);
}

const ROWS: &str = "select count(*) from attempts";
const KNOWN: &str = "select count(*) from attempts where outcome = 'complete'";
const ABANDONED: &str = "select count(*) from attempts where outcome = 'abandoned' and certainty = 'unknown' and cost_pico_usd > 0";
const TOKENS: &str = "select cast(coalesce(sum(input_tokens), 0) as bigint) from attempts";
const OPEN: &str = "select count(*) from holds where rewrite_id <> 'rw_later'";
const COST: &str = "select cast(coalesce(sum(cost_pico_usd), 0) as bigint) from attempts";
const USED: &str = "select cast(coalesce(sum(cost_pico_usd), 0) as bigint) from usage_daily";
const SPENT: &str = "select cast(coalesce(sum(spent_pico_usd), 0) as bigint) from spending where tenant = '*' and length(period) = 7";
const HELD: &str = "select cast(coalesce(sum(amount_pico_usd), 0) as bigint) from holds";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the figures are read with --nocapture")]
async fn two_processes_that_are_killed_ten_times_lose_no_call_and_overrun_no_budget() {
    with_each_ledger("killed processes", async |url: &str| {
        let provider = Arc::new(FakeProvider::new(1, "none".parse().expect("a name"), Duration::from_millis(3)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}/v1", listener.local_addr().expect("bound"));
        let (routes, mut working) = (router(Arc::clone(&provider)), JoinSet::new());
        working.spawn(async { axum::serve(listener, routes).await.expect("serves until dropped") });
        let binary = || {
            let binary = Binary::new();
            let prices = binary.file("prices.toml", PRICES);
            binary
                .with("BULLETSMITH__PROVIDERS__MOCK__KIND", "openai")
                .with("BULLETSMITH__PROVIDERS__MOCK__BASE_URL", &base)
                .with("BULLETSMITH__LLM__CHAIN", "mock/mock")
                .with("BULLETSMITH__PRICES__FILE", &prices)
                .with("BULLETSMITH__BUDGET__TOTAL__MONTH", "0.05")
                .with("DATABASE_URL", url)
        };
        let binaries = [binary(), binary()];
        let [asked, answered, refused] = [(); 3].map(|()| Arc::new(AtomicU64::new(0)));
        for round in 0..KILLS {
            let serving: Vec<_> = binaries.iter().map(|binary| binary.serve(&[])).collect();
            let (mut clients, enough) = (JoinSet::new(), Arc::new(tokio::sync::Notify::new()));
            let left = Arc::new(AtomicU64::new(ANSWERS));
            for url in serving.iter().flat_map(|serving| vec![serving.url.clone(); 4]) {
                let [asked, answered, refused, left] = [&asked, &answered, &refused, &left].map(Arc::clone);
                let enough = Arc::clone(&enough);
                clients.spawn(async move {
                    while let Some(status) = ask(&url, asked.fetch_add(1, Ordering::Relaxed)).await {
                        // 503: on a busy machine the store may take longer than a call waits for it; then the call is not made.
                        assert!(matches!(status, 200 | 402 | 503), "{status}");
                        answered.fetch_add(u64::from(status == 200), Ordering::Relaxed);
                        refused.fetch_add(u64::from(status == 503), Ordering::Relaxed);
                        if left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) == Ok(1) {
                            enough.notify_one();
                        }
                    }
                });
            }
            enough.notified().await;
            drop(serving);
            while let Some(client) = clients.join_next().await {
                client.expect("no client saw another status");
            }
            let (spent, held) = (number(url, SPENT).await, number(url, HELD).await);
            assert!(spent + held <= CAP_PICO_USD, "after kill {round}: {spent} spent and {held} held");
        }
        let (rows, open, billed) = (number(url, ROWS).await, number(url, OPEN).await, provider.counts());
        let (told, calls) = (answered.load(Ordering::Relaxed), billed.attempts);
        assert!(refused.load(Ordering::Relaxed) < told, "the store is the exception");
        assert!(rows.unsigned_abs() >= told, "{told} answers were given, {rows} are accounted");
        assert!((rows + open).unsigned_abs() >= calls, "{calls} calls reached the provider, {rows} are accounted and {open} held");

        hold_an_hour_later(url).await;
        let (known, abandoned) = (number(url, KNOWN).await, number(url, ABANDONED).await);
        assert_eq!((number(url, OPEN).await, number(url, ROWS).await), (0, rows + open), "each open hold has become a row");
        assert_eq!((known, abandoned), (rows, open), "what was in flight is unknown, and nothing else");
        let input = i64::try_from(billed.told.input + billed.untold.input).expect("small");
        let unaccounted = input - number(url, TOKENS).await;
        assert!(unaccounted >= 0 && (unaccounted == 0) == (calls == rows.unsigned_abs()), "{unaccounted} tokens of calls that are unknown");
        let cost = number(url, COST).await;
        assert_eq!((number(url, USED).await, number(url, SPENT).await), (cost, cost));
        let store = url.split("://").next().unwrap_or_default();
        println!(
            "{store}: {told} answers, {calls} calls, {rows} known, {open} in flight and unknown after {KILLS} kills; {cost} pico-dollars"
        );
    })
    .await;
}

#[tokio::test]
async fn migrate_makes_the_ledger_and_takes_away_only_when_it_is_told_to() {
    with_each_ledger("migrate", async |url: &str| {
        let binary = Binary::new().with("DATABASE_URL", url);
        let versions = "select version from _sqlx_migrations order by version";
        for (args, last) in [(&["migrate"][..], 12), (&["migrate"], 12), (&["migrate", "--contract"], 13), (&["migrate"], 13)] {
            let ended = binary.run(args);
            assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended:?}");
            assert!(ended.out.starts_with("ok ledger   "), "{ended:?}");
            assert_eq!(numbers(url, versions).await.last(), Some(&last), "{args:?}");
        }
    })
    .await;
    let nowhere = Binary::new().with("DATABASE_URL", "postgres://ada:hunter2@127.0.0.1:1/books").run(&["migrate"]);
    assert_eq!((nowhere.code, nowhere.out.as_str()), (Some(2), ""), "{nowhere:?}");
    assert!(
        nowhere.err.contains("could not open the ledger at postgres://127.0.0.1:1/books") && !nowhere.err.contains("hunter2"),
        "{nowhere:?}"
    );
    let unread = Binary::new().with("DATABASE_URL", "postgres://ada:hunter2@host:port/books").run(&["migrate"]);
    assert_eq!(unread.code, Some(1), "{unread:?}");
    assert!(unread.err.contains("DATABASE_URL: is not the URL") && !unread.err.contains("hunter2"), "{unread:?}");
}
