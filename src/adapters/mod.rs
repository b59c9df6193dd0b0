//! What plugs into the ports: model providers, caches, ledgers, the system's clock.
//!
//! Each adapter knows the domain, the ports and its own driver, and takes plain values: never the configuration,
//! never the service, never a sibling.

pub mod llm;

pub mod cache;
pub mod ledger;

pub mod clock;
