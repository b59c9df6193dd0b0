//! What bulletsmith does, independent of who asks and of what it runs on.
//!
//! [`Service`] takes the published requests and gives the published answers; `http` and `cli` only carry them.
//! Nothing here knows a socket, a database or a configuration file.

use std::sync::Arc;
use std::time::Duration;

use crate::contract::check::{CheckAnswer, CheckRequest};
use crate::contract::matches::{MatchAnswer, MatchRequest};
use crate::contract::problem::Problem;
use crate::contract::rewrite::{RewriteAnswer, RewriteRequest};
use crate::domain::cost::{Price, PriceSheet};
use crate::domain::guide::Guides;
use crate::domain::lexicon::Lexicon;
use crate::domain::prompt::{PromptLibrary, PromptRef};
use crate::domain::request::ModelRequest;
use crate::ports::{ChatModel, Clock, Ids, Ledger, LedgerError, ReplyCache};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Whose account it is; keeps caches and ledger rows apart.
    pub tenant: String,
}

/// One model of the chain, with what it costs.
#[derive(Debug, Clone)]
pub struct Link {
    /// The model.
    pub model: Arc<dyn ChatModel>,
    /// What it costs.
    pub tariff: Tariff,
}

/// What a model costs.
#[derive(Debug, Clone)]
pub enum Tariff {
    /// Nothing: a local model, or recorded replies.
    Free,
    /// By the price sheet: the row of the model that answered, else the row of the model that was asked.
    Sheet {
        /// The sheet.
        sheet: Arc<PriceSheet>,
        /// The provider's kind, as the sheet names it.
        kind: String,
        /// The row of the model that is asked.
        asked: Price,
    },
}

/// Everything a service is made of.
#[derive(Debug)]
pub struct Parts {
    /// The guides; the first is the default.
    pub guides: Guides,
    /// The prompt versions.
    pub prompts: PromptLibrary,
    /// What the words mean.
    pub lexicon: Arc<Lexicon>,
    /// The models, tried in order; empty means the rules engine alone.
    pub chain: Vec<Link>,
    /// Keeps checked replies.
    pub cache: Arc<dyn ReplyCache>,
    /// Keeps the account.
    pub ledger: Arc<dyn Ledger>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// New identifiers.
    pub ids: Arc<dyn Ids>,
    /// How many bullets of one request are worked on at once, at least 1.
    pub concurrency: usize,
}

/// Whether the service can do its work.
#[derive(Debug)]
pub struct Readiness {
    /// The models of the chain, `provider/model`; empty means the rules engine alone.
    pub models: Vec<String>,
    /// The ledger; `Ok` without being asked when no model is configured.
    pub ledger: Result<(), LedgerError>,
}

/// What would be sent to a model.
#[derive(Debug)]
pub struct Preview {
    /// The prompt version.
    pub prompt_ref: PromptRef,
    /// Id of the skill whose card the prompt holds.
    pub skill: Option<String>,
    /// The request itself.
    pub request: ModelRequest,
}

/// The product.
#[derive(Debug)]
pub struct Service {
    parts: Parts,
}

impl Service {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self { parts }
    }

    /// Rewrites bullets. Failures of single bullets stand in the answer; an unusable request is a problem.
    pub async fn rewrite(&self, request: RewriteRequest, caller: &Caller, deadline: Duration) -> Result<RewriteAnswer, Problem> {
        todo!()
    }

    /// What a model would be sent for each bullet of this request, without asking it.
    pub fn preview(&self, request: RewriteRequest) -> Result<Vec<Preview>, Problem> {
        todo!()
    }

    /// Scores a bullet, lists its claims and judges a rewrite of it.
    pub fn check(&self, request: CheckRequest) -> Result<CheckAnswer, Problem> {
        todo!()
    }

    /// Picks the skill of each bullet.
    pub fn matches(&self, request: MatchRequest) -> Result<MatchAnswer, Problem> {
        todo!()
    }

    /// The guides.
    pub const fn guides(&self) -> &Guides {
        &self.parts.guides
    }

    /// The prompt versions.
    pub const fn prompts(&self) -> &PromptLibrary {
        &self.parts.prompts
    }

    /// Whether the service can do its work.
    pub async fn readiness(&self) -> Readiness {
        todo!()
    }
}
