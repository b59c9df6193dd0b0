//! What a reply looks like in a store outside this process: compact JSON with a version, never larger than a limit.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::cost::PicoUsd;
use crate::ports::{CachedReply, Timestamp};

/// The form that is written here. Another release may write another one, which is then not ours to read.
const VERSION: u32 = 2;

/// The most bytes that are kept or read; an answer of the token limit has a tenth of it.
const MOST: usize = 256 << 10;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    v: u32,
    /// Microseconds since the Unix epoch.
    at: i64,
    /// Pico-dollars.
    cost: u64,
    #[serde(borrow)]
    model: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Versioned {
    v: u32,
}

/// Why a value is no reply.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoReply {
    /// Another release has written it.
    OtherVersion,
    /// It is not what anybody writes here.
    Corrupt,
}

/// The bytes to store; `None` when they are too many.
pub(super) fn write(reply: &CachedReply) -> Option<Vec<u8>> {
    let CachedReply { text, served_model, cost, kept_at } = reply;
    let model = served_model.as_deref().map(Cow::Borrowed);
    let stored = Stored { v: VERSION, at: kept_at.0, cost: cost.get(), model, text: Cow::Borrowed(text.as_str()) };
    serde_json::to_vec(&stored).ok().filter(|bytes| bytes.len() <= MOST)
}

/// The reply that these bytes are.
pub(super) fn read(bytes: &[u8]) -> Result<CachedReply, NoReply> {
    if bytes.len() > MOST {
        return Err(NoReply::Corrupt);
    }
    match serde_json::from_slice::<Stored<'_>>(bytes) {
        Ok(Stored { v: VERSION, at, cost, model, text }) => {
            let (text, served_model) = (text.into_owned(), model.map(Cow::into_owned));
            Ok(CachedReply { text, served_model, cost: PicoUsd::new(cost), kept_at: Timestamp(at) })
        }
        _ => match serde_json::from_slice::<Versioned>(bytes) {
            Ok(Versioned { v }) if v != VERSION => Err(NoReply::OtherVersion),
            _ => Err(NoReply::Corrupt),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> CachedReply {
        CachedReply { text: text.to_owned(), served_model: Some("m-1".to_owned()), cost: PicoUsd::new(9), kept_at: Timestamp(7) }
    }

    #[test]
    fn a_reply_comes_back_as_it_was_written() {
        for text in ["", "Cut \"build\" time\nby 40 %", "été \u{1F680}"] {
            let mut reply = reply(text);
            assert_eq!(read(&write(&reply).expect("small")), Ok(reply.clone()));
            reply.served_model = None;
            assert_eq!(read(&write(&reply).expect("small")), Ok(reply));
        }
        assert_eq!(write(&reply("a")).expect("small"), br#"{"v":2,"at":7,"cost":9,"model":"m-1","text":"a"}"#);
    }

    #[test]
    fn what_is_too_large_is_neither_written_nor_read() {
        assert_eq!(write(&reply(&"a".repeat(MOST))), None);
        let planted = format!(r#"{{"v":2,"at":7,"cost":9,"model":null,"text":"{}"}}"#, "a".repeat(MOST));
        assert_eq!(read(planted.as_bytes()), Err(NoReply::Corrupt));
    }

    #[test]
    fn what_nobody_writes_here_is_corrupt_and_a_later_form_is_not() {
        let whole = write(&reply("a")).expect("small");
        for bad in [
            &b""[..],
            b"null",
            b"{}",
            b"\xff",
            &whole[..whole.len() - 1],
            br#"{"v":2,"at":7,"cost":9,"model":null}"#,
            br#"{"v":2,"at":7,"cost":-9,"model":null,"text":"a"}"#,
            br#"{"v":2,"at":7,"cost":9,"model":null,"text":"a","x":1}"#,
        ] {
            assert_eq!(read(bad), Err(NoReply::Corrupt), "{}", String::from_utf8_lossy(bad));
        }
        assert_eq!(read(br#"{"v":3,"body":"a"}"#), Err(NoReply::OtherVersion));
    }
}
