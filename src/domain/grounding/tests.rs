//! The rules of honesty, one case a line: what a rewrite may say of a bullet, and what it may not.

use super::*;

fn codes(bullet: &str, facts: &str, rewrite: &str) -> Vec<ViolationCode> {
    let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
    let evidence = Evidence::new(&lexicon, bullet, &[facts], &["Ran Cassandra for 12 teams at Initech"]);
    let violations = judge(&lexicon, &evidence, &[], rewrite);
    violations.into_iter().map(|violation| violation.code).filter(|code| code.severity() == Severity::Hard).collect()
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
        (CACHING, "", "Added caching to improve API performance.\nDone", NotOneLine),
        (CACHING, "", "I added caching to improve API performance", FirstPerson),
        (CACHING, "", "Added caching to improve API performance by [X%]", BadSlot),
    ] {
        let found = codes(bullet, facts, rewrite);
        assert!(found.contains(&expected), "{rewrite}: {found:?} lacks {expected:?}");
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
    let candidate = Candidate { text: text.to_owned(), with_slots: text.to_owned(), slots: vec![] };
    let rewrite = check(&lexicon, &evidence, limits, candidate).expect("grounded");
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
    let bold =
        Candidate { text: "Implemented robust API caching to improve performance".to_owned(), with_slots: String::new(), slots: vec![] };
    assert!(check(&lexicon, &evidence, limits, bold).is_err());
}
