//! Lets one request ask a model while others with the same question wait for its answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::domain::request::CacheKey;

/// The questions that are being asked right now.
#[derive(Debug, Default)]
pub(super) struct Flights {
    open: Mutex<HashMap<CacheKey, Weak<AsyncMutex<()>>>>,
}

/// The right to ask one question; held until the answer is put away. When its holder is dropped, the next one in line asks.
#[derive(Debug)]
pub(super) struct Turn {
    /// Whether somebody else held the turn before.
    pub(super) waited: bool,
    _guard: OwnedMutexGuard<()>,
}

impl Flights {
    /// Waits for the turn to ask this question.
    pub(super) async fn turn(&self, key: &CacheKey) -> Turn {
        let gate = self.gate(key);
        match Arc::clone(&gate).try_lock_owned() {
            Ok(guard) => Turn { waited: false, _guard: guard },
            Err(_) => Turn { waited: true, _guard: gate.lock_owned().await },
        }
    }

    fn gate(&self, key: &CacheKey) -> Arc<AsyncMutex<()>> {
        // Nothing panics while the map is locked, so a poisoned one is whole.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, gate| gate.strong_count() > 0);
        if let Some(gate) = open.get(key).and_then(Weak::upgrade) {
            return gate;
        }
        let gate = Arc::new(AsyncMutex::new(()));
        open.insert(key.clone(), Arc::downgrade(&gate));
        gate
    }
}
