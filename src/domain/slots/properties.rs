//! What holds for every answer, however hostile: no panic, no way out of its slot, and a text that was grounded stays grounded.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::facts::Reading;
use crate::domain::grounding::{DEFAULT_MAX_CHARS, Evidence, Limits, Severity, ViolationCode, judge};
use crate::domain::guide::{Ask, Guide};
use crate::domain::lexicon::Lexicon;
use crate::domain::rules;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("the embedded lists are sound"));
static GUIDE: LazyLock<Guide> =
    LazyLock::new(|| Guide::parse("g", include_str!("../../../guides/backend-developer.toml"), &LEXICON).expect("the guide is sound"));
static ASKS: LazyLock<Vec<Ask>> = LazyLock::new(|| GUIDE.skills().iter().flat_map(|skill| skill.asks.clone()).collect());

/// Pieces of answers that trip a reader.
fn answers() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Redis",
        "kafka",
        "Zibbix",
        "200",
        "40",
        "4",
        "ms",
        "s",
        "min",
        "%",
        "x",
        "$",
        "GB",
        "users",
        "rows",
        "per minute",
        "req/min",
        "about",
        "up to",
        "~",
        "over",
        "10+",
        "half",
        "doubled",
        "million",
        "[",
        "]",
        "[x]",
        "from",
        "to",
        "and",
        ",",
        ".",
        "not",
        "no",
        "I",
        "we",
        "led",
        "a",
        "1,200",
        "0",
        "\u{200b}",
        "\u{202e}",
        "\n",
        "\u{1b}",
        "é",
        "９",
        "twice",
        "daily",
        "-5",
        ">",
        "go",
        "skip",
        "99.9",
        "k",
        "/",
        "(",
        "in",
    ]);
    let spoken = prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.join(" "));
    let plain = prop::sample::select(vec![
        "Redis",
        "140 ms",
        "about 4 s",
        "20ms",
        "40",
        "~40%",
        "12",
        "2 million",
        "5k req/min",
        "300 requests per second",
        "1.2 GB",
        "90 MB",
        "$0.02",
        "3x",
        "up to 3x",
        "10+",
        "skip",
        "",
        "PostgreSQL",
        "Zibbix",
        "99.9%",
        "4 h",
        "1 min",
        "go",
    ]);
    prop_oneof![3 => plain.prop_map(str::to_owned), 2 => spoken, 1 => "\\PC{0,30}"]
}

/// Answers of the kind that is asked for.
const fn fitting(kind: SlotKind) -> [&'static str; 8] {
    match kind {
        SlotKind::Tool => ["redis", "Zibbix", "Redis Cluster", "go", "Spring Boot 3", "AWS Lambda", "Let's Encrypt", "k8s"],
        SlotKind::Percent => ["40", "~40%", "up to 40 %", "a third", "half", "99.95", "more than 12 percent", "forty"],
        SlotKind::Duration => ["4 h", "20 min", "about 140ms", "under 2 seconds", "3 days", "2 months", "two weeks", "1.5s"],
        SlotKind::Count | SlotKind::Scope => ["12", "10+", "2 million", "a dozen", "over 5k", "1,200", "about 300", "twenty five"],
        SlotKind::Rate => [
            "5k req/min",
            "300 requests per second",
            "500 rps",
            "2 million a day",
            "about 40 per hour",
            "10k messages daily",
            "5 GB per day",
            "12/s",
        ],
        SlotKind::Size => ["1.2 GB", "90MB", "about 2 TB", "512 KB", "up to 3 GB", "1 GiB", "700 megabytes", "5 GB"],
        SlotKind::Money => ["$0.02", "$500 per month", "about $3k", "10 EUR", "\u{a3}5", "under $1", "2 million dollars", "$1,200"],
        SlotKind::Multiplier | SlotKind::Timeframe => ["3x", "2", "doubled", "up to 3x", "10x", "about 4x", "1.5x", "tripled"],
    }
}

