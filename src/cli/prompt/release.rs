//! `bulletsmith prompt release`: freezes a prompt version by writing its hash into `released.lock`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::session::Session;
use crate::cli::stop::{Exit, Stop};
use crate::config::{self, ConfigError};
use crate::domain::prompt::{PromptFiles, PromptLibrary, PromptRef, lock_line};

const LOCK: &str = "released.lock";

/// Freeze a prompt version: from then on its files may not change
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The version, such as rewrite@1
    #[arg(value_name = "NAME@N")]
    prompt: PromptRef,
    /// The folder of the prompt versions
    #[arg(long, value_name = "DIR", default_value = "prompts")]
    dir: PathBuf,
}

pub(super) fn run(args: &Args, session: &Session<'_>) -> Result<Exit, Stop> {
    let Args { prompt, dir } = args;
    session.refuse_server("prompt release")?;
    let place = dir.display().to_string();
    let files: PromptFiles = config::read_folder(dir)?.into_iter().collect();
    // Loading refuses a version that was edited after its release.
    let library = config::parse_prompts(&place, &files)?;
    match locked(&library, prompt, files.get(LOCK).map_or("", String::as_str)) {
        Err(source) => Err(ConfigError::Prompts { place, source }.into()),
        Ok(None) => {
            session.printer().note(&format!("{prompt} is released already; nothing to do"));
            Ok(Exit::Done)
        }
        Ok(Some(lock)) => {
            replace(&dir.join(LOCK), &lock)?;
            session.printer().note(&format!("{prompt} is released; to change it, make the next version"));
            Ok(Exit::Done)
        }
    }
}

/// The lock with the version in it; `None` when it stands there already.
fn locked(library: &PromptLibrary, prompt_ref: &PromptRef, lock: &str) -> Result<Option<String>, crate::domain::prompt::PromptError> {
    let prompt = library.resolve(&prompt_ref.to_string())?;
    if prompt.is_released() {
        return Ok(None);
    }
    let header = lock.lines().take_while(|line| line.trim().is_empty() || line.starts_with('#'));
    let header = header.flat_map(|line| [line, "\n"]);
    let released = library.iter().filter(|prompt| prompt.is_released()).chain([prompt.as_ref()]);
    let sorted: BTreeMap<_, _> = released.map(|prompt| (prompt.prompt_ref().clone(), format!("{}\n", lock_line(prompt)))).collect();
    Ok(Some(header.map(str::to_owned).chain(sorted.into_values()).collect()))
}

/// Writes beside the file first, so that a reader sees the old lock or the new one, never a part.
fn replace(path: &Path, text: &str) -> Result<(), Stop> {
    let unwritable = |source| Stop::File { what: path.display().to_string(), source };
    let beside = path.with_extension("lock.new");
    let mut file = std::fs::File::create(&beside).map_err(unwritable)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(unwritable)?;
    std::fs::rename(&beside, path).map_err(unwritable)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::cli::{self, Printer};
    use crate::config::Environment;

    fn version(dir: &Path, version: u32, system: &str) {
        let folder = dir.join(format!("demo/v{version}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let manifest = "changelog = \"x\"\nmax_output_tokens = 9\nvariables = [\"card.name\", \"user.bullet\"]\n";
        for (file, text) in [("prompt.toml", manifest), ("system.j2", system), ("user.j2", "{{ user.bullet | data }}")] {
            std::fs::write(folder.join(file), text).expect("a file");
        }
    }

    fn release(dir: &Path, prompt: &str) -> (cli::Exit, String) {
        let (printer, captured) = Printer::captured();
        let args =
            ["bulletsmith", "prompt", "release", prompt, "--dir"].map(OsString::from).into_iter().chain([dir.as_os_str().to_owned()]);
        let exit = cli::run(args, &Environment::default(), &printer);
        (exit, captured.texts().1)
    }

    #[test]
    fn a_version_is_released_once_and_then_frozen() {
        let dir = tempfile::tempdir().expect("a folder");
        let dir = dir.path();
        version(dir, 1, "One {{ card.name }}");
        version(dir, 2, "Two {{ card.name }}");
        std::fs::write(dir.join(LOCK), "# Frozen versions.\n").expect("a file");
        assert_eq!(release(dir, "demo@2").0, cli::Exit::Done);
        assert_eq!(release(dir, "demo@1").0, cli::Exit::Done);
        let lock = std::fs::read_to_string(dir.join(LOCK)).expect("the lock");
        let begins: Vec<_> = lock.lines().map(|line| line.split(' ').next().unwrap_or_default()).collect();
        assert_eq!(begins, ["#", "demo@1", "demo@2"], "{lock}");

        let (exit, told) = release(dir, "demo@1");
        assert_eq!((exit, told.as_str()), (cli::Exit::Done, "demo@1 is released already; nothing to do\n"));
        version(dir, 1, "Changed {{ card.name }}");
        let (exit, told) = release(dir, "demo@1");
        assert!(exit == cli::Exit::Input && told.contains("demo@1 is released and its files have changed"), "{told}");
        assert_eq!(release(dir, "demo@9").0, cli::Exit::Input);
        assert_eq!(std::fs::read_to_string(dir.join(LOCK)).expect("the lock"), lock);
    }
}
