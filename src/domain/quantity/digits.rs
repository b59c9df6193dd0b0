//! Numbers that are written in digits, with the unit, the magnitude and the currency that are written onto them.

use super::numerals::{Numeral, numeral, whole};
use super::scan::{Found, Number, Scanner};
use super::units::{currency, magnitude, unit};
use super::{Comparator, Quantity, QuantityKind, compound, fractions};

/// A number of this many places or more is a typing error, not an exponent.
const MOST_ZEROS: u32 = 15;

impl Scanner<'_> {
    /// The quantity of the digits at `at`, and where to go on without one: `1,200ms`, `$2M`, `5K req/min`, `40-60 %`, `1e6`, `1/3`.
    /// What has been read before (`last`) is no part of it: the sign of `5 € 10`.
    pub(super) fn digits_at(&self, at: usize, last: Option<&Found>) -> (Option<Found>, usize) {
        let numeral = numeral(self, at);
        // What is no word goes on behind its digits: `3rd`, `2FA`, `1.2.3`.
        let end = numeral.end;
        if numeral.over > 1 {
            let is_stroked = numeral.is_stroked;
            if let Some(found) = self.fraction_at(at, &numeral) {
                return (Some(found), end);
            }
            let plain = whole(self, at);
            return if is_stroked { (self.number_at(at, last, &plain), plain.end) } else { (None, end) };
        }
        (self.number_at(at, last, &numeral), end)
    }

    /// `1/3 of the requests`, `½ hour`, `1½ hours`; a plain stroke may also part two numbers.
    fn fraction_at(&self, at: usize, numeral: &Numeral) -> Option<Found> {
        let Numeral { value, over, is_stroked, end, grouped: _ } = *numeral;
        let value = value?;
        let number = Number { over, ..Number::plain(value, at, end) };
        let is_mixed = !value.is_less(super::Decimal::new(over, 0))?;
        let measures = |found: &Found| {
            let Quantity { kind, factor, .. } = found.quantity;
            if kind == QuantityKind::Duration { fractions::is_divided(kind, factor) } else { !found.is_bare || found.magnitude > 1 }
        };
        let found = self.finish(number, None).filter(|found| is_mixed || measures(found));
        if found.is_some() || is_mixed {
            return found;
        }
        let is_part_of_day = matches!(self.after(end).first().map(|next| next.lower.as_str()), Some("a" | "day" | "week"));
        let may_stand = !is_stroked || is_part_of_day || fractions::stands_alone(self, at, end);
        let (kind, unit, value) = fractions::share(value, over).filter(|_| may_stand)?;
        self.found(&Number::plain(value, at, end), kind, unit, "", Vec::new())
    }

    fn number_at(&self, at: usize, last: Option<&Found>, numeral: &Numeral) -> Option<Found> {
        let last = last.map(|last| &last.quantity);
        let floor = last.map_or(0, |last| last.folded.1);
        let mut number = Number { grouped: numeral.grouped, ..Number::plain(numeral.value?, at, numeral.end) };
        let mut found: Option<(QuantityKind, &'static str)> = None;
        let letters = self.letters(number.end);
        let lower = letters.to_lowercase();
        let letters_end = number.end + letters.chars().count();
        if let Some((zeros, end)) = self.power(&lower, &number) {
            number.magnify(10_i128.checked_pow(zeros)?, end)?;
        } else if !letters.is_empty() {
            let is_minutes =
                lower == "m" && (compound::leads_to_time(self, letters_end) || last.is_some_and(|last| self.is_next_time(last, at)));
            let written = if is_minutes { "min" } else { lower.as_str() };
            // `3D` and `5S` are names.
            let is_name = matches!(letters.as_str(), "D" | "S" | "Y");
            if let Some((kind, name, factor)) = unit(written).filter(|_| !is_name) {
                number.factor = factor;
                number.value = number.value.times(factor)?;
                number.end = letters_end;
                found = Some((kind, name));
            } else if let Some(factor) = magnitude(&lower).filter(|_| letters.chars().count() <= 3) {
                number.magnify(factor, letters_end)?;
            } else if lower == "ish" {
                number.bound = Comparator::About;
                number.end = letters_end;
            } else {
                // `3rd` is an order, `3D` and `2FA` are names.
                return None;
            }
        }
        if self.char(number.end) == Some('+') {
            number.bound = Comparator::AtLeast;
            number.end += 1;
        }
        if let Some((name, start)) = self.currency_before(at, floor) {
            number.start = start;
            found = Some((QuantityKind::Money, name));
        } else if let Some(name) = self.char(number.end).and_then(currency).filter(|_| found.is_none()) {
            number.end += 1;
            found = Some((QuantityKind::Money, name));
        }
        if self.is_negative(number.start) {
            number.start -= 1;
            number.value = number.value.times(-1)?;
        }
        self.finish(number, found)
    }

    /// Whether a number is the other end of a time before it: the `15m` of `from 2h to 15m`.
    fn is_next_time(&self, last: &Quantity, at: usize) -> bool {
        let joined = |text: &str| self.behind_text(last.folded.1, text) == Some(at);
        last.kind == QuantityKind::Duration && compound::JOINTS.iter().any(|text| joined(text))
    }

    /// The currency before a number, and where it begins: `$5`, `$ 5`, `US$5`, `C$5`, `USD 5`.
    fn currency_before(&self, at: usize, floor: usize) -> Option<(&'static str, usize)> {
        let gap = usize::from(at.checked_sub(1).and_then(|before| self.char(before)) == Some(' '));
        let sign_at = at.checked_sub(gap + 1).filter(|sign_at| *sign_at >= floor)?;
        if let Some(name) = self.char(sign_at).and_then(currency) {
            let country = self.before(sign_at).last().filter(|country| country.end == sign_at && country.start >= floor);
            return Some(match country.map(|country| country.text.as_str()) {
                Some("US") if name == "USD" => ("USD", sign_at.saturating_sub(2)),
                Some("C" | "CA") if name == "USD" => ("CAD", sign_at.saturating_sub(1)),
                Some("A" | "AU") if name == "USD" => ("AUD", sign_at.saturating_sub(1)),
                _ => (name, sign_at),
            });
        }
        let code = self.before(at).last().filter(|code| code.end + 1 >= at && code.start >= floor)?;
        let name = CODES.iter().find(|name| **name == code.text)?;
        Some((name, code.start))
    }

    /// The zeros of `1e6`, `10^6` and `2 x 10^6`, and one past the last of their characters.
    fn power(&self, letters: &str, number: &Number) -> Option<(u32, usize)> {
        let is_ten = number.value == super::Decimal::new(10, 0);
        let (exponent, less) = if letters == "e" {
            (number.end + 1, 0)
        } else if is_ten && self.char(number.end) == Some('^') {
            // The ten itself is the first of the zeros.
            (number.end + 1, 1)
        } else {
            let times = [" x ", " × ", " * ", "x", "×", "*"].iter().find_map(|sign| self.behind_text(number.end, sign))?;
            (self.behind_text(times, "10^")?, 0)
        };
        let length = (0..3).take_while(|offset| self.is_digit(exponent + offset)).count();
        let digits = self.slice(exponent, exponent + length);
        let zeros: u32 = digits.parse().ok().filter(|zeros| *zeros <= MOST_ZEROS)?;
        Some((zeros.checked_sub(less)?, exponent + length))
    }

    /// `-15%` is a sign, `40-60` and `- 15` are not.
    fn is_negative(&self, start: usize) -> bool {
        start.checked_sub(1).and_then(|sign| self.char(sign)) == Some('-')
            && start.checked_sub(2).and_then(|before| self.char(before)).is_some_and(|c| c.is_whitespace() || c == '(')
    }
}

/// Codes of currencies that stand before a number.
const CODES: [&str; 18] =
    ["USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "BRL", "SGD", "HKD"];
