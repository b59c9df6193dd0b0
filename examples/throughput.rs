//! Measures how much of a bare server's throughput is left when bulletsmith does its work: for answers out of the cache, and for calls to a model.
//!
//! ```text
//! cargo run --release --example throughput            # both, with the ledger in a file
//! cargo run --release --example throughput -- hits    # answers out of the cache alone
//! cargo run --release --example throughput -- misses  # calls to a model alone
//! cargo run --release --example throughput -- postgres://postgres@127.0.0.1:5432/postgres    # with the ledger at a server
//! ```
//! Every server here listens on loopback, in this process and on the same two kinds of threads, and is asked by the same client in turns, so that
//! what the machine does meanwhile falls on all alike. Ours is the whole service as `serve` starts it, with its ledger and a budget. At a server of
//! PostgreSQL it makes a database for itself and drops it. It ends with an error when a figure is over its limit. `docs/load-test.md` has figures.
#![expect(clippy::print_stdout, reason = "what it prints is what it is run for")]
#![expect(clippy::disallowed_types, reason = "the bare servers are axum as it comes")]

mod fake;
mod load;

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZero;
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
use load::{Load, Round};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
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

/// What is measured.
#[derive(Debug)]
struct Choice {
    hits: bool,
    misses: bool,
    /// A server of PostgreSQL, by the URL of a database of it; else the ledger is a file.
    server: Option<String>,
}

impl Choice {
    fn of(arguments: impl Iterator<Item = String>) -> Fallible<Self> {
        let mut choice = Self { hits: true, misses: true, server: None };
        for argument in arguments {
            match argument.as_str() {
                "hits" => choice.misses = false,
                "misses" => choice.hits = false,
                url if url.starts_with("postgres") => choice.server = Some(argument),
                _ => return Err(format!("`{argument}` is neither hits, misses nor the URL of a server of PostgreSQL").into()),
            }
        }
        Ok(choice)
    }
}

/// Where the ledger is.
#[derive(Debug)]
enum Account {
    File(TempDir),
    /// The server, and the name of a database that was made for this run.
    Database {
        server: String,
        name: String,
    },
}

impl Account {
    async fn new(server: Option<&str>) -> Fallible<Self> {
        let Some(server) = server else { return Ok(Self::File(tempfile::tempdir()?)) };
        let name = format!("bulletsmith_throughput_{}", std::process::id());
        // A name and a number are all that was put in.
        PgConnection::connect(server).await?.execute(AssertSqlSafe(format!("create database {name}"))).await?;
        Ok(Self::Database { server: server.to_owned(), name })
    }

