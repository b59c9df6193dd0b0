//! What answers came to, kept within a number of bytes: the memory behind `rewriter::recall`, which says when it may be used.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use serde_json::value::RawValue;

use crate::domain::request::{CacheKey, ModelId};
use crate::ports::{CachedReply, Judgement};

/// Moka refuses a longer life than a thousand years by a panic.
const LONGEST_LIFE: Duration = Duration::from_hours(1_000 * 365 * 24);

/// What an entry takes beside its texts: question, key, moka's books of them, and what the allocator adds. Measured by `tests/memory`, which fails
/// when it is too little.
const OVERHEAD: usize = 800;

/// What is remembered, within a number of bytes.
pub struct Recall {
    told: Cache<Question, Arc<Remembered>>,
}

/// A hash of everything that decides what is told of a bullet, and whose reply may be used for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Question(pub [u8; 32]);

/// What was told of a bullet, and of which reply it was made.
pub struct Remembered {
    /// The model that was asked.
    pub model: ModelId,
    /// Where the cache held the reply.
    pub key: CacheKey,
    /// The reply.
    pub reply: CachedReply,
    /// The id of the skill that the bullet was matched to.
    pub skill: Option<String>,
    /// What was told, as it was sent: to keep it so takes a fraction of the memory, and to tell it again a fraction of the time.
    pub result: Box<RawValue>,
}

impl Recall {
    /// Remembers within about this many bytes, 0 for nothing, and no longer than `keep_for`.
    pub fn new(bytes: usize, keep_for: Duration) -> Self {
        let weight = |_: &Question, remembered: &Arc<Remembered>| u32::try_from(remembered.weight()).unwrap_or(u32::MAX);
        let told = Cache::builder().max_capacity(bytes as u64).weigher(weight).time_to_live(keep_for.min(LONGEST_LIFE));
        Self { told: told.build() }
    }

    /// What was told when this was last asked, if it is remembered.
    pub async fn get(&self, question: &Question) -> Option<Arc<Remembered>> {
        self.told.get(question).await
    }

    /// Remembers what was told.
    pub async fn put(&self, question: Question, remembered: Remembered) {
        self.told.insert(question, Arc::new(remembered)).await;
    }
}

impl Remembered {
    /// How many bytes it takes.
    fn weight(&self) -> usize {
        let Self { model, key: _ /* part of every entry */, reply, skill, result } = self;
        let names = model.provider().len() + model.model().len() + skill.as_ref().map_or(0, String::capacity);
        let reply = reply.text.capacity()
            + reply.served_model.as_ref().map_or(0, String::capacity)
            + reply.judgement.as_ref().map_or(0, Judgement::weight);
        OVERHEAD + names + reply + result.get().len()
    }
}

/// Never shows what is remembered: it holds text of users.
impl fmt::Debug for Recall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recall").field("entries", &self.told.entry_count()).field("bytes", &self.told.weighted_size()).finish()
    }
}
