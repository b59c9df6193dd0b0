//! The doors to the outside world: small traits that the service calls and the adapters implement.
//!
//! Nothing concrete is named here. Every trait is object-safe, so that `app` can choose at start-up and tests can put a stub in.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use uuid::Uuid;

use crate::domain::cost::{Budget, Certainty, Day, Exhausted, PicoUsd, TokenUsage};
use crate::domain::judgement::{Case, CaseSaid};
use crate::domain::prompt::PromptRef;
use crate::domain::request::{CacheKey, ModelId, ModelRequest, RequestHash};
use crate::domain::usage::{Balance, HitKind, Hits, Read, UsageQuery};

/// A boxed future that can cross threads; what an object-safe async method returns.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Any error that a driver can raise.
pub type Source = Box<dyn Error + Send + Sync>;

/// A language model behind one provider.
pub trait ChatModel: Send + Sync + fmt::Debug {
    /// The name under which the configuration knows this model.
    fn id(&self) -> &ModelId;

    /// Makes exactly one attempt; retrying is the business of `service::calling::chain`.
    fn ask<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<Completion, ModelError>>;

    /// Whether its answers were given before, so that there is nobody to try.
    fn is_recorded(&self) -> bool {
        false
    }
}

/// A complete answer of a model; whatever stopped early is a [`ModelError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The text of the answer, as it came.
    pub text: String,
    /// Who answered, and what was counted.
    pub served: Served,
}

/// What a provider says of an answer beside its text. An answer is billed by this, whatever became of it; what was not said is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Served {
    /// The model that answered; not always the one that was asked.
    pub model: Option<String>,
    /// The tier it was served in, in the provider's word; not always the one that was asked for.
    pub tier: Option<String>,
    /// What was counted.
    pub usage: Option<TokenUsage>,
}

/// Why a model gave no complete answer, by meaning.
///
/// `reason` holds machine words of the provider (an error code or type), never its prose: prose can quote keys or user text.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// No connection could be made, or it broke before a reply.
    #[error("could not reach the provider")]
    Unreachable {
        /// Whether the request may have been read before the connection broke; then the model may have worked.
        was_sent: bool,
        /// What the HTTP client says.
        #[source]
        source: Source,
    },
    /// No answer in the time that was left.
    #[error("no answer before the deadline")]
    TimedOut,
    /// The provider does not accept the key (401, 403).
    #[error("the provider refused the API key (status {status})")]
    Unauthorized {
        /// HTTP status.
        status: u16,
    },
    /// The account has no credit or has met its limit; waiting does not help.
    #[error("the provider's account is out of credit or over its limit ({reason})")]
    QuotaExhausted {
        /// The provider's error code.
        reason: String,
    },
    /// Too many requests for now (429).
    #[error("the provider asks to slow down")]
    RateLimited {
        /// How long the provider asks to wait, if it says so.
        retry_after: Option<Duration>,
        /// Whether the provider says that another attempt can help, if it says so.
        should_retry: Option<bool>,
    },
    /// The provider is in trouble (408, 5xx).
    #[error("the provider is unavailable (status {status})")]
    Unavailable {
        /// HTTP status.
        status: u16,
        /// How long the provider asks to wait, if it says so.
        retry_after: Option<Duration>,
        /// Whether the provider says that another attempt can help, if it says so.
        should_retry: Option<bool>,
    },
    /// The provider does not accept the request (other 4xx).
    #[error("the provider rejected the request (status {status}, {reason})")]
    Rejected {
        /// HTTP status.
        status: u16,
        /// The provider's error code or type.
        reason: String,
    },
    /// Prompt and answer together do not fit into what the model can hold at once.
    #[error("the request does not fit into the model's context")]
    ContextExceeded {
        /// What was billed all the same; `None` when the request was turned away before a model saw it.
        served: Option<Box<Served>>,
    },
    /// The reply is not what the wire format says: HTML, an event stream, other fields.
    #[error("the provider's reply could not be read ({reason})")]
    BadReply {
        /// What was wrong, in our words.
        reason: String,
        /// What was billed all the same.
        served: Box<Served>,
    },
    /// The reply broke off on its way; the model has worked, and nobody said for how much.
    #[error("the provider's reply broke off")]
    StreamCut {
        /// What was billed all the same.
        served: Box<Served>,
    },
    /// A whole reply without an answer in it.
    #[error("the answer is empty")]
    Empty {
        /// What was billed all the same.
        served: Box<Served>,
    },
    /// The answer met the token limit.
    #[error("the answer was cut at the token limit")]
    Truncated {
        /// What was billed all the same.
        served: Box<Served>,
    },
    /// The model declined to answer.
    #[error("the model refused to answer ({reason})")]
    Refused {
        /// `refusal`, or the provider's category of it.
        reason: String,
        /// What was billed all the same.
        served: Box<Served>,
    },
    /// A filter of the provider stopped the prompt or the answer.
    #[error("the provider's filter stopped the answer ({reason})")]
    Filtered {
        /// The provider's word for it: `content_filter`, `SPII`.
        reason: String,
        /// What was billed all the same; `None` when the request was turned away before a model saw it.
        served: Option<Box<Served>>,
    },
    /// The answer came and was paid for, but the recording that was asked for could not be written.
    #[error("could not write the recording ({reason})")]
    Unrecorded {
        /// What the system says, without the path.
        reason: String,
        /// What was billed.
        served: Box<Served>,
    },
    /// A recorded set holds no reply for this request.
    #[error("no recorded reply for request {hash}")]
    ReplayMiss {
        /// The hash that the set was searched for.
        hash: RequestHash,
    },
}

