//! Forms of plain English words: plural to singular, and the stem that words of one family share.
//!
//! A stem is for comparison only. Spelling (`tokenise`, `tokenize`), short forms (`repo`, `repository`) and irregular forms
//! (`lost`, `losing`, `loss`) lead to one stem; words of different meaning never share one on purpose.

use std::borrow::Cow;

use rust_stemmers::{Algorithm, Stemmer};

/// The stem of a lower-case word, by the English Snowball algorithm; what is no plain word is its own stem.
pub fn stem(lower: &str) -> String {
    let base = lower.strip_suffix("'s").unwrap_or_else(|| lower.trim_end_matches('\''));
    let base = root(base).or_else(|| base.strip_suffix('s').and_then(root)).unwrap_or(base);
    if KEPT_WHOLE.contains(&base) {
        return base.to_owned();
    }
    if base.len() < 3 || !base.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        return base.to_owned();
    }
    Stemmer::create(Algorithm::English).stem(&american(base)).into_owned()
}

/// Words that the algorithm would lead to a word of another meaning: `engineer` to `engine`, `customer` to `custom`.
const KEPT_WHOLE: [&str; 16] = [
    "engineer",
    "developer",
    "programmer",
    "customer",
    "production",
    "server",
    "computer",
    "container",
    "important",
    "importance",
    "personal",
    "manager",
    "operator",
    "operations",
    "processor",
    "international",
];

/// The plain word behind a short form, an irregular form or a noun of doing that the algorithm does not lead back to its verb.
#[expect(clippy::too_many_lines, reason = "one table, one line a family")]
fn root(word: &str) -> Option<&'static str> {
    Some(match word {
        // Nouns of doing.
        "storage" => "store",
        "maintenance" | "upkeep" => "maintain",
        "analysis" | "analyses" => "analyze",
        "creation" => "create",
        "conception" => "conceive",
        "reduction" => "reduce",
        "introduction" => "introduce",
        "recovery" => "recover",
        "delivery" | "deliveries" => "deliver",
        "discovery" => "discover",
        "failure" => "fail",
        "conversion" => "convert",
        "extension" => "extend",
        "expansion" => "expand",
        "division" => "divide",
        "resolution" => "resolve",
        "registration" => "register",
        "administration" => "administer",
        "decision" => "decide",
        "choice" => "choose",
        "growth" | "grown" => "grow",
        "loss" | "losses" | "lost" => "lose",
        "acquisition" => "acquire",
        "submission" => "submit",
        "transmission" => "transmit",
        "explanation" => "explain",
        "description" => "describe",
        "subscription" => "subscribe",
        "comparison" => "compare",
        "verification" => "verify",
        "classification" => "classify",
        "simplification" => "simplify",
        "notification" | "notif" => "notify",
        "identification" => "identify",
        "modification" => "modify",
        "replacement" => "replace",
        "removal" => "remove",
        "retrieval" => "retrieve",
        "guidance" => "guide",
        "assistance" => "assist",
        "approval" => "approve",
        "arrival" => "arrive",
        "renewal" => "renew",
        "proposal" => "propose",
        "disposal" => "dispose",
        "rollout" => "roll-out",
        "collaboration" => "collaborate",
        "execution" => "execute",
        "consumption" => "consume",
        "decomposition" => "decompose",
        "provisioning" => "provision",
        "calculation" => "calculate",
        "computation" => "compute",
        "separation" => "separate",
        "sale" => "sell",
        "parser" => "parse",
        "resizer" => "resize",
        "reader" => "read",
        "writer" => "write",
        "loader" => "load",
        "fetcher" => "fetch",
        "scraper" => "scrape",
        "checker" => "check",
        "uploader" => "upload",
        "downloader" => "download",
        "sender" => "send",
        "logger" => "log",
        "runner" => "run",
        "mapper" => "map",
        "people" | "persons" => "person",
        "children" => "child",
        "engineers" => "engineer",
        "developers" => "developer",
        "programmers" => "programmer",
        "customers" => "customer",
        "servers" => "server",
        "computers" => "computer",
        "containers" => "container",
        "managers" | "mgr" => "manager",
        "operators" => "operator",
        "processors" => "processor",
        "criteria" => "criterion",
        "indices" | "indexes" => "index",
        "schemata" | "schemas" => "schema",
        "met" => "meet",
        "matrices" => "matrix",
        // Short forms that can mean one thing only.
        "app" => "application",
        "repo" => "repository",
        "db" => "database",
        "env" => "environment",
        "config" | "conf" | "cfg" => "configuration",
        "msg" => "message",
        "req" => "request",
        "txn" | "tx" | "trx" => "transaction",
        "spec" => "specification",
        "param" => "parameter",
        "arg" => "argument",
        "dir" => "directory",
        "lib" => "library",
        "info" => "information",
        "avg" => "average",
        "max" => "maximum",
        "infra" => "infrastructure",
        "cert" => "certificate",
        "fn" | "func" => "function",
        "svc" => "service",
        "mgmt" | "mgt" => "management",
        "perf" => "performance",
        "stat" => "statistics",
        "id" => "identifier",
        "var" => "variable",
        "attr" => "attribute",
        "cmd" => "command",
        "img" => "image",
        "pkg" => "package",
        "dep" => "dependency",
        "acct" => "account",
        "addr" => "address",
        "dept" => "department",
        "org" => "organization",
        "async" => "asynchronous",
        "conn" => "connection",
        "impl" => "implementation",
        "vid" => "video",
        "pic" => "picture",
        "perm" => "permission",
        "cred" => "credential",
        "util" => "utility",
        "qty" => "quantity",
        "intl" => "international",
        "govt" => "government",
        "prev" => "previous",
        "approx" => "approximately",
        "btw" | "b/w" => "between",
        "ecommerce" => "e-commerce",
        "mail" | "e-mail" => "email",
        "dedupe" | "dedup" | "deduplication" => "deduplicate",
        "paging" | "pagination" => "paginate",
        _ => return None,
    })
}

