//! How good is it? Sets of labelled cases, and the rates at which the product gets them right.
//!
//! Pure: `cases` reads the sets, `checking`, `matching` and `rewriting` count, `measure` and `interval` hold the figures, `baseline` and `outcomes` compare
//! them with earlier ones, `first_sight` keeps what a set gave when nobody had read it, `document` writes the figures into a page. Who asks the product is
//! somebody else, so that the same figures can be had from this process and from a service.

mod cases;

mod interval;
mod measure;

mod checking;
mod judging;
mod matching;
mod outcomes;
mod pairs;
mod reading;
mod rewriting;
mod stems;

mod baseline;
mod document;
mod first_sight;

pub use baseline::{Baseline, Regression};
pub use cases::{CheckCase, CheckKind, MatchCase, RewriteCase, SetFault, read_set};
pub use checking::{CheckReport, CodeTally, Found, JudgedCase};
pub use document::{Figures, UnmarkedSection, with_figures};
pub use first_sight::{AlreadySeen, At, FirstSight, FirstSights, fingerprint};
pub use interval::Interval;
pub use judging::{JudgeReport, WrongRuling};
pub use matching::{MatchReport, WrongMatch};
pub use measure::{Better, Measure, Scale};
pub use outcomes::{Move, Outcome, SetMoves, SetOutcomes, Tally, Turn};
pub use pairs::Pairs;
pub use reading::Unvouched;
pub use rewriting::{RewriteReport, Rewritten, WeakResult};
