//! Several bullets of one request asked of a model in one call, so that the rules are sent once and not with each of them.
//!
//! The call is all that they share. Each bullet is looked up, read, checked and kept by itself, under its own question; what is wrong with one is
//! asked again for that one alone, and when the call as a whole comes to nothing, each goes on alone with what it may still ask. Nobody waits for a
//! group to fill: it is made of what one request holds when it begins.

use std::collections::HashSet;
use std::sync::Arc;

use super::asking::ask_together;
use super::drafted::{Headstart, Opening, Said, is_over, key};
use super::heard::hear;
use super::re_ask::Fault;
use super::{Asking, Job};
use crate::contract::rewrite::{CacheUse, EngineChoice};
use crate::domain::cost::PicoUsd;
use crate::domain::request::{CacheKey, ModelRequest};
use crate::ports::{CallPurpose, Completion, ModelError};
use crate::service::Service;
use crate::service::account::cost::Tally;
use crate::service::calling::attempt::Purpose;
use crate::service::calling::chain::{self, Allowance, Route};
use crate::service::calling::failure::Failure;
use crate::service::calling::group_reply::GroupReply;
use crate::service::intake::RewriteOrder;
use crate::service::sharing::flights::Turn;

/// A bullet, with what a group has done for it so far.
pub(super) struct Member<'a> {
    pub(super) job: Job<'a>,
    pub(super) headstart: Headstart,
    pub(super) tally: Tally,
}

impl<'a> Member<'a> {
    /// A bullet for which nobody has asked.
    pub(super) fn new(job: Job<'a>) -> Self {
        Self { job, headstart: Headstart::default(), tally: Tally::default() }
    }
}

/// How many bullets of this order may share a call; 1: each is asked for alone.
pub(super) fn most(service: &Service, order: &RewriteOrder) -> usize {
    if order.engine == EngineChoice::Rules || service.routes.is_empty() || !order.prompt.takes_groups() {
        return 1;
    }
    let limits = &service.parts.limits;
    let each = order.prompt.max_output_tokens().saturating_mul(order.variants.into());
    let fit = limits.group_output_tokens.checked_div(each).and_then(|fit| usize::try_from(fit).ok());
    fit.map_or(limits.group_size, |fit| fit.min(limits.group_size)).max(1)
}

/// Puts the bullets that a model has to be asked for into groups of at most so many, bullets of the same skill together; those that need no call,
/// or have the same question as one before them, stay alone.
pub(super) async fn divide<'a>(jobs: Vec<Job<'a>>, most: usize, tenant: &str) -> (Vec<Vec<Job<'a>>>, Vec<Job<'a>>) {
    let (mut asked, mut alone, mut keys) = (Vec::new(), Vec::new(), HashSet::new());
    for job in jobs {
        // To fill a prompt is work for the processor, and other requests may wait for it.
        tokio::task::yield_now().await;
        if job.needs_model() && needs_call(&job, &mut keys, tenant).await { asked.push(job) } else { alone.push(job) }
    }
    // The examples of a skill are sent once a group, so bullets of one skill are cheaper together.
    asked.sort_by(|one, other| one.skill_id().cmp(&other.skill_id()));
    // Eleven are four, four and three, and not five, five and one: as many calls, and a shorter wait for the longest.
    let size = asked.len().div_ceil(asked.len().div_ceil(most).max(1)).max(1);
    let mut groups: Vec<Vec<Job<'a>>> = Vec::new();
    for job in asked {
        match groups.last_mut().filter(|group| group.len() < size) {
            Some(group) => group.push(job),
            None => groups.push(vec![job]),
        }
    }
    let (groups, single): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.len() > 1);
    alone.extend(single.into_iter().flatten());
    (groups, alone)
}

/// Whether no answer is known and nobody before it in this request asks the same.
async fn needs_call(job: &Job<'_>, keys: &mut HashSet<CacheKey>, tenant: &str) -> bool {
    let (service, cache) = (job.service, job.order.cache);
    // Whoever leaves the cache alone asks as often as he says.
    if cache == CacheUse::Bypass {
        return true;
    }
    let (Some(route), Ok(question)) = (service.routes.first(), job.question()) else { return false };
    let key = key(job, route, &question.digest, tenant);
    let is_known = cache == CacheUse::Use && is_known_fresh(service, &key).await;
    !is_known && keys.insert(key)
}

