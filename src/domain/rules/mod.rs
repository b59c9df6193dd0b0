//! The rewrite without a model: weak opener out, plain strong verb of the same ownership in, fillers out, typed slots for what is missing.
//!
//! It moves and shortens what is there and adds nothing; what it makes still has to pass `grounding` like any other text.
//! Each change is made only where the grammar is sure to hold; in doubt the words stay as they are.

mod asks;
mod opening;
mod pieces;
mod used_for;

use super::facts::Reading;
use super::grounding::{Candidate, Evidence};
use super::guide::Ask;
use super::lexicon::Lexicon;

pub use asks::{ask_for_missing, lacking};

/// The version of the rules below; raise it with every change of what they write.
pub const VERSION: &str = "3";

/// Rewrites a bullet by rules; names the tool that the facts name.
pub fn rewrite(lexicon: &Lexicon, asks: &[Ask], evidence: &Evidence) -> Candidate {
    let text = plain_text(lexicon, &evidence.bullet);
    asking(lexicon, asks, asks::with_tool_of_facts(lexicon, asks, &text, evidence), &evidence.facts)
}

/// Mends what somebody else wrote, by the same rules.
pub fn mend(lexicon: &Lexicon, asks: &[Ask], text: &Reading, facts: &[Reading]) -> Candidate {
    asking(lexicon, asks, plain_text(lexicon, text), facts)
}

fn asking(lexicon: &Lexicon, asks: &[Ask], text: String, facts: &[Reading]) -> Candidate {
    let (with_slots, slots) = ask_for_missing(lexicon, asks, &text, facts);
    Candidate { text, with_slots, slots }
}

