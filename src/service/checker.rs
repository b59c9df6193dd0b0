//! Scores a bullet, lists what it claims, and judges somebody's rewrite of it; no model is asked.

use super::Service;
use super::intake::CheckOrder;
use super::views;
use crate::contract::check::{CheckAnswer, FactView, Verdict, ViolationView};
use crate::contract::rewrite::{Score, ScoreSide};
use crate::domain::facts::{FactKind, Reading};
use crate::domain::grounding::{Evidence, Severity, Violation, judge};
use crate::domain::scoring;

pub(super) fn check(service: &Service, order: &CheckOrder) -> CheckAnswer {
    let lexicon = &service.parts.lexicon;
    let facts: Vec<&str> = order.facts.iter().map(String::as_str).collect();
    let foreign: Vec<&str> = order.foreign.iter().map(String::as_str).collect();
    let evidence = Evidence::new(lexicon, order.bullet.as_str(), &facts, &foreign);
    let (skill, _) = views::choose_skill(service, &order.guide, order.bullet.as_str(), order.skill.as_deref());
    let asks = order.guide.asks_for(skill, &evidence.bullet);
    let before = scoring::score(lexicon, asks.asked(), &evidence.bullet);
    let after = order.rewrite.as_ref().map(|rewrite| scoring::score(lexicon, asks.asked(), &Reading::new(rewrite, lexicon)));
    let violations: Vec<ViolationView> =
        order.rewrite.iter().flat_map(|rewrite| judge(lexicon, &evidence, asks.all(), rewrite)).map(view_of).collect();
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
