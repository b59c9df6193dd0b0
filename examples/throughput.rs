//! Measures how much of a bare server's throughput is left when bulletsmith does its work: for answers out of the cache, and for calls to a model.
//!
//! ```text
//! cargo run --release --example throughput            # both
//! cargo run --release --example throughput -- hits    # answers out of the cache alone
//! ```
//! Every server here listens on loopback, in this process and on the same two kinds of threads, and is asked by the same client in turns, so that
//! what the machine does meanwhile falls on all alike. Ours is the whole service as `serve` starts it, with its ledger on disk and a budget.
//! It ends with an error when a figure is over its limit.
#![expect(clippy::print_stdout, reason = "what it prints is what it is run for")]

mod fake;
mod load;

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::routing::post;
use axum::{Json, Router};
use bulletsmith::app::{self, Tape};
use bulletsmith::config::{Config, Environment};
use bulletsmith::contract::rewrite::RewriteRequest;
use bulletsmith::telemetry::Metrics;
use fake::FakeProvider;
use load::Load;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The least share of a bare server's throughput.
const LEAST_HIT_RATIO: f64 = 0.6;
const LEAST_MISS_RATIO: f64 = 0.5;
/// The longest that one hit in a hundred may take.
const MOST_HIT_P99: Duration = Duration::from_millis(1);

const ROUNDS: usize = 9;
const HITS: usize = 4_000;
const MISSES: usize = 600;
const CONNECTIONS: usize = 8;
/// So many bullets are asked for again and again.
const KNOWN: usize = 64;

const PATH: &str = "/v1/rewrites";
const COMPLETIONS: &str = "/v1/chat/completions";
const JSON: &str = "application/json";

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Servers that run as long as this does.
#[derive(Debug, Default)]
struct Servers(JoinSet<()>);

impl Servers {
    async fn start(&mut self, router: Router) -> Fallible<SocketAddr> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let address = listener.local_addr()?;
        self.0.spawn(async move { axum::serve(listener, router).await.unwrap_or_default() });
        Ok(address)
    }

    async fn provider(&mut self) -> Fallible<SocketAddr> {
        self.start(fake::router(Arc::new(FakeProvider::new(1, "none".parse()?, Duration::ZERO)))).await
    }

    /// The whole service, with a price, a ledger and a budget.
    async fn bulletsmith(&mut self, provider: SocketAddr, dir: &Path) -> Fallible<SocketAddr> {
        let environment = Environment::of([
            ("DATABASE_URL", format!("sqlite://{}", dir.join("ledger.db").display())),
            ("BULLETSMITH__PROVIDERS__FAKE__KIND", "openai".to_owned()),
            ("BULLETSMITH__PROVIDERS__FAKE__BASE_URL", format!("http://{provider}/v1")),
            ("BULLETSMITH__LLM__CHAIN", "fake/gpt-6-luna".to_owned()),
            ("BULLETSMITH__BUDGET__TOTAL__DAY", "1000".to_owned()),
            ("BULLETSMITH__BUDGET__PRINCIPALS__LOCAL__MONTH", "1000".to_owned()),
        ]);
        let config = Config::load(None, &environment)?;
        let app = app::assemble(&config, &Tape::Off)?;
        let router = app::router(&app, &config, String::new);
        self.start(router).await
    }
}

/// Reads the same order and gives an answer that it has ready.
fn stored(answer: Bytes) -> Router {
    let give = |State(answer): State<Bytes>, Json(_): Json<RewriteRequest>| async move { ([(header::CONTENT_TYPE, JSON)], answer) };
    Router::new().route(PATH, post(give)).with_state(answer)
}

/// Reads the same order, sends a question that it has ready to the provider, and gives on what comes back.
fn passing(provider: SocketAddr, question: Bytes) -> Fallible<Router> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let url = format!("http://{provider}{COMPLETIONS}");
    let pass = move |Json(_): Json<RewriteRequest>| {
        let request = client.post(&url).header(header::CONTENT_TYPE, JSON).body(question.clone());
        async move {
            let reply = async { request.send().await?.error_for_status()?.bytes().await }.await;
            reply.map(|reply| ([(header::CONTENT_TYPE, JSON)], reply)).map_err(|_| StatusCode::BAD_GATEWAY)
        }
    };
    Ok(Router::new().route(PATH, post(pass)))
}

/// Keeps the last question that it was asked.
#[derive(Debug, Clone, Default)]
struct Heard(Arc<Mutex<Bytes>>);

impl Heard {
    fn router(&self) -> Router {
        let hear = |State(Self(heard)): State<Self>, question: Bytes| async move {
            *heard.lock().unwrap_or_else(PoisonError::into_inner) = question;
            StatusCode::BAD_REQUEST
        };
        Router::new().route(COMPLETIONS, post(hear)).with_state(self.clone())
    }

