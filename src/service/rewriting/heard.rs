//! What one reply says of several bullets: each part checked by itself, all lines judged in one question, and each bullet settled or asked for again.

use std::sync::Arc;

use super::Asking;
use super::drafted::{Drafted, Opening, Said};
use super::grouped::{Member, Seat, divide_among, purpose_of};
use super::lines::Lines;
use super::re_ask::{Fault, re_ask};
use crate::contract::rewrite::CacheOutcome;
use crate::domain::judgement::Case;
use crate::domain::request::ModelRequest;
use crate::ports::{CachedReply, Completion, Judge as _, Judged, Judgement};
use crate::service::calling::chain::{Allowance, Route};
use crate::service::calling::group_reply::{Element, GroupReply};
use crate::service::intake::RewriteOrder;
use crate::service::judging::{ModelJudge, count};

/// What the reply says of each bullet, checked, judged together and kept as if it had been asked for alone.
pub(super) async fn hear<'a>(
    route: &Route,
    seats: Vec<Seat<'a>>,
    reply: &GroupReply,
    completion: &Completion,
    allowance: Allowance,
    asking: Asking<'_>,
    order: &RewriteOrder,
) -> Vec<Member<'a>> {
    let mut heard = Vec::with_capacity(seats.len());
    let mut spoken: Vec<(Seat<'a>, String, Lines)> = Vec::with_capacity(seats.len());
    for (id, seat) in (0..).zip(seats) {
        // To check is work for the processor, and other requests may wait for it.
        tokio::task::yield_now().await;
        let job = &seat.member.job;
        match reply.of(id) {
            Element::Answer(text) => match Lines::read(job, &text) {
                Ok(mut lines) => {
                    lines.stripped.clone_from(&reply.stripped);
                    spoken.push((seat, text, lines));
                }
                Err(no_draft) => heard.push(refused(route, seat, &text, Fault::Shape(no_draft), allowance)),
            },
            Element::Malformed { text, why } => heard.push(refused(route, seat, &text, Fault::Shape(why), allowance)),
            // There is no answer to quote; its own question alone is other bytes than the group's.
            Element::Lacking(why) => {
                let question = seat.request.clone();
                heard.push(ask_again(route, seat, question, Fault::Shape(why), allowance));
            }
        }
    }
    let judgements = judge_together(route, &mut spoken, asking, order).await;
    for ((seat, text, lines), judgement) in spoken.into_iter().zip(judgements) {
        let job = &seat.member.job;
        match lines.settle(job, judgement.as_ref()) {
            Ok(told) => {
                let (served_model, kept_at) = (completion.served.model.clone(), job.service.parts.clock.now());
                let kept = CachedReply { text, served_model, cost: seat.share, kept_at, judgement };
                let Seat { mut member, request: _, share: _, turn } = seat;
                let cache = if turn.is_some() { CacheOutcome::Miss } else { CacheOutcome::Bypassed };
                if let Some((key, turn)) = turn {
                    member.job.service.parts.cache.replies.put(key, kept.clone()).await;
                    turn.answer(kept.clone());
                }
                member.headstart.said = Said::Draft(Box::new(Drafted::by(route.link.model.id(), kept, told, cache)));
                heard.push(member);
            }
            Err(fault) => heard.push(refused(route, seat, &text, fault, allowance)),
        }
    }
    heard
}

/// One question to the judge about all lines of the group; what it took is divided among their bullets.
async fn judge_together(
    route: &Route,
    spoken: &mut [(Seat<'_>, String, Lines)],
    asking: Asking<'_>,
    order: &RewriteOrder,
) -> Vec<Option<Judgement>> {
    let cases: Vec<Option<Case>> = spoken.iter().map(|(seat, _, lines)| lines.case(&seat.member.job)).collect();
    let is_asked: Vec<bool> = cases.iter().map(Option::is_some).collect();
    let cases: Vec<Case> = cases.into_iter().flatten().collect();
    let mut judgements = Vec::new();
    if let Some(service) = spoken.first().map(|(seat, ..)| seat.member.job.service).filter(|_| !cases.is_empty()) {
        let jobs = spoken.iter().zip(&is_asked).filter(|(_, is_asked)| **is_asked).map(|((seat, ..), _)| &seat.member.job);
        let purpose = purpose_of(&jobs, asking, order);
        let mut judge = ModelJudge::new(service, route, purpose);
        let judged = judge.judge(&cases).await;
        count(&service.parts.lexicon, &cases, &judged);
        let tally = judge.tally;
        let seats: Vec<_> = spoken.iter_mut().zip(&is_asked).filter(|(_, is_asked)| **is_asked).map(|((seat, ..), _)| seat).collect();
        divide_among(seats.into_iter(), &tally);
        if let Judged::Said(said) = judged {
            judgements = said;
        }
    }
    let mut judgements = judgements.into_iter();
    is_asked.into_iter().map(|is_asked| if is_asked { judgements.next() } else { None }).collect()
}

/// A bullet whose part of the answer cannot be used: its model is asked for it alone with the faults quoted.
fn refused<'a>(route: &Route, seat: Seat<'a>, text: &str, fault: Fault, allowance: Allowance) -> Member<'a> {
    let question = re_ask(&seat.member.job, &seat.request, text, &fault);
    ask_again(route, seat, question, fault, allowance)
}

fn ask_again<'a>(route: &Route, seat: Seat<'a>, question: ModelRequest, fault: Fault, allowance: Allowance) -> Member<'a> {
    if allowance.has_more(seat.member.job.service) {
        // The turn goes with the seat: while this bullet stands in line, others with the same question need not wait for it.
        seat.member.ask_alone(Opening { question, may_re_ask: false, allowance, answered: None })
    } else {
        seat.passed_over(route, Arc::new(fault.into()), allowance)
    }
}
