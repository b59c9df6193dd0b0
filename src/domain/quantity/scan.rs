//! Finds the quantities of a text, left to right, in one pass over its characters.

use super::certainty::{comparator, is_spread};
use super::units::magnitude;
use super::{Comparator, Decimal, Quantity, QuantityKind, Role, behind, dates, fractions, ranges, roles};
use crate::domain::text::{Folded, Span, Token, TokenKind};

/// The quantities of a text, in order. `names` are stretches of folded characters that hold no quantity.
pub fn scan(folded: &Folded, tokens: &[Token], names: &[(usize, usize)]) -> Vec<Quantity> {
    let scanner = Scanner { folded, tokens };
    let whole = tokens.iter().filter(|token| token.is_verbatim()).map(|token| (token.start, token.end));
    let mut names: Vec<(usize, usize)> = names.iter().copied().chain(whole).collect();
    names.sort_unstable();
    let mut names = names.into_iter().peekable();
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < folded.chars().len() {
        while names.next_if(|(_, end)| *end <= at).is_some() {}
        at = match names.next_if(|(start, _)| *start <= at) {
            Some((_, end)) => end,
            None => scanner.read_at(at, &mut found).max(at + 1),
        };
    }
    ranges::pair(&scanner, &mut found);
    let mut found: Vec<Quantity> = found.into_iter().map(|found| found.quantity).collect();
    roles::tell(&mut found, &scanner);
    ranges::settle(&mut found);
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
    /// What the value is still to be divided by.
    pub(super) over: i128,
    pub(super) start: usize,
    pub(super) end: usize,
    /// How exact it claims to be, by what stands on it or behind it: `40+`, `40ish`, `40 or less`.
    pub(super) bound: Comparator,
    pub(super) grouped: bool,
    pub(super) factor: i128,
    /// A million for `2M`; one without.
    pub(super) magnitude: i128,
}

impl Number {
    /// A number of which no more than its value is known.
    pub(super) const fn plain(value: Decimal, start: usize, end: usize) -> Self {
        Self { value, over: 1, start, end, bound: Comparator::Exact, grouped: false, factor: 1, magnitude: 1 }
    }

    pub(super) fn magnify(&mut self, factor: i128, end: usize) -> Option<()> {
        self.value = self.value.times(factor)?;
        self.magnitude = self.magnitude.checked_mul(factor)?;
        self.end = end;
        Some(())
    }
}

/// A quantity, and what is forgotten of it when the scan is done.
pub(super) struct Found {
    pub(super) quantity: Quantity,
    /// Where the number itself begins, behind the words that tell how exact it is.
    pub(super) start: usize,
    /// Whether it has no unit of its own.
    pub(super) is_bare: bool,
    /// A million for `2M`; one without.
    pub(super) magnitude: i128,
    /// The 2 of `2M`.
    pub(super) mantissa: Decimal,
}

impl<'a> Scanner<'a> {
    pub(super) fn char(&self, at: usize) -> Option<char> {
        self.folded.chars().get(at).copied()
    }

    pub(super) fn is_digit(&self, at: usize) -> bool {
        self.char(at).is_some_and(|c| c.is_ascii_digit())
    }

    /// One past the digits that begin at `at`.
    pub(super) fn digits_end(&self, at: usize) -> usize {
        at + self.folded.chars().iter().skip(at).take_while(|c| c.is_ascii_digit()).count()
    }

    /// One past this text, where the characters go on with it.
    pub(super) fn behind_text(&self, at: usize, text: &str) -> Option<usize> {
        text.chars().try_fold(at, |at, c| (self.char(at) == Some(c)).then_some(at + 1))
    }

    /// The place of a stretch of folded characters in the text as sent.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        self.folded.span(start, end)
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> String {
        self.folded.slice(start, end)
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

    /// The word that stands last before `start`, in lower case; empty without.
    pub(super) fn word_before(&self, start: usize) -> &'a str {
        self.before(start).last().map_or("", |token| token.lower.as_str())
    }

