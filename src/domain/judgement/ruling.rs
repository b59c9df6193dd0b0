//! What an answer settles: supported by words of the evidence, refused, or left open.

use super::quote::{place, span_of};
use super::{AskedItem, AskedLine, Case, CaseSaid, LineSaid, Said};
use crate::domain::grounding::{Cited, Severity, Side, Violation, ViolationCode};
use crate::domain::lexicon::Lexicon;
use crate::domain::text::Span;

/// What is settled of a line as a whole, or of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// The judge quoted these words of the evidence for it.
    Supported(Cited),
    /// The judge found no support, and these words of the line at fault where it named some that stand there.
    Refused(Option<Span>),
    /// Nothing: no answer, or a quote that does not stand in the evidence.
    Open,
}

/// What is settled of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRuling {
    /// Of the line as a whole.
    pub whole: Ruling,
    /// Of each of its items, in order.
    pub items: Vec<Ruling>,
}

/// What that means for the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineVerdict {
    /// The line as a whole and every item are supported.
    Supported,
    /// Something of the line is refused.
    Refused,
    /// Nothing is refused, and something is open.
    Unsettled,
}

/// What an answer settles of each line of a case.
pub fn rule(lexicon: &Lexicon, case: &Case, said: &CaseSaid) -> Vec<LineRuling> {
    let of_line = |(at, line): (usize, &AskedLine)| {
        let said: Option<&LineSaid> = said.0.get(at).and_then(Option::as_ref);
        let of = |said: Option<&Said>| match said {
            None => Ruling::Open,
            Some(Said { supported: true, quote, .. }) => place(lexicon, case, quote).map_or(Ruling::Open, Ruling::Supported),
            Some(Said { supported: false, at_fault, .. }) => Ruling::Refused(span_of(at_fault, &line.text)),
        };
        let item = |at: usize| of(said.and_then(|said| said.items.get(at)?.as_ref()));
        LineRuling { whole: of(said.map(|said| &said.whole)), items: (0..line.items.len()).map(item).collect() }
    };
    case.lines.iter().enumerate().map(of_line).collect()
}

impl LineRuling {
    fn all(&self) -> impl Iterator<Item = &Ruling> {
        std::iter::once(&self.whole).chain(&self.items)
    }

    /// What it means for the line.
    pub fn verdict(&self) -> LineVerdict {
        if self.all().any(|ruling| matches!(ruling, Ruling::Refused(_))) {
            LineVerdict::Refused
        } else if self.all().all(|ruling| matches!(ruling, Ruling::Supported(_))) {
            LineVerdict::Supported
        } else {
            LineVerdict::Unsettled
        }
    }

    /// How many of the line as a whole and its items are supported.
    pub fn supported(&self) -> usize {
        self.all().filter(|ruling| matches!(ruling, Ruling::Supported(_))).count()
    }

    /// For each item, the words of the evidence that support it.
    pub fn quotes(&self) -> Vec<Option<Cited>> {
        let quote = |ruling: &Ruling| match ruling {
            Ruling::Supported(cited) => Some(*cited),
            Ruling::Refused(_) | Ruling::Open => None,
        };
        self.items.iter().map(quote).collect()
    }

    /// What is refused, as findings of the check.
    pub fn faults(&self, line: &AskedLine) -> Vec<Violation> {
        let items = self.items.iter().zip(&line.items).filter_map(|(ruling, AskedItem { side, span, words: _ })| match ruling {
            Ruling::Refused(Some(at_fault)) if *side == Side::Rewrite => Some((Side::Rewrite, *at_fault)),
            Ruling::Refused(_) => Some((*side, *span)),
            Ruling::Supported(_) | Ruling::Open => None,
        });
        let mut places: Vec<(Side, Span)> = items.collect();
        match self.whole {
            Ruling::Refused(Some(at_fault)) => places.push((Side::Rewrite, at_fault)),
            Ruling::Refused(None) if places.is_empty() => places.push((Side::Rewrite, Span::new(0, line.text.chars().count()))),
            Ruling::Refused(None) | Ruling::Supported(_) | Ruling::Open => {}
        }
        let mut told: Vec<Violation> = Vec::new();
        for (side, span) in places {
            if told.iter().all(|known| (known.side, known.span) != (side, span)) {
                told.push(refusal(side, span, line));
            }
        }
        told
    }
}

