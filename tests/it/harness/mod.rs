//! What the tests stand on: the service with stubs at its ports, a fake provider, the real binary, and the servers that it works with.

mod account;
mod api;
pub(crate) mod binary;
#[path = "../../../examples/fake/mod.rs"]
mod fake;
mod fake_llm;
mod judges;
mod ledgers;
pub(crate) mod postgres;
mod prices;
pub(crate) mod redis;
mod replica;
mod services;
mod stubs;
mod virtual_time;

pub(crate) use account::{Account, watched};
pub(crate) use api::{Answer, Api, FRESH, STALE, Setup, request};
pub(crate) use binary::{Binary, Ended};
pub(crate) use fake::{Counts, FakeProvider, Fault, Faults, router};
pub(crate) use fake_llm::{FakeLlm, Reply, model_at};
pub(crate) use judges::{Line, Said, calibrated, judge, judged_lines, refused, supported};
pub(crate) use ledgers::{with_database, with_each_ledger};
pub(crate) use prices::{priced, priced_with};
pub(crate) use replica::{PICO_USD_A_TOKEN, Provider, Seen, ask, bullet};
pub(crate) use stubs::{Broken, ManualClock, Say, SeenCache, StubLedger, StubModel, bullet_of, bullets_of, draft, honest, result, results};
pub(crate) use virtual_time::{FakeWire, VirtualClock};

/// The prompt that the tests name, so that they pass before it is released as well as after.
pub(crate) const PROMPT: &str = "rewrite@1";

/// The prompt that can be asked for several bullets at once.
pub(crate) const GROUP_PROMPT: &str = "rewrite@2";

/// The five weak bullets that everything is tried with, and the skill that each shows.
pub(crate) const WEAK: [(&str, &str); 5] = [
    ("Optimized database performance for the application.", "relational-design"),
    ("Built REST APIs for the mobile and web clients.", "rest-api"),
    ("Used Kafka for message processing.", "message-queues"),
    ("Added caching to improve API performance.", "caching"),
    ("Implemented authentication for the platform.", "auth"),
];
