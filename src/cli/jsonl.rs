//! `--jsonl`: one JSON object a line in, one a line out, in the same order, in constant memory.
//!
//! `id` is passed through. A bad line is answered where it stands and never ends the run; trouble with the service ends it.

use std::io;
use std::pin::pin;

use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use serde_path_to_error::Segment;
use tokio::io::{AsyncBufRead, AsyncBufReadExt};

use super::printer::Printer;
use super::stop::{Exit, Stop};
use crate::contract::problem::{Code, FieldError, Problem};

const LONGEST_LINE: usize = 1 << 20;

/// One answered line, with what it means for the exit code.
pub(super) struct Answered<T> {
    pub(super) answer: T,
    pub(super) exit: Exit,
}

/// How much of the input is read ahead, in bytes; with it the memory of a run is bounded.
const READ_AHEAD: usize = 1 << 16;

/// The standard input, line by line.
pub(super) fn stdin() -> impl AsyncBufRead + Unpin {
    tokio::io::BufReader::with_capacity(READ_AHEAD, tokio::io::stdin())
}

/// Answers every line; up to `width` of them are worked on at once. The index counts the lines that are answered, from 0.
pub(super) async fn run<L, T, F>(
    input: impl AsyncBufRead + Unpin,
    printer: &Printer,
    width: usize,
    answer: impl Fn(usize, L) -> F,
) -> Result<Exit, Stop>
where
    L: DeserializeOwned,
    T: Serialize,
    F: Future<Output = Result<Answered<T>, Stop>>,
{
    let answer = &answer;
    let answers = lines(input).enumerate().map(|(index, line)| async move {
        let (id, order) = parse::<L>(line.map_err(unread)?);
        let answered = match order {
            Ok(order) => answer(index, order).await,
            Err(problem) => Err(Stop::problem(problem)),
        };
        match answered {
            Ok(Answered { answer, exit }) => Ok((with_id(id, &answer)?.to_string(), exit)),
            Err(stop) => refused(&id, stop),
        }
    });
    let mut answers = pin!(answers.buffered(width.max(1)));
    let mut exit = Exit::Done;
    while let Some(answered) = answers.next().await {
        let (line, of_line) = answered?;
        printer.data(&line)?;
        exit = exit.max(of_line);
    }
    Ok(exit)
}

/// One line that can be read.
#[derive(Debug, Clone)]
pub(super) struct Asked<L> {
    pub(super) id: Value,
    /// How many lines stand before it.
    pub(super) index: usize,
    pub(super) order: L,
}

/// Answers the lines that have already arrived together, at most `size` at once: for work so short that a line alone would cost more to
/// carry than to do. A line that waits for nobody is answered at once. Each answer is the whole line, with its `id`.
/// `quick` reads a good line in one go; what it cannot read is read again by the way that knows where the fault is.
pub(super) async fn run_together<L, T, F>(
    input: impl AsyncBufRead + Unpin,
    printer: &Printer,
    size: usize,
    quick: impl Fn(&[u8]) -> Option<(Value, L)>,
    answer: impl Fn(Vec<Asked<L>>) -> F,
) -> Result<Exit, Stop>
where
    L: DeserializeOwned,
    T: Serialize,
    F: Future<Output = Result<Vec<Result<T, Stop>>, Stop>>,
{
    let mut chunks = pin!(lines(input).ready_chunks(size.max(1)));
    let (mut exit, mut index, mut out) = (Exit::Done, 0, String::new());
    while let Some(chunk) = chunks.next().await {
        let mut asked = Vec::with_capacity(chunk.len());
        let mut places = Vec::with_capacity(chunk.len());
        for line in chunk {
            let line = line.map_err(unread)?;
            let known = match &line {
                Line::Whole(bytes) => quick(bytes),
                Line::TooLong => None,
            };
            let (id, order) = known.map_or_else(|| parse::<L>(line), |(id, order)| (id, Ok(order)));
            places.push(match order {
                Ok(order) => {
                    asked.push(Asked { id: id.clone(), index, order });
                    Ok(id)
                }
                Err(problem) => Err(refused(&id, Stop::problem(problem))?),
            });
            index += 1;
        }
        let mut answers = answer(asked).await?.into_iter();
        out.clear();
        for place in places {
            let (line, of_line) = match place {
                Err(refused) => refused,
                Ok(id) => match answers.next().ok_or_else(|| Stop::usage("the service left a line out"))? {
                    Ok(answer) => (serde_json::to_string(&answer).map_err(|error| Stop::Form(error.into()))?, Exit::Done),
                    Err(stop) => refused(&id, stop)?,
                },
            };
            out.push_str(&line);
            out.push('\n');
            exit = exit.max(of_line);
        }
        printer.data(&out)?;
    }
    Ok(exit)
}

