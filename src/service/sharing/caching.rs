//! Where replies are kept, how long they are good, and whose they are.

use std::sync::Arc;
use std::time::Duration;

use crate::ports::{CachedReply, Leases, ReplyCache, Timestamp};

/// What a service keeps replies by.
#[derive(Debug, Clone)]
pub struct Caching {
    /// Keeps them.
    pub replies: Arc<dyn ReplyCache>,
    /// Lets one of several replicas ask.
    pub leases: Arc<dyn Leases>,
    /// How many bytes of what replies came to are remembered beside them, so that a hit need not be judged twice; 0 remembers nothing.
    pub recall: usize,
    /// How long a reply is used without asking a model.
    pub fresh_for: Duration,
    /// How long after that it may still be used when no model answers.
    pub stale_for: Duration,
    /// Whether one tenant's reply serves all.
    pub is_shared: bool,
}

impl Caching {
    /// Whose entry it is, as a part of the key: nobody's in particular where all tenants share.
    pub(in crate::service) fn scope<'a>(&self, tenant: &'a str) -> &'a str {
        if self.is_shared { "" } else { tenant }
    }

    /// Whether a reply may be used without asking a model.
    pub(in crate::service) fn is_fresh(&self, reply: &CachedReply, now: Timestamp) -> bool {
        reply.age(now) < self.fresh_for
    }

    /// Whether a reply may be used at all.
    pub(in crate::service) fn is_usable(&self, reply: &CachedReply, now: Timestamp) -> bool {
        reply.age(now) < self.fresh_for.saturating_add(self.stale_for)
    }
}
