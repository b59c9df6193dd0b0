//! What holds for every text, however odd: no panic, a text is grounded in itself, and what is slipped in is seen.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::guide::Guide;
use crate::domain::matching::Matcher;
use crate::domain::rules;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("the embedded lists are sound"));
static GUIDE: LazyLock<Guide> =
    LazyLock::new(|| Guide::parse("g", include_str!("../../../guides/backend-developer.toml"), &LEXICON).expect("the guide is sound"));

fn comparing(bullet: &str, facts: &str, rewrite: &str) -> Vec<ViolationCode> {
    let evidence = Evidence::new(&LEXICON, bullet, &[facts], &[]);
    judge(&LEXICON, &evidence, &[], rewrite).into_iter().map(|told| told.code).filter(|code| *code <= ViolationCode::NegationFlip).collect()
}

/// Words that trip a reader of bullets, in any order.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "Built",
        "not",
        "Redis",
        "Kafka/RabbitMQ",
        "from",
        "to",
        "200",
        "ms",
        "40%",
        "up",
        "about",
        "[label]",
        "[",
        "helped",
        "I",
        "we're",
        "led",
        "and",
        ",",
        ".",
        "zero",
        "twice",
        "a",
        "third",
        "-5",
        "$5k",
        "per",
        "month",
        "24/7",
        "used",
        "for",
        "caching",
        "rest",
        "api",
        "1e6",
        "responsible for",
        "half",
        "*",
        "`",
        "+",
        "9999999999999999999999999",
        "OAuth 2.0",
        "instead of",
        "no",
        ">",
        "resulting in",
        "cut",
        "go",
    ]);
    prop::collection::vec(word, 0..14).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_judged_matched_and_rewritten_without_a_panic(bullet in "\\PC{0,60}", facts in words(), rewrite in words()) {
        comparing(&bullet, &facts, &rewrite);
        comparing(&facts, &rewrite, &bullet);
        Matcher::new(&GUIDE).pick(&GUIDE, &bullet);
        rules::mend(&LEXICON, &Reading::new(&bullet, &LEXICON));
        rules::mend(&LEXICON, &Reading::new(&facts, &LEXICON));
    }

    #[test]
    fn a_text_is_grounded_in_itself(odd in "\\PC{0,60}", text in words()) {
        prop_assert_eq!(comparing(&odd, "", &odd), []);
        prop_assert_eq!(comparing(&text, "", &text), []);
        // With or without its period, its words are the same.
        let bare = text.trim_end_matches(['.', ' ']);
        prop_assert_eq!(comparing(bare, "", &format!("{bare}.")), []);
    }

    #[test]
    fn every_claim_and_every_fault_has_a_place_in_its_text(odd in "\\PC{0,60}", bullet in words(), rewrite in words()) {
        for text in [&odd, &bullet] {
            let length = text.chars().count();
            let within = |span: Span| span.start <= span.end && span.end <= length;
            let Reading { tokens, quantities, technologies, classes, clauses, .. } = &Reading::new(text, &LEXICON);
            let quantity_spans = quantities.iter().map(|known| known.span);
            let named = technologies.iter().chain(classes).map(|known| known.span);
            prop_assert!(quantity_spans.chain(named).chain(clauses.iter().map(|clause| clause.span)).all(within));
            prop_assert!(tokens.windows(2).all(|pair| pair[0].end <= pair[1].start));
            // Two numbers may share the beginning of their claim: `up to 40-60`.
            prop_assert!(quantities.windows(2).all(|pair| pair[0].folded.0 <= pair[1].folded.0 && pair[0].folded.1 < pair[1].folded.1));
            prop_assert!(technologies.iter().chain(classes).all(|known| known.first < known.end && known.end <= tokens.len()));
            prop_assert!(clauses.windows(2).all(|pair| pair[0].end <= pair[1].first));
        }
        for violation in judge(&LEXICON, &Evidence::new(&LEXICON, &bullet, &[&odd], &[]), &[], &rewrite) {
            let length = if violation.side == Side::Bullet { &bullet } else { &rewrite }.chars().count();
            prop_assert!(violation.span.start <= violation.span.end && violation.span.end <= length, "{violation:?}");
        }
    }

    #[test]
    fn a_fresh_number_is_always_seen(number in 2_u32..1_000_000, unit in prop::sample::select(vec!["users", "ms", "%", "GB", "x", "$"]), at in 0_usize..6) {
        let mut words: Vec<&str> = "Added caching to improve API performance".split(' ').collect();
        let fresh = if unit == "$" { format!("${number}") } else { format!("{number} {unit}") };
        words.insert(at + 1, &fresh);
        let found = comparing("Added caching to improve API performance", "", &words.join(" "));
        prop_assert!(found.contains(&ViolationCode::NewQuantity), "{words:?}: {found:?}");
    }

    #[test]
    fn a_number_slipped_into_a_clean_rewrite_is_seen_wherever_it_stands(
        bullet in words().prop_filter("without a number", |text| !text.contains(char::is_numeric)),
        number in 1_000_u32..1_000_000,
        at in 0_usize..40,
    ) {
        let evidence = Evidence::new(&LEXICON, &bullet, &[], &[]);
        let is_clean = |text: &str| judge(&LEXICON, &evidence, &[], text).iter().all(|told| told.severity == Severity::Soft);
        let (mut words, fresh) = (bullet.split(' ').collect::<Vec<_>>(), number.to_string());
        words.insert(at.min(words.len()), &fresh);
        prop_assert!(!is_clean(&bullet) || !is_clean(&words.join(" ")), "{words:?}");
    }

    #[test]
    fn a_fresh_technology_is_always_seen(
        name in prop::sample::select(vec!["Redis", "kafka", "PostgreSQL", "k8s", "JWTs", "C#", "Node.js", "AWS", "Terraform", "gRPC", "Redis-based", "Kafka/SQS"]),
        at in 0_usize..6,
    ) {
        let mut words: Vec<&str> = "Added pages to improve sales today".split(' ').collect();
        words.insert(at, name);
        let found = comparing("Added pages to improve sales today", "", &words.join(" "));
        prop_assert!(found.contains(&ViolationCode::NewTechnology), "{words:?}: {found:?}");
    }
}

/// Repetition is what makes a careless search quadratic; here it only has to come to its end.
#[test]
fn the_longest_and_most_repetitive_input_is_judged_to_its_end() {
    for word in [
        "200 ",
        "1-",
        "7 8 9 ",
        "EC2 ",
        "not Redis ",
        "from 5 to 6 GB per day, ",
        "Kafka/RabbitMQ-based ",
        "responsible for the ",
        "and led, ",
        "[x] ",
    ] {
        let text = |chars: usize| word.repeat(chars / word.len());
        let evidence = Evidence::new(&LEXICON, &text(600), &[&text(4_000)], &[&text(20_000)]);
        judge(&LEXICON, &evidence, &[], &text(600));
    }
}
