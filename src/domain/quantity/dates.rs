//! Dates, read into their parts: `03/2024`, `March 2024` and `Mar. 2024` are month 3 and the year 2024, each a number of its own, so that
//! `in 2024` stays something that the date says.

use super::scan::{Found, Number, Scanner};
use super::{Decimal, QuantityKind};
use crate::domain::text::Token;

/// The unit of a month in a date.
pub(super) const MONTH: &str = "month of year";
/// The unit of a day in a date.
pub(super) const DAY: &str = "day of month";

/// A part of a date: its unit, its value and its place.
type Part = (&'static str, u32, usize, usize);

/// The parts of the date that begins at `at`, and one past it.
pub(super) fn date(scanner: &Scanner<'_>, at: usize) -> Option<(Vec<Found>, usize)> {
    let parts = if scanner.is_digit(at) { in_digits(scanner, at) } else { None }.or_else(|| in_words(scanner, at))?;
    let end = parts.last()?.3;
    let is_cut = scanner.char(end).is_some_and(char::is_alphanumeric);
    (!is_cut).then(|| (parts.into_iter().map(|part| number(scanner, part)).collect(), end))
}

fn number(scanner: &Scanner<'_>, (unit, value, start, end): Part) -> Found {
    let number = Number::plain(Decimal::new(value.into(), 0), start, end);
    scanner.exactly(&number, QuantityKind::Count, unit)
}

/// `03/2024`, `2024-03`, `2024-03-15`, `15.03.2024`, `15/03/2024`; in `03/04/2024` nobody knows which is the month.
fn in_digits(scanner: &Scanner<'_>, at: usize) -> Option<Vec<Part>> {
    let before = at.checked_sub(1).and_then(|before| scanner.char(before));
    if before.is_some_and(|before| matches!(before, '/' | '.')) {
        return None;
    }
    let (first, first_end) = digits(scanner, at)?;
    let sign = scanner.char(first_end).filter(|sign| matches!(sign, '/' | '-' | '.'))?;
    let (second, second_end) = digits(scanner, first_end + 1)?;
    let second_at = first_end + 1;
    let third = if scanner.char(second_end) == Some(sign) { digits(scanner, second_end + 1) } else { None };
    let year = |value: u32, start: usize, end: usize| (is_year(value) && end - start == 4).then_some(("", value, start, end));
    let month = |value: u32, start: usize, end: usize| (1..=12).contains(&value).then_some((MONTH, value, start, end));
    let day = |value: u32, start: usize, end: usize| (1..=31).contains(&value).then_some((DAY, value, start, end));
    let Some((third, third_end)) = third else {
        if let Some(year) = year(first, at, first_end) {
            let is_month = sign != '.' && second_end - second_at == 2;
            return Some(vec![year, month(second, second_at, second_end).filter(|_| is_month)?]);
        }
        let year = year(second, second_at, second_end).filter(|_| sign == '/')?;
        return Some(vec![month(first, at, first_end)?, year]);
    };
    let third_at = second_end + 1;
    if let Some(year) = year(first, at, first_end) {
        return Some(vec![year, month(second, second_at, second_end)?, day(third, third_at, third_end)?]);
    }
    let year = year(third, third_at, third_end)?;
    if sign == '/' && second > 12 {
        return Some(vec![month(first, at, first_end)?, day(second, second_at, second_end)?, year]);
    }
    let is_told = sign == '.' || first > 12 || first == second;
    is_told.then_some(vec![day(first, at, first_end)?, month(second, second_at, second_end)?, year])
}

/// Up to four digits that stand by themselves, and one past them.
fn digits(scanner: &Scanner<'_>, at: usize) -> Option<(u32, usize)> {
    let length = (0..5).take_while(|offset| scanner.is_digit(at + offset)).count();
    let text: String = (at..at + length).filter_map(|at| scanner.char(at)).collect();
    text.parse().ok().filter(|_| length < 5).map(|value| (value, at + length))
}

/// `March 2024`, `Mar. 2024`, `March of 2024`, `March 15, 2024`, `15 March 2024`.
fn in_words(scanner: &Scanner<'_>, at: usize) -> Option<Vec<Part>> {
    let tokens = scanner.after(at);
    let first = tokens.first().filter(|first| first.start == at)?;
    let day = |token: &Token| {
        let bare = token.lower.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ending = token.lower.get(bare.len()..).unwrap_or_default();
        let is_order = matches!(ending, "" | "st" | "nd" | "rd" | "th");
        let value: u32 = bare.parse().ok().filter(|day| is_order && bare.len() < 3 && (1..=31).contains(day))?;
        Some((DAY, value, token.start, token.end))
    };
    let month = |token: &Token| Some((MONTH, month_of(token)?, token.start, token.end));
    if let Some(month) = month(first) {
        let rest = skip(tokens.get(1..)?, &[".", ",", "of"]);
        if let Some(year) = rest.first().and_then(year_of) {
            return Some(vec![month, year]);
        }
        let day = day(rest.first()?)?;
        let year = skip(rest.get(1..)?, &[","]).first().and_then(year_of)?;
        return Some(vec![month, day, year]);
    }
    let day = day(first)?;
    let rest = skip(tokens.get(1..)?, &["of"]);
    let month = month(rest.first()?)?;
    let year = skip(rest.get(1..)?, &[".", ",", "of"]).first().and_then(year_of)?;
    Some(vec![day, month, year])
}

/// The tokens behind one of these marks and words, where one stands first.
fn skip<'a>(tokens: &'a [Token], marks: &[&str]) -> &'a [Token] {
    match tokens.split_first() {
        Some((first, rest)) if marks.contains(&first.lower.as_str()) => rest,
        _ => tokens,
    }
}

fn year_of(token: &Token) -> Option<Part> {
    let value: u32 = token.lower.parse().ok().filter(|value| is_year(*value) && token.lower.len() == 4)?;
    Some(("", value, token.start, token.end))
}

/// Years that a resume tells of.
pub(super) const fn is_year(value: u32) -> bool {
    matches!(value, 1950..=2099)
}

/// The number of a month by its name; `may` without its capital is a verb.
fn month_of(token: &Token) -> Option<u32> {
    const NAMES: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    let position = NAMES.iter().position(|name| *name == token.lower)?;
    let is_name = token.lower != "may" || token.text.starts_with(char::is_uppercase);
    u32::try_from(position + 1).ok().filter(|_| is_name)
}
