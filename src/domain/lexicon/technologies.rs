//! Named technologies: every way to write them, and what they are a kind of.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::words::{as_singular, singular};
use crate::domain::text::{Folded, Span, Token, tokenize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    classes: Vec<ClassRow>,
    technologies: Vec<TechnologyRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassRow {
    id: String,
    name: String,
    terms: Vec<String>,
    #[serde(default)]
    is_a: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TechnologyRow {
    id: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    /// Homographs: only these forms count, in this case.
    #[serde(default)]
    exact: Vec<String>,
    is_a: Vec<String>,
}

/// A technology or class that a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TechnologyHit<'a> {
    /// Its id.
    pub id: &'a str,
    /// First of its tokens.
    pub first: usize,
    /// One past the last of its tokens.
    pub end: usize,
    /// Where it stands in the text as sent.
    pub span: Span,
}

/// One way to write something, as the tokenizer cuts it.
#[derive(Debug)]
struct Spelling {
    words: Vec<String>,
    exact: bool,
    id: String,
}

/// Spellings by the singular of their first word, the longest first.
type Spellings = FxHashMap<String, Vec<Spelling>>;

/// The fewest letters of a name that may be run together: shorter ones are other words.
const SOLID: usize = 7;

/// All technologies and classes.
#[derive(Debug)]
pub(super) struct Technologies {
    spellings: Spellings,
    class_spellings: Spellings,
    names: FxHashMap<String, String>,
    classes: FxHashSet<String>,
    ancestors: FxHashMap<String, FxHashSet<String>>,
}

impl Technologies {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let File { classes, technologies } = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut parents: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut names = FxHashMap::default();
        let mut taken: FxHashMap<String, String> = FxHashMap::default();
        let mut class_spellings = Spellings::default();
        let mut spellings = Spellings::default();
        let class_ids: FxHashSet<String> = classes.iter().map(|class| class.id.clone()).collect();
        for class in classes {
            for term in &class.terms {
                claim(&mut taken, &term.to_lowercase(), &class.id)?;
                let folded: Vec<String> = words_of(term).iter().map(|word| singular(&word.to_lowercase())).collect();
                add(&mut class_spellings, folded, false, &class.id);
            }
            names.insert(class.id.clone(), class.name);
            parents.insert(class.id, class.is_a);
        }
        let mut solid = Vec::new();
        for technology in technologies {
            let TechnologyRow { id, name, aliases, exact, is_a } = technology;
            let own_name = exact.is_empty().then(|| name.clone());
            for spelling in aliases.into_iter().chain(own_name) {
                claim(&mut taken, &spelling.to_lowercase(), &id)?;
                let apart = spelling.contains('-').then(|| spelling.replace('-', " "));
                let joined = spelling.contains(' ').then(|| spelling.replace(' ', "-"));
                if spelling.contains([' ', '-']) {
                    solid.push((spelling.to_lowercase().replace([' ', '-'], ""), id.clone()));
                }
                for way in [Some(spelling), apart, joined].into_iter().flatten() {
                    add(&mut spellings, words_of(&way.to_lowercase()), false, &id);
                }
            }
            for spelling in exact {
                add(&mut spellings, words_of(&spelling), true, &id);
            }
            names.insert(id.clone(), name);
            if parents.insert(id.clone(), is_a).is_some() {
                return Err(format!("`{id}` stands twice"));
            }
        }
        // `RestAssured`, `springdata`: written in one word, where no other name is written so.
        for (spelling, id) in solid {
            if spelling.len() >= SOLID && !taken.contains_key(&spelling) {
                taken.insert(spelling.clone(), id.clone());
                add(&mut spellings, words_of(&spelling), false, &id);
            }
        }
        for list in spellings.values_mut().chain(class_spellings.values_mut()) {
            list.sort_by_key(|spelling| std::cmp::Reverse(spelling.words.len()));
        }
        let ancestors = ancestors(&parents)?;
        Ok(Self { spellings, class_spellings, names, classes: class_ids, ancestors })
    }

    pub(super) fn find(&self, tokens: &[Token]) -> Vec<TechnologyHit<'_>> {
        let mut hits = self.find_words(tokens);
        let named: Vec<(usize, usize)> = hits.iter().map(|hit| (hit.first, hit.end)).collect();
        let mut taken = named.iter().copied().peekable();
        let mut inside = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            while taken.next_if(|(_, end)| *end <= at).is_some() {}
            if taken.peek().is_some_and(|(first, _)| *first <= at) || !token.is_word() {
                continue;
            }
            if let Some(id) = self.homograph(tokens, at, &named) {
                inside.push(TechnologyHit { id, first: at, end: at + 1, span: token.span });
            } else if token.text.contains(['-', '_', '\'']) {
                let parts = tokenize(&Folded::new(&token.text.replace(['-', '_', '\''], " ")));
                inside.extend(self.find_words(&parts).into_iter().map(|hit| TechnologyHit {
                    id: hit.id,
                    first: at,
                    end: at + 1,
                    span: token.span,
                }));
            }
        }
        hits.extend(inside);
        hits.sort_by_key(|hit| hit.first);
        hits
    }

    /// Whole words and runs of words that spell a name.
    fn find_words(&self, tokens: &[Token]) -> Vec<TechnologyHit<'_>> {
        find(&self.spellings, tokens, |token, spelling, word| {
            if spelling.exact {
                token.text == *word || plural_of(&token.text, word)
            } else {
                token.lower == *word || (word.len() > 4 || plural_acronym(&token.text)) && token.lower.strip_suffix('s') == Some(word)
            }
        })
    }

    /// `rest apis`, `in go`, `socket.io and node`: a name that is also a word, in the wrong case, beside a word that tells which is meant.
    fn homograph(&self, tokens: &[Token], at: usize, named: &[(usize, usize)]) -> Option<&str> {
        let token = tokens.get(at)?;
        let spelling = self.spellings.get(as_singular(&token.lower).as_ref())?.iter().find(|spelling| {
            let [word] = spelling.words.as_slice() else { return false };
            spelling.exact && word.to_lowercase() == token.lower
        })?;
        let written_in = ["programming-language", "web-framework", "frontend-framework", "data-tool", "runtime"];
        let is_any = |classes: &[&str]| classes.iter().any(|class| self.is_kind_of(&spelling.id, class));
        let word = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |token| token.lower.as_str());
        let before = word(at.checked_sub(1));
        let after = word(Some(at + 1));
        let is_made = WRITTEN.contains(&as_singular(after).as_ref()) && (is_any(&written_in) || is_any(&["api-style"]));
        let ends =
            tokens.get(at + 1).is_none_or(|next| !next.is_word()) || matches!(after, "and" | "or" | "for" | "on" | "at" | "by" | "using");
        let written_with = matches!(before, "in" | "with" | "using" | "via") && ends && (is_any(&written_in) || is_any(&TOOLS));
        // `parser in go handles`; `in go live` is no language.
        let in_language = before == "in"
            && is_any(&["programming-language"])
            && !matches!(after, "live" | "to" | "&" | "-" | "mode" | "action")
            && at.checked_sub(2).is_some_and(|thing| tokens.get(thing).is_some_and(Token::is_word));
        // `slack bot`, `config of spring`.
        let is_noun = NOUNS.contains(&token.lower.as_str());
        let has_thing = is_noun
            && (THINGS.contains(&as_singular(after).as_ref())
                || before == "of" && at.checked_sub(2).is_some_and(|thing| THINGS.contains(&as_singular(word(Some(thing))).as_ref())));
        // `node, socket.io`, `excel vba`: beside a name that no word is.
        let joins = |word: &str| matches!(word, "," | ";" | "/" | "&" | "+" | "and");
        let is_named = |at: usize| named.iter().any(|(first, end)| (*first..*end).contains(&at));
        let listed = is_noun
            && (is_named(at + 1) || joins(after) && is_named(at + 2) || joins(before) && ends && at.checked_sub(2).is_some_and(is_named));
        // `node and express`
        let with_node = token.lower == "express" && joins(before) && at.checked_sub(2).is_some_and(|two| word(Some(two)) == "node");
        (with_node || is_made || written_with || in_language || has_thing || listed).then_some(spelling.id.as_str())
    }

    pub(super) fn find_classes(&self, tokens: &[Token]) -> Vec<TechnologyHit<'_>> {
        // `VMs`, `DBs`: too short for a plural of the lists.
        find(&self.class_spellings, tokens, |token, _, word| {
            as_singular(&token.lower) == *word || plural_acronym(&token.text) && token.lower.strip_suffix('s') == Some(word)
        })
    }

    pub(super) fn is_kind_of(&self, special: &str, general: &str) -> bool {
        special == general || self.ancestors.get(special).is_some_and(|up| up.contains(general))
    }

    /// The id that a single lower-case word names.
    pub(super) fn id_of(&self, lower: &str) -> Option<&str> {
        let list = self.spellings.get(as_singular(lower).as_ref())?;
        list.iter().find(|spelling| matches!(spelling.words.as_slice(), [word] if *word == lower)).map(|spelling| spelling.id.as_str())
    }

    pub(super) fn display<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.get(id).map_or(id, String::as_str)
    }

    pub(super) fn knows_class(&self, id: &str) -> bool {
        self.classes.contains(id)
    }
}

