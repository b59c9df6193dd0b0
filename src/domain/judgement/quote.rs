//! Looks for quoted words in a text: blanks and the form of quotation marks, dashes and letters of full width make no difference, all else does.

use super::Case;
use crate::domain::grounding::{Cited, Side};
use crate::domain::lexicon::Lexicon;
use crate::domain::text::{Folded, Span, tokenize};

/// A quote of fewer words that carry meaning can be found in any text, and says nothing.
const FEWEST_WORDS: usize = 2;

/// Where the evidence of a case holds the quoted words: in the bullet, else in the facts.
pub(super) fn place(lexicon: &Lexicon, case: &Case, quote: &str) -> Option<Cited> {
    if content_words(lexicon, quote) < FEWEST_WORDS {
        return None;
    }
    let quote = Plain::new(quote).unquoted();
    let cited = |side, text: &str| Some(Cited { side, span: Plain::new(text).find(&quote)? });
    cited(Side::Bullet, &case.bullet).or_else(|| case.facts.iter().find_map(|facts| cited(Side::Facts, facts)))
}

/// Where a text holds these words, however few they are.
pub(super) fn span_of(words: &str, text: &str) -> Option<Span> {
    Plain::new(text).find(&Plain::new(words.trim()))
}

/// How many words of a quote carry meaning.
fn content_words(lexicon: &Lexicon, quote: &str) -> usize {
    let glue = &lexicon.phrases().glue;
    tokenize(&Folded::new(quote)).iter().filter(|token| token.is_word() && !glue.has_word(&token.lower)).count()
}

/// A text with single spaces, every character of which knows its place.
struct Plain {
    folded: Folded,
    /// Characters, and where they stand among the folded ones.
    chars: Vec<(char, usize)>,
}

impl Plain {
    fn new(text: &str) -> Self {
        let folded = Folded::new(text);
        let mut chars: Vec<(char, usize)> = Vec::new();
        for (at, &c) in folded.chars().iter().enumerate() {
            let c = if c.is_whitespace() { ' ' } else { c };
            if c != ' ' || chars.last().is_some_and(|(last, _)| *last != ' ') {
                chars.push((c, at));
            }
        }
        if chars.last().is_some_and(|(last, _)| *last == ' ') {
            chars.pop();
        }
        Self { folded, chars }
    }

    /// The text within quotation marks, where it stands in some.
    fn unquoted(mut self) -> Self {
        let is_mark = |pair: Option<&(char, usize)>| pair.is_some_and(|(c, _)| *c == '"');
        if self.chars.len() > 2 && is_mark(self.chars.first()) && is_mark(self.chars.last()) {
            self.chars.pop();
            self.chars.remove(0);
        }
        self
    }

    /// The first place of these words, whole ones.
    fn find(&self, words: &Self) -> Option<Span> {
        let length = words.chars.len();
        let is_word = |at: Option<usize>| at.and_then(|at| self.chars.get(at)).is_some_and(|(c, _)| c.is_alphanumeric());
        let cuts_a_word = |at: usize| is_word(at.checked_sub(1)) && is_word(Some(at));
        let is_here = |start: &usize| {
            let same = self.chars.iter().skip(*start).zip(&words.chars).filter(|((here, _), (wanted, _))| here == wanted).count();
            same == length && !cuts_a_word(*start) && !cuts_a_word(start + length)
        };
        let start = (0..(self.chars.len() + 1).checked_sub(length)?).find(is_here).filter(|_| length > 0)?;
        let (_, first) = self.chars.get(start)?;
        let (_, last) = self.chars.get(start + length - 1)?;
        Some(self.folded.span(*first, last + 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lexicon() -> Lexicon {
        Lexicon::embedded().expect("the embedded lists are sound")
    }

    fn case(bullet: &str, facts: &[&str]) -> Case {
        Case { bullet: bullet.to_owned(), facts: facts.iter().map(|&facts| facts.to_owned()).collect(), lines: vec![] }
    }

    #[test]
    fn a_quote_counts_where_it_stands_in_the_evidence() {
        let lexicon = lexicon();
        let case = case("Fixed a  deadlock\nin the \u{201c}orders\u{201d} import", &["it hung each Monday", "not in production"]);
        for (quote, side, words) in [
            ("Fixed a deadlock", Side::Bullet, "Fixed a  deadlock"),
            (" deadlock in the \"orders\" ", Side::Bullet, "deadlock\nin the \u{201c}orders\u{201d}"),
            ("\"Fixed a deadlock\"", Side::Bullet, "Fixed a  deadlock"),
            ("hung each Monday", Side::Facts, "hung each Monday"),
        ] {
            let cited = place(&lexicon, &case, quote).unwrap_or_else(|| panic!("{quote}"));
            let text = if side == Side::Bullet { &case.bullet } else { &case.facts[0] };
            assert_eq!((cited.side, cited.span.of(text).as_str()), (side, words), "{quote}");
        }
    }

    #[test]
    fn other_words_half_words_and_words_without_meaning_are_no_quote() {
        let lexicon = lexicon();
        let case = case("Added caching to the servers of the shop", &["used by the team"]);
        for quote in [
            "",
            " ",
            "to the",
            "of the",
            "caching",
            "Added Redis caching",
            "added caching",
            "dded caching",
            "caching to the server",
            "shop used by",
            "Added caching ... of the shop",
            "Added caching to the servers of the shop and more",
        ] {
            assert_eq!(place(&lexicon, &case, quote), None, "{quote}");
        }
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_was_quoted(text in "[a-z ,]{0,40}", from in 0_usize..40, length in 0_usize..40) {
            let words: String = text.chars().skip(from).take(length).collect();
            let found = span_of(&words, &text);
            let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(span) = found {
                prop_assert_eq!(squeeze(&span.of(&text)), squeeze(&words));
            }
        }

        #[test]
        fn no_text_breaks_the_search(text in "\\PC{0,60}", words in "\\PC{0,20}") {
            if let Some(span) = span_of(&words, &text) {
                prop_assert!(span.start < span.end && span.end <= text.chars().count());
            }
        }
    }
}
