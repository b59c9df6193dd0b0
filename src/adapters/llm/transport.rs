//! What carries one request to a provider and one reply back, so that the wire formats need not know a network.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::wire::Wire;
use crate::domain::request::{ModelId, RequestHash};
use crate::ports::{BoxFuture, ModelError};

/// The reply headers that decide anything; no other is kept, so that none can leak into a recording.
const KEPT_HEADERS: [&str; 5] = ["content-type", "retry-after", "retry-after-ms", "x-should-retry", "x-gemini-service-tier"];

/// Carries one exchange.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends once and returns the reply whatever its status is; an error means that there is no reply to read.
    fn send<'a>(&'a self, exchange: &'a Exchange) -> BoxFuture<'a, Result<WireReply, ModelError>>;
}

/// One request as it goes onto the wire, with what it is known by on our side.
#[derive(Clone)]
pub struct Exchange {
    /// The wire format that the body is of and the reply will be.
    pub wire: Wire,
    /// What follows the provider's base URL, with its slash: `/chat/completions`.
    pub path: String,
    /// The JSON body.
    pub body: Value,
    /// What a recorded reply is found by.
    pub hash: RequestHash,
    /// The model that is asked.
    pub model: ModelId,
}

/// Never shows the body: it holds the user's text.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wire: _, path, body: _, hash, model } = self;
        write!(f, "Exchange({model}, {path}, {hash})")
    }
}

/// One reply as it came off the wire.
#[derive(Clone, PartialEq, Eq)]
pub struct WireReply {
    /// HTTP status.
    pub status: u16,
    /// Those of the headers that decide anything, by lower-case name.
    headers: BTreeMap<String, String>,
    /// The body, all of it.
    pub body: Vec<u8>,
}

impl WireReply {
    /// A reply with those of these headers that decide anything.
    pub fn new<N: AsRef<str>, V: Into<String>>(status: u16, headers: impl IntoIterator<Item = (N, V)>, body: Vec<u8>) -> Self {
        let headers = headers.into_iter().map(|(name, value)| (name.as_ref().to_ascii_lowercase(), value.into()));
        Self { status, headers: headers.filter(|(name, _)| KEPT_HEADERS.contains(&name.as_str())).collect(), body }
    }

    /// The value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The headers that were kept.
    pub const fn headers(&self) -> &BTreeMap<String, String> {
        &self.headers
    }
}

/// Never shows the body: it holds what the model wrote about the user.
impl fmt::Debug for WireReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, headers, body } = self;
        write!(f, "WireReply({status}, {headers:?}, {} bytes)", body.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_keeps_the_headers_that_decide_anything_and_no_other() {
        let reply = WireReply::new(429, [("Retry-After", "3"), ("Set-Cookie", "session=1"), ("x-request-id", "r")], vec![]);
        assert_eq!(reply.header("retry-after"), Some("3"));
        assert_eq!(reply.headers().len(), 1);
    }

    #[test]
    fn bodies_do_not_stand_in_a_debug_print() {
        let reply = WireReply::new(200, [("content-type", "application/json")], b"private".to_vec());
        assert_eq!(format!("{reply:?}"), r#"WireReply(200, {"content-type": "application/json"}, 7 bytes)"#);
    }
}
