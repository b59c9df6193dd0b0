//! What was used, read out of the sums: one statement that groups by whatever is asked for, and adds up all groups to one more.
//!
//! A sum that is not told apart by something has an empty text in its place, so that the same statement serves all 32 ways to group. Groups are numbered
//! before their latencies are added up, since there are many of those and numbers are quick to compare; number 0 is the total.

use std::time::Duration;

use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use super::store::{Server, Store};
use crate::domain::cost::{Day, PicoUsd};
use crate::domain::usage::{AVERAGE_DAYS, Course, Group, GroupBy, Grouping, Latency, UsageQuery, UsageReport, UsageRow, Used};
use crate::ports::Source;

/// The most rows that are read; who is told that there are more asks for fewer days, or groups by less.
const MOST_ROWS: i64 = 10_000;

/// $1 is the first day that an average looks back to, $2 the first and $3 the day after the last that are told, $4 to $8 what is told apart,
/// $9 the last number that is read. The average goes over the days of the calendar, whether anything was used on them or not; so it needs them as
/// numbers, which each database makes in its own way.
macro_rules! report {
    ($number_of_day:literal) => {
        concat!(
            "with
            used as materialized (
                select
                    usage_id,
                    day,
                    case when $4 then day else '' end as by_day,
                    case when $5 then provider || '/' || model else '' end as by_model,
                    case when $6 then tenant else '' end as by_key,
                    case when $7 then prompt_ref else '' end as by_prompt,
                    case when $8 then skill else '' end as by_skill,
                    calls, attempts, cache_hits, input_tokens, cached_input_tokens, output_tokens,
                    cost_pico_usd, saved_pico_usd, unknown
                from usage_daily
                where day >= $1 and day < $3
            ),
            groups as materialized (
                select
                    row_number() over (
                        order by case when by_day = '' or by_day >= $2 then 1 else 2 end, by_day, by_model, by_key, by_prompt, by_skill
                    ) as number,
                    by_day, by_model, by_key, by_prompt, by_skill,
                    cast(sum(calls) as bigint) as calls,
                    cast(sum(attempts) as bigint) as attempts,
                    cast(sum(cache_hits) as bigint) as cache_hits,
                    cast(sum(input_tokens) as bigint) as input_tokens,
                    cast(sum(cached_input_tokens) as bigint) as cached_tokens,
                    cast(sum(output_tokens) as bigint) as output_tokens,
                    cast(sum(cost_pico_usd) as bigint) as cost,
                    cast(sum(saved_pico_usd) as bigint) as saved,
                    cast(sum(unknown) as bigint) as unknown
                from used
                group by by_day, by_model, by_key, by_prompt, by_skill
            ),
            courses as (
                select
                    groups.*,
                    sum(case when by_day >= $2 then cost else 0 end) over (
                        partition by by_model, by_key, by_prompt, by_skill
                        order by by_day
                    ) as running,
                    sum(cost) over (
                        partition by by_model, by_key, by_prompt, by_skill
                        order by case when by_day = '' then 0 else ",
            $number_of_day,
            " end
                        range between 6 preceding and current row
                    ) as week
                from groups
            ),
            sums as (
                select * from courses where by_day = '' or by_day >= $2
                union all
                select
                    0, '', '', '', '', '',
                    sum(calls), sum(attempts), sum(cache_hits), sum(input_tokens), sum(cached_tokens), sum(output_tokens),
                    sum(cost), sum(saved), sum(unknown), 0, 0
                from groups
                where by_day = '' or by_day >= $2
            ),
            latencies as materialized (
                select number, up_to_us, sum(latency_daily.attempts) as attempts
                from used
                join groups using (by_day, by_model, by_key, by_prompt, by_skill)
                join latency_daily on latency_daily.usage_id = used.usage_id
                where used.day >= $2
                group by number, up_to_us
            ),
            ranked as (
                select
                    number,
                    up_to_us,
                    sum(attempts) over (partition by number order by up_to_us) as so_far,
                    sum(attempts) over (partition by number) as in_all
                from (
                    select number, up_to_us, attempts from latencies
                    union all
                    select 0, up_to_us, sum(attempts) from latencies group by up_to_us
                ) as with_total
            ),
            percentiles as (
                select
                    number,
                    min(case when so_far * 100 >= in_all * 50 then up_to_us end) as p50,
                    min(case when so_far * 100 >= in_all * 95 then up_to_us end) as p95,
                    min(case when so_far * 100 >= in_all * 99 then up_to_us end) as p99
                from ranked
                group by number
            )
            select
                cast(number as bigint) as number, by_day, by_model, by_key, by_prompt, by_skill,
                cast(calls as bigint) as calls, cast(attempts as bigint) as attempts, cast(cache_hits as bigint) as cache_hits,
                cast(input_tokens as bigint) as input_tokens, cast(cached_tokens as bigint) as cached_tokens,
                cast(output_tokens as bigint) as output_tokens, cast(cost as bigint) as cost, cast(saved as bigint) as saved,
                cast(unknown as bigint) as unknown, cast(running as bigint) as running, cast(week as bigint) as week, p50, p95, p99
            from sums
            left join percentiles using (number)
            where number <= $9
            order by number"
        )
    };
}

