//! The answer: the one type from which both the schema of the answer and its reading come.
//!
//! Every element is read by itself, so that a bad one spoils no other. What is missing, doubled or out of range is an answer to nothing.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Case;
use crate::domain::draft::{limit_items, strict_schema};

/// What a judge says of every line of a question.
///
/// The descriptions are part of what the judge reads. The keys stand in the order of thinking: a quote is looked for before anything is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "What you find about each line.")]
pub struct Judgement {
    /// One element a line.
    #[schemars(description = "One element for each line of each case, in their order.")]
    pub lines: Vec<LineAnswer>,
}

/// What a judge says of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "What you find about one line.")]
pub struct LineAnswer {
    /// The number of the case, from 0.
    #[schemars(description = "The number of the case.")]
    pub case: u32,
    /// The number of the line in its case, from 0.
    #[schemars(description = "The number of the line.")]
    pub line: u32,
    /// One element an item.
    #[schemars(description = "One element for each item of the line, none where it has none.")]
    pub items: Vec<ItemAnswer>,
    /// Words of the evidence.
    #[schemars(description = "Words of the evidence that decide about the line as a whole, copied.")]
    pub quote: String,
    /// Words of the line that claim too much.
    #[schemars(description = "The words of the line that claim what the evidence does not support, copied; empty when there are none.")]
    pub at_fault: String,
    /// Whether the evidence supports the line as a whole.
    #[schemars(description = "Whether the evidence supports every claim of the line.")]
    pub supported: bool,
}

/// What a judge says of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "What you find about one item.")]
pub struct ItemAnswer {
    /// The number of the item in its line, from 1.
    #[schemars(description = "The number of the item.")]
    pub item: u32,
    /// Words of the evidence.
    #[schemars(description = "Words of the evidence that decide about the item, copied.")]
    pub quote: String,
    /// Words that claim too much.
    #[schemars(description = "The words that claim what the evidence does not support, copied; empty when there are none.")]
    pub at_fault: String,
    /// Whether the evidence supports the item.
    #[schemars(description = "Whether the evidence supports the item.")]
    pub supported: bool,
}

/// Name of the schema on the wire.
pub const JUDGEMENT_SCHEMA_NAME: &str = "judgement";

/// What was said of one line or item; nothing of it counts before [`super::rule`] has looked for the quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The quoted words.
    pub quote: String,
    /// The words that claim too much.
    pub at_fault: String,
    /// Whether it is supported.
    pub supported: bool,
}

/// What was said of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineSaid {
    /// Of the line as a whole.
    pub whole: Said,
    /// Of each of its items, in order; `None` where nothing was said that can be used.
    pub items: Vec<Option<Said>>,
}

/// What was said of each line of one case, in order; `None` where nothing was said that can be used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseSaid(pub Vec<Option<LineSaid>>);

impl CaseSaid {
    /// About how many bytes it takes beside its own size.
    pub fn weight(&self) -> usize {
        let texts = |said: &Said| said.quote.capacity() + said.at_fault.capacity();
        let line = |line: &LineSaid| {
            let items: usize = line.items.iter().flatten().map(texts).sum();
            texts(&line.whole) + items + line.items.capacity() * size_of::<Option<Said>>()
        };
        self.0.iter().flatten().map(line).sum::<usize>() + self.0.capacity() * size_of::<Option<LineSaid>>()
    }
}

/// The outer shape alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole<'a> {
    #[serde(borrow)]
    lines: Vec<&'a RawValue>,
}

