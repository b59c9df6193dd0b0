//! `bulletsmith migrate`: brings the ledger to today's shape, before a service does so at its first call.

use super::session::Session;
use super::stop::{Exit, Stop};
use crate::app;

/// Bring the ledger to the shape that this version needs; make it, if it is not there
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(_: &Args, session: &Session<'_>) -> Result<Exit, Stop> {
    session.refuse_server("migrate")?;
    let config = session.config()?;
    app::migrate(&config).await?;
    session.printer().data(&format!("ok ledger   {}", config.ledger))?;
    Ok(Exit::Done)
}
