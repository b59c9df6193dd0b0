//! Fills ledgers with a million attempts and measures what a report over them takes, on SQLite and on PostgreSQL.
//!
//! ```text
//! cargo run --release --example usage_report                # a million
//! cargo run --release --example usage_report -- 100000      # fewer
//! ```
//! PostgreSQL is the server that `TEST_DATABASE_URL` names, else one on this machine; the database is made for this and dropped afterwards. Beside the
//! reports it asks the question of `docs/migrations.md`, once of the attempts and once of the sums, and prints PostgreSQL's plans.
//! It ends with an error when the report by day takes longer than its limit.
#![expect(clippy::print_stdout, reason = "what it prints is what it is run for")]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bulletsmith::adapters::clock::SystemClock;
use bulletsmith::adapters::ledger::database::DatabaseLedger;
use bulletsmith::domain::cost::Day;
use bulletsmith::domain::usage::{Days, Read, UsageQuery};
use bulletsmith::ports::{Ledger as _, UsageReader as _};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};

/// The longest that a report may take.
const MOST: Duration = Duration::from_millis(100);
const RUNS: usize = 21;
const HERE: &str = "postgres://postgres@127.0.0.1:5432/postgres";
/// 2026-09-01T00:00:00Z: ninety days from here are September, October and November without its last day.
const FIRST_US: i64 = 1_788_220_800_000_000;

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Ninety days, two tenants, two models, two prompts and fifteen skills, answered in 0.6 to 2.85 s and one in a hundred nine seconds later; $1 is how many, $2 the first moment.
const ATTEMPTS: &str = "insert into attempts (
        attempt_id, rewrite_id, bullet_index, bullets, attempt, tenant, started_at_us, latency_us, provider, model, served_model, prompt_ref,
        skill, outcome, input_tokens, cache_read_tokens, output_tokens, cost_pico_usd, certainty, price_ref
    )
    with recursive made (number) as (select cast(0 as bigint) union all select number + 1 from made where number + 1 < $1)
    select
        'attempt ' || number, 'rw_' || number, 0, 1, case when number % 20 = 0 then 2 else 1 end,
        case when number % 3 = 0 then 'admin' else 'local' end,
        $2 + (number % 90) * 86400000000 + number * 7919 % 86400000000,
        600000 + (number * 7919 % 1500) * (number * 7919 % 1500) + case when number % 100 = 0 then 9000000 else 0 end,
        'openai', case when number % 7 = 0 then 'gpt-6-sol' else 'gpt-6-luna' end, 'served',
        case when number % 11 = 0 then 'rewrite@1' else 'rewrite@2' end,
        'skill-' || ((number / 90) % 15), 'complete', 600 + number % 100, number % 500, 100 + number % 50,
        100000000 + number % 1000000, case when number % 97 = 0 then 'unknown' else 'exact' end, 'price'
    from made";

/// The sums of what is there, as the migrations define them.
fn sums(day: &str) -> [String; 3] {
    let used = format!(
        "insert into usage_daily (
            day, tenant, provider, model, prompt_ref, skill, calls, attempts, input_tokens, cached_input_tokens, output_tokens, cost_pico_usd, unknown
        )
        select
            {day}, tenant, provider, model, prompt_ref, coalesce(skill, ''), sum(case when attempt = 1 then 1 else 0 end), count(*),
            sum(input_tokens), sum(cache_read_tokens), sum(output_tokens), sum(cost_pico_usd), sum(case when certainty = 'unknown' then 1 else 0 end)
        from attempts
        group by 1, 2, 3, 4, 5, 6"
    );
    let taken = format!(
        "insert into latency_daily (usage_id, up_to_us, attempts)
        with
            mantissa (us) as (values (1000), (1250), (1600), (2000), (2500), (3150), (4000), (5000), (6300), (8000)),
            decade (times) as (values (1), (10), (100), (1000), (10000)),
            bound (up_to_us) as (select us * times from mantissa, decade),
            measured (usage_id, up_to_us) as (
                select usage_id, (select min(up_to_us) from bound where up_to_us >= latency_us)
                from attempts
                join usage_daily as used
                    on used.day = {day} and used.tenant = attempts.tenant and used.provider = attempts.provider
                    and used.model = attempts.model and used.prompt_ref = attempts.prompt_ref and used.skill = coalesce(attempts.skill, '')
            )
        select usage_id, up_to_us, count(*) from measured group by 1, 2"
    );
    let spent = "insert into spending (tenant, period, spent_pico_usd)
        select '*', substr(day, 1, 7), sum(cost_pico_usd) from usage_daily group by 2";
    [used, taken, spent.to_owned()]
}

/// The questions of `docs/migrations.md`, without the sums and with them.
const QUESTIONS: [(&str, &str); 4] = [
    ("November by tenant and model from the attempts", BY_TENANT_BEFORE),
    ("November by tenant and model from the sums", BY_TENANT_AFTER),
    ("what all spent in November from the attempts", SPENT_BEFORE),
    ("what all spent in November from the sums", SPENT_AFTER),
];
const BY_TENANT_BEFORE: &str = "select tenant, model, count(*), sum(cost_pico_usd) from attempts
    where started_at_us >= 1793491200000000 and started_at_us < 1796083200000000 group by 1, 2";
const BY_TENANT_AFTER: &str = "select tenant, model, sum(attempts), sum(cost_pico_usd) from usage_daily
    where day >= '2026-11-01' and day < '2026-12-01' group by 1, 2";

