//! Ranges: `10-20 %`, `10 % - 20 %`, `10 to 20 %`, `between 10 and 20 %`. Both ends are numbers of their own and share unit, magnitude,
//! certainty and what they count.

use super::dates::is_year;
use super::scan::{Found, Scanner};
use super::{Comparator, Decimal, Quantity, QuantityKind, RangeEnd};

/// How two numbers are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    /// `10-20`.
    Hyphen,
    /// `10 to 20`, `2019 through 2021`.
    To,
    /// `10 and 20`, which is a range behind `between`.
    And,
}

/// Marks the ends of every range, and gives both the unit that one of them is written with.
pub(super) fn pair(scanner: &Scanner<'_>, found: &mut [Found]) {
    let joins: Vec<Option<Join>> = found.windows(2).map(|pair| joined(scanner, pair)).collect();
    for (at, join) in joins.iter().enumerate() {
        let Some(known) = join else { continue };
        // `1-2-3` is a list.
        let is_list = joins.get(at + 1) == Some(join) || at.checked_sub(1).and_then(|before| joins.get(before)) == Some(join);
        if let Some([low, high]) = found.get_mut(at..at + 2).filter(|pair| !is_list && pair.iter().all(|end| end.quantity.range.is_none()))
        {
            mark(scanner, *known, low, high);
        }
    }
}

/// What joins two numbers that follow each other.
fn joined(scanner: &Scanner<'_>, pair: &[Found]) -> Option<Join> {
    let [low, high] = pair else { return None };
    let (end, start) = (low.quantity.folded.1, high.start);
    let between = |text: &str| scanner.behind_text(end, text) == Some(start);
    if ["-", " - ", " -", "- ", ".."].iter().any(|text| between(text)) {
        Some(Join::Hyphen)
    } else if [" to ", "-to-", " through ", " thru "].iter().any(|text| between(text)) {
        Some(Join::To)
    } else {
        between(" and ").then_some(Join::And)
    }
}

fn mark(scanner: &Scanner<'_>, join: Join, low: &mut Found, high: &mut Found) {
    let before = scanner.before(low.quantity.folded.0);
    let word = |at: usize| before.len().checked_sub(at + 1).and_then(|at| before.get(at)).map_or("", |token| token.lower.as_str());
    let is_between = matches!(word(0), "between" | "betweeen");
    let varies = word(0) == "from"
        && matches!(
            word(1),
            "ranging" | "ranges" | "ranged" | "range" | "varying" | "varied" | "anywhere" | "took" | "takes" | "taking" | "lasting"
        );
    let fits = match join {
        Join::Hyphen => true,
        Join::To => word(0) != "from" || varies,
        Join::And => is_between,
    };
    let Some((low_quantity, high_quantity)) = shared(join, low, high).filter(|_| fits) else { return };
    (low.quantity, high.quantity) = (low_quantity, high_quantity);
    // `10 to 20 users` may be what there was before and after; so may the years of `2019-2021`.
    let is_open = join == Join::To && !varies && !matches!(word(0), "by" | "between") || is_pair_of_years(&low.quantity, &high.quantity);
    let (first, last) = if is_open { (RangeEnd::LowOrFrom, RangeEnd::HighOrTo) } else { (RangeEnd::Low, RangeEnd::High) };
    low.quantity.range = Some(first);
    high.quantity.range = Some(last);
    if high.quantity.comparator == Comparator::Exact || high.quantity.folded.0 < high.start {
        high.quantity.comparator = low.quantity.comparator;
        high.quantity.folded.0 = high.start;
        high.quantity.span = scanner.span(high.start, high.quantity.folded.1);
    }
}

/// Both ends in one unit; `None` where they have different ones, or the first is not the lower.
fn shared(join: Join, low: &Found, high: &Found) -> Option<(Quantity, Quantity)> {
    let (mut one, mut other) = (low.quantity.clone(), high.quantity.clone());
    let mut value = one.value;
    // `10-20k` is ten thousand to twenty thousand, and `500-1k` is not.
    if low.magnitude == 1 && high.magnitude > 1 && (value.is_less(high.mantissa)? || low.is_bare && value == high.mantissa) {
        value = value.times(high.magnitude)?;
    }
    if low.is_bare && !high.is_bare {
        take_unit(&mut one, &other);
        value = value.times(other.factor)?;
    } else if high.is_bare && !low.is_bare && other.of.is_empty() {
        other.value = other.value.times(one.factor)?;
        take_unit(&mut other, &one);
    } else if low.is_bare && high.is_bare {
        take_unit(&mut one, &other);
    }
    if one.of.is_empty() || join == Join::Hyphen {
        one.of.clone_from(&other.of);
    }
    if one.per.is_empty() {
        one.per = other.per;
    }
    one.value = value;
    let is_one_measure = one.kind == other.kind && one.unit == other.unit && !is_date(one.unit);
    (is_one_measure && one.value.is_less(other.value)?).then_some((one, other))
}

fn take_unit(bare: &mut Quantity, model: &Quantity) {
    bare.kind = model.kind;
    bare.unit = model.unit;
    bare.per = model.per;
    bare.factor = model.factor;
    bare.of.clone_from(&model.of);
}

fn is_date(unit: &str) -> bool {
    matches!(unit, super::dates::MONTH | super::dates::DAY)
}

fn is_pair_of_years(low: &Quantity, high: &Quantity) -> bool {
    let year = |one: &Quantity| one.kind == QuantityKind::Count && one.unit.is_empty() && one.of.is_empty() && is_year_number(one.value);
    year(low) && year(high)
}

fn is_year_number(value: Decimal) -> bool {
    value.to_string().parse().is_ok_and(is_year)
}

/// Gives the low end of a range the unit that its high end has got from elsewhere: `from 20-30 to 5 ms`.
pub(super) fn settle(found: &mut [Quantity]) {
    for at in 1..found.len() {
        let Some([low, high]) = found.get_mut(at - 1..=at) else { continue };
        let is_pair = low.range.is_some_and(RangeEnd::is_low) && high.range.is_some_and(|end| !end.is_low());
        if is_pair
            && low.kind != high.kind
            && low.kind == QuantityKind::Count
            && low.unit.is_empty()
            && let Some(value) = low.value.times(high.factor)
        {
            low.value = value;
            take_unit(low, high);
        }
    }
}
