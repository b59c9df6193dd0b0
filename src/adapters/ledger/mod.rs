//! Where the account of every attempt is kept, and the budgets: SQLite in a file, or PostgreSQL for several machines.
//! There is no ledger that keeps none: without an account no model is called.
//!
//! One story is told to both databases in the same statements; what differs is how each is opened and who waits for whom (`store`).

pub mod database;

mod hold;
mod line;
mod settle;

mod expiry;
mod posting;
mod writer;

mod attempts;
mod hits;
mod roll_ups;

mod balances;
mod reports;

mod trials;

mod store;

mod file;
mod migrations;
mod server;

#[cfg(test)]
mod tests;
