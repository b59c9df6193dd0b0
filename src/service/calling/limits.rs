//! How often, how long and how many at a time models are asked.

use std::time::Duration;

/// The limits of the calls to models, for the whole process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CallLimits {
    /// The most attempts at one model for one bullet, whatever they are for: retries, a raised token limit, the re-ask. At least 1.
    pub attempts: u32,
    /// The longest time one attempt may take.
    pub attempt_timeout: Duration,
    /// How many retries there may be for each question, over the whole process: 0.1 is one for ten.
    pub retry_budget: f64,
    /// How many calls may be in flight at one provider, at least 1.
    pub calls_per_provider: usize,
    /// How many may wait for such a place; whoever comes later is refused at once.
    pub queue_per_provider: usize,
    /// After how many failures in a row a model rests, at least 1.
    pub breaker_failures: u32,
    /// How long it rests before one call may try it again.
    pub breaker_pause: Duration,
    /// How long it rests when its account is out of credit.
    pub quota_pause: Duration,
    /// The most bullets of one request that share a call, at least 1; 1: each is asked for alone.
    pub group_size: usize,
    /// The most tokens that an answer to several bullets may have; groups are made smaller to keep to it.
    pub group_output_tokens: u32,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            attempts: 3,
            attempt_timeout: Duration::from_secs(30),
            retry_budget: 0.1,
            calls_per_provider: 32,
            queue_per_provider: 256,
            breaker_failures: 5,
            breaker_pause: Duration::from_secs(10),
            quota_pause: Duration::from_mins(10),
            group_size: 5,
            group_output_tokens: 4096,
        }
    }
}
