//! Tries a judge on pairs whose answers are known: half of them honest lines, half of them false ones, of every kind that models write.

use std::sync::LazyLock;
use std::time::Duration;

use futures_util::future::join_all;
use sha2::{Digest as _, Sha256};

use super::model_judge::{put, read};
use super::trust::{Standing, is_passed, kind_of};
use crate::contract::problem::Problem;
use crate::domain::judgement::{Case, LineRuling, LineVerdict, Pair, PairKind, read_pairs, rule};
use crate::domain::prompt::{Prompt, PromptRef};
use crate::domain::request::{ModelId, hex};
use crate::ports::{CallPurpose, ModelError, Trial};
use crate::service::account::cost::Tally;
use crate::service::calling::attempt::Purpose;
use crate::service::calling::chain::Route;
use crate::service::calling::failure::Failure;
use crate::service::calling::overhead::ProviderTime;
use crate::service::calling::presence::Presence;
use crate::service::{Caller, Service};

/// The pairs that every judge is tried on, as text.
const SET: &str = include_str!("../../../fixtures/eval/judge/calibration.jsonl");

/// So many pairs are put in one question.
const PAIRS_A_CALL: usize = 6;

/// The same, read. A test holds that they can be; without them nobody earns trust.
static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| read_pairs(SET).unwrap_or_default());
static SET_SHA256: LazyLock<String> = LazyLock::new(|| hex(Sha256::digest(SET).as_slice()));

/// The hash of the pairs.
pub(super) fn set_sha256() -> &'static str {
    &SET_SHA256
}

/// The name that a provider gave for whoever answered, if it gave one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name(Option<String>);

/// What one question of a trial came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    right: u32,
    /// `None` where the model declined.
    answered_by: Option<Name>,
}

/// What a judge found about some pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined {
    /// The judge.
    pub model: ModelId,
    /// The prompt version.
    pub prompt_ref: PromptRef,
    /// One finding a pair, in order.
    pub findings: Vec<Finding>,
    /// Whether so many right answers earn trust.
    pub is_passed: bool,
    /// Tokens sent and received.
    pub tokens: (u64, u64),
    /// What it cost, in US dollars.
    pub cost_usd: String,
}

/// What a judge found about one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The pair's id.
    pub id: String,
    /// Whether its line is honest.
    pub kind: PairKind,
    /// What the judge said, as far as it counts.
    pub verdict: LineVerdict,
    /// Whether that is right.
    pub is_right: bool,
}

impl Examined {
    /// How many pairs it was right about, and of how many.
    pub fn right(&self) -> (u32, u32) {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        (count(self.findings.iter().filter(|finding| finding.is_right).count()), count(self.findings.len()))
    }
}

/// Tries a judge, as far as that was not done before; what cannot be asked now is asked another time.
pub(super) async fn run(service: &Service, standing: &Standing, route: &Route, prompt: &Prompt, purpose: Purpose<'_>) {
    let id = format!("jt_{}", service.parts.ids.next().simple());
    let purpose = of_trial(&id, prompt, purpose);
    let batches: Vec<&[Pair]> = PAIRS.chunks(PAIRS_A_CALL).collect();
    let known = standing.known_batches(batches.len());
    let open = batches.iter().enumerate().zip(&known).filter(|(_, known)| known.is_none());
    let asked = open.map(|((at, pairs), _)| async move {
        let mut tally = Tally::default();
        if let Ok(answer) = answer(service, route, prompt, pairs, purpose, &mut tally).await {
            standing.keep_batch(at, batch(pairs, &answer));
        }
    });
    join_all(asked).await;
    let batches: Option<Vec<Batch>> = standing.known_batches(batches.len()).into_iter().collect();
    if let Some(batches) = batches.filter(|batches| !batches.is_empty()) {
        keep(service, standing, route, prompt, &batches).await;
    }
}

fn batch(pairs: &[Pair], answer: &Answer) -> Batch {
    let right = pairs.iter().zip(&answer.rulings).filter(|(pair, ruling)| pair.is_right(ruling)).count();
    Batch { right: u32::try_from(right).unwrap_or(u32::MAX), answered_by: answer.answered_by.clone() }
}

/// Keeps a whole trial, under every name that answered.
async fn keep(service: &Service, standing: &Standing, route: &Route, prompt: &Prompt, batches: &[Batch]) {
    let mut names: Vec<Name> = batches.iter().filter_map(|batch| batch.answered_by.clone()).collect();
    names.sort();
    names.dedup();
    // A model that never answered may be asked in a way that its server does not know; that is no news for others.
    let is_for_all = !names.is_empty();
    if names.is_empty() {
        names.push(Name(None));
    }
    let right = batches.iter().map(|batch| batch.right).sum();
    let trial = |Name(served_model)| Trial {
        kind: kind_of(route, prompt),
        served_model,
        prompt_ref: prompt.prompt_ref().clone(),
        right,
        of: u32::try_from(PAIRS.len()).unwrap_or(u32::MAX),
        tried_at: service.parts.clock.now(),
    };
    let trials: Vec<Trial> = names.into_iter().map(trial).collect();
    for trial in trials.iter().filter(|_| is_for_all) {
        if let Err(error) = service.parts.trials.keep_trial(trial).await {
            tracing::warn!(place = error.place, cause = %error.source, "It cannot be kept how the judge did when it was tried");
        }
    }
    standing.keep(trials);
}

fn of_trial<'a>(id: &'a str, prompt: &'a Prompt, purpose: Purpose<'a>) -> Purpose<'a> {
    Purpose { work: CallPurpose::Judge, rewrite_id: id, bullet_index: 0, prompt_ref: prompt.prompt_ref(), skill: None, ..purpose }
}

