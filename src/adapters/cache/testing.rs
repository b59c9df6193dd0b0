//! What the tests of the caches share: a key, and time that stands still.

use std::time::Duration;

use crate::domain::request::{CacheKey, ModelRequest};
use crate::ports::{BoxFuture, Clock, Timestamp};

/// The key of one question of this tenant.
pub(super) fn key(tenant: &str) -> CacheKey {
    let request = ModelRequest { messages: vec![], schema_name: "draft", schema: serde_json::json!({}), max_output_tokens: 1 }.digest();
    CacheKey::new(&"p/m".parse().expect("well formed"), &request, &"rewrite@1".parse().expect("well formed"), "sha", "rules", tenant)
}

/// The wall clock of [`StillClock`].
pub(super) const NOW: Timestamp = Timestamp(1_793_954_977_000_000);

/// Time that stands still.
#[derive(Debug)]
pub(super) struct StillClock;

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        NOW
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
}