/// Whether the cache holds an answer that is still used. Another replica may be asking: a group does not wait for it, which costs one more call at most.
async fn is_known_fresh(service: &Service, key: &CacheKey) -> bool {
    let (cache, now) = (&service.parts.cache, service.parts.clock.now());
    cache.replies.get(key).await.is_some_and(|reply| cache.is_fresh(&reply, now))
}

/// Asks for these bullets together, at one model of the chain after the other as long as the models are to blame; gives back every one of them.
pub(super) async fn ask<'a>(asking: Asking<'a>, order: &RewriteOrder, jobs: Vec<Job<'a>>) -> Vec<Member<'a>> {
    let Some(service) = jobs.first().map(|job| job.service) else { return Vec::new() };
    let (mut together, mut done): (Vec<Member<'a>>, Vec<Member<'a>>) = (jobs.into_iter().map(Member::new).collect(), Vec::new());
    for (at, route) in service.routes.iter().enumerate() {
        let mut seats = Vec::with_capacity(together.len());
        for member in together.drain(..) {
            match seat(member, route, asking).await {
                Ok(seat) => seats.push(seat),
                Err(member) => done.push(member),
            }
        }
        let request = ask_together(order, seats.iter().map(|seat| &seat.member.job)).and_then(Result::ok);
        let Some(request) = request.filter(|_| seats.len() > 1) else {
            done.extend(seats.into_iter().map(|seat| seat.member));
            return done;
        };
        let mut allowance = Allowance::new(service, asking.deadline, service.routes.len() - at);
        let answer = call(route, &request, asking, order, &mut seats, &mut allowance).await;
        let failure = match answer {
            Ok(completion) => match GroupReply::parse(&completion.text) {
                Ok(reply) => {
                    done.extend(hear(route, seats, &reply, &completion, allowance, asking, order).await);
                    return done;
                }
                Err(no_draft) => Fault::Shape(no_draft).into(),
            },
            Err(failure) => failure,
        };
        if is_of_the_group(&failure) && allowance.has_more(service) {
            done.extend(seats.into_iter().map(|seat| seat.alone(allowance)));
            return done;
        }
        let failure = Arc::new(failure);
        together.extend(seats.into_iter().map(|seat| seat.passed_over(route, Arc::clone(&failure), allowance)));
        if is_over(service, asking.deadline, &failure) {
            break;
        }
    }
    done.extend(together);
    done
}

/// A bullet that is asked for at one model, with the right to do so.
pub(super) struct Seat<'a> {
    pub(super) member: Member<'a>,
    /// Its own question, as it would be asked alone.
    pub(super) request: ModelRequest,
    /// Its share of what the last call cost.
    pub(super) share: PicoUsd,
    /// Where its answer is kept and who waits for it; `None` when the cache is left alone.
    pub(super) turn: Option<(CacheKey, Turn)>,
}

impl<'a> Seat<'a> {
    /// The model is asked for this bullet alone; as that is another call, others with the same question may be quicker.
    fn alone(self, allowance: Allowance) -> Member<'a> {
        let opening = Opening { question: self.request, may_re_ask: true, allowance, answered: None };
        self.member.ask_alone(opening)
    }

    /// The model gave nothing for this bullet.
    pub(super) fn passed_over(self, route: &Route, failure: Arc<Failure>, allowance: Allowance) -> Member<'a> {
        let Self { mut member, request: _, share: _, turn } = self;
        if let Some((_, turn)) = turn
            && !matches!(*failure, Failure::Gone)
            && allowance.has_time(member.job.service)
        {
            turn.fail(Arc::clone(&failure));
        }
        member.headstart.passed_over.push((route.link.model.id().clone(), failure));
        member
    }
}

impl Member<'_> {
    pub(super) fn ask_alone(mut self, opening: Opening) -> Self {
        self.headstart.said = Said::AskAlone(Box::new(opening));
        self
    }
}

