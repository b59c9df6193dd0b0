//! What was used, read out of the sums: one statement that groups by whatever is asked for, and another that adds up the latencies of the same groups.
//!
//! A sum that is not told apart by something has an empty text in its place, so that the same statements serve all 32 ways to group. Both read one
//! snapshot and have their groups in one order, so the group that one calls number three is the third row of the other.

use std::time::Duration;

use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use super::store::{File, Server, Store};
use crate::domain::cost::{Day, PicoUsd};
use crate::domain::usage::{AVERAGE_DAYS, Course, Group, Grouping, Histogram, Read, UsageQuery, UsageReport, UsageRow, Used};
use crate::ports::Source;

/// The most rows that are read.
const MOST_ROWS: u16 = 10_000;

/// $1 is the first and $2 the day after the last that are told, $3 to $7 what is told apart, $8 the first day that an average looks back to, $9 the most
/// rows. The average goes over the days of the calendar, whether anything was used on them or not; so it needs them as numbers, which each database
/// makes in its own way.
macro_rules! sums {
    ($number_of_day:literal) => {
        concat!(
            "with
            groups as (
                select
                    case when $3 then day else '' end as by_day,
                    case when $4 then provider || '/' || model else '' end as by_model,
                    case when $5 then tenant else '' end as by_key,
                    case when $6 then prompt_ref else '' end as by_prompt,
                    case when $7 then skill else '' end as by_skill,
                    cast(sum(calls) as bigint) as calls,
                    cast(sum(attempts) as bigint) as attempts,
                    cast(sum(cache_hits) as bigint) as cache_hits,
                    cast(sum(input_tokens) as bigint) as input_tokens,
                    cast(sum(cached_input_tokens) as bigint) as cached_tokens,
                    cast(sum(output_tokens) as bigint) as output_tokens,
                    cast(sum(cost_pico_usd) as bigint) as cost,
                    cast(sum(saved_pico_usd) as bigint) as saved,
                    cast(sum(unknown) as bigint) as unknown
                from usage_daily
                where day >= $8 and day < $2
                group by 1, 2, 3, 4, 5
            ),
            courses as (
                select
                    groups.*,
                    cast(sum(case when by_day >= $1 then cost else 0 end) over (
                        partition by by_model, by_key, by_prompt, by_skill
                        order by by_day
                    ) as bigint) as running,
                    cast(sum(cost) over (
                        partition by by_model, by_key, by_prompt, by_skill
                        order by case when by_day = '' then 0 else ",
            $number_of_day,
            " end
                        range between 6 preceding and current row
                    ) as bigint) as week
                from groups
            )
            select * from courses
            where by_day = '' or by_day >= $1
            order by by_day, by_model, by_key, by_prompt, by_skill
            limit $9"
        )
    };
}

const SUMS_IN_FILE: &str = sums!("cast(julianday(by_day) - 2440587.5 as integer)");
const SUMS_AT_SERVER: &str = sums!("cast(by_day as date) - date '1970-01-01'");

/// The same groups by their numbers, which are quicker to add up by than five texts.
const LATENCIES: &str = "with numbered as (
        select
            usage_id,
            dense_rank() over (
                order by
                    case when $3 then day else '' end,
                    case when $4 then provider || '/' || model else '' end,
                    case when $5 then tenant else '' end,
                    case when $6 then prompt_ref else '' end,
                    case when $7 then skill else '' end
            ) as number
        from usage_daily
        where day >= $1 and day < $2
    )
    select number, up_to_us, cast(sum(attempts) as bigint) as attempts
    from numbered
    join latency_daily on latency_daily.usage_id = numbered.usage_id
    group by number, up_to_us";

