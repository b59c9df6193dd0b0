//! The binary: parses, runs, and gives the exit code back.

use std::process::ExitCode;

use bulletsmith::cli::{self, Printer};
use bulletsmith::config::Environment;

/// A hit of the cache is mostly small allocations: with this one it costs a sixth less, see `docs/load-test.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(std::env::args_os(), &Environment::of_process(), &Printer::of_process()).into()
}
