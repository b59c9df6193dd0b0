//! `bulletsmith eval`: how good is it? The labelled sets are run through the product, and the rates are printed, compared and kept.

mod asking;
mod judging;
mod sets;
mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use self::asking::Asker;
use self::sets::{SetFile, earlier, sets, write};
use super::desk::Desk;
use super::input::read_text;
use super::openapi::pretty;
use super::session::Session;
use super::stop::{Exit, Stop};
use crate::app::Tape;
use crate::evaluation::{
    At, Baseline, CheckReport, FirstSight, FirstSights, MatchReport, Measure, RewriteReport, SetMoves, SetOutcomes, fingerprint, read_set,
};
use crate::telemetry;

/// Measure the product on labelled sets: matching, the check, rewriting, the judge
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to measure; matching, the check and rewriting when absent
    #[arg(value_enum)]
    kind: Option<Kind>,
    /// A set, one case a line; every set in fixtures/eval/KIND when absent, for `judge` the 24 pairs that trust is earned by
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
    /// Show every case that is wrong, with what was found
    #[arg(long)]
    wrong: bool,
    /// Show every clean line that is asked about, with the questions
    #[arg(long)]
    asked: bool,
    #[command(flatten)]
    files: Files,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The files that figures are compared with and kept in.
#[derive(Debug, clap::Args)]
struct Files {
    /// Fail when a rate is worse than in this file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the rates to this file
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// Show which cases of the check came out otherwise than in this file
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Write the outcome of every case of the check to this file
    #[arg(long, value_name = "FILE")]
    write_outcomes: Option<PathBuf>,
    /// Enter the rates of sets that nobody has read into this file; refused for a set that was entered before
    #[arg(long, value_name = "FILE", requires = "set", requires = "at")]
    first_sight: Option<PathBuf>,
    /// The day and the commit of the version that is measured, as `git show -s --format='%cs %h'` prints them
    #[arg(long, value_name = "DATE COMMIT", requires = "first_sight")]
    at: Option<At>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Which skill a bullet shows.
    Match,
    /// What the check refuses, asks about and lets pass.
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
    /// What came out otherwise than in the file of `--against`.
    moves: Vec<SetMoves>,
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

    /// The outcomes of the check, a set a line.
    fn outcomes(&self) -> Result<String, Stop> {
        let line = |report: &CheckReport| serde_json::to_string(&report.outcomes).map_err(|error| Stop::Form(error.into()));
        let lines: Vec<String> = self.checking.iter().map(line).collect::<Result<_, _>>()?;
        Ok(lines.join("\n"))
    }
}

pub(super) async fn run(args: Args, session: &Session<'_>) -> Result<Exit, Stop> {
    let Args { kind, set, prompt, record, replay, wrong, asked, files, format } = args;
    let printer = session.printer();
    if kind == Some(Kind::Judge) {
        return judging::run(&set, Tape::of(record, replay), wrong, format, session).await;
    }
    let asker = Asker::new(desk(session, record, replay)?);
    let was: Option<Baseline> = files.baseline.as_deref().map(|file| earlier(file, "--write-baseline")).transpose()?;
    let outcomes: Vec<SetOutcomes> = files.against.as_deref().map(read_outcomes).transpose()?.unwrap_or_default();
    let wanted = |this: Kind, folder: &str| if kind.is_none_or(|kind| kind == this) { sets(&set, folder) } else { Ok(Vec::new()) };
    let (matching, checking) = (wanted(Kind::Match, "match")?, wanted(Kind::Check, "check")?);
    let rewriting = wanted(Kind::Rewrite, "rewrite")?;
    let sight = Sight::open(&files, [&matching, &checking, &rewriting].into_iter().flatten())?;

    let mut reports = Reports::default();
    for set in matching {
        reports.matching.push(MatchReport::count(&set.name, &asker.matches(set.cases()?).await?));
    }
    for set in checking {
        let report = CheckReport::count(&set.name, &asker.checks(set.cases()?).await?);
        let earlier = outcomes.iter().find(|earlier| earlier.set == report.set);
        reports.moves.extend(earlier.map(|earlier| SetMoves::between(earlier, &report.outcomes, &report.kinds)));
        reports.checking.push(report);
    }
    for set in rewriting {
        let writers: Vec<Option<&str>> = if prompt.is_empty() { vec![None] } else { prompt.iter().map(String::as_str).map(Some).collect() };
        for writer in writers {
            let rewritten = asker.rewrites(set.cases()?, writer).await?;
            reports.rewriting.push(RewriteReport::count(&set.name, writer.unwrap_or("rules"), &rewritten));
        }
    }
    asker.settle().await;

    let rates = reports.rates();
    match format {
        Format::Json => printer.data(&pretty(&reports)?)?,
        Format::Text => printer.data(&text::written(&reports, wrong, asked))?,
    }
    if let Some(file) = &files.write_baseline {
        write(file, &pretty(&rates)?)?;
    }
    if let Some(file) = &files.write_outcomes {
        write(file, &reports.outcomes()?)?;
    }
    if let Some(sight) = sight {
        sight.enter(&rates)?;
    }
    let worse = was.map(|was| was.regressions(&rates)).unwrap_or_default();
    for regression in &worse {
        printer.note(&text::regression(regression));
    }
    Ok(if worse.is_empty() { Exit::Done } else { Exit::Input })
}

/// The first sights that this run adds to.
#[derive(Debug)]
struct Sight {
    file: PathBuf,
    known: FirstSights,
    at: At,
    /// The text of each set, as its hash.
    fingerprints: Vec<(String, String)>,
}

impl Sight {
    /// Opens the file, if one is named; fails when one of the sets was entered before, so that it is not even run.
    fn open<'a>(files: &Files, sets: impl Iterator<Item = &'a SetFile>) -> Result<Option<Self>, Stop> {
        let Some((file, at)) = files.first_sight.as_ref().zip(files.at.as_ref()) else { return Ok(None) };
        let known: FirstSights = if file.exists() { earlier(file, "--first-sight")? } else { FirstSights::default() };
        let fingerprints: Vec<(String, String)> = sets.map(|set| (set.name.clone(), fingerprint(&set.text))).collect();
        for (set, sha256) in &fingerprints {
            known.unseen(set, sha256).map_err(|seen| Stop::usage(seen.to_string()))?;
        }
        Ok(Some(Self { file: file.clone(), known, at: at.clone(), fingerprints }))
    }

    /// Enters the rates of every set.
    fn enter(self, rates: &Baseline) -> Result<(), Stop> {
        let Self { file, mut known, at: At { date, commit }, fingerprints } = self;
        for (set, measures) in &rates.sets {
            // The writer stands behind the name of a rewriting set.
            let of = fingerprints.iter().find(|(name, _)| set == name || set.strip_prefix(name).is_some_and(|rest| rest.starts_with('/')));
            let sha256 = of.map(|(_, sha256)| sha256.clone()).unwrap_or_default();
            known.sets.push(FirstSight {
                set: set.clone(),
                date: date.clone(),
                commit: commit.clone(),
                sha256,
                measures: measures.clone(),
            });
        }
        write(&file, &pretty(&known)?)
    }
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

fn read_outcomes(file: &Path) -> Result<Vec<SetOutcomes>, Stop> {
    let made = |fault| Stop::usage(format!("{fault}; --write-outcomes makes such a file"));
    read_set(&file.display().to_string(), &read_text(file)?).map_err(made)
}
