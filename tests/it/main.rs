//! The promises of bulletsmith, kept from outside: the whole router in this process, and the real binary.
//!
//! No network but loopback, no sleep, no real time. A test names the rule it holds, and survives a refactor behind the doors it knocks at.
#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

mod harness;

mod layers;
mod openapi;

mod bad_input;
mod calls;
mod fill;
mod judging;
mod ledger;
mod prompts;
mod providers;
mod replicas;
mod rewriting;
mod usage;
mod wires;

mod cli;
mod replay;
