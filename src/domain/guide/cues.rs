//! Which words of a guide stand in a bullet.

use super::file::{Ask, Part, WorkKind};
use crate::domain::facts::Reading;
use crate::domain::lexicon::stem;

impl Ask {
    /// Whether a text holds a word that says what this asks for.
    pub fn forbids(&self, text: &Reading) -> bool {
        !self.never.is_empty() && any(&text_of(text), &self.never)
    }
}

/// The words of a bullet in lower case, with a space around each.
pub(super) fn text_of(bullet: &Reading) -> String {
    let mut text = String::from(" ");
    for token in bullet.tokens.iter().filter(|token| token.is_word()) {
        text.push_str(&token.lower);
        text.push(' ');
    }
    text
}

/// Whether one of these stands in the text; `migrat*` for every word that begins so.
pub(super) fn any(text: &str, cues: &[String]) -> bool {
    cues.iter().any(|cue| stands(text, cue))
}

fn stands(text: &str, cue: &str) -> bool {
    let root = cue.strip_suffix('*');
    text.match_indices(root.unwrap_or(cue)).any(|(at, found)| {
        let begins = text.get(..at).is_some_and(|before| before.ends_with(' '));
        let ends = text.get(at + found.len()..).is_some_and(|behind| behind.starts_with(' '));
        begins && (root.is_some() || ends)
    })
}

/// Whether an ask fits a bullet with this text by its words. A comparison that is asked of all work of its kind, and not by words of its
/// own, needs something to compare with.
pub(super) fn fits(ask: &Ask, bullet: &Reading, text: &str) -> bool {
    let by_words = ask.when.is_empty() || any(text, &ask.when);
    let has_before = !(compares(ask) && ask.when.is_empty()) || changes_something(bullet);
    by_words && has_before && !any(text, &ask.never)
}

/// `cutting latency from [before] to [after]`, `cutting failures by [drop]`, `saving [time saved]`: a clause that says how something changed.
fn compares(ask: &Ask) -> bool {
    ask.part == Part::Result && (ask.clause.contains(" from [") || ask.clause.contains(" by [") || ask.clause.starts_with("saving "))
}

/// Words of a bullet that say that something was other before.
const CHANGE: [&str; 42] = [
    "improve",
    "optimize",
    "reduce",
    "cut",
    "fast",
    "faster",
    "slow",
    "speed",
    "performance",
    "tune",
    "refactor",
    "rewrite",
    "rework",
    "replace",
    "migrate",
    "move",
    "switch",
    "upgrade",
    "fix",
    "solve",
    "resolve",
    "automate",
    "remove",
    "split",
    "simplify",
    "convert",
    "increase",
    "shorten",
    "parallelize",
    "modernize",
    "instead",
    "add",
    "introduce",
    "use",
    "implement",
    "enable",
    "deploy",
    "configure",
    "set",
    "setup",
    "containerize",
    "dockerize",
];

/// Whether a bullet tells of a change, or of something put in place that was not there before: a plain `Wrote reports` has no before.
fn changes_something(bullet: &Reading) -> bool {
    // An `optimizer` is a thing.
    let is_thing = |at: usize| bullet.tokens.get(at).is_some_and(|token| token.lower.ends_with("izer") || token.lower.ends_with("iser"));
    let changes = CHANGE.map(stem);
    bullet.stems.iter().enumerate().any(|(at, said)| changes.contains(said) && !is_thing(at))
}

/// The kind of work with the most cues in the text, the first of equals; without any, the one that has no cues.
pub(super) fn kind<'a>(kinds: &'a [WorkKind], text: &str) -> Option<&'a WorkKind> {
    let hits = |kind: &WorkKind| kind.cues.iter().filter(|cue| stands(text, cue)).count();
    let mut best: Option<(usize, &WorkKind)> = None;
    for kind in kinds {
        let count = hits(kind);
        if count > best.map_or(0, |(most, _)| most) {
            best = Some((count, kind));
        }
    }
    best.map(|(_, kind)| kind).or_else(|| kinds.iter().find(|kind| kind.cues.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lexicon::Lexicon;

    #[test]
    fn a_cue_is_a_whole_word_or_a_beginning() {
        let text = " migrated the nightly ci jobs ";
        for (cue, stands_there) in
            [("migrat*", true), ("ci", true), ("nightly ci", true), ("night", false), ("igrated", false), ("jobs", true)]
        {
            assert_eq!(any(text, &[cue.to_owned()]), stands_there, "{cue}");
        }
    }

    #[test]
    fn a_comparison_needs_something_that_was_there_before_unless_the_bullet_names_it() {
        let lexicon = Lexicon::embedded().expect("the embedded lists are sound");
        let ask = |clause: &str, when: &[&str]| Ask {
            part: Part::Result,
            unless: Vec::new(),
            when: when.iter().map(|&word| word.to_owned()).collect(),
            never: vec!["dashboard*".to_owned()],
            behind: None,
            clause: clause.to_owned(),
            slots: Vec::new(),
        };
        let compared = "cutting query time from [time before] to [time after]";
        for (clause, when, bullet, expected) in [
            (compared, &[][..], "Sped up the slow report query", true),
            (compared, &[], "Wrote the report query", false),
            (compared, &["report*"], "Wrote the report query", true),
            (compared, &["export*"], "Sped up the slow report query", false),
            (compared, &[], "Sped up the slow dashboards", false),
            ("cutting failures by [drop]", &[], "Took part in reviews", false),
            ("with a response time of [time]", &[], "Wrote the report query", true),
        ] {
            let reading = Reading::new(bullet, &lexicon);
            assert_eq!(fits(&ask(clause, when), &reading, &text_of(&reading)), expected, "{clause}: {bullet}");
        }
    }

    #[test]
    fn the_kind_with_most_cues_is_taken_and_else_the_one_for_the_rest() {
        let kind_of = |id: &str, cues: &[&str]| WorkKind {
            id: id.to_owned(),
            cues: cues.iter().map(|cue| (*cue).to_owned()).collect(),
            asks: Vec::new(),
        };
        let kinds = [kind_of("tests", &["junit", "tests"]), kind_of("builds", &["jenkins", "pipeline", "build"]), kind_of("other", &[])];
        let id = |text: &str| kind(&kinds, text).map(|kind| kind.id.as_str());
        assert_eq!(id(" jenkins pipeline for tests "), Some("builds"));
        assert_eq!(id(" wrote tests "), Some("tests"));
        assert_eq!(id(" wrote poems "), Some("other"));
    }
}
