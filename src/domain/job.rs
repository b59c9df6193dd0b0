//! What a job asks for, read out of its description: names of technologies and the keywords of the guide.
//!
//! A job description is never evidence. What it asks for and the evidence supports is a wish for wording; what nothing supports is told to the
//! writer and stays out of every text. A description is read once, in one pass, however many bullets are held against it.

use std::collections::HashMap;
use std::sync::Arc;

use super::facts::{Reading, Technology};
use super::grounding::Evidence;
use super::guide::{Means, Term, Terms};
use super::lexicon::Lexicon;
use super::text::Token;

/// The most keywords of one description; those that it names most often.
const MOST: usize = 40;

/// A job description, read.
#[derive(Debug)]
pub struct JobDescription {
    reading: Arc<Reading>,
    keywords: Vec<Term>,
}

/// How far a bullet and its rewrite meet one keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// The rewrite names it.
    Used,
    /// The evidence supports it, and the rewrite does not name it.
    Supported,
    /// Nothing supports it.
    Unsupported,
}

impl JobDescription {
    /// Reads a description.
    pub fn new(lexicon: &Lexicon, terms: &Terms, text: &str) -> Self {
        let reading = Reading::new(text, lexicon);
        let keywords = keywords(lexicon, terms, &reading);
        Self { reading: Arc::new(reading), keywords }
    }

    /// The description as the check reads it.
    pub const fn reading(&self) -> &Arc<Reading> {
        &self.reading
    }

    /// What it asks for, by how often it says so.
    pub fn keywords(&self) -> &[Term] {
        &self.keywords
    }

    /// What it asks for and the evidence supports.
    pub fn supported<'a>(&'a self, lexicon: &'a Lexicon, evidence: &'a Evidence) -> impl Iterator<Item = &'a Term> {
        self.keywords.iter().filter(|term| is_supported(lexicon, evidence, term))
    }

    /// What it asks for, and how far the evidence and a rewrite of it meet that.
    pub fn met<'a>(&'a self, lexicon: &'a Lexicon, evidence: &'a Evidence, rewrite: &'a Reading) -> impl Iterator<Item = (&'a Term, Met)> {
        self.keywords.iter().map(move |term| {
            let met = if !is_supported(lexicon, evidence, term) {
                Met::Unsupported
            } else if names(rewrite, term) {
                Met::Used
            } else {
                Met::Supported
            };
            (term, met)
        })
    }
}

/// Whether a text names it, in any spelling.
fn names(text: &Reading, term: &Term) -> bool {
    match &term.means {
        Means::Technology(id) => text.technologies.iter().chain(&text.classes).any(|known| known.id == *id),
        Means::Words(stems) => text.stems.windows(stems.len()).any(|window| window == stems.as_slice()),
    }
}

/// Whether the evidence names it, or a kind of it, and does not deny it.
fn is_supported(lexicon: &Lexicon, evidence: &Evidence, term: &Term) -> bool {
    match &term.means {
        Means::Technology(id) => !evidence.denies(id) && !evidence.bullet_denies(id) && evidence.supports(id, lexicon),
        Means::Words(stems) => evidence.readings().any(|text| {
            let is_denied = text.denials.iter().any(|denial| denial.is_plain && stems.iter().any(|stem| denial.about.contains(stem)));
            !is_denied && names(text, term)
        }),
    }
}

fn keywords(lexicon: &Lexicon, terms: &Terms, reading: &Reading) -> Vec<Term> {
    let mut counts: HashMap<Term, (usize, usize)> = HashMap::new();
    let mut technologies = reading.technologies.iter().peekable();
    let mut at = 0;
    while at < reading.tokens.len() {
        while technologies.next_if(|known| known.first < at).is_some() {}
        let technology = technologies.peek().filter(|known| known.first == at);
        let of_guide = terms.longest_at(&reading.stems, at);
        // `REST API` is one wish, and not REST and an API.
        let (term, end) = match (technology, of_guide) {
            (Some(known), of_guide) if of_guide.is_none_or(|(_, end)| end <= known.end) => {
                let term = Term { name: lexicon.display(&known.id).to_owned(), means: Means::Technology(known.id.clone()) };
                (Some(term).filter(|_| !is_turn_of_phrase(lexicon, &reading.tokens, known)), known.end)
            }
            (_, Some((term, end))) => (Some(term.clone()), end),
            (_, None) => (None, at + 1),
        };
        if let Some(term) = term.filter(|_| !is_denied(&reading.tokens, at)) {
            let first = counts.len();
            counts.entry(term).or_insert((0, first)).0 += 1;
        }
        at = end.max(at + 1);
    }
    let mut found: Vec<(Term, (usize, usize))> = counts.into_iter().collect();
    found.sort_by_key(|(_, (count, first))| (std::cmp::Reverse(*count), *first));
    found.into_iter().map(|(term, _)| term).take(MOST).collect()
}

