//! Prepares the dictionary of English at build time, and tells cargo about the folders that are baked into the binary.

#[path = "build/dictionary.rs"]
mod dictionary;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    // `include_dir!` reads these, but cargo does not see it do so.
    for folder in ["guides", "migrations", "prompts"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    println!("cargo::rerun-if-changed=build/dictionary.rs");
    let read = |file: &str| {
        println!("cargo::rerun-if-changed={file}");
        fs::read_to_string(file)
    };
    let prepared = dictionary::prepare(&read("data/wordnet/words.tsv")?, &read("data/wordnet/forms.tsv")?)?;
    #[expect(clippy::disallowed_methods, reason = "a build script is told by its environment where to write")]
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("forms.fst"), prepared.forms)?;
    fs::write(out.join("readings.bin"), prepared.readings)?;
    fs::write(out.join("lemmas.bin"), prepared.lemmas)?;
    Ok(())
}
