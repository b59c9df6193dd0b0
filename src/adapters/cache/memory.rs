//! Keeps checked replies in the memory of this process; a restart forgets them.

use std::fmt;
use std::time::Duration;

use moka::future::Cache;

use crate::domain::request::CacheKey;
use crate::ports::{BoxFuture, CachedReply, ReplyCache};

/// Moka refuses a longer life than a thousand years by a panic.
const LONGEST_LIFE: Duration = Duration::from_hours(1_000 * 365 * 24);

/// A bounded cache in memory.
pub struct Memory {
    entries: Cache<CacheKey, CachedReply>,
}

impl Memory {
    /// Keeps at most this many replies, each for at most this long after it was put away.
    pub fn new(capacity: u64, time_to_live: Duration) -> Self {
        Self { entries: Cache::builder().max_capacity(capacity).time_to_live(time_to_live.min(LONGEST_LIFE)).build() }
    }
}

/// Never shows the replies: they hold the user's text.
impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("entries", &self.entries.entry_count()).finish()
    }
}

impl ReplyCache for Memory {
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Option<CachedReply>> {
        Box::pin(self.entries.get(key))
    }

    fn put(&self, key: CacheKey, reply: CachedReply) -> BoxFuture<'_, ()> {
        Box::pin(self.entries.insert(key, reply))
    }
}

#[cfg(test)]
mod tests {
    use super::super::none::NoCache;
    use super::*;
    use crate::domain::request::ModelRequest;

    fn key(tenant: &str) -> CacheKey {
        let request = ModelRequest { messages: vec![], schema_name: "draft", schema: serde_json::json!({}), max_output_tokens: 1 };
        CacheKey::new(&"p/m".parse().expect("well formed"), &request, &"rewrite@1".parse().expect("well formed"), "sha", "rules", tenant)
    }

    fn reply() -> CachedReply {
        CachedReply { text: "Cut build time by 40%".to_owned(), served_model: Some("m-1".to_owned()) }
    }

    async fn found(cache: &dyn ReplyCache) -> Option<CachedReply> {
        cache.put(key("one"), reply()).await;
        assert_eq!(cache.get(&key("two")).await, None, "another key finds nothing");
        cache.get(&key("one")).await
    }

    #[tokio::test]
    async fn what_was_put_away_is_found_under_its_own_key_alone() {
        assert_eq!(found(&Memory::new(10, Duration::MAX)).await, Some(reply()));
    }

    #[tokio::test]
    async fn no_cache_and_a_life_of_no_time_find_nothing() {
        assert_eq!(found(&NoCache).await, None);
        assert_eq!(found(&Memory::new(10, Duration::ZERO)).await, None);
    }

    #[tokio::test]
    async fn replies_do_not_stand_in_a_debug_print() {
        let cache = Memory::new(10, Duration::from_mins(1));
        cache.put(key("one"), reply()).await;
        assert!(!format!("{cache:?}").contains("build time"));
    }
}
