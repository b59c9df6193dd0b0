//! The texts that the benchmarks read: usual bullets, one bullet at four lengths, and texts that a careless search would take long over.

use std::fmt;
use std::sync::LazyLock;

use bulletsmith::domain::guide::Guide;
use bulletsmith::domain::lexicon::Lexicon;
use divan::counter::CharsCount;

/// The word lists, loaded once.
#[expect(clippy::expect_used, reason = "without its inputs a benchmark has nothing to measure")]
pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("the embedded lists are sound"));

/// The default guide, loaded once.
#[expect(clippy::expect_used, reason = "without its inputs a benchmark has nothing to measure")]
pub(crate) static GUIDE: LazyLock<Guide> =
    LazyLock::new(|| Guide::parse("g", include_str!("../guides/backend-developer.toml"), &LEXICON).expect("the guide is sound"));

/// A bullet, and a rewrite of it to be judged.
#[derive(Clone)]
pub(crate) struct Pair {
    name: String,
    /// What the person wrote.
    pub(crate) bullet: String,
    /// What somebody made of it.
    pub(crate) rewrite: String,
}

impl Pair {
    fn new(name: impl Into<String>, bullet: impl Into<String>, rewrite: impl Into<String>) -> Self {
        Self { name: name.into(), bullet: bullet.into(), rewrite: rewrite.into() }
    }

    /// The characters that are read.
    pub(crate) fn chars(&self) -> CharsCount {
        CharsCount::of_str(&self.bullet)
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Bullets as they come: about fifteen words, a hundred characters.
pub(crate) fn usual() -> Vec<Pair> {
    [
        (
            "numbers",
            "Added Redis caching to the product search API to improve performance, cutting latency from 140ms to 18ms",
            "Implemented Redis caching for the product search API, cutting latency from 140 ms to 18 ms",
        ),
        (
            "opener",
            "Was responsible for maintaining and deploying 3 billing services in Java and Spring Boot on Kubernetes clusters",
            "Maintained and deployed 3 billing services in Java and Spring Boot on Kubernetes clusters",
        ),
        (
            "plain",
            "Used Kafka for message processing and worked with the mobile team in order to send notifications to customers",
            "Processed messages with Kafka and worked with the mobile team to send notifications to customers",
        ),
        (
            "inflated",
            "Helped the payments team fix bugs in the checkout page and wrote unit tests for the order history screen",
            "Led the payments team at Globex, fixing 40% of all bugs in the React checkout page and delighting customers",
        ),
    ]
    .map(|(name, bullet, rewrite)| Pair::new(name, bullet, rewrite))
    .to_vec()
}

/// One kind of text at growing length, up to the longest bullet that is accepted.
pub(crate) fn sizes() -> Vec<Pair> {
    const BULLET: &str = "Added Redis caching to the product search API for 12 teams, cutting p95 latency from 140ms to 18ms, moved the nightly \
        invoice import from cron jobs to Kafka consumers, wrote integration tests for the order history and refund screens, documented \
        the release steps for new engineers, fixed slow PostgreSQL queries behind the monthly sales report, containerized two Django \
        services with Docker, set up alerts in Grafana for failed payments, reviewed pull requests of three juniors, replaced session \
        storage with JWT tokens, and trained the support desk on the admin panel in weekly calls";
    [75, 150, 300, 600]
        .map(|chars| {
            let bullet: String = BULLET.chars().cycle().take(chars).collect();
            Pair::new(chars.to_string(), bullet.clone(), bullet.replacen("Added", "Implemented", 1))
        })
        .to_vec()
}

/// Six hundred characters that repeat what is dear to read; bullet and rewrite differ in their first word.
pub(crate) fn hostile() -> Vec<Pair> {
    [
        ("commas_and_digits", "1,"),
        ("hyphened_letters", "a-"),
        ("hyphened_digits", "1-"),
        ("lone_digits", "1 "),
        ("rising_numbers", "7 8 9 "),
        ("digits", "1"),
        ("opening_brackets", "("),
        ("opening_slots", "["),
        ("slots", "[x] "),
        ("one_technology", "Java "),
        ("technology_parts", "Kafka/RabbitMQ-based "),
        ("identifiers", "EC2 "),
        ("denials", "not Redis "),
        ("openers", "responsible for the "),
        ("clauses", "and led, "),
        ("rates", "from 5 to 6 GB per day, "),
        ("invisible", "\u{200b}"),
        ("accents", "e\u{301}"),
        ("no_spaces", "a"),
    ]
    .map(|(name, word)| {
        let repeated: String = word.chars().cycle().take(593).collect();
        Pair::new(name, format!("Added {repeated}"), format!("Built {repeated}"))
    })
    .to_vec()
}
