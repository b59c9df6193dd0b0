//! Answers that were told before: what a hit of the cache came to is remembered beside the reply that it was made of.
//!
//! To judge a text is to compute, and the same texts come to the same for as long as this process runs, which has one lexicon and one set of guides.
//! So a verdict may be remembered, with all that it is about: it is used again only while the cache holds that very reply, byte for byte, for the
//! same question. Any other reply is read and judged like the first.

use std::fmt;
use std::sync::Arc;

use moka::future::Cache;
use sha2::{Digest as _, Sha256};

use crate::contract::rewrite::{BulletResult, CacheUse, EngineChoice, Role};
use crate::domain::cost::{Day, PicoUsd};
use crate::domain::request::{CacheKey, ModelId};
use crate::domain::usage::{HitKind, Hits};
use crate::ports::CachedReply;
use crate::service::intake::{BulletOrder, RewriteOrder};
use crate::service::{Caller, Service};

/// What an entry takes beside its texts: the question, the books about it, and what the allocator adds to each of its many small parts.
const OVERHEAD: usize = 1_024;

/// What is remembered, within a number of bytes.
pub(in crate::service) struct Recall {
    answers: Cache<Question, Arc<Remembered>>,
}

/// Everything of an order that decides what is told of one of its bullets, and whose reply may be used for it.
type Question = [u8; 32];

/// What was told of a bullet, and of which reply it was made.
struct Remembered {
    found: Found,
    result: BulletResult,
}

/// A reply that the cache holds, and where.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) key: CacheKey,
    /// The model that had been asked for it.
    pub(super) link: ModelId,
    pub(super) reply: CachedReply,
}

impl Recall {
    /// Remembers within about this many bytes; 0 remembers nothing.
    pub(in crate::service) fn new(bytes: usize) -> Self {
        let weight = |_: &Question, remembered: &Arc<Remembered>| u32::try_from(remembered.weight()).unwrap_or(u32::MAX);
        Self { answers: Cache::builder().max_capacity(bytes as u64).weigher(weight).build() }
    }
}

/// Never shows what is remembered: it holds text of users.
impl fmt::Debug for Recall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recall").field("answers", &self.answers.entry_count()).finish()
    }
}

impl Remembered {
    /// How many bytes it takes, by the length of what is sent of it: field names there stand for the fields here.
    fn weight(&self) -> usize {
        let sent = serde_json::to_vec(&self.result).map_or(0, |sent| sent.len());
        let Found { key: _, link, reply: CachedReply { text, served_model, cost: _, kept_at: _ } } = &self.found;
        let names = link.provider().len() + link.model().len() + served_model.as_ref().map_or(0, String::capacity);
        OVERHEAD + 2 * sent + text.capacity() + names
    }
}

/// What every bullet of this order was told before, when all of them are remembered; to look the rest up costs more than it saves.
pub(super) async fn recalled(service: &Service, order: &RewriteOrder, caller: &Caller) -> Option<Vec<BulletResult>> {
    if order.cache != CacheUse::Use || order.engine == EngineChoice::Rules {
        return None;
    }
    let cache = &service.parts.cache;
    let (mut results, mut hits) = (Vec::with_capacity(order.bullets.len()), Vec::new());
    for (index, bullet) in order.bullets.iter().enumerate() {
        let remembered = service.recall.answers.get(&question(order, bullet, cache.scope(&caller.tenant))).await?;
        let Remembered { found: Found { key, link, reply }, result } = remembered.as_ref();
        let now_held = cache.replies.get(key).await?;
        if now_held != *reply || !cache.is_fresh(reply, service.parts.clock.now()) {
            return None;
        }
        hits.push((link.clone(), result.skill.as_ref().map(|skill| skill.id.clone()), reply.cost));
        results.push(BulletResult { index, ..result.clone() });
    }
    for (link, skill, saved) in hits {
        count_hit(service, order, &caller.tenant, link, skill, saved);
    }
    Some(results)
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
    let question = question(order, bullet, service.parts.cache.scope(tenant));
    service.recall.answers.insert(question, Arc::new(Remembered { found, result: result.clone() })).await;
}

/// Every part goes in with its length before it, so that no two questions run together.
fn question(order: &RewriteOrder, bullet: &BulletOrder, scope: &str) -> Question {
    let RewriteOrder {
        bullets: _, // each is a question of its own
        guide,
        role: Role { title, current },
        job_description,
        variants,
        max_chars,
        engine: _, // whoever wants a model's answer and whoever takes any are told the same of it
        prompt,
        cache: _,
    } = order;
    let BulletOrder { bullet, facts, skill } = bullet;
    let mut digest = Sha256::new();
    let mut add = |part: &str| {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    };
    for part in [scope, guide.id(), &prompt.prompt_ref().to_string(), prompt.sha256(), bullet.as_str()] {
        add(part);
    }
    for part in [title, job_description, skill] {
        add(if part.is_some() { "some" } else { "none" });
        add(part.as_deref().unwrap_or_default());
    }
    for fact in facts {
        add(fact);
    }
    digest.update([*variants, u8::from(current.unwrap_or_default()), u8::from(current.is_some())]);
    digest.update(max_chars.to_be_bytes());
    digest.finalize().into()
}
