//! `bulletsmith migrate`: brings the ledger to today's shape, before a service does so at its first call.

use super::session::Session;
use super::stop::{Exit, Stop};
use crate::app;

/// Bring the ledger to the shape that this version needs; make it, if it is not there
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Also take away what only the version before needs; when none of its processes runs any more
    #[arg(long)]
    contract: bool,
}

pub(super) async fn run(&Args { contract }: &Args, session: &Session<'_>) -> Result<Exit, Stop> {
    session.refuse_server("migrate")?;
    let config = session.config()?;
    if contract {
        app::contract(&config).await?;
    } else {
        app::migrate(&config).await?;
    }
    session.printer().data(&format!("ok ledger   {}", config.ledger))?;
    Ok(Exit::Done)
}