const IN_FILE: &str = report!("cast(julianday(by_day) - 2440587.5 as integer)");
const AT_SERVER: &str = report!("cast(by_day as date) - date '1970-01-01'");

/// Runs the statement on a connection of either database; the first row is the total.
macro_rules! rows {
    ($sql:expr, $connection:expr, $query:expr) => {{
        let UsageQuery { days, group_by } = $query;
        let look_back = if group_by.has(Grouping::Day) { days.from().minus_days(u64::from(AVERAGE_DAYS) - 1) } else { days.from() };
        let statement = sqlx::query($sql).bind(look_back.to_string()).bind(days.from().to_string()).bind(days.to().to_string());
        let statement = Grouping::ALL.into_iter().fold(statement, |statement, grouping| statement.bind(group_by.has(grouping)));
        let rows = statement.bind(MOST_ROWS + 1).fetch_all($connection).await?;
        let mut rows = rows.iter();
        let none = GroupBy::default();
        let total = rows.next().map(|row| Ok::<UsageRow, Source>(read_row!(row, &none))).transpose()?;
        let rows = rows.map(|row| Ok(read_row!(row, group_by))).collect::<Result<Vec<UsageRow>, Source>>()?;
        (rows, total.unwrap_or_default())
    }};
}

macro_rules! read_row {
    ($row:expr, $group_by:expr) => {{
        let (row, group_by) = ($row, $group_by);
        let text = |grouping: Grouping, name: &str| -> sqlx::Result<Option<String>> {
            let text: String = row.try_get(name)?;
            Ok(Some(text).filter(|text| group_by.has(grouping) && !text.is_empty()))
        };
        // Of no rows at all a sum is null.
        let count = |name: &str| -> sqlx::Result<u64> { Ok(row.try_get::<Option<i64>, _>(name)?.unwrap_or(0).unsigned_abs()) };
        let bound = |name: &str| -> sqlx::Result<Option<Duration>> {
            Ok(row.try_get::<Option<i64>, _>(name)?.map(|bound| Duration::from_micros(bound.unsigned_abs())))
        };
        let course = Course { running: PicoUsd::new(count("running")?), average: PicoUsd::new(count("week")? / u64::from(AVERAGE_DAYS)) };
        UsageRow {
            group: Group {
                day: text(Grouping::Day, "by_day")?.map(|day| day.parse::<Day>()).transpose()?,
                model: text(Grouping::Model, "by_model")?,
                key: text(Grouping::Key, "by_key")?,
                prompt: text(Grouping::Prompt, "by_prompt")?,
                skill: text(Grouping::Skill, "by_skill")?,
            },
            used: Used {
                calls: count("calls")?,
                attempts: count("attempts")?,
                cache_hits: count("cache_hits")?,
                input_tokens: count("input_tokens")?,
                cached_tokens: count("cached_tokens")?,
                output_tokens: count("output_tokens")?,
                cost: PicoUsd::new(count("cost")?),
                saved: PicoUsd::new(count("saved")?),
                unknown: count("unknown")?,
            },
            course: Some(course).filter(|_| group_by.has(Grouping::Day)),
            latency: match (bound("p50")?, bound("p95")?, bound("p99")?) {
                (Some(p50), Some(p95), Some(p99)) => Some(Latency { p50, p95, p99 }),
                _ => None,
            },
        }
    }};
}

/// Reads a report.
pub(super) async fn report(store: &Store, query: &UsageQuery) -> Result<UsageReport, Source> {
    let (mut rows, total) = match store {
        // A connection of its own: calls go on writing through theirs, and this one sees what was there when it began.
        Store::Sqlite(pool) => {
            let mut file = pool.connect_options().as_ref().clone().read_only(true).connect().await?;
            let read = rows!(IN_FILE, &mut file, query);
            file.close().await?;
            read
        }
        Store::Postgres(Server { pool, .. }) => rows!(AT_SERVER, pool, query),
    };
    let most = usize::try_from(MOST_ROWS).unwrap_or(usize::MAX);
    let is_cut = rows.len() > most;
    rows.truncate(most);
    Ok(UsageReport { rows, total, is_cut })
}
