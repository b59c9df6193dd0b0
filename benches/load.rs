//! What every start pays before the first bullet: the word lists and the default guide.

use bulletsmith::domain::guide::Guide;
use bulletsmith::domain::lexicon::Lexicon;
use divan::black_box;

use crate::inputs::LEXICON;

#[divan::bench]
fn lexicon() {
    black_box(Lexicon::embedded().is_ok());
}

#[divan::bench]
fn guide() {
    black_box(Guide::parse("g", include_str!("../guides/backend-developer.toml"), black_box(&LEXICON)).is_ok());
}
