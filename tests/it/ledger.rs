//! The account of real processes: two of them at one ledger, killed in the middle of their work, again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::harness::{Account, Binary, PICO_USD_A_TOKEN, Provider, ask, bullet, watched, with_each_ledger};

const KILLS: u64 = 10;
/// So many answers in each round, from both processes together, before they are killed.
const ANSWERS: u64 = 12;
/// Five cents: enough for some rounds, and not for all.
const CAP_USD: &str = "0.05";
const CAP_PICO_USD: u64 = 50_000_000_000;

/// What the clients of all rounds saw.
#[derive(Debug, Default)]
struct Clients {
    asked: AtomicU64,
    answered: AtomicU64,
    refused: AtomicU64,
    over_budget: AtomicU64,
}

impl Clients {
    /// Asks one bullet after the other until the process is gone.
    async fn ask(&self, url: String, told: impl Fn()) {
        while let Some(seen) = ask(&url, &bullet(self.asked.fetch_add(1, Ordering::Relaxed))).await {
            let count = match (seen.status, seen.code()) {
                (200, "") => &self.answered,
                (402, "budget_exhausted") => &self.over_budget,
                // On a busy machine the store may take longer than a call waits for it; then the call is not made.
                (503, "ledger_down") => &self.refused,
                _ => panic!("{seen:?}"),
            };
            count.fetch_add(1, Ordering::Relaxed);
            told();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the figures are read with --nocapture")]
async fn two_processes_that_are_killed_ten_times_lose_no_call_and_overrun_no_budget() {
    with_each_ledger(async |url: &str| {
        let (account, provider) = (Account(url), Provider::start(Duration::from_millis(3)).await);
        let binaries = [(); 2].map(|()| provider.replica(url, CAP_USD));
        let clients = Arc::new(Clients::default());
        let (mut looks, mut most) = (0, 0);
        for round in 0..KILLS {
            let ((), watched) = watched(account, CAP_PICO_USD, kill_in_mid_load(&binaries, &clients)).await;
            (looks, most) = (looks + watched.looks, most.max(watched.most_pico_usd));
            let told = account.agrees(&provider.books.counts(), PICO_USD_A_TOKEN).await;
            assert!(told.in_flight <= told.open, "after kill {round}: {told:?}");
        }
        let [answered, refused, over_budget] =
            [&clients.answered, &clients.refused, &clients.over_budget].map(|count| count.load(Ordering::Relaxed));
        assert!(refused < answered, "the store is the exception");

        // Whatever was killed, the next process starts and tells the same: a known call is paid for, or nothing is spent.
        let before = account.agrees(&provider.books.counts(), PICO_USD_A_TOKEN).await;
        let seen = ask(&binaries[0].serve(&[]).url, &bullet("of the last start")).await.expect("it lives");
        let told = account.agrees(&provider.books.counts(), PICO_USD_A_TOKEN).await;
        match seen.status {
            200 => assert_eq!((told.known, told.open), (before.known + 1, before.open), "{seen:?}"),
            status => assert_eq!((status, told), (402, before), "{seen:?}"),
        }
        let calls = told.known + told.in_flight;
        assert!(told.known >= answered, "{answered} answers were given, {told:?}");
        let cost = account.settles_an_hour_later(told).await;
        let store = url.split("://").next().unwrap_or_default();
        println!("{store}: {KILLS} kills of two processes; {answered} answers, {over_budget} over the budget, {refused} refused by a busy store");
        println!(
            "{store}: {calls} calls billed at {} pico-dollars: {} known at {} as billed, {} in flight at {}; {} holds became unknown, {cost} in all",
            told.known_pico_usd + told.in_flight_pico_usd, told.known, told.known_pico_usd, told.in_flight, told.in_flight_pico_usd, told.open
        );
        println!("{store}: looked {looks} times under load: at most {most} of {CAP_PICO_USD} pico-dollars spent and held");
    })
    .await;
}

/// Both processes under load until they have given some answers; then both are killed.
async fn kill_in_mid_load(binaries: &[Binary; 2], clients: &Arc<Clients>) {
    let serving: Vec<_> = binaries.iter().map(|binary| binary.serve(&[])).collect();
    let (mut load, enough) = (JoinSet::new(), Arc::new(tokio::sync::Notify::new()));
    let left = Arc::new(AtomicU64::new(ANSWERS));
    for url in serving.iter().flat_map(|serving| vec![serving.url.clone(); 4]) {
        let (clients, left, enough) = (Arc::clone(clients), Arc::clone(&left), Arc::clone(&enough));
        load.spawn(async move {
            let told = || {
                if left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) == Ok(1) {
                    enough.notify_one();
                }
            };
            clients.ask(url, told).await;
        });
    }
    enough.notified().await;
    drop(serving);
    while let Some(client) = load.join_next().await {
        client.expect("no client saw anything else");
    }
}

#[tokio::test]
async fn migrate_makes_the_ledger_and_takes_away_only_when_it_is_told_to() {
    with_each_ledger(async |url: &str| {
        let binary = Binary::new().with("DATABASE_URL", url);
        let versions = "select version from _sqlx_migrations order by version";
        let contracted = "select count(*) from _sqlx_migrations where version = 13";
        for (args, is_contracted) in [(&["migrate"][..], 0), (&["migrate"], 0), (&["migrate", "--contract"], 1), (&["migrate"], 1)] {
            let ended = binary.run(args);
            assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended:?}");
            assert!(ended.out.starts_with("ok ledger   "), "{ended:?}");
            assert_eq!(Account(url).numbers(versions).await.last(), Some(&15), "{args:?}");
            assert_eq!(Account(url).numbers(contracted).await, [is_contracted], "{args:?}");
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
