//! The price file: the one that is baked in, or the one that `prices.file` names.

use super::{Config, ConfigError};
use crate::domain::cost::PriceSheet;
use crate::domain::request::ModelId;

const EMBEDDED: &str = include_str!("../../prices/2026-11.toml");
const EMBEDDED_NAME: &str = "prices/2026-11.toml (baked in)";

/// The prices in force.
pub fn price_sheet(config: &Config) -> Result<PriceSheet, ConfigError> {
    let (name, text) = match &config.prices_file {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
            (format!("prices.file: {}", path.display()), text)
        }
        None => (EMBEDDED_NAME.to_owned(), EMBEDDED.to_owned()),
    };
    PriceSheet::parse(&text).map_err(|error| ConfigError::value(name, with_causes(&error)))
}

/// A model of the chain has no price: says what to write.
pub fn missing_row(model: &ModelId, kind: &str) -> ConfigError {
    let (provider, name) = (model.provider(), model.model());
    let reason = format!(
        "{model} has no price, so its cost could not be counted\n\
         hint: for a model that costs nothing, write `free = true` under [providers.{provider}]\n\
         hint: else copy the price file, name the copy as `file` under [prices], and add this with the real prices:\n\
         [[price]]\nprovider_kind = \"{kind}\"\nmodel = \"{name}\"\ninput_usd_per_mtok = \"0.00\"\noutput_usd_per_mtok = \"0.00\""
    );
    ConfigError::value("llm.chain", reason)
}

fn with_causes(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", with_causes(source)),
        None => error.to_string(),
    }
}
