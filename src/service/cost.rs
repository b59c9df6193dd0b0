//! What an attempt costs, and what a bullet has cost so far.

use std::sync::Arc;

use crate::domain::cost::{Billed, Certainty, PicoUsd, Price, PriceSheet, TokenUsage};

/// What a model costs.
#[derive(Debug, Clone)]
pub enum Tariff {
    /// Nothing: a local model, or recorded replies.
    Free,
    /// By the price sheet: the row of the model that answered, else the row of the model that was asked.
    Sheet {
        /// The sheet.
        sheet: Arc<PriceSheet>,
        /// The provider's kind, as the sheet names it.
        kind: String,
        /// The row of the model that is asked.
        asked: Price,
    },
}

/// How an attempt ended, as far as its cost is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// The provider said what it counted.
    Counted(TokenUsage),
    /// The provider answered without a count, or may have worked without answering.
    Uncounted,
    /// The provider did no work: it refused or was not reached.
    Unworked,
}

impl Tariff {
    /// The cost of an attempt.
    pub(super) fn bill(&self, ended: Ended, served_model: Option<&str>) -> Billed {
        match self {
            Self::Free => Billed { cost: PicoUsd::ZERO, certainty: Certainty::Exact, price_ref: "free".to_owned() },
            Self::Sheet { sheet, kind, asked } => {
                let served = served_model.map(|model| sheet.price(kind, model));
                let (price, known) = match served {
                    Some(Some(price)) => (price, Certainty::Exact),
                    Some(None) => (*asked, Certainty::Estimated),
                    None => (*asked, Certainty::Exact),
                };
                let (cost, certainty) = match ended {
                    Ended::Counted(usage) => (price.of(usage), known),
                    Ended::Uncounted => (PicoUsd::ZERO, Certainty::Unknown),
                    Ended::Unworked => (PicoUsd::ZERO, Certainty::Exact),
                };
                Billed { cost, certainty, price_ref: sheet.as_of().to_owned() }
            }
        }
    }
}

/// What the attempts for one bullet have taken so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Attempts made.
    pub(super) attempts: u32,
    /// Tokens counted.
    pub(super) usage: TokenUsage,
    /// Cost.
    pub(super) cost: PicoUsd,
}

impl Tally {
    pub(super) fn add(&mut self, usage: Option<TokenUsage>, cost: PicoUsd) {
        self.usage = self.usage.plus(usage.unwrap_or_default());
        self.cost = self.cost.plus(cost);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = "as_of='2026-11-01'\nsource='s'\ncurrency='USD'\n[[price]]\nprovider_kind='openai'\nmodel='m'\ninput_usd_per_mtok='1'\noutput_usd_per_mtok='2'\n\
                         [[price]]\nprovider_kind='openai'\nmodel='dear'\ninput_usd_per_mtok='10'\noutput_usd_per_mtok='20'\n";

    fn tariff() -> Tariff {
        let sheet = Arc::new(PriceSheet::parse(SHEET).expect("well formed"));
        let asked = sheet.price("openai", "m").expect("listed");
        Tariff::Sheet { sheet, kind: "openai".to_owned(), asked }
    }

    #[test]
    fn the_model_that_answered_decides_the_price() {
        let usage = Ended::Counted(TokenUsage { input: 3, cached_input: 0, output: 1 });
        let bill = |served| tariff().bill(usage, served);
        assert_eq!((bill(None).cost, bill(None).certainty), (PicoUsd::new(5_000_000), Certainty::Exact));
        assert_eq!(bill(Some("dear")).cost, PicoUsd::new(50_000_000));
        assert_eq!((bill(Some("new")).cost, bill(Some("new")).certainty), (PicoUsd::new(5_000_000), Certainty::Estimated));
    }

    #[test]
    fn an_answer_without_a_count_is_not_called_free_of_charge() {
        assert_eq!(tariff().bill(Ended::Uncounted, None).certainty, Certainty::Unknown);
        assert_eq!(tariff().bill(Ended::Unworked, None).certainty, Certainty::Exact);
    }
}
