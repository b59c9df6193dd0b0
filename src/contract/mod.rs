//! The published shapes: every request and answer of the service and the command line, as plain data.
//!
//! The HTTP routes, the CLI's JSON and `openapi.json` all come from these types, so that they cannot disagree.
//! Names are fixed; fields may be added. `null` means absent. Nothing here computes anything but `problem`, which alone knows status codes.

pub mod check;
pub mod fill;
pub mod guides;
pub mod matches;
pub mod problem;
pub mod prompts;
pub mod rewrite;
pub mod usage;
