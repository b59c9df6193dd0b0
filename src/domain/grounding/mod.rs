//! Does a rewrite say only what its writer said? The one place that can vouch for it.
//!
//! [`check`] is the only maker of a [`Rewrite`], so a text that leaves this crate as a rewrite has passed here after its last writer.
//! Evidence is the bullet and the facts the user gave, less what those facts deny; other bullets and the job description never are.
//! Every word of our own output must have a receipt: the place of the evidence that vouches for it, or a closed list of words that claim nothing.

mod align;
mod amounts;
mod deeds;
mod denial;
mod evidence;
mod form;
mod known;
mod layout;
mod losses;
mod moves;
mod names;
mod scope;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::Reading;
use super::guide::Ask;
use super::lexicon::Lexicon;
use super::slots::Slot;
use super::text::Span;

pub use evidence::Evidence;
pub use form::DEFAULT_MAX_CHARS;

/// What vouches for a stretch of a rewrite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReceiptKind {
    /// The same word stands in the bullet.
    Source,
    /// The same word stands in the facts.
    Fact,
    /// Another name of a technology that the evidence names, or of what it is a kind of.
    Alias,
    /// A listed way to say the same, or another form of the same word.
    Paraphrase,
    /// A verb of the same meaning that claims no more.
    Verb,
    /// A function word, which claims nothing.
    Glue,
    /// A slot, or the clause of the guide that frames it.
    Slot,
    /// A judge found that the quoted words of the evidence say the same.
    Judged,
}

/// What vouches for one stretch of a rewrite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The stretch, in the rewrite.
    pub span: Span,
    /// What vouches for it.
    pub kind: ReceiptKind,
    /// The place that does: in the bullet, or for `Fact` in the facts.
    pub from: Option<Span>,
}

/// A place of the evidence or of the rewrite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cited {
    /// The text that `span` points into.
    #[serde(rename = "in")]
    pub side: Side,
    /// The stretch, half-open, in Unicode code points of that text as sent.
    pub span: Span,
}

/// What a fault means for the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The rewrite is ungrounded.
    Hard,
    /// The rewrite is unsettled: code cannot tell whether both texts say the same, so a judge or the writer is asked.
    Ask,
    /// A matter of style; the verdict does not depend on it.
    Soft,
}

/// The text that a span points into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The rewrite.
    Rewrite,
    /// The bullet.
    Bullet,
    /// The facts.
    Facts,
}

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViolationCode {
    /// A number that nothing vouches for.
    NewQuantity,
    /// A number of the evidence, with another value, unit, certainty or direction.
    ChangedQuantity,
    /// A technology that nothing vouches for.
    NewTechnology,
    /// A name that nothing vouches for.
    NewProperNoun,
    /// More ownership than the evidence states.
    OwnershipUp,
    /// A word that widens the claim.
    ScopeUp,
    /// A result that nothing vouches for.
    InventedOutcome,
    /// Something of the bullet has been lost.
    DroppedFact,
    /// A fact that stands only in another bullet or the job description.
    ForeignFact,
    /// What was denied is now claimed, or the reverse.
    NegationFlip,
    /// A judge found a claim that the evidence does not support.
    JudgedUnsupported,
    /// More than one line or sentence, or list and markup signs.
    NotOneLine,
    /// Too many characters.
    TooLong,
    /// `I`, `we`, `our`.
    FirstPerson,
    /// A slot that is no slot, or more than three.
    BadSlot,
    /// A question that suggests a value.
    ValueInQuestion,
    /// A phrase that no honest bullet needs.
    BannedPhrase,
    /// A word that nothing vouches for by itself.
    NoReceipt,
    /// An overused word.
    SoftWord,
    /// A word that claims without saying.
    VagueWord,
    /// A weak beginning.
    WeakOpener,
    /// A period at the end.
    FinalPeriod,
}

