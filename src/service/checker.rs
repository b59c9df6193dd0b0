//! Scores a bullet, lists what it claims, and judges somebody's rewrite of it; a model is asked only where the order says so.

use std::time::Duration;

use super::calling::attempt::Purpose;
use super::calling::overhead::ProviderTime;
use super::calling::presence::Presence;
use super::intake::CheckOrder;
use super::judging::{ModelJudge, count};
use super::views;
use super::{Caller, Service};
use crate::contract::check::{CheckAnswer, FactView, JudgementView, Verdict, ViolationView};
use crate::contract::problem::{Code, Problem};
use crate::contract::rewrite::{Score, ScoreSide};
use crate::domain::addressed::own_words;
use crate::domain::cost::PicoUsd;
use crate::domain::facts::{FactKind, Reading};
use crate::domain::grounding::{Evidence, Severity, Side, Violation, judge};
use crate::domain::judgement::{AskedLine, Case, LineRuling, Ruling, rule};
use crate::domain::scoring;
use crate::domain::text::Span;
use crate::ports::{CallPurpose, Judge as _, Judged};

/// What a judge adds to what code found.
#[derive(Default)]
struct Heard {
    judgements: Vec<JudgementView>,
    cost: PicoUsd,
}

/// Without a model.
pub(super) fn check(service: &Service, order: &CheckOrder) -> CheckAnswer {
    let evidence = evidence(service, order);
    let violations = violations(service, order, &evidence);
    answer(service, order, &evidence, violations, Heard::default())
}

/// With a judge, who is asked about a rewrite that code has nothing against.
pub(super) async fn check_and_judge(
    service: &Service,
    order: &CheckOrder,
    caller: &Caller,
    deadline: Duration,
    client: &Presence,
) -> Result<CheckAnswer, Problem> {
    let Some((route, prompt)) = service.bench.first_judge(&service.routes) else {
        return Err(Problem::new(Code::NoModel, "no judge is configured; set llm.judge and llm.chain, or leave `judge` out"));
    };
    let evidence = evidence(service, order);
    let mut found = violations(service, order, &evidence);
    let mut heard = Heard::default();
    let is_refused = found.iter().any(|violation| violation.severity == Severity::Hard);
    if let Some((rewrite, line)) = order.rewrite.as_ref().zip(line(service, order, &evidence, &found)).filter(|_| !is_refused) {
        let facts = order.facts.iter().map(|facts| own_words(facts).into_owned()).collect();
        let cases = [Case { bullet: own_words(order.bullet.as_str()).into_owned(), facts, lines: vec![line] }];
        let id = format!("ck_{}", service.parts.ids.next().simple());
        let provider_time = &ProviderTime::begin(service.parts.clock.elapsed());
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
        let mut judge = ModelJudge::new(service, route, purpose);
        let judged = judge.judge(&cases).await;
        count(&service.parts.lexicon, &cases, &judged);
        heard.cost = judge.tally.cost;
        let said = match judged {
            Judged::Said(mut judgements) => judgements.pop().map(|judgement| judgement.said),
            Judged::Silent | Judged::Untrusted | Judged::Nobody => None,
        };
        let ruling = cases.iter().flat_map(|case| rule(&service.parts.lexicon, case, &said.clone().unwrap_or_default())).next();
        if let (Some(ruling), Some(line)) = (ruling, cases.iter().flat_map(|case| &case.lines).next()) {
            heard.judgements = views_of(&ruling, line, rewrite);
            settle(&mut found, &ruling, line);
        }
    }
    Ok(answer(service, order, &evidence, found, heard))
}

fn evidence(service: &Service, order: &CheckOrder) -> Evidence {
    let facts: Vec<&str> = order.facts.iter().map(String::as_str).collect();
    let foreign: Vec<&str> = order.foreign.iter().map(String::as_str).collect();
    Evidence::new(&service.parts.lexicon, order.bullet.as_str(), &facts, &foreign)
}

fn violations(service: &Service, order: &CheckOrder, evidence: &Evidence) -> Vec<Violation> {
    let (skill, _) = views::choose_skill(service, &order.guide, order.bullet.as_str(), order.skill.as_deref());
    let asks = order.guide.asks_for(skill, &evidence.bullet);
    order.rewrite.iter().flat_map(|rewrite| judge(&service.parts.lexicon, evidence, asks.all(), rewrite)).collect()
}

/// The rewrite as a judge is asked about it; a bullet that was sent back as it was is no question.
fn line(service: &Service, order: &CheckOrder, evidence: &Evidence, violations: &[Violation]) -> Option<AskedLine> {
    let rewrite = order.rewrite.as_ref()?;
    let is_bullet = evidence.is_bullet(&Reading::new(rewrite, &service.parts.lexicon));
    (!is_bullet).then(|| AskedLine::new(rewrite, violations, order.bullet.as_str()))
}

