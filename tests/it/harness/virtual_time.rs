//! Time that stands still while anybody works and jumps ahead when all wait, and the fake provider inside it.
//!
//! A test that uses it is started with paused time: hundreds of calls wait their seconds side by side, and none of them in real time.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bulletsmith::adapters::llm::openai::{OpenAi, OpenAiOptions};
use bulletsmith::adapters::llm::transport::{Exchange, Transport, WireReply};
use bulletsmith::ports::{BoxFuture, ChatModel, Clock, ModelError, Timestamp};
use tokio::time::Instant;

use super::fake::{Delivery, FakeProvider};

/// 2026-11-06T08:49:37Z
const BEGIN_SECONDS: u64 = 1_793_954_977;

/// The paused time of tokio.
#[derive(Debug)]
pub(crate) struct VirtualClock {
    begin: Instant,
}

impl Default for VirtualClock {
    fn default() -> Self {
        Self { begin: Instant::now() }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let now = Duration::from_secs(BEGIN_SECONDS) + self.elapsed();
        Timestamp(i64::try_from(now.as_micros()).expect("this century"))
    }

    fn elapsed(&self) -> Duration {
        self.begin.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is a clock")]
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The wire to the fake provider, without a network, which would know nothing of paused time.
#[derive(Debug)]
pub(crate) struct FakeWire {
    provider: Arc<FakeProvider>,
    clock: Arc<VirtualClock>,
}

impl FakeWire {
    /// The real adapter, at the other end of this wire.
    pub(crate) fn model(id: &str, provider: &Arc<FakeProvider>, clock: &Arc<VirtualClock>) -> Arc<dyn ChatModel> {
        let wire = Self { provider: Arc::clone(provider), clock: Arc::clone(clock) };
        let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
        Arc::new(OpenAi::new(id.parse().expect("well formed"), Arc::new(wire), clock, OpenAiOptions::default()))
    }
}

impl Transport for FakeWire {
    fn send<'a>(&'a self, exchange: &'a Exchange) -> BoxFuture<'a, Result<WireReply, ModelError>> {
        Box::pin(async {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(BEGIN_SECONDS) + self.clock.elapsed();
            let plan = self.provider.take(&exchange.body, now);
            self.clock.sleep(plan.wait).await;
            match plan.delivery {
                Delivery::Whole => {}
                Delivery::Never => std::future::pending().await,
                Delivery::Trickle(gap) => self.clock.sleep(gap * u32::try_from(plan.body.len()).expect("short")).await,
                // What the HTTP adapter makes of a body that breaks off.
                Delivery::Half => return Err(ModelError::StreamCut { served: Box::default() }),
            }
            self.provider.delivered(&plan);
            Ok(WireReply::new(plan.status, plan.headers.iter().map(|(name, value)| (*name, value.clone())), plan.body.into_bytes()))
        })
    }
}
