//! The real binary in a folder of its own, with an environment that holds nothing but what the test puts there.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The binary, and the folder it calls home.
pub(crate) struct Binary {
    home: TempDir,
    variables: Vec<(String, String)>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    /// Its data as one JSON document.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Its data as one JSON document a line.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }
}

impl Binary {
    pub(crate) fn new() -> Self {
        // Nobody judges what a script says, unless a test wants it.
        let variables = vec![("BULLETSMITH__LLM__JUDGE".to_owned(), "none".to_owned())];
        Self { home: TempDir::new().expect("a folder"), variables }
    }

    /// The same with a variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Puts a file into the folder and gives its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.home().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bulletsmith"));
        command.args(args).current_dir(self.home()).env_clear().env("HOME", self.home()).envs(self.variables.iter().cloned());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs with nothing to read.
    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        self.feed(args, "")
    }

    /// Runs with this to read.
    pub(crate) fn feed(&self, args: &[&str], input: &str) -> Ended {
        let mut child = self.command(args).spawn().expect("the binary starts");
        let mut stdin = child.stdin.take().expect("piped");
        // A command that reads nothing may be gone before all is written.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Serves on a free port until the value is dropped.
    pub(crate) fn serve(&self, args: &[&str]) -> Serving {
        let mut command = self.command(&[&["serve"], args].concat());
        let mut child = command.env("BULLETSMITH__SERVER__ADDRESS", "127.0.0.1:0").spawn().expect("the binary starts");
        let mut err = BufReader::new(child.stderr.take().expect("piped"));
        let mut told = String::new();
        let url = loop {
            let begin = told.len();
            assert_ne!(err.read_line(&mut told).expect("UTF-8"), 0, "it ended before it listened: {told}");
            if let Some(url) = told[begin..].trim_end().strip_prefix("listening on ") {
                break url.to_owned();
            }
        };
        Serving { child, url, told, _err: err }
    }
}

/// The binary, serving; killed when dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) url: String,
    /// What it said before it listened.
    pub(crate) told: String,
    /// Kept open, so that a late word of the child does not end it.
    _err: BufReader<std::process::ChildStderr>,
}

impl Serving {
    /// Asks it to stop, as a service manager does, and waits until it has.
    #[cfg(unix)]
    pub(crate) fn terminate(mut self) -> std::process::ExitStatus {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill is there");
        assert!(told.success());
        self.child.wait().expect("it ends")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
