//! Lets one request ask a model while others with the same question wait for what comes of it, be it an answer or a failure.
//!
//! A leader that is cancelled, or whose own time is up, says nothing of the model: then the next one in line asks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use super::failure::Failure;
use crate::domain::request::CacheKey;

/// The questions that are being asked right now.
#[derive(Debug, Default)]
pub(super) struct Flights {
    open: Mutex<HashMap<CacheKey, Weak<Gate>>>,
}

/// Where those stand who have the same question.
#[derive(Debug, Default)]
struct Gate {
    turn: Arc<AsyncMutex<()>>,
    told: Mutex<Told>,
}

/// What came of the question, for those who have waited for it.
#[derive(Debug, Default)]
struct Told {
    /// How often something came of it.
    times: u64,
    /// Why no answer came the last time; `None`: an answer was put away.
    failure: Option<Arc<Failure>>,
}

/// What came of the question while a turn was waited for.
#[derive(Debug)]
pub(super) enum News {
    /// Nothing.
    Nothing,
    /// An answer was put away.
    Answer,
    /// The model failed.
    Failure(Arc<Failure>),
}

/// The right to ask one question; held until its end is told. When its holder is dropped, the next one in line asks.
#[derive(Debug)]
pub(super) struct Turn {
    gate: Arc<Gate>,
    before: u64,
    _guard: OwnedMutexGuard<()>,
}

impl Turn {
    /// What came of the question while this turn was waited for. One who only read, or went away, tells nothing.
    pub(super) fn news(&self) -> News {
        let told = self.gate.told();
        match &told.failure {
            _ if told.times == self.before => News::Nothing,
            None => News::Answer,
            Some(failure) => News::Failure(Arc::clone(failure)),
        }
    }

    /// Tells those who wait that an answer was put away.
    pub(super) fn answer(self) {
        self.tell(None);
    }

    /// Tells those who wait that the model failed.
    pub(super) fn fail(self, failure: Arc<Failure>) {
        self.tell(Some(failure));
    }

    fn tell(self, failure: Option<Arc<Failure>>) {
        let mut told = self.gate.told();
        *told = Told { times: told.times + 1, failure };
    }
}

impl Gate {
    fn told(&self) -> MutexGuard<'_, Told> {
        // Nothing panics while this is locked, so a poisoned one is whole.
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flights {
    /// Waits for the turn to ask this question.
    pub(super) async fn turn(&self, key: &CacheKey) -> Turn {
        let gate = self.gate(key);
        let before = gate.told().times;
        let guard = Arc::clone(&gate.turn).lock_owned().await;
        Turn { gate, before, _guard: guard }
    }

    /// The turn to ask this question, unless somebody else has it.
    pub(super) fn free_turn(&self, key: &CacheKey) -> Option<Turn> {
        let gate = self.gate(key);
        let before = gate.told().times;
        let guard = Arc::clone(&gate.turn).try_lock_owned().ok()?;
        Some(Turn { gate, before, _guard: guard })
    }

    fn gate(&self, key: &CacheKey) -> Arc<Gate> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = open.get(key).and_then(Weak::upgrade) {
            return gate;
        }
        // Swept when it has grown, not at each question: with hundreds in flight a sweep is no small matter.
        if open.len() == open.capacity() {
            open.retain(|_, gate| gate.strong_count() > 0);
        }
        let gate = Arc::new(Gate::default());
        open.insert(key.clone(), Arc::downgrade(&gate));
        gate
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;
    use crate::domain::request::ModelRequest;

    fn key(tenant: &str) -> CacheKey {
        let request = ModelRequest { messages: vec![], schema_name: "draft", schema: serde_json::json!({}), max_output_tokens: 1 };
        CacheKey::new(&"p/m".parse().expect("well formed"), &request, &"rewrite@1".parse().expect("well formed"), "sha", "rules", tenant)
    }

    /// What the second in line hears when the first ends its turn so.
    async fn heard(end: impl FnOnce(Turn)) -> News {
        let (flights, one) = (Flights::default(), key("one"));
        let leader = flights.turn(&one).await;
        let mut waiter = Box::pin(flights.turn(&one));
        assert!(poll!(waiter.as_mut()).is_pending(), "one asks");
        assert!(matches!(flights.turn(&key("two")).await.news(), News::Nothing), "another question is not held up");
        end(leader);
        waiter.await.news()
    }

    #[tokio::test]
    async fn those_who_wait_hear_what_came_of_it_and_nothing_of_one_who_went_away() {
        assert!(matches!(heard(Turn::answer).await, News::Answer));
        assert!(matches!(heard(|turn| turn.fail(Arc::new(Failure::NoModel))).await, News::Failure(_)));
        assert!(matches!(heard(drop).await, News::Nothing));
    }

    #[tokio::test]
    async fn a_turn_is_free_while_nobody_has_it() {
        let (flights, one) = (Flights::default(), key("one"));
        let leader = flights.free_turn(&one).expect("nobody asks");
        assert!(flights.free_turn(&one).is_none() && flights.free_turn(&key("two")).is_some());
        drop(leader);
        assert!(flights.free_turn(&one).is_some());
    }

    #[tokio::test]
    async fn a_failure_is_no_news_for_one_who_comes_later() {
        let (flights, one) = (Flights::default(), key("one"));
        let leader = flights.turn(&one).await;
        let mut waiter = Box::pin(flights.turn(&one));
        assert!(poll!(waiter.as_mut()).is_pending());
        leader.fail(Arc::new(Failure::NoModel));
        let mut late = Box::pin(flights.turn(&one));
        assert!(poll!(late.as_mut()).is_pending());
        drop(waiter.await);
        assert!(matches!(late.await.news(), News::Nothing));
    }

    #[tokio::test]
    async fn questions_that_nobody_asks_any_more_are_forgotten() {
        let flights = Flights::default();
        for number in 0..10_000 {
            drop(flights.turn(&key(&number.to_string())).await);
        }
        assert!(flights.open.lock().expect("whole").len() < 100);
    }
}
