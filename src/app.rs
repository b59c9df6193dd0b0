//! The composition root: makes the service out of the configuration, and is the only file that names adapters.
//!
//! No logic beyond wiring. What can be refused is refused here, before the first request.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use crate::adapters::cache::memory::Memory;
use crate::adapters::cache::none::{NoCache, NoLeases};
use crate::adapters::cache::redis::Redis;
use crate::adapters::cache::tiered::Tiered;
use crate::adapters::clock::{SystemClock, UuidIds};
use crate::adapters::ledger::database::DatabaseLedger;
use crate::adapters::llm::anthropic::{Anthropic, AnthropicOptions};
use crate::adapters::llm::gemini::{Gemini, GeminiOptions};
use crate::adapters::llm::http::{HttpError, HttpTransport};
use crate::adapters::llm::openai::{LimitField, OpenAi, OpenAiOptions};
use crate::adapters::llm::record::Record;
use crate::adapters::llm::replay::Replay;
use crate::adapters::llm::schema::{Dialect, compile};
use crate::adapters::llm::transport::Transport;
use crate::adapters::llm::wire::Wire;
use crate::config::{
    self, BudgetKeys, CacheConfig, CallKeys, ChainEntry, Config, ConfigError, JudgeBy, JudgeTrustKey, JudgeWhenKey, LedgerDown,
    LedgerPlace, LimitName, ModelServer, Provider, ServerKind,
};
use crate::domain::cost::{PriceRow, PriceSheet};
use crate::domain::draft::Draft;
use crate::domain::request::{ModelId, ModelIdError};
use crate::http::{self, Auth, Exposition, HttpSettings};
use crate::ports::{ChatModel, Clock, Ids, Leases, Ledger, LedgerError, ReplyCache, Source};
use crate::service::{Caching, CallLimits, JudgeTrust, JudgeWhen, JudgedBy, Judging, Link, OnLedgerDown, Parts, Service, Spending, Tariff};

/// Where the replies of models come from, and whether they are kept as recordings.
#[derive(Debug, Clone, Default)]
pub enum Tape {
    /// From the models of the chain.
    #[default]
    Off,
    /// From recordings in this folder; no model is asked.
    Replay(PathBuf),
    /// From the models of the chain, and into this folder.
    Record(PathBuf),
}

impl Tape {
    /// What the flags `--record` and `--replay` ask for; the command line lets only one of them through.
    pub fn of(record: Option<PathBuf>, replay: Option<PathBuf>) -> Self {
        match (record, replay) {
            (_, Some(dir)) => Self::Replay(dir),
            (Some(dir), None) => Self::Record(dir),
            (None, None) => Self::Off,
        }
    }
}

/// Everything that runs.
#[derive(Debug)]
pub struct App {
    /// The product.
    pub service: Arc<Service>,
    /// New identifiers.
    pub ids: Arc<dyn Ids>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The models that are asked, in order.
    pub models: Vec<ModelId>,
    /// What the schema of an answer says and the model's provider does not enforce, so that only bulletsmith does; models without any are left out.
    pub enforced_here: Vec<(ModelId, Vec<String>)>,
    /// What the person who starts it should know before text goes anywhere.
    pub notices: Vec<String>,
}

