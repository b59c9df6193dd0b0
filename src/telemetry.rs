//! Logs: one line an event on stderr, for whoever runs bulletsmith.
//!
//! Text of users, prompts, replies and keys are never logged, at any level.

use tracing::Level;
use tracing_subscriber::fmt;

/// Sends warnings and errors to stderr. A second call changes nothing.
pub fn start() {
    let subscriber = fmt().with_max_level(Level::WARN).with_writer(std::io::stderr).with_target(false).with_ansi(false);
    if tracing::subscriber::set_global_default(subscriber.finish()).is_err() {
        tracing::debug!("logs were started before");
    }
}
