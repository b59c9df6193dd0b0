//! Who settles what code cannot: the judge of this service, when it is asked, and whether it is trusted.
//!
//! `model_judge` asks a model through everything that stands between a question and a provider, `trust` knows how models did when they were tried, and
//! `trial` tries them. What a judge says counts only after `domain::judgement` has compared it with the evidence.

mod model_judge;
mod trial;
mod trust;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(in crate::service) use self::model_judge::ModelJudge;
pub(in crate::service) use self::trial::examine;
pub use self::trial::{Examined, Finding};
pub use self::trust::JudgeState;
use self::trust::Standing;
use super::calling::chain::Route;
use super::{Link, Preview, Service};
use crate::domain::addressed::own_words;
use crate::domain::grounding::{Evidence, judge};
use crate::domain::judgement::{AskedLine, Case, LineVerdict, rule};
use crate::domain::lexicon::Lexicon;
use crate::domain::prompt::{Prompt, PromptError, PromptKind, PromptLibrary};
use crate::domain::request::ModelId;
use crate::ports::{Judged, Judgement};

/// A counter: lines that a judge was to read, by what became of them (`supported`, `refused`, `unsettled`, `untrusted`).
const JUDGED_LINES: &str = "bulletsmith_judged_lines_total";

/// The prompt that judges are asked by: its highest released version.
const PROMPT: &str = "judge";

/// Who judges the lines of models, and when.
#[derive(Debug, Clone, Default)]
pub struct Judging {
    /// Who.
    pub by: JudgedBy,
    /// Whether a model has to be tried first.
    pub trust: JudgeTrust,
    /// Which lines.
    pub when: JudgeWhen,
}

/// Who judges.
#[derive(Debug, Clone, Default)]
pub enum JudgedBy {
    /// Nobody: what code cannot settle, the writer is asked.
    #[default]
    Nobody,
    /// The model that wrote, in a conversation of its own.
    Writer,
    /// This model.
    Model(Link),
}

/// Whether a model has to be tried before it judges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum JudgeTrust {
    /// It has, on pairs whose answers are known.
    #[default]
    Calibrated,
    /// It has not.
    Always,
}

/// Which lines are judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum JudgeWhen {
    /// Every line of a model without a hard finding.
    #[default]
    Always,
    /// Only those that code cannot settle.
    Asked,
}

/// The judges of a service.
#[derive(Debug)]
pub(in crate::service) struct Bench {
    /// Which lines are judged.
    pub(in crate::service) when: JudgeWhen,
    trust: JudgeTrust,
    prompt: Option<Arc<Prompt>>,
    seat: Seat,
    standings: BTreeMap<ModelId, Standing>,
}

#[derive(Debug)]
enum Seat {
    Nobody,
    Writer,
    Model(Box<Route>),
}

impl Bench {
    /// The judges of a chain, or the one that is named beside it.
    pub(in crate::service) fn new(judging: &Judging, prompts: &PromptLibrary, chain: &[Route], own: Option<Route>) -> Self {
        let Judging { by, trust, when } = judging;
        let prompt = prompts.resolve_kind(PROMPT, PromptKind::Judge).ok().map(Arc::clone);
        let seat = match (by, own) {
            (JudgedBy::Nobody, _) | (JudgedBy::Model(_), None) => Seat::Nobody,
            (JudgedBy::Writer, _) => Seat::Writer,
            (JudgedBy::Model(_), Some(route)) => Seat::Model(Box::new(route)),
        };
        let mut bench = Self { when: *when, trust: *trust, prompt, seat, standings: BTreeMap::new() };
        bench.standings = bench.judges(chain).iter().map(|route| (route.link.model.id().clone(), Standing::default())).collect();
        bench
    }

    /// Everyone who may have to judge.
    pub(in crate::service) fn judges<'a>(&'a self, chain: &'a [Route]) -> Vec<&'a Route> {
        match (&self.seat, &self.prompt) {
            (Seat::Nobody, _) | (_, None) => Vec::new(),
            (Seat::Writer, Some(_)) => chain.iter().collect(),
            (Seat::Model(route), Some(_)) => vec![route],
        }
    }

