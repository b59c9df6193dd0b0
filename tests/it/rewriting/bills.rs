//! Bills that were computed by hand from the price pages' figures, against what the account says by the price file that is baked in.
//!
//! A dollar a million tokens is a millionth of a dollar a token, so each line multiplies tokens with the figure of the file and adds up millionths.

use std::sync::Arc;

use bulletsmith::config::{self, Config, Environment};
use bulletsmith::domain::cost::{Certainty, PicoUsd, PriceSheet, TokenUsage};
use bulletsmith::ports::{ModelError, Served};
use bulletsmith::service::{Link, Tariff};
use serde_json::json;

use crate::harness::{Api, Say, Setup, StubModel, WEAK};

/// Tokens by kind: uncached, read, written for the usual time, written for an hour; visible, reasoning. A zero is a count that the provider left out.
type Tokens = ([u64; 4], [u64; 2]);

/// Kind, host, model and tier as they are asked and served; the tokens; and what that comes to in billionths of a dollar.
type Bill = (&'static str, &'static str, &'static str, Option<&'static str>, Tokens, u64);

const OPENAI: &str = "api.openai.com";
const ANTHROPIC: &str = "api.anthropic.com";
const GEMINI: &str = "generativelanguage.googleapis.com";

const EXACT: &[Bill] = &[
    // Plain: 1,200 x 0.1 + 180 x 0.5 = 120 + 90
    ("openai", OPENAI, "gpt-6-luna", None, ([1_200, 0, 0, 0], [180, 0]), 210_000),
    // Read, written, reasoning: 1,000 x 0.1 + 2,000 x 0.01 + 400 x 0.125 + (150 + 350) x 0.5 = 100 + 20 + 50 + 250
    ("openai", OPENAI, "gpt-6-luna", Some("default"), ([1_000, 2_000, 400, 0], [150, 350]), 420_000),
    // The largest prompt at the flat rate: 272,000 x 0.1 + 1 x 0.5 = 27,200 + 0.5
    ("openai", OPENAI, "gpt-6-luna", None, ([272_000, 0, 0, 0], [1, 0]), 27_200_500),
    // Flex: 800 x 0.125 + 400 x 0.0125 + 60 x 1 = 100 + 5 + 60
    ("openai", OPENAI, "gpt-5-mini", Some("flex"), ([800, 400, 0, 0], [60, 0]), 165_000),
    // Priority, by the name of a dated version: 1,000 x 4.25 + 200 x 2.125 + 100 x 17 = 4,250 + 425 + 1,700
    ("openai", OPENAI, "gpt-4o-2024-11-20", Some("priority"), ([1_000, 200, 0, 0], [100, 0]), 6_375_000),
    // Batch: 1,000 x 1 + 500 x 0.05 + 80 x 1.25 + 100 x 5 = 1,000 + 25 + 100 + 500
    ("openai", OPENAI, "gpt-6.1-sol", Some("batch"), ([1_000, 500, 80, 0], [100, 0]), 1_625_000),
    // Both writes: 1,000 x 0.1 + 300 x 0.01 + 800 x 0.125 + 50 x 0.2 + 200 x 0.5 = 100 + 3 + 100 + 10 + 100
    ("anthropic", ANTHROPIC, "claude-haiku-5-5", Some("standard"), ([1_000, 300, 800, 50], [200, 0]), 313_000),
    // Batch, both writes: 1,000 x 1.5 + 20 x 0.15 + 40 x 1.875 + 100 x 3 + 200 x 7.5 = 1,500 + 3 + 75 + 300 + 1,500
    ("anthropic", ANTHROPIC, "claude-sonnet-4-6", Some("batch"), ([1_000, 20, 40, 100], [200, 0]), 3_378_000),
    // Thoughts: 1,000 x 0.3 + 100 x 0.03 + (60 + 140) x 2.5 = 300 + 3 + 500
    ("gemini", GEMINI, "gemini-3.5-flash-lite", Some("STANDARD"), ([1_000, 100, 0, 0], [60, 140]), 803_000),
    // Batch, in which what was read is not halved: 1,000 x 0.15 + 100 x 0.02 + 80 x 1.25 = 150 + 2 + 100
    ("gemini", GEMINI, "gemini-3.5-flash-lite", Some("batch"), ([1_000, 100, 0, 0], [80, 0]), 252_000),
    // Priority: 1,000 x 0.54 + 100 x 0.054 + 100 x 4.5 = 540 + 5.4 + 450
    ("gemini", GEMINI, "gemini-2.5-flash", Some("PRIORITY"), ([1_000, 100, 0, 0], [100, 0]), 995_400),
    // An open model at three hosts. Groq: 1,000 x 0.15 + 200 x 0.075 + 250 x 0.6 = 150 + 15 + 150
    ("openai", "api.groq.com", "openai/gpt-oss-120b", Some("on_demand"), ([1_000, 200, 0, 0], [250, 0]), 315_000),
    // A batch there: 1,000 x 0.075 + 200 x 0.075 + 250 x 0.3 = 75 + 15 + 75
    ("openai", "api.groq.com", "openai/gpt-oss-120b", Some("batch"), ([1_000, 200, 0, 0], [250, 0]), 165_000),
    // DeepInfra: 1,000 x 0.037 + 250 x 0.17 = 37 + 42.5
    ("openai", "api.deepinfra.com", "openai/gpt-oss-120b", None, ([1_000, 0, 0, 0], [250, 0]), 79_500),
    // Together: 1,000 x 0.15 + 250 x 0.6 = 150 + 150
    ("openai", "api.together.xyz", "openai/gpt-oss-120b", None, ([1_000, 0, 0, 0], [250, 0]), 300_000),
    // 1,000 x 0.3 + 500 x 0.006 + (50 + 150) x 1.2 = 300 + 3 + 240
    ("openai", "api.together.xyz", "deepseek-ai/DeepSeek-V4.1-Flash", None, ([1_000, 500, 0, 0], [50, 150]), 543_000),
    // Fireworks, priority: 1,000 x 0.1875 + 100 x 0.0375 + 200 x 0.625 = 187.5 + 3.75 + 125
    ("openai", "api.fireworks.ai", "accounts/fireworks/models/glm-5p3-flash", Some("priority"), ([1_000, 100, 0, 0], [200, 0]), 316_250),
    // Mistral, by its other name: 1,000 x 0.15 + 100 x 0.015 + 200 x 0.6 = 150 + 1.5 + 120
    ("openai", "api.mistral.ai", "mistral-small-latest", None, ([1_000, 100, 0, 0], [200, 0]), 271_500),
    // A batch there: 1,000 x 0.075 + 100 x 0.0075 + 200 x 0.3 = 75 + 0.75 + 60
    ("openai", "api.mistral.ai", "mistral-small-2603", Some("batch"), ([1_000, 100, 0, 0], [200, 0]), 135_750),
    // Cerebras: 1,000 x 0.99 + 100 x 1.49 = 990 + 149
    ("openai", "api.cerebras.ai", "qwen-3.8-27b", None, ([1_000, 0, 0, 0], [100, 0]), 1_139_000),
];

