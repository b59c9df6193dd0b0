//! The layers and the rules of the configuration, each rule with the line that a person would read.

use super::layers::LayerFile;
use super::*;
use crate::domain::cost::{Budgets, Caps, PicoUsd};

fn load(file: Option<&str>, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment = Environment::of(variables.iter().copied());
    let file = file.map(|text| LayerFile { name: "my.toml".to_owned(), text: text.to_owned() });
    Config::of(layers::merge(file.as_ref(), &environment)?, &environment)
}

fn models(config: &Config) -> Vec<String> {
    config.chain.iter().map(|entry| entry.model.to_string()).collect()
}

fn file_of(config: &Config) -> &Path {
    match &config.ledger {
        LedgerPlace::File(path) => path,
        LedgerPlace::Server(_) => panic!("a server"),
    }
}

const MOCK: [(&str, &str); 4] = [
    ("BULLETSMITH__PROVIDERS__MOCK__KIND", "openai"),
    ("BULLETSMITH__PROVIDERS__MOCK__BASE_URL", "http://127.0.0.1:9099/v1"),
    ("BULLETSMITH__PROVIDERS__MOCK__FREE", "true"),
    ("BULLETSMITH__LLM__CHAIN", "mock/mock"),
];

#[test]
fn the_default_file_alone_runs_on_the_rules_engine_at_loopback() {
    let config = load(None, &[("HOME", "/home/ada")]).expect("the default file is good");
    assert_eq!(config.address.to_string(), "127.0.0.1:8080");
    assert_eq!((config.deadline, config.body_limit, config.concurrency), (Duration::from_mins(1), 1 << 20, 4));
    assert_eq!((config.cache.memory, config.cache.time_to_live), (Some(64 << 20), Duration::from_hours(24)));
    assert_eq!((config.cache.time_to_idle, config.cache.stale_if_error), (Some(Duration::from_hours(6)), Duration::from_hours(24)));
    assert!(config.cache.redis.is_none() && !config.cache.shared_between_tenants);
    assert_eq!(file_of(&config), Path::new("/home/ada/.local/state/bulletsmith/ledger.db"));
    assert_eq!(config.budget, BudgetKeys { budgets: Budgets::default(), on_ledger_down: LedgerDown::FailClosed });
    assert_eq!((&config.prices_file, config.prices_stale_after), (&None, Some(Duration::from_hours(90 * 24))));
    assert_eq!((config.calls.attempts, config.calls.attempt_timeout, config.calls.retry_budget), (3, Duration::from_secs(30), 0.1));
    assert_eq!((config.calls.calls_per_provider, config.calls.queue_per_provider, config.drain), (32, 256, Duration::from_secs(30)));
    assert!(models(&config).is_empty());
    config.check_exposure().expect("loopback needs no key");
}

#[test]
fn a_later_layer_wins_key_by_key() {
    let file = "[server]\naddress = \"127.0.0.1:1\"\ndeadline = \"1s\"\n";
    let config = load(Some(file), &[("BULLETSMITH__SERVER__ADDRESS", "127.0.0.1:2")]).expect("good");
    assert_eq!((config.address.port(), config.deadline, config.body_limit), (2, Duration::from_secs(1), 1 << 20));
}

#[test]
fn four_variables_point_the_service_at_another_server() {
    let config = load(None, &MOCK).expect("the example of the manual");
    assert_eq!(models(&config), ["mock/mock"]);
    let [ChainEntry { provider: Provider::Server(server), .. }] = config.chain.as_slice() else { panic!("one server") };
    assert!(server.free && server.api_key.is_none() && server.base_url.is_loopback());
    assert_eq!((server.base_url.as_str(), server.limit_field), ("http://127.0.0.1:9099/v1", LimitName::MaxTokens));
}

#[test]
fn a_chain_in_the_environment_is_separated_by_commas() {
    let config = load(None, &[MOCK[0], MOCK[1], ("BULLETSMITH__LLM__CHAIN", "mock/a, openai/org/b ,")]).expect("good");
    assert_eq!(models(&config), ["mock/a", "openai/org/b"]);
}

#[test]
fn a_key_in_the_environment_makes_the_chain_unless_that_is_switched_off() {
    let key = ("OPENAI_API_KEY", "sk-test");
    assert_eq!(models(&load(None, &[key]).expect("good")), ["openai/gpt-6-luna"]);
    for off in [("BULLETSMITH__LLM__AUTO_CHAIN", "false"), ("OPENAI_API_KEY", ""), ("BULLETSMITH__PROVIDERS__OPENAI__DEFAULT_MODEL", "")] {
        assert!(models(&load(None, &[key, off]).expect("good")).is_empty(), "{off:?}");
    }
}

