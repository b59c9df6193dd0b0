//! Words, marks and slots of a folded text, and the stretches that nobody may split: links, code and tags.

use super::folded::Folded;
use super::links::normal_link;
use super::lookalike::{is_accent, unmask};
use super::span::Span;
use super::{code, links};

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, digits, and what holds a name together: `node.js`, `c++`, `ci/cd` stays three.
    Word,
    /// A single mark.
    Mark,
    /// `[label]`.
    Slot,
    /// An address: a link, a mail address, a path (`https://example.org/a`, `kim@example.org`, `src/main.rs`).
    Link,
    /// A span of code with its backticks: `` `make --jobs 4` ``. In backticks, words without any sign of code stay words.
    Code,
    /// An HTML tag: `<b>`, `</li>`.
    Tag,
}

/// One word, mark, slot, link, span of code or tag of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// As it stands, folded.
    pub text: String,
    /// The form for comparison. Words are in lower case, without accents, look-alike letters of other alphabets as Latin ones, short
    /// months in full (`jan` is `january`); links are as [`normal_link`] has them; code is in lower case, without its backticks.
    pub lower: String,
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands among the folded characters.
    pub start: usize,
    /// One past its last folded character.
    pub end: usize,
    /// Where it stands in the text as sent.
    pub span: Span,
}

impl Token {
    /// Whether it says something by itself: a word, a link or a span of code.
    pub const fn is_word(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Link | TokenKind::Code)
    }

    /// Whether it is this mark.
    pub fn is_mark(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }

    /// Whether it is a link, a mail address or a path.
    pub const fn is_link(&self) -> bool {
        matches!(self.kind, TokenKind::Link)
    }

    /// Whether nobody may split, fill or correct it: a link, a span of code, a tag.
    pub const fn is_verbatim(&self) -> bool {
        matches!(self.kind, TokenKind::Link | TokenKind::Code | TokenKind::Tag)
    }

    /// Whether it says this word: the word itself, or code that holds it (`make` in `` `make --jobs 4` ``).
    pub fn says(&self, lower: &str) -> bool {
        let in_code = || self.lower.split(|c: char| !is_word_char(c)).any(|word| word == lower);
        self.is_word() && self.lower == lower || self.kind == TokenKind::Code && in_code()
    }
}

/// Cuts a folded text into tokens.
pub fn tokenize(folded: &Folded) -> Vec<Token> {
    let chars = folded.chars();
    let mut whole = verbatim(chars).into_iter().peekable();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        // A stretch that a slot has swallowed is part of its label.
        while whole.next_if(|(start, _, _)| *start < at).is_some() {}
        let (end, kind) = if let Some((_, end, kind)) = whole.next_if(|(start, _, _)| *start == at) {
            (end, kind)
        } else if c == '[' {
            slot_end(chars, at).map_or((at + 1, TokenKind::Mark), |end| (end, TokenKind::Slot))
        } else if is_word_char(c) || starts_dotted_name(chars, at) {
            let limit = whole.peek().map_or(chars.len(), |(start, _, _)| *start);
            (word_end(chars, at).min(limit), TokenKind::Word)
        } else {
            (at + 1, TokenKind::Mark)
        };
        let text = folded.slice(at, end);
        tokens.push(Token { lower: compared(&text, kind), text, kind, start: at, end, span: folded.span(at, end) });
        at = end;
    }
    tokens
}

/// The stretches that stay whole, in order; none overlaps another.
fn verbatim(chars: &[char]) -> Vec<(usize, usize, TokenKind)> {
    let mut found = code::find(chars);
    found.extend(links::find(chars).into_iter().map(|(start, end)| (start, end, TokenKind::Link)));
    found.sort_unstable_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
    let mut last_end = 0;
    found.retain(|(start, end, _)| {
        let apart = *start >= last_end;
        last_end = last_end.max(*end);
        apart
    });
    found
}

/// The form of a token for comparison.
fn compared(text: &str, kind: TokenKind) -> String {
    match kind {
        TokenKind::Link => normal_link(text),
        TokenKind::Code => text.trim_matches('`').trim().to_lowercase(),
        TokenKind::Word | TokenKind::Mark | TokenKind::Slot | TokenKind::Tag => {
            full_month(text).map_or_else(|| unmask(text.to_lowercase()), str::to_owned)
        }
    }
}

/// The name of a month that is written short, with its capital: `Jan`.
fn full_month(text: &str) -> Option<&'static str> {
    Some(match text {
        "Jan" => "january",
        "Feb" => "february",
        "Mar" => "march",
        "Apr" => "april",
        "Jun" => "june",
        "Jul" => "july",
        "Aug" => "august",
        "Sep" | "Sept" => "september",
        "Oct" => "october",
        "Nov" => "november",
        "Dec" => "december",
        _ => return None,
    })
}

