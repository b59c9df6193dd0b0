//! The layers of the configuration: what is baked in, then a file, then the environment; later wins.
//!
//! Each layer is checked on its own first, so that a fault names the file with its line, or the variable.

use std::path::{Path, PathBuf};

use config::{Config as Layered, Environment as EnvironmentLayer, File, FileFormat};

use super::ConfigError;
use super::environment::Environment;
use super::file::FileConfig;

/// What is baked in; the manual at the same time.
pub const DEFAULT: &str = include_str!("../../bulletsmith.default.toml");

const DEFAULT_NAME: &str = "bulletsmith.default.toml";
const LOCAL_NAME: &str = "bulletsmith.toml";
const PREFIX: &str = "BULLETSMITH__";

/// A configuration file as it was read.
pub(super) struct LayerFile {
    pub(super) name: String,
    pub(super) text: String,
}

/// The file that was named, which must exist; else `bulletsmith.toml` of this folder, if there is one.
pub(super) fn read(named: Option<&Path>) -> Result<Option<LayerFile>, ConfigError> {
    let path = named.map_or_else(|| PathBuf::from(LOCAL_NAME), Path::to_path_buf);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(LayerFile { name: path.display().to_string(), text })),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ConfigError::Unreadable { path, source }),
    }
}

/// All layers put together.
pub(super) fn merge(file: Option<&LayerFile>, environment: &Environment) -> Result<FileConfig, ConfigError> {
    check_text(DEFAULT_NAME, DEFAULT)?;
    let mut builder = Layered::builder().add_source(File::from_str(DEFAULT, FileFormat::Toml));
    if let Some(LayerFile { name, text }) = file {
        check_text(name, text)?;
        builder = builder.add_source(File::from_str(text, FileFormat::Toml));
    }
    for variable in environment.starting_with(PREFIX) {
        check_variable(variable)?;
        builder = builder.add_source(layer(variable));
    }
    let merged = builder.build().and_then(Layered::try_deserialize);
    merged.map_err(|error| ConfigError::value("the configuration", error.to_string()))
}

fn check_text(name: &str, text: &str) -> Result<(), ConfigError> {
    let place = |error: &toml::de::Error| match error.span() {
        Some(span) => format!("{name}:{}", text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1),
        None => name.to_owned(),
    };
    let deserializer =
        toml::Deserializer::parse(text).map_err(|error| ConfigError::value(place(&error), error.message().replace('\n', " ")))?;
    serde_path_to_error::deserialize::<_, FileConfig>(deserializer).map(drop).map_err(|error| {
        let (key, error) = (error.path().to_string(), error.into_inner());
        ConfigError::value(format!("{}: {key}", place(&error)), error.message())
    })
}

fn check_variable(variable: (&str, &str)) -> Result<(), ConfigError> {
    let refused = |reason: String| ConfigError::value(variable.0, reason);
    let alone = Layered::builder().add_source(layer(variable)).build().map_err(|error| refused(error.to_string()))?;
    alone.try_deserialize::<FileConfig>().map(drop).map_err(|error| refused(reason(&error)))
}

/// The `config` crate adds the key to some of its messages; ours already begin with the variable.
fn reason(error: &config::ConfigError) -> String {
    let text = error.to_string();
    text.split(" for key `").next().unwrap_or(&text).to_owned()
}

fn layer((name, value): (&str, &str)) -> EnvironmentLayer {
    EnvironmentLayer::with_prefix("BULLETSMITH")
        .prefix_separator("__")
        .separator("__")
        .source(Some([(name.to_owned(), value.to_owned())].into()))
}