/// The words of the bullet, shortened, with a strong verb in front.
fn plain_text(lexicon: &Lexicon, bullet: &Reading) -> String {
    let mut words = pieces::shortened(lexicon, bullet);
    if words.iter().filter(|piece| piece.text.contains(char::is_alphanumeric)).count() < 2 {
        return bullet.raw.trim().to_owned();
    }
    if !used_for::turn_round(lexicon, &mut words) {
        opening::open_with_verb(lexicon, &mut words);
    }
    let text = pieces::joined(&words);
    capitalised(text.trim_end_matches(['.', ' ', ';', ',']))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    // `iOS` and `gRPC` keep their case.
    let second_upper = text.chars().nth(1).is_some_and(char::is_uppercase);
    match chars.next() {
        Some(first) if !second_upper => first.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grounding::{DEFAULT_MAX_CHARS, Limits, check};
    use crate::domain::guide::Guide;

    /// Rewrites by rules and demands that the result passes the check.
    fn written(skill: Option<&str>, bullet: &str) -> (String, String) {
        written_with(skill, bullet, &[])
    }

    fn written_with(skill: Option<&str>, bullet: &str, facts: &[&str]) -> (String, String) {
        let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
        let guide = Guide::parse("g", include_str!("../../../guides/backend-developer.toml"), &lexicon).expect("the guide is sound");
        let asks = guide.asks(skill.map(|id| guide.skill(id).expect("known")));
        let evidence = Evidence::new(&lexicon, bullet, facts, &[]);
        let candidate = rewrite(&lexicon, asks, &evidence);
        let limits = Limits { max_chars: DEFAULT_MAX_CHARS, asks };
        let checked = check(&lexicon, &evidence, limits, candidate.clone()).unwrap_or_else(|faults| panic!("{candidate:?}: {faults:?}"));
        (checked.text().to_owned(), checked.with_slots().to_owned())
    }

    #[test]
    fn the_five_weak_bullets_of_the_guide() {
        for (skill, bullet, text, with_slots) in [
            (
                "relational-design",
                "Optimized database performance for the application.",
                "Optimized database performance for the application",
                "",
            ),
            ("rest-api", "Built REST APIs for the mobile and web clients.", "Built REST APIs for the mobile and web clients", ""),
            ("message-queues", "Used Kafka for message processing.", "Processed messages with Kafka", ""),
            (
                "caching",
                "Added caching to improve API performance.",
                "Implemented caching to improve API performance",
                "Implemented caching with [cache tool] to improve API performance, cutting latency from [latency before] to [latency after]",
            ),
            ("auth", "Implemented authentication for the platform.", "Implemented authentication for the platform", ""),
        ] {
            let (found, slots) = written(Some(skill), bullet);
            assert_eq!(found, text);
            assert!(slots.starts_with(found.split(' ').next().expect("a word")) && slots != found, "{slots}");
            if !with_slots.is_empty() {
                assert_eq!(slots, with_slots);
            }
        }
    }

    #[test]
    fn weak_openers_give_way_to_what_was_done_and_ownership_stays() {
        for (bullet, text) in [
            ("Responsible for maintaining the billing service.", "Maintained the billing service"),
            ("Was responsible for the billing service", "Handled the billing service"),
            ("Helped to migrate the database", "Helped migrate the database"),
            ("Assisted in building the search page", "Helped build the search page"),
            ("Worked on the payment service", "Contributed to the payment service"),
            ("I built the importer", "Built the importer"),
            ("- Successfully wrote tests in order to find bugs", "Wrote tests to find bugs"),
            ("Used Redis to cache user sessions", "Cached user sessions with Redis"),
            ("Utilized Python for parsing logs", "Parsed logs with Python"),
            ("Leveraged Docker containers", "Used Docker containers"),
            ("building the importer", "Built the importer"),
            ("Responsible for maintaining and deploying 3 services.", "Maintained and deployed 3 services"),
            ("Was responsible for managing a team of 5 engineers", "Managed a team of 5 engineers"),
            ("I worked on the payment service", "Contributed to the payment service"),
            ("I have built a REST API", "Built a REST API"),
            ("I am responsible for the CI pipeline", "Handled the CI pipeline"),
            ("Made improvements to the search page", "Improved the search page"),
            ("Responsible for designing and implementing a caching layer", "Designed and implemented a caching layer"),
            ("Responsible for monitoring and logging", "Handled monitoring and logging"),
            ("Responsible for improving performance, cutting latency by 20%", "Improved performance, cutting latency by 20%"),
            // To be asked is not to have done.
            ("Was asked to improve performance by 20%", "Was asked to improve performance by 20%"),
            ("Did testing of the API", "Tested the API"),
            ("* **Built** the `auth` service", "Built the auth service"),
            ("Duties included code review, testing and deployment", "Handled code review, testing and deployment"),
            ("Helped with testing and deployment", "Supported testing and deployment"),
        ] {
            assert_eq!(written(None, bullet).0, text, "{bullet}");
        }
    }

    #[test]
    fn words_stay_as_they_are_where_a_change_would_not_read_well() {
        for bullet in [
            "Helped the team fix bugs",
            "Performed code reviews",
            "Executed load tests with k6",
            "Was part of the team that built the checkout",
            "Used Python and pandas to process data and generate reports",
            "Used Kafka for event streaming, Redis for caching",
            "Used Docker for local development",
            "Successfully and efficiently managed servers",
            "Developing APIs and maintaining databases",
            "Develops and maintains internal tools",
            "Added 3 engineers to the team",
            "Added Redis caching to the API",
            "Used Python to parse logs and Kafka to ship them",
            "Added value to the team by writing docs",
            "APIs were developed using Node.js",
        ] {
            assert_eq!(written(None, bullet).0, bullet);
        }
    }

    #[test]
    fn a_tool_that_the_facts_name_is_named_when_they_leave_no_choice() {
        let bullet = "Added caching to improve API performance.";
        for (facts, text) in [
            ("we used Redis", "Implemented caching with Redis to improve API performance"),
            ("Redis or Memcached, I forget", "Implemented caching to improve API performance"),
            ("not Redis", "Implemented caching to improve API performance"),
            ("written in Go", "Implemented caching to improve API performance"),
        ] {
            assert_eq!(written_with(Some("caching"), bullet, &[facts]).0, text, "{facts}");
        }
    }

    #[test]
    fn what_is_there_is_not_asked_for() {
        let (text, with_slots) = written(Some("caching"), "Cached 10 endpoints with Redis, cutting latency from 140ms to 18ms");
        assert_eq!(text, with_slots);
        for (skill, bullet, absent) in [
            ("schema-migrations", "Migrated 3 tables with zero downtime", "[downtime]"),
            ("rest-api", "Consumed REST APIs in React using Axios", "using ["),
            ("rest-api", "Failed to publish REST APIs for clients", "["),
        ] {
            let (_, with_slots) = written(Some(skill), bullet);
            assert!(!with_slots.contains(absent), "{with_slots}");
        }
    }
}
