//! Reads a JSON text into a request, or says what is wrong with it: not JSON (400), or JSON that cannot be used (422).
//!
//! A text is first read as JSON alone, so that a syntax fault anywhere wins over a wrong value before it, and so that
//! lone surrogates and overlong numbers are found in values that nobody asked for. Only then is it read as the request.
//! Nothing of the body is quoted but a name or a short value at the very place that is wrong.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment, Track};

use super::json_objects::ObjectsOnly;
use crate::contract::problem::{Code, FieldError, Problem};

/// The longest piece of the caller's text that is said back, in characters.
const ECHO: usize = 40;
/// The longest key that is said back in a pointer, which cannot be cut and still point.
const LONGEST_KEY: usize = 100;

/// The request that these bytes hold.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Box<Problem>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (line, column) = place(bytes.get(..error.valid_up_to()).unwrap_or_default());
        not_json(&format!("it is not UTF-8 at line {line}, column {column}; send the body in UTF-8"))
    })?;
    if text.trim_ascii().is_empty() {
        return Err(not_json("it is empty; send a JSON object"));
    }
    if text.starts_with('\u{feff}') {
        return Err(not_json("it starts with a byte order mark; send it without, at line 1, column 1"));
    }
    // As a `Value`: `IgnoredAny` would step over escapes without looking at them.
    let _: Value = serde_json::from_str(text)
        .map_err(|error| not_json(&format!("{} at line {}, column {}", without_place(&error), error.line(), error.column())))?;
    // Read from the text again: a `Value` has already forgotten that a key was given twice.
    let mut track = Track::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    T::deserialize(ObjectsOnly(serde_path_to_error::Deserializer::new(&mut reader, &mut track)))
        .map_err(|error| Box::new(Problem::invalid(vec![fault(&track.path(), &without_place(&error))])))
}

fn not_json(what: &str) -> Box<Problem> {
    Box::new(Problem::new(Code::NotJson, format!("The body cannot be read as JSON: {what}")))
}

/// Line and column, from 1, of what follows this text; columns are counted in bytes, as `serde_json` does.
fn place(before: &[u8]) -> (usize, usize) {
    let lines = before.split(|byte| *byte == b'\n');
    let last = lines.clone().next_back().unwrap_or_default();
    (lines.count(), last.len() + 1)
}

fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let tail = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&tail).unwrap_or(&message).to_owned()
}

/// A fault at the place it is about, in words for people.
fn fault(path: &Path, message: &str) -> FieldError {
    let pointer = pointer_of(path);
    if let Some(field) = quoted(message, "missing field `") {
        return FieldError::new(format!("{pointer}/{}", escaped(field)), format!("`{field}` is required"));
    }
    if let Some(field) = quoted(message, "duplicate field `") {
        return FieldError::new(format!("{pointer}/{}", escaped(field)), format!("`{field}` is given twice; give it once"));
    }
    FieldError::new(pointer, in_words(message))
}

/// RFC 6901. Ends before a key that is too long to be said back; such a key is never one of ours.
fn pointer_of(path: &Path) -> String {
    let is_quotable = |segment: &&Segment| !matches!(segment, Segment::Map { key } if key.chars().count() > LONGEST_KEY);
    path.iter()
        .take_while(is_quotable)
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escaped(key)),
            Segment::Enum { variant } => format!("/{}", escaped(variant)),
            Segment::Unknown => String::new(),
        })
        .collect()
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn quoted<'a>(message: &'a str, start: &str) -> Option<&'a str> {
    message.strip_prefix(start)?.strip_suffix('`')
}

fn in_words(message: &str) -> String {
    // Looked for from the end: what stands before it may be the caller's own words.
    let Some((found, expected)) = message.rsplit_once(", expected ") else {
        return match message {
            // Only a closed list of words is read so that another type of value ends here.
            "expected value" => "expected one of the words that /openapi.json lists for this field".to_owned(),
            other => shortened(other, 160),
        };
    };
    if let Some(name) = quoted(found, "unknown field `") {
        return format!("unknown field `{}`, expected {expected}", shortened(name, ECHO));
    }
    if let Some(word) = quoted(found, "unknown variant `") {
        return format!("unknown value `{}`, expected {expected}", shortened(word, ECHO));
    }
    let found = found.strip_prefix("invalid type: ").or_else(|| found.strip_prefix("invalid value: ")).unwrap_or(found);
    format!("expected {}, found {}", plain_expected(expected), plain_found(found))
}

