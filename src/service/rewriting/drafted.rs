//! The model's turn: cache, call, check, one re-ask that quotes the faults, then the next model of the chain.

use std::sync::Arc;
use std::time::Duration;

use super::Job;
use super::held::{Way, find_or_lead, held};
use super::judged::{Checked, re_ask, read_and_check};
use super::recall::Found;
use crate::contract::rewrite::{CacheOutcome, CacheUse, Stripped};
use crate::domain::cost::PicoUsd;
use crate::domain::grounding::Rewrite;
use crate::domain::request::{CacheKey, ModelId, ModelRequest, RequestDigest};
use crate::ports::{CachedReply, Completion, ModelError};
use crate::service::Service;
use crate::service::account::cost::Tally;
use crate::service::calling::attempt::Purpose;
use crate::service::calling::chain::{self, Allowance, Route};
use crate::service::calling::failure::Failure;
use crate::service::sharing::flights::Line;
use crate::service::sharing::lease::Lease;

/// What a model wrote, checked.
pub(super) struct Drafted {
    pub(super) rewrites: Vec<Rewrite>,
    /// Whether a claim was taken out.
    pub(super) removed: bool,
    /// What stood around the JSON of the reply.
    pub(super) stripped: Vec<Stripped>,
    /// The model that was asked.
    pub(super) link: ModelId,
    /// The model that answered, as its provider names it.
    pub(super) model: String,
    pub(super) cache: CacheOutcome,
    /// What its reply had cost; saved, when it was in the cache or came from another request.
    pub(super) cost: PicoUsd,
    /// Why the model gave no answer, when an old one out of the cache serves in its place.
    pub(super) unanswered: Option<Arc<Failure>>,
    /// The models of the chain before it, with the reasons why they gave nothing usable.
    pub(super) passed_over: Vec<(ModelId, Arc<Failure>)>,
    /// The reply, when it was in the cache and still fresh.
    pub(super) found: Option<Found>,
}

/// What is known of a bullet when its own story begins at the models: nothing, unless a group has asked for it before.
#[derive(Default)]
pub(super) struct Headstart {
    /// The first models of the chain, with the reasons why they gave nothing usable.
    pub(super) passed_over: Vec<(ModelId, Arc<Failure>)>,
    /// What the model after them said of the bullet.
    pub(super) said: Said,
}

/// What a model said of one bullet of a group.
#[derive(Default)]
pub(super) enum Said {
    /// It was not asked.
    #[default]
    Nothing,
    /// A draft that passed.
    Draft(Box<Drafted>),
    /// Nothing that can be used; it may be asked so for this bullet alone.
    AskAlone(Box<Opening>),
}

/// How one model is asked for one bullet.
pub(super) struct Opening {
    /// The first question.
    pub(super) question: ModelRequest,
    /// Whether it may be asked once more with the faults quoted.
    pub(super) may_re_ask: bool,
    /// What may be asked of it in all.
    pub(super) allowance: Allowance,
}

impl Drafted {
    /// What this model wrote.
    pub(super) fn by(link: &ModelId, reply: CachedReply, checked: Checked, cache: CacheOutcome) -> Self {
        let Checked { rewrites, removed, stripped } = checked;
        let CachedReply { text: _, served_model, cost, kept_at: _ } = reply;
        let (link, model) = (link.clone(), served_model.unwrap_or_else(|| link.model().to_owned()));
        Self { rewrites, removed, stripped, link, model, cache, cost, unanswered: None, passed_over: Vec::new(), found: None }
    }
}

/// Why no model wrote anything usable, and which one was asked last.
pub(super) struct Undrafted {
    pub(super) failure: Arc<Failure>,
    pub(super) model: Option<ModelId>,
}

/// Asks the models of the chain in order, beginning where a group has left off.
pub(super) async fn draft(job: &Job<'_>, headstart: Headstart, purpose: Purpose<'_>, tally: &mut Tally) -> Result<Drafted, Undrafted> {
    let (service, Headstart { mut passed_over, said }) = (job.service, headstart);
    let mut opening = match said {
        Said::Draft(drafted) => return Ok(Drafted { passed_over, ..*drafted }),
        Said::AskAlone(opening) => Some(*opening),
        Said::Nothing => None,
    };
    let question = match job.question() {
        Ok(question) => question,
        Err(error) => return Err(Undrafted { failure: Arc::new(Failure::Prompt(error)), model: None }),
    };
    for (at, route) in service.routes.iter().enumerate().skip(passed_over.len()) {
        if passed_over.last().is_some_and(|(_, failure)| is_over(service, purpose.deadline, failure)) {
            break;
        }
        let opening = opening.take().unwrap_or_else(|| Opening {
            question: question.request.clone(),
            may_re_ask: true,
            allowance: Allowance::new(service, purpose.deadline, service.routes.len() - at),
        });
        match one_model(job, route, &question.digest, opening, purpose, tally).await {
            Ok(drafted) => return Ok(Drafted { passed_over, ..drafted }),
            Err(failure) => passed_over.push((route.link.model.id().clone(), failure)),
        }
    }
    Err(match passed_over.pop() {
        Some((model, failure)) => Undrafted { failure, model: Some(model) },
        None => Undrafted { failure: Arc::new(Failure::NoModel), model: None },
    })
}

/// Whether no further model is asked after this failure.
pub(super) fn is_over(service: &Service, deadline: Duration, failure: &Failure) -> bool {
    service.parts.clock.elapsed() >= deadline
        || matches!(failure, Failure::Ledger(_) | Failure::Gone | Failure::Model(ModelError::Unrecorded { .. }))
}

