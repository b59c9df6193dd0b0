//! What a rewrite may say, where it is kept, and what it costs.

mod bills;
mod budget;
mod cache;
mod cost;
mod facts;
mod failures;
mod grounding;
mod job;
mod recall;
mod rules;
mod stale;
mod table;
