//! `bulletsmith eval`: how good is it? The labelled sets are run through the product, and the rates are printed, compared and kept.

mod asking;
mod judging;
mod text;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::asking::Asker;
use super::desk::Desk;
use super::input::read_text;
use super::openapi::pretty;
use super::session::Session;
use super::stop::{Exit, Stop};
use crate::app::Tape;
use crate::evaluation::{Baseline, CheckReport, MatchReport, Measure, RewriteReport, read_set};
use crate::telemetry;

/// Where the sets of this product lie, seen from its repository.
const SETS: &str = "fixtures/eval";
/// The set that no code was written against.
const HELD_OUT: &str = "held-out.jsonl";

/// Measure the product on labelled sets: matching, the check, rewriting, the judge
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to measure; matching, the check and rewriting when absent
    #[arg(value_enum)]
    kind: Option<Kind>,
    /// A set, one case a line; fixtures/eval/KIND/held-out.jsonl when absent, for `judge` the 24 pairs that trust is earned by
    #[arg(long, value_name = "FILE", requires = "kind")]
    set: Vec<PathBuf>,
    /// Prompt versions to compare, by the models of the configuration; the rules engine alone when absent
    #[arg(long, value_name = "NAME@N,…", value_delimiter = ',')]
    prompt: Vec<String>,
    /// Keep the replies of the models in this folder
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Answer from the recorded replies of this folder
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
    /// Show every case that is wrong
    #[arg(long)]
    wrong: bool,
    /// Fail when a rate is worse than in this file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the rates to this file
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Which skill a bullet shows.
    Match,
    /// What the check catches, and what it refuses.
    Check,
    /// What comes out.
    Rewrite,
    /// Whether the judges of the configuration are right; only when it is named, as it asks models.
    Judge,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// Everything, for programs.
    Json,
}

/// All reports of one run.
#[derive(Debug, Default, Serialize)]
struct Reports {
    matching: Vec<MatchReport>,
    checking: Vec<CheckReport>,
    rewriting: Vec<RewriteReport>,
}

impl Reports {
    /// The rates alone, by set.
    fn rates(&self) -> Baseline {
        let matching = self.matching.iter().map(|report| (report.set.clone(), &report.measures));
        let checking = self.checking.iter().map(|report| (report.set.clone(), &report.measures));
        let rewriting = self.rewriting.iter().map(|report| (format!("{}/{}", report.set, report.writer), &report.measures));
        let sets: BTreeMap<String, Vec<Measure>> =
            matching.chain(checking).chain(rewriting).map(|(set, measures)| (set, measures.clone())).collect();
        Baseline { sets }
    }
}

pub(super) async fn run(args: Args, session: &Session<'_>) -> Result<Exit, Stop> {
    let Args { kind, set, prompt, record, replay, wrong, baseline, write_baseline, format } = args;
    let printer = session.printer();
    if kind == Some(Kind::Judge) {
        return judging::run(&set, Tape::of(record, replay), wrong, format, session).await;
    }
    let asker = Asker::new(desk(session, record, replay)?);
    let was: Option<Baseline> = baseline.as_deref().map(read_baseline).transpose()?;

    let mut reports = Reports::default();
    let wanted = |this: Kind| kind.is_none_or(|kind| kind == this);
    if wanted(Kind::Match) {
        for file in sets(&set, "match") {
            let answers = asker.matches(read(&file)?).await?;
            reports.matching.push(MatchReport::count(&name("match", &file), &answers));
        }
    }
    if wanted(Kind::Check) {
        for file in sets(&set, "check") {
            let answers = asker.checks(read(&file)?).await?;
            reports.checking.push(CheckReport::count(&name("check", &file), &answers));
        }
    }
    if wanted(Kind::Rewrite) {
        for file in sets(&set, "rewrite") {
            let writers: Vec<Option<&str>> =
                if prompt.is_empty() { vec![None] } else { prompt.iter().map(String::as_str).map(Some).collect() };
            for writer in writers {
                let rewritten = asker.rewrites(read(&file)?, writer).await?;
                reports.rewriting.push(RewriteReport::count(&name("rewrite", &file), writer.unwrap_or("rules"), &rewritten));
            }
        }
    }
    asker.settle().await;

    let rates = reports.rates();
    match format {
        Format::Json => printer.data(&pretty(&reports)?)?,
        Format::Text => printer.data(&text::written(&reports, wrong))?,
    }
    if let Some(file) = write_baseline {
        fs::write(&file, pretty(&rates)? + "\n").map_err(|source| Stop::File { what: file.display().to_string(), source })?;
    }
    let worse = was.map(|was| was.regressions(&rates)).unwrap_or_default();
    for regression in &worse {
        printer.note(&text::regression(regression));
    }
    Ok(if worse.is_empty() { Exit::Done } else { Exit::Input })
}

fn desk(session: &Session<'_>, record: Option<PathBuf>, replay: Option<PathBuf>) -> Result<Desk, Stop> {
    if let Some(client) = session.client()? {
        if record.is_some() || replay.is_some() {
            return Err(Stop::usage("--record and --replay work in this process; leave --server out"));
        }
        return Ok(Desk::Remote(client));
    }
    let tape = record.map(Tape::Record).or_else(|| replay.map(Tape::Replay)).unwrap_or(Tape::Off);
    let (config, app) = session.app(&tape)?;
    telemetry::start_for_command();
    Ok(Desk::local(&config, &app))
}

fn sets(named: &[PathBuf], kind: &str) -> Vec<PathBuf> {
    if named.is_empty() { vec![Path::new(SETS).join(kind).join(HELD_OUT)] } else { named.to_vec() }
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<Vec<T>, Stop> {
    if file.starts_with(SETS) && !file.exists() {
        return Err(Stop::usage(format!("there is no {}; run it in the repository, or name a set with --set", file.display())));
    }
    read_set(&file.display().to_string(), &read_text(file)?).map_err(|fault| Stop::usage(fault.to_string()))
}

fn read_baseline(file: &Path) -> Result<Baseline, Stop> {
    let text = read_text(file)?;
    serde_json::from_str(&text).map_err(|error| Stop::usage(format!("{}: {error}; --write-baseline makes one", file.display())))
}

/// `match/held-out`: the kind, and the file without its ending.
fn name(kind: &str, file: &Path) -> String {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    format!("{kind}/{stem}")
}