fn refusal(side: Side, span: Span, line: &AskedLine) -> Violation {
    let message = match side {
        Side::Rewrite => format!("a judge finds no support for \"{}\" in the bullet and the facts", span.of(&line.text)),
        Side::Bullet | Side::Facts => {
            let words = line.items.iter().find(|item| (item.side, item.span) == (side, span)).map_or("", |item| item.words.as_str());
            format!("a judge finds that the line is not right without \"{words}\"")
        }
    };
    Violation { code: ViolationCode::JudgedUnsupported, severity: Severity::Hard, message, side, span, from: None, question: None }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::text::Folded;

    const BULLET: &str = "Wrote weekly reports that nobody opened";

    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("the embedded lists are sound"));

    fn case() -> Case {
        let items = vec![
            AskedItem { side: Side::Rewrite, span: Span::new(6, 12), words: "unread".to_owned() },
            AskedItem { side: Side::Bullet, span: Span::new(6, 12), words: "weekly".to_owned() },
        ];
        Case { bullet: BULLET.to_owned(), facts: vec![], lines: vec![AskedLine { text: "Wrote unread reports".to_owned(), items }] }
    }

    fn said(quote: &str, at_fault: &str, supported: bool) -> Said {
        Said { quote: quote.to_owned(), at_fault: at_fault.to_owned(), supported }
    }

    fn ruled(whole: impl Into<Option<Said>>, one: impl Into<Option<Said>>, other: impl Into<Option<Said>>) -> LineRuling {
        let items = vec![one.into(), other.into()];
        let line = whole.into().map(|whole| LineSaid { whole, items });
        rule(&LEXICON, &case(), &CaseSaid(vec![line])).swap_remove(0)
    }

    #[test]
    fn a_line_is_supported_when_the_whole_and_every_item_have_a_quote_that_stands_there() {
        let good = || said("reports that nobody opened", "", true);
        let ruling = ruled(good(), good(), said("weekly reports", "", true));
        assert_eq!((ruling.verdict(), ruling.supported()), (LineVerdict::Supported, 3));
        assert_eq!(ruling.quotes()[1].expect("a quote").span.of(BULLET), "weekly reports");
        assert!(ruling.faults(&case().lines[0]).is_empty());
    }

    #[test]
    fn silence_and_a_quote_that_does_not_stand_there_leave_it_open() {
        let good = || said("reports that nobody opened", "", true);
        for bad in [None, Some(said("reports that everybody opened", "", true)), Some(said("", "", true)), Some(said("reports", "", true))]
        {
            for ruling in [ruled(bad.clone(), good(), good()), ruled(good(), bad.clone(), good())] {
                assert_eq!((ruling.verdict(), ruling.supported() < 3), (LineVerdict::Unsettled, true), "{bad:?}");
                assert!(ruling.faults(&case().lines[0]).is_empty());
            }
        }
        assert_eq!(rule(&LEXICON, &case(), &CaseSaid::default())[0].verdict(), LineVerdict::Unsettled, "nothing was said at all");
    }

    #[test]
    fn what_is_refused_is_told_with_its_words_and_once() {
        let good = || said("reports that nobody opened", "", true);
        let told = |ruling: &LineRuling| -> Vec<(Side, Span)> {
            assert_eq!(ruling.verdict(), LineVerdict::Refused);
            let faults = ruling.faults(&case().lines[0]);
            assert!(faults.iter().all(|fault| (fault.code, fault.severity) == (ViolationCode::JudgedUnsupported, Severity::Hard)));
            faults.iter().map(|fault| (fault.side, fault.span)).collect()
        };
        let unread = (Side::Rewrite, Span::new(6, 12));
        assert_eq!(told(&ruled(said("", "unread", false), said("", "unread", false), good())), [unread]);
        assert_eq!(told(&ruled(said("", "no such words", false), said("", "", false), good())), [unread]);
        assert_eq!(told(&ruled(said("", "", false), good(), good())), [(Side::Rewrite, Span::new(0, 20))], "the whole line");
        let left_out = ruled(good(), good(), said("weekly reports", "", false));
        assert_eq!(told(&left_out), [(Side::Bullet, Span::new(6, 12))]);
        assert!(left_out.faults(&case().lines[0])[0].message.contains("\"weekly\""));
    }

    proptest! {
        #[test]
        fn no_answer_supports_a_line_by_words_that_the_evidence_does_not_hold(quote in "\\PC{0,40}|[a-zW ]{0,20}", at_fault in "\\PC{0,20}") {
            let ruling = ruled(said(&quote, &at_fault, true), said(&quote, &at_fault, true), said(&quote, "", true));
            let plain = Folded::new(&quote);
            let words = plain.slice(0, plain.chars().len()).split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert!(ruling.supported() == 0 || BULLET.contains(words.trim_matches('"').trim()), "{:?}", quote);
        }
    }
}
