//! Numbers that are written in words, with the unit that stands behind them.

use super::scan::{Found, Number, Scanner};
use super::spelled::{part_of_magnitude, spelled, whole_words};
use super::units::unit;
use super::{Decimal, QuantityKind, behind, fractions};
use crate::domain::text::Token;

impl Scanner<'_> {
    /// `three`, `two hundred and fifty`, `a dozen`, `a million`, `two-week`, `doubled`, `half`, `a third`.
    pub(super) fn words_at(&self, at: usize, last: Option<&Found>) -> Option<Found> {
        let tokens = self.after(at);
        let token = tokens.first().filter(|token| token.start == at && token.is_word() && !token.is_verbatim())?;
        let plain = |value: Decimal, end: usize| Number::plain(value, token.start, end);
        if behind::is_how_often(self, tokens) {
            return self.finish(plain(Decimal::new(2, 0), token.end), Some((QuantityKind::Count, "times")));
        }
        if behind::is_period(tokens) && behind::tells_how_often(self.word_before(at)) {
            return None;
        }
        // `2 a quarter` and `6 hours a quarter` count by the quarter.
        let counted = last.is_some_and(|last| [last.quantity.per, last.quantity.unit].contains(&"per quarter"));
        if behind::is_period(tokens) && (counted || self.word_before(at).starts_with(|c: char| c.is_ascii_digit())) {
            return None;
        }
        if let Some(found) = self.fraction_in_words(tokens) {
            return Some(found);
        }
        if let Some((kind, name, value, length)) = whole_words(tokens) {
            let end = tokens.get(length - 1).map_or(token.end, |last| last.end);
            let of = if kind == QuantityKind::Count { behind::things(self, end) } else { Vec::new() };
            return self.found(&plain(Decimal::new(value, 0), end), kind, name, "", of);
        }
        if self.is_one_unit(tokens, at) {
            return self.finish(plain(Decimal::new(1, 0), token.end), None);
        }
        // `to zero` is a number; `with zero downtime` denies.
        let zero = token.lower == "zero" && matches!(self.word_before(at), "to" | "from" | "near");
        let (value, end) = if zero { (Decimal::new(0, 0), token.end) } else { spelled(tokens)? };
        self.finish(plain(value, end), None)
    }

    /// `half`, `two thirds of the jobs`, `half an hour`; `half finished` and `a third attempt` measure nothing.
    fn fraction_in_words(&self, tokens: &[Token]) -> Option<Found> {
        let first = tokens.first()?;
        let next = tokens.get(1).map_or("", |next| next.lower.as_str());
        if super::spelled::is_no_measure(&first.lower, next) || part_of_magnitude(tokens).is_some() {
            return None;
        }
        if let Some((kind, name, factor)) =
            first.lower.strip_prefix("half-").and_then(unit).filter(|(kind, _, factor)| fractions::is_divided(*kind, *factor))
        {
            let value = Decimal::new(factor, 0).divided(2)?;
            return self.found(&Number { factor, ..Number::plain(value, first.start, first.end) }, kind, name, "", Vec::new());
        }
        // `in the first half of 2024` tells when.
        if first.lower == "half" && matches!(self.word_before(first.start), "first" | "second" | "last" | "latter" | "one" | "next") {
            return None;
        }
        let fraction = fractions::in_words(tokens)?;
        let end = tokens.get(fraction.length - 1)?.end;
        if let Some((kind, name, factor, unit_end)) = fractions::of_time(self, end, fraction.measures)
            && let Some(value) = Decimal::new(fraction.upper, 0).times(factor).and_then(|value| value.divided(fraction.lower))
        {
            let number = Number { factor, ..Number::plain(value, first.start, unit_end) };
            let per = behind::rate(self, unit_end).unwrap_or_default();
            return self.found(&number, kind, name, per, Vec::new());
        }
        // `in three quarters` tells of time, `three quarters of the jobs` and `by three quarters` of a share.
        let is_time = fraction.lower == 4
            && fraction.upper > 1
            && tokens.get(fraction.length).is_none_or(|next| next.lower != "of")
            && self.word_before(first.start) != "by";
        let may_stand = fraction.lower == 2 || fraction.upper > 1 || fractions::stands_alone(self, first.start, end);
        let (kind, unit, value) = fractions::share(Decimal::new(fraction.upper, 0), fraction.lower).filter(|_| may_stand && !is_time)?;
        self.found(&Number::plain(value, first.start, end), kind, unit, "", Vec::new())
    }

    /// `took an hour`, `under a minute`, `an hour later`; `requests a minute` is a rate.
    fn is_one_unit(&self, tokens: &[Token], at: usize) -> bool {
        let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
        let is_unit = matches!(word(1), "second" | "minute" | "hour" | "day" | "week" | "month" | "year");
        let measured = matches!(
            self.word_before(at),
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
        );
        let apart = word(1) == "hour" && matches!(word(2), "late" | "early" | "ago" | "later");
        let and_more = is_unit && (word(2), word(3), word(4)) == ("and", "a", "half");
        matches!(word(0), "a" | "an") && (is_unit && measured || apart || and_more)
    }
}
