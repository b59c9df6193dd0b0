//! What holds for every text, however odd: the promises that the fuzz targets put to the test, one function a target.
//!
//! Each function panics when a promise is broken; texts that no user may send are left out, as the edge refuses them.

use std::sync::LazyLock;

use bulletsmith::domain::bullet::{Bullet, MAX_FACTS, check_text};
use bulletsmith::domain::facts::Reading;
use bulletsmith::domain::grounding::{self, Evidence, Severity, Side, Violation, ViolationCode, judge};
use bulletsmith::domain::guide::{Guide, Part};
use bulletsmith::domain::lexicon::Lexicon;
use bulletsmith::domain::quantity::{Decimal, Quantity, RangeEnd, scan};
use bulletsmith::domain::rules;
use bulletsmith::domain::slots::{Form, Slot, disagreements};
use bulletsmith::domain::text::{Folded, Span, is_invisible, tokenize, visible};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("the embedded lists are sound"));
static GUIDE: LazyLock<Guide> =
    LazyLock::new(|| Guide::parse("g", include_str!("../../guides/backend-developer.toml"), &LEXICON).expect("the guide is sound"));

/// Numbers stand in order and within the text, and a decimal survives being written and read.
pub fn quantities(text: &str) {
    if check_text(text, MAX_FACTS).is_err() {
        return;
    }
    let folded = Folded::new(text);
    let found = scan(&folded, &tokenize(&folded), &[]);
    for quantity in &found {
        assert_within(text, quantity.span);
        let (start, end) = quantity.folded;
        assert!(start < end && end <= folded.chars().len(), "{quantity:?}");
        assert!(!quantity.normal_form().is_empty());
        let written = quantity.value.to_string();
        if !written.starts_with('-') {
            assert!(Decimal::parse(&written).is_none_or(|read| read == quantity.value), "{written}");
        }
    }
    assert!(in_order(&found), "{found:?}");
    // The ends of a range stand side by side, the low one first.
    let is_low = |quantity: &Quantity| quantity.range.map(RangeEnd::is_low);
    assert!(found.windows(2).all(|pair| (is_low(&pair[0]) == Some(true)) == (is_low(&pair[1]) == Some(false))), "{found:?}");
    let seen = visible(text);
    assert!(visible(&seen) == seen && !seen.contains(is_invisible), "{seen:?}");
}

/// Every claim stands within the text, and the claims of a kind stand in order.
pub fn facts(text: &str) {
    if check_text(text, MAX_FACTS).is_err() {
        return;
    }
    let reading = Reading::new(text, &LEXICON);
    let tokens = reading.tokens.len();
    assert_eq!(reading.stems.len(), tokens);
    assert!(reading.tokens.windows(2).all(|pair| pair[0].end <= pair[1].start && pair[0].span <= pair[1].span));
    assert!(reading.tokens.iter().all(|token| token.start < token.end && !token.text.is_empty()));
    reading.tokens.iter().for_each(|token| assert_within(text, token.span));
    reading.quantities.iter().for_each(|quantity| assert_within(text, quantity.span));
    assert!(in_order(&reading.quantities), "{reading:?}");
    // What covers a token is found by halving; it is what a walk finds.
    for token in &reading.tokens {
        let walked = reading.quantities.iter().find(|quantity| quantity.folded.0 < token.end && token.start < quantity.folded.1);
        assert_eq!(reading.quantity_at(token), walked);
    }
    for known in reading.technologies.iter().chain(&reading.classes) {
        assert_within(text, known.span);
        assert!(known.first < known.end && known.end <= tokens, "{known:?}");
    }
    for (first, end) in &reading.scope {
        assert!(first < end && *end <= tokens);
    }
    assert!(reading.denials.iter().all(|denial| denial.at < tokens));
    for clause in &reading.clauses {
        assert_within(text, clause.span);
        assert!(clause.first < clause.end && clause.end <= tokens, "{clause:?}");
    }
    assert!(reading.clauses.windows(2).all(|pair| pair[0].end <= pair[1].first));
    assert!(reading.names.is_sorted() && reading.names.iter().all(|at| *at < tokens));
    assert!(reading.opener_len <= tokens);
}

