//! Which skill of the guide does a bullet show? By its words alone, always the same, with reasons.
//!
//! Every keyword of a skill has a weight; the longest spelling that fits takes its words up, so that `SQL injection` is no `SQL`.
//! A bullet is given the skill with the highest sum, and none when no sum reaches [`ENOUGH`].

use std::collections::{BTreeMap, BTreeSet};

use super::guide::{Guide, Keyword, SkillEntry};
use super::lexicon::singular;
use super::text::{Folded, Span, Token, tokenize};

/// The sum of weights from which on a bullet shows a skill.
pub const ENOUGH: u32 = 3;

/// The best candidates for a bullet.
#[derive(Debug, Clone, PartialEq)]
pub struct SkillMatch<'a> {
    /// The skill, if one is shown.
    pub skill: Option<&'a SkillEntry>,
    /// Every skill that any word speaks for, best first.
    pub candidates: Vec<Candidate<'a>>,
}

/// One skill that words of the bullet speak for.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'a> {
    /// The skill.
    pub skill: &'a SkillEntry,
    /// Sum of the weights.
    pub weight: u32,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    /// The keywords that were found, heaviest first, as the bullet writes them.
    pub matched: Vec<String>,
}

/// The spellings of one guide, cut into words once.
#[derive(Debug)]
pub struct Matcher {
    skills: Vec<SkillTerms>,
}

#[derive(Debug)]
struct SkillTerms {
    /// By first word; longest first.
    terms: BTreeMap<String, Vec<Term>>,
    not_this: Vec<Vec<String>>,
}

#[derive(Debug)]
struct Term {
    words: Vec<String>,
    keyword: usize,
}

/// A keyword found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeywordHit {
    /// Its position in the skill's list.
    pub keyword: usize,
    /// Where it stands in the text as sent.
    pub span: Span,
}

impl Matcher {
    /// Prepares a guide.
    pub fn new(guide: &Guide) -> Self {
        Self { skills: guide.skills().iter().map(SkillTerms::new).collect() }
    }

    /// Picks the skill of a bullet.
    pub fn pick<'a>(&self, guide: &'a Guide, bullet: &str) -> SkillMatch<'a> {
        let tokens = tokenize(&Folded::new(bullet));
        let mut candidates: Vec<Candidate<'a>> = Vec::new();
        for (skill, terms) in guide.skills().iter().zip(&self.skills) {
            let hits = terms.find(&tokens);
            let weight = weigh(&skill.keywords, &hits);
            if weight > 0 {
                candidates.push(Candidate { skill, weight, confidence: 0.0, matched: matched(&skill.keywords, &hits, bullet) });
            }
        }
        // Equal sums keep the guide's order, which puts the more wanted skill first.
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.weight));
        let weights: Vec<u32> = candidates.iter().map(|candidate| candidate.weight).collect();
        for (at, candidate) in candidates.iter_mut().enumerate() {
            let rival = if at == 0 { weights.get(1) } else { weights.first() }.copied().unwrap_or(0);
            candidate.confidence = confidence(candidate.weight, rival);
        }
        let skill = candidates.first().filter(|best| best.weight >= ENOUGH).map(|best| best.skill);
        SkillMatch { skill, candidates }
    }

    /// The keywords of one skill that a text names.
    pub fn keywords_in(&self, guide: &Guide, skill: &SkillEntry, text: &str) -> Vec<KeywordHit> {
        let position = guide.skills().iter().position(|known| known.id == skill.id);
        position.and_then(|at| self.skills.get(at)).map(|terms| terms.find(&tokenize(&Folded::new(text)))).unwrap_or_default()
    }
}

impl SkillTerms {
    fn new(skill: &SkillEntry) -> Self {
        let mut terms: BTreeMap<String, Vec<Term>> = BTreeMap::new();
        for (keyword, Keyword { term, aliases, .. }) in skill.keywords.iter().enumerate() {
            for spelling in aliases.iter().chain([term]) {
                let words = words_of(spelling);
                if let Some(first) = words.first() {
                    terms.entry(first.clone()).or_default().push(Term { words, keyword });
                }
            }
        }
        for list in terms.values_mut() {
            list.sort_by_key(|term| std::cmp::Reverse(term.words.len()));
        }
        Self { terms, not_this: skill.not_this.iter().map(|phrase| words_of(phrase)).collect() }
    }

    fn find(&self, tokens: &[Token]) -> Vec<KeywordHit> {
        let words: Vec<String> = tokens.iter().map(|token| singular(&token.lower)).collect();
        let masked: BTreeSet<usize> = self.not_this.iter().flat_map(|phrase| places(&words, phrase)).collect();
        let mut hits = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let fits = |term: &&Term| {
                let end = at + term.words.len();
                words.get(at..end) == Some(term.words.as_slice()) && (at..end).all(|taken| !masked.contains(&taken))
            };
            match self.terms.get(word).and_then(|list| list.iter().find(fits)) {
                Some(term) => {
                    let end = at + term.words.len();
                    let span = tokens.get(at..end).into_iter().flatten().map(|token| token.span).reduce(Span::join);
                    hits.extend(span.map(|span| KeywordHit { keyword: term.keyword, span }));
                    at = end;
                }
                None => at += 1,
            }
        }
        hits
    }
}