/// `Go beyond the ticket`, `Express yourself`: an everyday word at the beginning of a sentence that goes on small is no product.
fn is_turn_of_phrase(lexicon: &Lexicon, tokens: &[Token], known: &Technology) -> bool {
    let opens =
        known.first.checked_sub(1).and_then(|before| tokens.get(before)).is_none_or(|before| !before.is_word() && !before.is_mark(","));
    let goes_on = tokens.get(known.end).is_some_and(|next| next.is_word() && next.text.starts_with(char::is_lowercase));
    let is_everyday = tokens.get(known.first).is_some_and(|token| lexicon.is_everyday_word(&token.lower));
    known.end == known.first + 1 && is_everyday && opens && goes_on && tokens.get(known.end).is_some_and(|next| next.lower != "and")
}

/// `no PHP`, `not Java`: the word right before it takes it away.
fn is_denied(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    before.is_some_and(|before| matches!(before.lower.as_str(), "no" | "not" | "never" | "without"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guide::Guide;

    static LEXICON: std::sync::LazyLock<Lexicon> = std::sync::LazyLock::new(|| Lexicon::embedded().expect("the embedded lists are sound"));
    static GUIDE: std::sync::LazyLock<Guide> = std::sync::LazyLock::new(|| {
        Guide::parse("g", include_str!("../../guides/backend-developer.toml"), &LEXICON).expect("the guide is sound")
    });

    fn job(text: &str) -> JobDescription {
        JobDescription::new(&LEXICON, GUIDE.terms(), text)
    }

    fn names_of(text: &str) -> Vec<String> {
        job(text).keywords().iter().map(|term| term.name.clone()).collect()
    }

    fn met(text: &str, bullet: &str, facts: &str, rewrite: &str) -> Vec<(String, Met)> {
        let evidence = Evidence::new(&LEXICON, bullet, &[facts], &[]);
        job(text).met(&LEXICON, &evidence, &Reading::new(rewrite, &LEXICON)).map(|(term, met)| (term.name.clone(), met)).collect()
    }

    #[test]
    fn technologies_and_keywords_of_the_guide_are_asked_for_and_plain_words_are_not() {
        assert_eq!(
            names_of("You will build REST APIs and event-driven microservices in Java, run them on k8s, and share on-call. Java again."),
            ["Java", "REST API", "event-driven architecture", "microservices", "Kubernetes", "on-call"]
        );
        assert_eq!(names_of("We are a friendly team with free fruit and a table for tennis."), Vec::<String>::new());
    }

    #[test]
    fn what_a_job_denies_or_says_by_the_way_is_not_asked_for() {
        assert_eq!(names_of("No PHP here. Go beyond the ticket. Not Java, but Kotlin."), ["Kotlin"]);
        assert_eq!(names_of("- Go\n- Kafka"), ["Go", "Kafka"]);
    }

    #[test]
    fn a_keyword_is_supported_by_another_name_and_by_a_kind_of_the_thing_and_by_nothing_else() {
        let wanted = "Kubernetes, message queues, code review, Redis";
        assert_eq!(
            met(
                wanted,
                "Moved billing to k8s, with Kafka between the parts",
                "",
                "Moved billing to Kubernetes, with Kafka between the parts"
            ),
            [
                ("Kubernetes".to_owned(), Met::Used),
                ("message queue".to_owned(), Met::Supported),
                ("code review".to_owned(), Met::Unsupported),
                ("Redis".to_owned(), Met::Unsupported),
            ]
        );
    }

    #[test]
    fn what_the_evidence_denies_supports_nothing() {
        assert_eq!(met("Redis", "Added caching", "we did not use Redis", "Added caching"), [("Redis".to_owned(), Met::Unsupported)]);
        assert_eq!(met("code review", "Wrote code without code review", "", "Wrote code"), [("code review".to_owned(), Met::Unsupported)]);
    }
}