#[test]
fn the_key_of_each_provider_brings_its_model_and_several_come_in_the_order_of_their_names() {
    for (key, model) in [
        ("OPENAI_API_KEY", "openai/gpt-6-luna"),
        ("ANTHROPIC_API_KEY", "anthropic/claude-haiku-5-5"),
        ("GEMINI_API_KEY", "gemini/gemini-3.5-flash-lite"),
    ] {
        let config = load(None, &[(key, "sk-test")]).expect("good");
        assert_eq!(models(&config), [model]);
        let [ChainEntry { provider: Provider::Server(server), model }] = config.chain.as_slice() else { panic!("one server") };
        assert!(!server.base_url.is_loopback() && !server.free, "{key}");
        assert_eq!(server.base_url.host(), server.kind.own_host());
        let sheet = price_sheet(&config).expect("the price file that is baked in");
        assert!(sheet.row(&sheet.seller(server.kind.as_str(), server.base_url.host()), model.model()).is_some(), "{model} has a price");
    }
    let all = load(None, &[("GEMINI_API_KEY", "k"), ("OPENAI_API_KEY", "k"), ("ANTHROPIC_API_KEY", "k")]).expect("good");
    assert_eq!(models(&all), ["anthropic/claude-haiku-5-5", "gemini/gemini-3.5-flash-lite", "openai/gpt-6-luna"]);
}