fn unread(source: io::Error) -> Stop {
    Stop::Input { what: "stdin".to_owned(), source }
}

/// The answer to a line that cannot be answered; trouble that is not the line's own ends the run.
fn refused(id: &Value, stop: Stop) -> Result<(String, Exit), Stop> {
    let Stop::Problem(problem) = stop else { return Err(stop) };
    let exit = Exit::of_status(problem.status);
    Ok((json!({ "id": id, "problem": *problem }).to_string(), exit))
}

/// Takes the way to the only bullet off the places of a problem: a line is that bullet.
pub(super) fn of_line(stop: Stop) -> Stop {
    let Stop::Problem(mut problem) = stop else { return stop };
    for error in &mut problem.errors {
        if let Some(place) = error.pointer.strip_prefix("/bullets/0") {
            error.pointer = place.to_owned();
        }
    }
    Stop::Problem(problem)
}

fn with_id(id: Value, answer: &impl Serialize) -> Result<Value, Stop> {
    let mut line = Map::from_iter([("id".to_owned(), id)]);
    if let Value::Object(fields) = serde_json::to_value(answer).map_err(|error| Stop::Form(error.into()))? {
        line.extend(fields.into_iter().filter(|(name, _)| name != "id"));
    }
    Ok(Value::Object(line))
}

/// The id of a line, and the order in it.
fn parse<L: DeserializeOwned>(line: Line) -> (Value, Result<L, Problem>) {
    let Line::Whole(bytes) = line else {
        return (Value::Null, Err(Problem::new(Code::BodyTooLarge, "the line is longer than 1 MiB; send less text on it")));
    };
    let mut fields = match serde_json::from_slice(&bytes) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return (Value::Null, Err(invalid("", "is not an object; write {\"id\": …, …} on every line"))),
        Err(error) => return (Value::Null, Err(Problem::new(Code::NotJson, format!("the line is not JSON: {error}")))),
    };
    let id = fields.remove("id").unwrap_or_default();
    if id.is_object() || id.is_array() {
        return (Value::Null, Err(invalid("/id", "is not a scalar; write a string, a number, true, false or null")));
    }
    let order = serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
        let pointer = pointer(error.path());
        invalid(&pointer, &error.into_inner().to_string())
    });
    (id, order)
}

fn invalid(pointer: &str, message: &str) -> Problem {
    Problem::invalid(vec![FieldError::new(pointer, message)])
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    };
    path.iter().map(step).collect()
}

enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// The lines that are not blank.
fn lines(input: impl AsyncBufRead + Unpin) -> impl Stream<Item = io::Result<Line>> {
    stream::unfold(Some(input), |input| async move {
        let mut input = input?;
        loop {
            match next_line(&mut input).await {
                Ok(Some(Line::Whole(bytes))) if bytes.trim_ascii().is_empty() => {}
                Ok(Some(line)) => return Some((Ok(line), Some(input))),
                Ok(None) => return None,
                Err(error) => return Some((Err(error), None)),
            }
        }
    })
}

