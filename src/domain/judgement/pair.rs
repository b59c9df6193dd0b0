//! A line with the right answer about it: what a judge is tried by.

use serde::Deserialize;

use super::{AskedLine, Case, LineRuling, LineVerdict};

/// Whether a line is honest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PairKind {
    /// The evidence supports it.
    Clean,
    /// It does not.
    Fault,
}

/// A line, its evidence, and whether the one supports the other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Its id in the set.
    pub id: String,
    /// Whether the line is honest.
    pub kind: PairKind,
    /// The bullet.
    pub bullet: String,
    /// What else the writer said.
    #[serde(default)]
    pub facts: Option<String>,
    /// The line.
    pub rewrite: String,
    /// What was changed, or what is wrong, in words.
    #[serde(default)]
    pub why: String,
    /// For an honest line: words of the evidence that support it.
    #[serde(default)]
    pub quote: Option<String>,
    /// For the other: the words at fault.
    #[serde(default)]
    pub at: Option<String>,
}

/// A line of a set that is no pair.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is no pair: {reason}")]
pub struct PairFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// Reads pairs, one JSON object a line.
pub fn read_pairs(text: &str) -> Result<Vec<Pair>, PairFault> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).map_err(|error| PairFault { line: at + 1, reason: error.to_string() })).collect()
}

impl Pair {
    /// The pair as a question.
    pub fn case(&self) -> Case {
        Case {
            bullet: self.bullet.clone(),
            facts: self.facts.iter().cloned().collect(),
            lines: vec![AskedLine { text: self.rewrite.clone(), items: Vec::new() }],
        }
    }

    /// Whether that is what a good judge says: it supports an honest line by words that stand there, and refuses a false one. To leave either open is wrong.
    pub fn is_right(&self, ruling: &LineRuling) -> bool {
        let wanted = match self.kind {
            PairKind::Clean => LineVerdict::Supported,
            PairKind::Fault => LineVerdict::Refused,
        };
        ruling.verdict() == wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grounding::{Cited, Side};
    use crate::domain::judgement::Ruling;
    use crate::domain::text::Span;

    #[test]
    fn only_a_supported_honest_line_and_a_refused_false_one_are_right() {
        let pairs = read_pairs(
            "{\"id\":\"a\",\"kind\":\"clean\",\"bullet\":\"b\",\"rewrite\":\"r\"}\n\n{\"id\":\"b\",\"kind\":\"fault\",\"bullet\":\"b\",\"facts\":\"f\",\"rewrite\":\"r\",\"at\":\"r\"}",
        );
        let pairs = pairs.expect("two pairs");
        let supported = Ruling::Supported(Cited { side: Side::Bullet, span: Span::new(0, 1) });
        for (whole, expected) in [(supported, [true, false]), (Ruling::Refused(None), [false, true]), (Ruling::Open, [false, false])] {
            let ruling = LineRuling { whole, items: vec![] };
            assert_eq!([pairs[0].is_right(&ruling), pairs[1].is_right(&ruling)], expected, "{whole:?}");
        }
        assert_eq!(pairs[1].case().facts, ["f"]);
        assert_eq!(read_pairs("{}").expect_err("no pair").line, 1);
    }
}