/// What one question about pairs brought.
struct Answer {
    rulings: Vec<LineRuling>,
    answered_by: Option<Name>,
}

/// Puts pairs into one question. A model that answers wrongly, or declines, has answered; what says nothing of it is a failure.
async fn answer(
    service: &Service,
    route: &Route,
    prompt: &Prompt,
    pairs: &[Pair],
    purpose: Purpose<'_>,
    tally: &mut Tally,
) -> Result<Answer, Failure> {
    let cases: Vec<Case> = pairs.iter().map(Pair::case).collect();
    let purpose = Purpose { bullets: pairs.len().max(1), ..purpose };
    let (said, answered_by) = match put(service, route, prompt, &cases, purpose, tally).await {
        Ok(completion) => (read(&completion, &cases).unwrap_or_default(), Some(Name(completion.served.model))),
        Err(Failure::Model(error)) if is_an_answer(&error) => (Vec::new(), None),
        Err(failure) => return Err(failure),
    };
    let mut said = said.into_iter();
    let rulings = cases.iter().flat_map(|case| rule(&service.parts.lexicon, case, &said.next().unwrap_or_default())).collect();
    Ok(Answer { rulings, answered_by })
}

/// Whether the model is to blame, and not its provider or the way there.
const fn is_an_answer(error: &ModelError) -> bool {
    match error {
        ModelError::Truncated { .. }
        | ModelError::Refused { .. }
        | ModelError::Filtered { .. }
        | ModelError::Empty { .. }
        | ModelError::ContextExceeded { .. }
        | ModelError::Rejected { .. } => true,
        ModelError::Unreachable { .. }
        | ModelError::TimedOut
        | ModelError::Unauthorized { .. }
        | ModelError::QuotaExhausted { .. }
        | ModelError::RateLimited { .. }
        | ModelError::Unavailable { .. }
        | ModelError::BadReply { .. }
        | ModelError::StreamCut { .. }
        | ModelError::Unrecorded { .. }
        | ModelError::ReplayMiss { .. } => false,
    }
}

/// Puts pairs to every judge of the service, whatever is known of it; without pairs, those that trust is earned by, and then what comes of it is kept.
pub(in crate::service) async fn examine(
    service: &Service,
    pairs: Option<&[Pair]>,
    caller: &Caller,
    deadline: Duration,
    client: &Presence,
) -> Result<Vec<Examined>, Problem> {
    let (mut all, provider_time) = (Vec::new(), &ProviderTime::begin(service.parts.clock.elapsed()));
    for route in service.bench.judges(&service.routes) {
        let Some((_, prompt)) = service.bench.judge_of(route) else { continue };
        let id = format!("jt_{}", service.parts.ids.next().simple());
        let purpose = Purpose {
            work: CallPurpose::Judge,
            rewrite_id: &id,
            bullet_index: 0,
            bullets: 1,
            tenant: &caller.tenant,
            prompt_ref: prompt.prompt_ref(),
            skill: None,
            deadline,
            client,
            provider_time,
        };
        let (mut findings, mut tally, mut batches) = (Vec::new(), Tally::default(), Vec::new());
        for pairs in pairs.unwrap_or(&PAIRS).chunks(PAIRS_A_CALL) {
            let answer = answer(service, route, prompt, pairs, purpose, &mut tally).await;
            let answer = answer.map_err(|failure| failure.problem(Some(route.link.model.id())))?;
            batches.push(batch(pairs, &answer));
            findings.extend(pairs.iter().zip(&answer.rulings).map(|(pair, ruling)| Finding {
                id: pair.id.clone(),
                kind: pair.kind,
                verdict: ruling.verdict(),
                is_right: pair.is_right(ruling),
            }));
        }
        if let (None, Some(standing)) = (pairs, service.bench.standing(route)) {
            keep(service, standing, route, prompt, &batches).await;
        }
        let mut examined = Examined {
            model: route.link.model.id().clone(),
            prompt_ref: prompt.prompt_ref().clone(),
            findings,
            is_passed: false,
            tokens: (tally.usage.input().unwrap_or(0), tally.usage.output().unwrap_or(0)),
            cost_usd: tally.cost.to_string(),
        };
        let (right, of) = examined.right();
        examined.is_passed = is_passed(right, of);
        all.push(examined);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pairs_are_half_honest_and_half_false_and_each_is_answered_by_its_own_evidence() {
        let pairs = read_pairs(SET).expect("every line is a pair");
        let honest = pairs.iter().filter(|pair| pair.kind == PairKind::Clean).count();
        assert_eq!((pairs.len(), honest), (24, 12));
        let lexicon = crate::domain::lexicon::Lexicon::embedded().expect("sound");
        for pair in &pairs {
            let said = match pair.kind {
                PairKind::Clean => format!(r#""quote":{},"at_fault":"","supported":true"#, json(pair.quote.as_deref())),
                PairKind::Fault => format!(r#""quote":"","at_fault":{},"supported":false"#, json(pair.at.as_deref())),
            };
            let answer = format!(r#"{{"lines":[{{"case":0,"line":0,"items":[],{said}}}]}}"#);
            let cases = [pair.case()];
            let said = crate::domain::judgement::Judgement::read(&answer, &cases).expect("an answer");
            let ruling = rule(&lexicon, &cases[0], &said[0]).swap_remove(0);
            assert!(pair.is_right(&ruling), "{}: the words that its author gives for it count: {ruling:?}", pair.id);
            if pair.kind == PairKind::Fault {
                assert!(matches!(ruling.whole, crate::domain::judgement::Ruling::Refused(Some(_))), "{}: {ruling:?}", pair.id);
            }
        }
    }

    fn json(text: Option<&str>) -> String {
        serde_json::Value::from(text.expect("the author gives it")).to_string()
    }
}