/// The right to ask for this bullet; without it, when an answer is known, or somebody else is asking, the bullet goes its own way.
async fn seat<'a>(member: Member<'a>, route: &Route, asking: Asking<'_>) -> Result<Seat<'a>, Member<'a>> {
    let job = &member.job;
    let Ok(question) = job.question() else { return Err(member) };
    let request = question.request.clone();
    if job.order.cache == CacheUse::Bypass {
        return Ok(Seat { member, request, share: PicoUsd::ZERO, turn: None });
    }
    let key = key(job, route, &question.digest, &asking.caller.tenant);
    let Some(turn) = job.service.flights.free_turn(&key) else { return Err(member) };
    if job.order.cache == CacheUse::Use && is_known_fresh(job.service, &key).await {
        return Err(member);
    }
    Ok(Seat { member, request, share: PicoUsd::ZERO, turn: Some((key, turn)) })
}

/// One question for all seats; what it took is divided among them.
async fn call(
    route: &Route,
    request: &ModelRequest,
    asking: Asking<'_>,
    order: &RewriteOrder,
    seats: &mut [Seat<'_>],
    allowance: &mut Allowance,
) -> Result<Completion, Failure> {
    let Some(service) = seats.first().map(|seat| seat.member.job.service) else { return Err(Failure::NoModel) };
    let purpose = purpose_of(&seats.iter().map(|seat| &seat.member.job), asking, order);
    let mut tally = Tally::default();
    let answer = chain::ask(service, route, request, purpose, allowance, &mut tally).await;
    divide_among(seats.iter_mut(), &tally);
    answer
}

/// What a call for several bullets is for.
pub(super) fn purpose_of<'j, 'a: 'j>(
    jobs: &(impl Iterator<Item = &'j Job<'a>> + Clone),
    asking: Asking<'j>,
    order: &'j RewriteOrder,
) -> Purpose<'j> {
    let skill = jobs.clone().next().and_then(Job::skill_id);
    Purpose {
        work: CallPurpose::Write,
        rewrite_id: asking.id,
        bullet_index: jobs.clone().map(|job| job.index).min().unwrap_or_default(),
        bullets: jobs.clone().count(),
        tenant: &asking.caller.tenant,
        prompt_ref: order.prompt.prompt_ref(),
        skill: skill.filter(|skill| jobs.clone().all(|job| job.skill_id() == Some(*skill))),
        deadline: asking.deadline,
        client: asking.client,
        provider_time: asking.provider_time,
    }
}

/// Divides what a call took among the bullets that it was made for.
pub(super) fn divide_among<'s, 'a: 's>(seats: impl ExactSizeIterator<Item = &'s mut Seat<'a>>, tally: &Tally) {
    if tally.attempts == 0 {
        return;
    }
    let among = seats.len();
    for (at, seat) in seats.enumerate() {
        let before = seat.member.tally.cost;
        seat.member.tally.add_share(tally, at, among);
        seat.share = seat.share.plus(seat.member.tally.cost.less(before));
    }
}

/// Whether a call failed because it asked for so much, or for one of its bullets: then each of them alone may well be answered. What says that the
/// provider is in trouble is no such failure, for more calls would only make that worse.
const fn is_of_the_group(failure: &Failure) -> bool {
    match failure {
        Failure::Model(error) => match error {
            ModelError::Truncated { .. }
            | ModelError::Refused { .. }
            | ModelError::Filtered { .. }
            | ModelError::Empty { .. }
            | ModelError::ContextExceeded { .. }
            | ModelError::TimedOut
            | ModelError::Rejected { .. }
            | ModelError::ReplayMiss { .. } => true,
            ModelError::Unreachable { .. }
            | ModelError::Unauthorized { .. }
            | ModelError::QuotaExhausted { .. }
            | ModelError::RateLimited { .. }
            | ModelError::Unavailable { .. }
            | ModelError::BadReply { .. }
            | ModelError::StreamCut { .. }
            | ModelError::Unrecorded { .. } => false,
        },
        // What a budget does not cover for all of them it may cover for some.
        Failure::NotADraft { .. } | Failure::Ungrounded(_) | Failure::Budget { .. } => true,
        Failure::NoModel
        | Failure::Prompt(_)
        | Failure::Ledger(_)
        | Failure::Resting { .. }
        | Failure::Overloaded { .. }
        | Failure::Gone => false,
    }
}
