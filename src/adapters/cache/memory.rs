//! Keeps checked replies in the memory of this process, within a number of bytes; a restart forgets them.

use std::fmt;
use std::time::Duration;

use moka::future::Cache;

use crate::domain::request::CacheKey;
use crate::ports::{BoxFuture, CachedReply, Judgement, ReplyCache};

/// Moka refuses a longer life than a thousand years by a panic.
const LONGEST_LIFE: Duration = Duration::from_hours(1_000 * 365 * 24);

/// What an entry takes beside its texts: key, reply, moka's books of it, and what the allocator adds. Measured by `tests/memory`, which fails
/// when it is too little.
const OVERHEAD: usize = 480;

/// A cache in memory that is bounded by bytes.
pub struct Memory {
    entries: Cache<CacheKey, CachedReply>,
}

impl Memory {
    /// Takes at most about this many bytes. A reply is kept for at most `keep_for` after it was put away, and for at most `time_to_idle` after it
    /// was last asked for.
    pub fn new(bytes: usize, keep_for: Duration, time_to_idle: Option<Duration>) -> Self {
        let entries = Cache::builder()
            .max_capacity(bytes as u64)
            .weigher(|_, reply| u32::try_from(weight(reply)).unwrap_or(u32::MAX))
            .time_to_live(keep_for.min(LONGEST_LIFE));
        let entries = match time_to_idle {
            Some(idle) => entries.time_to_idle(idle.min(LONGEST_LIFE)),
            None => entries,
        };
        Self { entries: entries.build() }
    }
}

/// How many bytes an entry takes.
fn weight(reply: &CachedReply) -> usize {
    let CachedReply { text, served_model, cost: _, kept_at: _ /* parts of every entry */, judgement } = reply;
    // What was reserved is taken, used or not.
    OVERHEAD + text.capacity() + served_model.as_ref().map_or(0, String::capacity) + judgement.as_ref().map_or(0, Judgement::weight)
}

/// Never shows the replies: they hold the user's text.
impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("entries", &self.entries.entry_count()).field("bytes", &self.entries.weighted_size()).finish()
    }
}

impl ReplyCache for Memory {
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Option<CachedReply>> {
        Box::pin(self.entries.get(key))
    }

    fn put(&self, key: CacheKey, mut reply: CachedReply) -> BoxFuture<'_, ()> {
        // Texts grow while they are read from the wire; here they stay for hours.
        reply.text.shrink_to_fit();
        Box::pin(self.entries.insert(key, reply))
    }
}

#[cfg(test)]
mod tests {
    use super::super::none::NoCache;
    use super::super::testing::key;
    use super::*;
    use crate::domain::cost::PicoUsd;
    use crate::ports::Timestamp;

    fn reply() -> CachedReply {
        CachedReply {
            text: "Cut build time by 40%".to_owned(),
            served_model: Some("m-1".to_owned()),
            cost: PicoUsd::ZERO,
            kept_at: Timestamp(1),
            judgement: None,
        }
    }

    async fn found(cache: &dyn ReplyCache) -> Option<CachedReply> {
        cache.put(key("one"), reply()).await;
        assert_eq!(cache.get(&key("two")).await, None, "another key finds nothing");
        cache.get(&key("one")).await
    }

    #[tokio::test]
    async fn what_was_put_away_is_found_under_its_own_key_alone() {
        assert_eq!(found(&Memory::new(1 << 20, Duration::MAX, None)).await, Some(reply()));
        assert_eq!(found(&Memory::new(1 << 20, Duration::MAX, Some(Duration::MAX))).await, Some(reply()));
    }

    #[tokio::test]
    async fn no_cache_and_a_life_of_no_time_find_nothing() {
        assert_eq!(found(&NoCache).await, None);
        assert_eq!(found(&Memory::new(1 << 20, Duration::ZERO, None)).await, None);
        assert_eq!(found(&Memory::new(1 << 20, Duration::MAX, Some(Duration::ZERO))).await, None);
    }

    #[tokio::test]
    async fn more_than_the_bytes_that_were_given_is_not_kept() {
        let memory = Memory::new(10_000, Duration::MAX, None);
        for number in 0..1_000 {
            memory.put(key(&number.to_string()), reply()).await;
        }
        memory.entries.run_pending_tasks().await;
        let (entries, bytes) = (memory.entries.entry_count(), memory.entries.weighted_size());
        assert!((5..=10_000 / OVERHEAD as u64).contains(&entries) && bytes <= 10_000, "{entries} entries, {bytes} bytes");
        let large = CachedReply { text: "a".repeat(10_000), ..reply() };
        memory.put(key("large"), large).await;
        memory.entries.run_pending_tasks().await;
        assert_eq!(memory.get(&key("large")).await, None, "larger than all of it");
    }

    #[tokio::test]
    async fn replies_do_not_stand_in_a_debug_print() {
        let cache = Memory::new(1 << 20, Duration::from_mins(1), None);
        cache.put(key("one"), reply()).await;
        assert!(!format!("{cache:?}").contains("build time"));
    }
}
