//! What the domain found, in the published shapes.

use super::Service;
use super::intake::MatchOrder;
use crate::contract::matches::{Alternative, MatchResult};
use crate::contract::rewrite::{Keywords, ReceiptView, RunnerUp, ScoreReason, ScoreSide, SkillChoice, Variant};
use crate::domain::grounding::{ReceiptKind, Rewrite};
use crate::domain::guide::{Guide, SkillEntry};
use crate::domain::matching::SkillMatch;
use crate::domain::scoring::Scored;
use crate::domain::text::{Span, is_invisible, visible};

/// How many other candidates a match shows.
const ALTERNATIVES: usize = 3;

pub(super) fn match_results(service: &Service, order: &MatchOrder) -> Vec<MatchResult> {
    let matcher = service.matcher(order.guide.id());
    order
        .bullets
        .iter()
        .enumerate()
        .map(|(index, (id, bullet))| {
            let found = matcher.map_or(SkillMatch { skill: None, other_field: None, candidates: Vec::new() }, |matcher| {
                matcher.pick(&order.guide, bullet.as_str())
            });
            let best = found.candidates.first();
            MatchResult {
                index,
                id: id.clone(),
                skill: found.skill.map(|skill| skill.id.clone()),
                confidence: best.map_or(0.0, |best| best.confidence),
                matched: best.map_or_else(Vec::new, |best| words_at(&best.matched, bullet.as_str())),
                alternatives: found
                    .candidates
                    .iter()
                    .skip(1)
                    .take(ALTERNATIVES)
                    .map(|other| Alternative { skill: other.skill.id.clone(), confidence: other.confidence })
                    .collect(),
            }
        })
        .collect()
}

fn words_at(spans: &[Span], text: &str) -> Vec<String> {
    spans.iter().map(|span| span.of(text)).collect()
}

/// The skill of a bullet: the caller's, else the matcher's.
pub(super) fn choose_skill<'a>(
    service: &Service,
    guide: &'a Guide,
    bullet: &str,
    named: Option<&str>,
) -> (Option<&'a SkillEntry>, Option<SkillChoice>) {
    let Some(matcher) = service.matcher(guide.id()) else { return (None, None) };
    let found = matcher.pick(guide, bullet);
    let runner_up = |chosen: &SkillEntry| {
        let other = found.candidates.iter().find(|other| other.skill.id != chosen.id)?;
        Some(RunnerUp { id: other.skill.id.clone(), confidence: other.confidence })
    };
    let named = named.and_then(|id| guide.skill(id));
    let Some(skill) = named.or(found.skill) else { return (None, None) };
    let own = found.candidates.iter().find(|candidate| candidate.skill.id == skill.id);
    let choice = SkillChoice {
        id: skill.id.clone(),
        name: skill.name.clone(),
        confidence: if named.is_some() { 1.0 } else { own.map_or(0.0, |own| own.confidence) },
        matched: own.map_or_else(Vec::new, |own| words_at(&own.matched, bullet)),
        runner_up: runner_up(skill),
    };
    (Some(skill), Some(choice))
}

/// The keywords of a skill: those the text uses, those the evidence carries, the rest.
pub(super) fn keywords(service: &Service, guide: &Guide, skill: Option<&SkillEntry>, text: &str, evidence: &[&str]) -> Keywords {
    let (Some(skill), Some(matcher)) = (skill, service.matcher(guide.id())) else { return Keywords::default() };
    let in_text: Vec<usize> = matcher.keywords_in(guide, skill, text).iter().map(|hit| hit.keyword).collect();
    let carried: Vec<usize> = evidence.iter().flat_map(|text| matcher.keywords_in(guide, skill, text)).map(|hit| hit.keyword).collect();
    let mut keywords = Keywords::default();
    for (at, keyword) in skill.keywords.iter().enumerate() {
        let list = if in_text.contains(&at) {
            &mut keywords.used
        } else if carried.contains(&at) {
            &mut keywords.supported
        } else {
            &mut keywords.unsupported
        };
        list.push(keyword.term.clone());
    }
    keywords
}

/// A checked rewrite with its two scores.
pub(super) fn variant(rewrite: &Rewrite, score: &Scored, score_with_slots: &Scored) -> Variant {
    Variant {
        text: rewrite.text().to_owned(),
        with_slots: rewrite.with_slots().to_owned(),
        slots: rewrite.slots().to_vec(),
        receipts: rewrite
            .receipts()
            .iter()
            .map(|receipt| ReceiptView {
                span: receipt.span,
                kind: receipt.kind,
                from: receipt.from,
                side: rewrite.quoted(receipt.span).map(|quoted| quoted.side),
            })
            .collect(),
        proposal: None,
        score: score.points,
        score_with_slots: score_with_slots.points,
    }
}

/// The bullet as it was sent, but for what nobody can see: it vouches for itself.
pub(super) fn unchanged(bullet: &str, score: &Scored) -> Variant {
    let whole = |text: &str| Span::new(0, text.chars().count());
    let text = if bullet.contains(is_invisible) { visible(bullet).into_owned() } else { bullet.to_owned() };
    Variant {
        receipts: vec![ReceiptView { span: whole(&text), kind: ReceiptKind::Source, from: Some(whole(bullet)), side: None }],
        with_slots: text.clone(),
        text,
        slots: Vec::new(),
        proposal: None,
        score: score.points,
        score_with_slots: score.points,
    }
}

/// The reasons of one side.
pub(super) fn reasons(side: ScoreSide, scored: &Scored) -> impl Iterator<Item = ScoreReason> + '_ {
    scored.reasons.iter().map(move |reason| ScoreReason {
        of: side,
        code: reason.code.to_owned(),
        message: reason.message.to_owned(),
        points: -i16::from(reason.points),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unchanged_bullet_is_given_back_without_what_nobody_can_see() {
        let score = Scored { points: 50, reasons: Vec::new() };
        let Variant { text, with_slots, receipts, .. } = unchanged("Ran\u{200b}  Redis\u{e0041}\nclusters", &score);
        assert_eq!((text.as_str(), with_slots.as_str()), ("Ran  Redis clusters", "Ran  Redis clusters"));
        assert_eq!((receipts[0].span, receipts[0].from), (Span::new(0, 19), Some(Span::new(0, 21))));
        assert_eq!(unchanged("Ran\tRedis", &score).text, "Ran\tRedis");
    }
}
