//! Bullets as people hand them over: as arguments, in a plain text file, or in a Markdown list.

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use super::stop::Stop;

const LARGEST_FILE: u64 = 8 << 20;

/// Where the bullets come from.
#[derive(Debug, clap::Args)]
pub(super) struct Bullets {
    /// The bullets, one argument each
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// A file with one bullet a line, or a Markdown list; `-` is stdin
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    file: Option<PathBuf>,
}

impl Bullets {
    /// The bullets; at least one.
    pub(super) fn read(self) -> Result<Vec<String>, Stop> {
        let Self { text, file } = self;
        if !text.is_empty() {
            return Ok(text);
        }
        let file = match file {
            Some(file) => file,
            None if io::stdin().is_terminal() => return Err(Stop::usage("no bullet given; write it as an argument, or name a --file")),
            None => PathBuf::from("-"),
        };
        let text = read_text(&file)?;
        if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() && text.trim_start().starts_with(['{', '[']) {
            return Err(Stop::usage(format!(
                "{} is a JSON document; hand over text with one bullet a line, or lines of JSON with --jsonl",
                name_of(&file)
            )));
        }
        let bullets = bullets_of(&text);
        if bullets.is_empty() {
            return Err(Stop::usage(format!("{} holds no bullet; write one a line", name_of(&file))));
        }
        Ok(bullets)
    }
}

/// The text of a file, or of stdin for `-`.
pub(super) fn read_text(file: &Path) -> Result<String, Stop> {
    let unreadable = |source| Stop::Input { what: name_of(file), source };
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    }
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(Stop::usage(format!("{} is larger than 8 MiB; split it, or use --jsonl", name_of(file))));
    }
    String::from_utf8(bytes).map_err(|_| Stop::usage(format!("{} is not UTF-8 text; save it as UTF-8", name_of(file))))
}

fn name_of(file: &Path) -> String {
    if file == Path::new("-") { "stdin".to_owned() } else { file.display().to_string() }
}

/// One bullet a line, without list marks; blank lines, headings and rules are not bullets.
fn bullets_of(text: &str) -> Vec<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines()
        .map(str::trim)
        .filter(|line| !is_heading(line) && !is_rule(line))
        .map(|line| without_mark(line).trim())
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_heading(line: &str) -> bool {
    let title = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - title.len())) && (title.is_empty() || title.starts_with(char::is_whitespace))
}

/// `---`, `***`, `===`: a line between sections.
fn is_rule(line: &str) -> bool {
    line.len() >= 3 && ["-", "*", "_", "="].iter().any(|mark| line.replace([' ', '\t'], "").trim_matches(|c| mark.contains(c)).is_empty())
}

fn without_mark(line: &str) -> &str {
    if let Some(rest) = line.strip_prefix(['•', '◦', '▪', '‣']) {
        return rest;
    }
    let after_mark = line.strip_prefix(['-', '*', '+']).or_else(|| {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = line.len() - rest.len();
        if (1..=3).contains(&digits) { rest.strip_prefix(['.', ')']) } else { None }
    });
    match after_mark {
        Some(rest) if rest.is_empty() || rest.starts_with(char::is_whitespace) => rest,
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_marks_headings_and_blank_lines_are_not_part_of_a_bullet() {
        let text = "\u{feff}# Experience\r\n\r\n- Built A\r\n* Built B\n+ Built C\n  • Built D\n•Built E\n1. Built F\n12) Built G\n---\n## \nBuilt H\n";
        let told = ["A", "B", "C", "D", "E", "F", "G", "H"].map(|letter| format!("Built {letter}"));
        assert_eq!(bullets_of(text), told);
    }

    #[test]
    fn what_only_looks_like_a_list_mark_stays() {
        for line in ["-40% latency", "*Led* the team", "3.5x faster builds", "2024 migration", "#1 contributor", "1.Built", "C++ and Go"] {
            assert_eq!(bullets_of(line), [line]);
        }
    }
}
