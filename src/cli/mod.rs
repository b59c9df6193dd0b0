//! The command line: the same product in-process, or at a service that `--server` names.
//!
//! One file a command. Data goes to stdout, everything else to stderr, and only [`Printer`] writes to either.

mod printer;
mod stop;

mod client;
mod desk;
mod session;

mod document;
mod input;
mod jsonl;

mod check;
mod eval;
mod fill;
mod guide;
mod matches;
mod prompt;
mod rewrite;

mod usage;

mod config;
mod healthcheck;
mod migrate;
mod openapi;
mod serve;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub use self::printer::Printer;
use self::session::Session;
pub use self::stop::Exit;
use self::stop::Stop;
use crate::config::Environment;

/// Rewrites weak resume bullets into strong, honest ones.
#[derive(Debug, Parser)]
#[command(name = "bulletsmith", version, arg_required_else_help = true, max_term_width = 100)]
struct Cli {
    /// Configuration file; without it ./bulletsmith.toml, if there is one
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// URL of a service to call instead of working in this process (or `BULLETSMITH_SERVER`; its key in `BULLETSMITH_API_KEY`)
    #[arg(long, global = true, value_name = "URL")]
    server: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Args),
    Rewrite(rewrite::Args),
    Check(check::Args),
    Fill(fill::Args),
    Match(matches::Args),
    Eval(eval::Args),
    #[command(subcommand)]
    Guide(guide::Command),
    #[command(subcommand)]
    Prompt(prompt::Command),
    Usage(usage::Args),
    Openapi(openapi::Args),
    #[command(subcommand)]
    Config(config::Command),
    Healthcheck(healthcheck::Args),
    Migrate(migrate::Args),
}

/// Runs one command line.
pub fn run(args: impl IntoIterator<Item = OsString>, environment: &Environment, printer: &Printer) -> Exit {
    let ended =
        Cli::try_parse_from(args).map_err(|error| Stop::Clap(Box::new(error))).and_then(|cli| run_parsed(cli, environment, printer));
    match ended {
        Ok(exit) => exit,
        Err(stop) => {
            stop.tell(printer);
            stop.exit()
        }
    }
}

fn run_parsed(cli: Cli, environment: &Environment, printer: &Printer) -> Result<Exit, Stop> {
    let Cli { config, server, command } = cli;
    let session = Session::new(environment, printer, config, server);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Stop::Runtime)?;
    let ended = runtime.block_on(Box::pin(dispatch(command, &session)));
    // A read of stdin that nobody waits for any more must not hold the process.
    runtime.shutdown_background();
    ended
}

async fn dispatch(command: Command, session: &Session<'_>) -> Result<Exit, Stop> {
    match command {
        Command::Serve(args) => serve::run(args, session).await,
        Command::Rewrite(args) => rewrite::run(args, session).await,
        Command::Check(args) => check::run(args, session).await,
        Command::Fill(args) => fill::run(args, session).await,
        Command::Match(args) => matches::run(args, session).await,
        Command::Eval(args) => Box::pin(eval::run(args, session)).await,
        Command::Guide(command) => guide::run(command, session).await,
        Command::Prompt(command) => prompt::run(command, session).await,
        Command::Usage(args) => usage::run(args, session).await,
        Command::Openapi(args) => openapi::run(&args, session).await,
        Command::Config(command) => config::run(&command, session).await,
        Command::Healthcheck(args) => healthcheck::run(args, session).await,
        Command::Migrate(args) => migrate::run(&args, session).await,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_put_together_right() {
        Cli::command().debug_assert();
    }

    fn check(line: &str, exit: Exit, out: &str, err: &str) {
        let (printer, captured) = Printer::captured();
        let args = line.split(' ').map(OsString::from);
        let ended = run(args, &Environment::default(), &printer);
        let (stdout, stderr) = captured.texts();
        assert_eq!(ended, exit, "{line}: {stdout}{stderr}");
        assert!(stdout.contains(out) && stderr.contains(err), "{line}:\n{stdout}\n{stderr}");
        assert!(out.is_empty() == stdout.is_empty() && err.is_empty() == stderr.is_empty(), "{line}:\n{stdout}\n{stderr}");
    }

    #[test]
    fn help_and_version_are_data_and_a_wrong_word_is_the_inputs_fault() {
        check("bulletsmith --version", Exit::Done, "bulletsmith ", "");
        check("bulletsmith rewrite --help", Exit::Done, "--facts", "");
        check("bulletsmith", Exit::Input, "", "Usage");
        check("bulletsmith rewrote", Exit::Input, "", "rewrote");
        check("bulletsmith rewrite x --engine magic", Exit::Input, "", "magic");
        check("bulletsmith rewrite --config /nowhere.toml x", Exit::Input, "", "could not read /nowhere.toml");
        check("bulletsmith rewrite --server ftp://x x", Exit::Input, "", "http://");
        check("bulletsmith serve --server http://127.0.0.1:1", Exit::Input, "", "--server");
        check("bulletsmith check --server http://127.0.0.1:1 x", Exit::Ours, "", "could not reach http://127.0.0.1:1");
    }
}
