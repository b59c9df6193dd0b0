//! The model's turn: cache, call, check, judge, one re-ask that quotes the faults, then the next model of the chain.

use std::sync::Arc;
use std::time::Duration;

use super::Job;
use super::held::{Held, Way, find_or_lead, held};
use super::ladder::converse;
use super::lines::{Lines, Told};
use super::recall::Found;
use crate::contract::rewrite::{CacheOutcome, CacheUse, JudgeProvenance, Proposal, Stripped};
use crate::domain::cost::PicoUsd;
use crate::domain::grounding::Rewrite;
use crate::domain::request::{CacheKey, ModelId, ModelRequest, RequestDigest};
use crate::ports::{CachedReply, ModelError};
use crate::service::Service;
use crate::service::account::cost::Tally;
use crate::service::calling::attempt::Purpose;
use crate::service::calling::chain::{Allowance, Route};
use crate::service::calling::failure::Failure;
use crate::service::sharing::flights::Line;
use crate::service::sharing::lease::Lease;

/// What a model wrote, checked and judged: a line that is settled, or one that only its writer can settle.
pub(super) struct Drafted {
    pub(super) rewrites: Vec<Rewrite>,
    pub(super) proposals: Vec<Proposal>,
    /// What stood around the JSON of the reply.
    pub(super) stripped: Vec<Stripped>,
    /// Who judged, and what came of it.
    pub(super) judge: Option<JudgeProvenance>,
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
    /// The answer to the first question, where it is known and nobody has judged it.
    pub(super) answered: Option<CachedReply>,
}

impl Drafted {
    /// What this model wrote.
    pub(super) fn by(link: &ModelId, reply: CachedReply, told: Told, cache: CacheOutcome) -> Self {
        let Told { rewrites, proposals, stripped, judge } = told;
        let CachedReply { text: _, served_model, cost, kept_at: _, judgement: _ } = reply;
        let (link, model) = (link.clone(), served_model.unwrap_or_else(|| link.model().to_owned()));
        let (unanswered, passed_over, found) = (None, Vec::new(), None);
        Self { rewrites, proposals, stripped, judge, link, model, cache, cost, unanswered, passed_over, found }
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
            answered: None,
        });
        match Box::pin(one_model(job, route, &question.digest, opening, purpose, tally)).await {
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
    let id = route.link.model.id();
    let key = key(job, route, request, purpose.tenant);
    let finish = |reply: &CachedReply, told: Told, cache| Drafted::by(id, reply.clone(), told, cache);
    if job.order.cache == CacheUse::Bypass {
        let (reply, told) = converse(job, route, &mut opening, purpose, tally).await?;
        return Ok(finish(&reply, told, CacheOutcome::Bypassed));
    }
    // Who refreshes asks anew, but does not ask twice what another request of this process is asking.
    let reads = job.order.cache == CacheUse::Use;
    let stale = match if reads { held(job, route, &key).await } else { None } {
        Some(Held { reply, told, is_fresh: true, is_judged: true }) => {
            let drafted = finish(&reply, told, CacheOutcome::Hit);
            return Ok(Drafted { found: Some(Found { model: id.clone(), key, reply }), ..drafted });
        }
        // Its draft is paid for; what is missing is the judge, who may have been away.
        Some(Held { reply, is_fresh: true, .. }) => {
            opening.answered = Some(reply);
            None
        }
        stale => stale,
    };
    match (Box::pin(in_turn(job, route, key, &mut opening, purpose, tally)).await, stale) {
        (Err(failure), Some(stale)) if failure.says_nothing_of_the_text() => {
            Ok(Drafted { unanswered: Some(failure), ..finish(&stale.reply, stale.told, CacheOutcome::Hit) })
        }
        (asked, _) => asked,
    }
}

/// Asks when it is this request's turn, unless another has found out meanwhile.
async fn in_turn(
    job: &Job<'_>,
    route: &Route,
    key: CacheKey,
    opening: &mut Opening,
    purpose: Purpose<'_>,
    tally: &mut Tally,
) -> Result<Drafted, Arc<Failure>> {
    let (service, id) = (job.service, route.link.model.id());
    let finish = |reply: &CachedReply, told: Told, cache| Drafted::by(id, reply.clone(), told, cache);
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
                if let Ok(told) = Lines::read(job, &reply.text).map(|lines| lines.settle(job, reply.judgement.as_ref()))
                    && let Ok(told) = told
                {
                    return Ok(finish(&reply, told, CacheOutcome::Shared));
                }
            }
        }
    };
    let reads = job.order.cache == CacheUse::Use;
    let way = if reads { find_or_lead(job, route, &key, purpose, &opening.allowance).await } else { Ok(Way::Ask(Lease::none(key))) };
    let asked = match way {
        Ok(Way::Found(held)) => {
            turn.answer(held.reply.clone());
            return Ok(finish(&held.reply, held.told, CacheOutcome::Shared));
        }
        Ok(Way::Ask(lease)) => {
            let before = tally.attempts;
            let asked = lease.hold(service, Box::pin(converse(job, route, opening, purpose, tally))).await;
            if let Ok((reply, _)) = &asked {
                service.parts.cache.replies.put(key, reply.clone()).await;
            }
            lease.give_back(service).await;
            // A draft that was there already, and that no judge would read, took no call.
            asked.map(|asked| (asked, if tally.attempts == before { CacheOutcome::Hit } else { CacheOutcome::Miss }))
        }
        Err(failure) => Err(failure),
    };
    match asked {
        Ok(((reply, told), cache)) => {
            let drafted = finish(&reply, told, cache);
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
}
