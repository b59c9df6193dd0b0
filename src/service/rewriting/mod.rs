//! The story of one bullet: match, evidence, prompt, model, check, judge, and if all else fails the rules, then the bullet itself.
//!
//! Where a prompt version can be asked for several bullets, `grouped` asks before the stories begin, and each goes on from what it was told.
//! No text leaves here that [`grounding::check`] has not vouched for after its last writer, alone or with the words that a judge quoted, but for the bullet
//! as it was sent. A line that only its writer can settle leaves as a proposal, beside a text that is settled.

mod asking;
mod cards;
mod drafted;
mod grouped;
mod heard;
mod held;
mod keywords;
mod ladder;
mod lines;
mod notes;
mod outcome;
mod questions;
mod re_ask;
mod recall;
mod texts;
mod written;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use self::asking::Question;
pub(super) use self::cards::Cards;
use self::drafted::Headstart;
use self::grouped::Member;
use self::keywords::beside_job;
use self::notes::{log, note, passed_over};
use self::outcome::Outcome;
use self::recall::{count_hit, recalled, remember};
use crate::contract::rewrite::{
    BulletResult, BulletStatus, CacheOutcome, CacheUse, EngineChoice, EngineUsed, NoteCode, RetoldAnswer, RewriteAnswer, RunUsage,
    SkillChoice,
};
use crate::domain::addressed::own_words;
use crate::domain::cost::{PicoUsd, TokenUsage};
use crate::domain::grounding::{Evidence, Limits, Severity, judge};
use crate::domain::guide::{Asks, SkillEntry};
use crate::domain::prompt::PromptError;
use crate::domain::rules;
use crate::domain::scoring::{self, Scored};
use crate::ports::{BoxFuture, CallPurpose, ModelError};
use crate::service::account::cost::Tally;
use crate::service::calling::attempt::Purpose;
use crate::service::calling::failure::Failure;
use crate::service::calling::overhead::{OVERHEAD, ProviderTime};
use crate::service::calling::presence::Presence;
use crate::service::intake::{BulletOrder, RewriteOrder};
use crate::service::{Caller, Preview, Retold, Service, views};

/// Rewrites every bullet of an order, several at once, results in order; `deadline` is a time on [`crate::ports::Clock::elapsed`].
///
/// When the client goes, no further bullet is begun, and what comes back is read by nobody.
pub(super) async fn rewrite(
    service: &Service,
    order: &RewriteOrder,
    caller: &Caller,
    deadline: Duration,
    client: &Presence,
) -> RewriteAnswer {
    let clock = &service.parts.clock;
    let provider_time = &ProviderTime::begin(clock.elapsed());
    let id = new_id(service);
    let told = work(service, order, Asking { id: &id, caller, deadline, client, provider_time }).await;
    if let Some(own) = provider_time.overhead(clock.elapsed()) {
        metrics::histogram!(OVERHEAD).record(own.as_secs_f64());
    }
    let calls = told.iter().map(|(_, tally)| tally.calls).sum();
    let usage = told.iter().fold(TokenUsage::default(), |sum, (_, tally)| sum.plus(tally.usage));
    let cost: PicoUsd = told.iter().map(|(_, tally)| tally.cost).sum();
    let usage = RunUsage {
        llm_calls: calls,
        input_tokens: tokens(usage.input()),
        output_tokens: tokens(usage.output()),
        cost_usd: cost.to_string(),
    };
    answer(service, id, told.into_iter().map(|(result, _)| result).collect(), usage)
}

/// The answer to an order of which every bullet is remembered as a hit of the cache; it takes no call, and so no time of its own.
///
/// Each of them knows the model, the skill and, by the order, the prompt version under which a hit counts.
pub(super) async fn recall(service: &Service, order: &RewriteOrder, caller: &Caller) -> Option<Retold> {
    let told = recalled(service, order, caller).await?;
    let (id, usage) = (new_id(service), RunUsage { cost_usd: PicoUsd::ZERO.to_string(), ..RunUsage::default() });
    let results = told.iter().map(|told| told.result.as_ref()).collect();
    let json = serde_json::to_vec(&RetoldAnswer { id: &id, rules_version: &service.rules_version, results, usage: &usage }).ok()?;
    Some(Retold { json, cost_usd: usage.cost_usd })
}

fn new_id(service: &Service) -> String {
    format!("rw_{}", service.parts.ids.next().simple())
}

fn answer(service: &Service, id: String, results: Vec<BulletResult>, usage: RunUsage) -> RewriteAnswer {
    RewriteAnswer { id, rules_version: service.rules_version.clone(), results, usage }
}

