//! One connection to Redis, made when it is first needed and again after it broke. While Redis is in trouble it is left alone.
//!
//! Trouble is logged when it begins and when it ends, never in between, and never with the URL, which may hold a password.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisError};
use tokio::sync::Mutex as AsyncMutex;

use crate::ports::Clock;

/// How long Redis is left alone after trouble, so that its timeouts are not added to every request.
const REST: Duration = Duration::from_secs(1);

/// The way to one Redis.
pub(super) struct Link {
    client: Client,
    timeout: Duration,
    clock: Arc<dyn Clock>,
    connection: AsyncMutex<Option<MultiplexedConnection>>,
    /// Until when Redis is left alone, on [`Clock::elapsed`]; `None` while it works.
    trouble: Mutex<Option<Duration>>,
    has_refused: AtomicBool,
}

/// Nothing of the client: it holds the password.
impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("is_in_trouble", &self.trouble().is_some()).finish_non_exhaustive()
    }
}

impl Link {
    /// Connects to nothing yet; `timeout` is for one command, and for one connection as well.
    pub(super) fn new(client: Client, timeout: Duration, clock: Arc<dyn Clock>) -> Self {
        Self { client, timeout, clock, connection: AsyncMutex::default(), trouble: Mutex::default(), has_refused: AtomicBool::new(false) }
    }

    /// What Redis answers; `None` when it does not.
    pub(super) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        let mut connection = self.connection().await?;
        match command.query_async(&mut connection).await {
            Ok(answer) => {
                self.well();
                Some(answer)
            }
            Err(error) if error.is_io_error() || error.is_unrecoverable_error() => {
                // A command that was late says nothing of the connection; whatever else broke, a new one may mend.
                if !error.is_timeout() {
                    self.connection.lock().await.take();
                }
                self.ill(&error);
                None
            }
            Err(error) => {
                self.well();
                // Such as a memory limit: other commands may still work, so each is tried.
                if !self.has_refused.swap(true, Ordering::Relaxed) {
                    tracing::warn!(code = error.code().unwrap_or("unknown"), "Redis refuses a command; further refusals are not logged");
                }
                None
            }
        }
    }

    async fn connection(&self) -> Option<MultiplexedConnection> {
        let mut connection = self.connection.lock().await;
        // Asked while the lock is held, so that those who waited for a connection that failed do not try one each.
        if self.trouble().is_some_and(|until| self.clock.elapsed() < until) {
            return None;
        }
        if let Some(connection) = &*connection {
            return Some(connection.clone());
        }
        let config = AsyncConnectionConfig::new().set_connection_timeout(Some(self.timeout)).set_response_timeout(Some(self.timeout));
        match self.client.get_multiplexed_async_connection_with_config(&config).await {
            Ok(made) => {
                *connection = Some(made.clone());
                Some(made)
            }
            Err(error) => {
                self.ill(&error);
                None
            }
        }
    }

    fn trouble(&self) -> Option<Duration> {
        // Nothing panics while this is locked, so a poisoned one is whole.
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ill(&self, error: &RedisError) {
        let until = self.clock.elapsed().saturating_add(REST);
        let before = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).replace(until);
        if before.is_none() {
            tracing::warn!(cause = %error, "Redis does not answer; replies are kept in this process alone until it does");
        }
    }

    fn well(&self) {
        let before = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take();
        if before.is_some() {
            tracing::warn!("Redis answers again");
        }
    }
}
