//! What a report says, on both databases: however it is grouped it adds up to the attempts, and it goes on from day to day.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use tokio::runtime::Runtime;

use super::databases::{Database, on_both, on_sqlite};
use super::{DAY, NOW, entry, limited, order, spend};
use crate::domain::cost::{Certainty, Day, PicoUsd};
use crate::domain::usage::{
    Balance, Course, Days, HitKind, Hits, LATENCY_ERROR_PERCENT, Outlay, Read, UsageQuery, UsageReport, UsageRow, Used,
};
use crate::ports::{Held, HoldOrder, Ledger, LedgerEntry, UsageReader};

fn query(from: &str, to: &str, group_by: &str) -> UsageQuery {
    let day = |text: &str| text.parse::<Day>().expect("a day");
    UsageQuery { days: Days::new(day(from), day(to)).expect("some days"), group_by: group_by.parse().expect("known words") }
}

async fn report(ledger: &dyn UsageReader, from: &str, to: &str, group_by: &str) -> UsageReport {
    match ledger.report(&query(from, to, group_by)).await.expect("the ledger works") {
        Read::Report(report) => *report,
        Read::MoreThan(most) => panic!("more than {most} rows"),
    }
}

async fn november(ledger: &dyn UsageReader, group_by: &str) -> UsageReport {
    report(ledger, "2026-11-01", "2026-12-01", group_by).await
}

/// Who a row is for, in one line.
fn name(row: &UsageRow) -> String {
    let group = &row.group;
    let day = group.day.map(|day| day.to_string());
    [&day, &group.model, &group.key, &group.prompt, &group.skill].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")
}

fn costs(report: &UsageReport) -> Vec<String> {
    report.rows.iter().map(|row| format!("{}: {}", name(row), row.used.cost.get())).collect()
}

/// Two tenants, two skills, two models and two prompts, on three days.
async fn fill(ledger: &dyn Ledger) {
    let base = |id, tenant, day| order(id, tenant, NOW + day * DAY, 100);
    spend(ledger, &base(1, "ada", 0), 1).await;
    spend(ledger, &base(2, "bob", 0), 2).await;
    spend(ledger, &HoldOrder { skill: None, ..base(3, "ada", 1) }, 4).await;
    spend(ledger, &HoldOrder { model: "p/dear".parse().expect("well formed"), ..base(4, "ada", 1) }, 8).await;
    spend(ledger, &HoldOrder { prompt_ref: "rewrite@2".parse().expect("well formed"), attempt: 2, ..base(5, "ada", 4) }, 16).await;
}

#[tokio::test]
async fn sums_are_told_apart_by_what_is_asked_for_and_by_nothing_else() {
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        fill(&ledger).await;
        for (group_by, expected) in [
            ("", vec![": 31"]),
            ("day", vec!["2026-11-06: 3", "2026-11-07: 12", "2026-11-10: 16"]),
            ("key", vec!["ada: 29", "bob: 2"]),
            ("model", vec!["openai/gpt-5-mini: 23", "p/dear: 8"]),
            ("prompt", vec!["rewrite@1: 15", "rewrite@2: 16"]),
            ("skill", vec![": 4", "sql: 27"]),
            ("day,key", vec!["2026-11-06 ada: 1", "2026-11-06 bob: 2", "2026-11-07 ada: 12", "2026-11-10 ada: 16"]),
        ] {
            let report = november(&ledger, group_by).await;
            assert_eq!(costs(&report), expected, "{group_by}");
            assert_eq!(report.total.used.cost, PicoUsd::new(31));
        }
        let total = november(&ledger, "day").await.total;
        let used = Used {
            calls: 4,
            attempts: 5,
            input_tokens: 515,
            cached_tokens: 320,
            output_tokens: 100,
            cost: PicoUsd::new(31),
            ..Used::default()
        };
        assert_eq!((total.used, total.course, name(&total).as_str()), (used, None, ""));
        let latency = total.latency.expect("it was measured");
        assert_eq!([latency.p50, latency.p95, latency.p99], [Duration::from_millis(1_600); 3]);
        let one_day = report(&ledger, "2026-11-07", "2026-11-08", "").await;
        assert_eq!(one_day.total.used.cost, PicoUsd::new(12), "the last day is not included");
    })
    .await;
}

