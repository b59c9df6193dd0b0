//! Small mends of a text that change nothing it says; the check comes after them.

use crate::domain::guide::Ask;

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

/// White space, list signs, a final period, a word that joins nothing and a stutter are no claim of the writer's.
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

/// A run of two or more words that stands twice in a row stands once: small models stutter.
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
}
