//! How a bullet was written, and what is told of it.

use super::drafted::Drafted;
use super::notes::{note, passed_over_notes};
use super::recall::Found;
use super::{Job, tokens, written};
use crate::contract::problem::Problem;
use crate::contract::rewrite::{
    BulletResult, BulletStatus, CacheOutcome, EngineChoice, EngineUsed, JudgeProvenance, Note, NoteCode, Provenance, Score, ScoreSide,
    Stripped, Variant,
};
use crate::domain::cost::PicoUsd;
use crate::domain::facts::Reading;
use crate::domain::grounding::Rewrite;
use crate::domain::request::ModelId;
use crate::domain::scoring::{self, Scored};
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
    /// The provider and the model that answered, where a model wrote the rewrite or a proposal.
    pub(super) model: Option<(String, String)>,
    pub(super) judge: Option<JudgeProvenance>,
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
            judge: None,
            stripped: Vec::new(),
            cache: CacheOutcome::Bypassed,
            is_stale: false,
            hit: None,
            found: None,
            problem: None,
        }
    }

    /// What a model has a part in; this engine wrote the text.
    pub(super) fn of_model(engine: EngineUsed, notes: Vec<Note>, drafted: Drafted) -> Self {
        let Drafted { rewrites: _, proposals: _, stripped, judge, link, model, cache, cost, unanswered, passed_over, found } = drafted;
        let is_hit = matches!(cache, CacheOutcome::Hit | CacheOutcome::Shared);
        Self {
            model: Some((link.provider().to_owned(), model)),
            judge,
            stripped,
            cache,
            is_stale: unanswered.is_some(),
            hit: is_hit.then_some((link, cost)),
            found: found.filter(|_| passed_over.is_empty()),
            ..Self::by(engine, notes)
        }
    }
}

impl Job<'_> {
    /// What a model wrote, and who else had been asked.
    pub(super) fn drafted(&self, mut drafted: Drafted, rewrite_id: &str) -> Outcome {
        let notes = passed_over_notes(&drafted, rewrite_id);
        let (mut variants, after) = self.variants(&drafted.rewrites);
        for (variant, proposal) in variants.iter_mut().zip(std::mem::take(&mut drafted.proposals)) {
            variant.proposal = Some(proposal);
        }
        Outcome { variants, after, ..Outcome::of_model(EngineUsed::Llm, notes, drafted) }
    }

    /// Lines of a model that only their writer can settle: beside what the rules wrote, or the bullet as it was sent.
    pub(super) fn proposed(&self, mut drafted: Drafted, rewrite_id: &str) -> Outcome {
        let mut notes = passed_over_notes(&drafted, rewrite_id);
        notes
            .push(note(NoteCode::Proposed, "a stronger line is proposed; it may be used when you can say yes to every question beside it"));
        let proposal = drafted.proposals.drain(..).next();
        let written = if self.order.engine == EngineChoice::Auto { written::by_rules(self) } else { None };
        let (engine, status, (mut variants, after)) = if let Some(rewrite) = written {
            notes.extend(written::notes(self, &rewrite));
            (EngineUsed::Rules, BulletStatus::Rewritten, self.variants(std::slice::from_ref(&rewrite)))
        } else {
            let unchanged = vec![views::unchanged(self.input.bullet.as_str(), &self.before)];
            (EngineUsed::None, BulletStatus::Unchanged, (unchanged, Some(self.before.clone())))
        };
        if let Some(first) = variants.first_mut() {
            first.proposal = proposal;
        }
        Outcome { status, variants, after, ..Outcome::of_model(engine, notes, drafted) }
    }

    /// The rewrites in their published shape, and the score of the first.
    pub(super) fn variants(&self, rewrites: &[Rewrite]) -> (Vec<Variant>, Option<Scored>) {
        let mut first = None;
        let variants = rewrites.iter().map(|rewrite| {
            let score = self.score(rewrite.reading());
            let variant = views::variant(rewrite, &score, &self.score(rewrite.reading_with_slots()));
            first.get_or_insert(score);
            variant
        });
        (variants.collect(), first)
    }

    pub(super) fn score(&self, text: &Reading) -> Scored {
        scoring::score(&self.service.parts.lexicon, self.asks.asked(), text)
    }

    /// The outcome in its published shape, with what it took.
    pub(super) fn result(self, outcome: Outcome, tally: &Tally) -> BulletResult {
        let Outcome { status, variants, after, mut notes, engine, model, judge, stripped, cache, is_stale, hit: _, found: _, problem } =
            outcome;
        if self.skill.is_none() {
            notes.push(note(NoteCode::NoSkill, "no skill of the guide fits; the general card was used"));
        }
        if self.evidence.bullet.invisible {
            notes.push(note(NoteCode::InvisibleCharacters, "the bullet holds characters that cannot be seen; they were ignored"));
        }
        if self.is_addressed {
            let told = "a part of the text speaks to whoever rewrites it and tells nothing of your work; it was not used";
            notes.push(note(NoteCode::InstructionsIgnored, told));
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
                judge,
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
