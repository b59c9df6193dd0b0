//! What can go without a loss: list signs, markup, empty words, `I` before its verb; and the short way to say a long thing.

use super::words::{Piece, Words};
use crate::domain::facts::Reading;
use crate::domain::lexicon::{Lexicon, Tense};
use crate::domain::text::{Token, TokenKind};

/// The tokens of a text without list sign, markup and fillers, and the long ways to say short things.
pub(super) fn shortened(lexicon: &Lexicon, bullet: &Reading) -> Words {
    let phrases = lexicon.phrases();
    let tokens = &bullet.tokens;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = beginning(lexicon, tokens);
    let opener_end = phrases.opener(tokens).map_or(0, |(_, end)| end);
    // Whether a space stands before what comes next; markup that goes leaves its spaces.
    let mut apart = true;
    while let Some(token) = tokens.get(at) {
        apart |= at > 0 && tokens.get(at - 1).is_some_and(|before| before.end < token.start);
        let end = if is_markup(token) {
            at + 1
        } else if let Some((to, end)) = phrases.shortening(tokens, at).filter(|(_, end)| *end >= opener_end) {
            pieces.extend(to.split(' ').filter(|word| !word.is_empty()).map(Piece::word));
            apart = true;
            end
        } else if let Some(end) = phrases.fillers.end_at(tokens, at).filter(|end| *end > at + 1 && at >= opener_end) {
            apart = true;
            // `and any other duties` was the end of a list, as `etc` is.
            if token.lower == "and"
                && (tokens.get(end).is_none_or(|next| next.is_mark(".")) || phrases.fillers.end_at(tokens, end).is_some())
            {
                pieces.push(Piece::word("etc"));
            }
            end
        } else if at >= opener_end && can_go(lexicon, tokens, at) {
            apart = true;
            at + 1
        } else {
            pieces.push(Piece::of(lexicon, bullet, at, token, !apart));
            apart = false;
            at + 1
        };
        at = end;
    }
    Words(pieces)
}

/// `*` and the backtick.
fn is_markup(token: &Token) -> bool {
    token.kind == TokenKind::Mark && matches!(token.text.as_str(), "*" | "`")
}

/// The first token that is neither list sign nor, before a verb, `I` or `we` with its auxiliary.
fn beginning(lexicon: &Lexicon, tokens: &[Token]) -> usize {
    let signs =
        tokens.iter().take_while(|token| matches!(token.text.as_str(), "-" | "*" | "•" | "+" | "·" | "`" | "▪" | "●" | "◦")).count();
    let place = placed(tokens, signs);
    let Some(behind) = lexicon.phrases().first_person.end_at(tokens, place) else { return signs };
    let signs = if place > signs { place } else { signs };
    // `We were using`, `I was writing`
    let progressive = tokens.get(behind).is_some_and(|token| matches!(token.lower.as_str(), "was" | "were" | "am" | "are"))
        && tokens.get(behind + 1).and_then(|token| lexicon.verb(&token.lower)).is_some_and(|form| form.tense == Tense::Ing);
    if progressive {
        return behind + 1;
    }
    let verb = |at: usize| tokens.get(at).and_then(|token| lexicon.verb(&token.lower));
    let auxiliary = tokens.get(behind).is_some_and(|token| matches!(token.lower.as_str(), "am" | "was" | "have" | "had" | "also"));
    let rest = behind + usize::from(auxiliary);
    let opens = lexicon.phrases().opener(tokens.get(rest..).unwrap_or_default()).is_some();
    // `I have built` loses its auxiliary, `I was promoted` does not.
    let finite = verb(rest).is_some_and(|form| {
        form.tense == Tense::Past
            && tokens.get(behind).is_some_and(|token| !auxiliary || matches!(token.lower.as_str(), "have" | "had" | "also"))
    });
    if opens || finite || verb(behind).is_some() { if opens || finite { rest } else { behind } } else { signs }
}

/// One past `In this project,`: where it was done, when nothing but that is told.
fn placed(tokens: &[Token], from: usize) -> usize {
    let word = |at: usize| tokens.get(from + at).map_or("", |token| token.lower.as_str());
    let place = matches!(word(0), "in" | "at" | "during" | "as" | "on" | "for")
        && matches!(word(1), "this" | "that" | "the" | "my" | "our")
        && matches!(word(2), "project" | "role" | "job" | "position" | "company" | "team" | "internship" | "work");
    if !place {
        return from;
    }
    from + 3 + usize::from(word(3) == ",")
}

