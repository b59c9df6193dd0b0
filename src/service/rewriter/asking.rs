//! What a model is asked: the prompt version filled with the skill card and the text of the user, and the schema of the answer.

use super::Job;
use super::texts::{tidy, without_clauses};
use crate::domain::draft::{Draft, SCHEMA_NAME};
use crate::domain::guide::Ask;
use crate::domain::prompt::{CardExample, PromptError, PromptInput, RenderedPrompt, SkillCard, UserText};
use crate::domain::request::ModelRequest;
use crate::domain::rules::lacking;
use crate::domain::slots::MAX_SLOTS;

impl Job<'_> {
    /// The prompt for this bullet, and the request it makes.
    pub(super) fn ask(&self) -> Result<(RenderedPrompt, ModelRequest), PromptError> {
        let rendered = self.order.prompt.render(&self.prompt_input())?;
        let request = ModelRequest {
            messages: rendered.messages.clone(),
            schema_name: SCHEMA_NAME,
            schema: Draft::schema(self.order.variants),
            max_output_tokens: rendered.max_output_tokens.saturating_mul(self.order.variants.into()),
        };
        Ok((rendered, request))
    }

    /// The skill card carries no figure and no product of an example; what employers test is left out, as it names products.
    fn prompt_input(&self) -> PromptInput {
        let guide = &self.order.guide;
        let asks = guide.asks(self.skill);
        let open = lacking(&self.service.parts.lexicon, self.asks.asked(), &self.evidence.bullet, &self.evidence.facts);
        // The pairs of the general card ask by its kinds of work.
        let taught: Vec<Ask> = if self.skill.is_some() { asks.to_vec() } else { guide.every_ask().cloned().collect() };
        let examples = self.skill.map_or(&guide.file().general.examples[..], |skill| &skill.examples).iter().map(|example| CardExample {
            bullet: tidy(&example.before),
            text: without_clauses(&taught, tidy(&example.after)),
            with_slots: tidy(&example.after),
        });
        PromptInput {
            card: SkillCard {
                name: self.skill.map_or_else(|| guide.file().general.name.clone(), |skill| skill.name.clone()),
                clauses: asks.iter().map(|ask| ask.clause.clone()).collect(),
                asks: open.iter().map(|ask| ask.clause.clone()).take(MAX_SLOTS).collect(),
                // An example that needs a bracket where a text may have none would teach the wrong thing.
                examples: examples.filter(|example| !example.bullet.contains('[') && !example.text.contains('[')).collect(),
            },
            variants: self.order.variants,
            max_chars: self.order.max_chars,
            user: UserText {
                bullet: self.input.bullet.as_str().to_owned(),
                facts: self.input.facts.clone(),
                role_title: self.order.role.title.clone(),
                role_current: self.order.role.current.unwrap_or(false),
            },
        }
    }
}
