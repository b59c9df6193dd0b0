//! The writer's answers to what a proposal asks: a yes becomes a fact, and with a yes to everything the line takes the place of the text.
//!
//! Nothing that the request says of a proposal is believed: its line is checked anew, and what the check asks now is what has to be confirmed.

use std::collections::BTreeMap;

use super::FillOrder;
use crate::contract::fill::{ConfirmInput, ProposalInput};
use crate::contract::problem::Problem;
use crate::contract::rewrite::Confirm;
use crate::domain::addressed::own_words;
use crate::domain::bullet::MAX_BULLET;
use crate::domain::facts::Reading;
use crate::domain::grounding::{Checked, Evidence, Limits, Severity, Side, Violation, check};
use crate::domain::guide::Ask;
use crate::domain::rules::ask_for_missing;
use crate::domain::slots::{Form, Slot};
use crate::service::Service;
use crate::service::intake::{Faults, shown};
use crate::service::proposals::{confirmed_words, confirms, with_statement};
use crate::service::views;

/// The order after its proposal: with the line in the place of the text, or, when not everything was confirmed, with the text as it was.
pub(super) fn confirmed(service: &Service, mut order: FillOrder) -> Result<FillOrder, Problem> {
    let Some(ProposalInput { text, confirm }) = order.proposal.take() else { return Ok(order) };
    let asks = service.every_ask();
    let items = questions(service, &order, &asks, &text)?;
    let asked = confirms(&items);
    agree(&asked, confirm.as_deref().unwrap_or_default(), &order.confirm)?;
    let is_yes = |confirm: &Confirm| order.confirm.get(&confirm.id) == Some(&true);
    let confirmed: Vec<&Violation> = items.iter().zip(&asked).filter(|(_, confirm)| is_yes(confirm)).map(|(item, _)| item).collect();
    let mut facts = order.facts.trim_end().to_owned();
    for words in confirmed.iter().filter_map(|item| confirmed_words(item, &text)) {
        with_statement(&mut facts, &words);
    }
    let is_whole = confirmed.len() == items.len();
    let words_of = |item: &&Violation| {
        let holder = if item.side == Side::Rewrite { text.as_str() } else { order.bullet.as_str() };
        (item.side, item.span.of(holder).to_lowercase())
    };
    let settled = confirmed.iter().map(words_of).collect();
    order.facts = facts;
    if !is_whole {
        return Ok(order);
    }
    order.settled = settled;
    if !order.answers.is_empty() {
        let mut faults = Faults::default();
        faults.add(
            "/answers",
            "fills the slots of the text that the proposal replaces; confirm the proposal first, and then fill the slots of the answer",
        );
        return Err(faults.into_problem());
    }
    // The facts that the answers have become could speak against one another.
    let open = questions(service, &order, &asks, &text)?;
    if open.iter().any(|item| !order.has_settled(item, &text)) {
        let mut faults = Faults::default();
        faults.add("/proposal", "asks something else now; rewrite the bullet again");
        return Err(faults.into_problem());
    }
    (order.with_slots, order.slots) = with_questions(service, &order, &asks, &text);
    Ok(order)
}

/// What the check asks about a line; a line that something speaks against is refused.
fn questions(service: &Service, order: &FillOrder, asks: &[Ask], text: &str) -> Result<Vec<Violation>, Problem> {
    let (bullet, facts) = (own_words(order.bullet.as_str()), own_words(&order.facts));
    let evidence = Evidence::new(&service.parts.lexicon, &bullet, &[&facts], &[]);
    match check(&service.parts.lexicon, &evidence, Limits { max_chars: MAX_BULLET, asks }, text) {
        Checked::Grounded(_) => Ok(Vec::new()),
        Checked::Unsettled(unsettled) => Ok(unsettled.items().to_vec()),
        Checked::Ungrounded(violations) => {
            let mut faults = Faults::default();
            for violation in violations.iter().filter(|violation| violation.severity == Severity::Hard).take(1) {
                faults.add("/proposal/text", format!("cannot be confirmed: {}", violation.message));
            }
            Err(faults.into_problem())
        }
    }
}

/// The questions that were answered are those that are asked: a yes to one must not count for another.
fn agree(asked: &[Confirm], given: &[ConfirmInput], answers: &BTreeMap<String, bool>) -> Result<(), Problem> {
    let mut faults = Faults::default();
    for (at, ConfirmInput { id, side, span, from: _, question }) in given.iter().enumerate() {
        let is_asked = asked.iter().any(|asked| {
            asked.id == *id
                && side.is_none_or(|side| side == asked.side)
                && span.is_none_or(|span| span == asked.span)
                && question.as_ref().is_none_or(|question| *question == asked.question)
        });
        if !is_asked {
            faults.add(
                format!("/proposal/confirm/{at}"),
                "is not what this line asks now; rewrite the bullet again, and send the same facts",
            );
        }
    }
    for id in answers.keys().filter(|id| asked.iter().all(|asked| asked.id != **id)) {
        let known: Vec<&str> = asked.iter().map(|asked| asked.id.as_str()).collect();
        let known = if known.is_empty() { "nothing is asked here".to_owned() } else { format!("there is {}", known.join(", ")) };
        faults.add(
            format!("/confirm/{}", shown(id).replace('~', "~0").replace('/', "~1")),
            format!("there is no question \"{}\"; {known}", shown(id)),
        );
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into_problem()) }
}

/// The line with our questions for what it lacks, when it comes back word for word where nobody answers them.
fn with_questions(service: &Service, order: &FillOrder, asks: &[Ask], text: &str) -> (String, Vec<Slot>) {
    let lexicon = &service.parts.lexicon;
    let guide = service.parts.guides.default_guide();
    let facts = Reading::new(&order.facts, lexicon);
    let bullet = Reading::new(order.bullet.as_str(), lexicon);
    let (skill, _) = views::choose_skill(service, guide, order.bullet.as_str(), None);
    let (with_slots, slots) = ask_for_missing(lexicon, guide.asks_for(skill, &bullet).asked(), &Reading::new(text, lexicon), &[facts]);
    let filled = Form::new(lexicon, asks, &with_slots, &slots).fill(&BTreeMap::new());
    if filled.is_ok_and(|filled| filled.sendable(lexicon, |_| true) == text) { (with_slots, slots) } else { (text.to_owned(), Vec::new()) }
}
