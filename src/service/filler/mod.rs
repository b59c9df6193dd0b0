//! Puts answers into the slots of a text; an answer becomes evidence, and the text is judged after its last word is written.
//!
//! A proposal that comes with a yes to all that it asks takes the place of the text first: see `confirming`.

use std::collections::BTreeMap;

mod confirming;

use super::Service;
use super::checker::{facts_of, verdict_of, view_of};
use super::intake::{Faults, shown};
use super::proposals::with_statement;
use crate::contract::fill::{FillAnswer, FillRequest, OfferView, ProposalInput};
use crate::contract::problem::Problem;
use crate::domain::bullet::{Bullet, MAX_FACTS};
use crate::domain::facts::Reading;
use crate::domain::grounding::{Evidence, Severity, Side, Violation, ViolationCode, judge};
use crate::domain::slots::{Filled, Form, MAX_SLOTS, Offer, Slot, disagreements, offers};
use crate::domain::text::visible;

/// A fill that can be carried out.
struct FillOrder {
    bullet: Bullet,
    facts: String,
    with_slots: String,
    slots: Vec<Slot>,
    /// By the ids of the slots.
    answers: BTreeMap<String, String>,
    accept: Vec<String>,
    proposal: Option<ProposalInput>,
    /// By the ids of what the proposal asks.
    confirm: BTreeMap<String, bool>,
    /// What the writer has said yes to: which text holds the words, and the words in lower case.
    settled: Vec<(Side, String)>,
}

pub(super) fn fill(service: &Service, request: FillRequest) -> Result<FillAnswer, Problem> {
    let order = confirming::confirmed(service, order_of(request)?)?;
    let lexicon = &service.parts.lexicon;
    let asks = service.every_ask();
    let form = Form::new(lexicon, &asks, &order.with_slots, &order.slots);
    let mut filled = form.fill(&order.answers).map_err(|refused| {
        let mut faults = Faults::default();
        for (id, refusal) in refused {
            faults.add(format!("/answers/{id}"), refusal.to_string());
        }
        faults.into_problem()
    })?;
    let offered = accepted(service, &order, &mut filled)?;
    let facts = evidence_text(service, &order, &filled);
    let evidence = Evidence::new(lexicon, order.bullet.as_str(), &[&facts], &[]).for_answers(filled.with_slots());
    let stands = |text: &str| hard(judge(lexicon, &evidence, &[], text)).next().is_none();
    let text = Some(filled.sendable(lexicon, stands)).filter(|text| text.contains(char::is_alphanumeric));
    let text = text.unwrap_or_else(|| visible(order.bullet.as_str()).trim().to_owned());
    let mut violations = judge(lexicon, &evidence, &[], &text);
    violations.retain(|violation| violation.severity != Severity::Ask || !order.has_settled(violation, &text));
    speaks_against(&filled, &text, &violations)?;
    if hard(violations.clone()).next().is_none() {
        hides_nothing(service, &evidence, &filled)?;
    }
    let violations: Vec<_> = violations.into_iter().map(view_of).collect();
    Ok(FillAnswer {
        facts: facts_of(service, &Reading::new(&text, lexicon)),
        verdict: verdict_of(&violations),
        violations,
        with_slots: if filled.open().is_empty() { text.clone() } else { filled.with_slots().to_owned() },
        text,
        slots: filled.open().to_vec(),
        evidence: facts,
        offers: offered.into_iter().map(|offer| OfferView { id: offer.id, text: offer.text, arithmetic: offer.arithmetic }).collect(),
    })
}

/// Every value of the request checked, every fault told with its place.
fn order_of(request: FillRequest) -> Result<FillOrder, Problem> {
    let FillRequest { bullet, facts, with_slots, slots, answers, accept, proposal, confirm } = request;
    let mut faults = Faults::default();
    let bullet = faults.bullet("/bullet", &bullet);
    faults.text("/facts", facts.as_deref(), MAX_FACTS);
    if faults.bullet("/with_slots", &with_slots).is_some() {
        for (pointer, message) in disagreements(&with_slots, &slots) {
            faults.add(pointer, message);
        }
    }
    for id in answers.keys().filter(|id| !slots.iter().any(|slot| slot.id == **id)).take(MAX_SLOTS) {
        let known: Vec<String> = slots.iter().map(|slot| shown(&slot.id)).take(MAX_SLOTS).collect();
        let known = if known.is_empty() { "no slot".to_owned() } else { known.join(", ") };
        let named = id.chars().count() <= 40;
        let pointer = if named { format!("/answers/{}", id.replace('~', "~0").replace('/', "~1")) } else { "/answers".to_owned() };
        faults.add(pointer, format!("there is no slot \"{}\" to answer; the text has {known}", shown(id)));
    }
    let accept = accept.unwrap_or_default();
    if accept.len() > MAX_SLOTS {
        faults.add("/accept", format!("holds {} ids; at most {MAX_SLOTS} can be accepted", accept.len()));
    }
    if let Some(proposal) = &proposal {
        faults.bullet("/proposal/text", &proposal.text);
    } else if confirm.as_ref().is_some_and(|confirm| !confirm.is_empty()) {
        faults.add("/confirm", "answers the questions of a proposal, and there is none; send the `proposal` of the variant as well");
    }
    match bullet {
        Some(bullet) if faults.is_empty() => Ok(FillOrder {
            bullet,
            facts: facts.unwrap_or_default(),
            with_slots,
            slots,
            answers: answers.into_iter().filter_map(|(id, answer)| Some((id, answer?))).collect(),
            accept,
            proposal,
            confirm: confirm.unwrap_or_default(),
            settled: Vec::new(),
        }),
        _ => Err(faults.into_problem()),
    }
}

