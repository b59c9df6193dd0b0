//! How a model is asked: the chain of models, one attempt, what is remembered of failures, the places at a provider, retries, and the reading of
//! replies.
//!
//! What an attempt costs is the business of `account`; that an answer may be there already is the business of `sharing`.

pub(super) mod chain;

pub(super) mod attempt;
pub(super) mod breaker;
pub(super) mod limits;
pub(super) mod places;
pub(super) mod retries;

pub(super) mod calls;
pub(super) mod overhead;
pub(super) mod presence;
pub(super) mod probe;

pub(super) mod failure;
pub(super) mod group_reply;
pub(super) mod reply;
