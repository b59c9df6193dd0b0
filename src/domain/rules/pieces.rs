//! The words of a text to be: list signs, markup and fillers out, long ways to say something made short.

use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense};
use crate::domain::text::{Token, TokenKind};

/// One piece of the text to be.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) lower: String,
    /// Whether it stands right behind the piece before.
    glued: bool,
}

impl Piece {
    fn of(token: &Token, glued: bool) -> Self {
        Self { text: token.text.clone(), lower: token.lower.clone(), glued }
    }

    /// A word of ours.
    pub(super) fn word(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { lower: text.to_lowercase(), text, glued: false }
    }
}

/// The pieces as one text.
pub(super) fn joined(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        if !piece.glued && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&piece.text);
    }
    text
}

/// The tokens without list sign, markup and fillers, and the long ways to say short things.
pub(super) fn shortened(lexicon: &Lexicon, bullet: &Reading) -> Vec<Piece> {
    let phrases = lexicon.phrases();
    let tokens = &bullet.tokens;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = beginning(lexicon, tokens);
    let opener_end = phrases.opener(tokens).map_or(0, |(_, end)| end);
    // Whether a space stands before what comes next; markup that goes leaves its spaces.
    let mut apart = true;
    while let Some(token) = tokens.get(at) {
        apart |= at > 0 && tokens.get(at - 1).is_some_and(|before| before.end < token.start);
        let end = if is_markup(token) {
            at + 1
        } else if let Some((to, end)) = phrases.shortening(tokens, at).filter(|(_, end)| *end >= opener_end) {
            pieces.extend(to.split(' ').filter(|word| !word.is_empty()).map(Piece::word));
            apart = true;
            end
        } else if at >= opener_end && can_go(lexicon, tokens, at) {
            apart = true;
            at + 1
        } else {
            pieces.push(Piece::of(token, !apart && token.kind != TokenKind::Slot));
            apart = false;
            at + 1
        };
        at = end;
    }
    pieces
}

/// `*` and the backtick.
fn is_markup(token: &Token) -> bool {
    token.kind == TokenKind::Mark && matches!(token.text.as_str(), "*" | "`")
}

/// The first token that is neither list sign nor, before a verb, `I` or `we` with its auxiliary.
fn beginning(lexicon: &Lexicon, tokens: &[Token]) -> usize {
    let signs =
        tokens.iter().take_while(|token| matches!(token.text.as_str(), "-" | "*" | "•" | "+" | "·" | "`" | "▪" | "●" | "◦")).count();
    let Some(behind) = lexicon.phrases().first_person.end_at(tokens, signs) else { return signs };
    let verb = |at: usize| tokens.get(at).and_then(|token| lexicon.verb(&token.lower));
    let auxiliary = tokens.get(behind).is_some_and(|token| matches!(token.lower.as_str(), "am" | "was" | "have" | "had" | "also"));
    let rest = behind + usize::from(auxiliary);
    let opens = lexicon.phrases().opener(tokens.get(rest..).unwrap_or_default()).is_some();
    // `I have built` loses its auxiliary, `I was promoted` does not.
    let finite = verb(rest).is_some_and(|form| {
        form.tense == Tense::Past
            && tokens.get(behind).is_some_and(|token| !auxiliary || matches!(token.lower.as_str(), "have" | "had" | "also"))
    });
    if opens || finite || verb(behind).is_some() { if opens || finite { rest } else { behind } } else { signs }
}

/// An adverb that can go without breaking the phrase around it: no list of adverbs, and nothing denied.
fn can_go(lexicon: &Lexicon, tokens: &[Token], at: usize) -> bool {
    let phrases = lexicon.phrases();
    let is_adverb = tokens.get(at).is_some_and(|token| phrases.fillers.has_word(&token.lower) && token.lower != "etc");
    let opens = !tokens.iter().take(at).any(Token::is_word);
    let joins = |at: usize| {
        tokens.get(at).is_some_and(|token| {
            matches!(token.lower.as_str(), "and" | "or" | "but" | "," | "-" | "/" | "as" | "so" | "too" | "more" | "most")
        })
    };
    let joined_before = at.checked_sub(1).is_some_and(|before| {
        joins(before) && tokens.get(before).is_some_and(|token| token.lower != "," && token.lower != "and")
            || tokens.get(before).is_some_and(|token| phrases.negations.has_word(&token.lower) || token.lower.ends_with("ly"))
            || tokens.get(before).is_some_and(|token| matches!(token.lower.as_str(), "is" | "was" | "are" | "were" | "be"))
    });
    let verb_follows = tokens.get(at + 1).is_some_and(|next| lexicon.verb(&next.lower).is_some());
    let after_and =
        at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|before| matches!(before.lower.as_str(), "and" | ","));
    is_adverb && !joins(at + 1) && (opens || !joined_before) && (!after_and || (verb_follows && !adverb_before_and(lexicon, tokens, at)))
}

/// `successfully and efficiently`: the `and` joins two adverbs.
fn adverb_before_and(lexicon: &Lexicon, tokens: &[Token], at: usize) -> bool {
    at.checked_sub(2)
        .and_then(|before| tokens.get(before))
        .is_some_and(|token| lexicon.phrases().fillers.has_word(&token.lower) || token.lower.ends_with("ly"))
}
