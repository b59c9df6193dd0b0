//! Counts the bullets that were answered without a call, by what a report groups by, until they are written into the ledger together.
//!
//! A hit must not wait for a database, so it is counted in memory, and what a process counted since its last write is lost when it is killed. What was
//! spent never is: every attempt has its row before its answer leaves.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::usage::{HitKind, Hits};
use crate::ports::LedgerError;
use crate::service::Service;

/// So many kinds are counted at most between two writes. Tenants, models, prompts and skills make few kinds in some seconds; more gather only when
/// the ledger is down for days, and are then lost, which the log tells.
const MOST_KINDS: usize = 4_096;

/// The hits that are not in the ledger yet.
#[derive(Debug, Default)]
pub(in crate::service) struct HitCounts(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    /// In order, so that all who write take the same rows in the same order.
    hits: BTreeMap<HitKind, Hits>,
    /// Hits that there was no place for.
    lost: u64,
}

impl HitCounts {
    /// Counts hits.
    pub(in crate::service) fn add(&self, kind: HitKind, hits: Hits) {
        let mut waiting = self.waiting();
        if let Some(counted) = waiting.hits.get_mut(&kind) {
            *counted = counted.plus(hits);
        } else if waiting.hits.len() < MOST_KINDS {
            waiting.hits.insert(kind, hits);
        } else {
            waiting.lost = waiting.lost.saturating_add(hits.count);
        }
    }

    fn take(&self) -> Waiting {
        std::mem::take(&mut *self.waiting())
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while this is locked, so a poisoned one is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Writes the hits that were counted since the last time into the ledger. What cannot be written waits for the next time.
    ///
    /// Goes on to its end when this future is dropped, so that no hit is written twice or lost.
    pub async fn write_hits(self: &Arc<Self>) {
        let service = Arc::clone(self);
        self.calls.carry(|_| async move { service.write_hits_here().await }).await;
    }

    pub(in crate::service) async fn write_hits_here(&self) {
        let Waiting { hits, lost } = self.hits.take();
        if lost > 0 {
            tracing::warn!(lost, "Hits of the cache were not counted: too many kinds waited for the ledger");
        }
        let hits: Vec<_> = hits.into_iter().collect();
        if hits.is_empty() {
            return;
        }
        if let Err(error) = self.parts.ledger.count_hits(&hits).await {
            let LedgerError { act: _, place, source } = &error;
            tracing::warn!(place, cause = %source, "Hits of the cache wait to be counted");
            for (kind, hits) in hits {
                self.hits.add(kind, hits);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::{Day, PicoUsd};

    fn kind(tenant: &str) -> HitKind {
        HitKind {
            day: Day::of_micros(0),
            tenant: tenant.to_owned(),
            model: "p/m".parse().expect("well formed"),
            prompt_ref: "rewrite@1".parse().expect("well formed"),
            skill: None,
        }
    }

    fn hits(count: u64, saved: u64) -> Hits {
        Hits { count, saved: PicoUsd::new(saved) }
    }

    #[test]
    fn hits_of_one_kind_add_up_and_are_taken_once() {
        let counts = HitCounts::default();
        for (tenant, saved) in [("ada", 3), ("bob", 5), ("ada", 4)] {
            counts.add(kind(tenant), hits(1, saved));
        }
        let taken: Vec<_> = counts.take().hits.into_iter().collect();
        assert_eq!(taken, [(kind("ada"), hits(2, 7)), (kind("bob"), hits(1, 5))]);
        assert!(counts.take().hits.is_empty());
    }

    #[test]
    fn kinds_are_bounded_and_those_that_are_known_go_on_counting() {
        let counts = HitCounts::default();
        for number in 0..MOST_KINDS + 2 {
            counts.add(kind(&number.to_string()), hits(1, 1));
        }
        counts.add(kind("0"), hits(1, 1));
        let Waiting { hits: taken, lost } = counts.take();
        assert_eq!((taken.len(), lost, taken.get(&kind("0"))), (MOST_KINDS, 2, Some(&hits(2, 2))));
    }
}
