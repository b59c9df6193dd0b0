//! The Redis adapter at a real Redis: what is kept comes back, what is no reply does not, and one owner at a time has a lease.

use std::time::Duration;

use bulletsmith::domain::cost::PicoUsd;
use bulletsmith::domain::request::CacheKey;
use bulletsmith::ports::{CachedReply, Lead, Leases as _, ReplyCache as _, Timestamp};
use futures_util::future::join_all;
use redis::Connection;
use uuid::Uuid;

use crate::harness::redis::{KEEP, adapter, new_key, running};

const LIFE: Duration = Duration::from_secs(30);

fn reply(text: &str) -> CachedReply {
    CachedReply { text: text.to_owned(), served_model: Some("m-1".to_owned()), cost: PicoUsd::ZERO, kept_at: Timestamp(7), judgement: None }
}

/// A connection past the adapter.
fn beside(url: &str) -> Connection {
    redis::Client::open(url).and_then(|client| client.get_connection()).expect("it answers")
}

fn kept_at(key: &CacheKey) -> String {
    format!("bulletsmith:reply:{key}")
}

#[tokio::test]
async fn what_is_kept_comes_back_to_another_replica_and_ends_by_itself() {
    let Some(url) = running() else { return };
    let (one, other, key) = (adapter(url), adapter(url), new_key());
    assert_eq!(one.get(&key).await, None);
    one.put(key, reply("Cut \"build\" time\nby 40 %")).await;
    assert_eq!(other.get(&key).await, Some(reply("Cut \"build\" time\nby 40 %")));
    assert_eq!(other.get(&new_key()).await, None);
    let left: u64 = redis::cmd("PTTL").arg(kept_at(&key)).query(&mut beside(url)).expect("a number");
    assert!(u128::from(left) <= KEEP.as_millis() && u128::from(left) > KEEP.as_millis() / 2, "{left}");
}

#[tokio::test]
async fn a_value_that_is_no_reply_counts_as_missing_and_is_written_over() {
    let Some(url) = running() else { return };
    let (cache, key) = (adapter(url), new_key());
    let large = vec![0xff; 300_000];
    for planted in [&b"not JSON"[..], b"", b"{\"v\":1}", b"{\"v\":2,\"text\":\"a\"}", &large] {
        let () = redis::cmd("SET").arg(kept_at(&key)).arg(planted).arg("PX").arg(60_000).query(&mut beside(url)).expect("set");
        assert_eq!(cache.get(&key).await, None);
    }
    // Another kind of value altogether is refused by Redis itself.
    let list = new_key();
    let () = redis::cmd("LPUSH").arg(kept_at(&list)).arg("a").query(&mut beside(url)).expect("pushed");
    assert_eq!(cache.get(&list).await, None);
    for key in [key, list] {
        cache.put(key, reply("a")).await;
        assert_eq!(cache.get(&key).await, Some(reply("a")));
    }
}

#[tokio::test]
async fn what_is_too_large_is_not_kept() {
    let Some(url) = running() else { return };
    let (cache, key) = (adapter(url), new_key());
    cache.put(key, reply(&"a".repeat(300_000))).await;
    assert_eq!(cache.get(&key).await, None);
    let exists: bool = redis::cmd("EXISTS").arg(kept_at(&key)).query(&mut beside(url)).expect("a number");
    assert!(!exists);
}

#[tokio::test]
async fn of_a_hundred_who_want_a_lease_one_gets_it() {
    let Some(url) = running() else { return };
    let (replicas, key) = ([adapter(url), adapter(url)], new_key());
    let owners: Vec<Uuid> = (1..=100).map(Uuid::from_u128).collect();
    let leads = join_all(owners.iter().enumerate().map(|(at, owner)| replicas[at % 2].take(&key, *owner, LIFE))).await;
    let winners: Vec<_> = owners.iter().zip(&leads).filter(|(_, lead)| **lead == Lead::Ours).map(|(owner, _)| *owner).collect();
    assert_eq!(winners.len(), 1, "{leads:?}");
    assert_eq!(leads.iter().filter(|lead| **lead == Lead::Theirs).count(), 99, "{leads:?}");
    // Only its owner renews it or gives it back.
    let (winner, stranger) = (winners[0], Uuid::nil());
    assert!(replicas[0].renew(&key, winner, LIFE).await && !replicas[1].renew(&key, stranger, LIFE).await);
    replicas[1].give_back(&key, stranger).await;
    assert_eq!(replicas[1].take(&key, stranger, LIFE).await, Lead::Theirs);
    replicas[0].give_back(&key, winner).await;
    assert!(!replicas[0].renew(&key, winner, LIFE).await, "what was given back is not renewed");
    assert_eq!(replicas[1].take(&key, stranger, Duration::from_millis(1)).await, Lead::Ours);
    // It ends by itself; each look takes at least as long as the network.
    let mut looks = 0;
    while replicas[0].take(&key, winner, LIFE).await == Lead::Theirs {
        looks += 1;
        assert!(looks < 10_000, "a lease of a millisecond does not end");
    }
    replicas[0].give_back(&key, winner).await;
}
