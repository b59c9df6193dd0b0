//! What some tests need and a machine may lack: a running PostgreSQL and its programs, a running Redis and its program.
//!
//! Tests that lack something are left out, and one line for each service says which and what to do; with `BULLETSMITH_REQUIRE_SERVICES=1` they fail
//! instead.

use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::Once;

/// A variable of the test's own environment.
#[expect(clippy::disallowed_methods, reason = "which services a test may use is told by the environment of the test")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The one line about a service.
#[derive(Debug)]
pub(crate) struct Notice(Once);

impl Notice {
    pub(crate) const fn new() -> Self {
        Self(Once::new())
    }

    /// Says what is missing, the first time; past the capture of the test's output, which keeps to itself what a passing test says.
    pub(crate) fn give(&self, missing: &[&str]) {
        let line = format!("left out: {}; .ci/run installs and starts what is missing", missing.join("; "));
        assert_ne!(variable("BULLETSMITH_REQUIRE_SERVICES").as_deref(), Some("1"), "no test may be left out; {line}");
        self.0.call_once(|| drop(std::io::stderr().write_all(format!("{line}\n").as_bytes())));
    }
}

/// Whether this program is there and can say its version.
pub(crate) fn runs(program: impl AsRef<std::ffi::OsStr>) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// A port of loopback that nobody listens at.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}
