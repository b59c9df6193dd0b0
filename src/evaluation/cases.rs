//! The sets: one JSON object a line, each a text with what is right about it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A bullet with the skill it shows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchCase {
    /// Its id in the set.
    pub id: String,
    /// The bullet.
    pub text: String,
    /// The skill; `null` when it shows none.
    pub skill: Option<String>,
    /// Other answers that are right too; `null` among them stands for no skill.
    #[serde(default)]
    pub accepted: Vec<Option<String>>,
    /// Whether honest experts could differ.
    #[serde(default)]
    pub hard: bool,
    /// The rule of labelling it goes by.
    #[serde(default)]
    pub rule: String,
}

/// Whether a rewrite holds a planted fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckKind {
    /// The rewrite holds a fault.
    Fault,
    /// The rewrite says what its bullet and facts say.
    Clean,
}

/// A bullet and a rewrite of it, with what is wrong about it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckCase {
    /// Its id in the set.
    pub id: String,
    /// Whether a fault was planted.
    pub kind: CheckKind,
    /// The bullet.
    pub bullet: String,
    /// What else the writer said.
    #[serde(default)]
    pub facts: Option<String>,
    /// Other bullets of the resume.
    #[serde(default)]
    pub siblings: Option<Vec<String>>,
    /// The job description.
    #[serde(default)]
    pub job_description: Option<String>,
    /// The rewrite.
    pub rewrite: String,
    /// The codes that are right for it, the most fitting first.
    #[serde(default)]
    pub codes: Vec<String>,
    /// What was planted or changed, in words.
    #[serde(default)]
    pub why: String,
}

/// A bullet to rewrite.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RewriteCase {
    /// Its id in the set.
    pub id: String,
    /// The bullet.
    pub text: String,
    /// The skill it shows; for the reader, it is not told to the product.
    #[serde(default)]
    pub skill: Option<String>,
    /// What else the writer said.
    #[serde(default)]
    pub facts: Option<String>,
    /// Whether it is strong already, and should come back as it was sent.
    #[serde(default)]
    pub strong: bool,
}

/// A line of a set that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{set}:{line}: {reason}")]
pub struct SetFault {
    /// The file.
    pub set: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// Reads a set; empty lines are passed over, the first bad one is told.
pub fn read_set<T: DeserializeOwned>(set: &str, text: &str) -> Result<Vec<T>, SetFault> {
    let fault = |line: usize, reason: String| SetFault { set: set.to_owned(), line, reason };
    let mut cases = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        cases.push(serde_json::from_str(line).map_err(|error| fault(at + 1, error.to_string()))?);
    }
    if cases.is_empty() {
        return Err(fault(1, "holds no case".to_owned()));
    }
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_is_named_and_an_empty_set_is_none() {
        let text = "{\"id\":\"a\",\"text\":\"Used Kafka\",\"skill\":null,\"accepted\":[null,\"sql\"]}\n\n{\"id\":\"b\"}";
        let fault = read_set::<MatchCase>("set.jsonl", text).expect_err("no text");
        assert!(fault.to_string().starts_with("set.jsonl:3: missing field `text`"), "{fault}");
        assert!(read_set::<MatchCase>("set.jsonl", " \n").is_err());
    }
}
