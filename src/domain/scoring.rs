//! How strong is a bullet? A hundred points less a fixed penalty for each thing a reader misses, every one with its reason.
//!
//! This is our rubric, not a measure of any screening software: there is no universal score that such software shares.

use super::facts::Reading;
use super::guide::{Ask, Part};
use super::lexicon::{Lexicon, Strength, Tense, Tier, Verb};
use super::text::{Token, TokenKind};

/// The score from which on a bullet is left as it is.
pub const STRONG: u8 = 85;

const TOO_SHORT: &str = "too_short";
const WEAK_OPENER: &str = "weak_opener";
const HIDDEN: &str = "it opens with a weak phrase instead of what was done";

/// A score with the reasons for every point lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// 0 to 100.
    pub points: u8,
    /// Every penalty, in the order a reader meets its cause.
    pub reasons: Vec<Penalty>,
}

impl Scored {
    /// Whether it can be left as it is: enough points, and no weak beginning, which nothing else makes good.
    pub fn is_strong(&self) -> bool {
        self.points >= STRONG && self.reasons.iter().all(|reason| reason.code != WEAK_OPENER)
    }

    /// The points, were the length no matter: saying the same in fewer words is no step back.
    pub fn points_but_for_length(&self) -> u32 {
        let length: u32 = self.reasons.iter().filter(|reason| reason.code == TOO_SHORT).map(|reason| u32::from(reason.points)).sum();
        u32::from(self.points) + length
    }
}

/// One reason for points lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Penalty {
    /// A stable word.
    pub code: &'static str,
    /// The reason in a sentence.
    pub message: &'static str,
    /// Points lost.
    pub points: u8,
}

const fn penalty(code: &'static str, points: u8, message: &'static str) -> Penalty {
    Penalty { code, message, points }
}

/// Scores a text; an open slot counts as filled, so a text with slots is scored as what it can become.
/// `asks` are what a bullet of its kind may lack; the same for a bullet and its rewrites.
pub fn score(lexicon: &Lexicon, asks: &[Ask], reading: &Reading) -> Scored {
    let phrases = lexicon.phrases();
    let mut reasons = Vec::new();
    reasons.extend(opening(lexicon, reading));
    if reading.is_hedged(lexicon) {
        reasons.push(penalty("not_done", 20, "it tells what was planned, tried or asked for, not what was done"));
    }
    if !reading.tells_result(lexicon) {
        reasons.push(penalty("no_result", 16, "it tells no result that can be measured"));
    }
    if !reading.tells_scale() && !slot_kinds(reading) {
        reasons.push(penalty("no_scale", 8, "it does not say how large it was"));
    }
    if !tells_how(lexicon, asks, reading) {
        reasons.push(penalty("no_tool", 10, "it does not say with what it was done"));
    }
    if !phrases.vague.find(&reading.tokens).is_empty() {
        reasons.push(penalty("vague_word", 5, "a word claims without saying: several, significantly"));
    }
    if !phrases.soft_words.find(&reading.tokens).is_empty() {
        reasons.push(penalty("soft_word", 4, "an overused word stands in it"));
    }
    if !phrases.fillers.find(&reading.tokens).is_empty() {
        reasons.push(penalty("filler", 3, "a word can go without a loss"));
    }
    if !phrases.first_person.find(&reading.tokens).is_empty() {
        reasons.push(penalty("first_person", 5, "it speaks of I or we"));
    }
    let stops = reading.tokens.windows(2).any(|pair| {
        pair.first().is_some_and(|stop| stop.is_mark(".")) && pair.last().is_some_and(|next| next.text.starts_with(char::is_uppercase))
    });
    if stops {
        reasons.push(penalty("two_sentences", 4, "it is more than one sentence"));
    }
    // `third-party` is two words, as `third party` is.
    let words: usize = reading.tokens.iter().filter(|token| token.kind != TokenKind::Mark).map(|token| token.text.split('-').count()).sum();
    if words < 8 {
        reasons.push(penalty(TOO_SHORT, 4, "it is too short to say what, how and to what end"));
    } else if words > 40 {
        reasons.push(penalty("too_long", 6, "it is too long to be read in one go"));
    }
    if reading.tokens.last().is_some_and(|last| last.is_mark(".")) {
        reasons.push(penalty("final_period", 1, "it ends in a period"));
    }
    let lost: u32 = reasons.iter().map(|reason| u32::from(reason.points)).sum();
    Scored { points: u8::try_from(100_u32.saturating_sub(lost)).unwrap_or(0), reasons }
}

