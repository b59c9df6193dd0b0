//! Bullets as people hand them over: as arguments, in a text file, a Markdown list or a JSON Resume.

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use super::document::Document;
use super::stop::Stop;

const LARGEST_FILE: u64 = 8 << 20;

/// Where the bullets come from.
#[derive(Debug, clap::Args)]
pub(super) struct Bullets {
    /// The bullets, one argument each
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// A file with one bullet a line, a Markdown list or a JSON Resume; `-` is stdin
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    file: Option<PathBuf>,
}

impl Bullets {
    /// The bullets; at least one.
    pub(super) fn read(self) -> Result<Vec<String>, Stop> {
        Ok(self.read_with_document()?.0)
    }

    /// The bullets, at least one, and the document they stand in, if it was a document.
    pub(super) fn read_with_document(self) -> Result<(Vec<String>, Option<Document>), Stop> {
        let Self { text, file } = self;
        if !text.is_empty() {
            return Ok((text, None));
        }
        let file = match file {
            Some(file) => file,
            None if io::stdin().is_terminal() => return Err(Stop::usage("no bullet given; write it as an argument, or name a --file")),
            None => PathBuf::from("-"),
        };
        let document = Document::read(read_text(&file)?).map_err(|error| {
            Stop::usage(format!("{}: {error}; hand over one bullet a line, or lines of JSON with --jsonl", name_of(&file)))
        })?;
        let bullets = document.bullets();
        if bullets.is_empty() {
            return Err(Stop::usage(format!("{} holds no bullet; write one a line", name_of(&file))));
        }
        Ok((bullets, Some(document)))
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
