//! Arrows point down: who may name whom in `src/`, by the table of the house.
//!
//! What a module of this crate may use is listed, so that a new module is forbidden until somebody allows it; of what comes from outside, what it may
//! never use is listed. Tests inside `src/` are held to the same rules. An exception stands here with its reason, or it is a fault.

use std::fs;
use std::path::Path;

/// What a part of `src/` may use.
struct Rule {
    /// The part, as the beginning of a path below `src/`.
    part: &'static str,
    /// The modules of this crate that it may use, beside itself.
    may: &'static [&'static str],
    /// What it may never use of what comes from outside.
    never: &'static [&'static str],
}

const RUNTIME: &[&str] = &[
    "tokio",
    "axum",
    "tower",
    "reqwest",
    "sqlx",
    "redis",
    "moka",
    "tracing",
    "clap",
    "config",
    "backoff",
    "std::fs",
    "std::net",
    "std::process",
    "std::time::Instant",
    "std::time::SystemTime",
];

const RULES: &[Rule] = &[
    Rule { part: "domain/", may: &[], never: RUNTIME },
    Rule { part: "ports", may: &["domain"], never: RUNTIME },
    Rule { part: "contract/", may: &["domain"], never: RUNTIME },
    Rule {
        part: "service/",
        may: &["domain", "ports", "contract"],
        never: &["axum", "tower", "reqwest", "sqlx", "redis", "moka", "clap", "config", "backoff", "std::fs", "std::net", "std::process"],
    },
    Rule { part: "evaluation/", may: &["domain", "contract"], never: RUNTIME },
    Rule { part: "adapters/", may: &["domain", "ports"], never: &["clap", "config", "backoff", "tower"] },
    Rule {
        part: "http/",
        may: &["service", "contract", "domain", "ports"],
        never: &["reqwest", "sqlx", "redis", "moka", "clap", "config", "backoff", "std::fs", "std::process"],
    },
    Rule {
        part: "cli/",
        may: &["app", "config", "telemetry", "evaluation", "service", "contract", "domain"],
        never: &["axum", "tower", "reqwest", "sqlx", "redis", "moka", "backoff"],
    },
    // The crate `config` is not forbidden where our module of that name is allowed: by name they cannot be told apart.
    Rule { part: "config/", may: &["domain"], never: &["tokio", "axum", "tower", "reqwest", "sqlx", "redis", "moka", "clap", "backoff"] },
    Rule { part: "telemetry", may: &[], never: &["tokio", "axum", "reqwest", "sqlx", "clap", "config", "backoff"] },
    Rule {
        part: "app.rs",
        may: &["adapters", "config", "service", "http", "ports", "domain", "contract"],
        never: &["tokio", "reqwest", "sqlx", "moka", "clap", "backoff"],
    },
    Rule { part: "main.rs", may: &[], never: &["tokio", "axum", "reqwest", "sqlx", "clap", "config", "backoff"] },
    Rule { part: "lib.rs", may: &[], never: RUNTIME },
];

/// What one file may use all the same, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "service/sharing/recall.rs",
        "moka",
        "remembers what was computed, within a bound; there is nothing behind it that could be exchanged",
    ),
    ("service/calling/chain.rs", "backoff", "the one place that knows how long to wait before the next attempt"),
    ("cli/client.rs", "reqwest", "the client behind --server; the command line is the caller there, not the service"),
    ("cli/serve.rs", "axum", "hands the router to a listener, and does nothing else with it"),
];

/// The environment is read by one file; the arguments by another, as only the process has them; where the servers for tests are, by a third.
const ENVIRONMENT: &[&str] = &["config/environment.rs", "main.rs", "adapters/ledger/tests/databases.rs"];

/// Routes are added here alone, where they cannot be added without their documentation.
const ROUTES: &str = "http/api_router.rs";

/// Every fault of a file, with its line and the rule.
fn faults(file: &str, text: &str) -> Vec<String> {
    let Some(rule) = RULES.iter().find(|rule| file.starts_with(rule.part)) else {
        return vec![format!("{file}: no rule says what this may use; add one to tests/it/layers.rs")];
    };
    let own = file.split(['/', '.']).next().unwrap_or_default();
    let mut faults = Vec::new();
    let in_tests = text.find("#[cfg(test)]\nmod ").map_or(usize::MAX, |at| text[..at].lines().count());
    for (at, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let mut fault = |broken: String| faults.push(format!("{file}:{}: {broken}\n    {}", at + 1, line.trim()));
        for module in modules(code) {
            if module == "{" {
                fault("name one module a `use`, so that this test can read it".to_owned());
            } else if module.starts_with(|c: char| c.is_ascii_lowercase()) && module != own && !rule.may.contains(&module) {
                fault(format!("{} never uses crate::{module}", rule.part));
            }
        }
        for name in rule.never {
            let is_excepted = EXCEPTIONS.iter().any(|(except, what, _)| (*except, *what) == (file, *name));
            if !is_excepted && names(code, name) {
                fault(format!("{} never uses {name}", rule.part));
            }
        }
        if names(code, "std::env") && !ENVIRONMENT.contains(&file) {
            fault("only config reads the environment".to_owned());
        }
        if let Some(folder) = sibling(file, code) {
            fault(format!("an adapter never uses a sibling: {folder}"));
        }
        if code.contains(".route(") && file != ROUTES && at < in_tests {
            fault(format!("only {ROUTES} adds routes, together with their documentation"));
        }
    }
    faults
}

