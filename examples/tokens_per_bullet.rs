//! Counts what a bullet takes in tokens and money when it is asked for alone, and when several share a call.
//!
//! ```text
//! cargo run --example tokens_per_bullet
//! ```
//! The service is the real one and sends what it would send; the model is not asked: it counts each question and its own answer, which repeats the
//! bullets, with the tokenizer of OpenAI's models (`o200k_base`). What providers add for roles and for the schema is not in the count.
#![expect(clippy::print_stdout, reason = "what it prints is what it is run for")]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bulletsmith::adapters::cache::none::{NoCache, NoLeases};
use bulletsmith::adapters::clock::{SystemClock, UuidIds};
use bulletsmith::config::{self, Config, Environment};
use bulletsmith::contract::rewrite::{BulletInput, BulletObject, EngineChoice, RewriteRequest};
use bulletsmith::domain::cost::{Day, PicoUsd, TokenUsage};
use bulletsmith::domain::request::{ModelId, ModelRequest, Speaker};
use bulletsmith::domain::usage::{Balance, HitKind, Hits, Read, UsageQuery};
use bulletsmith::ports::{
    BoxFuture, ChatModel, Completion, Held, Hold, HoldOrder, Ledger, LedgerEntry, LedgerError, ModelError, Served, Trial, TrialKind,
    Trials, UsageReader,
};
use bulletsmith::service::{Caching, CallLimits, Caller, Judging, Link, Parts, Service, Spending, Tariff};
use serde::Deserialize;
use serde_json::{Value, json};

const SET: &str = "fixtures/eval/rewrite/tuning-01.jsonl";
/// The prompt version that is counted when none is named: `cargo run --example tokens_per_bullet -- rewrite@1`.
const PROMPT: &str = "rewrite@3";
/// As many as one request may hold.
const AT_ONCE: usize = 30;
const SIZES: [usize; 8] = [1, 2, 3, 4, 5, 8, 10, 30];
/// The model whose price is reckoned with, as the price sheet names it.
const PRICED: (&str, &str) = ("openai", "gpt-6-luna");

type Fallible<T> = Result<T, Box<dyn Error>>;

#[derive(Debug, Deserialize)]
struct Case {
    text: String,
    #[serde(default)]
    facts: Option<String>,
}

/// Repeats each bullet, and counts.
#[derive(Debug)]
struct Counter(ModelId);

impl ChatModel for Counter {
    fn id(&self) -> &ModelId {
        &self.0
    }

    fn ask<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(async {
            let text = answer(request);
            let input = request.messages.iter().map(|message| tokens(&message.content)).sum();
            let usage = TokenUsage { input_uncached: Some(input), output_visible: Some(tokens(&text)), ..TokenUsage::default() };
            Ok(Completion { text, served: Served { usage: Some(usage), ..Served::default() } })
        })
    }
}

fn tokens(text: &str) -> u64 {
    tiktoken_rs::o200k_base_singleton().count_ordinary(text) as u64
}

/// Each bullet without its period, in the shape that was asked for.
fn answer(request: &ModelRequest) -> String {
    let user = request.messages.iter().filter(|message| message.speaker == Speaker::User);
    let data = user.flat_map(|user| user.content.lines()).filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut results = Vec::new();
    for data in data {
        let Some(bullet) = data.get("bullet").and_then(Value::as_str) else { continue };
        let text = bullet.trim().trim_end_matches('.');
        let variants = json!([{"text": text, "with_slots": text}]);
        match data.get("id") {
            Some(id) => results.push(json!({"id": id, "variants": variants})),
            None => return json!({"variants": variants}).to_string(),
        }
    }
    json!({"results": results}).to_string()
}

/// Keeps nothing.
#[derive(Debug)]
struct NoLedger;

impl Ledger for NoLedger {
    fn probe(&self) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async { Ok(()) })
    }

    fn open(&self) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async { Ok(()) })
    }

    fn hold<'a>(&'a self, order: &'a HoldOrder) -> BoxFuture<'a, Result<Held, LedgerError>> {
        Box::pin(async { Ok(Held::Yes(Hold { attempt_id: order.attempt_id })) })
    }

    fn settle<'a>(&'a self, _: Hold, _: &'a LedgerEntry) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(async { Ok(()) })
    }

    fn count_hits<'a>(&'a self, _: &'a [(HitKind, Hits)]) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(async { Ok(()) })
    }
}