#[test]
fn a_value_that_cannot_be_used_names_the_key_and_says_what_to_write() {
    for (file, variable, told) in [
        ("[server]\nadress = \"x\"\n", None, vec!["my.toml:2", "adress", "address"]),
        ("[server]\ndeadline = \"soon\"\n", None, vec!["my.toml:2: server.deadline", "`soon`", "60s"]),
        ("[server]\ndeadline = 60\n", None, vec!["server.deadline", "string"]),
        ("[server\n", None, vec!["my.toml:1"]),
        ("[server]\naddress = \"localhost\"\n", None, vec!["server.address", "IP:PORT"]),
        ("[server]\nbody_limit = \"1MB\"\n", None, vec!["server.body_limit", "MiB"]),
        ("[llm]\nconcurrency = 0\n", None, vec!["llm.concurrency", "1 to 64"]),
        ("[llm]\nattempts = 0\n", None, vec!["llm.attempts", "1 to 10"]),
        ("[llm]\nretry_budget = 1.5\n", None, vec!["llm.retry_budget", "0 to 1"]),
        ("[llm]\ncalls_per_provider = 0\n", None, vec!["llm.calls_per_provider", "1 to 10000"]),
        ("[llm]\nattempt_timeout = \"never\"\n", None, vec!["llm.attempt_timeout", "`never`", "60s"]),
        ("[llm]\nchain = [\"gpt\"]\n", None, vec!["llm.chain", "provider/model"]),
        ("[llm]\nchain = [\"nobody/gpt\"]\n", None, vec!["llm.chain", "`nobody`", "[providers.nobody]"]),
        ("[llm]\nchain = [\"x/y\"]\n[providers.x]\nfree = true\n", None, vec!["llm.chain", "`kind`"]),
        ("[llm]\njudge = \"gpt\"\n", None, vec!["llm.judge", "`gpt`", "\"same\", \"none\" or provider/model"]),
        ("[llm]\njudge = \"nobody/gpt\"\n", None, vec!["llm.judge", "`nobody`", "[providers.nobody]"]),
        ("[llm]\njudge_trust = \"blind\"\n", None, vec!["llm.judge_trust", "`blind`", "calibrated", "always"]),
        ("[llm]\njudge_when = \"never\"\n", None, vec!["llm.judge_when", "`never`", "always", "asked"]),
        ("[cache]\ncapacity = 10\n", None, vec!["my.toml:2: cache.capacity", "memory"]),
        ("[cache]\nmemory = \"0 B\"\n", None, vec!["my.toml:2: cache.memory", "`0 B`", "1 MiB"]),
        ("[cache]\nstale_if_error = \"0s\"\n", None, vec!["cache.stale_if_error", "60s"]),
        ("[prices]\nstale_after = \"3 months\"\n", None, vec!["my.toml:2: prices.stale_after", "`3 months`", "\"90d\""]),
        ("[cache]\ntime_to_live = \"none\"\n", None, vec!["cache.time_to_live", "`none`"]),
        ("[providers.x]\nfree = true\n", None, vec!["providers.x.kind", "\"replay\""]),
        ("[providers.x]\nkind = \"grpc\"\n", None, vec!["providers.x.kind", "openai", "anthropic", "gemini"]),
        ("[providers.x]\nkind = \"openai\"\n", None, vec!["providers.x.base_url", "http://"]),
        ("[providers.x]\nkind = \"openai\"\nbase_url = \"http://h\"\ndir = \"d\"\n", None, vec!["providers.x.dir", "replay"]),
        ("[providers.x]\nkind = \"replay\"\ndir = \"d\"\nfree = true\n", None, vec!["providers.x.free", "remove"]),
        ("[providers.X]\nkind = \"replay\"\ndir = \"d\"\n", None, vec!["providers.X", "a-z"]),
        ("[providers.anthropic]\ndir = \"d\"\n", None, vec!["providers.anthropic.dir", "\"anthropic\"", "replay"]),
        ("[providers.gemini]\nlimit_field = \"max_tokens\"\n", None, vec!["providers.gemini.limit_field", "remove"]),
        ("[providers.anthropic]\ntemperature = 1.5\n", None, vec!["providers.anthropic.temperature", "0 to 1"]),
        ("[providers.x]\nkind = \"gemini\"\n", None, vec!["providers.x.base_url", "googleapis"]),
        ("[providers.openai]\ntemperature = 3.0\n", None, vec!["providers.openai.temperature", "0 to 2"]),
        ("", Some(("BULLETSMITH__SERVER__ADRESS", "x")), vec!["BULLETSMITH__SERVER__ADRESS", "adress", "address"]),
        ("", Some(("BULLETSMITH__SERVER", "x")), vec!["BULLETSMITH__SERVER"]),
        ("", Some(("BULLETSMITH__NOPE__KEY", "x")), vec!["BULLETSMITH__NOPE__KEY", "nope"]),
        ("", Some(("BULLETSMITH__SERVER__DEADLINE", "1 day")), vec!["BULLETSMITH__SERVER__DEADLINE", "60s"]),
        ("", Some(("BULLETSMITH__LLM__CONCURRENCY", "many")), vec!["BULLETSMITH__LLM__CONCURRENCY", "many"]),
        ("", Some(("BULLETSMITH_ADMIN_KEY", "short")), vec!["BULLETSMITH_ADMIN_KEY", "32"]),
        ("", Some(("BULLETSMITH_ADMIN_KEY", " 0123456789abcdef0123456789abcdef")), vec!["BULLETSMITH_ADMIN_KEY", "space"]),
        ("", Some(("BULLETSMITH_ADMIN_KEY", "é0123456789abcdef0123456789abcdef")), vec!["BULLETSMITH_ADMIN_KEY", "header"]),
        ("", Some(("DATABASE_URL", "mysql://u:hunter2@h/d")), vec!["DATABASE_URL", "sqlite://PATH", "postgres://"]),
        ("", Some(("REDIS_URL", "http://u:hunter2@h")), vec!["REDIS_URL", "redis://HOST:PORT"]),
        ("", Some(("DATABASE_URL", "sqlite://")), vec!["DATABASE_URL", "sqlite://PATH"]),
    ] {
        let error = load(Some(file), variable.as_slice()).expect_err(file).to_string();
        for word in told {
            assert!(error.contains(word), "`{error}` does not say `{word}`");
        }
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn the_judge_is_the_writer_or_another_model_or_nobody() {
    let judge = |named: Option<&str>| {
        let variables = named.map(|named| ("BULLETSMITH__LLM__JUDGE", named));
        let config = load(Some("[providers.other]\nkind = \"replay\"\ndir = \"d\"\n"), variables.as_slice()).expect("good");
        assert_eq!((config.judge.trust, config.judge.when), (JudgeTrustKey::Calibrated, JudgeWhenKey::Always));
        config.judge.by
    };
    for same in [None, Some("same"), Some(" same ")] {
        assert!(matches!(judge(same), JudgeBy::Same), "{same:?}");
    }
    for nobody in ["none", ""] {
        assert!(matches!(judge(Some(nobody)), JudgeBy::Nobody), "{nobody:?}");
    }
    let JudgeBy::Model(entry) = judge(Some("other/large")) else { panic!("a model") };
    assert_eq!((entry.model.to_string().as_str(), matches!(entry.provider, Provider::Replay { .. })), ("other/large", true));
}

#[test]
fn what_the_cache_can_do_without_is_switched_off_by_a_word() {
    let file = "[cache]\nmemory = \"none\"\ntime_to_idle = \"none\"\nstale_if_error = \"none\"\ntime_to_live = \"1h\"\n";
    let config = load(Some(file), &[("REDIS_URL", "redis://:hunter2@127.0.0.1"), ("BULLETSMITH__CACHE__SHARED_BETWEEN_TENANTS", "true")]);
    let config = config.expect("good");
    assert_eq!((config.cache.memory, config.cache.time_to_idle, config.cache.keep_for()), (None, None, Duration::from_hours(1)));
    assert!(config.cache.redis.is_some() && config.cache.shared_between_tenants);
    let shown = config.to_toml().expect("can be written");
    assert!(!shown.contains("hunter2") && !format!("{config:?}").contains("hunter2"));
    assert_eq!(load(Some(&shown), &[]).expect("loads again").cache.memory, None);
}

#[test]
fn an_address_that_strangers_reach_needs_a_key() {
    let open = ("BULLETSMITH__SERVER__ADDRESS", "0.0.0.0:8080");
    let error = load(None, &[open]).expect("loads").check_exposure().expect_err("no key").to_string();
    assert!(error.starts_with("server.address: 0.0.0.0:8080") && error.lines().count() == 1, "{error}");
    let key = ("BULLETSMITH_ADMIN_KEY", "0123456789abcdef0123456789abcdef");
    load(None, &[open, key]).expect("loads").check_exposure().expect("a key is set");
}

#[test]
fn the_ledger_lies_where_the_environment_says() {
    for (variables, path) in [
        (vec![("DATABASE_URL", "sqlite:///var/lib/b.db"), ("HOME", "/h")], "/var/lib/b.db"),
        (vec![("XDG_STATE_HOME", "/state"), ("HOME", "/h")], "/state/bulletsmith/ledger.db"),
        (vec![("XDG_STATE_HOME", "relative"), ("HOME", "/h")], "/h/.local/state/bulletsmith/ledger.db"),
    ] {
        assert_eq!(file_of(&load(None, &variables).expect("good")), Path::new(path));
    }
}

#[test]
fn what_is_in_force_is_shown_without_secrets_and_loads_again() {
    let config = load(None, &[("OPENAI_API_KEY", "sk-secret"), ("BULLETSMITH_ADMIN_KEY", "0123456789abcdef0123456789abcdef")]);
    let shown = config.expect("good").to_toml().expect("can be written");
    assert!(!shown.contains("sk-secret") && !shown.contains("0123456789"), "{shown}");
    assert_eq!(models(&load(Some(&shown), &[]).expect("loads again")), ["openai/gpt-6-luna"]);
}

#[test]
fn debug_of_the_configuration_holds_no_secret() {
    let config = load(None, &[("OPENAI_API_KEY", "sk-secret")]).expect("good");
    assert!(!format!("{config:?}").contains("sk-secret"));
}

#[test]
fn a_file_that_was_named_must_exist() {
    let error = Config::load(Some(Path::new("/nowhere/b.toml")), &Environment::default()).expect_err("no file").to_string();
    assert_eq!(error, "could not read /nowhere/b.toml");
}

#[test]
fn a_server_is_named_by_its_url_which_is_told_to_nobody() {
    let config = load(None, &[("DATABASE_URL", "postgres://u:hunter2@h/d")]).expect("good");
    assert!(matches!(config.ledger, LedgerPlace::Server(_)));
    assert!(!format!("{config:?}").contains("hunter2") && !config.to_toml().expect("TOML").contains("hunter2"));
}

#[test]
fn budgets_are_dollars_by_principal_and_in_total() {
    let file = "[budget]\non_ledger_down = \"fail_open\"\n[budget.principals.local]\nday = \"0.50\"\nmonth = \"9\"\n[budget.total]\nmonth = \"100\"\n";
    let config = load(Some(file), &[("BULLETSMITH__BUDGET__TOTAL__DAY", "12"), ("BULLETSMITH__BUDGET__PRINCIPALS__LOCAL__MONTH", "")])
        .expect("good");
    let dollars = |text| PicoUsd::from_dollars(text);
    let principals = [("local".to_owned(), Caps { day: dollars("0.5"), month: None })].into();
    let budgets = Budgets { principals, total: Caps { day: dollars("12"), month: dollars("100") } };
    assert_eq!(config.budget, BudgetKeys { budgets, on_ledger_down: LedgerDown::FailOpen });
}

#[test]
fn a_budget_that_would_limit_nothing_or_has_no_amount_stops_the_start() {
    for (file, told) in [
        ("[budget.principals.lokal]\nday = \"1\"\n", "budget.principals.lokal: there is no principal of this name"),
        ("[budget.total]\nday = \"-1\"\n", "budget.total.day: `-1` is not an amount"),
        ("[budget.total]\nday = \"1e3\"\n", "budget.total.day: `1e3` is not an amount"),
        ("[budget.total]\nday = 5\n", "budget.total.day"),
        ("[budget.total]\nweek = \"5\"\n", "budget.total"),
        ("[budget]\non_ledger_down = \"shrug\"\n", "budget.on_ledger_down"),
    ] {
        let error = load(Some(file), &[]).expect_err(file).to_string();
        assert!(error.contains(told), "{error}");
    }
}
