//! The promises of the ledger, kept on both databases: one story, the budgets under a crowd, sums that agree, and what a file needs besides.

mod databases;

mod away;
mod crowd;
mod expand_contract;
mod file;
mod isolation;
mod story;
mod sums;
mod trials;
mod usage;
mod writer;

use std::time::Duration;

use uuid::Uuid;

use crate::domain::cost::{Budget, Caps, Certainty, PicoUsd, TokenUsage};
use crate::ports::{CallPurpose, Held, HoldOrder, Ledger, LedgerEntry, Timestamp};

/// 2026-11-06T08:49:37Z.
const NOW: i64 = 1_793_954_977_000_000;
const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;

/// What has to be set aside for an attempt that may cost so much, without a limit.
fn order(id: u128, tenant: &str, started_at: i64, worst: u64) -> HoldOrder {
    HoldOrder {
        attempt_id: Uuid::from_u128(id),
        rewrite_id: "rw_1".to_owned(),
        bullet_index: 2,
        bullets: 5,
        attempt: 1,
        purpose: CallPurpose::Write,
        tenant: tenant.to_owned(),
        started_at: Timestamp(started_at),
        expires_at: Timestamp(started_at + MINUTE),
        model: "openai/gpt-5-mini".parse().expect("well formed"),
        prompt_ref: "rewrite@1".parse().expect("well formed"),
        skill: Some("sql".to_owned()),
        worst: PicoUsd::new(worst),
        input: PicoUsd::new(worst / 2),
        price_ref: "0b3e90174ea065f8".to_owned(),
        budget: Budget::default(),
    }
}

/// The same under limits: of the tenant by day and month, of all by day and month.
fn limited(order: HoldOrder, caps: [Option<u64>; 4]) -> HoldOrder {
    let [own_day, own_month, all_day, all_month] = caps.map(|cap| cap.map(PicoUsd::new));
    let budget = Budget { principal: Caps { day: own_day, month: own_month }, total: Caps { day: all_day, month: all_month } };
    HoldOrder { budget, ..order }
}

/// How that attempt ended, at this cost.
fn entry(order: &HoldOrder, cost: u64) -> LedgerEntry {
    LedgerEntry {
        attempt_id: order.attempt_id,
        rewrite_id: order.rewrite_id.clone(),
        bullet_index: order.bullet_index,
        bullets: order.bullets,
        attempt: order.attempt,
        purpose: order.purpose,
        tenant: order.tenant.clone(),
        started_at: order.started_at,
        latency: Duration::from_millis(1_500),
        model: order.model.clone(),
        served_model: Some("gpt-5-mini-2026".to_owned()),
        served_tier: Some("flex".to_owned()),
        prompt_ref: order.prompt_ref.clone(),
        skill: order.skill.clone(),
        outcome: "complete",
        usage: Some(TokenUsage {
            input_uncached: Some(36),
            cache_read: Some(64),
            cache_write_5m: Some(3),
            cache_write_1h: None,
            output_visible: Some(15),
            output_reasoning: Some(5),
        }),
        cost: PicoUsd::new(cost),
        certainty: Certainty::Exact,
        price_ref: "0b3e90174ea065f8".to_owned(),
    }
}

/// Sets aside and settles.
async fn spend(ledger: &dyn Ledger, order: &HoldOrder, cost: u64) {
    let Held::Yes(hold) = ledger.hold(order).await.expect("the ledger works") else { panic!("there is no room for {order:?}") };
    ledger.settle(hold, &entry(order, cost)).await.expect("the ledger works");
}
