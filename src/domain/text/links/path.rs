//! Paths of files: `/usr/local/bin`, `./run`, `src/main.rs`.

use super::{is_link_char, link_end, run, run_holds, stands, trimmed};

/// `/usr/local/bin`, `./run`, `~/.bashrc`, `C:\logs`, `src/main.rs`, `.github/workflows/ci.yml`.
pub(super) fn end(chars: &[char], at: usize) -> Option<usize> {
    let first = *chars.get(at)?;
    let before = at.checked_sub(1).and_then(|before| chars.get(before));
    let stands_apart =
        before.is_none_or(|before| before.is_whitespace() || matches!(before, '(' | '[' | '"' | '\'' | '=' | ':' | '`' | '>'));
    if !stands_apart {
        return None;
    }
    if first.is_ascii_alphabetic() && stands(chars, at + 1, ":\\") {
        let length = run(chars, at, |c| is_link_char(c, false) || c == '\\');
        return Some(trimmed(chars, at, at + length));
    }
    let is_relative = ["./", "../", "~/"].iter().any(|start| stands(chars, at, start));
    if !(first == '/' || first == '.' || first.is_alphanumeric() || is_relative) || !run_holds(chars, at, '/') {
        return None;
    }
    let end = link_end(chars, at, false);
    let text: String = chars.iter().skip(at).take(end.saturating_sub(at)).collect();
    let parts: Vec<&str> = text.split('/').collect();
    let is_path = if is_relative {
        text.contains(char::is_alphanumeric)
    } else if first == '/' {
        is_absolute(parts.get(1..)?)
    } else {
        is_file(&parts)
    };
    is_path.then_some(end)
}

/// The parts of `/usr/bin`; `/payments` is a word, and `$5 /month/user` counts by the month.
fn is_absolute(parts: &[&str]) -> bool {
    let [first, _, ..] = parts else { return false };
    let counts = matches!(
        *first,
        "s" | "sec"
            | "second"
            | "m"
            | "min"
            | "minute"
            | "h"
            | "hr"
            | "hour"
            | "d"
            | "day"
            | "week"
            | "month"
            | "mo"
            | "quarter"
            | "year"
            | "yr"
    );
    !counts && first.contains(char::is_alphanumeric)
}

/// The parts of `src/main.rs`: folders, and a file by its ending.
fn is_file(parts: &[&str]) -> bool {
    let ending = |part: &str| part.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let Some((file, folders)) = parts.split_last() else { return false };
    let is_named = |part: &&str| !part.is_empty() && !is_ending(&ending(part)) && !PRODUCTS.contains(&ending(part).as_str());
    // `react/node.js` is two names, and `src/index.js` a file.
    let is_product = PRODUCTS.contains(&ending(file).as_str());
    let in_sources = || folders.len() > 1 || folders.first().is_some_and(|folder| SOURCES.contains(folder));
    !folders.is_empty() && folders.iter().all(is_named) && (is_ending(&ending(file)) || is_product && in_sources())
}

fn is_ending(ending: &str) -> bool {
    CODE.contains(&ending) || DATA.contains(&ending)
}

/// Endings of files of code.
const CODE: [&str; 25] = [
    "rs", "go", "java", "kt", "kts", "rb", "php", "cs", "c", "h", "cc", "cpp", "hpp", "swift", "scala", "ex", "exs", "erl", "hs", "pl",
    "lua", "sh", "bash", "ps1", "sql",
];

/// Endings of files of text and data.
const DATA: [&str; 25] = [
    "yml",
    "yaml",
    "json",
    "jsonl",
    "toml",
    "xml",
    "html",
    "css",
    "scss",
    "tsx",
    "jsx",
    "md",
    "txt",
    "csv",
    "lock",
    "conf",
    "cfg",
    "ini",
    "env",
    "proto",
    "tf",
    "gradle",
    "properties",
    "log",
    "pdf",
];

/// Endings of files that are endings of products too: `vue.js`, `spa.ts`, `discord.py`.
const PRODUCTS: [&str; 4] = ["js", "ts", "py", "mjs"];

/// Folders that sources lie in.
const SOURCES: [&str; 12] = ["src", "lib", "app", "apps", "bin", "test", "tests", "scripts", "packages", "pkg", "cmd", "internal"];
