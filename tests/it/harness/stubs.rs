//! Stubs at the ports of the service: a model that says what it is told to, time that is driven by hand, an account in memory.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulletsmith::adapters::cache::memory::Memory;
use bulletsmith::domain::cost::{Caps, Day, Exhausted, Period, PicoUsd, Scope, TokenUsage};
use bulletsmith::domain::request::{CacheKey, ModelId, ModelRequest, Speaker};
use bulletsmith::domain::usage::{Balance, HitKind, Hits, Read, UsageQuery};
use bulletsmith::ports::{
    BoxFuture, CachedReply, ChatModel, Clock, Completion, Held, Hold, HoldOrder, Ledger, LedgerEntry, LedgerError, ModelError, ReplyCache,
    Served, Timestamp, Trial, TrialKind, Trials, UsageReader,
};
use serde_json::{Value, json};

/// What a stub model does.
pub(crate) enum Say {
    /// It answers with this text; 1000 tokens in, of which 200 were cached, and 100 out.
    Text(String),
    /// The same, and its provider says that the model of this name answered.
    As(&'static str, String),
    /// It fails.
    Fail(ModelError),
    /// It never answers.
    Nothing,
}

type Script = Box<dyn Fn(usize, &ModelRequest) -> Say + Send + Sync>;

/// A model that follows a script and remembers what it was asked.
pub(crate) struct StubModel {
    id: ModelId,
    script: Script,
    asked: Mutex<Vec<ModelRequest>>,
}

impl StubModel {
    /// The script is given the number of the call, from 0, and the request.
    pub(crate) fn new(script: impl Fn(usize, &ModelRequest) -> Say + Send + Sync + 'static) -> Arc<Self> {
        Self::named("stub/one", script)
    }

    pub(crate) fn named(id: &str, script: impl Fn(usize, &ModelRequest) -> Say + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { id: id.parse().expect("well formed"), script: Box::new(script), asked: Mutex::default() })
    }

    /// These texts in turn; the last is said again and again.
    pub(crate) fn texts<const N: usize>(texts: [String; N]) -> Arc<Self> {
        Self::new(move |call, _| Say::Text(texts[call.min(N - 1)].clone()))
    }

    /// Repeats each bullet without its period: an honest rewrite that claims nothing new.
    pub(crate) fn echo() -> Arc<Self> {
        Self::new(|_, request| Say::Text(honest(request)))
    }

    /// What it was asked, in order.
    pub(crate) fn asked(&self) -> Vec<ModelRequest> {
        self.asked.lock().expect("not poisoned").clone()
    }
}

impl fmt::Debug for StubModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StubModel({})", self.id)
    }
}

impl ChatModel for StubModel {
    fn id(&self) -> &ModelId {
        &self.id
    }

    fn ask<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(async move {
            let call = {
                let mut asked = self.asked.lock().expect("not poisoned");
                asked.push(request.clone());
                asked.len() - 1
            };
            // Nobody answers at once; whoever else has work gets a turn.
            tokio::task::yield_now().await;
            match (self.script)(call, request) {
                Say::Text(text) => Ok(complete(None, text)),
                Say::As(name, text) => Ok(complete(Some(name.to_owned()), text)),
                Say::Fail(error) => Err(error),
                Say::Nothing => std::future::pending().await,
            }
        })
    }
}

fn complete(model: Option<String>, text: String) -> Completion {
    let usage = TokenUsage { input_uncached: Some(800), cache_read: Some(200), output_visible: Some(100), ..TokenUsage::default() };
    Completion { text, served: Served { model, usage: Some(usage), ..Served::default() } }
}

/// The answer that the prompt asks for, with one variant that asks for nothing.
pub(crate) fn draft(text: &str) -> String {
    json!({"variants": [{"text": text, "with_slots": text}]}).to_string()
}

/// The bullet of a request for one: the JSON data in the user's message holds it, and nothing else of the message is relied on.
pub(crate) fn bullet_of(request: &ModelRequest) -> String {
    let (_, bullet) = bullets_of(request).swap_remove(0);
    bullet
}

/// The bullets of a request; where there are several, each has a number.
pub(crate) fn bullets_of(request: &ModelRequest) -> Vec<(Option<u64>, String)> {
    let user = request.messages.iter().find(|message| message.speaker == Speaker::User).expect("a user's message");
    let data = user.content.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok().filter(Value::is_object));
    let bullets = data.filter_map(|data| Some((data.get("id").and_then(Value::as_u64), data.get("bullet")?.as_str()?.to_owned())));
    let bullets: Vec<_> = bullets.collect();
    assert!(!bullets.is_empty(), "a line of JSON data with a bullet in it: {}", user.content);
    bullets
}

