//! Settled attempts of a file, written by one task: those that wait at the same time share a transaction. `docs/adr/0023` says why.
//!
//! Whoever settles hands over a row and waits for word of it. To wait may be given up at any time: the row is written all the same, and no
//! transaction is left half-way, as the one who has it waits for nobody.

use std::sync::Arc;

use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::attempts::AttemptRow;
use super::posting::post_together;
use crate::ports::Source;

/// How many rows share a transaction at most, so that a hold never waits long for its turn.
const MOST: usize = 32;

/// The task that writes; it ends with the store that owns it.
#[derive(Debug)]
pub(super) struct Writer {
    /// Has no bound of its own: no more rows wait than calls are in flight, and those have their places.
    rows: mpsc::UnboundedSender<Settled>,
    _task: JoinSet<()>,
}

/// A row to be written, and whom to tell.
#[derive(Debug)]
struct Settled {
    row: AttemptRow,
    tell: oneshot::Sender<Result<(), Source>>,
}

/// Why a row was not written, together with all others of its turn.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the file could not be written")]
struct NoTurn(#[source] Arc<sqlx::Error>);

impl Writer {
    /// Begins to wait for rows.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (rows, settled) = mpsc::unbounded_channel();
        let mut task = JoinSet::new();
        task.spawn(work(pool, settled));
        Self { rows, _task: task }
    }

    /// Writes a row. From the moment this is first polled, the row is written whether or not anybody waits.
    pub(super) async fn write(&self, row: AttemptRow) -> Result<(), Source> {
        let (tell, told) = oneshot::channel();
        self.rows.send(Settled { row, tell }).map_err(|_| "nobody writes to the file any more")?;
        told.await?
    }
}

async fn work(pool: SqlitePool, mut rows: mpsc::UnboundedReceiver<Settled>) {
    let mut turn = Vec::new();
    while rows.recv_many(&mut turn, MOST).await > 0 {
        write(&pool, std::mem::take(&mut turn)).await;
    }
}

/// Writes these rows and tells everyone. Where one of them cannot be written, each is written by itself, so that it fails alone.
async fn write(pool: &SqlitePool, settled: Vec<Settled>) {
    let rows: Vec<&AttemptRow> = settled.iter().map(|settled| &settled.row).collect();
    let mut connection = match pool.acquire().await {
        Ok(connection) => connection,
        Err(error) => return all_hear(settled, error),
    };
    match post_together(&mut connection, &rows).await {
        // Each by itself would wait as long again.
        Err(error) if is_busy(&error) => all_hear(settled, error),
        Err(_) if settled.len() > 1 => {
            for settled in settled {
                let written = post_together(&mut connection, &[&settled.row]).await;
                settled.hears(written.map_err(Into::into));
            }
        }
        written => {
            let mut written = Some(written.map_err(Into::into));
            for settled in settled {
                settled.hears(written.take().unwrap_or(Ok(())));
            }
        }
    }
}

fn all_hear(settled: Vec<Settled>, error: sqlx::Error) {
    let error = NoTurn(Arc::new(error));
    for settled in settled {
        settled.hears(Err(error.clone().into()));
    }
}

/// Whether another process kept the file from being written for as long as one waits for it.
fn is_busy(error: &sqlx::Error) -> bool {
    // The primary code is in the lowest byte: 5 is SQLITE_BUSY.
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

impl Settled {
    /// Nobody may be there to hear it.
    fn hears(self, written: Result<(), Source>) {
        drop(self.tell.send(written));
    }
}
