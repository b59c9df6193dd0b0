//! Which skill of the guide does a bullet show? By its words alone, always the same, with reasons.
//!
//! Every spelling of the guide has a weight. A bullet's words are looked up in one tree of all spellings (`phrases`), the longest spelling
//! takes its words up (`SQL injection` is no `SQL`), and each weight counts by the part of the bullet it stands in (`outline`).
//! The skill with the highest sum is shown, and none when no sum reaches [`ENOUGH`] or when another field of work, such as front-end or
//! management, has the higher sum: the guide lists those fields so that their bullets are told apart by what they are, not by what they lack.

mod outline;
mod phrases;
mod words;

use super::guide::{Guide, Keyword, OtherField, Signs, SkillEntry};
use super::text::Span;
use outline::{Outline, Part, Signals};
use phrases::{Found, Meaning, Phrases};
use words::{Vocabulary, Word};

/// The sum of weights from which on a bullet shows a skill, in hundredths of a weight.
pub const ENOUGH: u32 = 300;

/// What a spelling's weight is multiplied by, in hundredths, by the part of the bullet it stands in.
const IN_OBJECT: u32 = 100;
const IN_MEANS: u32 = 80;
const IN_PURPOSE: u32 = 80;
const IN_OUTCOME: u32 = 75;
/// In a list of which the field holds less than half.
const IN_MIXED_LIST: u32 = 45;
/// How much more, in hundredths, another field has to hold than the best skill to take the bullet from it.
const OTHER_FIELD: u32 = 125;
/// A shared word beside a name of another skill.
const SHARED: u32 = 30;
/// From which weight on a word is a name of its own skill, and of another.
const OWN_NAME: u8 = 3;
const FOREIGN_NAME: u8 = 4;

/// The best candidates for a bullet.
#[derive(Debug, Clone, PartialEq)]
pub struct SkillMatch<'a> {
    /// The skill, if one is shown.
    pub skill: Option<&'a SkillEntry>,
    /// The field outside of the guide that the bullet speaks for more than for any skill.
    pub other_field: Option<&'a OtherField>,
    /// Every skill that any word speaks for, best first.
    pub candidates: Vec<Candidate<'a>>,
}

/// One skill that words of the bullet speak for.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'a> {
    /// The skill.
    pub skill: &'a SkillEntry,
    /// Sum of the weights, in hundredths.
    pub weight: u32,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    /// The spellings that were found, heaviest first.
    pub matched: Vec<Span>,
}

/// The spellings of one guide, ready to be looked up.
#[derive(Debug)]
pub struct Matcher {
    vocabulary: Vocabulary,
    signals: Signals,
    phrases: Phrases,
    /// By field, the skills first, then the other fields: what each of its keywords and, after them, of its signs is worth.
    worths: Vec<Vec<Worth>>,
    skills: usize,
}

/// What a spelling is worth.
#[derive(Debug, Clone, Copy)]
struct Worth {
    weight: u8,
    shared: bool,
}

/// A keyword found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeywordHit {
    /// Its position in the skill's list.
    pub keyword: usize,
    /// Where it stands in the text as sent.
    pub span: Span,
}

/// A spelling that speaks for a field: what it adds, and where it stands.
#[derive(Debug, Clone, Copy)]
struct Hit {
    field: usize,
    keyword: usize,
    start: usize,
    end: usize,
}

impl Matcher {
    /// Prepares a guide.
    pub fn new(guide: &Guide) -> Self {
        let mut vocabulary = Vocabulary::default();
        let signals = Signals::learn(&mut vocabulary);
        let mut matcher = Self { vocabulary, signals, phrases: Phrases::default(), worths: Vec::new(), skills: guide.skills().len() };
        for skill in guide.skills() {
            matcher.learn(&skill.keywords, &skill.signs, &skill.not_this);
        }
        for field in guide.other_fields() {
            matcher.learn(&[], &field.signs, &field.not_this);
        }
        matcher.phrases.make_room(matcher.vocabulary.len());
        matcher
    }

