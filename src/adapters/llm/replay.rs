//! Answers out of a folder of recorded replies, so that a run needs no network and says the same each time.

use std::io;
use std::path::PathBuf;

use super::fixture;
use super::transport::{Exchange, Transport, WireReply};
use crate::ports::{BoxFuture, ModelError};

/// A folder of recorded replies, one file a request: `<hash>.json`.
#[derive(Debug, Clone)]
pub struct Replay {
    dir: PathBuf,
}

impl Replay {
    /// Names the folder; reads nothing yet.
    pub const fn new(dir: PathBuf) -> Self {
        Self { dir }
    }
}

impl Transport for Replay {
    fn send<'a>(&'a self, exchange: &'a Exchange) -> BoxFuture<'a, Result<WireReply, ModelError>> {
        Box::pin(async {
            let file = fixture::file(&self.dir, &exchange.hash);
            let reply = match tokio::fs::read(&file).await {
                Ok(bytes) => fixture::read(&bytes, &exchange.hash),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Err(ModelError::ReplayMiss { hash: exchange.hash.clone() });
                }
                Err(error) => Err(error.kind().to_string()),
            };
            reply.map_err(|why| ModelError::BadReply { reason: format!("recording {}.json: {why}", exchange.hash), usage: None })
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::stub::exchange;
    use super::*;

    /// What a hand-written file gives, after `change` has been at it.
    async fn replayed(change: impl FnOnce(&mut Value)) -> Result<WireReply, String> {
        let dir = tempfile::tempdir().expect("a folder");
        let mut file = json!({
            "origin": "authored", "wire": "openai", "server": "by hand", "model": "qwen", "at": "2026-11-06",
            "note": "a provider that is busy", "request_hash": exchange().hash.as_str(), "request": {},
            "reply": { "status": 429, "headers": { "Retry-After": "3" }, "text": "slow down" },
        });
        change(&mut file);
        std::fs::write(fixture::file(dir.path(), &exchange().hash), file.to_string()).expect("written");
        Replay::new(dir.path().to_owned()).send(&exchange()).await.map_err(|error| error.to_string())
    }

    async fn check_refused(change: impl FnOnce(&mut Value), expect: &str) {
        let error = replayed(change).await.expect_err(expect);
        assert!(error.contains(expect), "{error}");
        assert!(error.contains(&format!("recording {}.json", exchange().hash)), "the file is named, and not its folder: {error}");
    }

    #[tokio::test]
    async fn a_hand_written_reply_comes_with_its_status_and_headers() {
        let reply = replayed(|_| {}).await.expect("well formed");
        assert_eq!((reply.status, reply.header("retry-after"), reply.body.as_slice()), (429, Some("3"), b"slow down".as_slice()));
    }

    #[tokio::test]
    async fn a_request_that_was_never_recorded_is_a_miss_that_names_its_hash() {
        let dir = tempfile::tempdir().expect("a folder");
        for dir in [dir.path().to_owned(), dir.path().join("absent")] {
            let error = Replay::new(dir).send(&exchange()).await.expect_err("nothing recorded");
            assert!(matches!(error, ModelError::ReplayMiss { .. }) && error.to_string().contains(exchange().hash.as_str()), "{error}");
        }
    }

    #[tokio::test]
    async fn a_file_under_another_requests_name_is_refused() {
        check_refused(|file| file["request_hash"] = "0".repeat(64).into(), "request_hash is not the file's name").await;
    }

    #[tokio::test]
    async fn a_file_of_another_form_is_refused_without_quoting_it() {
        check_refused(|file| file["extra"] = json!("private"), "line 1 column").await;
        check_refused(|file| file["reply"]["status"] = json!("private"), "line 1 column").await;
        check_refused(|file| file["origin"] = json!("imagined"), "line 1 column").await;
        check_refused(|file| file["wire"] = json!("anthropic"), "line 1 column").await;
        check_refused(|file| file["at"] = json!("yesterday"), "`at` is not a date").await;
        check_refused(|file| file["reply"]["body"] = json!({}), "either `body` or `text`").await;
        check_refused(|file| file["reply"] = json!({ "status": 200 }), "either `body` or `text`").await;
        let error = replayed(|file| file["reply"]["status"] = json!("private")).await.expect_err("not a status");
        assert!(!error.contains("private"), "{error}");
    }
}