/// The modules of this crate that a line names.
fn modules(code: &str) -> impl Iterator<Item = &str> {
    code.match_indices("crate::").filter(|(at, _)| !code[..*at].ends_with(is_word)).map(|(at, _)| {
        let rest = &code[at + "crate::".len()..];
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if rest.starts_with('{') { "{" } else { &rest[..end] }
    })
}

/// Whether a line names this path from outside: `tokio::`, `use tokio;`, `std::env::`, `std::{env, …}`.
fn names(code: &str, path: &str) -> bool {
    let grouped = path.rsplit_once("::").is_some_and(|(parent, last)| {
        let group = code.split_once(&format!("{parent}::{{")).map(|(_, group)| group);
        group.is_some_and(|group| group.split(|c| !is_word(c)).any(|word| word == last))
    });
    grouped
        || code.match_indices(path).any(|(at, _)| {
            let (before, after) = (&code[..at], &code[at + path.len()..]);
            let is_path = after.starts_with("::") || (before.trim_end().ends_with("use") && after.starts_with([';', ' ']));
            let ends = after.starts_with([';', ',', ' ', ':', '(', '>', ')', '}']) && path.contains("::");
            !before.ends_with(is_word) && !before.ends_with("::") && (is_path || ends)
        })
}

/// The other folder of adapters that a line names.
fn sibling<'a>(file: &str, code: &'a str) -> Option<&'a str> {
    let (own, _) = file.strip_prefix("adapters/")?.split_once('/')?;
    let named = ["crate::adapters::", "super::super::"].iter().find_map(|way| code.split_once(way))?.1;
    let folder = named.split(|c| !is_word(c)).next()?;
    (["llm", "cache", "ledger", "clock"].contains(&folder) && folder != own).then_some(folder)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn files(folder: &Path, found: &mut Vec<(String, String)>, root: &Path) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            files(&entry, found, root);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let name = entry.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
            found.push((name, fs::read_to_string(&entry).expect("text")));
        }
    }
}

#[test]
fn arrows_point_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found, &root);
    assert!(found.len() > 50, "the walk found {} files only", found.len());
    let faults: Vec<String> = found.iter().flat_map(|(file, text)| faults(file, text)).collect();
    assert!(faults.is_empty(), "{} forbidden names:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_planted_line_is_found() {
    for (file, line) in [
        ("domain/facts.rs", "use tokio::sync::Mutex;"),
        ("domain/facts.rs", "    let now = std::time::Instant::now();"),
        ("domain/facts.rs", "use std::time::{Duration, Instant};"),
        ("domain/facts.rs", "use crate::ports::Clock;"),
        ("domain/facts.rs", "use std::{env, fmt};"),
        ("ports.rs", "use crate::contract::problem::Problem;"),
        ("contract/check.rs", "use crate::service::Service;"),
        ("service/rewriting/mod.rs", "use backoff::ExponentialBackoff;"),
        ("service/mod.rs", "fn f(_: axum::Router) {}"),
        ("service/mod.rs", "use crate::config::Config;"),
        ("adapters/llm/http.rs", "use crate::adapters::cache::memory::Memory;"),
        ("adapters/llm/http.rs", "use super::super::ledger::sqlite;"),
        ("adapters/llm/http.rs", "use crate::service::Service;"),
        ("adapters/cache/memory.rs", "use crate::contract::rewrite::Note;"),
        ("http/stack.rs", "use crate::adapters::clock::UuidIds;"),
        ("http/stack.rs", "use crate::{domain, adapters};"),
        ("http/endpoints/mod.rs", "    let router = router.route(\"/hidden\", get(hidden));"),
        ("cli/check.rs", "use crate::adapters::llm;"),
        ("cli/check.rs", "    sqlx::query(\"select 1\")"),
        ("cli/check.rs", "use reqwest::Client;"),
        ("cli/check.rs", "let home = std::env::var(\"HOME\");"),
        ("newcomer/mod.rs", "fn f() {}"),
    ] {
        assert_eq!(faults(file, line).len(), 1, "{file}: {line}: {:?}", faults(file, line));
    }
    assert!(faults("domain/a.rs", "use crate::ports::Clock;")[0].starts_with("domain/a.rs:1: domain/ never uses crate::ports"));
}

#[test]
fn what_only_looks_forbidden_is_let_pass() {
    for (file, line) in [
        ("domain/facts.rs", "// tokio::spawn would not do here; see crate::ports::Clock"),
        ("domain/facts.rs", "use std::time::Duration;"),
        ("domain/facts.rs", "let configuration = my_tokio::x();"),
        ("domain/facts.rs", "pub(crate) fn f() {} // crate::domain::text"),
        ("service/calling/chain.rs", "use backoff::backoff::Backoff;"),
        ("cli/guide.rs", "let lexicon = config::lexicon()?;"),
        ("config/mod.rs", "use crate::domain::guide::GuideFault;"),
        ("http/endpoints/checks.rs", "use crate::service::Service;"),
    ] {
        assert_eq!(faults(file, line), Vec::<String>::new(), "{file}: {line}");
    }
}

#[test]
fn every_exception_is_still_needed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (file, name, reason) in EXCEPTIONS {
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        assert!(text.lines().any(|line| names(line, name)), "{file} does not use {name} any more ({reason}); take the exception away");
    }
}
