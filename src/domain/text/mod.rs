//! Text as it is compared: invisible characters out, look-alike forms folded, every character still knowing where it stood.
//!
//! Spans are half-open and count Unicode code points of the text as it was sent, so that any client can mark them.

mod lookalike;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A half-open stretch of a text, in Unicode code points; on the wire `[start, end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(usize, usize)", into = "(usize, usize)")]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl Span {
    /// The stretch from `start` to before `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest stretch that holds both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether the two share a code point.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The words of `text` at this place.
    pub fn of(self, text: &str) -> String {
        text.chars().skip(self.start).take(self.end.saturating_sub(self.start)).collect()
    }
}

impl From<(usize, usize)> for Span {
    fn from((start, end): (usize, usize)) -> Self {
        Self { start, end }
    }
}

impl From<Span> for (usize, usize) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}

impl JsonSchema for Span {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": {"type": "integer", "minimum": 0},
            "minItems": 2,
            "maxItems": 2,
            "description": "Half-open stretch [start, end], in Unicode code points of the text as sent."
        })
    }
}

/// A text folded for comparison; every character keeps its place in the text as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    chars: Vec<char>,
    places: Vec<usize>,
    raw_len: usize,
    invisible: bool,
}

impl Folded {
    /// Folds a text: NFKC, format characters out, every kind of space, quote and dash to its plain form.
    pub fn new(raw: &str) -> Self {
        let mut folded = Self { chars: Vec::with_capacity(raw.len()), places: Vec::with_capacity(raw.len()), raw_len: 0, invisible: false };
        for (place, raw_char) in raw.chars().enumerate() {
            folded.raw_len = place + 1;
            if is_format(raw_char) {
                folded.invisible = true;
                continue;
            }
            if raw_char.is_ascii() {
                folded.push(raw_char, place);
            } else {
                std::iter::once(raw_char).nfkc().for_each(|plain| folded.push(plain, place));
            }
        }
        folded
    }

    fn push(&mut self, c: char, place: usize) {
        self.chars.push(plain_form(c));
        self.places.push(place);
    }

    /// The folded characters.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// Whether characters were left out that nobody can see.
    pub const fn has_invisible(&self) -> bool {
        self.invisible
    }

    /// The place, in the text as sent, of a stretch of folded characters.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let first = self.places.get(start).copied().unwrap_or(self.raw_len);
        let last = end.checked_sub(1).and_then(|last| self.places.get(last)).map_or(first, |place| place + 1);
        Span::new(first, last.max(first))
    }

    /// The folded characters of a stretch, as a string.
    pub fn slice(&self, start: usize, end: usize) -> String {
        self.chars.iter().skip(start).take(end.saturating_sub(start)).collect()
    }
}

/// Characters of Unicode category Cf that can hide in pasted text, and the soft hyphen.
pub const fn is_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// Control characters that no text may hold: U+0000–001F but for tab, line feed and carriage return.
pub const fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}')
}

fn plain_form(c: char) -> char {
    match c {
        '\t'
        | '\n'
        | '\r'
        | '\u{85}'
        | '\u{a0}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => ' ',
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => lookalike::plain_digit(other),
    }
}

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, digits, and what holds a name together: `node.js`, `c++`, `ci/cd` stays three.
    Word,
    /// A single mark.
    Mark,
    /// `[label]`.
    Slot,
}

/// One word, mark or slot of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// As it stands, folded.
    pub text: String,
    /// In lower case, without accents, look-alike letters of other alphabets as Latin ones.
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
    /// Whether it is a word.
    pub fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }

    /// Whether it is this mark.
    pub fn is_mark(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }
}

/// Cuts a folded text into words, marks and slots.
pub fn tokenize(folded: &Folded) -> Vec<Token> {
    let chars = folded.chars();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        let (end, kind) = if c == '[' {
            slot_end(chars, at).map_or((at + 1, TokenKind::Mark), |end| (end, TokenKind::Slot))
        } else if is_word_char(c) || starts_dotted_name(chars, at) {
            (word_end(chars, at), TokenKind::Word)
        } else {
            (at + 1, TokenKind::Mark)
        };
        let text = folded.slice(at, end);
        tokens.push(Token { lower: lookalike::unmask(text.to_lowercase()), text, kind, start: at, end, span: folded.span(at, end) });
        at = end;
    }
    tokens
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || lookalike::is_accent(c)
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
            '.' | '\'' | '&' | '-' => next_is_word,
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

/// One past the bracket that closes a slot opened at `at`; a slot is short, on one line, and holds no bracket.
fn slot_end(chars: &[char], at: usize) -> Option<usize> {
    let inner = chars.get(at + 1..)?;
    let close = inner.iter().take(61).position(|c| matches!(c, '[' | ']'))?;
    (close > 0 && inner.get(close) == Some(&']')).then_some(at + close + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokenize(&Folded::new(text)).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn names_stay_whole_and_marks_stand_alone() {
        assert_eq!(
            words("Used C++, C# and Node.js (CI/CD)."),
            ["Used", "C++", ",", "C#", "and", "Node.js", "(", "CI", "/", "CD", ")", "."]
        );
        assert_eq!(words("a .NET app; cache-aside isn't new"), ["a", ".NET", "app", ";", "cache-aside", "isn't", "new"]);
        assert_eq!(words("from [latency before] to [x"), ["from", "[latency before]", "to", "[", "x"]);
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
    }

    #[test]
    fn every_kind_of_space_quote_and_dash_folds_to_the_plain_one() {
        assert_eq!(Folded::new("a\u{a0}b\tc \u{201c}d\u{201d} e\u{2011}f").slice(0, 99), "a b c \"d\" e-f");
    }
}
