//! Why a command ended early, what is said about it, and the exit code: 0 done, 1 the input was at fault, 2 we were.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use super::client::ClientError;
use super::printer::Printer;
use crate::app::AppError;
use crate::config::ConfigError;
use crate::contract::problem::Problem;

/// How a command ended; of several endings the highest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Answered.
    Done,
    /// Usage, configuration or input.
    Input,
    /// Provider, server or store.
    Ours,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Input => Self::from(1),
            Exit::Ours => Self::from(2),
        }
    }
}

impl Exit {
    /// Whose fault a problem is.
    pub(super) const fn of_status(status: u16) -> Self {
        match status {
            400 | 404 | 413 | 415 | 422 => Self::Input,
            _ => Self::Ours,
        }
    }
}

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stop {
    /// The arguments; also how clap asks for help to be shown.
    #[error("the arguments cannot be used")]
    Clap(#[source] Box<clap::Error>),
    /// The arguments, by a rule that clap does not know.
    #[error("{0}")]
    Usage(String),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// What the configuration names.
    #[error(transparent)]
    App(#[from] AppError),
    /// A file or stdin cannot be read.
    #[error("could not read {what}")]
    Input { what: String, source: io::Error },
    /// A file cannot be written.
    #[error("could not write {what}")]
    File { what: String, source: io::Error },
    /// The request cannot be answered.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// The service cannot be called.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The address cannot be listened on.
    #[error("could not listen on {address}")]
    Listen { address: String, source: io::Error },
    /// Nothing can be counted.
    #[error("could not begin to count")]
    Metrics(#[source] metrics_exporter_prometheus::BuildError),
    /// Listening ended.
    #[error("could not go on serving")]
    Serve(#[source] io::Error),
    /// Stdout cannot be written.
    #[error("could not write to stdout")]
    Output(#[source] io::Error),
    /// What was to be shown cannot be written as JSON or TOML.
    #[error("could not write the answer down")]
    Form(#[source] Box<dyn Error + Send + Sync>),
    /// Nothing can run here.
    #[error("could not start the runtime")]
    Runtime(#[source] io::Error),
    /// Whoever read stdout went away.
    #[error("nobody reads the output")]
    Closed,
}

impl Stop {
    /// The arguments cannot be used, for this reason.
    pub(super) fn usage(reason: impl Into<String>) -> Self {
        Self::Usage(reason.into())
    }

    /// A request cannot be answered.
    pub(super) fn problem(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }

    /// The exit code.
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Clap(error) if !error.use_stderr() => Exit::Done,
            Self::Closed => Exit::Done,
            Self::Problem(problem) => Exit::of_status(problem.status),
            Self::Config(ConfigError::Lexicon(_))
            | Self::App(AppError::Config(ConfigError::Lexicon(_)) | AppError::Client { .. } | AppError::Ledger(_) | AppError::Name(_))
            | Self::Client(ClientError::Build(_) | ClientError::Unreachable { .. } | ClientError::Foreign { .. })
            | Self::File { .. }
            | Self::Metrics(_)
            | Self::Serve(_)
            | Self::Output(_)
            | Self::Form(_)
            | Self::Runtime(_) => Exit::Ours,
            Self::Clap(_)
            | Self::Usage(_)
            | Self::Config(_)
            | Self::App(AppError::Config(_) | AppError::NothingToRecord | AppError::Recording { .. })
            | Self::Client(ClientError::Url { .. } | ClientError::Key)
            | Self::Input { .. }
            | Self::Listen { .. } => Exit::Input,
        }
    }

    /// Says it, with its causes and what to do next.
    pub(super) fn tell(&self, printer: &Printer) {
        match self {
            Self::Closed => {}
            Self::Clap(error) if !error.use_stderr() => {
                let _ = printer.data(&error.render().to_string());
            }
            Self::Clap(error) => printer.note(&error.render().to_string()),
            Self::Problem(problem) => {
                printer.note(&format!("error: {}", problem.detail));
                for error in &problem.errors {
                    printer.note(&format!("hint: {}: {}", error.pointer, error.message));
                }
                if let Some(request_id) = &problem.request_id {
                    printer.note(&format!("hint: the service logged it as request {request_id}"));
                }
            }
            Self::Usage(_)
            | Self::Config(_)
            | Self::App(_)
            | Self::Client(_)
            | Self::Input { .. }
            | Self::File { .. }
            | Self::Listen { .. }
            | Self::Metrics(_)
            | Self::Serve(_)
            | Self::Output(_)
            | Self::Form(_)
            | Self::Runtime(_) => printer.note(&format!("error: {}", with_causes(self))),
        }
    }
}

/// An error and what caused it, on one line.
fn with_causes(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", with_causes(source)),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::problem::{Code, FieldError};

    #[test]
    fn the_status_of_a_problem_says_whose_fault_it_is() {
        for code in Code::ALL {
            let inputs =
                matches!(code, Code::NotJson | Code::NotFound | Code::BodyTooLarge | Code::UnsupportedMediaType | Code::InvalidRequest);
            let exit = Stop::problem(Problem::new(code, "x")).exit();
            assert_eq!(exit, if inputs { Exit::Input } else { Exit::Ours }, "{code:?}");
        }
        assert!(Exit::Ours > Exit::Input && Exit::Input > Exit::Done);
    }

    #[test]
    fn a_problem_is_told_with_a_hint_for_every_place() {
        let (printer, captured) = Printer::captured();
        Stop::problem(Problem::invalid(vec![FieldError::new("/bullets/0", "is empty"), FieldError::new("/variants", "is 9")]))
            .tell(&printer);
        let (out, err) = captured.texts();
        assert_eq!(
            (out.as_str(), err.as_str()),
            ("", "error: 2 values cannot be used; see `errors`\nhint: /bullets/0: is empty\nhint: /variants: is 9\n")
        );
    }
}