/// The answer that repeats each bullet without its period, in the shape that was asked for.
pub(crate) fn honest(request: &ModelRequest) -> String {
    let bullets = bullets_of(request);
    match bullets.as_slice() {
        [(None, bullet)] => draft(bullet.trim_end_matches('.')),
        several => {
            let result = |(id, bullet): &(Option<u64>, String)| result(id.expect("a number"), bullet.trim_end_matches('.'));
            results(&several.iter().map(result).collect::<Vec<_>>())
        }
    }
}

/// What an answer to several bullets says of one.
pub(crate) fn result(id: u64, text: &str) -> Value {
    json!({"id": id, "variants": [{"text": text, "with_slots": text}]})
}

/// An answer to several bullets.
pub(crate) fn results(results: &[Value]) -> String {
    json!({"results": results}).to_string()
}

/// Time that goes on only when somebody waits. A nap is over at once; a longer sleep is somebody's deadline, and never comes.
#[derive(Debug)]
pub(crate) struct ManualClock {
    elapsed: Mutex<Duration>,
    longest_nap: Duration,
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::napping(Duration::from_secs(10))
    }
}

impl ManualClock {
    pub(crate) fn napping(longest_nap: Duration) -> Self {
        Self { elapsed: Mutex::default(), longest_nap }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_793_954_977_000_000 + i64::try_from(self.elapsed().as_micros()).unwrap_or(0))
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().expect("not poisoned")
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if duration > self.longest_nap {
                return std::future::pending().await;
            }
            *self.elapsed.lock().expect("not poisoned") += duration;
        })
    }
}

/// What a ledger cannot do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It cannot be opened.
    Open,
    /// It can be opened, but no row can be written.
    Record,
}

/// An account in memory, which keeps the budget of the day and the month alike.
#[derive(Debug, Default)]
pub(crate) struct StubLedger {
    broken: Mutex<Option<Broken>>,
    rows: Mutex<Vec<LedgerEntry>>,
    holds: Mutex<Vec<HoldOrder>>,
    /// Every hold there was.
    orders: Mutex<Vec<HoldOrder>>,
    hits: Mutex<Vec<(HitKind, Hits)>>,
    trials: Mutex<Vec<Trial>>,
}

impl StubLedger {
    pub(crate) fn broken(how: Broken) -> Arc<Self> {
        Arc::new(Self { broken: Mutex::new(Some(how)), ..Self::default() })
    }

    pub(crate) fn rows(&self) -> Vec<LedgerEntry> {
        self.rows.lock().expect("not poisoned").clone()
    }

    /// How each attempt ended, in order.
    pub(crate) fn outcomes(&self) -> Vec<&'static str> {
        self.rows().iter().map(|row| row.outcome).collect()
    }

    /// What was set aside, in order.
    pub(crate) fn orders(&self) -> Vec<HoldOrder> {
        self.orders.lock().expect("not poisoned").clone()
    }

    /// The hits that were counted, as they were told.
    pub(crate) fn hits(&self) -> Vec<(HitKind, Hits)> {
        self.hits.lock().expect("not poisoned").clone()
    }

    /// How judges did, as it was kept.
    pub(crate) fn trials(&self) -> Vec<Trial> {
        self.trials.lock().expect("not poisoned").clone()
    }

    /// How many holds are open.
    pub(crate) fn open_holds(&self) -> usize {
        self.holds.lock().expect("not poisoned").len()
    }

    /// Breaks it, or mends it.
    pub(crate) fn break_down(&self, how: Option<Broken>) {
        *self.broken.lock().expect("not poisoned") = how;
    }

    /// Fails in one of these ways, if it is broken in it.
    fn act(&self, act: &'static str, ways: &[Broken]) -> Result<(), LedgerError> {
        let broken = *self.broken.lock().expect("not poisoned");
        if broken.is_some_and(|how| ways.contains(&how)) {
            Err(LedgerError { act, place: "memory".to_owned(), source: "broken on purpose".into() })
        } else {
            Ok(())
        }
    }

    /// The first limit that this order would overrun.
    fn overrun(&self, order: &HoldOrder) -> Option<Exhausted> {
        let (rows, holds) = (self.rows(), self.holds.lock().expect("not poisoned"));
        let used = |tenant: Option<&str>| -> PicoUsd {
            let spent = rows.iter().filter(|row| tenant.is_none_or(|tenant| row.tenant == tenant)).map(|row| row.cost);
            let held = holds.iter().filter(|hold| tenant.is_none_or(|tenant| hold.tenant == tenant)).map(|hold| hold.worst);
            spent.chain(held).sum::<PicoUsd>().plus(order.worst)
        };
        let scopes = [(Scope::Principal, order.budget.principal, Some(order.tenant.as_str())), (Scope::Total, order.budget.total, None)];
        scopes.into_iter().find_map(|(scope, Caps { day, month }, tenant)| {
            let caps = [(Period::Day, day), (Period::Month, month)];
            let period = caps.into_iter().find(|(_, cap)| cap.is_some_and(|cap| used(tenant) > cap))?.0;
            Some(Exhausted { scope, period })
        })
    }
}

