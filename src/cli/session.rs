//! What every command starts from: the environment, the global flags and the printer.

use std::path::PathBuf;

use secrecy::SecretString;

use super::client::Client;
use super::desk::Desk;
use super::printer::Printer;
use super::stop::Stop;
use crate::app::{self, App, Tape};
use crate::config::{Config, Environment};

/// One run of the command line.
#[derive(Debug)]
pub(super) struct Session<'a> {
    environment: &'a Environment,
    printer: &'a Printer,
    config_file: Option<PathBuf>,
    server: Option<String>,
}

impl<'a> Session<'a> {
    /// A run with these global flags.
    pub(super) const fn new(
        environment: &'a Environment,
        printer: &'a Printer,
        config_file: Option<PathBuf>,
        server: Option<String>,
    ) -> Self {
        Self { environment, printer, config_file, server }
    }

    /// Who writes.
    pub(super) const fn printer(&self) -> &'a Printer {
        self.printer
    }

    /// The configuration.
    pub(super) fn config(&self) -> Result<Config, Stop> {
        Ok(Config::load(self.config_file.as_deref(), self.environment)?)
    }

    /// The configuration with everything it names, in this process.
    pub(super) fn app(&self, tape: &Tape) -> Result<(Config, App), Stop> {
        if let Tape::Replay(dir) = tape
            && !dir.is_dir()
        {
            return Err(Stop::usage(format!("--replay {}: there is no such folder; --record makes one", dir.display())));
        }
        let config = self.config()?;
        let app = app::assemble(&config, tape)?;
        Ok((config, app))
    }

    /// The URL of the service to call, if there is one.
    fn server(&self) -> Option<&str> {
        self.server.as_deref().or_else(|| self.environment.get("BULLETSMITH_SERVER"))
    }

    /// A client of the service that is named, if one is.
    pub(super) fn client(&self) -> Result<Option<Client>, Stop> {
        let key = self.environment.get("BULLETSMITH_API_KEY").map(SecretString::from);
        Ok(self.server().map(|url| Client::new(url, key)).transpose()?)
    }

    /// Who answers: the service that is named, else this process.
    pub(super) fn desk(&self) -> Result<Desk, Stop> {
        if let Some(client) = self.client()? {
            return Ok(Desk::Remote(client));
        }
        let (config, app) = self.app(&Tape::Off)?;
        Ok(Desk::local(&config, &app))
    }

    /// Ends a command that works in this process alone, when a service was named for it.
    /// The variable is not held against it: it stands for all commands that can use it.
    pub(super) fn refuse_server(&self, command: &str) -> Result<(), Stop> {
        match self.server {
            Some(_) => Err(Stop::usage(format!("`{command}` works in this process; leave --server out"))),
            None => Ok(()),
        }
    }
}
