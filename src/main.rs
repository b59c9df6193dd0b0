//! The binary: parses, runs, and gives the exit code back.

use std::process::ExitCode;

use bulletsmith::cli::{self, Printer};
use bulletsmith::config::Environment;

fn main() -> ExitCode {
    cli::run(std::env::args_os(), &Environment::of_process(), &Printer::of_process()).into()
}
