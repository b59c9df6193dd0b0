//! A cache that keeps nothing, so that the service need not know whether there is one.

use crate::domain::request::CacheKey;
use crate::ports::{BoxFuture, CachedReply, ReplyCache};

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCache;

impl ReplyCache for NoCache {
    fn get<'a>(&'a self, _key: &'a CacheKey) -> BoxFuture<'a, Option<CachedReply>> {
        Box::pin(std::future::ready(None))
    }

    fn put(&self, _key: CacheKey, _reply: CachedReply) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
