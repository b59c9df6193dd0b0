//! Where model replies are kept and for how long: the keys of `[cache]`, and `REDIS_URL`.

use std::time::Duration;

use secrecy::SecretString;

use super::ConfigError;
use super::environment::Environment;
use super::file::CacheKeys as Keys;

/// Where model replies are kept and for how long.
#[derive(Debug, Clone)]
pub struct CacheConfig {
    /// The most bytes in the memory of this process; `None` keeps nothing there.
    pub memory: Option<usize>,
    /// How long a reply is used without asking a model.
    pub time_to_live: Duration,
    /// How long one is kept in memory that nobody asks for.
    pub time_to_idle: Option<Duration>,
    /// How long after its time one may still be used when no model answers.
    pub stale_if_error: Duration,
    /// Whether the reply that one tenant has paid for serves all.
    pub shared_between_tenants: bool,
    /// The Redis that replicas share; the URL may hold a password.
    pub redis: Option<SecretString>,
    /// How long one command to it may take.
    pub redis_timeout: Duration,
}

impl CacheConfig {
    pub(super) fn of(keys: &Keys, environment: &Environment) -> Result<Self, ConfigError> {
        let Keys { memory, time_to_live, time_to_idle, stale_if_error, shared_between_tenants, redis_timeout } = keys;
        Ok(Self {
            memory: memory.ok_or_else(|| lacks("memory"))?.0.map(|size| size.0),
            time_to_live: time_to_live.ok_or_else(|| lacks("time_to_live"))?.0,
            time_to_idle: time_to_idle.ok_or_else(|| lacks("time_to_idle"))?.0.map(|period| period.0),
            stale_if_error: stale_if_error.ok_or_else(|| lacks("stale_if_error"))?.0.map_or(Duration::ZERO, |period| period.0),
            shared_between_tenants: shared_between_tenants.ok_or_else(|| lacks("shared_between_tenants"))?,
            redis: redis(environment)?,
            redis_timeout: redis_timeout.ok_or_else(|| lacks("redis_timeout"))?.0,
        })
    }

    /// The memory for replies, and for what was told of them: a quarter, as a bullet's answer is some times as long as the reply it was made of.
    pub fn memory_shares(&self) -> (Option<usize>, usize) {
        let recall = self.memory.map_or(0, |bytes| bytes / 4);
        (self.memory.map(|bytes| bytes - recall), recall)
    }

    /// How long an entry is kept: while it is fresh, and while it may still serve.
    pub const fn keep_for(&self) -> Duration {
        self.time_to_live.saturating_add(self.stale_if_error)
    }
}

/// The URL is not repeated in the error, for it may hold a password.
fn redis(environment: &Environment) -> Result<Option<SecretString>, ConfigError> {
    let Some(url) = environment.get("REDIS_URL") else { return Ok(None) };
    if !["redis://", "rediss://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(ConfigError::value("REDIS_URL", "is not the URL of a Redis; write redis://HOST:PORT, or rediss:// for TLS"));
    }
    Ok(Some(SecretString::from(url)))
}

fn lacks(key: &str) -> ConfigError {
    ConfigError::value(format!("cache.{key}"), "is missing; the default file is damaged")
}
