//! What was used, as it is published: the question checked, the account read, and the budgets beside it.

use crate::contract::problem::{Code, Problem};
use crate::contract::usage::{BudgetLeft, BudgetPeriod, UsageAnswer, UsageFigures, UsageRequest};
use crate::domain::cost::{Caps, Day, Period, PicoUsd};
use crate::domain::usage::{Course, Days, Group, GroupBy, LATENCY_ERROR_PERCENT, Outlay, Read, UsageQuery, UsageReport, UsageRow, Used};
use crate::ports::LedgerError;
use crate::service::Service;
use crate::service::intake::Faults;

/// Reads what was used.
pub(in crate::service) async fn usage(service: &Service, request: UsageRequest) -> Result<UsageAnswer, Problem> {
    let today = Day::of_micros(service.parts.clock.now().0);
    let query = query_of(request, today)?;
    let UsageReport { rows, total } = match service.parts.usage.report(&query).await.map_err(unread)? {
        Read::Report(report) => *report,
        Read::MoreThan(most) => {
            let mut faults = Faults::default();
            faults.add("/group_by", format!("makes more than {most} rows; group by less, or ask for fewer days"));
            return Err(faults.into_problem());
        }
    };
    Ok(UsageAnswer {
        from: query.days.from().to_string(),
        to: query.days.to().to_string(),
        group_by: query.group_by.as_slice().to_vec(),
        rows: rows.into_iter().map(figures).collect(),
        total: figures(total),
        budgets: budgets(service, today).await.map_err(unread)?,
        latency_error_percent: LATENCY_ERROR_PERCENT,
    })
}

fn query_of(request: UsageRequest, today: Day) -> Result<UsageQuery, Problem> {
    let UsageRequest { from, to, group_by } = request;
    let mut faults = Faults::default();
    let mut day = |pointer: &str, text: Option<String>, otherwise: Day| match text.map(|text| text.parse::<Day>()).transpose() {
        Ok(day) => day.unwrap_or(otherwise),
        Err(error) => {
            faults.add(pointer, error.to_string());
            otherwise
        }
    };
    let so_far = Days::of_month_until(today);
    let (from, to) = (day("/from", from, so_far.from()), day("/to", to, so_far.to()));
    let group_by =
        group_by.map_or_else(|| Ok(GroupBy::day()), |text| text.parse()).map_err(|error| faults.add("/group_by", error.to_string()));
    let days = Days::new(from, to);
    if let (true, Err(error)) = (faults.is_empty(), &days) {
        faults.add("/to", error.to_string());
    }
    match (group_by, days) {
        (Ok(group_by), Ok(days)) if faults.is_empty() => Ok(UsageQuery { days, group_by }),
        _ => Err(faults.into_problem()),
    }
}

/// What is left of every limit that is set, in the order of whose they are; that of all together comes last.
async fn budgets(service: &Service, today: Day) -> Result<Vec<BudgetLeft>, LedgerError> {
    let budgets = &service.parts.spending.budgets;
    let principals = budgets.principals.iter().map(|(name, caps)| (Some(name.as_str()), *caps));
    let mut left = Vec::new();
    for (key, caps) in principals.chain([(None, budgets.total)]).filter(|(_, caps)| caps.is_limited()) {
        left.extend(under(service, key, caps, today).await?);
    }
    Ok(left)
}

async fn under(service: &Service, key: Option<&str>, caps: Caps, today: Day) -> Result<Vec<BudgetLeft>, LedgerError> {
    let balance = service.parts.usage.balance(key, today).await?;
    let row = |(period, cap, outlay): (Period, PicoUsd, Outlay)| {
        let Outlay { spent, held } = outlay;
        BudgetLeft {
            key: key.map(str::to_owned),
            period: match period {
                Period::Day => BudgetPeriod::Day,
                Period::Month => BudgetPeriod::Month,
            },
            limit_usd: cap.to_string(),
            spent_usd: spent.to_string(),
            held_usd: held.to_string(),
            left_usd: outlay.left(cap).to_string(),
        }
    };
    Ok(balance.under(caps).map(row).collect())
}

fn figures(row: UsageRow) -> UsageFigures {
    let UsageRow { group: Group { day, model, key, prompt, skill }, used, course, latency } = row;
    let Used { calls, attempts, cache_hits, input_tokens, cached_tokens, output_tokens, cost, saved, unknown } = used;
    let (running, average) = course.map(|Course { running, average }| (running, average)).unzip();
    let milliseconds = |time: std::time::Duration| time.as_secs_f64() * 1e3;
    UsageFigures {
        day: day.map(|day| day.to_string()),
        model,
        key,
        prompt,
        skill,
        calls,
        attempts,
        cache_hits,
        input_tokens,
        cached_tokens,
        output_tokens,
        cost_usd: cost.to_string(),
        cost_pico_usd: cost.get().to_string(),
        saved_usd: saved.to_string(),
        unknown,
        running_cost_usd: running.map(|cost| cost.to_string()),
        average_7d_cost_usd: average.map(|cost| cost.to_string()),
        latency_p50_ms: latency.map(|latency| milliseconds(latency.p50)),
        latency_p95_ms: latency.map(|latency| milliseconds(latency.p95)),
        latency_p99_ms: latency.map(|latency| milliseconds(latency.p99)),
    }
}

/// Tells the operator, once, where it is handled.
fn unread(error: LedgerError) -> Problem {
    let LedgerError { act, place, source } = error;
    tracing::error!(act, place, cause = %source, "The ledger cannot be read");
    Problem::new(
        Code::LedgerDown,
        format!("the ledger cannot be read ({act} failed); `bulletsmith migrate` says why, as does the log of a service"),
    )
}
