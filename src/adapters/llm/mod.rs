//! Language models behind HTTP: one way to carry bytes, one file for each wire format.
//!
//! A wire format ([`openai`]) says what is sent and what the reply means. A [`transport`] carries it: over the network
//! ([`http`]), out of a set of recorded replies ([`replay`]), or over the network and into such a set ([`record`]).
//! Nothing here retries, waits or counts money.

pub mod transport;

pub mod openai;
mod reply;
mod retry_after;

pub mod http;

mod fixture;
pub mod record;
pub mod replay;

#[cfg(test)]
mod stub;
