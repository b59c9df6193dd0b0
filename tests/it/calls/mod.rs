//! Calls to a model: how they are retried, given up, counted and survived.

mod breaker;
mod chaos;
mod fake;
mod fallback;
mod grouping;
mod hanging_up;
mod places;
mod reasking;
mod retrying;
mod sharing;

use std::time::Duration;

use bulletsmith::ports::ModelError;
use serde_json::{Value, json};

/// The provider is in trouble.
fn down() -> ModelError {
    ModelError::Unavailable { status: 503, retry_after: None, should_retry: None }
}

/// The provider asks for this long a wait.
fn busy(seconds: u64) -> ModelError {
    ModelError::RateLimited { retry_after: Some(Duration::from_secs(seconds)), should_retry: None }
}

/// A bullet that no other number gives.
fn bullet(number: usize) -> String {
    format!("Built REST APIs for the mobile and web clients of team {number}.")
}

/// An order for one bullet that a model must answer.
fn one(number: usize) -> Value {
    json!({"bullets": [bullet(number)], "engine": "llm"})
}
