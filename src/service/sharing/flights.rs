//! Lets one request ask a model while others with the same question wait for what comes of it, be it an answer or a failure.
//!
//! A leader that is cancelled, or whose own time is up, says nothing of the model: then the next one in line asks.
//! The answer itself is handed over, so that those who wait depend on no cache, and each of them checks it for itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::domain::request::CacheKey;
use crate::ports::CachedReply;
use crate::service::calling::failure::Failure;

/// The questions that are being asked right now.
#[derive(Debug, Default)]
pub(in crate::service) struct Flights {
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
    /// What came of it the last time.
    last: Option<Result<Arc<CachedReply>, Arc<Failure>>>,
}

/// How the wait for a turn ends.
#[derive(Debug)]
pub(in crate::service) enum Line {
    /// It is one's turn to ask.
    Turn(Turn),
    /// Another has got this answer, while one waited.
    Answer(Arc<CachedReply>),
    /// Another has found out why there is none, while one waited.
    Failure(Arc<Failure>),
}

/// The right to ask one question; held until its end is told. When its holder is dropped, the next one in line asks.
#[derive(Debug)]
pub(in crate::service) struct Turn {
    gate: Arc<Gate>,
    _guard: OwnedMutexGuard<()>,
}

impl Turn {
    /// Hands the answer to those who wait.
    pub(in crate::service) fn answer(self, reply: CachedReply) {
        self.tell(Ok(Arc::new(reply)));
    }

    /// Tells those who wait that the model failed.
    pub(in crate::service) fn fail(self, failure: Arc<Failure>) {
        self.tell(Err(failure));
    }

    fn tell(self, last: Result<Arc<CachedReply>, Arc<Failure>>) {
        let mut told = self.gate.told();
        *told = Told { times: told.times + 1, last: Some(last) };
    }
}

impl Gate {
    fn told(&self) -> MutexGuard<'_, Told> {
        // Nothing panics while this is locked, so a poisoned one is whole.
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flights {
    /// Waits for the turn to ask this question, or for what comes of it meanwhile. One who went away tells nothing.
    pub(in crate::service) async fn turn(&self, key: &CacheKey) -> Line {
        let gate = self.gate(key);
        let before = gate.told().times;
        let guard = Arc::clone(&gate.turn).lock_owned().await;
        let news = {
            let told = gate.told();
            told.last.clone().filter(|_| told.times != before)
        };
        match news {
            Some(Ok(reply)) => Line::Answer(reply),
            Some(Err(failure)) => Line::Failure(failure),
            None => Line::Turn(Turn { gate, _guard: guard }),
        }
    }

    /// The turn to ask this question, unless somebody else has it.
    pub(in crate::service) fn free_turn(&self, key: &CacheKey) -> Option<Turn> {
        let gate = self.gate(key);
        let guard = Arc::clone(&gate.turn).try_lock_owned().ok()?;
        Some(Turn { gate, _guard: guard })
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
        open.insert(*key, Arc::downgrade(&gate));
        gate
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;
    use crate::domain::cost::PicoUsd;
    use crate::domain::request::ModelRequest;
    use crate::ports::Timestamp;

    fn key(tenant: &str) -> CacheKey {
        let request = ModelRequest { messages: vec![], schema_name: "draft", schema: serde_json::json!({}), max_output_tokens: 1 }.digest();
        CacheKey::new(&"p/m".parse().expect("well formed"), &request, &"rewrite@1".parse().expect("well formed"), "sha", "rules", tenant)
    }

    fn reply() -> CachedReply {
        CachedReply { text: "an answer".to_owned(), served_model: None, cost: PicoUsd::ZERO, kept_at: Timestamp(1), judgement: None }
    }

    async fn first(flights: &Flights, key: &CacheKey) -> Turn {
        let Line::Turn(turn) = flights.turn(key).await else { panic!("nobody else asks") };
        turn
    }

    /// What the others in line hear when the first ends its turn so.
    async fn heard(end: impl FnOnce(Turn)) -> [Line; 2] {
        let (flights, one) = (Flights::default(), key("one"));
        let leader = first(&flights, &one).await;
        let mut waiters = [(); 2].map(|()| Box::pin(flights.turn(&one)));
        for waiter in &mut waiters {
            assert!(poll!(waiter.as_mut()).is_pending(), "one asks");
        }
        drop(first(&flights, &key("two")).await);
        end(leader);
        let [second, third] = waiters;
        [second.await, third.await]
    }

    #[tokio::test]
    async fn those_who_wait_hear_what_came_of_it() {
        for line in heard(|turn| turn.answer(reply())).await {
            assert!(matches!(line, Line::Answer(answer) if *answer == reply()));
        }
        for line in heard(|turn| turn.fail(Arc::new(Failure::NoModel))).await {
            assert!(matches!(line, Line::Failure(_)));
        }
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
    async fn after_one_who_went_away_the_next_in_line_asks_and_the_rest_go_on_waiting() {
        let (flights, one) = (Flights::default(), key("one"));
        let leader = first(&flights, &one).await;
        let mut waiters = [(); 2].map(|()| Box::pin(flights.turn(&one)));
        for waiter in &mut waiters {
            assert!(poll!(waiter.as_mut()).is_pending());
        }
        drop(leader);
        let [second, mut third] = waiters;
        let Line::Turn(turn) = second.await else { panic!("it is its turn") };
        assert!(poll!(third.as_mut()).is_pending());
        turn.answer(reply());
        assert!(matches!(third.await, Line::Answer(_)));
    }

    #[tokio::test]
    async fn what_came_of_it_is_no_news_for_one_who_comes_later() {
        let (flights, one) = (Flights::default(), key("one"));
        let leader = first(&flights, &one).await;
        let mut waiter = Box::pin(flights.turn(&one));
        assert!(poll!(waiter.as_mut()).is_pending());
        leader.fail(Arc::new(Failure::NoModel));
        let mut late = Box::pin(flights.turn(&one));
        assert!(poll!(late.as_mut()).is_pending());
        assert!(matches!(waiter.await, Line::Failure(_)));
        assert!(matches!(late.await, Line::Turn(_)));
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
