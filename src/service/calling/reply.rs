//! From the text of a model to a draft: fences and prose around one JSON object may go and are reported, nothing else is touched.
//!
//! A cut reply is never closed by us, a broken one never mended, nothing in it dropped: the model is asked again instead.

use serde::de::DeserializeOwned;

use crate::contract::rewrite::Stripped;
use crate::domain::draft::Draft;

/// The longest reply that is looked at, in bytes.
const MAX_REPLY: usize = 64 * 1024;
/// The longest quotation of what a parser says.
const MAX_QUOTE: usize = 200;

/// A draft, and what stood around it.
#[derive(Debug)]
pub(in crate::service) struct Reply {
    pub(in crate::service) draft: Draft,
    pub(in crate::service) stripped: Vec<Stripped>,
}

/// Why a reply is no draft.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::service) struct NoDraft {
    /// What was wrong, in our words.
    pub(in crate::service) reason: &'static str,
    /// The same in detail, with its place. It can quote the model, so it is data and never prose.
    pub(in crate::service) detail: Option<String>,
}

impl NoDraft {
    /// Without a detail.
    pub(in crate::service) const fn because(reason: &'static str) -> Self {
        Self { reason, detail: None }
    }
}

/// Reads a draft of at most this many variants.
pub(in crate::service) fn parse(text: &str, variants: u8) -> Result<Reply, NoDraft> {
    let Bare { object, stripped } = bare(text)?;
    let draft: Draft = read(object)?;
    match draft.variants.len() {
        0 => Err(NoDraft::because("no variants in it")),
        // To leave one out would be to choose for the model.
        more if more > usize::from(variants) => Err(NoDraft::because("more variants than asked for")),
        _ => Ok(Reply { draft, stripped }),
    }
}

/// The one JSON object of a reply, and what stood around it.
pub(in crate::service) struct Bare<'a> {
    pub(in crate::service) object: &'a str,
    pub(in crate::service) stripped: Vec<Stripped>,
}

/// Leaves out what stands around the one JSON object of a reply.
pub(in crate::service) fn bare(text: &str) -> Result<Bare<'_>, NoDraft> {
    if text.len() > MAX_REPLY {
        return Err(NoDraft::because("too long"));
    }
    let mut stripped = Vec::new();
    let mut note = |what, before: &str, after: &str| {
        if before.trim().len() != after.trim().len() {
            stripped.push(what);
        }
    };
    let answer = after_thinking(text);
    note(Stripped::Thinking, text, answer);
    let unfenced = without_fence(answer);
    note(Stripped::Fence, answer, unfenced);
    let object = outermost_object(unfenced).ok_or_else(|| NoDraft::because("no JSON object in it"))?;
    note(Stripped::Prose, unfenced, object);
    Ok(Bare { object, stripped })
}

/// Reads an object as what was asked for.
pub(in crate::service) fn read<T: DeserializeOwned>(object: &str) -> Result<T, NoDraft> {
    let mut deserializer = serde_json::Deserializer::from_str(object);
    let read = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let place = error.path().to_string();
        (place, error.into_inner())
    });
    let whole = read.and_then(|draft| deserializer.end().map(|()| draft).map_err(|error| (".".to_owned(), error)));
    whole.map_err(|(place, error)| {
        let detail = format!("{place}: {error}").chars().take(MAX_QUOTE).collect();
        NoDraft { reason: reason_of(&error), detail: Some(detail) }
    })
}

/// What a parser says, in our words.
pub(in crate::service) fn reason_of(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Data => "other fields than asked for",
        serde_json::error::Category::Syntax | serde_json::error::Category::Eof | serde_json::error::Category::Io => "broken JSON",
    }
}

/// What a reasoning model says before its answer is no answer.
fn after_thinking(text: &str) -> &str {
    text.rsplit_once("</think>").map_or(text, |(_, answer)| answer)
}

/// The lines within a Markdown fence, when the whole text is one.
fn without_fence(text: &str) -> &str {
    let inside = text.trim().strip_prefix("```").and_then(|rest| rest.strip_suffix("```")).and_then(|inside| inside.split_once('\n'));
    inside.map_or(text, |(_language, lines)| lines)
}

/// From the first brace to the last: drops prose before and after. Two objects are no object.
fn outermost_object(text: &str) -> Option<&str> {
    let (first, last) = (text.find('{')?, text.rfind('}')?);
    text.get(first..=last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = r#"{"variants":[{"text":"Built it","with_slots":"Built it"}]}"#;

    #[test]
    fn a_fence_or_prose_around_one_object_is_dropped_and_reported() {
        for (text, stripped) in [
            (GOOD.to_owned(), vec![]),
            (format!(" {GOOD}\n"), vec![]),
            (format!("```json\n{GOOD}\n```"), vec![Stripped::Fence]),
            (format!("Sure! Here it is:\n{GOOD}\nHope this helps."), vec![Stripped::Prose]),
            (format!("Sure!\n```json\n{GOOD}\n```"), vec![Stripped::Prose]),
            (format!("<think>{{\"a\":1}}</think>{GOOD}"), vec![Stripped::Thinking]),
            (format!("<think></think>\n```\n{GOOD}\n```"), vec![Stripped::Thinking, Stripped::Fence]),
        ] {
            let reply = parse(&text, 1).expect(&text);
            assert_eq!((reply.draft.variants.len(), reply.stripped), (1, stripped), "{text}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for (text, reason) in [
            ("", "no JSON object in it"),
            ("I'm sorry, I cannot do that.", "no JSON object in it"),
            (r#"{"variants":[{"text":"Built"#, "no JSON object in it"),
            (r#"{"variants":[{"text":"Built it","with_slots":"Built it"}"#, "broken JSON"),
            (r#"{"variants":[]}"#, "no variants in it"),
            (r#"{"bullets":["Built it"]}"#, "other fields than asked for"),
            (r#"{"variants":[{"text":"Built it"}]}"#, "other fields than asked for"),
            (r#"{"variants":[{"text":"A","with_slots":"A","text":"B"}]}"#, "other fields than asked for"),
            (r#"{"variants":[{"text":"A","with_slots":"A"},{"text":"B","with_slots":"B"}]}"#, "more variants than asked for"),
            (r#"{"variants":[{"text":"A","with_slots":"A"}]} {"variants":[]}"#, "broken JSON"),
        ] {
            assert_eq!(parse(text, 1).map_err(|no| no.reason).map(|reply| reply.draft), Err(reason), "{text}");
        }
    }

    #[test]
    fn a_wrong_field_is_told_with_its_place_and_in_few_words() {
        let detail = |text: &str| parse(text, 1).expect_err("no draft").detail.expect("a detail");
        let told = detail(r#"{"variants":[{"text":"Built it","with":"x"}]}"#);
        assert!(told.starts_with("variants[0]") && told.contains("unknown field `with`"), "{told}");
        assert!(detail(&format!(r#"{{"{}":1}}"#, "x".repeat(9_000))).chars().count() <= MAX_QUOTE);
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        let deep = format!("{{\"variants\":{}1{}}}", "[".repeat(30_000), "]".repeat(30_000));
        assert!(parse(&deep, 3).is_err());
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser(text in "\\PC{0,200}") {
            let _ = parse(&text, 3);
        }

        #[test]
        fn a_reply_cut_anywhere_is_refused(at in 0..GOOD.len() - 1) {
            prop_assert!(parse(&GOOD[..at], 3).is_err());
        }
    }
}
