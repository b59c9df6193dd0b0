//! Language models behind HTTP: one way to carry bytes, one file for each wire format.
//!
//! A wire format ([`openai`], [`anthropic`], [`gemini`]) says what is sent and what the reply means; [`schema`] says in which words each of them takes
//! the form of the answer. A [`transport`] carries it: over the network ([`http`]), or over the network and into a set of recordings ([`record`]).
//! [`replay`] answers out of such a set. Nothing here retries, waits or counts money.

pub mod transport;
pub mod wire;

pub mod anthropic;
pub mod gemini;
pub mod openai;
pub mod schema;

mod answer;
mod fault;
mod reply;
mod retry_after;

pub mod http;

mod fixture;
pub mod record;
pub mod replay;

#[cfg(test)]
mod stub;