    fn learn(&mut self, keywords: &[Keyword], signs: &[Signs], not_this: &[String]) {
        let field = self.worths.len();
        let mut worths: Vec<Worth> = keywords.iter().map(|keyword| Worth { weight: keyword.weight, shared: keyword.shared }).collect();
        for (keyword, Keyword { term, aliases, .. }) in keywords.iter().enumerate() {
            for spelling in aliases.iter().chain([term]) {
                self.phrases.add(spelling, Meaning::Keyword { field, keyword }, &mut self.vocabulary);
            }
        }
        for Signs { weight, shared, words } in signs {
            for spelling in words {
                self.phrases.add(spelling, Meaning::Keyword { field, keyword: worths.len() }, &mut self.vocabulary);
                worths.push(Worth { weight: *weight, shared: *shared });
            }
        }
        for phrase in not_this {
            self.phrases.add(phrase, Meaning::Not { field }, &mut self.vocabulary);
        }
        self.worths.push(worths);
    }

    /// Picks the skill of a bullet.
    pub fn pick<'a>(&self, guide: &'a Guide, bullet: &str) -> SkillMatch<'a> {
        let words = self.vocabulary.cut(bullet);
        let found = self.phrases.find(&words, |word| self.signals.passed_over(word));
        let hits = longest(&found, self.worths.len());
        let outline = self.signals.outline(&words);
        let sums = self.sums(&hits, &outline);

        let mut candidates: Vec<Candidate<'a>> = Vec::new();
        for (field, skill) in guide.skills().iter().enumerate() {
            let Some(weight) = sums.get(field).copied().filter(|sum| *sum > 0) else { continue };
            candidates.push(Candidate { skill, weight, confidence: 0.0, matched: self.matched(field, &hits, &words) });
        }
        // Equal sums keep the guide's order, which puts the more wanted skill first.
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.weight));
        let best = candidates.first().map_or(0, |best| best.weight);
        let (other_field, other) = self.strongest_other(guide, &sums);
        let second = candidates.get(1).map_or(0, |second| second.weight);
        for (at, candidate) in candidates.iter_mut().enumerate() {
            candidate.confidence = confidence(candidate.weight, if at == 0 { second } else { best }.max(other));
        }
        let skill =
            candidates.first().filter(|best| best.weight >= ENOUGH && best.weight * OTHER_FIELD >= other * 100).map(|best| best.skill);
        SkillMatch { skill, other_field: other_field.filter(|_| other > best), candidates }
    }

    /// The keywords of one skill that a text names.
    pub fn keywords_in(&self, guide: &Guide, skill: &SkillEntry, text: &str) -> Vec<KeywordHit> {
        let Some(field) = guide.skills().iter().position(|known| known.id == skill.id) else { return Vec::new() };
        let words = self.vocabulary.cut(text);
        let of_skill = |found: &Found| match found.meaning {
            Meaning::Keyword { field: of, .. } | Meaning::Not { field: of } => of == field && !found.pair,
        };
        let mut found = self.phrases.find(&words, |word| self.signals.passed_over(word));
        found.retain(of_skill);
        let hits = longest(&found, self.worths.len());
        hits.iter().filter_map(|hit| Some(KeywordHit { keyword: hit.keyword, span: span_of(hit, &words)? })).collect()
    }

    /// The sum of each field; a keyword counts once, where it counts most.
    fn sums(&self, hits: &[Hit], outline: &Outline) -> Vec<u32> {
        let counted: Vec<u32> =
            hits.iter().map(|hit| self.weight(hit) * factor(hit, hits, outline) * self.share(hit, hits) / 100).collect();
        let mut sums = vec![0; self.worths.len()];
        for (at, (hit, own)) in hits.iter().zip(&counted).enumerate() {
            let twins =
                hits.iter().zip(&counted).enumerate().filter(|(_, (twin, _))| (twin.field, twin.keyword) == (hit.field, hit.keyword));
            let counts = twins.into_iter().all(|(other, (_, worth))| other == at || worth < own || (worth == own && other > at));
            if let Some(sum) = sums.get_mut(hit.field).filter(|_| counts) {
                *sum += own;
            }
        }
        sums
    }

    fn worth(&self, hit: &Hit) -> Worth {
        self.worths.get(hit.field).and_then(|field| field.get(hit.keyword)).copied().unwrap_or(Worth { weight: 0, shared: false })
    }

    fn weight(&self, hit: &Hit) -> u32 {
        u32::from(self.worth(hit).weight)
    }

    /// A word that several fields share follows the name it stands with: half of it counts when only another skill is named.
    fn share(&self, hit: &Hit, hits: &[Hit]) -> u32 {
        let names = |other: &Hit, least: u8| {
            let worth = self.worth(other);
            !worth.shared && worth.weight >= least
        };
        let own = || hits.iter().any(|other| other.field == hit.field && names(other, OWN_NAME));
        let foreign = || hits.iter().any(|other| other.field != hit.field && other.field < self.skills && names(other, FOREIGN_NAME));
        if self.worth(hit).shared && foreign() && !own() { SHARED } else { 100 }
    }

    fn strongest_other<'a>(&self, guide: &'a Guide, sums: &[u32]) -> (Option<&'a OtherField>, u32) {
        let others = guide.other_fields().iter().zip(sums.iter().skip(self.skills).copied());
        others.max_by_key(|(_, sum)| *sum).map_or((None, 0), |(field, sum)| (Some(field), sum))
    }

    fn matched(&self, field: usize, hits: &[Hit], words: &[Word]) -> Vec<Span> {
        let mut own: Vec<&Hit> = Vec::new();
        for hit in hits.iter().filter(|hit| hit.field == field) {
            if own.iter().all(|known| known.keyword != hit.keyword) {
                own.push(hit);
            }
        }
        own.sort_by_key(|hit| std::cmp::Reverse(self.weight(hit)));
        let mut spans: Vec<Span> = Vec::new();
        for span in own.into_iter().filter_map(|hit| span_of(hit, words)) {
            // What a longer spelling has shown already is not shown again.
            if !spans.iter().any(|known| known.start <= span.start && span.end <= known.end) {
                spans.push(span);
            }
        }
        spans
    }
}

