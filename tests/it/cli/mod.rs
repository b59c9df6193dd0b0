//! The real binary, from its arguments to its exit code: 0 answered, 1 the input was at fault, 2 we were.

mod answers;
mod config;
mod documents;
mod eval;
mod fill;
mod guides;
mod jsonl;
mod live;
mod model;
mod record;
mod serve;
mod usage;
