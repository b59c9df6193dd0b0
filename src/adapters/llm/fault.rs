//! Why a provider sent an error, by meaning: its code words go before the status, for an empty account comes as 400, 403 and 429 as well as 402.

use std::time::Duration;

use super::retry_after;
use super::transport::WireReply;
use crate::ports::{ModelError, Timestamp};

/// The error of a body, in the terms of no provider.
#[derive(Debug, Default)]
pub(super) struct Fault {
    /// What its words mean, where they are more exact than the status.
    pub(super) cause: Option<Cause>,
    /// Its code word; never prose.
    pub(super) word: Option<String>,
    /// The status that the words stand for: a gateway that has already answered 200 puts the failure behind it into the body.
    pub(super) status: Option<u16>,
    /// A waiting time in the body.
    pub(super) wait: Option<Duration>,
}

/// What a code word can mean beyond its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// The account is empty or over its limit; waiting does not help.
    Quota,
    /// The key is none.
    Key,
    /// The request is longer than the model can hold.
    Context,
    /// A filter stopped the request.
    Filter,
}

impl Fault {
    /// The error that this fault is, when it came with this status.
    pub(super) fn of_status(self, status: u16, reply: &WireReply, now: Timestamp) -> ModelError {
        let Self { cause, word, status: _, wait } = self;
        let reason = word.unwrap_or_else(|| "unknown".to_owned());
        let retry_after = retry_after::read(reply, now).or(wait);
        let should_retry = retry_after::should_retry(reply);
        match (cause, status) {
            (Some(Cause::Quota), _) | (None, 402) => ModelError::QuotaExhausted { reason },
            (Some(Cause::Key), _) | (None, 401 | 403) => ModelError::Unauthorized { status },
            (Some(Cause::Context), _) | (None, 413) => ModelError::ContextExceeded { served: None },
            (Some(Cause::Filter), _) => ModelError::Filtered { reason, served: None },
            (None, 429) => ModelError::RateLimited { retry_after, should_retry },
            (None, 408 | 409 | 500..) => ModelError::Unavailable { status, retry_after, should_retry },
            // Whatever the status means elsewhere, this provider says that it passes.
            (None, _) if should_retry == Some(true) => ModelError::Unavailable { status, retry_after, should_retry },
            (None, _) => ModelError::Rejected { status, reason },
        }
    }
}
