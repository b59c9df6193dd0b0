//! What a ledger says that real processes write, and what the provider has billed: the two must agree.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bulletsmith::adapters::clock::{SystemClock, UuidIds};
use bulletsmith::adapters::ledger::database::DatabaseLedger;
use bulletsmith::domain::cost::{Budget, PicoUsd};
use bulletsmith::ports::{CallPurpose, Clock as _, Held, HoldOrder, Ids as _, Ledger as _, Timestamp};
use sqlx::{Connection as _, FromRow, PgConnection, SqliteConnection};

use super::PROMPT;
use super::fake::{Bill, Counts};

/// A ledger, by its URL, looked at past the program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account<'a>(pub(crate) &'a str);

const ROWS: &str = "select count(*) from attempts";
const COMPLETE: &str = "select count(*) from attempts where outcome = 'complete' and certainty = 'exact'";
const ABANDONED: &str = "select count(*) from attempts where outcome = 'abandoned' and certainty = 'unknown' and cost_pico_usd > 0";
const OPEN: &str = "select count(*) from holds where rewrite_id <> 'rw_later'";
const COST: &str = "select cast(coalesce(sum(cost_pico_usd), 0) as bigint) from attempts";
const USED: &str = "select cast(coalesce(sum(cost_pico_usd), 0) as bigint) from usage_daily";
const SPENT: &str = "select cast(coalesce(sum(spent_pico_usd), 0) as bigint) from spending where tenant = '*' and length(period) = 7";
/// In one statement, so that money on its way from held to spent is seen in one place.
const SPENT_AND_HELD: &str = "select cast(
        (select coalesce(sum(spent_pico_usd), 0) from spending where tenant = '*' and length(period) = 7)
        + (select coalesce(sum(amount_pico_usd), 0) from holds)
    as bigint)";
const BILLED: &str = "select input_tokens, coalesce(cache_read_tokens, 0), output_tokens, cost_pico_usd, count(*)
    from attempts where outcome = 'complete' group by 1, 2, 3, 4";
const ANSWERED: &str = "select rewrite_id from attempts where outcome = 'complete' order by rewrite_id";

/// What a ledger says after a load, when nobody writes any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    /// Calls that are accounted with what they took.
    pub(crate) known: u64,
    /// What they cost, in pico-dollars, as the provider bills them.
    pub(crate) known_pico_usd: u64,
    /// Calls that the provider bills and the ledger only holds money for.
    pub(crate) in_flight: u64,
    /// What the provider bills for those.
    pub(crate) in_flight_pico_usd: u64,
    /// Holds that are open.
    pub(crate) open: u64,
}

