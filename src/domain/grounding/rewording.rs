//! How far an editor may go: what of a bullet may be left out or told in other words, and what may not.

use super::ViolationCode::{DroppedFact, InventedOutcome, NegationFlip, OwnershipUp, ScopeUp};
use super::cases::table;

#[test]
fn comments_and_words_of_procedure_may_go_and_things_may_not() {
    table(
        &[
            ("Wrote the quota service; it was not released", "", "Wrote the quota service", &[DroppedFact, NegationFlip]),
            ("Wrote a scanner for leases, used by surveyors", "", "Wrote a scanner", &[DroppedFact]),
            ("Checked pallets with barcodes verified", "", "Checked pallets", &[DroppedFact]),
            ("Set up a mail relay for the museum", "", "Set up a mail relay", &[DroppedFact]),
            ("Tuned the query planner and wrote a guide for it", "", "Tuned the query planner", &[DroppedFact]),
            ("Kept totals exact to the gram while porting the scales to Go", "", "Ported the scales to Go", &[DroppedFact]),
            ("Ran the exporter on a test server", "", "Ran the exporter", &[DroppedFact]),
            ("Wrote a stub of the customs API", "", "Wrote the customs API", &[DroppedFact]),
            ("Added locks so users can't book one seat twice", "", "Added locks", &[DroppedFact, NegationFlip]),
        ],
        &[
            ("Deleted 9 dead queues, nobody missed them", "", "Deleted 9 dead queues"),
            ("Wrote a lease parser; the bought one was too slow", "", "Wrote a lease parser"),
            ("Introduced code freezes, it was hard to sell", "", "Introduced code freezes"),
            ("Wrote the payroll rules, really complicated logic", "", "Wrote the payroll rules"),
            ("Passionate about maps! Drew the tile server", "", "Drew the tile server"),
            ("Performed load test sessions on the tile server", "", "Load-tested the tile server"),
            ("Connected the carriers (FedEx, UPS) to the label service", "", "Connected FedEx and UPS to the label service"),
            ("Responsible for writting reports", "", "Wrote reports"),
            ("Rewrote the tax rules because nobody understood the old ones", "", "Rewrote the old tax rules"),
        ],
    );
}

#[test]
fn every_item_of_a_list_is_kept() {
    table(
        &[
            ("Built the tenant and landlord pages", "", "Built the landlord pages", &[DroppedFact]),
            ("Fixed leaks and slow starts in the mixer", "", "Fixed slow starts in the mixer", &[DroppedFact]),
            ("Coached three nurses and one porter", "", "Coached three nurses", &[DroppedFact]),
            ("Moved builds from Jenkins to GitLab CI", "", "Moved builds to GitLab CI", &[DroppedFact]),
            ("Wrote the API in Kotlin with Ktor and Exposed", "", "Wrote the API in Kotlin with Ktor", &[DroppedFact]),
            ("Drew the ledger with 9 tables and audit rules", "", "Drew the ledger with 9 tables", &[DroppedFact]),
            ("Mirrored third-party packages", "", "Mirrored packages", &[DroppedFact]),
        ],
        &[
            ("Built the tenant and landlord pages", "", "Built landlord and tenant pages"),
            ("Fixed leaks and slow starts in the mixer", "", "Resolved slow starts and leaks in the mixer"),
            ("Collected changes, send to clients each sprint", "", "Collected changes for clients each sprint"),
            ("Sped up queries, new and old", "", "Sped up old and new queries"),
            ("Built the pages on top of Django", "", "Built the pages on Django"),
            ("Moved builds from Jenkins to GitLab CI", "", "Migrated builds from Jenkins to GitLab CI"),
        ],
    );
}

