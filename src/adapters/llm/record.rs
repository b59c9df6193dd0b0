//! Passes exchanges on and keeps each good reply as a file, for [`super::replay`] to answer from later.
//!
//! A file holds the request in full, the user's text with it: recording is the user's own choice.
//! Request headers, and the key with them, never reach this place. Only the owner can read what is written.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::fs;
use tokio::io::AsyncWriteExt as _;

use super::fixture;
use super::transport::{Exchange, Transport, WireReply};
use crate::ports::{BoxFuture, Clock, ModelError, Served, Timestamp};

/// A transport with a recorder in front.
#[derive(Debug)]
pub struct Record {
    inner: Arc<dyn Transport>,
    dir: PathBuf,
    server: String,
    clock: Arc<dyn Clock>,
    written: AtomicU64,
}

impl Record {
    /// Records what `inner` answers into the folder, which is made when it is first needed; `server` says who answers.
    pub fn new(inner: Arc<dyn Transport>, dir: PathBuf, server: String, clock: Arc<dyn Clock>) -> Self {
        Self { inner, dir, server, clock, written: AtomicU64::new(0) }
    }

    /// Makes the folder, writes an empty file into it and removes it again, so that a folder that cannot be written is told before anything was
    /// paid for. Blocks: for the start alone.
    pub fn probe(&self) -> io::Result<()> {
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&self.dir)?;
        let draft = self.draft("probe");
        std::fs::write(&draft, "")?;
        std::fs::remove_file(&draft)
    }

    /// A name that no other exchange of this or another process writes to.
    fn draft(&self, name: &str) -> PathBuf {
        let count = self.written.fetch_add(1, Ordering::Relaxed);
        self.dir.join(format!(".{name}.{}.{count}.tmp", std::process::id()))
    }

    /// What was billed for this reply.
    fn served(&self, exchange: &Exchange, reply: &WireReply) -> Served {
        match exchange.wire.read(reply, self.clock.now()) {
            Ok(completion) => completion.served,
            Err(error) => error.served().cloned().unwrap_or_default(),
        }
    }

    /// Under another name first: whoever reads the folder finds a whole file or none.
    async fn keep(&self, exchange: &Exchange, reply: &WireReply) -> io::Result<()> {
        let file = fixture::file(&self.dir, &exchange.hash);
        let before = fs::read(&file).await.ok();
        let bytes = fixture::write(exchange, reply, &self.server, rfc3339(self.clock.now()), before.as_deref())?;
        make_folder(&self.dir).await?;
        let draft = self.draft(exchange.hash.as_str());
        let kept = replace(&draft, &bytes, &file).await;
        if kept.is_err() {
            // The first failure is the one to tell; a draft that is left over is only untidy.
            let _ = fs::remove_file(&draft).await;
        }
        kept
    }
}

async fn replace(draft: &Path, bytes: &[u8], file: &Path) -> io::Result<()> {
    let mut open = create(draft).await?;
    open.write_all(bytes).await?;
    // Written is not kept until the system says so; the money for it is gone already.
    open.sync_all().await?;
    fs::rename(draft, file).await
}

/// For the owner alone: it will hold a person's bullets.
async fn create(file: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(file).await
}

async fn make_folder(dir: &Path) -> io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    folder.mode(0o700);
    folder.create(dir).await
}

impl Transport for Record {
    fn send<'a>(&'a self, exchange: &'a Exchange) -> BoxFuture<'a, Result<WireReply, ModelError>> {
        Box::pin(async {
            let reply = self.inner.send(exchange).await?;
            if (200..300).contains(&reply.status) {
                // A recording is what this run is for: a run that goes on without one would only look well. What was billed is told all the same.
                // The folder is not named: clients of a service read this.
                self.keep(exchange, &reply).await.map_err(|error| ModelError::Unrecorded {
                    reason: error.kind().to_string(),
                    served: Box::new(self.served(exchange, &reply)),
                })?;
            }
            Ok(reply)
        })
    }
}

