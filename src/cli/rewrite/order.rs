//! The flags of a rewrite that hold for every bullet.

use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::cli::input::read_text;
use crate::cli::stop::Stop;
use crate::contract::rewrite::{CacheUse, EngineChoice, RewriteRequest, Role};

/// What holds for every bullet.
#[derive(Debug, Default, clap::Args)]
pub(in crate::cli) struct Order {
    /// Facts that may be used, in your own words
    #[arg(long, value_name = "TEXT")]
    facts: Option<String>,
    /// A file with the job description; never used as a source of claims
    #[arg(long, value_name = "FILE")]
    job_description: Option<PathBuf>,
    /// Id of the skill that the bullets show; matched when absent
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) skill: Option<String>,
    /// Id of the guide
    #[arg(long, value_name = "ID")]
    guide: Option<String>,
    /// Title of the position the bullets belong to
    #[arg(long, value_name = "TITLE")]
    role_title: Option<String>,
    /// How many versions of each bullet, 1 to 3
    #[arg(long, value_name = "N")]
    variants: Option<u8>,
    /// The longest text wanted, in characters
    #[arg(long, value_name = "N")]
    max_chars: Option<u16>,
    /// Who writes: auto, llm or rules
    #[arg(long, value_name = "ENGINE", value_parser = word::<EngineChoice>)]
    engine: Option<EngineChoice>,
    /// The prompt version, as name@N or name
    #[arg(long, value_name = "PROMPT")]
    prompt: Option<String>,
    /// How the reply cache is used: use, refresh or bypass
    #[arg(long, value_name = "USE", value_parser = word::<CacheUse>)]
    cache: Option<CacheUse>,
}

impl Order {
    /// The request, as yet without bullets; the skill goes with each bullet.
    pub(in crate::cli) fn read(self) -> Result<RewriteRequest, Stop> {
        let Self { facts, job_description, skill: _, guide, role_title, variants, max_chars, engine, prompt, cache } = self;
        Ok(RewriteRequest {
            bullets: Vec::new(),
            guide,
            role: role_title.map(|title| Role { title: Some(title), current: None }),
            facts,
            job_description: job_description.map(|file| read_text(&file)).transpose()?,
            variants,
            max_chars,
            engine,
            prompt,
            cache,
        })
    }
}

/// A word of the contract, as its JSON spells it.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::String(text.to_owned())).map_err(|error| error.to_string())
}
