//! Which texts tell the same numbers, and which do not: a row is a way of writing that people use.

use super::*;
use crate::domain::text::{Folded, tokenize};

pub(super) fn read(text: &str) -> Vec<Quantity> {
    let folded = Folded::new(text);
    scan(&folded, &tokenize(&folded), &[])
}

pub(super) fn claims(text: &str) -> Vec<String> {
    read(text).iter().map(|one| format!("{} {:?} {:?} {:?}", one.normal_form(), one.role, one.range, one.of)).collect()
}

/// Whether two texts tell the same numbers, in whatever order.
pub(super) fn tell_the_same(one: &str, other: &str) -> bool {
    let (one, other) = (read(one), read(other));
    let told = |one: &[Quantity], other: &[Quantity]| one.iter().all(|one| other.iter().any(|other| one.same_claim(other)));
    !one.is_empty() && one.len() == other.len() && told(&one, &other) && told(&other, &one)
}

pub(super) fn same(rows: &[(&str, &str)]) {
    for (one, other) in rows {
        assert!(tell_the_same(one, other), "{one} / {other}\n{:#?}\n{:#?}", claims(one), claims(other));
        assert!(tell_the_same(other, one), "{other} / {one}");
    }
}

pub(super) fn different(rows: &[(&str, &str)]) {
    for (one, other) in rows {
        assert!(!tell_the_same(one, other), "{one} / {other}\n{:#?}\n{:#?}", claims(one), claims(other));
    }
}

#[test]
fn digits_may_be_grouped_as_any_country_does() {
    same(&[
        ("Served 1 234 567 users", "Served 1,234,567 users"),
        ("Served 1\u{a0}234\u{202f}567 users", "Served 1,234,567 users"),
        ("Served 1.234.567 users", "Served 1234567 users"),
        ("Served 1'234'567 users", "Served 1,234,567 users"),
        ("Served 1’234 users", "Served 1,234 users"),
        ("Served 1_000 users", "Served 1,000 users"),
        ("Served 1_000_000 users", "Served 1M users"),
        ("Served 12,34,567 users", "Served 1,234,567 users"),
        ("Served 1,50,000 users", "Served 150,000 users"),
        ("Served 20 000 users", "Served 20k users"),
        ("Saved €1.234,56", "Saved €1,234.56"),
        ("Saved 1 234,5 EUR", "Saved 1,234.5 EUR"),
        ("Saved 1.234.567,89 EUR", "Saved 1,234,567.89 EUR"),
        ("Served ٤٠ users", "Served 40 users"),
        ("Cut costs by ٤٠٪", "Cut costs by 40%"),
        ("Cut costs by ९९٫९ %", "Cut costs by 99.9%"),
        ("Served \u{ff11}\u{ff10} users", "Served 10 users"),
        ("Wrote .5 GB of logs", "Wrote 0.5 GB of logs"),
        ("Kept 1.200 rows", "Kept 1,200 rows"),
        ("Kept 1.200 rows", "Kept 1.2 rows"),
        ("Wrote 10⁶ rows", "Wrote a million rows"),
        ("Wrote 10^6 rows", "Wrote 1e6 rows"),
        ("Wrote 2 x 10^6 rows", "Wrote 2M rows"),
        ("Served (20 000) users", "Served (20,000) users"),
    ]);
    different(&[
        ("Served 1 234 567 users", "Served 1,234 users"),
        ("Served 1.234.567 users", "Served 1.234.568 users"),
        ("Kept 1.200 rows", "Kept 12,000 rows"),
        ("Wrote 10⁶ rows", "Wrote 106 rows"),
        ("Wrote versions 1,2 and 3", "Wrote version 1.2 and 3"),
        ("Served 007 123 users", "Served 7,123 users"),
        ("Sent 3 100 MB files", "Sent 3,100 MB files"),
        ("Read 1,2345 rows", "Read 12,345 rows"),
    ]);
}

