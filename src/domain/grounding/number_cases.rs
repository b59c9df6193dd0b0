//! Numbers, technologies and names that are the same in other words, and those that only look the same: one mechanism a list.

use super::*;

fn hard(bullet: &str, rewrite: &str) -> Vec<ViolationCode> {
    let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
    let evidence = Evidence::new(&lexicon, bullet, &[], &[]);
    let violations = judge(&lexicon, &evidence, &[], rewrite);
    violations
        .into_iter()
        .filter(|violation| violation.severity != Severity::Soft)
        .map(|violation| violation.code)
        .filter(|code| *code != ViolationCode::NoReceipt)
        .collect()
}

fn same(pairs: &[(&str, &str)]) {
    for (bullet, rewrite) in pairs {
        assert_eq!(hard(bullet, rewrite), [], "{bullet} -> {rewrite}");
    }
}

fn other(pairs: &[(&str, &str)]) {
    for (bullet, rewrite) in pairs {
        let found = hard(bullet, rewrite);
        let fits = |code: &ViolationCode| {
            matches!(
                code,
                ViolationCode::ChangedQuantity
                    | ViolationCode::NewQuantity
                    | ViolationCode::DroppedFact
                    | ViolationCode::NewTechnology
                    | ViolationCode::NewProperNoun
            )
        };
        assert!(found.iter().any(fits), "{bullet} -> {rewrite}: {found:?}");
    }
}

#[test]
fn over_is_across_behind_what_is_spread_and_more_than_elsewhere() {
    same(&[
        ("Spread the crawler over 6 machines", "Spread the crawler across six machines"),
        ("Built a search of 4 million documents", "Built a search over 4M documents"),
        ("Served over 200 users", "Served more than 200 users"),
    ]);
    other(&[
        ("Served over 200 users", "Served 200 users"),
        ("Served 200 users", "Served over 200 users"),
        ("Replicated the data over 3 regions", "Replicated the data across more than 3 regions"),
    ]);
}

#[test]
fn a_vague_number_stays_vague() {
    same(&[
        ("Fixed 15ish bugs", "Fixed about 15 bugs"),
        ("Watched 60 something switches", "Watched about 60 switches"),
        ("Removed like 30 thousand lines", "Removed about 30,000 lines"),
        ("Export took more then 45 sec", "Export took more than 45 seconds"),
    ]);
    other(&[
        ("Fixed 15ish bugs", "Fixed 15 bugs"),
        ("Watched 60 something switches", "Watched 60 switches"),
        ("Removed like 30 thousand lines", "Removed 30,000 lines"),
        ("Export took more then 45 sec", "Export took 45 seconds"),
        ("Supported about 60 switches", "Supported over 60 switches"),
        ("Built 10+ dashboards", "Built 10 dashboards"),
        ("Handled up to 70 calls", "Handled 70 calls"),
    ]);
}

#[test]
fn how_often_is_a_number_in_words() {
    same(&[
        ("Deployed two times a week", "Deployed twice a week"),
        ("Ran the job 4 times an hour", "Ran the job four times per hour"),
        ("Wrote an export once a quarter", "Wrote a quarterly export"),
        ("Merged PRs weekly, for 20 repos", "Merged PRs for 20 repositories every week"),
        ("Tested the plan biweekly", "Tested the plan every two weeks"),
        ("Met the team twice in a month", "Met the team twice a month"),
        ("Charged people two times", "Charged people twice"),
        ("Led a team of 8 for daily status", "Led a team of eight for daily status"),
    ]);
    other(&[
        ("Deployed twice a week", "Deployed three times a week"),
        ("Deployed twice a week", "Deployed twice a day"),
        ("Wrote an export once a quarter", "Wrote a monthly export"),
        ("Sent a weekly report", "Sent a daily report"),
        ("Tested the plan biweekly", "Tested the plan weekly"),
        ("Fixed 20 bugs", "Fixed 20 bugs every week"),
        ("Saved 20 hours", "Saved 20 hours per week"),
    ]);
}

#[test]
fn a_difference_is_not_what_is_left() {
    same(&[
        ("Brought the AWS bill of the shop team to 20 percent lower", "Brought the AWS bill of the shop team down by 20%"),
        ("Traffic doubled", "Traffic rose by 100%"),
        ("Latency dropped 40%", "Latency dropped by 40%"),
    ]);
    other(&[
        ("Latency dropped 40%", "Latency dropped to 40%"),
        ("Errors down 20 percent", "Errors down to 20 percent"),
        ("Traffic doubled", "Traffic rose to 100%"),
        ("Traffic tripled", "Traffic rose by 100%"),
        ("Memory fell 30 percent", "Memory fell 30 percentage points"),
    ]);
}