const ESTIMATED: &[Bill] = &[
    // One token more than the flat rate is for: 272,001 x 0.1 + 1 x 0.5 = 27,200.1 + 0.5
    ("openai", OPENAI, "gpt-6-luna", None, ([272_001, 0, 0, 0], [1, 0]), 27_200_600),
    // No source gives the cached rate of these batches: (1,000 + 200) x 1.25 + 100 x 5 = 1,500 + 500
    ("openai", OPENAI, "gpt-4o", Some("batch"), ([1_000, 200, 0, 0], [100, 0]), 2_000_000),
    // No row for flex: 1,000 x 2.5 + 100 x 10 = 2,500 + 1,000
    ("openai", OPENAI, "gpt-4o", Some("flex"), ([1_000, 0, 0, 0], [100, 0]), 3_500_000),
    // The price goes by the hour, and this is the peak: 1,000 x 0.3 + 500 x 0.006 + 200 x 1.2 = 300 + 3 + 240
    ("openai", "api.deepseek.com", "deepseek-flash", None, ([1_000, 500, 0, 0], [200, 0]), 543_000),
    // Nobody at this host gives a rate for what was read: 1,200 x 0.037 + 250 x 0.17 = 44.4 + 42.5
    ("openai", "api.deepinfra.com", "openai/gpt-oss-120b", None, ([1_000, 200, 0, 0], [250, 0]), 86_900),
];

fn sheet() -> Arc<PriceSheet> {
    let config = Config::load(None, &Environment::default()).expect("the default file is good");
    Arc::new(config::price_sheet(&config).expect("the price file that is baked in"))
}

/// One attempt that took this much, through the whole service; the account has to say what a person has computed, and by which row.
async fn check(sheet: &Arc<PriceSheet>, bill: &Bill, certainty: Certainty) {
    let &(kind, host, model, tier, ([uncached, read, written, written_1h], [visible, reasoning]), billionths) = bill;
    let some = |count: u64| (count > 0).then_some(count);
    let usage = TokenUsage {
        input_uncached: Some(uncached),
        cache_read: some(read),
        cache_write_5m: some(written),
        cache_write_1h: some(written_1h),
        output_visible: Some(visible),
        output_reasoning: some(reasoning),
    };
    let served = Served { model: Some(model.to_owned()), tier: tier.map(str::to_owned), usage: Some(usage) };
    let answers =
        StubModel::new(move |_, _| Say::Fail(ModelError::Refused { reason: "refusal".to_owned(), served: Box::new(served.clone()) }));
    let tariff = Tariff::of_sheet(sheet, kind, host, model).unwrap_or_else(|| panic!("{bill:?} has no row"));
    let api: Api = Api::new(Setup { chain: vec![Link { model: answers, tariff }], ..Setup::default() });
    api.rewrite(json!({"bullets": [WEAK[3].0], "engine": "llm"})).await;
    let rows = api.ledger.rows();
    let [row] = &rows[..] else { panic!("one attempt: {rows:?}") };
    assert_eq!((row.cost, row.certainty), (PicoUsd::new(1_000 * billionths), certainty), "{bill:?}");
    let priced = sheet.by_hash(&row.price_ref).unwrap_or_else(|| panic!("{bill:?} is billed by a row that the sheet has not"));
    assert_eq!(priced.price.of(usage), row.cost, "the bill can be computed again from its row: {bill:?}");
    assert_eq!(priced.host.as_deref().unwrap_or(host), host, "{bill:?}");
}

#[tokio::test]
async fn bills_computed_by_hand_are_what_the_account_says() {
    let sheet = sheet();
    for (bills, certainty) in [(EXACT, Certainty::Exact), (ESTIMATED, Certainty::Estimated)] {
        for bill in bills {
            check(&sheet, bill, certainty).await;
        }
    }
}

#[test]
fn a_model_at_one_host_is_not_priced_by_another() {
    let sheet = sheet();
    let has = |host, model| Tariff::of_sheet(&sheet, "openai", host, model).is_some();
    assert!(has("gateway.example", "gpt-6-luna"), "a gateway is priced by the rows that name no host");
    assert!(!has("api.groq.com", "gpt-6-luna"), "a host with rows of its own is not");
    assert!(!has("api.together.xyz", "qwen/qwen3.8-27b") && !has("api.openai.com", "openai/gpt-oss-120b"));
}