#[test]
fn a_unit_may_have_another_name_and_a_value_another_unit() {
    same(&[
        ("Kept 99.9 % uptime", "Kept 99.9% uptime"),
        ("Kept  99.9  %  uptime", "Kept 99.9% uptime"),
        ("Kept 99,9 % uptime", "Kept 99.9 percent uptime"),
        ("Cut errors by 40 per cent", "Cut errors by 40%"),
        ("Cut errors by 5‰", "Cut errors by 0.5%"),
        ("Cut errors by 3 %-points", "Cut errors by 3 percentage points"),
        ("Cut it to 1.5 s", "Cut it to 1500 ms"),
        ("Cut it to 1,5 s", "Cut it to 1.5 seconds"),
        ("Cut it to 250 µs", "Cut it to 0.25 ms"),
        ("Worked 18 months", "Worked 1.5 years"),
        ("Worked 6 mo", "Worked 6 months"),
        ("Worked 3 yrs", "Worked 36 months"),
        ("Waited 2 wks", "Waited 14 days"),
        ("Stored 2,5 GB", "Stored 2500 MB"),
        ("Moved 10 Gbps", "Moved 10Gbps"),
        ("Made it 3× faster", "Made it 3x faster"),
        ("Made it 1.5x faster", "Made it 1,5x faster"),
        ("Doubled throughput", "Improved throughput 2x"),
        ("Doubled throughput", "Improved throughput twofold"),
        ("Twice as fast", "2x as fast"),
        ("Cut it by a factor of three", "Cut it by 3x"),
        ("Improved it 10-fold", "Improved it 10x"),
        ("Handled 500 requests per second", "Handled 500 rps"),
        ("Handled 500 req/s", "Handled 500 RPS"),
        ("Handled 500 requests/s", "Handled 500 requests a second"),
        ("Handled 2k queries per second", "Handled 2,000 QPS"),
        ("Handled 300 transactions per second", "Handled 300 TPS"),
        ("Handled 5K requests per minute", "Handled 5,000 rpm"),
        ("Ran 3 jobs a day", "Ran 3 jobs daily"),
        ("Ran 3 jobs each day", "Ran 3 jobs every day"),
        ("Ran 3 jobs per night", "Ran 3 jobs nightly"),
        ("Polled every 5 min", "Polled every five minutes"),
        ("Deployed two times a week", "Deployed twice a week"),
    ]);
    different(&[
        ("Kept 99.9% uptime", "Kept 99.99% uptime"),
        ("Cut it to 200 ms", "Cut it to 200 s"),
        ("Moved 10 Gbps", "Moved 10 GB"),
        ("Stored 1 GB", "Stored 1 GiB"),
        ("Handled 500 rps", "Handled 500 rpm"),
        ("Handled 500 rps", "Handled 500 QPS"),
        ("Ran 3 jobs nightly", "Ran 3 jobs weekly"),
        ("Doubled throughput", "Tripled throughput"),
        ("Made it 3x faster", "Made it 3% faster"),
        ("Worked 18 months", "Worked 18 weeks"),
        ("Cut errors by 5‰", "Cut errors by 5%"),
    ]);
}

