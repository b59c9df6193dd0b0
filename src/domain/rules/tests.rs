use super::*;
use crate::domain::grounding::DEFAULT_MAX_CHARS;
use crate::domain::guide::Guide;

/// Rewrites by rules, which the check has let pass; and tells what it asks.
fn written(skill: Option<&str>, bullet: &str) -> (String, String) {
    written_with(skill, bullet, &[])
}

fn written_with(skill: Option<&str>, bullet: &str, facts: &[&str]) -> (String, String) {
    let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
    let guide = Guide::parse("g", include_str!("../../../guides/backend-developer.toml"), &lexicon).expect("the guide is sound");
    let evidence = Evidence::new(&lexicon, bullet, facts, &[]);
    let asks = guide.asks_for(skill.map(|id| guide.skill(id).expect("known")), &evidence.bullet);
    let limits = Limits { max_chars: DEFAULT_MAX_CHARS, asks: asks.all() };
    let rewrite = rewrite(&lexicon, asks.asked(), limits, &evidence).unwrap_or_else(|| panic!("{bullet}: nothing passes the check"));
    (rewrite.text().to_owned(), rewrite.with_slots().to_owned())
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
        "Used Python and pandas to process data and generate reports",
        "Used Kafka for event streaming, Redis for caching",
        "Used Docker for local development",
        "Successfully and efficiently managed servers",
        "Added 3 engineers to the team",
        "Added Redis caching to the API",
        "Used Python to parse logs and Kafka to ship them",
        "Added value to the team by writing docs",
        "Was asked to look into the outage",
        // Somebody else did it, and somebody else's fault it was.
        "Rate limiting was added by the security team",
        "The gateway was migrated by the platform team",
    ] {
        assert_eq!(written(None, bullet).0, bullet);
    }
    let (text, _) = written(None, "Passwords were stored in plain text, I changed it to bcrypt hashing");
    assert!(!text.contains("because"), "{text}: nobody gave the reason");
}

/// Each rule with the sentences it was made for.
#[test]
fn each_rule_does_one_thing() {
    for (bullet, text) in [
        // Passive to active
        ("Indexes were added to several slow tables in Postgres.", "Added indexes to slow tables in PostgreSQL"),
        ("Kafka consumer was written by me for the stock updates", "Wrote a Kafka consumer for the stock updates"),
        ("New pages were added to the shop and the docs were updated", "Added new pages to the shop and updated the docs"),
        ("Code reviews were done for junior developers", "Reviewed code for junior developers"),
        ("Code was refactored by our team to use async I/O", "Contributed to refactoring code to use async I/O"),
        // The deed in a noun, and the plain opener where there is none
        ("REST API development for the mobile app", "Developed a REST API for the mobile app"),
        ("Migration of cron jobs to Airflow", "Migrated cron jobs to Airflow"),
        ("Responsible for the development and maintenance of the portal", "Developed and maintained the portal"),
        ("Sessions stored in Redis instead of files", "Stored sessions in Redis instead of files"),
        ("Complex SQL queries for monthly sales figures", "Worked on complex SQL queries for monthly sales figures"),
        ("Internal admin panel in Laravel for refunds", "Worked on an internal admin panel in Laravel for refunds"),
        // A group
        // The first person, and the tense
        ("My role was to maintain the nightly jobs", "Maintained the nightly jobs"),
        ("In this project I have developed REST APIs using Flask", "Developed REST APIs using Flask"),
        ("Reduced errors in our checkout pages", "Reduced errors in checkout pages"),
        ("Developing APIs and maintaining databases", "Developed APIs and maintained databases"),
        ("Setting up of Grafana dashboards", "Set up Grafana dashboards"),
        // One line
        ("Moved data to PostgreSQL. It was done using dual writes.", "Moved data to PostgreSQL using dual writes"),
        ("Wrote Dockerfiles. I introduced Compose.", "Wrote Dockerfiles; introduced Compose"),
        (
            "Used Memcached with PHP. Pages are faster now and better user experience.",
            "Used Memcached with PHP for faster pages and better user experience",
        ),
        // Clauses and lists
        ("Fixed deadlocks which were causing failed payments", "Fixed deadlocks that caused failed payments"),
        ("Set up Jenkins, which helped the team deploy", "Set up Jenkins, helping the team deploy"),
        ("Built jobs for emails, PDF invoices etc.", "Built jobs for emails and PDF invoices"),
        // Word order
        (
            "Reduced the size of our images, was 1.4 GB and after multi-stage build it is 230 MB",
            "Reduced the size of images from 1.4 GB to 230 MB with a multi-stage build",
        ),
        ("Built login for customers (SAML, Okta)", "Built login for customers using SAML and Okta"),
        ("Wrote multithreaded code in Java for the ledger", "Wrote multithreaded Java code for the ledger"),
        // Spelling and articles
        ("Deployed the app to Tomcat server on k8s", "Deployed the app to the Tomcat server on Kubernetes"),
        ("Built role based access control in JIRA", "Built role-based access control in Jira"),
    ] {
        assert_eq!(written(None, bullet).0, text, "{bullet}");
    }
}

