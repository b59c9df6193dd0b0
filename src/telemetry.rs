//! Logs: one line an event on stderr, for whoever runs bulletsmith.
//!
//! Text of users, prompts, replies and keys are never logged, at any level.

use tracing::Level;
use tracing_subscriber::fmt;

/// For a service: warnings and errors go to stderr.
pub fn start_for_service() {
    start(Level::WARN);
}

/// For one command: errors alone, as its answer tells the rest.
pub fn start_for_command() {
    start(Level::ERROR);
}

fn start(level: Level) {
    let subscriber = fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false).with_ansi(false);
    if tracing::subscriber::set_global_default(subscriber.finish()).is_err() {
        tracing::debug!("logs were started before");
    }
}