fn plain_expected(expected: &str) -> &str {
    match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        "string or map" => "a string",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

fn plain_found(found: &str) -> String {
    match found {
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        other => match other.strip_prefix("string \"").and_then(|rest| rest.strip_suffix('"')) {
            Some(text) => format!("the string \"{}\"", shortened(text, ECHO)),
            None => shortened(other, ECHO),
        },
    }
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::check::CheckRequest;
    use crate::contract::matches::MatchRequest;
    use crate::contract::rewrite::RewriteRequest;

    fn problem_of(bytes: impl AsRef<[u8]>) -> Problem {
        *parse::<RewriteRequest>(bytes.as_ref()).expect_err("a problem")
    }

    /// 400 with this in the detail.
    fn not_json_because(bytes: impl AsRef<[u8]>, words: &str) {
        let problem = problem_of(&bytes);
        assert_eq!((problem.status, problem.code.as_str()), (400, "not_json"), "{problem:?}");
        assert!(problem.detail.contains(words), "{}", problem.detail);
        assert!(problem.errors.is_empty());
    }

    /// 422 at this place with this message.
    fn unusable_at(text: &str, pointer: &str, message: &str) {
        let problem = problem_of(text);
        assert_eq!((problem.status, problem.code.as_str()), (422, "invalid_request"), "{text}: {problem:?}");
        let errors: Vec<_> = problem.errors.iter().map(|error| (error.pointer.as_str(), error.message.as_str())).collect();
        assert_eq!(errors, [(pointer, message)], "{text}");
    }

    #[test]
    fn a_good_body_is_read() {
        let order: RewriteRequest =
            parse(r#" {"bullets": ["a", {"text": "b \ud83d\ude00"}], "role": {"current": true}} "#.as_bytes()).unwrap();
        assert_eq!(order.bullets.len(), 2);
    }

    #[test]
    fn what_is_not_json_is_told_with_its_place() {
        not_json_because("", "it is empty");
        not_json_because(" \n\t", "it is empty");
        not_json_because("{", "at line 1, column 1");
        not_json_because("{\"bullets\":\n [NaN]}", "expected value at line 2, column 3");
        not_json_because(r#"{"bullets": ["a"],}"#, "trailing comma at line 1, column 19");
        not_json_because(r#"{"bullets": ["a"]} x"#, "trailing characters at line 1, column 20");
        not_json_because("{\"bullets\": [\"a\nb\"]}", "control character");
        not_json_because("\u{feff}{}", "byte order mark");
        not_json_because(b"{\n\"a\xff\"}", "not UTF-8 at line 2, column 3");
        not_json_because("[".repeat(5000), "recursion limit");
        not_json_because(r#"{"variants": 1e999}"#, "number out of range");
    }

    #[test]
    fn lone_surrogates_are_not_json_wherever_they_stand() {
        for text in [
            r#"{"bullets": ["\ud800"]}"#,
            r#"{"bullets": ["\udc00 x"]}"#,
            r#"{"unknown": "\ud800\u0041", "bullets": ["a"]}"#,
            r#"{"bullets": [1, "\ud83d"]}"#,
            r#"{"\ud800": 1}"#,
        ] {
            not_json_because(text, "at line 1, column");
        }
    }

    #[test]
    fn a_syntax_fault_wins_over_a_wrong_value_before_it() {
        not_json_because(r#"{"bullets": 1, "colour": 2, "#, "EOF while parsing");
    }

    #[test]
    fn nothing_of_a_body_that_is_not_json_is_quoted() {
        assert!(!problem_of(r#"{"bullets": ["my secret"], oops}"#).detail.contains("secret"));
    }

    #[test]
    fn the_body_must_be_an_object() {
        for (text, found) in
            [("[]", "a list"), (r#"[["a"]]"#, "a list"), ("null", "null"), ("1", "integer `1`"), (r#""bullets""#, "the string \"bullets\"")]
        {
            unusable_at(text, "", &format!("expected an object, found {found}"));
        }
        unusable_at(r#"{"bullets": ["a"], "role": ["Engineer", true]}"#, "/role", "expected an object, found a list");
    }

    #[test]
    fn wrong_values_are_told_with_pointer_and_words() {
        unusable_at("{}", "/bullets", "`bullets` is required");
        unusable_at(r#"{"bullets": [{"facts": "x"}]}"#, "/bullets/0/text", "`text` is required");
        unusable_at(r#"{"bullets": "a"}"#, "/bullets", "expected a list, found the string \"a\"");
        unusable_at(r#"{"bullets": ["a", 5]}"#, "/bullets/1", "expected a string, or an object with `text`, found integer `5`");
        unusable_at(r#"{"bullets": [{"text": null}]}"#, "/bullets/0/text", "expected a string, found null");
        unusable_at(r#"{"bullets": [], "variants": -1}"#, "/variants", "expected a whole number from 0 to 255, found integer `-1`");
        unusable_at(r#"{"bullets": [], "variants": "1"}"#, "/variants", "expected a whole number from 0 to 255, found the string \"1\"");
        unusable_at(r#"{"bullets": [], "role": {"current": "yes"}}"#, "/role/current", "expected true or false, found the string \"yes\"");
        unusable_at(r#"{"bullets": [], "role": "x"}"#, "/role", "expected an object, found the string \"x\"");
        unusable_at(r#"{"bullets": [], "engine": "gpt"}"#, "/engine", "unknown value `gpt`, expected one of `auto`, `llm`, `rules`");
        unusable_at(r#"{"bullets": [], "engine": 1}"#, "/engine", "expected one of the words that /openapi.json lists for this field");
        unusable_at(r#"{"bullets": [], "bullets": []}"#, "/bullets", "`bullets` is given twice; give it once");
    }

    #[test]
    fn an_unknown_field_is_named_by_its_own_pointer() {
        unusable_at(
            r#"{"bullets": ["a", {"text": "b", "colour": 1}]}"#,
            "/bullets/1/colour",
            "unknown field `colour`, expected one of `text`, `facts`, `skill`",
        );
        let problem = problem_of(r#"{"bullets": [], "a/b~c": 1}"#);
        assert_eq!(problem.errors[0].pointer, "/a~1b~0c");
        assert!(problem.errors[0].message.starts_with("unknown field `a/b~c`, expected one of `bullets`,"));
    }

    #[test]
    fn every_request_type_tells_the_place() {
        let check = *parse::<CheckRequest>(br#"{"bullet": "a", "siblings": ["a", 1]}"#).expect_err("a problem");
        assert_eq!(check.errors[0].pointer, "/siblings/1");
        let matches = *parse::<MatchRequest>(br#"{"bullets": [{"id": {}, "text": 1}]}"#).expect_err("a problem");
        assert_eq!(matches.errors[0].pointer, "/bullets/0/text");
    }

    #[test]
    fn long_values_of_the_caller_are_cut() {
        let long = "x".repeat(41);
        let cut = format!("{}…", "x".repeat(40));
        unusable_at(&format!(r#"{{"bullets": "{long}"}}"#), "/bullets", &format!("expected a list, found the string \"{cut}\""));
        unusable_at(
            &format!(r#"{{"bullets": [], "engine": "{long}"}}"#),
            "/engine",
            &format!("unknown value `{cut}`, expected one of `auto`, `llm`, `rules`"),
        );
        let problem = problem_of(format!(r#"{{"{long}": 1}}"#));
        assert_eq!(problem.errors[0].pointer, format!("/{long}"));
        assert!(problem.errors[0].message.starts_with(&format!("unknown field `{cut}`, expected")));
        let problem = problem_of(format!(r#"{{"role": {{"{}": 1}}}}"#, "x".repeat(101)));
        assert_eq!(problem.errors[0].pointer, "/role");
    }

    #[test]
    fn words_of_the_caller_cannot_pose_as_ours() {
        unusable_at(r#"{"bullets": "a, expected b"}"#, "/bullets", "expected a list, found the string \"a, expected b\"");
    }
}
