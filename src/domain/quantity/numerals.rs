//! Numerals: digits with their thousands, decimals and fractions, in the ways that countries write them.
//!
//! `1,234,567`, `1.234.567`, `1 234 567`, `1'234'567`, `1_234_567` and `12,34,567` are one number, `1,5` before a unit is `1.5`, and `1½` and
//! `1 1/2` are 1.5. A point before three digits (`1.200`) may part thousands or decimals; both are kept open. `1.2.3` is a version.

use super::Decimal;
use super::scan::Scanner;
use super::units::{currency, magnitude, unit};

/// No number has more groups of digits.
const MOST_GROUPS: usize = 9;
/// The stroke of `½`, as folding leaves it.
const FRACTION_STROKE: char = '\u{2044}';

/// A number in digits, before its unit is known.
pub(super) struct Numeral {
    /// Its value; `None` for what is no number: a version, a hundred digits.
    pub(super) value: Option<Decimal>,
    /// What the value is still to be divided by: 3 for `1/3`.
    pub(super) over: i128,
    /// Whether it is a fraction written with a plain stroke, which may also be a ratio or a pair: `1/3`.
    pub(super) is_stroked: bool,
    /// Whether its point may part thousands: `1.200`.
    pub(super) grouped: bool,
    /// One past its last character.
    pub(super) end: usize,
}

impl Numeral {
    const fn plain(value: Option<Decimal>, end: usize) -> Self {
        Self { value, over: 1, is_stroked: false, grouped: false, end }
    }
}

/// One group of digits and the sign before it.
#[derive(Clone, Copy)]
struct Group {
    sign: char,
    start: usize,
    end: usize,
}

impl Group {
    const fn len(self) -> usize {
        self.end - self.start
    }
}

/// The longest numeral that begins at `at`.
pub(super) fn numeral(scanner: &Scanner<'_>, at: usize) -> Numeral {
    if let Some((value, over, is_stroked, end)) = fraction(scanner, at) {
        return Numeral { over, is_stroked, ..Numeral::plain(Some(value), end) };
    }
    whole(scanner, at)
}

/// The numeral at `at`, its digits taken for no fraction.
pub(super) fn whole(scanner: &Scanner<'_>, at: usize) -> Numeral {
    if scanner.char(at) == Some('.') {
        // `.5`
        let end = scanner.digits_end(at + 1);
        return Numeral::plain(Decimal::parse(&scanner.slice(at, end.min(at + 30))), end);
    }
    let groups = groups(scanner, at);
    let read = Reader { scanner, groups: &groups };
    let Some(first) = groups.first() else { return Numeral::plain(None, at + 1) };
    let points = read.count(1, |group| group.sign == '.');
    if points > 1 {
        return read.pointed(points);
    }
    let thousands = read.thousands();
    if thousands > 0 {
        return read.grouped(thousands);
    }
    match groups.get(1) {
        Some(part) if part.sign == '.' => {
            // `1.234,56`
            let cents = groups.get(2).filter(|cents| {
                cents.sign == ','
                    && cents.len() <= 2
                    && part.len() == 3
                    && first.len() <= 3
                    && groups.get(3).is_none_or(|next| next.sign != ',')
            });
            if let Some(cents) = cents {
                return Numeral::plain(read.value(2, 1), cents.end);
            }
            let grouped = part.len() == 3 && first.len() <= 3 && scanner.char(first.start) != Some('0');
            Numeral { grouped, ..Numeral::plain(read.value(1, 1), part.end) }
        }
        Some(part) if part.sign == ',' && read.is_decimal_comma(*first, *part) => Numeral::plain(read.value(1, 1), part.end),
        _ => read.with_fraction(*first),
    }
}

struct Reader<'a> {
    scanner: &'a Scanner<'a>,
    groups: &'a [Group],
}