/// Why nothing can run.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The configuration, or something it names, cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There is nothing to record.
    #[error("--record needs a model; set llm.chain, or the key of a provider")]
    NothingToRecord,
    /// The folder for recordings cannot be written.
    #[error("could not write recordings into {}", dir.display())]
    Recording {
        /// The folder.
        dir: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The HTTP client of a provider cannot be made.
    #[error("could not make ready to call the provider {provider}")]
    Client {
        /// Its name.
        provider: String,
        /// What the client says.
        #[source]
        source: Source,
    },
    /// The account cannot be kept.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The name of the recorded model is not one; cannot happen.
    #[error(transparent)]
    Name(#[from] ModelIdError),
}

/// Puts everything together.
pub fn assemble(config: &Config, tape: &Tape) -> Result<App, AppError> {
    let clock = system_clock();
    let ids: Arc<dyn Ids> = Arc::new(UuidIds);
    let lexicon = Arc::new(config::lexicon()?);
    let (cache, cache_notice) = caching(&config.cache, &clock)?;
    let Models { chain, judge, mut notices } = match tape {
        // Recordings answer for whoever was asked, so the model that wrote judges as well.
        Tape::Replay(dir) => Models { chain: vec![recorded("replay/replay".parse()?, dir, &clock)], judge: None, notices: Vec::new() },
        Tape::Record(_) if config.chain.is_empty() => return Err(AppError::NothingToRecord),
        Tape::Record(dir) => named(config, &clock, Some(dir))?,
        Tape::Off => named(config, &clock, None)?,
    };
    let judging = judging(config, judge);
    if !chain.is_empty() {
        notices.extend(cache_notice);
    }
    let models = chain.iter().map(|link| link.model.id().clone()).collect();
    let constraints = config.chain.iter().map(|entry| (entry.model.clone(), enforced_here(entry)));
    let enforced_here = constraints.filter(|(_, constraints)| !constraints.is_empty()).collect();
    let ledger = Arc::new(ledger(config, &clock)?);
    let parts = Parts {
        guides: config::guides(config, &lexicon)?,
        prompts: config::prompts(config)?,
        lexicon,
        chain,
        cache,
        ledger: Arc::clone(&ledger) as _,
        trials: Arc::clone(&ledger) as _,
        usage: ledger,
        judging,
        spending: spending(&config.budget),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        concurrency: config.concurrency,
        limits: limits(&config.calls),
    };
    Ok(App { service: Arc::new(Service::new(parts)), ids, clock, models, enforced_here, notices })
}

/// Brings the account to today's shape, which processes of the version before can go on with.
pub async fn migrate(config: &Config) -> Result<(), AppError> {
    Ok(ledger(config, &system_clock())?.open().await?)
}

/// Takes away what only they need, when none of them runs any more.
pub async fn contract(config: &Config) -> Result<(), AppError> {
    Ok(ledger(config, &system_clock())?.contract().await?)
}

fn system_clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock::new())
}

/// The account, which nothing has touched yet.
fn ledger(config: &Config, clock: &Arc<dyn Clock>) -> Result<DatabaseLedger, ConfigError> {
    match &config.ledger {
        LedgerPlace::File(path) => Ok(DatabaseLedger::in_file(path.clone(), Arc::clone(clock))),
        LedgerPlace::Server(url) => {
            let ledger = DatabaseLedger::at_server(url.expose_secret(), Arc::clone(clock));
            ledger.map_err(|error| ConfigError::value("DATABASE_URL", error.to_string()))
        }
    }
}

fn spending(keys: &BudgetKeys) -> Spending {
    let BudgetKeys { budgets, on_ledger_down } = keys.clone();
    let on_ledger_down = match on_ledger_down {
        LedgerDown::FailClosed => OnLedgerDown::FailClosed,
        LedgerDown::FailOpen => OnLedgerDown::FailOpen,
    };
    Spending { budgets, on_ledger_down }
}

/// Where replies are kept, and a notice when that is not this machine.
fn caching(config: &CacheConfig, clock: &Arc<dyn Clock>) -> Result<(Caching, Option<String>), ConfigError> {
    let (replies, recall) = config.memory_shares();
    let memory = replies.map(|bytes| Arc::new(Memory::new(bytes, config.keep_for(), config.time_to_idle)));
    let redis = |url: &SecretString| {
        let redis = Redis::new(url.expose_secret(), config.keep_for(), config.redis_timeout, Arc::clone(clock));
        redis.map(Arc::new).map_err(|error| ConfigError::value("REDIS_URL", error.to_string()))
    };
    let redis = config.redis.as_ref().map(redis).transpose()?;
    let notice = redis.as_ref().and_then(|redis| redis.elsewhere());
    let notice = notice.map(|host| format!("note: replies of models leave this machine for Redis ({host})"));
    let leases: Arc<dyn Leases> = redis.clone().map_or_else(|| Arc::new(NoLeases) as _, |redis| redis as _);
    let replies: Arc<dyn ReplyCache> = match (memory, redis) {
        (None, None) => Arc::new(NoCache),
        (Some(memory), None) => memory,
        (None, Some(redis)) => redis,
        (Some(memory), Some(redis)) => Arc::new(Tiered::new(memory, redis, config.time_to_live, Arc::clone(clock))),
    };
    let caching = Caching {
        replies,
        leases,
        fresh_for: config.time_to_live,
        recall,
        stale_for: config.stale_if_error,
        is_shared: config.shared_between_tenants,
    };
    Ok((caching, notice))
}

