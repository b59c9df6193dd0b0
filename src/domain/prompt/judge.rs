//! What a prompt of kind `judge` is filled with: the evidence, the lines and what is in question of each, all of it text of the user or made of it.

use serde::Serialize;

use super::{Prompt, PromptError, PromptKind, RenderedPrompt};
use crate::domain::grounding::Side;
use crate::domain::judgement::{AskedItem, AskedLine, Case};

/// What the templates of a judge see.
#[derive(Debug, Clone, Serialize)]
pub struct JudgeInput {
    /// The cases, numbered from 0.
    pub cases: Vec<JudgeCase>,
}

/// One bullet with the lines that were made of it.
#[derive(Debug, Clone, Serialize)]
pub struct JudgeCase {
    /// Its number.
    pub case: u32,
    /// The bullet.
    pub bullet: String,
    /// The facts, one text each.
    pub facts: Vec<String>,
    /// The lines, numbered from 0.
    pub lines: Vec<JudgeLine>,
}

/// One line.
#[derive(Debug, Clone, Serialize)]
pub struct JudgeLine {
    /// Its number in the case.
    pub line: u32,
    /// The line.
    pub text: String,
    /// What is in question, numbered from 1.
    pub items: Vec<JudgeItem>,
}

/// Some words that are in question.
#[derive(Debug, Clone, Serialize)]
pub struct JudgeItem {
    /// Its number in the line.
    pub item: u32,
    /// `says` for words of the line, `leaves_out` for words of the bullet.
    pub key: &'static str,
    /// The words.
    pub words: String,
}

impl JudgeInput {
    /// Cases as a judge is shown them, blanks and line ends as single spaces.
    pub fn new(cases: &[Case]) -> Self {
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let item = |(item, AskedItem { side, span: _, words }): (u32, &AskedItem)| JudgeItem {
            item,
            key: if *side == Side::Rewrite { "says" } else { "leaves_out" },
            words: squeezed(words),
        };
        let line = |(line, AskedLine { text, items }): (u32, &AskedLine)| JudgeLine {
            line,
            text: squeezed(text),
            items: (1..).zip(items).map(item).collect(),
        };
        let case = |(case, Case { bullet, facts, lines }): (u32, &Case)| JudgeCase {
            case,
            bullet: squeezed(bullet),
            facts: facts.iter().map(|facts| squeezed(facts)).filter(|facts| !facts.is_empty()).collect(),
            lines: (0..).zip(lines).map(line).collect(),
        };
        Self { cases: (0..).zip(cases).map(case).collect() }
    }

    /// How many answers are wanted: one a line, and one an item.
    fn questions(&self) -> usize {
        self.cases.iter().flat_map(|case| &case.lines).map(|line| 1 + line.items.len()).sum()
    }
}

impl Prompt {
    /// Fills the templates of a judge; the token limit of the version is for each answer that is wanted.
    pub fn render_judge(&self, input: &JudgeInput) -> Result<RenderedPrompt, PromptError> {
        self.must_be(PromptKind::Judge)?;
        let questions = u32::try_from(input.questions()).unwrap_or(u32::MAX);
        Ok(RenderedPrompt {
            prompt_ref: self.prompt_ref.clone(),
            sha256: self.sha256.clone(),
            messages: self.templates.fill(&self.prompt_ref, input)?,
            max_output_tokens: self.manifest.max_output_tokens.saturating_mul(questions),
        })
    }
}
