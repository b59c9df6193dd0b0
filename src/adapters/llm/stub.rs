//! What the tests of this folder put in the place of a network and a clock.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;

use super::transport::{Exchange, Transport, WireReply};
use super::wire::Wire;
use crate::domain::request::{Message, ModelRequest, Speaker};
use crate::ports::{BoxFuture, Clock, ModelError, Timestamp};

/// 2026-11-06T08:49:37Z, and no other time.
#[derive(Debug)]
pub(super) struct StubClock;

impl Clock for StubClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_793_954_977_000_000)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Gives one reply to everything and remembers what was sent.
#[derive(Debug)]
pub(super) struct StubTransport {
    reply: WireReply,
    sent: Mutex<Vec<Exchange>>,
}

impl StubTransport {
    pub(super) fn new(reply: WireReply) -> Self {
        Self { reply, sent: Mutex::default() }
    }

    /// The bodies that were sent.
    pub(super) fn sent(&self) -> Vec<Value> {
        self.exchanges().into_iter().map(|exchange| exchange.body).collect()
    }

    /// What was sent, with the paths.
    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        self.sent.lock().expect("no test panics with the lock").clone()
    }
}

impl Transport for StubTransport {
    fn send<'a>(&'a self, exchange: &'a Exchange) -> BoxFuture<'a, Result<WireReply, ModelError>> {
        self.sent.lock().expect("no test panics with the lock").push(exchange.clone());
        Box::pin(std::future::ready(Ok(self.reply.clone())))
    }
}

/// A small request that is the same each time.
pub(super) fn request() -> ModelRequest {
    let turn = |speaker, content: &str| Message { speaker, content: content.to_owned() };
    ModelRequest {
        messages: vec![turn(Speaker::System, "Rewrite."), turn(Speaker::User, "Fixed stuff")],
        schema_name: "draft",
        schema: serde_json::json!({ "type": "object" }),
        max_output_tokens: 600,
    }
}

/// That request on its way to `local/qwen`.
pub(super) fn exchange() -> Exchange {
    Exchange {
        wire: Wire::OpenAi,
        path: "/chat/completions".to_owned(),
        body: serde_json::json!({ "model": "qwen", "messages": [{ "role": "user", "content": "Fixed stuff" }] }),
        hash: request().hash(),
        model: "local/qwen".parse().expect("well formed"),
    }
}
