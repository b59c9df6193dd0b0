//! What holds for numbers of any size: one value in every form it can be written in, no panic, every place within its text.

use proptest::prelude::*;

use super::forms::read;
use super::*;

/// A whole number in the ways that it can be written.
fn written(number: u64) -> Vec<String> {
    let digits = number.to_string();
    let parted = |sign: &str| {
        let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
        groups.join(sign)
    };
    let in_script = |zero: u32| digits.chars().filter_map(|c| char::from_u32(zero + c.to_digit(10)?)).collect::<String>();
    let mut forms =
        vec![digits.clone(), parted(","), parted("'"), parted("_"), parted(" "), in_script(0x660), in_script(0x966), in_script(0xff10)];
    // One point may part thousands or decimals, and three may be an address.
    if (1_000_000..1_000_000_000).contains(&number) {
        forms.push(parted("."));
    }
    for (letter, factor) in [("k", 1_000), ("M", 1_000_000), (" million", 1_000_000), (" bn", 1_000_000_000)] {
        if number.is_multiple_of(factor) && number > 0 {
            forms.push(format!("{}{letter}", number / factor));
        }
    }
    if number < 10_000 {
        forms.push(in_words(number));
    }
    forms
}

fn in_words(number: u64) -> String {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let part = |number: u64| usize::try_from(number).expect("small");
    match number {
        0..20 => SMALL[part(number)].to_owned(),
        20..100 if number.is_multiple_of(10) => TENS[part(number / 10)].to_owned(),
        20..100 => format!("{}-{}", TENS[part(number / 10)], SMALL[part(number % 10)]),
        100..1_000 if number.is_multiple_of(100) => format!("{} hundred", SMALL[part(number / 100)]),
        100..1_000 => format!("{} hundred and {}", SMALL[part(number / 100)], in_words(number % 100)),
        _ if number.is_multiple_of(1_000) => format!("{} thousand", in_words(number / 1_000)),
        _ => format!("{} thousand {}", in_words(number / 1_000), in_words(number % 1_000)),
    }
}

/// A duration in seconds in the ways that it can be written.
fn timed(seconds: u64) -> Vec<String> {
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let parts: Vec<(u64, [&str; 3])> =
        [(hours, ["h", " h", " hours"]), (minutes, ["m", " min", " minutes"]), (rest, ["s", " s", " seconds"])]
            .into_iter()
            .filter(|(value, _)| *value > 0)
            .collect();
    let joined =
        |form: usize, gap: &str| parts.iter().map(|(value, names)| format!("{value}{}", names[form])).collect::<Vec<_>>().join(gap);
    let mut forms = vec![
        format!("{seconds} s"),
        format!("{seconds}000 ms"),
        format!("{seconds} seconds"),
        joined(1, " "),
        joined(2, " "),
        joined(2, ", "),
        joined(2, " and "),
    ];
    // `5m` alone is five million.
    if parts.len() > 1 {
        forms.extend([joined(0, ""), joined(0, " ")]);
    }
    forms
}

fn only(text: &str) -> Quantity {
    let mut found = read(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.remove(0)
}

/// Words that trip a reader of numbers, in any order.
fn soup() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "1",
        "1-",
        "2",
        "007",
        "10-20",
        "1.2.3",
        "1.234.567",
        "1,2",
        "½",
        "1½",
        "1/3",
        "⅔",
        "10⁶",
        "^",
        "%",
        "‰",
        "٪",
        "٤٠",
        "$",
        "US$",
        "€",
        "USD",
        "k",
        "M",
        "Mio.",
        "per",
        "/",
        "s",
        "ms",
        "m",
        "h",
        "1h30m",
        "min",
        "min.",
        "max.",
        "and",
        "a",
        "half",
        "an",
        "hour",
        "to",
        "from",
        "between",
        "about",
        "or",
        "more",
        "less",
        "than",
        "up",
        "one",
        "hundred",
        "thousand",
        "third",
        "thirds",
        "quarter",
        "two-thirds",
        "March",
        "2024",
        "03/2024",
        "2024-03-15",
        "15",
        ",",
        ".",
        "-",
        "daily",
        "every",
        "24/7",
        "x",
        "twice",
        "times",
        "of",
        "users",
        "[label]",
        "version",
        "e6",
        "1e6",
        "99999999999999999999999999",
        "https://example.org/1",
        "`a 1 ()`",
    ]);
    prop::collection::vec((word, prop::sample::select(vec!["", " "])), 0..24)
        .prop_map(|words| words.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_number_is_read_from_every_form_it_is_written_in(number in prop_oneof![2_u64..10_000, 1_u64..2_000_000_000, (1_u64..900).prop_map(|n| n * 1_000_000)]) {
        for form in written(number) {
            let found = only(&format!("Served {form} users"));
            prop_assert_eq!(found.value, Decimal::new(number.into(), 0), "{}", form);
            prop_assert_eq!(found.kind, QuantityKind::Count);
        }
    }

    #[test]
    fn a_duration_is_read_from_every_form_it_is_written_in(seconds in 1_u64..100_000) {
        for form in timed(seconds) {
            let found = only(&format!("Ran it in {form}"));
            prop_assert_eq!(found.value, Decimal::new(i128::from(seconds) * 1_000_000_000, 0), "{}", form);
            prop_assert_eq!((found.kind, found.unit), (QuantityKind::Duration, "ns"));
        }
    }

    #[test]
    fn a_range_is_read_from_every_form_it_is_written_in(low in 2_u32..900, more in 1_u32..900, unit in prop::sample::select(vec!["%", " %", " ms", " GB", "x", " users", " days", "k rows"])) {
        let high = low + more;
        let (low_value, high_value) = (only(&format!("{low}{unit}")).value, only(&format!("{high}{unit}")).value);
        // What is counted stands behind the second alone.
        let apart = match unit { " users" => "", "k rows" => "k", unit => unit };
        for form in [
            format!("{low}-{high}{unit}"),
            format!("{low}\u{2013}{high}{unit}"),
            format!("{low} - {high}{unit}"),
            format!("{low} to {high}{unit}"),
            format!("{low}{apart} to {high}{unit}"),
            format!("between {low} and {high}{unit}"),
            format!("between {low}{apart} and {high}{unit}"),
        ] {
            let found = read(&format!("Took {form}"));
            let ends: Vec<_> = found.iter().map(|end| (end.value, end.range.map(RangeEnd::is_low))).collect();
            prop_assert_eq!(&ends, &[(low_value, Some(true)), (high_value, Some(false))], "{}", form);
            prop_assert!(found[0].same_measure(&found[1]), "{}: {:?}", form, found);
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic_and_every_number_has_its_place(text in prop_oneof![soup(), "\\PC{0,60}", "[0-9.,'_ /-]{0,60}"]) {
        let found = read(&text);
        let length = text.chars().count();
        prop_assert!(found.iter().all(|one| one.span.start <= one.span.end && one.span.end <= length && one.folded.0 < one.folded.1));
        prop_assert!(found.windows(2).all(|pair| pair[0].folded.0 <= pair[1].folded.0 && pair[0].folded.1 < pair[1].folded.1), "{:?}", found);
        prop_assert!(found.iter().all(|one| one.same_claim(one) && !one.normal_form().is_empty()));
        let low = |one: &Quantity| one.range.map(RangeEnd::is_low);
        prop_assert!(found.windows(2).all(|pair| (low(&pair[0]) == Some(true)) == (low(&pair[1]) == Some(false))), "{:?}", found);
        prop_assert!(found.first().is_none_or(|one| low(one) != Some(false)));
    }
}
