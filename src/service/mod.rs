//! What bulletsmith does, independent of who asks and of what it runs on.
//!
//! [`Service`] takes the published requests and gives the published answers; `http` and `cli` only carry them.
//! Nothing here knows a socket, a database or a configuration file.

mod intake;

mod rewriting;

mod calling;

pub mod sharing;

mod account;

mod judging;

mod checker;
mod filler;
mod proposals;
mod views;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crate::contract::check::{CheckAnswer, CheckRequest};
use crate::contract::fill::{FillAnswer, FillRequest};
use crate::contract::matches::{MatchAnswer, MatchRequest};
use crate::contract::problem::{Code, Problem};
use crate::contract::rewrite::{EngineChoice, RewriteAnswer, RewriteRequest};
use crate::contract::usage::{UsageAnswer, UsageRequest};
use crate::domain::guide::Guides;
use crate::domain::judgement::Pair;
use crate::domain::lexicon::Lexicon;
use crate::domain::matching::Matcher;
use crate::domain::prompt::{PromptLibrary, PromptRef};
use crate::domain::request::ModelRequest;
use crate::domain::rules;
use crate::ports::{ChatModel, Clock, Ids, Ledger, LedgerError, Trials, UsageReader};

pub use account::budget::{OnLedgerDown, Spending};
pub use account::cost::Tariff;
pub use calling::limits::CallLimits;
pub use calling::overhead::OVERHEAD;
pub use calling::probe::{Probe, Unusable};
pub use judging::{Examined, Finding, JudgeState, JudgeTrust, JudgeWhen, JudgedBy, Judging};
pub use sharing::caching::Caching;

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
    pub cache: Caching,
    /// Keeps the account.
    pub ledger: Arc<dyn Ledger>,
    /// Reads it.
    pub usage: Arc<dyn UsageReader>,
    /// Keeps how models did as judges.
    pub trials: Arc<dyn Trials>,
    /// Who judges what models write.
    pub judging: Judging,
    /// Who may spend how much.
    pub spending: Spending,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// New identifiers.
    pub ids: Arc<dyn Ids>,
    /// How many bullets of one request are worked on at once, at least 1.
    pub concurrency: usize,
    /// How often, how long and how many at a time models are asked.
    pub limits: CallLimits,
}

/// Whether the service can do its work.
#[derive(Debug)]
pub struct Readiness {
    /// The models of the chain, `provider/model`; empty means the rules engine alone.
    pub models: Vec<String>,
    /// The ledger; `Ok` without being asked when no model is configured.
    pub ledger: Result<(), LedgerError>,
    /// What becomes of calls when it is down.
    pub on_ledger_down: OnLedgerDown,
    /// Who may have to judge, and what is known of each.
    pub judges: Vec<JudgeState>,
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

/// The answer to a request for rewrites, on its way to the client.
#[derive(Debug)]
pub enum Rewritten {
    /// It was made for this request.
    Made(RewriteAnswer),
    /// Every bullet of it was told before, of the replies that the cache still holds.
    Retold(Retold),
}

/// An answer that was told before.
#[derive(Debug)]
pub struct Retold {
    /// A [`RewriteAnswer`] as JSON.
    pub json: Vec<u8>,
    /// What it cost.
    pub cost_usd: String,
}

/// The product.
#[derive(Debug)]
pub struct Service {
    parts: Parts,
    matchers: BTreeMap<String, Matcher>,
    routes: Vec<calling::chain::Route>,
    retries: calling::retries::Retries,
    flights: sharing::flights::Flights,
    calls: calling::calls::Calls,
    hits: account::hits::HitCounts,
    bench: judging::Bench,
    recall: sharing::recall::Recall,
    cards: rewriting::Cards,
    rules_version: String,
}

impl Service {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let matchers = parts.guides.iter().map(|guide| (guide.id().to_owned(), Matcher::new(guide))).collect();
        let rules_version = format!("{}-r{}-{}", env!("CARGO_PKG_VERSION"), rules::VERSION, parts.lexicon.version());
        let ((routes, own), retries) = (routes(&parts), calling::retries::Retries::new(parts.limits.retry_budget));
        let bench = judging::Bench::new(&parts.judging, &parts.prompts, &routes, own);
        let (recall, cards) =
            (sharing::recall::Recall::new(parts.cache.recall, parts.cache.fresh_for), rewriting::Cards::new(&parts.guides));
        let (flights, calls, hits) =
            (sharing::flights::Flights::default(), calling::calls::Calls::default(), account::hits::HitCounts::default());
        Self { parts, matchers, routes, retries, flights, calls, hits, bench, recall, cards, rules_version }
    }

