//! Judging a rewrite, whole: the bullet is read, the rewrite is read, and the two are compared.

use bulletsmith::domain::grounding::{Evidence, judge};
use divan::counter::CharsCount;
use divan::{Bencher, black_box};

use crate::inputs::{self, GUIDE, LEXICON, Pair};

#[divan::bench(args = inputs::usual())]
fn usual(bencher: Bencher, pair: &Pair) {
    check(bencher, pair);
}

#[divan::bench(args = inputs::sizes())]
fn sizes(bencher: Bencher, pair: &Pair) {
    check(bencher, pair);
}

#[divan::bench(args = inputs::hostile())]
fn hostile(bencher: Bencher, pair: &Pair) {
    check(bencher, pair);
}

/// Facts up to the longest that are accepted, beside a usual bullet.
#[divan::bench(args = [500, 1_000, 2_000, 4_000])]
fn facts(bencher: Bencher, chars: usize) {
    let pair = inputs::usual().swap_remove(0);
    let (facts, asks) = (text(chars), GUIDE.asks(None));
    bencher.counter(CharsCount::new(chars)).bench_local(|| {
        let evidence = Evidence::new(&LEXICON, &pair.bullet, &[black_box(&facts)], &[]);
        judge(&LEXICON, &evidence, asks, &pair.rewrite)
    });
}

/// Other bullets of the same resume, which are read and are no evidence.
#[divan::bench(args = [5, 10, 20, 40])]
fn siblings(bencher: Bencher, count: usize) {
    let pair = inputs::usual().swap_remove(0);
    let sibling = text(120);
    let siblings = vec![sibling.as_str(); count];
    let asks = GUIDE.asks(None);
    bencher.counter(CharsCount::new(count * 120)).bench_local(|| {
        let evidence = Evidence::new(&LEXICON, &pair.bullet, &[], black_box(&siblings));
        judge(&LEXICON, &evidence, asks, &pair.rewrite)
    });
}

fn check(bencher: Bencher, pair: &Pair) {
    let asks = GUIDE.asks(None);
    bencher.counter(pair.chars()).bench_local(|| {
        let evidence = Evidence::new(&LEXICON, black_box(&pair.bullet), &[], &[]);
        judge(&LEXICON, &evidence, asks, black_box(&pair.rewrite))
    });
}

fn text(chars: usize) -> String {
    inputs::sizes().last().map(|longest| longest.bullet.chars().cycle().take(chars).collect()).unwrap_or_default()
}
