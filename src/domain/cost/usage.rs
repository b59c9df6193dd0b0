//! What a provider counted for one attempt, in one form for all providers: the kinds of token that are priced apart.

/// What a provider says it counted. No token stands in two fields, and a field is `None` where the provider said nothing: absent is not zero.
///
/// Providers disagree on what includes what. OpenAI's prompt tokens include the cached ones and its completion tokens the reasoning;
/// Anthropic's input tokens exclude both reads and writes of the cache; Gemini's candidates exclude the thoughts.
/// The adapters take that apart, so that nobody after them has to know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TokenUsage {
    /// Tokens of the prompt at the full price: neither read from the provider's cache nor written to it.
    pub input_uncached: Option<u64>,
    /// Tokens of the prompt that were read from the provider's cache.
    pub cache_read: Option<u64>,
    /// Tokens of the prompt that were written to the cache for its usual time: five minutes at Anthropic, thirty at OpenAI.
    pub cache_write_5m: Option<u64>,
    /// Tokens of the prompt that were written to the cache for an hour.
    pub cache_write_1h: Option<u64>,
    /// Tokens of the answer that can be read.
    pub output_visible: Option<u64>,
    /// Tokens that the model thought with; billed as output.
    pub output_reasoning: Option<u64>,
}

impl TokenUsage {
    /// All tokens of the prompt; `None` when the provider did not count it.
    pub const fn input(self) -> Option<u64> {
        match self.input_uncached {
            Some(uncached) => {
                let cached = or_none(self.cache_read).saturating_add(or_none(self.cache_write_5m));
                Some(uncached.saturating_add(cached).saturating_add(or_none(self.cache_write_1h)))
            }
            None => None,
        }
    }

    /// All tokens of the answer, thoughts among them; `None` when the provider did not count it.
    pub const fn output(self) -> Option<u64> {
        match self.output_visible {
            Some(visible) => Some(visible.saturating_add(or_none(self.output_reasoning))),
            None => None,
        }
    }

    /// Whether both the prompt and the answer were counted, so that a cost can be computed.
    pub const fn is_whole(self) -> bool {
        self.input_uncached.is_some() && self.output_visible.is_some()
    }

    /// Whether anything was counted at all.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// The sum of two counts; what is absent in both stays absent.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            input_uncached: sum(self.input_uncached, other.input_uncached),
            cache_read: sum(self.cache_read, other.cache_read),
            cache_write_5m: sum(self.cache_write_5m, other.cache_write_5m),
            cache_write_1h: sum(self.cache_write_1h, other.cache_write_1h),
            output_visible: sum(self.output_visible, other.output_visible),
            output_reasoning: sum(self.output_reasoning, other.output_reasoning),
        }
    }
}

/// What an absent part adds to a whole that is known.
const fn or_none(count: Option<u64>) -> u64 {
    match count {
        Some(count) => count,
        None => 0,
    }
}

const fn sum(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (Some(one), None) => Some(one),
        (None, other) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_is_absent_is_not_zero() {
        let nothing = TokenUsage::default();
        assert_eq!((nothing.input(), nothing.output(), nothing.is_whole(), nothing.is_empty()), (None, None, false, true));
        let cached_alone = TokenUsage { cache_read: Some(64), ..nothing };
        assert_eq!((cached_alone.input(), cached_alone.is_empty()), (None, false), "what was not cached is unknown");
        let zero = TokenUsage { input_uncached: Some(0), output_visible: Some(0), ..nothing };
        assert_eq!((zero.input(), zero.output(), zero.is_whole()), (Some(0), Some(0), true));
    }

    #[test]
    fn the_whole_is_the_sum_of_its_parts_and_absence_survives_a_sum() {
        let one = TokenUsage {
            input_uncached: Some(100),
            cache_read: Some(20),
            cache_write_5m: Some(3),
            cache_write_1h: Some(4),
            output_visible: Some(50),
            output_reasoning: Some(6),
        };
        assert_eq!((one.input(), one.output()), (Some(127), Some(56)));
        let plain = TokenUsage { input_uncached: Some(1), output_visible: Some(1), ..TokenUsage::default() };
        assert_eq!(plain.plus(plain).cache_read, None);
        assert_eq!((one.plus(plain).input(), one.plus(plain).cache_read), (Some(128), Some(20)));
    }
}