/// The facts with what the answers say, each a sentence of its own, so that no number runs into the next.
fn evidence_text(service: &Service, order: &FillOrder, filled: &Filled) -> String {
    let known = Evidence::new(&service.parts.lexicon, order.bullet.as_str(), &[&order.facts], &[]);
    let mut text = order.facts.trim_end().to_owned();
    for statement in filled.statements(&service.parts.lexicon, &known) {
        with_statement(&mut text, &statement);
    }
    text
}

/// Puts in the derived values that are accepted; gives those that are still on offer.
fn accepted(service: &Service, order: &FillOrder, filled: &mut Filled) -> Result<Vec<Offer>, Problem> {
    let on_offer = |filled: &Filled| {
        let lexicon = &service.parts.lexicon;
        let facts = evidence_text(service, order, filled);
        let evidence = Evidence::new(lexicon, order.bullet.as_str(), &[&facts], &[]);
        offers(&Reading::new(filled.with_slots(), lexicon), &evidence)
    };
    let first = on_offer(filled);
    let mut offered = first.clone();
    let mut faults = Faults::default();
    for (at, id) in order.accept.iter().enumerate() {
        if let Some(offer) = offered.iter().find(|offer| offer.id == *id) {
            filled.tell(offer);
            offered = on_offer(filled);
        } else if first.iter().any(|offer| offer.id == *id) {
            faults.add(format!("/accept/{at}"), "is a second value for a change that has one already; accept one of them");
        } else {
            let known: Vec<&str> = offered.iter().map(|offer| offer.id.as_str()).collect();
            let known = if known.is_empty() { "nothing is on offer here".to_owned() } else { format!("there is {}", known.join(", ")) };
            faults.add(format!("/accept/{at}"), format!("there is no offer \"{}\"; {known}", shown(id)));
        }
    }
    if faults.is_empty() { Ok(offered) } else { Err(faults.into_problem()) }
}

impl FillOrder {
    /// Whether the writer has said yes to this.
    fn has_settled(&self, violation: &Violation, text: &str) -> bool {
        let text = if violation.side == Side::Rewrite { text } else { self.bullet.as_str() };
        self.settled.contains(&(violation.side, violation.span.of(text).to_lowercase()))
    }
}

fn hard(violations: Vec<Violation>) -> impl Iterator<Item = Violation> {
    violations.into_iter().filter(|violation| violation.severity == Severity::Hard)
}

/// An answer that the bullet or the facts deny is refused where it was given.
fn speaks_against(filled: &Filled, text: &str, violations: &[Violation]) -> Result<(), Problem> {
    let mut faults = Faults::default();
    let told = violations.iter().filter(|told| told.code <= ViolationCode::NegationFlip && told.side == Side::Rewrite);
    for violation in told {
        let words = violation.span.of(text);
        let at_fault = filled.answers().find(|(_, answer)| answer.contains(&words) || words == *answer);
        if let Some((id, answer)) = at_fault {
            faults.add(
                format!("/answers/{id}"),
                format!(
                    "\"{}\" does not agree with your bullet and your facts: {}; change the one or the other",
                    shown(&answer),
                    violation.message
                ),
            );
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into_problem()) }
}

/// What stands around an open slot is judged as well: `text` does not hold it, but somebody will fill it.
fn hides_nothing(service: &Service, evidence: &Evidence, filled: &Filled) -> Result<(), Problem> {
    let lexicon = &service.parts.lexicon;
    let mut faults = Faults::default();
    let text = filled.with_slots();
    let around = if filled.open().is_empty() { Vec::new() } else { judge(lexicon, evidence, &filled.frames(), text) };
    let claims = hard(around).filter(|violation| {
        violation.side == Side::Rewrite && (violation.code <= ViolationCode::NegationFlip || violation.code == ViolationCode::BadSlot)
    });
    for violation in claims.take(1) {
        faults.add("/with_slots", format!("\"{}\" stands beside an open slot: {}", shown(&violation.span.of(text)), violation.message));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into_problem()) }
}
