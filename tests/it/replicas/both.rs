//! Two real processes that share one PostgreSQL and one Redis: a question is paid for once, and a budget holds over both.

use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};

use crate::harness::redis::{new_name, running};
use crate::harness::{Account, Binary, PICO_USD_A_TOKEN, Provider, Seen, ask, bullet, watched, with_database};

/// Questions that are asked of both replicas at once.
const QUESTIONS: usize = 200;
/// How many of them a client has under way at a time.
const AT_ONCE: usize = 50;
const LATENCY: Duration = Duration::from_millis(50);

/// A replica at this ledger and this Redis, which may take its time on a busy machine.
fn replica(provider: &Provider, ledger: &str, redis: &str, month_usd: &str) -> Binary {
    provider.replica(ledger, month_usd).with("REDIS_URL", redis).with("BULLETSMITH__CACHE__REDIS_TIMEOUT", "5s")
}

/// Asks these questions, some at a time, in order.
async fn ask_all(url: &str, questions: &[String]) -> Vec<Seen> {
    stream::iter(questions).map(|question| async { ask(url, question).await.expect("no replica dies") }).buffered(AT_ONCE).collect().await
}

fn questions(count: usize) -> Vec<String> {
    // A Redis outlives its tests: no run may find the answers of another.
    let run = new_name();
    (0..count).map(|number| bullet(format!("{number} of {run}"))).collect()
}

/// What the cache did, the attempts that were made for it, and what they cost.
fn made(seen: &Seen) -> (String, u64, u64) {
    assert_eq!(seen.status, 200, "{seen:?}");
    let made = &seen.body["results"][0]["provenance"];
    let number = |value: &serde_json::Value| value.as_u64().expect("a number");
    // A plain decimal of dollars, exact to the twelfth place.
    let cost = made["cost_usd"].as_str().expect("a decimal");
    let (whole, parts) = cost.split_once('.').unwrap_or((cost, ""));
    let cost = format!("{whole}{parts:0<12}").parse().expect("pico-dollars");
    (made["cache"].as_str().expect("a word").to_owned(), number(&made["attempts"]), cost)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the figures are read with --nocapture")]
async fn the_same_questions_at_two_replicas_at_once_are_paid_for_once_and_a_hit_costs_nothing() {
    let Some(redis) = running() else { return };
    with_database(async |url: &str| {
        let (account, provider) = (Account(url), Provider::start(LATENCY).await);
        let replicas = [(); 2].map(|()| replica(&provider, url, redis, "100"));
        let serving = replicas.each_ref().map(|replica| replica.serve(&[]));
        let questions = questions(QUESTIONS);

        let seen = join_all(serving.each_ref().map(|serving| ask_all(&serving.url, &questions))).await;
        let made_of = |seen: &[Vec<Seen>]| seen.iter().flatten().map(made).collect::<Vec<_>>();
        let first = made_of(&seen);
        let misses: Vec<_> = first.iter().filter(|(cache, ..)| cache == "miss").collect();
        assert!(misses.iter().all(|(_, attempts, cost)| *attempts == 1 && *cost > 0), "{misses:?}");
        let free = first.iter().filter(|(_, attempts, cost)| (*attempts, *cost) == (0, 0)).count();
        assert_eq!((misses.len(), free), (QUESTIONS, QUESTIONS), "one of the two was asked for, the other cost nothing");

        let told = account.agrees(&provider.books.counts(), PICO_USD_A_TOKEN).await;
        assert_eq!((told.known, told.in_flight, told.open), (QUESTIONS as u64, 0, 0), "one call for each question, and one row");
        assert_eq!(misses.iter().map(|(.., cost)| cost).sum::<u64>(), told.known_pico_usd, "what the answers say is what was billed");

        // What one has been asked the other answers, too.
        let (one, other) = (&serving[0].url, &serving[1].url);
        let later = self::questions(AT_ONCE);
        let paid = made_of(&[ask_all(one, &later).await]);
        assert!(paid.iter().all(|(cache, attempts, _)| (cache.as_str(), *attempts) == ("miss", 1)), "{paid:?}");
        let before = account.sums().await;
        let again = made_of(&[ask_all(other, &later).await, ask_all(one, &questions).await, ask_all(other, &questions).await]);
        assert!(again.iter().all(|made| *made == ("hit".to_owned(), 0, 0)), "{again:?}");
        assert_eq!(account.sums().await, before, "a hit adds no row and no cost");
        assert_eq!(before.0, provider.books.counts().attempts);
        let shared = first.iter().filter(|(cache, ..)| cache == "shared").count();
        println!(
            "{QUESTIONS} questions at two replicas at once: {} answers, {} calls, {shared} shared, {} hits; {} pico-dollars in the account, as billed; {} more hits cost 0",
            first.len(),
            told.known,
            QUESTIONS - shared,
            told.known_pico_usd,
            again.len()
        );
    })
    .await;
}

/// One cent: some thirty calls.
const CAP_USD: &str = "0.01";
const CAP_PICO_USD: u64 = 10_000_000_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the figures are read with --nocapture")]
async fn a_budget_holds_over_two_replicas_that_are_asked_for_far_more() {
    let Some(redis) = running() else { return };
    with_database(async |url: &str| {
        let (account, provider) = (Account(url), Provider::start(LATENCY).await);
        let replicas = [(); 2].map(|()| replica(&provider, url, redis, CAP_USD));
        let serving = replicas.each_ref().map(|replica| replica.serve(&[]));

        let crowd = async {
            let asked = serving.each_ref().map(|serving| async { ask_all(&serving.url, &questions(QUESTIONS)).await });
            join_all(asked).await.into_iter().flatten().collect::<Vec<Seen>>()
        };
        let (seen, watched) = watched(account, CAP_PICO_USD, crowd).await;
        let count = |status, code| seen.iter().filter(|seen| (seen.status, seen.code()) == (status, code)).count();
        let (answered, refused) = (count(200, ""), count(402, "budget_exhausted"));
        assert_eq!(answered + refused, 2 * QUESTIONS, "{seen:?}");
        assert!(answered > 0 && refused > answered, "{answered} answered, {refused} over the budget");

        let told = account.agrees(&provider.books.counts(), PICO_USD_A_TOKEN).await;
        assert_eq!((told.known, told.in_flight, told.open), (answered as u64, 0, 0), "what was refused made no call");
        assert!(told.known_pico_usd <= CAP_PICO_USD);
        assert_eq!(account.settles_an_hour_later(told).await, told.known_pico_usd);
        println!(
            "{} new questions at two replicas under one cent: {answered} answered, {refused} over the budget; {} pico-dollars spent, as billed",
            2 * QUESTIONS,
            told.known_pico_usd
        );
        println!("looked {} times under load: at most {} of {CAP_PICO_USD} spent and held", watched.looks, watched.most_pico_usd);
    })
    .await;
}
