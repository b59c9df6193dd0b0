//! The rules of honesty, one case a line: what a rewrite may say of a bullet, and what it may not.

use super::*;

static LEXICON: std::sync::LazyLock<Lexicon> = std::sync::LazyLock::new(|| Lexicon::embedded().expect("the embedded lists are sound"));

fn judged(bullet: &str, facts: &str, rewrite: &str) -> Vec<Violation> {
    let evidence = Evidence::new(&LEXICON, bullet, &[facts], &["Ran Cassandra for 12 teams at Initech"]);
    judge(&LEXICON, &evidence, &[], rewrite)
}

fn hard(bullet: &str, facts: &str, rewrite: &str) -> Vec<ViolationCode> {
    judged(bullet, facts, rewrite).into_iter().filter(|told| told.severity == Severity::Hard).map(|told| told.code).collect()
}

const CACHING: &str = "Added caching to improve API performance.";

#[test]
fn a_text_is_always_grounded_in_itself() {
    for bullet in [CACHING, "Was part of the team that led 3 migrations (2M rows) without downtime!", "I did not use Redis.\nUsed Go 1.22"]
    {
        let form_only = hard(bullet, "", bullet).into_iter().all(|code| code > ViolationCode::NegationFlip);
        assert!(form_only, "{bullet}");
    }
}

#[test]
fn honest_rewrites_pass() {
    for (bullet, facts, rewrite) in [
        (CACHING, "", "Implemented caching to improve API performance"),
        (CACHING, "Redis, latency went from 140ms to 18ms", "Added Redis caching to improve API performance, latency from 140 ms to 18 ms"),
        ("Used Kafka for message processing.", "", "Processed messages with Kafka"),
        ("Ran Redis in front of Postgres", "", "Ran a cache in front of PostgreSQL"),
        ("Responsible for maintaining the billing service", "", "Maintained the billing service"),
        ("Cut costs by 40 percent for two thousand users", "", "Cut costs by 40% for 2,000 users"),
        ("Improved throughput 2x", "", "Doubled throughput"),
        ("Halved latency", "", "Cut latency by 50%"),
        ("Saved $2M per year", "", "Saved $2 million annually"),
        ("Handled 500 requests per second", "", "Handled 500 rps"),
        ("Led a 5-person team", "", "Led a team of 5 people"),
        ("Ran a 2-week sprint", "", "Ran a two-week sprint"),
        ("Deployed without downtime", "", "Deployed with zero downtime"),
        ("Did not allow public access", "", "Prohibited public access"),
        ("Implemented JWT-based authentication", "", "Implemented authentication with JWT"),
        ("Used S3 for image storage", "", "Stored images in S3"),
        (CACHING, "no Redis, only Memcached", "Added Memcached caching to improve API performance"),
        ("Added caching", "used Redis, p95 went from 300ms to 40ms", "Added Redis caching, cutting p95 from 300 ms to 40 ms"),
        ("Helped build billing", "I led 3 people", "Led 3 people to build billing"),
        ("Responsible for managing a team of 5", "", "Managed a team of 5"),
        ("Built REST APIs for the mobile and web clients.", "", "Developed REST APIs for mobile and web clients"),
    ] {
        assert_eq!(hard(bullet, facts, rewrite), [], "{rewrite}");
    }
}

