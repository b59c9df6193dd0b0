//! The one normal form of an answer: how it ended, then what it says, in the same terms for every provider.
//!
//! How an answer ended is decided before anybody looks into its text: a cut answer can look like a whole one.

use serde_json::Value;

use crate::ports::{Completion, ModelError, Served};

const LONGEST_WORD: usize = 64;
const LONGEST_MODEL_NAME: usize = 200;

/// One answer, taken apart.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) ending: Ending,
    /// What the model wrote, thoughts left out.
    pub(super) text: Option<String>,
    pub(super) served: Served,
}

/// How an answer ended.
#[derive(Debug)]
pub(super) enum Ending {
    /// By itself.
    Complete,
    /// At the token limit.
    Truncated,
    /// At the end of what the model can hold.
    ContextExceeded,
    /// The model declined; with its word for it.
    Refused(String),
    /// A filter stopped it; with its word for it.
    Filtered(String),
    /// In the middle, for no reason that was given.
    Cut,
    /// In a way that a request like ours cannot end.
    Broken(&'static str),
}

impl Answer {
    /// The completion, or the reason why there is none.
    pub(super) fn conclude(self) -> Result<Completion, ModelError> {
        let Self { ending, text, served } = self;
        let text = text.filter(|text| !text.trim().is_empty());
        match (ending, text) {
            (Ending::Complete, Some(text)) => Ok(Completion { text, served }),
            (Ending::Complete, None) => Err(ModelError::Empty { served: Box::new(served) }),
            (Ending::Truncated, _) => Err(ModelError::Truncated { served: Box::new(served) }),
            (Ending::ContextExceeded, _) => Err(ModelError::ContextExceeded { served: Some(Box::new(served)) }),
            (Ending::Refused(reason), _) => Err(ModelError::Refused { reason, served: Box::new(served) }),
            (Ending::Filtered(reason), _) => Err(ModelError::Filtered { reason, served: Some(Box::new(served)) }),
            (Ending::Cut, _) => Err(ModelError::StreamCut { served: Box::new(served) }),
            (Ending::Broken(reason), _) => Err(ModelError::BadReply { reason: reason.to_owned(), served: Box::new(served) }),
        }
    }
}

/// A code word, or the number that llama.cpp sends in its place; anything with other characters is prose, which can quote keys or the user's text.
pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)) => {
            Some(text.chars().take(LONGEST_WORD).collect())
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The word at this place of a body, if there is one.
pub(super) fn word_at(body: &Value, pointer: &str) -> Option<String> {
    body.pointer(pointer).and_then(word)
}

/// The count at this place of a body; what is negative or no number is as good as absent.
pub(super) fn count_at(body: &Value, pointer: &str) -> Option<u64> {
    body.pointer(pointer)?.as_u64()
}

/// A name that can be shown and looked up in a price file.
pub(super) fn model_name(value: Option<&Value>) -> Option<String> {
    let name = value.and_then(Value::as_str)?;
    let is_name = !name.trim().is_empty() && name.chars().count() <= LONGEST_MODEL_NAME && !name.contains(char::is_control);
    is_name.then(|| name.to_owned())
}