impl Ledger for StubLedger {
    fn probe(&self) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async { self.act("reach", &[Broken::Open, Broken::Record]) })
    }

    fn open(&self) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async { self.act("open", &[Broken::Open]) })
    }

    fn hold<'a>(&'a self, order: &'a HoldOrder) -> BoxFuture<'a, Result<Held, LedgerError>> {
        Box::pin(async {
            self.act("open", &[Broken::Open])?;
            if let Some(limit) = self.overrun(order) {
                return Ok(Held::No(limit));
            }
            self.orders.lock().expect("not poisoned").push(order.clone());
            self.holds.lock().expect("not poisoned").push(order.clone());
            Ok(Held::Yes(Hold { attempt_id: order.attempt_id }))
        })
    }

    fn settle<'a>(&'a self, hold: Hold, entry: &'a LedgerEntry) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(async move {
            self.act("write", &[Broken::Open, Broken::Record])?;
            self.holds.lock().expect("not poisoned").retain(|order| order.attempt_id != hold.attempt_id);
            self.rows.lock().expect("not poisoned").push(entry.clone());
            Ok(())
        })
    }

    fn count_hits<'a>(&'a self, hits: &'a [(HitKind, Hits)]) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(async {
            self.act("write", &[Broken::Open, Broken::Record])?;
            self.hits.lock().expect("not poisoned").extend_from_slice(hits);
            Ok(())
        })
    }
}

impl Trials for StubLedger {
    fn trials<'a>(&'a self, kind: &'a TrialKind) -> BoxFuture<'a, Result<Vec<Trial>, LedgerError>> {
        Box::pin(async {
            self.act("read", &[Broken::Open])?;
            Ok(StubLedger::trials(self).into_iter().filter(|trial| trial.kind == *kind).collect())
        })
    }

    fn keep_trial<'a>(&'a self, trial: &'a Trial) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(async {
            self.act("write", &[Broken::Open, Broken::Record])?;
            let mut trials = self.trials.lock().expect("not poisoned");
            trials.retain(|old| (&old.kind, &old.served_model) != (&trial.kind, &trial.served_model));
            trials.push(trial.clone());
            Ok(())
        })
    }
}

/// It keeps no sums; what reports say is tested at the databases.
impl UsageReader for StubLedger {
    fn report<'a>(&'a self, _: &'a UsageQuery) -> BoxFuture<'a, Result<Read, LedgerError>> {
        Box::pin(async { self.act("read", &[Broken::Open]).map(|()| Read::Report(Box::default())) })
    }

    fn balance<'a>(&'a self, _: Option<&'a str>, _: Day) -> BoxFuture<'a, Result<Balance, LedgerError>> {
        Box::pin(async { self.act("read", &[Broken::Open]).map(|()| Balance::default()) })
    }
}

/// The cache in memory, with a count of what is asked of it.
#[derive(Debug)]
pub(crate) struct SeenCache {
    inner: Memory,
    pub(crate) gets: AtomicUsize,
    pub(crate) puts: AtomicUsize,
    last: Mutex<Option<CacheKey>>,
}

impl Default for SeenCache {
    fn default() -> Self {
        Self {
            inner: Memory::new(1 << 20, Duration::from_hours(1_000), None),
            gets: AtomicUsize::new(0),
            puts: AtomicUsize::new(0),
            last: Mutex::default(),
        }
    }
}

impl SeenCache {
    /// Reads and writes so far.
    pub(crate) fn seen(&self) -> (usize, usize) {
        (self.gets.load(Ordering::Relaxed), self.puts.load(Ordering::Relaxed))
    }

    /// Puts another text in the place of the reply that was put away last, as somebody else could who writes to the same store.
    pub(crate) async fn tamper(&self, text: &str) {
        let key = self.last.lock().expect("whole").expect("something was put away");
        let reply = self.inner.get(&key).await.expect("it is there");
        self.inner.put(key, CachedReply { text: text.to_owned(), ..reply }).await;
    }
}

impl ReplyCache for SeenCache {
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Option<CachedReply>> {
        self.gets.fetch_add(1, Ordering::Relaxed);
        self.inner.get(key)
    }

    fn put(&self, key: CacheKey, reply: CachedReply) -> BoxFuture<'_, ()> {
        self.puts.fetch_add(1, Ordering::Relaxed);
        *self.last.lock().expect("whole") = Some(key);
        self.inner.put(key, reply)
    }
}