    /// Rewrites bullets. Failures of single bullets stand in the answer; an unusable request is a problem.
    ///
    /// When this future is dropped, no further call to a model is made; one that is in flight ends, is accounted, and its answer is kept.
    pub async fn rewrite(self: &Arc<Self>, request: RewriteRequest, caller: &Caller, deadline: Duration) -> Result<RewriteAnswer, Problem> {
        let order = intake::rewrite_order(request, &self.parts.guides, &self.parts.prompts)?;
        Ok(self.make(order, caller, deadline).await)
    }

    /// The same for a client that is sent the answer as JSON and may be told what was told before.
    pub async fn rewrite_or_retell(
        self: &Arc<Self>,
        request: RewriteRequest,
        caller: &Caller,
        deadline: Duration,
    ) -> Result<Rewritten, Problem> {
        let order = intake::rewrite_order(request, &self.parts.guides, &self.parts.prompts)?;
        if let Some(retold) = rewriting::recall(self, &order, caller).await {
            return Ok(Rewritten::Retold(retold));
        }
        // Boxed, so that who is told something again need not carry it.
        Ok(Rewritten::Made(Box::pin(self.make(order, caller, deadline)).await))
    }

    async fn make(self: &Arc<Self>, order: intake::RewriteOrder, caller: &Caller, deadline: Duration) -> RewriteAnswer {
        let deadline = self.parts.clock.elapsed().saturating_add(deadline);
        if self.routes.is_empty() || order.engine == EngineChoice::Rules {
            let (_client, presence) = calling::presence::client();
            return rewriting::rewrite(self, &order, caller, deadline, &presence).await;
        }
        let (service, caller) = (Arc::clone(self), caller.clone());
        let rewrite = |presence| async move { Box::pin(rewriting::rewrite(&service, &order, &caller, deadline, &presence)).await };
        self.calls.carry(rewrite).await
    }

    /// What a model would be sent for each bullet of this request, without asking it.
    pub fn preview(&self, request: RewriteRequest) -> Result<Vec<Preview>, Problem> {
        let order = intake::rewrite_order(request, &self.parts.guides, &self.parts.prompts)?;
        rewriting::preview(self, &order).map_err(|error| Problem::new(Code::InvalidRequest, error.to_string()))
    }

    /// Scores a bullet, lists its claims and judges a rewrite of it.
    pub fn check(&self, request: CheckRequest) -> Result<CheckAnswer, Problem> {
        Ok(checker::check(self, &intake::check_order(request, &self.parts.guides)?))
    }

    /// The same with a judge, who settles what code cannot. His trouble leaves it as code found it; that there is none is a problem.
    ///
    /// A call that is in flight when this future is dropped ends and is accounted.
    pub async fn check_and_judge(
        self: &Arc<Self>,
        request: CheckRequest,
        caller: &Caller,
        deadline: Duration,
    ) -> Result<CheckAnswer, Problem> {
        let order = intake::check_order(request, &self.parts.guides)?;
        let deadline = self.parts.clock.elapsed().saturating_add(deadline);
        let (service, caller) = (Arc::clone(self), caller.clone());
        let check = |presence| async move { checker::check_and_judge(&service, &order, &caller, deadline, &presence).await };
        self.calls.carry(check).await
    }