/// Who judges; `own` is the model that was named for it, if one is asked.
fn judging(config: &Config, own: Option<Link>) -> Judging {
    let by = match (&config.judge.by, own) {
        (JudgeBy::Nobody, _) => JudgedBy::Nobody,
        (JudgeBy::Model(_), Some(link)) => JudgedBy::Model(link),
        (JudgeBy::Same, _) | (JudgeBy::Model(_), None) => JudgedBy::Writer,
    };
    let trust = match config.judge.trust {
        JudgeTrustKey::Calibrated => JudgeTrust::Calibrated,
        JudgeTrustKey::Always => JudgeTrust::Always,
    };
    let when = match config.judge.when {
        JudgeWhenKey::Always => JudgeWhen::Always,
        JudgeWhenKey::Asked => JudgeWhen::Asked,
    };
    Judging { by, trust, when }
}

fn limits(keys: &CallKeys) -> CallLimits {
    let CallKeys {
        attempts,
        attempt_timeout,
        retry_budget,
        calls_per_provider,
        queue_per_provider,
        breaker_failures,
        breaker_pause,
        quota_pause,
        group_size,
        group_output_tokens,
    } = *keys;
    CallLimits {
        attempts,
        attempt_timeout,
        retry_budget,
        calls_per_provider,
        queue_per_provider,
        breaker_failures,
        breaker_pause,
        quota_pause,
        group_size,
        group_output_tokens,
    }
}

/// The service behind HTTP; `exposition` writes what `/metrics` shows.
pub fn router(app: &App, config: &Config, exposition: impl Fn() -> String + Send + Sync + 'static) -> axum::Router {
    let auth = config.admin_key.clone().map_or(Auth::Off, Auth::AdminKey);
    let settings = HttpSettings {
        body_limit: config.body_limit,
        deadline: config.deadline,
        auth,
        exposition: Exposition::new(exposition),
        public_metrics: config.public_metrics,
    };
    http::router(Arc::clone(&app.service), Arc::clone(&app.ids), Arc::clone(&app.clock), settings)
}

/// The document that describes the HTTP interface.
pub fn openapi() -> serde_json::Value {
    http::openapi()
}

/// The models that are asked.
struct Models {
    /// Those that write, in order.
    chain: Vec<Link>,
    /// The one that judges, where it has a name of its own.
    judge: Option<Link>,
    /// What leaves this machine for them.
    notices: Vec<String>,
}

/// The models that the configuration names.
fn named(config: &Config, clock: &Arc<dyn Clock>, record: Option<&PathBuf>) -> Result<Models, AppError> {
    let sheet = Arc::new(config::price_sheet(config)?);
    let mut links = Vec::new();
    let mut notices = Vec::new();
    let mut priced = Vec::new();
    let chain = config.chain.iter().map(|entry| ("llm.chain", entry));
    for (key, ChainEntry { model, provider }) in chain.chain(config.judge.model().map(|entry| ("llm.judge", entry))) {
        match provider {
            Provider::Replay { dir } => links.push(recorded(model.clone(), dir, clock)),
            Provider::Server(server) => {
                let link = link(key, model, server, &sheet, clock, record)?;
                let row = link.tariff.asked().cloned();
                for notice in notices_of(model, server, row.as_deref()) {
                    if !notices.contains(&notice) {
                        notices.push(notice);
                    }
                }
                priced.extend(row.map(|row| (model.clone(), row)));
                links.push(link);
            }
        }
    }
    notices.extend(config::stale_prices(&priced, clock.now().0, config.prices_stale_after));
    let judge = config.judge.model().and_then(|_| links.pop());
    Ok(Models { chain: links, judge, notices })
}