impl ViolationCode {
    /// What a fault of this kind means, where its finder does not say otherwise.
    pub const fn severity(self) -> Severity {
        match self {
            Self::NewQuantity
            | Self::ChangedQuantity
            | Self::NewTechnology
            | Self::NewProperNoun
            | Self::OwnershipUp
            | Self::ScopeUp
            | Self::InventedOutcome
            | Self::DroppedFact
            | Self::ForeignFact
            | Self::NegationFlip
            | Self::JudgedUnsupported
            | Self::NotOneLine
            | Self::TooLong
            | Self::FirstPerson
            | Self::BadSlot
            | Self::ValueInQuestion
            | Self::BannedPhrase => Severity::Hard,
            Self::NoReceipt | Self::SoftWord | Self::VagueWord | Self::WeakOpener | Self::FinalPeriod => Severity::Soft,
        }
    }
}

/// One fault of a rewrite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What kind of fault.
    pub code: ViolationCode,
    /// What it means for the verdict.
    pub severity: Severity,
    /// The fault in a sentence.
    pub message: String,
    /// The text that `span` points into.
    pub side: Side,
    /// Where.
    pub span: Span,
    /// For `Ask`: the place of the evidence that may say the same.
    pub from: Option<Cited>,
    /// For `Ask`: what the writer is asked, to be answered by yes or no.
    pub question: Option<String>,
}

impl Violation {
    fn new(code: ViolationCode, span: Span, message: impl Into<String>) -> Self {
        Self { code, severity: code.severity(), message: message.into(), side: Side::Rewrite, span, from: None, question: None }
    }

    fn in_bullet(code: ViolationCode, span: Span, message: impl Into<String>) -> Self {
        Self { side: Side::Bullet, ..Self::new(code, span, message) }
    }

    /// The same fault as a question: code cannot tell whether the evidence says it.
    #[must_use]
    fn asked(self, question: impl Into<String>, from: Option<Cited>) -> Self {
        Self { severity: Severity::Ask, question: Some(question.into()), from, ..self }
    }
}

/// What our own output must keep to.
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    /// The most characters; a slot counts as six.
    pub max_chars: usize,
    /// The clauses that may frame a slot.
    pub asks: &'a [Ask],
}

/// A rewrite that says only what the evidence says. Only [`check`] makes one, and [`asking`](Self::asking) another out of it.
///
/// Both texts were read to be judged, and are kept as they were read.
#[derive(Debug, Clone)]
pub struct Rewrite {
    text: Arc<Reading>,
    with_slots: Arc<Reading>,
    slots: Vec<Slot>,
    receipts: Vec<Receipt>,
    /// What a judge or the writer has settled, in lower case: the same words are not in question again in the text with slots.
    settled: Vec<String>,
    /// The stretches that a judge vouches for, each with the words of the evidence that it quoted.
    quoted: Vec<(Span, Cited)>,
}

/// What became of a text that somebody wrote.
#[derive(Debug, Clone)]
pub enum Checked {
    /// Code alone vouches for it.
    Grounded(Rewrite),
    /// Nothing speaks against it, and code alone cannot vouch for it.
    Unsettled(Unsettled),
    /// Something speaks against it.
    Ungrounded(Vec<Violation>),
}

impl Checked {
    /// The rewrite, where code alone vouches for it.
    pub fn grounded(self) -> Option<Rewrite> {
        match self {
            Self::Grounded(rewrite) => Some(rewrite),
            Self::Unsettled(_) | Self::Ungrounded(_) => None,
        }
    }
}

/// A text that nothing speaks against and that code alone cannot vouch for.
#[derive(Debug, Clone)]
pub struct Unsettled {
    text: Arc<Reading>,
    receipts: Vec<Receipt>,
    items: Vec<Violation>,
}

