//! Finds the quantities of a text, left to right, in one pass over its characters.

use super::units::{currency, magnitude, number_word, per, unit, whole_word};
use super::{Comparator, Decimal, Quantity, QuantityKind, Role};
use crate::domain::lexicon::stem;
use crate::domain::text::{Folded, Token, TokenKind};

/// The quantities of a text, in order. `names` are stretches of folded characters that hold no quantity.
pub fn scan(folded: &Folded, tokens: &[Token], names: &[(usize, usize)]) -> Vec<Quantity> {
    let mut scanner = Scanner { folded, tokens, names };
    let mut found: Vec<Quantity> = Vec::new();
    let mut at = 0;
    while at < folded.chars().len() {
        if let Some(end) = scanner.name_end(at) {
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

struct Scanner<'a> {
    folded: &'a Folded,
    tokens: &'a [Token],
    names: &'a [(usize, usize)],
}

/// A number before its unit is known.
struct Number {
    value: Decimal,
    start: usize,
    end: usize,
    at_least: bool,
}

impl Scanner<'_> {
    fn char(&self, at: usize) -> Option<char> {
        self.folded.chars().get(at).copied()
    }

    fn name_end(&self, at: usize) -> Option<usize> {
        self.names.iter().find(|(start, end)| (*start..*end).contains(&at)).map(|(_, end)| *end)
    }

    fn quantity_at(&mut self, at: usize) -> Option<(Quantity, usize)> {
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

    /// `1,200ms`, `$2M`, `5K req/min`, `40-60 %`.
    fn digits_at(&self, at: usize) -> Option<(Quantity, usize)> {
        let (text, mut end) = self.digits(at);
        let mut value = Decimal::parse(&text)?;
        let mut found: Option<(QuantityKind, &'static str)> = None;
        let letters = self.letters(end);
        let lower = letters.to_lowercase();
        if !letters.is_empty() {
            let is_ordinal = matches!(lower.as_str(), "st" | "nd" | "rd" | "th");
            let known = unit(&lower).filter(|_| lower != "m");
            if is_ordinal {
                return None;
            } else if let Some((kind, name, factor)) = known {
                value = value.times(factor)?;
                found = Some((kind, name));
            } else if let Some(factor) = magnitude(&lower).filter(|_| letters.chars().count() <= 2) {
                value = value.times(factor)?;
            } else {
                // `3D`, `2FA`: part of a name.
                return None;
            }
            end += letters.chars().count();
        }
        let mut number = Number { value, start: at, end, at_least: false };
        if self.char(number.end) == Some('+') {
            number.at_least = true;
            number.end += 1;
        }
        if let Some(name) = at.checked_sub(1).and_then(|before| self.char(before)).and_then(currency) {
            number.start -= 1;
            found = Some((QuantityKind::Money, name));
        }
        self.finish(number, found)
    }

    /// `three`, `two hundred`, `a dozen`, `doubled`, `half`.
    fn words_at(&self, at: usize) -> Option<(Quantity, usize)> {
        let token = self.tokens.iter().find(|token| token.start == at && token.is_word())?;
        if let Some((kind, name, value)) = whole_word(&token.lower) {
            let number = Number { value: Decimal::new(value, 0), start: token.start, end: token.end, at_least: false };
            let of = if kind == QuantityKind::Count { self.things(token.end) } else { Vec::new() };
            return Some(self.quantity(&number, kind, name, of));
        }
        let value = number_word(&token.lower).or_else(|| (token.lower == "dozen" || token.lower == "hundred").then_some(1))?;
        let end = if matches!(token.lower.as_str(), "dozen" | "hundred") { token.start } else { token.end };
        self.finish(Number { value: Decimal::new(value, 0), start: token.start, end, at_least: false }, None)
    }

    /// Magnitude, unit, rate and thing that stand behind the number.
    fn finish(&self, mut number: Number, mut found: Option<(QuantityKind, &'static str)>) -> Option<(Quantity, usize)> {
        let is_money = matches!(found, Some((QuantityKind::Money, _)));
        while let Some(token) = self.next_word(number.end, 1) {
            let Some(factor) = magnitude(&token.lower).filter(|_| token.lower.len() > 1 && (found.is_none() || is_money)) else { break };
            number.value = number.value.times(factor)?;
            number.end = token.end;
        }
        if found.is_none() {
            if self.char(number.end) == Some('%') || (self.char(number.end) == Some(' ') && self.char(number.end + 1) == Some('%')) {
                number.end += if self.char(number.end) == Some('%') { 1 } else { 2 };
                found = Some((QuantityKind::Percent, "%"));
            } else if let Some((kind, name, factor, end)) = self.unit_behind(number.end) {
                number.value = number.value.times(factor)?;
                number.end = end;
                found = Some((kind, name));
            }
        }
        if self.next_is(number.end, "or")
            && self.tokens.iter().any(|token| token.start > number.end && token.start < number.end + 5 && token.lower == "more")
        {
            number.at_least = true;
        }
        let (kind, name) = match (found, self.rate_behind(number.end)) {
            (None, Some(name)) => (QuantityKind::Rate, name),
            (Some(found), _) => found,
            (None, None) => (QuantityKind::Count, ""),
        };
        let of = if matches!(kind, QuantityKind::Count | QuantityKind::Rate) { self.things(number.end) } else { Vec::new() };
        Some(self.quantity(&number, kind, name, of))
    }

    fn quantity(&self, number: &Number, kind: QuantityKind, unit: &'static str, of: Vec<String>) -> (Quantity, usize) {
        let (comparator, start) = self.comparator(number);
        let quantity = Quantity {
            kind,
            unit,
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

    fn letters(&self, at: usize) -> String {
        self.folded.chars().iter().skip(at).take_while(|c| c.is_alphabetic() || **c == '×').collect()
    }

    /// The word that begins within `gap` spaces or a hyphen after `end`.
    fn next_word(&self, end: usize, gap: usize) -> Option<&Token> {
        let token = self.tokens.iter().find(|token| token.start >= end && token.end > end)?;
        (token.start <= end + gap && token.kind == TokenKind::Word).then_some(token)
    }

    fn next_is(&self, end: usize, word: &str) -> bool {
        self.next_word(end, 1).is_some_and(|token| token.lower == word)
    }

    /// A unit written apart or with a hyphen: `12 months`, `60-second`.
    fn unit_behind(&self, end: usize) -> Option<(QuantityKind, &'static str, i128, usize)> {
        let (word, word_end) = match self.char(end) {
            Some('-') => {
                let letters = self.letters(end + 1);
                let length = letters.chars().count();
                (letters.to_lowercase(), end + 1 + length)
            }
            _ => {
                let token = self.next_word(end, 1)?;
                (token.lower.clone(), token.end)
            }
        };
        // A single letter apart from its number is no unit: `in 2 d`.
        let (kind, name, factor) = unit(&word).filter(|_| word.chars().count() > 1 || word == "s" || word == "x" || word == "h")?;
        Some((kind, name, factor, word_end))
    }

    /// `requests per minute`, `req/s`, `/day`, `a day`, `daily`: within three words.
    fn rate_behind(&self, end: usize) -> Option<&'static str> {
        let mut behind = self.tokens.iter().filter(|token| token.start >= end).take(5);
        let mut connects = false;
        while let Some(token) = behind.next() {
            if connects {
                return per(&token.lower);
            }
            match token.lower.as_str() {
                "per" | "/" | "each" | "every" => connects = true,
                "a" | "an" => return behind.next().and_then(|token| per(&token.lower)),
                "daily" | "weekly" | "monthly" | "yearly" => return per(&token.lower),
                _ if token.kind != TokenKind::Word => return None,
                _ => {}
            }
        }
        None
    }

    /// Stems of the two words behind a number: what is counted.
    fn things(&self, end: usize) -> Vec<String> {
        self.tokens
            .iter()
            .filter(|token| token.start >= end || (token.start < end && token.end > end))
            .map_while(|token| match token.kind {
                TokenKind::Word => Some(token.lower.trim_start_matches(|c: char| c == '-' || c.is_ascii_digit()).to_owned()),
                TokenKind::Mark if token.text == "-" => Some(String::new()),
                TokenKind::Mark | TokenKind::Slot => None,
            })
            .take_while(|word| {
                !matches!(
                    word.as_str(),
                    "per" | "in" | "to" | "for" | "and" | "from" | "with" | "by" | "at" | "on" | "across" | "a" | "into"
                )
            })
            .filter(|word| {
                !word.is_empty() && !matches!(word.as_str(), "different" | "new" | "distinct" | "separate" | "or" | "more" | "of" | "the")
            })
            .take(3)
            .map(|word| stem(&word))
            .collect()
    }

    /// The words or signs before a number that say how exact it is, and where the claim then begins.
    fn comparator(&self, number: &Number) -> (Comparator, usize) {
        let sign = number.start.checked_sub(1).and_then(|before| self.char(before));
        let signed = match sign {
            Some('~' | '≈') => Some(Comparator::About),
            Some('>' | '≥') => Some(Comparator::AtLeast),
            Some('<' | '≤') => Some(Comparator::AtMost),
            _ => None,
        };
        if let Some(comparator) = signed {
            return (comparator, number.start - 1);
        }
        let mut before: Vec<&Token> = self.tokens.iter().filter(|token| token.end <= number.start && token.is_word()).collect();
        before.reverse();
        let word = |at: usize| before.get(at).map_or("", |token| token.lower.as_str());
        let start = |at: usize| before.get(at).map_or(number.start, |token| token.start);
        let article = usize::from(word(0) == "a" || word(0) == "an");
        let pair = (word(article + 1), word(article));
        let comparator = match pair {
            ("up", "to") | ("less" | "fewer" | "no more", "than") => Some((Comparator::AtMost, article + 1)),
            ("more" | "greater", "than") | ("at", "least") => Some((Comparator::AtLeast, article + 1)),
            (_, "about" | "around" | "approximately" | "roughly" | "nearly" | "almost" | "approx" | "circa") => {
                Some((Comparator::About, article))
            }
            (_, "over" | "above" | "exceeding") => Some((Comparator::AtLeast, article)),
            (_, "under" | "below" | "within") => Some((Comparator::AtMost, article)),
            _ => None,
        };
        match comparator {
            Some((comparator, at)) => (comparator, start(at)),
            None if number.at_least => (Comparator::AtLeast, number.start),
            None => (Comparator::Exact, number.start),
        }
    }

    fn word_before(&self, start: usize) -> Option<&str> {
        self.tokens.iter().rev().find(|token| token.end <= start).map(|token| token.lower.as_str())
    }
}

/// Marks `from … to …` pairs.
fn tell_roles(found: &mut [Quantity], scanner: &Scanner<'_>) {
    let mut open = false;
    for quantity in found {
        match scanner.word_before(quantity.folded.0) {
            Some("from") => {
                quantity.role = Role::From;
                open = true;
            }
            Some("to") if open && quantity.comparator != Comparator::AtMost => {
                quantity.role = Role::To;
                open = false;
            }
            _ => {}
        }
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
