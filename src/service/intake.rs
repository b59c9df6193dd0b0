//! From a request as it was sent to an order that can be carried out: every value checked, every fault told with its place.

use std::sync::{Arc, OnceLock};

use crate::contract::check::CheckRequest;
use crate::contract::matches::{MatchInput, MatchRequest};
use crate::contract::problem::{FieldError, Problem};
use crate::contract::rewrite::{BulletInput, BulletObject, CacheUse, EngineChoice, RewriteRequest, Role};
use crate::domain::bullet::{Bullet, MAX_BULLET, MAX_FACTS, MAX_JOB, check_text};
use crate::domain::grounding::DEFAULT_MAX_CHARS;
use crate::domain::guide::{Guide, Guides};
use crate::domain::job::JobDescription;
use crate::domain::lexicon::Lexicon;
use crate::domain::prompt::{Prompt, PromptKind, PromptLibrary};
use crate::domain::text::visible;

/// The most bullets of one rewrite.
pub(super) const MAX_BULLETS: usize = 30;
/// The most bullets of one match.
pub(super) const MAX_MATCHES: usize = 1_000;
/// The most versions of one bullet.
pub(super) const MAX_VARIANTS: u8 = 3;
/// The most other bullets of a check.
const MAX_SIBLINGS: usize = 30;
/// The longest title of a role.
const MAX_TITLE: usize = 120;
/// What `max_chars` may be.
const CHARS: std::ops::RangeInclusive<u16> = 60..=600;
/// The prompt that is used when a request names none.
const DEFAULT_PROMPT: &str = "rewrite";

/// A rewrite that can be carried out.
#[derive(Debug)]
pub(super) struct RewriteOrder {
    pub(super) bullets: Vec<BulletOrder>,
    pub(super) guide: Arc<Guide>,
    pub(super) role: Role,
    pub(super) job_description: Option<JobText>,
    pub(super) variants: u8,
    pub(super) max_chars: u16,
    pub(super) engine: EngineChoice,
    pub(super) prompt: Arc<Prompt>,
    pub(super) cache: CacheUse,
}

/// A job description, read when the first bullet is held against it and then kept for the others.
#[derive(Debug)]
pub(super) struct JobText {
    text: String,
    read: OnceLock<JobDescription>,
}

impl JobText {
    const fn new(text: String) -> Self {
        Self { text, read: OnceLock::new() }
    }

    /// The text as it was sent.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The same, read.
    pub(super) fn read(&self, lexicon: &Lexicon, guide: &Guide) -> &JobDescription {
        self.read.get_or_init(|| JobDescription::new(lexicon, guide.terms(), &self.text))
    }
}

/// One bullet of a rewrite.
#[derive(Debug)]
pub(super) struct BulletOrder {
    pub(super) bullet: Bullet,
    /// The bullet's own facts, then those that hold for every bullet.
    pub(super) facts: Vec<String>,
    /// The id of a skill of the order's guide.
    pub(super) skill: Option<String>,
}

/// A check that can be carried out.
#[derive(Debug)]
pub(super) struct CheckOrder {
    pub(super) bullet: Bullet,
    pub(super) facts: Option<String>,
    pub(super) rewrite: Option<String>,
    /// Siblings, then the job description.
    pub(super) foreign: Vec<String>,
    pub(super) skill: Option<String>,
    pub(super) guide: Arc<Guide>,
}

/// A match that can be carried out.
#[derive(Debug)]
pub(super) struct MatchOrder {
    pub(super) bullets: Vec<(serde_json::Value, Bullet)>,
    pub(super) guide: Arc<Guide>,
}

/// The faults found so far.
#[derive(Default)]
pub(super) struct Faults(Vec<FieldError>);

