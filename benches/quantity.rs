//! Finding the numbers of a text with their units.

use bulletsmith::domain::quantity::scan;
use bulletsmith::domain::text::{Folded, tokenize};
use divan::{Bencher, black_box};

use crate::inputs::{self, Pair};

#[divan::bench(args = inputs::usual())]
fn usual(bencher: Bencher, pair: &Pair) {
    quantities(bencher, pair);
}

#[divan::bench(args = inputs::sizes())]
fn sizes(bencher: Bencher, pair: &Pair) {
    quantities(bencher, pair);
}

#[divan::bench(args = inputs::hostile())]
fn hostile(bencher: Bencher, pair: &Pair) {
    quantities(bencher, pair);
}

fn quantities(bencher: Bencher, pair: &Pair) {
    let folded = Folded::new(&pair.bullet);
    let tokens = tokenize(&folded);
    bencher.counter(pair.chars()).bench_local(|| scan(black_box(&folded), black_box(&tokens), &[]));
}
