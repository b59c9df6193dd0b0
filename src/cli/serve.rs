//! `bulletsmith serve`: answers over HTTP until it is told to stop.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::session::Session;
use super::stop::{Exit, Stop};
use crate::app::{self, Tape};
use crate::telemetry::{self, Metrics};

/// How often measurements are put into their buckets when nobody asks for them, and hits of the cache into the ledger.
const TIDY: Duration = Duration::from_secs(5);

/// Answer over HTTP until told to stop
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Keep the replies of the models in this folder, for --replay
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Answer from the recorded replies of this folder; no model is asked and no key is needed
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
}

pub(super) async fn run(args: Args, session: &Session<'_>) -> Result<Exit, Stop> {
    let Args { record, replay } = args;
    session.refuse_server("serve")?;
    telemetry::start_for_service();
    let metrics = Metrics::start().map_err(Stop::Metrics)?;
    let (config, app) = session.app(&Tape::of(record, replay))?;
    config.check_exposure()?;
    let printer = session.printer();
    for notice in &app.notices {
        printer.note(notice);
    }
    if app.models.is_empty() {
        printer.note("note: no model configured; the rules engine writes");
    }
    let refused = |source| Stop::Listen { address: config.address.to_string(), source };
    let listener = TcpListener::bind(config.address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    printer.note(&format!("listening on http://{address}"));
    let (tell, mut told) = watch::channel(None);
    let clock = Arc::clone(&app.clock);
    let stop = async move {
        told_to_stop().await;
        tell.send_replace(Some(clock.elapsed()));
    };
    let exposition = {
        let metrics = metrics.clone();
        move || metrics.text()
    };
    let router = app::router(&app, &config, exposition);
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop);
    let served = tokio::select! {
        served = async { serving.await } => served,
        // Never ends.
        () = async { loop { app.clock.sleep(TIDY).await; metrics.tidy(); app.service.write_hits().await; } } => Ok(()),
        // Clients that still wait after that time are left; what was asked for them is settled below.
        () = async { drop(told.wait_for(Option::is_some).await); app.clock.sleep(config.drain).await } => Ok(()),
    };
    // Calls whose clients have gone are still billed, so they are still recorded.
    let since = told.borrow().map_or(Duration::ZERO, |begun| app.clock.elapsed().saturating_sub(begun));
    let abandoned = app.service.settle(config.drain.saturating_sub(since)).await;
    if abandoned > 0 {
        printer.note(&format!("note: {abandoned} requests did not end in time and were abandoned"));
    }
    served.map_err(Stop::Serve)?;
    Ok(Exit::Done)
}

/// Returns at SIGTERM or ctrl-c. A signal that cannot be listened for never comes.
async fn told_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
