//! The rules of honesty, one case a line: what a rewrite may say of a bullet, and what it may not.

use super::*;

fn codes(bullet: &str, facts: &str, rewrite: &str) -> Vec<ViolationCode> {
    let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
    let evidence = Evidence::new(&lexicon, bullet, &[facts], &["Ran Cassandra for 12 teams at Initech"]);
    let violations = judge(&lexicon, &evidence, &[], rewrite);
    violations
        .into_iter()
        .filter(|violation| violation.severity != Severity::Soft)
        .map(|violation| violation.code)
        .filter(|code| *code != ViolationCode::NoReceipt)
        .collect()
}

const CACHING: &str = "Added caching to improve API performance.";

#[test]
fn a_text_is_always_grounded_in_itself() {
    for bullet in [CACHING, "Was part of the team that led 3 migrations (2M rows) without downtime!", "I did not use Redis.\nUsed Go 1.22"]
    {
        let form_only = codes(bullet, "", bullet).into_iter().all(|code| code > ViolationCode::NegationFlip);
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
        assert_eq!(codes(bullet, facts, rewrite), [], "{rewrite}");
    }
}

#[test]
fn what_nobody_said_is_named_by_its_kind() {
    use ViolationCode::*;
    for (bullet, facts, rewrite, expected) in [
        (CACHING, "", "Added caching to improve API performance by 40%", NewQuantity),
        (CACHING, "", "Added Redis caching to improve API performance", NewTechnology),
        (CACHING, "not Redis", "Added Redis caching to improve API performance", NewTechnology),
        (CACHING, "", "Added caching to improve API performance at Globex", NewProperNoun),
        (CACHING, "", "Led caching to improve API performance", OwnershipUp),
        (CACHING, "", "Added caching to improve production API performance", ScopeUp),
        (CACHING, "", "Added caching to improve API performance, delighting customers", InventedOutcome),
        (CACHING, "", "Added caching with Cassandra to improve API performance", ForeignFact),
        (CACHING, "", "Added caching", DroppedFact),
        ("Served 200 users in Go", "", "Served 200 services in Go", NewQuantity),
        ("Cut latency to 200 ms", "", "Cut latency to 300 ms", ChangedQuantity),
        ("Handled up to 40 requests", "", "Handled 40 requests", ChangedQuantity),
        ("Cut p99 from 3.2s to 180ms", "", "Cut p99 from 180ms to 3.2s", ChangedQuantity),
        ("Used Kafka for message processing", "", "Used a system for message processing", DroppedFact),
        ("Ran jobs without downtime", "", "Ran jobs with downtime", NegationFlip),
        ("Helped build the billing service", "", "Built the billing service", OwnershipUp),
        ("Worked on APIs", "", "Worked on REST APIs", NewTechnology),
        ("Upgraded Python 3.8 services", "", "Upgraded Python 3.11 services", NewTechnology),
        ("Served 200 users", "", "Served > 200 users", ChangedQuantity),
        ("Served 14 payment services", "", "Served 14 payment teams", NewQuantity),
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
        ("Increased sales and reduced cost", "", "Reduced sales and increased cost", NegationFlip),
        ("Helped build billing", "built with Go", "Built billing with Go", OwnershipUp),
        ("Built billing", "", "Built billing as tech lead", OwnershipUp),
        ("Fixed bugs", "", "Fixed all bugs", ScopeUp),
        ("Fixed bugs", "", "Improved reliability by fixing bugs", InventedOutcome),
        ("Fixed bugs", "", "Fixed bugs for better reliability", InventedOutcome),
        ("Built a database", "", "Built a relational database", NewTechnology),
        ("Fixed bugs", "", "Fixed bugs which customers loved", InventedOutcome),
        ("Fixed bugs", "", "Fixed bugs: morale went up", InventedOutcome),
        ("Fixed bugs", "", "Fixed bugs with significant impact", InventedOutcome),
        ("Fixed bugs", "", "Fixed bugs; customers were delighted", InventedOutcome),
        ("Used Docker", "", "Google Docker used", NewProperNoun),
        ("Cut latency", "", "Cut latency by [forty percent]", BadSlot),
        ("Added caching", "", "Added caching with [Redis]", BadSlot),
        (CACHING, "", "Added caching to improve API performance.\nDone", NotOneLine),
        (CACHING, "", "I added caching to improve API performance", FirstPerson),
        (CACHING, "", "Added caching to improve API performance by [X%]", BadSlot),
    ] {
        let found = codes(bullet, facts, rewrite);
        assert!(found.contains(&expected), "{rewrite}: {found:?} lacks {expected:?}");
    }
}

#[test]
fn what_was_planned_tried_or_partial_is_not_told_as_done() {
    for (bullet, rewrite) in [
        ("Could reduce costs by 30%", "Reduced costs by 30%"),
        ("Might improve latency by 20%", "Improved latency by 20%"),
        (
            "Failed to migrate the billing and order tables of the shop to Postgres",
            "Migrated the billing and order tables of the shop to Postgres",
        ),
        ("Planned the migration of 5 services to Kubernetes", "Migrated 5 services to Kubernetes"),
        (
            "Partially migrated the billing and order tables of the shop to Postgres",
            "Migrated the billing and order tables of the shop to Postgres",
        ),
        ("Built a prototype payment API in Go for the mobile shop team", "Built a payment API in Go for the mobile shop team"),
        ("Reviewed a migration of the billing and order tables of the shop", "Migrated the billing and order tables of the shop"),
        ("Was asked to fix 15 bugs", "Fixed 15 bugs"),
        ("Gained experience with Docker", "Used Docker"),
    ] {
        let found = codes(bullet, "", rewrite);
        assert!(found.contains(&ViolationCode::DroppedFact), "{bullet} -> {rewrite}: {found:?}");
    }
}

#[test]
fn a_slot_is_no_claim_and_no_shield() {
    let framed = "Added caching with [cache tool] to improve API performance, cutting latency from [latency before] to [latency after]";
    assert_eq!(codes(CACHING, "", framed), []);
    let shielded = "Added caching to improve API performance, cutting latency by 40% for [user count] users";
    assert!(codes(CACHING, "", shielded).contains(&ViolationCode::NewQuantity));
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