/// Reads both on a connection of either database.
macro_rules! read {
    ($sums:expr, $connection:expr, $query:expr) => {{
        let UsageQuery { days, group_by } = $query;
        let look_back = if group_by.has(Grouping::Day) { days.from().minus_days(u64::from(AVERAGE_DAYS) - 1) } else { days.from() };
        let sums = of_groups!(sqlx::query($sums), days, group_by).bind(look_back.to_string()).bind(i64::from(MOST_ROWS) + 1);
        let sums = sums.fetch_all(&mut *$connection).await?;
        if sums.len() > usize::from(MOST_ROWS) {
            return Ok(Read::MoreThan(MOST_ROWS.into()));
        }
        let rows = sums.iter().map(|row| Ok(read_row!(row, group_by))).collect::<Result<Vec<UsageRow>, Source>>()?;
        let mut groups: Vec<(UsageRow, Histogram)> = rows.into_iter().map(|row| (row, Histogram::default())).collect();
        let mut all = Histogram::default();
        for row in of_groups!(sqlx::query(LATENCIES), days, group_by).fetch_all(&mut *$connection).await? {
            let (bound, attempts) = (Duration::from_micros(number!(row, "up_to_us")), number!(row, "attempts"));
            all.add(bound, attempts);
            // Numbers begin with 1.
            let place = usize::try_from(number!(row, "number")).ok().and_then(|number| groups.get_mut(number.checked_sub(1)?));
            if let Some((_, histogram)) = place {
                histogram.add(bound, attempts);
            }
        }
        (groups, all)
    }};
}

/// Binds what both statements name.
macro_rules! of_groups {
    ($statement:expr, $days:expr, $group_by:expr) => {{
        let statement = $statement.bind($days.from().to_string()).bind($days.to().to_string());
        Grouping::ALL.into_iter().fold(statement, |statement, grouping| statement.bind($group_by.has(grouping)))
    }};
}

/// A count, which is never negative in a table that was made by our steps.
macro_rules! number {
    ($row:expr, $name:expr) => {
        $row.try_get::<i64, _>($name)?.unsigned_abs()
    };
}

macro_rules! read_row {
    ($row:expr, $group_by:expr) => {{
        let (row, group_by) = ($row, $group_by);
        let text = |grouping: Grouping, name: &str| -> sqlx::Result<Option<String>> {
            let text: String = row.try_get(name)?;
            Ok(Some(text).filter(|text| group_by.has(grouping) && !text.is_empty()))
        };
        UsageRow {
            group: Group {
                day: text(Grouping::Day, "by_day")?.map(|day| day.parse::<Day>()).transpose()?,
                model: text(Grouping::Model, "by_model")?,
                key: text(Grouping::Key, "by_key")?,
                prompt: text(Grouping::Prompt, "by_prompt")?,
                skill: text(Grouping::Skill, "by_skill")?,
            },
            used: Used {
                calls: number!(row, "calls"),
                attempts: number!(row, "attempts"),
                cache_hits: number!(row, "cache_hits"),
                input_tokens: number!(row, "input_tokens"),
                cached_tokens: number!(row, "cached_tokens"),
                output_tokens: number!(row, "output_tokens"),
                cost: PicoUsd::new(number!(row, "cost")),
                saved: PicoUsd::new(number!(row, "saved")),
                unknown: number!(row, "unknown"),
            },
            course: group_by.has(Grouping::Day).then_some(Course {
                running: PicoUsd::new(number!(row, "running")),
                average: PicoUsd::new(number!(row, "week") / u64::from(AVERAGE_DAYS)),
            }),
            latency: None,
        }
    }};
}

/// Reads a report.
pub(super) async fn report(store: &Store, query: &UsageQuery) -> Result<Read, Source> {
    let (groups, all) = match store {
        // A connection of its own: calls go on writing through theirs. A transaction sees what was there at its first look.
        Store::Sqlite(File { pool, .. }) => {
            let mut file = pool.connect_options().as_ref().clone().read_only(true).connect().await?;
            let mut snapshot = file.begin().await?;
            let read = read!(SUMS_IN_FILE, snapshot, query);
            snapshot.rollback().await?;
            file.close().await?;
            read
        }
        Store::Postgres(Server { pool, .. }) => {
            // In `read committed` the second statement would see attempts that the first one did not.
            let mut snapshot = pool.begin_with("begin isolation level repeatable read read only").await?;
            let read = read!(SUMS_AT_SERVER, snapshot, query);
            snapshot.rollback().await?;
            read
        }
    };
    let used = groups.iter().fold(Used::default(), |sum, (row, _)| sum.plus(row.used));
    let total = UsageRow { used, latency: all.latency(), ..UsageRow::default() };
    let rows = groups.into_iter().map(|(row, histogram)| UsageRow { latency: histogram.latency(), ..row }).collect();
    Ok(Read::Report(Box::new(UsageReport { rows, total })))
}
