//! Whether a clause may be put behind a text: behind one plain main clause, and never behind a list, a label or a clause that hangs on another.
//!
//! `Wrote reports, used by [count] people` asks of the reports; `Wrote reports, which nobody reads, used by …` asks of nobody knows what.

use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense};
use crate::domain::text::{Token, TokenKind};

/// Words that begin a clause of its own, behind which nothing belongs to the deed any more.
const LINKS: [&str; 21] = [
    "that",
    "which",
    "who",
    "whose",
    "whom",
    "when",
    "where",
    "while",
    "since",
    "although",
    "though",
    "unless",
    "until",
    "if",
    "as",
    "instead",
    "based",
    "including",
    "before",
    "after",
    "etc",
];

/// Whoever acts in a further sentence.
const SUBJECTS: [&str; 8] = ["i", "we", "he", "she", "it", "they", "nobody", "there"];

/// What a further sentence is built with: `the old code has been replaced`.
const AUXILIARIES: [&str; 7] = ["has", "have", "had", "was", "were", "is", "are"];

/// Whether the text, up to what it says of its purpose or reason, is one main clause that opens with its deed.
pub(super) fn ends_in_its_deed(lexicon: &Lexicon, reading: &Reading) -> bool {
    let follows = |at: usize| reading.tokens.get(at + 1).map_or("", |next| next.lower.as_str());
    let is_joint = |(at, token): &(usize, &Token)| token.lower == "because" || token.lower == "so" && follows(*at) != "far";
    let main: Vec<&Token> = reading.tokens.iter().enumerate().take_while(|next| !is_joint(next)).map(|(_, token)| token).collect();
    let opens = reading.opener_len > 0 || main.first().is_some_and(|first| lexicon.verb(&first.lower).is_some());
    let breaks = |(at, token): (usize, &&Token)| match token.kind {
        TokenKind::Mark => match token.text.as_str() {
            "," => main.get(at + 1).is_some_and(|next| tells_aside(lexicon, next, main.get(at + 2).copied())),
            "." => at + 1 < main.len(),
            mark => !matches!(mark, "(" | ")" | "/" | "'" | "\"" | "&" | "%" | "~" | "$"),
        },
        TokenKind::Word => {
            let word = token.lower.as_str();
            let is_sentence = SUBJECTS.contains(&word) || at > 0 && AUXILIARIES.contains(&word);
            is_sentence || LINKS.contains(&word) || word.starts_with("http")
        }
        TokenKind::Slot | TokenKind::Link | TokenKind::Code | TokenKind::Tag => false,
    };
    opens && !main.iter().enumerate().any(breaks)
}

/// `, fixing what breaks` and `, wrote the importer`, and not `, testing and deployment`.
fn tells_aside(lexicon: &Lexicon, next: &Token, behind: Option<&Token>) -> bool {
    let is_deed = lexicon.verb(&next.lower).is_some_and(|form| matches!(form.tense, Tense::Ing | Tense::Past));
    let goes_on = behind.is_some_and(|behind| behind.is_word() && !matches!(behind.lower.as_str(), "and" | "or"));
    is_deed && goes_on
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_deed_takes_a_clause_behind_it() {
        let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
        for (text, expected) in [
            ("Wrote REST endpoints in Flask", true),
            ("Wrote Dockerfiles so that developers can run them", true),
            ("Built billing, testing and reporting modules (three of them)", true),
            ("Responsible for a booking engine", true),
            ("Permissions system with roles and groups", false),
            ("Technologies used: Python, Django", false),
            ("Wrote reports, which nobody reads", false),
            ("Maintained an application, fixing what breaks", false),
            ("Wrote the importer. Nobody asked for it", false),
            ("Moved the keys to a vault, as asked by the security team", false),
            ("Wrote imports, exports etc", false),
            ("Answered tickets, wrote the importer", false),
            ("Worked on code that was slow", false),
            ("Worked on screens and the old code has been replaced (two pages so far)", false),
            ("Documented it at https://example.org/docs", false),
        ] {
            assert_eq!(ends_in_its_deed(&lexicon, &Reading::new(text, &lexicon)), expected, "{text}");
        }
    }
}
