//! The model's turn: cache, call, check, one re-ask that quotes the faults, then the next model of the chain.

use std::sync::Arc;

use super::Job;
use super::held::{Way, find_or_lead, held};
use super::judged::{Checked, re_ask, read_and_check};
use crate::contract::rewrite::{CacheOutcome, CacheUse, Stripped};
use crate::domain::grounding::Rewrite;
use crate::domain::request::{CacheKey, ModelId, ModelRequest};
use crate::ports::{CachedReply, Completion, ModelError};
use crate::service::attempt::Purpose;
use crate::service::chain::{self, Allowance, Route};
use crate::service::cost::Tally;
use crate::service::failure::Failure;
use crate::service::flights::Line;
use crate::service::lease::Lease;

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
    /// Why the model gave no answer, when an old one out of the cache serves in its place.
    pub(super) unanswered: Option<Arc<Failure>>,
    /// The models of the chain before it, with the reasons why they gave nothing usable.
    pub(super) passed_over: Vec<(ModelId, Arc<Failure>)>,
}

/// Why no model wrote anything usable, and which one was asked last.
pub(super) struct Undrafted {
    pub(super) failure: Arc<Failure>,
    pub(super) model: Option<ModelId>,
}

/// Asks the models of the chain in order.
pub(super) async fn draft(job: &Job<'_>, purpose: Purpose<'_>, tally: &mut Tally) -> Result<Drafted, Undrafted> {
    let (service, mut passed_over) = (job.service, Vec::new());
    let request = match job.ask() {
        Ok((_, request)) => request,
        Err(error) => return Err(Undrafted { failure: Arc::new(Failure::Prompt(error)), model: None }),
    };
    for (at, route) in service.routes.iter().enumerate() {
        let mut allowance = Allowance::new(service, purpose.deadline, service.routes.len() - at);
        let failure = match one_model(job, route, &request, purpose, &mut allowance, tally).await {
            Ok(drafted) => return Ok(Drafted { passed_over, ..drafted }),
            Err(failure) => failure,
        };
        let is_over = service.parts.clock.elapsed() >= purpose.deadline
            || matches!(*failure, Failure::Ledger(_) | Failure::Gone | Failure::Model(ModelError::Unrecorded { .. }));
        passed_over.push((route.link.model.id().clone(), failure));
        if is_over {
            break;
        }
    }
    Err(match passed_over.pop() {
        Some((model, failure)) => Undrafted { failure, model: Some(model) },
        None => Undrafted { failure: Arc::new(Failure::NoModel), model: None },
    })
}

/// One model, behind the cache; several requests with the same question, in this process or in another replica, wait for what comes of it.
async fn one_model(
    job: &Job<'_>,
    route: &Route,
    request: &ModelRequest,
    purpose: Purpose<'_>,
    allowance: &mut Allowance,
    tally: &mut Tally,
) -> Result<Drafted, Arc<Failure>> {
    let service = job.service;
    let (prompt, cache) = (&job.order.prompt, &service.parts.cache);
    let id = route.link.model.id();
    let scope = cache.scope(purpose.tenant);
    let key = CacheKey::new(id, request, prompt.prompt_ref(), prompt.sha256(), &service.rules_version, scope);
    let finish = |reply: &CachedReply, checked: Checked, cache| Drafted {
        rewrites: checked.rewrites,
        removed: checked.removed,
        stripped: checked.stripped,
        link: id.clone(),
        model: reply.served_model.clone().unwrap_or_else(|| id.model().to_owned()),
        cache,
        unanswered: None,
        passed_over: Vec::new(),
    };
    if job.order.cache == CacheUse::Bypass {
        let (reply, checked) = converse(job, route, request, purpose, allowance, tally).await?;
        return Ok(finish(&reply, checked, CacheOutcome::Bypassed));
    }
    // Who refreshes asks anew, but does not ask twice what another request of this process is asking.
    let reads = job.order.cache == CacheUse::Use;
    let stale = match if reads { held(job, &key).await } else { None } {
        Some(held) if held.is_fresh => return Ok(finish(&held.reply, held.checked, CacheOutcome::Hit)),
        stale => stale,
    };
    let asked = async {
        let turn = loop {
            let line = tokio::select! {
                biased;
                line = service.flights.turn(&key) => line,
                () = purpose.client.gone() => return Err(Arc::new(Failure::Gone)),
                () = service.parts.clock.sleep(allowance.left(service)) => return Err(Arc::new(ModelError::TimedOut.into())),
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
        let way = if reads { find_or_lead(job, &key, purpose, allowance).await } else { Ok(Way::Ask(Lease::none(key))) };
        let asked = match way {
            Ok(Way::Found(held)) => {
                turn.answer(held.reply.clone());
                return Ok(finish(&held.reply, held.checked, CacheOutcome::Shared));
            }
            Ok(Way::Ask(lease)) => {
                let asked = lease.hold(service, Box::pin(converse(job, route, request, purpose, allowance, tally))).await;
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
                if !matches!(*failure, Failure::Gone) && allowance.has_time(service) {
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
    request: &ModelRequest,
    purpose: Purpose<'_>,
    allowance: &mut Allowance,
    tally: &mut Tally,
) -> Result<(CachedReply, Checked), Failure> {
    let mut question = request.clone();
    let (mut may_raise, mut may_re_ask) = (true, true);
    loop {
        let completion = match chain::ask(job.service, route, &question, purpose, allowance, tally).await {
            Ok(completion) => completion,
            Err(Failure::Model(ModelError::Truncated { .. })) if may_raise && allowance.has_more(job.service) => {
                may_raise = false;
                question.max_output_tokens = question.max_output_tokens.saturating_mul(2);
                continue;
            }
            Err(failure) => return Err(failure),
        };
        let fault = match read_and_check(job, &completion.text) {
            Ok(checked) => return Ok((kept(job, completion), checked)),
            Err(fault) => fault,
        };
        if !may_re_ask || !allowance.has_more(job.service) {
            return Err(fault.into());
        }
        may_re_ask = false;
        question = re_ask(&question, &completion.text, &fault);
    }
}

fn kept(job: &Job<'_>, completion: Completion) -> CachedReply {
    CachedReply { text: completion.text, served_model: completion.served.model, kept_at: job.service.parts.clock.now() }
}