impl Unsettled {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text.raw
    }

    /// The same, read.
    pub fn reading(&self) -> &Reading {
        &self.text
    }

    /// What is in question: at least one, each of severity `Ask`.
    pub fn items(&self) -> &[Violation] {
        &self.items
    }

    /// Vouches for the text once every item is settled; `by` names, for each item in order, the place of the evidence that says the same.
    ///
    /// `None` for an item leaves it, and so the text, unsettled.
    pub fn settled(self, by: &[Option<Cited>]) -> Result<Rewrite, Self> {
        if by.len() != self.items.len() || by.iter().any(Option::is_none) {
            return Err(self);
        }
        let Self { text, mut receipts, items } = self;
        let (mut settled, mut quoted) = (Vec::with_capacity(items.len()), Vec::new());
        for (item, from) in items.iter().zip(by.iter().flatten()) {
            if item.side == Side::Rewrite {
                settled.push(item.span.of(&text.raw).to_lowercase());
                for span in unvouched(&text, &receipts, item.span) {
                    receipts.push(Receipt { span, kind: ReceiptKind::Judged, from: Some(from.span) });
                    quoted.push((span, *from));
                }
            }
        }
        receipts.sort_by_key(|receipt| receipt.span);
        Ok(Rewrite { with_slots: Arc::clone(&text), text, slots: Vec::new(), receipts, settled, quoted })
    }
}

/// The words within a stretch that have no receipt, those side by side together.
fn unvouched(text: &Reading, receipts: &[Receipt], within: Span) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    let mut goes_on = false;
    for token in text.tokens.iter().filter(|token| token.is_word() && token.span.overlaps(within)) {
        let has_one = receipts.iter().any(|receipt| receipt.span.overlaps(token.span));
        match runs.last_mut() {
            _ if has_one => {}
            Some(run) if goes_on => *run = run.join(token.span),
            _ => runs.push(token.span),
        }
        goes_on = !has_one;
    }
    runs
}

impl Rewrite {
    /// The text that can be sent today.
    pub fn text(&self) -> &str {
        &self.text.raw
    }

    /// The same, read.
    pub fn reading(&self) -> &Reading {
        &self.text
    }

    /// The text with slots.
    pub fn with_slots(&self) -> &str {
        &self.with_slots.raw
    }

    /// The same, read.
    pub fn reading_with_slots(&self) -> &Reading {
        &self.with_slots
    }

    /// The slots, in order.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The words of the evidence that a judge quoted for the stretch at this place, where a judge vouches for it.
    pub fn quoted(&self, span: Span) -> Option<Cited> {
        self.quoted.iter().find(|(stretch, _)| *stretch == span).map(|(_, cited)| *cited)
    }

    /// What vouches for every word of the text.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    /// The same rewrite with this text to ask by, which is judged like the first.
    pub fn asking(
        &self,
        lexicon: &Lexicon,
        evidence: &Evidence,
        limits: Limits<'_>,
        with_slots: &str,
        slots: Vec<Slot>,
    ) -> Result<Self, Vec<Violation>> {
        let (reading, mut violations) = if with_slots == self.text() {
            (Arc::clone(&self.text), Vec::new())
        } else {
            let reading = Arc::new(Reading::new(with_slots, lexicon));
            let (mut violations, _) = judge_own(lexicon, evidence, limits, &reading);
            violations.retain(|found| found.severity == Severity::Hard || !self.has_settled(found, with_slots));
            (reading, violations)
        };
        violations.extend(form::slots(with_slots, &slots));
        if violations.is_empty() { Ok(Self { with_slots: reading, slots, ..self.clone() }) } else { Err(violations) }
    }

    /// Whether a judge or the writer has settled this before, of the text without slots.
    fn has_settled(&self, found: &Violation, with_slots: &str) -> bool {
        !self.settled.is_empty() && (found.side != Side::Rewrite || self.settled.contains(&found.span.of(with_slots).to_lowercase()))
    }
}

