#![no_main]
//! Numbers of any text.

libfuzzer_sys::fuzz_target!(|text: &str| bulletsmith_fuzz::quantities(text));
