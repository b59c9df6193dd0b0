//! Where the account of every attempt is kept. There is no ledger that keeps none: without an account no model is called.

pub mod sqlite;

mod file;
mod migrations;