/// A text is grounded in itself, faults have a place, and a number slipped into a clean rewrite is seen.
pub fn check(bullet: &str, rewrite: &str, facts: &str, number: u32) {
    if Bullet::parse(bullet).is_err() || Bullet::parse(rewrite).is_err() || check_text(facts, MAX_FACTS).is_err() {
        return;
    }
    let evidence = Evidence::new(&LEXICON, bullet, &[facts], &[]);
    let asks = GUIDE.asks(None);
    let judged = |text: &str| -> Vec<Violation> {
        let found = judge(&LEXICON, &evidence, asks, text);
        for fault in &found {
            assert_within(if fault.side == Side::Bullet { bullet } else { text }, fault.span);
        }
        found
    };
    let itself = judged(bullet);
    assert!(itself.iter().all(|fault| fault.code > ViolationCode::NegationFlip), "{itself:?}");
    let is_clean = |found: &[Violation]| found.iter().all(|fault| fault.code.severity() == Severity::Soft);
    if is_clean(&judged(rewrite)) {
        let slipped = slip_in(rewrite, number);
        let said = [bullet, facts, rewrite].iter().any(|text| text.contains(|c: char| c.is_numeric()));
        assert!(said || !is_clean(&judged(&slipped)), "{slipped}");
    }
    let limits = grounding::Limits { max_chars: grounding::DEFAULT_MAX_CHARS, asks };
    if let Some(vouched) = rules::rewrite(&LEXICON, asks, limits, &evidence) {
        vouched.receipts().iter().for_each(|receipt| assert_within(vouched.text(), receipt.span));
        assert!(is_clean(&judged(vouched.text())), "{}", vouched.text());
    }
}

/// An answer that is taken stands in the text, its slot is gone, and no bracket comes in by an answer.
pub fn fill(bullet: &str, answer: &str, other: &str) {
    if Bullet::parse(bullet).is_err() {
        return;
    }
    for skill in GUIDE.skills() {
        let clauses: Vec<&str> = skill.asks.iter().filter(|ask| ask.part != Part::Scale).map(|ask| ask.clause.as_str()).collect();
        let with_slots = format!("{bullet} {}", clauses.join(", "));
        let asks = skill.asks.iter().filter(|ask| ask.part != Part::Scale);
        let slots: Vec<Slot> = asks.flat_map(|ask| &ask.slots).enumerate().map(|(at, slot)| Slot::new(at, &*slot.label, slot.kind, &*slot.question)).collect();
        if !disagreements(&with_slots, &slots).is_empty() {
            continue;
        }
        let form = Form::new(&LEXICON, &skill.asks, &with_slots, &slots);
        let answers = slots.iter().zip([answer, other, answer]).map(|(slot, answer)| (slot.id.clone(), answer.to_owned())).collect();
        let Ok(filled) = form.fill(&answers) else { continue };
        for slot in &slots {
            let bracket = format!("[{}]", slot.label);
            let is_open = filled.open().iter().any(|open| open.id == slot.id);
            assert_eq!(filled.with_slots().contains(&bracket), is_open || bullet.contains(&bracket), "{}", filled.with_slots());
        }
        assert!(!filled.with_slots().contains('\n') || bullet.contains('\n'), "{}", filled.with_slots());
        for (_, told) in filled.answers() {
            assert!(!told.contains(['[', ']', '\n']), "{told:?}");
        }
    }
}

/// Numbers rise in both their ends; two may share a beginning: `up to 40-60`.
fn in_order(quantities: &[Quantity]) -> bool {
    quantities.windows(2).all(|pair| pair[0].folded.0 <= pair[1].folded.0 && pair[0].folded.1 < pair[1].folded.1)
}

/// The text with a number of four digits or more behind one of its words.
fn slip_in(text: &str, number: u32) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    let fresh = (1_000 + number % 1_000_000).to_string();
    words.insert(number as usize % words.len() + 1, &fresh);
    words.join(" ")
}

fn assert_within(text: &str, span: Span) {
    assert!(span.start <= span.end && span.end <= text.chars().count(), "{span:?} of {text:?}");
}
