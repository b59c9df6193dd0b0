//! Answers out of a folder of recorded replies, so that a run needs no network and says the same each time.
//!
//! Each file says in which wire format it was recorded, so that one folder may hold the replies of every kind of provider.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::fixture;
use super::transport::WireReply;
use super::wire::Wire;
use crate::domain::request::{ModelId, ModelRequest, RequestHash};
use crate::ports::{BoxFuture, ChatModel, Clock, Completion, ModelError};

/// A model that is a folder of recorded replies, one file a request: `<hash>.json`.
#[derive(Debug, Clone)]
pub struct Replay {
    id: ModelId,
    dir: PathBuf,
    clock: Arc<dyn Clock>,
}

impl Replay {
    /// Names the folder; reads nothing yet. The clock is for waiting times that were recorded as a date.
    pub fn new(id: ModelId, dir: PathBuf, clock: Arc<dyn Clock>) -> Self {
        Self { id, dir, clock }
    }

    async fn find(&self, hash: &RequestHash) -> Result<(Wire, WireReply), ModelError> {
        let reply = match tokio::fs::read(fixture::file(&self.dir, hash)).await {
            Ok(bytes) => fixture::read(&bytes, hash),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ModelError::ReplayMiss { hash: hash.clone() }),
            Err(error) => Err(error.kind().to_string()),
        };
        reply.map_err(|why| ModelError::BadReply { reason: format!("recording {hash}.json: {why}"), served: Box::default() })
    }
}

impl ChatModel for Replay {
    fn id(&self) -> &ModelId {
        &self.id
    }

    fn ask<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(async {
            let (wire, reply) = self.find(&request.hash()).await?;
            wire.read(&reply, self.clock.now())
        })
    }

    fn is_recorded(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::stub::{StubClock, exchange, request};
    use super::*;

    fn replay(dir: PathBuf) -> Replay {
        Replay::new("replay/replay".parse().expect("well formed"), dir, Arc::new(StubClock))
    }

    /// What a hand-written file gives, after `change` has been at it.
    async fn replayed(change: impl FnOnce(&mut Value)) -> Result<(Wire, WireReply), String> {
        let dir = tempfile::tempdir().expect("a folder");
        let mut file = json!({
            "origin": "authored", "wire": "openai", "server": "by hand", "model": "qwen", "at": "2026-11-06",
            "note": "a provider that is busy", "request_hash": exchange().hash.as_str(), "request": {},
            "reply": { "status": 429, "headers": { "Retry-After": "3" }, "text": "slow down" },
        });
        change(&mut file);
        std::fs::write(fixture::file(dir.path(), &exchange().hash), file.to_string()).expect("written");
        replay(dir.path().to_owned()).find(&exchange().hash).await.map_err(|error| error.to_string())
    }

    async fn check_refused(change: impl FnOnce(&mut Value), expect: &str) {
        let error = replayed(change).await.expect_err(expect);
        assert!(error.contains(expect), "{error}");
        assert!(error.contains(&format!("recording {}.json", exchange().hash)), "the file is named, and not its folder: {error}");
    }

    #[tokio::test]
    async fn a_hand_written_reply_comes_with_its_status_and_headers() {
        let (wire, reply) = replayed(|_| {}).await.expect("well formed");
        assert_eq!(wire, Wire::OpenAi);
        assert_eq!((reply.status, reply.header("retry-after"), reply.body.as_slice()), (429, Some("3"), b"slow down".as_slice()));
    }

    #[tokio::test]
    async fn a_request_that_was_never_recorded_is_a_miss_that_names_its_hash() {
        let dir = tempfile::tempdir().expect("a folder");
        for dir in [dir.path().to_owned(), dir.path().join("absent")] {
            let error = replay(dir).ask(&request()).await.expect_err("nothing recorded");
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
        check_refused(|file| file["wire"] = json!("smoke"), "line 1 column").await;
        check_refused(|file| file["at"] = json!("yesterday"), "`at` is not a date").await;
        check_refused(|file| file["reply"]["body"] = json!({}), "either `body` or `text`").await;
        check_refused(|file| file["reply"] = json!({ "status": 200 }), "either `body` or `text`").await;
        let error = replayed(|file| file["reply"]["status"] = json!("private")).await.expect_err("not a status");
        assert!(!error.contains("private"), "{error}");
    }

    #[tokio::test]
    async fn a_recording_is_read_in_the_wire_format_that_it_names() {
        let usage = json!({ "input_tokens": 7, "output_tokens": 2 });
        let anthropic =
            json!({ "model": "claude-1", "stop_reason": "end_turn", "content": [{ "type": "text", "text": "{}" }], "usage": usage });
        let gemini =
            json!({ "modelVersion": "gemini-1", "candidates": [{ "finishReason": "STOP", "content": { "parts": [{ "text": "{}" }] } }] });
        let openai = json!({ "model": "gpt-1", "choices": [{ "message": { "content": "{}" } }] });
        for (wire, body, model) in [("anthropic", anthropic, "claude-1"), ("gemini", gemini, "gemini-1"), ("openai", openai, "gpt-1")] {
            let dir = tempfile::tempdir().expect("a folder");
            let file = json!({
                "origin": "authored", "wire": wire, "server": "by hand", "model": "m", "path": "/x", "at": "2026-11-06",
                "request_hash": exchange().hash.as_str(), "request": {}, "reply": { "status": 200, "body": body },
            });
            std::fs::write(fixture::file(dir.path(), &exchange().hash), file.to_string()).expect("written");
            let said = replay(dir.path().to_owned()).ask(&request()).await.expect("a complete answer");
            assert_eq!((said.text.as_str(), said.served.model.as_deref()), ("{}", Some(model)));
        }
    }
}
