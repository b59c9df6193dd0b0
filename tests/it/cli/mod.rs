//! The real binary, from its arguments to its exit code: 0 answered, 1 the input was at fault, 2 we were.

use std::process::{Command, Output};

mod answers;
mod config;
mod guides;
mod jsonl;
mod serve;

/// One run in the folder of the crate, where the fixtures are, with an empty environment.
pub(crate) fn bulletsmith(args: &[&str]) -> Output {
    let home = tempfile::TempDir::new().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bulletsmith"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR")).env_clear().env("HOME", home.path());
    command.output().expect("the binary runs")
}
