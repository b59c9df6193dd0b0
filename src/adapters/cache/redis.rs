//! Keeps checked replies in Redis, where all replicas find them, and the leases by which one of them asks for all.
//!
//! The values hold text of users, for as long as an entry lives and no longer. Redis in trouble is a cache that finds nothing and a lease that
//! everybody has.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use redis::{Client, Cmd, ConnectionAddr};
use uuid::Uuid;

use super::link::Link;
use super::value::{self, NoReply};
use crate::domain::request::CacheKey;
use crate::ports::{BoxFuture, CachedReply, Clock, Lead, Leases, ReplyCache};

/// Redis refuses times beyond what it can add to its clock.
const LONGEST_LIFE: Duration = Duration::from_hours(100 * 365 * 24);

/// Renews a lease that its owner still has.
const RENEW: &str = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end";

/// Takes away a lease that its owner still has.
const GIVE_BACK: &str = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

/// The URL is not one of Redis. It is not repeated, for it may hold a password.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("is not the URL of a Redis; write redis://HOST:PORT, or rediss:// for TLS")]
pub struct RedisUrlError;

/// A Redis that replicas share.
#[derive(Debug)]
pub struct Redis {
    link: Link,
    keep_for: Duration,
    place: Place,
    has_met_corrupt: AtomicBool,
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    host: String,
    is_here: bool,
}

impl Redis {
    /// Connects to nothing yet, so that the service starts while Redis is down. Each entry lives for `keep_for`; a command that takes longer than
    /// `timeout` is given up.
    pub fn new(url: &str, keep_for: Duration, timeout: Duration, clock: Arc<dyn Clock>) -> Result<Self, RedisUrlError> {
        let client = Client::open(url).map_err(|_| RedisUrlError)?;
        let place = Place::of(client.get_connection_info().addr());
        let link = Link::new(client, timeout, clock);
        Ok(Self { link, keep_for: keep_for.min(LONGEST_LIFE), place, has_met_corrupt: AtomicBool::new(false) })
    }

    /// The host, without user and password, when that is not this machine.
    pub fn elsewhere(&self) -> Option<&str> {
        (!self.place.is_here).then_some(self.place.host.as_str())
    }

    async fn reply(&self, key: &CacheKey) -> Option<CachedReply> {
        let bytes: Vec<u8> = self.link.ask::<Option<Vec<u8>>>(Cmd::new().arg("GET").arg(reply_key(key))).await??;
        match value::read(&bytes) {
            Ok(reply) => Some(reply),
            Err(NoReply::OtherVersion) => None,
            Err(NoReply::Corrupt) => {
                if !self.has_met_corrupt.swap(true, Ordering::Relaxed) {
                    tracing::warn!(key = %reply_key(key), "A value in Redis is no reply; it counts as missing, and further ones are not logged");
                }
                None
            }
        }
    }
}

impl ReplyCache for Redis {
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Option<CachedReply>> {
        Box::pin(self.reply(key))
    }

    fn put(&self, key: CacheKey, reply: CachedReply) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let Some(bytes) = value::write(&reply) else { return };
            if self.keep_for.is_zero() {
                return;
            }
            let mut set = Cmd::new();
            set.arg("SET").arg(reply_key(&key)).arg(bytes).arg("PX").arg(millis(self.keep_for));
            self.link.ask::<()>(&set).await;
        })
    }
}

impl Leases for Redis {
    fn take<'a>(&'a self, key: &'a CacheKey, owner: Uuid, life: Duration) -> BoxFuture<'a, Lead> {
        Box::pin(async move {
            let mut set = Cmd::new();
            set.arg("SET").arg(lease_key(key)).arg(owner.to_string()).arg("NX").arg("PX").arg(millis(life));
            match self.link.ask::<Option<String>>(&set).await {
                Some(Some(_)) => Lead::Ours,
                Some(None) => Lead::Theirs,
                None => Lead::Alone,
            }
        })
    }

    fn renew<'a>(&'a self, key: &'a CacheKey, owner: Uuid, life: Duration) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let mut renew = Cmd::new();
            renew.arg("EVAL").arg(RENEW).arg(1).arg(lease_key(key)).arg(owner.to_string()).arg(millis(life));
            self.link.ask::<u8>(&renew).await == Some(1)
        })
    }

    fn give_back<'a>(&'a self, key: &'a CacheKey, owner: Uuid) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let mut give_back = Cmd::new();
            give_back.arg("EVAL").arg(GIVE_BACK).arg(1).arg(lease_key(key)).arg(owner.to_string());
            self.link.ask::<u8>(&give_back).await;
        })
    }
}

impl Place {
    fn of(address: &ConnectionAddr) -> Self {
        let (ConnectionAddr::Tcp(host, _) | ConnectionAddr::TcpTls { host, .. }) = address else {
            // A socket in the file system, the only kind that is left.
            return Self { host: "this machine".to_owned(), is_here: true };
        };
        let is_loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        Self { host: host.clone(), is_here: is_loopback || host == "localhost" }
    }
}

fn reply_key(key: &CacheKey) -> String {
    format!("bulletsmith:reply:{key}")
}

fn lease_key(key: &CacheKey) -> String {
    format!("bulletsmith:lease:{key}")
}

/// Redis refuses a life of no time.
fn millis(life: Duration) -> u64 {
    u64::try_from(life.as_millis()).unwrap_or(u64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::super::testing::StillClock;
    use super::*;

    fn redis(url: &str) -> Result<Redis, RedisUrlError> {
        Redis::new(url, Duration::from_mins(1), Duration::from_millis(250), Arc::new(StillClock))
    }

    #[test]
    fn a_url_that_is_none_is_refused_without_being_repeated() {
        for bad in ["", "hunter2", "http://u:hunter2@h", "redis://u:hunter2@:port"] {
            let error = redis(bad).expect_err(bad).to_string();
            assert!(error.contains("redis://HOST:PORT") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_debug_print_holds_no_password() {
        let redis = redis("redis://user:hunter2@cache.example:6380/2").expect("good");
        assert!(!format!("{redis:?}").contains("hunter2"), "{redis:?}");
        assert_eq!(redis.elsewhere(), Some("cache.example"));
    }

    #[test]
    fn loopback_is_no_other_place() {
        for (url, elsewhere) in [
            ("redis://127.0.0.1", None),
            ("redis://[::1]:7000", None),
            ("redis://localhost/1", None),
            ("rediss://10.0.0.7:6380", Some("10.0.0.7")),
        ] {
            assert_eq!(redis(url).expect(url).elsewhere(), elsewhere, "{url}");
        }
    }
}
