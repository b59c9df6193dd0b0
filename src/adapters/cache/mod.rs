//! Where checked replies are kept, and the place that keeps none.

pub mod memory;
pub mod none;
