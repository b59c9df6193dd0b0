//! A cache that keeps nothing and leases that nobody else can hold, so that the service need not know whether there are any.

use std::time::Duration;

use uuid::Uuid;

use crate::domain::request::CacheKey;
use crate::ports::{BoxFuture, CachedReply, Lead, Leases, ReplyCache};

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

/// Knows of no other replica.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLeases;

impl Leases for NoLeases {
    fn take<'a>(&'a self, _key: &'a CacheKey, _owner: Uuid, _life: Duration) -> BoxFuture<'a, Lead> {
        Box::pin(std::future::ready(Lead::Alone))
    }

    fn renew<'a>(&'a self, _key: &'a CacheKey, _owner: Uuid, _life: Duration) -> BoxFuture<'a, bool> {
        Box::pin(std::future::ready(false))
    }

    fn give_back<'a>(&'a self, _key: &'a CacheKey, _owner: Uuid) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}
