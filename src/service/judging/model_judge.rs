//! A judge that is a model: asked like any other, through holds, ledger, retries, breaker and places, in its share of the time.
//!
//! It sees the evidence and the lines and nothing of how they were written. Whatever goes wrong on the way, the lines stay as code found them.

use std::fmt;

use super::trust::{Answerer, Trust, trust};
use crate::domain::judgement::{Case, CaseSaid, JUDGEMENT_SCHEMA_NAME, Judgement as Answer};
use crate::domain::prompt::{JudgeInput, Prompt, PromptError};
use crate::domain::request::ModelRequest;
use crate::ports::{BoxFuture, CallPurpose, Completion, Judge, Judged, Judgement, ModelError};
use crate::service::Service;
use crate::service::account::cost::Tally;
use crate::service::calling::attempt::Purpose;
use crate::service::calling::chain::{self, Allowance, Route};
use crate::service::calling::failure::Failure;
use crate::service::calling::reply::bare;

/// The judge of what one model wrote, for one question.
pub(in crate::service) struct ModelJudge<'a> {
    service: &'a Service,
    /// Whose lines are judged.
    writer: &'a Route,
    purpose: Purpose<'a>,
    /// What it has taken so far.
    pub(in crate::service) tally: Tally,
}

impl fmt::Debug for ModelJudge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ModelJudge({})", self.writer.link.model.id())
    }
}

impl<'a> ModelJudge<'a> {
    /// The judge of what the model of this route wrote; `purpose` says for whom.
    pub(in crate::service) fn new(service: &'a Service, writer: &'a Route, purpose: Purpose<'a>) -> Self {
        Self { service, writer, purpose, tally: Tally::default() }
    }

    async fn ask(&mut self, cases: &[Case]) -> Judged {
        let service = self.service;
        let Some((route, prompt)) = service.bench.judge_of(self.writer) else { return Judged::Nobody };
        let purpose = Purpose { work: CallPurpose::Judge, prompt_ref: prompt.prompt_ref(), ..self.purpose };
        match trust(service, route, prompt, purpose, Answerer::Newest).await {
            Trust::Yes => {}
            Trust::No => return Judged::Untrusted,
            Trust::Unknown => return Judged::Silent,
        }
        let Ok(completion) = put(service, route, prompt, cases, purpose, &mut self.tally).await else { return Judged::Silent };
        // Another model may answer by the same name from one day to the next.
        match trust(service, route, prompt, purpose, Answerer::Named(completion.served.model.as_deref())).await {
            Trust::Yes => {}
            Trust::No => return Judged::Untrusted,
            Trust::Unknown => return Judged::Silent,
        }
        let Some(said) = read(&completion, cases) else { return Judged::Silent };
        let judgement = |said| Judgement {
            model: route.link.model.id().clone(),
            served_model: completion.served.model.clone(),
            prompt_ref: prompt.prompt_ref().clone(),
            prompt_sha256: prompt.sha256().to_owned(),
            said,
        };
        Judged::Said(said.into_iter().map(judgement).collect())
    }
}

impl Judge for ModelJudge<'_> {
    fn judge<'a>(&'a mut self, cases: &'a [Case]) -> BoxFuture<'a, Judged> {
        Box::pin(self.ask(cases))
    }
}

/// What an answer says of the cases, fences and prose around it left out.
pub(super) fn read(completion: &Completion, cases: &[Case]) -> Option<Vec<CaseSaid>> {
    Answer::read(bare(&completion.text).ok()?.object, cases)
}

/// The question about these cases.
pub(in crate::service) fn question(prompt: &Prompt, cases: &[Case]) -> Result<ModelRequest, PromptError> {
    let rendered = prompt.render_judge(&JudgeInput::new(cases))?;
    Ok(ModelRequest {
        messages: rendered.messages,
        schema_name: JUDGEMENT_SCHEMA_NAME,
        schema: Answer::schema(cases),
        max_output_tokens: rendered.max_output_tokens,
    })
}

/// Asks; raises the limit once when the answer met it. Half of the time that is left is kept for what comes after the judge.
pub(super) async fn put(
    service: &Service,
    route: &Route,
    prompt: &Prompt,
    cases: &[Case],
    purpose: Purpose<'_>,
    tally: &mut Tally,
) -> Result<Completion, Failure> {
    let mut request = question(prompt, cases).map_err(|error| Failure::Prompt(error.into()))?;
    let mut allowance = Allowance::new(service, purpose.deadline, 2);
    let asked = chain::ask(service, route, &request, purpose, &mut allowance, tally).await;
    let asked = match asked {
        Err(Failure::Model(ModelError::Truncated { .. })) if allowance.has_more(service) => {
            request.max_output_tokens = request.max_output_tokens.saturating_mul(2);
            chain::ask(service, route, &request, purpose, &mut allowance, tally).await
        }
        asked => asked,
    };
    if let Err(failure) = &asked {
        // Once, where it is handled; the line stays as code found it.
        let (rewrite_id, model) = (purpose.rewrite_id, route.link.model.id().to_string());
        tracing::warn!(rewrite_id, model, code = failure.code().as_str(), "The judge gave no answer");
    }
    asked
}
