//! `bulletsmith config`: what is in force, and whether everything it names can be used.

use super::session::Session;
use super::stop::{Exit, Stop};
use crate::app::Tape;

/// Show or check the configuration
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Print what is in force as TOML, without secrets
    Show,
    /// Load everything the configuration names, and say what was found
    Check,
}

pub(super) fn run(command: &Command, session: &Session<'_>) -> Result<Exit, Stop> {
    session.refuse_server("config")?;
    let printer = session.printer();
    match command {
        Command::Show => printer.data(&session.config()?.to_toml().map_err(|error| Stop::Form(error.into()))?)?,
        Command::Check => {
            let (config, app) = session.app(&Tape::Off)?;
            config.check_exposure()?;
            let guides: Vec<_> = app.service.guides().iter().map(|guide| guide.id()).collect();
            let prompts: Vec<_> = app.service.prompts().iter().map(|prompt| prompt.prompt_ref().to_string()).collect();
            let models: Vec<_> = app.models.iter().map(ToString::to_string).collect();
            let chain = if models.is_empty() { "empty; the rules engine writes".to_owned() } else { models.join(", ") };
            let auth = if config.admin_key.is_some() { "callers need a key" } else { "no key, loopback only" };
            printer.data(&format!("ok server   {} ({auth})", config.address))?;
            printer.data(&format!("ok guides   {}", guides.join(", ")))?;
            printer.data(&format!("ok prompts  {}", prompts.join(", ")))?;
            printer.data(&format!("ok chain    {chain}"))?;
            printer.data(&format!("ok ledger   {}", config.ledger.display()))?;
            for notice in &app.notices {
                printer.note(notice);
            }
        }
    }
    Ok(Exit::Done)
}