/// An adverb that can go without breaking the phrase around it: no list of adverbs, and nothing denied.
fn can_go(lexicon: &Lexicon, tokens: &[Token], at: usize) -> bool {
    let phrases = lexicon.phrases();
    let is_adverb = tokens.get(at).is_some_and(|token| phrases.fillers.has_word(&token.lower) && token.lower != "etc");
    let opens = !tokens.iter().take(at).any(Token::is_word);
    let joins = |at: usize| {
        tokens.get(at).is_some_and(|token| {
            matches!(token.lower.as_str(), "and" | "or" | "but" | "," | "-" | "/" | "as" | "so" | "too" | "more" | "most")
        })
    };
    let joined_before = at.checked_sub(1).is_some_and(|before| {
        joins(before) && tokens.get(before).is_some_and(|token| token.lower != "," && token.lower != "and")
            || tokens.get(before).is_some_and(|token| phrases.negations.has_word(&token.lower) || token.lower.ends_with("ly"))
            || tokens.get(before).is_some_and(|token| matches!(token.lower.as_str(), "is" | "was" | "are" | "were" | "be"))
    });
    let verb_follows = tokens.get(at + 1).is_some_and(|next| lexicon.verb(&next.lower).is_some());
    let after_and =
        at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|before| matches!(before.lower.as_str(), "and" | ","));
    is_adverb && !joins(at + 1) && (opens || !joined_before) && (!after_and || (verb_follows && !adverb_before_and(lexicon, tokens, at)))
}

/// `successfully and efficiently`: the `and` joins two adverbs.
fn adverb_before_and(lexicon: &Lexicon, tokens: &[Token], at: usize) -> bool {
    at.checked_sub(2)
        .and_then(|before| tokens.get(before))
        .is_some_and(|token| lexicon.phrases().fillers.has_word(&token.lower) || token.lower.ends_with("ly"))
}

/// Overused adjectives that say nothing: `robust and scalable services` → `scalable services`.
pub(super) fn soft(lexicon: &Lexicon, words: &mut Words) {
    let phrases = lexicon.phrases();
    let mut at = 1;
    while at < words.len() {
        let adjective = phrases.soft_words.has_word(words.lower(at)) && words.verb(lexicon, at).is_none() && !words.is_name(at);
        if adjective && words.lower(at + 1) == "and" && words.is_word(at + 2) && words.verb(lexicon, at + 2).is_none() {
            words.take(at..at + 2);
        } else if adjective
            && words.is_word(at + 1)
            && !super::words::ends_phrase(words.lower(at + 1))
            && words.before(at) != "and"
            && words.before(at) != "is"
        {
            words.take(at..at + 1);
        } else {
            at += 1;
        }
    }
}

/// Words that promise a measure and give none; `several slow tables` says no more than `slow tables`.
pub(super) fn vague(lexicon: &Lexicon, words: &mut Words) {
    const QUANTIFIERS: [&str; 9] = ["various", "several", "some", "many", "numerous", "multiple", "different", "diverse", "countless"];
    const DEGREES: [&str; 12] = [
        "significantly",
        "greatly",
        "substantially",
        "considerably",
        "dramatically",
        "drastically",
        "vastly",
        "tremendously",
        "immensely",
        "hugely",
        "extensively",
        "accordingly",
    ];
    let mut at = 0;
    while at < words.len() {
        let degree = words.is_one_of(at, &DEGREES) && !words.is_one_of(at + 1, &["and", "or", ","]) && !denied(lexicon, words, at);
        // `of several` would leave `of` bare; `so many`, `as many`, `some of` are phrases of their own.
        let noun_follows = words.is_word(at + 1) && !super::words::ends_phrase(words.lower(at + 1)) && !words.is_number(at + 1);
        let quantifier = words.is_one_of(at, &QUANTIFIERS)
            && noun_follows
            && is_plural_ahead(words, at + 1)
            && !matches!(words.before(at), "so" | "as" | "too" | "how" | "not" | "no")
            && !denied(lexicon, words, at);
        let of_number = ["a number of", "a variety of", "a wide range of", "a range of", "a lot of", "lots of", "alot of", "couple of"]
            .iter()
            .map(|phrase| phrase.split(' ').collect::<Vec<_>>())
            .find(|phrase| words.says(at, phrase) && is_plural_ahead(words, at + phrase.len()));
        if let Some(phrase) = of_number {
            words.replace(at..at + phrase.len(), "");
        } else if degree || quantifier {
            words.replace(at..at + 1, "");
        } else {
            at += 1;
        }
    }
}

fn denied(lexicon: &Lexicon, words: &Words, at: usize) -> bool {
    lexicon.phrases().negations.has_word(words.before(at))
}

/// Whether the phrase that begins here has a plural as its head: without one `several` cannot go.
fn is_plural_ahead(words: &Words, at: usize) -> bool {
    let end = (at..words.len()).find(|at| !words.is_word(*at) || super::words::ends_phrase(words.lower(*at))).unwrap_or(words.len());
    (at..end.min(at + 4)).any(|at| {
        let word = words.lower(at);
        word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") || word == "people"
    })
}