#[test]
fn a_denial_may_be_told_in_other_words_and_not_as_its_reverse() {
    table(
        &[
            ("Removed write access of agents to the vault", "", "Granted agents write access to the vault", &[NegationFlip]),
            ("Rolled back the pricing release", "", "Rolled out the pricing release", &[NegationFlip]),
            ("The crawler ignores archived pages", "", "The crawler indexes archived pages", &[NegationFlip]),
            ("Kept minors out of the chat", "", "Kept minors in the chat", &[NegationFlip]),
            ("Removed the banner from the portal", "", "Integrated the banner into the portal", &[NegationFlip]),
            ("Decided against Kafka for the shop", "", "Decided on Kafka for the shop", &[NegationFlip]),
            ("Letters go out once, they are not resent", "", "Letters go out once and are resent", &[NegationFlip]),
            ("Changed the worker so it does not resend letters", "", "Changed the worker to resend letters", &[NegationFlip]),
        ],
        &[
            ("Wrote a journal that can't be changed", "", "Wrote an immutable journal"),
            ("Split the batch so it ends at noon and not at dusk", "", "Split the batch so it ends at noon instead of dusk"),
            ("Not only tested but also documented the relay", "", "Tested and also documented the relay"),
            (
                "The upload crashed on large files, I streamed them so no more crash",
                "",
                "Fixed crashes on large uploads by streaming files",
            ),
            ("Had no staging area, so I created one", "", "Created a staging area"),
            ("Added a queue, eliminating lost orders", "", "Added a queue so that no orders are lost"),
            ("Secured the gate, previously anyone could open it", "", "Secured the gate"),
            ("Found a leak that came each night and nobody could explain", "", "Found a leak that came each night"),
        ],
    );
}

#[test]
fn the_part_of_the_writer_may_be_told_in_other_words() {
    table(
        &[
            ("Was in the working group for moving the archive", "", "Was responsible for moving the archive", &[OwnershipUp]),
            ("Was on the crew that rebuilt the gate", "", "Rebuilt the gate", &[OwnershipUp]),
            ("Maintained the toll service", "", "Built and maintained the toll service", &[OwnershipUp]),
            ("Updated the charts written by the data team", "", "Wrote the charts", &[OwnershipUp]),
            ("Made small fixes in the meter app", "", "Developed the meter app", &[OwnershipUp]),
            ("Sat in on the audit", "", "Ran the audit", &[OwnershipUp]),
            ("Built the toll service with two colleagues", "", "Built the toll service", &[OwnershipUp, DroppedFact]),
            ("Used Vault for secrets", "", "Built Vault for secrets", &[OwnershipUp]),
            ("Handled tickets of the team", "", "Managed the team", &[OwnershipUp]),
        ],
        &[
            ("Part of a team of six that rebuilt the gate", "", "Rebuilt the gate as part of a six-person team"),
            ("Was lead for the move of the archive", "", "Led the move of the archive"),
            ("Gate design and development for a harbor", "", "Designed and developed the gate for a harbor"),
            ("Ran the gate with three instances", "", "Ran the gate on three instances"),
            ("Handled secrets through Vault", "", "Managed secrets through Vault"),
            ("Used Solr for search of permits", "", "Implemented search of permits with Solr"),
            ("Worked with the radio team to define the protocol", "", "Defined the protocol with the radio team"),
            ("The data model was designed by me", "", "Designed the data model"),
            ("Proud to have led 4 engineers", "", "Led 4 engineers"),
            ("Assigned to a tax project; developed the rules in Drools", "", "Developed the rules in Drools for a tax project"),
        ],
    );
}

#[test]
fn words_of_time_and_order_widen_nothing() {
    table(
        &[
            ("Created reports for the board", "", "Created automated reports for the board", &[ScopeUp]),
            ("Set up monitors", "", "Set up the first monitors", &[ScopeUp]),
            ("Prepared release notes", "", "Prepared release notes that kept stakeholders aligned", &[InventedOutcome]),
            ("Wrote unit tests", "", "Wrote unit tests and deployed the scale", &[InventedOutcome]),
        ],
        &[
            ("Moved flags to LaunchDarkly; deploy not needed any more", "", "Moved flags to LaunchDarkly so a deploy is no longer needed"),
            ("Set up monitors, they didn't have any before", "", "Set up the first monitors"),
            ("Trained a new hire, she then took the desk by herself", "", "Trained a new hire, who then took the desk herself"),
            ("Cleanup of tariffs; unit tests for tolls", "", "Cleaned up tariffs and wrote unit tests for tolls"),
            ("Learned Erlang with zero experience before", "", "Learned Erlang with no prior experience"),
        ],
    );
}
