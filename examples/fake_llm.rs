//! Runs a provider that misbehaves on purpose, to see what a service does with it.
//!
//! ```text
//! cargo run --example fake_llm -- --faults mixed:20 --latency-ms 200
//! ```
//! It prints the variables that point bulletsmith at it. `GET /counts` shows what it was asked and what it would bill.
#![expect(clippy::print_stdout, reason = "what it prints is what it is run for")]

mod fake;

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use clap::Parser as _;
use fake::{FakeProvider, Faults};

/// A provider that misbehaves on purpose
#[derive(Debug, clap::Parser)]
struct Args {
    /// The port on loopback; 0 is any free one
    #[arg(long, default_value_t = 9099)]
    port: u16,
    /// The same seed deals the same faults to the same bullets
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What goes wrong: none, mixed:20 (all kinds in 20 calls of 100), or names such as stall,cut:50
    #[arg(long, default_value = "mixed:20")]
    faults: Faults,
    /// How long it works on each call
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Args { port, seed, faults, latency_ms } = Args::parse();
    let provider = Arc::new(FakeProvider::new(seed, faults, Duration::from_millis(latency_ms)));
    let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    let address = listener.local_addr()?;
    println!("BULLETSMITH__PROVIDERS__FAKE__KIND=openai");
    println!("BULLETSMITH__PROVIDERS__FAKE__BASE_URL=http://{address}/v1");
    println!("BULLETSMITH__PROVIDERS__FAKE__FREE=true");
    println!("BULLETSMITH__LLM__CHAIN=fake/fake");
    axum::serve(listener, fake::router(provider)).await?;
    Ok(())
}
