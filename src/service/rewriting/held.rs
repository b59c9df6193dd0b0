//! What the cache holds for a question, and who of all replicas asks when it holds nothing.

use super::Job;
use super::lines::{Lines, Told};
use crate::domain::request::CacheKey;
use crate::ports::{CachedReply, Lead, ModelError};
use crate::service::calling::attempt::Purpose;
use crate::service::calling::chain::{Allowance, Route};
use crate::service::calling::failure::Failure;
use crate::service::sharing::lease::{LIFE, Lease, pauses};

/// A reply out of the cache that has passed the check again, and what a judge said of it the test of its quotes.
pub(super) struct Held {
    pub(super) reply: CachedReply,
    pub(super) told: Told,
    /// Whether it may be used without asking a model; else only when none answers.
    pub(super) is_fresh: bool,
    /// Whether today's judge has read it, or no judge would.
    pub(super) is_judged: bool,
}

/// What is to be done about a question.
pub(super) enum Way {
    /// Nothing: here is its answer.
    Found(Box<Held>),
    /// Ask, holding this lease.
    Ask(Lease),
}

/// The reply of the cache, if it holds one that may still be used and that the check lets pass for this bullet.
pub(super) async fn held(job: &Job<'_>, route: &Route, key: &CacheKey) -> Option<Held> {
    let (service, cache) = (job.service, &job.service.parts.cache);
    let reply = cache.replies.get(key).await?;
    let now = service.parts.clock.now();
    if !cache.is_usable(&reply, now) {
        return None;
    }
    let lines = Lines::read(job, &reply.text).ok()?;
    let judgement = reply.judgement.as_ref().filter(|judgement| service.bench.is_of_today(route, judgement));
    let is_judged = judgement.is_some() || !service.bench.may_answer(route) || lines.case(job).is_none();
    let told = lines.settle(job, judgement).ok()?;
    Some(Held { is_fresh: cache.is_fresh(&reply, now), is_judged, told, reply })
}

/// Takes the lead among the replicas, or waits until another's answer is there, its lease has ended, or the time is up.
///
/// The lead is asked for before the cache, so that an answer which is put away just before a lease ends is always seen.
pub(super) async fn find_or_lead(
    job: &Job<'_>,
    route: &Route,
    key: &CacheKey,
    purpose: Purpose<'_>,
    allowance: &Allowance,
) -> Result<Way, Failure> {
    let service = job.service;
    let owner = service.parts.ids.next();
    for pause in pauses(owner) {
        let lead = service.parts.cache.leases.take(key, owner, LIFE).await;
        let lease = match lead {
            Lead::Ours => Some(Lease::of(*key, owner)),
            Lead::Alone => Some(Lease::none(*key)),
            Lead::Theirs => None,
        };
        if let Some(held) = held(job, route, key).await.filter(|held| held.is_fresh && held.is_judged) {
            if let Some(lease) = lease {
                lease.give_back(service).await;
            }
            return Ok(Way::Found(Box::new(held)));
        }
        if let Some(lease) = lease {
            return Ok(Way::Ask(lease));
        }
        tokio::select! {
            biased;
            () = purpose.client.gone() => return Err(Failure::Gone),
            () = service.parts.clock.sleep(pause.min(allowance.left(service))) => {}
        }
        if !allowance.has_time(service) {
            break;
        }
    }
    Err(ModelError::TimedOut.into())
}
