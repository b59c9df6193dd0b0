//! The rewrite by rules, whole: the bullet is read, rewritten, and the rewrite vouched for.

use bulletsmith::domain::grounding::{DEFAULT_MAX_CHARS, Evidence, Limits};
use bulletsmith::domain::rules;
use divan::{Bencher, black_box};

use crate::inputs::{self, GUIDE, LEXICON, Pair};

#[divan::bench(args = inputs::usual())]
fn usual(bencher: Bencher, pair: &Pair) {
    rewrite(bencher, pair);
}

/// Without the check of what was written.
#[divan::bench(args = inputs::usual())]
fn usual_unchecked(bencher: Bencher, pair: &Pair) {
    let evidence = Evidence::new(&LEXICON, &pair.bullet, &[], &[]);
    bencher.counter(pair.chars()).bench_local(|| rules::mend(&LEXICON, black_box(&evidence.bullet)));
}

#[divan::bench(args = inputs::sizes())]
fn sizes(bencher: Bencher, pair: &Pair) {
    rewrite(bencher, pair);
}

#[divan::bench(args = inputs::hostile())]
fn hostile(bencher: Bencher, pair: &Pair) {
    rewrite(bencher, pair);
}

fn rewrite(bencher: Bencher, pair: &Pair) {
    bencher.counter(pair.chars()).bench_local(|| {
        let evidence = Evidence::new(&LEXICON, black_box(&pair.bullet), &[], &[]);
        let asks = GUIDE.asks_for(GUIDE.skill("caching"), &evidence.bullet);
        let limits = Limits { max_chars: DEFAULT_MAX_CHARS, asks: asks.all() };
        rules::rewrite(&LEXICON, asks.asked(), limits, &evidence)
    });
}
