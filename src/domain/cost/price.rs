//! What one model costs a token, kind by kind.

use super::{PicoUsd, TokenUsage};

/// What one model costs, per token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    pub(super) input: PicoUsd,
    /// `None`: the sheet does not say what a token costs that was read from the cache, or written to it.
    pub(super) cached_input: Option<PicoUsd>,
    pub(super) cache_write_5m: Option<PicoUsd>,
    pub(super) cache_write_1h: Option<PicoUsd>,
    pub(super) output: PicoUsd,
}

impl Price {
    /// The cost of the tokens that were counted.
    pub const fn of(self, usage: TokenUsage) -> PicoUsd {
        let TokenUsage { input_uncached, cache_read, cache_write_5m, cache_write_1h, output_visible, output_reasoning } = usage;
        cost(self.input, input_uncached)
            .plus(cost(self.or_input(self.cached_input), cache_read))
            .plus(cost(self.or_input(self.cache_write_5m), cache_write_5m))
            .plus(cost(self.or_input(self.cache_write_1h), cache_write_1h))
            .plus(cost(self.output, output_visible))
            .plus(cost(self.output, output_reasoning))
    }

    /// Whether every token that was counted has a price of its own; if not, the cost is off by what a read costs less or a write costs more.
    pub const fn covers(self, usage: TokenUsage) -> bool {
        is_covered(self.cached_input, usage.cache_read)
            && is_covered(self.cache_write_5m, usage.cache_write_5m)
            && is_covered(self.cache_write_1h, usage.cache_write_1h)
    }

    /// What this much costs at most: every token of the prompt at the dearest price that a token of a prompt can have.
    pub fn at_most(self, input_tokens: u64, output_tokens: u64) -> PicoUsd {
        let writes = self.or_input(self.cache_write_5m).max(self.or_input(self.cache_write_1h));
        self.input.max(self.or_input(self.cached_input)).max(writes).times(input_tokens).plus(self.output.times(output_tokens))
    }

    /// What this prompt costs when nothing of it was cached.
    pub const fn of_input(self, tokens: u64) -> PicoUsd {
        self.input.times(tokens)
    }

    /// The dearer of two prices, kind by kind.
    pub(super) fn or_dearer(self, other: Self) -> Self {
        Self {
            input: self.input.max(other.input),
            cached_input: self.cached_input.max(other.cached_input),
            cache_write_5m: self.cache_write_5m.max(other.cache_write_5m),
            cache_write_1h: self.cache_write_1h.max(other.cache_write_1h),
            output: self.output.max(other.output),
        }
    }

    const fn or_input(self, price: Option<PicoUsd>) -> PicoUsd {
        match price {
            Some(price) => price,
            None => self.input,
        }
    }
}

const fn cost(price: PicoUsd, count: Option<u64>) -> PicoUsd {
    match count {
        Some(count) => price.times(count),
        None => PicoUsd::ZERO,
    }
}

const fn is_covered(price: Option<PicoUsd>, count: Option<u64>) -> bool {
    price.is_some() || matches!(count, None | Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Claude Haiku 4.5: 1 / 0.1 / 1.25 / 2 / 5 dollars a million.
    const HAIKU: Price = Price {
        input: PicoUsd::new(1_000_000),
        cached_input: Some(PicoUsd::new(100_000)),
        cache_write_5m: Some(PicoUsd::new(1_250_000)),
        cache_write_1h: Some(PicoUsd::new(2_000_000)),
        output: PicoUsd::new(5_000_000),
    };

    #[test]
    fn each_kind_of_token_is_billed_once_at_its_own_price() {
        let usage = TokenUsage {
            input_uncached: Some(900),
            cache_read: Some(100),
            cache_write_5m: Some(40),
            cache_write_1h: Some(10),
            output_visible: Some(50),
            output_reasoning: Some(5),
        };
        // By hand: 900 × 1 + 100 × 0.1 + 40 × 1.25 + 10 × 2 + 55 × 5 = 900 + 10 + 50 + 20 + 275 millionths of a dollar.
        assert_eq!(HAIKU.of(usage), PicoUsd::new(1_255_000_000));
        assert_eq!(HAIKU.of(usage).to_string(), "0.001255");
        assert!(HAIKU.covers(usage));
    }

    #[test]
    fn what_was_not_counted_adds_nothing_and_what_has_no_price_is_told() {
        assert_eq!(HAIKU.of(TokenUsage::default()), PicoUsd::ZERO);
        let no_writes = Price { cache_write_5m: None, cache_write_1h: None, ..HAIKU };
        let wrote = TokenUsage { cache_write_5m: Some(40), ..TokenUsage::default() };
        assert_eq!(no_writes.of(wrote), PicoUsd::new(40_000_000), "at least the price of the prompt");
        assert!(!no_writes.covers(wrote));
        assert!(no_writes.covers(TokenUsage { cache_write_5m: Some(0), ..TokenUsage::default() }));
        let no_reads = Price { cached_input: None, ..HAIKU };
        let read = TokenUsage { cache_read: Some(40), ..TokenUsage::default() };
        assert_eq!((no_reads.of(read), no_reads.covers(read)), (PicoUsd::new(40_000_000), false), "at most the price of the prompt");
    }

    #[test]
    fn no_split_of_the_same_tokens_costs_more_than_the_most() {
        // By hand: 1,000 x 2 (written for an hour) + 100 x 5 millionths of a dollar.
        assert_eq!(HAIKU.at_most(1_000, 100), PicoUsd::new(2_500_000_000));
        let no_writes = Price { cache_write_5m: None, cache_write_1h: None, ..HAIKU };
        assert_eq!(no_writes.at_most(1_000, 100), PicoUsd::new(1_500_000_000));
        assert_eq!(HAIKU.of_input(1_000), PicoUsd::new(1_000_000_000));
        let dear = Price { output: PicoUsd::new(9), cache_write_5m: None, ..HAIKU };
        assert_eq!(dear.or_dearer(HAIKU), HAIKU);
    }

    #[test]
    fn a_count_beyond_all_reason_stops_at_the_largest_amount() {
        let usage = TokenUsage { output_visible: Some(u64::MAX), output_reasoning: Some(u64::MAX), ..TokenUsage::default() };
        assert_eq!(HAIKU.of(usage).get(), u64::MAX);
    }
}
