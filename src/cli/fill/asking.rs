//! Asks the questions one by one on stderr and reads one line for each; a line that cannot be used is asked for again.

use std::collections::BTreeMap;
use std::io;

use crate::cli::desk::Desk;
use crate::cli::printer::Printer;
use crate::cli::stop::Stop;
use crate::contract::fill::{ConfirmInput, FillAnswer, FillRequest, ProposalInput};
use crate::domain::slots::Slot;

/// How often one question is asked.
const TRIES: usize = 3;

/// What a person types; ends where nobody types any more.
pub(super) type Lines<'a> = &'a mut dyn Iterator<Item = io::Result<String>>;

/// Asks about the proposal, if there is one, then for every slot, then for every value that follows from the answers.
pub(super) async fn ask(desk: &Desk, printer: &Printer, request: FillRequest, lines: Lines<'_>) -> Result<FillAnswer, Stop> {
    let mut request = confirm(desk, printer, request, lines).await?;
    let slots = request.slots.clone();
    // What is wrong with the text itself is told before anybody is asked.
    let mut answer = desk.fill(request.clone()).await?;
    if slots.is_empty() {
        printer.note("nothing is open in this text");
        return Ok(answer);
    }
    printer.note("Answer in a few words. An empty line leaves a question open.");
    for slot in &slots {
        printer.note(&question(slot));
        for tries in 1..=TRIES {
            let Some(line) = next(lines)? else { return Ok(answer) };
            request.answers.insert(slot.id.clone(), Some(line));
            match desk.fill(request.clone()).await {
                Ok(better) => {
                    answer = better;
                    break;
                }
                Err(Stop::Problem(problem))
                    if !problem.errors.is_empty() && problem.errors.iter().all(|error| error.pointer.starts_with("/answers/")) =>
                {
                    request.answers.remove(&slot.id);
                    let left = if tries == TRIES { "; it stays open" } else { "" };
                    printer.note(&format!("  {}{left}", problem.detail));
                }
                Err(stop) => return Err(stop),
            }
        }
    }
    offer(desk, printer, request, answer, lines).await
}

/// Shows the line that is proposed and asks what it depends on, to the first no; then the request is about that line, or about the text as it was.
async fn confirm(desk: &Desk, printer: &Printer, mut request: FillRequest, lines: Lines<'_>) -> Result<FillRequest, Stop> {
    let Some(ProposalInput { text, confirm }) = &request.proposal else { return Ok(request) };
    printer.note(&format!("Stronger, if you can say yes to this: {text}"));
    let mut answers = BTreeMap::new();
    for ConfirmInput { id, question, .. } in confirm.iter().flatten() {
        printer.note(&format!("{id} {} [y/N]", question.as_deref().unwrap_or_default()));
        let Some(line) = next(lines)? else { break };
        let is_yes = is_yes(&line);
        answers.insert(id.clone(), is_yes);
        if !is_yes {
            break;
        }
    }
    let (proposal, asked) = (request.proposal.take(), request.clone());
    let settled = desk.fill(FillRequest { proposal, confirm: Some(answers), ..asked }).await?;
    let FillAnswer { with_slots, slots, evidence, .. } = settled;
    Ok(FillRequest { with_slots, slots, facts: Some(evidence).filter(|facts| !facts.is_empty()), ..request })
}

fn is_yes(line: &str) -> bool {
    matches!(line.trim().to_lowercase().as_str(), "y" | "yes")
}

/// `s2 What was the response time before the cache? (ms, s, min, h)`
fn question(slot: &Slot) -> String {
    let units = if slot.units.is_empty() { String::new() } else { format!(" ({})", slot.units.join(", ")) };
    format!("{} {}{units}", slot.id, slot.question)
}

async fn offer(
    desk: &Desk,
    printer: &Printer,
    mut request: FillRequest,
    mut answer: FillAnswer,
    lines: Lines<'_>,
) -> Result<FillAnswer, Stop> {
    for offer in answer.offers.clone() {
        // A change takes one value.
        if !answer.offers.contains(&offer) {
            continue;
        }
        printer.note(&format!("Add \"{}\"? {} [y/N]", offer.text, offer.arithmetic));
        let Some(line) = next(lines)? else { break };
        if is_yes(&line) {
            request.accept.get_or_insert_default().push(offer.id);
            answer = desk.fill(request.clone()).await?;
        }
    }
    Ok(answer)
}

fn next(lines: Lines<'_>) -> Result<Option<String>, Stop> {
    lines.next().transpose().map_err(|source| Stop::Input { what: "stdin".to_owned(), source })
}