#[test]
fn what_code_knows_exactly_is_refused_by_its_kind() {
    use ViolationCode::*;
    for (bullet, facts, rewrite, expected) in [
        ("Added caching to improve API performance.", "", "Added caching to improve API performance by 40%", NewQuantity),
        ("Added caching to improve API performance.", "", "Added Redis caching to improve API performance", NewTechnology),
        ("Added caching to improve API performance.", "not Redis", "Added Redis caching to improve API performance", NewTechnology),
        ("Added caching to improve API performance.", "", "Added caching to improve API performance at Globex", NewProperNoun),
        ("Added caching to improve API performance.", "", "Led caching to improve API performance", OwnershipUp),
        ("Added caching to improve API performance.", "", "Added caching to improve production API performance", ScopeUp),
        ("Added caching to improve API performance.", "", "Added caching with Cassandra to improve API performance", ForeignFact),
        ("Cut latency to 200 ms", "", "Cut latency to 300 ms", ChangedQuantity),
        ("Handled up to 40 requests", "", "Handled 40 requests", ChangedQuantity),
        ("Cut p99 from 3.2s to 180ms", "", "Cut p99 from 180ms to 3.2s", ChangedQuantity),
        ("Used Kafka for message processing", "", "Used a system for message processing", DroppedFact),
        ("Ran jobs without downtime", "", "Ran jobs with downtime", NegationFlip),
        ("Helped build the billing service", "", "Built the billing service", OwnershipUp),
        ("Worked on APIs", "", "Worked on REST APIs", NewTechnology),
        ("Upgraded Python 3.8 services", "", "Upgraded Python 3.11 services", NewTechnology),
        ("Served 200 users", "", "Served > 200 users", ChangedQuantity),
        ("Served users", "", "Served a million users", NewQuantity),
        ("Served users", "", "Served one hundred and fifty users", NewQuantity),
        ("Served users", "", "Served \u{661}\u{662} users", NewQuantity),
        ("Improved throughput", "", "Improved throughput five-fold", NewQuantity),
        ("Improved throughput", "", "Improved throughput by an order of magnitude", NewQuantity),
        ("Improved throughput", "", "Improved throughput by a third", NewQuantity),
        ("Wrote tests", "", "Wrote 1e6 tests", NewQuantity),
        ("Reduced errors", "", "Reduced errors to zero", NewQuantity),
        ("Saved $5k", "", "Saved $5k per month", ChangedQuantity),
        ("Processed 5 GB per day", "", "Processed 5 GB per hour", ChangedQuantity),
        ("Added caching", "", "Added Redis-backed caching", NewTechnology),
        ("Added caching", "", "Added R\u{435}dis caching", NewTechnology),
        ("Added caching", "", "Added r\u{e9}dis caching", NewTechnology),
        ("Wrote queue workers", "", "Wrote kafka-queue workers", NewTechnology),
        ("Built APIs", "", "Built rest apis", NewTechnology),
        ("Built APIs", "", "Built APIs in go", NewTechnology),
        ("Built pages", "", "Built react pages", NewTechnology),
        ("Deployed containers", "", "Deployed containers with helm", NewTechnology),
        ("Added OAuth", "", "Added OAuth 2.0", NewTechnology),
        ("Added caching", "neither Redis nor Memcached", "Added Memcached caching", NewTechnology),
        ("Added caching", "Redis was not used", "Added Redis caching", NewTechnology),
        ("Added caching", "Memcached rather than Redis", "Added Redis caching", NewTechnology),
        ("Added a queue", "not 500 messages", "Added a queue for 500 messages", NewQuantity),
        ("Used Memcached, not Redis", "", "Used Redis, not Memcached", NegationFlip),
        ("Moved from MySQL to PostgreSQL", "", "Moved from PostgreSQL to MySQL", NegationFlip),
        ("Helped build billing", "built with Go", "Built billing with Go", OwnershipUp),
        ("Built billing", "", "Built billing as tech lead", OwnershipUp),
        ("Built a database", "", "Built a relational database", NewTechnology),
        ("Cut latency", "", "Cut latency by [forty percent]", BadSlot),
        ("Added caching", "", "Added caching with [Redis]", BadSlot),
        ("Added caching to improve API performance.", "", "Added caching to improve API performance.\nDone", NotOneLine),
        ("Added caching to improve API performance.", "", "I added caching to improve API performance", FirstPerson),
        ("Added caching to improve API performance.", "", "Added caching to improve API performance by [X%]", BadSlot),
        ("Could reduce costs by 30%", "", "Reduced costs by 30%", InventedOutcome),
        ("Might improve latency by 20%", "", "Improved latency by 20%", InventedOutcome),
        (
            "Failed to migrate the billing and order tables of the shop to Postgres",
            "",
            "Migrated the billing and order tables of the shop to Postgres",
            InventedOutcome,
        ),
        ("Planned the migration of 5 services to Kubernetes", "", "Migrated 5 services to Kubernetes", InventedOutcome),
        (
            "Partially migrated the billing and order tables of the shop to Postgres",
            "",
            "Migrated the billing and order tables of the shop to Postgres",
            DroppedFact,
        ),
        (
            "Built a prototype payment API in Go for the mobile shop team",
            "",
            "Built a payment API in Go for the mobile shop team",
            DroppedFact,
        ),
        (
            "Reviewed a migration of the billing and order tables of the shop",
            "",
            "Migrated the billing and order tables of the shop",
            InventedOutcome,
        ),
    ] {
        let found = hard(bullet, facts, rewrite);
        assert!(found.contains(&expected), "{rewrite}: {found:?} lacks {expected:?}");
    }
}

