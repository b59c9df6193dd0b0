//! Finds the quantities of a text, left to right, in one pass over its characters.

use super::behind;
use super::certainty::{comparator, tell_roles};
use super::units::{currency, magnitude, number_word, unit, whole_word};
use super::{Decimal, Quantity, QuantityKind, Role};
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
        let mut value = Decimal::parse(&text)?;
        let mut found: Option<(QuantityKind, &'static str)> = None;
        let letters = self.letters(end);
        let lower = letters.to_lowercase();
        if let Some((zeros, power_end)) = self.power(&lower, end) {
            value = value.times(10_i128.pow(zeros))?;
            end = power_end;
        } else if !letters.is_empty() {
            let known = unit(&lower).filter(|_| lower != "m");
            if let Some((kind, name, factor)) = known {
                value = value.times(factor)?;
                found = Some((kind, name));
            } else if let Some(factor) = magnitude(&lower).filter(|_| letters.chars().count() <= 2) {
                value = value.times(factor)?;
            } else {
                // `3rd` is an order, `3D` and `2FA` are names.
                return None;
            }
            end += letters.chars().count();
        }
        let mut number = Number { value, start: at, end, at_least: false };
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
        if let Some((kind, name, value, length)) = whole_words(tokens) {
            let end = tokens.get(length - 1).map_or(token.end, |last| last.end);
            let number = Number { value: Decimal::new(value, 0), start: token.start, end, at_least: false };
            let of = if kind == QuantityKind::Count { behind::things(self, end) } else { Vec::new() };
            return Some(self.quantity(&number, kind, name, "", of));
        }
        // `to zero` is a number; `with zero downtime` denies.
        let zero =
            token.lower == "zero" && self.before(at).last().is_some_and(|before| matches!(before.lower.as_str(), "to" | "from" | "near"));
        let (value, end) = if zero { (0, token.end) } else { spelled(tokens)? };
        self.finish(Number { value: Decimal::new(value, 0), start: token.start, end, at_least: false }, None)
    }

    /// Magnitude, unit, rate and thing that stand behind the number.
    fn finish(&self, mut number: Number, mut found: Option<(QuantityKind, &'static str)>) -> Option<(Quantity, usize)> {
        let is_money = matches!(found, Some((QuantityKind::Money, _)));
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
                number.end = end;
                found = Some((kind, name));
            }
        }
        number.at_least |= behind::or_more(self, number.end);
        let rate = behind::rate(self, number.end);
        let (kind, name, per) = match (found, rate) {
            (None, Some(name)) => (QuantityKind::Rate, name, ""),
            (
                Some((kind @ (QuantityKind::Money | QuantityKind::Size | QuantityKind::Duration | QuantityKind::Percent), name)),
                Some(per),
            ) => (kind, name, per),
            (Some((kind, name)), _) => (kind, name, ""),
            (None, None) => (QuantityKind::Count, "", ""),
        };
        let counts = matches!(kind, QuantityKind::Count | QuantityKind::Rate);
        let of = of.unwrap_or_else(|| if counts { behind::things(self, number.end) } else { Vec::new() });
        Some(self.quantity(&number, kind, name, per, of))
    }

    fn quantity(&self, number: &Number, kind: QuantityKind, unit: &'static str, per: &'static str, of: Vec<String>) -> (Quantity, usize) {
        let (comparator, start) = comparator(self, number);
        let quantity = Quantity {
            kind,
            unit,
            per,
            value: number.value,
            comparator,
            role: Role::Alone,
            of,
            span: self.folded.span(start, number.end),
            folded: (start, number.end),
        };
        (quantity, number.end)
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
            } else if c == ',' && !seen_point && (1..=3).all(digit_at) && !digit_at(4) {
            } else if c == '.' && !seen_point && digit_at(1) {
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

/// A phrase that is a whole quantity by itself, and its number of tokens: `doubled`, `five-fold`, `an order of magnitude`, `a third`.
fn whole_words(tokens: &[Token]) -> Option<(QuantityKind, &'static str, i128, usize)> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    if let Some((kind, name, value)) = whole_word(word(0)) {
        return Some((kind, name, value, 1));
    }
    if let Some(times) = word(0).strip_suffix("fold").map(|head| head.trim_end_matches('-')).and_then(number_word) {
        return Some((QuantityKind::Multiplier, "x", times, 1));
    }
    if (word(0), word(1), word(2)) == ("order", "of", "magnitude") || (word(0), word(1), word(2)) == ("orders", "of", "magnitude") {
        return Some((QuantityKind::Multiplier, "orders of magnitude", 1, 3));
    }
    // `a third` is a share where no thing follows that could be the third of its kind.
    let share = match word(1) {
        "third" => (QuantityKind::Percent, "thirds", 1, 2),
        "quarter" => (QuantityKind::Percent, "%", 25, 2),
        _ => return None,
    };
    let alone = tokens.get(2).is_none_or(|next| !next.is_word())
        || matches!(word(2), "of" | "in" | "on" | "with" | "by" | "and" | "for" | "less" | "more" | "fewer" | "faster");
    (matches!(word(0), "a" | "one") && alone).then_some(share)
}

/// A number in words, and one past its last character: `twenty five`, `two hundred and fifty`, `a million`, the `two` of `two-week`.
fn spelled(tokens: &[Token]) -> Option<(i128, usize)> {
    let first = tokens.first()?;
    let large =
        |token: Option<&Token>| token.and_then(|token| magnitude(&token.lower).filter(|_| token.is_word() && token.lower.len() > 2));
    if matches!(first.lower.as_str(), "a" | "an" | "one") {
        // Said of one only when a magnitude follows: `a dozen`, `one million`.
        return large(tokens.get(1)).map(|_| (1, first.end));
    }
    if large(Some(first)).is_some() {
        return Some((1, first.start));
    }
    let Some(mut value) = number_word(&first.lower) else {
        let (head, _) = first.lower.split_once('-')?;
        return number_word(head).map(|value| (value, first.start + head.chars().count()));
    };
    let mut end = first.end;
    let mut rest = tokens.get(1..).unwrap_or_default();
    if let Some(token) = rest.first().filter(|_| value >= 20 && value % 10 == 0)
        && let Some(small) = number_word(&token.lower).filter(|small| *small < 10)
    {
        value += small;
        end = token.end;
        rest = rest.get(1..).unwrap_or_default();
    }
    if let Some(hundred) = rest.first().filter(|token| token.lower == "hundred") {
        let skip = 1 + usize::from(rest.get(1).is_some_and(|token| token.lower == "and"));
        let tail = rest.get(skip).and_then(|token| Some((number_word(&token.lower).filter(|tail| *tail < 100)?, token.end)));
        if let Some((tail, tail_end)) = tail {
            return Some((value * 100 + tail, tail_end));
        }
        return Some((value * 100, hundred.end));
    }
    Some((value, end))
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
