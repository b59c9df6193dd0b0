//! The configuration: what bulletsmith runs on, put together from layers and checked before anything starts.
//!
//! Inside the rest of the crate every value is already good, and nobody else reads a configuration file or the environment.
//! Every fault names the key, or the variable, and says what to write.

mod budget;
mod cache;
mod calls;
mod environment;
mod file;
mod judge;
mod layers;
mod library;
mod prices;
mod provider;
mod units;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

pub use self::budget::BudgetKeys;
pub use self::cache::CacheConfig;
pub use self::calls::CallKeys;
pub use self::environment::Environment;
use self::file::{Chain, FileConfig};
pub use self::file::{JudgeTrustKey, JudgeWhenKey, LedgerDown, LimitName};
pub use self::judge::{JudgeBy, JudgeKeys};
pub use self::layers::DEFAULT;
pub use self::library::{guides, lexicon, parse_prompts, prompts, read_folder};
pub use self::prices::{missing_row, other_host, price_sheet, stale_prices};
pub use self::provider::{BaseUrl, ModelServer, Provider, ServerKind};
use crate::domain::guide::GuideFault;
use crate::domain::lexicon::LexiconError;
use crate::domain::prompt::PromptError;
use crate::domain::request::ModelId;

/// The configuration, checked.
#[derive(Debug)]
pub struct Config {
    /// Where the service listens.
    pub address: SocketAddr,
    /// The longest time one request may take.
    pub deadline: Duration,
    /// The largest body of a request, in bytes.
    pub body_limit: usize,
    /// The key that callers of the service send; without it the service answers on loopback alone.
    pub admin_key: Option<SecretString>,
    /// The models to ask, in order; empty means the rules engine alone.
    pub chain: Vec<ChainEntry>,
    /// Who judges what models write.
    pub judge: JudgeKeys,
    /// How many bullets of one request are worked on at once.
    pub concurrency: usize,
    /// How often, how long and how many at a time models are asked.
    pub calls: CallKeys,
    /// How long calls in flight may go on when the process is told to stop.
    pub drain: Duration,
    /// Whether `/metrics` is open without the key.
    pub public_metrics: bool,
    /// A price file in place of the one that is baked in.
    pub prices_file: Option<PathBuf>,
    /// From what age of its review on a price is told to be stale; `None` tells of none.
    pub prices_stale_after: Option<Duration>,
    /// A folder of further guides.
    pub guides_dir: Option<PathBuf>,
    /// A folder of prompt versions, laid over those that are baked in.
    pub prompts_dir: Option<PathBuf>,
    /// Where model replies are kept and for how long.
    pub cache: CacheConfig,
    /// Where the ledger is.
    pub ledger: LedgerPlace,
    /// Who may spend how much.
    pub budget: BudgetKeys,
    effective: FileConfig,
}

/// Where the ledger is.
#[derive(Debug)]
pub enum LedgerPlace {
    /// In a file of SQLite.
    File(PathBuf),
    /// In a database of PostgreSQL; its URL may hold a password.
    Server(SecretString),
}

impl fmt::Display for LedgerPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(_) => f.write_str("PostgreSQL, where DATABASE_URL says"),
        }
    }
}

/// A model of the chain, with the provider it is asked at.
#[derive(Debug, Clone)]
pub struct ChainEntry {
    /// The model.
    pub model: ModelId,
    /// Its provider.
    pub provider: Provider,
}

/// Why the start is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value cannot be used.
    #[error("{place}: {reason}")]
    Value {
        /// The key, the variable or the file with its line.
        place: String,
        /// What is wrong and what to write.
        reason: String,
    },
    /// A file or folder cannot be read.
    #[error("could not read {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Guides have faults; all of them are listed.
    #[error("the guides cannot be used:\n{}", list(faults))]
    Guides {
        /// The faults.
        faults: Vec<GuideFault>,
    },
    /// The prompts have a fault.
    #[error("the prompts of {place} cannot be used")]
    Prompts {
        /// Where they come from.
        place: String,
        /// The fault.
        #[source]
        source: PromptError,
    },
    /// A word list that is baked in has a fault.
    #[error("the words that are baked in cannot be used")]
    Lexicon(#[source] LexiconError),
}

fn list(faults: &[GuideFault]) -> String {
    faults.iter().map(|fault| format!("  {fault}")).collect::<Vec<_>>().join("\n")
}

impl ConfigError {
    /// A value at this place cannot be used, for this reason.
    pub fn value(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Value { place: place.into(), reason: reason.into() }
    }
}

impl Config {
    /// Puts the layers together and checks them; `file` is what `--config` names.
    pub fn load(file: Option<&Path>, environment: &Environment) -> Result<Self, ConfigError> {
        let file = layers::read(file)?;
        Self::of(layers::merge(file.as_ref(), environment)?, environment)
    }

    fn of(mut keys: FileConfig, environment: &Environment) -> Result<Self, ConfigError> {
        let chain = chain(&keys, environment)?;
        keys.llm.chain = Some(Chain(chain.iter().map(|entry| entry.model.to_string()).collect()));
        let lacks = |key: &str| ConfigError::value(key, "is missing; the default file is damaged");
        Ok(Self {
            address: address(keys.server.address.as_deref().ok_or_else(|| lacks("server.address"))?)?,
            deadline: keys.server.deadline.ok_or_else(|| lacks("server.deadline"))?.0,
            body_limit: keys.server.body_limit.ok_or_else(|| lacks("server.body_limit"))?.0,
            admin_key: admin_key(environment)?,
            judge: JudgeKeys::of(&keys, environment)?,
            chain,
            concurrency: calls::whole("concurrency", keys.llm.concurrency, 1, 64)?,
            calls: CallKeys::of(&keys.llm)?,
            public_metrics: keys.server.public_metrics.ok_or_else(|| lacks("server.public_metrics"))?,
            drain: keys.server.drain.ok_or_else(|| lacks("server.drain"))?.0,
            prices_file: filled(keys.prices.file.as_ref()),
            prices_stale_after: keys.prices.stale_after.ok_or_else(|| lacks("prices.stale_after"))?.0.map(|period| period.0),
            guides_dir: filled(keys.guides.dir.as_ref()),
            prompts_dir: filled(keys.prompts.dir.as_ref()),
            cache: CacheConfig::of(&keys.cache, environment)?,
            ledger: ledger(environment)?,
            budget: BudgetKeys::of(&keys.budget)?,
            effective: keys,
        })
    }

