//! What a model is asked, for one bullet or several: the prompt version filled with the skill card and the text of the user, and the schema of the
//! answer.

use std::sync::Arc;

use super::Job;
use crate::domain::draft::{Draft, SCHEMA_NAME};
use crate::domain::group_draft::{GROUP_SCHEMA_NAME, GroupDraft};
use crate::domain::guide::Ask;
use crate::domain::prompt::{
    GroupBullet, GroupCard, GroupInput, PromptError, PromptInput, RenderedPrompt, SharedText, SkillCard, UserText,
};
use crate::domain::request::{ModelRequest, RequestDigest};
use crate::domain::rules::lacking;
use crate::domain::slots::MAX_SLOTS;
use crate::domain::text::visible;
use crate::service::intake::RewriteOrder;

/// What a model is asked for one bullet.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) request: ModelRequest,
    /// What its answers are found by.
    pub(super) digest: RequestDigest,
}

impl Job<'_> {
    /// What a model is asked for this bullet; put together when it is first needed.
    pub(super) fn question(&self) -> Result<&Question, Arc<PromptError>> {
        self.question.get_or_init(|| self.ask().map_err(Arc::new)).as_ref().map_err(Arc::clone)
    }

    fn ask(&self) -> Result<Question, PromptError> {
        let RenderedPrompt { messages, max_output_tokens, .. } = self.order.prompt.render(&self.prompt_input())?;
        let request = ModelRequest {
            messages,
            schema_name: SCHEMA_NAME,
            schema: Draft::schema(self.order.variants),
            max_output_tokens: max_output_tokens.saturating_mul(self.order.variants.into()),
        };
        Ok(Question { digest: request.digest(), request })
    }

    fn prompt_input(&self) -> PromptInput {
        PromptInput { card: self.card(), variants: self.order.variants, max_chars: self.order.max_chars, user: self.user_text() }
    }

    /// The skill card carries no figure and no product of an example; what employers test is left out, as it names products.
    fn card(&self) -> SkillCard {
        let guide = &self.order.guide;
        let asks = guide.asks(self.skill);
        let open = lacking(&self.service.parts.lexicon, self.asks.asked(), &self.evidence.bullet, &self.evidence.facts);
        SkillCard {
            name: self.skill.map_or_else(|| guide.file().general.name.clone(), |skill| skill.name.clone()),
            clauses: asks.iter().map(|ask| ask.clause.clone()).collect(),
            asks: clauses_of(&open),
            examples: self.service.cards.examples(guide, self.skill).to_vec(),
        }
    }

    fn user_text(&self) -> UserText {
        UserText {
            bullet: visible(self.input.bullet.as_str()).into_owned(),
            facts: self.input.facts.iter().map(|facts| visible(facts).into_owned()).collect(),
            keywords: self.supported_keywords(),
            role_title: role_title(self.order),
            role_current: self.order.role.current.unwrap_or(false),
        }
    }
}

/// The clauses that a bullet is asked by, each once, as many as can stand in one text.
fn clauses_of(open: &[&Ask]) -> Vec<String> {
    let mut clauses: Vec<String> = Vec::new();
    for ask in open {
        if clauses.len() < MAX_SLOTS && !clauses.contains(&ask.clause) {
            clauses.push(ask.clause.clone());
        }
    }
    clauses
}

/// The request that asks for several bullets of one order at once, numbered in this order; `None` when the prompt version asks for one at a time.
pub(super) fn ask_together<'a>(order: &RewriteOrder, jobs: impl Iterator<Item = &'a Job<'a>>) -> Option<Result<ModelRequest, PromptError>> {
    let mut input = GroupInput {
        cards: Vec::new(),
        variants: order.variants,
        max_chars: order.max_chars,
        bullets: Vec::new(),
        shared: SharedText { facts: Vec::new(), role_title: role_title(order), role_current: order.role.current.unwrap_or(false) },
    };
    for (id, job) in (0..).zip(jobs) {
        let SkillCard { name, clauses: _, asks, examples } = job.card();
        // A skill that several bullets show is explained once.
        if input.cards.iter().all(|card| card.name != name) {
            input.cards.push(GroupCard { name: name.clone(), examples });
        }
        let UserText { bullet, facts, keywords, .. } = job.user_text();
        input.bullets.push(GroupBullet { id, skill: name, asks, bullet, facts, keywords });
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

fn role_title(order: &RewriteOrder) -> Option<String> {
    order.role.title.as_deref().map(|title| visible(title).into_owned())
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
