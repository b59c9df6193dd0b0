//! What an answer may be, one case a line; and what becomes of the text around it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::*;
use crate::domain::facts::Reading;
use crate::domain::grounding::{Evidence, Severity, judge};
use crate::domain::guide::{Ask, Guide};
use crate::domain::lexicon::Lexicon;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("the embedded lists are sound"));

/// Every clause of the guide.
static ASKS: LazyLock<Vec<Ask>> = LazyLock::new(|| {
    let guide = Guide::parse("g", include_str!("../../../guides/backend-developer.toml"), &LEXICON).expect("the guide is sound");
    guide.skills().iter().flat_map(|skill| skill.asks.clone()).chain(guide.file().general.asks.clone()).collect()
});

/// The text with answers to its slots, in order; the slots are of these kinds.
fn filled(text: &str, kinds: &[SlotKind], answers: &[&str]) -> Result<Filled, Vec<(String, Refusal)>> {
    let labels = crate::domain::guide::labels(text);
    let slots: Vec<Slot> = labels.iter().zip(kinds).enumerate().map(|(at, (label, kind))| Slot::new(at, label, *kind, "Which?")).collect();
    let by_id: BTreeMap<String, String> = slots.iter().zip(answers).map(|(slot, answer)| (slot.id.clone(), (*answer).to_owned())).collect();
    Form::new(&LEXICON, &ASKS, text, &slots).fill(&by_id)
}

fn one(text: &str, kind: SlotKind, answer: &str) -> Result<String, String> {
    match filled(text, &[kind], &[answer]) {
        Ok(filled) => Ok(filled.with_slots().to_owned()),
        Err(refused) => Err(refused.into_iter().map(|(_, refusal)| refusal.to_string()).collect()),
    }
}

#[test]
fn an_answer_stands_in_the_text_as_it_was_said() {
    use SlotKind::*;
    for (text, kind, answer, expected) in [
        ("in [x]", Duration, "140ms", "in 140ms"),
        ("in [x]", Duration, " about 200 ms ", "in about 200 ms"),
        ("in [x]", Duration, "under 3 minutes.", "in under 3 minutes"),
        ("in [x]", Duration, "~ 2 h", "in ~ 2 h"),
        ("in [x]", Duration, "1,200 ms", "in 1,200 ms"),
        ("in [x]", Duration, "two weeks", "in two weeks"),
        ("with [x] of downtime", Duration, "5 minutes of downtime", "with 5 minutes of downtime"),
        ("with [x] of downtime", Duration, "0 min", "with 0 min of downtime"),
        ("from [x]", Duration, "from 140 ms", "from 140 ms"),
        ("by [x]", Percent, "40%", "by 40%"),
        ("by [x]", Percent, "40", "by 40%"),
        ("by [x]", Percent, "~40", "by ~40%"),
        ("by [x]", Percent, "by about 40 percent", "by about 40 percent"),
        ("by [x]", Percent, "up to 40%", "by up to 40%"),
        ("by [x]", Percent, "half", "by 50%"),
        ("by [x]", Percent, "forty", "by forty percent"),
        ("by [x]", Multiplier, "3x", "by 3x"),
        ("by [x]", Multiplier, "3", "by 3x"),
        ("by [x]", Multiplier, "doubled", "by 2x"),
        ("by [x]", Multiplier, "up to 3x", "by up to 3x"),
        ("covering [x] rows", Count, "12", "covering 12 rows"),
        ("covering [x] rows", Count, "10+", "covering 10+ rows"),
        ("covering [x] rows", Count, "2 million rows", "covering 2 million rows"),
        ("covering [x] users", Count, "1,200 active users", "covering 1,200 active users"),
        ("closing [x] known security gaps", Count, "12 gaps", "closing 12 known security gaps"),
        ("closing [x] known security gaps", Count, "12 security gaps", "closing 12 known security gaps"),
        ("closing [x] known security gaps", Count, "12 known security gaps", "closing 12 known security gaps"),
        ("for [x]", Count, "12 engineers", "for 12 engineers"),
        ("saving [x]", Duration, "3 hours a week", "saving 3 hours a week"),
        ("covering [x] users", Count, "more than 5k", "covering more than 5k users"),
        ("handling [x]", Rate, "5k req/min", "handling 5k req/min"),
        ("handling [x]", Rate, "about 300 requests per second", "handling about 300 requests per second"),
        ("handling [x]", Rate, "500 rps", "handling 500 rps"),
        ("handling [x]", Rate, "5 GB per day", "handling 5 GB per day"),
        ("from [x]", Size, "1.2 GB", "from 1.2 GB"),
        ("from [x]", Money, "$0.02", "from $0.02"),
        ("saving [x]", Money, "$500 per month", "saving $500 per month"),
        ("with [x]", Tool, "redis", "with Redis"),
        ("with [x]", Tool, "with REDIS.", "with Redis"),
        ("with [x]", Tool, "postgres", "with PostgreSQL"),
        ("with [x]", Tool, "redis cache", "with Redis"),
        ("with [x]", Tool, "redis-server", "with redis-server"),
        ("in [x]", Tool, "go", "in Go"),
        ("using [x]", Tool, "flask", "using Flask"),
        ("using [x]", Tool, "spring", "using Spring"),
        ("using [x]", Tool, "Redis 7", "using Redis 7"),
        ("on [x]", Tool, "AWS Lambda", "on AWS Lambda"),
        ("using [x]", Tool, "\u{201c}Snorkle Cache\u{201d}", "using Snorkle Cache"),
        ("using [x]", Tool, "Zibbix 6.2", "using Zibbix 6.2"),
        ("using [x]", Tool, "zibbix", "using zibbix"),
        ("for [x]", Scope, "the mobile and web teams", "for the mobile and web teams"),
        ("for [x]", Scope, "3 product teams", "for 3 product teams"),
        ("in [x]", Timeframe, "3 months", "in 3 months"),
        ("in [x]", Timeframe, "Q3 2024", "in Q3 2024"),
        ("in [x]", Timeframe, "in under 6 weeks", "in under 6 weeks"),
    ] {
        assert_eq!(one(text, kind, answer).as_deref(), Ok(expected), "{text} <- {answer}");
    }
}

