//! Two replicas in virtual time: one asks, the other follows, and a lease that is lost costs one more call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulletsmith::adapters::cache::memory::Memory;
use bulletsmith::domain::request::CacheKey;
use bulletsmith::ports::{BoxFuture, Clock, Lead, Leases, ModelError};
use bulletsmith::service::CallLimits;
use futures_util::future::join_all;
use uuid::Uuid;

use super::{made, order};
use crate::harness::{Api, FakeProvider, FakeWire, Faults, Say, Setup, StubModel, VirtualClock, bullet_of, draft};

const BULLET: &str = "Built REST APIs for the mobile and web clients.";
const LATENCY: Duration = Duration::from_secs(12);

/// Leases that both replicas see.
#[derive(Debug)]
struct SharedLeases {
    clock: Arc<VirtualClock>,
    held: Mutex<HashMap<CacheKey, (Uuid, Duration)>>,
}

impl SharedLeases {
    fn new(clock: &Arc<VirtualClock>) -> Arc<Self> {
        Arc::new(Self { clock: Arc::clone(clock), held: Mutex::default() })
    }

    /// Does something to the lease of a question that this owner still has; says whether it has.
    fn of(&self, key: &CacheKey, owner: Uuid, act: impl FnOnce(&mut (Uuid, Duration))) -> bool {
        let mut held = self.held.lock().expect("not poisoned");
        let ours = held.get_mut(key).filter(|(holder, until)| *holder == owner && self.clock.elapsed() < *until);
        ours.map(act).is_some()
    }

    /// Another replica that says nothing more has all leases, for this long.
    fn steal(&self, life: Duration) {
        let until = self.clock.elapsed() + life;
        self.held.lock().expect("not poisoned").values_mut().for_each(|lease| *lease = (Uuid::nil(), until));
    }
}

impl Leases for SharedLeases {
    fn take<'a>(&'a self, key: &'a CacheKey, owner: Uuid, life: Duration) -> BoxFuture<'a, Lead> {
        Box::pin(async move {
            let now = self.clock.elapsed();
            let mut held = self.held.lock().expect("not poisoned");
            if held.get(key).is_some_and(|(_, until)| now < *until) {
                return Lead::Theirs;
            }
            held.insert(*key, (owner, now + life));
            Lead::Ours
        })
    }

    fn renew<'a>(&'a self, key: &'a CacheKey, owner: Uuid, life: Duration) -> BoxFuture<'a, bool> {
        let until = self.clock.elapsed() + life;
        Box::pin(async move { self.of(key, owner, |held| *held = (owner, until)) })
    }

    fn give_back<'a>(&'a self, key: &'a CacheKey, owner: Uuid) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            // Ended, which is as good as gone.
            self.of(key, owner, |(_, until)| *until = Duration::ZERO);
        })
    }
}

/// Two replicas that share a cache and the leases.
struct Pair {
    replicas: [Api<VirtualClock>; 2],
    leases: Arc<SharedLeases>,
    clock: Arc<VirtualClock>,
}

impl Pair {
    fn of(model: impl Fn(&Arc<VirtualClock>) -> Arc<dyn bulletsmith::ports::ChatModel>) -> Self {
        let clock = Arc::new(VirtualClock::default());
        let leases = SharedLeases::new(&clock);
        let replies = Arc::new(Memory::new(1 << 20, Duration::from_hours(1), None));
        let replicas = [(); 2].map(|()| {
            Api::new(Setup {
                replies: Some(Arc::clone(&replies) as _),
                leases: Some(Arc::clone(&leases) as _),
                ..Setup::timed(vec![model(&clock)], &clock, CallLimits::default())
            })
        });
        Self { replicas, leases, clock }
    }

    /// Two replicas at a provider that takes longer for an answer than a lease lives.
    fn slow() -> (Self, Arc<FakeProvider>) {
        let provider = Arc::new(FakeProvider::new(1, Faults::default(), LATENCY));
        (Self::of(|clock| FakeWire::model("fake/one", &provider, clock)), provider)
    }

