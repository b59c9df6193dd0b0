//! From the text of a model to a draft: one fence or the prose around one object may go, nothing is guessed.
//!
//! A cut reply is never closed by us, a broken one never mended: the model is asked again instead.

use crate::domain::draft::Draft;

/// The longest reply that is looked at, in bytes.
const MAX_REPLY: usize = 64 * 1024;

/// Reads a draft; the error says what was wrong, without the text.
pub(super) fn parse(text: &str) -> Result<Draft, &'static str> {
    if text.len() > MAX_REPLY {
        return Err("too long");
    }
    let object = outermost_object(after_thinking(text)).ok_or("no JSON object in it")?;
    let draft: Draft = serde_json::from_str(object).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => "other fields than asked for",
        serde_json::error::Category::Syntax | serde_json::error::Category::Eof | serde_json::error::Category::Io => "broken JSON",
    })?;
    if draft.variants.is_empty() { Err("no variants in it") } else { Ok(draft) }
}

/// What a reasoning model says before its answer is no answer.
fn after_thinking(text: &str) -> &str {
    text.rsplit_once("</think>").map_or(text, |(_, answer)| answer)
}

/// From the first brace to the last: drops one fence, or prose before and after.
fn outermost_object(text: &str) -> Option<&str> {
    let (first, last) = (text.find('{')?, text.rfind('}')?);
    text.get(first..=last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = r#"{"variants":[{"text":"Built it","with_slots":"Built it","slots":[]}]}"#;

    #[test]
    fn a_fence_or_prose_around_one_object_is_dropped() {
        for text in [
            GOOD.to_owned(),
            format!("```json\n{GOOD}\n```"),
            format!("Sure! Here it is:\n{GOOD}\nHope this helps."),
            format!("<think>{{\"a\":1}}</think>{GOOD}"),
        ] {
            assert_eq!(parse(&text).map(|draft| draft.variants.len()), Ok(1), "{text}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for (text, reason) in [
            ("", "no JSON object in it"),
            ("I'm sorry, I cannot do that.", "no JSON object in it"),
            (r#"{"variants":[{"text":"Built"#, "no JSON object in it"),
            (r#"{"variants":[{"text":"Built it","with_slots":"Built it","slots":[]}"#, "broken JSON"),
            (r#"{"variants":[]}"#, "no variants in it"),
            (r#"{"bullets":["Built it"]}"#, "other fields than asked for"),
            (r#"{"variants":[{"text":"Built it"}]}"#, "other fields than asked for"),
        ] {
            assert_eq!(parse(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        let deep = format!("{{\"variants\":{}1{}}}", "[".repeat(30_000), "]".repeat(30_000));
        assert!(parse(&deep).is_err());
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser(text in "\\PC{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn a_reply_cut_anywhere_is_refused(at in 0..GOOD.len() - 1) {
            prop_assert!(parse(&GOOD[..at]).is_err());
        }
    }
}