#[tokio::test]
async fn a_cost_goes_on_from_day_to_day_and_an_average_counts_days_without_use() {
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        for (id, day, cost) in [(1, -3, 70), (2, 0, 7), (3, 1, 14), (4, 6, 21), (5, 9, 28)] {
            spend(&ledger, &order(id, "ada", NOW + day * DAY, 100), cost).await;
        }
        spend(&ledger, &order(6, "bob", NOW, 100), 35).await;
        let course = |running, average| Some(Course { running: PicoUsd::new(running), average: PicoUsd::new(average) });
        let report = report(&ledger, "2026-11-06", "2026-12-01", "day,key").await;
        let told: Vec<_> = report.rows.iter().map(|row| (name(row), row.course)).collect();
        assert_eq!(
            told,
            [
                // The third of November is before what was asked for, but within the seven days that end here.
                ("2026-11-06 ada".to_owned(), course(7, (70 + 7) / 7)),
                ("2026-11-06 bob".to_owned(), course(35, 5)),
                ("2026-11-07 ada".to_owned(), course(7 + 14, (70 + 7 + 14) / 7)),
                ("2026-11-12 ada".to_owned(), course(7 + 14 + 21, (7 + 14 + 21) / 7)),
                ("2026-11-15 ada".to_owned(), course(7 + 14 + 21 + 28, (21 + 28) / 7)),
            ]
        );
        assert!(november(&ledger, "key").await.rows.iter().all(|row| row.course.is_none()));
    })
    .await;
}

#[tokio::test]
async fn hits_are_added_up_beside_the_attempts_and_cost_nothing() {
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        let kind = |tenant: &str, skill: Option<&str>| HitKind {
            day: "2026-11-06".parse().expect("a day"),
            tenant: tenant.to_owned(),
            model: "openai/gpt-5-mini".parse().expect("well formed"),
            prompt_ref: "rewrite@1".parse().expect("well formed"),
            skill: skill.map(str::to_owned),
        };
        let hits = |count, saved| Hits { count, saved: PicoUsd::new(saved) };
        spend(&ledger, &order(1, "ada", NOW, 9), 9).await;
        ledger.count_hits(&[(kind("ada", Some("sql")), hits(2, 18)), (kind("bob", None), hits(1, 5))]).await.expect("counted");
        ledger.count_hits(&[(kind("ada", Some("sql")), hits(3, 27))]).await.expect("counted");
        let report = november(&ledger, "key").await;
        let told: Vec<_> =
            report.rows.iter().map(|row| (name(row), row.used.attempts, row.used.cache_hits, row.used.saved.get())).collect();
        assert_eq!(told, [("ada".to_owned(), 1, 5, 45), ("bob".to_owned(), 0, 1, 5)]);
        assert_eq!((report.total.used.cost, report.total.used.saved), (PicoUsd::new(9), PicoUsd::new(50)));
        assert_eq!(database.number("select count(*) from attempts").await, 1, "a hit is no attempt");
        assert_eq!(ledger.balance(None, kind("ada", None).day).await.expect("it works").day.spent, PicoUsd::new(9));
    })
    .await;
}

#[tokio::test]
async fn a_balance_is_what_is_spent_and_set_aside_by_the_day_and_by_the_month() {
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        spend(&ledger, &order(1, "ada", NOW - DAY, 9), 2).await;
        spend(&ledger, &order(2, "ada", NOW, 9), 3).await;
        spend(&ledger, &order(3, "bob", NOW, 9), 5).await;
        let Held::Yes(_open) = ledger.hold(&limited(order(4, "ada", NOW, 7), [Some(100); 4])).await.expect("it works") else {
            panic!("there is room")
        };
        let today = Day::of_micros(NOW);
        let outlay = |spent, held| Outlay { spent: PicoUsd::new(spent), held: PicoUsd::new(held) };
        for (tenant, day, month) in
            [(Some("ada"), outlay(3, 7), outlay(5, 7)), (Some("bob"), outlay(5, 0), outlay(5, 0)), (None, outlay(8, 7), outlay(10, 7))]
        {
            assert_eq!(ledger.balance(tenant, today).await.expect("it works"), Balance { day, month }, "{tenant:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_reads_settles_what_the_dead_have_left() {
    on_both(async |database: &Database| {
        // Long before the clock of this test.
        let left = order(1, "ada", NOW - DAY, 8);
        let Held::Yes(_never_settled) = database.ledger().hold(&left).await.expect("it works") else { panic!("there is room") };
        let total = november(&database.ledger(), "day").await.total;
        assert_eq!((total.used.attempts, total.used.unknown, total.used.cost, total.latency), (1, 1, PicoUsd::new(4), None));
    })
    .await;
}

#[tokio::test]
async fn a_ledger_that_is_not_there_holds_nothing_and_is_not_made() {
    on_sqlite(async |database: &Database| {
        let ledger = database.ledger();
        assert_eq!(november(&ledger, "day").await, UsageReport::default());
        assert_eq!(ledger.balance(None, Day::of_micros(NOW)).await.expect("it works"), Balance::default());
        assert!(!database.exists());
    })
    .await;
}

#[tokio::test]
async fn more_rows_than_anybody_reads_are_not_told() {
    on_both(async |database: &Database| {
        let ledger = database.ledger();
        ledger.open().await.expect("it opens");
        database.write(MANY).await;
        assert_eq!(november(&ledger, "key").await.rows.len(), 10_000);
        spend(&ledger, &order(1, "one more", NOW, 9), 9).await;
        let many = ledger.report(&query("2026-11-01", "2026-12-01", "key")).await.expect("it works");
        assert_eq!(many, Read::MoreThan(10_000));
        assert_eq!(november(&ledger, "day").await.total.used.cache_hits, 10_000);
    })
    .await;
}

/// Ten thousand tenants with one hit each.
const MANY: &str = "insert into usage_daily (day, tenant, provider, model, prompt_ref, skill, cache_hits)
    with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < 10000)
    select '2026-11-06', 'tenant ' || number, 'p', 'm', 'rewrite@1', '', 1 from numbers";

/// One attempt of a random account.
#[derive(Debug, Clone)]
struct Made {
    tenant: usize,
    model: usize,
    prompt: u32,
    skill: bool,
    day: i64,
    cost: u64,
    latency: Duration,
}

fn made() -> impl Strategy<Value = Made> {
    let latency = prop_oneof![0..1_000_u64, 1_000..2_000_000_u64, 1_000_000..60_000_000_u64];
    (0..2_usize, 0..2_usize, 1..3_u32, any::<bool>(), 0..20_i64, 0..1_000_u64, latency).prop_map(
        |(tenant, model, prompt, skill, day, cost, latency)| Made {
            tenant,
            model,
            prompt,
            skill,
            day,
            cost,
            latency: Duration::from_micros(latency),
        },
    )
}

impl Made {
    fn order(&self, id: u128) -> HoldOrder {
        HoldOrder {
            model: ["p/m", "p/n"][self.model].parse().expect("well formed"),
            prompt_ref: format!("rewrite@{}", self.prompt).parse().expect("well formed"),
            skill: self.skill.then(|| "sql".to_owned()),
            ..order(id, ["ada", "bob"][self.tenant], NOW + self.day * DAY, 1_000)
        }
    }
}

/// The least of them that so many percent are not above.
fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() * percent).div_ceil(100) - 1]
}

