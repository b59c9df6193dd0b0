//! What a reply looks like in a store outside this process: compact JSON with a version, never larger than a limit.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::cost::PicoUsd;
use crate::domain::judgement::CaseSaid;
use crate::ports::{CachedReply, Judgement, Timestamp};

/// The form that is written here. Another release may write another one, which is then not ours to read.
const VERSION: u32 = 3;

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
    #[serde(borrow)]
    judgement: Option<StoredJudgement<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredJudgement<'a> {
    /// `provider/model`.
    #[serde(borrow)]
    by: Cow<'a, str>,
    #[serde(borrow)]
    model: Option<Cow<'a, str>>,
    #[serde(borrow)]
    prompt: Cow<'a, str>,
    #[serde(borrow)]
    sha256: Cow<'a, str>,
    said: Cow<'a, CaseSaid>,
}

impl<'a> StoredJudgement<'a> {
    fn of(judgement: &'a Judgement) -> Self {
        let Judgement { model, served_model, prompt_ref, prompt_sha256, said } = judgement;
        Self {
            by: model.to_string().into(),
            model: served_model.as_deref().map(Cow::Borrowed),
            prompt: prompt_ref.to_string().into(),
            sha256: prompt_sha256.into(),
            said: Cow::Borrowed(said),
        }
    }

    fn read(self) -> Option<Judgement> {
        let Self { by, model, prompt, sha256, said } = self;
        Some(Judgement {
            model: by.parse().ok()?,
            served_model: model.map(Cow::into_owned),
            prompt_ref: prompt.parse().ok()?,
            prompt_sha256: sha256.into_owned(),
            said: said.into_owned(),
        })
    }
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
    let CachedReply { text, served_model, cost, kept_at, judgement } = reply;
    let (model, judgement) = (served_model.as_deref().map(Cow::Borrowed), judgement.as_ref().map(StoredJudgement::of));
    let stored = Stored { v: VERSION, at: kept_at.0, cost: cost.get(), model, text: Cow::Borrowed(text.as_str()), judgement };
    serde_json::to_vec(&stored).ok().filter(|bytes| bytes.len() <= MOST)
}

/// The reply that these bytes are.
pub(super) fn read(bytes: &[u8]) -> Result<CachedReply, NoReply> {
    if bytes.len() > MOST {
        return Err(NoReply::Corrupt);
    }
    match serde_json::from_slice::<Stored<'_>>(bytes) {
        Ok(Stored { v: VERSION, at, cost, model, text, judgement }) => {
            let (text, served_model) = (text.into_owned(), model.map(Cow::into_owned));
            let judgement = judgement.map(|judgement| judgement.read().ok_or(NoReply::Corrupt)).transpose()?;
            Ok(CachedReply { text, served_model, cost: PicoUsd::new(cost), kept_at: Timestamp(at), judgement })
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
        CachedReply {
            text: text.to_owned(),
            served_model: Some("m-1".to_owned()),
            cost: PicoUsd::new(9),
            kept_at: Timestamp(7),
            judgement: None,
        }
    }

    fn judgement() -> Judgement {
        let said = r#"[null,{"whole":{"quote":"a \"b\"","at_fault":"","supported":true},"items":[null]}]"#;
        Judgement {
            model: "p/org/m".parse().expect("well formed"),
            served_model: None,
            prompt_ref: "judge@1".parse().expect("well formed"),
            prompt_sha256: "ab".to_owned(),
            said: serde_json::from_str(said).expect("well formed"),
        }
    }

    #[test]
    fn a_reply_comes_back_as_it_was_written() {
        for text in ["", "Cut \"build\" time\nby 40 %", "été \u{1F680}"] {
            let mut reply = reply(text);
            assert_eq!(read(&write(&reply).expect("small")), Ok(reply.clone()));
            reply.served_model = None;
            assert_eq!(read(&write(&reply).expect("small")), Ok(reply.clone()));
            reply.judgement = Some(judgement());
            assert_eq!(read(&write(&reply).expect("small")), Ok(reply));
        }
        assert_eq!(write(&reply("a")).expect("small"), br#"{"v":3,"at":7,"cost":9,"model":"m-1","text":"a","judgement":null}"#);
    }

    #[test]
    fn what_is_too_large_is_neither_written_nor_read() {
        assert_eq!(write(&reply(&"a".repeat(MOST))), None);
        let planted = format!(r#"{{"v":3,"at":7,"cost":9,"model":null,"text":"{}","judgement":null}}"#, "a".repeat(MOST));
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
            br#"{"v":3,"at":7,"cost":9,"model":null,"judgement":null}"#,
            br#"{"v":3,"at":7,"cost":-9,"model":null,"text":"a","judgement":null}"#,
            br#"{"v":3,"at":7,"cost":9,"model":null,"text":"a","judgement":null,"x":1}"#,
            br#"{"v":3,"at":7,"cost":9,"model":null,"text":"a","judgement":{"by":"p/m","model":null,"prompt":"judge","sha256":"","said":[]}}"#,
            br#"{"v":3,"at":7,"cost":9,"model":null,"text":"a","judgement":{"by":"p/m"}}"#,
        ] {
            assert_eq!(read(bad), Err(NoReply::Corrupt), "{}", String::from_utf8_lossy(bad));
        }
        for other in [&br#"{"v":2,"at":7,"cost":9,"model":null,"text":"a"}"#[..], br#"{"v":4,"body":"a"}"#] {
            assert_eq!(read(other), Err(NoReply::OtherVersion));
        }
    }
}
