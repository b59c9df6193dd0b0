//! What a text asserts: deeds with who did them, to what, whether they are denied, and how certain they are; and what each number is bound to.
//!
//! Where the reading is not sure, a claim says so; whoever compares claims then asks instead of judging.

mod bound;
mod deeds;

pub use bound::{Bound, bound};
pub use deeds::{Agent, Certainty, Deed, Setting, allows, deeds};
