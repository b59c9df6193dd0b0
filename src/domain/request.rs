//! What is asked of a model, in a form that is the same for every provider, with the hashes that identify it.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::prompt::PromptRef;

/// A model as the configuration names it: `provider/model`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId {
    provider: String,
    model: String,
}

/// Not of the form `provider/model`.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not of the form provider/model, such as openai/gpt-6-luna")]
pub struct ModelIdError(String);

impl ModelId {
    /// The name of the provider's section in the configuration.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The name the provider knows; it may hold slashes itself.
    pub fn model(&self) -> &str {
        &self.model
    }
}

impl FromStr for ModelId {
    type Err = ModelIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().split_once('/') {
            Some((provider, model)) if !provider.is_empty() && !model.is_empty() => {
                Ok(Self { provider: provider.to_owned(), model: model.to_owned() })
            }
            _ => Err(ModelIdError(text.to_owned())),
        }
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.provider, self.model)
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// Our rules and the skill card; never text of the user.
    System,
    /// The bullet, as data.
    User,
    /// What the model said before, in a re-ask.
    Assistant,
}

impl Speaker {
    /// The role word that chat APIs use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One turn of the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who speaks.
    pub speaker: Speaker,
    /// What is said.
    pub content: String,
}

/// Everything a provider needs to answer, and nothing of which provider it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRequest {
    /// The turns, the system's first.
    pub messages: Vec<Message>,
    /// Name of the schema: at most 64 of `[A-Za-z0-9_-]`.
    pub schema_name: &'static str,
    /// The JSON Schema that the answer must fit.
    pub schema: Value,
    /// The most tokens that the answer may have.
    pub max_output_tokens: u32,
}

impl ModelRequest {
    /// What a recorded reply is found by: the whole request, but not which model was asked.
    pub fn hash(&self) -> RequestHash {
        RequestHash(hex(self.digest().0.finalize().as_slice()))
    }

    /// The whole request, from which the keys of its answer at each model are made.
    ///
    /// Every field goes in with its length before it, so that no two requests run together.
    pub fn digest(&self) -> RequestDigest {
        let Self { messages, schema_name, schema, max_output_tokens } = self;
        let mut digest = Sha256::new();
        let mut add = |part: &str| {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        };
        for Message { speaker, content } in messages {
            add(speaker.as_str());
            add(content);
        }
        add(schema_name);
        add(&schema.to_string());
        add(&max_output_tokens.to_string());
        RequestDigest(digest)
    }
}

/// A request, digested.
#[derive(Debug, Clone)]
pub struct RequestDigest(Sha256);

/// 64 hex digits that stand for one request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestHash(String);

impl RequestHash {
    /// The hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a cached reply is found by: the request and everything that decides whether its answer is still right.
///
/// The skill card of the guide stands in the request's messages and the schema beside them; the words of the lexicon and the rules are in
/// `rules_version`. So an entry that was made under another version of any of them is never found, and nothing has to be deleted.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CacheKey([u8; 32]);

impl CacheKey {
    /// One entry a bullet, however it was asked: alone or among thirty, by HTTP or on the command line. `tenant` is whose entry it is; it is
    /// empty where all tenants share.
    pub fn new(
        model: &ModelId,
        request: &RequestDigest,
        prompt: &PromptRef,
        prompt_sha256: &str,
        rules_version: &str,
        tenant: &str,
    ) -> Self {
        let mut digest = request.0.clone();
        for part in [model.provider(), model.model(), &prompt.to_string(), prompt_sha256, rules_version, tenant] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        Self(digest.finalize().into())
    }
}

/// 64 hex digits.
impl fmt::Display for CacheKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for CacheKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CacheKey({self})")
    }
}

/// Bytes as lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_name_may_hold_slashes_but_a_provider_is_needed() {
        let id: ModelId = "openrouter/meta/llama".parse().expect("well formed");
        assert_eq!((id.provider(), id.model()), ("openrouter", "meta/llama"));
        for bad in ["", "gpt", "/gpt", "openai/"] {
            assert!(bad.parse::<ModelId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn text_that_moves_from_one_message_to_the_next_changes_the_hash() {
        let request = |first: &str, second: &str| ModelRequest {
            messages: [first, second].map(|content| Message { speaker: Speaker::User, content: content.to_owned() }).to_vec(),
            schema_name: "draft",
            schema: serde_json::json!({}),
            max_output_tokens: 1,
        };
        assert_ne!(request("ab", "c").hash(), request("a", "bc").hash());
        assert_eq!(request("ab", "c").hash(), request("ab", "c").hash());
    }

    #[test]
    fn the_cache_key_keeps_tenants_models_and_versions_apart() {
        let request = ModelRequest { messages: vec![], schema_name: "draft", schema: serde_json::json!({}), max_output_tokens: 1 };
        let request = request.digest();
        let prompt: PromptRef = "rewrite@1".parse().expect("well formed");
        let next: PromptRef = "rewrite@2".parse().expect("well formed");
        let (one, two): (ModelId, ModelId) = ("p/one".parse().expect("ok"), "p/two".parse().expect("ok"));
        let base = CacheKey::new(&one, &request, &prompt, "sha", "rules", "tenant");
        for other in [
            CacheKey::new(&two, &request, &prompt, "sha", "rules", "tenant"),
            CacheKey::new(&one, &request, &next, "sha", "rules", "tenant"),
            CacheKey::new(&one, &request, &prompt, "other", "rules", "tenant"),
            CacheKey::new(&one, &request, &prompt, "sha", "other", "tenant"),
            CacheKey::new(&one, &request, &prompt, "sha", "rules", "other"),
        ] {
            assert_ne!(base, other);
        }
    }
}