/// What an answer to this bullet's own question is kept under at one model, however the question was asked.
pub(super) fn key(job: &Job<'_>, route: &Route, request: &RequestDigest, tenant: &str) -> CacheKey {
    let prompt = &job.order.prompt;
    CacheKey::new(
        route.link.model.id(),
        request,
        prompt.prompt_ref(),
        prompt.sha256(),
        &job.service.rules_version,
        job.service.parts.cache.scope(tenant),
    )
}

/// One model, behind the cache; several requests with the same question, in this process or in another replica, wait for what comes of it.
async fn one_model(
    job: &Job<'_>,
    route: &Route,
    request: &RequestDigest,
    mut opening: Opening,
    purpose: Purpose<'_>,
    tally: &mut Tally,
) -> Result<Drafted, Arc<Failure>> {
    let service = job.service;
    let cache = &service.parts.cache;
    let id = route.link.model.id();
    let key = key(job, route, request, purpose.tenant);
    let finish = |reply: &CachedReply, checked: Checked, cache| Drafted::by(id, reply.clone(), checked, cache);
    if job.order.cache == CacheUse::Bypass {
        let (reply, checked) = converse(job, route, &mut opening, purpose, tally).await?;
        return Ok(finish(&reply, checked, CacheOutcome::Bypassed));
    }
    // Who refreshes asks anew, but does not ask twice what another request of this process is asking.
    let reads = job.order.cache == CacheUse::Use;
    let stale = match if reads { held(job, &key).await } else { None } {
        Some(held) if held.is_fresh => {
            let drafted = finish(&held.reply, held.checked, CacheOutcome::Hit);
            return Ok(Drafted { found: Some(Found { model: id.clone(), key, reply: held.reply }), ..drafted });
        }
        stale => stale,
    };
    let asked = async {
        let turn = loop {
            let line = tokio::select! {
                biased;
                line = service.flights.turn(&key) => line,
                () = purpose.client.gone() => return Err(Arc::new(Failure::Gone)),
                () = service.parts.clock.sleep(opening.allowance.left(service)) => return Err(Arc::new(ModelError::TimedOut.into())),
            };
            match line {
                Line::Turn(turn) => break turn,
                Line::Failure(failure) => return Err(failure),
                Line::Answer(reply) => {
                    // What another request may say, this one may not, when it knows less; then it asks for itself.
                    if let Ok(checked) = read_and_check(job, &reply.text) {
                        return Ok(finish(&reply, checked, CacheOutcome::Shared));
                    }
                }
            }
        };
        let way = if reads { find_or_lead(job, &key, purpose, &opening.allowance).await } else { Ok(Way::Ask(Lease::none(key))) };
        let asked = match way {
            Ok(Way::Found(held)) => {
                turn.answer(held.reply.clone());
                return Ok(finish(&held.reply, held.checked, CacheOutcome::Shared));
            }
            Ok(Way::Ask(lease)) => {
                let asked = lease.hold(service, Box::pin(converse(job, route, &mut opening, purpose, tally))).await;
                if let Ok((reply, _)) = &asked {
                    cache.replies.put(key, reply.clone()).await;
                }
                lease.give_back(service).await;
                asked
            }
            Err(failure) => Err(failure),
        };
        match asked {
            Ok((reply, checked)) => {
                let drafted = finish(&reply, checked, CacheOutcome::Miss);
                turn.answer(reply);
                Ok(drafted)
            }
            Err(failure) => {
                let failure = Arc::new(failure);
                // Those who wait share a failure of the model, so that not each of them finds it out; one of this request alone they do not.
                if !matches!(*failure, Failure::Gone) && opening.allowance.has_time(service) {
                    turn.fail(Arc::clone(&failure));
                }
                Err(failure)
            }
        }
    };
    match (Box::pin(asked).await, stale) {
        (Err(failure), Some(stale)) if failure.says_nothing_of_the_text() => {
            Ok(Drafted { unanswered: Some(failure), ..finish(&stale.reply, stale.checked, CacheOutcome::Hit) })
        }
        (asked, _) => asked,
    }
}

/// Asks; raises the limit once when the answer met it, and asks once more with the faults quoted when the answer cannot be used.
///
/// Both are other questions than before, so neither reads the cache or can be answered from one of the provider's.
async fn converse(
    job: &Job<'_>,
    route: &Route,
    opening: &mut Opening,
    purpose: Purpose<'_>,
    tally: &mut Tally,
) -> Result<(CachedReply, Checked), Failure> {
    let Opening { question, may_re_ask, allowance } = opening;
    let (mut may_raise, before) = (true, tally.cost);
    loop {
        let completion = match chain::ask(job.service, route, question, purpose, allowance, tally).await {
            Ok(completion) => completion,
            Err(Failure::Model(ModelError::Truncated { .. })) if may_raise && allowance.has_more(job.service) => {
                may_raise = false;
                question.max_output_tokens = question.max_output_tokens.saturating_mul(2);
                continue;
            }
            Err(failure) => return Err(failure),
        };
        let fault = match read_and_check(job, &completion.text) {
            Ok(checked) => return Ok((kept(job, completion, tally.cost.less(before)), checked)),
            Err(fault) => fault,
        };
        if !*may_re_ask || !allowance.has_more(job.service) {
            return Err(fault.into());
        }
        *may_re_ask = false;
        *question = re_ask(question, &completion.text, &fault);
    }
}

fn kept(job: &Job<'_>, completion: Completion, cost: PicoUsd) -> CachedReply {
    CachedReply { text: completion.text, served_model: completion.served.model, cost, kept_at: job.service.parts.clock.now() }
}