#[test]
fn an_answer_of_another_kind_or_with_more_in_it_is_refused_with_a_reason() {
    use SlotKind::*;
    for (text, kind, answer, reason) in [
        ("in [x]", Duration, "Redis", "is the name of a tool"),
        ("in [x]", Duration, "fast", "holds no number"),
        ("in [x]", Duration, "40", "ms, s, min or h"),
        ("in [x]", Duration, "5m", "needs a unit"),
        ("in [x]", Duration, "40%", "is a percentage"),
        ("in [x]", Duration, "10-20 ms", "more than one number"),
        ("in [x]", Duration, "140 ms for 3 users", "more than one number"),
        ("in [x]", Duration, "140 ms thanks to Kafka", "leave out \"thanks\""),
        ("in [x]", Duration, "it was 140 ms", "leave out \"it\""),
        ("in [x]", Duration, "99999999999999999999999999 ms", "cannot be read"),
        ("in [x]", Duration, "1,5 s", "decimals take a point"),
        ("in [x]", Duration, "140 ms, delighting customers", "one value"),
        ("in [x]", Duration, "140 ms. Led the team", "one value"),
        ("in [x]", Duration, "none", "can mean that there was none"),
        ("in [x]", Duration, "-5 ms", "minus"),
        ("in [x]", Duration, "half a day", "in digits"),
        ("from [x]", Duration, "3 hours a week", "how much in a time"),
        ("handling [x]", Rate, "thousands per day", "in digits"),
        ("by [x]", Percent, "0.4", "write the % sign"),
        ("by [x]", Percent, "40 ms", "is a length of time"),
        ("cutting failures by [x]", Percent, "140%", "more than 100"),
        ("by [x]", Multiplier, "40%", "is a percentage"),
        ("handling [x]", Rate, "5000", "needs a unit; write per second"),
        ("from [x]", Size, "3", "needs a unit; write KB"),
        ("from [x]", Money, "500", "needs a unit; write $"),
        ("covering [x] rows", Count, "12 engineers", "give the number alone"),
        ("covering [x] rows", Count, "500 per day", "is a number in a time"),
        ("covering [x] rows", Count, "many", "holds no number"),
        ("for [x]", Count, "12 engineers led to glory", "leave out"),
        ("for [x]", Count, "12 Kafka topics", "leave out \"Kafka\""),
        ("with [x]", Tool, "40%", "is a number"),
        ("with [x]", Tool, "12", "is a number"),
        ("with [x]", Tool, "a cache", "is a kind of tool"),
        ("with [x]", Tool, "cache", "is a kind of tool"),
        ("with [x]", Tool, "fast", "does not look like"),
        ("with [x]", Tool, "yes", "does not look like"),
        ("with [x]", Tool, "not Redis", "can mean that there was none"),
        ("with [x]", Tool, "Redis and Kafka", "more than one thing"),
        ("with [x]", Tool, "Redis/Kafka", "more than one thing"),
        ("with [x]", Tool, "Redis, Kafka", "one value"),
        ("with [x]", Tool, "Redis-like", "does not look like"),
        ("with [x]", Tool, "in-memory", "does not look like"),
        ("with [x]", Tool, "Redis production", "does not look like"),
        ("with [x]", Tool, "robust", "does not look like"),
        ("with [x]", Tool, "Redis for 3 teams", "at most 4 words"),
        ("with [x]", Tool, "led a team of heroes", "at most 4 words"),
        ("with [x]", Tool, "Led Heroes", "does not look like"),
        ("with [x]", Tool, "our own thing", "leave out I and we"),
        ("with [x]", Tool, "[Redis]", "bracket"),
        ("with [x]", Tool, "Redis\nKafka", "one line"),
        ("with [x]", Tool, "Redis\u{1b}[31m", "bracket"),
        ("with [x]", Tool, "Redis\u{7}", "cannot be seen"),
        ("with [x]", Tool, "Redis! Wow", "not a sentence"),
        ("with [x]", Tool, "*Redis*", "leave out the sign"),
        ("with [x]", Tool, "passionate about Redis", "empty phrase"),
        ("for [x]", Scope, "everyone, delighting customers", "one value"),
        ("for [x]", Scope, "teams which loved it", "leave out \"which\""),
        ("for [x]", Scope, "42", "number alone"),
        ("in [x]", Timeframe, "6", "needs a unit"),
        ("in [x]", Timeframe, "soon", "is no time"),
        ("in [x]", Timeframe, "3 months with Kafka", "leave out"),
    ] {
        let told = one(text, kind, answer).expect_err(answer);
        assert!(told.contains(reason), "{text} <- {answer}: {told}");
        assert!(told.chars().count() < 240 && !told.contains('\n'), "{told}");
    }
    assert!(one("with [x]", SlotKind::Tool, &"Redis ".repeat(40)).is_err());
}

