//! `usage` out of a real ledger: what a service has counted, and the same through the service.

use serde_json::json;

use crate::harness::{Binary, FakeLlm, PROMPT, Reply, WEAK, with_each_ledger};

const HONEST: &str = "Implemented caching to improve API performance";
const PRICES: &str = "as_of = '2026-11-01'\nsource = 's'\ncurrency = 'USD'\n[[price]]\nprovider_kind = 'openai'\nmodel = 'mock'\n\
                      input_usd_per_mtok = '0.25'\ncached_input_usd_per_mtok = '0.025'\noutput_usd_per_mtok = '2'\n";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_service_has_used_and_saved_is_told_here_and_there_alike() {
    with_each_ledger(async |url: &str| {
        let fake = FakeLlm::start(vec![Reply::rewrite(HONEST)]).await;
        let binary = Binary::new();
        let prices = binary.file("prices.toml", PRICES);
        let binary = binary
            .with("BULLETSMITH__PROVIDERS__MOCK__KIND", "openai")
            .with("BULLETSMITH__PROVIDERS__MOCK__BASE_URL", fake.base())
            .with("BULLETSMITH__LLM__CHAIN", "mock/mock")
            .with("BULLETSMITH__PRICES__FILE", &prices)
            .with("BULLETSMITH__BUDGET__TOTAL__DAY", "1")
            .with("DATABASE_URL", url);
        let serving = binary.serve(&[]);
        for _ in 0..3 {
            let asked = Binary::new().run(&["rewrite", "--prompt", PROMPT, "--server", &serving.url, WEAK[3].0]);
            assert_eq!(asked.code, Some(0), "{asked:?}");
        }
        let there = Binary::new().run(&["usage", "--group-by", "model,skill", "--format", "json", "--server", &serving.url]);
        assert_eq!((there.code, &there.json()["total"]["attempts"]), (Some(0), &json!(1)), "{there:?}");
        // Hits that nobody has written yet are written when it ends.
        assert_eq!(serving.terminate().code(), Some(0));

        let told = binary.run(&["usage", "--group-by", "model,skill", "--format", "json"]).json();
        let row = &told["rows"][0];
        assert_eq!((&row["model"], &row["skill"], &row["day"]), (&json!("mock/mock"), &json!("caching"), &json!(null)));
        // 100 x 0.25 + 20 x 2 dollars a million, and twice as much for two hits.
        assert_eq!(
            (&row["cost_usd"], &row["cost_pico_usd"], &row["saved_usd"]),
            (&json!("0.000065"), &json!("65000000"), &json!("0.00013"))
        );
        assert_eq!((&row["calls"], &row["attempts"], &row["cache_hits"]), (&json!(1), &json!(1), &json!(2)));
        assert_eq!((&told["total"]["cost_usd"], &told["rows"][1]), (&row["cost_usd"], &json!(null)));
        assert_eq!(
            told["budgets"],
            json!([{"key": null, "period": "day", "limit_usd": "1", "spent_usd": "0.000065", "held_usd": "0", "left_usd": "0.999935"}])
        );

        let text = binary.run(&["usage"]);
        assert_eq!((text.code, text.err.as_str()), (Some(0), ""), "{text:?}");
        for part in ["tokens in", "$0.000065", "$0.00013", "all by the day: $0.999935 left of $1"] {
            assert!(text.out.contains(part), "{part}: {}", text.out);
        }
        let csv = binary.run(&["usage", "--group-by", "key", "--format", "csv"]);
        assert_eq!(csv.out.lines().count(), 2, "{csv:?}");
        assert!(csv.out.lines().nth(1).is_some_and(|row| row.starts_with("local,1,1,2,100,0,20,0.000065,65000000,0.00013,0,")), "{csv:?}");
        let nothing = binary.run(&["usage", "--from", "2020-01-01", "--to", "2020-02-01", "--format", "json"]).json();
        assert_eq!((&nothing["rows"], &nothing["total"]["calls"]), (&json!([]), &json!(0)));
    })
    .await;
}

#[test]
fn without_a_ledger_nothing_was_used_and_none_is_made() {
    let binary = Binary::new();
    let told = binary.run(&["usage", "--format", "json"]);
    assert_eq!((told.code, &told.json()["total"]["cost_usd"]), (Some(0), &json!("0")), "{told:?}");
    assert!(!binary.home().join(".local").exists());
}

#[test]
fn a_day_or_a_word_that_is_none_is_the_inputs_fault() {
    for (args, told) in [(&["usage", "--from", "today"][..], "2026-11-24"), (&["usage", "--group-by", "colour"], "colour")] {
        let ended = Binary::new().run(args);
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{ended:?}");
        assert!(ended.err.contains(told), "{ended:?}");
    }
    let ended = Binary::new().run(&["usage", "--from", "2026-11-02", "--to", "2026-11-01"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("must be a later day"), "{ended:?}");
}