#[test]
fn durations_of_several_units_are_one_value() {
    same(&[
        ("Ran it in 1h 30m", "Ran it in 90 minutes"),
        ("Ran it in 1h30m", "Ran it in 1.5 hours"),
        ("Ran it in 1h20", "Ran it in 80 minutes"),
        ("Ran it in 1 h 30 min", "Ran it in 1½ hours"),
        ("Ran it in 1 hour and 30 minutes", "Ran it in 90 min"),
        ("Ran it in 1 hour, 30 minutes", "Ran it in 90 min"),
        ("Ran it in one hour and thirty minutes", "Ran it in 90 min"),
        ("Ran it in an hour and a half", "Ran it in 1.5 hours"),
        ("Ran it in two hours and a half", "Ran it in 150 minutes"),
        ("Ran it in two and a half hours", "Ran it in 150 minutes"),
        ("Ran it in 2 min 5 s", "Ran it in 125 seconds"),
        ("Ran it in 2m5s", "Ran it in 125 s"),
        ("Ran it in 2m 5s", "Ran it in 125 s"),
        ("Ran it in 2 days and 4 hours", "Ran it in 52 hours"),
        ("Ran it in 1d2h30m", "Ran it in 26.5 hours"),
        ("Worked there 1 year 6 months", "Worked there 18 months"),
        ("Worked there 1 year, 6 months", "Worked there 1.5 years"),
        ("Ran it in half an hour", "Ran it in 30 minutes"),
        ("Cut it from 2h to 15m", "Cut it from 120 min to 15 min"),
        ("Cut it from 45m to 10s", "Cut it from 45 minutes to 10 seconds"),
        ("Ran it in a half-hour", "Ran it in 30 minutes"),
        ("Ran it in ½ hour", "Ran it in 30 min"),
        ("Ran it in 1/2 an hour", "Ran it in 30 min"),
        ("Ran it in a quarter of an hour", "Ran it in 15 minutes"),
        ("Ran it in three quarters of an hour", "Ran it in 45 minutes"),
        ("Took half a day", "Took ½ day"),
        ("Took half a year", "Took 6 months"),
        ("Took 1 1/2 days", "Took 36 hours"),
        ("Spent 1 h 30 min per day", "Spent 90 minutes a day"),
    ]);
    different(&[
        ("Ran it in 1h 30m", "Ran it in 1h"),
        ("Ran it in 1h 30m", "Ran it in 30 min"),
        ("Ran it in 1 hour and 30 minutes", "Ran it in 1.3 hours"),
        ("Ran it in 2 min 5 s", "Ran it in 2.5 min"),
        ("Cut it from 2 hours to 30 minutes", "Cut it from 2.5 hours"),
        ("Ran 2 hours and 30 jobs", "Ran 150 minutes"),
        ("Took 30 minutes and 2 hours", "Took 150 minutes"),
        ("Took 2 weeks, 3 days a week", "Took 17 days a week"),
        ("Took half an hour", "Took half a minute"),
        ("Took half a day", "Took 12 hours"),
        ("Cut it from 15m to 10m rows", "Cut it from 15 min to 10 min"),
        ("Worked there 1 year 6 months", "Worked there 16 months"),
    ]);
}

#[test]
fn a_share_has_one_value_however_it_is_told() {
    same(&[
        ("Cut costs by ½", "Cut costs by half"),
        ("Cut costs by half", "Cut costs by 50%"),
        ("Halved costs", "Cut costs by 50%"),
        ("Cut costs by 1/2", "Cut costs by one half"),
        ("Fixed 1/3 of the bugs", "Fixed a third of the bugs"),
        ("Made it smaller by a third because of X", "Made it a third smaller"),
        ("Made it smaller by roughly a third due to X", "Made it about one third smaller"),
        ("Fixed ⅓ of the bugs", "Fixed one-third of the bugs"),
        ("Fixed two thirds of the bugs", "Fixed 2/3 of the bugs"),
        ("Fixed two-thirds of the bugs", "Fixed ⅔ of the bugs"),
        ("Fixed ¾ of the bugs", "Fixed 75% of the bugs"),
        ("Fixed three quarters of the bugs", "Fixed 3/4 of the bugs"),
        ("Cut costs by a quarter", "Cut costs by 25%"),
        ("Cut costs by ¼", "Cut costs by one quarter"),
        ("Cut costs by a fifth", "Cut costs by 20%"),
        ("Cut costs by one tenth", "Cut costs by 10%"),
        ("Cut costs by ⅛", "Cut costs by 12.5%"),
        ("Fixed 2/6 of the bugs", "Fixed a third of the bugs"),
        ("Wrote half a million rows", "Wrote 500k rows"),
        ("Wrote ½ million rows", "Wrote 500,000 rows"),
        ("Wrote half a dozen jobs", "Wrote 6 jobs"),
        ("Wrote 1½ pages", "Wrote 1.5 pages"),
        ("Wrote 2 1/2 pages", "Wrote two and a half pages"),
    ]);
    different(&[
        ("Cut costs by ½", "Cut costs by a third"),
        ("Fixed 2/3 of the bugs", "Fixed a third of the bugs"),
        ("Passed 3/5 audits", "Passed 60% of audits"),
        ("Cut costs by a quarter", "Cut costs by three quarters"),
        ("Done in three quarters", "Done by 75%"),
        ("Wrote 1½ pages", "Wrote 11 pages"),
        ("Wrote 1½ pages", "Wrote half of the pages"),
    ]);
}

