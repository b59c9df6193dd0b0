//! A rewrite as people read it: the texts first, then what is asked, then where it came from.

use std::fmt::Write as _;

use crate::contract::rewrite::{BulletResult, Confirm, EngineUsed, Proposal, Provenance};

/// The most keywords of one list that are shown.
const SHOWN: usize = 8;

/// One bullet with everything worth knowing; ends with a line end.
pub(super) fn block(result: &BulletResult) -> String {
    let BulletResult { index: _, status: _, bullet, skill, keywords, score, variants, notes, provenance, problem } = result;
    let mut text = String::new();
    let mut line = |label: &str, words: &str| _ = writeln!(text, "{label:<9} {words}");
    line("before", bullet);
    if let Some(problem) = problem {
        line("failed", &problem.detail);
        line("by", &author(provenance));
        return text;
    }
    for (at, variant) in variants.iter().enumerate() {
        let number = if variants.len() > 1 { format!(" {}", at + 1) } else { String::new() };
        line(&format!("after{number}"), &variant.text);
        if variant.with_slots != variant.text {
            line(&format!("fill in{number}"), &variant.with_slots);
        }
        for slot in &variant.slots {
            line("", &format!("{} {}", slot.id, slot.question));
        }
        if let Some(Proposal { text, confirm }) = &variant.proposal {
            line(&format!("or{number}"), &format!("{text}, if you can say yes to this:"));
            for Confirm { id, question, .. } in confirm {
                line("", &format!("{id} {question}"));
            }
        }
    }
    if let Some(skill) = skill {
        let matched = if skill.matched.is_empty() { String::new() } else { format!(" ({})", skill.matched.join(", ")) };
        line("skill", &format!("{}{matched}", skill.name));
    }
    if let Some(first) = variants.first() {
        let filled =
            if first.with_slots == first.text { String::new() } else { format!(" ({} with the slots filled)", first.score_with_slots) };
        line("score", &format!("{} -> {}{filled}", score.before, first.score));
    }
    for (label, words) in [("keywords", &keywords.used), ("you said", &keywords.supported), ("if true", &keywords.unsupported)] {
        if !words.is_empty() {
            line(label, &some(words));
        }
    }
    for note in notes {
        line("note", &note.message);
    }
    line("by", &author(provenance));
    text
}

