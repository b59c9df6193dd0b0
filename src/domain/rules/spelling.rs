//! Spelling: slips of the pen, names of products as their makers write them, hyphens, and capitals that no common noun needs.

use super::words::{Piece, Words};
use crate::domain::lexicon::Lexicon;

/// Words as they are often written, and as they are spelled; a mend is made only where it still has a receipt.
const SLIPS: [(&str, &str); 23] = [
    ("enviroment", "environment"),
    ("enviroments", "environments"),
    ("developement", "development"),
    ("maintainance", "maintenance"),
    ("maintenence", "maintenance"),
    ("perfomance", "performance"),
    ("databse", "database"),
    ("databses", "databases"),
    ("implementaion", "implementation"),
    ("sucessfully", "successfully"),
    ("recieve", "receive"),
    ("recieved", "received"),
    ("seperate", "separate"),
    ("queires", "queries"),
    ("dependancies", "dependencies"),
    ("funtionality", "functionality"),
    ("requirments", "requirements"),
    ("managment", "management"),
    ("infrastucture", "infrastructure"),
    ("existance", "existence"),
    ("comunication", "communication"),
    ("api's", "APIs"),
    ("timeouts", "times out"),
];

/// Two words that are one with a hyphen before a noun.
const HYPHENATED: [(&str, &str); 24] = [
    ("role", "based"),
    ("token", "based"),
    ("cloud", "based"),
    ("web", "based"),
    ("rule", "based"),
    ("event", "driven"),
    ("test", "driven"),
    ("user", "related"),
    ("first", "level"),
    ("second", "level"),
    ("low", "level"),
    ("high", "level"),
    ("high", "quality"),
    ("multi", "stage"),
    ("multi", "step"),
    ("single", "table"),
    ("dead", "letter"),
    ("message", "driven"),
    ("real", "time"),
    ("third", "party"),
    ("open", "source"),
    ("long", "running"),
    ("full", "text"),
    ("root", "cause"),
];

/// Common nouns that are often written like names.
const COMMON: [&str; 46] = [
    "stored",
    "procedures",
    "procedure",
    "triggers",
    "trigger",
    "functions",
    "function",
    "cursors",
    "cursor",
    "views",
    "packages",
    "tables",
    "indexes",
    "queries",
    "joins",
    "unit",
    "tests",
    "test",
    "cases",
    "integration",
    "web",
    "services",
    "service",
    "application",
    "applications",
    "database",
    "databases",
    "server",
    "servers",
    "developer",
    "developers",
    "team",
    "client",
    "clients",
    "module",
    "modules",
    "reports",
    "message",
    "driven",
    "beans",
    "code",
    "review",
    "reviews",
    "design",
    "patterns",
    "features",
];

/// Mends slips of the pen and needless capitals.
pub(super) fn mend(_: &Lexicon, words: &mut Words) {
    for at in 0..words.len() {
        if at > 0 && words.lower(at) == "&" {
            words.replace(at..at + 1, "and");
        }
        // Only a verb times out: `when a service timeouts`.
        let is_verb = words.lower(at) != "timeouts"
            || (at + 1 >= words.len() || !words.is_word(at + 1))
                && words.is_one_of(at.saturating_sub(1), &["service", "request", "call", "server", "api", "it"]);
        if let Some((_, right)) = SLIPS.iter().find(|(wrong, _)| words.lower(at) == *wrong && is_verb) {
            words.replace(at..at + 1, right);
        }
        if at > 0 && COMMON.contains(&words.lower(at)) && !words.is_name(at) && !beside_name(words, at) {
            words.lower_first(at);
        }
    }
}

/// `Google Web Toolkit`, `Design Patterns by GoF`: a capital next to other capitals may be part of a name.
fn beside_name(words: &Words, at: usize) -> bool {
    let upper = |at: Option<usize>| {
        at.and_then(|at| words.0.get(at))
            .is_some_and(|piece| piece.text.starts_with(char::is_uppercase) && !COMMON.contains(&piece.lower.as_str()))
    };
    upper(at.checked_sub(1)) || upper(Some(at + 1))
}

fn capital(words: &Words, at: usize) -> bool {
    words.0.get(at).is_some_and(|piece| piece.text.starts_with(char::is_uppercase))
}

/// Joins two words that are one before a noun: `role based access` → `role-based access`.
pub(super) fn hyphens(_: &Lexicon, words: &mut Words) {
    let mut at = 0;
    while at < words.len() {
        let pair = HYPHENATED.iter().find(|(first, second)| words.says(at, &[first, second]));
        let behind = words.lower(at + 2);
        let before_noun =
            words.is_word(at + 2) && !super::words::ends_phrase(behind) && !matches!(behind, "was" | "is" | "were" | "are" | "the");
        // `open source` as a name of its own and `in real time` stay apart.
        if let Some((first, second)) =
            pair.filter(|_| before_noun && !capital(words, at + 1) && !matches!(words.before(at), "in" | "level" | "each"))
        {
            let text = format!("{}-{second}", words.0.get(at).map_or(*first, |piece| piece.text.as_str()));
            words.replace(at..at + 2, &text);
        }
        at += 1;
    }
}

/// The makers' way to write a name that differs in more than its capitals.
const NAMES: [(&str, &str); 13] = [
    ("postgres", "PostgreSQL"),
    ("postgresql", "PostgreSQL"),
    ("postgre", "PostgreSQL"),
    ("mongo", "MongoDB"),
    ("k8s", "Kubernetes"),
    ("nodejs", "Node.js"),
    ("reactjs", "React"),
    ("expressjs", "Express"),
    ("mssql", "SQL Server"),
    ("github", "GitHub"),
    ("rabbitmq", "RabbitMQ"),
    ("javascript", "JavaScript"),
    ("dynamo", "DynamoDB"),
];

/// Writes the names of products as their makers do: `Postgres` → `PostgreSQL`, `JIRA` → `Jira`.
pub(super) fn names(lexicon: &Lexicon, words: &mut Words) {
    for at in 0..words.len() {
        if !words.is_name(at) {
            continue;
        }
        let name = words.lower(at).to_owned();
        let listed = NAMES.iter().find(|(wrong, _)| *wrong == name).map(|(_, right)| (*right).to_owned());
        // `psql`, a longer name and a plural are left alone: only the capitals of a one-word name are mended.
        let cased = Some(lexicon.display(&name)).filter(|display| *display != name && display.to_lowercase() == name).map(str::to_owned);
        let Some(right) = listed.or(cased) else { continue };
        if let Some(piece) = words.0.get_mut(at).filter(|piece| piece.text != right) {
            let Piece { text, lower, .. } = piece;
            *lower = right.to_lowercase();
            *text = right;
        }
    }
}