#[test]
fn money_may_be_written_before_or_behind_its_currency() {
    same(&[
        ("Saved $1.2M", "Saved USD 1.2 million"),
        ("Saved $1.2M", "Saved 1,200,000 dollars"),
        ("Saved US$1.2M", "Saved $1.2m"),
        ("Saved 1,2 Mio. €", "Saved €1.2M"),
        ("Saved 1,2 Mio €", "Saved EUR 1.2 million"),
        ("Saved 3 Mrd. EUR", "Saved €3bn"),
        ("Saved 2 500 €", "Saved €2,500"),
        ("Saved $ 500", "Saved $500"),
        ("Saved €2,50", "Saved 2.50 EUR"),
        ("Saved C$500", "Saved CAD 500"),
        ("Saved ₹5 lakh", "Saved INR 500,000"),
        ("Saved CHF 3'000", "Saved 3,000 CHF"),
        ("Saved £2bn", "Saved 2 billion pounds"),
        ("Saved $40K a year", "Saved $40,000 annually"),
        ("Saved 1.2 M€", "Saved €1.2 million"),
        ("Saved 2 mil dollars", "Saved $2M"),
    ]);
    different(&[
        ("Saved $500", "Saved €500"),
        ("Saved $500", "Saved C$500"),
        ("Saved $1.2M", "Saved $1.2k"),
        ("Saved $40K a year", "Saved $40K a month"),
        ("Saved 5 € 10 times", "Saved 5 times €10"),
        ("Saved 1,2 Mio. €", "Saved €12M"),
    ]);
}

#[test]
fn dates_have_one_form_and_keep_their_parts() {
    same(&[
        ("Launched in 03/2024", "Launched in March 2024"),
        ("Launched in Mar 2024", "Launched in March 2024"),
        ("Launched in Mar. 2024", "Launched in 3/2024"),
        ("Launched in Sept. 2024", "Launched in September of 2024"),
        ("Launched in May 2024", "Launched in 05/2024"),
        ("Launched on 15 March 2024", "Launched on March 15, 2024"),
        ("Launched on March 15th, 2024", "Launched on 15.03.2024"),
        ("Launched on 3/15/2024", "Launched on 15/03/2024"),
    ]);
    assert!(tell_the_same("Launched 2024-03-15", "Launched 2024-3-15"));
    different(&[
        ("Launched in 03/2024", "Launched in April 2024"),
        ("Launched in 03/2024", "Launched in March 2023"),
        ("Launched in March 2024", "Launched in 2024"),
        ("Launched on 15 March 2024", "Launched on 16 March 2024"),
        ("Launched on 03/04/2024", "Launched on 4 March 2024"),
    ]);
    let year = read("Launched in 2024").remove(0);
    assert!(read("Launched in 03/2024").iter().any(|part| part.same_claim(&year)), "the year is said by the date");
    assert_eq!(read("Launched 2024-03").iter().map(Quantity::normal_form).collect::<Vec<_>>(), ["2024", "month 3"]);
}

#[test]
fn spans_cover_the_words_that_belong_to_the_number() {
    for (text, spans) in [
        ("cut it by more than 40 % overall", &["more than 40 %"][..]),
        ("cut it by about 10-20 %", &["about 10", "20 %"]),
        ("ran in 1 h 30 min today", &["1 h 30 min"]),
        ("saved 1,2 Mio. € today", &["1,2 Mio. €"]),
        ("saved US$5k", &["US$5k"]),
        ("fixed ½ of it", &["½"]),
        ("in 1½ hours", &["1½ hours"]),
        ("in March, 2024", &["March", "2024"]),
        ("half an hour", &["half an hour"]),
    ] {
        let found: Vec<String> = read(text).iter().map(|one| one.span.of(text)).collect();
        assert_eq!(found, spans, "{text}");
    }
}
