//! What an attempt costs, and what a bullet has cost so far.

use std::sync::Arc;

use crate::domain::cost::{Billed, Certainty, Day, PicoUsd, PriceRow, PriceSheet, Seller, TokenUsage, share};
use crate::ports::{Completion, ModelError, Served};
use crate::service::Link;

/// What a model costs.
#[derive(Debug, Clone)]
pub enum Tariff {
    /// Nothing: a local model, or recorded replies.
    Free,
    /// By the price sheet: the row of the model that answered, else the row of the model that was asked.
    Sheet {
        /// The sheet.
        sheet: Arc<PriceSheet>,
        /// Whose rows of it count.
        seller: Seller,
        /// The row of the model that is asked.
        asked: Arc<PriceRow>,
    },
}

/// How an attempt ended, as far as its cost is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// The provider said what it counted.
    Counted(TokenUsage),
    /// The provider answered without a count, or may have worked without answering.
    Uncounted,
    /// The provider did no work: it refused or was not reached.
    Unworked,
}

impl Ended {
    fn of(outcome: &Result<Completion, ModelError>) -> Self {
        let error = match outcome {
            Ok(completion) => return Self::counted(&completion.served),
            Err(error) => error,
        };
        // The provider is not asked whether a failure has cost anything: a model may have worked that never answered.
        let may_have_worked =
            matches!(error, ModelError::TimedOut | ModelError::Unavailable { .. } | ModelError::Unreachable { was_sent: true, .. });
        match error.served() {
            Some(served) => Self::counted(served),
            None if may_have_worked => Self::Uncounted,
            None => Self::Unworked,
        }
    }

    const fn counted(served: &Served) -> Self {
        match served.usage {
            Some(usage) => Self::Counted(usage),
            None => Self::Uncounted,
        }
    }
}

impl Link {
    /// What an attempt at this model cost that began on that day, by the model and the tier that answered; its prompt costs this much if nobody counted it.
    pub(in crate::service) fn bill(&self, outcome: &Result<Completion, ModelError>, input: PicoUsd, on: Day) -> Billed {
        let served = match outcome {
            Ok(completion) => Some(&completion.served),
            Err(error) => error.served(),
        };
        let answered = (served.and_then(|served| served.model.as_deref()), served.and_then(|served| served.tier.as_deref()));
        self.tariff.bill(Ended::of(outcome), input, on, self.model.id().model(), answered)
    }
}

impl Tariff {
    /// By the sheet, for a model that is asked at this host; `None` where the sheet has no row for it.
    pub fn of_sheet(sheet: &Arc<PriceSheet>, provider_kind: &str, host: &str, model: &str) -> Option<Self> {
        let seller = sheet.seller(provider_kind, host);
        let asked = Arc::clone(sheet.row(&seller, model)?);
        Some(Self::Sheet { sheet: Arc::clone(sheet), seller, asked })
    }

    /// The row of the model that is asked; `None` where it costs nothing.
    pub const fn asked(&self) -> Option<&Arc<PriceRow>> {
        match self {
            Self::Free => None,
            Self::Sheet { asked, .. } => Some(asked),
        }
    }

    /// The row that was billed by; `None` where it cost nothing.
    pub(in crate::service) fn row(&self, billed: &Billed) -> Option<&PriceRow> {
        match self {
            Self::Free => None,
            Self::Sheet { sheet, .. } => sheet.by_hash(&billed.price_ref),
        }
    }

    /// The cost of an attempt.
    ///
    /// Without a row for the tier that was served, the ordinary row of the model that answered stands in; without one for that model, the row
    /// of the model that was asked. Either is told as an estimate, and so is a count that the row has no price for, or a row whose last day is over.
    /// What was not counted is billed by the row of the model that was asked, whoever answered, as it was set aside. A model that may have worked
    /// has at least read the prompt, so that a budget is not spent on answers that never come.
    fn bill(&self, ended: Ended, input: PicoUsd, on: Day, asked_model: &str, answered: (Option<&str>, Option<&str>)) -> Billed {
        let (served_model, served_tier) = answered;
        match self {
            Self::Free => Billed { cost: PicoUsd::ZERO, certainty: Certainty::Exact, price_ref: "free".to_owned() },
            Self::Sheet { sheet, seller, asked } => {
                let usage = match ended {
                    Ended::Counted(usage) => usage,
                    Ended::Uncounted => return Billed { cost: input, certainty: Certainty::Unknown, price_ref: asked.hash() },
                    Ended::Unworked => return Billed { cost: PicoUsd::ZERO, certainty: Certainty::Exact, price_ref: asked.hash() },
                };
                let model = served_model.unwrap_or(asked_model);
                let served = match (served_model, served_tier) {
                    (None, None) => Some(asked),
                    (_, tier) => sheet.row_in(seller, model, tier),
                };
                let row = served.or_else(|| sheet.row(seller, model)).unwrap_or(asked);
                let certainty = if !usage.is_whole() {
                    Certainty::Unknown
                } else if served.is_some() && row.covers(usage, on) {
                    Certainty::Exact
                } else {
                    Certainty::Estimated
                };
                Billed { cost: row.price.of(usage), certainty, price_ref: row.hash() }
            }
        }
    }
}