/// What was found, line first.
fn views_of(ruling: &LineRuling, line: &AskedLine, rewrite: &str) -> Vec<JudgementView> {
    let view = |side, span, ruling: &Ruling| match ruling {
        Ruling::Supported(cited) => JudgementView { side, span, supported: Some(true), from: Some(*cited) },
        Ruling::Refused(_) => JudgementView { side, span, supported: Some(false), from: None },
        Ruling::Open => JudgementView { side, span, supported: None, from: None },
    };
    let whole = view(Side::Rewrite, Span::new(0, rewrite.chars().count()), &ruling.whole);
    std::iter::once(whole).chain(line.items.iter().zip(&ruling.items).map(|(item, ruling)| view(item.side, item.span, ruling))).collect()
}

/// What is left of the findings: a question that is supported is none any more, once the line as a whole is; what is refused is hard.
fn settle(found: &mut Vec<Violation>, ruling: &LineRuling, line: &AskedLine) {
    let refused = ruling.faults(line);
    let is_whole = matches!(ruling.whole, Ruling::Supported(_));
    let mut items = ruling.items.iter();
    found.retain(|violation| {
        let ruling = if violation.severity == Severity::Ask { items.next() } else { None };
        match ruling {
            Some(Ruling::Supported(_)) => !is_whole,
            Some(Ruling::Refused(_)) => false,
            Some(Ruling::Open) | None => true,
        }
    });
    found.splice(0..0, refused);
}

fn answer(service: &Service, order: &CheckOrder, evidence: &Evidence, violations: Vec<Violation>, heard: Heard) -> CheckAnswer {
    let lexicon = &service.parts.lexicon;
    let (skill, _) = views::choose_skill(service, &order.guide, order.bullet.as_str(), order.skill.as_deref());
    let asks = order.guide.asks_for(skill, &evidence.bullet);
    let before = scoring::score(lexicon, asks.asked(), &evidence.bullet);
    let after = order.rewrite.as_ref().map(|rewrite| scoring::score(lexicon, asks.asked(), &Reading::new(rewrite, lexicon)));
    let violations: Vec<ViolationView> = violations.into_iter().map(view_of).collect();
    CheckAnswer {
        score: Score {
            before: before.points,
            after: after.as_ref().map(|after| after.points),
            reasons: views::reasons(ScoreSide::Before, &before)
                .chain(after.iter().flat_map(|after| views::reasons(ScoreSide::After, after)))
                .collect(),
        },
        facts: facts_of(service, &evidence.bullet),
        verdict: order.rewrite.is_some().then(|| verdict_of(&violations)),
        violations,
        judgements: heard.judgements,
        cost_usd: heard.cost.to_string(),
    }
}

/// A fault in the published shape.
pub(super) fn view_of(violation: Violation) -> ViolationView {
    let Violation { code, severity, message, side, span, from, question } = violation;
    ViolationView { code, severity, message, side, span, from, question }
}

/// One hard fault is enough, and one question leaves it open.
pub(super) fn verdict_of(violations: &[ViolationView]) -> Verdict {
    let has = |severity| violations.iter().any(|violation| violation.severity == severity);
    if has(Severity::Hard) {
        Verdict::Ungrounded
    } else if has(Severity::Ask) {
        Verdict::Unsettled
    } else {
        Verdict::Grounded
    }
}

/// Every claim of a text, in the order of their places.
pub(super) fn facts_of(service: &Service, reading: &Reading) -> Vec<FactView> {
    let lexicon = &service.parts.lexicon;
    let view = |kind, span: crate::domain::text::Span, value| FactView { kind, text: span.of(&reading.raw), span, value };
    let mut facts = Vec::new();
    facts.extend(reading.quantities.iter().map(|quantity| view(FactKind::Quantity, quantity.span, Some(quantity.normal_form()))));
    facts.extend(reading.technologies.iter().map(|technology| {
        let name = lexicon.display(&technology.id);
        let value = technology.version.as_ref().map_or_else(|| name.to_owned(), |version| format!("{name} {version}"));
        view(FactKind::Technology, technology.span, Some(value))
    }));
    // `API` is written like a name and is a word of the trade.
    facts.extend(
        reading
            .names
            .iter()
            .filter(|at| reading.class_at(**at).is_none())
            .map(|at| view(FactKind::ProperNoun, reading.span(*at, at + 1), None)),
    );
    facts.extend(reading.scope.iter().map(|(first, end)| view(FactKind::Scope, reading.span(*first, *end), None)));
    facts.extend(reading.clauses.iter().map(|clause| view(FactKind::Outcome, clause.span, None)));
    let opener = reading.opener_len.max(1);
    let opens_with_verb = reading.opener_len > 0 || reading.tokens.first().is_some_and(|first| lexicon.verb(&first.lower).is_some());
    if opens_with_verb {
        facts.push(view(FactKind::Ownership, reading.span(0, opener), Some(reading.tier.as_str().to_owned())));
    }
    facts.sort_by_key(|fact| fact.span);
    facts
}
