//! What the cache holds for a question, and who of all replicas asks when it holds nothing.

use super::Job;
use super::judged::{Checked, read_and_check};
use crate::domain::request::CacheKey;
use crate::ports::{CachedReply, Lead, ModelError};
use crate::service::calling::attempt::Purpose;
use crate::service::calling::chain::Allowance;
use crate::service::calling::failure::Failure;
use crate::service::sharing::lease::{LIFE, Lease, pauses};

/// A reply out of the cache that has passed the check again.
pub(super) struct Held {
    pub(super) reply: CachedReply,
    pub(super) checked: Checked,
    /// Whether it may be used without asking a model; else only when none answers.
    pub(super) is_fresh: bool,
}

/// What is to be done about a question.
pub(super) enum Way {
    /// Nothing: here is its answer.
    Found(Held),
    /// Ask, holding this lease.
    Ask(Lease),
}

/// The reply of the cache, if it holds one that may still be used and that the check lets pass for this bullet.
pub(super) async fn held(job: &Job<'_>, key: &CacheKey) -> Option<Held> {
    let (cache, clock) = (&job.service.parts.cache, &job.service.parts.clock);
    let reply = cache.replies.get(key).await?;
    let now = clock.now();
    if !cache.is_usable(&reply, now) {
        return None;
    }
    let checked = read_and_check(job, &reply.text).ok()?;
    Some(Held { is_fresh: cache.is_fresh(&reply, now), reply, checked })
}

/// Takes the lead among the replicas, or waits until another's answer is there, its lease has ended, or the time is up.
///
/// The lead is asked for before the cache, so that an answer which is put away just before a lease ends is always seen.
pub(super) async fn find_or_lead(job: &Job<'_>, key: &CacheKey, purpose: Purpose<'_>, allowance: &Allowance) -> Result<Way, Failure> {
    let service = job.service;
    let owner = service.parts.ids.next();
    for pause in pauses(owner) {
        let lead = service.parts.cache.leases.take(key, owner, LIFE).await;
        let lease = match lead {
            Lead::Ours => Some(Lease::of(*key, owner)),
            Lead::Alone => Some(Lease::none(*key)),
            Lead::Theirs => None,
        };
        if let Some(held) = held(job, key).await.filter(|held| held.is_fresh) {
            if let Some(lease) = lease {
                lease.give_back(service).await;
            }
            return Ok(Way::Found(held));
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