impl ModelError {
    /// What the provider said of an answer that could not be used; `None` when there was none.
    pub fn served(&self) -> Option<&Served> {
        match self {
            Self::ContextExceeded { served } | Self::Filtered { served, .. } => served.as_deref(),
            Self::BadReply { served, .. }
            | Self::StreamCut { served }
            | Self::Empty { served }
            | Self::Truncated { served }
            | Self::Refused { served, .. }
            | Self::Unrecorded { served, .. } => Some(served),
            Self::Unreachable { .. }
            | Self::TimedOut
            | Self::Unauthorized { .. }
            | Self::QuotaExhausted { .. }
            | Self::RateLimited { .. }
            | Self::Unavailable { .. }
            | Self::Rejected { .. }
            | Self::ReplayMiss { .. } => None,
        }
    }

    /// How long the provider asks to wait, if it says so.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::Unavailable { retry_after, .. } => *retry_after,
            Self::Unreachable { .. }
            | Self::TimedOut
            | Self::Unauthorized { .. }
            | Self::QuotaExhausted { .. }
            | Self::Rejected { .. }
            | Self::ContextExceeded { .. }
            | Self::BadReply { .. }
            | Self::StreamCut { .. }
            | Self::Empty { .. }
            | Self::Truncated { .. }
            | Self::Refused { .. }
            | Self::Filtered { .. }
            | Self::Unrecorded { .. }
            | Self::ReplayMiss { .. } => None,
        }
    }
}

/// Settles what code cannot: reads lines against their evidence.
///
/// A judge is a help: its trouble leaves lines as code found them, so it returns no error. What it says is compared with the evidence by whoever asked.
pub trait Judge: Send + fmt::Debug {
    /// What is said of every line of these cases.
    fn judge<'a>(&'a mut self, cases: &'a [Case]) -> BoxFuture<'a, Judged>;
}

/// What came of asking a judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// It answered: for each case, in order, what it said.
    Said(Vec<Judgement>),
    /// It was silent, late or broken, or could not be paid; another time it may answer.
    Silent,
    /// It has been tried and is not trusted, so it was not asked.
    Untrusted,
    /// There is no judge.
    Nobody,
}

/// What a judge said of the lines of one case, and who it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The model that was asked.
    pub model: ModelId,
    /// The model that the provider said had answered, if it said so.
    pub served_model: Option<String>,
    /// The prompt version.
    pub prompt_ref: PromptRef,
    /// The hash of its files.
    pub prompt_sha256: String,
    /// What was said.
    pub said: CaseSaid,
}

impl Judgement {
    /// About how many bytes it takes beside its own size.
    pub fn weight(&self) -> usize {
        let Self { model, served_model, prompt_ref, prompt_sha256, said } = self;
        let names = model.provider().len() + model.model().len() + prompt_ref.name().len();
        names + served_model.as_ref().map_or(0, String::capacity) + prompt_sha256.capacity() + said.weight()
    }
}

/// Keeps how models did as judges when they were tried, so that each is tried once.
pub trait Trials: Send + Sync + fmt::Debug {
    /// How this model did by this prompt and on this set, under each name that it answered by, the newest last.
    fn trials<'a>(&'a self, kind: &'a TrialKind) -> BoxFuture<'a, Result<Vec<Trial>, LedgerError>>;

    /// Keeps how it did; takes the place of what was kept for the same kind and name.
    fn keep_trial<'a>(&'a self, trial: &'a Trial) -> BoxFuture<'a, Result<(), LedgerError>>;
}

/// What a trial is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialKind {
    /// The model that was asked.
    pub model: ModelId,
    /// The hash of the prompt version's files.
    pub prompt_sha256: String,
    /// The hash of the pairs that it was tried on.
    pub set_sha256: String,
}

