//! PostgreSQL stopped, crashed and away for a while in mid-load: calls are refused or accounted, never lost, and the replicas go on by themselves.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulletsmith::adapters::clock::SystemClock;
use bulletsmith::ports::Clock as _;
use tokio::task::JoinSet;

use crate::harness::postgres::{OwnPostgres, Stop};
use crate::harness::{Account, PICO_USD_A_TOKEN, Provider, Seen, ask, bullet, watched};

/// How the server goes away, one after the other; it comes back at once.
const RESTARTS: [Stop; 4] = [Stop::Fast, Stop::Immediate, Stop::Fast, Stop::Immediate];
/// Clients of each replica.
const CLIENTS: usize = 4;
/// Most of a call's time passes at the provider, so that some are always there when the server goes away.
const LATENCY: Duration = Duration::from_millis(250);
/// So many answers of each replica before the server goes away, and after it is back.
const ANSWERS: u64 = 6;
/// How long any of this may take; the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(1);
/// Ten cents: enough for all restarts, and not for what comes after.
const CAP_USD: &str = "0.1";
const CAP_PICO_USD: u64 = 100_000_000_000;

/// What the clients of one replica saw.
#[derive(Debug, Default)]
struct Clients {
    answered: AtomicU64,
    refused: AtomicU64,
    over_budget: AtomicU64,
    /// The rewrites that were answered.
    rewrites: Mutex<Vec<String>>,
    /// The longest that any of them waited, in milliseconds, since somebody last asked.
    longest_ms: AtomicU64,
}