/// Vouches for a text of ours: grounded, well formed, every word with a receipt, and no slot in it.
pub fn check(lexicon: &Lexicon, evidence: &Evidence, limits: Limits<'_>, text: &str) -> Checked {
    let reading = Arc::new(Reading::new(text, lexicon));
    let (mut violations, receipts) = judge_own(lexicon, evidence, limits, &reading);
    if text.contains(['[', ']']) {
        violations.push(Violation::new(ViolationCode::BadSlot, Span::new(0, text.chars().count()), "the text to send may hold no slot"));
    }
    violations.extend(form::slots(text, &[]));
    if violations.iter().any(|found| found.severity == Severity::Hard) {
        return Checked::Ungrounded(violations);
    }
    if violations.is_empty() {
        return Checked::Grounded(Rewrite {
            with_slots: Arc::clone(&reading),
            text: reading,
            slots: Vec::new(),
            receipts,
            settled: Vec::new(),
            quoted: Vec::new(),
        });
    }
    Checked::Unsettled(Unsettled { text: reading, receipts, items: violations })
}

/// What speaks against one text of ours, and what code cannot tell; matters of style apart.
fn judge_own(lexicon: &Lexicon, evidence: &Evidence, limits: Limits<'_>, reading: &Reading) -> (Vec<Violation>, Vec<Receipt>) {
    let alignment = align::align(lexicon, evidence, limits.asks, reading);
    let mut violations = compared(lexicon, evidence, reading, &alignment);
    violations.extend(form::violations(lexicon, evidence, reading, limits.max_chars));
    violations.retain(|violation| violation.severity != Severity::Soft);
    (one_each(violations), alignment.receipts)
}

/// Everything that is wrong with somebody's rewrite: hard, asked and soft.
pub fn judge(lexicon: &Lexicon, evidence: &Evidence, asks: &[Ask], text: &str) -> Vec<Violation> {
    let reading = Reading::new(text, lexicon);
    let mut violations = Vec::new();
    if !evidence.is_bullet(&reading) {
        let alignment = align::align(lexicon, evidence, asks, &reading);
        violations = compared(lexicon, evidence, &reading, &alignment);
    }
    violations.extend(form::violations(lexicon, evidence, &reading, DEFAULT_MAX_CHARS));
    one_each(violations)
}

/// What a text claims that the evidence does not, and what of it is lost. Each file looks at one kind of claim and only ever adds findings.
fn compared(lexicon: &Lexicon, evidence: &Evidence, reading: &Reading, alignment: &align::Alignment) -> Vec<Violation> {
    let layout = layout::Layout::new(reading);
    let laid = layout::Laid { reading, layout: &layout };
    let mut found = Vec::new();
    amounts::findings(evidence, reading, alignment, &mut found);
    names::findings(lexicon, evidence, reading, alignment, &mut found);
    deeds::findings(lexicon, evidence, laid, alignment, &mut found);
    scope::findings(lexicon, evidence, reading, alignment, &mut found);
    moves::findings(lexicon, evidence, laid, alignment, &mut found);
    losses::findings(lexicon, evidence, reading, alignment, &mut found);
    words::findings(evidence, reading, alignment, &mut found);
    found
}

/// A fault is told once, by its most telling code: a number that nothing vouches for is no word without a receipt as well.
fn one_each(mut violations: Vec<Violation>) -> Vec<Violation> {
    violations.sort_by_key(|violation| (violation.side == Side::Bullet, violation.severity, violation.code, violation.span));
    let mut kept: Vec<Violation> = Vec::new();
    let mut seen = BTreeSet::new();
    for violation in violations {
        let covered = violation.code == ViolationCode::NoReceipt
            && kept
                .iter()
                .any(|told| told.side == violation.side && told.code <= ViolationCode::NegationFlip && told.span.overlaps(violation.span));
        if !covered && seen.insert((violation.code, violation.side == Side::Bullet, violation.span)) {
            kept.push(violation);
        }
    }
    kept
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
