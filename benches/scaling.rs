//! Reading texts of two thousand and of twenty thousand characters that repeat what is dear to read.
//!
//! The throughput of a row has to be the same at both lengths: a text ten times as long takes ten times as long.

use std::fmt;

use bulletsmith::domain::facts::Reading;
use bulletsmith::domain::quantity::scan;
use bulletsmith::domain::text::{Folded, tokenize, visible};
use divan::counter::CharsCount;
use divan::{Bencher, black_box};

use crate::inputs::LEXICON;

/// What is repeated, under a name.
const REPEATED: [(&str, &str); 19] = [
    ("hyphened_digits", "1-2-3-"),
    ("lone_digits", "1 2 3 "),
    ("thousands", "100 200 "),
    ("points", "1.2.3.4."),
    ("commas", "1,2,345,"),
    ("one_digit", "1"),
    ("denials", "not "),
    ("number_words", "one hundred "),
    ("durations", "1h 30m "),
    ("ranges", "10-20% "),
    ("fractions", "1 1/2 "),
    ("dates", "03/2024-"),
    ("currencies", "$ 5 "),
    ("strokes", "a/b/"),
    ("colons", "a.io/x:"),
    ("ats", "a@b."),
    ("backticks", "` "),
    ("opening_tags", "<b "),
    ("invisible", "a\u{200b}"),
];

#[derive(Clone)]
struct Repeated {
    name: String,
    text: String,
}

impl fmt::Display for Repeated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

fn repeated() -> Vec<Repeated> {
    let long = |(name, word): &(&str, &str), chars: usize| Repeated {
        name: format!("{name}_{}k", chars / 1_000),
        text: word.chars().cycle().take(chars).collect(),
    };
    REPEATED.iter().flat_map(|row| [long(row, 2_000), long(row, 20_000)]).collect()
}

/// Folding, cutting, and finding the numbers.
#[divan::bench(args = repeated())]
fn numbers(bencher: Bencher, repeated: &Repeated) {
    bencher.counter(CharsCount::of_str(&repeated.text)).bench(|| {
        let folded = Folded::new(black_box(&repeated.text));
        scan(&folded, &tokenize(&folded), &[])
    });
}

/// Everything that a text claims.
#[divan::bench(args = repeated())]
fn claims(bencher: Bencher, repeated: &Repeated) {
    bencher.counter(CharsCount::of_str(&repeated.text)).bench(|| Reading::new(black_box(&repeated.text), &LEXICON));
}

/// What is sent to a model.
#[divan::bench(args = repeated())]
fn seen(bencher: Bencher, repeated: &Repeated) {
    bencher.counter(CharsCount::of_str(&repeated.text)).bench(|| visible(black_box(&repeated.text)).into_owned());
}