/// Names of technologies that are everyday words of a bullet.
pub(super) const EVERYDAY: [&str; 46] = [
    "go",
    "rest",
    "react",
    "express",
    "play",
    "next",
    "nest",
    "less",
    "square",
    "linear",
    "relay",
    "safe",
    "solid",
    "explain",
    "segment",
    "render",
    "notion",
    "slack",
    "acid",
    "spring",
    "storm",
    "beam",
    "glue",
    "windows",
    "assembly",
    "echo",
    "excel",
    "swift",
    "c",
    "r",
    "node",
    "salt",
    "rails",
    "spark",
    "flow",
    "serializable",
    "atlas",
    "bottle",
    "slim",
    "fiber",
    "rocket",
    "warp",
    "crystal",
    "vault",
    "composer",
    "make",
];

/// Things that are written in a language or with a framework: `rest api`, `react component`.
const WRITTEN: [&str; 25] = [
    "svc",
    "lambda",
    "worker",
    "api",
    "endpoint",
    "service",
    "app",
    "application",
    "job",
    "code",
    "backend",
    "frontend",
    "component",
    "page",
    "framework",
    "developer",
    "library",
    "module",
    "microservice",
    "script",
    "program",
    "interface",
    "server",
    "pipeline",
    "codebase",
];

/// Everyday words that are things and no deeds, so that they may stand for the tool of that name: `slack bot`, and not `go`.
const NOUNS: [&str; 16] = [
    "slack", "spring", "spark", "excel", "node", "notion", "windows", "vault", "beam", "glue", "storm", "atlas", "rails", "salt", "helm",
    "flask",
];