    /// Puts answers into the slots of a text and judges what comes out.
    pub fn fill(&self, request: FillRequest) -> Result<FillAnswer, Problem> {
        filler::fill(self, request)
    }

    /// Picks the skill of each bullet.
    pub fn matches(&self, request: MatchRequest) -> Result<MatchAnswer, Problem> {
        let order = intake::match_order(request, &self.parts.guides)?;
        Ok(MatchAnswer { results: views::match_results(self, &order) })
    }

    /// What was used and what it cost, and what is left of the budgets.
    pub async fn usage(&self, request: UsageRequest) -> Result<UsageAnswer, Problem> {
        account::usage::usage(self, request).await
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
        let models: Vec<String> = self.parts.chain.iter().map(|link| link.model.id().to_string()).collect();
        let ledger = if models.is_empty() { Ok(()) } else { self.parts.ledger.probe().await };
        Readiness { models, ledger, on_ledger_down: self.parts.spending.on_ledger_down, judges: self.judges() }
    }

    /// Puts pairs whose answers are known to every judge; without pairs, those that trust is earned by, and then what comes of it is kept.
    pub async fn examine_judges(
        self: &Arc<Self>,
        pairs: Option<Vec<Pair>>,
        caller: &Caller,
        deadline: Duration,
    ) -> Result<Vec<Examined>, Problem> {
        let deadline = self.parts.clock.elapsed().saturating_add(deadline);
        let (service, caller) = (Arc::clone(self), caller.clone());
        let examine = |presence| async move { judging::examine(&service, pairs.as_deref(), &caller, deadline, &presence).await };
        self.calls.carry(examine).await
    }

    /// What a judge would be sent about a line, without asking it.
    pub fn preview_judge(&self, prompt: &str, bullet: &str, facts: Option<&str>, line: &str) -> Result<Preview, Problem> {
        judging::preview(self, prompt, bullet, facts, line).map_err(|error| Problem::new(Code::InvalidRequest, error.to_string()))
    }

    /// Asks every model of the chain one small question, each for at most this long, and says what that showed.
    pub async fn probe(&self, tenant: &str, longest: Duration) -> Result<Vec<Probe>, Problem> {
        calling::probe::probe(self, tenant, longest).await
    }

    /// Waits this long until every call to a model has ended and is in the ledger, then gives up those that are in flight; says how many
    /// requests had to be abandoned even so. Then writes the hits that are not counted yet.
    pub async fn settle(&self, longest: Duration) -> usize {
        let abandoned = self.calls.settle(self.parts.clock.as_ref(), longest).await;
        self.write_hits_here().await;
        abandoned
    }

    /// The matcher of a loaded guide.
    fn matcher(&self, guide: &str) -> Option<&Matcher> {
        self.matchers.get(guide)
    }
}

/// The chain and the judge beside it, with one memory for each model and the places of each provider.
fn routes(parts: &Parts) -> (Vec<calling::chain::Route>, Option<calling::chain::Route>) {
    let (mut breakers, mut places) = (HashMap::new(), HashMap::new());
    let mut route = |link: &Link| {
        let id = link.model.id();
        let breaker = breakers.entry(id.clone()).or_insert_with(|| Arc::new(calling::breaker::Breaker::new(&parts.limits)));
        let places = places.entry(id.provider().to_owned()).or_insert_with(|| Arc::new(calling::places::Places::new(&parts.limits)));
        calling::chain::Route { link: link.clone(), breaker: Arc::clone(breaker), places: Arc::clone(places) }
    };
    let chain = parts.chain.iter().map(&mut route).collect();
    let own = match &parts.judging.by {
        JudgedBy::Model(link) => Some(route(link)),
        JudgedBy::Nobody | JudgedBy::Writer => None,
    };
    (chain, own)
}
