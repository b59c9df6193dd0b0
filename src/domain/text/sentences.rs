//! Where a sentence ends, and the short forms whose period ends none.

use super::token::Token;

/// Whether the mark at `at` ends a sentence that another one follows: a stop, a blank and a capital, and no short form before it.
pub fn ends_sentence(tokens: &[Token], at: usize) -> bool {
    let (Some(stop), Some(next)) = (tokens.get(at), tokens.get(at + 1)) else { return false };
    let is_stop = ["!", "?"].iter().any(|mark| stop.is_mark(mark)) || stop.is_mark(".") && !is_short(tokens, at);
    is_stop && next.span.start > stop.span.end && next.text.starts_with(char::is_uppercase)
}

/// Whether the period at `at` belongs to a short form.
fn is_short(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    before.zip(tokens.get(at)).is_some_and(|(word, period)| word.end == period.start && is_abbreviation(&word.lower))
}

/// Whether a word in lower case is a short form that takes a period: `e.g`, `sr`, `vs`, `approx`.
pub fn is_abbreviation(lower: &str) -> bool {
    let initials = lower.contains('.') && lower.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    initials || ABBREVIATIONS.contains(&lower)
}

/// Short forms that a capital may follow. What is a word of its own too (`no.`, `fig.`, `min.`) is left out.
const ABBREVIATIONS: [&str; 50] = [
    "al", "appr", "approx", "assoc", "asst", "avg", "bldg", "ca", "cf", "co", "corp", "dept", "dr", "eg", "esp", "est", "etc", "excl",
    "gmbh", "govt", "ie", "inc", "incl", "intl", "jr", "ltd", "mfg", "mgmt", "mgr", "misc", "mr", "mrs", "ms", "natl", "ph.d", "plc",
    "prof", "resp", "sr", "st", "univ", "ver", "viz", "vol", "vs", "b.sc", "m.sc", "mio", "mrd", "tsd",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::{Folded, tokenize};

    fn ends(text: &str) -> usize {
        let tokens = tokenize(&Folded::new(text));
        (0..tokens.len()).filter(|at| ends_sentence(&tokens, *at)).count()
    }

    #[test]
    fn a_stop_before_a_capital_ends_a_sentence() {
        for (text, count) in [
            ("Built it. Ran it. Fixed it.", 2),
            ("Built it! Then ran it? Yes", 2),
            ("Cut load by 40%. Wrote tests", 1),
            ("Used Node.js and v1.2.Beta", 0),
            ("Built it. then ran it", 0),
            ("Ended in the U. Then", 1),
        ] {
            assert_eq!(ends(text), count, "{text}");
        }
    }

    #[test]
    fn the_period_of_a_short_form_ends_none() {
        for text in [
            "Moved queues, e.g. Kafka, to AWS",
            "Moved queues, i.e. Kafka, to AWS",
            "Reported to the Sr. Developer of ACME Inc. Berlin",
            "Measured Kafka vs. RabbitMQ",
            "Added Redis, Kafka, etc. Python too",
            "Worked with Dr. Kim in the U.S. Treasury dept. IT team",
            "Served approx. 40 shops",
            "Saved 3 Mrd. EUR",
        ] {
            assert_eq!(ends(text), 0, "{text}");
        }
    }
}
