//! Which words of a guide stand in a bullet.

use super::file::WorkKind;
use crate::domain::facts::Reading;

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
