//! The question: evidence, the lines that were made of it, and of each line what code could not tell.

use crate::domain::grounding::{Severity, Side, Violation};
use crate::domain::text::Span;

/// The evidence of one bullet with the lines that somebody made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The bullet. Places in it are places of the bullet as sent.
    pub bullet: String,
    /// The facts, one text each.
    pub facts: Vec<String>,
    /// The lines in question.
    pub lines: Vec<AskedLine>,
}

/// A line in question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedLine {
    /// The line.
    pub text: String,
    /// What code could not tell of it; a line can be in question without any.
    pub items: Vec<AskedItem>,
}

/// Some words that code could not settle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedItem {
    /// The text that holds the words: the line, or the bullet where the line leaves them out.
    pub side: Side,
    /// Their place in it.
    pub span: Span,
    /// The words.
    pub words: String,
}

impl Case {
    /// How many answers are wanted: one for each line as a whole, and one for each item.
    pub fn questions(&self) -> usize {
        self.lines.iter().map(|line| 1 + line.items.len()).sum()
    }
}

impl AskedLine {
    /// A line with the findings of the check that are questions; the others are no matter of a judge.
    pub fn new(text: &str, findings: &[Violation], bullet: &str) -> Self {
        let asked = findings.iter().filter(|finding| finding.severity == Severity::Ask);
        let item = |finding: &Violation| AskedItem {
            side: finding.side,
            span: finding.span,
            words: finding.span.of(if finding.side == Side::Rewrite { text } else { bullet }),
        };
        Self { text: text.to_owned(), items: asked.map(item).collect() }
    }
}
