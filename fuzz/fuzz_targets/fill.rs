#![no_main]
//! A bullet and two answers, one a line.

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut texts = text.split('\n');
    let (bullet, answer, other) = (texts.next().unwrap_or(""), texts.next().unwrap_or(""), texts.next().unwrap_or(""));
    bulletsmith_fuzz::fill(bullet, answer, other);
});