pub(super) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_accent(c)
}

/// `.NET`: a dot that begins a name.
fn starts_dotted_name(chars: &[char], at: usize) -> bool {
    chars.get(at) == Some(&'.')
        && chars.get(at + 1).is_some_and(|next| next.is_alphabetic())
        && at.checked_sub(1).and_then(|before| chars.get(before)).is_none_or(|before| before.is_whitespace() || *before == '(')
}

/// One past the word that begins at `at`: inner `.`, `'`, `+`, `#`, `-`, `&` belong to it when they join letters or end a known form.
fn word_end(chars: &[char], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(&c) = chars.get(end) {
        let next_is_letter = chars.get(end + 1).is_some_and(|next| next.is_alphabetic());
        let next_is_word = chars.get(end + 1).is_some_and(|next| is_word_char(*next));
        let goes_on = match c {
            _ if is_word_char(c) => true,
            // The last is the stroke of `½`.
            '.' | '\'' | '&' | '-' | '\u{2044}' => next_is_word,
            // `c++`, `10+`, `50+`; but `bash+cron` are two.
            '+' => !next_is_letter || end < at + 2,
            '#' => true,
            _ => false,
        };
        if !goes_on {
            break;
        }
        end += 1;
    }
    end
}

/// One past the bracket that closes a slot opened at `at`; a slot is short, on one line, and holds no bracket. The words of a
/// Markdown link (`[parser](https://example.org)`) are no slot.
fn slot_end(chars: &[char], at: usize) -> Option<usize> {
    let inner = chars.get(at + 1..)?;
    let close = inner.iter().take(61).position(|c| matches!(c, '[' | ']'))?;
    let end = at + close + 2;
    let links = chars.get(end) == Some(&'(') && links::begins(chars, end + 1);
    (close > 0 && inner.get(close) == Some(&']') && !links).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        tokenize(&Folded::new(text))
    }

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn names_stay_whole_and_marks_stand_alone() {
        assert_eq!(
            words("Used C++, C# and Node.js (CI/CD)."),
            ["Used", "C++", ",", "C#", "and", "Node.js", "(", "CI", "/", "CD", ")", "."]
        );
        assert_eq!(words("a .NET app; cache-aside isn't new"), ["a", ".NET", "app", ";", "cache-aside", "isn't", "new"]);
        assert_eq!(words("from [latency before] to [x"), ["from", "[latency before]", "to", "[", "x"]);
        assert_eq!(words("1½ h"), ["1", "1\u{2044}2", "h"]);
    }

    #[test]
    fn spans_point_into_the_text_as_it_was_sent() {
        let raw = "Ku\u{200b}bernetes \u{ff11}\u{ff10}x";
        let folded = Folded::new(raw);
        let tokens = tokenize(&folded);
        assert!(folded.has_invisible());
        let texts: Vec<_> = tokens.iter().map(|token| (token.text.as_str(), token.span)).collect();
        assert_eq!(texts, [("Kubernetes", Span::new(0, 11)), ("10x", Span::new(12, 15))]);
        assert_eq!(Span::new(12, 15).of(raw), "\u{ff11}\u{ff10}x");
        assert_eq!(Span::new(0, 11).of(raw), "Kubernetes");
    }

    #[test]
    fn links_code_and_tags_are_one_token_and_the_rest_is_as_before() {
        assert_eq!(
            words("Published it (https://example.org/a_(b)), see kim@example.org."),
            ["Published", "it", "(", "https://example.org/a_(b)", ")", ",", "see", "kim@example.org", "."]
        );
        assert_eq!(
            words("Ran `make --jobs 4` and `make` in <b>src/main.rs</b>"),
            ["Ran", "`make --jobs 4`", "and", "`", "make", "`", "in", "<b>", "src/main.rs", "</b>"]
        );
        assert_eq!(words("see [the parser](https://example.org/p)"), ["see", "[", "the", "parser", "]", "(", "https://example.org/p", ")"]);
        assert_eq!(words("[see https://example.org] x"), ["[see https://example.org]", "x"]);
        assert_eq!(words("x:https://example.org"), ["x", ":", "https://example.org"]);
    }

    #[test]
    fn a_token_says_its_word_and_code_says_the_words_it_holds() {
        let code = tokens("`make --jobs 4`").remove(0);
        assert!(code.says("make") && code.says("jobs") && code.says("make --jobs 4") && !code.says("job"));
        let link = tokens("https://example.org/make").remove(0);
        assert!(link.says("example.org/make") && !link.says("make"));
        assert!(tokens("Jan").remove(0).says("january") && !tokens("jan").remove(0).says("january"));
    }
}