/// Things that belong to a tool.
const THINGS: [&str; 28] = [
    "bot",
    "channel",
    "notification",
    "alert",
    "webhook",
    "workspace",
    "config",
    "configuration",
    "bean",
    "annotation",
    "cluster",
    "job",
    "topology",
    "sheet",
    "spreadsheet",
    "macro",
    "secret",
    "server",
    "app",
    "backend",
    "service",
    "chart",
    "export",
    "import",
    "streaming",
    "script",
    "version",
    "context",
];

/// Classes of tools that stand behind `with`: `with helm`.
const TOOLS: [&str; 5] = ["orchestrator", "kubernetes", "config-tool", "iac-tool", "workflow-tool"];

/// `JWTs`, `LLMs`: an acronym in the plural.
fn plural_acronym(text: &str) -> bool {
    text.strip_suffix('s').is_some_and(|root| root.len() > 1 && root.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()))
}

fn plural_of(text: &str, word: &str) -> bool {
    plural_acronym(text) && text.strip_suffix('s') == Some(word)
}

fn words_of(spelling: &str) -> Vec<String> {
    tokenize(&Folded::new(spelling)).into_iter().map(|token| token.text).collect()
}

fn claim(taken: &mut FxHashMap<String, String>, spelling: &str, id: &str) -> Result<(), String> {
    match taken.insert(spelling.to_owned(), id.to_owned()) {
        Some(other) if other != id => Err(format!("`{spelling}` belongs to both `{other}` and `{id}`")),
        _ => Ok(()),
    }
}

