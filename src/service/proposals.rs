//! A line that only its writer can settle: the line, and the questions to which every answer must be yes.

use super::Service;
use crate::contract::rewrite::{Confirm, Proposal};
use crate::domain::grounding::{Side, Unsettled, Violation};

/// A line that nothing speaks against, as its writer is asked about it.
pub(super) fn proposal(unsettled: &Unsettled) -> Proposal {
    Proposal { text: unsettled.text().to_owned(), confirm: confirms(unsettled.items()) }
}

/// What is asked, numbered from 1 in the order of the check; whoever checks the same line against the same evidence asks the same.
pub(super) fn confirms(items: &[Violation]) -> Vec<Confirm> {
    let confirm = |(number, item): (usize, &Violation)| Confirm {
        id: format!("c{number}"),
        side: item.side,
        span: item.span,
        from: item.from.map(|cited| cited.span),
        question: item.question.clone().unwrap_or_else(|| item.message.clone()),
    };
    (1..).zip(items).map(confirm).collect()
}

/// The words that a yes adds to the facts; nothing where the question was about what the line leaves out.
pub(super) fn confirmed_words(item: &Violation, line: &str) -> Option<String> {
    (item.side == Side::Rewrite).then(|| item.span.of(line)).filter(|words| !words.trim().is_empty())
}

/// The facts with one more statement, a sentence of its own, so that no number runs into the next.
pub(super) fn with_statement(facts: &mut String, statement: &str) {
    if !facts.is_empty() {
        facts.push_str(if facts.ends_with(['.', '!', '?']) { "\n" } else { ".\n" });
    }
    facts.push_str(statement);
    facts.push('.');
}

impl Service {
    /// Every clause that any guide asks by: a request does not always say which skill its text was written for.
    pub(super) fn every_ask(&self) -> Vec<crate::domain::guide::Ask> {
        self.parts.guides.iter().flat_map(|guide| guide.every_ask()).cloned().collect()
    }
}
