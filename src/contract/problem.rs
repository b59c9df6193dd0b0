//! Errors as clients see them (RFC 9457), and the only place that knows HTTP status codes.
//!
//! `code` is a promise, prose is not. A problem of status 500 or above holds a calm sentence and a request id, never internals.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Every error a client can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The body is not JSON.
    NotJson,
    /// A key is needed, or the one sent is wrong.
    Unauthorized,
    /// What a call may cost does not fit under the budget any more.
    BudgetExhausted,
    /// Not allowed here.
    Forbidden,
    /// No such path.
    NotFound,
    /// The path does not know this method.
    MethodNotAllowed,
    /// No media type that the client accepts can be served.
    NotAcceptable,
    /// The body is larger than the limit.
    BodyTooLarge,
    /// The body is not declared as JSON.
    UnsupportedMediaType,
    /// Valid JSON with unusable values.
    InvalidRequest,
    /// The provider refused the API key.
    ProviderAuth,
    /// The provider's account is out of credit.
    ProviderQuota,
    /// The model's reply was not what was asked for.
    ProviderBadReply,
    /// The model's reply was cut at the token limit.
    ProviderTruncated,
    /// The model declined.
    ProviderRefused,
    /// The provider does not accept the request.
    ProviderRejected,
    /// The model kept claiming what its writer did not say.
    ProviderUngrounded,
    /// No connection to the provider.
    ProviderUnreachable,
    /// The provider asks to slow down.
    ProviderRateLimited,
    /// The provider is in trouble.
    ProviderUnavailable,
    /// Too many calls to the provider are in flight.
    Overloaded,
    /// The ledger cannot record, so no model is asked.
    LedgerDown,
    /// No model is configured.
    NoModel,
    /// The answer did not come in time.
    DeadlineExceeded,
    /// A fault of ours.
    Internal,
}

impl Code {
    /// Every code, for the documentation and its tests.
    pub const ALL: [Self; 25] = [
        Self::NotJson,
        Self::Unauthorized,
        Self::BudgetExhausted,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::InvalidRequest,
        Self::ProviderAuth,
        Self::ProviderQuota,
        Self::ProviderBadReply,
        Self::ProviderTruncated,
        Self::ProviderRefused,
        Self::ProviderRejected,
        Self::ProviderUngrounded,
        Self::ProviderUnreachable,
        Self::ProviderRateLimited,
        Self::ProviderUnavailable,
        Self::Overloaded,
        Self::LedgerDown,
        Self::NoModel,
        Self::DeadlineExceeded,
        Self::Internal,
    ];

    /// The word that clients read.
    pub const fn as_str(self) -> &'static str {
        self.row().1
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        self.row().0
    }

    /// A short title for people.
    pub const fn title(self) -> &'static str {
        self.row().2
    }

    const fn row(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::NotJson => (400, "not_json", "The body is not JSON"),
            Self::Unauthorized => (401, "unauthorized", "A valid API key is needed"),
            Self::BudgetExhausted => (402, "budget_exhausted", "The budget is used up"),
            Self::Forbidden => (403, "forbidden", "Not allowed"),
            Self::NotFound => (404, "not_found", "Nothing is here"),
            Self::MethodNotAllowed => (405, "method_not_allowed", "This path does not know that method"),
            Self::NotAcceptable => (406, "not_acceptable", "No media type that you accept can be served"),
            Self::BodyTooLarge => (413, "body_too_large", "The body is too large"),
            Self::UnsupportedMediaType => (415, "unsupported_media_type", "The body must be declared as JSON"),
            Self::InvalidRequest => (422, "invalid_request", "The request holds values that cannot be used"),
            Self::ProviderAuth => (502, "provider_auth", "The model provider refused the API key"),
            Self::ProviderQuota => (502, "provider_quota", "The account at the model provider is out of credit"),
            Self::ProviderBadReply => (502, "provider_bad_reply", "The model's reply could not be used"),
            Self::ProviderTruncated => (502, "provider_truncated", "The model's reply was cut short"),
            Self::ProviderRefused => (502, "provider_refused", "The model declined to answer"),
            Self::ProviderRejected => (502, "provider_rejected", "The model provider rejected the request"),
            Self::ProviderUngrounded => (502, "provider_ungrounded", "The model claimed what the bullet does not say"),
            Self::ProviderUnreachable => (503, "provider_unreachable", "The model provider cannot be reached"),
            Self::ProviderRateLimited => (503, "provider_rate_limited", "The model provider asks to slow down"),
            Self::ProviderUnavailable => (503, "provider_unavailable", "The model provider is in trouble"),
            Self::Overloaded => (503, "overloaded", "Too much is being asked at once"),
            Self::LedgerDown => (503, "ledger_down", "Costs cannot be recorded, so no model is asked"),
            Self::NoModel => (503, "no_model", "No model is configured"),
            Self::DeadlineExceeded => (504, "deadline_exceeded", "The answer did not come in time"),
            Self::Internal => (500, "internal", "Something went wrong on our side"),
        }
    }
}

/// An error as a client sees it: `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// `urn:bulletsmith:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short title for people.
    pub title: String,
    /// The HTTP status.
    #[schemars(range(min = 400, max = 599))]
    pub status: u16,
    /// What was wrong and what to do next.
    pub detail: String,
    /// A stable word.
    pub code: String,
    /// Names the request in the log of the service; `null` on the command line.
    pub request_id: Option<String>,
    /// The places of the request that cannot be used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Seconds after which trying again makes sense, where that is known; the header of the answer says the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// One place of the request that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the request.
    pub pointer: String,
    /// What is wrong there and what would be right.
    pub message: String,
}

impl FieldError {
    /// A fault at a place.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

impl Problem {
    /// A problem of this code, with a sentence on what to do next.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:bulletsmith:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code: code.as_str().to_owned(),
            request_id: None,
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// A 422 that lists every unusable place.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => one.message.clone(),
            many => format!("{} values cannot be used; see `errors`", many.len()),
        };
        Self { errors, ..Self::new(Code::InvalidRequest, detail) }
    }

    /// The same, with the request named.
    #[must_use]
    pub fn for_request(self, request_id: &str) -> Self {
        Self { request_id: Some(request_id.to_owned()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_word_of_its_own() {
        let mut words: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
    }

    #[test]
    fn one_fault_is_told_in_the_detail_and_several_are_counted() {
        let one = Problem::invalid(vec![FieldError::new("/bullets", "is empty")]);
        assert_eq!((one.status, one.detail.as_str()), (422, "is empty"));
        let two = Problem::invalid(vec![FieldError::new("/a", "x"), FieldError::new("/b", "y")]);
        assert_eq!(two.detail, "2 values cannot be used; see `errors`");
    }
}