fn add(spellings: &mut Spellings, words: Vec<String>, exact: bool, id: &str) {
    if let Some(first) = words.first() {
        let list = spellings.entry(singular(&first.to_lowercase())).or_default();
        if !list.iter().any(|known| known.words == words && known.exact == exact) {
            list.push(Spelling { words, exact, id: id.to_owned() });
        }
    }
}

fn find<'a>(spellings: &'a Spellings, tokens: &[Token], same: impl Fn(&Token, &Spelling, &String) -> bool) -> Vec<TechnologyHit<'a>> {
    let mut hits = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let candidates = spellings
            .get(as_singular(&token.lower).as_ref())
            .or_else(|| token.lower.strip_suffix('s').filter(|_| plural_acronym(&token.text)).and_then(|root| spellings.get(root)))
            .map_or(&[][..], Vec::as_slice);
        let hit = candidates.iter().find_map(|spelling| {
            let end = at + spelling.words.len();
            let window = tokens.get(at..end)?;
            let fits = window.iter().zip(&spelling.words).all(|(token, word)| same(token, spelling, word));
            // `SQL injection`, `rate limiting`: spaces may stand between words, so only the tokens decide.
            fits.then(|| {
                let span = window.iter().map(|token| token.span).reduce(Span::join).unwrap_or(token.span);
                TechnologyHit { id: &spelling.id, first: at, end, span }
            })
        });
        at = hit.as_ref().map_or(at + 1, |hit| hit.end);
        hits.extend(hit);
    }
    hits
}

/// Everything above each id; an unknown or circular parent is an error.
fn ancestors(parents: &BTreeMap<String, Vec<String>>) -> Result<FxHashMap<String, FxHashSet<String>>, String> {
    let mut all = FxHashMap::default();
    for id in parents.keys() {
        let mut up = FxHashSet::default();
        let mut open: Vec<&String> = parents.get(id).into_iter().flatten().collect();
        while let Some(parent) = open.pop() {
            if parent == id {
                return Err(format!("`{id}` is a kind of itself"));
            }
            let above = parents.get(parent).ok_or_else(|| format!("`{id}` is a kind of the unknown `{parent}`"))?;
            if up.insert(parent.clone()) {
                open.extend(above);
            }
        }
        all.insert(id.clone(), up);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use crate::domain::lexicon::Lexicon;
    use crate::domain::text::{Folded, tokenize};

    fn ids(text: &str) -> Vec<String> {
        let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
        lexicon.technologies_in(&tokenize(&Folded::new(text))).iter().map(|hit| hit.id.to_owned()).collect()
    }

    #[test]
    fn the_longest_name_wins_and_aliases_lead_to_one_id() {
        for (text, expected) in [
            ("Deployed to k8s and Kubernetes", &["kubernetes", "kubernetes"][..]),
            ("Wrote JavaScript, not Java", &["javascript", "java"]),
            ("Moved Postgres data", &["postgresql"]),
            ("Used NoSQL beside SQL", &["nosql", "sql"]),
        ] {
            assert_eq!(ids(text), expected, "{text}");
        }
    }

    #[test]
    fn a_homograph_counts_in_its_exact_case_only() {
        assert_eq!(ids("ready to go and react to the rest"), Vec::<String>::new());
        assert_eq!(ids("Built REST APIs in Go"), ["rest", "go"]);
    }

    #[test]
    fn a_special_thing_is_every_more_general_thing_and_never_the_reverse() {
        let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
        assert!(lexicon.is_kind_of("redis", "cache"));
        assert!(lexicon.is_kind_of("postgresql", "database"));
        assert!(!lexicon.is_kind_of("cache", "redis"));
    }
}
