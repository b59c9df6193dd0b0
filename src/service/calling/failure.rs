//! Why no model gave a usable rewrite, as the code and the sentence that a client sees.

use std::sync::Arc;
use std::time::Duration;

use crate::contract::problem::{Code, Problem};
use crate::domain::cost::{Exhausted, Scope};
use crate::domain::grounding::Violation;
use crate::domain::prompt::PromptError;
use crate::domain::request::ModelId;
use crate::ports::{LedgerError, ModelError};

/// Why no model gave a usable rewrite.
#[derive(Debug, thiserror::Error)]
pub(in crate::service) enum Failure {
    /// No model is configured.
    #[error("no model is configured")]
    NoModel,
    /// The prompt, though checked at the start, cannot be filled.
    #[error("the prompt failed")]
    Prompt(#[source] Arc<PromptError>),
    /// The account cannot be kept.
    #[error("the ledger failed")]
    Ledger(#[source] LedgerError),
    /// What the call may cost does not fit under a limit any more.
    #[error("the {} budget of {} is used up", limit.period.as_str(), whose(*limit, tenant))]
    Budget {
        /// The limit.
        limit: Exhausted,
        /// Who asks.
        tenant: String,
    },
    /// The model gave no complete answer.
    #[error("the model gave no complete answer")]
    Model(#[from] ModelError),
    /// The model failed before and is left alone for a while.
    #[error("the model is not asked for now, because it failed before ({})", code.as_str())]
    Resting {
        /// How it failed.
        code: Code,
        /// How long it is left alone.
        wait: Duration,
    },
    /// As many calls as are allowed are in flight at the provider, and as many as are allowed wait for their turn.
    #[error("too many calls to the provider are in flight")]
    Overloaded {
        /// When trying again makes sense.
        wait: Duration,
    },
    /// Whoever asked has hung up; nothing more is begun.
    #[error("the client has gone")]
    Gone,
    /// The answer is not the JSON that was asked for, even after the re-ask.
    #[error("the reply is not the JSON that was asked for: {reason}")]
    NotADraft {
        /// What was wrong.
        reason: &'static str,
    },
    /// The answer claims what the evidence does not, even after the re-ask.
    #[error("the reply claims what the bullet does not say")]
    Ungrounded(Vec<Violation>),
}

impl Failure {
    /// The code that clients read.
    pub(in crate::service) const fn code(&self) -> Code {
        match self {
            Self::NoModel => Code::NoModel,
            Self::Prompt(_) | Self::Gone => Code::Internal,
            Self::Ledger(_) => Code::LedgerDown,
            Self::Budget { .. } => Code::BudgetExhausted,
            Self::Model(error) => code_of(error),
            Self::Resting { code, .. } => *code,
            Self::Overloaded { .. } => Code::Overloaded,
            Self::NotADraft { .. } => Code::ProviderBadReply,
            Self::Ungrounded(_) => Code::ProviderUngrounded,
        }
    }

    /// Whether it would have come about with any text, so that an earlier answer is as good as ever. A ledger that fails is shown, not passed over.
    pub(in crate::service) const fn says_nothing_of_the_text(&self) -> bool {
        match self {
            Self::Resting { .. } | Self::Overloaded { .. } | Self::Budget { .. } => true,
            Self::Model(error) => match error {
                ModelError::Unreachable { .. }
                | ModelError::TimedOut
                | ModelError::Unauthorized { .. }
                | ModelError::QuotaExhausted { .. }
                | ModelError::RateLimited { .. }
                | ModelError::Unavailable { .. }
                | ModelError::StreamCut { .. }
                | ModelError::BadReply { .. } => true,
                ModelError::Rejected { .. }
                | ModelError::ContextExceeded { .. }
                | ModelError::Empty { .. }
                | ModelError::Truncated { .. }
                | ModelError::Refused { .. }
                | ModelError::Filtered { .. }
                | ModelError::Unrecorded { .. }
                | ModelError::ReplayMiss { .. } => false,
            },
            Self::NoModel | Self::Prompt(_) | Self::Ledger(_) | Self::Gone | Self::NotADraft { .. } | Self::Ungrounded(_) => false,
        }
    }

    /// The problem of a bullet that had to be written by a model.
    pub(in crate::service) fn problem(&self, model: Option<&ModelId>) -> Problem {
        let retry_after = match self {
            Self::Model(error) => error.retry_after().map(whole_seconds),
            Self::Resting { wait, .. } | Self::Overloaded { wait } => Some(whole_seconds(*wait)),
            Self::NoModel
            | Self::Prompt(_)
            | Self::Ledger(_)
            | Self::Budget { .. }
            | Self::Gone
            | Self::NotADraft { .. }
            | Self::Ungrounded(_) => None,
        };
        Problem { retry_after, ..Problem::new(self.code(), self.sentence(model)) }
    }

    /// What was wrong, without advice: for a note beside an answer that came about another way.
    pub(in crate::service) fn cause(&self, model: Option<&ModelId>) -> String {
        let sentence = self.sentence(model);
        sentence.split("; ").next().unwrap_or_default().to_owned()
    }

    /// What was wrong and, behind a semicolon, what to do next.
    pub(in crate::service) fn sentence(&self, model: Option<&ModelId>) -> String {
        let model = model.map_or_else(|| "the model".to_owned(), ToString::to_string);
        match self {
            Self::NoModel => "no model is configured; set llm.chain or an API key, or ask for engine \"auto\" or \"rules\"".to_owned(),
            Self::Prompt(_) => "the prompt could not be filled in; `bulletsmith prompt lint` may say why".to_owned(),
            Self::Ledger(_) => "the ledger cannot record costs, so no model is asked; engine \"rules\" still works".to_owned(),
            Self::Budget { limit, tenant } => format!(
                "the budget of {} for this {} does not cover another call to {model}; wait until the {} ends (UTC), raise the budget, or ask for \
                 engine \"auto\" or \"rules\"",
                whose(*limit, tenant),
                limit.period.as_str(),
                limit.period.as_str()
            ),
            Self::Resting { code, wait } => format!(
                "{model} failed before ({}) and is not asked for another {} s; try again then, or put a second model into llm.chain",
                code.as_str(),
                whole_seconds(*wait)
            ),
            Self::Overloaded { .. } => {
                format!("too many calls to the provider of {model} are in flight; try again later, or raise llm.calls_per_provider")
            }
            Self::Gone => "the client has hung up".to_owned(),
            Self::NotADraft { reason } => {
                format!("{model} did not return the JSON that was asked for ({reason}), also when asked again; try another model")
            }
            Self::Ungrounded(violations) => {
                let mut codes: Vec<String> = violations
                    .iter()
                    .filter_map(|violation| serde_json::to_value(violation.code).ok()?.as_str().map(str::to_owned))
                    .collect();
                codes.sort_unstable();
                codes.dedup();
                format!(
                    "{model} kept claiming what the bullet does not say ({}); add facts, or ask for engine \"auto\" or \"rules\"",
                    codes.join(", ")
                )
            }
            Self::Model(error) => match error {
                ModelError::Unreachable { .. } => format!("{model} cannot be reached; check base_url and the network"),
                ModelError::TimedOut => format!("{model} did not answer in time; try again, or raise server.deadline"),
                ModelError::Unauthorized { status } => {
                    format!("the provider of {model} refused the API key (status {status}); check the key")
                }
                ModelError::QuotaExhausted { reason } => {
                    format!("the account at the provider of {model} is out of credit or over its limit ({reason})")
                }
                ModelError::RateLimited { .. } => format!("the provider of {model} asks to slow down; try again later"),
                ModelError::Unavailable { status, .. } => {
                    format!("the provider of {model} is in trouble (status {status}); try again later")
                }
                ModelError::Rejected { status, reason } => format!(
                    "the provider of {model} rejected the request (status {status}, {reason}); check the model's name and what it supports"
                ),
                ModelError::ContextExceeded { .. } => format!(
                    "the request does not fit into the context of {model}; shorten the facts or the job description, or use a model with a larger context"
                ),
                ModelError::BadReply { reason, .. } => {
                    format!("the reply of {model} could not be read ({reason}); check that base_url is the API of that `kind`")
                }
                ModelError::StreamCut { .. } => format!("the reply of {model} broke off on its way; try again"),
                ModelError::Empty { .. } => format!("the reply of {model} has no text in it; try again, or try another model"),
                ModelError::Truncated { .. } => format!("the reply of {model} was cut at the token limit"),
                ModelError::Refused { reason, .. } => format!("{model} declined to answer ({reason})"),
                ModelError::Filtered { reason, .. } => {
                    format!("a filter of the provider of {model} stopped the answer ({reason}); try another model")
                }
                ModelError::Unrecorded { reason, .. } => {
                    format!("{model} answered, but the recording could not be written ({reason}); look at the folder that --record names")
                }
                ModelError::ReplayMiss { hash } => format!("no recorded reply for request {hash}; record one with --record"),
            },
        }
    }
}

fn whose(limit: Exhausted, tenant: &str) -> &str {
    match limit.scope {
        Scope::Principal => tenant,
        Scope::Total => "this service",
    }
}

/// Never less than what the provider asks for, and never a wait of nothing.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1)
}

/// The code of a model's failure.
pub(in crate::service) const fn code_of(error: &ModelError) -> Code {
    match error {
        ModelError::Unreachable { .. } => Code::ProviderUnreachable,
        ModelError::TimedOut => Code::DeadlineExceeded,
        ModelError::Unauthorized { .. } => Code::ProviderAuth,
        ModelError::QuotaExhausted { .. } => Code::ProviderQuota,
        ModelError::RateLimited { .. } => Code::ProviderRateLimited,
        ModelError::Unavailable { .. } => Code::ProviderUnavailable,
        ModelError::Rejected { .. } | ModelError::ContextExceeded { .. } | ModelError::ReplayMiss { .. } => Code::ProviderRejected,
        // A reply that could not be recorded came to nothing as well, and of the codes that may say why, this is the nearest.
        ModelError::BadReply { .. } | ModelError::StreamCut { .. } | ModelError::Empty { .. } | ModelError::Unrecorded { .. } => {
            Code::ProviderBadReply
        }
        ModelError::Truncated { .. } => Code::ProviderTruncated,
        ModelError::Refused { .. } | ModelError::Filtered { .. } => Code::ProviderRefused,
    }
}