/// What the attempts for one bullet have taken so far; of an attempt that it shared with others, its share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::service) struct Tally {
    /// Attempts made, those that it shared with others among them.
    pub(in crate::service) attempts: u32,
    /// Attempts that are counted here and for no other bullet, so that the sum over all bullets is what went over the wire.
    pub(in crate::service) calls: u32,
    /// With how many other bullets an attempt was shared; 0 when none was.
    pub(in crate::service) grouped_with: u32,
    /// Tokens counted.
    pub(in crate::service) usage: TokenUsage,
    /// Cost.
    pub(in crate::service) cost: PicoUsd,
}

impl Tally {
    pub(in crate::service) fn add(&mut self, usage: Option<TokenUsage>, cost: PicoUsd) {
        self.usage = self.usage.plus(usage.unwrap_or_default());
        self.cost = self.cost.plus(cost);
    }

    /// Adds what was done for the same bullet and counted apart.
    pub(in crate::service) fn join(&mut self, other: &Self) {
        self.add_share(other, 0, 1);
    }

    /// Adds the share of the bullet at this place, from 0, in what was done for so many bullets at once.
    pub(in crate::service) fn add_share(&mut self, whole: &Self, at: usize, among: usize) {
        let (at, among) = (at as u64, among as u64);
        self.attempts = self.attempts.saturating_add(whole.attempts);
        self.calls = self.calls.saturating_add(u32::try_from(share(whole.calls.into(), at, among)).unwrap_or(u32::MAX));
        self.grouped_with = self.grouped_with.max(u32::try_from(among.saturating_sub(1)).unwrap_or(u32::MAX));
        self.usage = self.usage.plus(whole.usage.share(at, among));
        self.cost = self.cost.plus(whole.cost.share(at, among));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = "as_of='2026-11-01'\nsource='s'\ncurrency='USD'\n[[price]]\nprovider_kind='openai'\nmodel='m'\ninput_usd_per_mtok='1'\noutput_usd_per_mtok='2'\n\
                         [[price]]\nprovider_kind='openai'\nmodel='m'\ntier='priority'\ninput_usd_per_mtok='3'\noutput_usd_per_mtok='6'\n\
                         [[price]]\nprovider_kind='openai'\nmodel='dear'\ninput_usd_per_mtok='10'\noutput_usd_per_mtok='20'\n";
    const USAGE: TokenUsage = TokenUsage {
        input_uncached: Some(3),
        cache_read: None,
        cache_write_5m: None,
        cache_write_1h: None,
        output_visible: Some(1),
        output_reasoning: None,
    };

    fn tariff(sheet: &str) -> Tariff {
        Tariff::of_sheet(&Arc::new(PriceSheet::parse(sheet).expect("well formed")), "openai", "h", "m").expect("listed")
    }

    fn day() -> Day {
        "2026-11-24".parse().expect("a day")
    }

    fn check(usage: TokenUsage, served_model: Option<&str>, served_tier: Option<&str>, cost: u64, certainty: Certainty) {
        let tariff = tariff(SHEET);
        let asked = tariff.asked().expect("listed").hash();
        let input = PicoUsd::new(7);
        let billed = tariff.bill(Ended::Counted(usage), input, day(), "m", (served_model, served_tier));
        assert_eq!((billed.cost.get(), billed.certainty), (cost, certainty), "{served_model:?} {served_tier:?}");
        for (ended, cost, certainty) in [(Ended::Uncounted, input, Certainty::Unknown), (Ended::Unworked, PicoUsd::ZERO, Certainty::Exact)]
        {
            let billed = tariff.bill(ended, input, day(), "m", (served_model, served_tier));
            assert_eq!(
                (billed.cost, billed.certainty, &billed.price_ref),
                (cost, certainty, &asked),
                "an answer without a count is not free of charge"
            );
        }
    }

    #[test]
    fn the_model_and_the_tier_that_answered_decide_the_price() {
        check(USAGE, None, None, 5_000_000, Certainty::Exact);
        check(USAGE, Some("m"), Some("default"), 5_000_000, Certainty::Exact);
        check(USAGE, Some("dear"), None, 50_000_000, Certainty::Exact);
        check(USAGE, Some("m"), Some("priority"), 15_000_000, Certainty::Exact);
        check(USAGE, None, Some("priority"), 15_000_000, Certainty::Exact);
    }

    #[test]
    fn what_has_no_row_is_estimated_by_the_nearest_one() {
        check(USAGE, Some("new"), None, 5_000_000, Certainty::Estimated);
        check(USAGE, Some("m"), Some("flex"), 5_000_000, Certainty::Estimated);
        check(USAGE, Some("dear"), Some("priority"), 50_000_000, Certainty::Estimated);
        check(TokenUsage { cache_write_5m: Some(2), ..USAGE }, None, None, 7_000_000, Certainty::Estimated);
    }

    #[test]
    fn a_bill_names_the_row_that_it_was_computed_by() {
        let tariff = tariff(SHEET);
        for (model, tier, of) in [
            (None, None, ("m", None)),
            (Some("m"), Some("priority"), ("m", Some("priority"))),
            (Some("m"), Some("flex"), ("m", None)),
            (Some("dear"), None, ("dear", None)),
            (Some("new"), None, ("m", None)),
        ] {
            let billed = tariff.bill(Ended::Counted(USAGE), PicoUsd::ZERO, day(), "m", (model, tier));
            let row = tariff.row(&billed).expect("it can be found again");
            assert_eq!(((row.model.as_str(), row.tier.as_deref()), row.price.of(USAGE)), (of, billed.cost));
        }
    }

    #[test]
    fn a_prompt_of_a_size_or_of_a_day_that_the_row_is_not_for_is_told_as_estimated() {
        let own = "input_usd_per_mtok='1'\nflat_up_to_tokens=3\nuntil='2026-11-24'\n";
        let tariff = tariff(&SHEET.replace("input_usd_per_mtok='1'\n", own));
        let certainty = |tokens, on| {
            let usage = TokenUsage { input_uncached: Some(tokens), ..USAGE };
            tariff.bill(Ended::Counted(usage), PicoUsd::ZERO, on, "m", (None, None)).certainty
        };
        let day_after: Day = "2026-11-25".parse().expect("a day");
        assert_eq!(
            (certainty(3, day()), certainty(4, day()), certainty(3, day_after)),
            (Certainty::Exact, Certainty::Estimated, Certainty::Estimated)
        );
    }

    #[test]
    fn a_failure_is_free_only_where_no_model_can_have_worked() {
        let served = || Box::new(Served { usage: Some(USAGE), ..Served::default() });
        let ended = |error| Ended::of(&Err(error));
        assert_eq!(ended(ModelError::Truncated { served: served() }), Ended::Counted(USAGE));
        assert_eq!(ended(ModelError::Unrecorded { reason: "full".to_owned(), served: served() }), Ended::Counted(USAGE));
        assert_eq!(ended(ModelError::StreamCut { served: Box::default() }), Ended::Uncounted);
        assert_eq!(ended(ModelError::TimedOut), Ended::Uncounted);
        assert_eq!(ended(ModelError::Unavailable { status: 529, retry_after: None, should_retry: None }), Ended::Uncounted);
        assert_eq!(ended(ModelError::RateLimited { retry_after: None, should_retry: None }), Ended::Unworked);
        assert_eq!(ended(ModelError::Unauthorized { status: 401 }), Ended::Unworked);
        assert_eq!(ended(ModelError::ContextExceeded { served: None }), Ended::Unworked);
        assert_eq!(ended(ModelError::ContextExceeded { served: Some(Box::default()) }), Ended::Uncounted);
    }

    #[test]
    fn the_shares_of_a_group_add_up_to_what_the_group_took() {
        let whole = Tally { attempts: 2, calls: 2, grouped_with: 0, usage: USAGE, cost: PicoUsd::new(8) };
        let mut shares = [Tally::default(); 3];
        for (at, tally) in shares.iter_mut().enumerate() {
            tally.add_share(&whole, at, 3);
        }
        assert_eq!(shares.map(|tally| tally.cost.get()), [3, 3, 2]);
        assert_eq!(shares.map(|tally| tally.usage.input_uncached), [Some(1); 3]);
        assert_eq!(shares.map(|tally| tally.usage.output_visible), [Some(1), Some(0), Some(0)]);
        assert_eq!(shares.map(|tally| (tally.attempts, tally.calls, tally.grouped_with)), [(2, 1, 2), (2, 1, 2), (2, 0, 2)]);
    }

    #[test]
    fn half_a_count_is_billed_and_told_as_unknown() {
        check(TokenUsage { output_visible: None, ..USAGE }, None, None, 3_000_000, Certainty::Unknown);
        check(TokenUsage { input_uncached: None, ..USAGE }, Some("m"), None, 2_000_000, Certainty::Unknown);
    }
}
