//! One recorded exchange as a file that people can read, review and write by hand.
//!
//! It holds the request in full, the user's text with it: whoever records chooses to. It never holds request headers or keys.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::transport::{Exchange, WireReply};
use super::wire::Wire;
use crate::domain::request::RequestHash;

/// The file of a request.
pub(super) fn file(dir: &Path, hash: &RequestHash) -> PathBuf {
    dir.join(format!("{hash}.json"))
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    origin: Origin,
    wire: Wire,
    /// Who answered, in words: `llama.cpp b6800`, `api.openai.com`.
    server: String,
    model: String,
    /// What followed the provider's base URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// The day or the second of the exchange, RFC 3339.
    at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    request_hash: String,
    request: Map<String, Value>,
    reply: Reply,
}

/// Whether a server or a person wrote the reply; nobody may mistake the one for the other.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Origin {
    Recorded,
    Authored,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The body, when it was JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    /// The body, when it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// The text of a file for this exchange. `before` is the file that it takes the place of: a note that somebody wrote on it stays, when the same
/// model of the same server answered.
pub(super) fn write(
    exchange: &Exchange,
    reply: &WireReply,
    server: &str,
    at: String,
    before: Option<&[u8]>,
) -> serde_json::Result<Vec<u8>> {
    let Exchange { wire, path, body, hash, model } = exchange;
    let before = before.and_then(|before| serde_json::from_slice::<Fixture>(before).ok());
    let same =
        before.filter(|before| before.server == server && before.model == model.model() && matches!(before.origin, Origin::Recorded));
    // A bare `null` would read as an absent body, so it is kept as text.
    let json = serde_json::from_slice(&reply.body).ok().filter(|body: &Value| !body.is_null());
    let text = json.is_none().then(|| String::from_utf8_lossy(&reply.body).into_owned());
    let mut bytes = serde_json::to_vec_pretty(&Fixture {
        origin: Origin::Recorded,
        wire: *wire,
        server: server.to_owned(),
        model: model.model().to_owned(),
        path: Some(path.clone()),
        at,
        note: same.and_then(|before| before.note),
        request_hash: hash.to_string(),
        request: body.as_object().cloned().unwrap_or_default(),
        reply: Reply { status: reply.status, headers: reply.headers().clone(), body: json, text },
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The reply in a file that was found under this hash with its wire format, or what is wrong with the file, in words that quote nothing of it.
pub(super) fn read(bytes: &[u8], hash: &RequestHash) -> Result<(Wire, WireReply), String> {
    let Fixture { origin: _, wire, server: _, model: _, path: _, at, note: _, request_hash, request: _, reply } =
        serde_json::from_slice(bytes)
            .map_err(|error| format!("not of the form of a recording, line {} column {}", error.line(), error.column()))?;
    if request_hash != hash.as_str() {
        return Err("request_hash is not the file's name".to_owned());
    }
    if !is_date(&at) {
        return Err("`at` is not a date such as 2026-11-06".to_owned());
    }
    let Reply { status, headers, body, text } = reply;
    let body = match (body, text) {
        (Some(body), None) => body.to_string(),
        (None, Some(text)) => text,
        (Some(_), Some(_)) | (None, None) => return Err("the reply needs either `body` or `text`".to_owned()),
    };
    Ok((wire, WireReply::new(status, headers, body.into_bytes())))
}

/// `2026-11-06`, or that with a time after a `T`.
fn is_date(text: &str) -> bool {
    let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
    let shape: String = day.chars().map(|char| if char.is_ascii_digit() { '0' } else { char }).collect();
    shape == "0000-00-00" && time.is_none_or(|time| !time.is_empty())
}
