//! A line of those who want the same of a server, one after the other.
//!
//! When the server is away, the first of them waits for it in vain, and those behind have waited as long. They do not wait again: the last would
//! for longer than its call may take, and be told that the model was late.

use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;

/// The line; knows when somebody last waited for the server in vain.
#[derive(Debug, Default)]
pub(super) struct Line(Mutex<Option<Instant>>);

/// The turn of the first in the line; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Turn<'a>(MutexGuard<'a, Option<Instant>>);

impl Line {
    /// Waits for its turn, which does not come when somebody has waited for the server in vain meanwhile.
    pub(super) async fn turn(&self) -> sqlx::Result<Turn<'_>> {
        let came = Instant::now();
        let turn = self.0.lock().await;
        match *turn {
            Some(in_vain) if in_vain >= came => Err(sqlx::Error::PoolTimedOut),
            Some(_) | None => Ok(Turn(turn)),
        }
    }
}

impl Turn<'_> {
    /// Tells those who stand in the line now.
    pub(super) fn was_in_vain(&mut self) {
        *self.0 = Some(Instant::now());
    }
}