const SPENT_BEFORE: &str = "select cast(sum(cost_pico_usd) as bigint) from attempts
    where started_at_us >= 1793491200000000 and started_at_us < 1796083200000000";
const SPENT_AFTER: &str = "select spent_pico_usd from spending where tenant = '*' and period = '2026-11'";

/// The median and the longest of some runs.
struct Taken {
    median: Duration,
    longest: Duration,
}

async fn time<T>(mut work: impl AsyncFnMut() -> Fallible<T>) -> Fallible<Taken> {
    let mut each = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let begun = now();
        work().await?;
        each.push(begun.elapsed());
    }
    each.sort_unstable();
    let at = |at: usize| each.get(at).copied().unwrap_or_default();
    Ok(Taken { median: at(RUNS / 2), longest: at(RUNS - 1) })
}

fn query(from: &str, to: &str, group_by: &str) -> Fallible<UsageQuery> {
    Ok(UsageQuery { days: Days::new(from.parse::<Day>()?, to.parse::<Day>()?)?, group_by: group_by.parse()? })
}

/// Reads reports, and says whether the one by day was quick enough.
async fn reports(store: &str, ledger: &DatabaseLedger) -> Fallible<bool> {
    let mut is_quick = true;
    for (name, from, to, group_by) in [
        ("November by day", "2026-11-01", "2026-12-01", "day"),
        ("ninety days by day", "2026-09-01", "2026-11-30", "day"),
        ("ninety days by model, key and prompt", "2026-09-01", "2026-11-30", "model,key,prompt"),
        ("ninety days by skill", "2026-09-01", "2026-11-30", "skill"),
        ("November by everything", "2026-11-01", "2026-12-01", "day,model,key,prompt,skill"),
        ("ninety days by everything", "2026-09-01", "2026-11-30", "day,model,key,prompt,skill"),
    ] {
        let query = query(from, to, group_by)?;
        let Read::Report(report) = ledger.report(&query).await? else { return Err("too many rows".into()) };
        let rows = report.rows.len();
        let Taken { median, longest } = time(async || Ok(ledger.report(&query).await?)).await?;
        println!("{store}: {name}, {rows} rows: {median:.1?} (longest {longest:.1?})");
        is_quick &= group_by != "day" || median <= MOST;
    }
    Ok(is_quick)
}

async fn sqlite(attempts: i64) -> Fallible<bool> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("ledger.db");
    let ledger = DatabaseLedger::in_file(path.clone(), Arc::new(SystemClock::new()));
    ledger.open().await?;
    let mut file = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await?;
    sqlx::query(ATTEMPTS).bind(attempts).bind(FIRST_US).execute(&mut file).await?;
    for statement in sums("date(started_at_us / 1000000, 'unixepoch')") {
        file.execute(AssertSqlSafe(statement)).await?;
    }
    file.execute("analyze").await?;
    for (name, sql) in QUESTIONS {
        let Taken { median, .. } = time(async || Ok(sqlx::query(sql).fetch_all(&mut file).await?)).await?;
        println!("SQLite: {name}: {median:.1?}");
    }
    file.close().await?;
    reports("SQLite", &ledger).await
}

async fn postgres(attempts: i64) -> Fallible<bool> {
    let server = variable("TEST_DATABASE_URL").unwrap_or_else(|| HERE.to_owned());
    let mut admin = PgConnection::connect(&server).await?;
    let database = format!("bulletsmith_usage_report_{}", std::process::id());
    admin.execute(AssertSqlSafe(format!("create database {database}"))).await?;
    let (base, _) = server.rsplit_once('/').ok_or("the URL names no database")?;
    let measured = at_postgres(&format!("{base}/{database}"), attempts).await;
    admin.execute(AssertSqlSafe(format!("drop database {database} with (force)"))).await?;
    measured
}

async fn at_postgres(url: &str, attempts: i64) -> Fallible<bool> {
    let ledger = DatabaseLedger::at_server(url, Arc::new(SystemClock::new()))?;
    ledger.open().await?;
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query(ATTEMPTS).bind(attempts).bind(FIRST_US).execute(&mut connection).await?;
    for statement in sums("to_char(to_timestamp(started_at_us / 1000000) at time zone 'utc', 'YYYY-MM-DD')") {
        connection.execute(AssertSqlSafe(statement)).await?;
    }
    connection.execute("analyze").await?;
    for (name, sql) in QUESTIONS {
        let Taken { median, .. } = time(async || Ok(sqlx::query(sql).fetch_all(&mut connection).await?)).await?;
        println!("PostgreSQL: {name}: {median:.1?}");
        let plan: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(format!("explain (analyze, costs off) {sql}"))).fetch_all(&mut connection).await?;
        for line in plan {
            println!("    {line}");
        }
    }
    connection.close().await?;
    reports("PostgreSQL", &ledger).await
}

#[tokio::main]
async fn main() -> Fallible<()> {
    let attempts = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    println!("{attempts} attempts in ninety days; medians of {RUNS} runs");
    let quick = [sqlite(attempts).await?, postgres(attempts).await?];
    if quick.contains(&false) { Err(format!("a report by day takes more than {MOST:?}").into()) } else { Ok(()) }
}

#[expect(clippy::disallowed_methods, reason = "which server is measured is not the program's configuration")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "a measurement keeps its own time")]
fn now() -> Instant {
    Instant::now()
}
