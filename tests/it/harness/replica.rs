//! Real processes of the service at one fake provider with prices, and what a client sees of them.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::adapters::clock::SystemClock;
use bulletsmith::ports::Clock as _;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{Binary, FakeProvider, PROMPT, router};

const PRICES: &str = "as_of = '2026-11-01'\nsource = 's'\ncurrency = 'USD'\n[[price]]\nprovider_kind = 'openai'\nmodel = 'mock'\n\
                      input_usd_per_mtok = '0.25'\ncached_input_usd_per_mtok = '0.025'\noutput_usd_per_mtok = '2'\n";
/// What a token of the prompt costs by these prices, and one of the answer.
pub(crate) const PICO_USD_A_TOKEN: [u64; 2] = [250_000, 2_000_000];

/// A provider without faults, on a port of its own.
pub(crate) struct Provider {
    pub(crate) books: Arc<FakeProvider>,
    base: String,
    _server: JoinSet<()>,
}

impl Provider {
    /// One that works this long on each call.
    pub(crate) async fn start(latency: Duration) -> Self {
        let books = Arc::new(FakeProvider::new(1, "none".parse().expect("a name"), latency));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}/v1", listener.local_addr().expect("bound"));
        let (routes, mut server) = (router(Arc::clone(&books)), JoinSet::new());
        server.spawn(async { axum::serve(listener, routes).await.expect("serves until dropped") });
        Self { books, base, _server: server }
    }

    /// A replica that asks this provider, keeps its account at this ledger, and may spend so many dollars in a month.
    pub(crate) fn replica(&self, ledger: &str, month_usd: &str) -> Binary {
        let binary = Binary::new();
        let prices = binary.file("prices.toml", PRICES);
        binary
            .with("BULLETSMITH__PROVIDERS__MOCK__KIND", "openai")
            .with("BULLETSMITH__PROVIDERS__MOCK__BASE_URL", &self.base)
            .with("BULLETSMITH__LLM__CHAIN", "mock/mock")
            .with("BULLETSMITH__PRICES__FILE", &prices)
            .with("BULLETSMITH__BUDGET__TOTAL__MONTH", month_usd)
            .with("DATABASE_URL", ledger)
    }
}

/// What a client was told.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) took: Duration,
}

impl Seen {
    /// The code of a problem; nothing for an answer.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

/// The bullet of this number.
pub(crate) fn bullet(number: impl std::fmt::Display) -> String {
    format!("Built REST APIs for the mobile and web clients of team {number}.")
}

/// One rewrite over a connection of its own, if the process lives long enough to tell.
pub(crate) async fn ask(url: &str, bullet: &str) -> Option<Seen> {
    let (host, clock) = (url.strip_prefix("http://")?, SystemClock::new());
    let body = json!({"bullets": [bullet], "engine": "llm", "prompt": PROMPT}).to_string();
    let head = format!(
        "POST /v1/rewrites HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(host).await.ok()?;
    stream.write_all(format!("{head}{body}").as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let status = answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    Some(Seen { status, body: serde_json::from_str(body).ok()?, took: clock.elapsed() })
}
