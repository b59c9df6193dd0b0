#![no_main]
//! A bullet and a rewrite of it, which two lines of the input are; the third is what the user says besides.

libfuzzer_sys::fuzz_target!(|input: (u32, &str)| {
    let (number, text) = input;
    let mut texts = text.split('\n');
    let (bullet, rewrite, facts) = (texts.next().unwrap_or(""), texts.next().unwrap_or(""), texts.next().unwrap_or(""));
    bulletsmith_fuzz::check(bullet, rewrite, facts, number);
});
