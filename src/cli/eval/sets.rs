//! The files of a run: sets of cases, and figures of earlier runs.

use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::cli::input::read_text;
use crate::cli::stop::Stop;
use crate::evaluation::read_set;

/// Where the sets of this product lie, seen from its repository.
const SETS: &str = "fixtures/eval";

/// A set, read and not yet taken apart.
#[derive(Debug)]
pub(super) struct SetFile {
    /// The kind, and the file without its ending: `match/tuning-01`.
    pub(super) name: String,
    /// The whole text.
    pub(super) text: String,
    file: PathBuf,
}

impl SetFile {
    /// The cases.
    pub(super) fn cases<T: DeserializeOwned>(&self) -> Result<Vec<T>, Stop> {
        read_set(&self.file.display().to_string(), &self.text).map_err(|fault| Stop::usage(fault.to_string()))
    }
}

/// The sets that were named, or else all sets of a kind.
pub(super) fn sets(named: &[PathBuf], kind: &str) -> Result<Vec<SetFile>, Stop> {
    let files = if named.is_empty() { all_of(kind)? } else { named.to_vec() };
    let set = |file: PathBuf| {
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(SetFile { name: format!("{kind}/{stem}"), text: read_text(&file)?, file })
    };
    files.into_iter().map(set).collect()
}

fn all_of(kind: &str) -> Result<Vec<PathBuf>, Stop> {
    let folder = Path::new(SETS).join(kind);
    let entries = fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(|file| file.extension().is_some_and(|ending| ending == "jsonl")).collect();
    if files.is_empty() {
        return Err(Stop::usage(format!("there is no set in {}; run it in the repository, or name one with --set", folder.display())));
    }
    files.sort();
    Ok(files)
}

/// A file of figures that an earlier run wrote by the option that `made_by` names.
pub(super) fn earlier<T: DeserializeOwned>(file: &Path, made_by: &str) -> Result<T, Stop> {
    let text = read_text(file)?;
    serde_json::from_str(&text).map_err(|error| Stop::usage(format!("{}: {error}; {made_by} makes one", file.display())))
}

/// Writes a file, with a line end at its end.
pub(super) fn write(file: &Path, text: &str) -> Result<(), Stop> {
    fs::write(file, format!("{}\n", text.trim_end())).map_err(|source| Stop::File { what: file.display().to_string(), source })
}