impl Trials for NoLedger {
    fn trials<'a>(&'a self, _: &'a TrialKind) -> BoxFuture<'a, Result<Vec<Trial>, LedgerError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn keep_trial<'a>(&'a self, _: &'a Trial) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(async { Ok(()) })
    }
}

impl UsageReader for NoLedger {
    fn report<'a>(&'a self, _: &'a UsageQuery) -> BoxFuture<'a, Result<Read, LedgerError>> {
        Box::pin(async { Ok(Read::Report(Box::default())) })
    }

    fn balance<'a>(&'a self, _: Option<&'a str>, _: Day) -> BoxFuture<'a, Result<Balance, LedgerError>> {
        Box::pin(async { Ok(Balance::default()) })
    }
}

fn service(group_size: usize) -> Fallible<Arc<Service>> {
    let settings = Config::load(None, &Environment::default())?;
    let lexicon = Arc::new(config::lexicon()?);
    let sheet = Arc::new(config::price_sheet(&settings)?);
    let (kind, model) = PRICED;
    // No provider is asked, so no host is named: the row is that of the kind's own.
    let tariff = Tariff::of_sheet(&sheet, kind, "", model).ok_or("no price")?;
    Ok(Arc::new(Service::new(Parts {
        guides: config::guides(&settings, &lexicon)?,
        prompts: config::prompts(&settings)?,
        lexicon,
        chain: vec![Link { model: Arc::new(Counter(format!("counter/{model}").parse()?)), tariff }],
        cache: Caching {
            replies: Arc::new(NoCache),
            leases: Arc::new(NoLeases),
            fresh_for: Duration::ZERO,
            stale_for: Duration::ZERO,
            recall: 0,
            is_shared: false,
        },
        ledger: Arc::new(NoLedger),
        usage: Arc::new(NoLedger),
        trials: Arc::new(NoLedger),
        // What is measured is what it takes to write.
        judging: Judging::default(),
        spending: Spending::default(),
        clock: Arc::new(SystemClock::new()),
        ids: Arc::new(UuidIds),
        concurrency: 4,
        // Here only the size of the groups is to bound them.
        limits: CallLimits { group_size, group_output_tokens: u32::MAX, ..CallLimits::default() },
    })))
}

#[tokio::main]
async fn main() -> Fallible<()> {
    let prompt = std::env::args().nth(1).unwrap_or_else(|| PROMPT.to_owned());
    let set = std::fs::read_to_string(SET)?;
    let cases = set.lines().map(serde_json::from_str).collect::<Result<Vec<Case>, _>>()?;
    let caller = Caller { tenant: "local".to_owned() };
    println!("{} bullets of {SET}, prompt {prompt}, tokens by o200k_base, money by {}", cases.len(), PRICED.1);
    println!("bullets a call   calls   tokens in   tokens out   USD for 1,000   less money");
    let mut alone = None;
    for size in SIZES {
        let service = service(size)?;
        let (mut calls, mut input, mut output, mut cost) = (0, 0, 0, PicoUsd::ZERO);
        for chunk in cases.chunks(AT_ONCE) {
            let bullet = |case: &Case| BulletInput::Full(BulletObject { text: case.text.clone(), facts: case.facts.clone(), skill: None });
            let request = RewriteRequest {
                bullets: chunk.iter().map(bullet).collect(),
                engine: Some(EngineChoice::Llm),
                prompt: Some(prompt.clone()),
                ..RewriteRequest::default()
            };
            let answer = Box::pin(service.rewrite(request, &caller, Duration::from_mins(10))).await;
            let usage = answer.map_err(|problem| format!("{problem:?}"))?.usage;
            calls += usage.llm_calls;
            input += usage.input_tokens;
            output += usage.output_tokens;
            cost = cost.plus(PicoUsd::from_dollars(&usage.cost_usd).ok_or("no decimal")?);
        }
        let bullets = cases.len() as u64;
        let alone = *alone.get_or_insert(cost.get());
        let less = 100 - cost.get() * 100 / alone.max(1);
        let each = PicoUsd::new(cost.get() / bullets * 1_000).to_string();
        println!(
            "{size:>14}   {calls:>5}   {:>9}   {:>10}   {:>13}   {less:>8} %",
            input / bullets,
            output / bullets,
            each.get(..6).unwrap_or(&each)
        );
    }
    Ok(())
}
