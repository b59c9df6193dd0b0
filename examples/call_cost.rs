//! Measures what a call costs beside the provider's own time, and what five hundred calls in flight take in memory.
//!
//! ```text
//! cargo run --release --example call_cost
//! ```
//! The service is the real one, with its router, the HTTP client, the ledger on disk and the cache; the provider is the fake one, on loopback
//! and in this process, so its memory is counted as well. It ends with an error when a figure is over its limit.
#![expect(clippy::print_stdout, reason = "what it prints is what it is run for")]

mod fake;

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use bulletsmith::adapters::cache::memory::Memory;
use bulletsmith::adapters::cache::none::NoLeases;
use bulletsmith::adapters::clock::{SystemClock, UuidIds};
use bulletsmith::adapters::ledger::database::DatabaseLedger;
use bulletsmith::adapters::llm::http::HttpTransport;
use bulletsmith::adapters::llm::openai::{OpenAi, OpenAiOptions};
use bulletsmith::config::{self, Config, Environment};
use bulletsmith::domain::request::{ModelId, ModelRequest};
use bulletsmith::domain::usage::{HitKind, Hits};
use bulletsmith::http::{self, Auth, Exposition, HttpSettings};
use bulletsmith::ports::{
    BoxFuture, ChatModel, Clock, Completion, Held, Hold, HoldOrder, Ids, Ledger, LedgerEntry, LedgerError, ModelError,
};
use bulletsmith::service::{Caching, CallLimits, Judging, Link, Parts, Service, Spending, Tariff};
use fake::FakeProvider;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

const CALLS: u64 = 2_000;
const IN_FLIGHT: u64 = 500;
const MOST_P50: Duration = Duration::from_micros(500);
const MOST_P99: Duration = Duration::from_millis(2);
const MOST_MEMORY_KIB: u64 = 150 * 1024;

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The time that the provider, or the disk, took of the latest call.
#[derive(Debug, Default)]
struct Stopwatch(AtomicU64);

impl Stopwatch {
    async fn time<T>(&self, clock: &dyn Clock, work: impl Future<Output = T>) -> T {
        self.0.store(0, Ordering::Relaxed);
        self.time_also(clock, work).await
    }

    /// The same, on top of what was taken before.
    async fn time_also<T>(&self, clock: &dyn Clock, work: impl Future<Output = T>) -> T {
        let begun = clock.elapsed();
        let done = work.await;
        let taken = u64::try_from(clock.elapsed().saturating_sub(begun).as_micros()).unwrap_or(u64::MAX);
        self.0.fetch_add(taken, Ordering::Relaxed);
        done
    }

    fn last(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// A model whose time is taken, with the HTTP client's.
#[derive(Debug)]
struct TimedModel {
    model: OpenAi,
    clock: Arc<SystemClock>,
    watch: Arc<Stopwatch>,
}

impl ChatModel for TimedModel {
    fn id(&self) -> &ModelId {
        self.model.id()
    }

    fn ask<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(self.watch.time(self.clock.as_ref(), self.model.ask(request)))
    }
}

/// A ledger whose time is taken.
#[derive(Debug)]
struct TimedLedger {
    ledger: Arc<DatabaseLedger>,
    clock: Arc<SystemClock>,
    watch: Arc<Stopwatch>,
}

impl Ledger for TimedLedger {
    fn probe(&self) -> BoxFuture<'_, Result<(), LedgerError>> {
        self.ledger.probe()
    }

    fn open(&self) -> BoxFuture<'_, Result<(), LedgerError>> {
        self.ledger.open()
    }

    fn hold<'a>(&'a self, order: &'a HoldOrder) -> BoxFuture<'a, Result<Held, LedgerError>> {
        Box::pin(self.watch.time(self.clock.as_ref(), self.ledger.hold(order)))
    }

    fn settle<'a>(&'a self, hold: Hold, entry: &'a LedgerEntry) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(self.watch.time_also(self.clock.as_ref(), self.ledger.settle(hold, entry)))
    }

    fn count_hits<'a>(&'a self, hits: &'a [(HitKind, Hits)]) -> BoxFuture<'a, Result<(), LedgerError>> {
        self.ledger.count_hits(hits)
    }
}

/// A service and the stopwatches in it.
struct Bench {
    router: Router,
    service: Arc<Service>,
    clock: Arc<SystemClock>,
    model: Arc<Stopwatch>,
    ledger: Arc<Stopwatch>,
    _provider: JoinSet<()>,
}

