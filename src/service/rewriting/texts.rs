//! Small mends of a text that change nothing it says.

use crate::domain::guide::Ask;

/// A line of a model with its typography put right: single spaces, straight quotation marks, no period at the end. Its words stay as they are.
pub(super) fn typeset(text: &str) -> String {
    let straight = |c: char| match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        other => other,
    };
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    spaced.trim_end_matches(['.', ' ']).chars().map(straight).collect()
}

/// A text without the guide's clauses that ask for something.
pub(super) fn without_clauses(asks: &[Ask], text: &str) -> String {
    let mut text = text.to_owned();
    for ask in asks {
        for framed in [format!(", {}", ask.clause), format!(" {}", ask.clause)] {
            text = text.replace(&framed, "");
        }
    }
    tidy(&text)
}

/// An example of the guide as a model is shown it: without list signs, a final period, a word that joins nothing, and a stutter.
pub(super) fn tidy(text: &str) -> String {
    const JOINTS: [&str; 6] = [" and", " with", " by", " while", " to", " which"];
    let mut tidied = text.trim().trim_start_matches(['-', '*', '•']).trim();
    loop {
        let shorter = tidied.trim_end_matches(['.', ',', ';', ' ']);
        let shorter = JOINTS.iter().find_map(|joint| shorter.strip_suffix(joint)).unwrap_or(shorter);
        if shorter.len() == tidied.len() {
            return without_stutter(tidied);
        }
        tidied = shorter;
    }
}

/// A run of two or more words that stands twice in a row stands once.
fn without_stutter(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    for length in (2..=words.len() / 2).rev() {
        let mut at = 0;
        while let (Some(one), Some(other)) = (words.get(at..at + length), words.get(at + length..at + 2 * length)) {
            if one == other {
                words.drain(at..at + length);
            } else {
                at += 1;
            }
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_is_tidied_without_touching_what_it_says() {
        for (text, expected) in [
            ("  - Built it. ", "Built it"),
            ("Implemented authentication for the platform and", "Implemented authentication for the platform"),
            ("Built APIs for web clients for web clients, and", "Built APIs for web clients"),
            ("Ran 2 of 2 of 3 jobs", "Ran 2 of 3 jobs"),
            ("", ""),
        ] {
            assert_eq!(tidy(text), expected, "{text}");
        }
    }

    #[test]
    fn only_blanks_quotation_marks_and_the_final_period_of_a_line_are_put_right() {
        for (text, expected) in [
            (" Built\u{a0}the\n \u{201c}new\u{201d} shop\u{2019}s API. ", "Built the \"new\" shop's API"),
            ("- Built it and", "- Built it and"),
            ("Built for web clients for web clients,", "Built for web clients for web clients,"),
            ("Ran Node.js 18.2", "Ran Node.js 18.2"),
            (" . ", ""),
        ] {
            assert_eq!(typeset(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn typography_changes_no_word(text in "[a-zA-Z0-9 .,'\\n-]{0,60}") {
            let words = |text: &str| text.split_whitespace().map(|word| word.trim_end_matches('.').to_owned()).filter(|word| !word.is_empty()).collect::<Vec<_>>();
            prop_assert_eq!(words(&typeset(&text)), words(&text));
            prop_assert_eq!(typeset(&typeset(&text)), typeset(&text));
        }
    }
}
