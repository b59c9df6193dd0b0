//! Picking the skill that a bullet shows.

use std::sync::LazyLock;

use bulletsmith::domain::matching::Matcher;
use divan::{Bencher, black_box};

use crate::inputs::{self, GUIDE, Pair};

static MATCHER: LazyLock<Matcher> = LazyLock::new(|| Matcher::new(&GUIDE));

#[divan::bench(args = inputs::usual())]
fn usual(bencher: Bencher, pair: &Pair) {
    pick(bencher, pair);
}

#[divan::bench(args = inputs::sizes())]
fn sizes(bencher: Bencher, pair: &Pair) {
    pick(bencher, pair);
}

#[divan::bench(args = inputs::hostile())]
fn hostile(bencher: Bencher, pair: &Pair) {
    pick(bencher, pair);
}

#[divan::bench]
fn prepare() -> Matcher {
    Matcher::new(black_box(&GUIDE))
}

fn pick(bencher: Bencher, pair: &Pair) {
    bencher.counter(pair.chars()).bench_local(|| MATCHER.pick(&GUIDE, black_box(&pair.bullet)));
}