async fn bench(latency: Duration, ledger: &Path) -> Fallible<Bench> {
    let provider = Arc::new(FakeProvider::new(1, "none".parse()?, latency));
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let base = format!("http://{}/v1", listener.local_addr()?);
    let mut serving = JoinSet::new();
    serving.spawn(async move { axum::serve(listener, fake::router(provider)).await.unwrap_or_default() });

    let settings = Config::load(None, &Environment::default())?;
    let lexicon = Arc::new(config::lexicon()?);
    let clock = Arc::new(SystemClock::new());
    let (model, account) = (Arc::new(Stopwatch::default()), Arc::new(Stopwatch::default()));
    let openai = OpenAi::new("fake/m".parse()?, Arc::new(HttpTransport::open(&base)?), Arc::clone(&clock) as _, OpenAiOptions::default());
    let ids: Arc<dyn Ids> = Arc::new(UuidIds);
    let books = Arc::new(DatabaseLedger::in_file(ledger.to_path_buf(), Arc::clone(&clock) as _));
    let service = Arc::new(Service::new(Parts {
        guides: config::guides(&settings, &lexicon)?,
        prompts: config::prompts(&settings)?,
        lexicon,
        chain: vec![Link {
            model: Arc::new(TimedModel { model: openai, clock: Arc::clone(&clock), watch: Arc::clone(&model) }),
            tariff: Tariff::Free,
        }],
        cache: Caching {
            replies: Arc::new(Memory::new(64 << 20, Duration::from_hours(1), None)),
            leases: Arc::new(NoLeases),
            fresh_for: Duration::from_hours(1),
            stale_for: Duration::ZERO,
            recall: 16 << 20,
            is_shared: false,
        },
        ledger: Arc::new(TimedLedger { ledger: Arc::clone(&books), clock: Arc::clone(&clock), watch: Arc::clone(&account) }),
        trials: Arc::clone(&books) as _,
        usage: books,
        judging: Judging::default(),
        spending: Spending::default(),
        clock: Arc::clone(&clock) as _,
        ids: Arc::clone(&ids),
        concurrency: 4,
        limits: CallLimits { calls_per_provider: 1_000, ..CallLimits::default() },
    }));
    let http = HttpSettings {
        body_limit: settings.body_limit,
        deadline: settings.deadline,
        auth: Auth::Off,
        exposition: Exposition::new(String::new),
        public_metrics: true,
    };
    let router = http::router(Arc::clone(&service), ids, Arc::clone(&clock) as _, http);
    Ok(Bench { router, service, clock, model, ledger: account, _provider: serving })
}

/// Asks for one rewrite, which must come from the model.
async fn rewrite(router: Router, number: u64) -> Fallible<()> {
    let order = json!({"bullets": [format!("Built REST APIs for the mobile and web clients of team {number}.")], "engine": "llm"});
    let request = Request::post("/v1/rewrites").header("host", "127.0.0.1").header("content-type", "application/json");
    let response = router.oneshot(request.body(Body::from(order.to_string()))?).await?;
    let status = response.status();
    let answer: Value = serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await?)?;
    let attempts = answer.pointer("/results/0/provenance/attempts").and_then(Value::as_u64);
    if status != 200 || attempts != Some(1) { Err(format!("{status}: {answer}").into()) } else { Ok(()) }
}

/// One call after the other.
async fn overhead(dir: &Path) -> Fallible<bool> {
    let bench = bench(Duration::ZERO, &dir.join("overhead.db")).await?;
    let (mut ours, mut disk) = (Vec::new(), Vec::new());
    for number in 0..CALLS + 100 {
        let begun = bench.clock.elapsed();
        rewrite(bench.router.clone(), number).await?;
        let all = bench.clock.elapsed().saturating_sub(begun);
        // The first hundred open the connection and the ledger.
        if number >= 100 {
            ours.push(all.saturating_sub(bench.model.last()));
            disk.push(bench.ledger.last());
        }
    }
    let without_disk = ours.iter().zip(&disk).map(|(ours, disk)| ours.saturating_sub(*disk)).collect();
    let (p50, p99) = (quantile(&mut ours, 50), quantile(&mut ours, 99));
    println!("overhead of {CALLS} calls, one at a time: p50 {p50:?}, p99 {p99:?} (limits {MOST_P50:?}, {MOST_P99:?})");
    println!("  of it the ledger on disk: p50 {:?}, p99 {:?}", quantile(&mut disk, 50), quantile(&mut disk, 99));
    let mut rest: Vec<Duration> = without_disk;
    println!("  and the rest: p50 {:?}, p99 {:?}", quantile(&mut rest, 50), quantile(&mut rest, 99));
    Ok(p50 <= MOST_P50 && p99 <= MOST_P99)
}

fn quantile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
}

/// Many calls at once.
async fn memory(dir: &Path) -> Fallible<bool> {
    let bench = bench(Duration::from_secs(2), &dir.join("memory.db")).await?;
    let failures = Arc::new(Mutex::new(Vec::new()));
    let mut asking = JoinSet::new();
    let begun = bench.clock.elapsed();
    for number in 0..IN_FLIGHT {
        let (router, failures) = (bench.router.clone(), Arc::clone(&failures));
        asking.spawn(async move {
            if let Err(error) = rewrite(router, number).await {
                failures.lock().unwrap_or_else(PoisonError::into_inner).push(error.to_string());
            }
        });
    }
    while asking.join_next().await.is_some() {}
    let taken = bench.clock.elapsed().saturating_sub(begun);
    let most = peak_kib()?;
    let failures = std::mem::take(&mut *failures.lock().unwrap_or_else(PoisonError::into_inner));
    println!(
        "{IN_FLIGHT} calls in flight at 2 s: done in {taken:?}, {} failed, peak memory {} MiB (limit 150)",
        failures.len(),
        most / 1024
    );
    bench.service.settle(Duration::from_secs(1)).await;
    match failures.first() {
        Some(first) => Err(first.clone().into()),
        None => Ok(most <= MOST_MEMORY_KIB),
    }
}

/// The most memory that this process ever had, as Linux counts it.
fn peak_kib() -> Fallible<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.split_whitespace().next().ok_or("no number")?.parse()?)
}

#[tokio::main]
async fn main() -> Fallible<()> {
    let dir = std::env::temp_dir().join(format!("bulletsmith-call-cost-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    // The memory first: what the other leaves behind would be counted as well.
    let fits = memory(&dir).await;
    // On a thread of the runtime, where the requests of a server are answered.
    let mut measuring = JoinSet::new();
    let place = dir.clone();
    measuring.spawn(async move { overhead(&place).await });
    let is_quick = measuring.join_next().await.ok_or("nothing was measured")?;
    std::fs::remove_dir_all(&dir)?;
    if fits? && is_quick?? { Ok(()) } else { Err("a figure is over its limit".into()) }
}