impl Judgement {
    /// The JSON Schema of an answer about these cases, in the strict subset that providers accept.
    pub fn schema(cases: &[Case]) -> Value {
        let lines = || cases.iter().flat_map(|case| &case.lines);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut schema = strict_schema::<Self>();
        limit_items(&mut schema, "/properties/lines", count(lines().count()), count(lines().count()));
        let most = lines().map(|line| line.items.len()).max().unwrap_or_default();
        // Some servers take a limit of 0 for none.
        limit_items(&mut schema, "/properties/lines/items/properties/items", 0, count(most.max(1)));
        // An unsigned number's format and minimum, which half of the dialects do not know; the numbers are checked here.
        for number in ["case", "line", "items/items/properties/item"] {
            if let Some(Value::Object(number)) = schema.pointer_mut(&format!("/properties/lines/items/properties/{number}")) {
                number.retain(|keyword, _| !matches!(keyword.as_str(), "format" | "minimum"));
            }
        }
        schema
    }

    /// What an answer, given as one JSON object, says of these cases; `None` where it is no answer at all.
    pub fn read(object: &str, cases: &[Case]) -> Option<Vec<CaseSaid>> {
        let Whole { lines } = serde_json::from_str(object).ok()?;
        let mut answers: BTreeMap<(u32, u32), Vec<LineAnswer>> = BTreeMap::new();
        for line in lines {
            if let Ok(answer) = serde_json::from_str::<LineAnswer>(line.get()) {
                answers.entry((answer.case, answer.line)).or_default().push(answer);
            }
        }
        let said = |(case, asked): (u32, &Case)| {
            let lines = (0..).zip(&asked.lines).map(|(line, asked)| match answers.get(&(case, line)).map(Vec::as_slice) {
                Some([answer]) => Some(LineSaid::of(answer, asked.items.len())),
                _ => None,
            });
            CaseSaid(lines.collect())
        };
        Some((0..).zip(cases).map(said).collect())
    }
}

impl LineSaid {
    fn of(answer: &LineAnswer, items: usize) -> Self {
        let LineAnswer { case: _, line: _, items: answers, quote, at_fault, supported } = answer;
        let item = |number: u32| {
            let mut found = answers.iter().filter(|answer| answer.item == number);
            match (found.next(), found.next()) {
                (Some(ItemAnswer { item: _, quote, at_fault, supported }), None) => Some(Said::new(quote, at_fault, *supported)),
                _ => None,
            }
        };
        Self { whole: Said::new(quote, at_fault, *supported), items: (1..).take(items).map(item).collect() }
    }
}

