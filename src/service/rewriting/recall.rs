//! When what was told of a hit may be told again without judging the reply once more.
//!
//! To judge a text is to compute, and the same texts come to the same for as long as this process runs, which has one lexicon, one set of guides and
//! one chain. So a verdict may be remembered, with all that it is about: it is used again only while the cache holds that very reply, byte for
//! byte, for the same question. Any other reply is read and judged like the first. `docs/adr/0021` says what would make this wrong.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::contract::rewrite::{BulletResult, CacheUse, EngineChoice, Role};
use crate::domain::cost::{Day, PicoUsd};
use crate::domain::request::{CacheKey, ModelId};
use crate::domain::usage::{HitKind, Hits};
use crate::ports::CachedReply;
use crate::service::intake::{BulletOrder, JobText, RewriteOrder};
use crate::service::sharing::recall::{Question, Remembered};
use crate::service::{Caller, Service};

/// A reply that the cache holds, and where.
#[derive(Debug)]
pub(super) struct Found {
    /// The model that was asked.
    pub(super) model: ModelId,
    pub(super) key: CacheKey,
    pub(super) reply: CachedReply,
}

/// What every bullet of this order was told before, when all of them are remembered; to look the rest up costs more than it saves.
pub(super) async fn recalled(service: &Service, order: &RewriteOrder, caller: &Caller) -> Option<Vec<Arc<Remembered>>> {
    if order.cache != CacheUse::Use || order.engine == EngineChoice::Rules || service.routes.is_empty() {
        return None;
    }
    let (cache, common) = (&service.parts.cache, common(service, order, &caller.tenant));
    let mut told = Vec::with_capacity(order.bullets.len());
    for (index, bullet) in order.bullets.iter().enumerate() {
        let remembered = service.recall.get(&question(&common, index, bullet)).await?;
        let now_held = cache.replies.get(&remembered.key).await?;
        if now_held != remembered.reply || !cache.is_fresh(&now_held, service.parts.clock.now()) {
            return None;
        }
        told.push(remembered);
    }
    for remembered in &told {
        count_hit(service, order, &caller.tenant, remembered.model.clone(), remembered.skill.clone(), remembered.reply.cost);
    }
    Some(told)
}

/// Counts a bullet that was answered without a call.
pub(super) fn count_hit(service: &Service, order: &RewriteOrder, tenant: &str, model: ModelId, skill: Option<String>, saved: PicoUsd) {
    let day = Day::of_micros(service.parts.clock.now().0);
    let kind = HitKind { day, tenant: tenant.to_owned(), model, prompt_ref: order.prompt.prompt_ref().clone(), skill };
    service.hits.add(kind, Hits { count: 1, saved });
}

/// Remembers what was told of this bullet.
pub(super) async fn remember(
    service: &Service,
    order: &RewriteOrder,
    bullet: &BulletOrder,
    tenant: &str,
    found: Found,
    result: &BulletResult,
) {
    // What cannot be written as JSON cannot be sent either.
    let Ok(sent) = serde_json::value::to_raw_value(result) else { return };
    let Found { model, key, mut reply } = found;
    reply.text.shrink_to_fit();
    let question = question(&common(service, order, tenant), result.index, bullet);
    let skill = result.skill.as_ref().map(|skill| skill.id.clone());
    service.recall.put(question, Remembered { model, key, reply, skill, result: sent }).await;
}

/// What decides what is told of every bullet of an order, and whose replies may be used for it.
fn common(service: &Service, order: &RewriteOrder, tenant: &str) -> Sha256 {
    let RewriteOrder {
        bullets: _, // each is a question of its own
        guide,
        role: Role { title, current },
        job_description,
        variants,
        max_chars,
        engine: _, // whoever wants a model's answer and whoever takes any are told the same of it
        prompt,
        cache: _, // only `use` comes here
    } = order;
    let mut digest = Sha256::new();
    for part in [service.parts.cache.scope(tenant), guide.id(), &prompt.prompt_ref().to_string(), prompt.sha256()] {
        add(&mut digest, part);
    }
    add_optional(&mut digest, title.as_deref());
    add_optional(&mut digest, job_description.as_ref().map(JobText::as_str));
    digest.update([*variants, u8::from(current.unwrap_or_default()), u8::from(current.is_some())]);
    digest.update(max_chars.to_be_bytes());
    digest
}

/// The question about one bullet; its place in the order is told, too.
fn question(common: &Sha256, index: usize, bullet: &BulletOrder) -> Question {
    let BulletOrder { bullet, facts, skill } = bullet;
    let mut digest = common.clone();
    digest.update((index as u64).to_be_bytes());
    add(&mut digest, bullet.as_str());
    add_optional(&mut digest, skill.as_deref());
    digest.update((facts.len() as u64).to_be_bytes());
    for fact in facts {
        add(&mut digest, fact);
    }
    Question(digest.finalize().into())
}

/// Every part goes in with its length before it, so that no two questions run together.
fn add(digest: &mut Sha256, part: &str) {
    digest.update((part.len() as u64).to_be_bytes());
    digest.update(part.as_bytes());
}

fn add_optional(digest: &mut Sha256, part: Option<&str>) {
    digest.update([u8::from(part.is_some())]);
    add(digest, part.unwrap_or_default());
}
