//! A budget for retries, over the whole process: when a provider is down for everybody, nobody makes it worse.
//!
//! Every question pays a share of a retry in, every retry takes a whole one out. A small reserve lets a quiet process retry at all.

use std::sync::atomic::{AtomicU64, Ordering};

/// One retry, in the unit of the level.
const ONE: u64 = 1_000_000;
/// The most that can be saved up, and what there is at the start, in retries.
const RESERVE: u64 = 10;

/// The budget.
#[derive(Debug)]
pub(in crate::service) struct Retries {
    share: u64,
    most: u64,
    level: AtomicU64,
}

impl Retries {
    /// This many retries for each question; 0 or less allows none at all.
    pub(in crate::service) fn new(share: f64) -> Self {
        let share = std::time::Duration::try_from_secs_f64(share.clamp(0.0, 100.0)).unwrap_or_default();
        let share = u64::try_from(share.as_micros()).unwrap_or(0);
        let most = if share == 0 { 0 } else { RESERVE * ONE };
        Self { share, most, level: AtomicU64::new(most) }
    }

    /// A question is asked.
    pub(in crate::service) fn pay_in(&self) {
        let paid = |level: u64| Some(level.saturating_add(self.share).min(self.most));
        let _ = self.level.fetch_update(Ordering::Relaxed, Ordering::Relaxed, paid);
    }

    /// Whether it may be asked again.
    #[must_use]
    pub(in crate::service) fn take(&self) -> bool {
        self.level.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |level| level.checked_sub(ONE)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(retries: &Retries, questions: u32) -> u32 {
        (0..questions)
            .filter(|_| {
                retries.pay_in();
                retries.take()
            })
            .count()
            .try_into()
            .expect("small")
    }

    #[test]
    fn retries_are_a_share_of_the_questions_beyond_the_reserve() {
        assert_eq!(taken(&Retries::new(0.1), 1_000), 10 + 99);
        assert_eq!(taken(&Retries::new(1.0), 1_000), 1_000);
    }

    #[test]
    fn what_is_saved_up_is_bounded() {
        let retries = Retries::new(0.5);
        for _ in 0..1_000 {
            retries.pay_in();
        }
        assert_eq!((0..1_000).filter(|_| retries.take()).count(), 10);
    }

    #[test]
    fn no_share_is_no_retry() {
        for share in [0.0, -1.0, f64::NAN] {
            assert!(!Retries::new(share).take(), "{share}");
        }
    }
}
