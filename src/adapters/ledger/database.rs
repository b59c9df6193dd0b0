//! The ledger in a database: a file that several processes may share, or a server that several machines do.
//!
//! Nothing is created before the first attempt, and only the owner can read the file that is then created.

use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use tokio::sync::OnceCell;

use super::line::Line;
use super::migrations::Extent;
use super::store::{File, Server, Store};
use super::{balances, expiry, file, hits, hold, reports, server, settle, trials};
use crate::domain::cost::{Day, Exhausted};
use crate::domain::usage::{Balance, HitKind, Hits, Read, UsageQuery};
use crate::ports::{
    BoxFuture, Clock, Held, Hold, HoldOrder, Ledger, LedgerEntry, LedgerError, Source, Timestamp, Trial, TrialKind, Trials, UsageReader,
};

/// How often a process looks for holds that were left behind, in microseconds; it also does when a limit stands in the way.
const EXPIRY_INTERVAL_US: i64 = 1_000_000;
/// How long the account of a call that was made waits for a server that has gone away, from one try to the next.
const PATIENCE_MS: [u64; 7] = [50, 100, 200, 400, 800, 1_600, 3_200];

/// The ledger in a database.
#[derive(Debug)]
pub struct DatabaseLedger {
    place: Place,
    clock: Arc<dyn Clock>,
    store: OnceCell<Store>,
    /// Whoever opens it; the others wait.
    opening: Line,
    /// When expired holds were last looked for.
    looked_us: AtomicI64,
}

/// Where a ledger is.
#[derive(Debug)]
enum Place {
    File(PathBuf),
    Server(Box<PgConnectOptions>),
}

/// The URL of a server that cannot be read; it is not repeated, as it may hold a password.
#[derive(Debug, thiserror::Error)]
#[error("is not the URL of a PostgreSQL database; write postgres://USER:PASSWORD@HOST:PORT/DATABASE")]
pub struct NotAServer;

impl DatabaseLedger {
    /// Names a file of SQLite; touches nothing.
    pub fn in_file(path: PathBuf, clock: Arc<dyn Clock>) -> Self {
        Self::at(Place::File(path), clock)
    }

    /// Names a database of PostgreSQL by its URL; touches nothing.
    pub fn at_server(url: &str, clock: Arc<dyn Clock>) -> Result<Self, NotAServer> {
        // What the driver says could quote the URL.
        let options = PgConnectOptions::from_str(url).map_err(|_| NotAServer)?;
        Ok(Self::at(Place::Server(Box::new(options.application_name("bulletsmith"))), clock))
    }

    fn at(place: Place, clock: Arc<dyn Clock>) -> Self {
        Self { place, clock, store: OnceCell::new(), opening: Line::default(), looked_us: AtomicI64::new(i64::MIN) }
    }

    /// The open database; a failure is not remembered, so that the next call tries again.
    pub(super) async fn store(&self) -> Result<&Store, LedgerError> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        let mut turn = self.opening.turn().await.map_err(|error| self.failed("open", error.into()))?;
        let opened = self.store.get_or_try_init(|| self.opened(Extent::Shared)).await;
        if opened.is_err() && matches!(self.place, Place::Server(_)) {
            turn.was_in_vain();
        }
        opened
    }

    /// The open database, unless it is a file that nothing was written to yet.
    async fn store_if_there(&self) -> Result<Option<&Store>, LedgerError> {
        if let (None, Place::File(path)) = (self.store.get(), &self.place)
            && !file::is_there(path).await
        {
            return Ok(None);
        }
        self.store().await.map(Some)
    }

    /// Takes away what only processes of the version before need, of which none may run any more.
    pub async fn contract(&self) -> Result<(), LedgerError> {
        self.opened(Extent::Whole).await.map(drop)
    }

    async fn opened(&self, extent: Extent) -> Result<Store, LedgerError> {
        let opened = match &self.place {
            Place::File(path) => file::open(path, extent).await.map(|pool| Store::Sqlite(File::new(pool))),
            Place::Server(options) => server::open(options, extent).await.map(|pool| Store::Postgres(Server::new(pool))),
        };
        opened.map_err(|source| self.failed("open", source))
    }

    async fn reach(&self) -> Result<(), Source> {
        match (self.store.get(), &self.place) {
            (Some(store), _) => Ok(store.ping().await?),
            (None, Place::File(path)) => file::probe(path).await,
            (None, Place::Server(options)) => server::probe(options).await,
        }
    }

    async fn set_aside(&self, store: &Store, order: &HoldOrder) -> Result<Held, Source> {
        let now = order.started_at;
        let is_due = now.0.saturating_sub(self.looked_us.load(Ordering::Relaxed)) >= EXPIRY_INTERVAL_US;
        if is_due {
            self.settle_expired(store, now).await?;
        }
        let mut limit = placed(store, order).await?;
        if limit.is_some() && !is_due {
            self.settle_expired(store, now).await?;
            limit = placed(store, order).await?;
        }
        Ok(match limit {
            Some(limit) => Held::No(limit),
            None => Held::Yes(Hold { attempt_id: order.attempt_id }),
        })
    }

    async fn settle_expired(&self, store: &Store, now: Timestamp) -> Result<(), Source> {
        self.looked_us.store(now.0, Ordering::Relaxed);
        match expiry::settle_expired(store, now).await {
            // Whoever next holds will do it; a hold does not fail for what others left behind.
            Err(error) if is_passing(error.as_ref()) => Ok(()),
            settled => settled,
        }
    }

    /// Settles, and waits for a server that comes back: the money is spent, and its row is the last that is known of it.
    async fn write(&self, store: &Store, entry: &LedgerEntry) -> Result<(), Source> {
        let mut waits = PATIENCE_MS.iter();
        let mut error = match settle::settle(store, entry).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        while is_passing(error.as_ref())
            && let Some(wait) = waits.next()
        {
            self.clock.sleep(Duration::from_millis(*wait)).await;
            error = match settle::settle(store, entry).await {
                Ok(()) => return Ok(()),
                // It was written the time before, and only the news of it was lost.
                Err(error) if settle::is_there_already(error.as_ref()) => return Ok(()),
                Err(error) => error,
            };
        }
        Err(error)
    }

    fn failed(&self, act: &'static str, source: Source) -> LedgerError {
        let place = match &self.place {
            Place::File(path) => path.display().to_string(),
            Place::Server(options) => {
                format!("postgres://{}:{}/{}", options.get_host(), options.get_port(), options.get_database().unwrap_or_default())
            }
        };
        LedgerError { act, place, source }
    }
}

