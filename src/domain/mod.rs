//! What the product exists for, as pure functions: no async, no I/O, no clock.

pub mod text;

pub mod bullet;
pub mod guide;
pub mod lexicon;
pub mod quantity;

pub mod matching;

pub mod facts;
pub mod grounding;
pub mod job;
pub mod scoring;
pub mod slots;

pub mod rules;

pub mod cost;
pub mod draft;
pub mod group_draft;
pub mod prompt;
pub mod request;
pub mod usage;
