//! The wire formats, and what has to be known of each outside of its own file.

use super::transport::{Exchange, Transport, WireReply};
use super::{anthropic, gemini, openai, reply};
use crate::ports::{Clock, Completion, ModelError, Timestamp};

/// How a provider is talked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// Chat completions, which most local servers and gateways speak as well.
    OpenAi,
    /// Messages.
    Anthropic,
    /// `generateContent`.
    Gemini,
}

impl Wire {
    /// The header that the key goes into, and what stands before the key in it.
    pub(super) const fn key_header(self) -> (&'static str, &'static str) {
        match self {
            Self::OpenAi => ("authorization", "Bearer "),
            Self::Anthropic => ("x-api-key", ""),
            Self::Gemini => ("x-goog-api-key", ""),
        }
    }

    /// The headers that every request carries, key or not.
    pub(super) const fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Anthropic => &[("anthropic-version", "2023-06-01")],
            Self::OpenAi | Self::Gemini => &[],
        }
    }

    /// What a reply of this format means. `now` is for waiting times that are given as a date.
    pub(super) fn read(self, reply: &WireReply, now: Timestamp) -> Result<Completion, ModelError> {
        match self {
            Self::OpenAi => reply::read(reply, now, openai::fault, openai::answer),
            Self::Anthropic => reply::read(reply, now, anthropic::fault, anthropic::answer),
            Self::Gemini => reply::read(reply, now, gemini::fault, gemini::answer),
        }
    }
}

/// Sends once and reads what comes back.
pub(super) async fn ask(transport: &dyn Transport, clock: &dyn Clock, exchange: Exchange) -> Result<Completion, ModelError> {
    let reply = transport.send(&exchange).await?;
    exchange.wire.read(&reply, clock.now())
}
