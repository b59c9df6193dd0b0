//! A second reading of a rewrite, simple on purpose: what stands in it and nowhere in the bullet or the facts.
//!
//! It shares no code with the check that vouches for rewrites, so that a mistake of the check shows here. It compares words and nothing else:
//!
//! - It sees a number, a unit, a name, a technology or a word that is new, and an opening verb of leadership (`Led`) that is new.
//! - It does not see who did what, order, denial, certainty, tense, what a number counts, what was lost, or how much another opening verb claims.
//! - It takes a synonym, an abbreviation or the same value in another unit for new, since it knows none.

use std::collections::BTreeSet;

use super::stems::{is_irregular, plain, stem};

/// Words that claim nothing by themselves, and what is left of a possessive.
const GLUE: &[&str] = &[
    "a", "after", "also", "an", "and", "are", "as", "at", "based", "be", "been", "before", "but", "by", "during", "for", "from", "had",
    "has", "have", "if", "in", "into", "is", "it", "its", "of", "off", "on", "onto", "or", "other", "out", "over", "per", "plus", "s",
    "since", "so", "such", "than", "that", "the", "their", "them", "then", "these", "they", "this", "those", "through", "to", "under",
    "up", "using", "via", "was", "were", "when", "where", "which", "while", "who", "with",
];

/// Opening verbs that claim to have led; any other opening verb is passed over.
const LEADERSHIP: &[&str] = &[
    "architected",
    "chaired",
    "directed",
    "drove",
    "founded",
    "headed",
    "led",
    "managed",
    "mentored",
    "orchestrated",
    "oversaw",
    "owned",
    "pioneered",
    "spearheaded",
    "supervised",
];

/// Stems of words for the change of a figure.
const CHANGES: &[&str] = &["bring", "cut", "decreas", "drop", "grow", "increas", "low", "rais", "reduc", "shorten"];

/// What a technology's name may end in and be the same without.
const NAME_ENDINGS: &[&str] = &["js", "db", "sql", "ql"];

/// What a text says that its evidence does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unvouched {
    /// Numbers.
    pub numbers: Vec<String>,
    /// Names and technologies: tokens with a capital, with a digit behind a letter, or with a `#`.
    pub names: Vec<String>,
    /// Other words.
    pub words: Vec<String>,
}

impl Unvouched {
    /// What stands in `text` and in none of the texts of the evidence.
    pub fn read(evidence: &[&str], text: &str) -> Self {
        let evidence = Evidence::read(evidence);
        let tokens = tokens(text);
        let mut found = Self::default();
        for (at, token) in tokens.iter().enumerate() {
            let neighbours = (at.checked_sub(1).and_then(|before| tokens.get(before)), tokens.get(at + 1));
            if GLUE.contains(&token.to_lowercase().as_str()) || evidence.holds(token, neighbours) {
                continue;
            }
            let rest = tokens.get(at + 1..).unwrap_or_default();
            if is_number(token) {
                found.numbers.push(token.clone());
            } else if is_name(token, at == 0) {
                found.names.push(token.clone());
            } else if !(evidence.holds_stem(token) || evidence.holds_change(token, rest) || (at == 0 && is_plain_verb(token))) {
                found.words.push(token.clone());
            }
        }
        found
    }

    /// Whether the evidence holds everything.
    pub const fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.names.is_empty() && self.words.is_empty()
    }

    /// Everything that was found: numbers, then names, then words.
    pub fn all(&self) -> Vec<&str> {
        let Self { numbers, names, words } = self;
        [numbers, names, words].into_iter().flatten().map(String::as_str).collect()
    }
}

/// The words of the evidence.
struct Evidence {
    /// Every token, and every two or three that follow each other as one: `My SQL` holds `MySQL`.
    plain: BTreeSet<String>,
    stems: BTreeSet<String>,
}

impl Evidence {
    fn read(texts: &[&str]) -> Self {
        let mut read = Self { plain: BTreeSet::new(), stems: BTreeSet::new() };
        for text in texts {
            let tokens = tokens(text);
            for token in &tokens {
                read.stems.insert(stem(token));
                read.plain.extend(without_ending(token));
                read.plain.insert(plain(token));
            }
            for size in [2, 3] {
                let runs = tokens.windows(size).filter(|run| !run.iter().all(|token| is_number(token)));
                read.plain.extend(runs.map(|run| run.iter().map(|token| plain(token)).collect::<String>()));
            }
        }
        read
    }

    /// Whether a token stands in the evidence, alone or written as one with a neighbour.
    fn holds(&self, token: &str, (before, after): (Option<&String>, Option<&String>)) -> bool {
        let own = plain(token);
        let joined = [before.map(|before| plain(before) + &own), after.map(|after| own.clone() + &plain(after))];
        let mut written = joined.into_iter().flatten().chain(without_ending(token)).chain([own.clone()]);
        written.any(|written| self.plain.contains(&written))
    }

    fn holds_stem(&self, token: &str) -> bool {
        self.stems.contains(&stem(token))
    }

    /// Whether a word for a change is followed by two figures that stand in the evidence; which way they go is not compared.
    fn holds_change(&self, token: &str, rest: &[String]) -> bool {
        let figures: BTreeSet<String> = rest.iter().filter(|token| is_number(token)).map(|token| plain(token)).collect();
        CHANGES.contains(&stem(token).as_str()) && figures.iter().filter(|figure| self.plain.contains(*figure)).count() >= 2
    }
}