#[test]
fn nothing_is_written_of_a_person_without_a_deed() {
    let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
    let limits = Limits { max_chars: DEFAULT_MAX_CHARS, asks: &[] };
    for bullet in
        ["A dynamic backend developer with a passion for APIs", "Good knowledge of Docker and Kubernetes", "Strong communication skills"]
    {
        let evidence = Evidence::new(&lexicon, bullet, &[], &[]);
        assert!(rewrite(&lexicon, &[], limits, &evidence).is_none(), "{bullet}");
        assert!(why_not(&lexicon, &evidence).contains("person"), "{bullet}");
    }
}

#[test]
fn what_the_facts_tell_takes_the_place_of_the_questions() {
    for (skill, bullet, facts, text) in [
        (
            Some("caching"),
            "Added caching to improve API performance.",
            "it was Redis, latency went from 300 ms to 40 ms",
            "Implemented caching with Redis to improve API performance, cutting latency from 300 ms to 40 ms",
        ),
        (
            Some("rest-api"),
            "Built REST APIs for the mobile and web clients.",
            "3 clients, 5K req/min per tenant",
            "Built REST APIs for the mobile and web clients (3 clients, 5K req/min per tenant)",
        ),
        (None, "Helped migrate the billing jobs to Airflow", "I did it on my own", "Migrated the billing jobs to Airflow"),
        (
            None,
            "Helping the frontend team by building GraphQL resolvers",
            "I built all of them",
            "Built GraphQL resolvers for the frontend team",
        ),
    ] {
        assert_eq!(written_with(skill, bullet, &[facts]).0, text, "{facts}");
    }
}

#[test]
fn a_bullet_is_asked_for_what_it_is_about() {
    for (skill, bullet, asked) in [
        (Some("caching"), "Added a Redis cache to the catalog", &["[hit rate]", "[latency before]"][..]),
        (Some("caching"), "Added caching to the catalog", &["[cache tool]", "[latency before]"]),
        (Some("schema-migrations"), "Migrated the orders schema with Flyway", &["[row count] rows", "[downtime]"]),
        (Some("sql"), "Fixed deadlocks on the orders table in MySQL", &["[failure drop]"]),
        (Some("containers"), "Wrote Dockerfiles so that developers can run the stack locally", &["[setup time before]", ", so that"]),
        (None, "Wrote JUnit tests and achieved code coverage", &["code coverage of [coverage]"]),
        (None, "Mentored 2 interns during summer", &["[ramp-up time]"]),
        (None, "Created Python scripts to rename files", &["saving [time saved] a week"]),
        (
            None,
            "Developed microservices using Java and Spring Boot",
            &["serving [request rate]", "with a response time of [response time]"],
        ),
        (None, "Took part in code reviews and planning", &["code reviews covering [review count] pull requests a month and"]),
        (Some("containers"), "Reduced the size of our Docker images", &["[image size before]"]),
        (None, "Developed features using Agile methodology", &["used by [user count] people"]),
        (None, "Worked closely with cross-functional teams", &["teams on [project count] projects"]),
        (None, "Handled 10k requests per second with Go services", &["at [response time]", "[availability]"]),
        (None, "Wrote unit tests for new features of backend services", &["[coverage before]"]),
    ] {
        let (_, with_slots) = written(skill, bullet);
        assert!(asked.iter().all(|slot| with_slots.contains(slot)), "{with_slots}");
    }
    let (text, with_slots) = written(None, "Participated in daily stand-ups, sprint planning and other ceremonies");
    assert_eq!((text.as_str(), text == with_slots), ("Participated in ceremonies such as daily stand-ups and sprint planning", true));
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
        ("rest-api", "Integrated third party APIs like Stripe and Twilio", "[web framework]"),
        ("language-depth", "Fixed a memory leak in the Node.js service", "[server language]"),
        ("nosql", "Designed collections for chat history in MongoDB", "[read time before]"),
        ("distributed-systems", "Designed retries for order, payment and stock services", "[service count]"),
        ("observability", "Integrated tracing into the billing service", "[service count]"),
        ("api-security", "Moved API keys to a vault, as asked by the security team", "["),
        ("caching", "Wrote cache invalidation, which is hard to get right", "["),
    ] {
        let (_, with_slots) = written(Some(skill), bullet);
        assert!(!with_slots.contains(absent), "{with_slots}");
    }
}

#[test]
fn what_the_facts_tell_is_not_asked_for() {
    for (skill, bullet, facts, absent) in [
        (None, "Built an internal tool for the clerks", "Flask; 15 clerks use it", "["),
        (Some("relational-design"), "Improved database performance", "customer page query 3.4s -> 0.2s", "[query time before]"),
        (Some("caching"), "Added caching to the catalog", "hit rate about 85 %", "[hit rate]"),
        (None, "Set up build pipelines for three repositories", "I don't know how much time it saved", "[deployment time before]"),
    ] {
        let (_, with_slots) = written_with(skill, bullet, &[facts]);
        assert!(!with_slots.contains(absent), "{facts}: {with_slots}");
    }
    let (_, with_slots) = written_with(Some("caching"), "Added caching to the catalog", &["we did not use Redis"]);
    assert!(with_slots.contains("[cache tool]"), "a tool that was not used answers nothing: {with_slots}");
}
