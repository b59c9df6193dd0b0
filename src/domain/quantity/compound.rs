//! Durations of several units: `1 h 30 min`, `1h30m`, `2 days and 4 hours`, `1 year, 6 months`, `an hour and a half`.

use super::numerals::whole;
use super::scan::Scanner;
use super::spelled::spelled;
use super::units::unit;
use super::{Decimal, QuantityKind};

const MINUTE: i128 = 60_000_000_000;

/// What stands behind a duration that ends at `end` and was written in `written` (its unit and factor), in the normal unit; and one past it.
pub(super) fn rest(scanner: &Scanner<'_>, written: (&'static str, i128), end: usize) -> Option<(Decimal, usize)> {
    let (name, mut above) = written;
    let (mut sum, mut last) = (Decimal::new(0, 0), end);
    while let Some((value, factor, next)) = part(scanner, name, above, last).or_else(|| half(scanner, above, last)) {
        sum = sum.plus(value)?;
        (above, last) = (factor, next);
    }
    (last > end).then_some((sum, last))
}

/// One smaller part: its value in the normal unit, its factor, and one past it.
fn part(scanner: &Scanner<'_>, name: &str, above: i128, end: usize) -> Option<(Decimal, i128, usize)> {
    let at = ["", " and ", ", and ", ", ", " "].iter().find_map(|gap| {
        let at = scanner.behind_text(end, gap)?;
        // `1h30m` without a gap, anything else behind one.
        let glued = gap.is_empty() && scanner.is_digit(at) && scanner.char(end.checked_sub(1)?).is_some_and(char::is_alphabetic);
        (glued || !gap.is_empty() && scanner.char(at).is_some_and(char::is_alphanumeric)).then_some(at)
    })?;
    let (value, number_end) = if scanner.is_digit(at) {
        let numeral = whole(scanner, at);
        (numeral.value?, numeral.end)
    } else {
        let tokens = scanner.after(at);
        tokens.first().filter(|first| first.start == at)?;
        spelled(tokens)?
    };
    let unit_at = number_end + usize::from(matches!(scanner.char(number_end), Some(' ' | '-')));
    let letters = scanner.letters(unit_at).to_lowercase();
    let written = if letters == "m" && above > MINUTE { unit("min") } else { unit(&letters) };
    // `1h20`
    let is_clock = written.is_none() && at == end && above == 60 * MINUTE && number_end == at + 2;
    let ((kind, unit_name, factor), unit_end) = match written {
        Some(written) => (written, unit_at + letters.chars().count()),
        None => (unit("min").filter(|_| is_clock)?, number_end),
    };
    // Nothing is glued on but the next part: the `30m` of `1d2h30m`.
    let is_whole = !scanner.char(unit_end).is_some_and(char::is_alphanumeric) || scanner.is_digit(unit_end) && !is_clock;
    // `2 weeks, 3 days a week`: the rate is of the second alone.
    let is_listed = scanner.char(end) == Some(',') && super::behind::rate(scanner, unit_end).is_some();
    let value = value.times(factor)?;
    let fits = kind == QuantityKind::Duration
        && unit_name == name
        && factor < above
        && value.is_less(Decimal::new(above, 0))?
        && is_whole
        && !is_listed;
    fits.then_some((value, factor, unit_end))
}

/// The `and a half` of `an hour and a half`.
fn half(scanner: &Scanner<'_>, above: i128, end: usize) -> Option<(Decimal, i128, usize)> {
    let end = scanner.behind_text(end, " and a half")?;
    Some((Decimal::new(above, 0).divided(2)?, 0, end))
}

/// What joins two times that are compared.
pub(super) const JOINTS: [&str; 8] = [" to ", "-", " - ", "->", " -> ", "\u{2192}", " \u{2192} ", " and "];

/// Whether a time stands behind a number and its `m`, which is then minutes: `2m 5s`, `2m5s`, `from 45m to 2h`.
pub(super) fn leads_to_time(scanner: &Scanner<'_>, end: usize) -> bool {
    let is_time = |at: usize| {
        let length = (0..5).take_while(|offset| scanner.is_digit(at + offset)).count();
        let unit_at = at + length + usize::from(scanner.char(at + length) == Some(' '));
        let letters = scanner.letters(unit_at).to_lowercase();
        (1..5).contains(&length) && unit(&letters).is_some_and(|(kind, _, factor)| kind == QuantityKind::Duration && factor <= 60 * MINUTE)
    };
    is_time(end) || [" "].iter().chain(&JOINTS).filter_map(|joint| scanner.behind_text(end, joint)).any(is_time)
}
