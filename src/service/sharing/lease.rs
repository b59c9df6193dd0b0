//! The lead among several replicas for one question: held while a model is asked, given back when its answer is where the others find it.
//!
//! A lease is short, so that the others need not wait long for a replica that has died, and is renewed for as long as the call takes.

use std::convert::Infallible;
use std::time::Duration;

use uuid::Uuid;

use crate::domain::request::CacheKey;
use crate::service::Service;

/// How long a lease lives when nobody renews it.
pub(in crate::service) const LIFE: Duration = Duration::from_secs(5);

/// The shortest and the longest time between two looks of one who follows.
const LOOKS: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(250));

/// The lead for one question. When it is dropped without being given back, it ends by itself.
#[derive(Debug)]
pub(in crate::service) struct Lease {
    key: CacheKey,
    /// `None` where there is nobody to take it from and nothing to give back.
    owner: Option<Uuid>,
}

impl Lease {
    /// A lease that the store knows by this owner.
    pub(in crate::service) const fn of(key: CacheKey, owner: Uuid) -> Self {
        Self { key, owner: Some(owner) }
    }

    /// The lead of one who is alone.
    pub(in crate::service) const fn none(key: CacheKey) -> Self {
        Self { key, owner: None }
    }

    /// Does what it was taken for, and renews it meanwhile. When it is lost the work goes on: the others may then ask as well.
    pub(in crate::service) async fn hold<T>(&self, service: &Service, work: impl Future<Output = T>) -> T {
        let Some(owner) = self.owner else { return work.await };
        let renewing = async {
            loop {
                service.parts.clock.sleep(LIFE / 3).await;
                if !service.parts.cache.leases.renew(&self.key, owner, LIFE).await {
                    return std::future::pending::<Infallible>().await;
                }
            }
        };
        tokio::select! {
            biased;
            done = work => done,
            never = renewing => match never {},
        }
    }

    /// Lets the others go on.
    pub(in crate::service) async fn give_back(self, service: &Service) {
        if let Some(owner) = self.owner {
            service.parts.cache.leases.give_back(&self.key, owner).await;
        }
    }
}

/// The pauses of one who follows: longer and longer, and others for each owner, so that the replicas do not look all at once.
pub(in crate::service) fn pauses(owner: Uuid) -> impl Iterator<Item = Duration> {
    let (shortest, longest) = LOOKS;
    // Another byte of the owner for each look; these are random.
    let parts = owner.into_bytes().into_iter().skip(9).cycle();
    (0_u32..).zip(parts).map(move |(look, part)| {
        let whole = shortest.saturating_mul(1 << look.min(8)).min(longest);
        whole / 2 + whole * u32::from(part) / 512
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_limit_and_differ_from_one_to_the_next() {
        let of = |owner: u128| pauses(Uuid::from_u128(owner)).take(100).collect::<Vec<_>>();
        let (shortest, longest) = LOOKS;
        for owner in [0, u128::MAX, 0x0123_4567_89ab_cdef] {
            let pauses = of(owner);
            assert!(pauses.iter().all(|pause| (shortest / 2..=longest).contains(pause)), "{pauses:?}");
            assert!(pauses[0] < pauses[6] && pauses[99] >= longest / 2, "{pauses:?}");
        }
        assert_ne!(of(1), of(2));
    }
}