/// The next line; of one that is too long only the end is looked for.
async fn next_line(input: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let (mut began, mut too_long) = (false, false);
    loop {
        let buffer = input.fill_buf().await?;
        if buffer.is_empty() {
            break;
        }
        began = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
        too_long |= line.len() + part.len() > LONGEST_LINE;
        if too_long {
            line = Vec::new();
        } else {
            line.extend_from_slice(part);
        }
        let read = part.len() + usize::from(end.is_some());
        input.consume(read);
        if end.is_some() {
            break;
        }
    }
    Ok(began.then_some(if too_long { Line::TooLong } else { Line::Whole(line) }))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Order {
        text: String,
    }

    #[derive(Serialize)]
    struct Echo {
        index: usize,
        text: String,
    }

    async fn echo(index: usize, order: Order) -> Result<Answered<Echo>, Stop> {
        // The first lines take longest, so that order is put to the test.
        for _ in 0..(8usize.saturating_sub(index)) {
            tokio::task::yield_now().await;
        }
        match order.text.as_str() {
            "bad" => Err(of_line(Stop::problem(Problem::invalid(vec![FieldError::new("/bullets/0/text", "is bad")])))),
            "down" => Err(Stop::problem(Problem::new(Code::ProviderUnavailable, "x"))),
            "gone" => Err(Stop::usage("gone")),
            "failed" => Ok(Answered { answer: Echo { index, text: order.text }, exit: Exit::Ours }),
            _ => Ok(Answered { answer: Echo { index, text: order.text }, exit: Exit::Done }),
        }
    }

    fn check(input: &str, exit: Result<Exit, ()>, expect: &[&str]) {
        let (printer, captured) = Printer::captured();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        // A reader with a small buffer, so that lines arrive in parts.
        let reader = tokio::io::BufReader::with_capacity(7, input.as_bytes());
        let ended = runtime.block_on(run(reader, &printer, 4, echo));
        let (out, _) = captured.texts();
        assert_eq!(ended.map_err(|_| ()), exit, "{out}");
        let told: Vec<&str> = out.lines().collect();
        assert_eq!(told.len(), expect.len(), "{out}");
        for (line, begin) in told.iter().zip(expect) {
            assert!(line.starts_with(begin), "{line} does not begin with {begin}");
        }
    }

    #[test]
    fn lines_are_answered_in_order_with_their_ids() {
        let input = "{\"id\":\"a\",\"text\":\"1\"}\n\n{\"text\":\"2\",\"id\":7}\r\n  \n{\"text\":\"3\"}\n{\"id\":true,\"text\":\"4\"}";
        let expect = [
            r#"{"id":"a","index":0,"text":"1"}"#,
            r#"{"id":7,"index":1,"text":"2"}"#,
            r#"{"id":null,"index":2,"text":"3"}"#,
            r#"{"id":true,"index":3,"text":"4"}"#,
        ];
        check(input, Ok(Exit::Done), &expect);
        check("", Ok(Exit::Done), &[]);
    }

    #[test]
    fn a_bad_line_is_answered_where_it_stands_and_the_rest_goes_on() {
        let input = "nope\n[1]\n{\"id\":[1],\"text\":\"x\"}\n{\"id\":1,\"txt\":\"x\"}\n{\"id\":2,\"text\":3}\n{\"id\":3}\n{\"id\":4,\"text\":\"bad\"}\n{\"id\":5,\"text\":\"ok\"}\n";
        let problem = |id: &str, code: &str| format!("{{\"id\":{id},\"problem\":{{\"type\":\"urn:bulletsmith:problem:{code}\"");
        let expect = [
            problem("null", "not_json"),
            problem("null", "invalid_request"),
            problem("null", "invalid_request"),
            problem("1", "invalid_request"),
            problem("2", "invalid_request"),
            problem("3", "invalid_request"),
            problem("4", "invalid_request"),
            r#"{"id":5,"index":7,"text":"ok"}"#.to_owned(),
        ];
        check(input, Ok(Exit::Input), &expect.each_ref().map(String::as_str));
    }

    #[test]
    fn the_highest_exit_code_applies() {
        check("{\"text\":\"bad\"}\n{\"text\":\"down\"}\n{\"text\":\"ok\"}\n", Ok(Exit::Ours), &["{", "{", "{"]);
        check("{\"text\":\"failed\"}\n", Ok(Exit::Ours), &["{"]);
    }

    #[test]
    fn a_service_that_went_away_ends_the_run_after_the_lines_before() {
        check("{\"text\":\"ok\"}\n{\"text\":\"gone\"}\n{\"text\":\"ok\"}\n", Err(()), &["{\"id\":null,\"index\":0"]);
    }

    #[test]
    fn a_line_that_is_too_long_is_a_bad_line_and_the_next_is_good() {
        let input = format!("{{\"id\":1,\"text\":\"{}\"}}\n{{\"id\":2,\"text\":\"ok\"}}\n", "x".repeat(LONGEST_LINE));
        let expect = [r#"{"id":null,"problem":{"type":"urn:bulletsmith:problem:body_too_large""#, r#"{"id":2,"index":1,"#];
        check(&input, Ok(Exit::Input), &expect);
    }

    #[test]
    fn a_place_of_a_line_is_told_from_the_line() {
        for (key, told) in [("a/b~c", "/a~1b~0c"), ("text", "/text")] {
            let input = format!("{{\"id\":1,\"{key}\":{{}}}}");
            let (_, order) = parse::<Order>(Line::Whole(input.into_bytes()));
            let pointers: Vec<_> = order.err().expect("a bad line").errors.into_iter().map(|error| error.pointer).collect();
            assert_eq!(pointers, [told]);
        }
    }
}