    fn url(&self) -> Fallible<String> {
        Ok(match self {
            Self::File(folder) => format!("sqlite://{}", folder.path().join("ledger.db").display()),
            Self::Database { server, name } => format!("{}/{name}", server.rsplit_once('/').ok_or("the URL names no database")?.0),
        })
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::File(_) => "SQLite in a file",
            Self::Database { .. } => "PostgreSQL at a server",
        }
    }

    async fn end(self) -> Fallible<()> {
        if let Self::Database { server, name } = self {
            PgConnection::connect(&server).await?.execute(AssertSqlSafe(format!("drop database {name} with (force)"))).await?;
        }
        Ok(())
    }
}

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
    async fn bulletsmith(&mut self, provider: SocketAddr, ledger: String) -> Fallible<SocketAddr> {
        let environment = Environment::of([
            ("DATABASE_URL", ledger),
            ("BULLETSMITH__PROVIDERS__FAKE__KIND", "openai".to_owned()),
            ("BULLETSMITH__PROVIDERS__FAKE__BASE_URL", format!("http://{provider}/v1")),
            ("BULLETSMITH__LLM__CHAIN", "fake/gpt-6-luna".to_owned()),
            // What is measured is one call for each answer.
            ("BULLETSMITH__LLM__JUDGE", "none".to_owned()),
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
async fn compare(bare: &Load, ours: &Load, of: impl Fn(usize) -> Vec<Bytes>) -> Fallible<f64> {
    let (mut ratios, mut rates) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let orders = of(round);
        let (bare, ours) = (bare.round(orders.clone()).await?, ours.round(orders).await?);
        ratios.push(ours.rate() / bare.rate());
        rates.push((bare.rate(), ours.rate()));
    }
    ratios.sort_by(f64::total_cmp);
    rates.sort_by(|one, other| one.1.total_cmp(&other.1));
    let ratio = ratios.get(ratios.len() / 2).copied().unwrap_or_default();
    let (bare, ours) = rates.get(rates.len() / 2).copied().unwrap_or_default();
    let (least, most) = (ratios.first().copied().unwrap_or_default(), ratios.last().copied().unwrap_or_default());
    println!("  {CONNECTIONS} connections   ratio {ratio:.2} ({least:.2} to {most:.2}): {ours:.0} of {bare:.0} requests a second");
    Ok(ratio)
}

/// The same over one connection, once; gives what one of ours in a hundred took at least.
async fn compare_alone(bare: &Load, ours: &Load, orders: Vec<Bytes>) -> Fallible<Duration> {
    let (bare, ours) = (bare.alone().round(orders.clone()).await?, ours.alone().round(orders).await?);
    let told = |round: &Round| format!("p50 {:.3} ms, p99 {:.3} ms", milliseconds(round.quantile(50)), milliseconds(round.quantile(99)));
    println!("  1 connection    {}; bare {}", told(&ours), told(&bare));
    Ok(ours.quantile(99))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Answers out of the cache, beside a server that has the answer ready.
async fn measure_hits(servers: &mut Servers, ours: &Load) -> Fallible<bool> {
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
    println!("hits of {} bytes, beside a handler that reads the order and gives as many bytes", answer.len());
    let bare = Load::new(servers.start(stored(answer)).await?, CONNECTIONS).await?;
    let orders: Vec<Bytes> = known.iter().cycle().take(HITS).cloned().collect();
    let ratio = compare(&bare, ours, |_| orders.clone()).await?;
    let p99 = compare_alone(&bare, ours, orders).await?;
    Ok(ratio >= LEAST_HIT_RATIO && p99 <= MOST_HIT_P99)
}

/// Calls to a model that answers at once, beside a server that passes the question on.
async fn measure_misses(servers: &mut Servers, ours: &Load, provider: SocketAddr) -> Fallible<bool> {
    let heard = Heard::default();
    let listener = servers.start(heard.router()).await?;
    let account = Account::new(None).await?;
    let curious = Load::new(servers.bulletsmith(listener, account.url()?).await?, 1).await?;
    let _refused = curious.ask(&order(&bullet(KNOWN))).await;
    let question = heard.last();
    println!("calls to a model, beside a handler that reads the order and passes the same {} bytes on", question.len());
    let bare = Load::new(servers.start(passing(provider, question)?).await?, CONNECTIONS).await?;
    let orders = |round: usize| (0..MISSES).map(|number| order(&bullet(KNOWN + 1 + round * MISSES + number))).collect();
    let ratio = compare(&bare, ours, orders).await?;
    compare_alone(&bare, ours, orders(ROUNDS)).await?;
    Ok(ratio >= LEAST_MISS_RATIO)
}

async fn measure(Choice { hits, misses, server }: Choice) -> Fallible<bool> {
    let _metrics = Metrics::start()?;
    let account = Account::new(server.as_deref()).await?;
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    println!("bulletsmith {}, ledger: {}, {processors} processors", env!("CARGO_PKG_VERSION"), account.kind());
    let measured = async {
        let mut servers = Servers::default();
        let provider = servers.provider().await?;
        let ours = Load::new(servers.bulletsmith(provider, account.url()?).await?, CONNECTIONS).await?;
        let hits = !hits || measure_hits(&mut servers, &ours).await?;
        let misses = !misses || measure_misses(&mut servers, &ours, provider).await?;
        Ok(hits && misses)
    };
    let measured = measured.await;
    account.end().await?;
    measured
}

#[tokio::main]
async fn main() -> Fallible<()> {
    let choice = Choice::of(std::env::args().skip(1))?;
    // On a thread of the runtime, where the requests of a server are answered.
    let mut measuring = JoinSet::new();
    measuring.spawn(measure(choice));
    let is_quick = measuring.join_next().await.ok_or("nothing was measured")??;
    if is_quick? { Ok(()) } else { Err("a figure is over its limit".into()) }
}

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
