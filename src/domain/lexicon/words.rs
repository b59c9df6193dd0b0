//! Forms of plain English words: plural to singular, and the stem that words of one family share.

use rust_stemmers::{Algorithm, Stemmer};

/// The stem of a lower-case word, by the English Snowball algorithm; what is no plain word is its own stem.
pub fn stem(lower: &str) -> String {
    let base = lower.strip_suffix("'s").unwrap_or(lower);
    // Nouns of doing that the algorithm does not lead back to their verb.
    let base = match base {
        "storage" => "store",
        "maintenance" => "maintain",
        "analysis" | "analyses" => "analyze",
        "people" => "person",
        _ => base,
    };
    if base.len() < 3 || !base.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        return base.to_owned();
    }
    Stemmer::create(Algorithm::English).stem(base).into_owned()
}

/// The singular of a plain English plural: `queries` → `query`, `caches` → `cache`; other words as they are.
pub fn singular(lower: &str) -> String {
    // `analysis`, `axis`, `redis` are no plurals; `apis` is.
    let is_singular = ["ss", "us", "sis", "xis", "dis", "ris", "his"].iter().any(|ending| lower.ends_with(ending));
    if lower.len() < 4 || is_singular {
        return lower.to_owned();
    }
    if let Some(root) = lower.strip_suffix("ies") {
        return format!("{root}y");
    }
    for sibilant in ["sses", "shes", "xes", "ches"] {
        // `caches` keeps its `e`; `batches` loses it with the ending.
        if lower.ends_with(sibilant) && !lower.ends_with("caches") {
            return lower.chars().take(lower.chars().count() - 2).collect();
        }
    }
    lower.strip_suffix('s').unwrap_or(lower).to_owned()
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