/// `2026-11-06T08:49:37Z`, whole seconds.
fn rfc3339(Timestamp(micros): Timestamp) -> String {
    let seconds = micros.div_euclid(1_000_000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
}

/// The date of a day counted from 1970-01-01, by Howard Hinnant's `civil_from_days`: years begin in March, so that a leap day ends one.
const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::replay::Replay;
    use super::super::stub::{StubClock, StubTransport, exchange, request};
    use super::super::wire::Wire;
    use super::*;
    use crate::ports::ChatModel as _;

    fn recorder(reply: WireReply, dir: &Path) -> Record {
        Record::new(Arc::new(StubTransport::new(reply)), dir.to_owned(), "llama.cpp".to_owned(), Arc::new(StubClock))
    }

    fn names(dir: &Path) -> Vec<String> {
        std::fs::read_dir(dir)
            .expect("the folder is there")
            .map(|entry| entry.expect("read").file_name().into_string().expect("text"))
            .collect()
    }

    #[tokio::test]
    async fn what_was_recorded_is_replayed_with_the_same_meaning() {
        let parent = tempfile::tempdir().expect("a folder");
        let dir = parent.path().join("new/set");
        let tape = Replay::new("replay/replay".parse().expect("well formed"), dir.clone(), Arc::new(StubClock));
        let whole = r#"{"choices":[{"message":{"content":"ü"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#;
        for body in [whole, r#"{"choices":[]}"#, "<p>not JSON</p>", "null", ""] {
            let reply = WireReply::new(200, [("content-type", "x"), ("set-cookie", "session=1")], body.into());
            let passed = recorder(reply.clone(), &dir).send(&exchange()).await.expect("passed on");
            assert_eq!(passed, reply);
            let (live, replayed) = (Wire::OpenAi.read(&reply, Timestamp(0)), tape.ask(&request()).await);
            assert_eq!(format!("{live:?}"), format!("{replayed:?}"));
            assert_eq!(names(&dir), [format!("{}.json", exchange().hash)], "no draft is left over");
        }
    }

    #[tokio::test]
    async fn a_recording_says_who_answered_whom_and_when() {
        let dir = tempfile::tempdir().expect("a folder");
        let reply = WireReply::new(200, [("content-type", "application/json")], br#"{"choices":[]}"#.to_vec());
        recorder(reply, dir.path()).send(&exchange()).await.expect("passed on");
        let bytes = std::fs::read(fixture::file(dir.path(), &exchange().hash)).expect("recorded");
        let expect = json!({
            "origin": "recorded",
            "wire": "openai",
            "server": "llama.cpp",
            "model": "qwen",
            "path": "/chat/completions",
            "at": "2026-11-06T08:49:37Z",
            "request_hash": exchange().hash.as_str(),
            "request": exchange().body,
            "reply": { "status": 200, "headers": { "content-type": "application/json" }, "body": { "choices": [] } },
        });
        assert_eq!(serde_json::from_slice::<Value>(&bytes).expect("JSON"), expect);
    }

    #[tokio::test]
    async fn a_failure_is_passed_on_and_not_recorded() {
        let dir = tempfile::tempdir().expect("a folder");
        let none = [("", ""); 0];
        let reply = recorder(WireReply::new(503, none, vec![]), dir.path()).send(&exchange()).await.expect("passed on");
        assert_eq!(reply.status, 503);
        assert!(names(dir.path()).is_empty());
    }

    #[tokio::test]
    async fn a_recording_that_cannot_be_written_fails_the_exchange_and_keeps_the_folder_to_itself() {
        let parent = tempfile::tempdir().expect("a folder");
        let dir = parent.path().join("file");
        std::fs::write(&dir, "").expect("written");
        let body = br#"{"model":"m-1","choices":[{"message":{"content":"{}"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#;
        let recorder = recorder(WireReply::new(200, [("", "")], body.to_vec()), &dir);
        recorder.probe().expect_err("a file is no folder");
        let error = recorder.send(&exchange()).await.expect_err("a file is no folder");
        let ModelError::Unrecorded { served, .. } = &error else { panic!("{error:?}") };
        let usage = served.usage.expect("what was paid is not lost");
        assert_eq!((usage.input(), usage.output(), served.model.as_deref()), (Some(3), Some(1), Some("m-1")));
        assert!(!error.to_string().contains(&dir.display().to_string()), "{error}");
    }

    #[tokio::test]
    async fn a_note_survives_a_refresh_from_the_same_model_and_no_other() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = fixture::file(dir.path(), &exchange().hash);
        let read = || serde_json::from_slice::<Value>(&std::fs::read(&file).expect("recorded")).expect("JSON");
        let reply = WireReply::new(200, [("", "")], b"{}".to_vec());
        recorder(reply.clone(), dir.path()).send(&exchange()).await.expect("passed on");
        let mut noted = read();
        noted["note"] = json!("Q4_K_M, temperature 0");
        std::fs::write(&file, noted.to_string()).expect("written");
        recorder(reply.clone(), dir.path()).send(&exchange()).await.expect("passed on");
        assert_eq!(read()["note"], "Q4_K_M, temperature 0");
        let other = Exchange { model: "local/other".parse().expect("well formed"), ..exchange() };
        recorder(reply, dir.path()).send(&other).await.expect("passed on");
        assert_eq!(read().get("note"), None);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_can_read_a_recording() {
        use std::os::unix::fs::PermissionsExt as _;
        let parent = tempfile::tempdir().expect("a folder");
        let dir = parent.path().join("new");
        let recorder = recorder(WireReply::new(200, [("", "")], b"{}".to_vec()), &dir);
        recorder.probe().expect("can be written");
        assert!(names(&dir).is_empty(), "the probe leaves nothing");
        recorder.send(&exchange()).await.expect("passed on");
        let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&dir), mode(&fixture::file(&dir, &exchange().hash))), (0o700, 0o600));
    }

    #[test]
    fn a_timestamp_is_written_as_a_date_with_leap_days_and_turns_of_the_year() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(rfc3339(Timestamp(seconds * 1_000_000 + 999_999)), text);
        }
    }
}