/// Of all spellings found: those of no `not_this` phrase and inside of no longer spelling, none over another of its own field.
fn longest(found: &[Found], fields: usize) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut taken = vec![0; fields];
    for Found { start, end, meaning, pair } in found.iter().copied() {
        let Meaning::Keyword { field, keyword } = meaning else { continue };
        let inside = |other: &Found| other.start <= start && end <= other.end;
        let shadowed = found.iter().any(|other| match other.meaning {
            Meaning::Not { field: of } => of == field && other.start < end && start < other.end,
            Meaning::Keyword { field: of, .. } => !other.pair && of != field && inside(other) && other.end - other.start > end - start,
        });
        let free = taken.get(field).is_some_and(|until| *until <= start);
        if shadowed || !(free || pair) {
            continue;
        }
        if let Some(until) = taken.get_mut(field).filter(|_| !pair) {
            *until = end;
        }
        hits.push(Hit { field, keyword, start, end });
    }
    hits
}

/// What a weight is multiplied by, for where the spelling stands.
fn factor(hit: &Hit, hits: &[Hit], outline: &Outline) -> u32 {
    let Some(place) = outline.places.get(hit.start) else { return 0 };
    let by_part = match place.part {
        Part::Object => IN_OBJECT,
        Part::Means => IN_MEANS,
        Part::Purpose => IN_PURPOSE,
        Part::Outcome => IN_OUTCOME,
    };
    let Some((list, item)) = place.item else { return by_part };
    // What the verb itself takes is the claim, even when more follows.
    if item == 0 && place.part == Part::Object && hit.start > 0 {
        return by_part;
    }
    let items = outline.lists.get(list).copied().unwrap_or(0);
    let item_of = |other: &Hit| outline.places.get(other.start).and_then(|place| place.item).filter(|(of, _)| *of == list);
    let mut held: Vec<usize> = hits.iter().filter(|other| other.field == hit.field).filter_map(item_of).map(|(_, item)| item).collect();
    held.dedup();
    if held.len() * 2 >= items { by_part } else { by_part * IN_MIXED_LIST / 100 }
}

