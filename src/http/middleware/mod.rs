//! What every request passes on its way in and every answer on its way out.
//!
//! Outermost first, as `stack` puts them together: the request id, which also finishes problem documents; the time it
//! took; the net for panics; the Host rule; the Accept rule; then, for single routes, the key and the deadline.
//! The net for panics lies inside the first two, so that its answer has a request id and a duration like any other.

mod request_id;
mod timing;

mod panics;

mod accept;
mod host;

mod auth;
mod deadline;

mod fallback;

pub(super) use accept::{Media, Offers, check_accept};
pub(super) use auth::{Asker, check_key};
pub(super) use deadline::keep_deadline;
pub(super) use fallback::{method_not_allowed, not_found};
pub(super) use host::check_host;
pub(super) use panics::catch_panic;
pub(super) use request_id::{RequestId, name_request};
pub(super) use timing::time_request;
