#![no_main]
//! Every claim of any text.

libfuzzer_sys::fuzz_target!(|text: &str| bulletsmith_fuzz::facts(text));