fn span_of(hit: &Hit, words: &[Word]) -> Option<Span> {
    words.get(hit.start..hit.end)?.iter().map(|word| word.span).reduce(Span::join)
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
        Guide::parse("backend-developer.toml", include_str!("../../../guides/backend-developer.toml"), &lexicon)
            .expect("the guide is sound")
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
    fn products_and_turns_of_phrase_name_their_skill() {
        check(&[
            ("Moved thumbnailing into Sidekiq", Some("message-queues")),
            ("Put SQS between the importer and billing", Some("message-queues")),
            ("Set up Keycloak realms for the partner portal", Some("auth")),
            ("Introduced Flyway for the claims service", Some("schema-migrations")),
            ("Stopped double charges by making the payment call safe to retry", Some("distributed-systems")),
            ("Wrote window functions for the month-end report", Some("sql")),
            ("Hunted a goroutine leak in the dispatcher", Some("language-depth")),
        ]);
    }

    #[test]
    fn a_list_of_tools_shows_the_skill_that_holds_half_of_it_and_else_none() {
        check(&[
            ("Technologies: Docker, Kubernetes, Helm, Jenkins", Some("containers")),
            ("Tools used: React, Node, MongoDB, Jenkins, Jira", None),
            ("Worked with Java, Spring, Hibernate, Kafka, Angular, Oracle and Jenkins", None),
            ("Designed REST APIs, screens, reports and batch jobs", Some("rest-api")),
        ]);
    }

    #[test]
    fn a_shared_word_follows_the_name_it_stands_with() {
        check(&[
            ("Designed tables and indexes in DynamoDB for the cart", Some("nosql")),
            ("Designed tables and indexes in PostgreSQL for the cart", Some("relational-design")),
            ("Replaced REST calls of the storefront by GraphQL", Some("graphql")),
        ]);
    }

    #[test]
    fn another_field_of_work_takes_its_bullets_with_it() {
        check(&[
            ("Installed printers and cleared the queue of tickets for the helpdesk", None),
            ("Built Angular pages with form validation and an alert box", None),
            ("Sold Kafka training to telecoms and met the sales quota", None),
            ("Wrote Selenium test cases for the login page", None),
            ("Trained a classifier in PyTorch on patient records", None),
            ("Configured Jenkins pipelines and Terraform for EC2", None),
        ]);
        let guide = guide();
        let found = Matcher::new(&guide).pick(&guide, "Installed printers and cleared the queue of tickets for the helpdesk").other_field;
        assert_eq!(found.map(|field| field.id.as_str()), Some("systems-and-networks"));
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
        let rising = [confidence(200, 0), confidence(300, 0), confidence(400, 100), confidence(800, 100)];
        assert!(rising.is_sorted() && (rising[1] - 0.5).abs() < f64::EPSILON && rising[3] < 1.0, "{rising:?}");
        assert!(confidence(400, 400) < confidence(400, 100));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_pasted_the_words_that_speak_are_places_of_the_text(text in "(?s).{0,300}") {
            let guide = &*SHARED;
            let found = guide.1.pick(&guide.0, &text);
            let long = text.chars().count();
            for candidate in &found.candidates {
                proptest::prop_assert!((0.0..=1.0).contains(&candidate.confidence));
                proptest::prop_assert!(candidate.matched.iter().all(|span| span.start < span.end && span.end <= long), "{:?}", candidate.matched);
            }
        }

        #[test]
        fn white_space_and_case_change_nothing(words in proptest::collection::vec("[a-zA-Z]{1,9}|Kafka|Redis cache|REST API", 1..9)) {
            let guide = &*SHARED;
            let skill = |text: &str| guide.1.pick(&guide.0, text).skill.map(|skill| skill.id.clone());
            proptest::prop_assert_eq!(skill(&words.join(" ")), skill(&words.join("  \t ").to_uppercase()));
        }
    }

    static SHARED: std::sync::LazyLock<(Guide, Matcher)> = std::sync::LazyLock::new(|| {
        let guide = guide();
        let matcher = Matcher::new(&guide);
        (guide, matcher)
    });
}
