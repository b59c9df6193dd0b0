//! Where checked replies are kept, who of several replicas may ask, and the place that keeps none.

pub mod memory;
pub mod none;
pub mod redis;
pub mod tiered;

mod link;
mod value;

#[cfg(test)]
mod testing;
