//! Logs, one line an event on stderr, and metrics, counted in the process, for whoever runs bulletsmith.
//!
//! Text of users, prompts, replies and keys are never logged, at any level.

use std::sync::Arc;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::Level;
use tracing_subscriber::fmt;

/// For a service: warnings and errors go to stderr.
pub fn start_for_service() {
    start(Level::WARN);
}

/// For one command: errors alone, as its answer tells the rest.
pub fn start_for_command() {
    start(Level::ERROR);
}

fn start(level: Level) {
    let subscriber = fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false).with_ansi(false);
    if tracing::subscriber::set_global_default(subscriber.finish()).is_err() {
        tracing::debug!("logs were started before");
    }
}

/// Upper bounds of the buckets of every histogram, in seconds: from a cache hit to the longest request.
const SECONDS: [f64; 15] = [0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0];

/// What the process counts and times from now on.
#[derive(Debug, Clone)]
pub struct Metrics(Arc<PrometheusHandle>);

impl Metrics {
    /// Begins to count; only the first of a process can.
    pub fn start() -> Result<Self, BuildError> {
        let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?;
        builder.install_recorder().map(|handle| Self(Arc::new(handle)))
    }

    /// Everything so far, in the text format of Prometheus.
    pub fn text(&self) -> String {
        self.tidy();
        self.0.render()
    }

    /// Puts single measurements into their buckets; to be called now and then, so that they do not pile up when nobody asks for them.
    pub fn tidy(&self) {
        self.0.run_upkeep();
    }
}
