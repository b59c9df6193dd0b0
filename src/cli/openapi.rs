//! `bulletsmith openapi`: prints the document that describes the HTTP interface.

use super::desk::Desk;
use super::session::Session;
use super::stop::{Exit, Stop};

/// Print the OpenAPI document of the HTTP interface
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(_: &Args, session: &Session<'_>) -> Result<Exit, Stop> {
    // Needs no configuration: the document is the same for every service of this version.
    let document = Desk::openapi(session.client()?.as_ref()).await?;
    session.printer().data(&pretty(&document)?)?;
    Ok(Exit::Done)
}

/// JSON as people read it.
pub(super) fn pretty(value: &impl serde::Serialize) -> Result<String, Stop> {
    serde_json::to_string_pretty(value).map_err(|error| Stop::Form(error.into()))
}
