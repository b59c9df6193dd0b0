//! Do the slots that somebody sends agree with the brackets of their text?

use super::{MAX_SLOTS, Slot};
use crate::domain::text::{Folded, Token, TokenKind, tokenize};

/// The longest label that fits into a text.
const MAX_LABEL: usize = 60;

/// Every fault, with a JSON pointer below the request: `/with_slots`, `/slots/0/label`.
pub fn disagreements(with_slots: &str, slots: &[Slot]) -> Vec<(String, String)> {
    let tokens = tokenize(&Folded::new(with_slots));
    let mut faults = Vec::new();
    let mut add = |pointer: String, message: String| faults.push((pointer, message));
    if tokens.iter().any(|token| token.is_mark("[") || token.is_mark("]")) {
        add("/with_slots".to_owned(), "holds a bracket without its twin, or one slot inside another; a slot is [label]".to_owned());
    }
    let brackets: Vec<String> = tokens.iter().filter(|token| token.kind == TokenKind::Slot).map(label_of).collect();
    if brackets.len() > MAX_SLOTS || slots.len() > MAX_SLOTS {
        let most = brackets.len().max(slots.len());
        add("/slots".to_owned(), format!("there are {most} slots; a text may have at most {MAX_SLOTS}"));
        return faults;
    }
    if brackets.len() != slots.len() {
        let (texts, sent) = (brackets.len(), slots.len());
        add(
            "/slots".to_owned(),
            format!("holds {sent} slots, and `with_slots` has {texts} in brackets; send one for each, in the order of the text"),
        );
    }
    for (at, slot) in slots.iter().enumerate() {
        let known = (1..=MAX_SLOTS).any(|number| slot.id == format!("s{number}"));
        if !known {
            add(format!("/slots/{at}/id"), format!("is not a slot's id; ids are s1 to s{MAX_SLOTS}"));
        } else if slots.iter().take(at).any(|other| other.id >= slot.id) {
            add(format!("/slots/{at}/id"), "stands twice or out of order; ids rise with the text".to_owned());
        }
        if slot.label.chars().count() > MAX_LABEL {
            add(format!("/slots/{at}/label"), format!("is longer than {MAX_LABEL} characters"));
        } else if brackets.len() == slots.len() && brackets.get(at).is_some_and(|label| *label != folded(&slot.label)) {
            add(format!("/slots/{at}/label"), "is not the label that stands in brackets there in `with_slots`".to_owned());
        }
    }
    faults
}

/// The words between the brackets of a slot.
pub(super) fn label_of(token: &Token) -> String {
    token.text.trim_start_matches('[').trim_end_matches(']').to_owned()
}

fn folded(text: &str) -> String {
    Folded::new(text).chars().iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slots::SlotKind;

    fn slot(id: &str, label: &str) -> Slot {
        Slot { id: id.to_owned(), ..Slot::new(0, label, SlotKind::Tool, "Which?") }
    }

    #[test]
    fn slots_that_disagree_with_their_text_are_told_by_their_places() {
        for (text, slots, places) in [
            ("Ran [a] on [b]", vec![slot("s1", "a"), slot("s2", "b")], &[][..]),
            ("Ran it on [b]", vec![slot("s2", "b")], &[]),
            ("Ran it", vec![], &[]),
            ("Ran [a]", vec![slot("s1", "b")], &["/slots/0/label"]),
            ("Ran [a]", vec![], &["/slots"]),
            ("Ran [a] on [b]", vec![slot("s1", "a"), slot("s1", "b")], &["/slots/1/id"]),
            ("Ran [a] on [b]", vec![slot("s2", "a"), slot("s1", "b")], &["/slots/1/id"]),
            ("Ran [a]", vec![slot("tool", "a")], &["/slots/0/id"]),
            ("Ran [[a]]", vec![slot("s1", "a")], &["/with_slots"]),
            ("Ran [a", vec![], &["/with_slots"]),
            ("[a] [b] [c] [d]", vec![slot("s1", "a"), slot("s2", "b"), slot("s3", "c")], &["/slots"]),
        ] {
            let found: Vec<String> = disagreements(text, &slots).into_iter().map(|(pointer, _)| pointer).collect();
            assert_eq!(found, places, "{text}");
        }
    }
}