#[test]
fn not_to_know_leaves_the_slot_open() {
    for answer in ["", "  ", "skip", "Skip.", "I don't know", "i don\u{2019}t know", "?", "-", "n/a", "not sure", "idk"] {
        assert_eq!(one("with [x]", SlotKind::Tool, answer).as_deref(), Ok("with [x]"), "{answer}");
        assert_eq!(one("in [x]", SlotKind::Duration, answer).as_deref(), Ok("in [x]"), "{answer}");
    }
}

#[test]
fn a_change_that_goes_against_its_verb_is_refused_at_its_second_answer() {
    use SlotKind::*;
    for (text, kinds, answers, expected) in [
        ("Cached it, cutting latency from [a] to [b]", [Duration; 2], ["20 ms", "4 s"], Some("4 s is more than 20 ms")),
        ("Cached it, cutting latency from [a] to [b]", [Duration; 2], ["4 s", "4000 ms"], Some("is the same as")),
        ("Cached it, cutting latency from [a] to [b]", [Duration; 2], ["4 s", "20 ms"], None),
        ("Cached it, cutting latency from [a] to [b]", [Duration; 2], ["2 days", "3 months"], Some("3 months is more than 2 days")),
        ("Cached it, cutting latency from [a] to [b]", [Duration; 2], ["3 months", "2 days"], None),
        ("Ran it, raising availability from [a] to [b]", [Percent; 2], ["99.9", "99.5"], Some("99.5% is less than 99.9%")),
        ("Ran it, raising availability from [a] to [b]", [Percent; 2], ["99.5", "99.9"], None),
        ("Ran it from [a] to [b]", [Percent; 2], ["99.5", "99.9"], None),
    ] {
        match (filled(text, &kinds, &answers), expected) {
            (Ok(_), None) => {}
            (Err(refused), Some(reason)) => {
                assert_eq!(refused.len(), 1);
                assert!(refused[0].0 == "s2" && refused[0].1.to_string().contains(reason), "{refused:?}");
            }
            (found, expected) => panic!("{text} {answers:?}: {found:?}, not {expected:?}"),
        }
    }
}

