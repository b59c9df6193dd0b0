//! Reading a text whole: every claim found and placed.

use bulletsmith::domain::facts::Reading;
use divan::{Bencher, black_box};

use crate::inputs::{self, LEXICON, Pair};

#[divan::bench(args = inputs::usual())]
fn usual(bencher: Bencher, pair: &Pair) {
    reading(bencher, pair);
}

#[divan::bench(args = inputs::sizes())]
fn sizes(bencher: Bencher, pair: &Pair) {
    reading(bencher, pair);
}

#[divan::bench(args = inputs::hostile())]
fn hostile(bencher: Bencher, pair: &Pair) {
    reading(bencher, pair);
}

fn reading(bencher: Bencher, pair: &Pair) {
    bencher.counter(pair.chars()).bench_local(|| Reading::new(black_box(&pair.bullet), &LEXICON));
}
