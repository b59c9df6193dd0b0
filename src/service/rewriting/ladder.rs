//! The ladder of one conversation: ask, check, judge, and once more with the findings quoted.

use super::Job;
use super::drafted::Opening;
use super::lines::{Lines, Told};
use super::re_ask::{Fault, re_ask};
use crate::domain::cost::PicoUsd;
use crate::ports::{CachedReply, Completion, Judge as _, Judged, Judgement, ModelError};
use crate::service::account::cost::Tally;
use crate::service::calling::attempt::Purpose;
use crate::service::calling::chain::{self, Route};
use crate::service::calling::failure::Failure;
use crate::service::judging::{ModelJudge, count};

/// Asks; raises the limit once when the answer met it, and asks once more with the faults quoted when the answer cannot be used.
///
/// Both are other questions than before, so neither reads the cache or can be answered from one of the provider's. A reply that is there already, and
/// that no judge has read, is judged like a fresh one.
pub(super) async fn converse(
    job: &Job<'_>,
    route: &Route,
    opening: &mut Opening,
    purpose: Purpose<'_>,
    tally: &mut Tally,
) -> Result<(CachedReply, Told), Failure> {
    let Opening { question, may_re_ask, allowance, answered } = opening;
    let (mut may_raise, mut refused, before) = (true, None::<Fault>, tally.cost);
    let paid = answered.as_ref().map_or(PicoUsd::ZERO, |reply| reply.cost);
    loop {
        let reply = match answered.take() {
            Some(reply) => reply,
            None => match chain::ask(job.service, route, question, purpose, allowance, tally).await {
                Ok(completion) => fresh(job, completion),
                Err(Failure::Model(ModelError::Truncated { .. })) if may_raise && allowance.has_more(job.service) => {
                    may_raise = false;
                    question.max_output_tokens = question.max_output_tokens.saturating_mul(2);
                    continue;
                }
                // Recordings know what a model said, and not always what it would have said to these findings.
                Err(Failure::Model(ModelError::ReplayMiss { hash })) => {
                    return Err(refused.map_or_else(|| ModelError::ReplayMiss { hash }.into(), Failure::from));
                }
                Err(failure) => return Err(failure),
            },
        };
        let fault = match Lines::read(job, &reply.text) {
            Err(no_draft) => Fault::Shape(no_draft),
            Ok(lines) => {
                let judgement = judged(job, route, &lines, purpose, tally).await;
                match lines.settle(job, judgement.as_ref()) {
                    Ok(told) => return Ok((CachedReply { cost: paid.plus(tally.cost.less(before)), judgement, ..reply }, told)),
                    Err(fault) => fault,
                }
            }
        };
        if !*may_re_ask || !allowance.has_more(job.service) {
            return Err(fault.into());
        }
        *may_re_ask = false;
        *question = re_ask(job, question, &reply.text, &fault);
        refused = Some(fault);
    }
}

fn fresh(job: &Job<'_>, completion: Completion) -> CachedReply {
    let Completion { text, served } = completion;
    CachedReply { text, served_model: served.model, cost: PicoUsd::ZERO, kept_at: job.service.parts.clock.now(), judgement: None }
}

/// What a judge says of the lines of one bullet, if one is to be asked and answers.
async fn judged(job: &Job<'_>, route: &Route, lines: &Lines, purpose: Purpose<'_>, tally: &mut Tally) -> Option<Judgement> {
    let cases = [lines.case(job)?];
    let mut judge = ModelJudge::new(job.service, route, purpose);
    let judged = judge.judge(&cases).await;
    count(&job.service.parts.lexicon, &cases, &judged);
    tally.join(&judge.tally);
    match judged {
        Judged::Said(mut judgements) => judgements.pop(),
        Judged::Silent | Judged::Untrusted | Judged::Nobody => None,
    }
}