/// The first words of a list that can be long; `--format json` has them all.
fn some(words: &[String]) -> String {
    let shown = words.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match words.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn author(provenance: &Provenance) -> String {
    let Provenance { engine, provider, model, cost_usd, .. } = provenance;
    let cost = if cost_usd == "0" { "no cost".to_owned() } else { format!("${cost_usd}") };
    let who = match engine {
        EngineUsed::Llm => format!("{}/{}", provider.as_deref().unwrap_or("model"), model.as_deref().unwrap_or("unknown")),
        EngineUsed::Rules => "rules engine".to_owned(),
        EngineUsed::None => "nobody".to_owned(),
    };
    format!("{who}, {cost}")
}

/// Before and after; a bullet that stays has no mark, a line that is only proposed has a question mark.
pub(super) fn diff(result: &BulletResult) -> String {
    let after: Vec<_> = result.variants.iter().map(|variant| &variant.text).filter(|text| **text != result.bullet).collect();
    let mark = if after.is_empty() { " " } else { "-" };
    let mut text = format!("{mark} {}\n", result.bullet);
    for after in after {
        let _ = writeln!(text, "+ {after}");
    }
    for Proposal { text: line, confirm } in result.variants.iter().filter_map(|variant| variant.proposal.as_ref()) {
        let _ = writeln!(text, "? {line}");
        for Confirm { id, question, .. } in confirm {
            let _ = writeln!(text, "?   {id} {question}");
        }
    }
    text
}

/// A list item for each text, with a proposal and its questions below it; a bullet that failed stays in its place.
pub(super) fn markdown(result: &BulletResult) -> String {
    if result.variants.is_empty() {
        return format!("- {}\n", result.bullet);
    }
    let mut text = String::new();
    for variant in &result.variants {
        let _ = writeln!(text, "- {}", variant.text);
        if let Some(Proposal { text: line, confirm }) = &variant.proposal {
            let _ = writeln!(text, "  - Or: {line}");
            for Confirm { id, question, .. } in confirm {
                let _ = writeln!(text, "    - {id} {question}");
            }
        }
    }
    text
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::rewrite::RewriteAnswer;

    /// A rewrite by a model, a bullet that stays, and one that failed.
    pub(in crate::cli::rewrite) fn answer() -> RewriteAnswer {
        let rules = json!({"engine": "none", "provider": null, "model": null, "prompt": null, "prompt_sha256": null, "cache": "bypassed",
            "attempts": 0, "input_tokens": 0, "output_tokens": 0, "cost_usd": "0"});
        let slot = |id: &str, label: &str, kind: &str, question: &str| json!({"id": id, "label": label, "kind": kind, "units": [], "question": question});
        serde_json::from_value(json!({
            "id": "rw_1", "rules_version": "1",
            "results": [
                {"index": 0, "status": "rewritten", "bullet": "Added caching to improve API performance.",
                 "skill": {"id": "caching", "name": "Caching", "confidence": 0.94, "matched": ["caching"], "runner_up": null},
                 "keywords": {"used": ["caching"], "supported": ["API"], "unsupported": ["Redis", "TTL"]},
                 "score": {"before": 52, "after": 61, "reasons": []},
                 "variants": [
                    {"text": "Implemented API caching to improve performance",
                     "with_slots": "Implemented API caching with [cache tool] to improve performance",
                     "slots": [slot("s1", "cache tool", "tool", "Which cache did you use?")],
                     "receipts": [], "score": 61, "score_with_slots": 84},
                    {"text": "Improved API performance by adding caching", "with_slots": "Improved API performance by adding caching",
                     "slots": [], "receipts": [], "score": 60, "score_with_slots": 60}],
                 "notes": [{"code": "little_to_change", "message": "A fact was not used."}],
                 "provenance": {"engine": "llm", "provider": "openai", "model": "gpt-5-mini", "prompt": "rewrite@1", "prompt_sha256": "ab",
                    "cache": "miss", "attempts": 1, "input_tokens": 512, "output_tokens": 140, "cost_usd": "0.000312"}},
                {"index": 1, "status": "unchanged", "bullet": "Made tea", "skill": null, "keywords": {"used": [], "supported": [], "unsupported": []},
                 "score": {"before": 20, "after": 20, "reasons": []},
                 "variants": [{"text": "Made tea", "with_slots": "Made tea", "slots": [], "receipts": [], "score": 20, "score_with_slots": 20,
                    "proposal": {"text": "Brewed tea daily", "confirm": [
                        {"id": "c1", "in": "rewrite", "span": [11, 16], "from": null, "question": "The rewrite says \"daily\". Is that so?"}]}}],
                 "notes": [{"code": "no_skill", "message": "No skill of the guide fits."}], "provenance": rules},
                {"index": 2, "status": "failed", "bullet": "Built it", "skill": null, "keywords": {"used": [], "supported": [], "unsupported": []},
                 "score": {"before": 20, "after": null, "reasons": []}, "variants": [], "notes": [], "provenance": rules,
                 "problem": {"type": "urn:bulletsmith:problem:provider_auth", "title": "t", "status": 502, "code": "provider_auth",
                    "detail": "The provider refused the key; check it", "request_id": null}}],
            "usage": {"llm_calls": 1, "input_tokens": 512, "output_tokens": 140, "cost_usd": "0.000312"}
        }))
        .expect("the shape of the contract")
    }

    fn all(form: fn(&BulletResult) -> String) -> String {
        answer().results.iter().map(form).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn people_read_the_texts_first_then_the_questions_then_the_reasons() {
        insta::assert_snapshot!(all(block), @r#"
        before    Added caching to improve API performance.
        after 1   Implemented API caching to improve performance
        fill in 1 Implemented API caching with [cache tool] to improve performance
                  s1 Which cache did you use?
        after 2   Improved API performance by adding caching
        skill     Caching (caching)
        score     52 -> 61 (84 with the slots filled)
        keywords  caching
        you said  API
        if true   Redis, TTL
        note      A fact was not used.
        by        openai/gpt-5-mini, $0.000312

        before    Made tea
        after     Made tea
        or        Brewed tea daily, if you can say yes to this:
                  c1 The rewrite says "daily". Is that so?
        score     20 -> 20
        note      No skill of the guide fits.
        by        nobody, no cost

        before    Built it
        failed    The provider refused the key; check it
        by        nobody, no cost
        "#);
    }

    #[test]
    fn a_long_list_of_keywords_is_cut_and_says_so() {
        let words = |count: usize| (1..=count).map(|word| word.to_string()).collect::<Vec<_>>();
        assert_eq!(some(&words(8)), "1, 2, 3, 4, 5, 6, 7, 8");
        assert_eq!(some(&words(10)), "1, 2, 3, 4, 5, 6, 7, 8 and 2 more");
    }

    #[test]
    fn a_diff_marks_only_what_changes() {
        insta::assert_snapshot!(all(diff), @r#"
        - Added caching to improve API performance.
        + Implemented API caching to improve performance
        + Improved API performance by adding caching

          Made tea
        ? Brewed tea daily
        ?   c1 The rewrite says "daily". Is that so?

          Built it
        "#);
    }

    #[test]
    fn a_markdown_list_keeps_every_bullet_in_its_place() {
        insta::assert_snapshot!(all(markdown), @r#"
        - Implemented API caching to improve performance
        - Improved API performance by adding caching

        - Made tea
          - Or: Brewed tea daily
            - c1 The rewrite says "daily". Is that so?

        - Built it
        "#);
    }
}