/// The American spelling of a lower-case word: `tokenise` → `tokenize`, `behaviour` → `behavior`, `labelled` → `labeled`.
fn american(word: &str) -> Cow<'_, str> {
    const KEPT: [&str; 34] = [
        "advertis",
        "exercis",
        "precis",
        "enterpris",
        "rais",
        "promis",
        "expertis",
        "compris",
        "revis",
        "supervis",
        "otherwis",
        "nois",
        "ris",
        "wis",
        "disguis",
        "franchis",
        "surpris",
        "merchandis",
        "improvis",
        "compromis",
        "premis",
        "likewis",
        "devis",
        "advis",
        "aris",
        "concis",
        "prais",
        "apprais",
        "bruis",
        "cruis",
        "excis",
        "televis",
        "paradis",
        "clockwis",
    ];
    for ending in ["isations", "isation", "ising", "ised", "iser", "isers", "ises", "ise"] {
        if let Some(head) = word.strip_suffix(ending) {
            let kept = head.len() < 3 || KEPT.iter().any(|kept| kept.strip_suffix("is") == Some(head));
            return if kept { Cow::Borrowed(word) } else { Cow::Owned(format!("{head}iz{}", &ending.get(2..).unwrap_or_default())) };
        }
    }
    for (british, plain) in [
        ("analyse", "analyze"),
        ("analysing", "analyzing"),
        ("catalogue", "catalog"),
        ("dialogue", "dialog"),
        ("behaviour", "behavior"),
        ("colour", "color"),
        ("favour", "favor"),
        ("labour", "labor"),
        ("neighbour", "neighbor"),
        ("honour", "honor"),
        ("centre", "center"),
        ("metre", "meter"),
        ("licence", "license"),
        ("defence", "defense"),
        ("cheque", "check"),
        ("programme", "program"),
        ("enrol", "enroll"),
        ("fulfil", "fulfill"),
        ("enrolment", "enrollment"),
        ("fulfilment", "fulfillment"),
        ("grey", "gray"),
        ("artefact", "artifact"),
        ("instalment", "installment"),
    ] {
        if let Some(rest) = word.strip_prefix(british)
            && (rest.is_empty() || matches!(rest, "s" | "d" | "al" | "ed" | "ing" | "ers" | "er"))
        {
            return Cow::Owned(format!("{plain}{rest}"));
        }
    }
    for ending in ["elled", "elling", "eller"] {
        // `labelled`, `modelling`, `cancelled`; `spelled`, `selling` keep both.
        if let Some(head) = word.strip_suffix(ending)
            && head.len() > 2
        {
            return Cow::Owned(format!("{head}el{}", ending.get(3..).unwrap_or_default()));
        }
    }
    Cow::Borrowed(word)
}

/// The singular of a plain English plural: `queries` → `query`, `caches` → `cache`; other words as they are.
pub fn singular(lower: &str) -> String {
    as_singular(lower).into_owned()
}

/// [`singular`] as a part of the word itself wherever it is one, for the lookups that every word of a text goes through.
pub(super) fn as_singular(lower: &str) -> Cow<'_, str> {
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    // `analysis`, `axis`, `redis` are no plurals; `apis` is.
    if lower.len() < 4 || !lower.ends_with('s') || ends(&["ss", "us", "sis", "xis", "dis", "ris", "his"]) {
        return Cow::Borrowed(lower);
    }
    if let Some(root) = lower.strip_suffix("ies") {
        return Cow::Owned(format!("{root}y"));
    }
    // `caches` keeps its `e`; `batches` loses it with the ending.
    let sibilant = ends(&["sses", "shes", "xes", "ches"]) && !lower.ends_with("caches");
    Cow::Borrowed(lower.strip_suffix(if sibilant { "es" } else { "s" }).unwrap_or(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_of_words_has_one_stem() {
        for family in [["cache", "cached", "caching"], ["process", "processing", "processed"], ["optimize", "optimized", "optimization"]] {
            let stems: Vec<_> = family.iter().map(|word| stem(word)).collect();
            assert!(stems.iter().all(|one| *one == stems[0]), "{stems:?}");
        }
        assert_ne!(stem("java"), stem("javascript"));
        assert_eq!(stem("node.js"), "node.js");
    }

    #[test]
    fn plurals_lose_their_ending_and_nothing_else() {
        for (plural, expected) in [
            ("apis", "api"),
            ("queries", "query"),
            ("caches", "cache"),
            ("batches", "batch"),
            ("class", "class"),
            ("status", "status"),
            ("redis", "redis"),
        ] {
            assert_eq!(singular(plural), expected);
        }
        assert_eq!(singular("services"), "service");
    }
}