impl Clients {
    fn note(&self, Seen { status, body, took }: &Seen) {
        let code = body["code"].as_str().unwrap_or_default();
        let count = match (status, code) {
            (200, "") => {
                self.rewrites.lock().expect("not poisoned").push(body["id"].as_str().expect("a rewrite").to_owned());
                &self.answered
            }
            (402, "budget_exhausted") => &self.over_budget,
            (503, "ledger_down") => &self.refused,
            _ => panic!("{status} after {took:?}: {body}"),
        };
        count.fetch_add(1, Ordering::Relaxed);
        self.longest_ms.fetch_max(took.as_millis().try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// Both replicas under load.
struct Load {
    replicas: [Arc<Clients>; 2],
    over: Arc<AtomicBool>,
    clients: JoinSet<()>,
    clock: SystemClock,
}

impl Load {
    fn start(urls: [&str; 2]) -> Self {
        let (replicas, over) = ([(); 2].map(|()| Arc::<Clients>::default()), Arc::<AtomicBool>::default());
        let (mut clients, asked) = (JoinSet::new(), Arc::<AtomicU64>::default());
        for (url, replica) in urls.iter().zip(&replicas) {
            for _ in 0..CLIENTS {
                let (url, replica, over, asked) = ((*url).to_owned(), Arc::clone(replica), Arc::clone(&over), Arc::clone(&asked));
                clients.spawn(async move {
                    while !over.load(Ordering::Relaxed) {
                        let seen = ask(&url, &bullet(asked.fetch_add(1, Ordering::Relaxed))).await;
                        replica.note(&seen.expect("no replica dies"));
                    }
                });
            }
        }
        Self { replicas, over, clients, clock: SystemClock::new() }
    }

    fn sum(&self, count: fn(&Clients) -> &AtomicU64) -> u64 {
        self.replicas.iter().map(|replica| count(replica).load(Ordering::Relaxed)).sum()
    }

    /// Waits until each replica has counted so many more.
    async fn until(&mut self, more: u64, count: fn(&Clients) -> &AtomicU64) {
        let (begun, goals) = (self.clock.elapsed(), self.replicas.each_ref().map(|replica| count(replica).load(Ordering::Relaxed) + more));
        while self.replicas.iter().zip(goals).any(|(replica, goal)| count(replica).load(Ordering::Relaxed) < goal) {
            assert!(self.clock.elapsed().saturating_sub(begun) < PATIENCE, "{:?}", self.replicas);
            // A client ends before the load is over only when it saw what it must not.
            if let Some(client) = self.clients.try_join_next() {
                client.expect("no client saw anything else");
            }
            self.clock.sleep(Duration::from_millis(10)).await;
        }
    }

    /// The longest that a request took since this was last asked, in milliseconds.
    fn longest_ms(&self) -> u64 {
        self.replicas.iter().map(|replica| replica.longest_ms.swap(0, Ordering::Relaxed)).max().unwrap_or_default()
    }

    async fn end(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        while let Some(client) = self.clients.join_next().await {
            client.expect("no client saw anything else");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the figures are read with --nocapture")]
async fn postgresql_that_restarts_in_mid_load_costs_no_call_its_row_and_no_replica_its_life() {
    let Some(server) = OwnPostgres::start().await else { return };
    let (url, provider) = (server.url(), Provider::start(LATENCY).await);
    let account = Account(&url);
    let replicas = [(); 2].map(|()| provider.replica(&url, CAP_USD));
    let serving = replicas.each_ref().map(|replica| replica.serve(&[]));
    let mut load = Load::start(serving.each_ref().map(|serving| serving.url.as_str()));

    let story = async {
        load.until(ANSWERS, |seen| &seen.answered).await;
        for stop in RESTARTS {
            let (refused, begun) = (load.sum(|seen| &seen.refused), load.clock.elapsed());
            load.longest_ms();
            server.stop(stop).await;
            server.revive().await;
            let down = load.clock.elapsed().saturating_sub(begun);
            load.until(ANSWERS, |seen| &seen.answered).await;
            let refused = load.sum(|seen| &seen.refused) - refused;
            println!("{stop:?} restart, {} ms: {refused} requests refused, the slowest took {} ms", down.as_millis(), load.longest_ms());
        }

        // Longer than a row waits for the server: what was at the provider then is answered to nobody, and its money stays set aside.
        let asked = load.clock.elapsed();
        while provider.books.counts().untold.calls < CLIENTS as u64 {
            assert!(load.clock.elapsed().saturating_sub(asked) < PATIENCE, "nobody asks the provider");
            load.clock.sleep(Duration::from_millis(1)).await;
        }
        let begun = load.clock.elapsed();
        server.stop(Stop::Immediate).await;
        load.until(CLIENTS as u64, |seen| &seen.refused).await;
        server.revive().await;
        let (down, slowest) = (load.clock.elapsed().saturating_sub(begun), load.longest_ms());
        println!(
            "down for {} ms: {} requests refused in all, the slowest took {slowest} ms",
            down.as_millis(),
            load.sum(|seen| &seen.refused)
        );
        load.until(ANSWERS, |seen| &seen.answered).await;

        load.until(1, |seen| &seen.over_budget).await;
        load.end().await;
    };
    let ((), watched) = watched(account, CAP_PICO_USD, story).await;

    let told = account.agrees(&provider.books.counts(), PICO_USD_A_TOKEN).await;
    assert!(told.in_flight > 0, "some were at the provider when the server was away for long: {told:?}");
    let answered: Vec<String> = load.replicas.iter().flat_map(|replica| replica.rewrites.lock().expect("not poisoned").clone()).collect();
    let rows = account.answered().await;
    let accounted: BTreeSet<&String> = rows.iter().collect();
    assert_eq!((accounted.len(), rows.len() as u64), (rows.len(), told.known), "no call has two rows");
    assert!(answered.iter().all(|rewrite| accounted.contains(rewrite)), "every call that was answered has its row");
    let cost = account.settles_an_hour_later(told).await;
    println!(
        "{} answers, {} refused, {} over the budget; {} calls billed: {} known at {} pico-dollars as billed, {} unknown; {} holds expired; {cost} in all",
        answered.len(),
        load.sum(|seen| &seen.refused),
        load.sum(|seen| &seen.over_budget),
        told.known + told.in_flight,
        told.known,
        told.known_pico_usd,
        told.in_flight,
        told.open
    );
    println!("looked {} times under load: at most {} of {CAP_PICO_USD} pico-dollars spent and held", watched.looks, watched.most_pico_usd);
}
