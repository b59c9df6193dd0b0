//! Articles that were left out: `to Tomcat server` → `to the Tomcat server`, `Added Redis cache` → `Added a Redis cache`.

use super::words::{PREPOSITIONS, Words, ends_phrase};
use crate::domain::lexicon::{Lexicon, Tense};

/// Whether a thing is told of for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// It was made by the deed: `a`.
    New,
    /// It was there: `the`.
    Known,
}

/// Nouns of the trade that do not stand alone in the singular.
const COUNTED: &[&str] = &[
    "api",
    "app",
    "application",
    "database",
    "server",
    "service",
    "system",
    "team",
    "department",
    "project",
    "module",
    "pipeline",
    "cache",
    "stack",
    "cluster",
    "website",
    "site",
    "platform",
    "dashboard",
    "panel",
    "portal",
    "chatbot",
    "bot",
    "script",
    "job",
    "queue",
    "table",
    "schema",
    "consumer",
    "producer",
    "listener",
    "monolith",
    "microservice",
    "backend",
    "frontend",
    "client",
    "library",
    "framework",
    "sdk",
    "cli",
    "tool",
    "wrapper",
    "layer",
    "endpoint",
    "gateway",
    "proxy",
    "worker",
    "scheduler",
    "engine",
    "parser",
    "page",
    "screen",
    "form",
    "warehouse",
    "index",
    "breaker",
    "rotation",
    "issue",
    "bug",
    "audit",
    "fix",
    "build",
    "codebase",
    "repository",
    "plugin",
    "component",
    "image",
    "container",
    "manager",
    "lead",
    "llm",
    "upgrade",
    "migration",
    "balancer",
];

/// Words that need no article before their noun.
const DETERMINERS: [&str; 34] = [
    "the", "a", "an", "this", "that", "these", "those", "its", "their", "his", "her", "my", "our", "your", "each", "every", "any", "all",
    "no", "some", "both", "another", "one", "two", "three", "other", "various", "several", "many", "new", "existing", "which", "such",
    "various",
];

/// Puts the articles in.
pub(super) fn supply(lexicon: &Lexicon, words: &mut Words) {
    let mut at = 0;
    while at < words.len() {
        let preposition = PREPOSITIONS.contains(&words.lower(at)) && !words.is_one_of(at, &["per", "using", "via", "as", "to"])
            || (words.lower(at) == "to" && words.verb_in(lexicon, at + 1, Tense::Base).is_none());
        // `as a service`, `in production`, `on time` have no counted noun as their head and are not touched.
        let upgrade = words.says(at, &["to", "upgrade", "of"]) || words.says(at, &["to", "migration", "of"]);
        if preposition || upgrade {
            let end = words.until(at + 1, &PREPOSITIONS);
            let shared = (at + 1..end).any(|at| SHARED.contains(&words.lower(at)));
            before(lexicon, words, at + 1, if words.is_one_of(at, &["with", "by"]) && !shared { Number::New } else { Number::Known });
        }
        if words.lower(at) == "using" {
            let end = (at + 1..words.len()).find(|at| !words.is_word(*at) || ends_phrase(words.lower(*at))).unwrap_or(words.len());
            if words.is_one_of(end.saturating_sub(1), &["api", "sdk", "cli"]) && !DETERMINERS.contains(&words.lower(at + 1)) {
                words.replace(at + 1..at + 1, "the");
            }
        }
        // The object of the first verb.
        if let Some(form) = words.verb(lexicon, at).filter(|_| object_follows(words, at)) {
            let particle = usize::from(words.is_one_of(at + 1, &["up", "out"]));
            let makes = form.verb.groups.iter().any(|group| group == "build" || group == "write") || form.verb.base == "set";
            // `Improved security of the login`: a quality of one thing.
            if words.is_one_of(at + 1, QUALITIES) && words.lower(at + 2) == "of" {
                words.replace(at + 1..at + 1, "the");
            }
            let transitive = !ends_phrase(words.lower(at + 1)) || particle > 0;
            if transitive && form.tense != Tense::Third {
                before(lexicon, words, at + 1 + particle, if makes { Number::New } else { Number::Known });
            }
        }
        at += 1;
    }
}

/// Qualities that are `the` one of a thing when `of` tells whose.
const QUALITIES: &[&str] = &[
    "security",
    "performance",
    "speed",
    "quality",
    "reliability",
    "stability",
    "availability",
    "scalability",
    "usability",
    "accuracy",
    "readability",
    "maintainability",
    "efficiency",
    "throughput",
    "latency",
    "health",
    "size",
    "cost",
];

