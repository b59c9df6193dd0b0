//! A text folded for comparison: one form for everything that looks the same, every character still knowing where it stood.

use unicode_normalization::UnicodeNormalization;

use super::invisible::{is_invisible, takes_room};
use super::lookalike::plain_digit;
use super::span::Span;

/// A text folded for comparison; every character keeps its place in the text as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    chars: Vec<char>,
    places: Vec<usize>,
    raw_len: usize,
    invisible: bool,
}

impl Folded {
    /// Folds a text: NFKC, invisible characters out, every kind of space, quote, dash and digit to its plain form, several blanks to one.
    ///
    /// `1½` becomes `1 1⁄2` and `10⁶` becomes `10^6`: run together, the digits would be another number.
    pub fn new(raw: &str) -> Self {
        let mut folded = Self { chars: Vec::with_capacity(raw.len()), places: Vec::with_capacity(raw.len()), raw_len: 0, invisible: false };
        let mut raised = false;
        for (place, raw_char) in raw.chars().enumerate() {
            folded.raw_len = place + 1;
            let was_raised = std::mem::replace(&mut raised, is_raised_digit(raw_char));
            if is_invisible(raw_char) {
                folded.invisible = true;
                if takes_room(raw_char) {
                    folded.push(' ', place);
                } else if raw_char.is_control() {
                    // No text may hold one; whoever reads the folded text has to see it.
                    folded.push(raw_char, place);
                }
                continue;
            }
            if raw_char.is_ascii() {
                folded.push(raw_char, place);
                continue;
            }
            if folded.chars.last().is_some_and(char::is_ascii_digit) {
                if raised && !was_raised {
                    folded.push('^', place);
                } else if is_fraction(raw_char) {
                    folded.push(' ', place);
                }
            }
            std::iter::once(raw_char).nfkc().for_each(|plain| folded.push(plain, place));
        }
        folded
    }

    fn push(&mut self, c: char, place: usize) {
        let plain = plain_form(c);
        if plain != ' ' || self.chars.last() != Some(&' ') {
            self.chars.push(plain);
            self.places.push(place);
        }
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

/// A digit that stands raised behind a number: an exponent.
const fn is_raised_digit(c: char) -> bool {
    matches!(c, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{2070}' | '\u{2074}'..='\u{2079}')
}

/// A character that is a whole fraction: `½`.
const fn is_fraction(c: char) -> bool {
    matches!(c, '\u{bc}'..='\u{be}' | '\u{2150}'..='\u{215e}' | '\u{2189}')
}

fn plain_form(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        // The percent sign, the decimal point and the commas of Arabic.
        '\u{66a}' => '%',
        '\u{66b}' => '.',
        '\u{66c}' | '\u{60c}' => ',',
        _ if c.is_whitespace() => ' ',
        other => plain_digit(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(raw: &str) -> String {
        Folded::new(raw).slice(0, usize::MAX)
    }

    #[test]
    fn every_kind_of_space_quote_and_dash_folds_to_the_plain_one() {
        assert_eq!(folded("a\u{a0}b\tc \u{201c}d\u{201d} e\u{2011}f"), "a b c \"d\" e-f");
        assert_eq!(folded("a\u{1680}b\u{2028}c\u{85}d\u{b}e\u{2800}f"), "a b c d e f");
        assert_eq!(folded("cut  it\r\n\tto 3 \u{2009} s"), "cut it to 3 s");
    }

    #[test]
    fn digits_of_every_script_fold_to_the_plain_ones() {
        for (raw, plain) in [
            ("٤٠٪", "40%"),
            ("१२٬३४५٫६", "12,345.6"),
            ("\u{ff14}\u{ff10}\u{ff05}", "40%"),
            ("\u{1d7ce}\u{1d7d7}", "09"),
            ("\u{a9d0}\u{a9d9}", "09"),
            ("\u{1e950}\u{1e959}", "09"),
            ("①", "1"),
        ] {
            assert_eq!(folded(raw), plain, "{raw}");
        }
    }

    #[test]
    fn fractions_and_exponents_do_not_run_into_the_digits_before_them() {
        for (raw, plain) in
            [("½", "1\u{2044}2"), ("1½ h", "1 1\u{2044}2 h"), ("10⁶", "10^6"), ("10¹²", "10^12"), ("m²", "m2"), ("x½", "x1\u{2044}2")]
        {
            assert_eq!(folded(raw), plain, "{raw}");
        }
    }

    #[test]
    fn invisible_characters_are_out_and_noted() {
        let hidden = Folded::new("Re\u{200b}dis\u{fe0f}\u{e0041}");
        assert_eq!((hidden.slice(0, 99).as_str(), hidden.has_invisible()), ("Redis", true));
        let control = Folded::new("Re\u{7}dis\u{85}6");
        assert_eq!((control.slice(0, 99).as_str(), control.has_invisible()), ("Re\u{7}dis 6", true));
        assert!(!Folded::new("Redis\u{a0}\u{301}\t").has_invisible());
    }
}
