//! A real Redis: the one that runs on this machine, or one of the test's own that it may kill.
//!
//! Where there is none the tests that need it are left out; see `services`.

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bulletsmith::adapters::cache::redis::Redis;
use bulletsmith::adapters::clock::SystemClock;
use bulletsmith::domain::request::{CacheKey, ModelRequest};
use bulletsmith::ports::Clock as _;
use uuid::Uuid;

use super::services::{Notice, free_port, runs, variable};

/// How long entries of the tests live.
pub(crate) const KEEP: Duration = Duration::from_mins(1);

/// Longer than in service, as the machine may be busy with other tests.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How long a server of a test's own may take to answer or to end.
const START: Duration = Duration::from_secs(10);

static NOTICE: Notice = Notice::new();

/// The URL of a Redis that answers, or why there is none.
static RUNNING: LazyLock<Result<String, String>> = LazyLock::new(|| {
    let url = variable("TEST_REDIS_URL").unwrap_or_else(|| "redis://127.0.0.1:6379".to_owned());
    if answers(&url) {
        return Ok(url);
    }
    // The URL is not repeated: it may hold a password.
    Err("the tests replicas::redis, replicas::both and one of replicas::binary, as no Redis answers: start one at 127.0.0.1:6379 or set TEST_REDIS_URL"
        .to_owned())
});

/// The program is there, or why not.
static PROGRAM: LazyLock<Result<(), String>> = LazyLock::new(|| {
    let missing = "the tests replicas::outage and one of replicas::binary, as there is no program redis-server: install it";
    if runs("redis-server") { Ok(()) } else { Err(missing.to_owned()) }
});

fn leave_out() {
    let missing = [RUNNING.as_ref().err(), PROGRAM.as_ref().err()].into_iter().flatten();
    NOTICE.give(&missing.map(String::as_str).collect::<Vec<_>>());
}

fn answers(url: &str) -> bool {
    let client = redis::Client::open(url).expect("the URL of a Redis");
    let connection = client.get_connection_with_timeout(Duration::from_secs(2));
    connection.is_ok_and(|mut connection| redis::cmd("PING").query::<String>(&mut connection).is_ok())
}

/// The URL of the Redis of this machine; `None` leaves the test out.
pub(crate) fn running() -> Option<&'static str> {
    RUNNING.as_deref().inspect_err(|_| leave_out()).ok()
}

/// The adapter, at this Redis.
pub(crate) fn adapter(url: &str) -> Arc<Redis> {
    Arc::new(Redis::new(url, KEEP, TIMEOUT, Arc::new(SystemClock::new())).expect("the URL of a Redis"))
}

/// A key that no other test has, nor another run of this one.
pub(crate) fn new_key() -> CacheKey {
    let request = ModelRequest { messages: vec![], schema_name: "draft", schema: serde_json::json!({}), max_output_tokens: 1 }.digest();
    let (model, prompt) = ("p/m".parse().expect("well formed"), "rewrite@1".parse().expect("well formed"));
    CacheKey::new(&model, &request, &prompt, "sha", "rules", &new_name())
}

/// A word that no other test has, nor another run of this one.
#[expect(clippy::disallowed_methods, reason = "tests of one Redis must not meet in it")]
pub(crate) fn new_name() -> String {
    Uuid::now_v7().simple().to_string()
}

/// A Redis of the test's own, that keeps nothing on disk.
pub(crate) struct OwnRedis {
    port: u16,
    server: Option<Child>,
}

impl OwnRedis {
    /// Starts one on a free port; `None` leaves the test out.
    pub(crate) async fn start() -> Option<Self> {
        PROGRAM.as_ref().inspect_err(|_| leave_out()).ok()?;
        let mut own = Self { port: free_port(), server: None };
        own.revive().await;
        Some(own)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts it again, empty.
    pub(crate) async fn revive(&mut self) {
        let mut command = Command::new("redis-server");
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        let server = command.current_dir(std::env::temp_dir()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.server = Some(server.expect("redis-server starts"));
        let clock = SystemClock::new();
        while !answers(&self.url()) {
            assert!(clock.elapsed() < START, "redis-server does not answer");
            clock.sleep(Duration::from_millis(20)).await;
        }
    }

    /// Kills it outright.
    pub(crate) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().expect("it runs");
            server.wait().expect("it ends");
        }
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}
