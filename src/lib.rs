//! bulletsmith rewrites weak resume bullets into strong, honest ones.
//!
//! Its promise: a stronger bullet that says nothing its writer did not say. A rewrite leaves this crate only as a
//! [`domain::grounding`] proof, whoever wrote it: a model, the cache or the rules engine.
//!
//! The map, in reading order; arrows point down, and `tests/it/layers.rs` holds them there:
//! `cli` → `evaluation` → `contract`; `http`, `cli` → `service` → `ports`, `contract` → `domain`; `adapters` → `ports`; `app` names every adapter.

pub mod app;
pub mod config;
pub mod telemetry;

pub mod cli;
pub mod http;

pub mod evaluation;
pub mod service;

pub mod adapters;

pub mod contract;
pub mod ports;

pub mod domain;
