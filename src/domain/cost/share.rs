//! Divides what one call took among the bullets that it was made for, in whole units, so that the parts add up to the whole exactly.
//!
//! All parts are equal but for the remainder, of which the first ones carry a unit each: nobody can say which word of a prompt was read for whom.

use super::{PicoUsd, TokenUsage};

/// The share of the one at this place, from 0, of `whole` units among so many; with nobody to divide it among, it stays whole.
pub const fn share(whole: u64, at: u64, among: u64) -> u64 {
    match (whole.checked_div(among), whole.checked_rem(among)) {
        (Some(part), Some(rest)) => part + if at < rest { 1 } else { 0 },
        _ => whole,
    }
}

impl PicoUsd {
    /// The share of the one at this place, from 0, among so many.
    #[must_use]
    pub const fn share(self, at: u64, among: u64) -> Self {
        Self::new(share(self.get(), at, among))
    }
}

impl TokenUsage {
    /// The share of the one at this place, from 0, among so many, kind by kind; what was not counted is counted for nobody.
    #[must_use]
    pub fn share(self, at: u64, among: u64) -> Self {
        let Self { input_uncached, cache_read, cache_write_5m, cache_write_1h, output_visible, output_reasoning } = self;
        let part = |count: Option<u64>| count.map(|count| share(count, at, among));
        Self {
            input_uncached: part(input_uncached),
            cache_read: part(cache_read),
            cache_write_5m: part(cache_write_5m),
            cache_write_1h: part(cache_write_1h),
            output_visible: part(output_visible),
            output_reasoning: part(output_reasoning),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn count() -> impl Strategy<Value = Option<u64>> {
        proptest::option::of(prop_oneof![0..20_u64, 0..1_000_000_u64])
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_whole_and_differ_by_one_unit_at_most(whole in any::<u64>(), among in 1..=40_u64) {
            let parts: Vec<u64> = (0..among).map(|at| share(whole, at, among)).collect();
            prop_assert_eq!(parts.iter().sum::<u64>(), whole);
            prop_assert!(parts.is_sorted_by(|one, next| one >= next) && parts[0] - parts[parts.len() - 1] <= 1);
        }

        #[test]
        fn money_is_divided_to_the_last_pico_dollar(pico in any::<u64>(), among in 1..=40_u64) {
            let sum: PicoUsd = (0..among).map(|at| PicoUsd::new(pico).share(at, among)).sum();
            prop_assert_eq!(sum, PicoUsd::new(pico));
        }

        #[test]
        fn tokens_add_up_kind_by_kind_and_what_is_absent_stays_absent(
            input in count(), read in count(), short in count(), long in count(), visible in count(), reasoning in count(), among in 1..=40_u64,
        ) {
            let whole = TokenUsage {
                input_uncached: input,
                cache_read: read,
                cache_write_5m: short,
                cache_write_1h: long,
                output_visible: visible,
                output_reasoning: reasoning,
            };
            let parts = (0..among).map(|at| whole.share(at, among));
            prop_assert!(parts.clone().all(|part| part.is_whole() == whole.is_whole()));
            prop_assert_eq!(parts.fold(TokenUsage::default(), TokenUsage::plus), whole);
        }
    }

    #[test]
    fn the_remainder_goes_to_the_first_and_nobody_leaves_it_whole() {
        assert_eq!([0, 1, 2].map(|at| share(8, at, 3)), [3, 3, 2]);
        assert_eq!(share(8, 0, 0), 8);
    }
}