/// Things that a bullet speaks of as known.
const SHARED: [&str; 14] = [
    "team",
    "department",
    "client",
    "backend",
    "frontend",
    "api",
    "database",
    "system",
    "application",
    "codebase",
    "server",
    "project",
    "site",
    "website",
];

/// Whether the verb at a place is followed by its own object: the first, and those that `and`, `to`, `by` and `can` bring in.
fn object_follows(words: &Words, at: usize) -> bool {
    if at == 0 {
        return !words.is_one_of(0, &["helped", "assisted", "worked", "contributed", "supported"]);
    }
    words.is_one_of(at - 1, &["and", "to", "by", "can"]) || at == 1 && words.is_one_of(0, &["helped"])
}

/// Puts an article before the noun phrase that begins here, where its head is a counted noun in the singular.
pub(super) fn before(lexicon: &Lexicon, words: &mut Words, at: usize, number: Number) {
    let end =
        (at..words.len()).find(|at| !words.is_word(*at) || ends_phrase(words.lower(*at)) || words.is_number(*at)).unwrap_or(words.len());
    // `the whole stack locally`
    let end = (at..end)
        .find(|at| {
            words.lower(*at).ends_with("ly") && !words.is_one_of(*at, &["monthly", "weekly", "daily", "nightly", "yearly", "hourly"])
        })
        .unwrap_or(end);
    let Some(head) = end.checked_sub(1).filter(|head| *head >= at && *head < at + 5) else { return };
    let bare = !DETERMINERS.contains(&words.lower(at)) || words.lower(at) == "new" || words.lower(at) == "existing";
    let counted = COUNTED.contains(&words.lower(head));
    // A verb or an adverb in between is no noun phrase: `deploy microservice`, `reduced manually`.
    let verb_inside = (at..head).any(|at| {
        words.verb(lexicon, at).is_some_and(|form| form.tense == Tense::Ing && at + 1 < head && DETERMINERS.contains(&words.lower(at + 1)))
            || words.lower(at).ends_with("'s") && at == head
            || DETERMINERS[..23].contains(&words.lower(at))
    });
    let product = words.is_name(head) && words.is_one_of(head, &["server", "framework", "index", "gateway", "engine", "platform"]);
    let possessive = product || (at..head).any(|at| words.lower(at).ends_with("'s"));
    let conjoined = words.lower(end) == "and" && (words.is_word(end + 1) && words.verb_in(lexicon, end + 1, Tense::Past).is_none())
        || words.lower(end) == ",";
    // `endpoint 103`: a number behind it makes a name of it.
    let named = words.is_number(end);
    if !bare || !counted || verb_inside || possessive || conjoined || named || words.is_number(at) {
        return;
    }
    let article = match number {
        Number::Known => "the",
        Number::New => indefinite(words.0.get(at).map_or("", |piece| piece.text.as_str())),
    };
    words.replace(at..at, article);
}

/// `a` or `an`, by the sound of the word that follows.
pub(super) fn indefinite(word: &str) -> &'static str {
    let first = word.chars().next().map_or(' ', |c| c.to_ascii_lowercase());
    let lower = word.to_lowercase();
    let spelled = word.chars().take(2).filter(|c| c.is_uppercase() || c.is_ascii_digit()).count() > 1;
    let vowel = if spelled
        && !["rest", "json", "saml", "ajax", "redis", "rag", "ram", "lamp", "sap", "mean", "nasa", "nosql", "soap"]
            .contains(&lower.as_str())
    {
        "aefhilmnorsx".contains(first)
    } else if ["user", "uni", "use", "usage", "uti", "eu", "one", "once", "ui", "ux"].iter().any(|start| lower.starts_with(start))
        && !lower.starts_with("unim")
        && !lower.starts_with("unin")
    {
        false
    } else {
        "aeiou".contains(first)
            || ["hour", "html", "http", "sql", "ssl", "ssh", "sdk", "mvp", "xml", "sms", "sso", "nginx"]
                .iter()
                .any(|start| lower.starts_with(start) && (lower == *start || *start == "hour"))
    };
    if vowel { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_goes_by_sound() {
        for (word, article) in [
            ("REST", "a"),
            ("SQL", "an"),
            ("internal", "an"),
            ("user", "a"),
            ("hourly", "an"),
            ("API", "an"),
            ("XML", "an"),
            ("Redis", "a"),
            ("undocumented", "an"),
            ("uniform", "a"),
            ("Jenkins", "a"),
            ("URL", "a"),
        ] {
            assert_eq!(indefinite(word), article, "{word}");
        }
    }
}
