//! A server that is away, in time that stands still while anybody works: nobody waits for it for longer than the first.

use std::net::TcpListener;
use std::sync::Arc;

use futures_util::future::join_all;
use sqlx::postgres::PgPoolOptions;
use tokio::time::Instant;

use super::databases::Still;
use super::{NOW, limited, order};
use crate::adapters::ledger::database::DatabaseLedger;
use crate::adapters::ledger::hold;
use crate::adapters::ledger::server::ACQUIRE_TIMEOUT;
use crate::adapters::ledger::store::{Server, Store};
use crate::ports::Ledger as _;

/// The URL of a server at a port where nobody listens any more.
fn nowhere() -> String {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}

#[tokio::test(start_paused = true)]
async fn who_stands_in_line_for_a_server_that_is_away_waits_no_longer_than_the_first() {
    let options = nowhere().parse().expect("a URL");
    let store = Store::Postgres(Server::new(PgPoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT).connect_lazy_with(options)));
    let orders: Vec<_> = (1..=5).map(|id| limited(order(id, "ada", NOW, 1), [None, None, Some(10), None])).collect();
    let begun = Instant::now();
    for placed in join_all(orders.iter().map(|order| hold::place(&store, order))).await {
        placed.expect_err("nobody answers");
    }
    assert!(begun.elapsed() < ACQUIRE_TIMEOUT * 2, "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_ledger_to_be_opened_at_a_server_that_is_away_does_not_open_it_again() {
    let ledger = DatabaseLedger::at_server(&nowhere(), Arc::new(Still)).expect("a URL");
    let orders: Vec<_> = (1..=5).map(|id| order(id, "ada", NOW, 1)).collect();
    let begun = Instant::now();
    for held in join_all(orders.iter().map(|order| ledger.hold(order))).await {
        held.expect_err("nobody answers");
    }
    assert!(begun.elapsed() < ACQUIRE_TIMEOUT * 2, "{:?}", begun.elapsed());
}