    /// Refuses to listen where strangers could call without a key.
    pub fn check_exposure(&self) -> Result<(), ConfigError> {
        if self.admin_key.is_some() || self.address.ip().is_loopback() {
            return Ok(());
        }
        let reason = format!(
            "{} is not a loopback address and no key is set; set BULLETSMITH_ADMIN_KEY to 32 characters or more, or listen on 127.0.0.1",
            self.address
        );
        Err(ConfigError::value("server.address", reason))
    }

    /// What is in force, as TOML; secrets are not part of it.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string_pretty(&self.effective)
    }
}

fn address(text: &str) -> Result<SocketAddr, ConfigError> {
    text.trim().parse().map_err(|_| {
        ConfigError::value(
            "server.address",
            format!("`{text}` is not an address; write IP:PORT, such as \"127.0.0.1:8080\" or \"[::1]:8080\""),
        )
    })
}

fn admin_key(environment: &Environment) -> Result<Option<SecretString>, ConfigError> {
    match environment.get("BULLETSMITH_ADMIN_KEY") {
        Some(key) if key.chars().count() < 32 => {
            Err(ConfigError::value("BULLETSMITH_ADMIN_KEY", "is shorter than 32 characters; make one with `openssl rand -hex 32`"))
        }
        Some(key) if !key.bytes().all(|byte| byte.is_ascii_graphic()) => Err(ConfigError::value(
            "BULLETSMITH_ADMIN_KEY",
            "holds a space or a character that no header can carry; make one with `openssl rand -hex 32`",
        )),
        key => Ok(key.map(SecretString::from)),
    }
}

/// An empty text in the environment takes a path away.
fn filled(path: Option<&PathBuf>) -> Option<PathBuf> {
    path.filter(|path| !path.as_os_str().is_empty()).cloned()
}

fn ledger(environment: &Environment) -> Result<LedgerPlace, ConfigError> {
    // The URL is not repeated in the error: it may hold a password.
    let refused = |reason| Err(ConfigError::value("DATABASE_URL", reason));
    if let Some(url) = environment.get("DATABASE_URL") {
        return match (url.strip_prefix("sqlite://"), url.split_once("://")) {
            (Some(path), _) if !path.is_empty() && !path.contains('?') => Ok(LedgerPlace::File(PathBuf::from(path))),
            (Some(_), _) => refused("names no file; write sqlite://PATH without parameters"),
            (None, Some(("postgres" | "postgresql", _))) => Ok(LedgerPlace::Server(url.into())),
            (None, _) => refused("is of a kind that is not supported; write sqlite://PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE"),
        };
    }
    // The XDG rules say that a relative path is ignored. Without a home, the state lies in the folder of the process.
    let state = environment.get("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let state = state.unwrap_or_else(|| Path::new(environment.get("HOME").unwrap_or(".")).join(".local/state"));
    Ok(LedgerPlace::File(state.join("bulletsmith/ledger.db")))
}

fn chain(keys: &FileConfig, environment: &Environment) -> Result<Vec<ChainEntry>, ConfigError> {
    let named = keys.llm.chain.clone().unwrap_or_default().0;
    let models = named
        .iter()
        .map(|entry| entry.parse::<ModelId>().map_err(|error| ConfigError::value("llm.chain", error.to_string())))
        .collect::<Result<Vec<_>, _>>()?;
    if models.is_empty() && keys.llm.auto_chain.unwrap_or(false) {
        let providers = providers(keys, environment)?;
        return Ok(providers.into_iter().filter_map(|(name, provider)| automatic(name, provider)).collect());
    }
    entries("llm.chain", models, keys, environment)
}

/// These models with their providers; `key` is where they are named.
fn entries(key: &str, models: Vec<ModelId>, keys: &FileConfig, environment: &Environment) -> Result<Vec<ChainEntry>, ConfigError> {
    for model in &models {
        let name = model.provider();
        if keys.providers.get(name).is_none_or(|provider| provider.kind.is_none()) {
            let reason = format!("{model} names the provider `{name}`, which is not configured; add [providers.{name}] with its `kind`");
            return Err(ConfigError::value(key, reason));
        }
    }
    let providers = providers(keys, environment)?;
    let entries = models.into_iter().filter_map(|model| {
        let provider = providers.get(model.provider())?.clone();
        Some(ChainEntry { model, provider })
    });
    Ok(entries.collect())
}

fn providers<'a>(keys: &'a FileConfig, environment: &Environment) -> Result<BTreeMap<&'a str, Provider>, ConfigError> {
    let provider = |(name, provider): (&'a String, _)| Ok((name.as_str(), Provider::of(name, provider, environment)?));
    keys.providers.iter().map(provider).collect()
}

fn automatic(name: &str, provider: Provider) -> Option<ChainEntry> {
    let model = format!("{name}/{}", provider.automatic_model()?).parse().ok()?;
    Some(ChainEntry { model, provider })
}

#[cfg(test)]
mod tests;