    /// The word that begins within a space or a hyphen after `end`.
    pub(super) fn next_word(&self, end: usize) -> Option<&'a Token> {
        self.after(end).first().filter(|token| token.start <= end + 1 && token.kind == TokenKind::Word)
    }

    /// The letters that begin at `at`.
    pub(super) fn letters(&self, at: usize) -> String {
        self.folded.chars().iter().skip(at).take_while(|c| c.is_alphabetic() || **c == '×').collect()
    }

    /// Reads what begins at `at`, and tells where to go on.
    fn read_at(&self, at: usize, found: &mut Vec<Found>) -> usize {
        let before = at.checked_sub(1).and_then(|before| self.char(before));
        // `v2.0` is one name, to its last digit.
        let is_inside = before == Some('.') && at.checked_sub(2).and_then(|inside| self.char(inside)).is_some_and(char::is_alphanumeric);
        if is_inside || before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '[')) {
            return at + 1;
        }
        let Some(first) = self.char(at) else { return at + 1 };
        if let Some((parts, end)) = Some(at).filter(|_| first.is_alphanumeric()).and_then(|at| dates::date(self, at)) {
            found.extend(parts);
            return end;
        }
        let (number, end) = if first.is_ascii_digit() || first == '.' && self.is_digit(at + 1) && before != Some('.') {
            match self.no_number(at) {
                Some(end) => (None, end),
                None => self.digits_at(at, found.last()),
            }
        } else if first.is_alphabetic() {
            (self.words_at(at, found.last()), at + 1)
        } else {
            (None, at + 1)
        };
        let end = number.as_ref().map_or(end, |number| number.quantity.folded.1);
        found.extend(number);
        end
    }

    /// One past digits that tell no number: `24/7`, the `2.0` of `version 2.0`.
    fn no_number(&self, at: usize) -> Option<usize> {
        let clock = ["24/7/365", "24/7", "24x7", "24-7", "24×7"].iter().find_map(|text| self.behind_text(at, text));
        if let Some(end) = clock.filter(|end| !self.char(*end).is_some_and(char::is_alphanumeric)) {
            return Some(end);
        }
        let is_version = matches!(self.word_before(at), "version" | "ver" | "v");
        let mut end = self.digits_end(at);
        while self.char(end) == Some('.') && self.is_digit(end + 1) {
            end = self.digits_end(end + 1);
        }
        is_version.then_some(end)
    }

    /// Magnitude, unit, rate and thing that stand behind the number.
    pub(super) fn finish(&self, mut number: Number, mut found: Option<(QuantityKind, &'static str)>) -> Option<Found> {
        if let Some(end) = behind::vague(self, number.end) {
            number.bound = Comparator::About;
            number.end = end;
        }
        let is_money = matches!(found, Some((QuantityKind::Money, _)));
        if found.is_none() || is_money {
            self.magnified(&mut number)?;
        }
        let mut of = None;
        if found.is_none() {
            if let Some((name, end)) = behind::currency_behind(self, number.end) {
                number.end = end;
                found = Some((QuantityKind::Money, name));
            } else if let Some((name, over, end)) = behind::percent(self, number.end) {
                number.over = number.over.checked_mul(over)?;
                number.end = end;
                found = Some((QuantityKind::Percent, name));
            } else if let Some((kind, name, factor, end)) =
                behind::unit_behind(self, number.end).or_else(|| fractions::of_time(self, number.end, false).filter(|_| number.over > 1))
            {
                of = behind::rated(&self.slice(number.end, end));
                number.value = number.value.times(factor)?;
                number.factor = factor;
                number.end = end;
                found = Some((kind, name));
            }
        }
        if let Some((QuantityKind::Duration, name)) = found
            && let Some((more, end)) = super::compound::rest(self, (name, number.factor), number.end)
        {
            number.value = number.value.plus(more.times(number.over)?)?;
            number.end = end;
        }
        if number.bound != Comparator::About
            && let Some(bound) = behind::bound(self, number.end)
        {
            number.bound = bound;
        }
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
        number.value = number.value.divided(number.over)?;
        number.over = 1;
        Some(Found { is_bare: found.is_none(), ..self.found(&number, kind, name, per, of)? })
    }

    /// `2 million`, `400-million`, `1,2 Mio.`, `5 M rows`.
    fn magnified(&self, number: &mut Number) -> Option<()> {
        if let Some((factor, end)) = behind::joined_magnitude(self, number.end) {
            number.magnify(factor, end)?;
        }
        while let Some(token) = self.next_word(number.end) {
            // A lone letter is a magnitude where something follows that is counted.
            let is_letter = matches!(token.text.as_str(), "k" | "K" | "M") && behind::goes_on(self, token.end);
            let Some(factor) = magnitude(&token.lower).filter(|_| token.lower.len() > 1 || is_letter) else { break };
            number.magnify(factor, token.end)?;
            number.end = behind::abbreviated(self, token);
        }
        Some(())
    }

    /// A number with nothing before or behind it that could tell more.
    pub(super) fn exactly(&self, number: &Number, kind: QuantityKind, unit: &'static str) -> Found {
        let quantity = Quantity {
            kind,
            unit,
            per: "",
            value: number.value,
            comparator: Comparator::Exact,
            spread: false,
            role: Role::Alone,
            range: None,
            of: Vec::new(),
            grouped: number.grouped,
            factor: number.factor,
            span: self.span(number.start, number.end),
            folded: (number.start, number.end),
        };
        Found { quantity, start: number.start, is_bare: false, magnitude: number.magnitude, mantissa: number.value }
    }

    /// A number with its unit and all that the words before it tell of its certainty.
    pub(super) fn found(
        &self,
        number: &Number,
        kind: QuantityKind,
        unit: &'static str,
        per: &'static str,
        of: Vec<String>,
    ) -> Option<Found> {
        let (comparator, start) = comparator(self, number, kind);
        let mut found = self.exactly(number, kind, unit);
        found.mantissa = number.value.divided(number.magnitude)?;
        found.quantity = Quantity {
            per,
            of,
            comparator,
            spread: comparator == Comparator::AtLeast && is_spread(self, start),
            span: self.span(start, number.end),
            folded: (start, number.end),
            ..found.quantity
        };
        Some(found)
    }
}