/// Does all there is to do, several things at once; gives the results in order.
async fn work(service: &Service, order: &RewriteOrder, asking: Asking<'_>) -> Vec<(BulletResult, Tally)> {
    let mut waiting = tasks(service, order, asking).await;
    let mut told: Vec<(BulletResult, Tally)> = Vec::with_capacity(order.bullets.len());
    let mut working = FuturesUnordered::new();
    loop {
        while working.len() < service.parts.concurrency
            && let Some(task) = waiting.pop_front()
        {
            // To read, write and check a bullet is work for the processor: before each one, other requests get their turn on this thread.
            tokio::task::yield_now().await;
            if asking.client.is_gone() {
                waiting.clear();
                break;
            }
            working.push(task);
        }
        match working.next().await {
            Some(Done::Told(result, tally)) => told.push((*result, tally)),
            // Their stories go before those that have not begun: they may be told already.
            Some(Done::Asked(members)) => members.into_iter().rev().for_each(|member| waiting.push_front(story(member, asking))),
            None => break,
        }
    }
    told.sort_by_key(|(result, _)| result.index);
    told
}

/// One piece of work on an order.
type Task<'a> = BoxFuture<'a, Done<'a>>;

/// What came of it.
enum Done<'a> {
    /// A bullet's story is told.
    Told(Box<BulletResult>, Tally),
    /// A model was asked for several bullets; each has its own story from here on.
    Asked(Vec<Member<'a>>),
}

/// What there is to do: the calls for several bullets, then the stories of the others. Boxed, because the story of a bullet is a large future.
async fn tasks<'a>(service: &'a Service, order: &'a RewriteOrder, asking: Asking<'a>) -> VecDeque<Task<'a>> {
    let bullets = order.bullets.iter().enumerate();
    let most = grouped::most(service, order);
    if most == 1 {
        let story = |(index, bullet)| -> Task<'a> {
            Box::pin(async move { Member::new(Job::new(service, order, bullet, index)).told(asking).await })
        };
        return bullets.map(story).collect();
    }
    let mut jobs = Vec::with_capacity(order.bullets.len());
    for (index, bullet) in bullets {
        tokio::task::yield_now().await;
        jobs.push(Job::new(service, order, bullet, index));
    }
    let (groups, alone) = grouped::divide(jobs, most, &asking.caller.tenant).await;
    let groups =
        groups.into_iter().map(|jobs| -> Task<'a> { Box::pin(async move { Done::Asked(grouped::ask(asking, order, jobs).await) }) });
    groups.chain(alone.into_iter().map(|job| story(Member::new(job), asking))).collect()
}

fn story<'a>(member: Member<'a>, asking: Asking<'a>) -> Task<'a> {
    Box::pin(member.told(asking))
}

/// What a model would be sent for each bullet.
pub(super) fn preview(service: &Service, order: &RewriteOrder) -> Result<Vec<Preview>, Arc<PromptError>> {
    let jobs = order.bullets.iter().enumerate().map(|(index, bullet)| Job::new(service, order, bullet, index));
    jobs.map(|job| {
        let request = job.question()?.request.clone();
        Ok(Preview { prompt_ref: order.prompt.prompt_ref().clone(), skill: job.skill.map(|skill| skill.id.clone()), request })
    })
    .collect()
}

/// Who asks for a rewrite, and until when.
#[derive(Clone, Copy)]
struct Asking<'a> {
    id: &'a str,
    caller: &'a Caller,
    deadline: Duration,
    client: &'a Presence,
    provider_time: &'a ProviderTime,
}

/// One bullet with everything that is known of it before anybody writes.
struct Job<'a> {
    service: &'a Service,
    order: &'a RewriteOrder,
    input: &'a BulletOrder,
    index: usize,
    skill: Option<&'a SkillEntry>,
    choice: Option<SkillChoice>,
    /// The clauses that this bullet may be asked by.
    asks: Asks,
    evidence: Evidence,
    /// Whether a part of bullet or facts speaks to whoever rewrites it; that part is no evidence.
    is_addressed: bool,
    before: Scored,
    question: OnceLock<Result<Question, Arc<PromptError>>>,
}

impl Member<'_> {
    /// Tells the bullet's story to its end.
    async fn told<'a>(self, asking: Asking<'_>) -> Done<'a> {
        let Self { job, headstart, mut tally } = self;
        let mut outcome = job.outcome(asking, headstart, &mut tally).await;
        let (service, order, input, found) = (job.service, job.order, job.input, outcome.found.take());
        if let Some((model, saved)) = outcome.hit.take() {
            count_hit(service, order, &asking.caller.tenant, model, job.skill_id().map(str::to_owned), saved);
        }
        let result = job.result(outcome, &tally);
        // A reply that was put away while this bullet was being asked for is a hit that cost something; the next one will not.
        if let Some(found) = found.filter(|_| tally == Tally::default()) {
            remember(service, order, input, &asking.caller.tenant, found, &result).await;
        }
        Done::Told(Box::new(result), tally)
    }
}

