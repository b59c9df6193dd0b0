//! Looking up the technologies that a text names.

use bulletsmith::domain::text::{Folded, tokenize};
use divan::{Bencher, black_box};

use crate::inputs::{self, LEXICON, Pair};

#[divan::bench(args = inputs::usual())]
fn usual(bencher: Bencher, pair: &Pair) {
    technologies(bencher, pair);
}

#[divan::bench(args = inputs::sizes())]
fn sizes(bencher: Bencher, pair: &Pair) {
    technologies(bencher, pair);
}

#[divan::bench(args = inputs::hostile())]
fn hostile(bencher: Bencher, pair: &Pair) {
    technologies(bencher, pair);
}

fn technologies(bencher: Bencher, pair: &Pair) {
    let tokens = tokenize(&Folded::new(&pair.bullet));
    bencher.counter(pair.chars()).bench_local(|| LEXICON.technologies_in(black_box(&tokens)));
}
