//! How often, how long and how many at a time models are asked: the keys of `[llm]` with their ranges.

use std::time::Duration;

use super::ConfigError;
use super::file::LlmKeys;

/// The limits of the calls to models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CallKeys {
    /// The most attempts at one model for one bullet.
    pub attempts: u32,
    /// The longest time one attempt may take.
    pub attempt_timeout: Duration,
    /// How many retries there may be for each question, over the whole process.
    pub retry_budget: f64,
    /// How many calls may be in flight at one provider.
    pub calls_per_provider: usize,
    /// How many may wait for such a place.
    pub queue_per_provider: usize,
    /// After how many failures in a row a model rests.
    pub breaker_failures: u32,
    /// How long it rests.
    pub breaker_pause: Duration,
    /// How long it rests when its account is out of credit.
    pub quota_pause: Duration,
    /// The most bullets of one request that share a call.
    pub group_size: usize,
    /// The most tokens that an answer to several bullets may have.
    pub group_output_tokens: u32,
}

impl CallKeys {
    pub(super) fn of(keys: &LlmKeys) -> Result<Self, ConfigError> {
        let retry_budget = keys.retry_budget.ok_or_else(|| lacks("retry_budget"))?;
        if !(0.0..=1.0).contains(&retry_budget) {
            return Err(ConfigError::value("llm.retry_budget", format!("{retry_budget} is out of range; write a number from 0 to 1")));
        }
        Ok(Self {
            attempts: whole("attempts", keys.attempts, 1, 10)?,
            attempt_timeout: keys.attempt_timeout.ok_or_else(|| lacks("attempt_timeout"))?.0,
            retry_budget,
            calls_per_provider: whole("calls_per_provider", keys.calls_per_provider, 1, 10_000)?,
            queue_per_provider: whole("queue_per_provider", keys.queue_per_provider, 0, 100_000)?,
            breaker_failures: whole("breaker_failures", keys.breaker_failures, 1, 1_000)?,
            breaker_pause: keys.breaker_pause.ok_or_else(|| lacks("breaker_pause"))?.0,
            quota_pause: keys.quota_pause.ok_or_else(|| lacks("quota_pause"))?.0,
            group_size: whole("group_size", keys.group_size, 1, 30)?,
            group_output_tokens: whole("group_output_tokens", keys.group_output_tokens, 1, 1_000_000)?,
        })
    }
}

/// A whole number in a range.
pub(super) fn whole<T: TryFrom<u64>>(key: &str, number: Option<u64>, least: u64, most: u64) -> Result<T, ConfigError> {
    let number = number.ok_or_else(|| lacks(key))?;
    let fits = Some(number).filter(|number| (least..=most).contains(number)).and_then(|number| T::try_from(number).ok());
    let reason = || format!("{number} is out of range; write a whole number from {least} to {most}");
    fits.ok_or_else(|| ConfigError::value(format!("llm.{key}"), reason()))
}

fn lacks(key: &str) -> ConfigError {
    ConfigError::value(format!("llm.{key}"), "is missing; the default file is damaged")
}
