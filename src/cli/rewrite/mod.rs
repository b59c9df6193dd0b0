//! `bulletsmith rewrite`: weak bullets in, strong and honest ones out.

mod order;
mod text;

use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use self::order::Order;
use super::desk::Desk;
use super::input::Bullets;
use super::jsonl::{self, Answered};
use super::openapi::pretty;
use super::printer::Printer;
use super::session::Session;
use super::stop::{Exit, Stop};
use crate::app::Tape;
use crate::contract::rewrite::{
    BulletInput, BulletObject, BulletResult, BulletStatus, EngineChoice, RewriteAnswer, RewriteRequest, RunUsage,
};
use crate::domain::cost::PicoUsd;
use crate::telemetry;

/// The most bullets the contract takes at once.
const CHUNK: usize = 30;

/// Rewrite weak resume bullets into strong, honest ones
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    bullets: Bullets,
    #[command(flatten)]
    order: Order,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Read one {"id", "text", "facts"} a line from stdin and write one answer a line
    #[arg(long, conflicts_with_all = ["text", "file", "format"])]
    jsonl: bool,
    /// Write the document of --file here, with the bullets replaced that were rewritten and all else as it was
    #[arg(long, value_name = "FILE", conflicts_with_all = ["text", "jsonl"])]
    out: Option<PathBuf>,
    /// Keep the replies of the models in this folder
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Answer from the recorded replies of this folder; no model is asked and no key is needed
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// Before and after, as a diff.
    Diff,
    /// A Markdown list of the rewrites.
    Md,
    /// As the service answers.
    Json,
    /// One result a line.
    Jsonl,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    text: String,
    #[serde(default)]
    facts: Option<String>,
    #[serde(default)]
    skill: Option<String>,
}

pub(super) async fn run(args: Args, session: &Session<'_>) -> Result<Exit, Stop> {
    let Args { bullets, order, format, jsonl, out, record, replay } = args;
    let printer = session.printer();
    let skill = order.skill.clone();
    let order = order.read()?;
    let (bullets, document) = if jsonl { (Vec::new(), None) } else { bullets.read_with_document()? };
    let tape = Tape::of(record, replay);
    let (desk, width) = open(session, &tape, order.engine)?;
    if jsonl {
        let (desk, order, skill) = (&desk, &order, &skill);
        let ended = jsonl::run(jsonl::stdin(), printer, width, move |index, Line { text, facts, skill: own }| async move {
            let bullet = BulletInput::Full(BulletObject { text, facts, skill: own.or_else(|| skill.clone()) });
            let answer = desk.rewrite(RewriteRequest { bullets: vec![bullet], ..order.clone() }).await.map_err(jsonl::of_line)?;
            let result = answer.results.into_iter().next().ok_or_else(|| Stop::usage("the service left a bullet out"))?;
            let answer = BulletResult { index, ..result };
            Ok(Answered { exit: exit_of(&answer), answer })
        })
        .await;
        // A run that ended early has left calls behind.
        desk.settle().await;
        warn(desk, printer);
        return ended;
    }
    let (answer, stopped) = rewrite_all(&desk, &bullets, skill.as_deref(), &order).await;
    warn(&desk, printer);
    if let Some(answer) = &answer {
        printer.data(&written(answer, format)?)?;
        if let (Some(out), Some(document)) = (&out, &document) {
            let whole = document.with(&answer.results.iter().map(accepted).collect::<Vec<_>>());
            fs::write(out, whole).map_err(|source| Stop::File { what: out.display().to_string(), source })?;
        }
    }
    match stopped {
        Some(stop) => Err(stop),
        None => Ok(answer.iter().flat_map(|answer| &answer.results).map(exit_of).max().unwrap_or(Exit::Done)),
    }
}

/// Tells of judges that are not trusted, once a run.
fn warn(desk: &Desk, printer: &Printer) {
    desk.warnings().iter().for_each(|warning| printer.note(&format!("note: {warning}")));
}

/// The text that takes a bullet's place: none where the bullet stays as it is.
fn accepted(result: &BulletResult) -> Option<String> {
    let first = result.variants.first().filter(|_| result.status == BulletStatus::Rewritten)?;
    Some(first.text.clone())
}

