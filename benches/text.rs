//! Folding a text and cutting it into words.

use bulletsmith::domain::text::{Folded, tokenize};
use divan::{Bencher, black_box};

use crate::inputs::{self, Pair};

#[divan::bench(args = inputs::usual())]
fn fold(bencher: Bencher, pair: &Pair) {
    bencher.counter(pair.chars()).bench(|| Folded::new(black_box(&pair.bullet)));
}

#[divan::bench(args = inputs::usual())]
fn cut(bencher: Bencher, pair: &Pair) {
    let folded = Folded::new(&pair.bullet);
    bencher.counter(pair.chars()).bench(|| tokenize(black_box(&folded)));
}

#[divan::bench(args = inputs::sizes())]
fn fold_and_cut_sizes(bencher: Bencher, pair: &Pair) {
    bencher.counter(pair.chars()).bench(|| tokenize(&Folded::new(black_box(&pair.bullet))));
}

#[divan::bench(args = inputs::hostile())]
fn fold_and_cut_hostile(bencher: Bencher, pair: &Pair) {
    bencher.counter(pair.chars()).bench(|| tokenize(&Folded::new(black_box(&pair.bullet))));
}