/// How a model did as a judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Of what.
    pub kind: TrialKind,
    /// The name under which the provider said that it had answered, if it said one.
    pub served_model: Option<String>,
    /// The prompt version, for people who read it.
    pub prompt_ref: PromptRef,
    /// How many pairs it was right about.
    pub right: u32,
    /// How many pairs there were.
    pub of: u32,
    /// When it was tried.
    pub tried_at: Timestamp,
}

/// Keeps model replies that passed every check.
///
/// A cache is a hint: its trouble is logged and skipped, so its methods return no error.
pub trait ReplyCache: Send + Sync + fmt::Debug {
    /// The reply under this key, if there is one; how old it may be is the caller's to judge.
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Option<CachedReply>>;

    /// Keeps a reply; the caller has checked it.
    fn put(&self, key: CacheKey, reply: CachedReply) -> BoxFuture<'_, ()>;
}

/// A reply that passed every check when it was put away. Whoever takes it out judges it, or has judged these very bytes for the same question before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedReply {
    /// The text of the answer, as the model gave it.
    pub text: String,
    /// The model that the provider said had answered, if it said so.
    pub served_model: Option<String>,
    /// What it had cost: all attempts of the conversation that brought it, the judge's among them; of a call that several bullets shared, its share.
    pub cost: PicoUsd,
    /// When it was put away, by the clock of the process that did.
    pub kept_at: Timestamp,
    /// What a judge said of its lines; `None` where none was asked, or none answered.
    pub judgement: Option<Judgement>,
}

impl CachedReply {
    /// How long ago it was put away. One from the future, which a clock that goes ahead gives, is new.
    pub fn age(&self, now: Timestamp) -> Duration {
        Duration::from_micros(u64::try_from(now.0.saturating_sub(self.kept_at.0)).unwrap_or(0))
    }
}

/// Lets one of several replicas ask a question while the others wait for its answer.
///
/// A lease is a hint as well: one that is lost, or that nobody can give, costs one more call and never a wrong answer.
pub trait Leases: Send + Sync + fmt::Debug {
    /// Takes the lead for this question, for this long, unless another has it.
    fn take<'a>(&'a self, key: &'a CacheKey, owner: Uuid, life: Duration) -> BoxFuture<'a, Lead>;

    /// Keeps the lead for this long from now on; says whether it was still held.
    fn renew<'a>(&'a self, key: &'a CacheKey, owner: Uuid, life: Duration) -> BoxFuture<'a, bool>;

    /// Gives the lead back, if it is still held.
    fn give_back<'a>(&'a self, key: &'a CacheKey, owner: Uuid) -> BoxFuture<'a, ()>;
}

/// Who has the lead for a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lead {
    /// Whoever asked for it, until its lease ends.
    Ours,
    /// Another replica.
    Theirs,
    /// Whoever asked for it, as nobody else can be heard of; there is no lease to renew or to give back.
    Alone,
}

/// Keeps the account of every attempt, and the budgets.
///
/// A ledger is a promise: without it no model is called. Money is set aside before a call ([`hold`](Self::hold)), and what the call cost is
/// written after it ([`settle`](Self::settle)): two short acts, with nothing locked in between. A hold whose owner dies expires by itself.
pub trait Ledger: Send + Sync + fmt::Debug {
    /// Says whether an attempt could be recorded now, without creating anything.
    fn probe(&self) -> BoxFuture<'_, Result<(), LedgerError>>;

    /// Brings the store to today's shape; creates it, if it is not there. Needs not be called before the others.
    fn open(&self) -> BoxFuture<'_, Result<(), LedgerError>>;

    /// Sets the most that an attempt can cost aside, if that fits under every limit together with what was spent and what others hold.
    ///
    /// However many do so at once and from wherever, what is spent and held never exceeds a limit.
    fn hold<'a>(&'a self, order: &'a HoldOrder) -> BoxFuture<'a, Result<Held, LedgerError>>;

    /// Writes the row of an attempt and adds it up, and releases its hold, all or nothing.
    ///
    /// When the hold has expired meanwhile, this row takes the place of the one that was written for it.
    fn settle<'a>(&'a self, hold: Hold, entry: &'a LedgerEntry) -> BoxFuture<'a, Result<(), LedgerError>>;

    /// Adds hits of the cache to what was used, all or nothing. They cost nothing, so they may be told late and together.
    fn count_hits<'a>(&'a self, hits: &'a [(HitKind, Hits)]) -> BoxFuture<'a, Result<(), LedgerError>>;
}

/// Reads the account. A store that is not there yet holds nothing, and is not made.
pub trait UsageReader: Send + Sync + fmt::Debug {
    /// What was used; rows and total are of one moment.
    fn report<'a>(&'a self, query: &'a UsageQuery) -> BoxFuture<'a, Result<Read, LedgerError>>;

    /// What a tenant, or all together (`None`), have spent on this day and in its month, and have set aside.
    fn balance<'a>(&'a self, tenant: Option<&'a str>, day: Day) -> BoxFuture<'a, Result<Balance, LedgerError>>;
}

