//! A real PostgreSQL: the one that runs on this machine, or one of the test's own that it may stop and crash.
//!
//! Where there is none the tests that need it are left out; see `services`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use bulletsmith::adapters::clock::SystemClock;
use bulletsmith::ports::Clock as _;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::services::{Notice, free_port, runs, variable};

const HERE: &str = "postgres://postgres@127.0.0.1:5432/postgres";
/// How long one of the programs may take: `initdb` writes a thousand files, and a start after a crash reads its log.
const PATIENCE: Duration = Duration::from_mins(1);

static NOTICE: Notice = Notice::new();

/// The URL of a server that answers, or why there is none.
static RUNNING: OnceCell<Result<String, String>> = OnceCell::const_new();

/// What runs a server of a test's own, or why that cannot be done.
static PROGRAMS: LazyLock<Result<Programs, String>> =
    LazyLock::new(|| Programs::find().map_err(|cause| format!("the tests replicas::restart, as {cause}")));

async fn found() -> &'static Result<String, String> {
    let find = async || {
        let url = variable("TEST_DATABASE_URL").unwrap_or_else(|| HERE.to_owned());
        // The URL is not repeated: it may hold a password.
        let left_out = |error| {
            format!(
                "the tests ledger and replicas::both at PostgreSQL, as none answers ({error}): start one at 127.0.0.1:5432 or set TEST_DATABASE_URL"
            )
        };
        PgConnection::connect(&url).await.map(|_| url).map_err(left_out)
    };
    RUNNING.get_or_init(find).await
}

async fn leave_out() {
    let missing = [found().await.as_ref().err(), PROGRAMS.as_ref().err()].into_iter().flatten();
    NOTICE.give(&missing.map(String::as_str).collect::<Vec<_>>());
}

/// The URL of a database of the server on this machine whose user may make others; `None` leaves the test out.
pub(crate) async fn running() -> Option<&'static str> {
    let found = found().await;
    if found.is_err() {
        leave_out().await;
    }
    found.as_deref().ok()
}

/// The programs of a server, and who runs them.
#[derive(Debug)]
struct Programs {
    folder: PathBuf,
    servant: Option<Servant>,
}

/// A server refuses to run as root; then this user runs it, by this program.
#[derive(Debug)]
struct Servant {
    uid: u32,
    gid: u32,
    through: Vec<String>,
}

impl Programs {
    fn find() -> Result<Self, String> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|version| version.path().join("bin"));
        let path = variable("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain(versions);
        let is_whole = |folder: &PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|program| runs(folder.join(program)));
        let folder =
            folders.into_iter().find(is_whole).ok_or("there are no programs initdb, pg_ctl and postgres: install a PostgreSQL server")?;
        if id(&["-u"]) != Some(0) {
            return Ok(Self { folder, servant: None });
        }
        let cannot = "root cannot run PostgreSQL's programs as another user: install setpriv, runuser or su";
        let programs = Self { folder, servant: Some(Servant::find().ok_or(cannot)?) };
        let is_run = programs.command("postgres", Path::new("/")).arg("--version").status().is_ok_and(|status| status.success());
        if is_run { Ok(programs) } else { Err(cannot.to_owned()) }
    }

    /// One of the programs, as the user who may run it.
    fn command(&self, program: &str, home: &Path) -> Command {
        let program = self.folder.join(program);
        let mut command = match &self.servant {
            None => Command::new(program),
            Some(Servant { through, .. }) => {
                let mut command = Command::new(&through[0]);
                command.args(&through[1..]).arg(program);
                command
            }
        };
        // Nothing of a client's configuration, and a folder that this user may enter.
        command.env_remove("PGDATA").env("LC_ALL", "C").current_dir(home);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Servant {
    fn find() -> Option<Self> {
        let (name, uid, gid) = ["postgres", "nobody"].iter().find_map(|name| Some((*name, id(&["-u", name])?, id(&["-g", name])?)))?;
        let ids = [format!("--reuid={uid}"), format!("--regid={gid}")];
        let ways = [
            vec!["setpriv", &ids[0], &ids[1], "--clear-groups", "--"],
            vec!["runuser", "-u", name, "--"],
            vec!["su", "-s", "/usr/bin/env", "--", name],
        ];
        let through = ways.into_iter().find(|way| runs(way[0]))?.into_iter().map(str::to_owned).collect();
        Some(Self { uid, gid, through })
    }
}

/// A number that the program `id` tells.
fn id(args: &[&str]) -> Option<u32> {
    let told = Command::new("id").args(args).stderr(Stdio::null()).output().ok().filter(|told| told.status.success())?;
    String::from_utf8(told.stdout).ok()?.trim().parse().ok()
}

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Whoever is connected is sent away; nothing is left to be done at the next start.
    Fast,
    /// It falls, as in a crash, and the next start has to read its log.
    Immediate,
}

/// A PostgreSQL of the test's own, as durable as any other.
pub(crate) struct OwnPostgres {
    programs: &'static Programs,
    folder: TempDir,
    port: u16,
}

impl OwnPostgres {
    /// Starts one on a free port; `None` leaves the test out.
    pub(crate) async fn start() -> Option<Self> {
        let Ok(programs) = PROGRAMS.as_ref() else {
            leave_out().await;
            return None;
        };
        let own = Self { programs, folder: tempfile::tempdir().expect("a folder"), port: free_port() };
        #[cfg(unix)]
        if let Some(Servant { uid, gid, .. }) = &programs.servant {
            std::os::unix::fs::chown(own.folder.path(), Some(*uid), Some(*gid)).expect("root gives it away");
        }
        // What it writes now need not outlive the machine; what the server writes later does, as in service.
        let options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"];
        own.done("initdb", &[&options[..], &[&own.data()]].concat()).await;
        own.revive().await;
        Some(own)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops it, and waits until it has.
    pub(crate) async fn stop(&self, stop: Stop) {
        let mode = match stop {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        self.done("pg_ctl", &["stop", "--wait", "--mode", mode, "--pgdata", &self.data()]).await;
    }

    /// Starts it again with what it kept, and waits until it answers.
    pub(crate) async fn revive(&self) {
        // Without a socket in a folder, whose path may be too long for one.
        let settings = format!("-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories= -c shared_buffers=16MB", self.port);
        let log = self.folder.path().join("log").display().to_string();
        self.done("pg_ctl", &["start", "--wait", "--pgdata", &self.data(), "--log", &log, "--options", &settings]).await;
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    /// Runs one of the programs to its end.
    async fn done(&self, program: &str, args: &[&str]) {
        let mut child: Child = self.programs.command(program, self.folder.path()).args(args).spawn().expect("it starts");
        let clock = SystemClock::new();
        let status = loop {
            if let Some(status) = child.try_wait().expect("it is ours") {
                break status;
            }
            assert!(clock.elapsed() < PATIENCE, "{program} {args:?} does not end");
            clock.sleep(Duration::from_millis(10)).await;
        };
        let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(status.success(), "{program} {args:?}: {status}; {}", log());
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        let _ =
            self.programs.command("pg_ctl", self.folder.path()).args(["stop", "--mode", "immediate", "--pgdata", &self.data()]).status();
    }
}
