//! Lets one request ask a model while others with the same question wait for its answer.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

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
    /// How many answers were put away by those who stood here.
    answers: AtomicU64,
}

/// The right to ask one question; held until the answer is put away. When its holder is dropped, the next one in line asks.
#[derive(Debug)]
pub(super) struct Turn {
    gate: Arc<Gate>,
    answers_before: u64,
    _guard: OwnedMutexGuard<()>,
}

impl Turn {
    /// Whether an answer was put away while this turn was waited for. One that only read or failed before us gave none.
    pub(super) fn is_answered(&self) -> bool {
        self.gate.answers.load(Ordering::Relaxed) != self.answers_before
    }

    /// Tells those who wait that an answer was put away.
    pub(super) fn answer(self) {
        self.gate.answers.fetch_add(1, Ordering::Relaxed);
    }
}

impl Flights {
    /// Waits for the turn to ask this question.
    pub(super) async fn turn(&self, key: &CacheKey) -> Turn {
        let gate = self.gate(key);
        let answers_before = gate.answers.load(Ordering::Relaxed);
        let guard = Arc::clone(&gate.turn).lock_owned().await;
        Turn { gate, answers_before, _guard: guard }
    }

    fn gate(&self, key: &CacheKey) -> Arc<Gate> {
        // Nothing panics while the map is locked, so a poisoned one is whole.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, gate| gate.strong_count() > 0);
        if let Some(gate) = open.get(key).and_then(Weak::upgrade) {
            return gate;
        }
        let gate = Arc::new(Gate::default());
        open.insert(key.clone(), Arc::downgrade(&gate));
        gate
    }
}
