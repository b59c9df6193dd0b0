//! The binary: parses, runs, and gives the exit code back.

use std::process::ExitCode;

use bulletsmith::cli::{self, Printer};
use bulletsmith::config::Environment;
use bulletsmith::telemetry;

fn main() -> ExitCode {
    telemetry::start();
    cli::run(std::env::args_os(), &Environment::of_process(), &Printer::of_process()).into()
}
