//! How one answer serves several: the cache of replies, what was told of them, those who wait for the same question here, and the lead among
//! replicas.
//!
//! All of it is a hint: without it, answers cost more and say the same.

pub(super) mod caching;
pub(super) mod flights;
pub(super) mod lease;
pub mod recall;
