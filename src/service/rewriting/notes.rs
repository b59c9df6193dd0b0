//! What is told beside a rewrite, and to the operator: who was asked and did not write.

use super::drafted::Drafted;
use crate::contract::problem::Code;
use crate::contract::rewrite::{Note, NoteCode};
use crate::domain::request::ModelId;
use crate::service::calling::failure::Failure;

/// A note without a cause.
pub(super) fn note(code: NoteCode, message: &str) -> Note {
    Note { code, message: message.to_owned(), cause: None }
}

/// Who was asked before, and why an old answer serves.
pub(super) fn passed_over_notes(drafted: &Drafted, rewrite_id: &str) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some((model, failure)) = drafted.passed_over.first() {
        notes.push(passed_over(&drafted.link.to_string(), failure, Some(model)));
    }
    if let Some(failure) = &drafted.unanswered {
        log(failure, rewrite_id);
        notes.push(passed_over(&format!("an earlier answer of {}", drafted.link), failure, Some(&drafted.link)));
    }
    notes
}

/// Who wrote in the place of a model, and why.
pub(super) fn passed_over(writer: &str, failure: &Failure, model: Option<&ModelId>) -> Note {
    let message = format!("{writer} wrote this: {}", failure.cause(model));
    if failure.code() == Code::BudgetExhausted {
        return Note { code: NoteCode::BudgetExhausted, message, cause: None };
    }
    Note { code: NoteCode::ModelUnavailable, message, cause: Some(failure.code().as_str().to_owned()) }
}

/// Tells the operator, once, where the failure is handled; no text of the user is in it.
pub(super) fn log(failure: &Failure, rewrite_id: &str) {
    let mut causes = failure.to_string();
    let mut source = std::error::Error::source(failure);
    while let Some(cause) = source {
        causes = format!("{causes}: {cause}");
        source = cause.source();
    }
    // A ledger or a prompt that fails is the operator's to mend; a provider that fails may come back by itself.
    if matches!(failure, Failure::Ledger(_) | Failure::Prompt(_)) {
        tracing::error!(rewrite_id, code = failure.code().as_str(), causes, "No model is asked before this is mended");
        return;
    }
    tracing::warn!(rewrite_id, code = failure.code().as_str(), causes, "No model gave a usable rewrite");
}