#[test]
fn what_code_cannot_know_is_asked() {
    for (bullet, facts, rewrite) in [
        ("Added caching to improve API performance.", "", "Added caching to improve API performance, delighting customers"),
        ("Added caching to improve API performance.", "", "Added caching"),
        ("Served 200 users in Go", "", "Served 200 services in Go"),
        ("Served 14 payment services", "", "Served 14 payment teams"),
        ("Increased sales and reduced cost", "", "Reduced sales and increased cost"),
        ("Fixed bugs", "", "Fixed all bugs"),
        ("Fixed bugs", "", "Improved reliability by fixing bugs"),
        ("Fixed bugs", "", "Fixed bugs for better reliability"),
        ("Fixed bugs", "", "Fixed bugs which customers loved"),
        ("Fixed bugs", "", "Fixed bugs: morale went up"),
        ("Fixed bugs", "", "Fixed bugs with significant impact"),
        ("Fixed bugs", "", "Fixed bugs; customers were delighted"),
        ("Used Docker", "", "Google Docker used"),
        ("Was asked to fix 15 bugs", "", "Fixed 15 bugs"),
        ("Gained experience with Docker", "", "Used Docker"),
    ] {
        let found = judged(bullet, facts, rewrite);
        assert!(found.iter().all(|told| told.severity != Severity::Hard), "{rewrite}: {found:?}");
        let asked: Vec<_> = found.iter().filter(|told| told.severity == Severity::Ask).collect();
        assert!(
            !asked.is_empty() && asked.iter().all(|told| told.question.as_ref().is_some_and(|question| question.ends_with('?'))),
            "{rewrite}: {found:?}"
        );
    }
}

#[test]
fn a_slot_is_no_claim_and_no_shield() {
    let framed = "Added caching with [cache tool] to improve API performance, cutting latency from [latency before] to [latency after]";
    assert_eq!(hard(CACHING, "", framed), []);
    let shielded = "Added caching to improve API performance, cutting latency by 40% for [user count] users";
    assert!(hard(CACHING, "", shielded).contains(&ViolationCode::NewQuantity));
}

#[test]
fn every_word_of_a_rewrite_has_a_receipt() {
    let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
    let evidence = Evidence::new(&lexicon, CACHING, &[], &[]);
    let limits = Limits { max_chars: DEFAULT_MAX_CHARS, asks: &[] };
    let text = "Implemented API caching to improve performance";
    let rewrite = check(&lexicon, &evidence, limits, text).grounded().expect("grounded");
    let told: Vec<_> =
        rewrite.receipts().iter().map(|receipt| (receipt.span.of(text), receipt.kind, receipt.from.map(|from| from.of(CACHING)))).collect();
    let said = |word: &str| Some(word.to_owned());
    assert_eq!(
        told,
        [
            ("Implemented".to_owned(), ReceiptKind::Verb, said("Added")),
            ("API".to_owned(), ReceiptKind::Source, said("API")),
            ("caching".to_owned(), ReceiptKind::Source, said("caching")),
            ("to".to_owned(), ReceiptKind::Source, said("to")),
            ("improve".to_owned(), ReceiptKind::Source, said("improve")),
            ("performance".to_owned(), ReceiptKind::Source, said("performance")),
        ]
    );
    let bold = "Implemented robust API caching to improve performance";
    assert!(check(&lexicon, &evidence, limits, bold).grounded().is_none());
    assert!(rewrite.asking(&lexicon, &evidence, limits, bold, vec![]).is_err(), "the text to ask by is judged, too");
}
