//! What the models of the tests cost.

use std::sync::Arc;

use bulletsmith::domain::cost::PriceSheet;
use bulletsmith::ports::ChatModel;
use bulletsmith::service::{Link, Tariff};

const SHEET: &str = "as_of='2026-11-01'\nsource='s'\ncurrency='USD'\n[[price]]\nprovider_kind='openai'\nmodel='one'\n\
                     input_usd_per_mtok='0.25'\ncached_input_usd_per_mtok='0.025'\noutput_usd_per_mtok='2'\n";

/// A model that costs what the model `one` costs.
pub(crate) fn priced(model: Arc<dyn ChatModel>) -> Link {
    priced_with(model, "")
}

/// The same, with more rows on the sheet.
pub(crate) fn priced_with(model: Arc<dyn ChatModel>, rows: &str) -> Link {
    let sheet = Arc::new(PriceSheet::parse(&format!("{SHEET}{rows}")).expect("well formed"));
    Link { model, tariff: Tariff::of_sheet(&sheet, "openai", "127.0.0.1", "one").expect("listed") }
}
