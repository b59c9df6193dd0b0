//! How long the pure core takes: one bullet of the usual kind, bullets of growing length, and texts made to be slow.
//!
//! `cargo bench --bench core` runs all of it, `cargo bench --bench core -- check` what holds that word.
//! In the tables of the sizes the throughput (characters a second) has to stay level: that is what linear time looks like.

mod check;
mod facts;
mod inputs;
mod load;
mod matching;
mod quantity;
mod rules;
mod scaling;
mod technology;
mod text;

fn main() {
    divan::main();
}
