//! What a judge is asked about a line, what it must answer, and what of its answer counts.
//!
//! `asked` is the question, `said` the answer as it comes, `quote` looks for quoted words in the evidence, `ruling` says what the answer settles, and
//! `pair` is a line of which the right answer is known.
//! No judge is believed: a line is supported only where the words that are quoted for it stand in its evidence.

mod asked;
mod pair;
mod quote;
mod ruling;
mod said;

pub use asked::{AskedItem, AskedLine, Case};
pub use pair::{Pair, PairFault, PairKind, read_pairs};
pub use ruling::{LineRuling, LineVerdict, Ruling, rule};
pub use said::{CaseSaid, JUDGEMENT_SCHEMA_NAME, Judgement, LineSaid, Said};
