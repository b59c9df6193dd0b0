//! What is known of a judge: how it did when it was tried. A judge earns trust before its first verdict counts.
//!
//! A trial holds for a model, a prompt version, a set of pairs and the name that the provider says answered. It is made once for everybody who shares the
//! ledger's database, and once at a time in a process: those who need it wait for it, and go on without a judge when their own time is up.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Mutex as AsyncMutex;

use super::trial::{self, Batch};
use crate::domain::prompt::Prompt;
use crate::domain::request::ModelId;
use crate::ports::{Trial, TrialKind};
use crate::service::Service;
use crate::service::calling::attempt::Purpose;
use crate::service::calling::chain::Route;

/// So many pairs a judge may be wrong about, of those it is tried on.
const MOST_WRONG: u32 = 2;

/// So often a process tries one model: a provider that answers by another name each time is not paid for without end.
const MOST_TRIALS: usize = 8;

/// Whether a judge's word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// It does.
    Yes,
    /// It was tried, and does not.
    No,
    /// Nobody can say now.
    Unknown,
}

/// Whose trial is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answerer<'a> {
    /// The newest one's.
    Newest,
    /// That of the model that answers by this name, if the provider says one.
    Named(Option<&'a str>),
}

/// What a process knows of one judge.
#[derive(Debug, Default)]
pub(super) struct Standing {
    known: Mutex<Known>,
    /// Whoever finds out; the others wait.
    turn: AsyncMutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    /// Whether the kept trials have been looked up.
    is_loaded: bool,
    /// The newest last.
    trials: Vec<Trial>,
    /// The answers of a trial that is under way: what was paid for once is not asked again when somebody's time is up.
    batches: Vec<Option<Batch>>,
    made: usize,
    is_told: bool,
}

/// Who may have to judge, and what is known of it; for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeState {
    /// The model.
    pub model: String,
    /// The prompt version it is asked by.
    pub prompt: String,
    /// Whether its word counts; `None` before it was tried.
    pub is_trusted: Option<bool>,
    /// How many pairs it was right about, and of how many, where it was tried.
    pub trial: Option<(u32, u32)>,
}

/// Whether a trial earns trust.
pub(super) const fn is_passed(right: u32, of: u32) -> bool {
    of > 0 && right + MOST_WRONG >= of
}

impl Standing {
    /// Whether it is not known to be untrusted.
    pub(super) fn may_be_trusted(&self) -> bool {
        !matches!(self.look(Answerer::Newest), Some(Trust::No))
    }

    /// What is known, of the model that answered by this name or of the newest trial.
    fn look(&self, answerer: Answerer<'_>) -> Option<Trust> {
        let known = self.known();
        let is_it = |trial: &&Trial| match answerer {
            Answerer::Newest => true,
            Answerer::Named(name) => trial.served_model.as_deref() == name,
        };
        let trial = known.trials.iter().rfind(is_it);
        trial.map(|Trial { right, of, .. }| if is_passed(*right, *of) { Trust::Yes } else { Trust::No })
    }

    pub(super) fn known_batches(&self, of: usize) -> Vec<Option<Batch>> {
        let mut known = self.known();
        known.batches.resize(of, None);
        known.batches.clone()
    }

    pub(super) fn keep_batch(&self, at: usize, batch: Batch) {
        if let Some(place) = self.known().batches.get_mut(at) {
            *place = Some(batch);
        }
    }

