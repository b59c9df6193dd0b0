//! `bulletsmith match`: which skill of the guide does each bullet show?

use serde::Deserialize;
use serde_json::Value;

use super::desk::Desk;
use super::input::Bullets;
use super::jsonl::{self, Asked};
use super::openapi::pretty;
use super::session::Session;
use super::stop::{Exit, Stop};
use crate::contract::matches::{MatchAnswer, MatchInput, MatchObject, MatchRequest, MatchResult};

/// The most bullets the contract takes at once.
const CHUNK: usize = 1000;

/// Pick the skill of the guide that each bullet shows
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    bullets: Bullets,
    /// Id of the guide
    #[arg(long, value_name = "ID")]
    guide: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Read one {"id", "text"} a line from stdin and write one answer a line
    #[arg(long, conflicts_with_all = ["text", "file", "format"])]
    jsonl: bool,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// As the service answers.
    Json,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    text: String,
}

pub(super) async fn run(args: Args, session: &Session<'_>) -> Result<Exit, Stop> {
    let Args { bullets, guide, format, jsonl } = args;
    let printer = session.printer();
    if jsonl {
        let desk = session.desk()?;
        let (desk, guide) = (&desk, &guide);
        return jsonl::run_together(jsonl::stdin(), printer, CHUNK, quick, |lines| answer_together(desk, guide.as_deref(), lines)).await;
    }
    let bullets = bullets.read()?;
    let desk = session.desk()?;
    let mut results = Vec::new();
    for chunk in bullets.chunks(CHUNK) {
        let request = MatchRequest { bullets: chunk.iter().cloned().map(MatchInput::Text).collect(), guide: guide.clone() };
        let first = results.len();
        let answer = desk.matches(request).await?;
        results.extend(answer.results.into_iter().map(|result| MatchResult { index: first + result.index, ..result }));
    }
    match format {
        Format::Json => printer.data(&pretty(&MatchAnswer { results })?)?,
        Format::Text => {
            for (bullet, result) in bullets.iter().zip(&results) {
                printer.data(&text_of(bullet, result))?;
            }
        }
    }
    Ok(Exit::Done)
}

/// A good line, with its id, read in one go.
fn quick(bytes: &[u8]) -> Option<(Value, Line)> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Whole {
        #[serde(default)]
        id: Value,
        text: String,
    }
    let Whole { id, text } = serde_json::from_slice(bytes).ok()?;
    (!id.is_object() && !id.is_array()).then_some((id, Line { text }))
}

/// Lines that arrived together are one request; when one of them spoils it, each is asked alone.
async fn answer_together(desk: &Desk, guide: Option<&str>, lines: Vec<Asked<Line>>) -> Result<Vec<Result<MatchResult, Stop>>, Stop> {
    let bullet = |Asked { id, order, .. }: Asked<Line>| MatchInput::Named(MatchObject { id, text: order.text });
    let request =
        |lines: Vec<Asked<Line>>| MatchRequest { bullets: lines.into_iter().map(bullet).collect(), guide: guide.map(str::to_owned) };
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let indices: Vec<usize> = lines.iter().map(|line| line.index).collect();
    let alone = lines.clone();
    match desk.matches(request(lines)).await {
        Ok(answer) => Ok(answer.results.into_iter().zip(indices).map(|(result, index)| Ok(MatchResult { index, ..result })).collect()),
        Err(Stop::Problem(_)) => {
            let mut answers = Vec::with_capacity(alone.len());
            for line in alone {
                let index = line.index;
                answers.push(match desk.matches(request(vec![line])).await {
                    Ok(answer) => match answer.results.into_iter().next() {
                        Some(result) => Ok(MatchResult { index, ..result }),
                        None => return Err(Stop::usage("the service left a bullet out")),
                    },
                    Err(stop) => Err(jsonl::of_line(stop)),
                });
            }
            Ok(answers)
        }
        Err(stop) => Err(stop),
    }
}

/// `caching  0.94  Added caching …  (caching)`
fn text_of(bullet: &str, result: &MatchResult) -> String {
    let skill = result.skill.as_deref().unwrap_or("-");
    let matched = if result.matched.is_empty() { String::new() } else { format!("  ({})", result.matched.join(", ")) };
    format!("{skill:<20} {:.2}  {bullet}{matched}", result.confidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_is_one_line() {
        let result = MatchResult {
            index: 0,
            id: Value::Null,
            skill: Some("caching".to_owned()),
            confidence: 0.94,
            matched: vec!["caching".to_owned(), "cache".to_owned()],
            alternatives: vec![],
        };
        insta::assert_snapshot!(text_of("Added caching.", &result), @"caching              0.94  Added caching.  (caching, cache)");
        insta::assert_snapshot!(text_of("Made tea.", &MatchResult { skill: None, confidence: 0.1, matched: vec![], ..result }), @"-                    0.10  Made tea.");
    }
}
