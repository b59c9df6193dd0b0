//! A document with bullets in it: lines of text, a Markdown list, or a JSON Resume; what is no bullet stays as it is, byte for byte.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A document, and where its bullets stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    text: String,
    places: Vec<Range<usize>>,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A place holds the bullet as it is.
    Lines,
    /// A place holds a JSON string.
    Json,
}

/// JSON that is no resume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is JSON without the highlights of a JSON Resume (work, projects or volunteer[].highlights[])")]
pub(super) struct NotAResume;

/// The parts of a JSON Resume that hold bullets; everything else is passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resume<'a> {
    #[serde(borrow)]
    work: Vec<Entry<'a>>,
    #[serde(borrow)]
    projects: Vec<Entry<'a>>,
    #[serde(borrow)]
    volunteer: Vec<Entry<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry<'a> {
    #[serde(borrow)]
    highlights: Vec<&'a RawValue>,
}

impl Document {
    /// Finds the bullets of a text.
    pub(super) fn read(text: String) -> Result<Self, NotAResume> {
        let is_json = text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        let places = if is_json { highlights(&text)? } else { lines(&text) };
        Ok(Self { text, places, form: if is_json { Form::Json } else { Form::Lines } })
    }

    /// The bullets, in order.
    pub(super) fn bullets(&self) -> Vec<String> {
        self.places.iter().filter_map(|place| self.bullet(place)).collect()
    }

    /// The document with other texts in the places of its bullets; `None` leaves a bullet as it is.
    pub(super) fn with(&self, texts: &[Option<String>]) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut from = 0;
        for (place, text) in self.places.iter().zip(texts) {
            let Some(text) = text else { continue };
            out.push_str(self.text.get(from..place.start).unwrap_or_default());
            match self.form {
                Form::Lines => out.push_str(text),
                Form::Json => out.push_str(&serde_json::Value::from(text.as_str()).to_string()),
            }
            from = place.end;
        }
        out.push_str(self.text.get(from..).unwrap_or_default());
        out
    }

    fn bullet(&self, place: &Range<usize>) -> Option<String> {
        let text = self.text.get(place.clone())?;
        match self.form {
            Form::Lines => Some(text.to_owned()),
            Form::Json => serde_json::from_str(text).ok(),
        }
    }
}

/// Where the highlights stand that hold words.
fn highlights(text: &str) -> Result<Vec<Range<usize>>, NotAResume> {
    let Resume { work, projects, volunteer } = serde_json::from_str(text).map_err(|_| NotAResume)?;
    let entries = work.iter().chain(&projects).chain(&volunteer);
    let is_bullet = |raw: &&&RawValue| serde_json::from_str::<String>(raw.get()).is_ok_and(|bullet| !bullet.trim().is_empty());
    let mut places: Vec<Range<usize>> =
        entries.flat_map(|entry| &entry.highlights).filter(is_bullet).map(|raw| place_of(raw.get(), text)).collect();
    if places.is_empty() {
        return Err(NotAResume);
    }
    // `volunteer` may stand before `work`.
    places.sort_unstable_by_key(|place| place.start);
    Ok(places)
}

/// One bullet a line, without list marks; blank lines, headings and rules are not bullets.
fn lines(text: &str) -> Vec<Range<usize>> {
    let bullets = text.strip_prefix('\u{feff}').unwrap_or(text).lines().map(str::trim);
    let bullets = bullets.filter(|line| !is_heading(line) && !is_rule(line)).map(|line| without_mark(line).trim());
    bullets.filter(|line| !line.is_empty()).map(|line| place_of(line, text)).collect()
}

/// Where a part of a text stands in it, in bytes.
fn place_of(part: &str, text: &str) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    start..start + part.len()
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

    fn read(text: &str) -> Document {
        Document::read(text.to_owned()).expect("a document")
    }

    #[test]
    fn list_marks_headings_and_blank_lines_are_not_part_of_a_bullet() {
        let text = "\u{feff}# Experience\r\n\r\n- Built A\r\n* Built B\n+ Built C\n  • Built D\n•Built E\n1. Built F\n12) Built G\n---\n## \nBuilt H\n";
        let told = ["A", "B", "C", "D", "E", "F", "G", "H"].map(|letter| format!("Built {letter}"));
        assert_eq!(read(text).bullets(), told);
    }

    #[test]
    fn what_only_looks_like_a_list_mark_stays() {
        for line in ["-40% latency", "*Led* the team", "3.5x faster builds", "2024 migration", "#1 contributor", "1.Built", "C++ and Go"] {
            assert_eq!(read(line).bullets(), [line]);
        }
    }

    #[test]
    fn what_is_no_bullet_comes_back_byte_for_byte() {
        let text = "\u{feff}# Work\r\n\r\n  - Made A.\r\n1) Made B.\n---\nMade C";
        let back = read(text).with(&[Some("Built A".to_owned()), None, Some("Built C".to_owned())]);
        assert_eq!(back, "\u{feff}# Work\r\n\r\n  - Built A\r\n1) Made B.\n---\nBuilt C");
    }

    #[test]
    fn a_json_resume_keeps_every_other_field_as_it_was_written() {
        let text = "{ \"x-number\": 1.50e+400,\n  \"volunteer\":[{\"highlights\":[\"Made \\u0041.\",\"\"]}],\"basics\":{\"highlights\":[\"no\"]},\n\t\"work\": [{\"name\": \"Z\", \"highlights\": [\"Made \\\"B\\\"\", 7], \"y\": null}], \"projects\": [{}] }\n";
        let resume = read(text);
        assert_eq!(resume.bullets(), ["Made A.", "Made \"B\""]);
        let back = resume.with(&[Some("Built \"A\"".to_owned()), None]);
        assert_eq!(back, text.replace("\"Made \\u0041.\"", "\"Built \\\"A\\\"\""));
        assert_eq!(resume.with(&[None, None]), text);
    }

    #[test]
    fn json_without_highlights_is_no_resume() {
        for text in ["{}", "[1, 2]", "{\"work\": [{\"highlights\": []}]}", "{\"work\": 3}"] {
            assert_eq!(Document::read(text.to_owned()), Err(NotAResume), "{text}");
        }
    }
}