/// What the first words cost: least for a plain statement, most for a phrase that hides the deed.
fn opening(lexicon: &Lexicon, reading: &Reading) -> Option<Penalty> {
    let first = reading.tokens.iter().find(|token| token.is_word())?;
    let form = lexicon.verb(&first.lower);
    if let Some((opener, _)) = lexicon.phrases().opener(&reading.tokens) {
        let at_once = reading.tokens.first().is_some_and(Token::is_word) && opener.phrase.starts_with(&first.lower);
        return Some(match opener.phrase.as_str() {
            _ if !at_once || opener.stays => penalty(WEAK_OPENER, 15, HIDDEN),
            // As plain as a part of the work can be told.
            "contributed to" | "helped" | "assisted" | "aided" | "supported" | "worked with" => {
                penalty("shared_credit", 9, "it tells of a part or of help; whose work it was is left open")
            }
            "worked on" => penalty(WEAK_OPENER, 11, "it says what was worked on and not what was done"),
            phrase if !phrase.contains(' ') && opener.keeps == Tier::Did => {
                penalty("thin_verb", 9, "its first verb does not say what was done")
            }
            _ => penalty(WEAK_OPENER, 15, HIDDEN),
        });
    }
    let thin = |verb: &Verb| lexicon.phrases().opener_of(|at| (at == 0).then_some(verb.past.as_str())).is_some();
    match form {
        None => Some(penalty("no_verb_first", 12, "it does not open with a verb")),
        Some(form) if form.tense == Tense::Ing => Some(penalty("no_verb_first", 12, "it opens with a verb in -ing instead of the past")),
        Some(form) if matches!(form.tense, Tense::Base | Tense::Third) => {
            let points = if thin(form.verb) { 12 } else { 8 };
            Some(penalty("not_past", points, "it opens in the present instead of what was done"))
        }
        Some(form) if form.verb.strength == Strength::Plain => Some(penalty("plain_verb", 6, "its first verb says little")),
        Some(_) => None,
    }
}

/// Whether slots beside the result ask for a size.
fn slot_kinds(reading: &Reading) -> bool {
    reading.tokens.iter().filter(|token| token.kind == TokenKind::Slot).count() > 1
}

/// Whether a technology is named that answers the skill's question for a tool.
fn tells_how(lexicon: &Lexicon, asks: &[Ask], reading: &Reading) -> bool {
    let Some(tool) = asks.iter().find(|ask| ask.part == Part::Tool) else { return true };
    let has_slot = super::guide::labels(&tool.clause)
        .iter()
        .any(|label| reading.tokens.iter().any(|token| token.kind == TokenKind::Slot && token.text == format!("[{label}]")));
    has_slot || names_tool(lexicon, &tool.unless, reading)
}

/// Whether a technology answers the question for a tool: one of these classes (`any` means any product), or one that the text itself says
/// it was done with.
pub fn names_tool(lexicon: &Lexicon, classes: &[String], reading: &Reading) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| reading.tokens.get(at)).map_or("", |token| token.lower.as_str());
    let is_means = |first: usize| {
        let before = word(first.checked_sub(1));
        matches!(before, "using" | "with" | "via" | "through")
            || lexicon.verb(before).is_some_and(|form| form.verb.groups.iter().any(|group| group == "use"))
    };
    reading.technologies.iter().any(|technology| {
        classes.iter().any(|class| (class == "any" && !lexicon.is_generic(&technology.id)) || lexicon.is_kind_of(&technology.id, class))
            || is_means(technology.first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guide::Guide;

    fn points(text: &str) -> u8 {
        let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
        let guide = Guide::parse("g", include_str!("../../guides/backend-developer.toml"), &lexicon).expect("the guide is sound");
        score(&lexicon, guide.asks(guide.skill("caching")), &Reading::new(text, &lexicon)).points
    }

    #[test]
    fn each_step_towards_a_strong_bullet_is_worth_something() {
        let steps = [
            "Responsible for caching.",
            "Added caching to improve API performance.",
            "Implemented caching to improve API performance",
            "Implemented caching with Redis to improve API performance, cutting latency from 140ms to 18ms",
            "Implemented caching with Redis for 10 endpoints to improve API performance, cutting latency from 140ms to 18ms",
        ];
        let scores: Vec<u8> = steps.iter().map(|text| points(text)).collect();
        assert!(scores.is_sorted() && scores.first() < scores.last(), "{scores:?}");
        assert!(*scores.last().expect("five") >= STRONG);
    }

    #[test]
    fn a_slot_counts_as_what_it_can_become() {
        let with_slots =
            "Implemented caching with [cache tool] to improve API performance, cutting latency from [latency before] to [latency after]";
        assert!(points(with_slots) > points("Implemented caching to improve API performance"));
    }

    #[test]
    fn an_inflated_verb_is_worth_less_than_a_plain_statement() {
        assert!(points("Spearheaded caching with Redis") < points("Implemented caching with Redis"));
    }
}
