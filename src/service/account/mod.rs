//! What is spent: the price of a call, the limits on it, the hits that saved one, and the report of it all.

pub(super) mod budget;
pub(super) mod cost;
pub(super) mod hits;
pub(super) mod usage;
