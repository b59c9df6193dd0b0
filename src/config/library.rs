//! What bulletsmith knows: guides, prompts and words, baked in, with what the folders of the configuration add.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::{Config, ConfigError};
use crate::domain::guide::{Guide, GuideFault, Guides};
use crate::domain::lexicon::Lexicon;
use crate::domain::prompt::{PromptFiles, PromptLibrary};

static GUIDES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/guides");
static PROMPTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/prompts");

/// The word lists.
pub fn lexicon() -> Result<Lexicon, ConfigError> {
    Lexicon::embedded().map_err(ConfigError::Lexicon)
}

/// All guides; those that are baked in come first, so that the default stays the same whatever a folder adds.
pub fn guides(config: &Config, lexicon: &Lexicon) -> Result<Guides, ConfigError> {
    let mut files = embedded(&GUIDES, "toml");
    if let Some(dir) = &config.guides_dir {
        let added = read_folder(dir)?.into_iter().filter(|(path, _)| !path.contains('/'));
        let added = added.filter(|(path, _)| Path::new(path).extension().is_some_and(|extension| extension == "toml"));
        files.extend(added.map(|(path, text)| (dir.join(path).display().to_string(), text)));
    }
    let (mut guides, mut faults) = (Vec::new(), Vec::new());
    for (name, text) in files {
        match Guide::parse(&name, &text, lexicon) {
            Ok(guide) => guides.push(guide),
            Err(found) => faults.extend(found),
        }
    }
    if !faults.is_empty() {
        return Err(ConfigError::Guides { faults });
    }
    match Guides::new(guides) {
        Some(Ok(guides)) => Ok(guides),
        Some(Err(id)) => Err(ConfigError::value("guides.dir", format!("two guides have the id `{id}`; give each an id of its own"))),
        None => Err(fault("no guide is baked in")),
    }
}

fn fault(reason: &str) -> ConfigError {
    ConfigError::Guides { faults: vec![GuideFault { file: "guides".to_owned(), key: "*.toml".to_owned(), reason: reason.to_owned() }] }
}

/// All prompt versions.
pub fn prompts(config: &Config) -> Result<PromptLibrary, ConfigError> {
    let baked_in = parse_prompts("the binary", &embedded(&PROMPTS, "").into_iter().collect())?;
    let Some(dir) = &config.prompts_dir else {
        return Ok(baked_in);
    };
    let place = dir.display().to_string();
    let added = parse_prompts(&place, &read_folder(dir)?.into_iter().collect())?;
    baked_in.overlaid(added).map_err(|source| ConfigError::Prompts { place, source })
}

/// The prompt versions among these files.
pub fn parse_prompts(place: &str, files: &PromptFiles) -> Result<PromptLibrary, ConfigError> {
    PromptLibrary::load(files).map_err(|source| ConfigError::Prompts { place: place.to_owned(), source })
}

/// The files below a folder that was baked in, in order of their paths.
fn embedded(dir: &Dir<'_>, extension: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for file in dir.files() {
        let fits = extension.is_empty() || file.path().extension().is_some_and(|found| found == extension);
        if let Some(text) = file.contents_utf8().filter(|_| fits) {
            files.push((file.path().display().to_string(), text.to_owned()));
        }
    }
    for folder in dir.dirs() {
        files.extend(embedded(folder, extension));
    }
    files.sort();
    files
}

/// The text files below a folder: path relative to it, with `/` between its parts, and text; hidden files are left out.
pub fn read_folder(dir: &Path) -> Result<Vec<(String, String)>, ConfigError> {
    let unreadable = |path: &Path| {
        let path = path.to_path_buf();
        move |source| ConfigError::Unreadable { path, source }
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(unreadable(dir))? {
        let entry = entry.map_err(unreadable(dir))?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            files.extend(read_folder(&path)?.into_iter().map(|(below, text)| (format!("{name}/{below}"), text)));
        } else {
            files.push((name, std::fs::read_to_string(&path).map_err(unreadable(&path))?));
        }
    }
    files.sort();
    Ok(files)
}