#[test]
fn what_stays_open_goes_with_the_words_that_lean_on_it() {
    use SlotKind::*;
    let caching =
        "Implemented caching with [cache tool] to improve API performance, cutting latency from [latency before] to [latency after]";
    let kafka = "Processed messages with Kafka, handling [message rate], cutting request latency from [latency before] to [latency after]";
    for (bullet, text, kinds, answers, sendable) in [
        (
            "Added caching to improve API performance.",
            caching,
            &[Tool, Duration, Duration][..],
            &["Redis", "140 ms", "18 ms"][..],
            "Implemented caching with Redis to improve API performance, cutting latency from 140 ms to 18 ms",
        ),
        (
            "Added caching to improve API performance.",
            caching,
            &[Tool, Duration, Duration],
            &[],
            "Implemented caching to improve API performance",
        ),
        (
            "Added caching to improve API performance.",
            caching,
            &[Tool, Duration, Duration],
            &["Redis"],
            "Implemented caching with Redis to improve API performance",
        ),
        (
            "Added caching to improve API performance.",
            caching,
            &[Tool, Duration, Duration],
            &["skip", "140 ms"],
            "Implemented caching to improve API performance",
        ),
        (
            "Used Kafka for message processing.",
            kafka,
            &[Rate, Duration, Duration],
            &["skip", "4 s", "20 ms"],
            "Processed messages with Kafka, cutting request latency from 4 s to 20 ms",
        ),
        (
            "Used Kafka for message processing.",
            kafka,
            &[Rate, Duration, Duration],
            &["5k req/min"],
            "Processed messages with Kafka, handling 5k req/min",
        ),
        // Clauses that are not the guide's.
        ("Reduced costs", "Reduced costs by [saving]", &[Percent], &["30"], "Reduced costs by 30%"),
        ("Reduced costs", "Reduced costs by [saving]", &[Percent], &[], "Reduced costs"),
        (
            "Improved throughput of the importer",
            "Improved throughput of the importer by [gain] for [team count] teams",
            &[Percent, Count],
            &["skip", "3"],
            "Improved throughput of the importer for 3 teams",
        ),
        ("Added caching", "Added caching, reducing p99 from [p99 before] to [p99 after]", &[Duration, Duration], &[], "Added caching"),
        (
            "Added caching",
            "Added caching, reducing p99 from [p99 before] to [p99 after]",
            &[Duration, Duration],
            &["300 ms", "40 ms"],
            "Added caching, reducing p99 from 300 ms to 40 ms",
        ),
    ] {
        let filled = filled(text, kinds, answers).unwrap_or_else(|refused| panic!("{text} {answers:?}: {refused:?}"));
        let known = Evidence::new(&LEXICON, bullet, &[], &[]);
        let facts = filled.statements(&LEXICON, &known).join(".\n");
        let evidence = Evidence::new(&LEXICON, bullet, &[&facts], &[]);
        let faults = |text: &str| {
            judge(&LEXICON, &evidence, &[], text).into_iter().filter(|told| told.severity == Severity::Hard).collect::<Vec<_>>()
        };
        let text = filled.sendable(&LEXICON, |text| faults(text).is_empty());
        assert_eq!(text, sendable, "{answers:?}");
        assert_eq!(faults(&text), [], "{text}: {facts}");
        let soft = judge(&LEXICON, &evidence, &[], &text);
        assert!(soft.iter().all(|told| told.code != crate::domain::grounding::ViolationCode::NoReceipt), "{text}: {facts}: {soft:?}");
    }
}

#[test]
fn a_clause_is_affirmed_only_as_far_as_it_was_told() {
    use SlotKind::*;
    let said = |text: &str, answers: &[&str], facts: &str| {
        let filled = filled(text, &[Duration, Duration], answers).expect("usable");
        filled.statements(&LEXICON, &Evidence::new(&LEXICON, "Added caching", &[facts], &[]))
    };
    let whole = "Added caching, cutting latency from [latency before] to [latency after]";
    assert_eq!(said(whole, &["4 s", "20 ms"], ""), ["cutting latency from 4 s to 20 ms"]);
    assert_eq!(said(whole, &["4 s"], ""), ["latency before: from 4 s"]);
    // The second half of a conversation: what was filled in before must be known.
    let half = "Added caching, cutting latency from 4 s to [latency after]";
    assert_eq!(said(half, &["20 ms"], "latency before: from 4 s."), ["cutting latency from 4 s to 20 ms"]);
    assert_eq!(said(half, &["20 ms"], ""), ["latency after: to 20 ms"]);
}

#[test]
fn a_derived_value_stands_behind_its_change() {
    use SlotKind::*;
    let mut filled = filled("Added caching, cutting latency from [latency before] to [latency after]", &[Duration; 2], &["4 h", "20 min"])
        .expect("usable");
    let evidence =
        Evidence::new(&LEXICON, "Added caching", &[&filled.statements(&LEXICON, &Evidence::new(&LEXICON, "", &[], &[])).join("\n")], &[]);
    let offered = offers(&Reading::new(filled.with_slots(), &LEXICON), &evidence);
    assert_eq!(offered.iter().map(|offer| offer.id.as_str()).collect::<Vec<_>>(), ["change1-percent", "change1-factor"]);
    filled.tell(&offered[0]);
    assert_eq!(filled.with_slots(), "Added caching, cutting latency from 4 h to 20 min (92% less)");
    assert_eq!(filled.answers().map(|(_, words)| words).collect::<Vec<_>>(), ["4 h", "20 min"]);
}