    /// Keeps what a whole trial came to; takes the place of what was known under the same names.
    pub(super) fn keep(&self, trials: Vec<Trial>) {
        let mut known = self.known();
        known.batches.clear();
        known.made += 1;
        known.trials.retain(|old| trials.iter().all(|new| new.served_model != old.served_model));
        known.trials.extend(trials);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Nothing panics while this is locked, so a poisoned one is whole.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl JudgeState {
    /// `None` for a judge that need not be tried.
    pub(super) fn of(model: &ModelId, prompt: &str, standing: Option<&Standing>) -> Self {
        let (model, prompt) = (model.to_string(), prompt.to_owned());
        let Some(standing) = standing else { return Self { model, prompt, is_trusted: Some(true), trial: None } };
        let trial = standing.known().trials.last().map(|trial| (trial.right, trial.of));
        Self { model, prompt, is_trusted: trial.map(|(right, of)| is_passed(right, of)), trial }
    }

    /// What there is to say of a judge that is not trusted.
    pub fn warning(&self) -> Option<String> {
        let (right, of) = self.trial.filter(|_| self.is_trusted == Some(false))?;
        Some(format!(
            "{} was right about {right} of {of} pairs when it was tried as a judge, so it judges nothing: lines that code cannot settle become \
             proposals; set llm.judge to a more capable model, or to \"none\"",
            self.model
        ))
    }
}

/// Whether the word of this judge counts: from memory, from what is kept, or by a trial.
pub(super) async fn trust(service: &Service, route: &Route, prompt: &Prompt, purpose: Purpose<'_>, answerer: Answerer<'_>) -> Trust {
    let Some(standing) = service.bench.standing(route).filter(|_| service.bench.must_be_tried(route)) else { return Trust::Yes };
    if let Some(known) = standing.look(answerer) {
        return known;
    }
    let clock = &service.parts.clock;
    let _turn = tokio::select! {
        biased;
        turn = standing.turn.lock() => turn,
        () = purpose.client.gone() => return Trust::Unknown,
        () = clock.sleep(purpose.deadline.saturating_sub(clock.elapsed())) => return Trust::Unknown,
    };
    if let Some(known) = standing.look(answerer) {
        return known;
    }
    load(service, standing, route, prompt).await;
    if standing.look(answerer).is_none() && standing.known().made < MOST_TRIALS {
        trial::run(service, standing, route, prompt, purpose).await;
    }
    let known = standing.look(answerer).unwrap_or(Trust::Unknown);
    if known == Trust::No {
        tell(standing, route, prompt);
    }
    known
}

/// What this prompt and these pairs are tried under.
pub(super) fn kind_of(route: &Route, prompt: &Prompt) -> TrialKind {
    TrialKind {
        model: route.link.model.id().clone(),
        prompt_sha256: prompt.sha256().to_owned(),
        set_sha256: trial::set_sha256().to_owned(),
    }
}

/// Looks up what is kept, until that could be read once.
async fn load(service: &Service, standing: &Standing, route: &Route, prompt: &Prompt) {
    if standing.known().is_loaded {
        return;
    }
    match service.parts.trials.trials(&kind_of(route, prompt)).await {
        Ok(trials) => {
            let mut known = standing.known();
            known.is_loaded = true;
            known.trials = trials;
        }
        Err(error) => {
            tracing::warn!(place = error.place, cause = %error.source, "It cannot be looked up how the judge did when it was tried");
        }
    }
}

/// Tells the operator, once in a process.
fn tell(standing: &Standing, route: &Route, prompt: &Prompt) {
    let is_told = std::mem::replace(&mut standing.known().is_told, true);
    let state = JudgeState::of(route.link.model.id(), &prompt.prompt_ref().to_string(), Some(standing));
    if let Some(warning) = state.warning().filter(|_| !is_told) {
        tracing::warn!("{warning}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Timestamp;

    fn trial(served: Option<&str>, right: u32) -> Trial {
        Trial {
            kind: TrialKind { model: "p/m".parse().expect("well formed"), prompt_sha256: String::new(), set_sha256: String::new() },
            served_model: served.map(str::to_owned),
            prompt_ref: "judge@1".parse().expect("well formed"),
            right,
            of: 24,
            tried_at: Timestamp(1),
        }
    }

    #[test]
    fn two_wrong_answers_of_twenty_four_are_forgiven_and_three_are_not() {
        assert_eq!([24, 22, 21, 0].map(|right| is_passed(right, 24)), [true, true, false, false]);
        assert!(!is_passed(0, 0), "who was asked nothing has earned nothing");
    }

    #[test]
    fn trust_is_by_the_name_that_answered_and_the_newest_trial_counts() {
        let (standing, newest, named) = (Standing::default(), Answerer::Newest, |name| Answerer::Named(Some(name)));
        assert_eq!((standing.look(newest), standing.may_be_trusted()), (None, true));
        standing.keep(vec![trial(None, 24), trial(Some("m-1"), 24)]);
        assert_eq!((standing.look(newest), standing.look(Answerer::Named(None))), (Some(Trust::Yes), Some(Trust::Yes)));
        assert_eq!(standing.look(named("m-2")), None, "nobody knows the newcomer");
        standing.keep(vec![trial(Some("m-2"), 3)]);
        assert_eq!((standing.look(named("m-1")), standing.look(named("m-2"))), (Some(Trust::Yes), Some(Trust::No)));
        assert!(!standing.may_be_trusted());
        standing.keep(vec![trial(Some("m-2"), 23)]);
        assert!(standing.may_be_trusted());
    }

    #[test]
    fn only_a_judge_that_failed_is_warned_of() {
        let model = "p/m".parse().expect("well formed");
        let standing = Standing::default();
        assert_eq!(JudgeState::of(&model, "judge@1", Some(&standing)).warning(), None);
        assert_eq!(JudgeState::of(&model, "judge@1", None).is_trusted, Some(true));
        standing.keep(vec![trial(None, 9)]);
        let warning = JudgeState::of(&model, "judge@1", Some(&standing)).warning().expect("it failed");
        assert!(warning.starts_with("p/m was right about 9 of 24 pairs") && warning.contains("llm.judge"), "{warning}");
    }
}
