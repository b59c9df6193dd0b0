//! The composition root: makes the service out of the configuration, and is the only file that names adapters.
//!
//! No logic beyond wiring. What can be refused is refused here, before the first request.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::adapters::cache::memory::Memory;
use crate::adapters::cache::none::NoCache;
use crate::adapters::clock::{SystemClock, UuidIds};
use crate::adapters::ledger::sqlite::SqliteLedger;
use crate::adapters::llm::http::{HttpError, HttpTransport};
use crate::adapters::llm::openai::{LimitField, OpenAi, OpenAiOptions};
use crate::adapters::llm::record::Record;
use crate::adapters::llm::replay::Replay;
use crate::adapters::llm::transport::Transport;
use crate::config::{self, ChainEntry, Config, ConfigError, LimitName, OpenAiServer, Provider};
use crate::domain::cost::PriceSheet;
use crate::domain::request::{ModelId, ModelIdError};
use crate::http::{self, Auth, HttpSettings};
use crate::ports::{Clock, Ids, ReplyCache, Source};
use crate::service::{Link, Parts, Service, Tariff};

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
    /// The HTTP client of a provider cannot be made.
    #[error("could not make ready to call the provider {provider}")]
    Client {
        /// Its name.
        provider: String,
        /// What the client says.
        #[source]
        source: Source,
    },
    /// The name of the recorded model is not one; cannot happen.
    #[error(transparent)]
    Name(#[from] ModelIdError),
}

/// Puts everything together.
pub fn assemble(config: &Config, tape: &Tape) -> Result<App, AppError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let ids: Arc<dyn Ids> = Arc::new(UuidIds);
    let lexicon = Arc::new(config::lexicon()?);
    let cache: Arc<dyn ReplyCache> = match config.cache_capacity {
        0 => Arc::new(NoCache),
        capacity => Arc::new(Memory::new(capacity, config.cache_time_to_live)),
    };
    let (chain, notices) = match tape {
        Tape::Replay(dir) => (vec![recorded("replay/replay".parse()?, dir, &clock)], Vec::new()),
        Tape::Record(_) if config.chain.is_empty() => return Err(AppError::NothingToRecord),
        Tape::Record(dir) => chain(config, &clock, Some(dir))?,
        Tape::Off => chain(config, &clock, None)?,
    };
    let models = chain.iter().map(|link| link.model.id().clone()).collect();
    let parts = Parts {
        guides: config::guides(config, &lexicon)?,
        prompts: config::prompts(config)?,
        lexicon,
        chain,
        cache,
        ledger: Arc::new(SqliteLedger::new(config.ledger.clone())),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        concurrency: config.concurrency,
    };
    Ok(App { service: Arc::new(Service::new(parts)), ids, clock, models, notices })
}

/// The service behind HTTP.
pub fn router(app: &App, config: &Config) -> axum::Router {
    let auth = config.admin_key.clone().map_or(Auth::Off, Auth::AdminKey);
    let settings = HttpSettings { body_limit: config.body_limit, deadline: config.deadline, auth };
    http::router(Arc::clone(&app.service), Arc::clone(&app.ids), Arc::clone(&app.clock), settings)
}

/// The document that describes the HTTP interface.
pub fn openapi() -> serde_json::Value {
    http::openapi()
}

/// The links of the chain, and what leaves this machine through them.
fn chain(config: &Config, clock: &Arc<dyn Clock>, record: Option<&PathBuf>) -> Result<(Vec<Link>, Vec<String>), AppError> {
    let sheet = Arc::new(config::price_sheet(config)?);
    let mut links = Vec::new();
    let mut notices = Vec::new();
    for ChainEntry { model, provider } in &config.chain {
        match provider {
            Provider::Replay { dir } => links.push(recorded(model.clone(), dir, clock)),
            Provider::OpenAi(server) => {
                links.push(link(model, server, &sheet, clock, record)?);
                for notice in notices_of(model, server) {
                    if !notices.contains(&notice) {
                        notices.push(notice);
                    }
                }
            }
        }
    }
    Ok((links, notices))
}

fn link(
    model: &ModelId,
    server: &OpenAiServer,
    sheet: &Arc<PriceSheet>,
    clock: &Arc<dyn Clock>,
    record: Option<&PathBuf>,
) -> Result<Link, AppError> {
    let tariff = if server.free {
        Tariff::Free
    } else {
        let asked = sheet.price(KIND, model.model()).ok_or_else(|| config::missing_row(model, KIND))?;
        Tariff::Sheet { sheet: Arc::clone(sheet), kind: KIND.to_owned(), asked }
    };
    let client = match &server.api_key {
        Some(key) => HttpTransport::with_key(server.base_url.as_str(), key),
        None => HttpTransport::open(server.base_url.as_str()),
    };
    let client = client.map_err(|error| refused(model, server, error))?;
    let client: Arc<dyn Transport> = match record {
        Some(dir) => Arc::new(Record::new(Arc::new(client), dir.clone(), server.base_url.host().to_owned(), Arc::clone(clock))),
        None => Arc::new(client),
    };
    let options = OpenAiOptions {
        limit_field: match server.limit_field {
            LimitName::MaxCompletionTokens => LimitField::MaxCompletionTokens,
            LimitName::MaxTokens => LimitField::MaxTokens,
        },
        reasoning_effort: server.reasoning_effort.clone(),
        temperature: server.temperature,
    };
    Ok(Link { model: Arc::new(OpenAi::new(model.clone(), client, Arc::clone(clock), options)), tariff })
}

fn refused(model: &ModelId, server: &OpenAiServer, error: HttpError) -> AppError {
    let name = model.provider();
    match error {
        HttpError::BaseUrl => ConfigError::value(format!("providers.{name}.base_url"), error.to_string()).into(),
        HttpError::ApiKey => ConfigError::value(server.api_key_env.as_deref().unwrap_or(name), error.to_string()).into(),
        HttpError::Client(_) => AppError::Client { provider: name.to_owned(), source: error.into() },
    }
}

/// What the price file calls the only kind of provider that can cost something.
const KIND: &str = "openai";

/// A model whose replies were recorded; they cost nothing.
fn recorded(model: ModelId, dir: &Path, clock: &Arc<dyn Clock>) -> Link {
    let replay = Arc::new(Replay::new(dir.to_path_buf()));
    // Options shape what is sent; a recording is found by the request alone.
    let options = OpenAiOptions { limit_field: LimitField::MaxTokens, reasoning_effort: None, temperature: None };
    Link { model: Arc::new(OpenAi::new(model, replay, Arc::clone(clock), options)), tariff: Tariff::Free }
}

fn notices_of(model: &ModelId, server: &OpenAiServer) -> Vec<String> {
    let name = model.provider();
    let mut notices = Vec::new();
    if !server.base_url.is_loopback() {
        notices.push(format!("note: text leaves this machine for {name} ({})", server.base_url.host()));
    }
    if let (Some(variable), None) = (&server.api_key_env, &server.api_key) {
        notices.push(format!("note: {variable} is not set, so {name} is asked without a key"));
    }
    notices
}