    fn last(&self) -> Bytes {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn order(bullet: &str) -> Bytes {
    Bytes::from(json!({"bullets": [bullet], "engine": "llm"}).to_string())
}

fn bullet(number: usize) -> String {
    format!("Built REST APIs for the mobile and web clients of team {number}.")
}

/// One comparison: the rounds of both, in turns, and what is left of the bare server's throughput.
async fn compare(name: &str, bare: &Load, ours: &Load, of: impl Fn(usize) -> (Vec<Bytes>, Vec<Bytes>)) -> Fallible<f64> {
    let (mut ratios, mut rates) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (for_bare, for_ours) = of(round);
        let (bare, ours) = (bare.round(for_bare).await?, ours.round(for_ours).await?);
        ratios.push(ours.rate() / bare.rate());
        rates.push((bare.rate(), ours.rate()));
    }
    ratios.sort_by(f64::total_cmp);
    rates.sort_by(|one, other| one.1.total_cmp(&other.1));
    let median = |at: usize| at / 2;
    let ratio = ratios.get(median(ratios.len())).copied().unwrap_or_default();
    let (bare, ours) = rates.get(median(rates.len())).copied().unwrap_or_default();
    let (least, most) = (ratios.first().copied().unwrap_or_default(), ratios.last().copied().unwrap_or_default());
    println!("{name}: {ours:.0} of {bare:.0} requests a second, {CONNECTIONS} connections; ratio {ratio:.2} ({least:.2} to {most:.2})");
    Ok(ratio)
}

async fn measure(dir: &Path) -> Fallible<bool> {
    let _metrics = Metrics::start()?;
    let mut servers = Servers::default();
    let provider = servers.provider().await?;
    let ours = Load::new(servers.bulletsmith(provider, dir).await?, CONNECTIONS).await?;

    // Every known bullet is asked for once, and then is known; the second time it is a hit.
    let known: Vec<Bytes> = (0..KNOWN).map(|number| order(&bullet(number))).collect();
    for _ in 0..2 {
        ours.round(known.clone()).await?;
    }
    let answer = ours.ask(known.first().ok_or("nothing is known")?).await?;
    let is_hit = answer.windows(13).any(|window| window == br#""cache":"hit""#);
    if !is_hit {
        return Err(format!("no hit: {}", String::from_utf8_lossy(&answer)).into());
    }
    let size = answer.len();
    let bare = Load::new(servers.start(stored(answer)).await?, CONNECTIONS).await?;
    let hits = |_| {
        let orders: Vec<Bytes> = known.iter().cycle().take(HITS).cloned().collect();
        (orders.clone(), orders)
    };
    let hit_ratio = compare(&format!("hits of {size} bytes"), &bare, &ours, hits).await?;
    let (orders, _) = hits(0);
    let (bare_alone, ours_alone) = (bare.alone().round(orders.clone()).await?, ours.alone().round(orders).await?);
    let p99 = ours_alone.quantile(99);
    println!(
        "  one connection: p50 {:?}, p99 {p99:?}; bare p50 {:?}, p99 {:?}",
        ours_alone.quantile(50),
        bare_alone.quantile(50),
        bare_alone.quantile(99)
    );

    let is_quick = hit_ratio >= LEAST_HIT_RATIO && p99 <= MOST_HIT_P99;
    if std::env::args().nth(1).as_deref() == Some("hits") {
        return Ok(is_quick);
    }

    let heard = Heard::default();
    let listener = servers.start(heard.router()).await?;
    let asked = tempfile::tempdir()?;
    let curious = Load::new(servers.bulletsmith(listener, asked.path()).await?, 1).await?;
    let _refused = curious.ask(&order(&bullet(KNOWN))).await;
    let question = heard.last();
    println!("a question is {} bytes", question.len());
    let bare = Load::new(servers.start(passing(provider, question)?).await?, CONNECTIONS).await?;
    let misses = |round: usize| {
        let orders: Vec<Bytes> = (0..MISSES).map(|number| order(&bullet(KNOWN + 1 + round * MISSES + number))).collect();
        (orders.clone(), orders)
    };
    let miss_ratio = compare("calls to a model", &bare, &ours, misses).await?;
    Ok(is_quick && miss_ratio >= LEAST_MISS_RATIO)
}

#[tokio::main]
async fn main() -> Fallible<()> {
    let dir = tempfile::tempdir()?;
    // On a thread of the runtime, where the requests of a server are answered.
    let place = dir.path().to_path_buf();
    let mut measuring = JoinSet::new();
    measuring.spawn(async move { measure(&place).await });
    let is_quick = measuring.join_next().await.ok_or("nothing was measured")??;
    if is_quick? { Ok(()) } else { Err("a figure is over its limit".into()) }
}

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