impl Reader<'_> {
    /// How many groups from `from` on are of a kind.
    fn count(&self, from: usize, of: impl Fn(&Group) -> bool) -> usize {
        self.groups.iter().skip(from).take_while(|group| of(group)).count()
    }

    /// The digits of the groups up to `last`; those of the last `decimals` groups stand behind the point.
    fn value(&self, last: usize, decimals: usize) -> Option<Decimal> {
        let mut text = String::new();
        for (at, group) in self.groups.iter().take(last + 1).enumerate() {
            if at + decimals == last + 1 && decimals > 0 {
                text.push('.');
            }
            if group.len() > 30 {
                return None;
            }
            text.extend((group.start..group.end).filter_map(|at| self.scanner.char(at)));
        }
        Decimal::parse(&text)
    }

    /// `1.234.567`, `1.234.567,89`; a version or an address is no number.
    fn pointed(&self, points: usize) -> Numeral {
        let parts_thousands = self.groups.first().is_some_and(|first| self.may_open(*first))
            && self.groups.iter().skip(1).take(points).all(|group| group.len() == 3);
        let Some(last) = self.groups.get(points) else { return Numeral::plain(None, self.end()) };
        if !parts_thousands {
            let mut end = last.end;
            while self.scanner.char(end) == Some('.') && self.scanner.is_digit(end + 1) {
                end = self.scanner.digits_end(end + 1);
            }
            return Numeral::plain(None, end);
        }
        self.with_decimals(points, ',')
    }

    /// How many groups of thousands stand behind the first group.
    fn thousands(&self) -> usize {
        let Some((first, second)) = self.groups.first().zip(self.groups.get(1)) else { return 0 };
        if !self.may_open(*first) {
            return 0;
        }
        let lakhs = self.count(1, |group| group.sign == ',' && group.len() == 2);
        let closes = self.groups.get(lakhs + 1).is_some_and(|last| last.sign == ',' && last.len() == 3);
        if lakhs > 0 && closes && first.len() < 3 && self.groups.get(lakhs + 2).is_none_or(|next| next.sign != ',') {
            return lakhs + 1;
        }
        if !matches!(second.sign, ',' | '\'' | '_' | ' ') {
            return 0;
        }
        let found = self.count(1, |group| group.sign == second.sign && group.len() == 3);
        if second.sign == ' ' && found == 1 && !self.is_parted(second.end) { 0 } else { found }
    }

    /// Whether thousands can follow a group: `007 123` is no number.
    fn may_open(&self, first: Group) -> bool {
        (1..=3).contains(&first.len()) && self.scanner.char(first.start) != Some('0')
    }

    /// Whether a single blank parts thousands: `20 000 users`, not `20 000x` or `3 100 MB`.
    fn is_parted(&self, end: usize) -> bool {
        let next = self.scanner.char(end);
        let word = self.scanner.letters(end + 1).to_lowercase();
        next.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '.' | ';' | ')')) && unit(&word).is_none()
    }

    /// A number of several groups and its decimals.
    fn grouped(&self, thousands: usize) -> Numeral {
        let sign = self.groups.get(1).map_or(',', |group| group.sign);
        let with_point = self.with_decimals(thousands, '.');
        let has_point = self.groups.get(thousands).is_some_and(|last| with_point.end > last.end);
        if has_point || sign == ',' { with_point } else { self.with_decimals(thousands, ',') }
    }

    fn with_decimals(&self, last: usize, point: char) -> Numeral {
        let decimals = self.groups.get(last + 1).filter(|part| part.sign == point && (point == '.' || part.len() != 3));
        match decimals {
            Some(part) => Numeral::plain(self.value(last + 1, 1), part.end),
            None => Numeral::plain(self.value(last, 0), self.groups.get(last).map_or(0, |last| last.end)),
        }
    }

    /// `2,5 GB`, `99,9 %`, `€2,5M`, `0,25`: a comma that parts no thousands; `versions 1,2 and 3` is a list.
    fn is_decimal_comma(&self, first: Group, part: Group) -> bool {
        let scanner = self.scanner;
        let next = part.end + usize::from(scanner.char(part.end) == Some(' '));
        let letters = scanner.letters(next).to_lowercase();
        let measured = matches!(scanner.char(next), Some('%' | '‰')) || scanner.char(next).and_then(currency).is_some();
        let is_money = first.start.checked_sub(1).and_then(|sign| scanner.char(sign)).and_then(currency).is_some();
        let ends = self.groups.get(2).is_none_or(|next| next.sign != ',');
        let is_nought = first.len() == 1 && scanner.char(first.start) == Some('0');
        ends && (is_nought || part.len() <= 2 && (measured || is_money || unit(&letters).is_some() || magnitude(&letters).is_some()))
    }

    /// A whole number, and the fraction that may stand behind it: `1½`, `1 1/2`, `1-1/2`.
    fn with_fraction(&self, first: Group) -> Numeral {
        let plain = Numeral::plain(self.value(0, 0), first.end);
        let parted = matches!(self.scanner.char(first.end), Some(' ' | '-')) && first.len() <= 3;
        let Some((part, over, _, end)) = fraction(self.scanner, first.end + 1).filter(|_| parted) else { return plain };
        let sum = plain.value.and_then(|value| value.times(over)).and_then(|value| value.plus(part));
        sum.map_or(plain, |sum| Numeral { over, ..Numeral::plain(Some(sum), end) })
    }

    fn end(&self) -> usize {
        self.groups.last().map_or(0, |last| last.end)
    }
}

/// The groups of digits that signs join, from `at` on.
fn groups(scanner: &Scanner<'_>, at: usize) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    let (mut sign, mut start) = ('\0', at);
    while found.len() < MOST_GROUPS && scanner.is_digit(start) {
        let end = scanner.digits_end(start);
        found.push(Group { sign, start, end });
        let is_three = || (1..=3).all(|offset| scanner.is_digit(end + offset)) && !scanner.is_digit(end + 4);
        match scanner.char(end) {
            Some(next @ (',' | '.')) => (sign, start) = (next, end + 1),
            Some(next @ ('\'' | '_' | ' ')) if is_three() => (sign, start) = (next, end + 1),
            _ => break,
        }
    }
    found
}

/// A fraction below one of a usual kind: its upper number, its lower one, whether its stroke is a plain one, and its end.
fn fraction(scanner: &Scanner<'_>, at: usize) -> Option<(Decimal, i128, bool, usize)> {
    let short = |at: usize| {
        let length = (0..3).take_while(|offset| scanner.is_digit(at + offset)).count();
        let text: String = (at..at + length).filter_map(|at| scanner.char(at)).collect();
        text.parse::<i128>().ok().filter(|_| length < 3).map(|value| (value, at + length))
    };
    let (upper, stroke) = short(at)?;
    let is_stroked = match scanner.char(stroke)? {
        FRACTION_STROKE => false,
        '/' => true,
        _ => return None,
    };
    let (lower, end) = short(stroke + 1)?;
    let is_usual = matches!(lower, 2..=10 | 12 | 16 | 20) && (1..lower).contains(&upper);
    let goes_on = scanner.char(end).is_some_and(|c| matches!(c, '/' | '_'))
        || matches!(scanner.char(end), Some('.' | ',')) && scanner.is_digit(end + 1);
    (is_usual && !goes_on).then_some((Decimal::new(upper, 0), lower, is_stroked, end))
}
