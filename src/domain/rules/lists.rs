//! Lists: closed by `and`, and told by what they are examples of.

use super::sentences::mark;
use super::words::Words;
use crate::domain::lexicon::Lexicon;

/// `emails, PDF invoices etc` → `emails and PDF invoices`; `tables, single-table design, with GSIs` → `tables with single-table design and GSIs`.
pub(super) fn lists(words: &mut Words) {
    if let Some(at) = (1..words.len()).find(|at| words.lower(*at) == "etc") {
        let open = at - usize::from(words.before(at) == ",");
        let dot = usize::from(words.lower(at + 1) == ".");
        words.take(open..at + 1 + dot);
        let last = (1..open).rev().find(|at| words.lower(*at) == ",");
        let has_and = last.is_some_and(|last| (last..open).any(|at| words.is_one_of(at, &["and", "or"])));
        // `EC2 and S3, RDS etc` → `EC2, S3 and RDS`
        if let Some(and) = last.and_then(|last| (last.saturating_sub(3)..last).find(|at| words.lower(*at) == "and")).filter(|_| !has_and) {
            words.take(and..and + 1);
            words.put(and, vec![mark(",")]);
        }
        if let Some(last) = last.filter(|_| !has_and) {
            words.replace(last..last + 1, "and");
        }
    }
    if let Some(with) = (2..words.len()).find(|at| words.says(*at, &[",", "with"])) {
        let first = (1..with).rev().find(|at| words.lower(*at) == ",");
        let plain = |from: usize, to: usize| (from..to).all(|at| words.is_word(at) && !super::words::ends_phrase(words.lower(at)));
        if let Some(first) =
            first.filter(|first| plain(first + 1, with) && plain(with + 2, words.len()) && words.find(0, &["with"]) == Some(with + 1))
        {
            words.replace(with..with + 2, "and");
            words.replace(first..first + 1, "with");
        } else if words.find(0, &["with"]) == Some(with + 1) && (0..with).all(|at| words.lower(at) != ",") {
            words.take(with..with + 1);
        }
    }
}

/// `daily stand-ups, planning and other Agile ceremonies` → `Agile ceremonies such as daily stand-ups and planning`.
pub(super) fn such_as(lexicon: &Lexicon, words: &mut Words) {
    let Some(and) =
        words.find(3, &["and", "other"]).filter(|_| !words.0.iter().any(|piece| matches!(piece.lower.as_str(), "also" | "plus")))
    else {
        return;
    };
    let class = and + 2;
    let plain = |from: usize, to: usize| from < to && (from..to).all(|at| words.is_word(at) && !super::words::ends_phrase(words.lower(at)));
    if !plain(class, words.len()) || words.len() > class + 4 {
        return;
    }
    // The list begins behind the last word that is none of its own.
    let first = (0..and)
        .rev()
        .find(|at| super::words::ends_phrase(words.lower(*at)) || *at == 0 && words.verb(lexicon, 0).is_some())
        .map_or(0, |at| at + 1);
    let Some(last) = (first + 1..and).rev().find(|at| words.lower(*at) == ",") else { return };
    if first == 0
        || !(first..and).all(|at| words.is_word(at) || words.lower(at) == ",")
        || words.is_one_of(first - 1, &["and", "as", "like"])
    {
        return;
    }
    let class = words.take(class..words.len());
    words.take(and..and + 2);
    words.replace(last..last + 1, "and");
    words.replace(first..first, "such as");
    words.put(first, class);
}