/// Who answers, and how many lines may be worked on at once.
fn open(session: &Session<'_>, tape: &Tape, engine: Option<EngineChoice>) -> Result<(Desk, usize), Stop> {
    if let Some(client) = session.client()? {
        return match tape {
            Tape::Off => Ok((Desk::Remote(client), 4)),
            Tape::Record(_) | Tape::Replay(_) => Err(Stop::usage("--record and --replay work in this process; leave the server out")),
        };
    }
    telemetry::start_for_command();
    let (config, app) = session.app(tape)?;
    match engine.unwrap_or_default() {
        EngineChoice::Rules => {}
        EngineChoice::Auto if app.models.is_empty() => session.printer().note("note: no model configured; the rules engine writes"),
        EngineChoice::Auto | EngineChoice::Llm => {
            for notice in &app.notices {
                session.printer().note(notice);
            }
        }
    }
    Ok((Desk::local(&config, &app), config.concurrency))
}

/// All bullets, as many at once as the contract takes. What was answered before trouble came is not lost: it may have cost something.
async fn rewrite_all(
    desk: &Desk,
    bullets: &[String],
    skill: Option<&str>,
    order: &RewriteRequest,
) -> (Option<RewriteAnswer>, Option<Stop>) {
    let mut whole: Option<RewriteAnswer> = None;
    for chunk in bullets.chunks(CHUNK) {
        let inputs = chunk.iter().map(|text| input(text, skill)).collect();
        match desk.rewrite(RewriteRequest { bullets: inputs, ..order.clone() }).await {
            Ok(part) => {
                whole = Some(match whole {
                    Some(whole) => joined(whole, part),
                    None => part,
                });
            }
            Err(stop) => return (whole, Some(stop)),
        }
    }
    (whole, None)
}

fn input(text: &str, skill: Option<&str>) -> BulletInput {
    match skill {
        None => BulletInput::Text(text.to_owned()),
        Some(skill) => BulletInput::Full(BulletObject { text: text.to_owned(), facts: None, skill: Some(skill.to_owned()) }),
    }
}

/// One answer of two; it keeps the id of the first.
fn joined(mut whole: RewriteAnswer, part: RewriteAnswer) -> RewriteAnswer {
    let first = whole.results.len();
    whole.results.extend(part.results.into_iter().map(|result| BulletResult { index: first + result.index, ..result }));
    let (a, b) = (&whole.usage, &part.usage);
    whole.usage = RunUsage {
        llm_calls: a.llm_calls.saturating_add(b.llm_calls),
        input_tokens: a.input_tokens.saturating_add(b.input_tokens),
        output_tokens: a.output_tokens.saturating_add(b.output_tokens),
        cost_usd: dollars(&a.cost_usd).plus(dollars(&b.cost_usd)).to_string(),
    };
    whole
}

/// What a service says it cost; nothing when it says it in no form we know.
fn dollars(text: &str) -> PicoUsd {
    PicoUsd::from_dollars(text).unwrap_or(PicoUsd::ZERO)
}

/// A result that failed is the provider's fault.
const fn exit_of(result: &BulletResult) -> Exit {
    match result.status {
        BulletStatus::Rewritten | BulletStatus::Unchanged => Exit::Done,
        BulletStatus::Failed => Exit::Ours,
    }
}

fn written(answer: &RewriteAnswer, format: Format) -> Result<String, Stop> {
    let lines = |line: fn(&BulletResult) -> String| answer.results.iter().map(line).collect::<Vec<_>>();
    Ok(match format {
        Format::Text => lines(text::block).join("\n"),
        Format::Diff => lines(text::diff).join("\n"),
        Format::Md => lines(text::markdown).concat(),
        Format::Json => pretty(answer)?,
        Format::Jsonl => {
            let line = |result| serde_json::to_string(result).map_err(|error| Stop::Form(error.into()));
            answer.results.iter().map(line).collect::<Result<Vec<_>, _>>()?.join("\n")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_read_back_exactly() {
        for text in ["0", "0.000312", "1.5", "12", "0.000000000001"] {
            assert_eq!(dollars(text).to_string(), text);
        }
    }

    #[test]
    fn two_answers_become_one_with_the_bullets_counted_on() {
        let answer = || text::tests::answer();
        let whole = joined(answer(), answer());
        assert_eq!(whole.results.iter().map(|result| result.index).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
        assert_eq!((whole.usage.llm_calls, whole.usage.cost_usd.as_str()), (2, "0.000624"));
    }

    #[test]
    fn a_failed_bullet_is_the_providers_fault() {
        let exits: Vec<_> = text::tests::answer().results.iter().map(exit_of).collect();
        assert_eq!(exits, [Exit::Done, Exit::Done, Exit::Ours]);
    }
}