/// What an attempt is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallPurpose {
    /// To write, or to see whether the model can.
    Write,
    /// To judge what was written, or to be tried as a judge.
    Judge,
}

impl CallPurpose {
    /// The word in the ledger.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Judge => "judge",
        }
    }
}

/// What is set aside before an attempt: for what, how much, and under which limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldOrder {
    /// Identifies the attempt.
    pub attempt_id: Uuid,
    /// The rewrite it belongs to (`rw_…`).
    pub rewrite_id: String,
    /// Position of the bullet in the request; of several that share the attempt, the first.
    pub bullet_index: u32,
    /// How many bullets share the attempt, at least 1.
    pub bullets: u32,
    /// 1 for the first attempt of this purpose for this bullet.
    pub attempt: u32,
    /// What it is for.
    pub purpose: CallPurpose,
    /// Whose account it is.
    pub tenant: String,
    /// When the attempt begins; its day and month (UTC) are the ones it counts for, whenever it ends.
    pub started_at: Timestamp,
    /// When nobody will settle it any more; later than the attempt can take.
    pub expires_at: Timestamp,
    /// The model that is asked.
    pub model: ModelId,
    /// The prompt version.
    pub prompt_ref: PromptRef,
    /// The skill the bullet was matched to.
    pub skill: Option<String>,
    /// The most that it can cost.
    pub worst: PicoUsd,
    /// What its prompt costs: the cost that is written, as unknown, when nobody says what the attempt took.
    pub input: PicoUsd,
    /// The hash of the price row of the model that is asked (`PriceRow::hash`), or `free`; `input` is by that row.
    pub price_ref: String,
    /// The limits that it has to keep to.
    pub budget: Budget,
}

/// Whether money was set aside.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub enum Held {
    /// It was.
    Yes(Hold),
    /// It would not fit under this limit, so the attempt must not be made.
    No(Exhausted),
}

/// Money that is set aside for one attempt until it is settled.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a hold that is not settled keeps its money until it expires"]
pub struct Hold {
    /// The attempt.
    pub attempt_id: Uuid,
}

/// The ledger could not do its work.
#[derive(Debug, thiserror::Error)]
#[error("could not {act} the ledger at {place}")]
pub struct LedgerError {
    /// `open`, `reach`, `hold money in`, `write` or `read`.
    pub act: &'static str,
    /// Where the ledger is, without secrets.
    pub place: String,
    /// What the driver says.
    #[source]
    pub source: Source,
}

/// One attempt at one model, for one bullet or several: what it was for, how it ended, what it cost. Holds no text of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Identifies the attempt.
    pub attempt_id: Uuid,
    /// The rewrite it belongs to (`rw_…`).
    pub rewrite_id: String,
    /// Position of the bullet in the request; of several that share the attempt, the first.
    pub bullet_index: u32,
    /// How many bullets share the attempt, at least 1.
    pub bullets: u32,
    /// 1 for the first attempt of this purpose for this bullet.
    pub attempt: u32,
    /// What it was for.
    pub purpose: CallPurpose,
    /// Whose account it is.
    pub tenant: String,
    /// When the attempt began.
    pub started_at: Timestamp,
    /// How long it took.
    pub latency: Duration,
    /// The model that was asked.
    pub model: ModelId,
    /// The model that the provider says has answered.
    pub served_model: Option<String>,
    /// The tier that the provider says it was served in.
    pub served_tier: Option<String>,
    /// The prompt version.
    pub prompt_ref: PromptRef,
    /// The skill the bullet was matched to; of several bullets, the one that all of them were matched to.
    pub skill: Option<String>,
    /// `complete`, or the error code.
    pub outcome: &'static str,
    /// What the provider counted; `None` where it did not say.
    pub usage: Option<TokenUsage>,
    /// What it cost by the price file; at least what its prompt costs when nobody said what was counted and a model may have worked.
    pub cost: PicoUsd,
    /// How sure that cost is.
    pub certainty: Certainty,
    /// The hash of the price row that the cost was computed by (`PriceRow::hash`), or `free`. Rows of versions before hold a date of prices.
    pub price_ref: String,
}

/// Microseconds since the Unix epoch, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// So much later; stops at the end of time.
    #[must_use]
    pub fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(time.as_micros()).unwrap_or(i64::MAX)))
    }
}

/// Time, as the service sees it; tests put a hand-driven one in.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The wall clock.
    fn now(&self) -> Timestamp;

    /// A clock that never goes back, from an arbitrary start.
    fn elapsed(&self) -> Duration;

    /// Returns after this long.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

/// New identifiers, sortable by time.
pub trait Ids: Send + Sync + fmt::Debug {
    /// The next identifier.
    fn next(&self) -> Uuid;
}