impl Account<'_> {
    /// Rows out of it, or why there are none: a file that is not there yet, a server that is down.
    async fn look<T>(self, sql: &'static str) -> sqlx::Result<Vec<T>>
    where
        T: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow> + for<'r> FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin,
    {
        if let Some(path) = self.0.strip_prefix("sqlite://") {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_secs(5));
            sqlx::query_as(sql).fetch_all(&mut SqliteConnection::connect_with(&options).await?).await
        } else {
            let mut connection = PgConnection::connect(self.0).await?;
            let rows = sqlx::query_as(sql).fetch_all(&mut connection).await;
            connection.close().await?;
            rows
        }
    }

    /// Numbers out of it.
    pub(crate) async fn numbers(self, sql: &'static str) -> Vec<i64> {
        self.look::<(i64,)>(sql).await.expect(sql).into_iter().map(|(number,)| number).collect()
    }

    async fn number(self, sql: &'static str) -> u64 {
        let [number] = self.numbers(sql).await[..] else { panic!("one number: {sql}") };
        number.try_into().expect("not negative")
    }

    /// How many attempts it holds, and what they cost in pico-dollars.
    pub(crate) async fn sums(self) -> (u64, u64) {
        (self.number(ROWS).await, self.number(COST).await)
    }

    /// The rewrites of all attempts that were answered.
    pub(crate) async fn answered(self) -> Vec<String> {
        self.look::<(String,)>(ANSWERED).await.expect(ANSWERED).into_iter().map(|(id,)| id).collect()
    }

    /// Compares it with what the provider billed, call by call. The prices are in pico-dollars a token.
    ///
    /// Every row has a bill of its own, over the same tokens, and costs what these tokens cost; the bills that are left over are in flight.
    pub(crate) async fn agrees(self, billed: &Counts, [input_price, output_price]: [u64; 2]) -> Told {
        let price = |bill: &Bill| {
            assert_eq!(bill.cached, 0, "this provider keeps nothing");
            bill.input * input_price + bill.output * output_price
        };
        let mut left: BTreeMap<Bill, u64> = billed.bills.clone();
        let (mut known, mut known_pico_usd) = (0, 0);
        for row in self.look::<(i64, i64, i64, i64, i64)>(BILLED).await.expect(BILLED) {
            let [input, cached, output, cost, rows] =
                [row.0, row.1, row.2, row.3, row.4].map(|number| u64::try_from(number).expect("a count"));
            let bill = Bill { input, cached, output };
            assert_eq!(cost, price(&bill), "{bill:?}");
            let bills =
                left.get_mut(&bill).filter(|bills| **bills >= rows).unwrap_or_else(|| panic!("{rows} rows have no bill of {bill:?}"));
            *bills -= rows;
            (known, known_pico_usd) = (known + rows, known_pico_usd + rows * cost);
        }
        let in_flight = left.values().sum();
        let in_flight_pico_usd = left.iter().map(|(bill, bills)| bills * price(bill)).sum();
        assert_eq!(known, self.number(COMPLETE).await);
        assert_eq!(billed.attempts, known + in_flight, "each call has its bill");
        let open = self.number(OPEN).await;
        Told { known, known_pico_usd, in_flight, in_flight_pico_usd, open }
    }

    /// Whoever next holds, an hour later, settles what the dead have left behind: what was in flight is unknown, and nothing else; and all sums agree.
    /// Says what all of it costs now.
    pub(crate) async fn settles_an_hour_later(self, told: Told) -> u64 {
        assert!(told.in_flight <= told.open, "money is held for each call in flight: {told:?}");
        self.hold_an_hour_later().await;
        let known = self.number(COMPLETE).await;
        assert_eq!((known, self.number(ABANDONED).await, self.number(OPEN).await), (told.known, told.open, 0), "{told:?}");
        let (rows, cost) = self.sums().await;
        assert_eq!(rows, told.known + told.open, "nothing else has become a row");
        assert_eq!((self.number(USED).await, self.number(SPENT).await), (cost, cost));
        cost
    }

    async fn hold_an_hour_later(self) {
        let clock = Arc::new(SystemClock::new());
        let ledger = match self.0.strip_prefix("sqlite://") {
            Some(path) => DatabaseLedger::in_file(PathBuf::from(path), Arc::clone(&clock) as _),
            None => DatabaseLedger::at_server(self.0, Arc::clone(&clock) as _).expect("a URL"),
        };
        let later: Timestamp = clock.now().plus(Duration::from_hours(1));
        let order = HoldOrder {
            attempt_id: UuidIds.next(),
            rewrite_id: "rw_later".to_owned(),
            bullet_index: 0,
            bullets: 1,
            attempt: 1,
            purpose: CallPurpose::Write,
            tenant: "local".to_owned(),
            started_at: later,
            expires_at: later.plus(Duration::from_mins(1)),
            model: "mock/mock".parse().expect("well formed"),
            prompt_ref: PROMPT.parse().expect("well formed"),
            skill: None,
            worst: PicoUsd::ZERO,
            input: PicoUsd::ZERO,
            price_ref: "free".to_owned(),
            budget: Budget::default(),
        };
        let Held::Yes(hold) = ledger.hold(&order).await.expect("the ledger works") else { panic!("without a limit there is room") };
        // Never settled: nothing of it counts here.
        assert_eq!(hold.attempt_id, order.attempt_id);
    }
}

/// The most that was spent and held together whenever somebody looked, and how often that was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Watched {
    pub(crate) looks: u64,
    pub(crate) most_pico_usd: u64,
}

/// Looks at the account again and again while this runs; what is spent and held may never be more than the cap.
pub(crate) async fn watched<T>(account: Account<'_>, cap_pico_usd: u64, load: impl Future<Output = T>) -> (T, Watched) {
    let (clock, mut load) = (SystemClock::new(), std::pin::pin!(load));
    let mut watched = Watched::default();
    loop {
        let look = async {
            clock.sleep(Duration::from_millis(10)).await;
            account.look::<(i64,)>(SPENT_AND_HELD).await
        };
        tokio::select! {
            biased;
            loaded = &mut load => return (loaded, watched),
            // It may not be there yet, or be down.
            seen = look => if let Ok([(seen,)]) = seen.as_deref() {
                let seen = u64::try_from(*seen).expect("not negative");
                assert!(seen <= cap_pico_usd, "{seen} of {cap_pico_usd} pico-dollars are spent or held");
                watched = Watched { looks: watched.looks + 1, most_pico_usd: watched.most_pico_usd.max(seen) };
            }
        }
    }
}
