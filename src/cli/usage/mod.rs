//! `bulletsmith usage`: what was used and what it cost, out of the ledger of this machine or of a service.

mod table;

use std::fmt::Write as _;

use super::openapi::pretty;
use super::session::Session;
use super::stop::{Exit, Stop};
use crate::contract::usage::{BudgetLeft, UsageAnswer, UsageFigures, UsageRequest};
use crate::domain::cost::Day;
use crate::domain::usage::{GroupBy, Grouping};
use table::Table;

/// Show what was used, what it cost, and what is left of the budgets
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The first day, in UTC; the first of this month when left out
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// The day after the last one; tomorrow when left out
    #[arg(long, value_name = "DAY")]
    to: Option<Day>,
    /// What the sums are told apart by: some of day, model, key, prompt and skill, with commas between them; "" for one sum
    #[arg(long, value_name = "LIST", default_value = "day")]
    group_by: GroupBy,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// As the service answers.
    Json,
    /// One line a row, for spreadsheets.
    Csv,
}

pub(super) async fn run(args: Args, session: &Session<'_>) -> Result<Exit, Stop> {
    let Args { from, to, group_by, format } = args;
    let request =
        UsageRequest { from: from.map(|day| day.to_string()), to: to.map(|day| day.to_string()), group_by: Some(group_by.to_string()) };
    let answer = session.desk()?.usage(request).await?;
    session.printer().data(&match format {
        Format::Text => text_of(&answer),
        Format::Json => pretty(&answer)?,
        Format::Csv => answer.to_csv(),
    })?;
    Ok(Exit::Done)
}

/// The columns that people look at; JSON and CSV have them all.
fn text_of(answer: &UsageAnswer) -> String {
    let UsageAnswer { from, to, group_by, rows, total, budgets, latency_error_percent } = answer;
    let mut text = format!("usage     {from} to {to} (UTC, the last day not included)\n");
    let sums = ["calls", "attempts", "hits", "tokens in", "tokens out", "cost", "saved", "unknown", "p50", "p95"];
    let mut table = Table::new(group_by.len(), group_by.iter().map(|grouping| grouping.as_str()).chain(sums));
    for row in rows.iter().filter(|_| !group_by.is_empty()) {
        table.add(group_by.iter().map(|grouping| part(row, *grouping)).chain(figures(row)));
    }
    let all = group_by.iter().enumerate().map(|(at, _)| if at == 0 { "total" } else { "" }.to_owned());
    table.add(all.chain(figures(total)));
    text.push_str(&table.to_string());
    if total.latency_p50_ms.is_some() {
        let _ = writeln!(text, "p50, p95   at most {latency_error_percent} % too high, and never below 1 ms");
    }
    for BudgetLeft { key, period, limit_usd, spent_usd, held_usd, left_usd } in budgets {
        let (whose, period) = (key.as_deref().unwrap_or("all"), period.as_str());
        let _ = writeln!(
            text,
            "budget    {whose} by the {period}: ${left_usd} left of ${limit_usd} (${spent_usd} spent, ${held_usd} set aside)"
        );
    }
    text
}

fn part(row: &UsageFigures, grouping: Grouping) -> String {
    let part = match grouping {
        Grouping::Day => &row.day,
        Grouping::Model => &row.model,
        Grouping::Key => &row.key,
        Grouping::Prompt => &row.prompt,
        Grouping::Skill => &row.skill,
    };
    part.clone().unwrap_or_else(|| "-".to_owned())
}

fn figures(row: &UsageFigures) -> [String; 10] {
    let time = |milliseconds: Option<f64>| milliseconds.map_or_else(|| "-".to_owned(), |milliseconds| format!("{milliseconds} ms"));
    [
        row.calls.to_string(),
        row.attempts.to_string(),
        row.cache_hits.to_string(),
        row.input_tokens.to_string(),
        row.output_tokens.to_string(),
        format!("${}", row.cost_usd),
        format!("${}", row.saved_usd),
        row.unknown.to_string(),
        time(row.latency_p50_ms),
        time(row.latency_p95_ms),
    ]
}
