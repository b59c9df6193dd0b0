//! Redis killed and started again in mid-load: every request is answered, the calls are counted, and the replicas share again afterwards.

use std::sync::Arc;
use std::time::Duration;

use bulletsmith::adapters::cache::memory::Memory;
use bulletsmith::adapters::cache::redis::Redis;
use bulletsmith::adapters::cache::tiered::Tiered;
use bulletsmith::adapters::clock::SystemClock;
use bulletsmith::domain::cost::PicoUsd;
use bulletsmith::ports::{CachedReply, Clock as _, ReplyCache as _};
use futures_util::future::join_all;

use super::{made, order};
use crate::harness::redis::{OwnRedis, adapter, new_key};
use crate::harness::{Api, Setup, StubModel};

const HOUR: Duration = Duration::from_hours(1);

fn bullet(number: usize) -> String {
    format!("Built REST APIs for the mobile and web clients of team {number}.")
}

/// A replica with a memory of its own in front of this Redis.
fn replica(url: &str, model: &Arc<StubModel>) -> (Api<SystemClock>, Arc<Redis>) {
    let redis = adapter(url);
    let clock = Arc::new(SystemClock::new());
    let memory = Arc::new(Memory::new(1 << 20, HOUR, None));
    let replies = Tiered::new(memory, Arc::clone(&redis) as _, HOUR, Arc::clone(&clock) as _);
    let chain = Setup::free(vec![Arc::clone(model) as _]).chain;
    let setup = Setup { chain, clock, replies: Some(Arc::new(replies)), leases: Some(Arc::clone(&redis) as _), ..Setup::default() };
    (Api::new(setup), redis)
}

/// Asks both replicas for these bullets at the same time; every answer must be good. Says how many calls that took.
async fn load(replicas: &[&Api<SystemClock>; 2], model: &StubModel, numbers: std::ops::Range<usize>) -> usize {
    let before = model.asked().len();
    let answers = join_all(
        numbers
            .flat_map(|number| replicas.map(|replica| (replica, number)))
            .map(|(replica, number)| async move { made(&replica.rewrite(order(&bullet(number))).await) }),
    )
    .await;
    let calls = model.asked().len() - before;
    let attempts: u64 = answers.iter().map(|(_, attempts)| attempts).sum();
    assert_eq!(attempts, calls as u64, "every call is somebody's");
    calls
}

/// Waits until a replica has found Redis again, which it leaves alone for a second after trouble.
async fn back(redis: &Redis) {
    let (clock, key) = (SystemClock::new(), new_key());
    let kept = CachedReply { text: "a".to_owned(), served_model: None, cost: PicoUsd::ZERO, kept_at: clock.now(), judgement: None };
    while redis.get(&key).await.is_none() {
        assert!(clock.elapsed() < Duration::from_secs(10), "the way to Redis does not come back");
        redis.put(key, kept.clone()).await;
        clock.sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_is_answered_while_redis_is_killed_and_started_again() {
    let Some(mut server) = OwnRedis::start().await else { return };
    let model = StubModel::echo();
    let ((one, first), (two, second)) = (replica(&server.url(), &model), replica(&server.url(), &model));
    let replicas = [&one, &two];

    assert_eq!(load(&replicas, &model, 0..20).await, 20, "each question once over both replicas");
    assert_eq!(load(&replicas, &model, 0..20).await, 0, "all of it is kept");

    // Killed while the load runs: what is in the air at that moment is answered like all else.
    let (during, ()) = tokio::join!(load(&replicas, &model, 20..60), async {
        one.clock.sleep(Duration::from_millis(30)).await;
        server.kill();
    });
    assert!((40..=80).contains(&during), "at most once for each replica: {during}");

    let down = load(&replicas, &model, 60..80).await;
    assert_eq!(down, 40, "without Redis each replica asks for itself");
    assert_eq!(load(&replicas, &model, 60..80).await, 0, "and keeps it in its memory");

    let (during, ()) = tokio::join!(load(&replicas, &model, 80..120), server.revive());
    assert!((40..=80).contains(&during), "{during}");
    back(&first).await;
    back(&second).await;
    assert_eq!(load(&replicas, &model, 120..140).await, 20, "they share again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_starts_while_redis_is_down_and_finds_it_later() {
    let Some(mut server) = OwnRedis::start().await else { return };
    server.kill();
    let redis = adapter(&server.url());
    assert_eq!(redis.get(&new_key()).await, None);
    server.revive().await;
    back(&redis).await;
}