fn link(
    key: &str,
    model: &ModelId,
    server: &ModelServer,
    sheet: &Arc<PriceSheet>,
    clock: &Arc<dyn Clock>,
    record: Option<&PathBuf>,
) -> Result<Link, AppError> {
    let tariff = if server.free {
        Tariff::Free
    } else {
        let tariff = Tariff::of_sheet(sheet, server.kind.as_str(), server.base_url.host(), model.model());
        tariff.ok_or_else(|| config::missing_row(key, model, server))?
    };
    let wire = match server.kind {
        ServerKind::OpenAi => Wire::OpenAi,
        ServerKind::Anthropic => Wire::Anthropic,
        ServerKind::Gemini => Wire::Gemini,
    };
    let client = HttpTransport::new(server.base_url.as_str(), wire, server.api_key.as_ref());
    let client = client.map_err(|error| refused(model, server, error))?;
    let client: Arc<dyn Transport> = match record {
        Some(dir) => {
            let recorder = Record::new(Arc::new(client), dir.clone(), server.base_url.host().to_owned(), Arc::clone(clock));
            recorder.probe().map_err(|source| AppError::Recording { dir: dir.clone(), source })?;
            Arc::new(recorder)
        }
        None => Arc::new(client),
    };
    Ok(Link { model: chat_model(model.clone(), server, client, Arc::clone(clock)), tariff })
}

fn chat_model(id: ModelId, server: &ModelServer, client: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> Arc<dyn ChatModel> {
    let (reasoning_effort, temperature) = (server.reasoning_effort.clone(), server.temperature);
    match server.kind {
        ServerKind::OpenAi => {
            let limit_field = match server.limit_field {
                LimitName::MaxCompletionTokens => LimitField::MaxCompletionTokens,
                LimitName::MaxTokens => LimitField::MaxTokens,
            };
            Arc::new(OpenAi::new(id, client, clock, OpenAiOptions { limit_field, reasoning_effort, temperature }))
        }
        ServerKind::Anthropic => Arc::new(Anthropic::new(id, client, clock, AnthropicOptions { reasoning_effort, temperature })),
        ServerKind::Gemini => Arc::new(Gemini::new(id, client, clock, GeminiOptions { reasoning_effort, temperature })),
    }
}

/// The constraints of an answer that the provider of this entry does not enforce; nothing for recordings.
fn enforced_here(entry: &ChainEntry) -> Vec<String> {
    let Provider::Server(server) = &entry.provider else { return Vec::new() };
    let dialect = match server.kind {
        ServerKind::OpenAi => Dialect::OpenAi,
        ServerKind::Anthropic => Dialect::Anthropic,
        ServerKind::Gemini => Dialect::Gemini,
    };
    compile(&Draft::schema(1), dialect).ours.iter().map(ToString::to_string).collect()
}

fn refused(model: &ModelId, server: &ModelServer, error: HttpError) -> AppError {
    let name = model.provider();
    match error {
        HttpError::BaseUrl => ConfigError::value(format!("providers.{name}.base_url"), error.to_string()).into(),
        HttpError::ApiKey => ConfigError::value(server.api_key_env.as_deref().unwrap_or(name), error.to_string()).into(),
        HttpError::Client(_) => AppError::Client { provider: name.to_owned(), source: error.into() },
    }
}

/// A model whose replies were recorded; they cost nothing.
fn recorded(model: ModelId, dir: &Path, clock: &Arc<dyn Clock>) -> Link {
    Link { model: Arc::new(Replay::new(model, dir.to_path_buf(), Arc::clone(clock))), tariff: Tariff::Free }
}

fn notices_of(model: &ModelId, server: &ModelServer, row: Option<&PriceRow>) -> Vec<String> {
    let name = model.provider();
    let mut notices = Vec::new();
    if !server.base_url.is_loopback() {
        notices.push(format!("note: text leaves this machine for {name} ({})", server.base_url.host()));
    }
    if let (Some(variable), None) = (&server.api_key_env, &server.api_key) {
        notices.push(format!("note: {variable} is not set, so {name} is asked without a key"));
    }
    notices.extend(row.and_then(|row| config::other_host(model, server, row)));
    notices
}