#[test]
fn what_is_counted_may_have_another_name_of_its_kind() {
    same(&[("Moved 25 VMs", "Moved 25 virtual machines"), ("Wrote a 3 page comparision", "Wrote a three-page comparison")]);
    other(&[("Moved 25 VMs", "Moved 25 containers"), ("Wrote a 3 page manual", "Wrote a 30-page manual")]);
}

#[test]
fn computed_and_cut_numbers_are_others() {
    other(&[
        ("Cost fell from $900 to $300 a month", "Cost fell by 67%"),
        ("Answered 30-40 tickets", "Answered 40 tickets"),
        ("Kept uptime at 99.9%", "Kept uptime at 99.99%"),
        ("Cut p95 to 600 ms", "Cut p99 to 600 ms"),
        ("Export takes 45 seconds", "Export takes 45 minutes"),
        ("Second developer on the portal", "First developer on the portal"),
        ("Two and a half hours for the export", "Two hours for the export"),
    ]);
}

#[test]
fn an_everyday_name_is_known_by_its_company() {
    same(&[
        ("Wrote a chat with socket.io and node", "Wrote a chat with Socket.IO and Node.js"),
        ("Converted the XML config of spring", "Converted the Spring XML configuration"),
        ("Wrote a slack bot", "Wrote a Slack bot"),
        ("Wrote macros in excel vba", "Wrote Excel VBA macros"),
        ("Ran 2 tomcats", "Ran two Tomcat servers"),
        ("Wrote a log parser in go", "Wrote a Go log parser"),
        ("Wrote tests in RestAssured", "Wrote tests in REST Assured"),
        ("Added two factor auth", "Added two-factor authentication"),
        ("Fixed wifi on handhelds", "Fixed Wi-Fi on handhelds"),
    ]);
    other(&[
        ("Released in spring", "Released in Spring Boot"),
        ("Added a node to the cluster", "Added a Node.js service to the cluster"),
        ("Was ready to go", "Was ready in Go"),
        ("Wrote a slack bot", "Wrote a Discord bot"),
    ]);
}

#[test]
fn a_version_inside_a_name_and_a_name_behind_its_class_are_kept() {
    other(&[
        ("Added OAuth 2.0 login", "Added OAuth login"),
        ("Enforced TLS 1.2 for all endpoints", "Enforced TLS for all endpoints"),
        ("Moved the session cache from Memcached to Redis", "Moved the session cache to Redis"),
        ("Moved 7 services from Jenkins to GitLab CI", "Moved 7 services to GitLab CI"),
        ("Built a delivery API in Kotlin with Ktor and Exposed", "Built a delivery API in Kotlin with Ktor"),
    ]);
}

#[test]
fn a_frame_of_time_may_have_another_preposition_and_a_bound_may_not() {
    same(&[
        ("Patched 120 hosts within 24 hours", "Patched 120 hosts in 24 hours"),
        ("Erased user data inside of 30 days", "Erased user data within 30 days"),
        ("Supported the card systems with an SLA of 4h", "Supported the card systems under a 4-hour SLA"),
        ("Cut the bill from $9k to $6k a month", "Cut the bill from $9,000 to $6,000 per month"),
    ]);
    other(&[
        ("Answered in under 24 hours", "Answered in 24 hours"),
        ("Answered in 24 hours", "Answered in over 24 hours"),
        ("Cut the bill from $9k to $6k a month", "Cut the bill from $9,000 to $6,000 per year"),
    ]);
}

#[test]
fn a_name_ends_at_a_plus_and_goes_by_its_longest_spelling() {
    same(&[
        ("bash+cron backup of the wiki", "Backed up the wiki with Bash and cron"),
        ("Stored audit records in PostgreSQL", "Stored audit records in a SQL database"),
        ("Worked in an agile team of 9 members", "Worked in a nine-person agile team"),
    ]);
    other(&[
        ("Wrote scripts in JavaScript", "Wrote Java scripts"),
        ("Stored audit records in a SQL database", "Stored audit records in PostgreSQL"),
        ("Wrote a parser in C++", "Wrote a parser in C"),
    ]);
}
