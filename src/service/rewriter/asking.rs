//! What a model is asked, for one bullet or several: the prompt version filled with the skill card and the text of the user, and the schema of the
//! answer.

use super::Job;
use super::texts::{tidy, without_clauses};
use crate::domain::draft::{Draft, SCHEMA_NAME};
use crate::domain::group_draft::{GROUP_SCHEMA_NAME, GroupDraft};
use crate::domain::guide::Ask;
use crate::domain::prompt::{
    CardExample, GroupBullet, GroupCard, GroupInput, PromptError, PromptInput, RenderedPrompt, SharedText, SkillCard, UserText,
};
use crate::domain::request::ModelRequest;
use crate::domain::rules::lacking;
use crate::domain::slots::MAX_SLOTS;
use crate::service::intake::RewriteOrder;

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

    fn prompt_input(&self) -> PromptInput {
        PromptInput { card: self.card(), variants: self.order.variants, max_chars: self.order.max_chars, user: self.user_text() }
    }

    /// The skill card carries no figure and no product of an example; what employers test is left out, as it names products.
    fn card(&self) -> SkillCard {
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
        SkillCard {
            name: self.skill.map_or_else(|| guide.file().general.name.clone(), |skill| skill.name.clone()),
            clauses: asks.iter().map(|ask| ask.clause.clone()).collect(),
            asks: open.iter().map(|ask| ask.clause.clone()).take(MAX_SLOTS).collect(),
            // An example that needs a bracket where a text may have none would teach the wrong thing.
            examples: examples.filter(|example| !example.bullet.contains('[') && !example.text.contains('[')).collect(),
        }
    }

    fn user_text(&self) -> UserText {
        UserText {
            bullet: self.input.bullet.as_str().to_owned(),
            facts: self.input.facts.clone(),
            role_title: self.order.role.title.clone(),
            role_current: self.order.role.current.unwrap_or(false),
        }
    }
}

/// The request that asks for several bullets of one order at once, numbered in this order; `None` when the prompt version asks for one at a time.
pub(super) fn ask_together<'a>(order: &RewriteOrder, jobs: impl Iterator<Item = &'a Job<'a>>) -> Option<Result<ModelRequest, PromptError>> {
    let mut input = GroupInput {
        cards: Vec::new(),
        variants: order.variants,
        max_chars: order.max_chars,
        bullets: Vec::new(),
        shared: SharedText { facts: Vec::new(), role_title: order.role.title.clone(), role_current: order.role.current.unwrap_or(false) },
    };
    for (id, job) in (0..).zip(jobs) {
        let SkillCard { name, clauses: _, asks, examples } = job.card();
        // A skill that several bullets show is explained once.
        if input.cards.iter().all(|card| card.name != name) {
            input.cards.push(GroupCard { name: name.clone(), examples });
        }
        let UserText { bullet, facts, .. } = job.user_text();
        input.bullets.push(GroupBullet { id, skill: name, asks, bullet, facts });
    }
    share_facts(&mut input);
    let bullets = u32::try_from(input.bullets.len()).unwrap_or(u32::MAX);
    Some(order.prompt.render_group(&input)?.map(|rendered| ModelRequest {
        messages: rendered.messages,
        schema_name: GROUP_SCHEMA_NAME,
        schema: GroupDraft::schema(bullets, order.variants),
        max_output_tokens: rendered.max_output_tokens.saturating_mul(order.variants.into()),
    }))
}

/// Facts that every bullet has are sent once.
fn share_facts(input: &mut GroupInput) {
    let Some((first, others)) = input.bullets.split_first() else { return };
    let shared = first.facts.iter().filter(|fact| others.iter().all(|bullet| bullet.facts.contains(fact)));
    input.shared.facts = shared.cloned().collect();
    for bullet in &mut input.bullets {
        bullet.facts.retain(|fact| !input.shared.facts.contains(fact));
    }
}
