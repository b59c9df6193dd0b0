//! Text as it is compared: invisible characters out, look-alike forms folded, every character still knowing where it stood.
//!
//! Spans are half-open and count Unicode code points of the text as it was sent, so that any client can mark them.
//! What is sent to a model or shown again is [`visible`]; what is compared is [`Folded`] and cut by [`tokenize`].

mod code;
mod folded;
mod invisible;
mod links;
mod lookalike;
mod sentences;
mod span;
mod token;

pub use folded::Folded;
pub use invisible::{is_control, is_invisible, visible};
pub use links::{normal_link, same_link};
pub use sentences::{ends_sentence, is_abbreviation};
pub use span::Span;
pub use token::{Token, TokenKind, tokenize};

/// The links, mail addresses and paths of a text, in order.
pub fn links(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    tokens.iter().filter(|token| token.is_link())
}