impl<'a> Job<'a> {
    fn new(service: &'a Service, order: &'a RewriteOrder, input: &'a BulletOrder, index: usize) -> Self {
        let lexicon = &service.parts.lexicon;
        let (bullet, facts) = (own_words(input.bullet.as_str()), input.facts.iter().map(|facts| own_words(facts)).collect::<Vec<_>>());
        let is_addressed = facts.iter().chain([&bullet]).any(|text| matches!(text, Cow::Owned(_)));
        let facts: Vec<&str> = facts.iter().map(AsRef::as_ref).collect();
        let evidence = beside_job(service, order, Evidence::new(lexicon, &bullet, &facts, &[]));
        let (skill, choice) = views::choose_skill(service, &order.guide, input.bullet.as_str(), input.skill.as_deref());
        let asks = order.guide.asks_for(skill, &evidence.bullet);
        let before = scoring::score(lexicon, asks.asked(), &evidence.bullet);
        Self { service, order, input, index, skill, choice, asks, evidence, is_addressed, before, question: OnceLock::new() }
    }

    /// Whether a model is asked for it.
    fn needs_model(&self) -> bool {
        !self.is_done() && !self.tells_nothing() && self.order.engine != EngineChoice::Rules && !self.service.parts.chain.is_empty()
    }

    /// Whether there is nothing to make better.
    fn is_done(&self) -> bool {
        self.before.is_strong() && self.is_well_formed()
    }

    /// Whether nothing in the bullet is told by its writer.
    fn tells_nothing(&self) -> bool {
        self.evidence.bullet.tokens.is_empty()
    }

    fn skill_id(&self) -> Option<&'a str> {
        self.skill.map(|skill| skill.id.as_str())
    }

    async fn outcome(&self, asking: Asking<'_>, headstart: Headstart, tally: &mut Tally) -> Outcome {
        let Asking { id, caller, deadline, client, provider_time } = asking;
        let nobody = |notes| Outcome {
            status: BulletStatus::Unchanged,
            variants: vec![views::unchanged(self.input.bullet.as_str(), &self.before)],
            after: Some(self.before.clone()),
            ..Outcome::by(EngineUsed::None, notes)
        };
        if self.is_done() {
            return nobody(vec![note(NoteCode::AlreadyStrong, "the bullet is strong as it is")]);
        }
        if self.tells_nothing() {
            return nobody(vec![note(NoteCode::NoHonestRewrite, "the bullet tells nothing of its writer's work")]);
        }
        let purpose = Purpose {
            work: CallPurpose::Write,
            rewrite_id: id,
            bullet_index: self.index,
            bullets: 1,
            tenant: &caller.tenant,
            prompt_ref: self.order.prompt.prompt_ref(),
            skill: self.skill_id(),
            deadline,
            client,
            provider_time,
        };
        let asked = match self.order.engine {
            EngineChoice::Rules => None,
            EngineChoice::Auto if self.service.parts.chain.is_empty() => None,
            EngineChoice::Auto | EngineChoice::Llm => Some(drafted::draft(self, headstart, purpose, tally).await),
        };
        let mut notes = Vec::new();
        match asked {
            Some(Ok(drafted)) if drafted.rewrites.is_empty() => return self.proposed(drafted, id),
            Some(Ok(drafted)) => return self.drafted(drafted, id),
            Some(Err(drafted::Undrafted { failure, .. })) if matches!(*failure, Failure::Gone) => return nobody(notes),
            Some(Err(drafted::Undrafted { failure, model })) => {
                log(&failure, id);
                // Who records wants the model's answers, and has paid for this one: another writer's would only look well.
                let is_unrecorded = matches!(*failure, Failure::Model(ModelError::Unrecorded { .. }));
                if self.order.engine == EngineChoice::Llm || is_unrecorded {
                    return Outcome {
                        status: BulletStatus::Failed,
                        cache: if self.asks_cache() { CacheOutcome::Miss } else { CacheOutcome::Bypassed },
                        problem: Some(failure.problem(model.as_ref())),
                        ..Outcome::by(EngineUsed::None, notes)
                    };
                }
                notes.push(passed_over("the rules engine", &failure, model.as_ref()));
            }
            None => {}
        }
        if let Some(rewrite) = written::by_rules(self) {
            notes.extend(written::notes(self, &rewrite));
            let (variants, after) = self.variants(std::slice::from_ref(&rewrite));
            return Outcome { variants, after, ..Outcome::by(EngineUsed::Rules, notes) };
        }
        notes.push(note(NoteCode::NoHonestRewrite, rules::why_not(&self.service.parts.lexicon, &self.evidence)));
        nobody(notes)
    }

    /// Whether a reply is looked for in the cache at all.
    fn asks_cache(&self) -> bool {
        self.order.cache != CacheUse::Bypass && !self.service.parts.chain.is_empty()
    }

    /// Whether the bullet keeps to the rules of form; against itself it can break no other.
    fn is_well_formed(&self) -> bool {
        let found = judge(&self.service.parts.lexicon, &self.evidence, self.asks.all(), self.input.bullet.as_str());
        found.iter().all(|violation| violation.severity == Severity::Soft)
    }

    fn limits(&self) -> Limits<'_> {
        Limits { max_chars: usize::from(self.order.max_chars), asks: self.asks.all() }
    }
}

/// What the answer says that was counted; only the ledger tells an absent count from none.
fn tokens(count: Option<u64>) -> u64 {
    count.unwrap_or(0)
}
