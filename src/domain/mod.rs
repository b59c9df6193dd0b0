//! What the product exists for, as pure functions: no async, no I/O, no clock.

pub mod text;

pub mod addressed;
pub mod bullet;
pub mod english;
pub mod guide;
pub mod lexicon;
pub mod quantity;
pub mod wording;

pub mod matching;

pub mod claims;
pub mod facts;
pub mod grounding;
pub mod job;
pub mod judgement;
pub mod scoring;
pub mod slots;

pub mod rules;

pub mod cost;
pub mod draft;
pub mod group_draft;
pub mod prompt;
pub mod request;
pub mod usage;
