//! The configuration: every fault names its key and stops the start.

use crate::harness::Binary;

/// `config check` ends with 1 and says this, on one line.
fn refused(binary: &Binary, args: &[&str], told: &[&str]) {
    let ended = binary.run(args);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{ended:?}");
    for told in told {
        assert!(ended.err.contains(told), "{told}: {ended:?}");
    }
}

#[test]
fn what_is_in_force_can_be_shown_and_checked() {
    let binary = Binary::new();
    let shown = binary.run(&["config", "show"]);
    assert!(shown.code == Some(0) && shown.out.contains("127.0.0.1:8080"), "{shown:?}");
    let checked = binary.run(&["config", "check"]);
    assert_eq!(checked.code, Some(0), "{checked:?}");
    for word in ["backend-developer", "rewrite@1", "rules engine", "ledger.db"] {
        assert!(checked.out.contains(word), "{word}: {checked:?}");
    }
    let set = Binary::new().with("BULLETSMITH__SERVER__ADDRESS", "127.0.0.1:9").with("BULLETSMITH_ADMIN_KEY", &"k".repeat(32));
    set.file("bulletsmith.toml", "[server]\naddress = \"127.0.0.1:7\"\ndeadline = \"9s\"\n");
    let shown = set.run(&["config", "show"]).out;
    assert!(shown.contains("127.0.0.1:9") && shown.contains("9s") && !shown.contains("kkk"), "{shown}");
}

#[test]
fn an_unknown_key_is_named() {
    let binary = Binary::new();
    let file = binary.file("other.toml", "[server]\nadress = \"127.0.0.1:7\"\n");
    refused(&binary, &["config", "check", "--config", &file], &["other.toml:2", "adress"]);
    refused(&Binary::new().with("BULLETSMITH__SERVER__ADRESS", "127.0.0.1:7"), &["config", "check"], &["BULLETSMITH__SERVER__ADRESS"]);
    refused(&Binary::new().with("BULLETSMITH__SERVER__DEADLINE", "soon"), &["match", "x"], &["BULLETSMITH__SERVER__DEADLINE"]);
    refused(&binary, &["config", "check", "--config", "nowhere.toml"], &["nowhere.toml"]);
}

#[test]
fn a_model_without_a_price_or_a_provider_stops_the_start() {
    let mock = || {
        Binary::new()
            .with("BULLETSMITH__PROVIDERS__MOCK__KIND", "openai")
            .with("BULLETSMITH__PROVIDERS__MOCK__BASE_URL", "http://127.0.0.1:1/v1")
    };
    let told = ["free = true", "[providers.mock]", "host = \"127.0.0.1\"\nmodel = \"mock\""];
    refused(&mock().with("BULLETSMITH__LLM__CHAIN", "mock/mock"), &["config", "check"], &told);
    refused(&mock().with("BULLETSMITH__LLM__CHAIN", "other/mock"), &["config", "check"], &["llm.chain", "other"]);
    let free = mock().with("BULLETSMITH__LLM__CHAIN", "mock/mock").with("BULLETSMITH__PROVIDERS__MOCK__FREE", "true");
    assert_eq!(free.run(&["config", "check"]).code, Some(0));
    let ended = free.run(&["rewrite", "--prompt", crate::harness::PROMPT, "--engine", "llm", "Added caching to improve API performance."]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
}

#[test]
fn an_address_for_strangers_needs_a_key() {
    let open = || Binary::new().with("BULLETSMITH__SERVER__ADDRESS", "0.0.0.0:0");
    for args in [&["serve"][..], &["config", "check"]] {
        let ended = open().run(args);
        assert_eq!((ended.code, ended.err.lines().count()), (Some(1), 1), "{ended:?}");
        assert!(ended.err.contains("server.address") && ended.err.contains("BULLETSMITH_ADMIN_KEY"), "{ended:?}");
    }
    refused(&open().with("BULLETSMITH_ADMIN_KEY", "short"), &["serve"], &["BULLETSMITH_ADMIN_KEY", "32"]);
    assert_eq!(open().with("BULLETSMITH_ADMIN_KEY", &"k".repeat(32)).run(&["config", "check"]).code, Some(0));
}

#[test]
fn prices_that_nobody_has_looked_at_for_long_are_told_at_the_start_once() {
    let priced = |reviewed: &str, host: &str| {
        let row = format!("[[price]]\nprovider_kind = 'openai'\nmodel = 'm'\n{host}input_usd_per_mtok = '1'\noutput_usd_per_mtok = '2'\n");
        let binary = Binary::new();
        let file = binary.file("prices.toml", &format!("as_of = '{reviewed}'\nsource = 's'\ncurrency = 'USD'\n{row}"));
        binary
            .with("BULLETSMITH__PRICES__FILE", &file)
            .with("BULLETSMITH__PROVIDERS__OWN__KIND", "openai")
            .with("BULLETSMITH__PROVIDERS__OWN__BASE_URL", "http://127.0.0.1:1/v1")
            .with("BULLETSMITH__LLM__CHAIN", "own/m")
    };
    let stale = "stale prices: own/m (reviewed 2020-01-01)";
    let (old, fresh) = (priced("2020-01-01", ""), priced("2999-01-01", "host = '127.0.0.1'\n"));
    let rewrite = &["rewrite", "--prompt", crate::harness::PROMPT, "--engine", "llm", "Added caching to improve API performance."];
    for args in [&["config", "check"][..], rewrite] {
        let ended = old.run(args);
        assert_eq!(ended.err.matches(stale).count(), 1, "{ended:?}");
        assert!(ended.err.contains("own (127.0.0.1) is billed by price rows that name no host"), "{ended:?}");
        assert!(!fresh.run(args).err.contains("price"), "neither is told of a row that was reviewed and names its host");
    }
    let none = priced("2020-01-01", "").with("BULLETSMITH__PRICES__STALE_AFTER", "none").run(&["config", "check"]);
    assert!(none.code == Some(0) && !none.err.contains("stale"), "{none:?}");
    assert!(!old.run(&["rewrite", "--engine", "rules", "Added caching to improve API performance."]).err.contains("price"));
    let unreadable = priced("yesterday", "");
    refused(&unreadable, &["config", "check"], &["prices.file: ", "`as_of` is `yesterday`"]);
}
