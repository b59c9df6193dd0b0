//! Tells cargo about the folders that are baked into the binary: `include_dir!` reads them, but cargo does not see it do so.

fn main() {
    for folder in ["guides", "migrations", "prompts"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
