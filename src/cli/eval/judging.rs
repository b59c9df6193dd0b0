//! `bulletsmith eval judge`: puts pairs whose answers are known to the judges of the configuration.
//!
//! Without a set these are the pairs that trust is earned by, and what comes of it is kept like any trial.

use std::path::PathBuf;

use super::Format;
use super::sets::SetFile;
use crate::app::Tape;
use crate::cli::openapi::pretty;
use crate::cli::session::Session;
use crate::cli::stop::{Exit, Stop};
use crate::domain::judgement::{Pair, read_pairs};
use crate::evaluation::JudgeReport;
use crate::service::Caller;
use crate::telemetry;

pub(super) async fn run(sets: &[PathBuf], tape: Tape, wrong: bool, format: Format, session: &Session<'_>) -> Result<Exit, Stop> {
    session.refuse_server("eval judge")?;
    telemetry::start_for_command();
    let (config, app) = session.app(&tape)?;
    let caller = Caller { tenant: "local".to_owned() };
    let sets: Vec<(String, Option<Vec<Pair>>)> = if sets.is_empty() {
        vec![("judge/calibration".to_owned(), None)]
    } else {
        super::sets::sets(sets, "judge")?.into_iter().map(|set| Ok((set.name.clone(), Some(read(&set)?)))).collect::<Result<_, Stop>>()?
    };
    let mut reports = Vec::new();
    for (name, pairs) in sets {
        let examined =
            Box::pin(app.service.examine_judges(pairs, &caller, config.deadline.saturating_mul(30))).await.map_err(Stop::problem)?;
        reports.extend(examined.into_iter().map(|judge| {
            let findings: Vec<_> = judge.findings.into_iter().map(|finding| (finding.id, finding.kind, finding.verdict)).collect();
            JudgeReport::count(&name, &judge.model.to_string(), &findings, judge.cost_usd)
        }));
    }
    app.service.settle(config.drain).await;
    if reports.is_empty() {
        return Err(Stop::usage("no judge is configured; set llm.chain and llm.judge"));
    }
    let written = match format {
        Format::Json => pretty(&reports)?,
        Format::Text => reports.iter().map(|report| report.table(wrong)).collect::<Vec<_>>().join("\n"),
    };
    session.printer().data(&written)?;
    Ok(Exit::Done)
}

fn read(set: &SetFile) -> Result<Vec<Pair>, Stop> {
    read_pairs(&set.text).map_err(|fault| Stop::usage(format!("{}: {fault}", set.name)))
}