/// A name without the ending that many technologies have: `mongo` for `MongoDB`.
fn without_ending(token: &str) -> Option<String> {
    let lower = token.to_lowercase();
    let rest = NAME_ENDINGS.iter().find_map(|ending| lower.strip_suffix(ending))?;
    (rest.len() >= 4).then(|| plain(rest))
}

fn is_number(token: &str) -> bool {
    token.starts_with(|c: char| c.is_numeric())
}

/// Whether a token looks like a name; the capital that opens a line makes none.
fn is_name(token: &str, opens: bool) -> bool {
    let behind_the_first = token.chars().skip(1).any(|c| c.is_uppercase() || c.is_numeric() || c == '#' || c == '+');
    behind_the_first || (!opens && token.starts_with(char::is_uppercase))
}

/// Whether the opening word of a line is a past tense that claims no leadership.
fn is_plain_verb(token: &str) -> bool {
    let lower = token.to_lowercase();
    (lower.ends_with("ed") || is_irregular(&lower)) && !LEADERSHIP.contains(&lower.as_str())
}

/// The words and numbers of a text; `%` is one, a comma before three digits is none, and `Node.js` is one word.
fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut token = String::new();
    for (at, c) in chars.iter().copied().enumerate() {
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        let (after_digit, before_digit) = (token.ends_with(char::is_numeric), next.is_numeric());
        if c.is_alphanumeric() || (matches!(c, '+' | '#') && token.ends_with(|c: char| c.is_alphabetic() || c == '+')) {
            token.push(c);
        } else if matches!(c, '.' | ',') && after_digit && before_digit {
            let digits = chars.iter().skip(at + 1).take_while(|c| c.is_numeric()).count();
            if c == '.' || digits != 3 {
                token.push('.');
            }
        } else if !(c == '.' && token.ends_with(char::is_alphabetic) && next.is_alphabetic()) {
            tokens.extend((!token.is_empty()).then(|| std::mem::take(&mut token)));
            tokens.extend((c == '%').then(|| "percent".to_owned()));
        }
    }
    tokens.extend((!token.is_empty()).then_some(token));
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bullet: &str, facts: &str, text: &str) -> String {
        Unvouched::read(&[bullet, facts], text).all().join(" ")
    }

    #[test]
    fn what_is_new_is_seen() {
        for (bullet, text, expected) in [
            ("Added caching to the catalogue.", "Added caching to 3 catalogues", "3"),
            ("Cut the build from 40 to 12 minutes.", "Cut the build from 40 to 12 seconds", "seconds"),
            ("Raised coverage by 40 points.", "Raised coverage by 40 %", "percent"),
            ("Added caching to the catalogue.", "Added Redis caching to the catalogue", "Redis"),
            ("Wrote Java services.", "Wrote JavaScript services", "JavaScript"),
            ("Moved files to the server.", "Moved files to S3", "S3"),
            ("Added an index to the orders table.", "Added an index to the orders table, improving performance", "improving performance"),
            ("Fixed bugs in the importer.", "Fixed all bugs in the importer", "all"),
            ("Took part in the migration.", "Led the migration", "Led"),
            ("Added an index.", "Added an index, cutting load times", "cutting load times"),
        ] {
            assert_eq!(found(bullet, "", text), expected, "{text}");
        }
    }

    #[test]
    fn what_stands_in_the_bullet_or_the_facts_is_passed_over() {
        for (bullet, facts, text) in [
            ("Responsible for running the nightly imports in My SQL", "three servers", "Ran the nightly imports in MySQL on 3 servers"),
            ("wrote springboot services on node and postgres", "", "Wrote Spring Boot services on Node.js and PostgreSQL"),
            ("Worked on the team's timeouts.", "", "Contributed to timeouts of the team"),
            ("Indexed 1,200,000 rows, 30ms each", "", "Indexed 1200000 rows at 30 ms each"),
            ("Made onboarding easier.", "it went from 3 weeks to 4 days", "Made onboarding easier, cutting it from 3 weeks to 4 days"),
            ("Raised coverage by 40 percent.", "", "Raised coverage by 40%"),
            ("Was mentoring two interns in C++ and C#.", "", "Mentored two interns in C++ and C#"),
            ("Did reviews on a regular basis, also audits", "", "Did reviews regularly, plus audits"),
        ] {
            assert_eq!(found(bullet, facts, text), "", "{text}");
        }
    }

    #[test]
    fn what_it_cannot_see_passes() {
        for (bullet, text) in [
            ("Was mentored by two architects.", "Mentored two architects"),
            ("Did not touch the report.", "Touched the report"),
            ("Began to move the billing module.", "Moved the billing module"),
            ("Worked on the billing module.", "Built the billing module"),
            ("Ran 3 servers for 40 users.", "Ran 40 servers for 3 users"),
        ] {
            assert_eq!(found(bullet, "", text), "", "{text}");
        }
    }

    #[test]
    fn numbers_names_and_words_are_kept_apart() {
        let read = Unvouched::read(&["Added caching."], "Added Redis caching to 3 busy services");
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(read, Unvouched { numbers: owned(&["3"]), names: owned(&["Redis"]), words: owned(&["busy", "services"]) });
    }
}
