//! Finds the quantities of a text, left to right, in one pass over its characters.

use super::behind;
use super::certainty::{comparator, is_spread, tell_roles};
use super::spelled::{spelled, whole_words};
use super::units::{currency, magnitude, unit};
use super::{Comparator, Decimal, Quantity, QuantityKind, Role};
use crate::domain::text::{Folded, Token, TokenKind};

/// The quantities of a text, in order. `names` are stretches of folded characters that hold no quantity.
pub fn scan(folded: &Folded, tokens: &[Token], names: &[(usize, usize)]) -> Vec<Quantity> {
    let scanner = Scanner { folded, tokens };
    let mut names = names.to_vec();
    names.sort_unstable();
    let mut names = names.into_iter().peekable();
    let mut found: Vec<Quantity> = Vec::new();
    let mut at = 0;
    while at < folded.chars().len() {
        while names.next_if(|(_, end)| *end <= at).is_some() {}
        if let Some((_, end)) = names.next_if(|(start, _)| *start <= at) {
            at = end;
            continue;
        }
        match scanner.quantity_at(at) {
            Some((quantity, end)) => {
                found.push(quantity);
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    tell_roles(&mut found, &scanner);
    found
}

/// The text that is read, as characters and as words.
pub(super) struct Scanner<'a> {
    folded: &'a Folded,
    pub(super) tokens: &'a [Token],
}

/// A number before its unit is known.
pub(super) struct Number {
    pub(super) value: Decimal,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) at_least: bool,
    pub(super) about: bool,
    pub(super) grouped: bool,
    pub(super) factor: i128,
}

/// A number of this many places or more is a typing error, not an exponent.
const MOST_ZEROS: u32 = 15;

impl<'a> Scanner<'a> {
    pub(super) fn char(&self, at: usize) -> Option<char> {
        self.folded.chars().get(at).copied()
    }

    /// The tokens that end behind `end`, the one that `end` cuts included.
    pub(super) fn behind(&self, end: usize) -> &'a [Token] {
        self.tokens.get(self.tokens.partition_point(|token| token.end <= end)..).unwrap_or_default()
    }

    /// The tokens that begin at `end` or later.
    pub(super) fn after(&self, end: usize) -> &'a [Token] {
        self.tokens.get(self.tokens.partition_point(|token| token.start < end)..).unwrap_or_default()
    }

    /// The tokens that end before `start`.
    pub(super) fn before(&self, start: usize) -> &'a [Token] {
        self.tokens.get(..self.tokens.partition_point(|token| token.end <= start)).unwrap_or_default()
    }

    /// The word that begins within a space or a hyphen after `end`.
    pub(super) fn next_word(&self, end: usize) -> Option<&'a Token> {
        self.after(end).first().filter(|token| token.start <= end + 1 && token.kind == TokenKind::Word)
    }

    pub(super) fn letters(&self, at: usize) -> String {
        self.folded.chars().iter().skip(at).take_while(|c| c.is_alphabetic() || **c == '×').collect()
    }

    fn quantity_at(&self, at: usize) -> Option<(Quantity, usize)> {
        let before = at.checked_sub(1).and_then(|before| self.char(before));
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '[') {
            return None;
        }
        let first = self.char(at)?;
        if first.is_ascii_digit() {
            self.digits_at(at)
        } else if first.is_alphabetic() {
            self.words_at(at)
        } else {
            None
        }
    }

    /// `1,200ms`, `$2M`, `5K req/min`, `40-60 %`, `1e6`.
    fn digits_at(&self, at: usize) -> Option<(Quantity, usize)> {
        let (text, mut end) = self.digits(at);
        let grouped = text.split_once('.').is_some_and(|(whole, part)| part.len() == 3 && whole.len() <= 3 && !whole.starts_with('0'));
        let mut value = Decimal::parse(&text)?;
        let mut found: Option<(QuantityKind, &'static str)> = None;
        let mut scale = 1;
        let letters = self.letters(end);
        let lower = letters.to_lowercase();
        if let Some((zeros, power_end)) = self.power(&lower, end) {
            value = value.times(10_i128.pow(zeros))?;
            end = power_end;
        } else if !letters.is_empty() {
            let known = unit(&lower).filter(|_| lower != "m");
            scale = known.map_or(1, |(_, _, factor)| factor);
            if let Some((kind, name, factor)) = known {
                value = value.times(factor)?;
                found = Some((kind, name));
            } else if let Some(factor) = magnitude(&lower).filter(|_| letters.chars().count() <= 3) {
                value = value.times(factor)?;
            } else if lower != "ish" {
                // `3rd` is an order, `3D` and `2FA` are names.
                return None;
            }
            end += letters.chars().count();
        }
        let mut number = Number { value, start: at, end, at_least: false, about: lower == "ish", grouped, factor: scale };
        if self.char(number.end) == Some('+') {
            number.at_least = true;
            number.end += 1;
        }
        if let Some(name) = number.start.checked_sub(1).and_then(|before| self.char(before)).and_then(currency) {
            number.start -= 1;
            found = Some((QuantityKind::Money, name));
        } else if let Some(code) =
            self.before(at).last().filter(|code| code.end + 1 >= at && matches!(code.text.as_str(), "USD" | "EUR" | "GBP"))
        {
            number.start = code.start;
            found = unit(&code.lower).map(|(kind, name, _)| (kind, name));
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

    /// The zeros of `1e6`, and one past its last character.
    fn power(&self, letters: &str, end: usize) -> Option<(u32, usize)> {
        let digits: String = self.folded.chars().iter().skip(end + 1).take_while(|c| c.is_ascii_digit()).collect();
        let zeros: u32 = digits.parse().ok().filter(|zeros| letters == "e" && *zeros <= MOST_ZEROS)?;
        Some((zeros, end + 1 + digits.len()))
    }

    /// `-15%` is a sign, `40-60` and `- 15` are not.
    fn is_negative(&self, start: usize) -> bool {
        start.checked_sub(1).and_then(|sign| self.char(sign)) == Some('-')
            && start.checked_sub(2).and_then(|before| self.char(before)).is_some_and(|c| c.is_whitespace() || c == '(')
    }

    /// `three`, `two hundred and fifty`, `a dozen`, `a million`, `two-week`, `doubled`, `half`, `a third`.
    fn words_at(&self, at: usize) -> Option<(Quantity, usize)> {
        let tokens = self.after(at);
        let token = tokens.first().filter(|token| token.start == at && token.is_word())?;
        let plain = |value: Decimal, end: usize| Number {
            value,
            start: token.start,
            end,
            at_least: false,
            about: false,
            grouped: false,
            factor: 1,
        };
        if behind::is_how_often(self, tokens) {
            return self.finish(plain(Decimal::new(2, 0), token.end), Some((QuantityKind::Count, "times")));
        }
        if behind::is_period(tokens) && self.before(at).last().is_some_and(|before| behind::tells_how_often(&before.lower)) {
            return None;
        }
        // `2 a quarter` counts by the quarter.
        let by_quarter = token.lower == "a" && tokens.get(1).is_some_and(|next| next.lower == "quarter");
        if by_quarter && self.before(at).last().is_some_and(|before| before.lower.starts_with(|c: char| c.is_ascii_digit())) {
            return None;
        }
        if let Some((kind, name, value, length)) = whole_words(tokens) {
            let end = tokens.get(length - 1).map_or(token.end, |last| last.end);
            let number = plain(Decimal::new(value, 0), end);
            let of = if kind == QuantityKind::Count { behind::things(self, end) } else { Vec::new() };
            return Some(self.quantity(&number, kind, name, "", of));
        }
        // `took an hour`, `under a minute`; `requests a minute` is a rate.
        let one_unit = matches!(token.lower.as_str(), "a" | "an")
            && tokens
                .get(1)
                .is_some_and(|next| matches!(next.lower.as_str(), "second" | "minute" | "hour" | "day" | "week" | "month" | "year"))
            && self.before(at).last().is_some_and(|before| {
                matches!(
                    before.lower.as_str(),
                    "about"
                        | "around"
                        | "nearly"
                        | "almost"
                        | "under"
                        | "over"
                        | "within"
                        | "in"
                        | "took"
                        | "takes"
                        | "taking"
                        | "from"
                        | "to"
                        | "than"
                        | "of"
                        | "for"
                        | "by"
                        | "roughly"
                )
            })
            || matches!(token.lower.as_str(), "a" | "an")
                && tokens.get(1).is_some_and(|next| next.lower == "hour")
                && tokens.get(2).is_some_and(|next| matches!(next.lower.as_str(), "late" | "early" | "ago" | "later"));
        if one_unit {
            return self.finish(plain(Decimal::new(1, 0), token.end), None);
        }
        // `to zero` is a number; `with zero downtime` denies.
        let zero =
            token.lower == "zero" && self.before(at).last().is_some_and(|before| matches!(before.lower.as_str(), "to" | "from" | "near"));
        let (value, end) = if zero { (Decimal::new(0, 0), token.end) } else { spelled(tokens)? };
        self.finish(plain(value, end), None)
    }

    /// Magnitude, unit, rate and thing that stand behind the number.
    fn finish(&self, mut number: Number, mut found: Option<(QuantityKind, &'static str)>) -> Option<(Quantity, usize)> {
        if let Some(end) = behind::vague(self, number.end) {
            number.about = true;
            number.end = end;
        }
        let is_money = matches!(found, Some((QuantityKind::Money, _)));
        if let Some((factor, end)) = behind::joined_magnitude(self, number.end).filter(|_| found.is_none() || is_money) {
            number.value = number.value.times(factor)?;
            number.end = end;
        }
        while let Some(token) = self.next_word(number.end) {
            let Some(factor) = magnitude(&token.lower).filter(|_| token.lower.len() > 1 && (found.is_none() || is_money)) else { break };
            number.value = number.value.times(factor)?;
            number.end = token.end;
        }
        let mut of = None;
        if found.is_none() {
            if self.char(number.end) == Some('%') || (self.char(number.end) == Some(' ') && self.char(number.end + 1) == Some('%')) {
                number.end += if self.char(number.end) == Some('%') { 1 } else { 2 };
                found = Some((QuantityKind::Percent, "%"));
            } else if let Some((kind, name, factor, end)) = behind::unit_behind(self, number.end) {
                of = behind::rated(&self.folded.slice(number.end, end));
                number.value = number.value.times(factor)?;
                number.factor = factor;
                number.end = end;
                found = Some((kind, name));
            }
        }
        number.at_least |= behind::or_more(self, number.end);
        number.about |= behind::or_so(self, number.end);
        // `32-node cluster` describes the cluster; a rate behind it is of something else.
        let describes = self.char(number.end) == Some('-') && self.char(number.end + 1).is_some_and(char::is_alphabetic);
        let rate = if describes { None } else { behind::rate(self, number.end) };
        let (kind, name, per) = match (found, rate) {
            (None, Some(name)) => (QuantityKind::Rate, name, ""),
            (
                Some((
                    kind
                    @ (QuantityKind::Money | QuantityKind::Size | QuantityKind::Duration | QuantityKind::Percent | QuantityKind::Count),
                    name,
                )),
                Some(per),
            ) => (kind, name, per),
            (Some((kind, name)), _) => (kind, name, ""),
            (None, None) => (QuantityKind::Count, "", ""),
        };
        let counts = matches!(kind, QuantityKind::Count | QuantityKind::Rate) && name != "times";
        let mut of = of.unwrap_or_else(|| if counts { behind::things(self, number.end) } else { Vec::new() });
        if describes {
            // `a 3-page comparison` counts pages.
            of.truncate(1);
        }
        Some(self.quantity(&number, kind, name, per, of))
    }

    fn quantity(&self, number: &Number, kind: QuantityKind, unit: &'static str, per: &'static str, of: Vec<String>) -> (Quantity, usize) {
        let (comparator, start) = comparator(self, number, kind);
        let quantity = Quantity {
            kind,
            unit,
            per,
            value: number.value,
            comparator,
            spread: comparator == Comparator::AtLeast && is_spread(self, start),
            role: Role::Alone,
            of,
            grouped: number.grouped,
            factor: number.factor,
            span: self.folded.span(start, number.end),
            folded: (start, number.end),
        };
        (quantity, number.end)
    }

    /// Whether a space before the group of three digits that ends here parts thousands: `20 000 users`, not `20 000x` or `3 100 MB`.
    fn parts_group(&self, before: &str, end: usize) -> bool {
        let next = self.char(end);
        let unit = self.letters(end + 1).to_lowercase();
        (1..=3).contains(&before.len())
            && !before.starts_with('0')
            && next.is_none_or(|c| c.is_whitespace() || c == ',' || c == '.')
            && super::units::unit(&unit).is_none()
    }

    /// `2,5 GB`, `99,9 %`: a comma that parts no thousands, with a unit behind; `versions 1,2 and 3` is a list.
    fn is_decimal_comma(&self, comma: usize) -> bool {
        let digits = self.folded.chars().iter().skip(comma + 1).take_while(|c| c.is_ascii_digit()).count();
        let end = comma + 1 + digits;
        let end = end + usize::from(self.char(end) == Some(' '));
        let letters = self.letters(end).to_lowercase();
        (1..=2).contains(&digits)
            && self.char(comma + 1 + digits) != Some(',')
            && (self.char(end) == Some('%') || unit(&letters).is_some() || magnitude(&letters).is_some())
    }

    /// Digits with thousands commas and one decimal point, without the commas; and one past their end.
    fn digits(&self, at: usize) -> (String, usize) {
        let mut text = String::new();
        let mut end = at;
        let mut seen_point = false;
        while let Some(c) = self.char(end) {
            let digit_at = |offset: usize| self.char(end + offset).is_some_and(|c| c.is_ascii_digit());
            if c.is_ascii_digit() {
                text.push(c);
            } else if !seen_point && (1..=3).all(digit_at) && (c == ',' && !digit_at(4) || c == ' ' && self.parts_group(&text, end + 4)) {
                // A comma or a space parts thousands.
            } else if !seen_point && digit_at(1) && (c == '.' || c == ',' && self.is_decimal_comma(end)) {
                seen_point = true;
                text.push('.');
            } else {
                break;
            }
            end += 1;
        }
        (text, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::tokenize;

    fn forms(text: &str) -> Vec<String> {
        let folded = Folded::new(text);
        scan(&folded, &tokenize(&folded), &[]).iter().map(Quantity::normal_form).collect()
    }

    #[test]
    fn one_value_has_one_form_however_it_is_written() {
        for group in [
            &["2k users", "2,000 users", "2000 users", "two thousand users"][..],
            &["40% less", "40 % less", "40 percent less"],
            &["in 1.5 s", "in 1500 ms", "in 1500ms", "in 1.5 seconds"],
            &["1 TB", "1000 GB", "1000GB"],
            &["10M rows", "10 million rows"],
            &["a dozen jobs", "12 jobs"],
            &["5K requests per minute", "5,000 req/min"],
            &["$1,200", "$1.2k", "1200 USD"],
            &["doubled it", "2x it", "twice it"],
        ] {
            let forms: Vec<_> = group.iter().map(|text| forms(text)).collect();
            assert_eq!(forms[0].len(), 1, "{group:?} {forms:?}");
            assert!(forms.iter().all(|one| *one == forms[0]), "{group:?} {forms:?}");
        }
    }

    #[test]
    fn long_number_words_come_to_their_number() {
        for (text, form) in [
            ("three hundred and twenty tables", "320"),
            ("twenty-five thousand users", "25000"),
            ("two million three hundred thousand rows", "2300000"),
            ("one hundred twenty users", "120"),
            ("a hundred and fifty switches", "150"),
            ("twelve hundred pages", "1200"),
            ("two and a half million rows", "2500000"),
            ("a quarter million rows", "250000"),
            ("half of a million rows", "500000"),
            ("5 mio rows", "5000000"),
            ("2,5 million rows", "2500000"),
        ] {
            assert_eq!(forms(text), [form], "{text}");
        }
        assert_eq!(forms("two, three hundred tests"), ["2", "300"]);
        assert_eq!(forms("from one hundred to two hundred users"), ["100", "200"]);
        assert_eq!(forms("versions 1,2 and 3").len(), 3);
    }

    #[test]
    fn kind_unit_and_certainty_make_different_claims() {
        for (one, other) in [
            ("40 services", "40%"),
            ("200 users", "200 ms"),
            ("99.9%", "99.99%"),
            ("~50 jobs", "50 jobs"),
            ("10+ jobs", "10 jobs"),
            ("up to 40%", "40%"),
            ("nearly 40%", "40%"),
            ("1 GB", "1 GiB"),
        ] {
            assert_ne!(forms(one), forms(other), "{one} / {other}");
        }
    }

    #[test]
    fn numbers_inside_names_and_ordinals_are_no_quantities() {
        for text in ["Ran EC2 and S3", "Cut p99", "the 3rd time", "on k8s", "IPv6", "[2 things]"] {
            assert_eq!(forms(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn the_direction_of_a_change_is_part_of_it() {
        let quantities = |text: &str| {
            let folded = Folded::new(text);
            scan(&folded, &tokenize(&folded), &[])
        };
        let (right, wrong) = (quantities("from 3.2s to 180ms"), quantities("from 180ms to 3.2s"));
        assert!(!right[0].same_claim(&wrong[1]) && right[0].same_value(&wrong[1]));
        assert!(right[0].same_claim(&right[0].clone()));
    }

    #[test]
    fn what_is_counted_is_part_of_the_claim() {
        let one = |text: &str| {
            let folded = Folded::new(text);
            scan(&folded, &tokenize(&folded), &[]).remove(0)
        };
        assert!(!one("200 users").same_value(&one("200 services")));
        assert!(one("16,181 users").same_value(&one("16,181 active users")));
    }

    #[test]
    fn spans_cover_the_words_that_qualify_the_number() {
        let folded = Folded::new("cut it by more than 40 % overall");
        let found = scan(&folded, &tokenize(&folded), &[]);
        assert_eq!(found[0].span.of("cut it by more than 40 % overall"), "more than 40 %");
    }
}
