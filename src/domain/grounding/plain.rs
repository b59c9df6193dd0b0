//! The openers that claim least: what they may stand for where the bullet itself names no deed of its writer's own.

use super::receipts::Found;
use super::{Evidence, ReceiptKind};
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense};
use crate::domain::text::Token;

/// `Worked on` before a bullet that is no sentence, as who lists a thing says that he worked on it; `Contributed to` for what `we` did.
pub(super) fn receipt(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, at: usize) -> Option<Found> {
    let bullet = &evidence.bullet;
    let first = bullet.tokens.iter().position(Token::is_word).filter(|_| at == 0)?;
    let opening = bullet.tokens.get(first)?;
    let fits = match reading.tokens.first()?.lower.as_str() {
        "worked" => {
            let verb = lexicon.verb(&opening.lower).is_some_and(|form| form.tense == Tense::Past);
            let finite =
                bullet.tokens.iter().any(|token| matches!(token.lower.as_str(), "was" | "were" | "is" | "are" | "am" | "i" | "we"));
            !verb && !finite && bullet.opener_len == 0
        }
        "contributed" => opening.lower == "we" || of_a_group(bullet),
        _ => false,
    };
    fits.then_some((ReceiptKind::Verb, Some(opening.span), 1))
}

/// `by our team`, `part of a 5 member team`.
fn of_a_group(bullet: &Reading) -> bool {
    let word = |at: usize| bullet.tokens.get(at).map_or("", |token| token.lower.as_str());
    let agent = (0..bullet.tokens.len()).any(|at| word(at) == "by" && matches!(word(at + 1), "our" | "us"));
    let member = (0..3).any(|at| matches!(word(at), "part" | "member") && word(at + 1) == "of");
    agent || member && (0..10).any(|at| matches!(word(at), "team" | "group" | "squad"))
}