fn words_of(spelling: &str) -> Vec<String> {
    tokenize(&Folded::new(spelling)).iter().map(|token| singular(&token.lower)).collect()
}

/// Every token that is part of a phrase.
fn places(words: &[String], phrase: &[String]) -> Vec<usize> {
    let starts = (0..words.len()).filter(|at| !phrase.is_empty() && words.get(*at..at + phrase.len()) == Some(phrase));
    starts.flat_map(|at| at..at + phrase.len()).collect()
}

/// A keyword counts once, however often it stands.
fn weigh(keywords: &[Keyword], hits: &[KeywordHit]) -> u32 {
    let distinct: BTreeSet<usize> = hits.iter().map(|hit| hit.keyword).collect();
    distinct.iter().filter_map(|at| keywords.get(*at)).map(|keyword| u32::from(keyword.weight)).sum()
}

fn matched(keywords: &[Keyword], hits: &[KeywordHit], bullet: &str) -> Vec<String> {
    let mut hits: Vec<&KeywordHit> = hits.iter().collect();
    hits.sort_by_key(|hit| std::cmp::Reverse(keywords.get(hit.keyword).map_or(0, |keyword| keyword.weight)));
    let mut seen = BTreeSet::new();
    hits.into_iter().filter(|hit| seen.insert(hit.keyword)).map(|hit| hit.span.of(bullet)).collect()
}

/// How sure a candidate is, 0 to 1, from its weight and that of its best rival.
///
/// Without a rival, the weight [`ENOUGH`] stands at 0.5, so that a lone candidate is given exactly when it is surer than not;
/// an equal rival takes a third away. A rule of thumb, not a probability.
fn confidence(weight: u32, rival: u32) -> f64 {
    let (own, rival, enough) = (f64::from(weight), f64::from(rival), f64::from(ENOUGH));
    let strength = own.powi(3) / (own.powi(3) + enough.powi(3));
    let lead = own / (own + rival / 2.0);
    (strength * lead * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lexicon::Lexicon;

    fn guide() -> Guide {
        let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
        Guide::parse("backend-developer.toml", include_str!("../../guides/backend-developer.toml"), &lexicon).expect("the guide is sound")
    }

    fn check(cases: &[(&str, Option<&str>)]) {
        let guide = guide();
        let matcher = Matcher::new(&guide);
        for (bullet, expected) in cases {
            let found = matcher.pick(&guide, bullet);
            assert_eq!(found.skill.map(|skill| skill.id.as_str()), *expected, "{bullet}: {:?}", found.candidates);
        }
    }

    #[test]
    fn the_five_weak_bullets_show_the_skills_of_the_guide() {
        check(&[
            ("Optimized database performance for the application.", Some("relational-design")),
            ("Built REST APIs for the mobile and web clients.", Some("rest-api")),
            ("Used Kafka for message processing.", Some("message-queues")),
            ("Added caching to improve API performance.", Some("caching")),
            ("Implemented authentication for the platform.", Some("auth")),
        ]);
    }

    #[test]
    fn the_most_specific_claim_decides() {
        check(&[
            ("Built APIs with a Redis cache to take peak load", Some("caching")),
            ("Secured the REST API with OAuth and JWT", Some("auth")),
            ("Fixed an SQL injection in the search form", Some("api-security")),
        ]);
    }

    #[test]
    fn most_bullets_show_none() {
        check(&[
            ("Led weekly stand-ups and wrote status reports", None),
            ("Refactored the module to use dependency injection", None),
            ("Configured the servlet container", None),
            ("Built responsive pages with CSS", None),
            ("Passionate team player", None),
        ]);
    }

    #[test]
    fn the_same_words_always_give_the_same_answer_and_case_does_not_matter() {
        let guide = guide();
        let matcher = Matcher::new(&guide);
        let (one, other) = (matcher.pick(&guide, "USED KAFKA"), matcher.pick(&guide, "used kafka"));
        assert_eq!(one.skill.map(|skill| &skill.id), other.skill.map(|skill| &skill.id));
        assert!(one.candidates.iter().all(|candidate| (0.0..=1.0).contains(&candidate.confidence)));
    }

    #[test]
    fn confidence_grows_with_the_weight_and_with_the_lead() {
        let rising = [confidence(2, 0), confidence(3, 0), confidence(4, 1), confidence(8, 1)];
        assert!(rising.is_sorted() && (rising[1] - 0.5).abs() < f64::EPSILON && rising[3] < 1.0, "{rising:?}");
        assert!(confidence(4, 4) < confidence(4, 1));
    }
}