fn bullets() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Added caching to improve API performance.",
        "Used Kafka for message processing.",
        "Built REST APIs for the mobile and web clients.",
        "Optimized database performance for the application.",
        "Implemented authentication for the platform.",
        "Migrated 3 services to Kubernetes without downtime",
        "Helped build the billing importer",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_answers_make_of_a_grounded_text_is_grounded(
        bullet in bullets(),
        skill in 0_usize..15,
        said in prop::collection::vec((0_usize..8, answers(), prop::bool::weighted(0.8)), 3),
    ) {
        let asks = GUIDE.asks(GUIDE.skills().get(skill));
        let known = Evidence::new(&LEXICON, bullet, &[], &[]);
        let limits = Limits { max_chars: DEFAULT_MAX_CHARS, asks };
        let Some(rewrite) = rules::rewrite(&LEXICON, asks, limits, &known) else { return Ok(()) };
        let answer = |kind, (at, odd, fits): (usize, String, bool)| if fits { fitting(kind)[at].to_owned() } else { odd };
        let given: BTreeMap<String, String> =
            rewrite.slots().iter().zip(said).map(|(slot, said)| (slot.id.clone(), answer(slot.kind, said))).collect();
        let Ok(filled) = Form::new(&LEXICON, &ASKS, rewrite.with_slots(), rewrite.slots()).fill(&given) else { return Ok(()) };
        prop_assert!(disagreements(filled.with_slots(), filled.open()).is_empty(), "{given:?}: {}", filled.with_slots());
        for (_, words) in filled.answers() {
            prop_assert!(!words.is_empty() && filled.with_slots().contains(&words));
        }
        let facts = filled.statements(&LEXICON, &known).join(".\n");
        let evidence = Evidence::new(&LEXICON, bullet, &[&facts], &[]).for_answers(filled.with_slots());
        let hard = |text: &str| judge(&LEXICON, &evidence, &filled.frames(), text).into_iter()
            .filter(|told| told.severity == Severity::Hard || told.code == ViolationCode::NoReceipt).collect::<Vec<_>>();
        let text = filled.sendable(&LEXICON, |text| hard(text).is_empty());
        prop_assert!(!text.contains(['[', ']', '\n']), "{text}");
        prop_assert_eq!(hard(&text), [], "{} from {:?}", text, given);
        prop_assert_eq!(hard(filled.with_slots()), [], "{} from {:?}", filled.with_slots(), given);
        for told in judge(&LEXICON, &evidence, &[], &text) {
            prop_assert!(told.span.start <= told.span.end && told.span.end <= text.chars().count().max(bullet.chars().count()));
        }
        for offer in offers(&Reading::new(filled.with_slots(), &LEXICON), &evidence) {
            prop_assert!(!offer.text.is_empty() && !offer.arithmetic.is_empty());
        }
    }

    #[test]
    fn any_text_and_any_answer_come_to_an_end(text in "\\PC{0,80}", answer in answers(), odd in "\\PC{0,90}") {
        let labels = crate::domain::guide::labels(&text);
        for kind in [SlotKind::Tool, SlotKind::Count, SlotKind::Duration, SlotKind::Scope, SlotKind::Timeframe, SlotKind::Percent, SlotKind::Rate] {
            let slots: Vec<Slot> = labels.iter().enumerate().map(|(at, label)| Slot::new(at, label, kind, "Which?")).collect();
            for answer in [&answer, &odd] {
                let given = slots.iter().map(|slot| (slot.id.clone(), answer.clone())).collect();
                if let Ok(filled) = Form::new(&LEXICON, &ASKS, &text, &slots).fill(&given) {
                    let done = filled.sendable(&LEXICON, |_| false);
                    prop_assert!(crate::domain::guide::labels(&done).is_empty(), "{done}");
                }
                let own = [Slot::new(0, "x", kind, "Which?")];
                let given = BTreeMap::from([("s1".to_owned(), answer.clone())]);
                if let Ok(filled) = Form::new(&LEXICON, &ASKS, "Ran it, saving [x] for us", &own).fill(&given) {
                    let (head, tail) = ("Ran it, saving ", " for us");
                    prop_assert!(filled.with_slots().starts_with(head) && filled.with_slots().ends_with(tail));
                    prop_assert!(filled.with_slots().chars().count() < 120 && !filled.with_slots().contains('\n'));
                }
            }
        }
    }
}

/// Without this, the properties above could hold because every answer is refused.
#[test]
fn what_fits_is_taken() {
    use SlotKind::*;
    for kind in [Tool, Percent, Duration, Count, Rate, Size, Money, Multiplier] {
        for answer in fitting(kind) {
            let slots = [Slot::new(0, "x", kind, "Which?")];
            let given = BTreeMap::from([("s1".to_owned(), answer.to_owned())]);
            let filled = Form::new(&LEXICON, &ASKS, "Ran it, moving [x]", &slots).fill(&given);
            assert!(filled.as_ref().is_ok_and(|filled| filled.open().is_empty()), "{kind:?} {answer}: {filled:?}");
        }
    }
}
