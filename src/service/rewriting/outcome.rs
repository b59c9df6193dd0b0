//! How a bullet was written, and what is told of it.

use super::recall::Found;
use super::{Job, note, tokens};
use crate::contract::problem::Problem;
use crate::contract::rewrite::{
    BulletResult, BulletStatus, CacheOutcome, EngineUsed, Note, NoteCode, Provenance, Score, ScoreSide, Stripped, Variant,
};
use crate::domain::cost::PicoUsd;
use crate::domain::request::ModelId;
use crate::domain::scoring::Scored;
use crate::service::account::cost::Tally;
use crate::service::views;

/// How a bullet was written.
pub(super) struct Outcome {
    pub(super) status: BulletStatus,
    pub(super) variants: Vec<Variant>,
    /// The score of the first of them.
    pub(super) after: Option<Scored>,
    pub(super) notes: Vec<Note>,
    pub(super) engine: EngineUsed,
    /// The provider and the model that answered, of a model's rewrite.
    pub(super) model: Option<(String, String)>,
    pub(super) stripped: Vec<Stripped>,
    pub(super) cache: CacheOutcome,
    pub(super) is_stale: bool,
    /// The model whose reply was used without a call, and what that reply had cost.
    pub(super) hit: Option<(ModelId, PicoUsd)>,
    /// The reply that the cache held, when everything was made of it as it would be again.
    pub(super) found: Option<Found>,
    pub(super) problem: Option<Problem>,
}

impl Outcome {
    /// A rewrite by this engine, past the cache.
    pub(super) const fn by(engine: EngineUsed, notes: Vec<Note>) -> Self {
        Self {
            status: BulletStatus::Rewritten,
            variants: Vec::new(),
            after: None,
            notes,
            engine,
            model: None,
            stripped: Vec::new(),
            cache: CacheOutcome::Bypassed,
            is_stale: false,
            hit: None,
            found: None,
            problem: None,
        }
    }
}

impl Job<'_> {
    /// The outcome in its published shape, with what it took.
    pub(super) fn result(self, outcome: Outcome, tally: &Tally) -> BulletResult {
        let Outcome { status, variants, after, mut notes, engine, model, stripped, cache, is_stale, hit: _, found: _, problem } = outcome;
        if self.skill.is_none() {
            notes.push(note(NoteCode::NoSkill, "no skill of the guide fits; the general card was used"));
        }
        if self.evidence.bullet.invisible {
            notes.push(note(NoteCode::InvisibleCharacters, "the bullet holds characters that cannot be seen; they were ignored"));
        }
        let first = variants.first();
        let mut carried: Vec<&str> = self.input.facts.iter().map(String::as_str).collect();
        carried.push(self.input.bullet.as_str());
        let keywords =
            views::keywords(self.service, &self.order.guide, self.skill, first.map_or("", |variant| variant.text.as_str()), &carried);
        let keywords = self.with_those_of_job(keywords, first.map_or("", |variant| variant.text.as_str()));
        let by_model = model.is_some();
        let (provider, model) = model.unzip();
        BulletResult {
            index: self.index,
            status,
            bullet: self.input.bullet.as_str().to_owned(),
            skill: self.choice,
            keywords,
            score: Score {
                before: self.before.points,
                after: after.as_ref().map(|after| after.points),
                reasons: views::reasons(ScoreSide::Before, &self.before)
                    .chain(after.iter().flat_map(|after| views::reasons(ScoreSide::After, after)))
                    .collect(),
            },
            variants,
            notes,
            provenance: Provenance {
                engine,
                provider,
                model,
                prompt: by_model.then(|| self.order.prompt.prompt_ref().to_string()),
                prompt_sha256: by_model.then(|| self.order.prompt.sha256().to_owned()),
                stripped,
                cache,
                stale: is_stale,
                attempts: tally.attempts,
                grouped_with: tally.grouped_with,
                input_tokens: tokens(tally.usage.input()),
                output_tokens: tokens(tally.usage.output()),
                cost_usd: tally.cost.to_string(),
            },
            problem,
        }
    }
}
