//! Ranges, bounds, and what looks like a number and is none.

use super::forms::{claims, different, read, same, tell_the_same};
use super::*;

#[test]
fn both_ends_of_a_range_have_its_unit() {
    same(&[
        ("Cut it by 10-20%", "Cut it by 10 to 20%"),
        ("Cut it by 10–20%", "Cut it by 10%-20%"),
        ("Cut it by 10 - 20 %", "Cut it by between 10 and 20%"),
        ("Cut it by 10% to 20%", "Cut it by 10-20 percent"),
        ("Cut it by ten to twenty percent", "Cut it by 10-20%"),
        ("Cut it 10-20%", "Cut it by 10-20%"),
        ("Made it 10-20% faster", "Made it 10 to 20% faster"),
        ("Took 5-7 days", "Took 5 to 7 days"),
        ("Took five to seven days", "Took between 5 and 7 days"),
        ("Took from 5 to 7 days", "Took 5-7 days"),
        ("Made it 2-3x faster", "Made it 2x to 3x faster"),
        ("Served 10-20k users", "Served 10k-20k users"),
        ("Served 10 to 20 thousand users", "Served 10,000-20,000 users"),
        ("Saved $5-10k", "Saved $5k to $10k"),
        ("Saved USD 5-10k", "Saved $5,000-10,000"),
        ("Saved 1-2 Mio. €", "Saved €1M-2M"),
        ("Handled 10-20 requests per second", "Handled 10 to 20 rps"),
        ("Moved 10-20 GB per day", "Moved 10 to 20 GB a day"),
        ("Led 3-5 engineers", "Led three to five engineers"),
        ("Planned 20-80 person days", "Planned 20 to 80 person-days"),
        ("Led about 3-5 engineers", "Led roughly 3 to 5 engineers"),
        ("Handled up to 40-60 jobs", "Handled up to 40 to 60 jobs"),
        ("Took 200ms-1s", "Took 200 ms to 1 s"),
        ("Worked there 2019-2021", "Worked there from 2019 to 2021"),
        ("Worked there 2019 through 2021", "Worked there 2019–2021"),
        ("Grew it from 10 to 20 users", "Grew it 10 to 20 users"),
        ("Cut it from 20-30 to 5-10 ms", "Cut it from 20-30 ms to 5-10 ms"),
        ("Saved 500-1k rows", "Saved 500 to 1,000 rows"),
    ]);
    different(&[
        ("Cut it by 10-20%", "Cut it by 20%"),
        ("Cut it by 10-20%", "Cut it by 10%"),
        ("Cut it by 10-20%", "Cut it from 10 to 20%"),
        ("Served 10-20k users", "Grew from 10k to 20k users"),
        ("Served 10-20k users", "Served 10 to 20 users"),
        ("Took 5-7 days", "Took 5-7 weeks"),
        ("Took 5-7 days", "Took 5-8 days"),
        ("Ran steps 1-2-3", "Ran steps 1-2 and 3"),
        ("Cut it by about 10-20%", "Cut it by 10-20%"),
        ("Made it 2-3x faster", "Made it 3x faster"),
        ("Saved $5-10k", "Saved $5-10"),
        ("Fixed 10 and 20 bugs", "Fixed between 10 and 20 bugs"),
        ("Went 10 to 20 to 30 users", "Went from 10 to 30 users"),
    ]);
    let units = |text: &str| read(text).iter().map(Quantity::normal_form).collect::<Vec<_>>();
    assert_eq!(units("Cut it by 10-20%"), ["10 %", "20 %"]);
    assert_eq!(units("Saved $5-10k"), ["5000 USD", "10000 USD"]);
    assert_eq!(units("Ran steps 1-2-3"), ["1", "2", "3"]);
}

#[test]
fn a_bound_has_many_words_and_is_never_lost() {
    for (words, comparator) in [
        (
            &[
                "about 40 shops",
                "~40 shops",
                "≈40 shops",
                "c. 40 shops",
                "ca. 40 shops",
                "circa 40 shops",
                "approx. 40 shops",
                "approximately 40 shops",
                "roughly 40 shops",
                "some 40 shops",
                "around 40 shops",
                "nearly 40 shops",
                "almost 40 shops",
                "40ish shops",
                "40 or so shops",
                "more or less 40 shops",
                "in the region of 40 shops",
                "an estimated 40 shops",
            ][..],
            Comparator::About,
        ),
        (
            &[
                "up to 40 shops",
                "at most 40 shops",
                "max 40 shops",
                "max. 40 shops",
                "a maximum of 40 shops",
                "under 40 shops",
                "below 40 shops",
                "less than 40 shops",
                "fewer than 40 shops",
                "no more than 40 shops",
                "<40 shops",
                "≤ 40 shops",
                "<= 40 shops",
                "40 shops or fewer",
                "40 or less shops",
                "40 shops max",
            ],
            Comparator::AtMost,
        ),
        (
            &[
                "over 40 shops",
                "more than 40 shops",
                "at least 40 shops",
                "40+ shops",
                "min. 40 shops",
                "min 40 shops",
                "a minimum of 40 shops",
                "no fewer than 40 shops",
                ">40 shops",
                "≥40 shops",
                "40 or more shops",
                "40 shops or more",
                "40 plus shops",
                "upwards of 40 shops",
                "north of 40 shops",
                "in excess of 40 shops",
            ],
            Comparator::AtLeast,
        ),
    ] {
        for text in words {
            let found = read(&format!("Served {text}"));
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!((found[0].comparator, found[0].value), (comparator, Decimal::new(40, 0)), "{text}");
            assert!(!tell_the_same(text, "40 shops"), "{text}");
        }
    }
    different(&[
        ("Served up to 40 shops", "Served over 40 shops"),
        ("Served about 40 shops", "Served 40+ shops"),
        ("Ran for 5 min 10 times", "Ran for 5 min at least 10 times"),
        ("Cut it to 200 ms max", "Cut it to 200 ms"),
    ]);
}

#[test]
fn names_orders_and_versions_are_no_numbers() {
    for text in [
        "Ran EC2 and S3",
        "Cut p95 and p99",
        "the 3rd time, the 21st, a third party",
        "on k8s with IPv6",
        "[2 things]",
        "on call 24/7",
        "on call 24x7",
        "Upgraded to 1.2.3",
        "Upgraded to v2.0.1-beta",
        "Upgraded to version 3",
        "at 10.0.0.1:8080",
        "see https://example.org/v2/10 and a2@example.org",
        "Ran `make -j 4`",
        "a third attempt, a half finished job, a third server",
        "2FA and 3D",
        "99999999999999999999999999999999",
    ] {
        assert_eq!(claims(text), Vec::<String>::new(), "{text}");
    }
}