impl Said {
    fn new(quote: &str, at_fault: &str, supported: bool) -> Self {
        Self { quote: quote.to_owned(), at_fault: at_fault.to_owned(), supported }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::domain::grounding::Side;
    use crate::domain::judgement::{AskedItem, AskedLine};
    use crate::domain::text::Span;

    fn case(items: &[usize]) -> Case {
        let item = AskedItem { side: Side::Rewrite, span: Span::new(0, 1), words: "B".to_owned() };
        let line = |items: &usize| AskedLine { text: "Built it".to_owned(), items: vec![item.clone(); *items] };
        Case { bullet: "Made it".to_owned(), facts: vec![], lines: items.iter().map(line).collect() }
    }

    fn answer(case: u32, line: u32, items: &[u32]) -> Value {
        let item = |item: &u32| json!({"item": item, "quote": format!("i{item}"), "at_fault": "", "supported": true});
        let items: Vec<_> = items.iter().map(item).collect();
        json!({"case": case, "line": line, "items": items, "quote": format!("{case}.{line}"), "at_fault": "", "supported": true})
    }

    fn read(lines: &[Value], cases: &[Case]) -> Vec<CaseSaid> {
        Judgement::read(&json!({"lines": lines}).to_string(), cases).expect("an answer")
    }

    fn quotes(said: &[CaseSaid]) -> Vec<Vec<Option<&str>>> {
        said.iter().map(|said| said.0.iter().map(|line| Some(line.as_ref()?.whole.quote.as_str())).collect()).collect()
    }

    #[test]
    fn answers_are_found_by_their_numbers_whatever_their_order() {
        let cases = [case(&[0]), case(&[2, 0])];
        let said = read(&[answer(1, 1, &[]), answer(1, 0, &[2, 1]), answer(0, 0, &[])], &cases);
        assert_eq!(quotes(&said), [vec![Some("0.0")], vec![Some("1.0"), Some("1.1")]]);
        let items = &said[1].0[0].as_ref().expect("an answer").items;
        assert_eq!(items.iter().map(|item| item.as_ref().expect("an answer").quote.as_str()).collect::<Vec<_>>(), ["i1", "i2"]);
    }

    #[test]
    fn what_is_missing_doubled_out_of_range_or_broken_answers_nothing_and_spoils_nothing() {
        let cases = [case(&[0]), case(&[0])];
        let good = answer(1, 0, &[]);
        for bad in [
            vec![],
            vec![answer(0, 0, &[]), answer(0, 0, &[])],
            vec![answer(0, 7, &[])],
            vec![answer(9, 0, &[])],
            vec![json!({"case": 0, "line": 0, "items": [], "quote": "a", "at_fault": "", "supported": "yes"})],
            vec![json!({"case": 0, "line": 0, "items": [], "at_fault": "", "supported": true})],
            vec![json!({"case": "0", "line": 0, "items": [], "quote": "a", "at_fault": "", "supported": true})],
            vec![json!({"case": 0, "line": 0, "items": [], "quote": "a", "at_fault": "", "supported": true, "sure": 1})],
            vec![json!("supported"), json!(null)],
        ] {
            let lines: Vec<_> = bad.iter().cloned().chain([good.clone()]).collect();
            assert_eq!(quotes(&read(&lines, &cases)), [vec![None], vec![Some("1.0")]], "{bad:?}");
        }
        let said = read(&[answer(0, 0, &[2, 2, 9])], &[case(&[2])]);
        assert_eq!(said[0].0[0].as_ref().expect("an answer").items, [None, None], "one is missing, one is doubled");
    }

    #[test]
    fn what_is_no_list_of_lines_is_no_answer() {
        for text in ["", "{}", "[]", r#"{"lines": 1}"#, r#"{"lines": [], "verdict": "supported"}"#, r#"{"supported": true}"#] {
            assert_eq!(Judgement::read(text, &[case(&[0])]), None, "{text}");
        }
    }

    #[test]
    fn the_schema_wants_every_line_and_asks_for_the_quote_before_the_verdict() {
        let schema = Judgement::schema(&[case(&[0, 2]), case(&[1])]);
        let lines = &schema["properties"]["lines"];
        assert_eq!((&lines["minItems"], &lines["maxItems"]), (&json!(3), &json!(3)));
        let (line, item) = (&lines["items"], &lines["items"]["properties"]["items"]);
        assert_eq!(line["required"], json!(["case", "line", "items", "quote", "at_fault", "supported"]));
        assert_eq!((&item["minItems"], &item["maxItems"]), (&json!(0), &json!(2)));
        assert_eq!(item["items"]["required"], json!(["item", "quote", "at_fault", "supported"]));
        for number in [&line["properties"]["case"], &line["properties"]["line"], &item["items"]["properties"]["item"]] {
            assert_eq!((&number["type"], number.get("format"), number.get("minimum")), (&json!("integer"), None, None));
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reading(text in "\\PC{0,200}") {
            let _ = Judgement::read(&text, &[case(&[1])]);
        }

        #[test]
        fn each_line_gets_the_answer_under_its_number_or_none(numbers in prop::collection::vec((0_u32..4, 0_u32..4), 0..8)) {
            let cases = [case(&[0, 0]), case(&[0, 0, 0])];
            let lines: Vec<_> = numbers.iter().map(|(case, line)| answer(*case, *line, &[])).collect();
            for (at, said) in (0..).zip(read(&lines, &cases)) {
                for (line, said) in (0..).zip(said.0) {
                    let times = numbers.iter().filter(|number| **number == (at, line)).count();
                    prop_assert_eq!(said.map(|said| said.whole.quote), (times == 1).then(|| format!("{at}.{line}")));
                }
            }
        }
    }
}