    /// Who judges what the model of this route wrote.
    pub(in crate::service) fn judge_of<'a>(&'a self, writer: &'a Route) -> Option<(&'a Route, &'a Arc<Prompt>)> {
        let prompt = self.prompt.as_ref()?;
        match &self.seat {
            Seat::Nobody => None,
            Seat::Writer => Some((writer, prompt)),
            Seat::Model(route) => Some((route, prompt)),
        }
    }

    /// Who judges what somebody else wrote.
    pub(in crate::service) fn first_judge<'a>(&'a self, chain: &'a [Route]) -> Option<(&'a Route, &'a Arc<Prompt>)> {
        self.judge_of(self.judges(chain).into_iter().next()?)
    }

    /// Whether asking the judge of this writer could settle anything now.
    pub(in crate::service) fn may_answer(&self, writer: &Route) -> bool {
        self.judge_of(writer)
            .is_some_and(|(route, _)| !self.must_be_tried(route) || self.standing(route).is_none_or(Standing::may_be_trusted))
    }

    /// Whether a judgement is one that the judge of this writer would give today.
    pub(in crate::service) fn is_of_today(&self, writer: &Route, judgement: &Judgement) -> bool {
        self.judge_of(writer)
            .is_some_and(|(route, prompt)| *route.link.model.id() == judgement.model && prompt.sha256() == judgement.prompt_sha256)
    }

    /// Whether the model of this route has to be tried first. Recordings hold the words of judges that were trusted when they spoke.
    fn must_be_tried(&self, route: &Route) -> bool {
        self.trust == JudgeTrust::Calibrated && !route.link.model.is_recorded()
    }

    fn standing(&self, route: &Route) -> Option<&Standing> {
        self.standings.get(route.link.model.id())
    }
}

impl Service {
    /// Who may have to judge, and what is known of each.
    pub fn judges(&self) -> Vec<JudgeState> {
        let prompt = self.bench.prompt.as_ref().map(|prompt| prompt.prompt_ref().to_string()).unwrap_or_default();
        let state = |route: &Route| {
            let standing = self.bench.standing(route).filter(|_| self.bench.must_be_tried(route));
            JudgeState::of(route.link.model.id(), &prompt, standing)
        };
        self.bench.judges(&self.routes).into_iter().map(state).collect()
    }
}

/// What a judge would be sent about a line.
pub(in crate::service) fn preview(
    service: &Service,
    prompt: &str,
    bullet: &str,
    facts: Option<&str>,
    line: &str,
) -> Result<Preview, PromptError> {
    let prompt = service.parts.prompts.resolve_kind(prompt, PromptKind::Judge)?;
    let (lexicon, bullet) = (&service.parts.lexicon, own_words(bullet).into_owned());
    let facts: Vec<String> = facts.map(|facts| own_words(facts).into_owned()).into_iter().collect();
    let texts: Vec<&str> = facts.iter().map(String::as_str).collect();
    let evidence = Evidence::new(lexicon, &bullet, &texts, &[]);
    let asked = AskedLine::new(line, &judge(lexicon, &evidence, &service.every_ask(), line), &bullet);
    let request = model_judge::question(prompt, &[Case { bullet, facts, lines: vec![asked] }])?;
    Ok(Preview { prompt_ref: prompt.prompt_ref().clone(), skill: None, request })
}

/// Counts what became of the lines that a judge was to read.
pub(in crate::service) fn count(lexicon: &Lexicon, cases: &[Case], judged: &Judged) {
    let increment = |outcome: &'static str, lines: usize| {
        if lines > 0 {
            metrics::counter!(JUDGED_LINES, "outcome" => outcome).increment(lines as u64);
        }
    };
    let all = || cases.iter().map(|case| case.lines.len()).sum();
    match judged {
        Judged::Nobody => {}
        Judged::Untrusted => increment("untrusted", all()),
        Judged::Silent => increment("unsettled", all()),
        Judged::Said(judgements) => {
            let rulings = cases.iter().zip(judgements).flat_map(|(case, judgement)| rule(lexicon, case, &judgement.said));
            for ruling in rulings {
                let outcome = match ruling.verdict() {
                    LineVerdict::Supported => "supported",
                    LineVerdict::Refused => "refused",
                    LineVerdict::Unsettled => "unsettled",
                };
                increment(outcome, 1);
            }
        }
    }
}
