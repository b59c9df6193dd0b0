//! Every code with what it must see and what it must let pass: at least six of each, one pair a line.

use super::*;

const SIBLING: &str = "Ran a federated Cassandra cluster for 12 teams at Initech";

fn hard(bullet: &str, facts: &str, rewrite: &str) -> Vec<ViolationCode> {
    static LEXICON: std::sync::LazyLock<Lexicon> = std::sync::LazyLock::new(|| Lexicon::embedded().expect("the embedded lists are sound"));
    let evidence = Evidence::new(&LEXICON, bullet, &[facts], &[SIBLING]);
    let violations = judge(&LEXICON, &evidence, &[], rewrite);
    violations
        .into_iter()
        .filter(|violation| violation.severity != Severity::Soft)
        .map(|violation| violation.code)
        .filter(|code| *code != ViolationCode::NoReceipt)
        .collect()
}

/// All wrong pairs at once, so that one run tells all of them.
pub(super) fn table(faults: &[(&str, &str, &str, &[ViolationCode])], clean: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (bullet, facts, rewrite, expected) in faults {
        let found = hard(bullet, facts, rewrite);
        if !expected.iter().any(|code| found.contains(code)) {
            wrong.push(format!("{bullet} [{facts}] -> {rewrite}: {found:?} lacks {expected:?}"));
        }
    }
    for (bullet, facts, rewrite) in clean {
        let found = hard(bullet, facts, rewrite);
        if !found.is_empty() {
            wrong.push(format!("{bullet} [{facts}] -> {rewrite}: {found:?} though it is clean"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

use ViolationCode::*;

#[test]
fn a_number_that_nobody_said_is_new_however_it_is_written() {
    table(
        &[
            ("Improved throughput of the importer", "", "Tripled throughput of the importer", &[NewQuantity]),
            ("Led the mobile backend team", "", "Led a six-person mobile backend team", &[NewQuantity]),
            ("Fixed bugs in the parser", "", "Fixed dozens of bugs in the parser", &[NewQuantity]),
            ("Cut latency from 3.2 s to 180 ms", "", "Cut latency by 94%, from 3.2 s to 180 ms", &[NewQuantity]),
            ("Grew sign-ups from 5 to 20 a day", "", "Quadrupled sign-ups from 5 to 20 a day", &[NewQuantity]),
            ("Ran 4 nodes in the EU and 3 nodes in the US", "", "Ran 7 nodes in the EU and the US", &[NewQuantity, DroppedFact]),
            ("Cut p99 latency of search", "", "Cut p99 latency of search to 99 ms", &[NewQuantity]),
            ("Moved jobs to EC2", "", "Moved 2 jobs to EC2", &[NewQuantity]),
            ("Hashed files with SHA-256", "", "Hashed 256 files with SHA-256", &[NewQuantity]),
            ("Supported clients 24/7", "", "Supported 24 clients 24/7", &[NewQuantity]),
            ("Upgraded workers to Python 3.11", "", "Upgraded 11 workers to Python 3.11", &[NewQuantity]),
            ("Served 200 users from 3 services", "", "Served 3 users from 200 services", &[NewQuantity, ChangedQuantity]),
            ("Served 40 services", "", "Served services 40% faster", &[NewQuantity, ChangedQuantity, InventedOutcome]),
            ("Added caching", "maybe 40% faster, not sure", "Added caching, 40% faster", &[NewQuantity, InventedOutcome]),
            ("Reduced cost of storage", "", "Reduced cost of storage by a third", &[NewQuantity]),
            ("Wrote an N+1 query detector", "", "Wrote an N+1 query detector for 1 team", &[NewQuantity]),
        ],
        &[
            (
                "Added caching to the fare search",
                "went from 40 ms to 18 ms",
                "Added caching to the fare search, cutting it from 40 ms to 18 ms",
            ),
            ("Ran the pipeline for 2k users", "", "Ran the pipeline for 2,000 users"),
            ("Ran the pipeline for a dozen teams", "", "Ran the pipeline for 12 teams"),
            ("Served a table with 400M rows", "", "Served a 400-million-row table"),
            ("Worked in a team of 8 on the ledger", "", "Worked in an 8-person team on the ledger"),
            ("Processed half a million events each day", "", "Processed 500,000 events per day"),
            ("Ran tests in one hour", "", "Ran tests in an hour"),
            ("Converted ~50 stored procs to JPA", "", "Converted about 50 stored procedures to JPA"),
            ("Set up CI for 6 repos", "", "Set up CI for six repositories"),
        ],
    );
}

#[test]
fn a_number_with_another_value_unit_certainty_or_direction_is_changed() {
    table(
        &[
            ("Cut latency to 200 ms", "", "Cut latency to 200 s", &[ChangedQuantity]),
            ("Handled ~50 requests a second", "", "Handled 50 requests a second", &[ChangedQuantity]),
            ("Handled 50+ requests a second", "", "Handled 50 requests a second", &[ChangedQuantity]),
            ("Cut build time by up to 40%", "", "Cut build time by 40%", &[ChangedQuantity]),
            ("Served over 300 shops", "", "Served 300 shops", &[ChangedQuantity]),
            ("Cut delay by 20-30%", "", "Cut delay by 30%", &[ChangedQuantity, DroppedFact]),
            ("Cut delay from 40 min to 5 min", "", "Cut delay from 5 min to 40 min", &[ChangedQuantity, NegationFlip]),
            ("Cut build time by 6 minutes", "", "Cut build time to 6 minutes", &[ChangedQuantity]),
            ("Kept 99.9% availability", "", "Kept 99.99% availability", &[ChangedQuantity]),
            ("Saved $40K a year", "", "Saved $40K a month", &[ChangedQuantity]),
            ("Saved $40K a year", "", "Saved €40K a year", &[ChangedQuantity, NewQuantity]),
            ("Stored 1 GB of logs", "", "Stored 1 GiB of logs", &[ChangedQuantity, NewQuantity]),
            ("Nearly doubled throughput", "", "Doubled throughput", &[ChangedQuantity]),
            ("Ran sessions with 250 students in each", "", "Ran sessions with 250 students in total", &[ChangedQuantity]),
            ("Made export 15% faster", "", "Made export 15x faster", &[ChangedQuantity, NewQuantity]),
            ("Processed 10 million rows", "", "Processed 10 billion rows", &[ChangedQuantity]),
        ],
        &[
            ("Cut latency to 1.5 s", "", "Cut latency to 1500 ms"),
            ("Stored 1 TB of logs", "", "Stored 1000 GB of logs"),
            ("Halved the run time", "", "Cut the run time by 50%"),
            ("Ran it twice as fast", "", "Ran it 2x as fast"),
            ("Saved 40 percent of storage", "", "Saved 40% of storage"),
            ("Shortened builds from 18 minutes to 7", "", "Shortened builds from 18 to 7 minutes"),
            ("Brought builds down, 5h -> 35min", "", "Brought builds down from 5 h to 35 min"),
            ("Refused files larger than 20 MB", "", "Rejected files over 20 MB"),
            ("Kept the API up over two years", "", "Kept the API up for 2 years"),
            ("Sold 1.200 licences", "", "Sold 1,200 licences"),
        ],
    );
}

#[test]
fn a_technology_needs_its_own_name_in_the_evidence() {
    table(
        &[
            ("Added a cache to the search", "", "Added a Redis cache to the search", &[NewTechnology]),
            ("Moved mails to a queue", "", "Moved mails to a Kafka queue", &[NewTechnology]),
            ("Wrote SQL reports", "", "Wrote PostgreSQL reports", &[NewTechnology]),
            ("Deployed it to the cloud", "", "Deployed it to AWS", &[NewTechnology]),
            ("Ran jobs in containers", "", "Ran jobs in Kubernetes containers", &[NewTechnology]),
            ("Built an API for tolls", "", "Built a REST API for tolls", &[NewTechnology]),
            ("Wrote Java services", "", "Wrote JavaScript services", &[NewTechnology]),
            ("Ported the parser from C", "", "Ported the parser from C++", &[NewTechnology]),
            ("Built modules with Spring", "", "Built modules with Spring Boot", &[NewTechnology]),
            ("Added login with OAuth", "", "Added login with OAuth 2.0", &[NewTechnology, ChangedQuantity]),
            ("Upgraded services to Java", "", "Upgraded services to Java 17", &[NewTechnology, ChangedQuantity]),
            ("Added caching", "maybe Redis, not sure", "Added Redis caching", &[NewTechnology]),
            ("Added caching", "Redis?", "Added Redis caching", &[NewTechnology]),
            ("Added caching", "not Redis", "Added Redis caching", &[NewTechnology]),
            ("Made it ready to go", "", "Made it ready in Go", &[NewTechnology]),
            ("Added tests to the ledger", "", "Added unit tests to the ledger", &[NewTechnology, ScopeUp]),
            ("Served it over HTTP", "", "Served it over HTTP/2", &[NewTechnology, NewQuantity, ChangedQuantity, NewProperNoun]),
        ],
        &[
            ("Ran jobs on k8s with Postgres", "", "Ran jobs on Kubernetes with PostgreSQL"),
            ("Cached rates in Redis", "", "Cached rates in an in-memory cache"),
            ("Published events to RabbitMQ", "", "Published events to a message broker"),
            ("Used stripe for payments", "", "Used Stripe for payments"),
            ("Connected systems through an ESB (Mule)", "", "Connected systems through a Mule ESB"),
            ("Built a REST API in Django", "", "Built a Django REST API"),
            ("wrote lambda functions in python", "", "Wrote Lambda functions in Python"),
            ("Added caching", "no Redis, only Memcached", "Added Memcached caching"),
            ("Handled webhooks idempotently", "", "Handled webhooks in an idempotent way"),
        ],
    );
}

#[test]
fn a_name_needs_a_source() {
    table(
        &[
            ("Built an inventory API for a retail client", "", "Built an inventory API for Walmart, a retail client", &[NewProperNoun]),
            ("Gave a talk on locking", "", "Gave a talk on locking at PyCon", &[NewProperNoun]),
            ("Built a chat server in Erlang", "", "Built ThunderChat, a chat server in Erlang", &[NewProperNoun]),
            ("Stored images encrypted on disk", "", "Stored images encrypted on disk under HIPAA", &[NewProperNoun, NewTechnology]),
            ("Fixed bugs in the scheduler", "", "Fixed bugs in the scheduler reported by Priya Nair", &[NewProperNoun]),
            (
                "Closed tickets in the backlog",
                "",
                "Closed tickets in the backlog, earning the Star Performer award",
                &[NewProperNoun, InventedOutcome],
            ),
            ("Coordinated a banking project", "", "Coordinated a banking project with London", &[NewProperNoun]),
        ],
        &[
            ("Was on call for checkout", "employer: Zalando", "Was on call for Zalando's checkout"),
            ("Added soft deletes in the CRM database", "", "Added soft deletes in the CRM's database"),
            ("Did POC on Elasticsearch", "", "Carried out a proof of concept on Elasticsearch"),
            ("Set up CI for the ledger", "", "Set up continuous integration for the ledger"),
            ("Tuned the billing DB", "", "Tuned the billing database"),
            ("Sharded messages by conversation ID", "", "Sharded messages by conversation-ID"),
            ("Fixed imports for ACME", "", "Fixed ACME imports"),
        ],
    );
}

#[test]
fn the_part_of_the_writer_is_not_raised() {
    table(
        &[
            ("Helped debug slow queries", "", "Debugged slow queries", &[OwnershipUp]),
            ("Built the notification service", "", "Led the notification service", &[OwnershipUp]),
            ("Implemented the schema for courses", "", "Architected the schema for courses", &[OwnershipUp]),
            ("Maintained the campaign service", "", "Owned the campaign service", &[OwnershipUp]),
            ("Member of the team that moved the store", "", "Lead of the team that moved the store", &[OwnershipUp, NewProperNoun]),
            ("Participated in the rollout of booking", "", "Directed the rollout of booking", &[OwnershipUp]),
            ("Co-wrote the template for postmortems", "", "Wrote the template for postmortems", &[OwnershipUp]),
            ("Used Docker for the builds", "", "Deployed Docker for the builds", &[OwnershipUp]),
            ("Used Terraform modules", "", "Built Terraform modules", &[OwnershipUp]),
            ("Reviewed the design of the ledger", "", "Created the design of the ledger", &[OwnershipUp, DroppedFact]),
            ("Maintained the importer for railway data", "", "Built the importer for railway data", &[OwnershipUp]),
            ("Wrote the importer with a colleague in Go", "", "Wrote the importer in Go", &[OwnershipUp, DroppedFact]),
            ("Wrote part of the Terraform code", "", "Wrote the Terraform code", &[OwnershipUp, DroppedFact]),
            ("Built billing", "I reported to the lead", "Led billing", &[OwnershipUp]),
        ],
        &[
            ("Made a CLI for tenants", "", "Built a CLI for tenants"),
            ("Responsible for writing reports", "", "Wrote reports"),
            ("Took part in design reviews", "", "Participated in design reviews"),
            ("Helped build parking", "I built all of it myself", "Built parking"),
            ("Supported the QA team by writing scripts", "", "Wrote scripts in support of the QA team"),
            ("Worked out why reminders were late", "", "Diagnosed why reminders were late"),
            ("Joined two address services into one", "", "Merged two address services into one"),
            ("Set up a staging environment", "", "Established a staging environment"),
            ("Worked with the team on the paywall", "I was the lead of this team", "Led the team on the paywall"),
        ],
    );
}

#[test]
fn a_word_that_widens_the_claim_needs_a_source() {
    table(
        &[
            ("Built a job scheduler", "", "Built a distributed job scheduler", &[ScopeUp]),
            ("Fixed a race condition", "", "Fixed a business-critical race condition", &[ScopeUp]),
            ("Processed events with Spark", "", "Processed events with Spark at scale", &[ScopeUp]),
            ("Added linting rules", "", "Added company-wide linting rules", &[ScopeUp]),
            ("Built the refund flow", "", "Built the refund flow from scratch", &[ScopeUp]),
            ("Deployed with blue-green switches", "", "Deployed with zero-downtime blue-green switches", &[ScopeUp, InventedOutcome]),
            ("Wrote an API for partners", "", "Wrote a public API for partners", &[ScopeUp]),
            ("Set up replication of MySQL", "", "Set up multi-region replication of MySQL", &[ScopeUp]),
        ],
        &[
            ("Deployed without downtime", "", "Deployed with zero downtime"),
            ("Exported data each hour", "", "Exported data every hour"),
            ("Deployed to prod", "", "Deployed to production"),
            ("Built it end to end", "", "Built it end-to-end"),
            ("Made the API tolerant to network breaks", "", "Made the API resilient to network breaks"),
            ("Built the ledger", "for all regions, in production", "Built the ledger for all regions in production"),
            ("Ran the service 24x7", "", "Ran the service 24/7"),
        ],
    );
}

#[test]
fn a_result_that_nobody_told_is_invented() {
    table(
        &[
            ("Resolved a leak in the hub", "", "Resolved a leak in the hub, restoring service stability", &[InventedOutcome]),
            ("Added structured logging", "", "Added structured logging, improving reliability", &[InventedOutcome]),
            ("Packaged code as a library", "", "Packaged code as a library, enabling the team to ship faster", &[InventedOutcome]),
            ("Set up alerts for ticketing", "", "Set up alerts for ticketing, which reduced on-call load", &[InventedOutcome]),
            ("Cached rates to cut calls", "", "Cached rates to cut calls and lower infrastructure costs", &[InventedOutcome]),
            ("Moved thumbnails to a worker", "", "Moved thumbnails, a cause of slow page loads, to a worker", &[InventedOutcome]),
            ("Partitioned the table by day", "", "Partitioned the table by day, keeping queries fast", &[InventedOutcome]),
            ("Added idempotency keys", "", "Added idempotency keys, preventing duplicate charges", &[InventedOutcome, NegationFlip]),
            ("Refactored code into smaller classes", "", "Refactored code into smaller, easier to maintain classes", &[InventedOutcome]),
            ("Wrote docs for the API", "", "Wrote docs for the API for better developer experience", &[InventedOutcome]),
        ],
        &[
            ("Made sure no PII is logged", "", "Ensured that no PII is logged"),
            ("Tuned GC, pauses went from 2 s to 200 ms", "", "Tuned GC, bringing pauses from 2 s to 200 ms"),
            ("Changed ids to ULID so shards can create ids", "", "Changed ids to ULID, letting shards create ids"),
            ("Optimized memory of the service", "Memory use fell by 40 percent", "Lowered memory of the service by 40%"),
            ("Made passwords stronger with Argon2", "", "Strengthened passwords with Argon2"),
            ("Built a chess backend with ratings and clocks", "", "Built a chess backend, covering ratings and clocks"),
            ("Added limits so bots can't guess passwords", "", "Added limits so that bots cannot guess passwords"),
            ("Cached rates to cut calls", "", "Cached rates, cutting calls"),
        ],
    );
}

#[test]
fn what_the_bullet_tells_is_kept() {
    table(
        &[
            ("Built refunds, chargebacks and payouts", "", "Built refunds and payouts", &[DroppedFact]),
            (
                "Built a label service with Spring Boot, Kafka and MinIO",
                "",
                "Built a label service with Spring Boot and Kafka",
                &[DroppedFact],
            ),
            ("Migrated 18 endpoints to gRPC", "", "Migrated endpoints to gRPC", &[DroppedFact]),
            ("Ported the engine to Java 8", "", "Ported the engine to Java", &[DroppedFact]),
            ("Wrote ETL jobs for HDFC loan data", "", "Wrote ETL jobs for loan data", &[DroppedFact]),
            ("Maintained the loan and the deposit services", "", "Maintained the loan services", &[DroppedFact]),
            ("Planned the move of the archive to Glacier", "", "Moved the archive to Glacier", &[DroppedFact]),
            ("Built a prototype of voice routing", "", "Built voice routing", &[DroppedFact]),
        ],
        &[
            ("Used Kafka for message processing.", "", "Processed messages with Kafka"),
            ("Successfully and carefully migrated the ledger", "", "Migrated the ledger"),
            ("Got rid of dead code in the tax module", "", "Removed dead code from the tax module"),
            ("Did DB indexing for slow reports", "", "Indexed the database for slow reports"),
            ("Checks SSL certs and mails a warning", "", "Checks SSL certificates and emails a warning"),
            ("Took part in building the chat server", "", "Participated in building the chat server"),
            ("Kept the fax service alive until 2020", "", "Maintained the fax service until 2020"),
            ("Experience in writing SQL joins and views", "", "Wrote SQL joins and views"),
        ],
    );
}

#[test]
fn what_only_another_text_says_is_foreign() {
    table(
        &[
            ("Added caching", "", "Added caching with Cassandra", &[ForeignFact]),
            ("Added caching", "", "Added caching for 12 teams", &[ForeignFact]),
            ("Added caching", "", "Added caching at Initech", &[ForeignFact]),
            ("Created the schema of the shop", "", "Created the federated schema of the shop", &[ForeignFact]),
            ("Added a node", "", "Added a node to the Cassandra cluster", &[ForeignFact]),
            ("Added a node", "", "Added a node to the cluster", &[ForeignFact]),
        ],
        &[
            ("Added caching", "for 12 teams", "Added caching for 12 teams"),
            ("Added a node to the cluster", "", "Added one node to the cluster"),
            ("Ran the jobs", "", "Ran jobs"),
            ("Was on call at Initech", "", "Was on call at Initech"),
            ("Added caching", "Cassandra", "Added caching with Cassandra"),
            ("Set up a ring", "federated", "Set up a federated ring"),
        ],
    );
}

#[test]
fn what_is_denied_stays_denied() {
    table(
        &[
            ("Ran jobs without downtime", "", "Ran jobs with downtime", &[NegationFlip]),
            ("Did not store card numbers; kept only tokens", "", "Stored card numbers and kept only tokens", &[NegationFlip]),
            ("Blocked retries in the client", "", "Allowed retries in the client", &[NegationFlip]),
            ("Added docs to unauthenticated endpoints", "", "Added docs to authenticated endpoints", &[NegationFlip]),
            ("Turned off verbose logging", "", "Turned on verbose logging", &[NegationFlip]),
            ("Excluded test accounts from the export", "", "Included test accounts in the export", &[NegationFlip]),
            ("Removed calls between services", "", "Added calls between services", &[NegationFlip]),
            ("Reduced connections of the service", "", "Increased connections of the service", &[NegationFlip]),
            ("Wrote the tool in Deno, never deployed", "", "Wrote the tool in Deno and deployed it", &[NegationFlip]),
            ("Kept searches available", "", "Kept searches unavailable", &[NegationFlip]),
        ],
        &[
            ("Upgraded and did not lose messages", "", "Upgraded without losing messages"),
            ("Refused uploads at the gateway", "", "Rejected uploads at the gateway"),
            ("Stopped duplicate mails", "", "Prevented duplicate mails"),
            ("Added a queue to avoid losing events", "", "Added a queue so that events are not lost"),
            ("Added locks so that users cannot buy the same seat", "", "Added locks to keep users from buying the same seat"),
            ("Created doubles so developers can work w/o hardware", "", "Created doubles, allowing developers to work without hardware"),
            ("Built an endpoint not allowing expired tokens", "", "Built an endpoint that prohibits expired tokens"),
            ("Added tests where there weren't any", "", "Added tests where there were none"),
        ],
    );
}

#[test]
fn a_text_is_judged_by_its_form_too() {
    let long = format!("Built the ledger {}", "and the payout and the refund and the invoice service ".repeat(5));
    table(
        &[
            ("Built the ledger", "", "Built the ledger. Ran it too", &[NotOneLine]),
            ("Built the ledger", "", "• Built the ledger", &[NotOneLine]),
            ("Built the ledger", "", "**Built** the ledger", &[NotOneLine]),
            ("Built the ledger", "", "- Built the ledger", &[NotOneLine]),
            ("Built the ledger", "", "Built the\nledger", &[NotOneLine]),
            ("Built the ledger", "", "# Built the ledger", &[NotOneLine]),
            (&long, "", &long, &[TooLong]),
            ("Built the ledger", "", "I built the ledger", &[FirstPerson]),
            ("Built the ledger", "", "Built our ledger", &[FirstPerson]),
            ("Built the ledger", "", "Built the ledger so we can pay", &[FirstPerson]),
            ("Built the ledger", "", "In my role, built the ledger", &[FirstPerson]),
            ("Built the ledger", "", "Built the ledger with us", &[FirstPerson]),
            ("Built the ledger", "", "Together, two others and I built the ledger", &[FirstPerson]),
            ("Built the ledger", "", "Built the ledger for [[users]", &[BadSlot]),
            ("Built the ledger", "", "Built the ledger for users]", &[BadSlot]),
            ("Built the ledger", "", "Built the ledger for [40%]", &[BadSlot]),
            ("Built the ledger", "", "Built the ledger with [Redis]", &[BadSlot]),
            ("Built the ledger", "", "Built the ledger []", &[BadSlot]),
            ("Built the ledger", "", "Built the ledger [a] [b] [c] [d]", &[BadSlot]),
            ("Built the ledger", "", "Seamlessly built the ledger", &[BannedPhrase]),
            ("Built the ledger", "", "Built the ledger — and ran it", &[BannedPhrase]),
            ("Built the ledger", "", "Passionate about building the ledger", &[BannedPhrase]),
            ("Built the ledger", "", "Results-driven, built the ledger", &[BannedPhrase]),
            ("Built the ledger", "", "Built the ledger 🚀", &[BannedPhrase]),
            ("Built the “ledger”", "", "Built the ‘ledger’", &[BannedPhrase]),
        ],
        &[
            ("Built v1.2 of the ledger e.g. for Node.js", "", "Built v1.2 of the ledger, e.g. for Node.js"),
            ("Tuned I/O of the ledger in the US", "", "Tuned I/O of the ledger in the US"),
            ("Built the ledger", "", "Built the ledger for [users]"),
            (
                "Built it",
                "a ledger for payouts, refunds, invoices, fees and taxes of the whole shop",
                "Built it: a ledger for payouts, refunds, invoices, fees and taxes of the whole shop",
            ),
            ("Built the ledger", "", "Built the ledger with [tool] for [users] in [time]"),
            ("Built the ledger 🚀", "", "Built the ledger 🚀"),
            ("Built a \"pause\" job", "", "Built a \"pause\" job"),
        ],
    );
}

#[test]
fn a_digit_in_a_name_is_no_number_and_the_name_is_kept_whole() {
    let names = [
        "p99",
        "EC2",
        "S3",
        "HTTP/2",
        "OAuth 2.0",
        "Python 3.11",
        "SHA-256",
        "N+1",
        "24/7",
        "IPv6",
        "i18n",
        "B2B",
        "3-tier",
        "zero-downtime",
        "third-party",
    ];
    for name in names {
        let bullet = format!("Tuned {name} handling in the ledger");
        assert_eq!(hard(&bullet, "", &format!("Tuned {name} handling of the ledger")), [], "{name}");
        assert_ne!(hard(&bullet, "", "Tuned handling in the ledger"), [], "{name} may not vanish");
        assert_ne!(hard("Tuned handling in the ledger", "", &bullet), [], "{name} may not appear");
    }
}
