//! A near cache in front of a far one: what is found far away is kept near, and what is put away is put into both.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::request::CacheKey;
use crate::ports::{BoxFuture, CachedReply, Clock, ReplyCache};

/// Two caches as one.
#[derive(Debug)]
pub struct Tiered {
    near: Arc<dyn ReplyCache>,
    far: Arc<dyn ReplyCache>,
    fresh_for: Duration,
    clock: Arc<dyn Clock>,
}

impl Tiered {
    /// A near reply older than `fresh_for` is looked for far away as well: another replica may have put a younger one there.
    pub fn new(near: Arc<dyn ReplyCache>, far: Arc<dyn ReplyCache>, fresh_for: Duration, clock: Arc<dyn Clock>) -> Self {
        Self { near, far, fresh_for, clock }
    }
}

impl ReplyCache for Tiered {
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Option<CachedReply>> {
        Box::pin(async move {
            let near = self.near.get(key).await;
            if near.as_ref().is_some_and(|reply| reply.age(self.clock.now()) < self.fresh_for) {
                return near;
            }
            let Some(far) = self.far.get(key).await else { return near };
            if near.as_ref().is_some_and(|near| near.kept_at >= far.kept_at) {
                return near;
            }
            self.near.put(*key, far.clone()).await;
            Some(far)
        })
    }

    fn put(&self, key: CacheKey, reply: CachedReply) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.near.put(key, reply.clone()).await;
            self.far.put(key, reply).await;
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::super::testing::{NOW, StillClock, key};
    use super::*;
    use crate::domain::cost::PicoUsd;
    use crate::ports::Timestamp;

    const HOUR: Duration = Duration::from_hours(1);

    fn memory() -> Arc<Memory> {
        Arc::new(Memory::new(1 << 20, HOUR, None))
    }

    fn reply(age: Duration) -> CachedReply {
        let age = i64::try_from(age.as_micros()).expect("short");
        CachedReply {
            text: format!("aged {age}"),
            served_model: None,
            cost: PicoUsd::ZERO,
            kept_at: Timestamp(NOW.0 - age),
            judgement: None,
        }
    }

    #[tokio::test]
    async fn what_is_put_away_is_in_both_and_what_is_found_far_away_is_kept_near() {
        let (near, far) = (memory(), memory());
        let tiered = Tiered::new(Arc::clone(&near) as _, Arc::clone(&far) as _, HOUR, Arc::new(StillClock));
        let kept = reply(Duration::ZERO);
        tiered.put(key("put"), kept.clone()).await;
        assert_eq!((near.get(&key("put")).await, far.get(&key("put")).await), (Some(kept.clone()), Some(kept.clone())));
        assert_eq!(tiered.get(&key("far")).await, None);
        far.put(key("far"), kept.clone()).await;
        assert_eq!((tiered.get(&key("far")).await, near.get(&key("far")).await), (Some(kept.clone()), Some(kept)));
    }

    #[tokio::test]
    async fn a_near_reply_past_its_time_gives_way_to_a_younger_one_and_to_no_older_one() {
        let [fresh, old, older] = [0, 2, 3].map(|hours| reply(HOUR * hours));
        for (near_reply, far_reply, found) in [
            (&old, Some(&fresh), &fresh),
            (&old, Some(&older), &old),
            (&older, Some(&old), &old),
            (&old, None, &old),
            (&fresh, Some(&old), &fresh),
        ] {
            let (near, far) = (memory(), memory());
            near.put(key("k"), near_reply.clone()).await;
            if let Some(reply) = far_reply {
                far.put(key("k"), reply.clone()).await;
            }
            let tiered = Tiered::new(near, far, HOUR, Arc::new(StillClock));
            assert_eq!(tiered.get(&key("k")).await.as_ref(), Some(found));
        }
    }
}