impl Faults {
    pub(super) fn add(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError::new(pointer, message));
    }

    pub(super) fn bullet(&mut self, pointer: &str, raw: &str) -> Option<Bullet> {
        Bullet::parse(raw).map_err(|error| self.add(pointer, error.to_string())).ok()
    }

    pub(super) fn text(&mut self, pointer: &str, raw: Option<&str>, limit: usize) {
        if let Some(Err(error)) = raw.map(|raw| check_text(raw, limit)) {
            self.add(pointer, error.to_string());
        }
    }

    fn guide(&mut self, guides: &Guides, id: Option<&str>) -> Option<Arc<Guide>> {
        let Some(id) = id else { return Some(Arc::clone(guides.default_guide())) };
        let found = guides.get(id).map(Arc::clone);
        if found.is_none() {
            let known: Vec<&str> = guides.iter().map(|guide| guide.id()).collect();
            self.add("/guide", format!("there is no guide \"{}\"; there is {}", shown(id), known.join(", ")));
        }
        found
    }

    fn skill(&mut self, pointer: &str, guide: Option<&Arc<Guide>>, id: Option<&str>) {
        let (Some(guide), Some(id)) = (guide, id) else { return };
        if guide.skill(id).is_none() {
            let known: Vec<&str> = guide.skills().iter().map(|skill| skill.id.as_str()).collect();
            self.add(pointer, format!("the guide has no skill \"{}\"; it has {}", shown(id), known.join(", ")));
        }
    }

    fn role(&mut self, role: Option<&Role>) {
        self.text("/role/title", role.and_then(|role| role.title.as_deref()), MAX_TITLE);
    }

    fn count(&mut self, pointer: &str, found: usize, limit: usize) {
        if found == 0 {
            self.add(pointer, "is empty; send at least one bullet");
        } else if found > limit {
            self.add(pointer, format!("holds {found} bullets; at most {limit} can be sent at once"));
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_problem(self) -> Problem {
        Problem::invalid(self.0)
    }
}

/// What a caller sent, short enough to be shown again.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = visible(text).chars().take(40).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}

/// Checks a rewrite.
pub(super) fn rewrite_order(request: RewriteRequest, guides: &Guides, prompts: &PromptLibrary) -> Result<RewriteOrder, Problem> {
    let RewriteRequest { bullets, guide, role, facts, job_description, variants, max_chars, engine, prompt, cache } = request;
    let mut faults = Faults::default();
    faults.count("/bullets", bullets.len(), MAX_BULLETS);
    let guide = faults.guide(guides, guide.as_deref());
    faults.text("/facts", facts.as_deref(), MAX_FACTS);
    faults.text("/job_description", job_description.as_deref(), MAX_JOB);
    faults.role(role.as_ref());
    let variants = variants.unwrap_or(1);
    if !(1..=MAX_VARIANTS).contains(&variants) {
        faults.add("/variants", format!("is {variants}; it may be 1 to {MAX_VARIANTS}"));
    }
    let max_chars = max_chars.unwrap_or(u16::try_from(DEFAULT_MAX_CHARS).unwrap_or(240));
    if !CHARS.contains(&max_chars) {
        faults.add("/max_chars", format!("is {max_chars}; it may be {} to {}", CHARS.start(), CHARS.end()));
    }
    let prompt = prompts
        .resolve_kind(prompt.as_deref().unwrap_or(DEFAULT_PROMPT), PromptKind::Rewrite)
        .map_err(|error| faults.add("/prompt", error.to_string()))
        .ok();
    let shared = facts.filter(|facts| !facts.trim().is_empty());
    let mut parsed = Vec::with_capacity(bullets.len().min(MAX_BULLETS));
    for (at, input) in bullets.into_iter().take(MAX_BULLETS).enumerate() {
        let (pointer, object) = match input {
            BulletInput::Text(text) => (format!("/bullets/{at}"), BulletObject { text, facts: None, skill: None }),
            BulletInput::Full(object) => (format!("/bullets/{at}/text"), object),
        };
        let BulletObject { text, facts, skill } = object;
        faults.text(&format!("/bullets/{at}/facts"), facts.as_deref(), MAX_FACTS);
        faults.skill(&format!("/bullets/{at}/skill"), guide.as_ref(), skill.as_deref());
        if let Some(bullet) = faults.bullet(&pointer, &text) {
            let facts = facts.into_iter().filter(|facts| !facts.trim().is_empty()).chain(shared.clone()).collect();
            parsed.push(BulletOrder { bullet, facts, skill });
        }
    }
    match (guide, prompt) {
        (Some(guide), Some(prompt)) if faults.0.is_empty() => Ok(RewriteOrder {
            bullets: parsed,
            guide,
            role: role.unwrap_or_default(),
            job_description: job_description.filter(|text| !text.trim().is_empty()).map(JobText::new),
            variants,
            max_chars,
            engine: engine.unwrap_or_default(),
            prompt: Arc::clone(prompt),
            cache: cache.unwrap_or_default(),
        }),
        _ => Err(faults.into_problem()),
    }
}

/// Checks a check.
pub(super) fn check_order(request: CheckRequest, guides: &Guides) -> Result<CheckOrder, Problem> {
    let CheckRequest { bullet, facts, rewrite, siblings, job_description, skill, guide, role, judge: _ /* decides who is asked */ } =
        request;
    let mut faults = Faults::default();
    let bullet = faults.bullet("/bullet", &bullet);
    faults.text("/facts", facts.as_deref(), MAX_FACTS);
    if let Some(rewrite) = &rewrite {
        faults.bullet("/rewrite", rewrite);
    }
    let siblings = siblings.unwrap_or_default();
    if siblings.len() > MAX_SIBLINGS {
        faults.add("/siblings", format!("holds {} bullets; at most {MAX_SIBLINGS} can be sent", siblings.len()));
    }
    for (at, sibling) in siblings.iter().take(MAX_SIBLINGS).enumerate() {
        faults.text(&format!("/siblings/{at}"), Some(sibling), MAX_BULLET);
    }
    faults.text("/job_description", job_description.as_deref(), MAX_JOB);
    faults.role(role.as_ref());
    let guide = faults.guide(guides, guide.as_deref());
    faults.skill("/skill", guide.as_ref(), skill.as_deref());
    match (bullet, guide) {
        (Some(bullet), Some(guide)) if faults.0.is_empty() => {
            Ok(CheckOrder { bullet, facts, rewrite, foreign: siblings.into_iter().chain(job_description).collect(), skill, guide })
        }
        _ => Err(faults.into_problem()),
    }
}

/// Checks a match.
pub(super) fn match_order(request: MatchRequest, guides: &Guides) -> Result<MatchOrder, Problem> {
    let MatchRequest { bullets, guide } = request;
    let mut faults = Faults::default();
    faults.count("/bullets", bullets.len(), MAX_MATCHES);
    let guide = faults.guide(guides, guide.as_deref());
    let mut parsed = Vec::new();
    for (at, input) in bullets.into_iter().take(MAX_MATCHES).enumerate() {
        let (pointer, id, text) = match input {
            MatchInput::Text(text) => (format!("/bullets/{at}"), serde_json::Value::Null, text),
            MatchInput::Named(named) => (format!("/bullets/{at}/text"), named.id, named.text),
        };
        if id.is_object() || id.is_array() {
            faults.add(format!("/bullets/{at}/id"), "must be a string, a number, true, false or null");
        }
        if let Some(bullet) = faults.bullet(&pointer, &text) {
            parsed.push((id, bullet));
        }
    }
    match guide {
        Some(guide) if faults.0.is_empty() => Ok(MatchOrder { bullets: parsed, guide }),
        _ => Err(faults.into_problem()),
    }
}
