//! How good is it? Sets of labelled cases, and the rates at which the product gets them right.
//!
//! Pure: `cases` reads the sets, `matching`, `checking` and `rewriting` count, `measure` holds the figures and compares them with a
//! baseline. Who asks the product is somebody else, so that the same figures can be had from this process and from a service.

mod cases;
mod checking;
mod judging;
mod matching;
mod measure;
mod rewriting;

pub use cases::{CheckCase, CheckKind, MatchCase, RewriteCase, SetFault, read_set};
pub use checking::CheckReport;
pub use judging::{JudgeReport, WrongRuling};
pub use matching::MatchReport;
pub use measure::{Baseline, Better, Measure, Regression};
pub use rewriting::{RewriteReport, Rewritten};
