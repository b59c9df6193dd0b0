//! Whose work it was: a team's and a helper's deed stay one, unless the facts say that it was the writer's own.

use super::Context;
use super::verbs::gerunds;
use super::words::{Piece, Words};
use crate::domain::lexicon::{Lexicon, Tense, Tier};

/// `Part of a 5 member team that developed X` → `Contributed to developing X in a 5 member team`.
pub(super) fn in_a_team(context: &Context<'_>, words: &mut Words) {
    let lexicon = context.lexicon;
    let was = usize::from(words.is_one_of(0, &["was", "am", "being"]));
    let start = was + usize::from(words.is_one_of(was, &["a"]));
    if !words.is_one_of(start, &["part", "member"]) || words.lower(start + 1) != "of" {
        return;
    }
    let Some(team) = (start + 2..words.len().min(start + 9)).find(|at| words.is_one_of(*at, &["team", "group", "squad"])) else { return };
    let that = words.is_one_of(team + 1, &["that", "which", "who"]) && words.verb_in(lexicon, team + 2, Tense::Past).is_some();
    let duty = words.says(team + 1, &["responsible", "for"]) && words.verb_in(lexicon, team + 3, Tense::Ing).is_some();
    if !that && !duty {
        return;
    }
    let mut group = words.take(start + 2..team + 1);
    words.take(0..start + 2);
    words.take(0..if that { 1 } else { 2 });
    gerunds(lexicon, words, 0);
    words.replace(0..0, "contributed to");
    if group.iter().any(|piece| piece.is_number) {
        group.insert(0, Piece::word("in"));
        let end = words.len();
        words.put(end, group);
    }
}

/// `Helped fix` is `Fixed` and `Helped the team by building X` is `Built X for the team` where the facts say whose work it was.
pub(super) fn own_work(context: &Context<'_>, words: &mut Words) {
    let lexicon = context.lexicon;
    if let Some(form) = words.verb_in(lexicon, 0, Tense::Ing).filter(|form| form.verb.groups.iter().any(|group| group == "assist")) {
        words.replace(0..1, &form.verb.past);
    }
    let own = context.stated.is_some_and(|tier| tier >= Tier::Did);
    if !own || !words.is_one_of(0, &["helped", "assisted", "supported", "aided"]) {
        return;
    }
    let to = usize::from(words.is_one_of(1, &["to"]));
    if let Some(form) = words.verb_in(lexicon, 1 + to, Tense::Base).filter(|form| Some(form.verb.tier) <= context.stated) {
        words.replace(0..2 + to, &form.verb.past);
        return;
    }
    let Some(by) = words.find(1, &["by"]).filter(|by| *by > 1) else { return };
    if let Some(form) = words.verb_in(lexicon, by + 1, Tense::Ing).filter(|form| Some(form.verb.tier) <= context.stated) {
        let past = form.verb.past.clone();
        let mut whom = words.take(0..by + 2);
        whom.truncate(by);
        whom.remove(0);
        words.replace(0..0, &past);
        let end = words.len();
        whom.insert(0, Piece::word("for"));
        words.put(end, whom);
    }
}

/// `We moved the data` was the work of several: `Contributed to moving the data`.
pub(super) fn as_one_of_many(lexicon: &Lexicon, words: &mut Words) {
    let deed = words.verb_in(lexicon, 0, Tense::Past).is_some_and(|form| form.verb.tier >= Tier::Did && form.verb.base != "be");
    if deed && !words.is_one_of(0, &["helped", "contributed", "had", "used"]) {
        gerunds(lexicon, words, 0);
        words.replace(0..0, "contributed to");
    }
}