async fn check(database: &Database, all: &[Made]) {
    let ledger = database.ledger();
    for (made, id) in all.iter().zip(1..) {
        let order = made.order(id);
        let Held::Yes(hold) = ledger.hold(&order).await.expect("it works") else { panic!("there is no limit") };
        let entry = LedgerEntry { latency: made.latency, certainty: Certainty::Exact, ..entry(&order, made.cost) };
        ledger.settle(hold, &entry).await.expect("it works");
    }
    let within = |made: &&Made| made.day < 10;
    let cost: u64 = all.iter().filter(within).map(|made| made.cost).sum();
    for mask in 0..32_u32 {
        let words = ["day", "model", "key", "prompt", "skill"];
        let group_by: Vec<&str> = words.iter().enumerate().filter(|(at, _)| mask & (1 << at) != 0).map(|(_, word)| *word).collect();
        let report = report(&ledger, "2026-11-06", "2026-11-16", &group_by.join(",")).await;
        let sum: PicoUsd = report.rows.iter().map(|row| row.used.cost).sum();
        assert_eq!((sum.get(), report.total.used.cost.get()), (cost, cost), "by {group_by:?}");
        let attempts: u64 = report.rows.iter().map(|row| row.used.attempts).sum();
        assert_eq!(attempts, all.iter().filter(within).count() as u64);
        let names: Vec<String> = report.rows.iter().map(name).collect();
        assert!(names.is_sorted() || group_by.contains(&"skill"), "{names:?}");
    }
    let mut latencies = BTreeMap::<String, Vec<Duration>>::new();
    for made in all.iter().filter(within) {
        latencies.entry(["ada", "bob"][made.tenant].to_owned()).or_default().push(made.latency);
    }
    let report = report(&ledger, "2026-11-06", "2026-11-16", "key").await;
    assert_eq!(report.rows.len(), latencies.len());
    for row in &report.rows {
        let sorted = latencies.get_mut(&name(row)).expect("a tenant");
        sorted.sort_unstable();
        let told = row.latency.expect("measured");
        for (percent, told) in [(50, told.p50), (95, told.p95), (99, told.p99)] {
            let exact = percentile(sorted, percent).max(Duration::from_millis(1));
            assert!(
                exact <= told && told * 100 <= exact * (100 + u32::from(LATENCY_ERROR_PERCENT)),
                "{percent} of 100: {exact:?} is told as {told:?}"
            );
        }
    }
}

#[test]
fn however_it_is_grouped_a_report_adds_up_and_a_percentile_is_as_wrong_as_it_says() {
    let runtime = Runtime::new().expect("a runtime");
    proptest!(ProptestConfig::with_cases(16), |(all in prop::collection::vec(made(), 1..40))| {
        runtime.block_on(on_sqlite(async |database: &Database| check(database, &all).await));
    });
    let all: Vec<Made> = (0..60_u64)
        .map(|number| Made {
            tenant: usize::from(number % 3 == 0),
            model: usize::from(number % 2 == 0),
            prompt: 1 + u32::from(number % 5 == 0),
            skill: number % 7 != 0,
            day: i64::try_from(number % 13).expect("small"),
            cost: number * number,
            latency: Duration::from_micros(number.pow(4)),
        })
        .collect();
    runtime.block_on(super::databases::on_postgres(async |database: &Database| check(database, &all).await));
}