impl Ledger for DatabaseLedger {
    fn probe(&self) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async { self.reach().await.map_err(|source| self.failed("reach", source)) })
    }

    fn open(&self) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async { self.store().await.map(drop) })
    }

    fn hold<'a>(&'a self, order: &'a HoldOrder) -> BoxFuture<'a, Result<Held, LedgerError>> {
        Box::pin(async { self.set_aside(self.store().await?, order).await.map_err(|source| self.failed("hold money in", source)) })
    }

    fn settle<'a>(&'a self, hold: Hold, entry: &'a LedgerEntry) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(async move {
            if hold.attempt_id != entry.attempt_id {
                return Err(self.failed("write", "the hold is for another attempt".into()));
            }
            self.write(self.store().await?, entry).await.map_err(|source| self.failed("write", source))
        })
    }

    fn count_hits<'a>(&'a self, hits: &'a [(HitKind, Hits)]) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(async { hits::count(self.store().await?, hits).await.map_err(|source| self.failed("write", source)) })
    }
}

impl Trials for DatabaseLedger {
    fn trials<'a>(&'a self, kind: &'a TrialKind) -> BoxFuture<'a, Result<Vec<Trial>, LedgerError>> {
        Box::pin(async move {
            let Some(store) = self.store_if_there().await? else { return Ok(Vec::new()) };
            trials::kept(store, kind).await.map_err(|source| self.failed("read", source))
        })
    }

    fn keep_trial<'a>(&'a self, trial: &'a Trial) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(async move { trials::keep(self.store().await?, trial).await.map_err(|source| self.failed("write", source)) })
    }
}

impl UsageReader for DatabaseLedger {
    fn report<'a>(&'a self, query: &'a UsageQuery) -> BoxFuture<'a, Result<Read, LedgerError>> {
        Box::pin(async {
            let Some(store) = self.store_if_there().await? else { return Ok(Read::Report(Box::default())) };
            let read = async {
                // What the dead have left is a part of what was used; nobody else may come to settle it.
                self.settle_expired(store, self.clock.now()).await?;
                reports::report(store, query).await
            };
            read.await.map_err(|source| self.failed("read", source))
        })
    }

    fn balance<'a>(&'a self, tenant: Option<&'a str>, day: Day) -> BoxFuture<'a, Result<Balance, LedgerError>> {
        Box::pin(async move {
            let Some(store) = self.store_if_there().await? else { return Ok(Balance::default()) };
            balances::balance(store, tenant, day).await.map_err(|source| self.failed("read", source))
        })
    }
}

/// Places the hold; tries again at once when a connection had gone bad while nobody used it, and every other one with it.
async fn placed(store: &Store, order: &HoldOrder) -> Result<Option<Exhausted>, Source> {
    let mut outcome = hold::place(store, order).await;
    for _ in 0..=server::CONNECTIONS {
        match outcome {
            Err(error) if is_passing(error.as_ref()) => outcome = hold::place(store, order).await,
            // It was placed the time before, and only the news of it was lost: no two attempts have one identifier.
            Err(error) if settle::is_there_already(error.as_ref()) => return Ok(None),
            Ok(_) | Err(_) => break,
        }
    }
    outcome
}

/// Whether the same act may succeed a moment later: the connection broke, the server restarts, or two transactions stood in each other's way.
fn is_passing(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    match error.downcast_ref::<sqlx::Error>() {
        Some(sqlx::Error::Io(_)) => true,
        Some(sqlx::Error::Database(error)) => {
            let code = error.code().unwrap_or_default();
            // Connection exceptions, operator intervention, serialization failure and deadlock, as PostgreSQL numbers them; SQLite's codes are short.
            code.len() == 5 && (code.starts_with("08") || code.starts_with("57P") || code.starts_with("40"))
        }
        _ => false,
    }
}