    /// Asks a replica, after this long.
    async fn ask(&self, replica: usize, after: Duration) -> crate::harness::Answer {
        self.clock.sleep(after).await;
        self.replicas[replica].rewrite(order(BULLET)).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_identical_requests_at_two_replicas_make_one_call() {
    let (pair, provider) = Pair::slow();
    let answers = join_all((0..1_000).map(|number| pair.ask(number % 2, Duration::from_millis(number as u64)))).await;
    let made: Vec<_> = answers.iter().map(made).collect();
    assert_eq!(provider.counts().attempts, 1, "longer than a lease lives, so it was renewed");
    let count = |cache: &str, attempts| made.iter().filter(|made| **made == (cache.to_owned(), attempts)).count();
    assert_eq!((count("miss", 1), count("shared", 0)), (1, 999));
    assert!(pair.leases.held.lock().expect("not poisoned").values().all(|(_, until)| until.is_zero()), "given back");
    assert!(pair.clock.elapsed() < LATENCY + Duration::from_millis(500), "who follows looks often");
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_lost_costs_one_more_call_and_no_wrong_answer() {
    let (pair, provider) = Pair::slow();
    let steal = async {
        pair.clock.sleep(Duration::from_secs(2)).await;
        pair.leases.steal(Duration::ZERO);
    };
    let (first, second, ()) = tokio::join!(pair.ask(0, Duration::ZERO), pair.ask(1, Duration::from_secs(1)), steal);
    assert_eq!((made(&first), made(&second)), (("miss".to_owned(), 1), ("miss".to_owned(), 1)));
    assert_eq!(first.json()["results"][0]["variants"], second.json()["results"][0]["variants"]);
    assert_eq!(provider.counts().attempts, 2);
}

#[tokio::test(start_paused = true)]
async fn after_a_replica_that_died_another_asks_as_soon_as_its_lease_ends() {
    let (pair, provider) = Pair::slow();
    let first = pair.ask(0, Duration::ZERO);
    let died = async {
        tokio::select! {
            biased;
            _ = first => panic!("it takes twelve seconds"),
            () = pair.clock.sleep(Duration::from_secs(1)) => {}
        }
        // What dies tells nothing: no renewal, nothing given back, no answer.
        pair.leases.steal(Duration::from_secs(4));
    };
    let ((), second) = tokio::join!(died, pair.ask(1, Duration::from_millis(500)));
    assert_eq!((made(&second), provider.counts().attempts), (("miss".to_owned(), 1), 2));
    assert!(pair.clock.elapsed() < Duration::from_secs(6) + LATENCY, "{:?}", pair.clock.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_fails_gives_the_lead_to_the_next() {
    let model = StubModel::new(|call, request| match call {
        0 => Say::Fail(ModelError::Refused { reason: "refusal".to_owned(), served: Box::default() }),
        _ => Say::Text(draft(bullet_of(request).trim_end_matches('.'))),
    });
    let pair = Pair::of(|_| model.clone());
    let (one, other) = tokio::join!(pair.ask(0, Duration::ZERO), pair.ask(1, Duration::ZERO));
    // Which of them is the first is not said.
    let (refused, answered) = if one.status == 200 { (other, one) } else { (one, other) };
    assert_eq!((refused.problem().1.as_str(), made(&answered)), ("provider_refused", ("miss".to_owned(), 1)));
}

#[tokio::test(start_paused = true)]
async fn who_follows_waits_no_longer_than_its_deadline_and_not_for_a_client_that_has_gone() {
    let model = StubModel::new(|_, _| Say::Nothing);
    let pair = Pair::of(|_| model.clone());
    let leader = pair.ask(0, Duration::ZERO);
    let hung_up = async {
        tokio::select! {
            biased;
            _ = pair.ask(1, Duration::from_secs(1)) => panic!("nobody answers"),
            () = pair.clock.sleep(Duration::from_secs(2)) => {}
        }
        pair.replicas[1].service.settle(Duration::from_secs(1)).await
    };
    let endless = async {
        pair.clock.sleep(Duration::from_secs(2)).await;
        // A lease that never ends.
        pair.leases.steal(Duration::from_hours(1));
    };
    let (leader, left, ()) = tokio::join!(leader, hung_up, endless);
    assert_eq!((leader.problem(), left), ((504, "deadline_exceeded".to_owned()), 0));
    let before = pair.clock.elapsed();
    let late = pair.ask(1, Duration::ZERO).await;
    assert_eq!(late.problem(), (504, "deadline_exceeded".to_owned()));
    assert_eq!(pair.clock.elapsed().saturating_sub(before), Duration::from_mins(1), "its own deadline");
    assert!(pair.replicas[1].ledger.rows().is_empty(), "who follows asks nothing");
}
